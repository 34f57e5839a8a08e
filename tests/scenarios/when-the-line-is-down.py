# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A site whose line to the service is down: what is at home there is released by badge, once, and told of afterwards."""

import os
import shutil

import ippwire as ipp
from harness.documents import pdf
from harness.process import wait_until
from harness.scratch import folder_in_memory
from harness.story import equal, skip

ADA, GRACE = "ada@demo.example", "grace@demo.example"
# The day key may be on a tmpfs alone.
RUNTIME = folder_in_memory()
PRINTERS = {"lobby": {"formats": ["application/pdf"]}}
SETTINGS = {"agent": {"offline.runtime": RUNTIME, "printers.stall": "20s"}}


def log_count(world, event):
    with open(world.programs.log("agent"), encoding="utf-8", errors="replace") as file:
        return sum('"event":"%s"' % event in line for line in file)


def wait_log(world, event, count):
    wait_until(lambda: log_count(world, event) >= count, "%d times %s in the agent's log" % (count, event), 30)


def go_home(world, email, *names):
    """Jobs that are at home at the agent, so that it may release them."""
    before = log_count(world, "home-taken")
    jobs = [world.api(email).submit(pdf(name))["id"] for name in names]
    wait_log(world, "home-taken", before + len(jobs))
    return jobs


def cut(world):
    before = log_count(world, "line-is-down")
    world.programs.kill("service")
    wait_log(world, "line-is-down", before + 1)


def restore(world):
    world.programs.start("service")
    world.programs.wait_agent()


def swipe(world, email, event):
    before = log_count(world, event)
    world.reader("lobby").close()
    world.swipe("lobby", world.badge(email))
    wait_log(world, event, before + 1)


def story_a_site_says_so(world):
    admin = world.admin
    site = admin.post("/v1/sites", {"name": "berlin"})
    world.programs.wait_agent()
    agent = next(a for a in admin.all("/v1/agents") if a["connected"])
    admin.patch("/v1/agents/" + agent["id"], {"site": "berlin"})
    admin.patch("/v1/printers/" + world.printers["lobby"], {"site": "berlin"})
    said = admin.put("/v1/sites/%s/offline" % site["id"], {"enabled": True, "hours": 1, "queues": ["pull"]})
    equal((said["enabled"], said["hours"], said["queues"]), (True, 1, ["pull"]), "as it was said")
    wait_log(world, "snapshot-taken", 1)


def story_a_release_elsewhere_gets_it_back(world):
    (job,) = go_home(world, ADA, "elsewhere")
    before = len(world.paper("lobby"))
    release = world.api(ADA).release("lobby", [job])
    equal([d["state"] for d in world.wait_release(world.api(ADA), release["id"])], ["printed"], "printed in the end")
    equal(len(world.paper("lobby")), before + 1, "once")


def story_a_release_elsewhere_waits_for_a_site_that_cannot_be_reached(world):
    """And says so, over the API and in IPP's words."""
    (job,) = go_home(world, ADA, "waits")
    before = len(world.paper("lobby"))
    world.programs.kill("agent")
    release = world.api(ADA).release("lobby", [job])
    equal([d["reason"] for d in world.api(ADA).get("/v1/releases/" + release["id"])["deliveries"]], ["waits-for-site"], "what the release says")
    found = world.api(ADA).job(job)
    equal((found["state"], found["reason"]), ("releasing", "waits-for-site"), "what the job says")
    told = world.ipp("pull").job(found["number"])
    equal((ipp.first(told, "job-state"), ipp.first(told, "job-state-reasons")), (3, "resources-are-not-ready"), "what IPP says")
    assert "site" in ipp.first(told, "job-state-message"), told
    world.programs.start("agent")
    equal([d["state"] for d in world.wait_release(world.api(ADA), release["id"])], ["printed"], "printed in the end")
    equal(len(world.paper("lobby")), before + 1, "once")


