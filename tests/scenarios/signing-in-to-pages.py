# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Signing in to pages: where somebody belongs, sessions and their cookie, second factors, one-time codes."""

import json
import re
import subprocess
import time

from harness import authenticator as webauthn
from harness import demo_world as demo
from harness.browser import Browser
from harness.client import basic, give_password
from harness.command_line import REFUSED, CommandLine
from harness.documents import pdf
from harness.pages import JudgedPage, totp
from harness.story import equal

OWN = "of-their-own-making"
ADA, GRACE, ALAN = "ada@demo.example", "grace@demo.example", "alan@demo.example"


def page(world, email=None, **more):
    opened = JudgedPage(world.connection)
    if email:
        opened.sign_in(email, demo.PASSWORD, **more)
    return opened


def make_person(world, email, role="person"):
    made = world.admin.post("/v1/people", {"email": email, "role": role})
    give_password(world.connection, world.admin, made["id"], demo.PASSWORD)
    return made["id"]


def story_where_somebody_belongs(world):
    nobody = page(world)
    known = nobody.call("POST", "/v1/sign-in", {"email": ADA}, 200)
    equal(known["company_code_needed"], False, "the domain tells")
    equal([m["kind"] for m in known["methods"]], ["password", "pin", "code", "passkey"], "methods")
    equal(nobody.call("POST", "/v1/sign-in", {"email": "no-such@demo.example"}, 200), known, "an account that is not there")
    elsewhere = nobody.call("POST", "/v1/sign-in", {"email": "ada@gmail.example"}, 200)
    equal(elsewhere, {"company_code_needed": True, "methods": []}, "a domain that is nobody's")
    by_code = nobody.call("POST", "/v1/sign-in", {"email": "ada@gmail.example", "company_code": "DEMO42"}, 200)
    equal(by_code, known, "by the company code")
    equal(nobody.call("POST", "/v1/sign-in", {"email": ADA, "company_code": "NOPE99"}, 200), elsewhere, "a code that is none")


def story_a_session_and_its_cookie(world):
    ada = page(world)
    opened = ada.sign_in(ADA, demo.PASSWORD)
    equal(opened["second_factor"], {"needed": False, "kinds": []}, "second factor")
    equal(ada.call("GET", "/v1/me")["person"]["email"], ADA, "who")
    found = ada.call("GET", "/v1/sessions/current")
    equal((found["id"], found["is_current"], found["method"], found["label"]), (opened["id"], True, "password", "a story"), "session")
    equal(found["csrf"], opened["csrf"], "the token, asked for again")
    # What changes something needs the token, and a page of ours.
    wanted = {"label": "by a page", "kind": "api"}
    for headers, csrf, code in (
        ({}, False, "no-csrf-token"),
        ({"X-CSRF-Token": "0" * 32}, True, "no-csrf-token"),
        ({"Origin": "https://evil.example"}, True, "other-origin"),
        ({"Sec-Fetch-Site": "cross-site"}, True, "other-origin"),
    ):
        status, value = ada.send("POST", "/v1/tokens", wanted, headers, csrf)
        equal((status, value["code"]), (403, code), "%s" % headers)
    ada.call("POST", "/v1/tokens", wanted, 201)
    # Another browser's token is no help.
    other = page(world, ADA)
    status, value = ada.send("POST", "/v1/tokens", wanted, {"X-CSRF-Token": other.csrf})
    equal((status, value["code"]), (403, "no-csrf-token"), "the token of another session")
    equal(len([s for s in ada.call("GET", "/v1/sessions")["items"]]) >= 2, True, "both are listed")
    # A browser is not made to ask for a password with a window of its own.
    _, answered, _ = world.connection.request("GET", "/v1/me", None, {"Sec-Fetch-Site": "same-origin"})
    equal({k.lower(): v for k, v in answered.items()}["www-authenticate"], 'Bearer realm="Imprimatur"', "what a page is asked for")
    # Signing out ends it at once; the cookie goes.
    cookie = ada.cookie
    ada.call("DELETE", "/v1/sessions/current", expect=204)
    equal(ada.cookie, None, "the cookie")
    ada.cookie = cookie
    ada.call("GET", "/v1/me", expect=401)
    equal(ada.cookie, None, "a cookie that is worth nothing is taken away")
    other.call("GET", "/v1/me", expect=200)
    # The cookie is no token, and a token no cookie.
    status, _ = page(world).send("GET", "/v1/me", headers={"Authorization": "Bearer " + other.cookie.split("=", 1)[1]})
    equal(status, 401, "a session's secret as a token")
    token = world.api(ADA).post("/v1/tokens", {"label": "t", "kind": "api"})["token"]
    status, _ = page(world).send("GET", "/v1/me", headers={"Cookie": "__Host-imprimatur=" + token})
    equal(status, 401, "a token as a cookie")
    status, _ = page(world).send("GET", "/v1/me", headers={"Cookie": "%s; %s" % (other.cookie, other.cookie)})
    equal(status, 401, "two cookies of that name")


