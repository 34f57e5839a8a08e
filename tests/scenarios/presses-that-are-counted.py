# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""How often somebody presses for what is done most: counted by the browser, and written in docs/pages.md as they are."""

import os
import re

from harness import ROOT
from harness import demo_world as demo
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.process import wait_until
from harness.story import equal

ADA = "ada@demo.example"
PIN = next(p["pin"] for p in demo.PEOPLE if p["email"] == ADA)
BADGE, OTHER_BADGE = "04DD00BEEF", "04DD00F00D"
SETTINGS = {"service": {"sign-in.unknown_badges_per_hour": 1000}, "agent": {"readers.rate": 1000}}
COUNT = """addEventListener("pointerdown", (event) => {
    if (event.isTrusted) sessionStorage.setItem("presses", String(Number(sessionStorage.getItem("presses")) + 1));
}, true);"""


def written(task):
    """As docs/pages.md has it."""
    with open(os.path.join(ROOT, "docs", "pages.md"), encoding="utf-8") as file:
        found = re.search(r"^\| %s \| (\d+) \|" % re.escape(task), file.read(), re.M)
    assert found, "docs/pages.md has no row: " + task
    return int(found[1])


class Presses:
    """of: what was done outside of the page before: a badge held, a code scanned."""

    def __init__(self, browser, path="/", size=None):
        self.page = browser.open(path, ADA, size=size)
        self.page.add_init_script(content=COUNT)
        self.begin(path)

    def begin(self, path="/", outside=0):
        self.page.goto(path)
        self.page.evaluate("sessionStorage.removeItem('presses')")
        self.outside = outside

    def link(self, name, **more):
        self.page.get_by_role("link", name=name, **more).first().click()

    def button(self, name, **more):
        self.page.get_by_role("button", name=name, **more).first().click()

    def are(self, task):
        equal(self.outside + self.page.evaluate("Number(sessionStorage.getItem('presses'))"), written(task), task)


def submit(world, count=1):
    """Documents of two pages; the paper that lay there before."""
    for n in range(count):
        world.api(ADA).submit(pdf("pressed", pages=2), name="document %d" % n)
    return len(world.paper("lobby"))


def sides(world, count):
    world.wait_paper("lobby", count)
    return [said["sides"] for said in world.truth("lobby") if "sides" in said][-1]


def story_printing_all_of_it(world):
    with Browser(world) as browser:
        before = submit(world, 3)
        presses = Presses(browser)
        presses.link("Print all")
        presses.button("Lobby", exact=False)
        presses.button("Print all 3 here")
        world.wait_paper("lobby", before + 3)
        presses.are("print all of it, from the list, for the first time")

        before = submit(world, 3)
        presses.begin()
        presses.link("Print all")
        presses.page.get_by_role("heading", level=1, name="Lobby").wait_for()
        presses.button("Print all 3 here")
        world.wait_paper("lobby", before + 3)
        presses.are("print all of it, from the list, where it came out last")

        before = submit(world, 3)
        presses.begin()
        presses.link("Print all")
        presses.link("Another printer")
        presses.button("Laboratory", exact=False)
        lain = len(world.paper("lab"))
        presses.button("Print all 3 here")
        world.wait_paper("lab", lain + 3)
        presses.are("print all of it, from the list, elsewhere")

        before = submit(world, 3)
        phone = Presses(browser, size=PHONE)
        phone.begin("/printers/lobby", outside=1)
        phone.button("Print all 3 here")
        world.wait_paper("lobby", before + 3)
        phone.are("print all of it, by the code on the printer")


def story_printing_one_on_both_sides(world):
    with Browser(world) as browser:
        before = submit(world)
        phone = Presses(browser, size=PHONE)
        phone.begin("/printers/lobby", outside=1)
        phone.page.get_by_text("Two-sided", exact=True).click()
        phone.button("Print it here")
        equal(sides(world, before + 1), "two-sided-long-edge", "what the printer was told")
        phone.are("print one on both sides, by the code on the printer")

        before = submit(world)
        phone.begin()
        phone.link("Print", exact=True)
        phone.page.get_by_text("Two-sided", exact=True).click()
        phone.button("Print it here")
        equal(sides(world, before + 1), "two-sided-long-edge", "what the printer was told")
        phone.are("print one on both sides, from the list, where it came out last")


def story_a_badge_of_ones_own(world):
    def show(event):
        seen = lambda: sum(e["event"] == event for e in world.admin.all("/v1/audit/records"))
        before = seen()
        world.swipe("lobby", BADGE)
        wait_until(lambda: seen() > before, event + " after a swipe", 30, 0.05)

    world.admin.patch("/v1/admission", {"badge_enrolment": True})
    with Browser(world) as browser:
        presses = Presses(browser)
        presses.begin(outside=2)
        show("badge-unknown")
        presses.button("Your account")
        presses.page.get_by_role("menuitem", name="Account and settings").click()
        presses.button("Add a badge")
        presses.page.get_by_role("dialog").get_by_role("button", name="Lobby", exact=False).first().click()
        presses.page.get_by_text("…beef").wait_for()
        show("badge-enrolled")
        presses.page.get_by_text("It is yours now").wait_for()
        presses.are("enrol a badge, on the pages")


def story_a_badge_of_ones_own_at_a_panel(world):
    reader = next(r for r in world.admin.all("/v1/readers") if r["printer"] == world.printers["lobby"])
    world.admin.patch("/v1/readers/" + reader["id"], {"selection": "panel"})
    world.admin.patch("/v1/admission", {"badge_enrolment": True})
    with Browser(world) as browser:
        page = browser.new({"width": 800, "height": 480})
        page.add_init_script(content=COUNT)
        page.goto(world.admin.post("/v1/printers/lobby/panels", {"name": "counted"})["address"])
        page.get_by_role("button").click()
        page.locator(".qr img").wait_for()
        page.evaluate("sessionStorage.removeItem('presses')")
        world.swipe("lobby", OTHER_BADGE)
        page.get_by_text("is not known yet", exact=False).wait_for(timeout=10000)
        page.fill("#email", ADA)
        page.fill("#pin", PIN)
        page.get_by_role("button", name="Sign in: it is mine").click()
        page.get_by_text("to the reader once more", exact=False).wait_for()
        world.swipe("lobby", OTHER_BADGE)
        page.get_by_text("Your badge is known now", exact=False).wait_for(timeout=10000)
        pressed = page.evaluate("Number(sessionStorage.getItem('presses'))")
    world.admin.patch("/v1/readers/" + reader["id"], {"selection": "all"})
    equal(2 + pressed, written("enrol a badge, at a panel"), "enrol a badge, at a panel")


def story_why_it_did_not_print(world):
    before = submit(world)
    world.sim.temper("lobby", "refuse")
    job = world.api(ADA).jobs(state="held")[0]["id"]
    world.api(ADA).release("lobby", [job])
    world.wait_job(world.api(ADA), job, "held")
    world.sim.normal("lobby")
    with Browser(world) as browser:
        presses = Presses(browser)
        presses.page.get_by_text("The printer refused the connection.", exact=False).wait_for()
        presses.are("see why it did not print")
    equal(len(world.paper("lobby")), before, "paper")
