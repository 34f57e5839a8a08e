# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Somebody who has an account tries for more: members that are not his to set, paths and methods in disguise, one kind of
secret in the place of another, another site's pages, and a session that he chose for somebody else."""

import json
import os
import re
from urllib.parse import urlencode

from harness import ROOT, demo_world as demo
from harness.description import routes
from harness.documents import pdf
from harness.pages import Page
from harness.story import equal, load

ADA, GRACE = "ada@demo.example", "grace@demo.example"
BODIES = load(os.path.join(ROOT, "tests", "scenarios", "who-may-come.py")).BODIES
COOKIE = "__Host-imprimatur"


def ask(world, method, path, body=None, headers=None, content_type="application/json"):
    sent = {"Content-Type": content_type} if body is not None else {}
    if isinstance(body, dict):
        body = json.dumps(body).encode()
    status, answered, content = world.connection.request(method, path, body, {**sent, **(headers or {})}, again=False)
    return status, content, {k.lower(): v for k, v in answered.items()}


def bearer(secret):
    return {"Authorization": "Bearer " + secret}


def story_members_that_are_not_his_to_set(world):
    ada, admin = world.api(ADA), world.admin
    me, boss = ada.get("/v1/me")["person"], admin.get("/v1/me")["person"]
    before = admin.get("/v1/people/" + me["id"])
    job = ada.submit(pdf("mine"))["id"]
    tenant = admin.get("/v1/tenant")["id"]
    more = ({"role": "administrator"}, {"role": "operator"}, {"tenant": tenant}, {"id": boss["id"]}, {"disabled": False},
            {"is_administrator": True}, {"email": demo.ADMINISTRATOR}, {"sites": []}, {"scopes": "all"}, {"owner": boss["id"]},
            {"person": boss["id"]}, {"state": "done"}, {"password": "let-it-be-printed"}, {"__proto__": {"role": "administrator"}},
            {"Role": "administrator"}, {"role ": "administrator"}, {"kind": "machine"}, {"printer": "lobby", "again": True})
    for member in more:
        for method, path, body in (
            ("PATCH", "/v1/me", {}),
            ("PATCH", "/v1/people/" + me["id"], {}),
            ("PATCH", "/v1/people/me", {}),
            ("PATCH", "/v1/jobs/" + job, {}),
            ("POST", "/v1/tokens", {"label": "more", "kind": "print", "expires_in": 60}),
            ("PUT", "/v1/people/%s/delegates/%s" % (me["id"], GRACE), {"titles": False}),
        ):
            if path == "/v1/tokens" and "kind" in member:
                continue
            status, content, _ = ask(world, method, path, {**body, **member}, {"Authorization": ada.authorization})
            assert status in (400, 403, 404, 422), "%s %s with %s: %d %s" % (method, path, member, status, content)
    after = admin.get("/v1/people/" + me["id"])
    equal({k: v for k, v in after.items() if k != "seen"}, {k: v for k, v in before.items() if k != "seen"}, "Ada afterwards")
    equal(admin.get("/v1/me")["person"]["role"], boss["role"], "the administrator")
    equal(admin.get("/v1/jobs/" + job)["state"], "held", "the job")
    equal([t for t in ada.all("/v1/tokens") if t["label"] == "more"], [], "tokens made")
    ada.delete("/v1/jobs/" + job)


