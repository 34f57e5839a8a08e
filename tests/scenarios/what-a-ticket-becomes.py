# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What was chosen, sent and usual, what policies force and what the printer can do: what comes out is what was told."""

import ippwire as ipp

from harness import demo_world as demo
from harness.client import Refused
from harness.command_line import REFUSED, CommandLine
from harness.process import wait_until
from harness.renderer import drawn, numbered, pdf_of_postscript, words
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"


def order(document):
    """The pages' numbers, side by side."""
    return [sorted(int(word[1:]) for word in side) for side in words(document)]


def held(world, who=ADA, pages=4, ticket="", name="four pages"):
    """A held job that has been looked into."""
    api = world.api(who)
    job = api.call("POST", "/v1/jobs?queue=pull&name=%s%s" % (name.replace(" ", "%20"), ticket), numbered(pages), content_type="application/pdf")["id"]
    wait_until(lambda: api.job(job)["inspection"]["state"] != "waiting", "the inspection of " + job, seconds=60)
    return api, job


def released(world, api, job, printer="lobby", **more):
    """The sheets that came out, and what the printer was told beside them."""
    before = len(world.paper(printer))
    made = api.release(printer, [job], **more)
    world.wait_release(api, made["id"])
    octets = world.wait_paper(printer, count=before + 1, seconds=60)[-1]
    return octets if printer == "lobby" else pdf_of_postscript(octets)


def timeline(api, job, event):
    return [e["detail"] for e in api.get("/v1/jobs/" + job)["timeline"] if e["event"] == event]


def note(option, asked, value, choices=None, policy=None, reason="printer-cannot"):
    return {"option": option, "asked": asked, "value": value, "choices": choices, "policy": policy, "reason": reason}


def story_any_option_changes_in_either_direction(world):
    # To two on a side and back, to some pages and back to all, to grey and back to colour.
    api, job = held(world, ticket="&number_up=2&page_ranges=1-2&print_color_mode=monochrome&sides=two-sided-long-edge")
    looked = api.get("/v1/jobs/%s/ticket?printer=lobby" % job)
    equal((looked["ticket"]["number_up"], looked["pages"], looked["conflicts"], looked["forced"]), (2, 2, [], []), "as it was sent")
    back = {"number_up": 1, "page_ranges": "all", "print_color_mode": "color", "sides": "one-sided"}
    looked = api.get("/v1/jobs/%s/ticket?printer=lobby&number_up=1&page_ranges=all&print_color_mode=color&sides=one-sided" % job)
    equal(looked["ticket"], {"number_up": 1, "print_color_mode": "color", "sides": "one-sided"}, "what was chosen over it")
    octets = released(world, api, job, ticket=back)
    equal(order(octets), [[1], [2], [3], [4]], "all pages, one on a side")
    equal(drawn(octets).is_grey(), False, "grey")
    api, job = held(world)
    octets = released(world, api, job, ticket={"number_up": 2, "page_ranges": "2-3"})
    equal(order(octets), [[2, 3]], "two of them on a side")


def offered(world, queue):
    """To whoever asks: copies and pages on a side where nobody says anything."""
    attributes = ipp.group(world.ipp(queue, email=None).ask(0x0B)[1], ipp.PRINTER)
    return tuple(ipp.first(attributes, name) for name in ("copies-default", "number-up-default"))


def story_defaults_fill_what_is_open_and_the_nearest_wins(world):
    admin, ada = world.admin, world.api(ADA)
    site = admin.post("/v1/sites", {"name": "hall"})["id"]
    admin.patch("/v1/printers/lobby", {"site": site})
    api, job = held(world)
    # While it waits: a default that comes later counts, too.
    admin.put("/v1/tenant/ticket", {"number_up": 4, "copies": 2})
    equal(api.get("/v1/jobs/%s/ticket?printer=lobby" % job)["ticket"], {"number_up": 4, "copies": 2}, "the tenant's")
    admin.put("/v1/sites/hall/ticket", {"number_up": 2, "media": "iso_a4_210x297mm"})
    admin.put("/v1/queues/pull/ticket", {"copies": 3})
    ada.put("/v1/people/me/ticket", {"copies": 1})
    looked = api.get("/v1/jobs/%s/ticket?printer=lobby" % job)["ticket"]
    equal(looked, {"number_up": 2, "copies": 1, "media": "iso_a4_210x297mm"}, "site over tenant, person over queue")
    equal(api.get("/v1/jobs/%s/ticket?printer=lab" % job)["ticket"]["number_up"], 4, "where the site is another")
    equal(order(released(world, api, job)), [[1, 2], [3, 4]], "pages")
    # Told to whoever asks the queue, but for what is somebody's own.
    equal(offered(world, "pull"), (3, 4), "what the queue offers")
    equal(offered(world, "lobby"), (2, 2), "what the queue of the printer offers")
    for path in ("tenant", "sites/hall", "queues/pull", "people/me"):
        (ada if path.startswith("people") else admin).put("/v1/%s/ticket" % path, {})
    equal(api.get("/v1/queues/pull/ticket"), {}, "after it was taken away")


