# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""An encrypted PDF asks for its password: it is opened once, in a cell, and the password lies nowhere."""

import base64
import os
import subprocess

from harness import ROOT
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, load, refused

import ippwire as ipp

plain_text = load(os.path.join(ROOT, "tests", "scenarios", "nothing-in-plain-text.py"))

SETTINGS = {"service": {"vault.segment": "1M"}}
ADA, GRACE = "ada@demo.example", "grace@demo.example"
AT_ONCE = "at-once"


def locked(world, words, password, pages=1):
    """A PDF that opens only with the password (AES, 256 bits)."""
    opened, closed = world.path("opened.pdf"), world.path("closed.pdf")
    with open(opened, "wb") as file:
        file.write(pdf(words, pages=pages))
    subprocess.run(["qpdf", "--encrypt", password, "of-its-owner", "256", "--", opened, closed], check=True)
    with open(closed, "rb") as file:
        octets = file.read()
    os.unlink(opened)
    os.unlink(closed)
    return octets


def submit(api, document, password=None, queue="pull"):
    headers = {"Document-Password": base64.b64encode(password.encode()).decode()} if password is not None else {}
    return api.call("POST", "/v1/jobs?queue=%s&name=locked" % queue, document, headers, "application/pdf")["id"]


def looked_into(api, job):
    wait_until(lambda: api.job(job)["inspection"]["state"] != "waiting", "the inspection of " + job, seconds=60)
    return api.job(job)


def texts(octets):
    """What a PDF says, read by another program than ours, without a password."""
    return subprocess.run(["pdftotext", "-", "-"], input=octets, capture_output=True, check=True).stdout.decode()


def story_it_is_sent_with_its_password(world):
    ada = world.api(ADA)
    job = submit(ada, locked(world, "opened once", "pässword"), "pässword")
    found = looked_into(ada, job)
    holds = found["inspection"]
    equal((holds["state"], holds["pages"], holds["encrypted"], found["reason"]), ("done", 1, True, None), "what is known of it")
    status, _, image = ada.connection.request("GET", "/v1/jobs/%s/pages/1" % job, None, {"Authorization": ada.authorization})
    equal((status, image[:2]), (200, b"\xff\xd8"), "its page")
    before = len(world.paper("lobby"))
    ada.release(world.printers["lobby"], [job])
    assert "opened once" in texts(world.wait_paper("lobby", before + 1)[-1]), "the printer needs the password"


def story_it_is_released_before_anybody_looked(world):
    ada = world.api(ADA)
    before = len(world.paper("lobby")), len(world.paper("studio"))
    for printer in ("lobby", "studio"):
        job = submit(ada, locked(world, "in a hurry", "quick"), "quick")
        ada.release(world.printers[printer], [job])
        world.wait_job(ada, job, "done")
    assert "in a hurry" in texts(world.wait_paper("lobby", before[0] + 1)[-1]), "the printer needs the password"
    equal(world.wait_paper("studio", before[1] + 1)[-1].count(b"PwgRaster\0"), 1, "pages of raster")


def story_it_is_asked_for(world):
    ada, grace = world.api(ADA), world.api(GRACE)
    job = submit(ada, locked(world, "asked for", "sesame"))
    found = looked_into(ada, job)
    equal((found["state"], found["reason"]), ("held", "document-password-needed"), "the job")
    with refused(409, "document-password-needed"):
        ada.release(world.printers["lobby"], [job])
    path = "/v1/jobs/%s/document-password" % job
    for other in (grace, world.admin):
        with refused(404):
            other.put(path, {"password": "sesame"})
    ada.put(path, {"password": "not-sesame"})
    found = looked_into(ada, job)
    equal((found["state"], found["reason"]), ("held", "document-password-error"), "the job")
    with refused(409, "document-password-needed"):
        ada.release(world.printers["lobby"], [job])
    equal(ada.put(path, {"password": "sesame"})["reason"], None, "why it waits")
    equal(looked_into(ada, job)["inspection"]["state"], "done", "what is known of it")
    with refused(409, "not-asked"):
        ada.put(path, {"password": "sesame"})
    events = [event["event"] for event in ada.job(job)["timeline"]]
    equal((events.count("document-password-given"), events.count("document-not-inspected")), (2, 2), "its history")
    before = len(world.paper("lobby"))
    ada.release(world.printers["lobby"], [job])
    assert "asked for" in texts(world.wait_paper("lobby", before + 1)[-1]), "the printer needs the password"


