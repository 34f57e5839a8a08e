# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Chromium with its virtual authenticator: a passkey is made on a page of ours, and lets its owner in by itself."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from harness import authenticator as webauthn
from harness import demo_world as demo
from harness.client import give_password
from harness.documents import pdf
from harness.playwright import Browser
from harness.process import wait_until
from harness.story import equal

EMAIL = "real@demo.example"
SIGN_IN = "[data-passkey=sign-in]"
BUTTON = " button"
RELEASE = """async (body) => {
    const session = await (await fetch("/v1/sessions/current")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": session.csrf, "Idempotency-Key": crypto.randomUUID() };
    return (await fetch("/v1/releases", { method: "POST", headers, body: JSON.stringify(body) })).status;
}"""


class Device:
    """The virtual authenticator of a page's browser (Web Authentication, section 11)."""

    def __init__(self, browser, page):
        self.line = browser.devtools(page)
        self.line.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options.update({"isUserVerified": True, "automaticPresenceSimulation": True})
        self.id = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def credentials(self):
        return self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def set_verified(self, verified):
        self.line.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified})


def heading(page, words):
    page.get_by_role("heading", name=words, exact=True).first().wait_for()


def words(page):
    return page.locator("body").inner_text()


def shown(page, css):
    return page.locator(css).first().is_visible()


def click(page, css):
    page.locator(css).first().click()


def sign_in_by_password(browser, page, path="/sign-in"):
    page.goto(path)
    heading(page, "Sign in")
    page.locator("input[name=email]").fill(EMAIL)
    click(page, "button.main")
    page.locator("input[name=password]").wait_for()
    browser.picture(page, "passkey-sign-in-ways")
    page.locator("input[name=password]").fill(demo.PASSWORD)
    click(page, "form button.main")


def alarm_of(page, place):
    alarm = page.locator(place + " [role=alert]").first()
    alarm.wait_for()
    return alarm.text_content()


def story_made_on_a_page_it_lets_its_owner_in(world):
    made = world.admin.post("/v1/people", {"email": EMAIL, "name": "Real"})
    give_password(world.connection, world.admin, made["id"], demo.PASSWORD)
    with Browser(world) as browser:
        page = browser.new()
        device = Device(browser, page)
        # Nobody has a passkey here yet: it says so in words.
        page.goto("/sign-in")
        wait_until(lambda: shown(page, SIGN_IN), "the button", 20)
        browser.picture(page, "passkey-" + "sign-in")
        sign_in_by_password(browser, page, "/account")
        heading(page, "Your passkeys")
        assert "You have none yet" in words(page), words(page)
        click(page, "[data-passkey=make]" + BUTTON)
        wait_until(lambda: "made on" in words(page), "the passkey on the page", 20)
        browser.picture(page, "passkey-" + "account")
        kept = device.credentials()
        equal([(c["isResidentCredential"], c["rpId"]) for c in kept], [(True, "localhost")], "in the authenticator")
        equal(len(webauthn.from_base64url(kept[0]["userHandle"])), 32, "the user handle")
        # A second one on the same device is not made.
        click(page, "[data-passkey=make]" + BUTTON)
        assert "on this device already" in alarm_of(page, "[data-passkey=make]"), words(page)
        click(page, "footer button")
        heading(page, "You are signed out")

        # The whole way of a program: sign in with the passkey alone, and allow it.
        query = {
            "response_type": "code", "client_id": "imprimatur-cli", "redirect_uri": "http://127.0.0.1:1/callback", "state": "s",
            "code_challenge": "A" * 43, "code_challenge_method": "S256", "scope": "read",
        }
        page.goto("/oauth/authorize?" + urlencode(query))
        heading(page, "Sign in")
        wait_until(lambda: shown(page, SIGN_IN), "the button", 20)
        click(page, SIGN_IN + BUTTON)
        heading(page, "Allow this program?")
        browser.picture(page, "passkey-" + "allow")
        asked = page.wait_for_request.later(re.compile("^http://127.0.0.1:1/"))
        click(page, "button[value=deny]")
        back = asked.get().url()
        page.wait_for_url(re.compile("^chrome-error:"))  # nobody listens there
        equal(parse_qs(urlsplit(back).query)["error"], ["access_denied"], "the answer")

        # Whoever does not verify his owner is not let in.
        page.goto("/sign-in")
        heading(page, "You are signed in")
        click(page, "footer button")
        heading(page, "You are signed out")
        device.set_verified(False)
        page.goto("/sign-in")
        wait_until(lambda: shown(page, SIGN_IN), "the button", 20)
        click(page, SIGN_IN + BUTTON)
        equal(alarm_of(page, SIGN_IN), "Nothing was signed: there was no passkey, or it was not allowed.", "words")
        browser.picture(page, "passkey-" + "refused")
        device.set_verified(True)

        # As a second step beside the password, for it is asked of whoever has one.
        sign_in_by_password(browser, page, "/account")
        heading(page, "Second step")
        wait_until(lambda: shown(page, "[data-passkey=show]"), "the button", 20)
        browser.picture(page, "passkey-" + "second-step")
        click(page, "[data-passkey=show]" + BUTTON)
        heading(page, "Your passkeys")

        # Removed here, it is still in the authenticator and opens nothing.
        click(page, "ul.list form button")
        wait_until(lambda: "You have none yet" in words(page), "it is gone", 20)
        click(page, "footer button")
        heading(page, "You are signed out")
        page.goto("/sign-in")
        wait_until(lambda: shown(page, SIGN_IN), "the button", 20)
        click(page, SIGN_IN + BUTTON)
        assert "not good here" in alarm_of(page, SIGN_IN), words(page)


