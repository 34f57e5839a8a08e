# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The main job: print, hold, release at the printer, paper, once."""

import uuid

from harness import demo_world as demo
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, refused

ADA, GRACE = "ada@demo.example", "grace@demo.example"


def held(api):
    return [j for j in api.jobs() if j["state"] == "held"]


def story_a_job_from_ipp_waits_for_its_owner_and_for_nobody_else(world):
    printed = world.ipp("pull").print_job(pdf("waits"), "my title")
    (job,) = held(world.api(ADA))
    equal(job["number"], printed["job-id"][0][1], "job number")
    equal(held(world.api(GRACE)), [], "jobs that Grace sees")
    state = world.ipp("pull").job(job["number"])
    equal(state["job-state"][0][1], 4, "job-state (pending-held)")
    for name in ("lobby", "lab", "library", "studio"):
        equal(world.paper(name), [], "paper at " + name)
    world.api(ADA).delete("/v1/jobs/" + job["id"])
    equal(held(world.api(ADA)), [], "held jobs after deletion")


def story_a_badge_over_tcp_7778_in_the_lobby_gives_the_same_pdf(world):
    document = pdf("badge-lobby", size=150_000)
    world.ipp("pull").print_job(document, "the report")
    world.swipe("lobby", world.badge(ADA))
    (paper,) = world.wait_paper("lobby")
    equal(paper, document, "the paper in the lobby")
    (job,) = [j for j in world.api(ADA).jobs() if j["state"] != "deleted"]
    world.wait_job(world.api(ADA), job["id"], "done")


def story_a_second_swipe_finds_nothing_and_prints_nothing(world):
    before = len(world.truth("lobby", "first-byte"))
    world.swipe("lobby", world.badge(ADA))
    world.swipe("lobby", "04DEADBEEF")  # of nobody: when that is an event, the swipe before it is over
    world.wait_event("badge-unknown")
    equal(len(world.truth("lobby", "first-byte")), before, "documents begun in the lobby")


def story_raw_gets_pcl_xl_and_confirms_it(world):
    world.ipp("pull").print_job(pdf("raw", pages=2))
    world.swipe("lab", world.badge(ADA))
    (paper,) = world.wait_paper("lab", seconds=60)
    assert paper.startswith(b") HP-PCL XL"), paper[:40]
    newest = world.api(ADA).jobs()[0]
    done = world.wait_job(world.api(ADA), newest["id"], "done")
    equal(world.delivery_state(done), "printed", "the delivery")


def story_lpd_gets_postscript(world):
    world.ipp("pull").print_job(pdf("lpd"))
    world.swipe("library", world.badge(ADA))
    (paper,) = world.wait_paper("library", seconds=60)
    assert paper.startswith(b"%!PS"), paper[:40]


def story_the_studio_gets_pwg_raster(world):
    ada = world.api(ADA)
    job = ada.submit(pdf("studio", pages=2), "two pages")["id"]
    ada.release(world.printers["studio"], [job])
    (paper,) = world.wait_paper("studio", seconds=60)
    assert paper.startswith(b"RaS2PwgRaster"), paper[:40]
    equal(paper.count(b"PwgRaster\0"), 2, "pages of raster")


def story_a_pin_releases_and_a_wrong_one_does_not(world):
    document = pdf("pin")
    world.api(GRACE).submit(document)
    nobody = world.api()
    order = {"printer": world.printers["lobby"], "jobs": "all"}
    with refused(401):
        nobody.post("/v1/releases", dict(order, identification={"method": "pin", "email": GRACE, "pin": "000000"}))
    equal(len(held(world.api(GRACE))), 1, "held jobs after a wrong PIN")
    before = len(world.paper("lobby"))
    nobody.post("/v1/releases", dict(order, identification={"method": "pin", "email": GRACE, "pin": "271828"}))
    equal(world.wait_paper("lobby", before + 1)[-1], document, "the paper in the lobby")


def story_the_api_releases_one_of_two_jobs(world):
    ada = world.api(ADA)
    wanted, other = ada.submit(pdf("wanted")), ada.submit(pdf("other"))
    before = len(world.paper("lobby"))
    release = ada.release(world.printers["lobby"], [wanted["id"]])
    deliveries = world.wait_release(ada, release["id"])
    equal([d["state"] for d in deliveries], ["printed"], "deliveries")
    equal(world.wait_paper("lobby", before + 1)[-1], pdf("wanted"), "the paper in the lobby")
    equal(ada.job(other["id"])["state"], "held", "the other job")
    ada.delete("/v1/jobs/" + other["id"])


def story_the_same_button_pressed_twice_is_one_release(world):
    ada = world.api(ADA)
    job = ada.submit(pdf("twice"))["id"]
    before = len(world.truth("lobby", "printed"))
    key = str(uuid.uuid4())
    first = ada.release(world.printers["lobby"], [job], key=key)
    second = ada.release(world.printers["lobby"], [job], key=key)
    equal(second["id"], first["id"], "the release")
    world.wait_release(ada, first["id"])
    equal(len(world.truth("lobby", "printed")), before + 1, "documents printed")


def story_the_same_upload_sent_twice_is_one_job(world):
    ada = world.api(ADA)
    key = str(uuid.uuid4())
    first = ada.submit(pdf("idempotent"), key=key)
    equal(ada.submit(pdf("idempotent"), key=key)["id"], first["id"], "the job")
    with refused(422):
        ada.submit(pdf("something else"), key=key)
    ada.delete("/v1/jobs/" + first["id"])


def story_only_the_owner_releases_a_job(world):
    job = world.api(ADA).submit(pdf("mine"))
    with refused(404):
        world.api(GRACE).release(world.printers["lobby"], [job["id"]])
    with refused(404):
        world.api(GRACE).job(job["id"])
    world.api(ADA).delete("/v1/jobs/" + job["id"])


def story_a_direct_queue_prints_at_once(world):
    before = len(world.paper("lobby"))
    document = pdf("direct")
    number = world.ipp("lobby").print_job(document)["job-id"][0][1]
    equal(world.wait_paper("lobby", before + 1)[-1], document, "the paper in the lobby")
    queue = world.ipp("lobby")
    wait_until(lambda: queue.job(number)["job-state"][0][1] == 9, "the job is completed")


def story_two_people_get_their_own_paper(world):
    before = len(world.paper("lobby"))
    world.api(ADA).submit(pdf("of-ada"))
    world.api(GRACE).submit(pdf("of-grace"))
    world.swipe("lobby", world.badge(GRACE))
    equal(world.wait_paper("lobby", before + 1)[-1], pdf("of-grace"), "after Grace's badge")
    equal(len(held(world.api(ADA))), 1, "jobs that Ada still holds")
    world.swipe("lobby", world.badge(ADA))
    equal(world.wait_paper("lobby", before + 2)[-1], pdf("of-ada"), "after Ada's badge")


def story_every_paper_was_printed_exactly_once(world):
    for name in (p["name"] for p in demo.PRINTERS):
        deliveries = [e["delivery"] for e in world.truth(name, "printed")]
        equal(sorted(set(deliveries)), sorted(deliveries), "deliveries printed at " + name)
