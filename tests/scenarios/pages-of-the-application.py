# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The application in a real browser: how it comes, who is asked to sign in, and what its frame does by itself."""

import glob
import gzip
import os
import re

from harness import ROOT, demo_world as demo
from harness.playwright import PHONE, Browser, sign_in
from harness.story import equal

ADA = "ada@demo.example"


def paths_of_features():
    """Those that are spelt out in web/src, with something in place of what is named there."""
    for name in glob.glob(os.path.join(ROOT, "web", "src", "*", "*.ts")):
        if os.path.basename(name) in ("feature.ts", "administration.ts"):
            with open(name, encoding="utf-8") as file:
                yield from (re.sub(r":\w+", "x", path) for path in re.findall(r'\bpath: "(/[^"]*)"', file.read()))


def story_it_comes_small_and_locked(world):
    """One page under each of its addresses, with a nonce of its own; files packed, and kept as long as they are the same."""

    def get(path, method="GET", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        status, answered, content = world.connection.request_all(method, path, None, named)
        return status, dict(answered), content

    pages = [get("/"), get("/admin/printers?x=1")]
    nonces = [re.search(r'nonce="([^"]+)"', content.decode())[1] for _, _, content in pages]
    assert nonces[0] != nonces[1], "each answer has its own nonce"
    for (status, headers, _), nonce in zip(pages, nonces):
        equal((status, headers["Content-Type"], headers["Cache-Control"]), (200, "text/html; charset=utf-8", "no-store"), "the page")
        policy = headers["Content-Security-Policy"]
        assert "'nonce-%s'" % nonce in policy and "unsafe" not in policy and "require-trusted-types-for 'script'" in policy, policy
    script = re.search(r'src="(/assets/[^"]+\.js)"', pages[0][2].decode())[1]
    _, headers, plain = get(script)
    assert "immutable" in headers["Cache-Control"], "its name is its contents"
    _, packed, content = get(script, Accept_Encoding="gzip")
    equal((packed["Content-Encoding"], gzip.decompress(content)), ("gzip", plain), "the script, packed")
    equal(get(script, Accept_Encoding="gzip;q=0, br")[1]["Content-Encoding"], "br", "the coding that is wanted")
    equal(get(script, If_None_Match=headers["ETag"])[0], 304, "what is known already")
    equal(get("/nothing/of/ours")[0], 404, "another address")
    for path in sorted(paths_of_features()):
        equal((path, get(path)[0]), (path, 200), "an address that the features name")
    equal(get("/", "POST")[0], 405, "a page that is written to")


def story_who_is_nobody_signs_in_on_the_way(world):
    with Browser(world) as browser:
        page = browser.open("/jobs?x=1", ADA)
        equal(page.evaluate("location.pathname + location.search"), "/jobs?x=1", "where somebody wanted to go")
        page.goto("/")
        page.get_by_role("heading", name="Your prints").wait_for()
        browser.axe(page)
        browser.picture(page, "jobs-empty")
        page.get_by_role("button", name="Your account").click()
        page.get_by_role("menuitem", name="Deutsch").wait_for()
        browser.axe(page)
        page.get_by_role("menuitem", name="Deutsch").click()
        page.get_by_role("heading", name="Eigene Drucke").wait_for()
        equal(page.evaluate("document.documentElement.lang"), "de", "the language of the page")
        page.get_by_role("button", name="Konto").click()
        page.get_by_role("menuitem", name="API-Aufrufe").click()
        page.get_by_text(re.compile("/v1/jobs")).first().wait_for()
        browser.axe(page)
        small = browser.open("/", ADA, size=PHONE)
        small.get_by_role("heading", name="Your prints").wait_for()
        browser.axe(small)
        browser.picture(small, "jobs-empty-phone")


def story_signing_in_in_german(world):
    """The plain pages speak the language that the browser asks for, up to the application and out again."""
    with Browser(world) as browser:
        page = browser.new(size=PHONE, language="de-DE")
        page.goto("/")
        page.get_by_role("heading", name="Anmelden").wait_for()
        equal(page.evaluate("document.documentElement.lang"), "de", "the language of the page")
        browser.axe(page)
        page.get_by_label("E-Mail-Adresse").fill(ADA)
        page.get_by_role("button", name="Weiter").click()
        page.get_by_label("Passwort").fill("not this one")
        page.get_by_role("button", name="Anmelden", exact=True).first().click()
        page.get_by_text("Das stimmt nicht.").wait_for()
        browser.axe(page)
        browser.picture(page, "sign-in-phone-german")
        page.get_by_label("Passwort").fill(demo.PASSWORD)
        page.get_by_role("button", name="Anmelden", exact=True).first().click()
        page.get_by_role("heading", name="Eigene Drucke").wait_for()
        page.goto("/device")
        page.get_by_role("heading", name="Ein Gerät zulassen").wait_for()
        page.get_by_text("Angemeldet als").wait_for()
        browser.axe(page)
        page.goto("/account")
        page.get_by_role("heading", name="Eigene Passkeys").wait_for()
        browser.axe(page)


def story_a_session_that_ends_while_somebody_works(world):
    """It is said, signed in again elsewhere, and gone on: the page is the same one."""
    with Browser(world) as browser:
        page = browser.open("/", ADA)
        page.get_by_role("heading", name="Your prints").wait_for()
        page.evaluate("window.kept = 'what was typed'")
        world.admin.delete("/v1/people/%s/sessions" % ADA)
        page.get_by_role("button", name="Your account").click()
        page.get_by_role("menuitem", name="Sign out").click()
        page.get_by_role("dialog").get_by_text("Please sign in again").wait_for()
        page.get_by_role("menu").wait_for(state="hidden")
        browser.axe(page)
        opened = page.wait_for_event.later("popup")
        page.get_by_role("dialog").get_by_role("button", name="Sign in", exact=True).click()
        popup = opened.get()
        sign_in(popup, ADA)
        popup.get_by_role("heading", name="You are signed in").wait_for()
        popup.close()
        page.get_by_role("button", name="I have signed in").click()
        page.wait_for_url(re.compile("/sign-in"))


def fetched(page):
    return page.evaluate("performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)")


def story_administration_stands_under_headings(world):
    """For who administers; it folds on a phone, and nobody else fetches a line of it."""
    with Browser(world) as browser:
        page = browser.open("/admin/queues", demo.ADMINISTRATOR)
        navigation = page.get_by_role("navigation", name="Navigation")
        navigation.get_by_role("link", name="Queues").wait_for()
        equal(navigation.get_by_role("heading").all_inner_texts(), ["Devices", "Printing", "Access", "Organisation"], "the headings")
        printing = navigation.get_by_role("group", name="Printing")
        equal(printing.get_by_role("link").all_inner_texts(), ["Queues", "Policies", "Unclaimed prints", "Reports", "Copies and scans", "Retention and privacy"], "below one of them")
        equal(printing.locator("[aria-current=page]").inner_text(), "Queues", "the page that is there")
        browser.axe(page)
        browser.picture(page, "admin-queues")
        phone = browser.open("/admin/queues", demo.ADMINISTRATOR, size=PHONE, language="de-DE", colorScheme="dark")
        phone.get_by_role("button", name="Navigation").click()
        menu = phone.get_by_role("navigation", name="Navigation")
        menu.get_by_role("link", name="Warteschlangen").wait_for()
        equal(menu.get_by_role("link", name="Personen").is_visible(), False, "what is folded")
        browser.axe(phone)
        browser.picture(phone, "navigation-phone")
        menu.get_by_role("heading", name="Zugang").click()
        menu.get_by_role("link", name="Personen").click()
        phone.get_by_role("heading", level=1, name="Personen").wait_for()
        everybody = browser.open("/", ADA)
        everybody.get_by_role("heading", name="Your prints").wait_for()
        equal(everybody.get_by_role("navigation", name="Navigation").get_by_role("heading").count(), 0, "headings for who administers nothing")
        equal([path for path in fetched(everybody) if "dministration" in path], [], "what was fetched of it")
        assert any("dministration" in path for path in fetched(page)), fetched(page)
