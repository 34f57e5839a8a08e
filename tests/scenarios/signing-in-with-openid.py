# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Sign-in by OpenID Connect, with providers that other people wrote and one that lies."""

import json
import time
import urllib.parse

from harness import browser as pages, demo_world as demo
from harness.client import Api, Refused
from harness.openid import CALLBACK, Browser, Glewlwyd, LyingProvider, NodeProvider, encode
from harness.process import wait_until
from harness.story import equal

SETTINGS = {
    "service": {
        "fetch.allow": "localhost, http://127.0.0.1",
        "fetch.ca_file": "{world}/ca.pem",
        "oidc.check_least": "1s",
        "oidc.keys_again": "0s",
        "oauth.device_interval": "1s",
    }
}

OFFLINE = {"prompt": "consent"}  # without it there is no token to ask again with (OpenID Connect Core, section 11)


def origin(world):
    return "https://localhost:%d" % world.ports["service"]


def add_method(world, provider, **settings):
    own = {"issuer": provider.issuer, "client_id": provider.client, "client_authentication": provider.kind}
    made = world.api(demo.ADMINISTRATOR).post("/v1/methods", {
        "kind": "oidc", "title": "The provider", "enabled": True, "settings": dict(own, **settings),
        "secret": provider.secret})
    return made["id"]


def begin_url(world, method, **more):
    return "%s/v1/sign-in/oidc/%s%s" % (origin(world), method, "?" + urllib.parse.urlencode(more) if more else "")


def new_browser(world):
    return Browser(world.programs.authority())


def come_in(world, browser, provider, method, who, **more):
    """Whoever signs in at the provider and comes back to us; the answer of the callback."""
    callback = origin(world) + CALLBACK
    back = provider.sign_in(browser, begin_url(world, method, **more), who, callback)
    assert back.url.startswith(callback), (back.status, back.url, back.body)
    return browser.once(back.url)


def me(world, browser):
    """Who the browser is for us; None where it is nobody."""
    answer = browser.once(origin(world) + "/v1/me")
    if answer.status == 401:
        return None
    assert answer.status == 200, (answer.status, answer.body)
    return answer.json()


def post(world, browser, path):
    """As a page of ours does it, with the token that only such a page knows."""
    csrf = browser.once(origin(world) + "/v1/sessions/current").json()["csrf"]
    headers = {"X-CSRF-Token": csrf, "Origin": origin(world)}
    return browser.once(origin(world) + path, method="POST", headers=headers)


def events(world, kind):
    return [e for e in world.api(demo.ADMINISTRATOR).all("/v1/audit/records") if e["event"] == kind]


def groups_of(world, person):
    return sorted(g["name"] for g in world.api(demo.ADMINISTRATOR).get("/v1/people/%s/groups" % person)["items"])