def story_the_page_lets_no_other_script_run(world):
    _, answered, page = world.connection.request("GET", "/sign-in", None, {})
    policy = {name.lower(): value for name, value in answered.items()}["content-security-policy"]
    assert "script-src 'self';" in policy and "connect-src 'self';" in policy and "unsafe" not in policy, policy
    _, answered, _ = world.connection.request("GET", "/oauth/authorize", None, {})
    assert "script" not in {name.lower(): value for name, value in answered.items()}["content-security-policy"], "a page without"
    status, answered, content = world.connection.request("GET", re.search(r'src="(/assets/passkey-[^"]+[.]js)"', page.decode()).group(1), None, {})
    equal((status, {k.lower(): v for k, v in answered.items()}["content-type"]), (200, "text/javascript; charset=utf-8"), "the script")
    assert b"eval(" not in content and b"innerHTML" not in content, "the script"
    with Browser(world) as browser:
        page = browser.new()
        page.goto("/sign-in")
        heading(page, "Sign in")
        ran = page.evaluate(
            "(() => { const s = document.createElement('script'); try { s.textContent = 'window.ran = true'; document.body.append(s); }"
            " catch (e) {} return !!window.ran })()"
        )
        equal(ran, False, "a script written into the page")
        assert all("TrustedScript" in complaint for complaint in browser.own.faults()), "what the browser says of it"


def story_it_lets_its_owner_in_and_a_print_comes_out(world):
    made = world.admin.post("/v1/people", {"email": "hedy@demo.example", "name": "Hedy Lamarr"})
    give_password(world.connection, world.admin, made["id"], demo.PASSWORD)
    hedy = world.api("hedy@demo.example")
    job = hedy.submit(pdf("for hedy"))["id"]
    with Browser(world) as browser:
        page = browser.open("/account", "hedy@demo.example")
        Device(browser, page)
        page.locator("[data-passkey=make] button").click()
        page.locator("ul.list form button").wait_for()
        page.context().clear_cookies()
        page.goto("/")
        page.locator("[data-passkey=sign-in] button").click()
        page.get_by_role("heading", name="Your prints").wait_for()
        browser.axe(page)
        equal(page.evaluate("(async () => (await (await fetch('/v1/sessions/current')).json()).method)()"), "passkey", "how she came in")
        status = page.evaluate("(%s)(%s)" % (RELEASE, '{"printer": "lobby", "jobs": "all"}'))
        equal(status, 201, "the release")
    world.wait_job(world.admin, job, "done")
