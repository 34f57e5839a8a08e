# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Compares what the service claims with what the printers know."""

import collections
import datetime
import re
import time

WIRE = {"lobby": "ipps", "lab": "raw", "library": "lpd", "studio": "ipps"}

ENDS = ("delivery-printed", "delivery-sent", "delivery-not-printed", "delivery-uncertain", "delivery-cancelled")


OFFLINE = re.compile(r"offline=yes at=(\S+)")


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def is_open(job):
    """On its way; what is UNCERTAIN or SENT waits for its owner's word, or for its time."""
    return not job["delivery"] or job["delivery"]["state"] in ("requested", "offered", "armed")


class Oracle:
    def __init__(self, world, ledger, tokens, people, killer):
        self.world, self.ledger, self.tokens, self.people, self.killer = world, ledger, tokens, people, killer
        self.jobs = {}  # id -> job as the service shows it
        self.deliveries = {}  # delivery id -> (state, job id, email): every claim that was ever seen
        self.seen_in_order = collections.defaultdict(list)

    # ---- the claims -------------------------------------------------------------------------------------------

    def look(self):
        for email in self.people:
            api = self.world.api(email, token=self.tokens.api[email])
            for job in api.jobs():
                job["email"] = email
                self.jobs[job["id"]] = job
                self.claim(job.get("delivery"), job["id"])
        for order in self.ledger.orders:
            api = self.world.api(order.email, token=self.tokens.api[order.email])
            for delivery in api.get("/v1/releases/" + order.release)["deliveries"]:
                self.claim(delivery, delivery.get("job"))

    def claim(self, delivery, job):
        if delivery:
            self.deliveries[delivery["id"]] = (delivery["state"], job)

    def release_the_rest(self, say):
        """What is still held must be there to be printed: all of it goes out now, and nobody is killed."""
        printers = [self.world.printers[n] for n in WIRE]
        for email in self.people:
            api = self.world.api(email, token=self.tokens.api[email])
            held = [j["id"] for j in api.jobs(state="held")]
            say("  %d jobs of %s are still held and are released now" % (len(held), email))
            for start in range(0, len(held), 100):
                api.release(printers[start // 100 % len(printers)], held[start : start + 100])
                self.drain(api)

    def drain(self, api):
        """Not more on its way than an agent carries well."""
        until = time.monotonic() + 300
        while sum(is_open(j) for j in api.jobs(state="releasing")) > 100:
            assert time.monotonic() < until, "the agent prints no more"
            time.sleep(0.1)

    # ---- the judgement ----------------------------------------------------------------------------------------

    def judge(self):
        truth = self.world.truth()
        self.printed = collections.defaultdict(list)  # document name -> printed lines
        self.by_delivery = collections.defaultdict(lambda: collections.defaultdict(list))
        for line in truth:
            if line["event"] == "printed":
                self.printed[line.get("document")].append(line)
            if line.get("delivery"):
                self.by_delivery[line["delivery"]][line["event"]].append(line)
        self.by_title = collections.defaultdict(list)
        for job in self.jobs.values():
            self.by_title[job["title"]].append(job)
        doubled = self.doubled()
        found = {
            "lost": self.lost(),
            "twice": self.twice(),
            "false printed": self.false_printed(),
            "false not": self.false_not_printed(),
            "idle uncertain": self.idle_uncertain(),
            "doubled job": doubled,
        }
        states = collections.Counter(state for state, _ in self.deliveries.values())
        wires = collections.Counter(WIRE[line["printer"]] for line in truth if line["event"] == "printed")
        lines = [
            "deliveries: " + ", ".join("%d %s" % (n, s) for s, n in sorted(states.items())),
            "printed: " + ", ".join("%d over %s" % (n, w) for w, n in sorted(wires.items())),
            ", ".join("%d %s" % (len(names), kind) for kind, names in found.items()) + ", %d sent again" % len(self.resent),
        ]
        failures = ["%s: %s" % (kind, name) for kind, names in found.items() for name in names]
        return "\n".join(lines), failures

    def acknowledged(self):
        return [s for s in self.ledger.all.values() if s.job or s.number]

    def lost(self):
        """Acknowledged, and neither came out nor has a delivery that says honestly that it may have."""
        gone = []
        for submission in self.acknowledged():
            jobs = self.by_title.get(submission.name, [])
            if not jobs:
                if not self.printed[submission.name]:
                    gone.append("%s: no such job any more (%s)" % (submission.name, self.how_it_came(submission.name)))
                continue
            job = jobs[0]
            if self.printed[submission.name]:
                if any(p["sha256"] != submission.sha256 for p in self.printed[submission.name]):
                    gone.append("%s: other octets came out" % submission.name)
                continue
            claim = (job.get("delivery") or {}).get("state")
            if claim != "uncertain":
                gone.append("%s: %s, %s, and no paper" % (submission.name, job["state"], claim))
        return gone

    def twice(self):
        return [
            "%s: %r" % (name, [p["delivery"] for p in lines])
            for name, lines in self.printed.items()
            if len(lines) > (len(self.by_title[name]) if name in self.resent else 1)
        ]

    def false_printed(self):
        return [
            "delivery %s says %s" % (delivery, state)
            for delivery, (state, _) in self.deliveries.items()
            if state in ("printed", "sent") and not self.by_delivery[delivery]["printed"]
        ]

    def false_not_printed(self):
        wrong = []
        for delivery, (state, _) in self.deliveries.items():
            if state not in ("not-printed", "cancelled"):
                continue
            facts = self.by_delivery[delivery]
            begun = [f for f in facts["first-byte"] if WIRE[f["printer"]] != "ipps"]
            if facts["printed"] or begun:
                wrong.append("delivery %s says %s: %r" % (delivery, state, (facts["printed"] or begun)[0]))
        return wrong

    def idle_uncertain(self):
        wrong = []
        for delivery, (state, job) in self.deliveries.items():
            if state != "uncertain" or self.by_delivery[delivery]["first-byte"]:
                continue
            shown = self.jobs.get(job) or {}
            if not self.killer.moments:
                wrong.append("delivery %s of job %s: %r" % (delivery, job, shown.get("reason")))
                continue
            began, over = self.span(job)
            if not self.killer.was_down(("agent", "second", "printsim", "service", "keeper"), began, over):
                wrong.append("delivery %s of job %s: nobody was killed meanwhile" % (delivery, job))
        return wrong

    def span(self, job):
        """From the first word of its timeline to the last, as seconds since the epoch."""
        if job not in self.jobs:
            return 0, time.time()
        times = [at for at, event in self.timeline(job) if event not in ("job-created", "job-held")]
        times += [when for _, when in self.offline(job)]  # what a site did alone is told later
        return (min(times) - 1, max(times) + 1) if times else (0, time.time())

    def stuck(self, seconds):
        """Released, and for so long nobody could say what became of it."""
        wrong = []
        for order in self.ledger.orders:
            for submission in order.submissions:
                since = None
                for at, event in self.timeline(submission.job):
                    if event == "job-released":
                        since = at
                    elif since and event in ENDS:
                        if at - since > seconds:
                            wrong.append("%s: %.1f s until %s" % (submission.name, at - since, event))
                        since = None
        return wrong

    def told(self, job):
        shown = self.jobs.get(job)
        if not shown:
            return []
        api = self.world.api(shown["email"], token=self.tokens.api[shown["email"]])
        return api.job(job)["timeline"]

    def timeline(self, job):
        """When what happened, as seconds since the epoch."""
        return [(moment(e["at"]), e["event"]) for e in self.told(job)]

    def offline(self, job):
        """What its site did without the service, and when."""
        words = [(e["event"], OFFLINE.search(e["detail"] or "")) for e in self.told(job)]
        return [(event, moment(found.group(1))) for event, found in words if found]

    def released_alone(self):
        """Names of what a badge released without the service."""
        return [j["title"] for j in self.jobs.values() if any(event == "job-released" for event, _ in self.offline(j["id"]))]

    def not_alone(self, alone):
        """The part of a run that is to fall into the absence of the service has to be there."""
        released = self.released_alone()
        few = []
        if not alone.kept:
            few.append("nothing was kept at the doors")
        if len(released) < alone.released:
            few.append("%d swipes without the service, and %d jobs that were released so" % (alone.released, len(released)))
        return few

    def was_resent(self, submission):
        """At a door of the agent, again, after one that was killed had said nothing."""
        tries = submission.tries
        is_door = submission.way.startswith("door-")
        return is_door and len(tries) > 1 and self.killer.was_down(("agent", "second"), tries[0], tries[-1])

    def doubled(self):
        found = [name for name, jobs in self.by_title.items() if len(jobs) > 1 and name in self.ledger.all]
        self.resent = [name for name in found if self.was_resent(self.ledger.all[name])]
        return ["%s (%s)" % (name, self.how_it_came(name)) for name in found if name not in self.resent]

    def how_it_came(self, name):
        submission = self.ledger.all[name]
        began = min(submission.tries, default=0)
        down = ["%s %.2f-%.2f" % (n, a - began, b - began) for a, b, n in self.killer.moments if b >= began - 1]
        return "%s, tries at %s, down %s" % (submission.way, ["%.2f" % (at - began) for at in submission.tries], down[:6])
