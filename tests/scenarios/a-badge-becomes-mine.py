# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A badge that nobody knows is bound by the one who holds it, and by nobody else."""

import time

from harness import demo_world as demo
from harness.client import Refused
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
SETTINGS = {"service": {"sign-in.unknown_badges_per_hour": 1000}, "agent": {"readers.rate": 1000}}


def admin(world):
    return world.api(demo.ADMINISTRATOR)


def refusal(call, *arguments):
    try:
        call(*arguments)
    except Refused as refused:
        return refused.status, refused.body["code"]
    raise AssertionError("not refused")


def count(world, event):
    return sum(e["event"] == event for e in admin(world).all("/v1/audit/records"))


def answered(world):
    """Swipes that the agent has an answer to: one line each, however often it had to ask."""
    with open(world.path("agent.log"), encoding="utf-8") as file:
        return sum('"event":"swipe-' in line for line in file)


def show(world, badge, event="badge-unknown", printer="lobby"):
    """At the reader, and the service has seen it."""
    events, before = count(world, event), answered(world)
    world.swipe(printer, badge)
    wait_until(lambda: answered(world) > before, "an answer to the swipe", 30, 0.02)
    wait_until(lambda: count(world, event) > events, "%s after a swipe" % event, 30, 0.05)


def claim(world, email, printer="lobby"):
    return world.api(email).post("/v1/badge-enrolments", {"printer": printer})


def badges(world, email):
    return [b["tail"] for b in admin(world).get("/v1/people/%s/badges" % email)["items"]]


def later(world):
    """As if its time had passed."""
    import sqlite3

    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        # A second ago, and not years: what is long over is swept away.
        database.execute("UPDATE enrolment SET expires_ms = min(expires_ms, ?)", (int(time.time() * 1000) - 1000,))


def story_it_is_off_unless_it_is_switched_on(world):
    show(world, "04DD000001")
    equal(refusal(claim, world, ADA), (403, "forbidden"), "a claim while it is off")
    admin(world).patch("/v1/admission", {"badge_enrolment": True})
    equal(refusal(claim, world, ADA), (404, "not-found"), "what was shown before it was on")


def story_shown_claimed_and_shown_again_it_is_mine(world):
    show(world, "04DD000002")
    claimed = claim(world, ADA)
    equal((claimed["tail"], claimed["state"]), ("0002", "show-again"), "the claim")
    equal(badges(world, ADA), ["c3d4"], "before it is shown again")
    show(world, "04DD000002", "badge-enrolled")
    equal(badges(world, ADA), ["c3d4", "0002"], "her badges")
    equal(world.api(ADA).get("/v1/badge-enrolments/" + claimed["id"])["state"], "bound", "what became of it")
    equal(refusal(world.api(GRACE).get, "/v1/badge-enrolments/" + claimed["id"])[0], 404, "seen by somebody else")
    world.api(ADA).submit(pdf("with the new badge"))
    world.swipe("lobby", "04DD000002")
    equal(world.wait_paper("lobby")[0], pdf("with the new badge"), "the paper")


def story_two_unknown_badges_at_one_printer_are_nobodys(world):
    show(world, "04DD000003")
    show(world, "04DD000004")
    equal(refusal(claim, world, GRACE), (409, "ambiguous"), "one of two")
    equal(refusal(claim, world, GRACE, "lab"), (404, "not-found"), "at a printer where nothing was shown")
    later(world)


def story_whoever_slips_his_own_card_in_gains_nothing(world):
    show(world, "04DD000005")
    claimed = claim(world, GRACE)
    show(world, "04DD0000EE")  # somebody else's card, after the claim
    show(world, "04DD000005")
    equal(world.api(GRACE).get("/v1/badge-enrolments/" + claimed["id"])["state"], "cancelled", "the claim")
    equal(badges(world, GRACE), [demo_tail(GRACE)], "her badges")
    later(world)


def story_a_second_claim_cancels_the_first(world):
    show(world, "04DD000006")
    claimed = claim(world, GRACE)
    equal(claim(world, GRACE)["id"], claimed["id"], "her own, again")
    equal(refusal(claim, world, ADA), (409, "ambiguous"), "somebody else's claim")
    show(world, "04DD000006")
    equal(world.api(GRACE).get("/v1/badge-enrolments/" + claimed["id"])["state"], "cancelled", "the first claim")
    equal(badges(world, GRACE), [demo_tail(GRACE)], "her badges")
    later(world)


def story_after_its_minute_a_claim_is_over(world):
    show(world, "04DD000007")
    claimed = claim(world, GRACE)
    later(world)
    show(world, "04DD000007")
    equal(world.api(GRACE).get("/v1/badge-enrolments/" + claimed["id"])["state"], "cancelled", "the claim")
    equal(badges(world, GRACE), [demo_tail(GRACE)], "her badges")
    later(world)


def story_a_disabled_person_s_badge_is_not_unknown(world):
    person = admin(world).post("/v1/people", {"email": "gone@demo.example"})["id"]
    admin(world).post("/v1/people/%s/badges" % person, {"number": "04DD000008", "kind": "nfc", "label": "phone"})
    admin(world).patch("/v1/people/" + person, {"disabled": True})
    show(world, "04DD000008")
    equal(refusal(claim, world, ADA), (404, "not-found"), "his badge")


def story_numbers_are_the_same_however_they_are_written(world):
    person = admin(world).post("/v1/people", {"email": "odd@demo.example"})["id"]
    path = "/v1/people/%s/badges" % person
    made = admin(world).post(path, {"number": "4DD000009", "kind": "legacy"})
    equal((made["kind"], made["tail"]), ("legacy", "0009"), "the badge")
    equal(refusal(admin(world).post, path, {"number": "04dd000009"}), (409, "taken"), "with a zero in front")
    admin(world).put("/v1/people/%s/pin" % person, {"pin": "271828"})
    held = admin(world).get("/v1/people/" + person)
    equal((held["badges"], held["has_pin"]), (1, True), "what he has")


def demo_tail(email):
    return next(p["badge"] for p in demo.PEOPLE if p["email"] == email)[-4:].lower()
