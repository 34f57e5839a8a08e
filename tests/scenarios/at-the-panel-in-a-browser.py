# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The panel in a real browser, where its script runs: keys for the PIN, a badge that is noticed at once, leaving."""

import sqlite3

from harness import demo_world as demo
from harness.documents import pdf
from harness.panels import Panel
from harness.playwright import Browser
from harness.process import wait_until
from harness.story import equal

ADA = "ada@demo.example"
PIN = next(p["pin"] for p in demo.PEOPLE if p["email"] == ADA)
SETTINGS = {"service": {"sign-in.unknown_badges_per_hour": 1000}, "agent": {"readers.rate": 1000}}
SCREEN, SMALL, LARGE, LEAST = ({"width": w, "height": h} for w, h in ((800, 480), (480, 272), (1024, 600), (320, 240)))


def bound(world, browser, size=SCREEN, name="tablet", language="en-GB"):
    made = world.admin.post("/v1/printers/lobby/panels", {"name": name})
    page = browser.new(size, language)
    page.goto(made["address"])
    page.get_by_role("button").click()
    page.locator(".qr img").wait_for()
    return page


def wait_picture(page):
    """The page of a document is made when it is first asked for."""
    page.locator(".preview img").wait_for()
    wait_until(lambda: page.evaluate("document.querySelector('.preview img').naturalWidth > 0"), "the page's picture", 30, 0.1)


