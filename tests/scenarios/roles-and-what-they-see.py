# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The help desk helps without becoming anybody, the analyst counts without names, a machine prints where it may."""

import json

from harness import demo_world as demo
from harness.client import give_password
from harness.documents import pdf
from harness.judged import Judged
from harness.story import equal, says

ADA, GRACE = "ada@demo.example", "grace@demo.example"


def make(world, email, role):
    admin = world.admin
    made = admin.post("/v1/people", {"email": email, "role": role})
    give_password(world.connection, admin, made["id"], demo.PASSWORD)
    return Judged(world, email)


def try_pin(world, pin, email=GRACE):
    body = {"printer": "lobby", "jobs": "all", "identification": {"method": "pin", "email": email, "pin": pin}}
    status, _, _ = world.connection.request("POST", "/v1/releases", json.dumps(body).encode(), {"Content-Type": "application/json"})
    return status


def story_the_help_desk_helps(world):
    desk = make(world, "desk@demo.example", "help-desk")
    job = world.api(ADA).submit(pdf("secret"), name="a-secret-title")
    assert ADA in [p["email"] for p in desk.call("GET", "/v1/people", expect=200)["items"]], "people are found"
    seen = desk.call("GET", "/v1/jobs?person=" + ADA, expect=200)["items"]
    equal([(j["id"], j["title"], j["state"]) for j in seen if j["id"] == job["id"]], [(job["id"], None, "held")], "her job")
    equal(desk.call("GET", "/v1/jobs/" + job["id"], expect=200)["title"], None, "its title")
    while try_pin(world, "000000") != 429:
        pass
    desk.call("DELETE", "/v1/people/%s/lock" % GRACE, expect=204)
    equal(try_pin(world, "271828"), 409, "the right PIN after that: nothing held")
    desk.call("DELETE", "/v1/people/%s/pin" % GRACE, expect=204)
    equal(try_pin(world, "271828"), 401, "the PIN that was taken away")
    badge = desk.call("POST", "/v1/people/%s/badges" % GRACE, {"number": "04DE5CDE5C"}, 201)
    desk.call("DELETE", "/v1/people/%s/badges/%s" % (GRACE, badge["id"]), expect=204)
    # What would make it somebody else, or more than it is.
    desk.call("PUT", "/v1/people/%s/pin" % world.people[GRACE], {"pin": "271828"}, 404)
    desk.call("PUT", "/v1/people/%s/password" % world.people[GRACE], {"password": demo.PASSWORD}, 404)
    for body in ({"role": "administrator"}, {"name": "x"}, {"disabled": True}):
        desk.call("PATCH", "/v1/people/desk@demo.example", body, 403)
        desk.call("PATCH", "/v1/people/" + ADA, body, 403)
    desk.call("POST", "/v1/people", {"email": "x@demo.example"}, 403)
    desk.call("DELETE", "/v1/people/" + ADA, expect=403)
    desk.call("DELETE", "/v1/jobs/" + job["id"], expect=404)
    desk.call("PATCH", "/v1/jobs/" + job["id"], {"ticket": {"copies": 2}}, 404)
    desk.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [job["id"]]}, 404)
    for path in ("/v1/audit/records", "/v1/agents", "/v1/reports/jobs"):
        desk.call("GET", path, expect=403)
    world.admin.call("PUT", "/v1/people/%s/pin" % GRACE, {"pin": "271828"})
    kinds = [e["event"] for e in world.admin.all("/v1/audit/records?subject=" + world.people[GRACE])]
    for kind in ("person-unlocked", "pin-taken"):
        assert kind in kinds, kinds


def story_an_analyst_counts_without_names(world):
    analyst = make(world, "analyst@demo.example", "analyst")
    world.api(ADA).submit(pdf("one"), name="a-secret-title")
    world.api(GRACE).submit(pdf("two"))
    found = analyst.call("GET", "/v1/reports/jobs?limit=200", expect=200)["items"]
    words = json.dumps(found)
    for word in ("ada", "grace", "demo.example", "a-secret-title", *world.people.values()):
        assert not says(words, word), word
    persons = {row["person"] for row in found}
    assert len(persons) >= 2 and all(len(p) == 32 for p in persons), persons
    again = analyst.call("GET", "/v1/reports/jobs?limit=200", expect=200)["items"]
    equal({row["person"] for row in again}, persons, "the same people are the same pseudonyms")
    for path in ("/v1/people", "/v1/people/" + world.people[ADA], "/v1/jobs?person=all", "/v1/audit/records"):
        status = analyst.call("GET", path)["status"]
        assert status in (403, 404), "%s: %s" % (path, status)
    analyst.call("GET", "/v1/jobs", expect=200)
    Judged(world, demo.ADMINISTRATOR).call("GET", "/v1/reports/jobs?limit=1", expect=200)


def story_roles_are_given_by_who_may(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    for role in ("operator", "machine"):
        admin.call("POST", "/v1/people", {"email": "x@demo.example", "role": role}, 403)
        admin.call("PATCH", "/v1/people/" + GRACE, {"role": role}, 403)
    changed = admin.call("PATCH", "/v1/people/" + GRACE, {"role": "help-desk"}, 200)
    equal(changed["role"], "help-desk", "Grace's role")
    Judged(world, GRACE).call("GET", "/v1/people", expect=200)
    admin.call("PATCH", "/v1/people/" + GRACE, {"role": "person"}, 200)
    Judged(world, GRACE).call("GET", "/v1/people", expect=403)


def story_a_machine_prints_where_it_may(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    made = admin.call("POST", "/v1/clients", {"kind": "machine", "title": "ERP", "scope": "print"}, 201)
    form = "grant_type=client_credentials&client_id=%s&client_secret=%s" % (made["id"], made["secret"])
    status, _, content = world.connection.request("POST", "/oauth/token", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
    equal(status, 200, "its token: %s" % content)
    machine = {"Authorization": "Bearer " + json.loads(content)["access_token"], "Content-Type": "application/pdf"}

    def submit(queue):
        return world.connection.request("POST", "/v1/jobs?queue=" + queue, pdf("order"), machine)[0]

    equal(submit("pull"), 403, "before it was given a queue")
    path = "/v1/clients/%s/machine" % made["id"]
    equal(admin.call("GET", path, expect=200), {"queues": [], "jobs_max": 0}, "a new machine")
    queue = admin.call("POST", "/v1/queues", {"name": "erp", "kind": "pull"}, 201)["id"]
    equal(admin.call("PATCH", path, {"queues": [queue], "jobs_max": 2}, 200), {"queues": [queue], "jobs_max": 2}, "given")
    admin.call("PATCH", path, {"queues": [made["id"]]}, 422)
    admin.call("PATCH", path, {"queues": ["pull"]}, 400)
    equal((submit("erp"), submit("pull")), (201, 403), "its own queue and another")
    equal((submit("erp"), submit("erp")), (201, 409), "its limit")
    for method, other in (("GET", "/v1/people"), ("GET", "/v1/agents"), ("POST", "/v1/releases"), ("GET", "/v1/tokens")):
        status, _, content = world.connection.request(method, other, b"{}" if method == "POST" else None, dict(machine, **{"Content-Type": "application/json"}))
        equal(status, 403, "%s %s: %s" % (method, other, content))
    admin.call("DELETE", "/v1/queues/erp", expect=204)
    equal(admin.call("GET", path, expect=200)["queues"], [], "after its queue was deleted")
    admin.call("DELETE", "/v1/clients/" + made["id"], expect=204)
    admin.call("GET", path, expect=404)
