# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A printer's alias, its groups, its own default ticket, and the people whose it is alone."""

from harness import demo_world as demo
from harness.agents import PlayedAgent
from harness.command_line import CommandLine
from harness.documents import pdf
from harness.judged import Judged
from harness.process import wait_until
from harness.story import equal, refused

ADA, GRACE = "ada@demo.example", "grace@demo.example"
PRINTER = {"addresses": ["socket://localhost:9"], "formats": ["application/pdf"]}


def names(found):
    return sorted(item["name"] for item in found["items"])


def wait_refusal(world, printer, reason):
    """What a badge reader cannot say stands in the trail."""

    def there():
        found = world.admin.all("/v1/audit/records?subject=" + world.printers[printer])
        return [e for e in found if e["event"] == "refused" and "right=release reason=" + reason in e["detail"]]

    wait_until(there, "a refusal at %s: %s" % (printer, reason))


def story_an_alias_names_one_printer(world):
    admin = Judged(world, demo.ADMINISTRATOR)
    made = admin.call("PATCH", "/v1/printers/lobby", {"alias": "GF1"}, 200)
    equal(made["alias"], "gf1", "the alias as it is kept")
    for word in ("gf1", "GF1", "Gf1"):
        equal(Judged(world, ADA).call("GET", "/v1/printers/" + word, expect=200)["name"], "lobby", word)
    admin.call("PATCH", "/v1/printers/studio", {"alias": "gf1"}, 409)
    admin.call("PATCH", "/v1/printers/studio", {"alias": "Lobby"}, 409)  # somebody else's name
    admin.call("POST", "/v1/printers", dict(PRINTER, name="gf1"), 409)
    admin.call("PATCH", "/v1/printers/lobby", {"alias": "lobby"}, 200)  # its own
    admin.call("PATCH", "/v1/printers/lobby", {"alias": "gf1"}, 200)
    for word in ("a b", "-a", "g.f", "ä", "../x", "x" * 17, "a\n"):
        assert admin.call("PATCH", "/v1/printers/lobby", {"alias": word})["status"] in (400, 422), word
    ada = world.api(ADA)
    with open(world.path("letter.pdf"), "wb") as file:
        file.write(pdf("typed"))
    job = ada.submit(pdf("by alias"))["id"]
    ada.release("GF1", [job])
    world.wait_job(ada, job, "done")
    line = CommandLine(world, "ada")
    line.login(ADA)
    line.run("job", "send", line.world.path("letter.pdf"))
    line.run("release", "Gf1")
    admin.call("PATCH", "/v1/printers/lobby", {"alias": None}, 200)
    Judged(world, ADA).call("GET", "/v1/printers/gf1", expect=404)


def story_a_printer_is_open_to_some_alone(world):
    admin, ada, grace = (Judged(world, email) for email in (demo.ADMINISTRATOR, ADA, GRACE))
    admin.call("POST", "/v1/groups", {"name": "Board"}, 201)
    admin.call("PUT", "/v1/groups/Board/members/" + ADA, expect=204)
    admin.call("PUT", "/v1/printers/studio/people", {"groups": ["no such"]}, 422)
    shown = admin.call("PUT", "/v1/printers/studio/people", {"groups": ["Board", "Board"]}, 200)
    equal([g["name"] for g in shown["groups"]], ["Board"], "its people")
    equal(admin.call("GET", "/v1/printers/studio/people", expect=200), shown, "the same, asked")
    grace.call("GET", "/v1/printers/studio/people", expect=403)

    # To others it is not there, in lists and by name, and neither is a queue that leads to it.
    assert "studio" in names(ada.call("GET", "/v1/printers", expect=200))
    assert "studio" in names(ada.call("GET", "/v1/queues", expect=200))
    assert "studio" not in names(grace.call("GET", "/v1/printers", expect=200))
    assert "studio" not in names(grace.call("GET", "/v1/queues", expect=200))
    grace.call("GET", "/v1/printers/studio", expect=404)
    grace.call("GET", "/v1/queues/studio", expect=404)
    ada.call("GET", "/v1/queues/studio", expect=200)
    grace.call("GET", "/v1/printers/studio/state", expect=404)
    # Who looks after it sees it all the same, and prints there no more than others.
    assert "studio" in names(admin.call("GET", "/v1/printers", expect=200))
    with refused(403, "forbidden"):
        world.admin.release("studio", [world.admin.submit(pdf("hers"))["id"]])

    job = world.api(GRACE).submit(pdf("not hers"))["id"]
    with refused(404, "not-found"):
        world.api(GRACE).release("studio", [job])
    with refused(403, "forbidden"):
        world.api(GRACE).submit(pdf("straight there"), queue="studio")
    with refused(0x0403):  # client-error-not-authorized
        world.ipp("studio", GRACE).print_job(pdf("by IPP"), "by IPP")

    taken = world.api(ADA).release("studio", [world.api(ADA).submit(pdf("hers"))["id"]])
    world.wait_release(world.api(ADA), taken["id"])

    # A group that a printer names does not go, for then it would be everybody's.
    admin.call("DELETE", "/v1/groups/Board", expect=409)
    admin.call("PUT", "/v1/printers/studio/people", {"groups": []}, 200)
    admin.call("DELETE", "/v1/groups/Board", expect=204)
    world.api(GRACE).release("studio", [job])
    world.wait_job(world.api(GRACE), job, "done")


