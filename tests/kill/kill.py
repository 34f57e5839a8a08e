#!/usr/bin/python3
# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The kill test: random SIGKILLs while people print and release, and an oracle that knows what came out.

    tests/kill/kill.py [--agents 2] [--kills N] [--submissions N] [--releases N] [--alone-every N] [--seed N]

Keeper, service, agent and virtual printers are killed at random moments, alone or all at once, and started again,
while documents are submitted over HTTPS and IPP, and by the IPP and LPD doors of the site's agent, and released over
the API and by badge to printers on IPPS, RAW and LPD. Now and then the service stays away: the doors go on and keep
what they take, a badge releases what is at home at the site, the agent is killed and started without the service, and
somebody is killed again while the site hands on and tells what it did. In the end everything still held is released as well, without kills, and then the claims of the service are
compared with the truth log of the printers:

    lost            acknowledged, but gone, or not to be printed any more
    twice           one document came out more than once
    false printed   "printed" or "sent", but it did not come out (or not the same octets)
    false not       "not printed", but something came out
    idle uncertain  "uncertain", although the printer saw no octet and neither printer nor agent was killed
    doubled job     one submission became two jobs

At an agent's door nothing tells a client that sends again because nobody answered from one that means another: where
the agent was killed between two such tries there may be two jobs, which is counted apart ("sent again").

With two agents these stand on one site, and only they are killed or stopped, one at a time; the other one goes on. Then
there is one more count:

    stuck           released, and after 30 seconds nobody could say what became of it

Each must be 0. The seed is printed; it repeats the choices (not the moments) of a run.

What each part has been seen to catch, when the product was made worse on purpose:

    the doors       a yes of the LPD door to what is not settled yet: lost. A deposit removed before the service's yes:
                    lost. A request that left on a connection that died, and is taken for unsent: doubled job
    the badge       a release at home that is not in the agent's ledger before the first octet: twice

A SIGKILL leaves what the kernel has taken, so no missing fsync is seen here; a loss of power is tests/crash.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import ROOT  # noqa: E402
from harness.world import World  # noqa: E402
from harness import demo_world  # noqa: E402
from harness.agents import second_agent  # noqa: E402
from harness.site import HOLDER, Site, deposits  # noqa: E402
from kill.killer import AgentKiller, Killer  # noqa: E402
from kill.load import DIRECT, DOORS, Ledger, Releaser, Submitter  # noqa: E402
from kill.oracle import Oracle, is_open  # noqa: E402
from kill.site import Alone  # noqa: E402

SIZES = {
    "short": {"kills": 12, "submissions": 240, "releases": 50, "alone_every": 3},
    "full": {"kills": 200, "submissions": 20_000, "releases": 5_000, "alone_every": 8},
    "agents-short": {"agents": 2, "kills": 4, "submissions": 240, "releases": 60, "gone_s": 8, "stuck_s": None},
    "agents-full": {"agents": 2, "kills": 60, "submissions": 14_000, "releases": 5_000},
}
DROPPED = re.compile('"event":"(deposit-(refused|given-up|refused-for-now|damaged)|lpd-job-(refused|still.*|failed))"')
TAKES_PDF = {"formats": ["application/pdf"]}
PRINTERS = {"lab": TAKES_PDF, "library": TAKES_PDF, "studio": TAKES_PDF}
PEOPLE = ("ada@demo.example", "grace@demo.example", HOLDER)


class Tokens:
    """Tokens instead of passwords: checking a password takes a third of a second on purpose."""

    def __init__(self, world):
        self.api, self.print = {}, {}
        for email in PEOPLE:
            api = world.api(email)
            self.api[email] = api.post("/v1/tokens", {"label": "kill test", "kind": "api"})["token"]
            self.print[email] = api.post("/v1/tokens", {"label": "kill test", "kind": "print"})["token"]


def two_agents(world):
    """All printers belong to a site, and to no agent in particular; the world's agent is there, and another one."""
    site = world.admin.post("/v1/sites", {"name": "kill-test"})["id"]
    for printer in world.printers.values():
        world.admin.patch("/v1/printers/" + printer, {"site": site, "agent": None})
    own = next(a for a in world.admin.all("/v1/agents") if a["name"] == demo_world.AGENT)
    world.admin.patch("/v1/agents/" + own["id"], {"site": site})
    world.programs.add("second", second_agent(world, site))
    world.programs.start("second")


def settle(world, ledger, tokens, seconds):
    """Waits until no job is on its way any more."""
    until = time.monotonic() + seconds
    while True:
        moving = []
        for email in PEOPLE:
            api = world.api(email, token=tokens.api[email])
            moving += [j for j in api.jobs(state="releasing") if is_open(j)]
            if moving:
                break
        if not moving and not deposits(world):
            return
        if time.monotonic() > until:
            assert moving, "the agent hands nothing on: %r" % deposits(world)
            example = api.job(moving[-1]["id"])
            delivery = example["delivery"]["id"]
            lines = [l.strip() for p in ("service", "agent") for l in open(world.programs.log(p)) if delivery in l]
            lines += [str(line) for line in world.truth() if line.get("delivery") == delivery]
            shown = "\n".join(lines[-40:])
            raise AssertionError("%d jobs are still on their way, e.g. %r\n%s" % (len(moving), example, shown))
        time.sleep(0.1)