def story_sessions_end_with_their_reason(world):
    person = make_person(world, "ends@demo.example")
    one, two = page(world, "ends@demo.example"), page(world, "ends@demo.example")
    one.call("PUT", "/v1/people/%s/password" % person, {"password": "another-long-password"}, 204)
    one.call("GET", "/v1/me", expect=200)
    two.call("GET", "/v1/me", expect=401)
    world.admin.patch("/v1/people/%s" % person, {"disabled": True})
    one.call("GET", "/v1/me", expect=401)
    world.admin.patch("/v1/people/%s" % person, {"disabled": False})
    again = page(world)
    again.sign_in("ends@demo.example", "another-long-password")
    equal(len(world.admin.all("/v1/sessions?person=" + person)), 1, "an administrator sees it")
    world.admin.delete("/v1/people/%s/sessions" % person)
    again.call("GET", "/v1/me", expect=401)
    again.sign_in("ends@demo.example", "another-long-password")
    world.admin.delete("/v1/people/%s" % person)
    again.call("GET", "/v1/me", expect=401)


def story_wrong_ones_are_alike(world):
    enormous = "x" * 50000
    answers = []
    for body in (
        {"email": ADA, "password": "wrong"},
        {"email": ADA, "password": ""},
        {"email": ADA, "password": demo.PASSWORD + "\0"},
        {"email": ADA, "password": "\0"},
        {"email": ADA, "password": enormous},
        {"email": "no-such@demo.example", "password": demo.PASSWORD},
        {"email": "no-such@nowhere.example", "password": demo.PASSWORD},
        {"email": "not an address", "password": demo.PASSWORD},
        {"email": ADA, "password": demo.PASSWORD, "company_code": "NOPE99"},
        {"email": ADA, "pin": "000000", "kind": "panel"},
        {"email": "no-such@demo.example", "pin": "314159", "kind": "panel"},
        {"code": "0000-0000-0000", "email": ADA},
        {"code": "0000-0000-0000"},
        {"code": "\0", "company_code": "DEMO42"},
    ):
        answers.append((json.dumps(body)[:80], page(world).send("POST", "/v1/sessions", body)))
    for body, answer in answers:
        equal(answer, answers[0][1], body)
    equal(answers[0][1][0], 401, "status")
    for secret in ("wrong", "", "\0", demo.PASSWORD + "\0", enormous[:4000]):
        status, _, content = world.connection.request("GET", "/v1/me", None, {"Authorization": basic(ALAN, secret)})
        equal(status, 401, "Basic with %r" % secret[:10])
    refused = [e for e in world.admin.all("/v1/audit/records") if e["event"] == "sign-in-refused"]
    assert len(refused) >= 5, "the trail has %d of them; more than ten a minute are only counted" % len(refused)
    assert any(e["subject"] is None for e in refused), "also of accounts that are not there"
    assert any(e["source"] == "127.0.0.1" for e in refused), refused[0]
    world.admin.delete("/v1/people/%s/lock" % world.people[ADA])