def story_somebody_signs_in_at_oidc_provider_stays_and_leaves(world):
    provider = NodeProvider(world)
    wanda = {"email": "wanda@demo.example", "email_verified": True, "name": "Wanda Wright", "department": "Sales",
             "groups": ["sales", "berlin"]}
    provider.people(wanda=wanda)
    method = add_method(world, provider, parameters=OFFLINE, check_every=1)
    provider.start(method)
    tried = world.api(demo.ADMINISTRATOR).call("POST", "/v1/methods/%s/try" % method)
    assert "2 keys" in json.dumps(tried), tried

    browser = new_browser(world)
    assert me(world, browser) is None
    answer = come_in(world, browser, provider, method, "wanda", return_to="/device?user_code=x")
    assert answer.status == 302 and answer.header("Location") == "/device?user_code=x", (answer.status, answer.body)
    person = me(world, browser)["person"]
    assert (person["email"], person["name"], person["department"], person["role"]) == (
        "wanda@demo.example", "Wanda Wright", "Sales", "person"), person
    made = [e for e in events(world, "person-made") if e["subject"] == person["id"]]
    assert len(made) == 1 and method in made[0]["detail"] and made[0]["via"] == "page", made

    # Who always wants to be asked for the company is remembered by the browser that comes back from the provider.
    def remembers(answer):
        return [v.split(";")[0] for n, v in answer.headers if n.lower() == "set-cookie" and v.startswith("__Host-imprimatur-company=")]

    equal(remembers(answer), [], "at first")
    mine = browser.once(origin(world) + "/v1/sessions/current").json()["csrf"]
    changed = browser.once(origin(world) + "/v1/me", "PATCH", b'{"always_company_code": true}',
                           {"X-CSRF-Token": mine, "Origin": origin(world), "Content-Type": "application/json"})
    equal(changed.status, 200, "set")
    equal(remembers(come_in(world, new_browser(world), provider, method, "wanda")), ["__Host-imprimatur-company=1"], "by way of the provider")

    # The provider knows better by now, and it is the same person.
    wanda.update(name="Wanda Wolf", department="Marketing", groups=["marketing"])
    provider.people(wanda=wanda)
    again = new_browser(world)
    assert come_in(world, again, provider, method, "wanda").status == 302
    assert me(world, again)["person"] == dict(person, name="Wanda Wolf", department="Marketing")

    # Asked again and again, the provider says yes, and the sessions stay.
    wait_until(lambda: provider.asked_again() >= 4, "the provider being asked again", pause=0.1)
    assert me(world, browser) and me(world, again)

    # Who leaves here is sent to leave there, and that ends here what stands on it.
    left = post(world, again, "/v1/sign-in/oidc/leave")
    assert left.status == 200 and me(world, again) is None, left.body
    location = left.json()["location"]
    assert location.startswith(provider.issuer + "/session/end?"), location
    assert "id_token_hint=" in location and "post_logout_redirect_uri=" in location
    left = [e for e in events(world, "session-ended") if e["actor"]["id"] == person["id"]]
    assert left and (left[-1]["via"], left[-1]["source"]) == ("page", "127.0.0.1"), left
    leave_there(again, provider, location)
    assert me(world, browser)

    # Removed at the provider: with the next question it is over.
    provider.people()
    wait_until(lambda: me(world, browser) is None, "the end of the session", seconds=20, pause=0.1)
    over = [e for e in events(world, "sign-in-over") if e["subject"] == person["id"]]
    assert over and "provider-refused" in over[0]["detail"], over
    back = provider.sign_in(new_browser(world), begin_url(world, method), "wanda", origin(world) + CALLBACK)
    assert back.parameter("error") == "access_denied", back.url


def story_groups_of_the_provider_give_roles_and_take_them_back(world):
    """npm's oidc-provider; asked again while somebody stays signed in."""
    provider = NodeProvider(world)
    rosa = {"email": "rosa@demo.example", "email_verified": True, "name": "Rosa Roth", "department": "IT", "groups": ["it"]}
    roles = {"Print admins": "administrator", "desk": "help-desk"}
    admin = world.api(demo.ADMINISTRATOR)
    provider.people(rosa=rosa)
    method = add_method(world, provider, parameters=OFFLINE, check_every=1, roles=roles)
    provider.start(method)
    browser = new_browser(world)
    assert come_in(world, browser, provider, method, "rosa").status == 302
    rosa_id = me(world, browser)["person"]["id"]

    def role():
        person = admin.get("/v1/people/" + rosa_id)
        equal(person["role_from_groups"], person["role"] != "person", "where it is from")
        return person["role"]

    def become(groups, wanted):
        rosa["groups"] = groups
        provider.people(rosa=rosa)
        wait_until(lambda: role() == wanted, "the role %s by %r" % (wanted, groups), seconds=20, pause=0.1)

    equal(role(), "person", "the role by another group")
    people = origin(world) + "/v1/people"
    equal(browser.once(people).status, 403, "a person who lists people")
    become(["it", "desk"], "help-desk")
    equal(browser.once(people).status, 200, "the help desk lists people")
    become(["Print admins", "desk"], "administrator")
    become(["it"], "person")
    equal(browser.once(people).status, 403, "a person again")
    said = [e["detail"] for e in events(world, "person-changed") if e["subject"] == rosa_id and "by=groups" in (e["detail"] or "")]
    equal([s.split()[0] for s in said], ["role=help-desk", "role=administrator", "role=person"], "the events")
    assert all(method in s for s in said), said

    # By hand, whatever the groups say; until it is left to them again.
    admin.patch("/v1/people/" + rosa_id, {"role": "person"})
    asked = provider.asked_again()
    rosa["groups"] = ["Print admins"]
    provider.people(rosa=rosa)
    wait_until(lambda: provider.asked_again() >= asked + 3, "the provider being asked again", pause=0.1)
    equal(role(), "person", "the role that was given by hand")
    admin.patch("/v1/people/" + rosa_id, {"role": "by-groups"})
    wait_until(lambda: role() == "administrator", "the role by groups again", seconds=20, pause=0.1)
    admin.delete("/v1/methods/" + method)
    equal(role(), "person", "the role when the method is gone")


