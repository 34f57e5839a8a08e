# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""OAuth 2.0: how programs, devices and machines are let in, and how they are put out again."""

import base64
import hashlib
import json
import os
import re
import secrets
import subprocess
import time
from urllib.parse import parse_qs, urlencode, urlsplit

from harness import ROOT, demo_world as demo
from harness.browser import Browser
from harness.client import Api, Refused, give_password
from harness.documents import pdf
from harness.pages import Page, totp
from harness.process import wait_until
from harness.story import equal, skip

ADA, GRACE, FOREIGN = "ada@demo.example", "grace@demo.example", "admin@other.example"
CALLBACK = "http://127.0.0.1:45678/callback"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
SETTINGS = {"service": {"oauth.device_interval": "1s"}}


def ask(world, path, headers=None, raw=None, **form):
    """A request to one of the OAuth endpoints: (status, JSON, headers)."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    status, answered, content = world.connection.request("POST", path, raw if raw is not None else urlencode(form), sent)
    answered = {name.lower(): value for name, value in answered.items()}
    value = json.loads(content) if content else None
    if path == "/oauth/token" and answered.get("content-type") == "application/json":
        equal(answered["cache-control"], "no-store", "tokens are kept in no cache")
    return status, value, answered


def token(world, expect=200, **form):
    status, value, _ = ask(world, "/oauth/token", **form)
    equal(status if expect == 200 else (status, value.get("error")), expect, "the answer %s" % value)
    return value


def pkce():
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return verifier, challenge


def question(challenge, **changes):
    asked = {"response_type": "code", "client_id": "imprimatur-cli", "redirect_uri": CALLBACK, "state": "a b&c",
             "code_challenge": challenge, "code_challenge_method": "S256"}
    asked.update(changes)
    return "/oauth/authorize?" + urlencode({k: v for k, v in asked.items() if v is not None})


def browser_of(world, email=ADA):
    """Somebody's browser, signed in once for all stories."""
    browsers = world.__dict__.setdefault("browsers", {})
    if email not in browsers:
        browsers[email] = Browser(world.connection)
        browsers[email].sign_in(email, demo.PASSWORD)
        equal(browsers[email].page.heading, "You are signed in", "after the password")
    return browsers[email]


def code_of(world, challenge, email=ADA, **changes):
    browser = browser_of(world, email)
    browser.open(question(challenge, **changes))
    browser.submit("question", button="allow")
    answer = parse_qs(urlsplit(browser.away).query)
    equal(answer.get("state"), ["a b&c"], "the state")
    equal(answer["iss"], [browser.origin], "who answered")
    return answer["code"][0]


def issue(world, email=ADA, **changes):
    verifier, challenge = pkce()
    code = code_of(world, challenge, email, **changes)
    return token(world, grant_type="authorization_code", client_id="imprimatur-cli", redirect_uri=CALLBACK, code=code,
                 code_verifier=verifier)


def works(world, given):
    try:
        Api(world.connection, token=given["access_token"]).get("/v1/me")
        return True
    except Refused as refused:
        equal(refused.status, 401, "a dead token")
        return False


def story_what_the_server_can_is_written_down(world):
    status, answered, content = world.connection.request("GET", "/.well-known/oauth-authorization-server")
    known = json.loads(content)
    origin = "https://localhost:%d" % world.ports["service"]
    equal((status, known["issuer"]), (200, origin), "metadata")
    equal(known["code_challenge_methods_supported"], ["S256"], "PKCE")
    equal(known["response_types_supported"], ["code"], "no implicit grant")
    assert "password" not in known["grant_types_supported"], known
    for name in ("authorization", "token", "revocation", "device_authorization"):
        assert known[name + "_endpoint"].startswith(origin + "/oauth/"), known


