# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What a printer can do, and which paper lies in it: what queues offer, and what is made of pages for it."""

import ippwire as ipp
from harness.renderer import numbered, pwg_pages
from harness.story import equal

ADA = "ada@demo.example"
A4 = "iso_a4_210x297mm"
BLUE = (0, 0, 255)


def offered(world, queue, name):
    code, groups = world.ipp(queue).ask(0x0B, again=True)
    equal(code, 0, "Get-Printer-Attributes of %s" % queue)
    return [value for _, value in ipp.group(groups, ipp.PRINTER)[name]]


def story_queues_offer_what_printers_can_do(world):
    lobby = {"finishings": [4, 20], "output_bins": ["stacker-1"], "media_types": ["cardstock"], "media_sources": ["main", "by-pass-tray"]}
    studio = {"finishings": [5], "output_bins": ["mailbox-1"], "media_types": ["photographic"]}
    world.admin.patch("/v1/printers/lobby", lobby)
    world.admin.patch("/v1/printers/studio", studio)

    equal(offered(world, "lobby", "finishings-supported"), [3, 4, 20], "a direct queue's finishings")
    equal(offered(world, "lobby", "output-bin-supported"), ["auto", "stacker-1"], "its bins")
    equal(offered(world, "lobby", "media-type-supported"), ["auto", "cardstock"], "its types")
    equal(offered(world, "lobby", "media-source-supported"), ["auto", "main", "by-pass-tray"], "its sources")
    equal(offered(world, "lab", "finishings-supported"), [3], "of one that says nothing")

    equal(set(offered(world, "pull", "finishings-supported")), {3, 4, 5, 20}, "what any printer can")
    assert {"auto", "face-up", "stacker-1", "mailbox-1"} <= set(offered(world, "pull", "output-bin-supported"))
    assert {"auto", "stationery", "cardstock", "photographic"} <= set(offered(world, "pull", "media-type-supported"))
    assert {"auto", "main", "by-pass-tray"} <= set(offered(world, "pull", "media-source-supported"))

    pull, asked = world.ipp("pull"), {"finishings": [(ipp.ENUM, 4)], "output-bin": [(ipp.KEYWORD, "stacker-1")]}
    job = pull.print_job(numbered(1), job=asked)
    ticket = pull.job(ipp.first(job, "job-id"))
    equal((ipp.first(ticket, "finishings"), ipp.first(ticket, "output-bin")), (4, "stacker-1"), "what was asked for")
    for name, value in (("lobby", lobby), ("studio", studio)):
        world.admin.patch("/v1/printers/" + name, {member: [] for member in value})


def story_rasters_come_in_the_printers_resolution_and_its_way_of_backs(world):
    ada = world.api(ADA)
    for turn, (back, corner) in enumerate((("normal", (0.05, 0.965)), ("flipped", (0.05, 0.035)), ("rotated", (0.95, 0.035)))):
        world.admin.patch("/v1/printers/studio", {"sheet_back": back, "resolution_dpi": 100, "colour": True})
        job = ada.submit(numbered(2))
        world.wait_release(ada, ada.release("studio", [job["id"]], ticket={"sides": "two-sided-long-edge", "media": A4})["id"])
        front, rear = pwg_pages(world.wait_paper("studio", turn + 1)[turn])
        equal((front.width, front.duplex), (827, 1), "dots across at 100 dpi, and both sides")
        equal(front.at(int(0.05 * front.width), int(0.965 * front.height)), BLUE, "the box on the front")
        equal(rear.at(int(corner[0] * rear.width), int(corner[1] * rear.height)), BLUE, "the box on the back, %s" % back)
    world.admin.patch("/v1/printers/studio", {"sheet_back": None, "resolution_dpi": 0})
