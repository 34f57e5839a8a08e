# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The pages of rules: groups, ways to sign in, registrations, programs, settings, notices, keys, the trail, organisations."""

import re

from harness import demo_world as demo, slapd
from harness.documents import pdf
from harness.playwright import PHONE, Browser
from harness.process import wait_until
from harness.story import equal, skip

SETTINGS = {"service": {"directory.allow": "127.0.0.1"}}
HOSTILE = "\u202egroup<img src=x onerror=window.ran=true>" + "y" * 150
PAGES = {
    "groups": "Groups", "sign-in": "Sign-in", "registrations": "Registrations", "programs": "Programs", "settings": "Settings",
    "mail": "Notices", "keys": "Keys", "audit": "Audit",
}


def show(page, heading):
    page.get_by_role("heading", name=heading, exact=True).first().wait_for()


def fits(page):
    equal(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), True, "nothing sticks out of " + page.url())


def look(browser, page, name):
    browser.axe(page)
    fits(page)
    browser.picture(page, name)


def story_every_page_can_be_used_by_everybody(world):
    """Light on a screen, dark on a phone, in both languages; a hostile name stays a name."""
    world.admin.post("/v1/groups", {"name": HOSTILE})
    world.admin.post("/v1/alert-routes", {"title": HOSTILE, "kind": "webhook", "to": "https://hook.example/" + "z" * 200})
    world.admin.post("/v1/clients", {"title": HOSTILE, "kind": "machine", "scope": "print"})
    with Browser(world) as browser:
        page = browser.open("/admin/groups", demo.ADMINISTRATOR)
        phone = browser.open("/admin/groups", demo.ADMINISTRATOR, size=PHONE, language="de-DE", colorScheme="dark")
        for path, heading in PAGES.items():
            page.goto("/admin/" + path)
            show(page, heading)
            page.locator("[aria-busy=true]").first().wait_for(state="detached")
            look(browser, page, "admin-" + path)
            phone.goto("/admin/" + path)
            phone.locator("h1").wait_for()
            phone.locator("[aria-busy=true]").first().wait_for(state="detached")
            look(browser, phone, "admin-%s-phone" % path)
        for one in (page, phone):
            equal(one.evaluate("window.ran ?? null"), None, "a name that is a script")


def story_a_directory_is_added_and_tried(world):
    if not slapd.present():
        skip("slapd is not installed")
    directory = slapd.Slapd(world, slapd.person("trude", name="Trude Hopper"))
    settings = slapd.settings(world, directory.ldaps)
    try:
        with Browser(world) as browser:
            page = browser.open("/admin/groups", demo.ADMINISTRATOR)
            page.goto("/admin/sign-in")
            page.get_by_role("button", name="Add a provider or directory").click()
            page.get_by_role("menuitem", name="Directory").click()
            show(page, "Add a directory")
            page.get_by_label("Name on the button").fill("The directory")
            page.get_by_role("textbox", name="Servers", exact=True).fill(settings["servers"][0])
            page.get_by_role("textbox", name="Base", exact=True).fill(settings["base"])
            page.get_by_label("Certificate of its authority").fill(settings["ca"])
            page.get_by_label(re.compile("^Account that looks")).fill(settings["bind_name"])
            page.get_by_label("Password of the account").fill("not the one")
            page.get_by_role("button", name="Save").click()
            show(page, "The directory")
            page.get_by_role("button", name="Try it").first().click()
            page.get_by_text("It does not work yet").wait_for()
            page.get_by_label("Password of the account").fill(slapd.SERVICE_PASSWORD)
            page.get_by_role("button", name="Save").click()
            wait_until(lambda: page.get_by_label("Password of the account").input_value() == "", "the secret gone from the page", 20)
            page.get_by_role("button", name="Try it").first().click()
            page.get_by_text("It works", exact=True).wait_for()
            look(browser, page, "admin-directory")
            page.get_by_role("button", name="Try it").last().click()
            page.get_by_text("Nothing was changed; this is what would be.").wait_for()
            page.get_by_text("made trude@").wait_for()
            made = next(m for m in world.admin.get("/v1/methods")["items"] if m["kind"] == "ldap")
            equal((made["enabled"], made["settings"]), (False, {k: v for k, v in settings.items() if k != "timeout_ms"}), "what was saved")

            others = [m["id"] for m in world.admin.get("/v1/methods")["items"] if m["kind"] in ("pin", "code", "passkey")]
            for method in others:
                world.admin.patch("/v1/methods/" + method, {"enabled": False})
            page.goto("/admin/sign-in")
            page.get_by_role("switch", name="Password: on").click(force=True)
            page.get_by_role("alert").wait_for()
            equal(page.get_by_role("switch", name="Password: on").is_checked(), True, "the last way in")
            for method in others:
                world.admin.patch("/v1/methods/" + method, {"enabled": True})
    finally:
        directory.stop()