def story_a_program_is_allowed_on_a_page(world):
    verifier, challenge = pkce()
    browser = Browser(world.connection)
    browser.open(question(challenge, scope="print read"))
    equal(browser.page.heading, "Sign in", "who is not signed in")
    browser.submit(email=ADA)
    browser.submit("email", password="wrong-password")
    assert "not right" in browser.page.words and browser.status == 403, browser.page.words
    browser.submit("email", password=demo.PASSWORD)
    equal(browser.page.heading, "Allow this program?", "back at the question")
    assert "send documents" in browser.page.words and "your role" not in browser.page.words, browser.page.words
    policy = browser.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script" not in policy and "form-action 'self' http://127.0.0.1:45678;" in policy, policy
    equal((browser.page.scripts, browser.headers["X-Frame-Options"], browser.headers["Cache-Control"]), (0, "DENY", "no-store"), "the page")
    browser.submit("question", button="deny")
    equal(parse_qs(urlsplit(browser.away).query)["error"], ["access_denied"], "no")
    browser.open(question(challenge, scope="print read"))
    browser.submit("question", button="allow")
    code = parse_qs(urlsplit(browser.away).query)["code"][0]
    given = token(world, grant_type="authorization_code", client_id="imprimatur-cli", redirect_uri=CALLBACK, code=code, code_verifier=verifier)
    equal((given["scope"], given["token_type"], given["expires_in"]), ("print read", "Bearer", 900), "what it got")
    program = Api(world.connection, token=given["access_token"])
    job = program.submit(pdf("by a program"))
    equal(program.job(job["id"])["state"], "held", "what it submitted")
    # Its scopes do not let it release, nor allow others, nor make itself a longer life.
    for method, path, body in (("POST", "/v1/releases", {"printer": "lobby", "jobs": [job["id"]]}),
                               ("DELETE", "/v1/jobs/" + job["id"], None),
                               ("POST", "/v1/tokens", {"label": "longer", "kind": "api"}),
                               ("GET", "/v1/grants", None)):
        try:
            program.call(method, path, body)
            raise AssertionError("%s %s was let through" % (method, path))
        except Refused as refused:
            equal((refused.status, refused.body["code"]), (403, "not-in-scope"), "%s %s" % (method, path))
    world.api(ADA).delete("/v1/jobs/" + job["id"])


def story_wrong_questions_are_answered_where_they_may_be(world):
    _, challenge = pkce()
    browser = browser_of(world)
    # Said on a page: nobody knows where an answer may go.
    for changes in ({"client_id": None}, {"client_id": "no-such"}, {"client_id": "imprimatur-panel"}, {"redirect_uri": None},
                    {"redirect_uri": "https://evil.example/"}, {"redirect_uri": "http://127.0.0.1:1/other"},
                    {"redirect_uri": "http://localhost:45678/callback"}, {"redirect_uri": CALLBACK + "?x=1"},
                    {"redirect_uri": CALLBACK + "#x"}, {"redirect_uri": "http://127.0.0.1:45678@evil.example/callback"}):
        browser.away = None
        browser.open(question(challenge, **changes))
        equal((browser.status, browser.away), (400, None), "%s is answered here" % changes)
    twice = question(challenge) + "&redirect_uri=https%3A%2F%2Fevil.example"
    browser.open(twice)
    equal((browser.status, browser.away), (400, None), "a parameter that stands twice")
    # Said to the program.
    for changes, error in (({"response_type": "token"}, "unsupported_response_type"), ({"response_type": "code id_token"}, "unsupported_response_type"),
                           ({"response_type": None}, "invalid_request"), ({"code_challenge": None}, "invalid_request"),
                           ({"code_challenge_method": None}, "invalid_request"), ({"code_challenge_method": "plain"}, "invalid_request"),
                           ({"code_challenge": "short"}, "invalid_request"), ({"scope": "everything"}, "invalid_scope"),
                           ({"response_mode": "fragment"}, "invalid_request")):
        browser.open(question(challenge, **changes))
        answer = parse_qs(urlsplit(browser.away or "").query)
        equal((answer.get("error"), "code" in answer, answer.get("state")), ([error], False, ["a b&c"]), str(changes))