def story_what_is_at_home_comes_out_by_badge_while_the_line_is_down(world):
    jobs = go_home(world, ADA, "first", "second")
    (others,) = go_home(world, GRACE, "another's")
    before, attempts = len(world.paper("lobby")), log_count(world, "delivery-attempt")
    cut(world)
    swipe(world, ADA, "swipe-released-offline")
    world.wait_paper("lobby", before + 2)
    wait_log(world, "delivery-attempt", attempts + 2)
    # Again, and after a kill, there is nothing left of it.
    world.programs.kill("agent")
    world.programs.start("agent", wait=False)
    wait_log(world, "line-is-down", 2)
    swipe(world, ADA, "swipe-refused-offline")
    swipe(world, GRACE, "swipe-released-offline")
    world.wait_paper("lobby", before + 3)
    restore(world)
    for job, email in zip([*jobs, others], (ADA, ADA, GRACE)):
        world.wait_job(world.api(email), job, ["done"], 60)
    equal(len(world.paper("lobby")), before + 3, "nothing came out twice")
    told = [e for e in world.api(GRACE).job(others)["timeline"] if e["event"] == "job-released"]
    assert len(told) == 1 and "offline=yes" in told[0]["detail"], told


def story_a_kill_in_the_middle_is_asked_about(world):
    (job,) = go_home(world, ADA, "killed")
    cut(world)
    before = len(world.truth("lobby", "first-byte"))
    world.sim.temper("lobby", "stall", after=100)
    try:
        swipe(world, ADA, "swipe-released-offline")
        wait_until(lambda: len(world.truth("lobby", "first-byte")) > before, "octets at the printer", 30)
        world.programs.kill("agent")
    finally:
        world.sim.normal("lobby")
    world.programs.start("agent", wait=False)
    restore(world)
    world.wait_job(world.api(ADA), job, ["releasing", "done", "held"], 60)
    world.programs.wait_agent()
    # A printer that knows what it was sent, and has cancelled it before a sheet was begun, makes it certain.
    wait_until(lambda: delivery(world, job) in ("uncertain", "printed", "not-printed"), "an outcome", 60)
    equal(len(world.truth("lobby", "first-byte")), before + 1, "attempts")
    if delivery(world, job) == "uncertain":
        world.api(ADA).put("/v1/jobs/%s/settled" % job, None)
    elif delivery(world, job) == "not-printed":
        world.api(ADA).delete("/v1/jobs/" + job)


def delivery(world, job):
    return (world.api(ADA).job(job).get("delivery") or {}).get("state")


def story_nothing_on_the_agents_disk_says_anything(world):
    (job,) = go_home(world, ADA, "canary-title-58131")
    number = world.badge(ADA)
    needles = [b"canary-title-58131", number.encode(), number.lower().encode(), b"ada@demo.example", b"%PDF"]
    found = []
    for folder, _, names in os.walk(world.path("agent")):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                octets = file.read()
            found += [(name, needle) for needle in needles if needle in octets]
    equal(found, [], "of the document, the badge and its holder")
    assert any(job in name for name in os.listdir(world.path("agent", "homes"))), "it is there"
    world.api(ADA).delete("/v1/jobs/" + job)
    wait_until(lambda: job not in os.listdir(world.path("agent", "homes")), "what was deleted is gone there, too", 60)


def story_a_lost_disk_is_asked_about(world):
    (job,) = go_home(world, ADA, "lost")
    world.programs.kill("agent")
    shutil.rmtree(world.path("agent", "homes"))
    os.unlink(world.path("agent", "journal"))
    world.programs.start("agent")
    wait_until(lambda: delivery(world, job) == "uncertain", "its owner is asked", 60)


def story_after_the_time_nothing_is_released(world):
    if os.getuid() or os.system("unshare -T --boottime 7200 true 2>/dev/null"):
        skip("no time namespaces here")
    (job,) = go_home(world, ADA, "too late")
    before = len(world.paper("lobby"))
    cut(world)
    world.programs.kill("agent")
    agent = world.programs["agent"]
    command = list(agent.command)
    try:
        agent.command = ["unshare", "-T", "--boottime", "7200", *command]
        world.programs.start("agent", wait=False)
        wait_log(world, "line-is-down", log_count(world, "line-is-down") + 1)
        swipe(world, ADA, "swipe-refused-offline")
        with open(world.programs.log("agent"), encoding="utf-8") as file:
            assert '"why":"time-is-over"' in file.read(), "it says why"
    finally:
        world.programs.kill("agent")
        agent.command = command
    world.programs.start("service")
    world.programs.start("agent")
    equal(len(world.paper("lobby")), before, "nothing came out")
    equal(world.api(ADA).job(job)["state"], "held", "and it is still held")
