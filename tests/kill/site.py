# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What people do at a site while its service is away."""

import os
import time

from harness.process import wait_until
from harness.readers import Reader
from harness.site import BADGE, HOLDER, QUEUE, deposits, log_count, say_by_lpd
from kill.load import Submission


class Alone:
    """What happens at the site while the service is away. Called by the killer's thread alone."""

    at_home, at_doors = 3, 5

    def __init__(self, world, ledger, tokens):
        self.world, self.ledger, self.tokens = world, ledger, tokens
        self.count = 0
        self.released = 0  # swipes that released something without the service
        self.kept = 0  # deposits that were acknowledged without it

    def prepare(self):
        """Documents that are at home at the agent; one more is, and may be asked back at any moment."""
        self.world.programs.wait_agent()
        self.deposit(1)  # whom it has seen with the service it knows without it
        made = [self.submit() for _ in range(self.at_home + 1)]
        folder = self.world.path("agent", "homes")
        wait_until(lambda: all(s.job in os.listdir(folder) for s in made), "jobs are at home at the agent", 60, 0.05)
        with self.ledger.lock:
            self.ledger.waiting.append(made[0])

    def submit(self):
        self.count += 1
        submission = Submission("h-%06d" % self.count, HOLDER)
        document = submission.make(20_000, self.count)
        api = self.world.api(HOLDER, token=self.tokens.api[HOLDER])
        with self.ledger.lock:
            self.ledger.all[submission.name] = submission
        submission.job = api.submit(document, submission.name, queue=QUEUE, key="submit-" + submission.name)["id"]
        return submission

    def keep_documents(self):
        """Until some came in by the doors, which say yes without the service."""
        before = sum(self.ledger.taken_by_doors())
        with self.ledger.lock:
            self.ledger.ahead = self.at_doors + 2
        try:
            wait_until(lambda: sum(self.ledger.taken_by_doors()) >= before + self.at_doors or self.ledger.stop, "the doors go on", 60)
        finally:
            with self.ledger.lock:
                self.ledger.ahead = 0
        self.kept += sum(self.ledger.taken_by_doors()) - before

    def deposit(self, count):
        """Of the badge's holder, by LPD: while the service is away the badge releases these, too."""
        for _ in range(count):
            self.count += 1
            submission = Submission("d-%06d" % self.count, HOLDER, "door-lpd")
            document = submission.make(20_000, self.count)
            say_by_lpd(self.world.ports["lpd"], HOLDER.split("@")[0], submission.name, self.count % 1000, document, QUEUE)
            submission.number = self.count
            with self.ledger.lock:
                self.ledger.all[submission.name] = submission

    def release_by_badge(self, random):
        model = random.choice(("tcpconv", "tcpconv2", "ethernet241"))
        before = log_count(self.world, "swipe-released-offline")
        reader = Reader(self.world.ports[model], model)
        try:
            reader.swipe(BADGE)
            wait_until(lambda: log_count(self.world, "swipe-released-offline") > before, "a badge releases what is at home", 30)
        finally:
            reader.close()
        self.released += 1

    def wait_handing_on(self):
        """The service is back: the next kill falls into what it is told and given now."""
        until = time.monotonic() + 20
        before = len(deposits(self.world))
        while before and len(deposits(self.world)) >= before and time.monotonic() < until:
            time.sleep(0.002)