def story_a_code_works_once_and_for_who_asked(world):
    verifier, challenge = pkce()
    right = {"grant_type": "authorization_code", "client_id": "imprimatur-cli", "redirect_uri": CALLBACK, "code_verifier": verifier}
    for changes in ({"code_verifier": pkce()[0]}, {"code_verifier": None}, {"code_verifier": challenge}, {"redirect_uri": "http://127.0.0.1:1/callback"},
                    {"redirect_uri": None}, {"client_id": "imprimatur-client"}):
        code = code_of(world, challenge)
        form = {k: v for k, v in {**right, "code": code, **changes}.items() if v is not None}
        token(world, (400, "invalid_grant"), **form)
        token(world, (400, "invalid_grant"), **{**right, "code": code})  # it is spent
    code = code_of(world, challenge)
    given = token(world, **{**right, "code": code})
    assert works(world, given)
    token(world, (400, "invalid_grant"), **{**right, "code": code})
    assert not works(world, given), "a code that was shown twice ends what it gave"
    token(world, (400, "invalid_grant"), grant_type="refresh_token", client_id="imprimatur-cli", refresh_token=given["refresh_token"])
    told = [e for e in world.admin.all("/v1/audit/records") if e["event"] == "grant-ended"]
    assert told and "code-replayed" in told[-1]["detail"], told


def refresh(world, given, expect=200, client="imprimatur-cli", **more):
    return token(world, expect, grant_type="refresh_token", client_id=client, refresh_token=given["refresh_token"], **more)


def story_a_refresh_token_works_once(world):
    first = issue(world)
    second = refresh(world, first)
    assert second["refresh_token"] != first["refresh_token"] and works(world, first) and works(world, second)
    # The answer got lost: the same once more, and nobody is put out.
    again = refresh(world, first)
    equal(again["refresh_token"], second["refresh_token"], "the successor")
    third = refresh(world, second)
    refresh(world, first, (400, "invalid_grant"))
    for given in (first, second, third, again):
        assert not works(world, given), "everything ended"
    refresh(world, third, (400, "invalid_grant"))
    told = [e for e in world.admin.all("/v1/audit/records") if e["event"] == "grant-ended"]
    assert "refresh-reused" in told[-1]["detail"], told[-1]
    # Less than was granted is given, more is not; to another program nothing is.
    first = issue(world, scope="print read")
    refresh(world, first, (400, "invalid_scope"), scope="print admin")
    refresh(world, first, (400, "invalid_grant"), client="imprimatur-client")
    equal(refresh(world, first, scope="read")["scope"], "read", "narrowed")


def story_what_is_revoked_is_dead_at_once(world):
    for revoke in ("access_token", "refresh_token"):
        given = issue(world)
        equal(ask(world, "/oauth/revoke", client_id="imprimatur-client", token=given[revoke])[0], 400, "another program's")
        assert works(world, given)
        equal(ask(world, "/oauth/revoke", client_id="imprimatur-cli", token=given[revoke], token_type_hint="nonsense")[0], 200, "revoked")
        assert not works(world, given)
        equal(ask(world, "/oauth/revoke", client_id="imprimatur-cli", token=given[revoke])[0], 200, "again")
        if revoke == "refresh_token":
            refresh(world, given, (400, "invalid_grant"))
    equal(ask(world, "/oauth/revoke", client_id="imprimatur-cli")[1]["error"], "invalid_request", "no token")
    # By its owner, from the list of what he allowed.
    ada = world.api(ADA)
    for grant in ada.all("/v1/grants"):
        ada.delete("/v1/grants/" + grant["id"])
    given = issue(world)
    grants = ada.all("/v1/grants")
    equal([(g["client"], g["title"], g["scope"]) for g in grants],
          [("imprimatur-cli", "Imprimatur command line", "print release read account admin")], "what Ada allowed")
    for api, status in ((world.api(GRACE), 404), (ada, None)):
        try:
            api.delete("/v1/grants/" + grants[0]["id"])
            equal(status, None, "a grant of somebody else was ended")
        except Refused as refused:
            equal(refused.status, status, "Ada's grant for somebody else")
    assert not works(world, given)


