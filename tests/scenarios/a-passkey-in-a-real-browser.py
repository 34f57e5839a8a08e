# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Chromium with its virtual authenticator: a passkey is made on a page of ours, and lets its owner in by itself."""

import os
from urllib.parse import parse_qs, urlencode, urlsplit

from harness import authenticator as webauthn
from harness import demo_world as demo
from harness.chromium import Chromium
from harness.client import give_password
from harness.process import wait_until
from harness.story import equal

EMAIL = "real@demo.example"
SIGN_IN = "[data-passkey=sign-in]"
BUTTON = " button"


def picture(browser, name):
    """For whoever wants to look: IMPRIMATUR_PICTURES is a folder for them."""
    folder = os.environ.get("IMPRIMATUR_PICTURES")
    if folder:
        browser.screenshot(os.path.join(folder, name + ".png"))


def sign_in_by_password(browser, root, path="/sign-in"):
    browser.open(root + path)
    browser.wait_for("Sign in")
    browser.type("input[name=email]", EMAIL)
    browser.click("button.main")
    wait_until(lambda: browser.is_shown("input[name=password]"), "the field for the password", 20)
    picture(browser, "sign-in-ways")
    browser.type("input[name=password]", demo.PASSWORD)
    browser.click("form button.main")


def alarm_of(browser, place):
    css = place + " [role=alert]"
    wait_until(lambda: browser.is_shown(css), "a sentence", 20)
    return browser.run("return document.querySelector(arguments[0]).textContent", css)


def story_made_on_a_page_it_lets_its_owner_in(world):
    root = "https://localhost:%d" % world.ports["service"]
    made = world.admin.post("/v1/people", {"email": EMAIL, "name": "Real"})
    give_password(world.connection, world.admin, made["id"], demo.PASSWORD)
    with Chromium(world.path("service.pem")) as browser:
        device = browser.plug_in()
        # Nobody has a passkey here yet: it says so in words.
        browser.open(root + "/sign-in")
        wait_until(lambda: browser.is_shown(SIGN_IN), "the button", 20)
        picture(browser, "sign-in")
        sign_in_by_password(browser, root, "/account")
        browser.wait_for("Your passkeys")
        assert "You have none yet" in browser.words(), browser.words()
        browser.click("[data-passkey=make]" + BUTTON)
        wait_until(lambda: "made on" in browser.words(), "the passkey on the page", 20)
        picture(browser, "account")
        kept = browser.credentials(device)
        equal([(c["isResidentCredential"], c["rpId"]) for c in kept], [(True, "localhost")], "in the authenticator")
        equal(len(webauthn.from_base64url(kept[0]["userHandle"])), 32, "the user handle")
        # A second one on the same device is not made.
        browser.click("[data-passkey=make]" + BUTTON)
        assert "on this device already" in alarm_of(browser, "[data-passkey=make]"), browser.words()
        browser.click("footer button")
        browser.wait_for("You are signed out")

        # The whole way of a program: sign in with the passkey alone, and allow it.
        query = {
            "response_type": "code", "client_id": "imprimatur-cli", "redirect_uri": "http://127.0.0.1:1/callback", "state": "s",
            "code_challenge": "A" * 43, "code_challenge_method": "S256", "scope": "read",
        }
        browser.open(root + "/oauth/authorize?" + urlencode(query))
        browser.wait_for("Sign in")
        wait_until(lambda: browser.is_shown(SIGN_IN), "the button", 20)
        browser.click(SIGN_IN + BUTTON)
        browser.wait_for("Allow this program?")
        picture(browser, "allow")
        browser.click("button[value=deny]")
        wait_until(lambda: browser.url.startswith("http://127.0.0.1:1/"), "sent back", 20)
        equal(parse_qs(urlsplit(browser.url).query)["error"], ["access_denied"], "the answer")

        # Whoever does not verify his owner is not let in.
        browser.open(root + "/sign-in")
        browser.wait_for("You are signed in")
        browser.click("footer button")
        browser.wait_for("You are signed out")
        browser.set_verified(device, False)
        browser.open(root + "/sign-in")
        wait_until(lambda: browser.is_shown(SIGN_IN), "the button", 20)
        browser.click(SIGN_IN + BUTTON)
        equal(alarm_of(browser, SIGN_IN), "Nothing was signed: there was no passkey, or it was not allowed.", "words")
        picture(browser, "refused")
        browser.set_verified(device, True)

        # As a second step beside the password, for it is asked of whoever has one.
        sign_in_by_password(browser, root, "/account")
        browser.wait_for("Second step")
        wait_until(lambda: browser.is_shown("[data-passkey=show]"), "the button", 20)
        picture(browser, "second-step")
        browser.click("[data-passkey=show]" + BUTTON)
        browser.wait_for("Your passkeys")

        # Removed here, it is still in the authenticator and opens nothing.
        browser.click("ul.list form button")
        wait_until(lambda: "You have none yet" in browser.words(), "it is gone", 20)
        browser.click("footer button")
        browser.wait_for("You are signed out")
        browser.open(root + "/sign-in")
        wait_until(lambda: browser.is_shown(SIGN_IN), "the button", 20)
        browser.click(SIGN_IN + BUTTON)
        assert "not good here" in alarm_of(browser, SIGN_IN), browser.words()


def story_the_page_lets_no_other_script_run(world):
    root = "https://localhost:%d" % world.ports["service"]
    _, answered, _ = world.connection.request("GET", "/sign-in", None, {})
    policy = {name.lower(): value for name, value in answered.items()}["content-security-policy"]
    assert "script-src 'self';" in policy and "connect-src 'self';" in policy and "unsafe" not in policy, policy
    _, answered, _ = world.connection.request("GET", "/oauth/authorize", None, {})
    assert "script" not in {name.lower(): value for name, value in answered.items()}["content-security-policy"], "a page without"
    status, answered, content = world.connection.request("GET", "/passkey.js", None, {})
    equal((status, {k.lower(): v for k, v in answered.items()}["content-type"]), (200, "text/javascript; charset=utf-8"), "the script")
    assert b"eval(" not in content and b"innerHTML" not in content, "the script"
    with Chromium(world.path("service.pem")) as browser:
        browser.open(root + "/sign-in")
        browser.wait_for("Sign in")
        ran = browser.run(
            "const s = document.createElement('script'); try { s.textContent = 'window.ran = true'; document.body.append(s); }"
            " catch (e) {} return !!window.ran"
        )
        equal(ran, False, "a script written into the page")