def story_codes_of_an_authenticator(world):
    make_person(world, "totp@demo.example")
    mine = "/v1/people/totp@demo.example"
    browser = page(world, "totp@demo.example")
    equal(browser.call("GET", mine + "/factors", expect=200), {"totp": False, "passkeys": 0, "recovery_codes": 0}, "factors")
    made = browser.call("POST", mine + "/totp", expect=201)
    assert made["uri"].startswith("otpauth://totp/Imprimatur:totp%40demo.example?secret=" + made["secret"]), made
    # Not in use before its first code.
    equal(page(world).sign_in("totp@demo.example", demo.PASSWORD)["second_factor"]["needed"], False, "not yet")
    browser.call("PUT", mine + "/totp", {"totp": "000000"}, 401)
    recovery = browser.call("PUT", mine + "/totp", {"totp": totp(made["secret"])}, 200)["recovery_codes"]
    equal(len(recovery), 10, "recovery codes")
    browser.call("POST", mine + "/totp", expect=409)

    again = page(world)
    opened = again.sign_in("totp@demo.example", demo.PASSWORD)
    equal(opened["second_factor"], {"needed": True, "kinds": ["totp", "recovery-code"]}, "second factor")
    for method, path in (("GET", "/v1/jobs"), ("GET", "/v1/people/totp@demo.example"), ("GET", "/v1/tokens"), ("GET", "/v1/sessions"),
                         ("DELETE", mine + "/totp"), ("DELETE", mine + "/factors"), ("POST", mine + "/recovery-codes")):
        status, value = again.send(method, path)
        equal((status, value["code"]), (403, "second-factor"), "%s %s half signed in" % (method, path))
    again.call("POST", mine + "/totp", expect=403)
    again.call("GET", "/v1/me", expect=200)
    # The step that confirmed it is used; the next one is good, once.
    again.call("POST", "/v1/sessions/current/second-factor", {"totp": totp(made["secret"])}, 401)
    again.call("POST", "/v1/sessions/current/second-factor", {"totp": totp(made["secret"], time.time() + 30)}, 200)
    equal(again.call("GET", "/v1/sessions/current", expect=200)["second_factor"], "shown", "session")
    again.call("GET", "/v1/jobs", expect=200)
    third = page(world)
    third.sign_in("totp@demo.example", demo.PASSWORD)
    third.call("POST", "/v1/sessions/current/second-factor", {"totp": totp(made["secret"], time.time() + 30)}, 401)
    third.call("POST", "/v1/sessions/current/second-factor", {"recovery_code": recovery[0].lower().replace("-", " ")}, 200)
    fourth = page(world)
    fourth.sign_in("totp@demo.example", demo.PASSWORD)
    fourth.call("POST", "/v1/sessions/current/second-factor", {"recovery_code": recovery[0]}, 401)
    fourth.call("POST", "/v1/sessions/current/second-factor", {"recovery_code": recovery[1]}, 200)
    # A password alone is no way around it for programs either; printing goes on.
    status, _, content = world.connection.request("GET", "/v1/jobs", None, {"Authorization": basic("totp@demo.example", demo.PASSWORD)})
    equal((status, json.loads(content)["code"]), (403, "second-factor"), "Basic")
    token = third.call("POST", "/v1/tokens", {"label": "a program", "kind": "api"}, 201)["token"]
    status, _, _ = world.connection.request("GET", "/v1/jobs", None, {"Authorization": "Bearer " + token})
    equal(status, 200, "a token")
    world.ipp(email="totp@demo.example").print_job(pdf("by IPP"))
    # Guesses come to an end, and the help desk opens it again.
    guesser = page(world)
    guesser.sign_in("totp@demo.example", demo.PASSWORD)
    answers = [guesser.send("POST", "/v1/sessions/current/second-factor", {"totp": "000000"})[0] for _ in range(7)]
    assert answers[-1] == 429 and 401 in answers, answers
    guesser.call("POST", "/v1/sessions/current/second-factor", {"recovery_code": recovery[2]}, 429)
    world.admin.delete("/v1/people/totp@demo.example/lock")
    guesser.call("POST", "/v1/sessions/current/second-factor", {"recovery_code": recovery[2]}, 200)
    # Lost: somebody takes all of them away.
    world.admin.delete("/v1/people/totp@demo.example/factors")
    equal(page(world).sign_in("totp@demo.example", demo.PASSWORD)["second_factor"]["needed"], False, "none is left")


def story_the_organisation_asks_for_it(world):
    make_person(world, "chief@demo.example", "administrator")
    mine = "/v1/people/chief@demo.example"
    world.admin.patch("/v1/tenant/sign-in", {"second_factor": "administrators"})
    # From now on the administrators' passwords alone are no way in.
    status, _, _ = world.connection.request("GET", "/v1/people", None, {"Authorization": basic("chief@demo.example", demo.PASSWORD)})
    equal(status, 403, "a password alone")
    equal(page(world).sign_in(ADA, demo.PASSWORD)["second_factor"]["needed"], False, "people")
    chief = page(world)
    opened = chief.sign_in("chief@demo.example", demo.PASSWORD)
    equal(opened["second_factor"], {"needed": True, "kinds": []}, "to be set up first")
    chief.call("PATCH", "/v1/tenant/sign-in", {"second_factor": "own"}, 403)
    made = chief.call("POST", mine + "/totp", expect=201)
    chief.call("PUT", mine + "/totp", {"totp": totp(made["secret"])}, 200)
    chief.call("POST", "/v1/sessions/current/second-factor", {"totp": totp(made["secret"], time.time() + 30)}, 200)
    chief.call("PATCH", "/v1/tenant/sign-in", {"second_factor": "own"}, 200)