def story_who_is_disabled_is_out_with_the_next_request(world):
    admin = world.admin
    person = admin.post("/v1/people", {"email": "leaver@demo.example", "name": "Leaver"})
    give_password(world.connection, admin, person["id"], demo.PASSWORD)
    given = issue(world, "leaver@demo.example")
    verifier, challenge = pkce()
    code = code_of(world, challenge, "leaver@demo.example")
    device = ask(world, "/oauth/device_authorization", client_id="imprimatur-cli")[1]
    browser = browser_of(world, "leaver@demo.example")
    browser.open("/device?user_code=" + device["user_code"])
    browser.submit("user_code", button="allow")
    assert works(world, given)
    admin.patch("/v1/people/" + person["id"], {"disabled": True})
    assert not works(world, given)
    refresh(world, given, (400, "invalid_grant"))
    token(world, (400, "invalid_grant"), grant_type="authorization_code", client_id="imprimatur-cli", redirect_uri=CALLBACK, code=code, code_verifier=verifier)
    token(world, (400, "invalid_grant"), grant_type=DEVICE, client_id="imprimatur-cli", device_code=device["device_code"])
    browser.open(question(challenge))
    equal(browser.page.heading, "Sign in", "the session is over too")


def poll(world, device, expect=200, client="imprimatur-cli"):
    return token(world, expect, grant_type=DEVICE, client_id=client, device_code=device["device_code"])


def begin_device(world, **more):
    status, device, _ = ask(world, "/oauth/device_authorization", **{"client_id": "imprimatur-cli", **more})
    equal(status, 200, "codes for a device: %s" % device)
    return device


def story_a_device_is_let_in_by_its_code(world):
    device = begin_device(world, device_name="Ada's <b>laptop</b>", scope="print")
    equal((device["interval"], device["verification_uri_complete"]), (1, device["verification_uri"] + "?user_code=" + device["user_code"]), "codes")
    poll(world, device, (400, "authorization_pending"))
    poll(world, device, (400, "slow_down"))
    poll(world, device, (400, "invalid_grant"), client="imprimatur-client")
    browser = Browser(world.connection)
    browser.open("/device?user_code=" + device["user_code"])
    equal(browser.page.heading, "Sign in", "who is not signed in")
    browser.submit(email=GRACE)
    browser.submit("email", password=demo.PASSWORD)
    words = browser.page.words
    assert device["user_code"] in words and "Imprimatur command line" in words and "127.0.0.1" in words, words
    assert "Ada's <b>laptop</b>" in words, "what a device calls itself is words: %s" % words
    browser.submit("user_code", button="allow")
    equal(browser.page.heading, "The device is let in", "after yes")
    given = poll(world, device)
    equal(Api(world.connection, token=given["access_token"]).get("/v1/me")["person"]["email"], GRACE, "whose it is")
    poll(world, device, (400, "invalid_grant"))
    # No.
    device = begin_device(world)
    browser.open("/device")
    browser.submit(user_code=device["user_code"].lower().replace("-", " "))
    browser.submit("user_code", button="deny")
    poll(world, device, (400, "access_denied"))
    browser.open("/device")
    browser.submit(user_code="BBBB-BBBB")
    equal((browser.status, browser.page.heading), (404, "Let a device in"), "a code that nobody has")
    browser.submit(user_code="<script>")
    equal(browser.status, 404, "what is no code")


def restart(world, **settings):
    """The service once more, with other settings of its own."""
    for name, value in settings.items():
        world.settings["service"]["oauth." + name] = value
    world.programs["service"].stop()
    world.programs.write_settings()
    world.programs.start("service")


def story_codes_of_devices_end(world):
    restart(world, device_code="1s")
    device = begin_device(world)
    wait_until(lambda: ask(world, "/oauth/token", grant_type=DEVICE, client_id="imprimatur-cli", device_code=device["device_code"])[1]["error"] == "expired_token",
               "the code is over", 20)
    browser = browser_of(world)
    browser.open("/device?user_code=" + device["user_code"])
    equal(browser.status, 404, "nobody can say yes to it any more")
    restart(world, device_code="10min")


