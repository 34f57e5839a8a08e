# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What administrators decide now and then, on its pages: trying a policy, queues' options, who pays, panels, certificates, copies, the trail."""

import re
import struct

from harness import demo_world as demo
from harness.certificates import certificate_request, require_authority
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.process import wait_until
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
DUPLEX = 4 + 272  # in a PWG raster (PWG 5102.4), behind its first word


def choose(page, label, typed, option):
    field = page.get_by_role("combobox", name=label, exact=True)
    field.click()
    if typed:  # else there are few to choose from, and nothing to type
        field.fill(typed)
    page.get_by_role("option", name=option, exact=isinstance(option, str)).click()


def story_a_policy_is_tried_before_people_meet_it(world):
    group = world.admin.post("/v1/groups", {"name": "Interns"})["id"]
    world.admin.call("PUT", "/v1/groups/%s/members/%s" % (group, GRACE))
    policy = world.admin.post("/v1/policies", {"title": "Few pages for interns", "group": "Interns", "pages_max": 10, "copies_max": 2})
    trial = "/v1/policy-trial?person=%s&printer=lobby&pages=5&copies=4"
    hers, his = (world.admin.get(trial % person) for person in (GRACE, ADA))
    equal(([p["id"] for p in hers["policies"]], hers["settled"]["ticket"]["copies"], hers["may_print"]), ([policy["id"]], 2, True), "what holds for her")
    equal((his["policies"], his["settled"]["ticket"]["copies"]), ([], 4), "and not for him")
    before = len(world.admin.all("/v1/jobs"))
    with Browser(world) as browser:
        page = browser.open("/admin/policies", demo.ADMINISTRATOR)
        choose(page, "Person", "grace", re.compile("Grace"))
        choose(page, "Printer", "Lobby", "Lobby")
        page.get_by_text("It would come out as wanted").wait_for()
        page.get_by_label("Copies", exact=True).fill("4")
        page.get_by_text("It would come out, but changed").wait_for()
        page.get_by_text("Copies: 2 (Few pages for interns)").wait_for()
        browser.axe(page)
        browser.picture(page, "admin-policy-tried")
        page.get_by_label("Pages", exact=True).fill("30")
        page.get_by_text("It would not be printed").wait_for()
        world.admin.put("/v1/printers/lobby/people", {"groups": ["Interns"]})
        choose(page, "Person", "ada", re.compile("Ada"))
        page.get_by_text("This printer is not open to this person").wait_for()
        browser.axe(page)
    world.admin.put("/v1/printers/lobby/people", {"groups": []})
    equal(len(world.admin.all("/v1/jobs")), before, "nothing was printed")

    # What was told is what happens. (Whether there are too many pages is known once they are counted.)
    path = "/v1/policies/" + policy["id"]
    world.admin.patch(path, {"sides": "one-sided"})
    changed = world.admin.patch(path, {"pages_max": None, "sides": None})
    equal([changed[name] for name in ("pages_max", "sides", "copies_max")], [None, None, 2], "what is taken away, and what stays")
    grace = world.api(GRACE)
    job = grace.submit(pdf("four copies"))
    grace.release("lobby", [job["id"]], ticket={"copies": 4})
    done = world.wait_job(grace, job["id"], "done")
    assert any(e["event"] == "job-ticket-forced" and "value=2" in e["detail"] for e in done["timeline"]), done["timeline"]
    world.admin.delete("/v1/policies/" + policy["id"])


def story_a_queue_says_how_its_prints_usually_are(world):
    with Browser(world) as browser:
        page = browser.open("/admin/queues", demo.ADMINISTRATOR)
        page.get_by_role("link", name="Follow me").click()
        page.get_by_role("heading", level=1, name="Follow me").wait_for()
        choose(page, "Sides", "", "two-sided")
        page.get_by_role("region", name="Usual options").get_by_role("button", name="Save").click()
        page.get_by_text("Saved").wait_for()
        browser.axe(page)
        browser.picture(page, "admin-queue")
        choose(page, "It asks for", "", "an account")
        page.get_by_role("region", name="Who pays").get_by_role("button", name="Save").click()
        wait_until(lambda: world.admin.get("/v1/queues/pull/accounting")["needs"] == "account", "who pays is asked for")
        choose(page, "It asks for", "", "nothing")
        page.get_by_role("region", name="Who pays").get_by_role("button", name="Save").click()
        wait_until(lambda: world.admin.get("/v1/queues/pull/accounting")["needs"] == "none", "and no more")
    ada = world.api(ADA)
    job = ada.submit(pdf("two pages"))
    lain = len(world.paper("studio"))
    ada.release("studio", [job["id"]])
    world.wait_job(ada, job["id"], "done")
    raster = world.wait_paper("studio", lain + 1)[-1]
    equal(struct.unpack(">I", raster[DUPLEX : DUPLEX + 4])[0], 1, "both sides, says the paper")
    world.admin.put("/v1/queues/pull/ticket", {})


