# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The portal: one's own account. A badge that nobody knew becomes mine and prints; a delegate prints for me; PIN and usual options."""

import re

from harness import demo_world as demo
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.process import wait_until
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
BADGE = "04DD00BEEF"
SETTINGS = {"service": {"sign-in.unknown_badges_per_hour": 1000}, "agent": {"readers.rate": 1000}}


def seen(world, event):
    return sum(e["event"] == event for e in world.admin.all("/v1/audit/records"))


def show(world, event):
    before = seen(world, event)
    world.swipe("lobby", BADGE)
    wait_until(lambda: seen(world, event) > before, event + " after a swipe", 30, 0.05)


def story_a_new_badge_becomes_mine_and_prints(world):
    world.admin.patch("/v1/admission", {"badge_enrolment": True})
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.open("/me", ADA, size=PHONE)
        page.get_by_role("heading", name="Badges").wait_for()
        page.get_by_text("Badge …c3d4").wait_for()
        browser.axe(page)
        browser.picture(page, "account-phone")
        show(world, "badge-unknown")
        page.get_by_role("button", name="Add a badge").click()
        page.get_by_role("dialog").get_by_role("button", name="Lobby", exact=False).first().click()
        page.get_by_text("…beef").wait_for()
        browser.axe(page)
        browser.picture(page, "badge-phone")
        show(world, "badge-enrolled")
        page.get_by_text("It is yours now").wait_for()
        page.get_by_role("dialog").get_by_role("button", name="Close").last().click()
        page.get_by_text("Badge …beef").wait_for()
        world.api(ADA).submit(pdf("with the new badge"))
        world.swipe("lobby", BADGE)
        world.wait_paper("lobby", count=before + 1)
        page.get_by_role("button", name="Remove badge …beef").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").wait_for(state="hidden")
        page.get_by_text("Badge …beef").wait_for(state="hidden")
    equal([badge["tail"] for badge in world.api(ADA).get("/v1/people/me/badges")["items"]], ["c3d4"], "her badges")


def story_a_delegate_prints_for_the_owner(world):
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.open("/me", ADA)
        page.get_by_role("textbox", name="Address").fill(GRACE)
        page.get_by_label("May see what documents are called").check()
        page.get_by_role("region", name="Who may act for you").get_by_role("button", name="Add", exact=True).click()
        page.get_by_role("button", name="End it for " + GRACE).wait_for()
        browser.axe(page)
        browser.picture(page, "account")
        job = world.api(ADA).submit(pdf("for me"), name="for me")["id"]
        other = browser.open("/", GRACE)
        other.get_by_text(ADA).click()
        other.get_by_role("link", name="for me").wait_for()
        browser.axe(other)
        browser.picture(other, "jobs-of-an-owner")
        other.get_by_role("link", name="Print", exact=True).click()
        other.get_by_role("button", name="Lobby", exact=False).first().click()
        other.get_by_text("Held for " + ADA).wait_for()
        other.get_by_role("button", name="Print it here").click()
        world.wait_paper("lobby", count=before + 1)
        world.wait_job(world.api(ADA), job, "done")
        page.get_by_role("button", name="End it for " + GRACE).click()
        page.get_by_role("button", name="End it for " + GRACE).wait_for(state="hidden")


def story_what_is_mine_to_set(world):
    with Browser(world) as browser:
        page = browser.open("/me", ADA)
        page.get_by_label(re.compile("^New PIN(?! again)")).fill("805163")
        page.get_by_label("New PIN again").fill("805264")
        page.get_by_text("The two are not the same.").wait_for()
        page.get_by_label("New PIN again").fill("805163")
        page.get_by_role("button", name="Change PIN").click()
        page.get_by_role("region", name="PIN").get_by_text("Done.").wait_for()
        page.get_by_role("combobox", name="Sides").click()
        page.get_by_role("option", name="Two-sided", exact=True).click()
        page.get_by_role("region", name="As I usually print").get_by_role("button", name="Save").click()
        page.get_by_role("region", name="As I usually print").get_by_text("Done.").wait_for()
        equal(world.api(ADA).get("/v1/people/me/ticket"), {"sides": "two-sided-long-edge"}, "as she usually prints")
        page.get_by_role("combobox", name="Language of these pages").click()
        page.get_by_role("option", name="Deutsch").click()
        page.get_by_role("heading", name="Konto und Einstellungen").wait_for()
        browser.axe(page)
    world.api(ADA).put("/v1/people/me/ticket", {})
    world.api(ADA).put("/v1/people/me/pin", {"pin": next(p["pin"] for p in demo.PEOPLE if p["email"] == ADA)})