def run(kills, submissions, releases, seed=None, say=None, threads=4, keep=False, size=20_000, quiet_s=120, agents=1, gone_s=25, stuck_s=30, alone_every=0):
    seed = seed if seed is not None else random.SystemRandom().randrange(1 << 31)
    say = say or (lambda text: print(text, flush=True))
    say("kill test: seed %d, %d kills, %d submissions, %d releases" % (seed, kills, submissions, releases))
    site = Site()
    settings = {"service": dict(World.LARGE["service"], **{"delivery.agent_gone": "%ds" % gone_s}), "keeper": World.LARGE["keeper"],
                "agent": site.settings}
    world = World(settings=settings, printers=PRINTERS, keep=keep)
    try:
        world.start()
        ledger, tokens = Ledger(submissions, releases), Tokens(world)
        site.open_doors(world)
        if agents == 2:
            two_agents(world)
            return play(world, ledger, tokens, AgentKiller(world, ledger, seed, kills, gone_s), seed, say, threads, size, quiet_s, stuck_s)
        alone = None
        if alone_every:
            site.move_in(world)
            alone = Alone(world, ledger, tokens)
        return play(world, ledger, tokens, Killer(world, ledger, seed, kills, alone, alone_every), seed, say, threads, size, quiet_s)
    except BaseException:
        world.keep = world.keep or bool(os.environ.get("IMPRIMATUR_KEEP_FAILED"))
        raise
    finally:
        world.stop()


def replay(world):
    """Every transition in the service's log, through the table of the models."""
    command = [os.path.join(ROOT, "tools", "check-trace"), "--complete", "--killed", world.programs.log("service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return ["transitions: " + done.stdout + done.stderr] if done.returncode else []


def play(world, ledger, tokens, killer, seed, say, threads, size, quiet_s, stuck_s=None):
    started = time.monotonic()
    workers = [Submitter(world, ledger, tokens, PEOPLE, seed * 100 + n, size, DOORS if n % 2 else DIRECT) for n in range(threads)]
    workers += [Releaser(world, ledger, tokens, PEOPLE, seed * 100 + 50 + n) for n in range(max(1, threads // 2))]
    for worker in workers + [killer]:
        worker.start()
    last = started
    while any(w.is_alive() for w in workers + [killer]):
        time.sleep(0.05)
        for worker in workers + [killer]:
            if worker.failure:
                ledger.stop = killer.stop = True
                raise AssertionError("the kill test itself failed") from worker.failure
        if time.monotonic() - last > 20:
            last = time.monotonic()
            say("  %4.0f s: %d kills, %s" % (last - started, killer.count, ledger.summary()))
    busy = time.monotonic() - started
    killer.all_up()
    say("  kills over: %s" % ", ".join("%s %d" % item for item in sorted(killer.kills.items())))
    settle(world, ledger, tokens, quiet_s)
    oracle = Oracle(world, ledger, tokens, PEOPLE, killer)
    oracle.look()
    oracle.release_the_rest(say)
    settle(world, ledger, tokens, quiet_s)
    oracle.look()
    text, failures = oracle.judge()
    if stuck_s:
        found = oracle.stuck(stuck_s)
        text += ", %d stuck" % len(found)
        failures += ["stuck: " + name for name in found]
    failures += replay(world)
    failures += ["nobody came by " + way for way, count in ledger.by_way.items() if not count]
    if killer.alone:
        kept = sum(name.startswith("d-") for name in oracle.released_alone())
        text += "\n%d documents kept and %d swipes obeyed without the service, which released %d that had come by LPD" % (
            killer.alone.kept, killer.alone.released, kept)
        failures += oracle.not_alone(killer.alone) + ([] if kept else ["no badge released what had come by LPD"])
    text = "%d kills (%s), %s, in %.0f s and %.0f s to print the rest\n%s" % (
        killer.count,
        ", ".join("%s %d" % item for item in sorted(killer.kills.items())),
        ledger.summary(),
        busy,
        time.monotonic() - started - busy,
        text,
    )
    say(text)
    if failures:
        failures += [line.strip() for line in open(world.programs.log("agent"), encoding="utf-8", errors="replace") if DROPPED.search(line)]
    assert not failures, "\n".join(failures[:40]) + "\n" + "seed %d" % seed
    return text


def main():
    parser = argparse.ArgumentParser(description="the kill test")
    for name, value in SIZES["short"].items():
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--quiet-s", type=int, default=120)
    parser.add_argument("--agents", type=int, default=1, choices=(1, 2))
    parser.add_argument("--gone-s", type=int, default=25, help="with two agents: after how long one is taken for gone")
    parser.add_argument("--stuck-s", type=int, default=30, help="with two agents: how long a release may take")
    parser.add_argument("--keep", action="store_true")
    run(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
