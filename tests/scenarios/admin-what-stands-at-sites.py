# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Administration in a real browser: what stands at sites, from the first agent to paper."""

import configparser
import re
import struct

from harness import demo_world as demo
from harness.agents import PlayedAgent, program_of, settings_of
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.process import free_ports, wait_until
from harness.readers import Reader
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
A4 = "iso_a4_210x297mm"
DUPLEX = 4 + 272  # in a PWG raster (PWG 5102.4), behind its first word
PRINTER = {"addresses": ["socket://localhost:9"], "formats": ["application/pdf"]}


def started(world, name, code, ports):
    """A real agent, with the code that a page showed, and readers at these ports."""
    path = settings_of(world, name)
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(path)
    for model, port in ports.items():
        settings.set("readers", model, str(port))
    with open(path, "w", encoding="utf-8") as file:
        settings.write(file)
    world.programs.run("imprimatur-agent", "--config", path, "--enrol", "-", text=code + "\n")
    agent = program_of(world, name, lambda: world.admin.get("/v1/agents/" + agent_named(world, name)["id"])["connected"])
    agent.start()
    return agent


def configuration(world, name):
    with open(world.path(name, "configuration.json"), encoding="utf-8") as file:
        return file.read()


def agent_named(world, name):
    return next(agent for agent in world.admin.all("/v1/agents") if agent["name"] == name)


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


def story_an_agent_is_added_on_the_page_and_carries_paper(world):
    """The code that the page shows starts a real agent; what it finds is taken over there; a badge mapped there releases."""
    site_ports = dict(zip(("tcpconv", "tcpconv2", "ethernet241"), free_ports(3)))
    with Browser(world) as browser:
        page = browser.open("/admin/agents", demo.ADMINISTRATOR)
        page.get_by_role("button", name="Add an agent").click()
        page.get_by_label("Name").fill("branch")
        browser.axe(page)
        page.get_by_role("button", name="Make its code").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("This code enrols the agent").wait_for()
        browser.axe(page)
        browser.picture(page, "admin-agent-code")
        code = dialog.locator("code").first().inner_text()
        branch = started(world, "branch", code, site_ports)
        try:
            dialog.get_by_role("button", name="Done").click()
            page.get_by_role("link", name="branch").click()
            page.get_by_text("Connected", exact=True).wait_for()
            page.get_by_role("heading", name="How it is").wait_for()
            browser.axe(page)
            browser.picture(page, "admin-agent")

            # What it sees, said by a played agent of the same tenant: the printer that stands in the studio.
            looker = PlayedAgent(world, world.admin)
            uris = ["ipps://localhost:%d/ipp/print" % world.ports["studio"]]
            looker.sees("SN-77", facts={"make_and_model": "Acme 9000", "formats": ["image/pwg-raster"], "media": [A4], "colour": True, "duplex": True, "uris": uris})
            page.goto("/admin/discovery")
            page.get_by_text("Acme 9000").wait_for()
            browser.axe(page)
            browser.picture(page, "admin-discovery")
            page.get_by_role("button", name="Add as printer: Acme 9000").click()
            page.get_by_label("Name for people").fill("Branch one")
            browser.axe(page)
            page.get_by_role("dialog").get_by_role("button", name="Add as printer").click()
            page.get_by_text("Nothing new was found").wait_for()
            printer = world.admin.get("/v1/printers/branch-one")
            equal((printer["addresses"], printer["agent"]), (uris, looker.id), "its addresses, and who saw it")
            world.admin.patch("/v1/printers/branch-one", {"agent": agent_named(world, "branch")["id"]})  # who delivers there for real

            page.goto("/admin/readers")
            page.get_by_role("button", name="Add a reader").click()
            page.get_by_role("combobox", name="Printer").fill("Branch")
            page.get_by_role("option", name="Branch one").click()
            page.get_by_label("Name").fill("branch-reader")
            page.get_by_role("combobox", name="Agent").fill("branch")
            page.get_by_role("option", name="branch", exact=True).click()
            browser.axe(page)
            page.get_by_role("button", name="Save").last().click()
            page.get_by_text(re.compile("branch-reader · TCPConv")).wait_for()
            browser.axe(page)
            browser.picture(page, "admin-readers")
            wait_until(lambda: "branch-reader" in configuration(world, "branch"), "the agent knows the reader")
            job = world.api(ADA).submit(pdf("by the reader of the page"))
            reader = Reader(site_ports["tcpconv"], "tcpconv")
            reader.swipe(world.badge(ADA))
            world.wait_job(world.api(ADA), job["id"], "done")
            world.wait_paper("studio")
            reader.close()
        finally:
            branch.stop()


