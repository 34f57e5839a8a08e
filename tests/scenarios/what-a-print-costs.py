# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What a print costs: seen before, changed by every option, on paper, and the same in every report afterwards."""

import csv
import datetime
import io
import re
import sqlite3

from harness import demo_world as demo
from harness.agents import PlayedAgent
from harness.client import basic
from harness.judged import Judged
from harness.panels import Panel
from harness.playwright import PHONE, Browser
from harness.process import wait_until
from harness.renderer import numbered
from harness.story import equal

ADA = "ada@demo.example"
DAY = datetime.timedelta(days=1)


def held(world, name, pages=4):
    """A held job that has been looked into."""
    api = world.api(ADA)
    job = api.call("POST", "/v1/jobs?queue=pull&name=" + name.replace(" ", "%20"), numbered(pages), content_type="application/pdf")["id"]
    wait_until(lambda: api.job(job)["inspection"]["state"] != "waiting", "the inspection of " + job, seconds=60)
    return job


def told(cost):
    return cost and (cost["amount"], cost["currency"], cost["estimated"])


def download(page, click):
    coming = page.wait_for_event.later("download")
    click()
    with open(coming.get().path(), "rb") as file:
        return file.read()


def story_nobody_sees_a_cost_before_there_are_prices(world):
    api = world.api(ADA)
    job = held(world, "for nothing")
    equal((api.job(job)["cost"], api.jobs(state="held")[0]["cost"]), (None, None), "before")
    equal(api.get("/v1/jobs/%s/ticket?printer=lobby" % job)["cost"], None, "at a printer")
    api.post("/v1/releases", {"printer": "lobby", "jobs": [job]})
    world.wait_job(world.admin, job, "done")
    total = world.admin.get("/v1/reports/pages")["total"]
    equal((total["cost"], total["priced_jobs"], total["jobs"]), (None, 0, 1), "unknown, and not nothing")


def story_a_cost_is_seen_before_and_is_the_same_afterwards(world):
    """An administrator sets prices; two-sided in grey costs less, and what it did cost stands in the report and in the table."""
    with Browser(world) as browser:
        page = browser.open("/admin/retention", demo.ADMINISTRATOR)
        page.get_by_label("Currency").fill("eur")
        for label, price in (("A page, black and white", "0.02"), ("A page in colour", "0.08"), ("A sheet of paper", "0.01")):
            page.get_by_label(label).fill(price)
        page.get_by_role("button", name="Save").last().click()
        page.get_by_text("Saved").first().wait_for()
        job = held(world, "four pages")
        colour = world.api(ADA).job(job)["colour_pages"]
        before = colour * 80 + (4 - colour) * 20 + 4 * 10
        equal(told(world.api(ADA).job(job)["cost"]), (before, "EUR", True), "as it came")
        page = browser.open("/", ADA)
        page.get_by_text("about €%.2f" % (before / 1000)).wait_for()
        browser.axe(page)
        browser.picture(page, "jobs-with-cost")
        page.get_by_role("link", name="four pages").click()
        for label, choice in (("Sides", "Two-sided, long edge"), ("Colour", "Black and white")):
            page.get_by_role("combobox", name=label).click()
            page.get_by_role("option", name=re.compile(choice.split(",")[0])).first().click()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved").wait_for()
        page.get_by_text("about €0.10").wait_for()
        page.get_by_role("link", name="Your prints").first().click()
        page.get_by_text("about €0.10").wait_for()
        small = browser.open("/printers/lobby?jobs=" + job, ADA, size=PHONE)
        small.get_by_text("about €0.10").wait_for()
        small.get_by_role("button", name="How it is printed").click()
        small.get_by_role("combobox", name="Pages on a side").click()
        small.get_by_role("option", name="2 pages").click()
        small.get_by_text("about €0.05").wait_for()
        browser.axe(small)
        browser.picture(small, "release-cost-phone")
        papers = len(world.paper("lobby"))
        small.get_by_role("button", name="Print it here").click()
        small.get_by_text("It is printed.").wait_for()
        world.wait_paper("lobby", papers + 1)
        equal(told(world.api(ADA).job(job)["cost"]), (50, "EUR", False), "what it did cost")
        world.admin.patch("/v1/reports/settings", {"price_grey": 999})
        equal(told(world.api(ADA).job(job)["cost"]), (50, "EUR", False), "whatever prices become")
        total = world.admin.get("/v1/reports/pages")["total"]
        equal((total["cost"], total["priced_jobs"], total["jobs"]), (50, 1, 2), "of one it is known")
        page = browser.open("/admin/reports?by=printer", demo.ADMINISTRATOR)
        page.get_by_role("row", name=re.compile("Lobby.*€0.05")).wait_for()
        table = download(page, page.get_by_role("link", name="Table (CSV)").click).decode()
        equal([row["cost"] for row in csv.DictReader(io.StringIO(table, newline="")) if row["id"] == world.printers["lobby"]], ["0.050"], "in the table")
        german = browser.open("/me/printing", ADA, language="de-DE")
        german.get_by_text("0,05 €").first().wait_for()