def machine(world, **more):
    return world.admin.post("/v1/clients", {"kind": "machine", "title": "ERP", "scope": "print", **more})


def story_what_needs_a_fresh_sign_in_needs_one_of_programs_too(world):
    """Somebody is let in, and for a while may do what needs that; then he is let in again."""
    world.settings["service"]["sessions.fresh"] = "6s"
    restart(world)
    given = []

    def clients():
        try:
            Api(world.connection, token=given[-1]["access_token"]).get("/v1/clients")
            return "done"
        except Refused as refused:
            return refused.body["code"]

    fresh = Browser(world.connection)
    fresh.sign_in(demo.ADMINISTRATOR, demo.PASSWORD)
    world.browsers[demo.ADMINISTRATOR] = fresh
    given.append(issue(world, demo.ADMINISTRATOR))
    equal(clients(), "done", "just let in")
    wait_until(lambda: clients() == "not-fresh", "it is not fresh any more", 30, pause=0.2)
    given.append(refresh(world, given[-1]))
    equal(clients(), "not-fresh", "a refreshed token is as old as the sign-in")
    given.append(issue(world, demo.ADMINISTRATOR))
    equal(clients(), "not-fresh", "allowed in an old session")
    del world.settings["service"]["sessions.fresh"]
    restart(world)


def story_a_second_factor_is_asked_for_on_the_page(world):
    person = world.admin.post("/v1/people", {"email": "careful@demo.example"})
    give_password(world.connection, world.admin, person["id"], demo.PASSWORD)
    careful = Page(world.connection)
    careful.sign_in("careful@demo.example", demo.PASSWORD)
    mine = "/v1/people/" + person["id"]
    made = careful.call("POST", mine + "/totp", expect=201)
    codes = careful.call("PUT", mine + "/totp", {"totp": totp(made["secret"])}, 200)["recovery_codes"]
    device = begin_device(world)
    path = "/device?user_code=" + device["user_code"]
    browser = Browser(world.connection)
    browser.sign_in("careful@demo.example", demo.PASSWORD, "/sign-in?" + urlencode({"next": path}))
    equal(browser.page.heading, "Second step", "after the password")
    # Half signed in is not signed in.
    browser.open(path)
    equal(browser.page.heading, "Second step", "the device with the password alone")
    browser.submit(totp="000000")
    assert "not the code" in browser.page.words and browser.status == 403, browser.page.words
    browser.submit(totp=totp(made["secret"], time.time() + 30))
    equal(browser.page.heading, "Let this device in?", "after the code")
    browser.submit("user_code", button="allow")
    assert works(world, poll(world, device))
    other = Browser(world.connection)
    other.sign_in("careful@demo.example", demo.PASSWORD)
    other.submit(recovery_code=codes[0])
    equal(other.page.heading, "You are signed in", "with a recovery code")
    third = Browser(world.connection)
    third.sign_in("careful@demo.example", demo.PASSWORD)
    third.submit(recovery_code=codes[0])
    equal((third.status, third.page.heading), (403, "Second step"), "the same one again")