def story_paths_in_disguise(world):
    given = {"Authorization": world.api(ADA).authorization}
    origin = "https://localhost:%d" % world.ports["service"]
    for path in ("/v1/me/../people", "/v1/me/%2e%2e/people", "/v1/me/..%2fpeople", "/v1/me/%2e%2e%2fpeople", "//v1/people", "/v1//people",
                 "/v1/people/", "/v1/people/.", "/v1/./people", "/v1/%70eople", "/v1/people%20", "/v1/people%09", "/v1/people%00",
                 "/v1/people;x=y", "/v1/people%3f", "/v1/people%23", "/v1%2fpeople", "/%76%31/people", "/v1/me%2f..%2fpeople",
                 "/v1/PEOPLE", "/v1/people.json", "/v1/me/%252e%252e/people", "/v1/people/%2e", "/healthz/../v1/people", "/healthz/%2e%2e/v1/people",
                 "/v1/people?limit=1&%6cimit=2", origin + "/v1/people", origin.upper() + "/v1/people", "https://evil.example/v1/people",
                 "/oauth/../v1/people", "/sign-in/..;/v1/people", "/ipp/print/demo/pull/../../../../v1/people"):
        for headers in ({}, given):
            status, content, _ = ask(world, "GET", path, headers=headers)
            assert status in (400, 401, 403, 404, 421), "%s: %d %s" % (path, status, content[:200])
            assert demo.ADMINISTRATOR.encode() not in content, path


def story_methods_in_disguise(world):
    ada = world.api(ADA)
    job = ada.submit(pdf("stays"))["id"]
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method", "_method"):
        for method in ("GET", "POST", "PUT"):
            for path in ("/v1/jobs/" + job, "/v1/jobs/%s?_method=DELETE" % job, "/v1/jobs/%s?method=delete" % job):
                ask(world, method, path, headers={"Authorization": ada.authorization, header: "DELETE"})
    for method in ("DELETE ", "delete", "DELETEX", "XDELETE", "D\u0395LETE".encode().decode("latin-1")):
        try:
            status, _, _ = ask(world, method, "/v1/jobs/" + job, headers={"Authorization": ada.authorization})
        except ValueError:
            continue  # Python's own client does not say it
        assert status in (400, 404, 405, 501), (method, status)
    equal(ada.job(job)["state"], "held", "the job")
    ada.delete("/v1/jobs/" + job)