def story_a_printer_may_have_prices_of_its_own(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    admin.call("PATCH", "/v1/reports/settings", {"currency": "EUR", "price_grey": 20, "price_colour": 20, "price_sheet": 10}, 200)
    job = held(world, "dear", pages=2)
    with Browser(world) as browser:
        page = browser.open("/admin/printers/%s?tab=settings" % world.printers["lobby"], demo.ADMINISTRATOR)
        page.get_by_label("This printer has prices of its own").check(force=True)
        for label, price in (("A page, black and white (EUR)", "0.1"), ("A page in colour (EUR)", "0.1"), ("A sheet of paper (EUR)", "0.005")):
            page.get_by_label(label).fill(price)
        page.get_by_role("button", name="Save prices").click()
        page.get_by_text("Saved").first().wait_for()
        browser.axe(page)
    found = admin.call("GET", "/v1/printers/lobby/prices", expect=200)
    equal((found["own"], found["price_grey"], found["price_sheet"], found["currency"]), (True, 100, 5, "EUR"), "as they were set")
    ask = "/v1/jobs/%s/ticket?printer=" % job
    equal(told(ada.call("GET", ask + "lobby", expect=200)["cost"]), (210, "EUR", True), "there")
    equal(told(ada.call("GET", ask + "lab", expect=200)["cost"]), (60, "EUR", True), "elsewhere")
    equal(told(ada.call("GET", ask + "lobby&copies=3", expect=200)["cost"]), (630, "EUR", True), "copies")
    equal(told(ada.call("GET", ask + "lobby&page_ranges=2-", expect=200)["cost"]), (105, "EUR", True), "one of its pages")
    ada.call("GET", "/v1/printers/lobby/prices", expect=403)
    ada.call("PUT", "/v1/printers/lobby/prices", {"price_grey": 0, "price_colour": 0, "price_sheet": 0}, 403)
    for bad in ({"price_grey": 1}, {"price_grey": -1, "price_colour": 0, "price_sheet": 0}, {"price_grey": 1000001, "price_colour": 0, "price_sheet": 0},
                {"price_grey": 0.5, "price_colour": 0, "price_sheet": 0}):
        status = admin.call("PUT", "/v1/printers/lobby/prices", bad)["status"]
        assert status in (400, 422), (bad, status)
    equal(admin.call("DELETE", "/v1/printers/lobby/prices", expect=200)["own"], False, "the tenant's again")
    policy = admin.call("POST", "/v1/policies", {"title": "Save paper", "sides": "two-sided-long-edge"}, 201)
    equal(told(ada.call("GET", "/v1/jobs/" + job, expect=200)["cost"]), (50, "EUR", True), "as policies make it")
    admin.call("DELETE", "/v1/policies/" + policy["id"], expect=204)
    ada.call("DELETE", "/v1/jobs/" + job, expect=204)


def story_a_panel_says_it_too(world):
    world.admin.patch("/v1/reports/settings", {"currency": "EUR", "price_grey": 20, "price_colour": 20, "price_sheet": 10})
    job = held(world, "at the panel", pages=1)
    panel = Panel(world, name="priced")
    panel.sign_in(ADA, "314159")
    assert "about 0.03" in panel.page.words, panel.page.words
    world.api(ADA).delete("/v1/jobs/" + job)


def story_a_new_currency_begins_anew(world):
    world.admin.patch("/v1/reports/settings", {"currency": "SEK"})
    total = world.admin.get("/v1/reports/pages")["total"]
    equal((total["cost"], total["priced_jobs"]), (None, 0), "there is no sum of two currencies")
    world.admin.patch("/v1/reports/settings", {"currency": "EUR"})
    assert world.admin.get("/v1/reports/pages")["total"]["cost"] == 50, "and nothing is lost"


def supply(index, name, level, **more):
    return {"index": index, "name": name, "type": "toner", "max": 200, "level": level, "state": "level", **more}


def story_when_supplies_end(world):
    """An agent tells levels on days; what ends first is first, in the API, the table and the pages."""
    agent = PlayedAgent(world, world.admin)
    made = world.admin.post("/v1/printers", {"name": "copier", "title": "Copier", "formats": ["application/pdf"], "addresses": ["ipp://192.0.2.77/ipp"], "agent": agent.id})
    seen = {"address": "192.0.2.77", "via": ["snmp"], "identity": {"serial": "S-77"}, "printer": made["id"]}

    def tell(*supplies):
        answer = agent.call("POST", "/v1/agent/sightings", {"purpose": "supplies", "sightings": [{**seen, "supplies": list(supplies)}]})
        equal(answer["taken"], 1, "taken")

    def days_pass(count):
        """As if all of that had been so many days ago."""
        with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
            # From the oldest on, so that no day meets another.
            database.execute("UPDATE supply_level SET day = -day")
            database.execute("UPDATE supply_level SET day = -day - ?", (count,))

    for black, waste in ((200, 100), (180, 100), (160, 100)):
        tell(supply(1, "Black toner", black, colour="black"), supply(2, "Waste", waste), {"index": 3, "name": "Drum", "state": "some"})
        days_pass(2)
    tell(supply(1, "Black toner", 140, colour="black"), supply(2, "Waste", 100), {"index": 3, "name": "Drum", "state": "some"})
    today = datetime.datetime.now(datetime.timezone.utc).date()
    found = world.admin.get("/v1/reports/supplies?printer=copier")["items"]
    equal([(s["name"], s["level"]) for s in found], [("Black toner", 700), ("Waste", 500)], "what is counted, what ends first before")
    # 20 of 200 in two days: 140 are gone in fourteen.
    equal((found[0]["empty"] in (str(today + 13 * DAY), str(today + 14 * DAY)), found[1]["empty"]), (True, None), (found, "when"))
    first = world.admin.get("/v1/reports/supplies?printer=copier&limit=1")
    equal([s["name"] for s in world.admin.get("/v1/reports/supplies?printer=copier&after=" + first["next"])["items"]], ["Waste"], "the next page")
    for nobody in (ADA,):
        Judged(world, nobody).call("GET", "/v1/reports/supplies", expect=403)
    with Browser(world) as browser:
        page = browser.open("/admin/reports", demo.ADMINISTRATOR)
        page.get_by_label("Show").select_option("supplies")
        page.get_by_role("row", name=re.compile("Copier.*Black toner, black.*70 %.*about")).wait_for()
        page.get_by_role("row", name=re.compile("Waste.*not known yet")).wait_for()
        browser.axe(page)
        browser.picture(page, "reports-supplies")
        table = download(page, page.get_by_role("link", name="Table (CSV)").click).decode()
        rows = [r for r in csv.DictReader(io.StringIO(table, newline="")) if r["printer"] == "Copier"]
        equal([(r["name"], r["percent"], r["empty"]) for r in rows], [("Black toner", "70.0", found[0]["empty"]), ("Waste", "50.0", "")], "the table")
        page.goto("/admin/printers/" + made["id"])
        page.get_by_text(re.compile("Black toner is empty about")).wait_for()
        page.get_by_role("list", name="Supplies").wait_for()
        browser.axe(page)
        small = browser.open("/admin/reports?by=supplies", demo.ADMINISTRATOR, size=PHONE, language="de-DE")
        small.get_by_role("table", name="Verbrauchsmaterial").wait_for()
        browser.axe(small)
        browser.picture(small, "reports-supplies-phone-german")
    # A new cartridge: nobody knows yet. Another supply in its place begins anew, and is no formula.
    days_pass(1)
    tell(supply(1, "Black toner", 200, colour="black"), supply(2, "=Waste()", 100))
    status, _, octets = world.connection.request("GET", "/v1/reports/supplies?printer=copier&format=csv", None, {"Authorization": basic(demo.ADMINISTRATOR, demo.PASSWORD)})
    assert status == 200 and b",'=Waste()," in octets, octets
    equal([s["empty"] for s in world.admin.get("/v1/reports/supplies?printer=copier")["items"]], [None, None], "after a refill")
    world.admin.delete("/v1/printers/copier")
    equal(world.admin.get("/v1/reports/supplies")["items"], [], "gone with its printer")
