# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A printer or queue may ask who pays: it is told by whoever says it first, and lies nowhere in plain text."""

import os

from harness import ROOT, demo_world as demo
from harness.command_line import CommandLine
from harness.documents import pdf
from harness.readers import Reader
from harness.story import equal, load, refused, says

import ippwire as ipp

plain_text = load(os.path.join(ROOT, "tests", "scenarios", "nothing-in-plain-text.py"))

SETTINGS = {"service": {"vault.segment": "1M"}}
PRINTERS = {"lobby": {"sim": {"accounting": True}}}
ADA, GRACE = "ada@demo.example", "grace@demo.example"
AT_ONCE = "asks-at-once"
ACCOUNT_INFO_NEEDED = 0x041C


def ask(world, needs="none", printer="lobby", **more):
    world.admin.call("PATCH", "/v1/printers/%s/accounting" % printer, dict({"needs": needs, "account": None, "user": None}, **more))


def saving(world, allowed):
    world.admin.call("PATCH", "/v1/tenant/accounting", {"may_save": allowed})


def release(world, api, job, printer="lobby", **more):
    """Released, printed, and what the printer was told."""
    before = len(world.truth(printer, "job-start"))
    api.release(world.printers[printer], [job], **more)
    world.wait_job(api, job, "done")
    started = world.truth(printer, "job-start")[before]
    return started.get("account"), started.get("accounting_user")


def story_a_printer_asks(world):
    ada = world.api(ADA)
    ask(world, "account-and-user")
    equal(ada.get("/v1/printers/lobby")["accounting"], "account-and-user", "what everybody sees of it")
    with refused(403):
        ada.get("/v1/printers/lobby/accounting")
    job = ada.submit(pdf("who pays"))["id"]
    for said in ({}, {"accounting": {"account": "4711"}}, {"accounting": {"user": "ada"}}):
        with refused(409, "accounting-needed"):
            ada.release(world.printers["lobby"], [job], **said)
    equal(ada.job(job)["state"], "held", "the job")
    equal(release(world, ada, job, accounting={"account": "4711", "user": "ada"}), ("4711", "ada"), "what the printer was told")
    equal(ada.job(job)["accounting"], {"account": "4711", "user": "ada"}, "what its owner sees")
    equal(world.admin.job(job)["accounting"], {"account": "4711", "user": "ada"}, "what reports are made of")
    found = [row for row in world.admin.all("/v1/reports/jobs") if row["account"] == "4711"]
    equal(len(found), 1, "rows of reports with this account")
    assert not says(str(found), "ada"), "a report names the user"

    # A printer that does not say that it knows accounts is not told one.
    job = ada.submit(pdf("studio is not told"))["id"]
    equal(release(world, ada, job, "studio", accounting={"account": "4711"}), (None, None), "what the studio was told")
    ask(world)
    with refused(400):
        world.admin.call("PATCH", "/v1/tenant/accounting", {"account": "a\u0001b"})


def story_it_comes_with_the_document(world):
    ada = world.api(ADA)
    ask(world, "account")
    headers = {"Job-Account-Id": "K%C3%B6ln%20%2F%201", "Job-Accounting-User-Id": "ada"}
    job = ada.call("POST", "/v1/jobs?queue=pull", pdf("with it"), headers, "application/pdf")["id"]
    equal(release(world, ada, job), ("K\u00f6ln / 1", "ada"), "what the printer was told")
    for bad in ("%zz", "a" * 256, "%0a"):
        with refused(422, "bad-accounting"):
            ada.call("POST", "/v1/jobs?queue=pull", pdf("bad"), {"Job-Account-Id": bad}, "application/pdf")
    ask(world)


def story_people_save_it_where_they_may(world):
    ada, grace = world.api(ADA), world.api(GRACE)
    ask(world, "account")
    saved = {"account": "saved", "user": None}
    with refused(403, "not-saved"):
        ada.put("/v1/me/accounting", saved)
    saving(world, True)
    ada.put("/v1/me/accounting", saved)
    equal(ada.get("/v1/me/accounting"), dict(saved, may_save=True), "what she saved")
    equal(grace.get("/v1/me/accounting"), {"account": None, "user": None, "may_save": True}, "what he saved")
    equal(release(world, ada, ada.submit(pdf("saved"))["id"]), ("saved", None), "what the printer was told")
    assert "saved" in str(ada.get("/v1/people/me/export")), "it is not among what is kept of her"
    ada.delete("/v1/me/accounting")
    with refused(409, "accounting-needed"):
        ada.release(world.printers["lobby"], [ada.submit(pdf("forgotten"))["id"]])
    ask(world, "account", account="of-the-printer")
    equal(release(world, ada, ada.submit(pdf("default"))["id"]), ("of-the-printer", None), "what the printer was told")
    saving(world, False)
    ask(world)


