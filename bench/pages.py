# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What somebody waits for who looks at a page: the first look, a list of 1,000 jobs, and from an event to the screen; in Debian's Chromium,
over TLS on this machine. Beside each stands the budget that it has, as there is no peer that could be started here."""

import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "tests"), HERE]

from harness.documents import pdf  # noqa: E402
from harness.live import Listener  # noqa: E402
from harness.playwright import PHONE, Browser  # noqa: E402
from harness.process import wait_until  # noqa: E402

ADA, GRACE = "ada@demo.example", "grace@demo.example"
JOBS = 1000
EVENTS = 20
FIRST_LOAD_OCTETS = 200_000
EVENT_MS = 200

# Octets on the wire and requests of the document that is there now, as the browser counted them.
LOADED = """() => {
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const files = all.filter((one) => !new URL(one.name).pathname.startsWith('/v1/'));
    return { octets: files.reduce((sum, one) => sum + one.transferSize, 0), files: files.length, calls: all.length - files.length };
}"""
# When something with these words first stands on the page, by the machine's clock.
WATCH = """(words) => new Promise((resolve) => {
    const look = () => document.body.innerText.includes(words) && resolve(Date.now());
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
})"""


def spread(values):
    return "%.4g (%.4g to %.4g)" % (statistics.median(values), min(values), max(values))


class Pages:
    def __init__(self, bench):
        self.bench, self.report = bench, bench.report

    def pages(self):
        world = self.bench.start_world("pages")
        self.report.section("Pages, in Chromium")
        with Browser(world) as browser:
            self.first_look(browser)
            self.events(world, browser)
            self.list(world, browser)
        self.bench.end_world()

    def first_look(self, browser):
        """A browser that was never here; signed in, so that the page that is meant is the one that is counted."""
        octets, files, calls, milliseconds = [], [], [], []
        for _ in range(self.bench.options.rounds):
            page = browser.open("/account", ADA, size=PHONE)  # signs in on a plain page: nothing of the application is known yet
            begun = time.monotonic()
            page.goto("/")
            page.get_by_role("heading", name="Your prints").wait_for()
            milliseconds.append((time.monotonic() - begun) * 1000)
            loaded = page.evaluate("(%s)()" % LOADED)
            octets.append(loaded["octets"])
            files.append(loaded["files"])
            calls.append(loaded["calls"])
            page.context().close()
        self.report.row("first look at the portal, octets", "%s   budget %d: %.2f times" % (spread(octets), FIRST_LOAD_OCTETS, statistics.median(octets) / FIRST_LOAD_OCTETS))
        self.report.row("  files, and calls of the API", "%s   %s" % (spread(files), spread(calls)))
        self.report.row("  until it stands there, ms", spread(milliseconds))

    def events(self, world, browser):
        """From the answer to who submitted it to the words on the open page of its owner."""
        page = browser.open("/", ADA)
        page.get_by_role("heading", name="Your prints").wait_for()
        wait_until(lambda: self.bench.metric("imprimatur_live_streams") >= 1, "the page listens")
        milliseconds = []
        for number in range(EVENTS):
            words = "event number %d." % number
            seen = page.evaluate.later("(%s)('%s')" % (WATCH, words))
            world.api(ADA).submit(pdf(words), words)
            answered = time.time() * 1000
            milliseconds.append(max(0.0, seen.get() - answered))
        self.report.row("from an event to the screen, ms", "%s   budget %d: %.2f times"
                        % (spread(milliseconds), EVENT_MS, statistics.median(milliseconds) / EVENT_MS))
        page.context().close()

    def list(self, world, browser):
        """All of them: the first page of the list, then "Show more" to the end."""
        api = world.api(GRACE)
        for number in range(JOBS):
            last = api.submit(pdf("short"), "job %d" % number)["id"]
        wait_until(lambda: api.job(last)["inspection"]["state"] == "done", "all were looked into", 600, 0.5)
        page = browser.open("/account", GRACE)
        begun = time.monotonic()
        page.goto("/")
        page.locator("main li").first().wait_for()
        first = (time.monotonic() - begun) * 1000
        more = page.get_by_role("button", name="Show more")
        while page.locator("main li").count() < JOBS:
            count = page.locator("main li").count()
            more.click()
            page.locator("main li").nth(count).wait_for()
        whole = (time.monotonic() - begun) * 1000
        self.report.row("a list of 1,000 jobs: the first of them, ms", "%.0f" % first)
        self.report.row("  all of them, page by page, ms", "%.0f" % whole)
        page.context().close()

    def streams(self):
        """Of open pages on which nothing happens, and one among them of which something is told: what each costs, and how long that takes."""
        world = self.bench.start_world("streams", **{"live.streams": 20_000, "live.of_person": 20_000})
        self.report.section("Open pages that wait for events, in the service")
        idle = world.api(GRACE).post("/v1/tokens", {"label": "benchmark", "kind": "api"})["token"]
        api = world.api(ADA)
        token = api.post("/v1/tokens", {"label": "benchmark", "kind": "api"})["token"]
        pid = world.programs["service"].pid
        empty, opened, programs = self.bench.resident(pid), 0, []
        command = [os.path.join(self.bench.build, "bench", "bench-streams"), "https://localhost:%d/v1/live" % world.ports["service"]]
        for count in self.bench.options.streams:
            program = subprocess.Popen(command + [str(count - opened)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            programs.append(program)
            program.stdin.write(idle + "\n")
            program.stdin.close()
            if not program.stdout.readline().startswith("open"):
                raise RuntimeError("the streams were not opened")
            opened = count
            each = (self.bench.resident(pid) - empty) / opened / 1000
            listener = Listener(world, authorization="Bearer " + token)
            milliseconds = [self.told(api, listener, number) for number in range(EVENTS)]
            listener.close()
            self.report.row("%d streams" % opened, "%.1f KB each; from the beginning of a submission to its event, ms: %s" % (each, spread(milliseconds)))
        for program in programs:
            program.terminate()
            program.wait()
        self.bench.end_world()

    @staticmethod
    def told(api, listener, number):
        """From the beginning of a submission to the event on another page's stream of his."""
        begun = time.monotonic()
        job = api.submit(pdf("told %d" % number), "told %d" % number)["id"]
        wait_until(lambda: listener.told("job", job, "job-held"), "told of it", 30, 0.0005)
        at = next(at for at, (_, data) in zip(listener.at, listener.events) if data.get("id") == job)
        return (at - begun) * 1000
