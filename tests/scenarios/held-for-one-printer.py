# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Secure queues: what is sent there is held for one printer, or printed there at once where its owner says so."""

from harness import cups
from harness import demo_world as demo
from harness.command_line import CommandLine
from harness.documents import pdf
from harness.judged import Judged
from harness.process import wait_until
from harness.story import equal, refused, skip

ADA, GRACE = "ada@demo.example", "grace@demo.example"


def send(world, query, email=ADA, name="a letter"):
    return world.api(email).post("/v1/jobs?" + query, pdf(name), content_type="application/pdf")


def secured(world):
    """The queue of the printer in the lobby, secure."""
    admin = Judged(world, demo.ADMINISTRATOR)
    found = [q for q in admin.call("GET", "/v1/queues", expect=200)["items"] if q["name"] == "strong"]
    return found[0] if found else admin.call("POST", "/v1/queues", {"name": "strong", "kind": "secure", "printer": "lobby"}, 201)


def story_a_secure_queue_holds_for_its_printer_alone(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    admin.call("POST", "/v1/queues", {"name": "astray", "kind": "secure"}, 400)
    queue = secured(world)
    equal((queue["kind"], queue["printer"]), ("secure", world.printers["lobby"]), "the queue")
    ada = world.api(ADA)
    job = Judged(world, ADA).call("POST", "/v1/jobs?queue=strong&name=mine", pdf("mine"), 201, kind="application/pdf")
    equal((job["state"], job["printer"]), ("held", world.printers["lobby"]), "the job")
    with refused(409, "other-printer"):
        ada.release("studio", [job["id"]])
    with refused(409, "nothing-held"):
        ada.release("studio", "all")  # it is not what comes out there
    free = send(world, "queue=pull&name=anywhere")
    equal(free["printer"], None, "where a job of a pull queue comes out")
    made = ada.release("studio", "all")
    equal(made["jobs"], [free["id"]], "what comes out elsewhere")
    world.wait_release(ada, made["id"])
    equal(ada.job(job["id"])["state"], "held", "the secure one")
    both = ada.release("studio", [job["id"], send(world, "queue=pull&name=too")["id"]])
    equal([(r["job"], r["reason"]) for r in both["refused"]], [(job["id"], "other-printer")], "what was left out")
    world.wait_release(ada, both["id"])
    made = ada.release("lobby", "newest")
    equal(made["jobs"], [job["id"]], "the newest that comes out there")
    world.wait_job(ada, job["id"], "done")


def story_a_badge_at_its_reader_takes_it_and_at_others_not(world):
    secured(world)
    ada = world.api(ADA)
    job = send(world, "queue=strong&name=badge")["id"]
    elsewhere = next(r["printer"] for r in demo.READERS if r["printer"] != "lobby")
    world.swipe(elsewhere, world.badge(ADA))
    wait_until(lambda: signed_in(world), "the swipe is known")
    equal(ada.job(job)["state"], "held", "after a swipe elsewhere")
    world.swipe("lobby", world.badge(ADA))
    world.wait_job(ada, job, "done")


def signed_in(world):
    found = world.admin.all("/v1/audit/records?subject=" + world.people[ADA])
    return [e for e in found if e["event"] == "signed-in" and e["detail"] == "method=badge"]


def story_now_is_said_as_it_is_sent(world):
    secured(world)
    ada = world.api(ADA)
    job = send(world, "queue=strong&name=now&release=now")
    equal(world.wait_job(ada, job["id"], "done")["delivery"]["state"], "printed", "the delivery")
    timeline = [(e["event"], e["detail"]) for e in ada.job(job["id"])["timeline"]]
    assert ("job-released", "method=api") in timeline, timeline
    for query, status in (("queue=pull&release=now", 400), ("queue=strong&release=soon", 400)):
        with refused(status):
            send(world, query)
    equal(send(world, "queue=strong&release=hold")["state"], "held", "held on purpose")
    held = send(world, "queue=studio&release=hold")
    equal((held["state"], held["printer"]), ("held", None), "of a direct queue, too")
    ada.delete("/v1/jobs/" + held["id"])
    # A device's print token sends and does not release.
    token = ada.post("/v1/tokens", {"label": "a device", "kind": "print"})["token"]
    device = world.api(token=token)
    with refused(403, "forbidden"):
        device.post("/v1/jobs?queue=strong&release=now", pdf("device"), content_type="application/pdf")
    equal(device.post("/v1/jobs?queue=strong", pdf("device"), content_type="application/pdf")["state"], "held", "what a device sends")


def story_one_word_makes_a_printer_secure(world):
    line = CommandLine(world, "admin")
    line.login(demo.ADMINISTRATOR)
    out, _ = line.run("printer", "secure", "studio")
    equal(out, "studio is secure.\n", "what is said")
    job = send(world, "queue=studio&name=held")
    equal((job["state"], job["printer"]), ("held", world.printers["studio"]), "what is sent now")
    line.run("printer", "secure", "studio")
    line.run("printer", "unsecure", "studio")
    equal(world.api(ADA).job(job["id"])["state"], "held", "what was held stays held")
    equal(world.wait_job(world.api(ADA), send(world, "queue=studio&name=direct")["id"], "done")["state"], "done", "direct again")
    made = world.admin.post("/v1/printers", {"name": "cellar", "addresses": ["socket://localhost:9"], "formats": ["application/pdf"]})
    out, _ = line.run("printer", "secure", "cellar")
    equal(out, "cellar is secure: a new queue.\n", "what is said")
    held = send(world, "queue=cellar&name=down")
    equal(held["printer"], made["id"], "where it comes out")
    # When its printer is no more, its owner says where.
    world.admin.delete("/v1/queues/cellar")
    world.admin.delete("/v1/printers/cellar")
    equal(world.api(ADA).job(held["id"])["printer"], None, "where it comes out then")
    with refused(422, "bad-value"):
        world.admin.patch("/v1/queues/pull", {"kind": "secure"})
    with refused(422, "bad-value"):
        world.admin.patch("/v1/queues/studio", {"kind": "pull"})
    for found in world.api(ADA).jobs(state="held"):
        world.api(ADA).delete("/v1/jobs/" + found["id"])


def story_a_workstation_sees_and_uses_it(world):
    """CUPS, as it stands on people's desks, without a driver."""
    if not cups.is_there():
        skip("no cupsd here")
    secured(world)
    if world.cups is None:
        world.start_cups()
    token = world.api(ADA).post("/v1/tokens", {"label": "the desk", "kind": "print"})["token"]
    world.cups.add("strong", "ipps://ada%%40demo.example:%s@localhost:%d/ipp/print/demo/strong" % (token, world.ports["service"]))
    path = world.path("secure.pdf")
    with open(path, "wb") as file:
        file.write(pdf("from a desk"))
    world.cups.print("strong", path)
    ada = world.api(ADA)
    (job,) = wait_until(lambda: ada.jobs(state="held"), "the job is held")
    equal(job["printer"], world.printers["lobby"], "where it comes out")
    number = job["number"]
    told = world.ipp("strong").job(number)
    equal(told["job-state-reasons"][0][1], "job-held-for-release", "what IPP says of it")
    # From the desk, by Release-Job: its owner lets it go, with his password.
    code, _ = world.ipp("strong").ask(0x0D, job_id=(0x21, number))
    equal(code, 0, "Release-Job")
    world.wait_job(ada, job["id"], "done")