def story_passkeys(world):
    origin = "https://localhost:%d" % world.ports["service"]
    make_person(world, "key@demo.example")
    mine = "/v1/people/key@demo.example"
    browser = webauthn.Browser(origin)
    keys = {}
    for algorithm in (webauthn.ES256, webauthn.EDDSA, webauthn.RS256):
        owner = page(world)
        opened = owner.sign_in("key@demo.example", demo.PASSWORD)
        if opened["second_factor"]["needed"]:
            challenge = owner.call("POST", "/v1/sessions/current/challenge", expect=201)
            equal(len(challenge["credentials"]), len(keys), "known to the browser")
            answer = browser.get(keys[webauthn.ES256], challenge["challenge"])
            owner.call("POST", "/v1/sessions/current/second-factor", {"passkey": answer}, 200)
        challenge = owner.call("POST", "/v1/sessions/current/challenge", expect=201)
        equal((challenge["site"], algorithm in challenge["algorithms"]), ("localhost", True), "challenge")
        keys[algorithm] = webauthn.Authenticator("localhost", algorithm, counts=algorithm != webauthn.EDDSA)
        made = browser.create(keys[algorithm], challenge["challenge"])
        owner.call("POST", mine + "/passkeys", {"label": "key", **made}, 201)
        owner.call("POST", mine + "/passkeys", {"label": "again", **made}, 422)  # the challenge is used
    equal(len(owner.call("GET", mine + "/passkeys")["items"]), 3, "passkeys")

    for key in keys.values():
        for _ in range(2):
            again = page(world)
            again.sign_in("key@demo.example", demo.PASSWORD)
            challenge = again.call("POST", "/v1/sessions/current/challenge", expect=201)["challenge"]
            again.call("POST", "/v1/sessions/current/second-factor", {"passkey": browser.get(key, challenge)}, 200)
            again.call("GET", "/v1/jobs", expect=200)
    refusals(world, browser, keys)
    passkey = again.call("GET", mine + "/passkeys")["items"][0]
    again.call("DELETE", mine + "/passkeys/" + passkey["id"], expect=204)


def refusals(world, browser, keys):
    key = keys[webauthn.ES256]
    stranger = webauthn.Authenticator("localhost")

    def wrong_signature(challenge):
        answer = browser.get(key, challenge)
        return dict(answer, signature=browser.get(keys[webauthn.RS256], challenge)["signature"])

    def counter_back(challenge):
        key.counter, kept = 0, key.counter
        answer = browser.get(key, challenge)
        key.counter = kept
        return answer

    def other_site(challenge):
        key.site, kept = "evil.example", key.site
        answer = browser.get(key, challenge)
        key.site = kept
        return answer

    wrong = {
        "another challenge": lambda c: browser.get(key, webauthn.base64url(bytes(32))),
        "another origin": lambda c: webauthn.Browser("https://evil.example").get(key, c),
        "in a frame": lambda c: browser.get(key, c, crossOrigin=True),
        "another site": other_site,
        "nobody verified": lambda c: browser.get(key, c, flags=webauthn.PRESENT),
        "nobody there": lambda c: browser.get(key, c, flags=webauthn.VERIFIED),
        "another key's signature": wrong_signature,
        "a key that is not his": lambda c: browser.get(stranger, c),
        "a copied key": counter_back,
        "a registration": lambda c: dict(browser.get(key, c), client_data=webauthn.base64url(browser.client_data("webauthn.create", c))),
        "too little": lambda c: dict(browser.get(key, c), authenticator_data=webauthn.base64url(b"short")),
    }
    for name, make in wrong.items():
        guesser = page(world)
        guesser.sign_in("key@demo.example", demo.PASSWORD)
        challenge = guesser.call("POST", "/v1/sessions/current/challenge", expect=201)["challenge"]
        status, value = guesser.send("POST", "/v1/sessions/current/second-factor", {"passkey": make(challenge)})
        equal(status, 401, "%s: %s" % (name, value))
        guesser.call("GET", "/v1/jobs", expect=403)
        world.admin.delete("/v1/people/key@demo.example/lock")