def story_policies_force_and_say_so_before(world):
    admin = world.admin
    group = admin.post("/v1/groups", {"name": "Interns"})["id"]
    admin.put("/v1/groups/%s/members/%s" % (group, world.people[GRACE]), None)
    grey = admin.post("/v1/policies", {"title": "No colour for interns", "group": "Interns", "monochrome": True})
    paper = admin.post("/v1/policies", {"title": "Save paper", "sides": "two-sided-long-edge", "printer": "lobby"})
    few = admin.post("/v1/policies", {"title": "Six pages at most", "pages_max": 6, "copies_max": 2, "queue": "pull"})
    api, job = held(world, GRACE, ticket="&print_color_mode=color")
    forced = api.get("/v1/jobs/%s/ticket?printer=lobby" % job)["forced"]
    equal(forced, [note("sides", None, "two-sided-long-edge", policy="Save paper", reason="policy"),
                   note("print_color_mode", "color", "monochrome", policy="No colour for interns", reason="policy")], "what is forced on Grace")
    equal(world.api(ADA).get("/v1/jobs/%s/ticket?printer=lobby" % held(world)[1])["forced"],
          [note("sides", None, "two-sided-long-edge", policy="Save paper", reason="policy")], "and on Ada")
    octets = released(world, api, job)
    equal(len(timeline(api, job, "job-ticket-forced")), 2, "told in its timeline")
    assert any("No colour for interns" in detail for detail in timeline(api, job, "job-ticket-forced"))
    equal(order(octets), [[1], [2], [3], [4]], "pages")

    # Too many pages: said before, and refused with that reason; fewer of them are printed.
    api, job = held(world, pages=7)
    refused = [note("page_ranges", 7, 6, policy="Six pages at most", reason="too-many-pages")]
    equal(api.get("/v1/jobs/%s/ticket?printer=lobby" % job)["refused"], refused, "why not")
    problem = refusal(api, "lobby", job)
    equal((problem["code"], problem["refused"]), ("unsupported", [dict(refused[0], job=job)]), "the refusal")
    problem = refusal(api, "lobby", job, unsupported="adapt")
    equal(problem["refused"][0]["reason"], "too-many-pages", "no way around it")
    equal(order(released(world, api, job, ticket={"page_ranges": "2-4"})), [[2], [3], [4]], "some of its pages")
    for policy in (grey, paper, few):
        admin.delete("/v1/policies/" + policy["id"])


def story_a_queue_that_prints_at_once_counts_where_a_policy_wants_it(world):
    policy = world.admin.post("/v1/policies", {"title": "Three pages at most", "pages_max": 3, "printer": "lobby"})["id"]
    ada, before = world.api(ADA), len(world.paper("lobby"))
    short, long = (ada.submit(numbered(pages), "%d pages" % pages, queue="lobby")["id"] for pages in (3, 4))
    equal(order(world.wait_paper("lobby", count=before + 1, seconds=60)[-1]), [[1], [2], [3]], "what is short enough")
    equal(world.wait_job(ada, short, "done")["state"], "done", "the short one")
    wait_until(lambda: any("too-many-pages" in detail for detail in timeline(ada, long, "job-left-out")), "the reason in its timeline", seconds=60)
    equal(ada.job(long)["state"], "held", "the long one")
    equal(order(released(world, ada, long, ticket={"page_ranges": "1-3"})), [[1], [2], [3]], "three of its pages")
    equal(len(world.paper("lobby")), before + 2, "documents")
    world.admin.delete("/v1/policies/" + policy)


def refusal(api, printer, job, **more):
    try:
        api.release(printer, [job], **more)
    except Refused as refused:
        return refused.body
    raise AssertionError("released")


def story_what_the_printer_cannot_is_refused_with_a_choice(world):
    api, job = held(world, ticket="&sides=two-sided-long-edge&finishings=4")
    conflicts = [note("sides", "two-sided-long-edge", "one-sided", ["one-sided"]), note("finishings", [4], [3], [3])]
    equal(api.get("/v1/jobs/%s/ticket?printer=library" % job)["conflicts"], conflicts, "what it cannot")
    problem = refusal(api, "library", job)
    equal(problem["refused"], [dict(c, job=job) for c in conflicts], "the refusal")
    equal(api.get("/v1/jobs/" + job)["state"], "held", "the job")
    # Others of the selection are not kept from paper by it.
    other = held(world, pages=1, name="one page")[1]
    before = len(world.paper("library"))
    made = api.release("library", "all")
    assert job not in made["jobs"] and other in made["jobs"], made
    equal({r["job"] for r in made["refused"]}, {job}, "what was left out")
    world.wait_release(api, made["id"])
    # The choice: as the printer can, or by choosing.
    octets = released(world, api, job, "library", unsupported="adapt")
    equal(order(octets), [[1], [2], [3], [4]], "pages")
    details = timeline(api, job, "job-ticket-adapted")
    assert any("option=sides asked=two-sided-long-edge value=one-sided" in d for d in details), details
    assert any("option=finishings asked=4 value=3" in d for d in details), details
    equal(len(world.paper("library")), before + len(made["jobs"]) + 1, "documents")
    api, job = held(world, ticket="&sides=two-sided-long-edge")
    released(world, api, job, "library", ticket={"sides": "one-sided"})
    equal(timeline(api, job, "job-ticket-adapted"), [], "chosen, and so nothing was changed")


