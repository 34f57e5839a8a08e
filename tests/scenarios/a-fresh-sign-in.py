# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What needs a secret that was shown a moment ago: keys, roles, exports, secrets."""

from harness import demo_world as demo
from harness.pages import Page
from harness.process import wait_until
from harness.story import equal

SETTINGS = {"service": {"sessions.fresh": "2s"}}


def story_fresh_for_what_matters(world):
    boss = Page(world.connection)
    boss.sign_in(demo.ADMINISTRATOR, demo.PASSWORD)
    boss.call("GET", "/v1/methods", expect=200)
    opened = boss.call("GET", "/v1/sessions/current")["fresh"]
    wait_until(lambda: boss.send("GET", "/v1/methods")[0] == 403, "the secret grows old")
    alan = "/v1/people/alan@demo.example"
    for method, path, body in (
        ("GET", "/v1/methods", None),
        ("PATCH", "/v1/tenant/sign-in", {}),
        ("PUT", "/v1/people/%s/password" % demo.ADMINISTRATOR, {"password": "a-long-new-password"}),
        ("PATCH", alan, {"role": "help-desk"}),
        ("POST", "/v1/people", {"email": "new@demo.example", "role": "administrator"}),
        ("POST", "/v1/people/%s/totp" % demo.ADMINISTRATOR, None),
        ("DELETE", alan + "/factors", None),
        ("DELETE", alan, None),
    ):
        status, value = boss.send(method, path, body)
        equal((status, value["code"]), (403, "not-fresh"), "%s %s" % (method, path))
    boss.call("GET", "/v1/people", expect=200)
    boss.call("PATCH", alan, {"name": "Alan"}, 200)
    boss.call("POST", "/v1/sessions/current/fresh", {"password": "wrong"}, 401)
    cookie = boss.cookie
    boss.call("POST", "/v1/sessions/current/fresh", {"password": demo.PASSWORD}, 200)
    assert boss.cookie != cookie, "a new cookie"
    boss.call("PATCH", alan, {"role": "person"}, 200)
    assert boss.call("GET", "/v1/sessions/current")["fresh"] > opened, "fresh"
    boss.cookie = cookie
    boss.call("GET", "/v1/me", expect=401)