def story_one_time_codes(world):
    admin = world.admin
    made = admin.post("/v1/people", {"email": "new@demo.example"})
    code = admin.post("/v1/people/%s/codes" % made["id"], {})
    equal(len(code["code"].replace("-", "")), 12, "characters")
    first = page(world)
    first.call("POST", "/v1/sessions", {"email": "new@demo.example", "code": code["code"].lower()}, 201)
    first.call("PUT", "/v1/people/%s/password" % made["id"], {"password": demo.PASSWORD}, 204)
    page(world).call("POST", "/v1/sessions", {"email": "new@demo.example", "code": code["code"]}, 401)
    page(world).sign_in("new@demo.example", demo.PASSWORD)
    # For a release, by its owner; once.
    ada = page(world, ADA)
    code = ada.call("POST", "/v1/people/%s/codes" % ADA, {"expires_in": 3600}, 201)["code"]
    body = {"printer": "lobby", "jobs": "all", "identification": {"method": "code", "code": code, "company_code": "DEMO42"}}
    nobody = page(world)
    for job in world.api(ADA).all("/v1/jobs?state=held"):
        world.api(ADA).delete("/v1/jobs/" + job["id"])
    # Where nothing comes of it, it is there for the next attempt.
    equal(nobody.send("POST", "/v1/releases", body)[1]["code"], "nothing-held", "nothing there yet")
    equal(nobody.send("POST", "/v1/releases", dict(body, jobs=[made["id"]]))[0], 404, "what is not hers")
    equal([e for e in world.admin.all("/v1/audit/records") if e["event"] == "code-used" and e["subject"] == world.people[ADA]], [], "used")
    world.api(ADA).submit(pdf("by code"))
    paper = len(world.paper("lobby"))
    status, release = nobody.send("POST", "/v1/releases", body)
    equal((status, release.get("method")), (201, "code"), "release: %s" % release)
    world.wait_paper("lobby", paper + 1)
    equal(nobody.send("POST", "/v1/releases", body)[0], 401, "a second time")
    # Whose answer was lost asks again with the same key, and finds what he ordered; with another he finds nothing.
    code = ada.call("POST", "/v1/people/%s/codes" % ADA, {"expires_in": 3600}, 201)
    body["identification"]["code"] = code["code"]
    world.api(ADA).submit(pdf("by code, twice"))
    pressed, other = {"Idempotency-Key": "the-button"}, {"Idempotency-Key": "another"}
    status, ordered = nobody.send("POST", "/v1/releases", body, headers=pressed)
    equal(status, 201, "release: %s" % ordered)
    status, found = nobody.send("POST", "/v1/releases", body, headers=pressed)
    equal((status, found.get("id")), (201, ordered["id"]), "the same press")
    world.wait_paper("lobby", paper + 2)
    equal(nobody.send("POST", "/v1/releases", body, headers=pressed)[1].get("id"), ordered["id"], "after it came out")
    for headers in (other, {}):
        equal(nobody.send("POST", "/v1/releases", body, headers=headers)[0], 401, "another press: %s" % headers)
    page(world).call("POST", "/v1/sessions", {"email": ADA, "code": code["code"]}, 401)
    equal(ada.call("GET", "/v1/people/%s/codes" % ADA)["items"], [], "open ones")
    equal(ada.send("DELETE", "/v1/people/%s/codes/%s" % (ADA, code["id"]))[0], 404, "a used one")
    equal(len([e for e in world.admin.all("/v1/audit/records") if e["event"] == "code-used" and e["subject"] == world.people[ADA]]), 2, "uses")
    equal(len(world.paper("lobby")), paper + 2, "papers")
    # Taken back, and of somebody else.
    code = ada.call("POST", "/v1/people/%s/codes" % ADA, {}, 201)
    equal(page(world, GRACE).send("DELETE", "/v1/people/%s/codes/%s" % (world.people[ADA], code["id"]))[0], 404, "by Grace")
    equal(page(world, GRACE).send("POST", "/v1/people/%s/codes" % world.people[ADA], {})[0], 404, "for Ada, by Grace")
    ada.call("DELETE", "/v1/people/%s/codes/%s" % (ADA, code["id"]), expect=204)
    page(world).call("POST", "/v1/sessions", {"email": ADA, "code": code["code"]}, 401)


