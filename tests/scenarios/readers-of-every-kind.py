# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Badge readers as they are: who dials whom, what they write, what they are shown, and what they must not be able to do."""

import socket

from harness.client import Refused
from harness.documents import pdf
from harness.process import accepts, free_ports, wait_until
from harness.readers import Reader
from harness.story import equal

# Stories show more badges in a second than people do.
SETTINGS = {"agent": {"readers.rate": 1000}}
ADA = "ada@demo.example"
PIN = "314159"


def reader_of(world, name):
    return next(r for r in world.admin.all("/v1/readers") if r["name"] == name)


def change(world, name, **members):
    return world.admin.patch("/v1/readers/" + reader_of(world, name)["id"], members)


def held(world, name):
    return world.api(ADA).submit(pdf(name))["id"]


def comes_out(world, job):
    world.wait_job(world.api(ADA), job, "done")


def log(world):
    with open(world.programs.log("agent"), encoding="utf-8") as file:
        return file.read()


def heard(world, words):
    """Connects and shows a badge of nobody's until the log says these words once more: the agent knows its readers anew."""
    before = log(world).count(words)

    def again():
        reader = Reader(world.ports["tcpconv"])
        reader.connect().sendall(b"04FFFFFF07\r")
        reader.answer()
        reader.close()
        return log(world).count(words) > before

    wait_until(again, words, 30, 0.3)