def story_a_machine_has_a_secret(world):
    made = machine(world)
    right = {"grant_type": "client_credentials", "client_id": made["id"]}
    given = token(world, **right, client_secret=made["secret"])
    assert "refresh_token" not in given and given["scope"] == "print", given
    erp = Api(world.connection, token=given["access_token"])
    equal(erp.get("/v1/me")["person"]["role"], "machine", "who it is")
    basic = base64.b64encode(("%s:%s" % (made["id"], made["secret"])).encode()).decode()
    status, value, _ = ask(world, "/oauth/token", {"Authorization": "Basic " + basic}, grant_type="client_credentials")
    equal(status, 200, "by Basic: %s" % value)
    for headers, form in (({}, {"client_secret": "cs_" + "A" * 43}), ({}, {"client_secret": ""}), ({"Authorization": "Basic " + basic[:-8]}, {}),
                          ({"Authorization": "Bearer " + made["secret"]}, {})):
        status, value, answered = ask(world, "/oauth/token", headers, **{**right, **form})
        equal((status, value["error"]), (401, "invalid_client"), "%s %s" % (headers, form))
        assert answered["www-authenticate"].startswith("Basic"), answered
    equal(ask(world, "/oauth/token", {"Authorization": "Basic " + basic}, **right, client_secret=made["secret"])[1]["error"], "invalid_request", "in two ways")
    token(world, (400, "invalid_scope"), **right, client_secret=made["secret"], scope="print admin")
    token(world, (400, "unauthorized_client"), **{**right, "grant_type": "authorization_code"}, client_secret=made["secret"], code="x")
    token(world, (400, "unauthorized_client"), grant_type="client_credentials", client_id="imprimatur-cli")
    # A new secret; the old one goes on for a while, or not.
    second = world.admin.post("/v1/clients/%s/secrets" % made["id"], {"overlap": 60})["secret"]
    for secret in (made["secret"], second):
        token(world, **right, client_secret=secret)
    third = world.admin.post("/v1/clients/%s/secrets" % made["id"], {"overlap": 0})["secret"]
    token(world, (401, "invalid_client"), **right, client_secret=second)
    assert not works(world, given), "the tokens of the old secret ended with it"
    given = token(world, **right, client_secret=third)
    world.admin.delete("/v1/clients/" + made["id"])
    assert not works(world, given)
    token(world, (401, "invalid_client"), **right, client_secret=third)


def story_a_registered_program_and_its_own_address(world):
    made = world.admin.post("/v1/clients", {"kind": "public", "title": "Reports <i>", "scope": "read", "redirects": ["https://reports.example/back?a=b"]})
    assert "secret" not in made, made
    verifier, challenge = pkce()
    asked = {"client_id": made["id"], "redirect_uri": "https://reports.example/back?a=b"}
    code = code_of(world, challenge, **asked)
    given = token(world, grant_type="authorization_code", client_id=made["id"], redirect_uri=asked["redirect_uri"], code=code, code_verifier=verifier)
    equal(given["scope"], "read", "no more than it is registered for")
    browser = browser_of(world)
    browser.open(question(challenge, **asked, scope="read admin"))
    assert "error=invalid_scope" in browser.away and browser.away.startswith("https://reports.example/back?a=b&error="), browser.away
    for bad in ("http://reports.example/", "https://reports.example/#x", "javascript:alert(1)", "https://u@reports.example/", "myapp:/x"):
        try:
            world.admin.post("/v1/clients", {"kind": "public", "title": "x", "scope": "read", "redirects": [bad]})
            raise AssertionError(bad + " was registered")
        except Refused as refused:
            equal(refused.status, 400, bad)
    world.admin.delete("/v1/clients/" + made["id"])
    assert not works(world, given)
    browser.open(question(challenge, **asked))
    equal(browser.status, 400, "a program that is not registered any more")


def story_another_tenant_has_nothing_of_it(world):
    programs = world.programs
    programs.wait_agent()
    programs["service"].stop()
    words = ["--tenant", "other", "--company-code", "OTHER7", "--mail-domain", "other.example", "--administrator", FOREIGN]
    programs.run("imprimaturd", "--config", world.path("service.ini"), "--add-tenant", *words, text=demo.PASSWORD + "\n")
    programs.start("service")
    made = world.admin.post("/v1/clients", {"kind": "public", "title": "Ours", "scope": "read", "redirects": ["https://ours.example/"]})
    given, foreign = issue(world), world.api(FOREIGN)
    grant = world.api(ADA).all("/v1/grants")[-1]["id"]
    for method, path, body in (("GET", "/v1/clients/" + made["id"], None), ("DELETE", "/v1/clients/" + made["id"], None),
                               ("POST", "/v1/clients/%s/secrets" % made["id"], {}), ("DELETE", "/v1/grants/" + grant, None)):
        try:
            foreign.call(method, path, body)
            raise AssertionError("%s %s" % (method, path))
        except Refused as refused:
            equal(refused.status, 404, "%s %s by another tenant" % (method, path))
    equal(foreign.all("/v1/clients"), [], "clients of another tenant")
    assert works(world, given)
    equal(Api(world.connection, token=given["access_token"]).get("/v1/tenant")["name"], "demo", "where a token leads")
    _, challenge = pkce()
    browser = browser_of(world, FOREIGN)
    browser.open(question(challenge, client_id=made["id"], redirect_uri="https://ours.example/"))
    assert "error=access_denied" in browser.away, browser.away


