# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""One printer at several addresses: IPPS first, then RAW, and the next one only while nothing has arrived."""

import uuid

from harness.documents import pdf
from harness.story import equal

ADA = "ada@demo.example"
WENT = {}
PRINTERS = {"lab": {"formats": ["application/pdf"]}}
SETTINGS = {"service": {"delivery.attempts_max": 1}}


def printer_with(world, *addresses):
    body = {
        "name": "several-" + uuid.uuid4().hex[:8],
        "addresses": list(addresses),
        "formats": ["application/pdf"],
        "media": ["iso_a4_210x297mm"],
    }
    return world.admin.post("/v1/printers", body)["id"]


def deliver(world, printer, name):
    """The delivery's state, and how many documents began at (lobby, lab) because of it."""
    before = [len(world.truth(p, "first-byte")) for p in ("lobby", "lab")]
    ada = world.api(ADA)
    job = ada.submit(pdf(name, size=300_000))
    release = ada.release(printer, [job["id"]])
    (delivery,) = world.wait_release(ada, release["id"], 60)
    after = [len(world.truth(p, "first-byte")) for p in ("lobby", "lab")]
    WENT[printer] = ada.get("/v1/jobs/" + job["id"])
    return delivery["state"], tuple(b - a for a, b in zip(before, after))


def went(world, printer):
    """How the last one went there: by what, whether encrypted, what its timeline says of it; and the printer's warnings."""
    job = WENT[printer]
    detail = next(e["detail"] for e in job["timeline"] if e["event"] == "delivery-printed")
    return job["delivery"]["by"], job["delivery"]["encrypted"], detail.partition(" by=")[2], world.admin.get("/v1/printers/" + printer)["warnings"]


def told(world, printer):
    return [r["detail"] for r in world.admin.all("/v1/audit/records?subject=" + printer) if r["event"] == "printer-reached-openly"]


def addresses(world):
    # Given in the wrong order on purpose.
    return ("socket://localhost:%d" % world.ports["lab"], "ipps://localhost:%d/ipp/print" % world.ports["lobby"])


def story_the_safest_wire_is_taken_first(world):
    printer = printer_with(world, *addresses(world))
    equal(deliver(world, printer, "first"), ("printed", (1, 0)), "delivery, documents in lobby and lab")
    equal(went(world, printer), ("ipps", True, "ipps", ["unencrypted-fallback"]), "how it went")


def story_where_the_first_refuses_the_next_one_prints(world):
    printer = printer_with(world, *addresses(world))
    world.sim.temper("lobby", "refuse")
    try:
        for name in ("second", "and another"):
            equal(deliver(world, printer, name), ("printed", (0, 1)), "delivery, documents in lobby and lab")
            equal(went(world, printer), ("raw", False, "raw encrypted=no", ["unencrypted-fallback", "reached-openly"]), "how it went")
    finally:
        world.sim.normal("lobby")
    equal(told(world, printer), ["by=raw"], "told once")
    # Where IPPS works again that is over, and the next time is told anew.
    equal(deliver(world, printer, "third"), ("printed", (1, 0)), "delivery, documents in lobby and lab")
    equal(went(world, printer), ("ipps", True, "ipps", ["unencrypted-fallback"]), "how it went")
    world.sim.temper("lobby", "refuse")
    try:
        deliver(world, printer, "fourth")
    finally:
        world.sim.normal("lobby")
    equal(told(world, printer), ["by=raw", "by=raw"], "told again")
    # What was never encrypted has its warning already.
    openly = printer_with(world, addresses(world)[0])
    equal(deliver(world, openly, "fifth"), ("printed", (0, 1)), "delivery, documents in lobby and lab")
    equal((went(world, openly), told(world, openly)), (("raw", False, "raw encrypted=no", ["unencrypted"]), []), "how it went")


def story_after_the_first_octet_no_other_address_is_tried(world):
    printer = printer_with(world, *addresses(world))
    world.sim.temper("lobby", "reboot-mid-job", after=1000)
    try:
        equal(deliver(world, printer, "third"), ("uncertain", (1, 0)), "delivery, documents in lobby and lab")
    finally:
        world.sim.normal("lobby")
