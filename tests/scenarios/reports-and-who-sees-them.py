# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""How much was printed: counted as it happens, seen by whom it concerns, taken away as a table and as a sheet."""

import csv
import io
import re
import shutil
import sqlite3
import subprocess
import uuid

from harness import demo_world as demo
from harness.client import basic, give_password
from harness.command_line import CommandLine
from harness.documents import pdf
from harness.judged import Judged
from harness.mail import MailSink, use_relay
from harness.playwright import PHONE, Browser
from harness.story import equal, says, skip

ADA, GRACE = "ada@demo.example", "grace@demo.example"
FORMULA = "=HYPERLINK(\"https://evil.example\")"


def make(world, email, role):
    made = world.admin.post("/v1/people", {"email": email, "role": role})
    give_password(world.connection, world.admin, made["id"], demo.PASSWORD)
    judged = Judged(world, email)
    judged.person = made["id"]
    return judged


def print_one(world, email, title, printer="lobby"):
    api = world.api(email)
    job = api.submit(pdf(title), name=title)
    release = api.post("/v1/releases", {"printer": printer, "jobs": [job["id"]]})
    world.wait_release(world.admin, release["id"])
    world.wait_job(world.admin, job["id"], "done")


def take(world, email, query):
    """(content type, octets) of a report."""
    status, headers, content = world.connection.request("GET", "/v1/reports/pages?" + query, None, {"Authorization": basic(email, demo.PASSWORD)})
    equal(status, 200, "%s: %r" % (query, content[:200]))
    return {k.lower(): v for k, v in headers.items()}["content-type"], content


def totals(who, query=""):
    found = who.call("GET", "/v1/reports/pages?" + query, expect=200)["total"]
    return found["jobs"], found["pages"], found["saved_jobs"]


