# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""IPP printers whose answers are no good - attributes of the wrong type, out of range, thousands of values, of another job,
no IPP at all: whatever they say, the claim about a delivery is true, nothing comes out twice, and the agent goes on."""

import os
import sys

from harness.documents import pdf
from harness.looking import look, tried
from harness.process import wait_until
from harness.story import equal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "printsim"))

from lies import LIES, LATE  # noqa: E402

ADA = "ada@demo.example"
PRINTERS = {"lobby": {"formats": ["application/pdf"]}}
SETTINGS = {"service": {"delivery.attempts_max": 1, "delivery.retry": "100ms"},
            "agent": {"printers.stall": "1s", "printers.answer": "1s", "printers.echo": "500ms", "printers.look_again": "0s"}}


def alive(world):
    equal(world.programs["agent"].starts, 1, "starts of the agent")
    assert world.programs["agent"].running(), "the agent has ended"
    equal(world.programs["service"].starts, 1, "starts of the service")


def story_what_became_of_a_document_is_told_truly_whatever_its_printer_says(world):
    ada = world.api(ADA)
    attempts = 0
    for lie in LIES:
        begun, printed = (len(world.truth("lobby", event)) for event in ("first-byte", "printed"))
        job = ada.submit(pdf(lie), lie)["id"]
        world.sim.temper("lobby", "lies", lie=lie)
        try:
            (delivery,) = world.wait_release(ada, ada.release(world.printers["lobby"], [job])["id"], 60)
        finally:
            world.sim.normal("lobby")
        begun, printed = (len(world.truth("lobby", event)) - before for event, before in (("first-byte", begun), ("printed", printed)))
        claim = delivery["state"]
        assert printed <= 1 and begun <= 1, "%s: %d papers of %d attempts" % (lie, printed, begun)
        assert claim in ("printed", "uncertain", "not-printed"), (lie, delivery)
        assert claim != "printed" or printed == 1, "%s: falsely printed: %r" % (lie, delivery)
        assert claim != "not-printed" or begun == 0, "%s: falsely not printed: %r" % (lie, delivery)
        attempts += begun
        alive(world)
    assert attempts == len(LATE), "%d documents reached the printer" % attempts
    job = ada.submit(pdf("honest"), "honest")["id"]
    equal([d["state"] for d in world.wait_release(ada, ada.release(world.printers["lobby"], [job])["id"])], ["printed"], "an honest one")


def story_what_it_says_of_itself_is_taken_only_where_it_can_be(world):
    """Its state and its readiness are asked for: an answer in words, and never a fault."""
    for lie in set(LIES) - set(LATE):
        world.sim.temper("lobby", "lies", lie=lie)
        try:
            state = world.admin.get("/v1/printers/lobby/state")
            report = world.admin.get("/v1/printers/lobby/readiness")
        finally:
            world.sim.normal("lobby")
        shown = repr((state, report))
        assert "\\x1b" not in shown and "\\u202e" not in shown and "x" * 2000 not in shown, (lie, shown[:500])
        assert len(shown) < 20_000, "%s: %d characters" % (lie, len(shown))
        alive(world)
    wait_until(lambda: world.admin.get("/v1/printers/lobby/readiness")["ready"], "an honest one is ready", 30, 0.2)


def story_who_looks_for_printers_finds_no_more_than_is_true(world):
    order = {"ranges": ["127.0.0.1"], "ways": ["ipp"], "ipp_port": world.ports["lobby"], "timeout_ms": 1000, "retries": 0, "packets_per_second": 1000}
    for lie in set(LIES) - set(LATE):
        world.sim.temper("lobby", "lies", lie=lie)
        try:
            found, _ = look(order, seconds=60)
        finally:
            world.sim.normal("lobby")
        assert len(found) <= 1 and len(repr(found)) < 40_000, (lie, len(repr(found)))
        for seen in found:
            assert tried(seen)["ipp"] in ("answered", "no-printer", "not-understood", "silent"), (lie, seen)
    (seen,), _ = look(order, seconds=60)
    equal(seen["facts"]["make_and_model"], "Virtual Lobby 1000", "what an honest one is")
