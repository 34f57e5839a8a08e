# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Badge readers as they are: who dials whom, what they write, what they are shown, and what they must not be able to do."""

import os
import socket

from harness.client import Refused
from harness.command_line import CommandLine
from harness.documents import pdf
from harness.process import accepts, free_ports, wait_until
from harness.readers import Reader
from harness.story import equal, skip

# Stories show more badges in a second than people do.
LINE = free_ports(1)[0]
SETTINGS = {"agent": {"readers.rate": 1000, "readers.line": LINE}}
ADA = "ada@demo.example"
TCP_REPAIR = 19
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


def story_the_command_line_switches_models_and_maps_readers(world):
    world.programs.wait_agent()
    mine, port = CommandLine(world, "the-administrator-of-readers"), free_ports(1)[0]
    mine.login("admin@demo.example")
    agent = next(a for a in world.admin.all("/v1/agents") if a["connected"])["name"]
    mine.run("reader", "model", "line", "--enabled", "yes", "--port", str(port))
    wait_until(lambda: accepts(port), "lines are listened for at that port")
    mine.run("reader", "add", "counter", "--agent", agent, "--model", "line", "--printer", "lab", "--feedback", "letters", "--selection", "newest")
    mine.run("reader", "set", "counter", "--printer", "lobby", "--selection", "all")
    listed = next(r for r in mine.json("reader", "list") if r["name"] == "counter")
    equal((listed["model"], listed["selection"], listed["printer"]), ("line", "all", world.printers["lobby"]), "the reader")
    job = held(world, "mapped")

    def comes():
        reader = Reader(port)
        reader.connect().sendall(world.badge(ADA).encode() + b"\n")
        said = reader.answer()
        reader.close()
        return said.startswith(b"b")

    wait_until(comes, "what is typed there releases", 30, 3.1)
    comes_out(world, job)
    mine.run("reader", "delete", "counter", "--yes")
    mine.run("reader", "model", "line", "--enabled", "no")
    wait_until(lambda: not accepts(port), "its listener is gone")
    assert "line" in mine.run("reader", "models")[0]
    world.admin.put("/v1/reader-models", {"models": []})


LIGHTS = {"red": b"rfid:out.led=1\r", "green": b"rfid:out.led=2\r", "orange": b"rfid:out.led=3\r"}
BEEPS = [b"", b"rfid:beep.now=1\r", b"rfid:beep.now=2\r", b"rfid:beep.now=3\r"]
# What a reader is shown: a badge that releases, nobody's, one with nothing to release.
SHOWN = {
    "silent": (b"", b"", b""),
    "letters": (b"b\r", b"e\r", b"e\r"),
    "commands": (LIGHTS["green"] + BEEPS[1], LIGHTS["red"] + BEEPS[2], LIGHTS["red"] + BEEPS[3]),
    "polled": (LIGHTS["green"] + BEEPS[1], LIGHTS["red"] + BEEPS[2], LIGHTS["red"] + BEEPS[3]),
}
GREETED = {"silent": b"", "letters": b"\rrfid:cmd.prompt=false\rv\r", "commands": b"rfid:cmd.echo=false\rrfid:cmd.prompt=false\r",
           "polled": b"rfid:cmd.echo=false\rrfid:cmd.prompt=false\r"}
ANSWER = "{0x00BB,1,0x0000,%d;0x0000%s}"
# Model, dialect (None: the model's own, by who dials), profile, how a line is written, of the badge's number in hexadecimal.
ROWS = [
    ("tcpconv", None, None, lambda b: b.lower() + "\n"),  # what the vendor's emulator of a reader sends
    ("tcpconv", None, None, lambda b: b + "\r"),
    ("tcpconv2", None, None, lambda b: b + "\r\n"),
    ("tcpconv2", None, "decimal width={width}", lambda b: "%d\r" % int(b, 16)),
    ("tcpconv2", "commands", "reversed", lambda b: bytes.fromhex(b)[::-1].hex() + "\r\n"),
    ("ethernet241", None, None, lambda b: ";%s?\r" % b),
    ("ethernet241", None, None, lambda b: "RF Ideas>" + ANSWER % (4 * len(b), b) + "\r\n"),
    ("ethernet241", "polled", None, lambda b: ANSWER % (4 * len(b), b) + "\r\n"),
    ("ethernet241", "letters", None, lambda b: "%%%s/\0" % b),
    ("ethernet241", "commands", "match=^id (?<id>\\w+);", lambda b: "id %s;17\n" % b),
    ("ethernet241", "silent", None, lambda b: "*%s=17\r" % b),
    ("line", None, None, lambda b: b + "\n"),  # an appliance that was set up for a print client, or types what a keyboard would
    ("line", "letters", None, lambda b: "\\%s[\r\n" % b),
    ("line", None, None, lambda b: b),  # no end: the pause is one
]
OWN = {"tcpconv": ("letters", "letters"), "tcpconv2": ("letters", "letters"), "ethernet241": ("commands", "polled"), "line": ("silent", "silent")}


