# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A passkey alone: nobody is named, no password is typed, and no second factor is owed."""

import threading

from harness import authenticator as webauthn
from harness import demo_world as demo
from harness.client import give_password
from harness.pages import JudgedPage
from harness.story import equal

EMAIL = "keeper@demo.example"


def origin(world):
    return "https://localhost:%d" % world.ports["service"]


def person(world, email=EMAIL):
    made = world.admin.post("/v1/people", {"email": email})
    give_password(world.connection, world.admin, made["id"], demo.PASSWORD)
    return made["id"]


def passkey(world, email=EMAIL, **more):
    """A new one of that person's; and the page that made it."""
    owner = JudgedPage(world.connection)
    owner.sign_in(email, demo.PASSWORD)
    asked = owner.call("POST", "/v1/sessions/current/challenge", expect=201)
    key = webauthn.Authenticator(asked["site"], **more)
    key.user = asked["user"]
    made = webauthn.Browser(origin(world)).create(key, asked["challenge"])
    key.passkey = owner.call("POST", "/v1/people/me/passkeys", {"label": "a key", **made}, 201)["id"]
    return key, owner


def ask(world):
    return JudgedPage(world.connection).call("POST", "/v1/sign-in/passkey", expect=200)["challenge"]


def try_it(world, answer, **more):
    browser = JudgedPage(world.connection)
    return (*browser.send("POST", "/v1/sessions", {"passkey": answer, **more}), browser)


def story_nobody_is_named_and_nothing_is_typed(world):
    owner_id = person(world)
    key, _ = passkey(world)
    browser = webauthn.Browser(origin(world))
    for _ in range(2):
        status, opened, page = try_it(world, browser.sign_in(key, ask(world)))
        equal((status, opened["second_factor"]["needed"], opened["person"]), (201, False, owner_id), "%s" % opened)
        session = page.call("GET", "/v1/sessions/current")
        equal((session["method"], session["second_factor"]), ("passkey", "shown"), "session")
        page.call("GET", "/v1/jobs", expect=200)
    # It is fresh, and shown in the trail.
    page.call("POST", "/v1/people/me/passkeys", {"client_data": "AA", "attestation": "AA"}, 422)
    kinds = [(e["event"], e["detail"]) for e in world.admin.all("/v1/audit/records?subject=" + owner_id)]
    assert ("signed-in", "method=passkey") in kinds, kinds
    # Also where the organisation asks everybody for two.
    chief = JudgedPage(world.connection)
    chief.sign_in(demo.ADMINISTRATOR, demo.PASSWORD)
    chief.call("PATCH", "/v1/tenant/sign-in", {"second_factor": "everybody"}, 200)
    status, opened, page = try_it(world, browser.sign_in(key, ask(world)))
    equal((status, opened["second_factor"]["needed"]), (201, False), "two factors by itself")
    chief.call("PATCH", "/v1/tenant/sign-in", {"second_factor": "own"}, 200)


def story_a_challenge_names_nobody(world):
    one, two = (JudgedPage(world.connection).call("POST", "/v1/sign-in/passkey", expect=200) for _ in range(2))
    equal(sorted(one), ["challenge", "expires_in", "site"], "members")
    equal(({**one, "challenge": ""}, len(one["challenge"])), ({**two, "challenge": ""}, 43), "alike")
    assert one["challenge"] != two["challenge"]
    offered = JudgedPage(world.connection).call("POST", "/v1/sign-in", {"email": "no-such@demo.example"}, 200)
    equal([m["kind"] for m in offered["methods"]], ["password", "pin", "code", "passkey"], "methods")


