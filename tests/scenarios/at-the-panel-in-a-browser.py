# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The panel in a real browser, where its script runs: keys for the PIN, a badge that is noticed at once, leaving."""

from harness import demo_world as demo
from harness.documents import pdf
from harness.playwright import Browser
from harness.process import wait_until
from harness.story import equal

ADA = "ada@demo.example"
PIN = next(p["pin"] for p in demo.PEOPLE if p["email"] == ADA)
SCREEN, SMALL, LARGE = {"width": 800, "height": 480}, {"width": 480, "height": 272}, {"width": 1280, "height": 800}


def bound(world, browser, size=SCREEN, name="tablet", language="en-GB"):
    made = world.admin.post("/v1/printers/lobby/panels", {"name": name})
    page = browser.new(size, language)
    page.goto(made["address"])
    page.get_by_role("button").click()
    page.locator(".qr img").wait_for()
    return page


def sessions(world):
    return [s for s in world.admin.all("/v1/sessions?person=" + ADA) if s["kind"] == "panel"]


def story_a_pin_by_the_keys_on_the_screen(world):
    for i in range(3):
        world.api(ADA).submit(pdf("Quarterly figures", pages=3), name=("Quarterly figures", "Invitation", "A very long name " * 12)[i])
    with Browser(world) as browser:
        page = bound(world, browser)
        browser.picture(page, "panel-idle")
        browser.axe(page)
        page.fill("#email", ADA)
        for digit in PIN:
            page.get_by_role("button", name=digit, exact=True).click()
        page.locator("#pin").press("Enter")
        page.get_by_text("3 documents wait for you.").wait_for()
        browser.picture(page, "panel-documents")
        browser.axe(page)
        page.get_by_role("link", name="Open").first().click()
        page.locator(".preview img").wait_for()
        wait_until(lambda: page.evaluate("document.querySelector('.preview img').naturalWidth > 0") or (page.reload() and False), "the page's picture", 30, 0.5)
        browser.picture(page, "panel-document")
        browser.axe(page)
        equal(len(sessions(world)), 1, "sessions at the panel")
        page.get_by_role("link", name="Back to my documents").click()
        page.get_by_role("button", name="Print all").click()
        world.wait_paper("lobby", 3)
        page.get_by_text("Printed").first().wait_for()
        browser.picture(page, "panel-printed")
        equal(len(sessions(world)), 1, "going from page to page is not leaving")
        page.goto("about:blank")
        wait_until(lambda: not sessions(world), "leaving signs her out", 20, 0.1)


def story_a_badge_is_noticed_at_once(world):
    reader = next(r for r in world.admin.get("/v1/readers")["items"] if r["printer"] == world.printers["lobby"])
    world.admin.patch("/v1/readers/" + reader["id"], {"selection": "panel"})
    for panel in world.admin.get("/v1/printers/lobby/panels")["items"]:
        world.admin.delete("/v1/panels/" + panel["id"])
    with Browser(world) as browser:
        page = bound(world, browser, SMALL, "small", "de-DE")
        browser.picture(page, "panel-idle-480x272-de")
        world.swipe("lobby", world.badge(ADA))
        page.get_by_text(ADA).wait_for(timeout=10000)
        browser.picture(page, "panel-signed-in-480x272-de")
        page.get_by_role("button", name="Abmelden").click()
        page.locator(".qr img").wait_for()
        page.set_viewport_size(LARGE)
        browser.picture(page, "panel-idle-1280x800-de")