def story_a_printer_has_a_panel_and_a_certificate(world):
    require_authority(world.admin)
    _, request = certificate_request()
    with Browser(world) as browser:
        page = browser.open("/admin/printers/lobby?tab=access", demo.ADMINISTRATOR)
        page.get_by_role("button", name="Add a panel").click()
        page.get_by_label("Name").fill("tablet")
        page.get_by_role("button", name="Make its address").click()
        address = page.get_by_role("dialog").locator("code").first().inner_text()
        browser.axe(page)
        page.get_by_role("dialog").get_by_role("button", name="Close").last().click()
        page.get_by_text("Waits for its browser").wait_for()
        page.get_by_label("Certificate request of the printer").fill(request)
        page.get_by_role("button", name="Sign it").click()
        page.get_by_role("button", name="Save the certificate").wait_for()
        page.get_by_role("button", name="Make a code for EST").click()
        page.get_by_text("User name").wait_for()
        page.get_by_role("switch", name="Count them at this printer").click(force=True)
        wait_until(lambda: world.admin.get("/v1/printers/lobby/device-usage")["counted"], "copies are counted there")
        browser.axe(page)
        browser.picture(page, "admin-printer-access")
        panel = browser.new()
        panel.goto(address)
        panel.get_by_role("button").first().click()
        wait_until(lambda: world.admin.all("/v1/printers/lobby/panels")[0]["bound"], "that browser is the panel")
        page.goto("/admin/copies")
        page.get_by_role("switch", name=re.compile("Copies, scans and faxes are counted")).click(force=True)
        wait_until(lambda: world.admin.get("/v1/tenant/device-usage")["counted"], "and in the organisation")
        page.get_by_role("columnheader", name="Pages by us").or_(page.get_by_text("Nothing was counted in these days")).first().wait_for()
        browser.axe(page)
        browser.picture(page, "admin-copies")
    issued = world.admin.all("/v1/certificates?printer=lobby")
    equal([one["names"] for one in issued], [["localhost"]], "the names of its certificate")


def story_what_is_settled_for_the_whole_organisation(world):
    with Browser(world) as browser:
        page = browser.open("/admin/settings", demo.ADMINISTRATOR)
        page.get_by_role("switch", name=re.compile("Documents are numbered")).check(force=True)
        page.get_by_role("region", name="Panels at printers").get_by_role("button", name="Save").click()
        wait_until(lambda: world.admin.get("/v1/tenant/panels")["hides_titles"], "panels hide titles")
        page.get_by_label("Account, where nobody says one").fill("4711")
        page.get_by_role("region", name="Who pays").get_by_role("button", name="Save").click()
        wait_until(lambda: world.admin.get("/v1/tenant/accounting").get("account") == "4711", "who pays")
        browser.axe(page)
        page.goto("/admin/audit")
        page.get_by_role("heading", name="What was signed last").wait_for()
        browser.axe(page)
        page.goto("/admin/unclaimed")
        page.get_by_text("Nothing waits").wait_for()
        page.get_by_role("button", name="Add a rule").click()
        page.get_by_label("Network").fill("10.0.5.0/24")
        page.get_by_role("textbox", name="User").fill("SYSADM")
        choose(page, "Person", "grace", re.compile("Grace"))
        page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
        page.get_by_text("SYSADM is " + GRACE).wait_for()
        page.get_by_role("dialog").wait_for(state="detached")
        browser.axe(page)
        browser.picture(page, "admin-unclaimed")
        phone = browser.open("/admin/unclaimed", demo.ADMINISTRATOR, size=PHONE, language="de-DE", colorScheme="dark")
        phone.get_by_text("SYSADM ist " + GRACE).wait_for()
        equal(phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), True, "nothing sticks out")
        browser.axe(phone)
        browser.picture(phone, "admin-unclaimed-phone")
        operator = browser.open("/admin/converters", demo.OPERATOR)
        operator.get_by_role("button", name="Add a server").click()
        operator.get_by_label("Name").fill("press")
        operator.get_by_role("button", name="Make its code").click()
        operator.get_by_role("dialog").get_by_text("This code enrols the server").wait_for()
        browser.axe(operator)
    equal([one["user"].lower() for one in world.admin.all("/v1/submitters")], ["sysadm"], "the rule")
    world.admin.patch("/v1/tenant/panels", {"hides_titles": False})
    world.admin.patch("/v1/tenant/accounting", {"account": None})
