# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Agents of one site share its printers: where one ends, another goes on, and one that was cloned prints nothing twice."""

import shutil
import signal
import subprocess
import time

from harness import demo_world
from harness.agents import INCARNATION, PlayedAgent, program_of, second_agent, settings_of
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, refused

ADA = "ada@demo.example"
GONE = 8
SETTINGS = {"service": {"delivery.agent_gone": "%ds" % GONE}}


def log(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def site_of(world):
    """A site with the lobby's printer, which is nobody's in particular, and the world's agent."""
    sites = [s for s in world.admin.all("/v1/sites") if s["name"] == "shared"]
    site = sites[0] if sites else world.admin.post("/v1/sites", {"name": "shared"})
    world.admin.patch("/v1/printers/" + world.printers["lobby"], {"site": site["id"], "agent": None})
    world.admin.patch("/v1/agents/" + own(world)["id"], {"site": site["id"]})
    return site["id"]


def own(world):
    return next(a for a in world.admin.all("/v1/agents") if a["name"] == demo_world.AGENT)


def released(world, name):
    ada = world.api(ADA)
    job = ada.submit(pdf(name))
    return job["id"], ada.release(world.printers["lobby"], [job["id"]])["deliveries"][0]["id"]


def done(world, job, seconds=30):
    began = time.monotonic()
    world.wait_job(world.api(ADA), job, "done")
    assert time.monotonic() - began <= seconds, "it took %.1f s" % (time.monotonic() - began)


def story_who_has_leased_and_is_silent_loses_it(world):
    """And finds, when it wakes, that it may print nothing."""
    site = site_of(world)
    world.programs["agent"].stop()
    silent = PlayedAgent(world, world.admin, site=site)
    job, delivery = released(world, "left")
    offer = silent.lease(delivery)
    world.programs.start("agent")
    done(world, job)
    with refused(409):
        silent.arm(offer)
    world.admin.delete("/v1/agents/" + silent.id)


def story_who_has_armed_and_is_silent_is_asked_about(world):
    """Nobody else prints it; what the silent one says later is believed."""
    site = site_of(world)
    world.programs["agent"].stop()
    silent = PlayedAgent(world, world.admin, site=site)
    job, delivery = released(world, "armed")
    offer = silent.lease(delivery)
    silent.arm(offer)
    world.programs.start("agent")
    began = time.monotonic()
    wait_until(lambda: world.api(ADA).job(job)["delivery"]["state"] == "uncertain", "it is uncertain", 30)
    assert time.monotonic() - began <= 30
    other, _ = released(world, "behind it")
    done(world, other)
    silent.call("POST", "/v1/agent/deliveries/%s/outcome" % delivery,
                {"epoch": offer["epoch"], "incarnation": INCARNATION, "outcome": "printed", "reason": "late", "pages": 1, "octets_acked": 1, "retry": False})
    equal(world.api(ADA).job(job)["delivery"]["state"], "printed", "after the late word")
    world.admin.delete("/v1/agents/" + silent.id)


def story_a_stopped_and_a_killed_agent_are_replaced(world):
    site = site_of(world)
    second = second_agent(world, site)
    second.start()
    try:
        for number in (signal.SIGSTOP, signal.SIGKILL):
            agent, before = world.programs["agent"], len(world.paper("lobby"))
            jobs = [released(world, "%s-%d" % (signal.Signals(number).name, i))[0] for i in range(3)]
            agent.signal(number)
            jobs += [released(world, "%s-%d" % (signal.Signals(number).name, i))[0] for i in range(3, 5)]
            began = time.monotonic()
            wait_until(lambda: all(world.api(ADA).job(j)["delivery"]["state"] in ("printed", "sent", "uncertain") for j in jobs), "nothing is stuck", 60)
            assert time.monotonic() - began <= 30 + 5, "it took %.1f s" % (time.monotonic() - began)
            for job in jobs[3:]:
                equal(world.api(ADA).job(job)["state"], "done", "what was released after it")
            if number == signal.SIGSTOP:
                agent.signal(signal.SIGCONT)
            else:
                agent.restart(wait=False)
            world.programs.wait_agent()
            wait_until(lambda: all(world.api(ADA).job(j)["delivery"]["state"] != "armed" for j in jobs), "all is said")
            papers = len(world.paper("lobby")) - before
            assert len(jobs) - 3 <= papers <= len(jobs), "%d papers of %d jobs" % (papers, len(jobs))
    finally:
        second.stop()


def story_an_agent_of_another_site_takes_nothing(world):
    site_of(world)
    world.programs["agent"].stop()
    elsewhere = world.admin.post("/v1/sites", {"name": "elsewhere"})["id"]
    stranger = PlayedAgent(world, world.admin, site=elsewhere)
    job, delivery = released(world, "not-theirs")
    offers = stranger.call("POST", "/v1/agent/leases", {"incarnation": INCARNATION})["deliveries"]
    equal([o["delivery"] for o in offers if o["delivery"] == delivery], [], "what another site's agent is offered")
    world.programs.start("agent")
    done(world, job)


def story_a_second_agent_in_the_same_folder_is_refused(world):
    """Two programs with one journal would each carry what the other one does; and the first one goes on."""
    site_of(world)
    world.programs.wait_agent()
    command = [world.programs.built("imprimatur-agent"), "--config", world.path("agent.ini")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    equal(done.returncode, 1, "exit status")
    assert "another imprimatur-agent works in this folder" in done.stderr, done.stderr
    job, _ = released(world, "by-the-first")
    world.wait_job(world.api(ADA), job, "done")
    # A kill leaves nothing behind that would keep its successor out.
    world.programs["agent"].restart()
    job, _ = released(world, "by-its-successor")
    world.wait_job(world.api(ADA), job, "done")


def story_a_cloned_agent_is_noticed_and_prints_nothing_twice(world):
    site_of(world)
    world.programs.wait_agent()
    first = own(world)
    equal(first["cloned"], None, "before")
    shutil.copytree(world.path("agent"), world.path("clone"))
    settings_of(world, "clone")
    clone = program_of(world, "clone")
    clone.start()
    try:
        wait_until(lambda: "agent-cloned" in log(world.programs.log("agent")), "the first one says what has happened")
        assert "journal-of-another-place" in log(world.path("clone.log")), "the copy has kept the journal"
        wait_until(lambda: world.admin.get("/v1/agents/" + first["id"])["cloned"], "the service says so")
        before = len(world.paper("lobby"))
        jobs = [released(world, "cloned-%d" % i)[0] for i in range(5)]
        for job in jobs:
            done(world, job)
        equal(len(world.paper("lobby")) - before, 5, "papers")
        events = [e for e in world.admin.all("/v1/audit/records?subject=" + first["id"]) if e["event"] == "agent-cloned"]
        equal(len(events), 1, "events")
        assert "channel-opens" not in log(world.programs.log("agent")).rpartition("agent-cloned")[2], "the two take turns"
        # Whoever was started last goes on.
        world.programs["agent"].restart()
        wait_until(lambda: "agent-cloned" in log(world.path("clone.log")), "now the copy stands back")
        job, _ = released(world, "the-first-again")
        done(world, job)
    finally:
        clone.stop()
