# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The pages of people: somebody is invited, sets everything up on a phone, gets a badge from the help desk, and prints."""

import re

from harness import demo_world as demo
from harness.client import Api, give_password
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.readers import Reader
from harness.story import equal

ADMINISTRATOR = demo.ADMINISTRATOR
PASSWORD, PIN = "a goat on the hill 17", "271828"
BADGE = "04AB12CD34"
HOSTILE = "\u202eevil<script>window.ran = true</script>" + "x" * 150


def show(page, heading):
    page.get_by_role("heading", name=heading, exact=True).first().wait_for()


def story_somebody_is_invited_and_prints(world):
    """The code that a page shows opens the phone's page; password and PIN are chosen there; the badge that was added is good."""
    with Browser(world) as browser:
        page = browser.open("/admin/people", ADMINISTRATOR)
        show(page, "People")
        page.get_by_role("link", name="Ada").first().wait_for()
        browser.axe(page)
        browser.picture(page, "people")
        page.get_by_role("button", name="Add somebody").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("E-mail address").fill("mary@demo.example")
        dialog.get_by_label("Name").fill("Mary Somerville")
        browser.axe(page)
        dialog.get_by_role("button", name="Add and invite").click()
        dialog.get_by_role("button", name="Show the code").click()
        dialog.get_by_role("img", name="QR code with the invitation").wait_for()
        browser.axe(page)
        browser.picture(page, "people-invitation")
        code = dialog.locator("code").inner_text()
        dialog.get_by_role("button", name="Close").last().click()
        show(page, "Mary Somerville")

        phone = browser.new(PHONE)
        phone.goto("/set-up/invitation#%s/%s" % ("mary%40demo.example", code[:-1] + "-"))
        phone.get_by_role("button", name="Set up printing").click()
        phone.get_by_role("alert").get_by_text("The invitation does not work").wait_for()
        phone.goto("about:blank")
        phone.goto("/set-up/invitation#%s/%s" % ("mary%40demo.example", code))
        show(phone, "Welcome to printing")
        browser.axe(phone)
        browser.picture(phone, "invitation-phone")
        phone.get_by_role("button", name="Set up printing").click()
        show(phone, "Set up printing")
        browser.axe(phone)
        phone.get_by_label("New password").fill(PASSWORD)
        phone.get_by_label("The same again").fill(PASSWORD)
        phone.get_by_role("button", name="Set the password").click()
        phone.get_by_label("New PIN").fill(PIN)
        phone.get_by_role("button", name="Set the PIN").click()
        phone.get_by_text("With a badge prints come out").wait_for()
        browser.axe(phone)
        browser.picture(phone, "set-up-begin-phone")
        phone.get_by_role("button", name="Next").click()
        phone.get_by_role("link", name="Later: to my prints").click()
        show(phone, "Your prints")

        page.get_by_label("Number").fill("04:ab:12:cd:34")
        page.get_by_role("button", name="Add the badge").click()
        page.get_by_role("cell", name="…CD34").wait_for()
        browser.axe(page)
        browser.picture(page, "person")
    mary = Api(world.connection, "mary@demo.example", PASSWORD)
    me = mary.get("/v1/me")["person"]
    equal((me["has_pin"], me["pin_given"], me["password_given"], me["badges"]), (True, False, False, 1), "what she has")
    job = mary.submit(pdf("for mary"))["id"]
    Reader(world.ports["tcpconv"]).connect().sendall(("%s\r" % BADGE).encode())
    world.wait_job(mary, job, "done")


def story_a_table_is_tried_and_taken(world):
    table = "email,name,groups,badge\r\nrow1@demo.example,%s,Readers,04AA55AA55\r\nnobody,x,,\r\nrow2@demo.example,Row Two,,zz\r\n" % HOSTILE
    with Browser(world) as browser:
        page = browser.open("/admin/people/import", ADMINISTRATOR)
        show(page, "Import a table")
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": table.encode()}
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Try it").click()
        page.get_by_text("1 added, 0 changed, 0 as they were, 2 lines refused.").wait_for()
        page.get_by_role("cell", name="This is no e-mail address.").wait_for()
        page.get_by_role("cell", name="This is no badge number.").wait_for()
        equal([p for p in world.admin.all("/v1/people?search=row1@")], [], "nothing yet")
        browser.axe(page)
        browser.picture(page, "people-import")
        page.get_by_role("button", name="Import").click()
        page.get_by_text("Imported").wait_for()
        equal([p["name"] for p in world.admin.all("/v1/people?search=ROW1@")], [HOSTILE], "who was made")
        page.get_by_role("link", name="To all people").click()
        page.get_by_label(re.compile("^Search")).fill("row1@demo")
        page.get_by_role("link", name=re.compile("evil")).click()
        page.get_by_role("heading", name=re.compile("evil")).wait_for()
        browser.axe(page)
        equal(page.evaluate("window.ran ?? null"), None, "a name that is a script")
        equal(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), True, "nothing sticks out")
        page.get_by_role("button", name="Actions").click()
        page.get_by_role("menuitem", name="Erase").click()
        page.get_by_role("dialog").get_by_role("button", name="Erase").click()
        show(page, "People")
    equal([p for p in world.admin.all("/v1/people?search=row1@")], [], "who was erased")


def story_the_help_desk_sees_what_it_may(world):
    email = "desk@demo.example"
    made = world.admin.post("/v1/people", {"email": email, "name": "Desk", "role": "help-desk"})
    give_password(world.connection, world.admin, made["id"], demo.PASSWORD)
    with Browser(world) as browser:
        page = browser.open("/admin/people", email)
        show(page, "People")
        navigation = page.get_by_role("navigation", name="Navigation").inner_text()
        assert "People" in navigation and "Keys" not in navigation and "Audit" not in navigation, navigation
        equal(page.get_by_role("button", name="Add somebody").count(), 0, "buttons for who may not")
        page.get_by_label(re.compile("^Search")).fill("alan")
        page.get_by_role("link", name=re.compile("Alan")).click()
        page.get_by_role("button", name="Actions").click()
        equal(page.get_by_role("menuitem").all_inner_texts()[:1], ["Unlock after wrong guesses"], "what it may")
        equal(page.get_by_role("menuitem", name="Erase").count(), 0, "what it may not")
        page.get_by_role("menuitem", name="Unlock after wrong guesses").click()
        page.get_by_text("Unlocked.").wait_for()
        browser.axe(page)
        browser.picture(page, "person-help-desk")
