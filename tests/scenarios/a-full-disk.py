# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A full disk: told in the door's own language, nothing half-stored, and what is held still prints - at the service, and at an
agent whose line is down."""

import errno
import os
import tempfile

from harness.apart import drop_ambient, mount_tmpfs, run_apart
from harness.client import IppQueue, Refused
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.process import accepts, wait_until
from harness.readers import Reader
from harness.site import BADGE, HOLDER, QUEUE, Site, deposits, log_count, say_by_lpd
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


# ---- an agent's ----------------------------------------------------------------------------------------------------


def print_by_ipp(world, site, name, size=40_000):
    IppQueue(site.connection(world), "pull", ADA, PASSWORD).print_job(pdf(name, size=size), name)


def refusal(act):
    try:
        act()
    except Refused as answer:
        return answer.status
    return None


def swipe(world, event):
    before = log_count(world, event)
    reader = Reader(world.ports["tcpconv"])
    try:
        reader.swipe(BADGE)
        wait_until(lambda: log_count(world, event) > before, event, 30)
    finally:
        reader.close()


def go_home(world, *names):
    api = world.api(HOLDER)
    jobs = [api.submit(pdf(name), name, queue=QUEUE)["id"] for name in names]
    homes = world.path("agent", "homes")
    wait_until(lambda: all(job in os.listdir(homes) for job in jobs), "jobs are at home at the agent", 30)
    return jobs


def is_held(world, titles):
    found = [j["title"] for j in world.api(ADA).jobs(state="held")]
    return sorted(found) == sorted(titles)


def play_at_agent(folder):
    mount_tmpfs(os.path.join(folder, "agent"), 80 << 20)
    drop_ambient()
    site = Site()
    settings = {"agent": site.settings, "service": {"delivery.retry": "100ms"}}
    printers = {"lobby": {"formats": ["application/pdf"]}}
    with World(folder=folder, settings=settings, printers=printers) as world:
        site.open_doors(world)
        site.move_in(world)
        homes = go_home(world, "home-1", "home-2")
        ballast = fill(world.path("agent"), 0)
        a_line_and_no_room(world, site)
        world.programs.kill("service")
        no_line_and_no_room(world, site)
        os.unlink(ballast)
        room_again(world, site, homes)


def a_line_and_no_room(world, site):
    """What the agent hands on needs no disk of its own; what it cannot journal it does not print."""
    print_by_ipp(world, site, "handed-on")
    assert is_held(world, ["handed-on"]), world.api(ADA).jobs()
    ada = world.api(ADA)
    job = ada.submit(pdf("journalled"), "journalled")["id"]
    release = ada.release(world.printers["lobby"], [job])
    try:
        states = [d["state"] for d in world.wait_release(ada, release["id"], 10)]
    except Exception:  # noqa: BLE001 - it waits for room, and has not printed
        states = ["waits"]
    begun = len(world.truth("lobby", "first-byte"))
    assert begun == (1 if states == ["printed"] else 0), (states, begun)


def no_line_and_no_room(world, site):
    for name in ("small", "large"):
        size = 2_000 if name == "small" else LARGE
        status = refusal(lambda: print_by_ipp(world, site, name, size))
        assert status in (0x0502, 0x0507), "IPP says %r" % status
        equal(refusal(lambda: say_by_lpd(world.ports["lpd"], "ada", name, 7, pdf(name, size=size))), 503, "what LPD says: later again")
    equal(os.listdir(world.path("agent", "deposits")), [], "what is half-stored")
    begun = len(world.truth("lobby", "first-byte"))
    swipe(world, "swipe-refused-offline")
    equal(len(world.truth("lobby", "first-byte")), begun, "documents that began without a ledger")
    # Started anew with a full disk it is there, and as polite.
    world.programs["agent"].restart()
    wait_until(lambda: accepts(site.lpd) and accepts(site.ipp), "its doors are open", 30, 0.05)
    equal(refusal(lambda: say_by_lpd(world.ports["lpd"], "ada", "again", 8, pdf("again"))), 503, "what LPD says: later again")


def room_again(world, site, homes):
    before = len(world.paper("lobby"))
    swipe(world, "swipe-released-offline")
    world.wait_paper("lobby", before + 2)
    wait_until(lambda: refusal(lambda: say_by_lpd(world.ports["lpd"], "ada", "by-lpd", 9, pdf("by-lpd"))) is None, "LPD takes it", 20, 0.1)
    print_by_ipp(world, site, "by-ipp")
    equal(len(deposits(world)), 2, "what is kept")
    world.programs.start("service")
    world.programs.wait_agent()
    wait_until(lambda: not deposits(world), "it is handed on", 60)
    for job in homes:
        world.wait_job(world.api(HOLDER), job, "done", 60)
    for title in ("by-lpd", "by-ipp", "handed-on"):
        equal([j["title"] for j in world.api(ADA).jobs() if j["title"] == title], [title], "jobs " + title)
    printed = [line["document"] for line in world.truth(None, "printed")]
    equal(sorted(d for d in printed if d.startswith("home")), ["home-1", "home-2"], "what came out of the homes")
    ada = world.api(ADA)
    for job in ada.jobs(state="held"):
        ada.release(world.printers["lobby"], [job["id"]])
    wait_until(lambda: not ada.jobs(state="held,releasing"), "the rest is printed", 60, 0.1)
    printed = sorted(line["document"] for line in world.truth(None, "printed"))
    equal(printed, sorted(["home-1", "home-2", "by-lpd", "by-ipp", "handed-on", "journalled"]), "everything, once")


def story_an_agent_with_a_full_disk_refuses_and_loses_nothing(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-full-") as folder:
        run_apart(os.path.abspath(__file__), "play_at_agent", folder)
