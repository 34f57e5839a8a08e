# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What other people notice while somebody sends the hostile set (tests/harness/hostile.py), document after document: how long their own take
to be held, and from a release to paper at a printer that takes PDF, where nothing is converted for them."""

import statistics
import threading
import time

from harness import hostile
from harness.client import Refused
from harness.documents import pdf

ADA, GRACE = "ada@demo.example", "grace@demo.example"
SENDERS = 2
SECONDS_LEAST = 30
AIM = 2.0  # times as long, at most


def p99(values):
    return sorted(values)[int(len(values) * 0.99)] if values else float("nan")


class Attack:
    """Several that send the whole set again and again, and release what is held of it where it has to be converted."""

    def __init__(self, world, documents):
        self.world, self.documents = world, documents
        self.ended, self.sent = threading.Event(), 0
        self.threads = [threading.Thread(target=self.send, args=(n,), daemon=True) for n in range(SENDERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        ada = self.world.api(ADA)
        for job in ada.all("/v1/jobs?state=held"):
            ada.delete("/v1/jobs/" + job["id"])

    def send(self, first):
        ada = self.world.api(ADA)
        while not self.ended.is_set():
            for document in self.documents[first::SENDERS]:
                if self.ended.is_set():
                    return
                try:
                    job = ada.submit(document.octets, document.name[:100], content_type=document.media_type)
                    ada.release(self.world.printers["studio"], [job["id"]])
                except Refused:
                    continue
                self.sent += 1
                self.ended.wait(0.05)


class Hostile:
    def __init__(self, bench):
        self.bench = bench

    def one(self, grace, number):
        """Seconds until a document is held, and from its release until it lies on paper."""
        document = pdf("innocent-%d" % number, size=100_000, pages=2)
        begun = time.monotonic()
        job = grace.submit(document, "innocent")["id"]
        held = time.monotonic()
        grace.release(self.bench.world.printers["lobby"], [job])
        self.bench.world.wait_job(grace, job, "done", 300)
        return held - begun, time.monotonic() - held

    def sample(self, seconds):
        grace = self.bench.world.api(GRACE)
        rows, until = [], time.monotonic() + seconds
        while time.monotonic() < until:
            rows.append(self.one(grace, len(rows)))
            time.sleep(0.02)  # as people are, not as fast as possible
        return [[row[n] * 1000 for row in rows] for n in (0, 1)]

    def hostile(self):
        bench = self.bench
        bench.report.section("Others' documents while the hostile set is sent (ms; the aim: p99 at most %g times)" % AIM)
        bench.start_world("hostile", **{"render.cells": 2})
        documents = list(hostile.documents(hostile.Places("203.0.113.7", "canary.example", "/nowhere/secret", "/nowhere/made")))
        seconds = max(bench.options.seconds, SECONDS_LEAST)
        quiet, attacked, sent = [[], []], [[], []], 0
        self.sample(2)
        for _ in range(bench.options.rounds):
            for at, values in enumerate(self.sample(seconds)):
                quiet[at] += values
            with Attack(bench.world, documents) as attack:
                for at, values in enumerate(self.sample(seconds)):
                    attacked[at] += values
            sent += attack.sent
        for at, name in enumerate(("until it is held", "from a release to paper")):
            bench.report.row(name + ", nobody attacks", "median %.1f, p99 %.1f of %d" % (statistics.median(quiet[at]), p99(quiet[at]), len(quiet[at])))
            bench.report.row(name + ", %d hostile documents" % sent, "median %.1f, p99 %.1f of %d: %.2f times" % (
                statistics.median(attacked[at]), p99(attacked[at]), len(attacked[at]), p99(attacked[at]) / p99(quiet[at])))
        bench.end_world()