def story_an_answer_is_good_once(world):
    person(world, "once@demo.example")
    for counts in (True, False):
        key, _ = passkey(world, "once@demo.example", counts=counts) if counts else another(world, "once@demo.example", key)
        browser = webauthn.Browser(origin(world))
        answer = browser.sign_in(key, ask(world))
        results = []
        threads = [threading.Thread(target=lambda: results.append(try_it(world, answer)[0])) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(sorted(results), [201] + [401] * 5, "six at once, counting: %s" % counts)
        # A challenge from before the last sign-in is over too.
        old, new = ask(world), ask(world)
        equal(try_it(world, browser.sign_in(key, new))[0], 201, "the newer one")
        equal(try_it(world, browser.sign_in(key, old))[0], 401, "the older one")


def another(world, email, first):
    """A second passkey of somebody who has one; it does not count."""
    browser = webauthn.Browser(origin(world))
    _, _, owner = try_it(world, browser.sign_in(first, ask(world)))
    asked = owner.call("POST", "/v1/sessions/current/challenge", expect=201)
    key = webauthn.Authenticator(asked["site"], counts=False)
    key.user = asked["user"]
    owner.call("POST", "/v1/people/me/passkeys", {"label": "another", **browser.create(key, asked["challenge"])}, 201)
    return key, owner


def story_wrong_ones_are_alike(world):
    owner_id = person(world, "wrong@demo.example")
    person(world, "other@demo.example")
    key, owner = passkey(world, "wrong@demo.example")
    theirs, _ = passkey(world, "other@demo.example")
    browser = webauthn.Browser(origin(world))

    def of_the_session(_):
        return browser.sign_in(key, owner.call("POST", "/v1/sessions/current/challenge", expect=201)["challenge"])

    wrong = {
        "a challenge of nobody's": lambda c: browser.sign_in(key, webauthn.base64url(bytes(32))),
        "a challenge of a session": of_the_session,
        "a challenge with another time": lambda c: browser.sign_in(key, later(c)),
        "another site's page": lambda c: webauthn.Browser("https://evil.example").sign_in(key, c),
        "in a frame": lambda c: browser.sign_in(key, c, crossOrigin=True),
        "nobody verified": lambda c: browser.sign_in(key, c, flags=webauthn.PRESENT),
        "somebody else's name": lambda c: dict(browser.sign_in(key, c), user=theirs.user),
        "nobody's name": lambda c: dict(browser.sign_in(key, c), user=webauthn.base64url(bytes(32))),
        "an enormous name": lambda c: dict(browser.sign_in(key, c), user="A" * 9000),
        "a key that is not there": lambda c: dict(browser.sign_in(key, c), id=webauthn.base64url(bytes(16))),
        "another key's signature": lambda c: dict(browser.sign_in(key, c), signature=browser.sign_in(theirs, c)["signature"]),
    }
    answers = {}
    for name, make in wrong.items():
        status, value, _ = try_it(world, make(ask(world)))
        answers[name] = (status, value["code"], value["title"], value["detail"])
    equal(len(set(answers.values())), 1, "one answer: %s" % answers)
    equal(next(iter(answers.values()))[:2], (401, "wrong-credentials"), "which")
    # What is no answer at all says so; and there is one way in a request.
    equal(try_it(world, {"id": "AA"})[0], 400, "members missing")
    equal(try_it(world, dict(browser.sign_in(key, ask(world)), user=""))[0], 400, "no name")
    equal(try_it(world, browser.sign_in(key, ask(world)), password="x", email="wrong@demo.example")[0], 400, "two ways")
    # Whoever is disabled, and a passkey that was deleted, are wrong in the same way.
    world.admin.patch("/v1/people/" + owner_id, {"disabled": True})
    equal(try_it(world, browser.sign_in(key, ask(world)))[0], 401, "disabled")
    world.admin.patch("/v1/people/" + owner_id, {"disabled": False})
    status, _, page = try_it(world, browser.sign_in(key, ask(world)))
    equal(status, 201, "let in again")
    page.call("DELETE", "/v1/people/me/passkeys/" + key.passkey, expect=204)
    equal(try_it(world, browser.sign_in(key, ask(world)))[0], 401, "deleted")


def later(challenge):
    octets = bytearray(webauthn.from_base64url(challenge))
    octets[7] ^= 1
    return webauthn.base64url(bytes(octets))


def story_a_copied_key_is_told_of(world):
    owner_id = person(world, "copied@demo.example")
    key, _ = passkey(world, "copied@demo.example")
    browser = webauthn.Browser(origin(world))
    equal(try_it(world, browser.sign_in(key, ask(world)))[0], 201, "the owner")
    key.counter = 0
    equal(try_it(world, browser.sign_in(key, ask(world)))[0], 401, "the copy")
    kinds = [(e["event"], e["detail"]) for e in world.admin.all("/v1/audit/records?subject=" + owner_id)]
    assert ("passkey-refused", "why=copied") in kinds, kinds


def story_the_organisation_can_switch_it_off(world):
    person(world, "off@demo.example")
    key, _ = passkey(world, "off@demo.example")
    browser = webauthn.Browser(origin(world))
    method = next(m for m in world.admin.all("/v1/methods") if m["kind"] == "passkey")
    world.admin.patch("/v1/methods/" + method["id"], {"enabled": False})
    equal(try_it(world, browser.sign_in(key, ask(world)))[0], 401, "switched off")
    world.admin.patch("/v1/methods/" + method["id"], {"enabled": True})
    equal(try_it(world, browser.sign_in(key, ask(world)))[0], 201, "switched on")


def story_a_source_that_tries_is_paused(world):
    wrong = {name: "AA" for name in ("id", "client_data", "authenticator_data", "signature", "challenge", "user")}
    statuses = [try_it(world, wrong)[0] for _ in range(101)]
    tried = statuses.count(401)
    assert 50 < tried <= 100 and statuses == [401] * tried + [429] * (101 - tried), statuses
    # Others' ways in go on.
    JudgedPage(world.connection).sign_in("ada@demo.example", demo.PASSWORD)
