# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Restart of every process: held jobs are held, released jobs print, people are known."""

from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal

ADA = "ada@demo.example"
PROGRAMS = ("keeper", "service", "agent", "printsim")


def released_by_badge(world, name):
    before = len(world.paper("lobby"))
    world.reader("lobby").close()
    world.swipe("lobby", world.badge(ADA))
    equal(world.wait_paper("lobby", before + 1)[-1], pdf(name), "the paper in the lobby")


def story_a_held_job_survives_a_kill_of_each_program(world):
    for program in PROGRAMS:
        world.api(ADA).submit(pdf("survives-" + program))
        world.programs.restart(program)
        world.programs.wait_agent()
        released_by_badge(world, "survives-" + program)


def story_a_held_job_survives_a_kill_of_all_at_once(world):
    world.api(ADA).submit(pdf("survives-all", size=400_000, random=bytes))
    for program in PROGRAMS:
        world.programs.kill(program)
    for program in PROGRAMS:
        world.programs.start(program)
    world.programs.wait_agent()
    before = len(world.paper("lobby"))
    world.swipe("lobby", world.badge(ADA))
    equal(world.wait_paper("lobby", before + 1)[-1], pdf("survives-all", size=400_000, random=bytes), "the paper")


def story_every_program_obeys_sigterm(world):
    world.api(ADA).submit(pdf("after-sigterm"))
    for program in ("agent", "service", "keeper", "printsim"):
        assert world.programs[program].stop(), "%s did not end after SIGTERM" % program
        equal(world.programs[program].process.returncode, 0, "exit status of " + program)
    for program in PROGRAMS:
        world.programs.start(program)
    world.programs.wait_agent()
    released_by_badge(world, "after-sigterm")


def story_a_release_during_the_agents_absence_prints_when_it_is_back(world):
    ada = world.api(ADA)
    ada.submit(pdf("agent-absent"))
    world.programs.kill("agent")
    release = ada.release(world.printers["lobby"])
    before = len(world.paper("lobby"))
    world.programs.start("agent")
    equal([d["state"] for d in world.wait_release(ada, release["id"], 60)], ["printed"], "deliveries")
    equal(world.wait_paper("lobby", before + 1)[-1], pdf("agent-absent"), "the paper in the lobby")


def story_a_badge_is_answered_once_when_the_service_is_back_while_the_person_waits(world):
    job = world.api(ADA).submit(pdf("service-short-absent"))
    before = len(world.truth("lobby", "printed"))
    world.programs.kill("service")
    world.swipe("lobby", world.badge(ADA))
    world.programs.start("service")
    world.wait_job(world.api(ADA), job["id"], "done")
    equal(len(world.truth("lobby", "printed")), before + 1, "documents printed in the lobby")


def story_a_badge_of_somebody_who_has_left_releases_nothing_later(world):
    job = world.api(ADA).submit(pdf("service-long-absent"))
    before = len(world.truth("lobby", "first-byte"))
    world.programs.kill("service")
    world.swipe("lobby", world.badge(ADA))
    wait_until(lambda: "swipe-not-answered" in world.programs["agent"].tail(2000), "the agent gives the swipe up")
    world.programs.start("service")
    world.programs.wait_agent()
    equal(world.api(ADA).job(job["id"])["state"], "held", "the job")
    equal(len(world.truth("lobby", "first-byte")), before, "documents begun in the lobby")
    released_by_badge(world, "service-long-absent")