def story_methods_of_the_organisation(world):
    admin = world.admin
    methods = {m["kind"]: m for m in admin.get("/v1/methods")["items"]}
    admin.patch("/v1/methods/" + methods["pin"]["id"], {"enabled": False})
    equal([m["kind"] for m in page(world).call("POST", "/v1/sign-in", {"email": ADA})["methods"]], ["password", "code", "passkey"], "offered")
    page(world).call("POST", "/v1/sessions", {"email": GRACE, "pin": "271828", "kind": "panel"}, 401)
    admin.patch("/v1/methods/" + methods["pin"]["id"], {"enabled": True})
    panel = page(world)
    panel.call("POST", "/v1/sessions", {"email": GRACE, "pin": "271828", "kind": "panel"}, 201)
    equal(panel.call("GET", "/v1/sessions/current")["kind"], "panel", "kind")
    # It does what people do at printers, and nothing else, whoever it is.
    panel.call("GET", "/v1/jobs", expect=200)
    panel.call("GET", "/v1/printers", expect=200)
    for method, path, body in (("GET", "/v1/tokens", None), ("POST", "/v1/tokens", {"label": "x", "kind": "api"}),
                               ("PUT", "/v1/people/%s/password" % GRACE, {"password": "a-long-new-password"}),
                               ("PUT", "/v1/people/%s/pin" % GRACE, {"pin": "000001"}), ("POST", "/v1/people/%s/totp" % GRACE, None)):
        equal(panel.send(method, path, body)[0], 403, "%s %s at a panel" % (method, path))
    boss = page(world)
    boss.sign_in(demo.ADMINISTRATOR, demo.PASSWORD, kind="panel")
    for path in ("/v1/people", "/v1/methods", "/v1/audit/records", "/v1/agents"):
        equal(boss.send("GET", path)[0], 403, "%s by an administrator at a panel" % path)
    panel.call("DELETE", "/v1/sessions/current", expect=204)
    page(world).call("POST", "/v1/sessions", {"email": GRACE, "pin": "271828"}, 401)
    admin.patch("/v1/tenant/sign-in", {"pin_for_web": True})
    page(world).call("POST", "/v1/sessions", {"email": GRACE, "pin": "271828"}, 201)
    admin.patch("/v1/tenant/sign-in", {"pin_for_web": False})
    boss = page(world, demo.ADMINISTRATOR)
    boss.call("PATCH", "/v1/methods/" + methods["password"]["id"], {"enabled": False}, 422)
    boss.call("POST", "/v1/methods", {"kind": "no-such-kind"}, 422)
    boss.call("DELETE", "/v1/methods/" + methods["code"]["id"], expect=422)
    equal(boss.call("POST", "/v1/methods/%s/try" % methods["password"]["id"], expect=200), {"works": True, "sentence": None}, "tried")


def story_from_the_command_line(world):
    admin = CommandLine(world, "sign-in-admin")
    admin.login(demo.ADMINISTRATOR)
    equal([m["kind"] for m in admin.json("method", "list")], ["password", "pin", "code", "passkey"], "methods")
    assert "Enabled" in admin.run("method", "show", "pin")[0], "shown"
    admin.run("method", "set", "pin", "--enabled", "no")
    equal(admin.json("method", "set", "pin", "--enabled", "yes", "--title", "Your PIN")["title"], "Your PIN", "title")
    admin.run("method", "set", "pin", "--title", "")
    assert "It works." in admin.run("method", "try", "password")[0], "tried"
    admin.run("method", "delete", "password", "--yes", expect=REFUSED)
    equal(admin.json("sign-in-policy", "set", "--password-least", "15")["password_least"], 15, "policy")
    make = admin.json("person", "add", "terminal@demo.example")
    admin.run("person", "password", "terminal@demo.example", typed="fourteen chars\n", expect=REFUSED)
    admin.run("person", "password", "terminal@demo.example", typed=demo.PASSWORD + "\n")
    equal(admin.json("sign-in-policy", "set", "--password-least", "8")["password_least"], 8, "policy")
    words = admin.run("person", "password", "terminal@demo.example", typed="qwertyuiop\n", expect=REFUSED)[1]
    assert "list of stolen ones" in words, words

    code = admin.run("code", "add", "terminal@demo.example", "--expires", "2h")[0].strip()
    equal(len(admin.json("code", "list", "terminal@demo.example")), 1, "codes")
    page(world).call("POST", "/v1/sessions", {"email": "terminal@demo.example", "code": code}, 201)
    code = admin.json("code", "add", "terminal@demo.example")
    admin.run("code", "delete", "terminal@demo.example", code["id"], "--yes")

    mine = CommandLine(world, "sign-in-person")
    mine.login("terminal@demo.example", demo.PASSWORD + "\n" + OWN)
    equal(mine.json("session", "list"), [], "those of before are over")
    page(world).sign_in("terminal@demo.example", OWN)
    equal([s["method"] for s in mine.json("session", "list")], ["password"], "sessions")
    mine.run("session", "end", mine.json("session", "list")[0]["id"])
    equal(mine.json("session", "list"), [], "none is left")
    page(world).sign_in("terminal@demo.example", OWN)
    admin.run("session", "end", "terminal@demo.example", "--all")
    equal(admin.json("session", "list", "--person", make["email"]), [], "ended by an administrator")
    # The secret is shown before the code is asked for: a program between them plays the phone.
    typed = SecretToCode()
    recovery = mine.talk(typed, "factor", "totp")
    equal(len(recovery.split()), 10, "recovery codes: %s" % recovery)
    equal(mine.json("factor", "show", "terminal@demo.example")["totp"], True, "factors")
    equal(len(mine.run("factor", "recovery")[0].split()), 10, "new ones")
    admin.run("factor", "delete", "terminal@demo.example", "--yes")
    equal(mine.json("factor", "show", "terminal@demo.example"), {"totp": False, "passkeys": 0, "recovery_codes": 0}, "taken away")


