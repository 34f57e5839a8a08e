# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Administration in a real browser: printers."""

import re

from harness import demo_world as demo
from harness.agents import PlayedAgent
from harness.playwright import PHONE, Browser
from harness.story import equal

PRINTER = {"addresses": ["socket://localhost:9"], "formats": ["application/pdf"]}


def story_printers_are_looked_for_and_changed(world):
    agent = PlayedAgent(world, world.admin)
    agent.call("PUT", "/v1/agent/printers/%s/state" % world.printers["lab"], {"answered": True, "condition": "stopped", "reasons": ["media-jam-error"], "trays": []})
    for site in ("north", "south"):
        world.admin.post("/v1/sites", {"name": site, "title": site.title()})
        world.admin.post("/v1/printers", dict(PRINTER, name=site + "-1", title="\u202e<b>%s</b> one" % site, site=site))
    with Browser(world) as browser:
        page = browser.open("/admin/printers", demo.ADMINISTRATOR)
        page.get_by_role("link", name="Laboratory").wait_for()
        browser.axe(page)
        browser.picture(page, "admin-printers")
        page.get_by_label("Only what needs attention").check()
        page.get_by_text("Stopped: paper jam").wait_for()
        page.get_by_role("link", name="Lobby").wait_for(state="detached")
        page.get_by_label("Only what needs attention").uncheck()
        page.get_by_label("Search in names").fill("<b>SOUTH")
        page.get_by_role("link", name="Lobby").wait_for(state="detached")
        page.get_by_role("link", name=re.compile("south")).click()
        page.get_by_role("heading", level=1, name=re.compile("<b>south</b>")).wait_for()
        browser.axe(page)
        page.goto("/admin/printers/lobby")
        page.get_by_role("button", name="Try now").click()
        page.get_by_text("Ready: it can be printed to.").wait_for()
        browser.axe(page)
        browser.picture(page, "admin-printer")
        page.get_by_role("tab", name="Settings").click()
        page.get_by_label("Short name").fill("gf1")
        browser.axe(page)
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved").wait_for()
        equal(world.admin.get("/v1/printers/gf1")["name"], "lobby", "its alias")
        page.get_by_role("tab", name="People and options").click()
        page.get_by_role("heading", name="Whose it is alone").wait_for()
        page.get_by_role("heading", name="Usual options").wait_for()
        browser.axe(page)
        page.get_by_role("tab", name="Device").click()
        page.get_by_role("heading", name="Settings in the device").wait_for()
        browser.axe(page)
        small = browser.open("/admin/printers", demo.ADMINISTRATOR, size=PHONE, language="de-DE")
        small.get_by_role("heading", name="Drucker", exact=True).wait_for()
        small.get_by_role("link", name="Lobby").wait_for()
        browser.axe(small)
        browser.picture(small, "admin-printers-phone")