def story_a_badge_is_not_asked(world):
    api, job = held(world, ticket="&sides=two-sided-long-edge")
    world.reader("library")
    before = len(world.paper("library"))
    world.swipe("library", demo.PEOPLE[0]["badge"])
    world.wait_paper("library", count=before + 1, seconds=60)
    equal(len(timeline(api, job, "job-ticket-adapted")), 1, "what became of it")
    # Where the organisation would rather have it held, it is, and its timeline says why.
    world.admin.patch("/v1/tenant", {"unsupported": "hold"})
    api, job = held(world, ticket="&sides=two-sided-long-edge")
    world.swipe("library", demo.PEOPLE[0]["badge"])
    wait_until(lambda: timeline(api, job, "job-left-out"), "the reason in its timeline")
    equal((api.get("/v1/jobs/" + job)["state"], len(world.paper("library"))), ("held", before + 1), "job and documents")
    assert "option=sides asked=two-sided-long-edge" in timeline(api, job, "job-left-out")[0]
    world.admin.patch("/v1/tenant", {"unsupported": "adapt"})
    api.delete("/v1/jobs/" + job)


def story_the_first_copy_now_and_the_rest_later(world):
    api, job = held(world, pages=2)
    octets = released(world, api, job, "library", ticket={"copies": 3}, first_copy=True)
    equal(order(octets), [[1], [2]], "the first copy")
    found = world.wait_job(api, job, "held")
    equal((found["reason"], found["ticket"]["copies"]), ("first-copy", 2), "what is left")
    assert "copies=2" in timeline(api, job, "job-held-again")[0]
    octets = released(world, api, job, "library")
    equal(order(octets), [[1], [2], [1], [2]], "the others")
    equal(world.wait_job(api, job, "done")["state"], "done", "the job")


def story_on_from_a_page_at_another_printer(world):
    api, job = held(world, pages=5)
    equal(order(released(world, api, job, "library", from_page=4)), [[4], [5]], "from page four")
    # The first printer could not say that it came out: again, and from where the paper ended.
    octets = released(world, api, job, "lobby", again=True, from_page=3, ticket={"page_ranges": "1-2,4-5"})
    equal(order(octets), [[4], [5]], "what is left of the pages chosen")
    api, job = held(world, pages=5)
    problem = refusal(api, "lobby", job, from_page=6)
    equal(problem["refused"][0]["reason"], "no-such-pages", "beyond the last page")
    api.delete("/v1/jobs/" + job)


def story_the_command_line_asks_too(world):
    admin, ada = CommandLine(world, "admin"), CommandLine(world, "ada")
    admin.login(demo.ADMINISTRATOR)
    ada.login(ADA)
    equal(ada.json("ticket", "set", "--copies", "2", "--finishing", "4", "--finishing", "5"), {"copies": 2, "finishings": [4, 5]}, "Ada's default")
    equal(admin.json("ticket", "set", "--queue", "pull", "--number-up", "2")["number_up"], 2, "the queue's")
    assert "print" not in ada.run("ticket", "show", "--tenant")[1], "a complaint"
    policy = admin.json("policy", "add", "Save paper", "--sides", "two-sided-long-edge", "--printer", "lobby")["id"]
    api, job = held(world, ticket="&output_bin=stacker-1")
    words = ada.run("job", "show", job, "--at", "lobby", "--colour", "monochrome")[0]
    for wanted in ("number_up", "Save paper", "stacker-1", "auto, face-down, face-up", "monochrome"):
        assert wanted in words, words
    words = ada.run("release", "lobby", job, expect=REFUSED)[1]
    for wanted in ("output_bin", "stacker-1", "face-up", "printer-cannot"):
        assert wanted in words, words
    ada.run("release", "lobby", job, "--unsupported", "adapt", "--first-copy", "--from-page", "3", "--number-up", "1")
    found = world.wait_job(api, job, "held")
    equal((found["reason"], found["ticket"]["copies"]), ("first-copy", 1), "what is left")
    equal(order(world.wait_paper("lobby")[-1]), [[3], [4]], "the first copy")
    admin.run("policy", "set", policy, "--sides", "", "--copies-max", "1")
    equal(admin.json("policy", "list")[0]["copies_max"], 1, "the policy")
    admin.run("policy", "delete", policy, "--yes")
    ada.run("job", "delete", job, "--yes")
    ada.run("ticket", "set")
    admin.run("ticket", "set", "--queue", "pull")
