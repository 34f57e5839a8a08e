# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Documents that were made to do harm are refused with a reason or printed as if they were harmless: nothing leaves the machine, nothing lies
about, nobody else's job fails. The set is tests/harness/hostile.py; IMPRIMATUR_HOSTILE=word takes those alone whose name has the word."""

import ctypes
import gzip
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import ippwire as ipp
from harness import ROOT, hostile, office
from harness.apart import drop_ambient, mount_tmpfs, run_apart
from harness.client import Refused, basic
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal
from harness.world import World, build_folder

WORLD = None
ADA, GRACE = "ada@demo.example", "grace@demo.example"
CANARY = b"canary-of-a-file-of-the-host"
ADDRESS, NAME = "203.0.113.7", "canary.example"  # RFC 5737: nobody's
SETTINGS = {
    "service": {
        "render.cells": 3, "render.cpu": "2s", "render.look": "10s", "render.wall": "15s", "render.memory": "512M", "render.pages": 200,
        "limits.jobs_held_max": 1000, "render.output": "128M",
    },
    "keeper": {"keeper.opens_per_minute": 1_000_000},
}
GROWTH_MAX = 64 << 20

# What IPP says of a job whose document could not be printed (RFC 8011, 5.3.8; PWG 5100.13), and whether our reason stands beside it.
IPP_REASONS = {
    hostile.DAMAGED: "document-unprintable-error", hostile.PASSWORD: "document-password-error", hostile.FORMAT: "document-format-error",
    hostile.LARGE: "document-unprintable-error", hostile.LATE: "document-unprintable-error",
}


class Sniffer:
    """Every packet of this namespace that goes to somewhere else than 127.0.0.1, or to a port there that no program of ours has."""

    def __init__(self, ports):
        self.found, self.ports = [], set(ports)
        self.trial, self.trials = b"trial " + os.urandom(8), set()  # what was sent to see that it sees, and where to
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE: none is lost
        except PermissionError:  # not root outside
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            octets = self.socket.recv(200)[14:]
            if octets[:1] and octets[0] >> 4 == 4:
                to, head = octets[16:20], (octets[0] & 15) * 4
                if self.trial in octets:  # or the kernel's answer to it, whenever that comes
                    self.trials.add(to)
                    continue
                ports = {int.from_bytes(octets[head + n : head + n + 2], "big") for n in (0, 2)}
                if to[0] == 127 and octets[9] == 6 and ports & self.ports:
                    continue
            if octets[:1] and octets[0] >> 4 == 6 and octets[6] == 6 and octets[24:40] == bytes(15) + b"\1" and self.ports & {
                    int.from_bytes(octets[40 + n : 42 + n], "big") for n in (0, 2)}:
                continue
            self.found.append(octets)


def rss(pid, what):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(what + ":"))


def processes():
    """The names of all that live in this namespace. (Whose parent was killed is left to us when he has ended, as to the first process
    of a machine.)"""
    found = []
    for pid in os.listdir("/proc"):
        try:
            with open("/proc/%d/stat" % int(pid), encoding="ascii") as file:
                name, state = file.read().split("(", 1)[1].rsplit(") ", 1)
        except (ValueError, OSError):
            continue
        if state[0] != "Z":
            found.append(name)
    return sorted(found)


def make_apart():
    """Places to write to that are empty, a network whose every address is ours, and all else read-only."""
    places = ["/tmp", "/var/tmp", "/dev/shm", "/home", "/root", "/run", "/srv", "/mnt"]
    kept = [os.path.realpath(p) for p in (ROOT, build_folder(), sys.prefix)]
    places = [p for p in places if os.path.isdir(p) and not any(k.startswith(p + "/") for k in kept)]
    for place in places:
        mount_tmpfs(place, 2 << 30)
        os.chmod(place, 0o1777)
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.mount(None, b"/", None, 4096 | 32 | 1, None) == 0, os.strerror(ctypes.get_errno())  # MS_BIND | MS_REMOUNT | MS_RDONLY
    subprocess.run(["ip", "address", "add", "203.0.113.0/24", "dev", "lo"], check=True)
    subprocess.run(["ip", "route", "add", "default", "dev", "lo"], check=True)
    return places


def lying_about(places, world):
    found = []
    for place in places:
        for folder, folders, names in os.walk(place):
            if folder == world.folder:
                folders[:] = []
                continue
            found += [os.path.join(folder, name) for name in names]
    return found


# ---- doors ----------------------------------------------------------------------------------------------------------


def by_api(world, document):
    return world.api(ADA).submit(document.octets, document.name[:100], content_type=document.media_type)["id"]


