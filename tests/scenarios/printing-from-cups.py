# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""lp on a workstation, through a cupsd of its own that found our queue by its address, without a driver."""

import os

from harness import cups
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, skip

ADA = "ada@demo.example"


def held(world):
    return world.api(ADA).jobs(state="held")


def story_lp_prints_a_pdf_that_a_badge_releases_unchanged(world):
    if not cups.is_there():
        skip("no cupsd here")
    world.start_cups()
    document = pdf("from-lp", size=200_000)
    path = world.path("from-lp.pdf")
    with open(path, "wb") as file:
        file.write(document)
    world.cups.print("pull", path)
    (job,) = wait_until(lambda: held(world), "the job is held")
    equal(job["title"], "from-lp.pdf", "its title")
    world.swipe("lobby", world.badge(ADA))
    (paper,) = world.wait_paper("lobby")
    equal(paper, document, "the paper in the lobby")
    os.unlink(path)


def story_options_given_to_lp_are_in_the_ticket(world):
    if not cups.is_there():
        skip("no cupsd here")
    if world.cups is None:
        world.start_cups()
    path = world.path("options.pdf")
    with open(path, "wb") as file:
        file.write(pdf("options", pages=2))
    world.cups.print("pull", path, "-n", "2", "-o", "sides=two-sided-long-edge")
    (job,) = wait_until(lambda: held(world), "the job is held")
    equal(job["ticket"].get("sides"), "two-sided-long-edge", "sides")
    equal(job["ticket"].get("copies"), 2, "copies")
    world.api(ADA).delete("/v1/jobs/" + job["id"])