def nothing_is_cut_off(page):
    """No part of it lies beside the screen, and what is pressed is large enough."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('button, a.button, a.language, select, input:not([type=hidden]):not([type=checkbox])')]"
        ".filter((e) => e.offsetParent && (e.offsetHeight < 44 || e.offsetWidth < 44)).map((e) => e.outerHTML)"
    )
    equal((wide > 0, small), (False, []), "at %s" % page.evaluate("innerWidth + 'x' + innerHeight"))


def grow_old(world, milliseconds):
    """Her session, as if nobody had pressed anything for so long."""
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as connection:
        connection.execute("UPDATE session SET seen_ms = seen_ms - ? WHERE kind = 2", (milliseconds,))


def sessions(world):
    return [s for s in world.admin.all("/v1/sessions?person=" + ADA) if s["kind"] == "panel"]


def story_a_pin_by_the_keys_on_the_screen(world):
    long_name = "Minutes of the meeting of the working group on rooms and how they are booked, second draft, with the remarks of all who were there"
    for name in ("Quarterly figures", "Invitation", long_name):
        world.api(ADA).submit(pdf(name, pages=3), name=name)
    with Browser(world) as browser:
        page = bound(world, browser)
        nothing_is_cut_off(page)
        browser.picture(page, "panel-idle")
        browser.axe(page)
        page.fill("#email", ADA)
        for digit in PIN:
            page.get_by_role("button", name=digit, exact=True).click()
        page.locator("#pin").press("Enter")
        page.get_by_text("3 documents wait for you.").wait_for()
        nothing_is_cut_off(page)
        browser.picture(page, "panel-documents")
        browser.axe(page)
        page.get_by_role("link", name="Open").first().click()
        wait_picture(page)
        nothing_is_cut_off(page)
        browser.picture(page, "panel-document")
        browser.axe(page)
        equal(len(sessions(world)), 1, "sessions at the panel")
        page.get_by_role("link", name="Back to my documents").click()
        page.get_by_role("button", name="Print all").wait_for()
        # Nobody presses anything for four minutes and a half: what loads itself says so.
        grow_old(world, 270000)
        page.evaluate("(() => { const link = document.createElement('a'); link.href = '?auto=1'; document.body.append(link); link.click() })()")
        page.locator("#left a").wait_for()
        browser.picture(page, "panel-still-there")
        browser.axe(page)
        page.locator("#left a").click()
        page.locator("#left").wait_for(state="detached")
        page.get_by_role("button", name="Print all").click()
        world.wait_paper("lobby", 3)
        page.get_by_text("Printed").first().wait_for()
        browser.picture(page, "panel-printed")
        equal(len(sessions(world)), 1, "going from page to page is not leaving")
        page.goto("about:blank")
        wait_until(lambda: not sessions(world), "leaving signs her out", 20, 0.1)


def story_what_somebody_saw_is_not_behind_the_back_button(world):
    job = world.api(ADA).submit(pdf("nobody else's"), name="nobody else's")["id"]
    with Browser(world) as browser:
        page = bound(world, browser, name="back")
        page.fill("#email", ADA)
        page.fill("#pin", PIN)
        page.locator("#pin").press("Enter")
        page.get_by_text("nobody else's").wait_for()
        page.get_by_role("link", name="Open").first().click()
        page.get_by_text("Back to my documents").wait_for()
        page.get_by_role("button", name="Sign out").click()
        page.locator(".qr img").wait_for()
        for _ in range(3):
            page.go_back()
            page.locator("#email").wait_for()
            equal((page.get_by_text("nobody else's").count(), page.locator("#email").input_value()), (0, ""), "behind the back button")
    world.api(ADA).delete("/v1/jobs/" + job)


def story_a_badge_is_noticed_at_once(world):
    reader = next(r for r in world.admin.get("/v1/readers")["items"] if r["printer"] == world.printers["lobby"])
    world.admin.patch("/v1/readers/" + reader["id"], {"selection": "panel"})
    world.admin.patch("/v1/admission", {"badge_enrolment": True})
    world.admin.patch("/v1/tenant/panels", {"words": "Papier liegt im Schrank. Fragen? Platz 3."})
    for panel in world.admin.get("/v1/printers/lobby/panels")["items"]:
        world.admin.delete("/v1/panels/" + panel["id"])
    world.api(ADA).submit(pdf("Quartalszahlen", pages=3), name="Quartalszahlen")
    with Browser(world) as browser:
        page = bound(world, browser, SMALL, "small", "de-DE")
        for size, name in ((LEAST, "320x240"), (LARGE, "1024x600"), (SMALL, "480x272")):
            page.set_viewport_size(size)
            nothing_is_cut_off(page)
            browser.picture(page, "panel-idle-%s-de" % name)
        world.swipe("lobby", "04EE00AB01")
        page.get_by_text("noch nicht bekannt").wait_for(timeout=10000)
        browser.picture(page, "panel-new-badge-480x272-de")
        browser.axe(page)
        world.swipe("lobby", world.badge(ADA))
        page.get_by_text(ADA).wait_for(timeout=10000)
        page.get_by_role("button", name="Das ist meiner").wait_for()
        browser.picture(page, "panel-documents-480x272-de")
        for size, name in ((LEAST, "320x240"), (LARGE, "1024x600"), (SMALL, "480x272")):
            page.set_viewport_size(size)
            nothing_is_cut_off(page)
            browser.picture(page, "panel-documents-%s-de" % name)
        browser.axe(page)
        page.get_by_role("link", name="Öffnen").first().click()
        wait_picture(page)
        for size, name in ((LEAST, "320x240"), (LARGE, "1024x600"), (SMALL, "480x272")):
            page.set_viewport_size(size)
            nothing_is_cut_off(page)
            browser.picture(page, "panel-document-%s-de" % name)
        browser.axe(page)
        page.get_by_role("link", name="Zurück zu den Dokumenten").click()
        page.get_by_role("button", name="Das ist meiner").click()
        page.get_by_text("noch einmal an den Leser halten").wait_for()
        world.swipe("lobby", "04EE00AB01")
        page.get_by_text("Der Ausweis ist jetzt bekannt.").wait_for(timeout=10000)
        page.get_by_role("button", name="Abmelden").click()
        page.locator(".qr img").wait_for()
        world.swipe("lobby", "04EE00AB01")
        page.get_by_text(ADA).wait_for(timeout=10000)
        page.get_by_role("button", name="Alles drucken").click()
        page.get_by_text("Gedruckt").first().wait_for(timeout=30000)
    world.admin.patch("/v1/readers/" + reader["id"], {"selection": "all"})
    world.admin.patch("/v1/tenant/panels", {"words": ""})


def story_an_administrator_says_what_stands_there(world):
    panel = Panel(world, name="words")
    with Browser(world) as browser:
        page = browser.open("/admin/settings", demo.ADMINISTRATOR)
        page.get_by_label("Words on idle screens").fill("Paper is in the cupboard.")
        page.locator("form:has-text('Words on idle screens')").get_by_role("button", name="Save").click()
        wait_until(lambda: "Paper is in the cupboard." in panel.look().page.words, "the organisation's words", 10, 0.1)
        page.goto("/admin/printers/lobby?tab=access")
        page.get_by_role("button", name="Change: words").click()
        page.get_by_label("Words on its idle screen").fill("Ask at desk 3.")
        browser.axe(page)
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        wait_until(lambda: "Ask at desk 3." in panel.look().page.words, "its own", 10, 0.1)
        page.get_by_text("Ask at desk 3.").wait_for()
    world.admin.patch("/v1/tenant/panels", {"words": ""})