def by_chunks(world, document):
    """The API again, in chunks of odd sizes whose number nobody says before."""
    from urllib.parse import quote

    connection = world.connection.fresh()

    def pieces():
        for at in range(0, len(document.octets), 70001):
            yield document.octets[at : at + 70001]

    headers = {"Authorization": basic(ADA, PASSWORD), "Content-Type": document.media_type, "Idempotency-Key": os.urandom(8).hex(), "Transfer-Encoding": "chunked"}
    try:
        connection.request("POST", "/v1/jobs?queue=pull&name=" + quote(document.name[:100]), pieces(), headers, encode_chunked=True)
        answer = connection.getresponse()
        content = answer.read()
    except OSError:
        raise Refused(0, b"") from None  # hung up on
    finally:
        connection.close()
    if answer.status >= 300:
        raise Refused(answer.status, content)
    import json

    return json.loads(content)["id"]


def by_ipp(world, document):
    """To a printer at once, packed or not."""
    octets, more = document.octets, {}
    if len(document.name) % 3 == 1:
        octets, more = gzip.compress(octets, mtime=0), {"compression": (ipp.KEYWORD, "gzip")}
    elif len(document.name) % 3 == 2:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        octets, more = packer.compress(octets) + packer.flush(), {"compression": (ipp.KEYWORD, "deflate")}
    return world.ipp("studio").print_job(octets, document.name[:100], document.media_type, **more)


DOORS = (by_api, by_ipp, by_chunks, by_ipp)


def submitted(world, documents):
    """(document, door, what the door answered or None) for each."""
    found = []
    for number, document in enumerate(documents):
        door = DOORS[number % len(DOORS)]
        try:
            found.append((document, door, door(world, document)))
        except Refused as answer:
            assert answer.status in (0, 400, 413, 415, 422) or 0x0400 <= answer.status < 0x0500, "%s: %s" % (document.name, answer)
            found.append((document, door, None))
    return found


def patiently(condition, what):
    wait_until(condition, what, 400, 0.2)


# ---- what becomes of them -------------------------------------------------------------------------------------------


def reasons_told(api, job):
    """All that the history says."""
    return {event.get("detail") for event in api.job(job)["timeline"]}


def judge_by_api(world, ada, document, job):
    patiently(lambda: ada.job(job)["inspection"]["state"] not in ("waiting",), document.name)
    holds = ada.job(job)["inspection"]
    if holds["state"] == "failed":
        assert holds["reason"] in reasons_told(ada, job), "%s: the history does not say %s" % (document.name, holds["reason"])
        return holds["reason"]
    try:
        ada.get("/v1/jobs/%s/pages/1?width=800" % job)
    except Refused as answer:
        assert answer.status in (422, 503, 404), "%s: %s" % (document.name, answer)
    return release(world, ada, document, job)


def release(world, ada, document, job):
    """At a printer that takes rasters alone."""
    ada.release(world.printers["studio"], [job])
    patiently(lambda: ada.job(job)["state"] in ("done", "held"), document.name)
    found = ada.job(job)
    if found["state"] == "done":
        return hostile.PRINTED
    assert found["reason"] in reasons_told(ada, job), "%s: the history does not say %s" % (document.name, found["reason"])
    return found["reason"]


def judge_by_ipp(world, ada, document, answered):
    queue, number = world.ipp("studio"), ipp.first(answered, "job-id")
    patiently(lambda: ipp.first(queue.job(number), "job-state") not in (3, 5), document.name)
    told = queue.job(number)
    state, reasons = ipp.first(told, "job-state"), [value for _, value in told["job-state-reasons"]]
    if state == 9:
        return hostile.PRINTED
    job = next(j for j in ada.all("/v1/jobs?state=held") if j["number"] == number) if "number" in ada.jobs()[0] else None
    reason = job["reason"] if job else next(r for r in IPP_REASONS if IPP_REASONS[r] in reasons)
    assert IPP_REASONS.get(reason) in reasons, "%s: %s is told as %s" % (document.name, reason, reasons)
    message = ipp.first(told, "job-state-message", "")
    assert "printer did not take it" not in message and len(message) > 20, "%s: %s" % (document.name, message)
    return reason


def try_doors_packed(world, ada):
    """What unpacks at the door, there is refused."""
    for name, coding, octets in hostile.packed():
        try:
            job = world.ipp("pull").print_job(octets, name, compression=(ipp.KEYWORD, coding))
        except Refused as answer:
            assert 0x0400 <= answer.status < 0x0500, "%s by IPP: %s" % (name, answer)
        else:
            raise AssertionError("%s was taken by IPP: %s" % (name, job))
        if coding == "gzip":
            try:
                ada.call("POST", "/v1/jobs?queue=pull&name=packed", octets, {"Content-Encoding": coding, "Idempotency-Key": os.urandom(8).hex()}, "application/pdf")
            except Refused as answer:
                assert answer.status in (400, 413, 415), "%s by the API: %s" % (name, answer)
            else:
                raise AssertionError("%s was taken by the API" % name)
    equal([job["title"] for job in ada.jobs(state="held,receiving")], [], "what was taken")


