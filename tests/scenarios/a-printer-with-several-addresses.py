# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""One printer at several addresses: IPPS first, then RAW, and the next one only while nothing has arrived."""

import uuid

from harness.documents import pdf
from harness.story import equal

ADA = "ada@demo.example"
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
    return delivery["state"], tuple(b - a for a, b in zip(before, after))


def addresses(world):
    # Given in the wrong order on purpose.
    return ("socket://localhost:%d" % world.ports["lab"], "ipps://localhost:%d/ipp/print" % world.ports["lobby"])


def story_the_safest_wire_is_taken_first(world):
    printer = printer_with(world, *addresses(world))
    equal(deliver(world, printer, "first"), ("printed", (1, 0)), "delivery, documents in lobby and lab")


def story_where_the_first_refuses_the_next_one_prints(world):
    printer = printer_with(world, *addresses(world))
    world.sim.temper("lobby", "refuse")
    try:
        equal(deliver(world, printer, "second"), ("printed", (0, 1)), "delivery, documents in lobby and lab")
    finally:
        world.sim.normal("lobby")


def story_after_the_first_octet_no_other_address_is_tried(world):
    printer = printer_with(world, *addresses(world))
    world.sim.temper("lobby", "reboot-mid-job", after=1000)
    try:
        equal(deliver(world, printer, "third"), ("uncertain", (1, 0)), "delivery, documents in lobby and lab")
    finally:
        world.sim.normal("lobby")
