# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Badge readers: unknown badges release nothing, and frames arrive in any pieces."""

from harness.documents import pdf
from harness.readers import Reader
from harness.story import equal

ADA = "ada@demo.example"
SETTINGS = {"agent": {"readers.repeat": "3s"}}


def story_an_unknown_badge_releases_nothing_and_is_an_event(world):
    job = world.api(ADA).submit(pdf("waits"))
    world.swipe("lobby", "04FFFFFFFF")
    world.wait_event("badge-unknown")
    equal(world.api(ADA).job(job["id"])["state"], "held", "the job")
    for printer in ("lobby", "lab", "library", "studio"):
        equal(world.truth(printer, "first-byte"), [], "documents at " + printer)


def story_junk_and_floods_release_nothing_and_the_reader_still_works(world):
    reader = Reader(world.ports["tcpconv"])
    reader.connect().sendall(b"\x00\xff\xfe junk \x01\r\nrfid:qid.id\r\n{0x0000,0,0x00,0;0x00}\r\n{OK}\r\n")
    reader.close()
    flood = Reader(world.ports["tcpconv"])
    try:
        flood.connect().sendall(b"A" * 65536)
    except OSError:
        pass  # hung up on: as good
    flood.close()
    equal(world.truth("lobby", "first-byte"), [], "documents in the lobby")


def story_one_swipe_in_three_pieces_is_one_swipe(world):
    reader = Reader(world.ports["tcpconv"])
    reader.swipe(world.badge(ADA), pieces=3)
    equal(world.wait_paper("lobby")[0], pdf("waits"), "the paper in the lobby")
    reader.close()


def story_the_same_card_resting_on_the_reader_is_one_swipe(world):
    world.api(ADA).submit(pdf("first"))
    reader = Reader(world.ports["tcpconv2"])
    reader.swipe(world.badge(ADA))
    reader.swipe(world.badge(ADA))
    reader.swipe(world.badge(ADA))
    world.wait_paper("lab", seconds=60)
    equal(len(world.truth("lab", "first-byte")), 1, "documents begun in the laboratory")
    reader.close()


def story_each_reader_belongs_to_its_printer(world):
    world.api(ADA).submit(pdf("library"))
    reader = Reader(world.ports["ethernet241"])
    reader.swipe(world.badge(ADA))
    world.wait_paper("library", seconds=60)
    equal(len(world.truth("lobby", "printed")), 1, "documents printed in the lobby")
    reader.close()


def story_no_log_shows_a_badge(world):
    for program in ("service", "agent", "keeper"):
        with open(world.programs.log(program), encoding="utf-8", errors="replace") as file:
            text = file.read().upper()
        for number in (world.badge(ADA), "04FFFFFFFF"):
            assert number not in text, "the badge %s is in the log of the %s" % (number, program)