def cookie_of(answered, name="__Host-imprimatur-company"):
    """The cookie of that name which an answer sets, as a browser sends it; empty: it takes it away."""
    for key, value in answered:
        if key.lower() == "set-cookie" and value.startswith(name + "="):
            words = [w.strip() for w in value.split(";")]
            assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(words[1:]), value
            return words[0] if "Max-Age=0" not in words else ""
    return None


def story_who_always_wants_to_be_asked_for_the_company(world):
    make_person(world, "two@demo.example")
    two = world.api("two@demo.example")
    nobody = page(world)
    before = nobody.call("POST", "/v1/sign-in", {"email": "two@demo.example"}, 200)
    equal(two.get("/v1/me")["always_company_code"], False, "at first")

    def sign_in(cookie=""):
        status, headers, _ = world.connection.request_all(
            "POST", "/v1/sessions", json.dumps({"email": "two@demo.example", "password": demo.PASSWORD}).encode(),
            {"Content-Type": "application/json", "Cookie": cookie})
        equal(status, 201, "signed in")
        return cookie_of(headers)

    equal(sign_in(), None, "who did not ask for it gets no cookie")
    equal(two.call("PATCH", "/v1/me", {"always_company_code": True})["always_company_code"], True, "set")
    # Nobody learns it, or that there is such an account, by the address.
    equal(nobody.call("POST", "/v1/sign-in", {"email": "two@demo.example"}, 200), before, "to strangers")
    remembered = sign_in()
    equal(remembered, "__Host-imprimatur-company=1", "the browser remembers")
    asked = {"company_code_needed": True, "methods": []}
    for email in ("two@demo.example", "ada@demo.example", "no-such@demo.example"):
        equal(nobody.send("POST", "/v1/sign-in", {"email": email}, {"Cookie": remembered}), (200, asked), email)
    equal(nobody.send("POST", "/v1/sign-in", {"email": "two@demo.example", "company_code": "DEMO42"}, {"Cookie": remembered}), (200, before), "with the code")
    for wrong in ("__Host-imprimatur-company=", "__Host-imprimatur-company=2", remembered + "; " + remembered):
        equal(nobody.send("POST", "/v1/sign-in", {"email": "two@demo.example"}, {"Cookie": wrong}), (200, before), wrong)
    # The page asks at once; and with the address alone it asks again.
    status, _, content = world.connection.request("GET", "/sign-in", None, {"Cookie": remembered})
    assert status == 200 and b'name="company_code"' in content, content
    status, _, content = world.connection.request("GET", "/sign-in", None, {})
    assert status == 200 and b'name="company_code"' not in content, content
    # Panels are shared: they remember nothing of anybody.
    status, headers, _ = world.connection.request_all(
        "POST", "/v1/sessions", json.dumps({"email": "two@demo.example", "password": demo.PASSWORD, "kind": "panel"}).encode(),
        {"Content-Type": "application/json"})
    equal((status, cookie_of(headers)), (201, None), "a panel")
    line = CommandLine(world, "company-always")
    line.login("two@demo.example")
    line.run("me", "--always-company-code", "perhaps", expect=2)
    # The command line asks too, where there is a terminal; else it says how to name the organisation.
    equal("--company-code" in line.login("two@demo.example", expect=1)[1], True, "without the code")
    url = "https://localhost:%d" % world.ports["service"]
    line.run("login", "--server", url, "--ca", world.programs.authority(), "--email", "two@demo.example", "--company-code", "DEMO42", typed=demo.PASSWORD + "\n")
    other = CommandLine(world, "company-never")
    other.login("ada@demo.example")
    # By the form of the page, the browser remembers as well.
    browser = Browser(world.connection)
    browser.sign_in("two@demo.example", demo.PASSWORD)
    equal(browser.cookies.get("__Host-imprimatur-company"), "1", "the page's form")
    stranger = Browser(world.connection)
    stranger.cookies["__Host-imprimatur-company"] = "1"
    stranger.open("/sign-in")
    stranger.submit(email="two@demo.example", company_code="")
    assert stranger.page.form("company_code"), "the form without the code asks again"
    stranger.submit(email="two@demo.example", company_code="DEMO42")
    stranger.submit("email", password=demo.PASSWORD)
    equal(stranger.cookies.get("__Host-imprimatur-company"), "1", "signed in with the code")
    assert "no" in line.run("me", "--always-company-code", "no")[0]
    equal(line.json("me")["always_company_code"], False, "taken back")
    equal(sign_in(remembered), "", "the browser forgets")
    browser.open("/sign-in")
    browser.cookies.pop("__Host-imprimatur", None)
    browser.open("/sign-in")
    browser.submit(email="two@demo.example", company_code="DEMO42")
    browser.submit("email", password=demo.PASSWORD)
    equal(browser.cookies.get("__Host-imprimatur-company"), None, "the page's form forgets")
    line.login("two@demo.example")