def story_a_badge_tells_why_it_waits(world):
    ada = world.api(ADA)
    for job in ada.all("/v1/jobs?state=held"):
        ada.delete("/v1/jobs/" + job["id"])
    ask(world, "account")
    job = ada.submit(pdf("badge"))["id"]
    badge = world.badge(ADA)
    Reader(world.ports["tcpconv"]).swipe(badge)
    world.wait_event("job-left-out")
    left = [event["detail"] for event in ada.job(job)["timeline"] if event["event"] == "job-left-out"]
    equal((ada.job(job)["state"], left), ("held", ["reason=accounting-needed"]), "the job")
    ada.put("/v1/jobs/%s/accounting" % job, {"account": "4711"})
    before = len(world.paper("lobby"))
    Reader(world.ports["tcpconv"]).swipe(badge)
    world.wait_paper("lobby", before + 1)
    equal(world.truth("lobby", "job-start")[-1]["account"], "4711", "what the printer was told")
    ask(world)


def story_ipp_clients_are_asked(world):
    ada = world.api(ADA)
    world.admin.post("/v1/queues", {"name": AT_ONCE, "kind": "direct", "printer": "lobby"})
    queue = world.ipp(AT_ONCE)

    def supported(of):
        _, groups = of.ask(0x0B)
        printer = ipp.group(groups, ipp.PRINTER)
        return ipp.first(printer, "job-account-id-supported"), ipp.first(printer, "job-accounting-user-id-supported")

    equal(supported(queue), (False, False), "what is asked for")
    ask(world, "account-and-user")
    equal((supported(queue), supported(world.ipp("pull"))), ((True, True), (False, False)), "what is asked for")
    world.admin.call("PATCH", "/v1/queues/pull/accounting", {"needs": "account"})
    equal(supported(world.ipp("pull")), (True, False), "what a queue asks for")
    for operation in (0x04, 0x02):  # Validate-Job, Print-Job
        code, _ = queue.ask(operation, pdf("nobody") if operation == 2 else b"", document_format=(ipp.MIME, "application/pdf"))
        equal(code, ACCOUNT_INFO_NEEDED, "the answer")
    said = {"job-account-id": ipp.values(ipp.NAME, "4711"), "job-accounting-user-id": ipp.values(ipp.NAME, "ada")}
    before = len(world.truth("lobby", "job-start"))
    code, groups = queue.ask(0x02, pdf("over ipp"), job=said, document_format=(ipp.MIME, "application/pdf"))
    assert code < 0x100, hex(code)
    world.wait_job(ada, str(ipp.first(ipp.group(groups, ipp.JOB), "job-id")), "done")
    started = world.truth("lobby", "job-start")[before]
    equal((started.get("account"), started.get("accounting_user")), ("4711", "ada"), "what the printer was told")
    world.admin.call("PATCH", "/v1/queues/pull/accounting", {"needs": "none"})
    ask(world)


def story_the_command_line_says_it(world):
    admin, ada = CommandLine(world, "admin"), CommandLine(world, "ada")
    admin.login(demo.ADMINISTRATOR)
    ada.login(ADA)
    admin.run("accounting", "printer", "lobby", "--needs", "account-and-user", "--account", "shared")
    equal(admin.json("accounting", "printer", "lobby"), {"needs": "account-and-user", "account": "shared", "user": None}, "what the printer asks for")
    admin.run("accounting", "queue", "pull", "--needs", "account")
    admin.run("accounting", "queue", "pull", "--needs", "none")
    admin.run("accounting", "tenant", "--may-save", "yes")
    ada.run("accounting", "save", "--account", "4711", "--account-user", "ada")
    equal(ada.json("accounting", "show"), {"account": "4711", "user": "ada", "may_save": True}, "what is saved")
    ada.run("accounting", "forget", "--yes")
    with open(world.path("letter.pdf"), "wb") as file:
        file.write(pdf("by hand"))
    job = str(ada.json("job", "send", world.path("letter.pdf"), "--account", "K\u00f6ln 1")["number"])
    ada.run("accounting", "job", job, "--account-user", "ada", "--account", "K\u00f6ln 2")
    before = len(world.truth("lobby", "job-start"))
    ada.run("release", "lobby", job, "--account-user", "ada L")
    world.wait_job(world.api(ADA), job, "done")
    started = world.truth("lobby", "job-start")[before]
    equal((started.get("account"), started.get("accounting_user")), ("K\u00f6ln 2", "ada L"), "what the printer was told")
    admin.run("accounting", "tenant", "--may-save", "no")
    ask(world)


def story_it_lies_nowhere(world):
    canaries = plain_text.Canaries(world)
    names = [canaries.add(what, "acct-" + plain_text.letters(32)) for what in
             ("an account with a job", "a user with a job", "a saved account", "a printer's default", "the tenant's", "one at a release")]
    ada = world.api(ADA)
    saving(world, True)
    ask(world, "account-and-user", account=names[3], user=names[3])
    world.admin.call("PATCH", "/v1/tenant/accounting", {"account": names[4]})
    ada.put("/v1/me/accounting", {"account": names[2]})
    headers = {"Job-Account-Id": names[0], "Job-Accounting-User-Id": names[1]}
    first = ada.call("POST", "/v1/jobs?queue=pull", pdf("canary"), headers, "application/pdf")["id"]
    plain_text.step(world, canaries, "it was said")
    equal(release(world, ada, first), (names[0], names[1]), "what the printer was told")
    second = ada.submit(pdf("canary"))["id"]
    equal(release(world, ada, second, accounting={"account": names[5]}), (names[5], names[3]), "what the printer was told")
    plain_text.step(world, canaries, "it was printed")
