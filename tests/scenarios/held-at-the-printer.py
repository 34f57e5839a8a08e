# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A printer keeps a job until its owner types digits there; they are told to the printer and written nowhere."""

import hashlib
import os

from harness import ROOT, demo_world as demo
from harness.command_line import CommandLine
from harness.documents import pdf
from harness.readers import Reader
from harness.story import equal, load, refused

plain_text = load(os.path.join(ROOT, "tests", "scenarios", "nothing-in-plain-text.py"))

SETTINGS = {"service": {"vault.segment": "1M"}}
PRINTERS = {"lobby": {"sim": {"password_digits": 16}}}
ADA = "ada@demo.example"


def told_of(digits):
    """As it is inside of TLS; as a hash otherwise."""
    kind = next(p["sim"]["kind"] for p in demo.PRINTERS if p["name"] == "lobby")
    if kind == "ipps":
        return "none", digits.encode().hex()
    return "sha2-256", hashlib.sha256(digits.encode()).hexdigest()


def told(world, before):
    started = world.truth("lobby", "job-start")[before]
    return started["password_encryption"], started["password"]


def story_the_printer_holds_it(world):
    world.admin.call("PATCH", "/v1/printers/lobby", {"password_digits": 16})
    ada, digits = world.api(ADA), "740291"
    job, before = ada.submit(pdf("held there"))["id"], len(world.truth("lobby", "job-start"))
    made = ada.release(world.printers["lobby"], [job], job_password=digits)
    ended = world.wait_release(ada, made["id"])[0]
    equal((ended["state"], ended["reason"]), ("sent", "held-at-printer"), "the delivery")
    equal(told(world, before), told_of(digits), "what the printer was told")
    equal(world.paper("lobby"), [], "paper without digits")


def story_only_where_it_can(world):
    ada = world.api(ADA)
    job = ada.submit(pdf("cannot"))["id"]
    for printer, digits in (("studio", "740291"), ("lobby", "1234"), ("studio", "1234")):
        with refused(409, "job-password-not-supported"):
            ada.release(world.printers[printer], [job], job_password=digits)
    for bad in ("12ab56", "123", "1" * 17):
        with refused(400):
            ada.release(world.printers["lobby"], [job], job_password=bad)
    equal(ada.job(job)["state"], "held", "the job")
    ada.delete("/v1/jobs/" + job)


def story_a_policy_wants_it(world):
    ada = world.api(ADA)
    policy = world.admin.post("/v1/policies", {"title": "Nothing lies in the lobby", "printer": "lobby", "job_password": True})
    equal(policy["job_password"], True, "the policy")
    job, before = ada.submit(pdf("wanted"))["id"], len(world.truth("lobby", "job-start"))
    with refused(409, "job-password-needed"):
        ada.release(world.printers["lobby"], [job])
    Reader(world.ports["tcpconv"]).swipe(world.badge(ADA))
    world.wait_event("job-left-out")
    left = [event["detail"] for event in ada.job(job)["timeline"] if event["event"] == "job-left-out"]
    equal((ada.job(job)["state"], left), ("held", ["reason=job-password-needed"]), "after a badge")
    line = CommandLine(world, "ada")
    line.login(ADA)
    said, _ = line.run("release", "lobby", str(ada.job(job)["number"]), "--make-job-password")
    digits = said.split("Type ")[1].split()[0]
    assert len(digits) == 6 and digits.isdigit(), said
    world.wait_release(ada, said.split("release show ")[1].split()[0])
    equal(told(world, before), told_of(digits), "what the printer was told")
    # A queue that prints at once has nobody to ask, and prints nothing openly.
    world.admin.post("/v1/queues", {"name": "at-once", "kind": "direct", "printer": "lobby"})
    before = len(world.truth("lobby", "job-start"))
    job = ada.submit(pdf("at once"), queue="at-once")["id"]
    left = [event["detail"] for event in ada.job(job)["timeline"] if event["event"] == "job-left-out"]
    equal((ada.job(job)["state"], left), ("held", ["reason=job-password-needed"]), "at a queue that prints at once")
    made = ada.release(world.printers["lobby"], [job], job_password="740291")
    equal(world.wait_release(ada, made["id"])[0]["reason"], "held-at-printer", "with digits")
    equal(len(world.truth("lobby", "job-start")), before + 1, "jobs at the printer")
    world.admin.delete("/v1/policies/" + policy["id"])


def story_it_lies_nowhere_and_a_restart_forgets_it(world):
    ada = world.api(ADA)
    canaries = plain_text.Canaries(world)
    digits = canaries.add("a job-password", plain_text.digits(16))
    job = ada.submit(pdf("forgotten"))["id"]
    world.programs.kill("agent")
    made = ada.release(world.printers["lobby"], [job], job_password=digits, key="a-key")
    assert digits not in str((made, ada.job(job), ada.get("/v1/releases/" + made["id"]))), "the digits are shown"
    plain_text.step(world, canaries, "it waits for its printer")
    world.wait_job(ada, job, "held")
    equal(ada.job(job)["reason"], "job-password-lost", "why it is held again")
    made = ada.release(world.printers["lobby"], [job], job_password=digits)
    equal(world.wait_release(ada, made["id"])[0]["reason"], "held-at-printer", "the second time")
    canaries.scan("the printer has it")