def story_the_name_is_the_services_own(world):
    """What is made of the name by which somebody comes is made of names that the service has."""
    metadata, port = "/.well-known/oauth-authorization-server", world.ports["service"]

    def issuer(host):
        status, _, content = world.connection.request("GET", metadata, None, {"Host": host})
        return json.loads(content).get("issuer" if status == 200 else "code", "bad-request")

    for host in ("localhost:%d" % port, "127.0.0.1", "[::1]:8443", "LOCALHOST"):
        equal(issuer(host), "https://" + host, "a name of the certificate")
    for host in ("evil.example", "localhost.evil.example", "evil.example:%d" % port, "127.0.0.2", "[::2]", "[::1", "*", "localhost."):
        assert issuer(host) in ("other-name", "bad-request"), (host, issuer(host))
    ada = page(world, ADA)
    status, _ = ada.send("POST", "/v1/sessions/current/challenge", headers={"Host": "evil.example", "Origin": "https://evil.example"})
    equal(status, 421, "a passkey for a site that is not ours")
    ada.call("POST", "/v1/sessions/current/challenge", expect=201)

    def log():
        with open(world.programs.log("service"), encoding="utf-8") as file:
            return file.read()

    assert "public-url-not-set" not in log(), "this machine alone comes here"
    world.settings["service"] = {"server.listen": "0.0.0.0:%d" % port}
    world.programs.write_settings()
    world.programs.restart("service")
    assert "public-url-not-set" in log(), "nobody said what to do"
    settings = world.path("service.ini")
    for bad in ("http://print.example", "https://print.example/", "https://print.example:70000", "print.example", "https://", "https://Print.example"):
        done = subprocess.run([world.programs.built("imprimaturd"), "--config", settings, "--check", "--set", "api.public_url=" + bad],
                              capture_output=True, text=True, check=False)
        assert done.returncode and "[api] public_url" in done.stderr, (bad, done)
    world.settings["service"]["api.public_url"] = "https://print.example:444"
    world.programs.write_settings()
    world.programs.restart("service")
    equal(log().count("public-url-not-set"), 1, "reminded, though it is set")
    for host in ("localhost", "evil.example"):
        equal(issuer(host), "https://print.example:444", "what the settings say")


class SecretToCode:
    """What is typed, by what was shown."""

    def __call__(self, shown):
        found = re.search(r"type this there: ([A-Z2-7]{32})", shown)
        return totp(found.group(1)) + "\n" if found else None
