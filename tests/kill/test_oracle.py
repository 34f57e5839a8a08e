# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The oracle of the kill test must be able to say no: each kind of lie, told once."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from kill.killer import Killer  # noqa: E402
from kill.load import Ledger, Order, Submission  # noqa: E402
from kill.oracle import Oracle, moment  # noqa: E402

DOCUMENT, DELIVERY = "k-000001", "0192f0a0-1111-7222-8333-444455556666"


def line(event, printer="lab", **more):
    return dict({"t": 1.0, "printer": printer, "event": event, "delivery": DELIVERY, "document": DOCUMENT}, **more)


PRINTED = line("printed", sha256="abc")
FIRST = line("first-byte")


class World:
    def __init__(self, truth):
        self.lines = truth

    def truth(self):
        return self.lines


def verdict(state, truth, job="done", there=True, moments=()):
    ledger = Ledger(1, 1)
    submission = Submission(DOCUMENT, "ada@demo.example")
    submission.sha256, submission.job = "abc", "job-1"
    ledger.all[DOCUMENT] = submission
    killer = Killer(None, ledger, 1, 0)
    killer.moments = list(moments)
    oracle = Oracle(World(truth), ledger, None, (), killer)
    if there:
        delivery = {"id": DELIVERY, "state": state, "job": "job-1"} if state else None
        shown = {"id": "job-1", "title": DOCUMENT, "state": job, "delivery": delivery, "email": "ada@demo.example"}
        oracle.jobs["job-1"] = shown
        oracle.claim(delivery, "job-1")
    oracle.span = lambda job: (10.0, 20.0)
    _, failures = oracle.judge()
    return sorted({f.split(":")[0] for f in failures})


def twins(ways, tries, moments=(), papers=2):
    """One document that became two jobs, both of which came out."""
    ledger = Ledger(1, 1)
    submission = Submission(DOCUMENT, "ada@demo.example", *ways)
    submission.sha256, submission.number, submission.tries = "abc", 1, tries
    ledger.all[DOCUMENT] = submission
    killer = Killer(None, ledger, 1, 0)
    killer.moments = list(moments)
    lines = [line("printed", sha256="abc", delivery="d%d" % i) for i in range(papers)]
    oracle = Oracle(World(lines), ledger, None, (), killer)
    for job in ("job-1", "job-2"):
        oracle.jobs[job] = {"id": job, "title": DOCUMENT, "state": "done", "delivery": None, "email": "ada@demo.example"}
    _, failures = oracle.judge()
    return sorted({f.split(":")[0] for f in failures})


class Alone:
    def __init__(self, kept, released):
        self.kept, self.released = kept, released


class OracleTest(unittest.TestCase):
    def test_the_truth_passes(self):
        self.assertEqual(verdict("printed", [FIRST, PRINTED]), [])
        self.assertEqual(verdict("sent", [FIRST, PRINTED]), [])
        self.assertEqual(verdict("uncertain", [FIRST, PRINTED]), [])
        self.assertEqual(verdict("uncertain", [FIRST], job="releasing"), [])

    def test_a_job_that_is_gone_is_lost(self):
        self.assertEqual(verdict(None, [], there=False), ["lost"])

    def test_a_job_that_never_comes_out_is_lost(self):
        self.assertEqual(verdict(None, [], job="held"), ["lost"])
        self.assertEqual(verdict("not-printed", [], job="held"), ["lost"])

    def test_other_octets_are_lost(self):
        self.assertEqual(verdict("printed", [FIRST, dict(PRINTED, sha256="def")]), ["lost"])

    def test_two_papers_of_one_document_are_seen(self):
        self.assertEqual(verdict("printed", [FIRST, PRINTED, FIRST, PRINTED]), ["twice"])

    def test_printed_without_paper_is_false(self):
        self.assertEqual(verdict("printed", [FIRST]), ["false printed", "lost"])

    def test_not_printed_with_paper_is_false(self):
        self.assertEqual(verdict("not-printed", [FIRST, PRINTED], job="held"), ["false not"])

    def test_not_printed_after_octets_to_a_port_without_answer_is_false(self):
        self.assertEqual(verdict("not-printed", [FIRST], job="held"), ["false not", "lost"])

    def test_uncertain_for_no_reason_is_seen(self):
        self.assertEqual(verdict("uncertain", []), ["idle uncertain"])
        self.assertEqual(verdict("uncertain", [], moments=[(12.0, 13.0, "agent")]), [])
        self.assertEqual(verdict("uncertain", [], moments=[(2.0, 3.0, "agent")]), ["idle uncertain"])

    def test_a_release_of_which_nobody_says_anything_is_stuck(self):
        ledger, submission = Ledger(1, 1), Submission(DOCUMENT, "ada@demo.example")
        ledger.orders.append(Order("release-1", submission.email, [submission], 0))
        oracle = Oracle(World([]), ledger, None, (), Killer(None, ledger, 1, 0))
        for ended, expected in ((39.0, 0), (41.0, 1)):
            oracle.timeline = lambda job: [(0.0, "job-held"), (10.0, "job-released"), (11.0, "delivery-armed"), (ended, "delivery-uncertain"), (90.0, "delivery-printed")]  # noqa: B023
            self.assertEqual(len(oracle.stuck(30)), expected)

    def test_a_submission_is_one_job(self):
        self.assertEqual(twins(["api"], [1.0]), ["doubled job", "twice"])

    def test_sent_again_at_a_door_it_may_be_two_only_where_the_agent_was_killed_between(self):
        killed = [(1.5, 1.6, "agent")]
        self.assertEqual(twins(["door-lpd"], [1.0, 2.0], killed), [])
        self.assertEqual(twins(["door-lpd"], [1.0, 2.0]), ["doubled job", "twice"])
        self.assertEqual(twins(["door-ipp"], [1.0], killed), ["doubled job", "twice"])
        self.assertEqual(twins(["ipp"], [1.0, 2.0], killed), ["doubled job", "twice"])
        self.assertEqual(twins(["door-ipp"], [1.0, 2.0], [(1.5, 1.6, "service")]), ["doubled job", "twice"])
        self.assertEqual(twins(["door-lpd"], [1.0, 2.0], killed, papers=3), ["twice"])

    def test_a_run_without_an_absence_of_the_service_is_none(self):
        ledger = Ledger(1, 1)
        oracle = Oracle(World([]), ledger, None, (), Killer(None, ledger, 1, 0))
        oracle.jobs["job-1"] = {"id": "job-1", "title": "h-1"}
        oracle.told = lambda job: [{"at": "2026-01-01T00:00:09Z", "event": "job-released", "detail": "offline=yes at=2026-01-01T00:00:05Z"}]
        self.assertEqual(oracle.offline("job-1"), [("job-released", moment("2026-01-01T00:00:05Z"))])
        self.assertEqual(oracle.not_alone(Alone(kept=3, released=1)), [])
        self.assertEqual(len(oracle.not_alone(Alone(kept=0, released=2))), 2)
        self.assertLess(oracle.span("job-1")[0], moment("2026-01-01T00:00:05Z"))


if __name__ == "__main__":
    unittest.main()
