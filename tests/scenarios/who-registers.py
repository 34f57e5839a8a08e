# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Somebody whom nobody added: a code to the mailbox, rules about addresses, an administrator's word. Over a real relay."""

import os
import re
import shutil
import statistics
import subprocess
import time
from email.header import decode_header, make_header

import ippwire as ipp
from harness import ROOT, cups
from harness import demo_world as demo
from harness.browser import Browser
from harness.client import Api, Refused
from harness.documents import pdf
from harness.mail import MailSink, use_relay
from harness.process import wait_until
from harness.story import equal, skip

ADA = "ada@demo.example"
PASSWORD = "a-password-of-my-own"
# Many of these stories ask from one source.
SINKS = {}


def admin(world):
    return world.api(demo.ADMINISTRATOR)


def nobody(world):
    return Api(world.connection)


def refusal(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except Refused as refused:
        return refused.status, refused.body["code"]
    raise AssertionError("not refused")


def forget_guesses(world):
    """As if an hour had passed: the service keeps the counts in its database."""
    import sqlite3

    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        database.execute("DELETE FROM guess")


def register(world, email, **more):
    return nobody(world).post("/v1/registrations", dict({"email": email}, **more))


def code_of(mail):
    return re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", mail.text).group(0)


def confirm(world, code, password=PASSWORD):
    return nobody(world).post("/v1/registrations/confirm", {"code": code, "password": password})


def sink(world):
    if world.folder not in SINKS:
        SINKS[world.folder] = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
        use_relay(world, SINKS[world.folder])
    return SINKS[world.folder]


def story_without_a_relay_nothing_that_needs_mail_is_begun(world):
    equal(refusal(admin(world).patch, "/v1/admission", {"registration": True}), (409, "no-mail"), "switched on")
    equal(refusal(register, world, "eve@demo.example"), (409, "no-mail"), "tried")


def story_it_is_off_unless_it_is_switched_on(world):
    relay = sink(world)
    equal(admin(world).get("/v1/admission"), {"registration": False, "approval": True, "directory_only": False, "badge_enrolment": False, "guests": False, "guest_for": 86400}, "at first")
    equal(register(world, "eve@demo.example"), {"state": "mailed-if-possible"}, "the answer")
    admin(world).patch("/v1/admission", {"registration": True, "approval": False})
    register(world, "mary@demo.example")
    relay.wait("mary@demo.example")
    equal(relay.to("eve@demo.example"), [], "mail while it was off")


def story_a_mail_is_in_the_organisations_language(world):
    relay = sink(world)
    equal(admin(world).get("/v1/tenant")["language"], "en", "at first")
    equal(admin(world).patch("/v1/tenant", {"language": "de"})["language"], "de", "changed")
    equal(refusal(admin(world).patch, "/v1/tenant", {"language": "tlh"})[0], 400, "a language that we do not speak")
    register(world, ADA)
    mail = relay.wait(ADA, 1)
    assert "Sie haben schon ein Konto" in str(make_header(decode_header(mail.message["Subject"]))), mail.message["Subject"]
    assert "möchte mit dieser Adresse" in mail.text, mail.text
    admin(world).patch("/v1/tenant", {"language": "en"})


def story_who_proves_a_mailbox_gets_an_account(world):
    relay = sink(world)
    first = code_of(relay.wait("mary@demo.example"))
    register(world, "Mary@Demo.Example", name="Mary Jackson")
    mail = relay.wait("mary@demo.example", 2)
    equal((mail.sender, mail.message["From"], mail.message["To"]), ("print@demo.example", "Imprimatur <print@demo.example>", "mary@demo.example"), "the mail")
    equal(mail.message["Auto-Submitted"], "auto-generated", "so that nobody answers by himself")
    code = code_of(mail)
    equal(refusal(confirm, world, first), (401, "wrong-credentials"), "the code before the last")
    equal(refusal(confirm, world, "AAAA-BBBB-CCCC-DDDD"), (401, "wrong-credentials"), "no code")
    equal(refusal(confirm, world, code, "short")[0] in (400, 422), True, "a bad password")
    equal(confirm(world, code.replace("-", " ").lower()), {"state": "registered"}, "the code as people type it")
    equal(refusal(confirm, world, code), (401, "wrong-credentials"), "the same code again")
    me = Api(world.connection, "mary@demo.example", PASSWORD).get("/v1/me")
    equal((me["person"]["name"], me["person"]["role"]), ("Mary Jackson", "person"), "who she is")


def story_the_answer_does_not_tell_whether_there_is_an_account(world):
    relay = sink(world)
    before = len(relay.to(ADA))
    answers = {}
    for email in (ADA, "nobody-yet@demo.example", "x@nowhere.example"):
        status, headers, body = world.connection.request(
            "POST", "/v1/registrations", ('{"email": "%s"}' % email).encode(), {"Content-Type": "application/json"})
        answers[email] = (status, body, sorted(k for k in headers if k != "Date"))
    equal(len(set(map(str, answers.values()))), 1, "one answer to all: %s" % answers)
    mail = relay.wait(ADA, before + 1)
    assert "already" in mail.text and not re.search(r"([0-9A-Z]{4}-){3}", mail.text), mail.text
    relay.wait("nobody-yet@demo.example")
    equal(relay.to("x@nowhere.example"), [], "mail to a stranger's mailbox")


def story_nor_does_the_time_it_takes(world):
    sink(world)
    times = {"known": [], "unknown": []}
    for i in range(18):
        forget_guesses(world)
        for kind, email in (("known", ADA), ("unknown", "time%d@demo.example" % i)):
            began = time.perf_counter()
            register(world, email)
            times[kind].append(time.perf_counter() - began)
    known, unknown = (statistics.median(times[k]) for k in ("known", "unknown"))
    # On a machine that does other things, too, a part of what it takes.
    assert abs(known - unknown) < max(0.005, known / 2), "%.1f ms and %.1f ms" % (known * 1e3, unknown * 1e3)
    forget_guesses(world)


def story_an_administrator_looks_first(world):
    relay = sink(world)
    admin(world).patch("/v1/admission", {"approval": True})
    for email in ("wait@demo.example", "away@demo.example"):
        register(world, email)
        equal(confirm(world, code_of(relay.wait(email))), {"state": "waiting"}, "confirmed")
        equal(refusal(Api(world.connection, email, PASSWORD).get, "/v1/me")[0], 401, "before the administrator")
        register(world, email)
        assert "already" in relay.wait(email, 2).text
    waiting = {r["email"]: r["id"] for r in admin(world).all("/v1/registrations") if r["state"] == "waiting"}
    equal(sorted(waiting), ["away@demo.example", "wait@demo.example"], "who waits")
    equal(refusal(world.api(ADA).put, "/v1/registrations/%s/approval" % waiting["wait@demo.example"], None)[0], 403, "Ada lets in")
    admin(world).put("/v1/registrations/%s/approval" % waiting["wait@demo.example"], None)
    Api(world.connection, "wait@demo.example", PASSWORD).get("/v1/me")
    assert "let you in" in relay.wait("wait@demo.example", 3).text
    admin(world).delete("/v1/registrations/" + waiting["away@demo.example"])
    equal(refusal(admin(world).get, "/v1/people/away@demo.example")[0], 404, "who was turned away")
    equal(refusal(admin(world).put, "/v1/registrations/%s/approval" % waiting["wait@demo.example"], None)[0], 404, "once more")
    admin(world).patch("/v1/admission", {"approval": False})


def story_addresses_and_domains_are_allowed_and_blocked(world):
    relay = sink(world)
    forget_guesses(world)
    rules = [admin(world).post("/v1/address-rules", {"kind": kind, "pattern": pattern, "note": "a test"})["id"] for kind, pattern in (
        ("block", "Spam@Demo.Example"), ("block", "demo.example"), ("allow", "good@demo.example"), ("allow", "*.demo.example"), ("block", "lab.demo.example"))]
    equal(refusal(admin(world).post, "/v1/address-rules", {"kind": "allow", "pattern": "demo.example"}), (409, "taken"), "a rule for the same")
    for bad in ("", "a b", "@x", "*", "*.", "*@x.org", "x..org", "-x.org"):
        assert refusal(admin(world).post, "/v1/address-rules", {"kind": "allow", "pattern": bad})[0] in (400, 422), bad
    may = {"spam@demo.example": False, "other@demo.example": False, "good@demo.example": True, "a@lab.demo.example": False, "b@x.demo.example": True,
           "c@elsewhere.example": False}
    for email in may:
        register(world, email, company_code=demo.COMPANY_CODE)
    for email in (e for e, m in may.items() if m):
        relay.wait(email)
    wait_until(lambda: sum(e["event"] == "registration-refused" for e in admin(world).all("/v1/audit/records")) >= 4, "refusals in the trail", 10)
    for email in (e for e, m in may.items() if not m):
        equal(relay.to(email), [], "mail to " + email)
    for rule in rules:
        admin(world).delete("/v1/address-rules/" + rule)
    forget_guesses(world)
    admin(world).patch("/v1/admission", {"directory_only": True})
    register(world, "d@demo.example")
    admin(world).patch("/v1/admission", {"directory_only": False})
    register(world, "e@demo.example")
    relay.wait("e@demo.example")
    equal(relay.to("d@demo.example"), [], "while only the directory lets in")


def unregistered(world, email, operation=0x02, password=PASSWORD, document=b"%PDF-1.7 never-to-be-kept"):
    """What somebody is told who prints with a name and a password that are nobody's, as IPP has it."""
    queue = world.ipp("pull", email, password)
    code, groups = queue.ask(operation, document if operation == 0x02 else b"", job_name=(ipp.NAME, "x"), document_format=(ipp.MIME, "application/pdf"))
    return code, ipp.first(ipp.group(groups, ipp.OPERATION), "status-message", "")


def open_to_all(world):
    relay = sink(world)
    forget_guesses(world)
    admin(world).get("/v1/admission")  # over a connection of after the restart
    admin(world).patch("/v1/admission", {"registration": True, "approval": False})
    return relay


def story_who_prints_before_he_registers_is_sent_to_register(world):
    relay = open_to_all(world)
    jobs = len(admin(world).all("/v1/jobs?person=all"))
    code, sentence = unregistered(world, "early@demo.example")
    equal(code, 0x0401, "client-error-forbidden")
    assert "https://localhost:%d/register" % world.ports["service"] in sentence, sentence
    mail = relay.wait("early@demo.example")
    assert "https://localhost:%d/register" % world.ports["service"] in mail.text, mail.text
    assert not re.search(r"([0-9A-Z]{4}-){3}", mail.text), "a code that nobody asked for"
    # Whoever there is, and whoever there is not, hears the same; and only he is written to who is not known.
    for email in (ADA, "nobody-else@demo.example", "stranger@nowhere.example", "no address"):
        for operation in (0x02, 0x04, 0x05):
            equal(unregistered(world, email, operation), (code, sentence), "%s, operation %#x" % (email, operation))
    relay.wait("nobody-else@demo.example")
    equal([m.recipients for m in relay.mails if "before" in m.text and m.recipients[0] in (ADA, "stranger@nowhere.example")], [], "whom nobody wrote to")
    # The printer shows itself as to anybody, so that the client gets as far as to print.
    equal(world.ipp("pull", "early@demo.example", PASSWORD).ask(0x0B)[0], 0, "Get-Printer-Attributes")
    # So hears a program that nobody here wrote.
    if shutil.which("ipptool"):
        path = world.path("nobody-known.pdf")
        with open(path, "wb") as file:
            file.write(pdf("nobody-known"))
        uri = "ipps://early%%40demo.example:%s@localhost:%d/ipp/print/demo/pull" % (PASSWORD, world.ports["service"])
        told = subprocess.run(
            ["ipptool", "-V", "2.0", "-tIf", path, uri, os.path.join(ROOT, "tests", "interop", "ipp", "nobody-known.test")],
            env=dict(os.environ, HOME=world.path(".")), capture_output=True, text=True, timeout=60, check=False)
        equal((told.stdout.count("[PASS]"), told.stdout.count("[FAIL]")), (3, 0), told.stdout + told.stderr)
    # Once a day, however often he prints.
    forget_some = [unregistered(world, "early@demo.example") for _ in range(3)]
    equal(set(forget_some), {(code, sentence)}, "again")
    equal(len(relay.to("early@demo.example")), 1, "mails")
    equal(len(admin(world).all("/v1/jobs?person=all")), jobs, "jobs of people who are nobody")
    # A rule against the address: no mail, and the same words.
    rule = admin(world).post("/v1/address-rules", {"kind": "block", "pattern": "early2@demo.example"})["id"]
    equal(unregistered(world, "early2@demo.example"), (code, sentence), "somebody who is blocked")
    unregistered(world, "early3@demo.example")
    relay.wait("early3@demo.example")
    equal(relay.to("early2@demo.example"), [], "mail to somebody who is blocked")
    admin(world).delete("/v1/address-rules/" + rule)
    # Where nobody may register he is asked for his password, as ever.
    admin(world).patch("/v1/admission", {"registration": False})
    equal(refusal_ipp(world, "early@demo.example"), 401, "registration is off")
    admin(world).patch("/v1/admission", {"registration": True, "directory_only": True})
    equal(refusal_ipp(world, "early@demo.example"), 401, "only the directory lets in")
    admin(world).patch("/v1/admission", {"directory_only": False})
    forget_guesses(world)


def refusal_ipp(world, email):
    try:
        return unregistered(world, email)
    except Refused as refused:
        return refused.status


def story_registering_on_the_page_lets_the_job_go_on(world):
    """lp, refused; the page that the mail names; lp's job again, which is held."""
    if not cups.is_there():
        skip("no cupsd here")
    relay = open_to_all(world)
    email, mails = "cups@demo.example", len(relay.to("cups@demo.example"))
    world.start_cups()
    uri = world.ipp("pull", email, PASSWORD).uri().replace("://", "://%s:%s@" % (email.replace("@", "%40"), PASSWORD))
    world.cups.add("early", uri)
    path = world.path("early.pdf")
    with open(path, "wb") as file:
        file.write(pdf("early-bird"))
    name = re.search(r"request id is (\S+)", world.cups.print("early", path)).group(1)
    first = relay.wait(email, mails + 1)
    assert "/register" in first.text, first.text
    environment = {"CUPS_SERVER": world.cups.server, "PATH": "/usr/bin:/usr/sbin:/bin"}

    def lpstat(*arguments):
        return subprocess.run(["lpstat", *arguments], env=environment, capture_output=True, text=True, check=False).stdout

    # It asks its user for a password, as desktops do; a document that nobody is known for went nowhere.
    wait_until(lambda: name in lpstat("-o") and "cups-held-for-authentication" in lpstat("-l", "-o", "early"), "the client waits", 30)
    browser = Browser(world.connection)
    browser.open("/register")
    equal(browser.status, 200, "the page")
    browser.submit(email=email)
    assert "mail" in browser.page.words, browser.page.words
    code = code_of(relay.wait(email, mails + 2))
    browser.submit(code=code, password=PASSWORD, again="something-else-that-is-long")
    equal(browser.status, 422, "two different ones")
    browser.submit(code="AAAA-BBBB-CCCC-DDDD", password=PASSWORD, again=PASSWORD)
    equal(browser.status, 422, "a wrong code")
    browser.submit(code=code, password=PASSWORD, again=PASSWORD)
    equal(browser.status, 200, "registered")
    subprocess.run(["lp", "-h", world.cups.server, "-i", name, "-H", "resume"], check=False, capture_output=True)
    subprocess.run(["cupsenable", "-h", world.cups.server, "early"], check=False, capture_output=True)
    him = Api(world.connection, email, PASSWORD)
    (job,) = wait_until(lambda: him.jobs(state="held"), "the job went on", 40)
    equal(job["title"], "early.pdf", "his document")


def story_somebody_from_elsewhere_is_a_guest_at_public_printers(world):
    relay = open_to_all(world)
    him = "guest@elsewhere.example"
    admin(world).patch("/v1/admission", {"registration": False, "guests": True, "guest_for": 3600})
    printers = {p["name"]: p for p in admin(world).all("/v1/printers")}
    equal({p["public"] for p in printers.values()}, {False}, "at first none is public")
    admin(world).patch("/v1/printers/lobby", {"public": True})
    register(world, "own@demo.example")
    register(world, him, company_code=demo.COMPANY_CODE)
    equal(confirm(world, code_of(relay.wait(him))), {"state": "registered"}, "a guest needs nobody's approval")
    equal(relay.to("own@demo.example"), [], "nobody of the organisation's own domain is a guest")
    guest = Api(world.connection, "%s\\%s" % (demo.COMPANY_CODE, him), PASSWORD)
    me = guest.get("/v1/me")["person"]
    assert me["role"] == "person" and me["guest_until"], me
    equal(refusal(Api(world.connection, him, PASSWORD).get, "/v1/me")[0], 401, "his own organisation, if there is one, does not know him")
    # What he sees: public printers, and queues that lead to them.
    equal([p["name"] for p in guest.all("/v1/printers")], ["lobby"], "printers")
    equal(refusal(guest.get, "/v1/printers/lab"), refusal(guest.get, "/v1/printers/no-such"), "one that is not public")
    equal(refusal(guest.get, "/v1/printers/" + printers["lab"]["id"])[0], 404, "by its id")
    direct = {q["name"] for q in admin(world).all("/v1/queues") if q["kind"] == "direct"}
    equal({q["name"] for q in guest.all("/v1/queues")} & direct, direct & {"lobby"}, "direct queues")
    equal(refusal(guest.get, "/v1/people")[0], 403, "others")
    # He prints; his job stands in the tenant's list, and comes out at the public printer only.
    world.ipp("pull", him, PASSWORD).print_job(pdf("a guest's"), "visit")
    (job,) = guest.jobs(state="held")
    assert job["id"] in [j["id"] for j in admin(world).all("/v1/jobs?person=all")], "the organisation's list"
    equal(refusal(guest.release, "lab", [job["id"]])[0], 404, "released elsewhere")
    equal(refusal(guest.release, printers["lab"]["id"], [job["id"]])[0], 404, "by its id")
    for queue in direct - {"lobby"}:
        try:
            world.ipp(queue, him, PASSWORD).print_job(pdf("no"), "no")
            raise AssertionError("printed to " + queue)
        except Refused:
            pass
    guest.release("lobby", [job["id"]])
    world.wait_paper("lobby")
    # Not public any more: it is none of his from that moment on.
    admin(world).patch("/v1/printers/lobby", {"public": False})
    equal(guest.all("/v1/printers"), [], "printers")
    # A rule against him.
    rule = admin(world).post("/v1/address-rules", {"kind": "block", "pattern": "blocked.example"})["id"]
    register(world, "x@blocked.example", company_code=demo.COMPANY_CODE)
    # His time is over: he and what was his are gone, and the same address may come anew.
    admin(world).patch("/v1/admission", {"guest_for": 1})
    short = "short@elsewhere.example"
    register(world, short, company_code=demo.COMPANY_CODE)
    confirm(world, code_of(relay.wait(short)))
    wait_until(lambda: short not in [p["email"] for p in admin(world).all("/v1/people")], "his account is erased", 20)
    register(world, short, company_code=demo.COMPANY_CODE)
    code_of(relay.wait(short, 2))
    equal(relay.to("x@blocked.example"), [], "mail to somebody who is blocked")
    admin(world).delete("/v1/address-rules/" + rule)
    admin(world).delete("/v1/people/" + me["id"])
    admin(world).patch("/v1/admission", {"registration": True, "guests": False, "guest_for": 86400})
    forget_guesses(world)


def story_a_source_and_a_mailbox_have_enough_at_some_point(world):
    relay = sink(world)
    forget_guesses(world)
    for _ in range(8):
        register(world, "flood@demo.example")
    relay.wait("flood@demo.example", 5)
    for i in range(12):
        register(world, "n%d@demo.example" % i)
    equal(refusal(register, world, "n99@demo.example"), (429, "locked"), "the twenty-first of an hour")
    wait_until(lambda: len(relay.to("n11@demo.example")) == 1, "the last of the others", 30)
    equal(len(relay.to("flood@demo.example")), 5, "mails to one mailbox")
    forget_guesses(world)


def story_what_would_be_another_header_is_refused(world):
    sink(world)
    forget_guesses(world)
    for email in ("x@demo.example\r\nBcc: y@demo.example", "x@demo.example,y@demo.example", "<x@demo.example>", '"x y"@demo.example', "x@demo.example\n", "x"):
        assert refusal(register, world, email)[0] in (400, 422), email
    forget_guesses(world)


def story_a_relay_that_says_not_now_or_never(world):
    relay = sink(world)
    forget_guesses(world)
    relay.recipient_answers.append("550 5.1.1 no such mailbox")
    register(world, "gone@demo.example")
    wait_until(lambda: any(e["event"] == "mail-refused" for e in admin(world).all("/v1/audit/records")), "refused for good", 30)
    relay.recipient_answers.append("451 4.3.0 later")
    register(world, "later@demo.example")
    wait_until(lambda: not relay.recipient_answers, "it was tried", 30)
    equal((relay.to("gone@demo.example"), relay.to("later@demo.example")), ([], []), "mail")
    wait_until(lambda: "mail-delayed" in open(world.path("service.log"), encoding="utf-8").read(), "told in the log", 30)
    log = open(world.path("service.log"), encoding="utf-8").read()
    assert "later@demo.example" not in log and "relay:password" not in log


def story_only_a_relay_that_proves_its_name_is_told_anything(world):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", world.path("wrong-key.pem"), "-out", world.path("wrong.pem"),
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    wrong = MailSink(world.path("wrong.pem"), world.path("wrong-key.pem")).start()
    use_relay(world, wrong)
    forget_guesses(world)
    register(world, "secret@demo.example")
    wait_until(lambda: "mail-delayed" in open(world.path("service.log"), encoding="utf-8").read().split('"ready"')[-1], "it was tried", 30)
    equal(wrong.mails, [], "mail to a relay that cannot prove its name")
    wrong.stop()
    tls = MailSink(world.path("service.pem"), world.path("service-key.pem"), starttls=False).start()
    use_relay(world, tls)
    register(world, "smtps@demo.example")
    tls.wait("smtps@demo.example")
    tls.stop()
    SINKS.pop(world.folder).stop()