class Inbound:
    """A reader that dials the agent."""

    def __init__(self, world, name, model, dialect):
        self.reader, self.dialect, self.said = Reader(world.ports.get(model, LINE)), dialect, b""
        self.reader.connect().settimeout(30)
        if dialect == "polled":
            self.hears(GREETED[dialect])

    def says(self, octets):
        self.reader.connection.sendall(octets)

    def hears(self, words):
        while words not in self.said:
            octets = self.reader.connection.recv(1024)
            assert octets, "hung up after %r" % self.said
            self.said += octets
        self.said = self.said.split(words, 1)[1]

    def close(self):
        self.reader.close()


def without_polls(said):
    return said.replace(b"rfid:qid.id.hold\r", b"").replace(b"rfid:out.led=0\r", b"")


def shows(reader, line, sign):
    """Says the line, and hears this and nothing else."""
    expected = SHOWN[reader.dialect][sign]
    reader.said = b""
    reader.says(line.encode())
    if expected:
        reader.hears(expected)
    equal(without_polls(reader.said), b"", "what else %s is told" % reader.dialect)


def story_every_kind_in_both_directions(world):
    """Each row of what is known of these readers: the agent is dialled, and dials; the job comes out, and the feedback is right octet by octet."""
    world.programs.wait_agent()
    admin, api, badge = world.admin, world.api(ADA), world.badge(ADA)
    agent = next(a for a in admin.all("/v1/agents") if a["connected"])["id"]
    admin.put("/v1/reader-models", {"models": [{"model": "line", "enabled": True}]})
    wait_until(lambda: accepts(LINE), "lines are listened for")
    taken = {r["model"]: r["id"] for r in admin.all("/v1/readers")}
    for model, reader in taken.items():  # they stand for any address: put away for now
        admin.patch("/v1/readers/" + reader, {"address": "192.0.2.9"})
    for number, (model, dialect, profile, line) in enumerate(ROWS):
        for is_dialled in (False, True):
            there = Listening() if is_dialled else None
            what = "%s %s, %s" % (model, dialect, "dialled" if is_dialled else "dialling")
            made = admin.post("/v1/readers", {"name": "row-%d-%d" % (number, is_dialled), "agent": agent, "model": model, "printer": "lobby", "feedback": dialect,
                                              "profile": profile.format(width=len(badge) // 2) if profile else None,
                                              **({"address": "127.0.0.1", "dial": there.port} if is_dialled else {})})["id"]
            known = os.path.join(world.path("agent"), "configuration.json")
            wait_until(lambda: made in open(known, encoding="utf-8").read(), "the agent knows it", 30, 0.05)
            if is_dialled:
                reader = there.answer()
                reader.dialect = dialect or OWN[model][1]
                if GREETED[reader.dialect]:
                    reader.hears(GREETED[reader.dialect])
                if reader.dialect == "letters":
                    reader.says(b"Reader 1.0\r")
            else:
                reader = Inbound(world, model, model, dialect or OWN[model][0])
            job = held(world, what)
            shows(reader, line(badge), 0)
            wait_until(lambda: api.job(job)["state"] == "done", "%s: %r releases" % (what, line(badge)), 30)
            other = "04FFFF%08X" % (2 * number + is_dialled)
            shows(reader, line(other), 1)
            admin.delete("/v1/readers/" + made)
            wait_until(lambda: made not in open(known, encoding="utf-8").read(), "the agent knows it no more", 30, 0.05)
            (reader.connection if is_dialled else reader).close()
    for reader in taken.values():
        admin.patch("/v1/readers/" + reader, {"address": None})
    admin.put("/v1/reader-models", {"models": []})


def lobby(world):
    reader = Reader(world.ports["tcpconv"])
    reader.connect()
    return reader


def still_releases(world, name):
    """A reader as it should be is served, whatever the others do."""
    job = held(world, name)

    def released():
        reader = lobby(world)
        reader.connection.sendall(world.badge(ADA).encode() + b"\r")
        said = reader.answer()
        reader.close()
        return said.startswith(b"b")

    wait_until(released, "after %s" % name, 30, 0.5)
    comes_out(world, job)


def story_64_kilobytes_of_a_reader(world):
    flood = lobby(world)
    flood.connection.sendall(b"A" * 65536)
    still_releases(world, "64 KB without an end")
    flood.connection.sendall(b"\r" + world.badge(ADA).encode() + b"\r")
    equal(flood.answer()[:1] in (b"b", b"e"), True, "the flood's own next line is read")
    flood.close()


def story_a_swipe_in_three_segments(world):
    job, reader, badge = held(world, "segments"), lobby(world), world.badge(ADA).encode()
    reader.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for part in (badge[:3], badge[3:7], badge[7:] + b"\r"):
        reader.connection.sendall(part)
    equal(reader.answer(), b"b\r", "what it shows")
    comes_out(world, job)
    reader.close()


def story_two_swipes_in_one_segment(world):
    job, reader = held(world, "two"), lobby(world)
    reader.connection.sendall(b"04FFFFFF11\r\n" + world.badge(ADA).encode() + b"\r\n")
    said = b""
    while len(said) < 4:
        said += reader.answer()
    equal(said, b"e\rb\r", "what it shows of each, in their order")
    comes_out(world, job)
    reader.close()


def story_nuls_and_what_is_no_letter(world):
    job, reader = held(world, "nuls"), lobby(world)
    reader.connection.sendall(b"\0\0\0\xff\x01" + world.badge(ADA).encode() + b"\0\0\x80\0")
    equal(reader.answer(), b"b\r", "what it shows")
    comes_out(world, job)
    reader.close()


def vanish(reader):
    """Ends without a word to the other side, as an appliance whose power is cut."""
    reader.connection.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    reader.close()


def established(port):
    with open("/proc/net/tcp", encoding="ascii") as file:
        return sum(line.split()[1].endswith(":%04X" % port) and line.split()[3] == "01" for line in file)


def story_a_reader_that_vanished_is_taken_again(world):
    """Half-open connections of one address: each new one takes the place of the oldest, and none piles up."""
    if os.getuid() != 0:
        skip("only root can end a connection without a word")
    for _ in range(30):
        vanish(lobby(world))
    still_releases(world, "half-open connections")
    equal(0 < established(world.ports["tcpconv"]) <= 8, True, "connections that are kept")


def story_a_reader_releases_the_newest_or_all_where_it_is_bound_now(world):
    api, swiped = world.api(ADA), []
    for job in api.get("/v1/jobs?state=held")["items"]:
        api.delete("/v1/jobs/" + job["id"])

    def swipe():
        reader = lobby(world)
        reader.connection.sendall(world.badge(ADA).encode() + b"\r")
        swiped.append(reader.answer())
        reader.close()

    def bound(**members):
        made = change(world, "lobby-reader", **members)
        path = world.path("agent", "configuration.json")
        word = '"selection": "%s"' % made["selection"]
        wait_until(lambda: any(made["id"] in r and word in r.replace('":"', '": "') for r in open(path, encoding="utf-8").read().split("{")), "the agent knows", 30, 0.05)

    older, newer = held(world, "older"), held(world, "newer")
    bound(selection="newest", printer="studio")
    before = len(world.paper("studio"))
    wait_until(lambda: swipe() or swiped[-1].startswith(b"b"), "a swipe", 30, 3.1)
    comes_out(world, newer)
    equal((api.job(older)["state"], len(world.wait_paper("studio", before + 1)) - before), ("held", 1), "the newest alone, at the other printer")
    another = held(world, "another")
    bound(selection="all", printer="lobby")
    before = len(world.paper("lobby"))
    wait_until(lambda: swipe() or api.job(older)["state"] != "held", "a swipe", 30, 3.1)
    comes_out(world, older)
    comes_out(world, another)
    equal(len(world.wait_paper("lobby", before + 2)) - before, 2, "all of them, where it is bound again")


def story_a_reader_that_connects_a_thousand_times(world):
    for _ in range(1000):
        socket.create_connection(("127.0.0.1", world.ports["tcpconv"]), 10).close()
    still_releases(world, "a thousand connections")


def story_a_reader_that_never_reads_what_it_is_told(world):
    """Until nothing more fits between the two, and longer: nobody waits for it."""
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    deaf.connect(("127.0.0.1", world.ports["tcpconv"]))
    deaf.settimeout(20)
    for _ in range(40):  # lines that are no card: each is answered by a sign
        try:
            deaf.sendall(b"no card\r" * 20)
        except OSError:
            break
    still_releases(world, "one that does not read")
    deaf.close()


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