def story_one_secret_in_the_place_of_another(world):
    """Whatever is worth something in one place is worth nothing in the others."""
    ada = world.api(ADA)
    machine = world.admin.post("/v1/clients", {"kind": "machine", "title": "confused", "scope": "print"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    _, content, _ = ask(world, "POST", "/oauth/device_authorization", urlencode({"client_id": "imprimatur-cli"}).encode(), form, form["Content-Type"])
    device = json.loads(content)
    page = Page(world.connection)
    page.sign_in(ADA, demo.PASSWORD)
    cookie = page.cookie.split("=", 1)[1]
    api = ada.post("/v1/tokens", {"label": "a", "kind": "api"})
    printing = ada.post("/v1/tokens", {"label": "p", "kind": "print"})
    agent = world.admin.post("/v1/agents", {"name": "confused"})
    nothing = {"client secret": machine["secret"], "client id": machine["id"], "device code": device["device_code"], "user code": device["user_code"],
               "session": cookie, "csrf token": page.csrf, "id of a token": api["id"], "enrolment code": agent["code"],
               "cut": api["token"][:-1], "longer": api["token"] + "A", "upper case": api["token"].upper(), "password": demo.PASSWORD,
               "another kind": "api_" + printing["token"].partition("_")[2], "as an access token": "at_" + api["token"].partition("_")[2]}
    for what, secret in nothing.items():
        for headers in (bearer(secret), {"Authorization": "Token " + secret}, {"Authorization": "bearer  " + secret + " x"}, {"X-API-Key": secret},
                        {"Cookie": "%s=%s" % (COOKIE, secret)} if what != "session" else {}, {"Authorization": "Basic " + secret}):
            status, content, _ = ask(world, "GET", "/v1/me", headers=headers)
            assert status in (401, 429), "%s as %s: %d %s" % (what, list(headers), status, content)
    for what, secret in {"api token": api["token"], "session": cookie, "print token": printing["token"]}.items():
        for grant in ("refresh_token", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "client_credentials", "password"):
            asked = {"grant_type": grant, "client_id": "imprimatur-cli", "refresh_token": secret, "code": secret, "device_code": secret,
                     "code_verifier": "x" * 43, "redirect_uri": "http://127.0.0.1:1/callback", "username": ADA, "password": secret}
            status, content, _ = ask(world, "POST", "/oauth/token", urlencode(asked).encode(), form, form["Content-Type"])
            assert status in (400, 401), "%s by %s: %d %s" % (what, grant, status, content)
        for path in ("/v1/me?access_token=" + secret, "/v1/me?token=" + secret):
            equal(ask(world, "GET", path)[0] in (400, 401), True, "%s in a query" % what)
    # A print token prints, and does not read, release or make anything that lasts longer.
    for method, path, body in (("GET", "/v1/people/me", None), ("POST", "/v1/tokens", {"label": "l", "kind": "api"}),
                               ("PATCH", "/v1/me", {}), ("POST", "/v1/releases", {"printer": "lobby", "jobs": "all"}), ("GET", "/v1/tokens", None),
                               ("POST", "/v1/sessions", {"email": ADA, "password": printing["token"]})):
        status, content, _ = ask(world, method, path, body, bearer(printing["token"]))
        assert status in (401, 403), "%s %s with a print token: %d %s" % (method, path, status, content)


def story_pages_of_others_and_every_cookie_route(world):
    """With nothing but the cookie, which a browser brings along by itself, no route changes anything."""
    ada = Page(world.connection)
    ada.sign_in(demo.ADMINISTRATOR, demo.PASSWORD)
    count = 0
    for method, pattern, right, kind, _ in routes(world.build):
        if method in ("GET", "HEAD") or right in ("look", "sign-in", "enrol", "agent-work"):
            continue
        path = re.sub(r"{\w+}", "00000000-0000-7000-8000-000000000000", pattern)
        body = BODIES.get((method, pattern), {} if kind == "json" else None)
        for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 32}, {"X-CSRF-Token": ada.csrf[:-1]},
                        {"X-CSRF-Token": ada.csrf, "Origin": "https://evil.example"}, {"X-CSRF-Token": ada.csrf, "Sec-Fetch-Site": "same-site"}):
            status, content, _ = ask(world, method, path, body, {"Cookie": ada.cookie, **headers})
            where = "%s %s with %s: %d %s" % (method, path, list(headers), status, content[:200])
            assert status in (403, 415), where
            assert status == 415 or json.loads(content)["code"] in ("no-csrf-token", "other-origin", "not-an-agent", "not-your-right", "for-administrators"), where
            count += 1
    assert count > 300, count
    # Another site does not sign anybody in, either: who prints in somebody else's session shows him his documents.
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        status, content, answered = ask(world, "POST", "/v1/sessions", {"email": GRACE, "password": demo.PASSWORD}, headers)
        equal((status, "set-cookie" in answered), (403, False), "%s: %s" % (headers, content))
        for path in ("/sign-in", "/sign-out", "/device", "/oauth/authorize"):
            form = urlencode({"email": GRACE, "password": demo.PASSWORD}).encode()
            status, content, answered = ask(world, "POST", path, form, headers, "application/x-www-form-urlencoded")
            assert status in (400, 403) and COOKIE + "=" not in answered.get("set-cookie", ""), (path, headers, status, answered)


def story_a_session_that_somebody_else_chose(world):
    chosen = COOKIE + "=" + "A" * 43
    grace = Page(world.connection)
    grace.sign_in(GRACE, demo.PASSWORD)
    for planted in (chosen, grace.cookie):
        body = {"email": ADA, "password": demo.PASSWORD}
        status, _, answered = ask(world, "POST", "/v1/sessions", body, {"Cookie": planted, "Origin": "https://localhost:%d" % world.ports["service"]})
        equal(status, 201, "a sign-in over a planted cookie")
        got = answered["set-cookie"].split(";")[0]
        assert got.startswith(COOKIE + "=") and got != planted, got
        _, content, _ = ask(world, "GET", "/v1/me", headers={"Cookie": got})
        equal(json.loads(content)["person"]["email"], ADA, "who is signed in by the new one")
    equal(ask(world, "GET", "/v1/me", headers={"Cookie": chosen})[0], 401, "the one that was chosen")
    equal(grace.call("GET", "/v1/me", expect=200)["person"]["email"], GRACE, "the other one's own session")