def leave_there(browser, provider, location):
    """The provider asks whether he is sure; the test presses the button."""
    page = browser.go(location)
    assert page.status == 200, page.body
    secret = page.body.decode().split('name="xsrf" value="')[1].split('"')[0]
    body = urllib.parse.urlencode({"xsrf": secret, "logout": "yes"})
    done = browser.once(provider.issuer + "/session/end/confirm", method="POST", body=body,
                        headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert done.status in (302, 303), (done.status, done.body)
    return done


def story_who_signs_out_at_the_provider_is_out_here(world):
    provider = NodeProvider(world)
    provider.people(carl={"email": "carl@demo.example", "email_verified": True, "name": "Carl"})
    method = add_method(world, provider)
    provider.start(method)
    browser, other = new_browser(world), new_browser(world)
    for one in (browser, other):
        assert come_in(world, one, provider, method, "carl").status == 302
        assert me(world, one)["person"]["name"] == "Carl"
    # By the back channel: the browser of that sign-in does not come to us at all.
    leave_there(browser, provider, provider.issuer + "/session/end")
    wait_until(lambda: me(world, browser) is None, "the end of the session", seconds=20, pause=0.05)
    equal([e["detail"] for e in events(world, "sessions-ended")][-1:], ["by=provider"], "the record of it")
    assert me(world, other)

    for token in ("", "a.b.c", encode({"alg": "none"}) + "." + encode({"iss": provider.issuer}) + "."):
        answer = new_browser(world).once(
            "%s/v1/sign-in/oidc/%s/back-channel-logout" % (origin(world), method), method="POST",
            body=urllib.parse.urlencode({"logout_token": token}),
            headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 400, (token, answer.status, answer.body)
    assert me(world, other)


def story_somebody_signs_in_at_glewlwyd_and_is_removed_there(world):
    provider = Glewlwyd(world)
    provider.start()
    provider.add_person("greta", "Greta Grün", "greta@demo.example")
    # It says of no address that it is verified, and gives out no groups.
    method = add_method(world, provider, trust_email=True, check_every=1)
    browser = new_browser(world)
    answer = come_in(world, browser, provider, method, "greta")
    assert answer.status == 302 and answer.header("Location") == "/sign-in", (answer.status, answer.body)
    person = me(world, browser)["person"]
    assert (person["email"], person["name"]) == ("greta@demo.example", "Greta Grün"), person
    again = new_browser(world)
    assert come_in(world, again, provider, method, "greta").status == 302
    assert me(world, again)["person"]["id"] == person["id"]
    wait_until(lambda: provider.asked_again() >= 4, "the provider being asked again", pause=0.1)
    assert me(world, browser) and me(world, again)
    provider.remove_person("greta")
    wait_until(lambda: me(world, browser) is None and me(world, again) is None, "the end of both sessions",
               seconds=20, pause=0.1)


def ask_token(world, **form):
    """The endpoint of our own server: (status, JSON)."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    form = urllib.parse.urlencode(dict(form, client_id="imprimatur-cli"))
    status, _, content = world.connection.request("POST", "/oauth/token", form, headers)
    return status, json.loads(content)


def begin_device(world):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, _, content = world.connection.request("POST", "/oauth/device_authorization", "client_id=imprimatur-cli", headers)
    assert status == 200, content
    return json.loads(content)


def story_a_device_is_let_in_by_somebody_who_signs_in_at_a_provider(world):
    provider = NodeProvider(world)
    dora = "dora@demo.example"  # what our page proposes is how the provider knows her
    provider.people(**{dora: {"email": dora, "email_verified": True, "name": "Dora"}})
    method = add_method(world, provider, parameters=OFFLINE, check_every=1)
    provider.start(method)

    device = begin_device(world)
    browser = pages.Browser(world.connection)
    browser.open("/device?user_code=" + device["user_code"])
    assert browser.page.heading == "Sign in", browser.page.words
    browser.submit(email=dora)
    link = next(link for link in browser.page.links if link.startswith("/v1/sign-in/oidc/" + method))
    browser.open(link)
    callback = origin(world) + CALLBACK
    back = new_browser(world).go(browser.away, stop=callback)
    browser.open(back.url[len(origin(world)):])
    assert device["user_code"] in browser.page.words, (browser.status, browser.page.words)
    browser.submit("user_code", button="allow")
    assert browser.page.heading == "The device is let in", browser.page.words

    asked = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": device["device_code"]}
    status, given = ask_token(world, **asked)
    assert status == 200, given
    assert Api(world.connection, token=given["access_token"]).get("/v1/me")["person"]["email"] == dora
    status, given = ask_token(world, grant_type="refresh_token", refresh_token=given["refresh_token"])
    assert status == 200, given
    # The browser is gone; what the device was given still stands on that sign-in, and the provider is asked about it.
    page = new_browser(world)
    page.of(origin(world)).update(browser.cookies)
    csrf = page.once(origin(world) + "/v1/sessions/current").json()["csrf"]
    ended = page.once(origin(world) + "/v1/sessions/current", method="DELETE",
                      headers={"X-CSRF-Token": csrf, "Origin": origin(world)})
    assert ended.status == 204, ended.body
    before = provider.asked_again()
    wait_until(lambda: provider.asked_again() >= before + 2, "the provider being asked again", pause=0.1)
    assert Api(world.connection, token=given["access_token"]).get("/v1/me")

    # Removed there, she is out here: page, program and all.
    provider.people()

    def is_out():
        try:
            Api(world.connection, token=given["access_token"]).get("/v1/me")
        except Refused as refused:
            return refused.status == 401
        return False

    wait_until(is_out, "the end of the grant", seconds=20, pause=0.1)
    status, answer = ask_token(world, grant_type="refresh_token", refresh_token=given["refresh_token"])
    assert (status, answer["error"]) == (400, "invalid_grant"), answer


def story_a_browser_is_told_in_words(world):
    provider = LyingProvider(world)
    try:
        method = add_method(world, provider)
        browser = pages.Browser(world.connection)
        browser.open(CALLBACK + "?code=c&state=s")
        assert browser.status == 400 and "Begin again" in browser.page.words, browser.page.words
        provider.description = {"issuer": "https://<b>evil</b>.example"}
        browser.open("/v1/sign-in/oidc/" + method)
        assert browser.status == 502 and "administrator" in browser.page.words and "evil" not in browser.page.words
        browser.open("/v1/sign-in/oidc/00000000-0000-7000-8000-000000000000")
        assert browser.status == 404
    finally:
        provider.stop()


def story_a_provider_is_asked_again_with_the_token_it_gave_last(world):
    provider = LyingProvider(world)
    try:
        method = add_method(world, provider, check_every=1)
        browsers = {name: new_browser(world) for name in ("stays", "goes", "fails")}
        for browser in browsers.values():
            assert provider.come_back(browser, begin_url(world, method)).status == 302
        provider.nonce = None
        wait_until(lambda: provider.asked_again() >= 9, "the provider being asked again", pause=0.05)
        shown = [form["refresh_token"] for form in provider.asked if form["grant_type"] == "refresh_token"]
        assert len(set(shown)) == len(shown), shown
        assert all(me(world, browser) for browser in browsers.values())

        # What it says of him by now is so here too, without a sign-in; of what it does not speak stays as it was.
        def person():
            return me(world, browsers["stays"])["person"]

        was = person()
        provider.lie = lambda honest: dict(honest, department="Archive", groups=["readers", "writers"])
        wait_until(lambda: person()["department"] == "Archive", "the department", pause=0.05)
        equal(groups_of(world, was["id"]), ["readers", "writers"], "groups")
        provider.lie = lambda honest: dict(honest, department="Cellar", groups=["writers"])
        wait_until(lambda: person()["department"] == "Cellar", "the next department", pause=0.05)
        equal(groups_of(world, was["id"]), ["writers"], "groups")
        provider.lie = lambda honest: {k: v for k, v in dict(honest, department="Attic").items() if k != "groups"}
        wait_until(lambda: person()["department"] == "Attic", "the last department", pause=0.05)
        equal((groups_of(world, was["id"]), person()["email"]), (["writers"], was["email"]), "what it did not speak of")
        provider.lie = lambda honest: honest

        # It does not work, or speaks of somebody else: that is no no. To one it says no.
        answers = [(500, b""), lambda honest: dict(honest, sub="other", department="Elsewhere"), (400, {"error": "invalid_grant"})]

        def each_once(honest):
            answer = answers.pop() if answers else honest
            return answer(honest) if callable(answer) else answer

        provider.lie = each_once
        wait_until(lambda: sum(me(world, b) is None for b in browsers.values()) == 1, "the end of one", pause=0.05)
        wait_until(lambda: not answers, "the other answers", pause=0.05)
        assert sum(me(world, browser) is None for browser in browsers.values()) == 1
        assert world.admin.get("/v1/people/" + was["id"])["department"] != "Elsewhere", "what was said of somebody else"
    finally:
        provider.stop()


def story_an_account_that_was_here_before_is_not_taken_over(world):
    provider = LyingProvider(world)
    try:
        victim = world.people["grace@demo.example"]
        method = add_method(world, provider)
        provider.lie = lambda honest: dict(honest, email="grace@demo.example")
        browser = new_browser(world)
        answer = provider.come_back(browser, begin_url(world, method))
        assert answer.status == 403 and answer.json()["code"] == "not-let-in", answer.body
        assert me(world, browser) is None
        # With the administrator's word it is, as far as the provider verified the address.
        linking = add_method(world, provider, link_by_verified_email=True)
        provider.lie = lambda honest: dict(honest, email="grace@demo.example", email_verified=False)
        assert provider.come_back(browser, begin_url(world, linking)).status == 403
        provider.lie = lambda honest: dict(honest, email="grace@demo.example")
        assert provider.come_back(browser, begin_url(world, linking)).status == 302
        assert me(world, browser)["person"]["id"] == victim
        # Another subject with the address is another person, who is not let in.
        provider.lie = lambda honest: dict(honest, email="grace@demo.example", sub="other")
        assert provider.come_back(new_browser(world), begin_url(world, linking)).status == 403
        # Disabled here is disabled, whatever the provider says.
        admin = world.api(demo.ADMINISTRATOR)
        admin.patch("/v1/people/" + victim, {"disabled": True})
        assert me(world, browser) is None
        provider.lie = lambda honest: dict(honest, email="grace@demo.example")
        assert provider.come_back(new_browser(world), begin_url(world, linking)).status == 403
        admin.patch("/v1/people/" + victim, {"disabled": False})
        # Other domains do not come at all.
        provider.lie = lambda honest: dict(honest, email="x@elsewhere.example", sub="x")
        assert provider.come_back(new_browser(world), begin_url(world, method)).status == 403
    finally:
        provider.stop()


def wrong_tokens(provider):
    """Names of lies, and what is answered instead of an honest token."""
    def claims(**changes):
        return lambda honest: {k: v for k, v in dict(honest, **changes).items() if v is not None}

    def header(**changes):
        return lambda honest: provider.sign(dict({"alg": "RS256", "kid": "k"}, **changes), honest)

    def tampered(honest):
        first, _, last = provider.sign({"alg": "RS256", "kid": "k"}, honest).split(".")
        return ".".join([first, encode(dict(honest, sub="somebody-else")), last])

    now = int(time.time())
    return {
        "another issuer": claims(iss="https://evil.example"),
        "an issuer with a slash": claims(iss=provider.issuer + "/"),
        "no issuer": claims(iss=None),
        "another audience": claims(aud="mail"),
        "no audience": claims(aud=None),
        "several audiences": claims(aud=["print", "mail"]),
        "asked by another": claims(azp="mail"),
        "expired": claims(exp=now - 600),
        "never expires": claims(exp=None),
        "expires in words": claims(exp="never"),
        "not said when issued": claims(iat=None),
        "issued tomorrow": claims(iat=now + 86400),
        "begins tomorrow": claims(nbf=now + 86400),
        "another nonce": claims(nonce="another"),
        "no nonce": claims(nonce=None),
        "no subject": claims(sub=None),
        "an empty subject": claims(sub=""),
        "a subject with control characters": claims(sub="a\nb"),
        "a subject too long": claims(sub="s" * 256),
        "the hash of another access token": claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
        "a logout token": claims(events={"http://schemas.openid.net/event/backchannel-logout": {}}),
        "an unverified address": claims(email_verified=False),
        "an address in words": claims(email="no address"),
        "no address": claims(email=None),
        "an access token": header(typ="at+jwt"),
        "a critical header": header(crit=["x"], x=1),
        "another kid": header(kid="z"),
        "another algorithm": header(alg="RS512"),
        "keys elsewhere": lambda honest: provider.sign(
            {"alg": "RS256", "kid": "z", "jku": provider.issuer + "/keys"}, honest, "other"),
        "a key in the header": lambda honest: provider.sign(
            {"alg": "RS256", "kid": "k", "jwk": {"kty": "RSA", "n": provider.modulus("other"), "e": "AQAB"}}, honest,
            "other"),
        "another key": lambda honest: provider.sign({"alg": "RS256", "kid": "k"}, honest, "other"),
        "none": lambda honest: encode({"alg": "none"}) + "." + encode(honest) + ".",
        "none, with a signature": lambda honest: encode({"alg": "none"}) + "." + encode(honest) + ".AAAA",
        "no signature": lambda honest: encode({"alg": "RS256", "kid": "k"}) + "." + encode(honest) + ".",
        "HMAC": lambda honest: encode({"alg": "HS256", "kid": "k"}) + "." + encode(honest) + ".AAAA",
        "tampered": tampered,
        "no token": lambda honest: "",
        "no token at all": lambda honest: (200, {"access_token": "a"}),
        "no JSON": lambda honest: (200, b"<html>"),
        "too large": lambda honest: (200, b"{" + b" " * 1000000),
        "refused": lambda honest: (400, {"error": "invalid_grant"}),
        "client refused": lambda honest: (401, {"error": "invalid_client"}),
        "broken": lambda honest: (500, b""),
    }


def story_of_wrong_tokens_none_is_believed(world):
    provider = LyingProvider(world)
    try:
        method = add_method(world, provider)
        for name, lie in wrong_tokens(provider).items():
            provider.lie = lie
            browser = new_browser(world)
            answer = provider.come_back(browser, begin_url(world, method))
            assert answer.status in (403, 502, 503), (name, answer.status, answer.body)
            assert answer.json()["code"] and "__Host-imprimatur" not in browser.of(origin(world)), name
            assert me(world, browser) is None, name
        refused = [e for e in events(world, "sign-in-refused") if method in (e["detail"] or "")]
        assert len(refused) == len(wrong_tokens(provider)), len(refused)
        provider.lie = lambda honest: honest
        browser = new_browser(world)
        assert provider.come_back(browser, begin_url(world, method)).status == 302
        assert me(world, browser)["person"]["name"] == "Mallory"
        form = provider.asked[-1]
        assert form["code_verifier"] and form["redirect_uri"] == origin(world) + CALLBACK, form
    finally:
        provider.stop()


def story_a_sign_in_belongs_to_the_browser_that_began_it(world):
    provider = LyingProvider(world)
    try:
        method = add_method(world, provider)
        url = begin_url(world, method)

        def refused(answer):
            return answer.status == 400 and answer.json()["code"] == "wrong-flow"

        # Another state, none, another issuer, no code; and each of these ends that flow.
        for changes in ({"state": "x"}, {"state": None}, {"iss": "https://evil.example"}, {"code": None}, {"code": ""}):
            browser = new_browser(world)
            assert refused(provider.come_back(browser, url, **changes)), changes
            assert "__Host-imprimatur-oidc" not in browser.of(origin(world))
        # In another browser; and twice.
        browser, other = new_browser(world), new_browser(world)
        first = browser.once(url)
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(first.header("Location")).query)["state"][0]
        back = "%s%s?code=c&state=%s" % (origin(world), CALLBACK, state)
        assert refused(other.once(back))
        other.once(url)
        assert refused(other.once(back))
        provider.lie = lambda honest: (400, {"error": "invalid_grant"})
        assert browser.once(back).status == 403
        assert refused(browser.once(back))
        # A cookie that somebody made or changed.
        for change in (lambda c: c[:-2] + "AA", lambda c: c.replace(".", ".A"), lambda c: "x", lambda c: ""):
            browser = new_browser(world)
            first = browser.once(url)
            cookies = browser.of(origin(world))
            cookies["__Host-imprimatur-oidc"] = change(cookies["__Host-imprimatur-oidc"])
            state = urllib.parse.parse_qs(urllib.parse.urlsplit(first.header("Location")).query)["state"][0]
            assert refused(browser.once("%s%s?code=c&state=%s" % (origin(world), CALLBACK, state)))
        # Afterwards the browser goes on within this service and nowhere else.
        for path in ("//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb"):
            assert refused(new_browser(world).once(begin_url(world, method, return_to=path))), path
    finally:
        provider.stop()


def story_a_password_of_ours_counts_as_far_as_the_settings_say(world):
    admin = world.api(demo.ADMINISTRATOR)
    ours = "a password of ours"
    provider = LyingProvider(world)

    def status(password=ours):
        try:
            world.api(provider.honest()["email"], password).get("/v1/me")
            return 200
        except Refused as refused:
            return refused.status

    def says(fallback):
        own = {"issuer": provider.issuer, "client_id": provider.client, "client_authentication": provider.kind}
        admin.patch("/v1/methods/" + method, {"settings": dict(own, **({"fallback": fallback} if fallback else {}))})

    try:
        method = add_method(world, provider)
        assert provider.come_back(new_browser(world), begin_url(world, method)).status == 302
        person = next(p for p in admin.all("/v1/people") if p["email"] == provider.honest()["email"])
        admin.put("/v1/people/%s/password" % person["id"], {"password": ours})
        for fallback, wanted in ((None, 401), ("when-down", 401), ("always", 200), ("no", 401)):
            says(fallback)
            equal(status(), wanted, "ours with %s, while the provider answers" % fallback)
    finally:
        provider.stop()
    for fallback, wanted in (("when-down", 200), ("no", 401), ("always", 200)):
        says(fallback)
        equal(status(), wanted, "ours with %s, while the provider does not answer" % fallback)
    admin.delete("/v1/methods/" + method)


def story_a_provider_that_cannot_be_asked(world):
    admin = world.api(demo.ADMINISTRATOR)
    provider = LyingProvider(world)
    try:
        method = add_method(world, provider)
        for said in ({"issuer": "https://evil.example"}, {"jwks_uri": "http://169.254.169.254/keys"},
                     {"token_endpoint": None}, {"authorization_endpoint": "javascript:alert(1)"}):
            provider.description = said
            answer = new_browser(world).once(begin_url(world, method))
            assert answer.status == 502, (said, answer.status, answer.body)
        provider.description = {}
        assert new_browser(world).once(begin_url(world, method)).status == 302
    finally:
        provider.stop()
    # Where the service does not go, a tenant's settings do not lead it.
    for issuer in ("https://169.254.169.254", "https://10.0.0.1", "http://localhost:1", "https://[::1]:1",
                   "https://2130706433", "https://127.0.0.1.evil"):
        gone = type("Gone", (), {"issuer": issuer, "client": "x", "kind": "none", "secret": ""})
        method = add_method(world, gone)
        answer = new_browser(world).once(begin_url(world, method))
        assert answer.status == 503, (issuer, answer.status, answer.body)
        try:
            tried = admin.call("POST", "/v1/methods/%s/try" % method)
        except Refused as refused:
            tried = refused.body
        assert "could not be fetched" in json.dumps(tried), tried
        admin.delete("/v1/methods/" + method)
    assert new_browser(world).once(begin_url(world, method)).status == 404


def is_fresh(world, browser):
    """Whether the session may do what needs a secret shown just now."""
    answer = browser.once(origin(world) + "/v1/people/me/export")
    assert answer.status == 200 or answer.json()["code"] == "not-fresh", answer.body
    return answer.status == 200


def story_a_fresh_sign_in_is_asked_of_the_provider(world):
    provider = NodeProvider(world)
    frida = {"email": "frida@demo.example", "email_verified": True, "name": "Frida", "department": "Sales", "groups": []}
    provider.people(frida=frida)
    method = add_method(world, provider, parameters=OFFLINE)
    provider.start(method)
    browser = new_browser(world)
    assert come_in(world, browser, provider, method, "frida").status == 302
    session = browser.once(origin(world) + "/v1/sessions/current").json()
    # Nobody said when she was asked: it may have been in the morning.
    assert session["fresh"] is None and not is_fresh(world, browser), session
    assert session["fresh_sign_in"] == "/v1/sign-in/oidc/%s?fresh=yes" % method, session
    asked = provider.asked_for_a_secret()
    assert come_in(world, browser, provider, method, "frida").status == 302
    assert provider.asked_for_a_secret() == asked and not is_fresh(world, browser), "her session there is believed"
    former = browser.once(origin(world) + "/v1/sessions/current").json()
    # Where she is sent to be asked again, she is.
    sent = browser.once(origin(world) + former["fresh_sign_in"] + "&login_hint=frida")
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(sent.header("Location")).query)
    assert (query["prompt"], query["max_age"]) == (["login consent"], ["60"]), query
    assert come_in(world, browser, provider, method, "frida", fresh="yes").status == 302
    assert provider.asked_for_a_secret() == asked + 1 and is_fresh(world, browser)
    items = browser.once(origin(world) + "/v1/sessions").json()["items"]
    assert former["id"] not in [s["id"] for s in items], "the former session"


def story_glewlwyd_does_not_say_when_somebody_was_asked(world):
    """Its auth_time is 0 with SQLite, and its amr "session" whatever was typed."""
    provider = Glewlwyd(world)
    provider.start()
    provider.add_person("gerda", "Gerda", "gerda@demo.example")
    method = add_method(world, provider, trust_email=True, required_amr=["session"])
    browser = new_browser(world)
    refused = come_in(world, browser, provider, method, "gerda", fresh="yes")
    assert (refused.status, refused.json()["code"]) == (403, "sign-in-not-fresh"), refused.body
    assert come_in(world, browser, provider, method, "gerda").status == 302
    assert not is_fresh(world, browser)
    # What an administrator may know of his provider, and we cannot.
    admin = world.api(demo.ADMINISTRATOR)
    settings = admin.get("/v1/methods/" + method)["settings"]
    admin.patch("/v1/methods/" + method, {"settings": dict(settings, assume_fresh=True)})
    assert come_in(world, browser, provider, method, "gerda", fresh="yes").status == 302
    assert is_fresh(world, browser)
    admin.patch("/v1/methods/" + method, {"settings": dict(settings, required_amr=["otp"])})
    refused = come_in(world, new_browser(world), provider, method, "gerda")
    assert (refused.status, refused.json()["code"]) == (403, "sign-in-too-weak"), refused.body


def story_the_organisation_asks_for_two_factors_at_the_provider(world):
    provider = NodeProvider(world)
    dorothy = {"email": "dorothy@demo.example", "email_verified": True, "name": "Dorothy", "department": "Sales", "groups": []}
    provider.people(dorothy=dorothy)
    method = add_method(world, provider, parameters=OFFLINE, required_acr=["urn:example:two"], required_amr=["otp"])
    provider.start(method)
    for said, status, words in (
        ({}, 403, "(acr)"),
        ({"acr": "urn:example:one", "amr": ["pwd", "otp"]}, 403, "(acr)"),
        ({"acr": "urn:example:two"}, 403, "(amr)"),
        ({"acr": "urn:example:two", "amr": ["pwd"]}, 403, "(amr)"),
        ({"acr": "urn:example:two", "amr": ["pwd", "otp"]}, 302, None),
    ):
        provider.people(dorothy=dict(dorothy, **said))
        answer = come_in(world, new_browser(world), provider, method, "dorothy")
        assert answer.status == status, (said, answer.status, answer.body)
        if words:
            refused = answer.json()
            assert refused["code"] == "sign-in-too-weak" and words in refused["detail"], refused
    assert sum("reason=too-weak" in (e["detail"] or "") for e in events(world, "sign-in-refused")) >= 4


def story_what_a_provider_does_not_say_counts_as_no(world):
    provider = LyingProvider(world)
    now = int(time.time())
    try:
        aged = add_method(world, provider, max_age=300)
        plain = add_method(world, provider)
        two = add_method(world, provider, required_amr=["mfa"])
        for method, more, said, code in (
            (aged, {}, {}, "sign-in-not-fresh"),
            (aged, {}, {"auth_time": now - 3600}, "sign-in-not-fresh"),
            (aged, {}, {"auth_time": str(now)}, "sign-in-not-fresh"),
            (aged, {}, {"auth_time": now + 86400}, "sign-in-not-fresh"),
            (aged, {}, {"auth_time": now - 100}, None),
            (plain, {"fresh": "yes"}, {}, "sign-in-not-fresh"),
            (plain, {"fresh": "yes"}, {"auth_time": now - 3600}, "sign-in-not-fresh"),
            (plain, {"fresh": "yes"}, {"auth_time": now + 1}, None),
            (plain, {}, {"auth_time": now - 3600}, None),
            (two, {}, {}, "sign-in-too-weak"),
            (two, {}, {"amr": ["mfa "]}, "sign-in-too-weak"),
            (two, {}, {"amr": [["mfa"]]}, "sign-in-too-weak"),
            (two, {}, {"amr": ["pwd", "mfa"]}, None),
        ):
            provider.lie = lambda honest: dict(honest, sub=method, email=method + "@demo.example", **said)
            browser = new_browser(world)
            answer = provider.come_back(browser, begin_url(world, method, **more))
            assert (answer.status, answer.json()["code"] if code else None) == (403 if code else 302, code), (more, said, answer.body)
            if code is None:
                equal_ages = said.get("auth_time", 0) > now - 300
                assert is_fresh(world, browser) == equal_ages, (more, said)
        # A browser is told in words.
        provider.lie = lambda honest: honest
        browser = new_browser(world)
        first = browser.once(begin_url(world, two))
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(first.header("Location")).query)
        provider.nonce = asked["nonce"][0]
        back = asked["redirect_uri"][0] + "?" + urllib.parse.urlencode({"code": "c", "state": asked["state"][0]})
        told = browser.once(back, headers={"Accept": "text/html"})
        assert told.status == 403 and b"asks for a second factor" in told.body, told.body
    finally:
        provider.stop()
