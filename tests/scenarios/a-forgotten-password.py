# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Somebody forgot his password, or changes it: by mail over a real relay, without a way around anything."""

import re

from harness import demo_world as demo
from harness.client import Api, Refused
from harness.mail import MailSink, use_relay
from harness.pages import Page, totp
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
ANOTHER = "quite another phrase"
SINKS = {}


def refusal(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except Refused as refused:
        return refused.status, refused.body["code"]
    raise AssertionError("not refused")


def ask(world, email):
    return Api(world.connection).post("/v1/sign-in/code", {"email": email})


def code_of(mail):
    return re.search(r"([0-9A-Z]{4}-){2}[0-9A-Z]{4}", mail.text).group(0)


def story_without_a_relay_it_says_so(world):
    equal(refusal(ask, world, ADA), (409, "no-mail"), "asked")


def story_a_code_comes_by_mail_and_sets_another_password(world):
    relay = SINKS[world.folder] = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
    use_relay(world, relay)
    equal(ask(world, ADA), {"state": "mailed-if-possible"}, "the answer")
    mail = relay.wait(ADA)
    code = code_of(mail)
    forgetful = Page(world.connection)
    forgetful.call("POST", "/v1/sessions", {"email": ADA, "code": code}, 201)
    forgetful.call("PUT", "/v1/people/me/password", {"password": ANOTHER}, 204)
    equal(refusal(Api(world.connection, ADA, demo.PASSWORD).get, "/v1/me")[0], 401, "with the old one")
    Api(world.connection, ADA, ANOTHER).get("/v1/me")
    Page(world.connection).call("POST", "/v1/sessions", {"email": ADA, "code": code}, 401)


def story_the_answer_tells_nothing(world):
    relay = SINKS[world.folder]
    world.admin.post("/v1/people", {"email": "outside@demo.example"})  # without a password of ours
    answers = set()
    for email in (GRACE, "nobody@demo.example", "outside@demo.example", "x@nowhere.example"):
        status, headers, body = world.connection.request(
            "POST", "/v1/sign-in/code", ('{"email": "%s"}' % email).encode(), {"Content-Type": "application/json"})
        answers.add((status, body, tuple(sorted(k for k in headers if k != "Date"))))
    equal(len(answers), 1, "answers: %s" % answers)
    relay.wait(GRACE)
    for email in ("nobody@demo.example", "outside@demo.example", "x@nowhere.example"):
        equal(relay.to(email), [], "mail to " + email)


def story_a_second_factor_is_asked_for_as_ever(world):
    relay = SINKS[world.folder]
    careful = Page(world.connection)
    careful.sign_in(GRACE, demo.PASSWORD)
    seed = careful.call("POST", "/v1/people/me/totp", expect=201)["secret"]
    careful.call("PUT", "/v1/people/me/totp", {"totp": totp(seed)}, 200)
    ask(world, GRACE)
    thief = Page(world.connection)
    opened = thief.call("POST", "/v1/sessions", {"email": GRACE, "code": code_of(relay.wait(GRACE, 2))}, 201)
    equal(opened["second_factor"]["needed"], True, "a second factor is owed")
    status, _ = thief.send("PUT", "/v1/people/me/password", {"password": ANOTHER})
    equal(status in (401, 403), True, "another password without it: %s" % status)


def story_a_found_token_does_not_take_the_account(world):
    token = Api(world.connection, ADA, ANOTHER).post("/v1/tokens", {"label": "lost", "kind": "api"})["token"]
    thief = Api(world.connection, ADA, token)
    path = "/v1/people/me/password"
    equal(refusal(thief.put, path, {"password": "mine from now on"})[1], "not-fresh", "without the current one")
    equal(refusal(thief.put, path, {"password": "mine from now on", "current": "a guess"})[0], 401, "with a guess")
    thief.put(path, {"password": demo.PASSWORD, "current": ANOTHER})
    Api(world.connection, ADA, demo.PASSWORD).get("/v1/me")