def story_the_trail_finds_what_was_done(world):
    """A group is made on its page, a job is deleted by its owner; both are found by who and what, also on the next page."""
    ada = world.api("ada@demo.example")
    job = ada.submit(pdf("for the trail"))["id"]
    ada.delete("/v1/jobs/" + job)
    with Browser(world) as browser:
        page = browser.open("/admin/groups", demo.ADMINISTRATOR)
        page.get_by_label("Name of a new group").fill("Readers of the trail")
        page.get_by_role("button", name="Add the group").click()
        page.get_by_role("link", name="Readers of the trail").click()
        show(page, "Readers of the trail")
        page.get_by_role("combobox", name="Put somebody into it").fill("grace")
        page.get_by_role("option", name=re.compile("Grace")).click()
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_role("cell", name="grace@demo.example", exact=True).wait_for()
        look(browser, page, "admin-group")
        page.goto("/admin/audit")
        page.get_by_label("Event").fill("group-")
        page.get_by_role("button", name=re.compile("^group-made|^group-added|^group")).first().click()
        page.get_by_role("button", name="Everything by this actor").click()
        page.wait_for_url(re.compile("actor="))
        look(browser, page, "admin-audit-found")
        page.goto("/admin/audit?subject=" + job)
        page.get_by_role("button", name=re.compile("^job-deleted")).wait_for()
        equal(page.get_by_role("button", name=re.compile("^job-held")).count(), 1, "the same job's beginning")
        page.goto("/admin/audit?event=%3Cscript%3E&since=2026-99")
        show(page, "Audit")
        page.get_by_role("button", name=re.compile("^audit|^signed-in|^job")).first().wait_for()


def story_a_key_is_exchanged_while_the_page_is_open(world):
    with Browser(world) as browser:
        page = browser.open("/admin/keys", demo.ADMINISTRATOR)
        page.get_by_role("button", name="New version").click()
        page.get_by_role("dialog").get_by_role("button", name="New version").click()
        page.get_by_role("rowheader", name=re.compile("^2")).wait_for()
        page.get_by_role("button", name="Make the authority").click()
        page.get_by_role("button", name="Save the root (PEM)").wait_for()
        look(browser, page, "admin-keys-exchange")


def story_an_operator_makes_and_ends_an_organisation(world):
    with Browser(world) as browser:
        page = browser.open("/admin/tenants", None)
        page.locator("input[name=email]").fill(demo.OPERATOR)
        page.locator("form button").first().click()
        page.locator("input[name=password]").fill(demo.PASSWORD)
        page.locator("input[name=password]").press("Enter")
        show(page, "Organisations")
        look(browser, page, "admin-tenants")
        page.get_by_role("button", name="Add an organisation").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Short name").fill("brief")
        dialog.get_by_label("First administrator").fill("jo@brief.example")
        dialog.get_by_role("button", name="Add an organisation").click()
        dialog.get_by_text("This is shown once.").wait_for()
        browser.axe(page)
        dialog.get_by_role("button", name="Close").last().click()
        page.get_by_role("link", name="brief").click()
        show(page, "brief")
        look(browser, page, "admin-tenant")
        page.get_by_role("button", name="Delete", exact=True).click()
        dialog.get_by_label(re.compile("^Type brief")).fill("brie")
        equal(dialog.get_by_role("button", name="Delete").is_disabled(), True, "the wrong name")
        dialog.get_by_label(re.compile("^Type brief")).fill("brief")
        dialog.get_by_role("button", name="Delete").click()
        dialog.wait_for(state="hidden")
    equal([t["state"] for t in world.operator.all("/v1/tenants") if t["name"] == "brief" and t["state"] != "deleting"], [], "what is left")
