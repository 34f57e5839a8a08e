# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Delegates: whom a person names lists, releases and deletes the held jobs, and the events name both."""

from harness import demo_world as demo
from harness.documents import pdf
from harness.judged import Judged
from harness.process import wait_until
from harness.story import equal

ADA, GRACE, ALAN = "ada@demo.example", "grace@demo.example", "alan@demo.example"


def mine(email):
    return "/v1/people/%s/delegates" % email


def start(world, titles=False, **more):
    """Ada names Grace, and holds one job."""
    ada = Judged(world, ADA)
    for job in world.api(ADA).jobs(state="held"):
        ada.call("DELETE", "/v1/jobs/" + job["id"], expect=204)
    ada.call("PUT", mine(ADA) + "/" + GRACE, {"titles": titles, **more}, 200)
    return ada, Judged(world, GRACE), world.api(ADA).submit(pdf("hers"), name="the-title")["id"]


def story_a_delegate_is_named_and_taken_back(world):
    ada, grace, job = start(world)
    named = ada.call("GET", mine(ADA), expect=200)["items"]
    equal([(d["person"]["email"], d["titles"], d["until"]) for d in named], [(GRACE, False, None)], "Ada's delegates")
    owners = grace.call("GET", "/v1/people/%s/owners" % GRACE, expect=200)["items"]
    equal([d["owner"]["email"] for d in owners], [ADA], "whose delegate Grace is")
    equal(ada.call("GET", "/v1/people/%s/owners" % ADA, expect=200)["items"], [], "Ada is nobody's")
    ada.call("PUT", mine(ADA) + "/" + ADA, {}, 422)
    ada.call("PUT", mine(ADA) + "/nobody@demo.example", {}, 404)
    ada.call("PUT", mine(ADA) + "/" + GRACE, {"expires_in": 0}, 400)
    # Neither a delegate nor an administrator names somebody for her.
    for who in (grace, Judged(world, demo.ADMINISTRATOR), Judged(world, ALAN)):
        who.call("PUT", "/v1/people/%s/delegates/%s" % (world.people[ADA], world.people[ALAN]), {}, 404)
        who.call("GET", "/v1/people/%s/delegates" % world.people[ADA], expect=404)
    Judged(world, ALAN).call("DELETE", "/v1/people/%s/delegates/%s" % (world.people[ADA], world.people[GRACE]), expect=404)
    grace.call("DELETE", "/v1/people/%s/delegates/%s" % (ADA, GRACE), expect=204)  # she declines
    grace.call("GET", "/v1/jobs/" + job, expect=404)
    ada.call("PUT", mine(ADA) + "/" + GRACE, {}, 200)
    grace.call("GET", "/v1/jobs/" + job, expect=200)
    ada.call("DELETE", mine(ADA) + "/" + GRACE, expect=204)
    ada.call("DELETE", mine(ADA) + "/" + GRACE, expect=404)
    grace.call("GET", "/v1/jobs/" + job, expect=404)
    grace.call("GET", "/v1/jobs?person=" + world.people[ADA], expect=403)
    grace.call("GET", "/v1/jobs?person=" + ADA, expect=404)


def story_a_delegate_sees_what_is_held(world):
    ada, grace, job = start(world)
    seen = grace.call("GET", "/v1/jobs?person=" + ADA, expect=200)["items"]
    equal([(j["id"], j["title"]) for j in seen], [(job, None)], "held jobs, without titles")
    equal(grace.call("GET", "/v1/jobs/" + job, expect=200)["title"], None, "the job")
    ada.call("PUT", mine(ADA) + "/" + GRACE, {"titles": True}, 200)
    equal(grace.call("GET", "/v1/jobs/" + job, expect=200)["title"], "the-title", "with titles")
    equal([j["title"] for j in grace.call("GET", "/v1/jobs?person=" + ADA, expect=200)["items"]], ["the-title"], "in the list")
    equal([j for j in grace.call("GET", "/v1/jobs", expect=200)["items"] if j["id"] == job], [], "among her own")
    grace.call("PATCH", "/v1/jobs/" + job, {"ticket": {"copies": 2}}, 404)
    grace.call("PUT", "/v1/jobs/%s/settled" % job, expect=404)
    Judged(world, ALAN).call("GET", "/v1/jobs/" + job, expect=404)
    token = world.api(GRACE).post("/v1/tokens", {"label": "device", "kind": "print"})["token"]
    device = Judged(world, None, authorization="Bearer " + token)
    device.call("GET", "/v1/jobs/" + job, expect=404)
    # Ada's later jobs in other states are not hers to see.
    release = ada.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [job]}, 201)
    world.wait_release(world.api(ADA), release["id"])
    grace.call("GET", "/v1/jobs/" + job, expect=404)
    equal(grace.call("GET", "/v1/jobs?person=" + ADA, expect=200)["items"], [], "nothing is held")
    grace.call("GET", "/v1/releases/" + release["id"], expect=404)


