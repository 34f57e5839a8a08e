# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Who kills: one program or all, at a random moment, and starts them again as a supervisor would."""

import random
import signal
import threading
import time

from harness.process import NotReady

PROGRAMS = ("keeper", "service", "agent", "printsim")


class Killer(threading.Thread):
    programs = PROGRAMS

    def __init__(self, world, ledger, seed, kills, alone=None, alone_every=0):
        """alone: the site without its service, every so many strikes."""
        super().__init__(daemon=True)
        self.alone, self.alone_every = alone, alone_every
        self.world, self.ledger, self.wanted = world, ledger, kills
        self.random = random.Random(seed)
        self.count = self.strikes = 0
        self.kills = dict.fromkeys(self.programs, 0)
        self.moments = []  # (time.time() of the kill, time.time() when it was up again, program)
        self.stop = False
        self.failure = None

    def run(self):
        try:
            self.ledger.is_waited_for = self.alone is not None
            while self.count < self.wanted and not self.stop:
                self.let_work()
                self.strike()
            self.ledger.pace = 1.0
        except Exception as error:  # noqa: BLE001 - shown by the main thread
            self.failure = error
        finally:
            self.ledger.is_waited_for = False

    def let_work(self):
        """Until the next share of the load is done, and a random moment more: the kill falls into the work."""
        share = min(1.0, (self.count + 0.5) / self.wanted)
        self.ledger.pace = min(1.0, share + 4 / self.wanted)
        until = time.monotonic() + 60
        while self.ledger.progress() < share and not self.stop:
            if time.monotonic() > until:
                raise AssertionError("the load does not go on: " + self.ledger.summary())
            time.sleep(0.002)
        time.sleep(self.random.uniform(0, 0.25))  # the moment of the kill is what is random here

    def strike(self):
        self.strikes += 1
        if self.alone and self.strikes % self.alone_every == 1:
            self.leave_alone()
            return
        if self.random.random() < 0.08:
            victims = list(self.programs)
        else:
            victims = [self.random.choice(self.programs)]
        began = time.time()
        for name in victims:
            self.world.programs.kill(name)
            self.kills[name] += 1
            self.count += 1
        for name in victims:
            self.up(name)
        self.moments += [(began, time.time(), name) for name in victims]
        self.all_up()

    def kill(self, name):
        self.world.programs.kill(name)
        self.kills[name] += 1
        self.count += 1

    def leave_alone(self):
        """The service stays away until the site has gone on without it, and the agent may be killed in the midst."""
        self.alone.prepare()
        began = time.time()
        victims = ["service"] + ["keeper"] * (self.random.random() < 0.3)
        for name in victims:
            self.kill(name)
        self.alone.keep_documents()
        self.alone.deposit(2)
        self.alone.release_by_badge(self.random)
        if self.random.random() < 0.7:
            time.sleep(self.random.uniform(0, 0.1))  # the moment of the kill is what is random here
            self.kill("agent")
            self.up("agent")
            victims.append("agent")
            self.alone.keep_documents()
        for name in ("keeper", "service"):
            if name in victims:
                self.up(name)
        if self.random.random() < 0.5:
            self.alone.wait_handing_on()
            time.sleep(self.random.uniform(0, 0.1))
            again = self.random.choice(("service", "agent", "keeper"))
            self.kill(again)
            self.up(again)
            victims.append(again)
        self.moments += [(began, time.time(), name) for name in set(victims)]
        self.all_up()

    def up(self, name):
        """Started until it stays: what it needs may be down at that moment, too."""
        for attempt in range(20):
            try:
                self.world.programs.start(name)
                return
            except NotReady:
                self.world.programs.kill(name)
                if attempt == 19:
                    raise
                time.sleep(0.2)

    def all_up(self):
        for name in self.world.programs.ended():
            self.up(name)

    def was_down(self, names, since, until):
        """Was one of these killed, or down, between the two times?"""
        return any(n in names and began <= until and over >= since for began, over, n in self.moments)


class AgentKiller(Killer):
    """Of two agents of one site one at a time is killed or stopped, for a moment or for longer than the other waits."""

    programs = ("agent", "second")

    def __init__(self, world, ledger, seed, kills, gone_s):
        super().__init__(world, ledger, seed, kills)
        self.gone_s = gone_s

    def strike(self):
        name = self.random.choice(self.programs)
        is_stopped = self.random.random() < 0.4
        began = time.time()
        if is_stopped:
            self.world.programs[name].signal(signal.SIGSTOP)
        else:
            self.world.programs.kill(name)
        self.kills[name] += 1
        self.count += 1
        # How long it is away is what is random here; now and then the other one has to take over what it held.
        away = self.gone_s * 1.5 if self.random.random() < 0.25 else self.random.uniform(0, 1)
        until = time.monotonic() + away
        while time.monotonic() < until and not self.stop:
            time.sleep(0.01)
        if is_stopped:
            self.world.programs[name].signal(signal.SIGCONT)
        else:
            self.up(name)
        self.moments.append((began, time.time(), name))

    def all_up(self):
        for name in self.programs:
            if not self.world.programs[name].running():
                self.up(name)