class Innocent(threading.Thread):
    """Somebody else prints all the time: at a printer that takes PDF, and at one for which it is converted."""

    def __init__(self, world):
        super().__init__(daemon=True)
        self.world, self.ended, self.failed, self.printed = world, threading.Event(), [], 0
        self.start()

    def run(self):
        grace = self.world.api(GRACE)
        while not self.ended.is_set():
            try:
                for printer in ("lobby", "studio"):
                    job = grace.submit(pdf("innocent-%d" % self.printed, pages=2), "innocent")["id"]
                    grace.release(self.world.printers[printer], [job])
                    self.world.wait_job(grace, job, "done", 300)
                    self.printed += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, the story says it
                self.failed.append(repr(error))
            self.ended.wait(1)

    def stop(self):
        self.ended.set()
        self.join(330)
        assert not self.failed and self.printed >= 2, "%d printed; %s" % (self.printed, self.failed)


def warm(world, ada):
    """What the service takes anyway, is taken."""
    for _ in range(3):
        job = ada.submit(pdf("warm", pages=2, size=3_000_000))["id"]
        patiently(lambda job=job: ada.job(job)["inspection"]["state"] == "done", "the inspection")
        release(world, ada, hostile.Document("warm", "", b"", ()), job)


def look_out(world, places):
    """The sniffer, once it was seen that it sees, and that files are found."""
    sniffer = Sniffer(world.ports.values())
    places_to_go = [ADDRESS, "127.0.0.1"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as leak:
        for place in places_to_go:
            leak.sendto(sniffer.trial, (place, 53))
    wait_until(lambda: {socket.inet_aton(place) for place in places_to_go} <= sniffer.trials, "packets are seen")
    with tempfile.NamedTemporaryFile(dir="/var/tmp") as file:
        assert file.name in lying_about(places, world), "files are not found"
    return sniffer


def play():
    places = make_apart()
    os.environ["SECRET"] = CANARY.decode()
    folder = tempfile.mkdtemp(prefix="world-", dir="/tmp")
    os.chmod(folder, 0o755)
    secret, made = "/tmp/secret", "/tmp/made-by-a-document"
    with open(secret, "wb") as file:
        file.write(CANARY)
    os.chmod(secret, 0o666)
    drop_ambient()
    wanted = os.environ.get("IMPRIMATUR_HOSTILE", "")
    documents = [d for d in hostile.documents(hostile.Places(ADDRESS, NAME, secret, made)) if wanted in d.name]
    assert len(documents) >= 80 or wanted, len(documents)
    with World(folder=folder, settings=SETTINGS) as world:
        ada = world.api(ADA)
        warm(world, ada)
        service = world.programs["service"].pid
        before, tidy = rss(service, "VmRSS"), processes()
        sniffer = look_out(world, places)
        innocent = Innocent(world)
        try_doors_packed(world, ada)
        wrong, count = [], {}

        def judge(row):
            document, door, answered = row
            began, outcome = time.monotonic(), hostile.REFUSED
            if answered is not None:
                outcome = (judge_by_ipp if door is by_ipp else judge_by_api)(world, ada, document, answered)
            print("%-28s %5.1f s  %-8s %s" % (outcome, time.monotonic() - began, door.__name__, document.name), flush=True)
            count[outcome] = count.get(outcome, 0) + 1
            if outcome not in document.outcomes + (hostile.LARGE, hostile.LATE):
                wrong.append("%s: %s" % (document.name, outcome))

        with ThreadPoolExecutor(4) as several:
            list(several.map(judge, submitted(world, documents)))
        innocent.stop()
        equal(wrong, [], "what was neither refused with a reason that fits nor printed")
        try:
            wait_until(lambda: processes() == tidy, "no process is left over", 60, 0.2)
        finally:
            equal(processes(), tidy, "the processes that there are")
        grown = rss(service, "VmHWM") - before
        print("%d documents: %s; the service grew by %.1f MiB at most; %d of others printed" % (len(documents), count, grown / 2**20, innocent.printed))
        assert grown < GROWTH_MAX, "the service grew by %d MiB" % (grown >> 20)
        equal([octets[:60] for octets in sniffer.found], [], "packets that left")
        equal(lying_about(places, world), [secret], "files that lie about")
        with open(secret, "rb") as file:
            equal(file.read(), CANARY, "the file of the host")
        for printer in ("studio", "lobby"):
            for octets in world.wait_paper(printer):
                assert CANARY not in octets, "what was read lies on paper"
    equal(os.path.exists(made), False, "a file that a document named")


# Who makes pages of what; in the place of each a traitor is put (tests/traitor/traitor.c).
CONVERTERS = {
    "/usr/bin/gs": ("application/postscript", b"%!PS-Adobe-3.0\nshowpage\n"),
    "/usr/bin/pdftoppm": ("application/pdf", pdf("looked at")),
    "/usr/bin/rsvg-convert": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"),
    "/usr/bin/weasyprint": ("text/html", b"<!DOCTYPE html><p>seen"),
    office.SOFFICE: (hostile.WORD, office.docx("seen")),
}


def put_traitors(world, secret):
    """What they could reach: the keeper's socket, the service itself, a file that everybody may change, ports that listen."""
    with open(os.path.join(build_folder(), "tests", "traitor", "traitor"), "rb") as file:
        octets = file.read()
    listeners = [socket.socket(socket.AF_INET, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
    for listener in listeners:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
    listeners[0].listen()
    facts = "%s %s nobody %d %d %d 0 512 512" % (secret, world.path("keeper.sock"), world.programs["service"].pid, *(one.getsockname()[1] for one in listeners))
    at = octets.index(b"IMPRIMATUR-TRAITOR-FACTS")
    with open("/tmp/traitor", "wb") as file:
        file.write(octets[:at] + facts.encode().ljust(512, b"\0") + octets[at + 512 :])
    os.chmod("/tmp/traitor", 0o755)
    libc = ctypes.CDLL(None, use_errno=True)
    for path in CONVERTERS:
        # WeasyPrint is run by Python, which is then he.
        path = os.path.realpath("/usr/bin/python3" if path.endswith("weasyprint") else path)
        if os.path.exists(path):
            assert libc.mount(b"/tmp/traitor", path.encode(), None, 4096, None) == 0, os.strerror(ctypes.get_errno())  # MS_BIND
    return listeners


def nobody_came(listeners):
    for listener in listeners:
        try:
            found = listener.recv(1) if listener.type == socket.SOCK_DGRAM else listener.accept()
        except BlockingIOError:
            continue
        raise AssertionError("somebody came out: %s" % (found,))


def play_traitors():
    places = make_apart()
    folder = tempfile.mkdtemp(prefix="world-", dir="/tmp")
    os.chmod(folder, 0o755)
    secret = os.path.join(folder, "secret")
    with open(secret, "wb") as file:
        file.write(CANARY)
    os.chmod(secret, 0o666)
    drop_ambient()
    with World(folder=folder, settings=dict(SETTINGS, service=dict(SETTINGS["service"], **{"render.cpu": "20s", "render.look": "60s", "render.wall": "60s"}))) as world:
        ada, grace = world.api(ADA), world.api(GRACE)
        sniffer, tidy = look_out(world, places), processes()
        listeners = put_traitors(world, secret)
        sniffer.ports |= {listener.getsockname()[1] for listener in listeners}
        for path, (media_type, document) in CONVERTERS.items():
            if not os.path.exists(path):
                continue
            job = ada.submit(document, path, content_type=media_type)["id"]
            patiently(lambda job=job: ada.job(job)["inspection"]["state"] != "waiting", "the inspection by " + path)
            equal((ada.job(job)["inspection"]["state"], ada.job(job)["inspection"]["reason"]), ("failed", hostile.DAMAGED), "the inspection by " + path)
            equal(release(world, ada, hostile.Document(path, "", b"", ()), job), hostile.DAMAGED, "the conversion by " + path)
            nobody_came(listeners)
        told = subprocess.run([os.path.join(build_folder(), "src", "imprimatur-render"), "--from", "application/pdf", "--to", "image/pwg-raster", "--memory-octets", str(512 << 20)], input=pdf("told"), capture_output=True)
        equal((b"tried: 27" in told.stdout, b"got: " in told.stdout), (True, False), "what he says that he tried, and got: %s %s" % (told.stdout[:300], told.stderr))
        # What needs no converter is printed as ever.
        job = grace.submit(pdf("innocent"), "innocent")["id"]
        grace.release(world.printers["lobby"], [job])
        world.wait_job(grace, job, "done", 60)
        wait_until(lambda: processes() == tidy, "no process is left over", 60, 0.2)
        nobody_came(listeners)
        equal([octets[:60] for octets in sniffer.found], [], "packets that left")
        equal(sorted(lying_about(places, world)), ["/tmp/traitor"], "files that lie about")
        with open(secret, "rb") as file:
            equal(file.read(), CANARY, "the file of the host")


def story_they_are_refused_or_harmless(world):
    print(run_apart(__file__, "play", seconds=900))


def story_a_traitor_in_the_place_of_a_converter_reaches_nothing(world):
    run_apart(__file__, "play_traitors", seconds=300)