def story_a_delegate_releases_and_deletes(world):
    _, grace, job = start(world)
    alan = Judged(world, ALAN)
    alan.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [job]}, 404)
    alan.call("POST", "/v1/releases", {"printer": "lobby", "jobs": "all", "owner": world.people[ADA]}, 404)
    paper = len(world.paper("lobby"))
    release = grace.call("POST", "/v1/releases", {"printer": "lobby", "jobs": "all", "owner": ADA}, 201)
    equal(release["jobs"], [job], "released")
    world.wait_release(world.api(GRACE), release["id"])
    wait_until(lambda: len(world.paper("lobby")) == paper + 1, "the paper")
    event = next(e for e in world.admin.all("/v1/audit/records?subject=" + job) if e["event"] == "job-released")
    equal(event["actor"]["id"], world.people[GRACE], "who released it")
    for words in ("by=" + world.people[GRACE], "owner=" + world.people[ADA]):
        assert words in event["detail"], event
    equal((event["via"], event["source"] is not None), ("api", True), "how she came")
    grace.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [job], "again": True}, 404)
    second = world.api(ADA).submit(pdf("second"))["id"]
    release = grace.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [second]}, 201)
    world.wait_release(world.api(GRACE), release["id"])
    third = world.api(ADA).submit(pdf("third"))["id"]
    grace.call("DELETE", "/v1/jobs/" + third, expect=204)
    gone = world.api(ADA).get("/v1/jobs/" + third)
    equal((gone["state"], gone["reason"]), ("deleted", "delegate-deleted"), "the third")


def story_until_a_time_and_no_longer(world):
    ada, grace, job = start(world, expires_in=3600)
    named = ada.call("GET", mine(ADA), expect=200)["items"]
    assert named[0]["until"], named
    grace.call("GET", "/v1/jobs/" + job, expect=200)
    ada.call("PUT", mine(ADA) + "/" + GRACE, {"expires_in": 1}, 200)
    wait_until(lambda: not ada.call("GET", mine(ADA), expect=200)["items"], "its end")
    grace.call("GET", "/v1/jobs/" + job, expect=404)
    grace.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [job]}, 404)
    equal(grace.call("GET", "/v1/people/%s/owners" % GRACE, expect=200)["items"], [], "whose delegate she is")


def story_nobody_acts_for_who_is_not_let_in(world):
    ada, grace, job = start(world)
    admin = Judged(world, demo.ADMINISTRATOR)
    admin.call("PATCH", "/v1/people/" + ADA, {"disabled": True}, 200)
    grace.call("GET", "/v1/jobs/" + job, expect=404)
    grace.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [job]}, 404)
    admin.call("PATCH", "/v1/people/" + ADA, {"disabled": False}, 200)
    grace.call("GET", "/v1/jobs/" + job, expect=200)
    leaver = admin.call("POST", "/v1/people", {"email": "leaver@demo.example"}, 201)
    ada.call("PUT", mine(ADA) + "/" + leaver["id"], {}, 200)
    admin.call("DELETE", "/v1/people/" + leaver["id"], expect=204)
    equal([d["person"]["email"] for d in ada.call("GET", mine(ADA), expect=200)["items"]], [GRACE], "who is left")