def story_what_came_out_is_counted(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    jobs, pages, saved = totals(admin)
    mine = totals(ada)
    admin.call("PATCH", "/v1/reports/settings", {"time_zone": "Pacific/Kiritimati", "currency": "EUR", "price_grey": 20, "price_colour": 80, "price_sheet": 5}, 200)
    print_one(world, ADA, "one")
    print_one(world, ADA, "two")
    print_one(world, GRACE, "three")
    left = world.api(ADA).submit(pdf("left"))
    ada.call("DELETE", "/v1/jobs/" + left["id"], expect=204)
    equal(totals(admin), (jobs + 3, pages + 3, saved + 1), "all of it")
    equal(totals(ada), (mine[0] + 2, mine[1] + 2, mine[2] + 1), "hers")
    for by in ("day", "week", "month", "printer", "site", "queue", "person"):
        report = admin.call("GET", "/v1/reports/pages?by=" + by, expect=200)
        equal(sum(row["sums"]["pages"] for row in report["items"]), report["total"]["pages"], by)
        equal((report["by"], report["currency"]), (by, "EUR"), by)
    assert report["total"]["cost"] >= 0.06, report["total"]
    # Two days after tomorrow in Greenwich nothing is printed yet, and days are days.
    equal(totals(admin, "since=2020-02-29&until=2020-03-01"), (0, 0, 0), "long ago")
    for bad in ("since=2020-02-30", "since=x", "by=hour", "format=xls", "language=fr", "since=2020-01-01&until=2019-01-01", "since=2019-01-01&until=2020-06-01",
                "by=printer&person=me"):
        status = admin.call("GET", "/v1/reports/pages?" + bad)["status"]
        assert status in (400, 422), (bad, status)
    for bad in ({"time_zone": "Mars/Phobos"}, {"currency": "eu"}, {"job_days": 367}, {"total_days": 0}, {"job_days": 40, "total_days": 30}):
        status = admin.call("PATCH", "/v1/reports/settings", bad)["status"]
        assert status in (400, 422), (bad, status)


def story_who_sees_what(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    analyst = make(world, "counts@demo.example", "analyst")
    desk = make(world, "desk-reports@demo.example", "help-desk")
    site = admin.call("POST", "/v1/sites", {"name": "reported"}, 201)
    minder = make(world, "minder@demo.example", "person")
    admin.call("PUT", "/v1/sites/%s/administrators/%s" % (site["id"], minder.person), expect=204)
    equal(totals(minder, "by=printer"), (0, 0, 0), "nothing at his site yet")
    admin.call("PATCH", "/v1/printers/lobby", {"site": site["id"]}, 200)
    print_one(world, ADA, "at-the-site")
    equal(totals(minder, "by=printer"), (1, 1, 0), "at his site")
    equal([row["name"] for row in minder.call("GET", "/v1/reports/pages?by=site", expect=200)["items"]], ["reported"], "his site alone")
    equal(totals(admin, "by=printer&site=reported"), (1, 1, 0), "the same, for the administrator")

    def people(who):
        return repr(who.call("GET", "/v1/reports/pages?by=person", expect=200))

    for who in (admin, analyst, minder):
        words = people(who)
        assert not says(words, "ada") and world.people[ADA] not in words, words
    equal(people(analyst), people(admin), "the same pseudonyms for both")
    for query in ("by=person", "by=printer", "person=" + world.people[GRACE], "printer=lobby"):
        ada.call("GET", "/v1/reports/pages?" + query, expect=403)
        desk.call("GET", "/v1/reports/pages?" + query, expect=403)
    ada.call("GET", "/v1/reports/pages?person=me", expect=200)
    analyst.call("GET", "/v1/reports/pages?person=" + world.people[ADA], expect=403)
    ada.call("PATCH", "/v1/reports/settings", {"names": True}, 403)
    admin.call("PATCH", "/v1/reports/settings", {"names": True}, 200)
    assert ADA in people(admin) and ADA not in people(analyst) and ADA not in people(minder)
    admin.call("GET", "/v1/reports/pages?person=" + world.people[ADA], expect=200)
    admin.call("PATCH", "/v1/reports/settings", {"names": False}, 200)
    admin.call("PATCH", "/v1/printers/lobby", {"site": None}, 200)
    looks = [r for r in world.admin.all("/v1/audit/records") if r["event"] == "looked" and "/v1/reports/pages" in r["detail"]]
    assert {r["actor"]["id"] for r in looks} >= {analyst.person}, looks


def story_small_groups_stand_together(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    group = admin.call("POST", "/v1/groups", {"name": "two-of-us"}, 201)
    for person in (ADA, GRACE):
        admin.call("PUT", "/v1/groups/%s/members/%s" % (group["id"], world.people[person]), expect=204)
    found = admin.call("GET", "/v1/reports/pages?by=group", expect=200)["items"]
    assert not says(repr(found), "two-of-us") and any(row["id"] is None for row in found), found
    admin.call("PATCH", "/v1/reports/settings", {"names": True}, 200)
    found = admin.call("GET", "/v1/reports/pages?by=group", expect=200)["items"]
    assert any(row["name"] == "two-of-us" for row in found), found
    admin.call("PATCH", "/v1/reports/settings", {"names": False}, 200)


def story_a_table_is_no_program(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    for title in (FORMULA, "+1", "@SUM(1)", "-2+3", "a \"quoted\", name"):
        admin.call("PATCH", "/v1/printers/lobby", {"title": title}, 200)
        kind, octets = take(world, demo.ADMINISTRATOR, "by=printer&format=csv")
        assert kind.startswith("text/csv"), kind
        rows = list(csv.DictReader(io.StringIO(octets.decode(), newline="")))
        row = next(r for r in rows if r["id"] == world.printers["lobby"])
        equal(row["printer"], title if title[0] == "a" else "'" + title, "the cell")
        assert int(row["pages"]) >= 4 and float(row["cost"]) > 0, row
        assert octets.endswith(b"\r\n"), octets[-10:]
    admin.call("PATCH", "/v1/printers/lobby", {"title": "Lobby"}, 200)


def story_a_sheet_to_look_at(world):
    if shutil.which("pdftotext") is None or shutil.which("weasyprint") is None:
        skip("no pdftotext, or no weasyprint")
    admin = Judged(world, demo.ADMINISTRATOR)
    admin.call("PATCH", "/v1/printers/lobby", {"title": "<script>alert(1)</script> \u202eevil"}, 200)
    for query, wanted in (("by=printer&format=pdf", ("Printed pages by printer", "collected", "In all", "<script>alert(1)</script>", "EUR")),
                          ("by=day&format=pdf&language=de", ("Gedruckte Seiten nach Tagen", "abgeholte", "Zusammen")),
                          ("by=person&format=pdf", ("pseudonym",)),
                          ("since=2020-01-01&until=2020-02-01&format=pdf", ("Nothing was printed in this time.",))):
        kind, octets = take(world, demo.ADMINISTRATOR, query)
        equal(kind, "application/pdf", "its type")
        path = world.path("report.pdf")
        with open(path, "wb") as file:
            file.write(octets)
        text = " ".join(subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout.split())
        for words in wanted:
            assert words in text, (words, text)
        assert "\u202e" not in text and "ada@" not in text, text
    admin.call("PATCH", "/v1/printers/lobby", {"title": "Lobby"}, 200)


def story_from_the_command_line(world):
    line = CommandLine(world, "admin")
    line.login(demo.ADMINISTRATOR)
    out, _ = line.run("report", "pages", "--by", "printer")
    assert re.search(r"Lobby +\d+", out) and "in all" in out, out
    saved = world.path("pages.csv")
    line.run("report", "pages", "--by", "month", "--output", saved)
    with open(saved, "rb") as file:
        assert file.read().startswith(b"month,id,jobs,"), "what was saved"
    out, _ = line.run("report", "settings", "--job-days", "30", "--total-days", "90")
    assert "Pacific/Kiritimati" in out and "30" in out, out
    ada = CommandLine(world, "ada")
    ada.login(ADA)
    out, _ = ada.run("report", "pages")
    assert "in all" in out, out


def make_due(world, schedule):
    """As if its morning had come."""
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        found = database.execute("UPDATE report_schedule SET due_ms = 1 WHERE id = ?", (uuid.UUID(schedule).bytes,))
        assert found.rowcount == 1, "no schedule"


def on_the_page(world, relay):
    with Browser(world) as browser:
        page = browser.open("/admin/reports?by=queue", demo.ADMINISTRATOR)
        page.get_by_role("table", name="Pages by queue").wait_for()
        page.get_by_role("checkbox", name="Table (CSV)").check()
        page.get_by_label("To (otherwise to me)").fill("mailed@demo.example")
        page.get_by_role("button", name="Send it from now on").click()
        page.get_by_text("To mailed@demo.example").wait_for()
        page.get_by_role("button", name="Change: Pages by queue, every month").click()
        page.get_by_label("How often").select_option("daily")
        browser.axe(page)
        browser.picture(page, "reports-by-mail")
        page.get_by_role("button", name="Save").click()
        before = len(relay.to("mailed@demo.example"))
        page.get_by_role("button", name="Send now: Pages by queue, every day").click()
        equal(list(relay.wait("mailed@demo.example", before + 1).files), ["pages.csv"], "its file")
        page.get_by_role("button", name="End: Pages by queue, every day").click()
        page.get_by_text("To mailed@demo.example").wait_for(state="hidden")
        small = browser.open("/admin/reports?by=queue", demo.ADMINISTRATOR, size=PHONE, language="de-DE")
        small.get_by_role("heading", name="Als Mail").wait_for()
        browser.axe(small)
        browser.picture(small, "reports-by-mail-phone-german")


def words_of(world, octets):
    path = world.path("mailed.pdf")
    with open(path, "wb") as file:
        file.write(octets)
    return " ".join(subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout.split())


def files_come_along(world, relay, admin, ada, line):
    """The table and the sheet have the numbers that the words have; somebody else gets what he may see himself."""
    made = admin.call("POST", "/v1/report-schedules", {"period": "daily", "by": "printer", "attach": ["csv"]}, 201)
    equal(admin.call("PATCH", "/v1/report-schedules/" + made["id"], {"attach": ["csv", "pdf"] if shutil.which("weasyprint") else ["csv"]}, 200)["period"], "daily", "what was not named")
    before = len(relay.to(demo.ADMINISTRATOR))
    line.run("report-schedule", "send", made["id"])
    mail = relay.wait(demo.ADMINISTRATOR, before + 1)
    rows = list(csv.DictReader(io.StringIO(mail.files["pages.csv"], newline="")))
    row = next(r for r in rows if r["id"] == world.printers["lobby"])
    assert re.search(r"Lobby: %s pages" % row["pages"], mail.text) and int(row["pages"]) > 0, (mail.text, row)
    if shutil.which("weasyprint"):
        assert mail.files["pages.pdf"].startswith(b"%PDF"), mail.files["pages.pdf"][:20]
        words = words_of(world, mail.files["pages.pdf"])
        assert re.search(r"Lobby %s %s " % (row["jobs"], row["pages"]), words), words
    assert admin.call("GET", "/v1/report-schedules", expect=200)["items"][-1]["due"] == made["due"], "the next one comes when it would have come"
    analyst = make(world, "mailed@demo.example", "analyst")
    other = admin.call("POST", "/v1/report-schedules", {"period": "daily", "by": "person", "attach": ["csv"], "to": "mailed@demo.example"}, 201)
    admin.call("POST", "/v1/report-schedules", {"by": "person", "to": ADA}, 403)
    admin.call("POST", "/v1/report-schedules", {"to": "nobody@demo.example"}, 404)
    admin.call("POST", "/v1/report-schedules", {"attach": ["xls"]}, 400)
    ada.call("POST", "/v1/report-schedules", {"to": demo.ADMINISTRATOR}, 403)
    ada.call("PUT", "/v1/report-schedules/%s/sending" % other["id"], expect=404)
    ada.call("PATCH", "/v1/report-schedules/" + other["id"], {"attach": []}, 404)
    admin.call("PUT", "/v1/report-schedules/%s/sending" % other["id"], expect=204)
    mail = relay.wait("mailed@demo.example")
    assert not says(mail.files["pages.csv"] + mail.text, "ada"), "as he would see it"
    # What the relay refuses for good is an alert.
    relay.recipient_answers.append("550 no such mailbox")
    admin.call("PUT", "/v1/report-schedules/%s/sending" % other["id"], expect=204)
    world.wait_event("mail-refused")
    found = [a for a in admin.call("GET", "/v1/alerts?which=open", expect=200)["items"] if a["code"] == "report-not-sent"]
    equal([(a["severity"], a["description"], a["printer"], a["agent"]) for a in found], [("warning", "mail-refused", None, None)], "the alert")
    equal([s["outcome"] for s in analyst.call("GET", "/v1/report-schedules", expect=200)["items"]], ["mail-refused"], "told to whom it goes, too")
    analyst.call("DELETE", "/v1/report-schedules/" + other["id"], expect=204)
    on_the_page(world, relay)
    admin.call("DELETE", "/v1/report-schedules/" + made["id"], expect=204)


def story_it_comes_by_mail(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    ada.call("POST", "/v1/report-schedules", {"period": "daily"}, 409)  # nobody sends mail yet
    relay = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
    try:
        use_relay(world, relay)
        mine = ada.call("POST", "/v1/report-schedules", {"period": "daily"}, 201)
        his = admin.call("POST", "/v1/report-schedules", {"period": "monthly", "by": "printer", "language": "de"}, 201)
        ada.call("POST", "/v1/report-schedules", {"by": "printer"}, 403)
        admin.call("POST", "/v1/report-schedules", {"period": "hourly"}, 400)
        equal([s["id"] for s in ada.call("GET", "/v1/report-schedules", expect=200)["items"]], [mine["id"]], "hers alone")
        print_one(world, ADA, "for-the-mail")
        with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
            database.execute("UPDATE OR IGNORE report_total SET day = day - 1")  # as if that had been yesterday
        assert not mine["attach"] and mine["to"] == ADA, mine
        make_due(world, mine["id"])
        mail = relay.wait(ADA)
        equal(mail.files, {}, "words alone")
        assert mail.subject.startswith("Printed pages: 2") and re.search(r"^[1-9]\d* pages", mail.text), (mail.subject, mail.text)
        make_due(world, his["id"])
        mail = relay.wait(demo.ADMINISTRATOR)
        assert mail.subject.startswith("Gedruckte Seiten: 2") and "nichts gedruckt" in mail.text, (mail.subject, mail.text)
        equal(len(relay.to(ADA)), 1, "one a period")
        found = ada.call("GET", "/v1/report-schedules", expect=200)["items"][0]
        equal((found["outcome"], found["due"] > found["outcome_at"]), ("sent", True), "how it went")
        line = CommandLine(world, "admin")
        line.login(demo.ADMINISTRATOR)
        out, _ = line.run("report-schedule", "list")
        assert his["id"] in out and "sent" in out, out
        line.run("report-schedule", "add", "weekly", "--by", "site", "--attach", "csv,pdf")
        line.run("report-schedule", "delete", his["id"], "--yes")
        weekly = admin.call("GET", "/v1/report-schedules", expect=200)["items"]
        equal([(s["attach"], s["to"]) for s in weekly], [(["csv", "pdf"], demo.ADMINISTRATOR)], "the weekly one")
        files_come_along(world, relay, admin, ada, line)
        ada.call("DELETE", "/v1/report-schedules/" + mine["id"], expect=204)
        ada.call("DELETE", "/v1/report-schedules/" + mine["id"], expect=404)
    finally:
        relay.stop()