def story_what_needs_none_is_not_harmed_by_one(world):
    ada = world.api(ADA)
    job = submit(ada, pdf("open to all"), "of-no-use")
    found = looked_into(ada, job)
    equal((found["inspection"]["state"], found["inspection"]["encrypted"]), ("done", False), "what is known of it")
    for bad in ("", "%%%", base64.b64encode(b"a" * 128).decode(), base64.b64encode(b"a\0b").decode()):
        with refused(422, "bad-document-password"):
            ada.call("POST", "/v1/jobs?queue=pull", pdf("bad"), {"Document-Password": bad}, "application/pdf")
    with refused(404):
        ada.put("/v1/jobs/00000000-0000-7000-8000-000000000000/document-password", {"password": "x"})


def reasons(job):
    return {value for _, value in job["job-state-reasons"]}


def story_an_ipp_client_sends_it(world):
    ada = world.api(ADA)
    world.admin.post("/v1/queues", {"name": AT_ONCE, "kind": "direct", "printer": "lobby"})
    document = locked(world, "over ipps", "of-ipp")
    secret = {"document_password": (ipp.OCTETS, b"of-ipp")}
    world.ipp("pull").print_job(document, **secret)
    job = ada.jobs(state="held")[0]["id"]
    equal(looked_into(ada, job)["inspection"]["state"], "done", "what is known of it")

    before = len(world.paper("lobby"))
    number = ipp.first(world.ipp(AT_ONCE).print_job(document, **secret), "job-id")
    world.wait_job(ada, str(number), "done")
    assert "over ipps" in texts(world.wait_paper("lobby", before + 1)[-1]), "the printer needs the password"

    number = ipp.first(world.ipp(AT_ONCE).print_job(document, document_password=(ipp.OCTETS, b"wrong")), "job-id")
    wait_until(lambda: ipp.first(world.ipp(AT_ONCE).job(number), "job-state") == 8, "the job is aborted")
    equal(reasons(world.ipp(AT_ONCE).job(number)), {"document-password-error", "aborted-by-system"}, "why")

    world.ipp("pull").print_job(document)
    job = ada.jobs(state="held")[0]
    looked_into(ada, job["id"])
    equal(reasons(world.ipp("pull").job(job["number"])), {"job-held-for-release", "document-password-error"}, "why it waits")


def story_a_restart_forgets_it_and_asks_again(world):
    """Killed before anybody looked: the password was in memory alone."""
    ada = world.api(ADA)
    canaries = plain_text.Canaries(world)
    password = canaries.add("the document's password", "pw-" + plain_text.letters(32))
    wrong = canaries.add("a wrong password", "pw-" + plain_text.letters(32))
    words = canaries.add("what the document says", "words-" + plain_text.letters(32))
    document = locked(world, words, password, 40)
    asked = 0
    for _ in range(6):
        job = submit(ada, document, password)
        world.programs.kill("service")
        canaries.scan("a SIGKILL")
        world.programs.start("service")
        world.programs.wait_agent()
        found = looked_into(ada, job)
        if found["inspection"]["state"] == "failed":
            asked += 1
            equal(found["reason"], "document-password-needed", "why it waits")
            break
    equal(asked, 1, "jobs that ask again")
    ada.put("/v1/jobs/%s/document-password" % job, {"password": wrong})
    equal(looked_into(ada, job)["reason"], "document-password-error", "why it waits")
    ada.put("/v1/jobs/%s/document-password" % job, {"password": password})
    equal(looked_into(ada, job)["inspection"]["pages"], 40, "its pages")
    before = len(world.paper("studio"))
    ada.release(world.printers["studio"], [job])
    world.wait_paper("studio", before + 1)
    plain_text.step(world, canaries, "it was printed")