def story_forms_are_read_in_one_way(world):
    good = "grant_type=client_credentials&client_id=imprimatur-cli"
    equal(ask(world, "/oauth/token", raw=good)[1]["error"], "unauthorized_client", "as it should be")
    for raw in (good + "&client_id=imprimatur-client", good + "&%63lient_id=x", good + "&a=%zz", good + "&a=%00", good + "&a=b=c", good + "&&a=b",
                good + "&a=%ff", good + "\r\n", good + "&a=\u00e6", "&" + good, good.replace("&", ";"), "a" * 60000, json.dumps({"grant_type": "x"}), ""):
        status, value, _ = ask(world, "/oauth/token", raw=raw.encode())
        equal((status, value["error"]), (400, "invalid_request"), raw[:80])
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencodedx"):
        status, value, _ = ask(world, "/oauth/token", {"Content-Type": kind}, raw=good)
        equal((status, value["error"]), (400, "invalid_request"), kind)
    status, _, _ = world.connection.request("GET", "/oauth/token")
    equal(status, 405, "tokens are not asked for with GET")
    status, _, _ = world.connection.request("POST", "/oauth/token?" + good, "", {"Content-Type": "application/x-www-form-urlencoded"})
    equal(status, 400, "parameters in the query are none")
    token(world, (400, "unsupported_grant_type"), grant_type="password", client_id="imprimatur-cli", username=ADA, password=demo.PASSWORD)
    token(world, (400, "invalid_request"), client_id="imprimatur-cli")
    token(world, (401, "invalid_client"), grant_type="refresh_token", client_id="no-such", refresh_token="x")


def story_forms_of_pages_come_from_pages(world):
    _, challenge = pkce()
    browser = browser_of(world)
    browser.open(question(challenge))
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        page = browser.page
        browser.submit("question", button="allow", headers=headers)
        equal((browser.status, browser.away), (403, None), str(headers))
        browser.page = page
    form = browser.page.form("question")
    for forged in ("", "x", form.fields["form"][:-1] + "!"):
        page = browser.page
        browser.submit("question", button="allow", form=forged)
        equal((browser.status, browser.away, browser.page.heading), (403, None, "Once more, please"), forged)
        browser.page = page
    # The token of one browser is worth nothing in another one.
    other = browser_of(world, GRACE)
    other.open(question(challenge))
    other.submit("question", button="allow", form=form.fields["form"])
    equal((other.status, other.away), (403, None), "a token of somebody else's")


def story_nobody_is_sent_elsewhere_after_signing_in(world):
    for bad in ("https://evil.example/", "//evil.example/", "/\\evil.example", "/device/../x", "/v1/me", "javascript:alert(1)", "/device#x\" y"):
        browser = Browser(world.connection)
        browser.sign_in(ADA, demo.PASSWORD, "/sign-in?" + urlencode({"next": bad}))
        equal((browser.away, browser.page.heading), (None, "You are signed in"), bad)
    browser = Browser(world.connection)
    browser.open("/sign-in?next=/device")
    browser.submit(email=ADA, next="https://evil.example/")
    browser.submit("email", password=demo.PASSWORD)
    equal((browser.away, browser.page.heading), (None, "You are signed in"), "a changed form")
    browser.submit("form")
    equal(browser.page.heading, "You are signed out", "signed out")
    browser.open("/device")
    equal(browser.page.heading, "Sign in", "afterwards")