class Listening:
    """A reader that waits to be dialled."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(30)
        self.port = self.server.getsockname()[1]
        self.connection, self.said = None, b""

    def answer(self):
        self.connection, _ = self.server.accept()
        self.connection.settimeout(30)
        return self

    def hears(self, words):
        while words not in self.said:
            octets = self.connection.recv(1024)
            assert octets, "hung up after %r" % self.said
            self.said += octets
        self.said = self.said.split(words, 1)[1]

    def says(self, octets):
        self.connection.sendall(octets)


def story_a_model_is_switched_off_and_moved_at_once(world):
    world.programs.wait_agent()
    port, other = world.ports["tcpconv"], free_ports(1)[0]
    reader = Reader(port)
    reader.connect()
    world.admin.put("/v1/reader-models", {"models": [{"model": "tcpconv", "enabled": False}]})
    wait_until(lambda: not accepts(port), "nobody listens any more")
    wait_until(reader.is_dead, "who was connected is hung up on")
    world.admin.put("/v1/reader-models", {"models": [{"model": "tcpconv", "enabled": True, "port": other}]})
    wait_until(lambda: accepts(other), "it is listened for elsewhere")
    world.admin.put("/v1/reader-models", {"models": []})
    wait_until(lambda: accepts(port) and not accepts(other), "and where it was")


def story_the_agent_dials_a_reader_in_letters(world):
    there = Listening()
    change(world, "lobby-reader", address="127.0.0.1", dial=there.port)
    there.answer().hears(b"\rrfid:cmd.prompt=false\rv\r")
    there.says(b"Reader 1.0\r")
    job = held(world, "letters")
    there.says(world.badge(ADA).encode() + b"\n")
    there.hears(b"b\r")
    comes_out(world, job)
    there.says(b"04FFFFFF01\n")
    there.hears(b"e\r")
    there.connection.close()
    there.answer().hears(b"v\r")
    change(world, "lobby-reader", address=None, dial=None)


def story_the_agent_asks_a_reader_for_cards(world):
    there = Listening()
    change(world, "library-reader", address="127.0.0.1", dial=there.port)
    there.answer().hears(b"rfid:cmd.echo=false\rrfid:cmd.prompt=false\r")
    for answer in (b"{OK}\r\n", b"{0x0000,0,0x00,0;0x00}\r\n", b"RF Ideas>{0xFFFF,0,0x00,0;0x00}\r\n"):
        there.hears(b"rfid:qid.id.hold\r")
        there.says(answer)
    job, badge = held(world, "polled"), world.badge(ADA)
    there.says(b"{0x00BB,1,0x0000,%d;0x0000%s}\r\n" % (4 * len(badge), badge.encode()))
    there.hears(b"rfid:out.led=2\rrfid:beep.now=1\r")
    comes_out(world, job)
    there.hears(b"rfid:out.led=0\r")
    change(world, "library-reader", address=None, dial=None)


def story_a_profile_says_how_numbers_are_written(world):
    badge = world.badge(ADA)
    octets = bytes.fromhex(badge)
    for profile, line in (("decimal width=%d" % len(octets), b"%d" % int(badge, 16)), ("reversed", octets[::-1].hex().encode()),
                          ("match=^ID (?<id>\\w+);", b"ID %s;77" % badge.encode()), ("", b";%s=17?" % badge.encode()),
                          ("", b"\\" + badge.encode() + b"[")):
        change(world, "lobby-reader", profile=profile)
        job = held(world, "profile")
        reader = Reader(world.ports["tcpconv"])

        def comes():
            reader.connect().sendall(line + b"\r\n")
            return reader.answer().startswith(b"b")

        wait_until(comes, "%r is read as %r" % (line, profile))
        comes_out(world, job)
        reader.close()
    change(world, "lobby-reader", profile=None)


def story_a_badge_waits_for_its_pin(world):
    change(world, "lobby-reader", pin=True)
    world.api(ADA).put("/v1/people/me/pin", {"pin": PIN})
    job, order = held(world, "pin"), {"printer": "lobby", "jobs": "all", "identification": {"method": "badge", "pin": PIN}}
    api = world.api(ADA)
    try:
        api.post("/v1/releases", order)
        raise AssertionError("a PIN without a badge")
    except Refused as answer:
        equal(answer.status, 401, "a PIN without a badge")
    reader = Reader(world.ports["tcpconv"])
    reader.connect().sendall(world.badge(ADA).encode() + b"\r")
    equal(reader.answer(), b"b\rb\r", "what the reader shows")
    equal(api.job(job)["state"], "held", "a badge alone")
    api.post("/v1/releases", order)
    comes_out(world, job)
    try:
        api.post("/v1/releases", order)
        raise AssertionError("a badge twice")
    except Refused as answer:
        equal(answer.status, 401, "the same badge once more")
    change(world, "lobby-reader", pin=False)
    reader.close()


def story_one_badge_at_two_sites_is_an_event(world):
    admin = world.admin
    for printer in ("lobby", "lab"):
        site = admin.post("/v1/sites", {"name": "at-" + printer})
        admin.patch("/v1/printers/" + world.printers[printer], {"site": site["id"]})
    admin.patch("/v1/tenant", {"two_sites": "refuse"})
    job = held(world, "first")
    Reader(world.ports["tcpconv"]).swipe(world.badge(ADA))
    comes_out(world, job)
    job = held(world, "second")
    Reader(world.ports["tcpconv2"]).swipe(world.badge(ADA))
    world.wait_event("badge-at-two-sites")
    world.wait_event("refused")
    equal(world.api(ADA).job(job)["state"], "held", "what was waiting")
    admin.patch("/v1/tenant", {"two_sites": "tell"})
    Reader(world.ports["tcpconv"]).swipe(world.badge(ADA))
    comes_out(world, job)


def story_another_address_releases_nothing(world):
    change(world, "lobby-reader", address="192.0.2.1")
    heard(world, "reader-unknown")
    job = held(world, "elsewhere")
    reader = Reader(world.ports["tcpconv"])
    reader.connect().sendall(world.badge(ADA).encode() + b"\r")
    equal(reader.answer(), b"e\r", "what the reader shows")
    world.wait_event("reader-unknown")
    equal(world.api(ADA).job(job)["state"], "held", "the job")
    change(world, "lobby-reader", address=None)
    reader.close()
    heard(world, "swipe-unknown-badge")


def story_bad_input_costs_only_its_sender(world):
    port, badge = world.ports["tcpconv"], world.badge(ADA).encode()
    job = held(world, "bad input")
    many = []
    for _ in range(1000):
        many.append(socket.create_connection(("127.0.0.1", port), 10))
    slow = socket.create_connection(("127.0.0.1", port), 10)
    slow.sendall(b"0")
    flood = socket.create_connection(("127.0.0.1", port), 10)
    flood.sendall(b"A" * 65536)
    reader = Reader(port)
    reader.connect().sendall(b"\0\0" + badge[:3])
    reader.connection.sendall(badge[3:6])
    reader.connection.sendall(badge[6:] + b"\0\0" + b"04FFFFFF02\r\n")
    equal(reader.answer()[:2], b"b\r", "what the reader shows")
    comes_out(world, job)
    for connection in (*many, slow, flood):
        connection.close()
    reader.close()
    world.swipe("lobby", world.badge(ADA))
    wait_until(lambda: "swipe-nothing-held" in log(world), "it goes on")
    assert world.badge(ADA) not in log(world).upper(), "a badge is in the log"
