# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever a printer does, the claim about it is true: the table at the end of the release protocol, row by row.

Nothing is converted here, so that every fault falls into the delivery itself: each printer takes PDF.
"""

from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal

ADA = "ada@demo.example"
TAKES_PDF = {"formats": ["application/pdf"]}
PRINTERS = {"lab": TAKES_PDF, "library": TAKES_PDF, "studio": TAKES_PDF}
SETTINGS = {"service": {"delivery.attempts_max": 1, "delivery.retry": "100ms"}}
WIRES = {"lobby": "IPPS", "lab": "RAW", "library": "LPD"}


def deliver(world, printer, name, size=300_000, **temper):
    """One job to that printer in that temper; the state of its delivery when it is over, and the job."""
    ada = world.api(ADA)
    job = ada.submit(pdf(name, size=size), name)
    if temper:
        world.sim.temper(printer, **temper)
    release = ada.release(world.printers[printer], [job["id"]])
    try:
        (delivery,) = world.wait_release(ada, release["id"], 60)
    finally:
        world.sim.normal(printer)
    return delivery, job["id"]


def expect(world, printer, what, states, **temper):
    first, printed = (len(world.truth(printer, e)) for e in ("first-byte", "printed"))
    delivery, job = deliver(world, printer, "%s-%s" % (printer, what), **temper)
    states = (states,) if isinstance(states, str) else states
    assert delivery["state"] in states, "%s, %s: %s where %s was due" % (WIRES[printer], what, delivery, states)
    seen = len(world.truth(printer, "first-byte")) - first
    came_out = len(world.truth(printer, "printed")) - printed
    claim = delivery["state"]
    assert claim != "printed" or came_out == 1, "%s, %s: falsely printed" % (printer, what)
    assert claim != "not-printed" or came_out == 0, "%s, %s: falsely not printed" % (printer, what)
    assert came_out <= 1, "%s, %s: printed twice" % (printer, what)
    ada = world.api(ADA)
    if claim == "not-printed":
        world.wait_job(ada, job, "held")
        equal(ada.release(world.printers[printer], [job])["id"] is not None, True, "a new release")
        wait_until(lambda: len(world.truth(printer, "printed")) == printed + came_out + 1, "it prints later")
        world.wait_job(ada, job, "done")
    return delivery, seen


def story_a_printer_that_refuses_connections_printed_nothing(world):
    for printer in WIRES:
        expect(world, printer, "refuse", "not-printed", mode="refuse")


# An IPP printer can be asked afterwards: one that says "aborted, no impression" has proved that nothing came out.
CUT = {"lobby": "not-printed", "lab": "uncertain", "library": "uncertain"}


def story_a_printer_that_closes_half_way_is_uncertain_unless_it_says_what_became_of_it(world):
    for printer in WIRES:
        _, seen = expect(world, printer, "half", CUT[printer], mode="half-then-close", after=1000)
        equal(seen, 1, "documents begun at " + printer)


def story_a_printer_that_resets_is_uncertain_unless_it_says_what_became_of_it(world):
    for printer in WIRES:
        expect(world, printer, "rst", CUT[printer], mode="rst", after=1000)


def story_a_printer_that_reboots_in_the_middle_is_uncertain(world):
    for printer in WIRES:
        expect(world, printer, "reboot", "uncertain", mode="reboot-mid-job", after=1000)
        wait_until(lambda p=printer: world.sim.status(p)["mode"] == "normal", printer + " is back")


def story_another_printer_at_the_address_gets_no_octet(world):
    first = len(world.truth("lobby", "first-byte"))
    ada = world.api(ADA)
    job = ada.submit(pdf("identity"))
    world.sim.temper("lobby", "wrong-identity")
    release = ada.release(world.printers["lobby"], [job["id"]])
    (delivery,) = world.wait_release(ada, release["id"], 60)
    equal(delivery["state"], "not-printed", "the delivery")
    equal(len(world.truth("lobby", "first-byte")), first, "documents begun in the lobby")
    world.sim.normal("lobby")
    ada.delete("/v1/jobs/" + job["id"])


def story_a_busy_printer_printed_nothing(world):
    expect(world, "lobby", "busy", "not-printed", mode="busy")
    expect(world, "library", "busy", "not-printed", mode="busy")


def story_lpd_that_says_no_before_the_document_printed_nothing(world):
    for at in ("job", "data"):
        expect(world, "library", "nak-" + at, ("not-printed", "uncertain") if at == "data" else "not-printed",
               mode="nak", at=at)


def story_lpd_without_its_last_acknowledgement_is_uncertain(world):
    expect(world, "library", "no-final-ack", "uncertain", mode="no-final-ack")


def story_a_job_aborted_without_a_page_is_not_printed(world):
    expect(world, "lobby", "abort-0", "not-printed", mode="abort", pages=0)
    expect(world, "lab", "abort-0", "not-printed", mode="abort", pages=0)


def story_a_job_aborted_after_pages_is_uncertain(world):
    expect(world, "lobby", "abort-3", "uncertain", mode="abort", pages=3)
    expect(world, "lab", "abort-3", "uncertain", mode="abort", pages=3)


def story_out_of_paper_keeps_the_attempt(world):
    expect(world, "lobby", "paper", "printed", mode="out-of-paper", after=1000, ms=800)
    expect(world, "lab", "paper", "printed", mode="out-of-paper", after=1000, ms=800)
    expect(world, "library", "paper", "sent", mode="out-of-paper", after=1000, ms=800)


def story_a_slow_printer_is_waited_for(world):
    for printer, state in (("lobby", "printed"), ("lab", "printed"), ("library", "sent")):
        expect(world, printer, "drip", state, mode="drip", rate=400_000)
        expect(world, printer, "slow-fin", state, mode="slow-fin", ms=500)


def story_a_stalled_printer_that_goes_on_prints(world):
    ada = world.api(ADA)
    for printer, state in (("lobby", "printed"), ("lab", "printed"), ("library", "sent")):
        before = len(world.truth(printer, "first-byte"))
        job = ada.submit(pdf("stall-" + printer, size=2_000_000))
        world.sim.temper(printer, "stall", after=1000)
        release = ada.release(world.printers[printer], [job["id"]])
        wait_until(lambda p=printer, b=before: len(world.truth(p, "first-byte")) > b, "it begins at " + printer)
        world.sim.normal(printer)
        (delivery,) = world.wait_release(ada, release["id"], 60)
        equal(delivery["state"], state, "the delivery to " + printer)


def story_a_raw_printer_that_cannot_answer_is_sent_not_printed(world):
    world.rewrite_printer("lab", pjl=False)
    try:
        delivery, _ = deliver(world, "lab", "mute")
        equal(delivery["state"], "sent", "the delivery")
    finally:
        world.rewrite_printer("lab", pjl=True)


def story_print_again_is_an_order_of_the_person(world):
    delivery, job = deliver(world, "lab", "again", mode="half-then-close", after=1000)
    equal(delivery["state"], "uncertain", "the delivery")
    ada = world.api(ADA)
    before = len(world.truth("lab", "printed"))
    release = ada.release(world.printers["lab"], [job], again=True)
    (second,) = world.wait_release(ada, release["id"], 60)
    equal(second["state"], "printed", "the second delivery")
    equal(len(world.truth("lab", "printed")), before + 1, "documents printed")
