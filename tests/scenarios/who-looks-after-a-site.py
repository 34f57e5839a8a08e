# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Sites, and administrators who reach what stands there and nothing else."""

from harness import demo_world as demo
from harness.judged import Judged
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"
PRINTER = {"addresses": ["socket://localhost:9"], "formats": ["application/pdf"]}


def names(found):
    return sorted(item["name"] for item in found["items"])


def story_a_site_has_a_place_and_people(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    made = admin.call("POST", "/v1/sites", {"name": "north", "title": "North", "geo": "geo:52.520008,-13.4"}, 201)
    admin.call("POST", "/v1/sites", {"name": "north"}, 409)
    admin.call("POST", "/v1/sites", {"name": "south"}, 201)
    for geo in ("52,13", "geo:91,0", "geo:0,181", "geo:1", "geo:1,2,3", "geo:+1,2", "geo:90.1,0", "geo:1.2.3,4", "geo:,"):
        admin.call("PATCH", "/v1/sites/north", {"geo": geo}, 422)
    changed = admin.call("PATCH", "/v1/sites/north", {"address": "1 North Road", "geo": None}, 200)
    equal((changed["address"], changed["geo"], changed["title"]), ("1 North Road", None, "North"), "changed")
    equal(names(admin.call("GET", "/v1/sites", expect=200)), ["north", "south"], "sites")
    ada = Judged(world, ADA)
    equal(ada.call("GET", "/v1/sites/" + made["id"], expect=200)["name"], "north", "people see sites")
    ada.call("POST", "/v1/sites", {"name": "mine"}, 403)
    admin.call("PUT", "/v1/sites/north/administrators/" + ADA, expect=204)
    admin.call("PUT", "/v1/sites/north/administrators/" + ADA, expect=204)
    equal(admin.call("GET", "/v1/people/" + ADA, expect=200)["role"], "site-administrator", "Ada's role")
    found = admin.call("GET", "/v1/sites/north/administrators", expect=200)
    equal([p["email"] for p in found["items"]], [ADA], "administrators of north")
    equal(admin.call("GET", "/v1/sites/north", expect=200)["administrators"], 1, "how many")
    ada.call("PUT", "/v1/sites/south/administrators/" + ADA, expect=403)
    ada.call("GET", "/v1/sites/south/administrators", expect=403)
    admin.call("PUT", "/v1/sites/south/administrators/" + demo.ADMINISTRATOR, expect=422)
    admin.call("PUT", "/v1/sites/nowhere/administrators/" + ADA, expect=404)
    admin.call("PUT", "/v1/sites/north/administrators/nobody@demo.example", expect=404)
    admin.call("DELETE", "/v1/sites/south/administrators/" + ADA, expect=404)


def story_its_administrator_reaches_what_stands_there(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    grace = Judged(world, GRACE)
    made = ada.call("POST", "/v1/printers", dict(PRINTER, name="north-one", site="north"), 201)
    equal(made["addresses"], PRINTER["addresses"], "addresses for who put it there")
    ada.call("POST", "/v1/printers", dict(PRINTER, name="south-one", site="south"), 403)
    ada.call("POST", "/v1/printers", dict(PRINTER, name="nowhere-one"), 403)
    admin.call("POST", "/v1/printers", dict(PRINTER, name="south-one", site="south"), 201)
    ada.call("PATCH", "/v1/printers/north-one", {"location": "Hall"}, 200)
    set_by_her = ada.call("PATCH", "/v1/printers/north-one", {"accepting": False, "public": True, "title": "By the stairs"}, 200)
    equal((set_by_her["accepting"], set_by_her["public"], set_by_her["title"]), (False, True, "By the stairs"), "what she set")
    ada.call("PATCH", "/v1/printers/north-one", {"accepting": True, "public": False}, 200)
    for change in ({"accepting": False}, {"public": True}, {"title": "Hers"}, {"site": "north", "public": True}):
        ada.call("PATCH", "/v1/printers/south-one", change, 403)
        grace.call("PATCH", "/v1/printers/north-one", change, 403)
    ada.call("PATCH", "/v1/printers/north-one", {"site": "south"}, 403)
    ada.call("PATCH", "/v1/printers/north-one", {"site": None}, 403)
    ada.call("PATCH", "/v1/printers/north-one", {"site": "nowhere"}, 404)
    ada.call("PATCH", "/v1/printers/south-one", {"location": "Hers"}, 403)
    ada.call("PATCH", "/v1/printers/south-one", {"site": "north"}, 403)
    ada.call("DELETE", "/v1/printers/south-one", expect=403)
    equal(ada.call("GET", "/v1/printers/south-one", expect=200)["addresses"], [], "addresses of another site")
    shown = {p["name"]: p["addresses"] for p in ada.call("GET", "/v1/printers", expect=200)["items"]}
    equal((shown["north-one"], shown["south-one"]), (PRINTER["addresses"], []), "addresses in the list")
    equal(grace.call("GET", "/v1/printers/north-one", expect=200)["addresses"], [], "addresses for people")

    elsewhere = admin.call("POST", "/v1/agents", {"name": "south-agent", "site": "south"}, 201)
    ada.call("POST", "/v1/agents", {"name": "any-agent"}, 403)
    here = ada.call("POST", "/v1/agents", {"name": "north-agent", "site": "north"}, 201)
    equal(names(ada.call("GET", "/v1/agents", expect=200)), ["north-agent"], "agents that Ada sees")
    ada.call("GET", "/v1/agents/" + elsewhere["id"], expect=404)
    ada.call("DELETE", "/v1/agents/" + elsewhere["id"], expect=404)
    ada.call("PATCH", "/v1/agents/" + elsewhere["id"], {"site": "north"}, 404)
    ada.call("PATCH", "/v1/agents/" + here["id"], {"site": "south"}, 403)
    ada.call("PATCH", "/v1/printers/north-one", {"agent": elsewhere["id"]}, 403)
    ada.call("PATCH", "/v1/printers/north-one", {"agent": here["id"]}, 200)

    reader = {"name": "north-reader", "agent": here["id"], "model": "tcpconv", "printer": "north-one"}
    made = ada.call("POST", "/v1/readers", reader, 201)
    ada.call("POST", "/v1/readers", dict(reader, name="x", printer="south-one"), 403)
    ada.call("POST", "/v1/readers", dict(reader, name="x", agent=elsewhere["id"]), 403)
    equal(names(ada.call("GET", "/v1/readers", expect=200)), ["north-reader"], "readers that Ada sees")
    theirs = admin.call("POST", "/v1/readers", dict(reader, name="south-reader", agent=elsewhere["id"], printer="south-one"), 201)
    ada.call("DELETE", "/v1/readers/" + theirs["id"], expect=404)
    ada.call("DELETE", "/v1/readers/" + made["id"], expect=204)

    queue = ada.call("POST", "/v1/queues", {"name": "north-queue", "kind": "direct", "printer": "north-one"}, 201)
    ada.call("POST", "/v1/queues", {"name": "x", "kind": "direct", "printer": "south-one"}, 403)
    ada.call("POST", "/v1/queues", {"name": "x", "kind": "pull"}, 403)
    ada.call("DELETE", "/v1/queues/pull", expect=403)
    ada.call("DELETE", "/v1/queues/" + queue["id"], expect=204)
    for method, path in (("GET", "/v1/people"), ("GET", "/v1/audit/records"), ("GET", "/v1/jobs?person=all")):
        ada.call(method, path, expect=403)
    ada.call("GET", "/v1/jobs?person=" + GRACE, expect=404)
    token = {"Authorization": "Bearer " + world.api(ADA).post("/v1/tokens", {"label": "x", "kind": "print"})["token"]}
    status, _, _ = world.connection.request("PATCH", "/v1/printers/north-one", b"{}", dict(token, **{"Content-Type": "application/json"}))
    equal(status, 403, "a print token of a site administrator")


def story_without_a_site_he_is_a_person_again(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    admin.call("PUT", "/v1/sites/south/administrators/" + ADA, expect=204)
    admin.call("DELETE", "/v1/sites/south/administrators/" + ADA, expect=204)
    equal(admin.call("GET", "/v1/people/" + ADA, expect=200)["role"], "site-administrator", "one site is left")
    admin.call("DELETE", "/v1/sites/north", expect=204)
    equal(admin.call("GET", "/v1/people/" + ADA, expect=200)["role"], "person", "none is left")
    equal(admin.call("GET", "/v1/printers/north-one", expect=200)["site"], None, "its printer's site")
    ada.call("PATCH", "/v1/printers/north-one", {"location": "Hers"}, 403)
    ada.call("GET", "/v1/agents", expect=403)
    kinds = [e["event"] for e in world.admin.all("/v1/audit/records")]
    for kind in ("site-made", "site-changed", "site-administrator-appointed", "site-administrator-dismissed", "site-deleted"):
        assert kind in kinds, kind
    for name in ("north-agent", "south-agent"):
        agent = next(a for a in world.admin.all("/v1/agents") if a["name"] == name)
        admin.call("DELETE", "/v1/agents/" + agent["id"], expect=204)
    for name in ("north-one", "south-one"):
        admin.call("DELETE", "/v1/printers/" + name, expect=204)
    admin.call("DELETE", "/v1/sites/south", expect=204)


