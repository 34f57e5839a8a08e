# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The clock of an agent's machine is set while it works: leases and deliveries do not care, what was promised to people who may
release without the line ends, documents that are kept are not lost - and it is said."""

import os
import struct

from harness.client import IppQueue
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.process import wait_until
from harness.readers import Reader
from harness.site import BADGE, HOLDER, QUEUE, Site, deposits, log_count, say_by_lpd
from harness.story import equal, skip
from harness.world import build_folder

ADA = "ada@demo.example"
PRINTERS = {"lobby": {"formats": ["application/pdf"]}}
SITE = Site()
SETTINGS = {"agent": {**SITE.settings, "agent.health": "1s"}}
SHIFT = os.path.join(build_folder(), "tests", "clock", "libshift.so")
HOUR_S, DAY_S = 3600, 86400


def set_clock(world, seconds):
    """So far beside the machine's own clock, from now on."""
    with open(world.path("clock"), "r+b") as file:
        file.write(struct.pack("<q", seconds * 1000))


def agent_of(world):
    return next(a for a in world.admin.all("/v1/agents") if a["enrolled"])


def prints(world, name):
    ada = world.api(ADA)
    job = ada.submit(pdf(name), name)["id"]
    equal([d["state"] for d in world.wait_release(ada, ada.release(world.printers["lobby"], [job])["id"])], ["printed"], name)


def swipe(world, event):
    before = log_count(world, event)
    reader = Reader(world.ports["tcpconv"])
    try:
        reader.swipe(BADGE)
        wait_until(lambda: log_count(world, event) > before, event, 30)
    finally:
        reader.close()


def go_home(world, name):
    job = world.api(HOLDER).submit(pdf(name), name, queue=QUEUE)["id"]
    wait_until(lambda: job in os.listdir(world.path("agent", "homes")), "it is at home at the agent", 30)
    return job


def kept_and_handed_on(world, seconds, name):
    """Documents that come in by both doors with a clock like that, without a line, are held when the clock is right again."""
    world.programs.kill("service")
    set_clock(world, seconds)
    say_by_lpd(world.ports["lpd"], "ada", name + "-lpd", 1, pdf(name + "-lpd"))
    IppQueue(SITE.connection(world), "pull", ADA, PASSWORD).print_job(pdf(name + "-ipp"), name + "-ipp")
    equal(len(deposits(world)), 2, "what is kept")
    set_clock(world, 0)
    world.programs.start("service")
    world.programs.wait_agent()
    wait_until(lambda: not deposits(world), "it is handed on", 60)
    titles = sorted(j["title"] for j in world.api(ADA).jobs(state="held") if j["title"].startswith(name))
    equal(titles, [name + "-ipp", name + "-lpd"], "what is held")


def story_a_site_with_a_clock_of_its_own(world):
    if not os.path.exists(SHIFT):
        skip("tests/clock is not built")
    with open(world.path("clock"), "wb") as file:
        file.write(bytes(8))
    agent = world.programs["agent"]
    agent.environment = dict(os.environ, LD_PRELOAD=SHIFT, IMPRIMATUR_TEST_CLOCK=world.path("clock"))
    agent.restart()
    world.programs.wait_agent()
    SITE.open_doors(world)
    SITE.move_in(world)
    prints(world, "before")


def story_deliveries_do_not_go_by_it_and_it_is_said(world):
    for seconds in (3 * DAY_S, 0):
        jumps = log_count(world, "clock-jumped")
        set_clock(world, seconds)
        wait_until(lambda: log_count(world, "clock-jumped") > jumps, "the agent notices it", 60, 0.1)
        prints(world, "beside-by-%d" % seconds)
        wait_until(lambda: (agent_of(world)["health"] or {})["clock"]["jumped"], "the service is told", 30, 0.1)
        world.programs["agent"].restart()
        world.programs.wait_agent()
        prints(world, "started-beside-by-%d" % seconds)


def story_what_is_kept_meanwhile_is_not_lost(world):
    for name, seconds in (("an-hour-ahead", HOUR_S), ("a-year-ahead", 365 * DAY_S), ("never-set", -20 * 365 * DAY_S)):
        kept_and_handed_on(world, seconds, name)


def story_nothing_is_released_without_the_line_by_a_clock_that_was_set(world):
    job = go_home(world, "at-home")
    world.programs.kill("service")
    begun = len(world.truth("lobby", "first-byte"))
    for seconds in (-2 * HOUR_S, 2 * HOUR_S):
        set_clock(world, seconds)
        swipe(world, "swipe-refused-offline")
        with open(world.programs.log("agent"), encoding="utf-8") as file:
            why = [line for line in file if "swipe-refused-offline" in line][-1]
        assert '"why":"clock-was-set"' in why or '"why":"time-is-over"' in why, why
    equal(len(world.truth("lobby", "first-byte")), begun, "documents that came out")
    # Set right again, it may.
    set_clock(world, 0)
    swipe(world, "swipe-released-offline")
    wait_until(lambda: "at-home" in [line["document"] for line in world.truth("lobby", "printed")], "it comes out", 30)
    world.programs.start("service")
    world.programs.wait_agent()
    world.wait_job(world.api(HOLDER), job, "done", 60)
    equal([line["document"] for line in world.truth("lobby", "printed")].count("at-home"), 1, "how often")