def story_the_sign_in_page_tells_nobody_who_exists(world):
    seen = []
    for email in (ADA, "nobody-of-that-name@demo.example"):
        browser = Browser(world.connection)
        browser.open("/sign-in")
        browser.submit(email=email)
        first = browser.page.words.replace(email, "X")
        browser.submit("email", password="wrong-password")
        seen.append((first, browser.status, browser.page.words.replace(email, "X")))
    equal(seen[0], seen[1], "somebody and nobody")
    browser = Browser(world.connection)
    browser.open("/sign-in")
    browser.submit(email="x@unknown.example")
    assert "company_code" in browser.page.form("email").fields, browser.page.words
    browser.submit("email", company_code="WRONG9")
    assert "no organisation" in browser.page.words, browser.page.words
    browser.submit("email", email=ADA, company_code=demo.COMPANY_CODE)
    browser.submit("email", password=demo.PASSWORD)
    equal(browser.page.heading, "You are signed in", "with the company code")


def story_another_client_library_comes_in(world):
    """Authlib, which knows nothing of us."""
    try:
        from authlib.integrations.requests_client import OAuth2Session
    except ImportError:
        skip("python3-authlib is not here")
    ca, origin = world.programs.authority(), "https://localhost:%d" % world.ports["service"]
    session = OAuth2Session("imprimatur-cli", redirect_uri=CALLBACK, scope="print read release", code_challenge_method="S256",
                            token_endpoint_auth_method="none")
    session.verify, session.trust_env = ca, False
    verifier = secrets.token_urlsafe(48)
    url, state = session.create_authorization_url(origin + "/oauth/authorize", code_verifier=verifier)
    browser = browser_of(world)
    browser.open(url[len(origin):])
    browser.submit("question", button="allow")
    first = session.fetch_token(origin + "/oauth/token", authorization_response=browser.away, state=state, code_verifier=verifier)
    equal(session.get(origin + "/v1/me").json()["person"]["email"], ADA, "who it is")
    second = session.refresh_token(origin + "/oauth/token", refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    equal(session.revoke_token(origin + "/oauth/revoke", token=second["refresh_token"]).status_code, 200, "revoked")
    equal(session.get(origin + "/v1/me").status_code, 401, "afterwards")
    for method in ("client_secret_basic", "client_secret_post"):
        made = machine(world)
        robot = OAuth2Session(made["id"], made["secret"], scope="print", token_endpoint_auth_method=method)
        robot.verify, robot.trust_env = ca, False
        robot.fetch_token(origin + "/oauth/token", grant_type="client_credentials")
        equal(robot.get(origin + "/v1/me").json()["person"]["role"], "machine", method)


def story_the_lines_of_the_guide_work(world):
    """docs/oauth.md, every line of it in one shell; somebody types the code that it shows."""
    with open(os.path.join(ROOT, "docs", "oauth.md"), encoding="utf-8") as file:
        lines = "\n".join(re.findall(r"```sh\n(.*?)```", file.read(), re.S))
    home = world.path("home-guide")
    os.makedirs(home)
    with open(home + "/invoice.pdf", "wb") as file:
        file.write(pdf("an invoice"))
    service, ca = "https://localhost:%d" % world.ports["service"], world.programs.authority()
    environment = {"HOME": home, "PATH": os.path.join(world.build, "src") + ":/usr/bin:/bin", "SERVICE": service, "CURL_CA_BUNDLE": ca}
    command = ["imprimatur", "login", "--server", service, "--ca", ca, "--email", demo.ADMINISTRATOR]
    subprocess.run(command, input=demo.PASSWORD + "\n", text=True, env=environment, check=True, capture_output=True)
    script = subprocess.Popen(["bash", "-euo", "pipefail", "-c", lines], cwd=home, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = ""
    for line in script.stdout:
        said += line
        code = re.search(r"type ([B-Z]{4}-[B-Z]{4})", line)
        if code:
            browser = browser_of(world)
            browser.open("/device?user_code=" + code.group(1))
            browser.submit("user_code", button="allow")
    equal(script.wait(), 0, "the lines of docs/oauth.md: " + said)
    assert "Invoice 4711" in said and ADA in said, said
    titles = [c["title"] for c in world.admin.all("/v1/clients")]
    assert "Our ERP" in titles and "Reports" in titles, titles