def story_a_policy_made_on_the_page_is_on_the_paper(world):
    with Browser(world) as browser:
        page = browser.open("/admin/policies", demo.ADMINISTRATOR)
        page.get_by_role("button", name="Add a policy").click()
        page.get_by_text("Everybody: two-sided.").wait_for()
        page.get_by_label("Reason").fill("We save paper.")
        browser.axe(page)
        page.get_by_role("button", name="Save").last().click()
        page.get_by_role("listitem").get_by_text("Everybody: two-sided.").wait_for()
        browser.axe(page)
        browser.picture(page, "admin-policies")
    ada = world.api(ADA)
    job = ada.submit(pdf("two pages"))
    lain = len(world.paper("studio"))
    ada.release("studio", [job["id"]])
    world.wait_job(ada, job["id"], "done")
    raster = world.wait_paper("studio", lain + 1)[-1]
    equal(struct.unpack(">I", raster[DUPLEX : DUPLEX + 4])[0], 1, "both sides, says the paper")
    for policy in world.admin.all("/v1/policies"):
        world.admin.delete("/v1/policies/" + policy["id"])


def story_queues_sites_and_what_is_seen_first(world):
    with Browser(world) as browser:
        page = browser.open("/admin/queues", demo.ADMINISTRATOR)
        page.get_by_role("button", name="Add a queue").click()
        page.get_by_label("Name").fill("Board Room")
        browser.axe(page)
        page.get_by_role("button", name="Save").last().click()
        page.get_by_text("Board Room").wait_for()
        equal(world.admin.get("/v1/queues/board-room")["kind"], "pull", "its kind")
        browser.axe(page)
        browser.picture(page, "admin-queues")
        page.goto("/admin/sites")
        for title, geo in (("Berlin", "52.52, 13.40"), ("Graz", "47.07, 15.44")):
            page.get_by_role("button", name="Add a site").click()
            page.get_by_label("Name for people").fill(title)
            page.get_by_label("Coordinates").fill(geo)
            page.get_by_role("dialog").get_by_role("button", name="Add").click()
            page.get_by_role("link", name=title).wait_for()
        page.get_by_role("img", name="Map of the sites").wait_for()
        browser.axe(page)
        browser.picture(page, "admin-sites")
        page.get_by_role("link", name="Berlin").click()
        page.get_by_label("E-mail address").fill(GRACE)
        page.get_by_role("button", name="Appoint").click()
        page.get_by_text("Grace Hopper").wait_for()
        browser.axe(page)
        browser.picture(page, "admin-site")
        page.goto("/admin")
        page.get_by_role("heading", name="First steps").or_(page.get_by_role("heading", name="Printers that need attention")).first().wait_for()
        page.get_by_role("link", name=re.compile("Printers: ")).wait_for()
        browser.axe(page)
        browser.picture(page, "admin-dashboard")

        # Grace sees what stands at her site, and no more.
        world.admin.post("/v1/printers", dict(PRINTER, name="berlin-1", title="Berlin one", site="berlin"))
        hers = browser.open("/admin/printers", GRACE)
        hers.get_by_role("link", name="Berlin one").wait_for()
        equal(hers.get_by_role("link", name="Lobby").count(), 0, "printers of others")
        equal(hers.get_by_role("link", name="Policies").count(), 0, "what she may not")
        browser.axe(hers)
    world.admin.delete("/v1/sites/berlin/administrators/" + GRACE)


def story_a_thousand_printers_are_no_burden(world):
    for i in range(1000):
        world.admin.post("/v1/printers", dict(PRINTER, name="many-%04d" % i, title="Many %04d" % i))
    with Browser(world) as browser:
        page = browser.open("/admin/printers", demo.ADMINISTRATOR)
        page.get_by_role("link", name="Lobby").wait_for()
        assert page.get_by_role("listitem").count() <= 110, "the first page alone is fetched"
        while (shown := page.locator("ul[aria-label=Printers] > li").count()) < 1000:
            page.get_by_role("button", name="Show more").click()
            page.locator("ul[aria-label=Printers] > li").nth(shown).wait_for(state="attached")
        assert shown <= len(world.admin.all("/v1/printers")), shown
        took = page.evaluate("(async () => { const from = performance.now(); window.scrollTo(0, document.body.scrollHeight);"
                             " await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); return performance.now() - from; })()")
        print("scrolled through 1,000 printers in %d ms" % took)
        assert took < 1000, "scrolling takes %d ms" % took
        page.get_by_label("Search in names").fill("0999")
        page.get_by_role("link", name="Many 0999").wait_for()
        page.get_by_role("link", name="Many 0998").wait_for(state="detached")
