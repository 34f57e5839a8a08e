# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The portal: what waits is found, changed and released on its pages, from a desk and from a phone, and comes out on paper."""

import re

from harness.camera import film_of_code
from harness.documents import pdf
from harness.panels import Panel
from harness.playwright import PHONE, Browser
from harness.process import wait_until
from harness.renderer import drawn, numbered, words
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"


def clear(world, email=ADA):
    for job in world.api(email).jobs(state="held"):
        world.api(email).delete("/v1/jobs/" + job["id"])


def held(world, pages=4, name="four pages", email=ADA):
    """A held job that has been looked into."""
    api = world.api(email)
    job = api.call("POST", "/v1/jobs?queue=pull&name=" + name.replace(" ", "%20"), numbered(pages), content_type="application/pdf")["id"]
    wait_until(lambda: api.job(job)["inspection"]["state"] != "waiting", "the inspection of " + job, seconds=60)
    return job


def order(document):
    return [sorted(int(word[1:]) for word in side) for side in words(document)]


def story_all_is_printed_by_the_code_on_the_printer(world):
    """A phone's camera reads it; one press, and both documents lie in the tray."""
    clear(world)
    held(world, name="first"), held(world, name="second")
    before = len(world.paper("lobby"))
    film = film_of_code(world.path(), "https://localhost:%d/printers/%s" % (world.ports["service"], world.printers["lobby"]))
    with Browser(world, camera=film) as browser:
        page = browser.open("/", ADA, size=PHONE)
        page.get_by_role("link", name="first").wait_for()
        page.get_by_text("4 pages").first().wait_for()
        browser.axe(page)
        browser.picture(page, "jobs-phone")
        page.get_by_role("link", name="Print all").click()
        page.get_by_role("button", name="Scan the code").wait_for()
        page.get_by_role("button", name="Lobby", exact=False).first().wait_for()
        browser.axe(page)
        browser.picture(page, "release-phone")
        page.get_by_role("button", name="Scan the code").click()
        page.get_by_role("heading", name="Lobby").wait_for()
        page.get_by_role("button", name="Print all 2 here").wait_for()
        browser.axe(page)
        browser.picture(page, "release-here-phone")
        page.get_by_role("button", name="Print all 2 here").click()
        page.get_by_text("All 2 are printed.").wait_for()
        browser.axe(page)
        browser.picture(page, "release-done-phone")
    world.wait_paper("lobby", count=before + 2)
    equal(len(world.paper("lobby")), before + 2, "documents in the tray")


def story_a_swapped_sticker_leads_nowhere(world):
    film = film_of_code(world.path(), "https://evil.example/printers/" + world.printers["lobby"])
    with Browser(world, camera=film) as browser:
        page = browser.open("/release", ADA, size=PHONE)
        page.get_by_role("button", name="Scan the code").click()
        page.get_by_text("This is no printer of this service").wait_for()
        browser.axe(page)
        equal(page.evaluate("location.pathname"), "/release", "where we are")


def story_who_must_be_there_shows_the_code_of_the_panel(world):
    clear(world)
    held(world, name="only who is there")
    here, there = Panel(world, name="here"), Panel(world, "lab", name="there")
    world.admin.patch("/v1/tenant/panels", {"presence": True})
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.open("/printers/lobby?code=" + there.look().code, ADA, size=PHONE)
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("This code is another printer's").wait_for()
        browser.axe(page)
        page.get_by_label("Code on the printer's panel").fill(here.look().code.lower())
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("It is printed.").wait_for()
    world.admin.patch("/v1/tenant/panels", {"presence": False})
    world.wait_paper("lobby", count=before + 1)


def story_options_that_are_chosen_on_the_page_are_on_the_paper(world):
    clear(world)
    job = held(world)
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.open("/", ADA)
        page.get_by_role("link", name="four pages").click()
        page.get_by_role("heading", name="How it is printed").wait_for()
        page.get_by_role("img", name="Page 1 of 4").wait_for()
        page.keyboard.press("ArrowRight")
        page.get_by_role("img", name="Page 2 of 4").wait_for()
        for label, choice in (("Pages on a side", "2 pages"), ("Colour", "Black and white")):
            page.get_by_role("combobox", name=label).click()
            page.get_by_role("option", name=choice).click()
        page.get_by_label("Which pages").fill("2, 3-")
        page.get_by_label("Which pages").fill("3-2")
        page.get_by_text("Pages and ranges in rising order").wait_for()
        page.get_by_label("Which pages").fill("2-3")
        browser.axe(page)
        browser.picture(page, "job")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved").wait_for()
        equal(world.api(ADA).job(job)["ticket"], {"number_up": 2, "print_color_mode": "monochrome", "page_ranges": "2-3"}, "its ticket")
        page.get_by_role("button", name="Keep longer").click()
        page.get_by_text("Kept longer").wait_for()
        page.get_by_role("link", name="Print", exact=True).click()
        page.get_by_role("link", name="Another printer").or_(page.get_by_role("textbox", name="Find a printer")).first().click()
        page.get_by_role("textbox", name="Find a printer").fill("ground")
        page.get_by_role("button", name="Laboratory", exact=False).first().wait_for(state="hidden")
        page.get_by_role("button", name="Lobby", exact=False).first().click()
        page.get_by_role("button", name="Print it here").click()
        page.get_by_text("It is printed.").wait_for()
        page.get_by_role("link", name="Your prints").last().click()
        page.get_by_role("tab", name="Past").click()
        page.get_by_role("link", name="four pages").first().click()
        page.get_by_text("Lobby has said that it came out.").wait_for()
        browser.axe(page)
        browser.picture(page, "job-printed")
    octets = world.wait_paper("lobby", count=before + 1)[-1]
    equal(order(octets), [[2, 3]], "pages, two on a side")
    equal(drawn(octets).is_grey(), True, "grey")