def story_a_badge_is_refused_like_everybody(world):
    admin = world.admin
    admin.post("/v1/groups", {"name": "Readers"})
    admin.call("PUT", "/v1/printers/lobby/people", {"groups": ["Readers"]})
    grace = world.api(GRACE)
    job = grace.submit(pdf("at the reader"))["id"]
    world.swipe("lobby", world.badge(GRACE))
    wait_refusal(world, "lobby", "not-allowed")
    equal(grace.job(job)["state"], "held", "her job")
    # Where badges release nothing, it is the same with everybody's.
    admin.call("PUT", "/v1/printers/lobby/people", {"groups": []})
    admin.patch("/v1/printers/lobby", {"badges": False})
    world.swipe("lobby", world.badge(GRACE))
    wait_refusal(world, "lobby", "not-accepting")
    equal(grace.job(job)["state"], "held", "her job")
    grace.release("lobby", [job])  # by other means it does
    world.wait_job(grace, job, "done")
    admin.patch("/v1/printers/lobby", {"badges": True})


def story_printers_stand_in_groups(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    made = admin.call("POST", "/v1/printer-groups", {"name": "Ground floor"}, 201)
    admin.call("POST", "/v1/printer-groups", {"name": "Ground floor"}, 409)
    admin.call("POST", "/v1/printer-groups", {"name": " "}, 422)
    ada.call("POST", "/v1/printer-groups", {"name": "Mine"}, 403)
    path = "/v1/printer-groups/Ground%20floor"
    admin.call("PUT", path + "/printers/lobby", expect=204)
    admin.call("PUT", path + "/printers/lobby", expect=204)
    admin.call("PUT", path + "/printers/nowhere", expect=404)
    ada.call("PUT", path + "/printers/lab", expect=403)
    equal(names(ada.call("GET", path + "/printers", expect=200)), ["lobby"], "its printers")
    equal(admin.call("GET", "/v1/printer-groups/" + made["id"], expect=200)["printers"], 1, "how many")
    policy = admin.call("POST", "/v1/policies", {"title": "One copy here", "printer_group": "Ground floor", "copies_max": 1}, 201)
    equal(policy["printer_group"], made["id"], "where it holds")
    admin.call("POST", "/v1/policies", {"title": "Nowhere", "printer_group": "No such", "copies_max": 1}, 404)
    job = world.api(ADA).post("/v1/jobs?queue=pull&name=thrice&copies=3", pdf("thrice"), content_type="application/pdf")["id"]
    for printer, copies in (("lobby", 1), ("studio", 3)):
        settled = ada.call("GET", "/v1/jobs/%s/ticket?printer=%s" % (job, printer), expect=200)
        equal(settled["ticket"].get("copies"), copies, "copies at " + printer)
    renamed = admin.call("PATCH", path, {"name": "Below"}, 200)
    equal((renamed["id"], renamed["name"]), (made["id"], "Below"), "renamed")
    admin.call("DELETE", "/v1/printer-groups/Below", expect=204)
    equal(admin.call("GET", "/v1/policies/" + policy["id"], expect=404)["code"], "not-found", "the policy went with it")
    admin.call("GET", "/v1/printers/lobby", expect=200)


def story_a_printer_has_a_default_of_its_own(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    admin.call("PUT", "/v1/printers/studio/ticket", {"copies": 2, "sides": "two-sided-long-edge"}, 200)
    ada.call("PUT", "/v1/printers/studio/ticket", {"copies": 9}, 403)
    equal(ada.call("GET", "/v1/printers/studio/ticket", expect=200)["copies"], 2, "everybody sees it")
    admin.call("PUT", "/v1/tenant/ticket", {"copies": 4}, 200)
    job = world.api(ADA).submit(pdf("as usual"))["id"]
    for printer, copies in (("studio", 2), ("lobby", 4)):
        settled = ada.call("GET", "/v1/jobs/%s/ticket?printer=%s" % (job, printer), expect=200)
        equal(settled["ticket"].get("copies"), copies, "copies at " + printer)
    admin.call("PUT", "/v1/queues/pull/ticket", {"copies": 3}, 200)
    equal(ada.call("GET", "/v1/jobs/%s/ticket?printer=studio" % job, expect=200)["ticket"]["copies"], 3, "the queue is nearer")
    for path in ("queues/pull", "tenant", "printers/studio"):
        admin.call("PUT", "/v1/%s/ticket" % path, {}, 200)
    made = admin.call("POST", "/v1/printers", dict(PRINTER, name="gone"), 201)
    admin.call("PUT", "/v1/printers/gone/ticket", {"copies": 2}, 200)
    admin.call("DELETE", "/v1/printers/" + made["id"], expect=204)


def story_they_are_looked_for_and_told_at_a_glance(world):
    """By words, by site and by trouble; what is known of each comes along."""
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    for site in ("hill", "dale"):
        admin.call("POST", "/v1/sites", {"name": site}, 201)
        admin.call("POST", "/v1/printers", dict(PRINTER, name=site + "-1", title="50%_off! " + site.upper(), site=site), 201)

    def found(asked, who=admin):
        return names(who.call("GET", "/v1/printers?" + asked, expect=200))

    equal(found("search=50%25_OFF!"), ["dale-1", "hill-1"], "as it stands, in letters of either size")
    equal((found("search=5%25f"), found("search=hill_1"), found("search=virtual%20lab")), ([], [], ["lab"]), "no signs of its own; of the model")
    equal((found("site=hill"), found("site=hill&search=dale")), (["hill-1"], []), "of a site")
    admin.call("GET", "/v1/printers?site=nowhere", expect=404)
    admin.call("GET", "/v1/printers?search=" + "x" * 600, expect=422)
    equal(found("inspected=true", ada), [], "who looks after none")
    admin.call("PUT", "/v1/sites/hill/administrators/" + GRACE, expect=204)
    grace = Judged(world, GRACE)
    equal((found("inspected=true", grace), "lobby" in found("", grace)), (["hill-1"], True), "those of her site, and all")
    equal(names(grace.call("GET", "/v1/sites?mine=true", expect=200)), ["hill"], "her site")
    equal(names(admin.call("GET", "/v1/sites?mine=true", expect=200)), ["dale", "hill"], "who looks after all")

    agent = PlayedAgent(world, world.admin)
    agent.call("PUT", "/v1/agent/printers/%s/state" % world.printers["lab"], {"answered": True, "condition": "stopped", "reasons": ["media-jam-error"], "trays": []})
    equal(found("attention=true"), ["lab"], "what wants attention")
    equal((found("attention=true", ada), found("attention=true", grace)), ([], []), "for who may mend it")
    shown = admin.call("GET", "/v1/printers/lab", expect=200)["status"]
    equal((shown["condition"], shown["reasons"], shown["alerts"], shown["worst"]), ("stopped", ["media-jam-error"], 0, None), "at a glance")
    equal(ada.call("GET", "/v1/printers/lab", expect=200)["status"]["alerts"], None, "alerts are for who may mend them")
    admin.call("DELETE", "/v1/sites/hill/administrators/" + GRACE, expect=204)
