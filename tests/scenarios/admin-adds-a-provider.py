# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""An OpenID provider that other people wrote is added on the page, tried there, switched on, and somebody signs in by it."""

import re

from harness import demo_world as demo
from harness.openid import CALLBACK, Browser as Visitor, Glewlwyd
from harness.playwright import Browser
from harness.process import wait_until
from harness.story import equal

SETTINGS = {"service": {"fetch.allow": "localhost, http://127.0.0.1", "fetch.ca_file": "{world}/ca.pem"}}


def method_of(world):
    return next(one for one in world.admin.get("/v1/methods")["items"] if one["kind"] == "oidc")


def story_a_provider_is_added_tried_and_lets_somebody_in(world):
    provider = Glewlwyd(world)
    provider.start()
    provider.add_person("greta", "Greta Grün", "greta@demo.example")
    with Browser(world) as browser:
        page = browser.open("/admin/groups", demo.ADMINISTRATOR)
        page.goto("/admin/sign-in")
        page.get_by_role("button", name="Add a provider or directory").click()
        page.get_by_role("menuitem", name="OpenID provider").click()
        page.get_by_role("heading", name="Add an OpenID provider").wait_for()
        page.get_by_label("Name on the button").fill("The house")
        page.get_by_role("textbox", name="Issuer").fill(provider.issuer + "/not-there")
        page.get_by_role("textbox", name="Client id").fill(provider.client)
        page.get_by_label("Client secret").fill(provider.secret)
        page.get_by_role("button", name="All other settings").click()
        page.get_by_label("Take every address for verified").check(force=True)
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", level=1, name="The house").wait_for()
        page.get_by_role("button", name="Try it").first().click()
        page.get_by_text("It does not work yet").wait_for()
        page.get_by_role("textbox", name="Issuer").fill(provider.issuer)
        page.get_by_role("button", name="Save").click()
        wait_until(lambda: method_of(world)["settings"]["issuer"] == provider.issuer, "it is saved")
        page.get_by_role("button", name="Try it").first().click()
        page.get_by_text("It works", exact=True).wait_for()
        browser.axe(page)
        browser.picture(page, "admin-provider")
        equal(method_of(world)["enabled"], False, "it is not on before somebody says so")
        page.get_by_role("switch", name=re.compile("^On")).click(force=True)
        page.get_by_role("switch", name=re.compile("^On"), checked=True).wait_for(state="attached")
        equal(method_of(world)["enabled"], True, "it is on")
        nobody = browser.new()
        nobody.goto("/sign-in")
        nobody.locator("input[name=email]").fill("ada@demo.example")  # says whose ways in are to be shown
        nobody.locator("form button").first().click()
        nobody.get_by_text("The house").first().wait_for()

    origin = "https://localhost:%d" % world.ports["service"]
    visitor = Visitor(world.programs.authority())
    back = provider.sign_in(visitor, origin + "/v1/sign-in/oidc/" + method_of(world)["id"], "greta", origin + CALLBACK)
    equal(visitor.once(back.url).status, 302, "the way back")
    person = visitor.once(origin + "/v1/me").json()["person"]
    equal((person["email"], person["name"]), ("greta@demo.example", "Greta Grün"), "who came in")
