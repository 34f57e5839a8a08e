# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A password that somebody else set is known to two: it lets its owner set another one, and does nothing else."""

import sqlite3

from harness.browser import Browser
from harness.client import Api, Refused, basic
from harness.command_line import REFUSED, CommandLine
from harness.documents import pdf
from harness.pages import JudgedPage
from harness.story import equal

FIRST, OWN = "what-the-administrator-typed", "what-nobody-else-knows"


def newcomer(world, email):
    made = world.admin.post("/v1/people", {"email": email})
    world.admin.put("/v1/people/%s/password" % made["id"], {"password": FIRST})
    return made["id"]


def refusal(call, *arguments):
    try:
        given = call(*arguments)
    except Refused as refused:
        return refused.status, refused.body["code"]
    raise AssertionError("not refused: %s" % (given,))


def story_over_the_api(world):
    person = newcomer(world, "api@demo.example")
    equal(world.admin.get("/v1/people/" + person)["password_given"], True, "told to the administrator")
    with_first = Api(world.connection, "api@demo.example", FIRST)
    for call, *arguments in (
        (with_first.get, "/v1/jobs"),
        (with_first.get, "/v1/tokens"),
        (with_first.post, "/v1/tokens", {"label": "t", "kind": "api"}),
        (with_first.post, "/v1/people/me/codes", {}),
        (with_first.put, "/v1/people/me/pin", {"pin": "314159"}),
        (with_first.submit, pdf("a page")),
    ):
        equal(refusal(call, *arguments), (403, "password-given"), "%s" % (arguments,))
    equal(with_first.get("/v1/me")["person"]["password_given"], True, "told to him")
    # It cannot be kept, and one that is as bad as any is refused as ever.
    equal(refusal(with_first.put, "/v1/people/me/password", {"password": FIRST}), (422, "known-password"), "the same again")
    equal(refusal(with_first.put, "/v1/people/me/password", {"password": "short"})[0], 422, "a short one")
    with_first.put("/v1/people/me/password", {"password": OWN})
    own = Api(world.connection, "api@demo.example", OWN)
    own.get("/v1/jobs")
    equal(own.get("/v1/me")["person"]["password_given"], False, "his own")
    equal(refusal(with_first.get, "/v1/me")[0], 401, "the first one")
    details = [e["detail"] for e in world.admin.all("/v1/audit/records?subject=" + person) if e["event"] == "password-set"]
    equal(details, ["by=another", None], "the trail tells whose hand it was")
    # And again, when an administrator sets one for somebody who was here long ago; his tokens are his own proof.
    token = own.post("/v1/tokens", {"label": "t", "kind": "api"})["token"]
    world.admin.put("/v1/people/%s/password" % person, {"password": FIRST})
    equal(refusal(Api(world.connection, "api@demo.example", FIRST).get, "/v1/jobs"), (403, "password-given"), "again")
    Api(world.connection, token=token).get("/v1/jobs")


def story_in_a_session(world):
    newcomer(world, "session@demo.example")
    page = JudgedPage(world.connection)
    opened = page.sign_in("session@demo.example", FIRST)
    equal(opened["password_given"], True, "told")
    other = JudgedPage(world.connection)
    other.sign_in("session@demo.example", FIRST)
    status, value = page.send("GET", "/v1/jobs")
    equal((status, value["code"]), (403, "password-given"), "anything else")
    page.call("GET", "/v1/sessions/current", expect=200)
    page.call("PUT", "/v1/people/me/password", {"password": OWN}, 204)
    page.call("GET", "/v1/jobs", expect=200)
    other.call("GET", "/v1/me", expect=401)
    again = JudgedPage(world.connection)
    equal(again.sign_in("session@demo.example", OWN)["password_given"], False, "from now on")


def story_a_print_queue_says_why(world):
    newcomer(world, "queue@demo.example")
    body = b"\x02\x00\x00\x0a\x00\x00\x00\x01\x03"
    sent = {"Content-Type": "application/ipp", "Authorization": basic("queue@demo.example", FIRST)}
    status, _, content = world.connection.request("POST", "/ipp/print/demo/pull", body, sent)
    equal(status, 403, "printing")
    assert b"/sign-in" in content, content


def story_on_the_pages(world):
    newcomer(world, "page@demo.example")
    browser = Browser(world.connection)
    browser.open("/device")
    browser.submit(email="page@demo.example")
    browser.submit("email", password=FIRST)
    equal(browser.page.heading, "Set your password", "the page")
    browser.open("/device")
    equal(browser.page.heading, "Set your password", "wherever he goes")
    for new, again, status in ((OWN, OWN + "!", 422), ("short", "short", 422), (FIRST, FIRST, 422)):
        browser.submit(new_password=new, again=again)
        equal((browser.status, browser.page.heading), (status, "Set your password"), new)
    cookie = dict(browser.cookies)
    browser.submit(new_password=OWN, again=OWN)
    equal(browser.page.heading, "Let a device in", "on to where he wanted")
    assert browser.cookies["__Host-imprimatur"] != cookie["__Host-imprimatur"], "a new secret of the session"


def story_pins_are_told_of(world):
    person = newcomer(world, "pin@demo.example")
    world.admin.put("/v1/people/%s/pin" % person, {"pin": "161803"})
    equal(world.admin.get("/v1/people/" + person)["pin_given"], True, "by an administrator")
    # It goes on releasing; a printer has no page to set another.
    panel = JudgedPage(world.connection)
    panel.call("POST", "/v1/sessions", {"email": "pin@demo.example", "pin": "161803", "kind": "panel"}, 201)
    panel.call("GET", "/v1/jobs", expect=200)
    page = JudgedPage(world.connection)
    page.sign_in("pin@demo.example", FIRST)
    page.call("PUT", "/v1/people/me/password", {"password": OWN}, 204)
    page.call("PUT", "/v1/people/me/pin", {"pin": "271828"}, 204)
    equal(page.call("GET", "/v1/me")["person"]["pin_given"], False, "his own")


def story_nobody_used_it_in_time(world):
    person = newcomer(world, "late@demo.example")
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as db:
        db.execute("UPDATE person SET password_until_ms = 1 WHERE email = 'late@demo.example'")
    equal(refusal(Api(world.connection, "late@demo.example", FIRST).get, "/v1/me")[0], 401, "a week later")
    world.admin.put("/v1/people/%s/password" % person, {"password": FIRST})
    Api(world.connection, "late@demo.example", FIRST).get("/v1/me")


def story_from_the_command_line(world):
    newcomer(world, "terminal@demo.example")
    mine = CommandLine(world, "given-password")
    mine.login("terminal@demo.example", FIRST, expect=REFUSED)
    mine.login("terminal@demo.example", FIRST + "\n" + FIRST, expect=REFUSED)
    told = mine.login("terminal@demo.example", FIRST + "\n" + OWN)
    assert "Somebody else set this password" in told[1], told
    equal(mine.json("job", "list"), [], "signed in")
    Api(world.connection, "terminal@demo.example", OWN).get("/v1/jobs")
