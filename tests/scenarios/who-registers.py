# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Somebody whom nobody added: a code to the mailbox, rules about addresses, an administrator's word. Over a real relay."""

import re
import statistics
import subprocess
import time
from email.header import decode_header, make_header

from harness import demo_world as demo
from harness.client import Api, Refused
from harness.mail import MailSink, use_relay
from harness.process import wait_until
from harness.story import equal

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
    equal(admin(world).get("/v1/admission"), {"registration": False, "approval": True, "directory_only": False, "badge_enrolment": False}, "at first")
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