def story_what_a_printer_cannot_do_is_said_before(world):
    """The library has neither colour nor a second side; it is said, refused, and printed as it can at one's word."""
    clear(world)
    job = held(world)
    world.api(ADA).patch("/v1/jobs/" + job, {"ticket": {"sides": "two-sided-long-edge"}})
    before = len(world.paper("library"))
    with Browser(world) as browser:
        page = browser.open("/printers/library?jobs=" + job, ADA)
        page.get_by_text(re.compile("Sides: One-sided")).wait_for()
        page.get_by_role("button", name="Print it here").click()
        page.get_by_role("dialog").get_by_text("This printer cannot do all of it").wait_for()
        browser.axe(page)
        browser.picture(page, "release-cannot")
        page.get_by_role("button", name="Print as it can").click()
        page.get_by_text("Sent; the printer does not tell more").wait_for()
    world.wait_paper("library", count=before + 1)


def story_nobody_knows_whether_it_printed(world):
    """Its owner is asked, once each way: it is there; it is not, and is printed again."""
    clear(world)
    before = len(world.paper("lab"))
    ada = world.api(ADA)
    with Browser(world) as browser:
        page = browser.open("/", ADA)
        for answer in ("Yes, it is there", "No, print again"):
            job = ada.submit(pdf(answer, size=300_000), name=answer)["id"]
            world.sim.temper("lab", "rst", after=1000)
            page.goto("/printers/lab?jobs=" + job)
            page.get_by_role("button", name="Print it here").click()
            page.get_by_role("button", name=answer).wait_for()
            browser.axe(page)
            browser.picture(page, "did-it-print")
            world.sim.normal("lab")
            equal(ada.job(job)["delivery"]["state"], "uncertain", "the delivery")
            page.goto("/")
            page.get_by_role("button", name=answer).click()
            if answer.startswith("Yes"):
                world.wait_job(ada, job, "done")
                continue
            page.get_by_text("It is printed once more.").wait_for()
            page.get_by_role("button", name="Laboratory", exact=False).first().click()
            page.get_by_role("button", name="Print it here").click()
            page.get_by_text("It is printed.").wait_for()
    equal(len(world.paper("lab")) - before >= 1, True, "paper")


def story_hostile_titles_stay_words(world):
    clear(world)
    ada = world.api(ADA)
    ada.submit(pdf("script"), name="<img src=x onerror=alert(1)>")
    ada.submit(pdf("turned"), name="invoice\u202efdp.exe")
    ada.submit(pdf("long"), name="W" * 250)
    with Browser(world) as browser:
        for size in (None, PHONE):
            page = browser.open("/", ADA, size=size)
            page.get_by_text("<img src=x onerror=alert(1)>").wait_for()
            equal(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), True, "nothing sticks out")
            equal(page.evaluate("document.querySelectorAll('main li').length"), 3, "rows")
            browser.axe(page)
            page.get_by_role("link", name="W" * 100, exact=False).click()
            page.get_by_role("heading", name="How it is printed").wait_for()
            equal(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), True, "nothing sticks out of its page")
            browser.axe(page)
    clear(world)


def story_german(world):
    clear(world)
    held(world, name="Brief")
    before = len(world.paper("lobby"))
    with Browser(world) as browser:
        page = browser.open("/", ADA, language="de-DE")
        page.get_by_role("heading", name="Eigene Drucke").wait_for()
        page.get_by_text("4 Seiten").first().wait_for()
        page.goto("/release")
        page.get_by_role("button", name="Lobby", exact=False).first().click()
        page.get_by_role("button", name="Hier drucken").click()
        page.get_by_text("Es ist gedruckt.").wait_for()
        browser.axe(page)
    world.wait_paper("lobby", count=before + 1)
