# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A full disk: told in the door's own language, nothing half-stored, and what is held still prints."""

import errno
import os
import tempfile

from harness.apart import drop_ambient, mount_tmpfs, run_apart
from harness.client import Refused
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal
from harness.world import World

WORLD = None
ADA = "ada@demo.example"
LARGE = 3_000_000


def fill(folder, left):
    """Takes everything that is free but so many octets; others write meanwhile, so as often as it needs."""
    path = os.path.join(folder, "ballast")
    with open(path, "wb") as file:
        size = 0
        while True:
            room = os.statvfs(folder)
            free = room.f_bavail * room.f_frsize - left
            if free < 4096:
                return path
            try:
                os.posix_fallocate(file.fileno(), size, free)
                size += free
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def is_refused(api):
    """The service asks the disk a few times a second, so a document may still be taken at first."""
    try:
        api.delete("/v1/jobs/" + api.submit(pdf("too-much", size=LARGE), "too-much")["id"])
    except Refused as answer:
        equal(answer.status, 507, "status")
        return True
    return False


def play(folder):
    mount_tmpfs(os.path.join(folder, "service"), 700 << 20)
    drop_ambient()
    with World(folder=folder) as world:
        ada = world.api(ADA)
        before = ada.submit(pdf("before", size=LARGE, random=bytes), "before")
        small = ada.submit(pdf("small"), "small")
        unwanted = ada.submit(pdf("unwanted", size=LARGE), "unwanted")
        for left in (200 << 20, 1 << 20, 0):
            ballast = fill(world.path("service"), left)
            wait_until(lambda: is_refused(ada), "the service notices the full disk", 10, 0.05)
            try:
                world.ipp("pull").print_job(pdf("too-much", size=LARGE), "too-much")
            except Refused as answer:
                assert 0x0500 <= answer.status <= 0x05FF, "IPP status %04x" % answer.status
            else:
                raise AssertionError("a document was taken with a full disk")
            titles = [j["title"] for j in ada.jobs(state="held,receiving")]
            assert "too-much" not in titles, titles
            os.unlink(ballast)
        # With only the reserve left, what frees room goes on.
        ballast = fill(world.path("service"), 200 << 20)
        ada.delete("/v1/jobs/" + unwanted["id"])
        release = ada.release(world.printers["lobby"], [before["id"], small["id"]])
        equal([d["state"] for d in world.wait_release(ada, release["id"])], ["printed"] * 2, "deliveries")
        equal(sorted(map(len, world.wait_paper("lobby", 2))), sorted(map(len, (pdf("before", size=LARGE, random=bytes), pdf("small")))), "sizes")
        os.unlink(ballast)
        wait_until(lambda: not is_refused(ada), "the service notices the room", 10, 0.05)
        job = ada.submit(pdf("after", size=LARGE), "after")
        equal(ada.job(job["id"])["state"], "held", "the job after the disk has room again")


def story_a_full_disk_refuses_and_loses_nothing(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-full-") as folder:
        run_apart(os.path.abspath(__file__), "play", folder)
