# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""People who come, change, and go: by hand, as a table, and in groups."""

import csv
import io
import sqlite3
import time

from harness import demo_world as demo
from harness.client import Api, Refused, give_password
from harness.documents import pdf
from harness.story import equal

ADA, GRACE, ALAN = "ada@demo.example", "grace@demo.example", "alan@demo.example"


def admin(world):
    return world.api(demo.ADMINISTRATOR)


def refusal(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except Refused as refused:
        return refused.status, refused.body["code"] if isinstance(refused.body, dict) else refused.body
    raise AssertionError("not refused")


def table(rows, names="email,name,department,groups,badge,pin"):
    return (names + "\r\n" + "".join(row + "\r\n" for row in rows)).encode()


def send_table(world, octets, query=""):
    return admin(world).post("/v1/people/import" + query, octets, content_type="text/csv")


def count(report):
    return tuple(report[k] for k in ("made", "changed", "unchanged", "refused"))


def story_an_address_changes_and_everything_else_stays(world):
    grace = world.people[GRACE]
    held = world.api(GRACE).submit(pdf("before"))["id"]
    changed = admin(world).patch("/v1/people/" + grace, {"email": "Grace.Hopper@demo.example", "department": "Compilers"})
    equal((changed["email"], changed["department"]), ("grace.hopper@demo.example", "Compilers"), "the person")
    api = Api(world.connection, "grace.hopper@demo.example", demo.PASSWORD)
    equal([j["id"] for j in api.jobs(state="held")], [held], "her jobs under the new address")
    equal(refusal(world.api(GRACE).get, "/v1/me")[0], 401, "the old address")
    equal(refusal(admin(world).patch, "/v1/people/" + grace, {"email": ADA}), (409, "taken"), "somebody else's address")
    equal(refusal(admin(world).patch, "/v1/people/" + grace, {"email": "nobody"}), (422, "bad-value"), "no address")
    api.delete("/v1/jobs/" + held)
    admin(world).patch("/v1/people/" + grace, {"email": GRACE})
    detail = [e["detail"] for e in admin(world).all("/v1/audit/records?subject=" + grace) if e["event"] == "person-changed"]
    assert detail and not any("@" in d for d in detail), detail


def story_who_is_disabled_is_out_at_once(world):
    alan = world.people[ALAN]
    api = world.api(ALAN)
    tokens = [Api(world.connection, token=api.post("/v1/tokens", {"label": kind, "kind": kind})["token"]) for kind in ("api", "print")]
    for token in tokens:
        token.get("/v1/me")
    began = time.monotonic()
    admin(world).patch("/v1/people/" + alan, {"disabled": True})
    for who in [api] + tokens:
        equal(refusal(who.get, "/v1/me")[0], 401, "after he was disabled")
    assert time.monotonic() - began < 5, "longer than five seconds"
    admin(world).patch("/v1/people/" + alan, {"disabled": False})
    equal(api.get("/v1/me")["person"]["id"], alan, "his password is his again")
    equal(api.all("/v1/tokens"), [], "tokens do not come back")
    for token in tokens:
        equal(refusal(token.get, "/v1/me")[0], 401, "an old token")


def story_a_device_s_token_tells_where_it_was_used_and_can_be_revoked_alone(world):
    ada = world.api(ADA)
    made = [ada.post("/v1/tokens", {"label": label, "kind": "print"}) for label in ("laptop", "desk")]
    Api(world.connection, token=made[0]["token"]).get("/v1/me")
    listed = {t["label"]: t for t in ada.all("/v1/tokens")}
    equal((listed["laptop"]["used_from"], listed["desk"]["used_from"], listed["desk"]["used"]), ("127.0.0.1", None, None), "where each was used")
    equal(refusal(world.api(GRACE).delete, "/v1/tokens/" + made[0]["id"])[0], 404, "revoked by somebody else")
    ada.delete("/v1/tokens/" + made[0]["id"])
    equal(refusal(Api(world.connection, token=made[0]["token"]).get, "/v1/me")[0], 401, "the lost device")
    Api(world.connection, token=made[1]["token"]).get("/v1/me")
    ada.delete("/v1/tokens/" + made[1]["id"])


def story_groups_have_members(world):
    api = admin(world)
    group = api.post("/v1/groups", {"name": "Night shift, east"})
    equal(refusal(api.post, "/v1/groups", {"name": "Night shift, east"}), (409, "taken"), "the same name again")
    path = "/v1/groups/" + group["id"]
    for person in (ADA, world.people[GRACE], ADA):
        api.put("%s/members/%s" % (path, person), None)
    equal(api.get(path)["members"], 2, "members")
    equal(sorted(m["email"] for m in api.all(path + "/members?limit=1".replace("?limit=1", ""))), [ADA, GRACE], "who")
    equal([g["name"] for g in world.api(ADA).get("/v1/people/me/groups".replace("me", ADA))["items"]], ["Night shift, east"], "mine")
    equal(refusal(world.api(ADA).get, "/v1/people/%s/groups" % GRACE)[0], 404, "somebody else's")
    equal(refusal(world.api(ADA).get, "/v1/groups")[0], 403, "all of them")
    equal(api.patch(path, {"name": "Night shift"})["name"], "Night shift", "the new name")
    api.delete("%s/members/%s" % (path, ADA))
    equal(api.get("/v1/groups/Night%20shift")["members"], 1, "found by its name")
    api.delete(path)
    equal(refusal(api.get, path)[0], 404, "deleted")


def story_a_table_of_people_is_taken_and_changes_nothing_the_second_time(world):
    octets = table(
        [
            "mary@demo.example,Mary,Analysis,staff;a;;b,04AABBCC,314159",
            '"kay@demo.example","McNulty, Kay",,staff,,',
            "ada@demo.example,,,staff,,",
        ]
    )
    dry = send_table(world, octets, "?dry_run=yes")
    equal((dry["dry_run"], count(dry)), (True, (2, 1, 0, 0)), "as it would be")
    equal(refusal(admin(world).get, "/v1/people/mary@demo.example")[0], 404, "after a dry run")
    first = send_table(world, octets)
    equal((count(first), first["pins_left"], first["stopped"]), ((2, 1, 0, 0), 0, None), "the first time")
    mary = admin(world).get("/v1/people/mary@demo.example")
    equal((mary["name"], mary["department"], mary["has_pin"], mary["badges"]), ("Mary", "Analysis", True, 1), "Mary")
    names = [g["name"] for g in admin(world).get("/v1/people/mary@demo.example/groups")["items"]]
    equal(sorted(names), ["a;b", "staff"], "her groups")
    equal(admin(world).get("/v1/people/kay@demo.example")["name"], "McNulty, Kay", "a quoted name")
    again = send_table(world, octets)
    equal((count(again), again["lines"]), ((0, 0, 3, 0), []), "the second time")
    equal([b["tail"] for b in admin(world).get("/v1/people/mary@demo.example/badges")["items"]], ["bbcc"], "the badge's end")


def story_each_bad_line_is_named_and_the_others_are_taken(world):
    send_table(world, table(["mary@demo.example,Mary,,,04AABBCC,"]))
    octets = table(
        [
            "nobody,x,,,,",
            "x1@demo.example,x,,,,",
            "x2@demo.example,x,,,",
            "x3@demo.example,x,,,04AABBCC,",
            "x4@demo.example,x,,,zz,",
            "x5@demo.example,x,,,,12345",
            "",
            '"x6@demo.example\r\nBcc: x@y",x,,,,',
            "x7@demo.example,\"two\nlines\",,,,",
        ]
    )
    report = send_table(world, octets)
    reasons = {line["line"]: line["reason"] for line in report["lines"] if line["outcome"] == "refused"}
    expected = {2: "bad-email", 4: "wrong-fields", 5: "badge-taken", 6: "bad-badge", 7: "bad-pin", 8: "empty-line", 9: "bad-email", 11: "bad-name"}
    equal(reasons, expected, "what is wrong with each")
    equal(report["made"], 1, "the good one")
    for gone in ("x3@demo.example", "x5@demo.example"):
        equal(refusal(admin(world).get, "/v1/people/" + gone)[0], 404, "a refused line's person")
    stopped = send_table(world, table(["y1@demo.example,x,,,,", 'y2@demo.example,a"b,,,,', "y3@demo.example,x,,,,"]))
    equal((stopped["stopped"]["line"], stopped["stopped"]["reason"], stopped["made"]), (3, "bad-quote", 1), "where it is no table")
    for names, reason in (("email,salary", "unknown-column"), ("name", "no-email-column"), ("email,email", "column-twice"), ("", "no-email-column")):
        report = send_table(world, table([], names))
        equal((report["stopped"] or {}).get("reason"), reason if names else "unknown-column", "columns " + names)
    equal(refusal(admin(world).post, "/v1/people/import", b"{}", content_type="application/json"), (415, "not-csv"), "no table at all")
    equal(refusal(world.api(ADA).post, "/v1/people/import", b"email\r\n", content_type="text/csv")[0], 403, "a person's table")


def story_what_is_exported_can_be_imported(world):
    send_table(world, table(['trap@demo.example,"=HYPERLINK(""http://x"")",@home,+1,,']))
    exported = admin(world).get("/v1/people/export").decode()
    rows = {row["email"]: row for row in csv.DictReader(io.StringIO(exported, newline=""))}
    equal(rows["trap@demo.example"]["name"], "'=HYPERLINK(\"http://x\")", "a cell that would calculate")
    equal(rows[demo.ADMINISTRATOR]["role"], "administrator", "the administrator")
    report = send_table(world, exported.encode())
    equal((count(report)[:2], report["refused"], report["unchanged"]), ((0, 0), 0, len(rows)), "its own export")
    assert any(e["event"] == "people-exported" for e in admin(world).all("/v1/audit/records")), "an export without an event"


def story_everything_kept_of_a_person_is_told_to_him(world):
    ada = world.api(ADA)
    job = ada.submit(pdf("of hers"), name="A letter to Charles")
    mine = ada.get("/v1/people/%s/export" % ADA)
    equal(mine["person"][0]["email"], ADA, "who")
    assert job["id"] in {j["id"] for j in mine["jobs"]} and "A letter to Charles" in {j.get("title") for j in mine["jobs"]}
    assert {"badges", "tokens", "sessions", "groups", "releases", "events", "delegates", "outside_identities"} <= set(mine)
    theirs = admin(world).get("/v1/people/%s/export" % ADA)
    assert "A letter to Charles" not in str(theirs) and job["id"] in {j["id"] for j in theirs["jobs"]}
    equal(refusal(world.api(GRACE).get, "/v1/people/%s/export" % world.people[ADA])[0], 404, "somebody else's")
    ada.delete("/v1/jobs/" + job["id"])


def story_nothing_of_who_is_erased_can_be_found(world):
    """In no table and no file: only ids are left, which belong to nobody."""
    send_table(world, table(["canary-address@demo.example,Canary Name,Canary Department,canary group,04CACACACA,"]))
    person = admin(world).get("/v1/people/canary-address@demo.example")["id"]
    give_password(world.connection, admin(world), person, demo.PASSWORD)
    canary = Api(world.connection, "canary-address@demo.example", demo.PASSWORD)
    canary.submit(pdf("canary document"), name="Canary title")
    canary.post("/v1/tokens", {"label": "canary token", "kind": "api"})
    admin(world).delete("/v1/people/" + person)
    equal(refusal(admin(world).get, "/v1/people/%s/export" % person)[0], 404, "erased")
    equal(refusal(canary.get, "/v1/me")[0], 401, "his password")
    admin(world).delete("/v1/groups/canary%20group")
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        names = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        database.text_factory = bytes
        for name in names:
            for row in database.execute('SELECT * FROM "%s"' % name):
                assert "anary" not in str(row), "%s: %s" % (name, row)
    assert admin(world).all("/v1/audit/records?subject=" + person), "what happened is still in the trail"
    log = open(world.path("service.log"), encoding="utf-8").read()
    assert "canary" not in log.lower(), "in the log"


def story_ten_thousand_people_are_taken_in_seconds(world):
    octets = table("p%05d@demo.example,Person %d,Works,staff,%08X," % (i, i, 0xA0000000 + i) for i in range(10_000))
    began = time.monotonic()
    report = send_table(world, octets)
    took = time.monotonic() - began
    equal(count(report), (10_000, 0, 0, 0), "ten thousand")
    assert took < 60, "it took %.1f s" % took
    began = time.monotonic()
    equal(count(send_table(world, octets)), (0, 0, 10_000, 0), "the second time")
    assert time.monotonic() - began < 60
    print("10,000 people in %.1f s, again in %.1f s" % (took, time.monotonic() - began))
