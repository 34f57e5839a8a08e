# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Reports and labels in a browser: an administrator looks, takes a report away, prints labels, and both are what they say."""

import os
import re
import shutil

from harness import demo_world as demo
from harness.codes import codes
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.story import equal, skip

ADA = "ada@demo.example"
HOSTILE = "<img src=x onerror=alert(1)>\u202e" + "W" * 120


def print_one(world, email, title):
    api = world.api(email)
    job = api.submit(pdf(title), name=title)
    api.post("/v1/releases", {"printer": "lobby", "jobs": [job["id"]]})
    world.wait_job(world.admin, job["id"], "done")


def download(page, click):
    coming = page.wait_for_event.later("download")
    click()
    with open(coming.get().path(), "rb") as file:
        return file.read()


def story_an_administrator_takes_a_report_away(world):
    print_one(world, ADA, "one")
    print_one(world, "grace@demo.example", "two")
    left = world.api(ADA).submit(pdf("left"))
    world.api(ADA).delete("/v1/jobs/" + left["id"])
    world.admin.patch("/v1/printers/lobby", {"title": HOSTILE})
    with Browser(world) as browser:
        page = browser.open("/admin/reports", demo.ADMINISTRATOR)
        page.get_by_role("heading", name="Reports").wait_for()
        page.get_by_role("table", name="Pages by day").wait_for()
        page.locator(".uplot canvas").wait_for()
        browser.axe(page)
        browser.picture(page, "reports")
        table = download(page, page.get_by_role("link", name="Table (CSV)").click).decode()
        assert table.startswith("day,id,jobs,") and re.search(r"\d{4}-\d\d-\d\d,,2,2,", table), table
        page.get_by_label("Show").select_option("printer")
        page.get_by_role("row", name=re.compile("onerror")).wait_for()
        assert "by=printer" in page.url(), page.url()
        browser.axe(page)
        browser.picture(page, "reports-by-printer")
        table = download(page, page.get_by_role("link", name="Table (CSV)").click).decode()
        assert world.printers["lobby"] in table, table
        page.get_by_label("Show").select_option("person")
        page.get_by_text(re.compile("under a pseudonym")).wait_for()
        assert page.get_by_text(ADA).count() == 0, "a name"
        page.get_by_label("From").fill("2020-01-01")
        page.get_by_label("To", exact=True).fill("2020-01-31")
        page.get_by_text("Nothing was printed in this time").wait_for()
        browser.axe(page)
        if os.path.exists("/usr/bin/weasyprint"):
            assert download(page, page.get_by_role("link", name="Sheet (PDF)").click).startswith(b"%PDF"), "the sheet"
        # Nobody sends mail here; where somebody does, reports-and-who-sees-them reads it.
        page.get_by_label(re.compile("Send “Pages by")).select_option("weekly")
        page.get_by_role("button", name="Send it from now on").click()
        page.get_by_role("alert").get_by_text("the service sends none").wait_for()
        small = browser.open("/admin/reports?by=printer", demo.ADMINISTRATOR, size=PHONE)
        small.get_by_role("row", name=re.compile("onerror")).wait_for()
        browser.axe(small)
        browser.picture(small, "reports-phone")
        german = browser.open("/me/printing", ADA, language="de-DE")
        german.get_by_role("heading", name="Mein Druckverbrauch").wait_for()
        german.get_by_role("table", name="Seiten nach Tagen").wait_for()
        equal(german.get_by_label("Anzeigen").locator("option").count(), 3, "by time alone")
        browser.axe(german)
        browser.picture(german, "my-printing-german")
    world.admin.patch("/v1/printers/lobby", {"title": "Lobby"})


def story_names_and_days_are_set(world):
    with Browser(world) as browser:
        page = browser.open("/admin/retention", demo.ADMINISTRATOR)
        page.get_by_label("Time zone").fill("Mars/Phobos")
        browser.axe(page)
        browser.picture(page, "retention")
        page.get_by_role("button", name="Save").last().click()
        page.get_by_role("alert").get_by_text("A value is not possible like this").wait_for()
        equal(page.get_by_label("Time zone").input_value(), "Mars/Phobos", "nothing that was typed is lost")
        page.get_by_label("Time zone").fill("Europe/Berlin")
        page.get_by_label("People stand in reports by name").check(force=True)
        page.get_by_label("Currency").fill("eur")
        page.get_by_label("A page in colour").fill("0.08")
        page.get_by_role("button", name="Save").last().click()
        page.get_by_text("Saved").first().wait_for()
        found = world.admin.get("/v1/reports/settings")
        equal((found["names"], found["time_zone"], found["currency"], found["price_colour"]), (True, "Europe/Berlin", "EUR", 80), "as it was set")
        page.goto("/admin/reports?by=person")
        page.get_by_role("row", name=re.compile(ADA)).wait_for()
        page.get_by_label("A print waits for (hours)").count()
    world.admin.patch("/v1/reports/settings", {"names": False})


def story_labels_come_out_of_the_printer(world):
    if shutil.which("zbarimg") is None or not os.path.exists("/usr/bin/weasyprint"):
        skip("no zbarimg, or no weasyprint")
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.open("/admin/labels", demo.ADMINISTRATOR)
        page.get_by_label("Search").fill("lobb")
        page.get_by_role("checkbox", name=re.compile("Lobby")).check()
        page.get_by_label("Search").fill("")
        page.get_by_role("checkbox", name=re.compile("Lab")).check()
        page.get_by_text("2 printers are chosen.").wait_for()
        browser.axe(page)
        browser.picture(page, "labels")
        saved = download(page, page.get_by_role("button", name="Save as PDF").click)
        assert saved.startswith(b"%PDF"), saved[:20]
        page.get_by_label("Sheet", exact=True).select_option("a4-2x4")
        page.get_by_label("Or print at").select_option(world.printers["lobby"])
        page.get_by_role("button", name="Print", exact=True).click()
        page.get_by_text(re.compile(r"The labels are print \d+")).wait_for()
        browser.axe(page)
        small = browser.open("/admin/labels", demo.ADMINISTRATOR, size=PHONE, language="de-DE")
        small.get_by_role("heading", name="Etiketten").wait_for()
        small.get_by_role("checkbox").first().wait_for()
        browser.axe(small)
        browser.picture(small, "labels-phone-german")
    path = world.path("paper.pdf")
    with open(path, "wb") as file:
        file.write(world.wait_paper("lobby", before + 1)[-1])
    equal(sorted(address.rsplit("/", 1)[1] for address in codes(path)), sorted([world.printers["lobby"], world.printers["lab"]]), "read off the paper")
