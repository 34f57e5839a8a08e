# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Printing by LPD from another network: old clients' jobs are held under the right person and released by badge, what is no
job is refused, and while the line to the service is down nothing is lost, doubled, or readable on the agent's disk."""

import contextlib
import os
import random
import signal
import socket
import sys
import tempfile
import threading

from harness.apart import drop_ambient, run_apart
from harness.canaries import Canaries
from harness.documents import pdf
from harness.floor import Floor
from harness.process import accepts, free_ports, wait_until
from harness.story import equal, refused
from harness.world import World

WORLD = None
ADA, GRACE, ALAN = "ada@demo.example", "grace@demo.example", "alan@demo.example"
OURS, THEIRS = "10.9.0.1", "10.9.0.2"
CUPS_BACKEND = "/usr/lib/cups/backend/lpd"
LPD = {"lpd.idle": "5s", "lpd.connections": 12, "lpd.per_address": 8, "deposits.again": "1s"}


@contextlib.contextmanager
def make_world(folder, reserved_ports=False, line=None, **more):
    """With its door open; line: the port of a line between agent and service."""
    made = World(folder=folder, settings={"agent": {**LPD, **more}})
    if line:
        made.line = Line(line, made.ports["service"])
    with made as world:
        door = {"queues": ["pull"], "networks": ["10.9.0.0/24"], "reserved_ports": reserved_ports}
        equal(set_door(world, door)["lpd"], {"enabled": True, "port": 515, **door}, "the door")
        wait_until(lambda: accepts(515, OURS), "the door is open", 20, 0.05)
        try:
            yield world
        except BaseException:
            with open(world.programs.log("agent"), encoding="utf-8", errors="replace") as file:
                sys.stderr.write("---- agent\n" + file.read()[-4000:])
            raise


def set_door(world, door):
    agent = world.admin.all("/v1/agents")[0]["id"]
    return world.admin.put("/v1/agents/%s/doors" % agent, {"lpd": door})


def know(world, floor):
    """Who sends from the floor; and the agent has heard to whom it seals."""
    admin = world.admin
    admin.post("/v1/submitters", {"network": THEIRS, "user": "root", "person": ADA})
    admin.post("/v1/submitters", {"network": "10.9.0.0/24", "user": "MAINUSR1", "person": GRACE})
    admin.post("/v1/submitters", {"network": "10.9.0.0/16", "user": "*", "domain": "demo.example"})
    if floor:
        wait_until(lambda: Client(floor).say(b"\x0310 dfA001host\n") == 0, "the agent takes something", 20, 0.05)


def is_open(floor):
    try:
        floor.connect(515, 0).close()
    except ConnectionRefusedError:
        return False
    return True


class Client:
    """LPD, octet by octet."""

    def __init__(self, floor, queue="pull", source_port=0):
        self.sock = floor.connect(515, source_port)
        if queue:
            self.say(b"\2" + queue.encode() + b"\n")

    def answer(self):
        """One octet, or None where it hung up."""
        try:
            got = self.sock.recv(1)
        except ConnectionResetError:
            return None
        return got[0] if got else None

    def say(self, octets):
        try:
            self.sock.sendall(octets)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it may have said why before
        return self.answer()

    def file(self, kind, name, octets, end=b"\0"):
        """The answer to its announcement, where that is a no, or to the file."""
        answer = self.say(b"%c%d %s\n" % (kind, len(octets), name.encode()))
        return self.say(octets + end) if answer == 0 else answer

    def control(self, user, number=1, title="x", more="", host="host"):
        lines = "H%s\nP%s\nJ%s\nldfA%03d%s\nUdfA%03d%s\nN%s\n%s" % (host, user, title, number, host, number, host, title, more)
        return self.file(2, "cfA%03d%s" % (number, host), lines.encode())

    def data(self, document, number=1, host="host"):
        return self.file(3, "dfA%03d%s" % (number, host), document)


def submit(floor, user, document, number=1, title="x", data_first=False, queue="pull"):
    """All answers were yes."""
    client = Client(floor, queue)
    steps = [lambda: client.control(user, number, title), lambda: client.data(document, number)]
    for step in reversed(steps) if data_first else steps:
        answer = step()
        if answer != 0:
            return answer
    client.sock.close()
    return 0


def held(world, email, title):
    return [j for j in world.api(email).all("/v1/jobs?state=held") if j["title"] == title]


def wait_held(world, email, title):
    found = wait_until(lambda: held(world, email, title), "%s is held for %s" % (title, email), 20, 0.05)
    equal(len(found), 1, "jobs " + title)
    return found[0]


# ---- clients of others -------------------------------------------------------------------------------------------


def play_clients(folder):
    drop_ambient()
    with Floor(OURS, THEIRS) as floor, make_world(folder) as world:
        know(world, floor)
        path = os.path.join(folder, "by rlpr.pdf")
        with open(path, "wb") as file:
            file.write(pdf("by-rlpr"))
        done = floor.run(["rlpr", "-H", OURS, "-P", "pull", "-J", "by-rlpr", path])
        equal(done.returncode, 0, "rlpr: %s" % done.stderr)
        wait_held(world, ADA, "by-rlpr")

        environment = dict(os.environ, DEVICE_URI="lpd://%s/pull" % OURS)
        for order in ("control,data", "data,control"):
            environment["DEVICE_URI"] = "lpd://%s/pull?order=%s" % (OURS, order)
            title = "by_cups_" + order.split(",", maxsplit=1)[0]
            done = floor.run([CUPS_BACKEND, "17", "grace", title, "1", "", path], env=environment)
            equal(done.returncode, 0, "CUPS: %s" % done.stderr)
            wait_held(world, GRACE, title)
            equal(held(world, GRACE, title)[0]["format"], "application/pdf", "format")

        equal(submit(floor, "MAINUSR1", pdf("payroll"), 12, "PAYROLL", data_first=True), 0, "the mainframe")
        wait_held(world, GRACE, "PAYROLL")
        client = Client(floor)
        equal(client.control("ALAN", 7, "Gr\u00fc\u00dfe"), 0, "control file")
        equal(client.say(b"\x030 dfA007host\n"), 0, "a file without a length")
        client.sock.sendall(pdf("endless"))
        client.sock.shutdown(socket.SHUT_WR)
        equal(client.answer(), 0, "a file that ended with the connection's half")
        wait_held(world, ALAN, "Gr\u00fc\u00dfe")
        by_lprng(floor, world, folder, path)

        hers = len(world.api(ADA).all("/v1/jobs?state=held"))
        world.swipe("lobby", world.badge(ADA))
        papers = world.wait_paper("lobby", hers)
        assert all(b"by-rlpr" in paper for paper in papers), papers[0][:200]
        world.swipe("lobby", world.badge(GRACE))
        papers = world.wait_paper("lobby", hers + 3)
        assert any(b"payroll" in paper for paper in papers)
        equal(world.programs["agent"].process.poll(), None, "the agent")
        trail = [r for r in world.admin.all("/v1/audit/records") if r["event"] == "job-held"]
        equal({(r["via"], r["source"]) for r in trail}, {("lpd", THEIRS)}, "how they came")


def by_lprng(floor, world, folder, path):
    """Where it is unpacked (its package takes cups away): IMPRIMATUR_LPRNG names the folder."""
    root = os.environ.get("IMPRIMATUR_LPRNG")
    if not root:
        return
    script = ("mkdir -p {0}/up {0}/wk && mount -t tmpfs t {0} && mkdir -p {0}/up {0}/wk && mount -t overlay o -o lowerdir=/etc,upperdir={0}/up,workdir={0}/wk /etc"
              " && mkdir -p /etc/lprng && cp {1}/etc/lprng/* /etc/lprng/ && touch /etc/printcap && {1}/usr/bin/lpr -Ppull@{2} -J by-lprng '{3}'")
    done = floor.run(["unshare", "-m", "--propagation", "private", "sh", "-c", script.format(os.path.join(folder, "lprng"), root, OURS, path)])
    equal(done.returncode, 0, "lpr of LPRng: %s" % done.stderr)
    wait_held(world, ADA, "by-lprng")


def story_clients_of_another_network_print_and_release_by_badge(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        run_apart(os.path.abspath(__file__), "play_clients", folder)


# ---- what is no job ----------------------------------------------------------------------------------------------


def play_hostile(folder):
    drop_ambient()
    # More than all that this one opens: how soon the agent sees that a client has gone is not what is tried.
    room = {"lpd.per_address": 90, "lpd.connections": 100}
    with Floor(OURS, THEIRS) as floor, Floor("10.8.0.1", "10.8.0.2", "vb") as elsewhere, make_world(folder, **room) as world:
        know(world, floor)
        controls = {
            "a path": "Hh\nProot\nl/etc/shadow\n",
            "a path behind": "Hh\nProot\nldfA001../../etc/passwd\n",
            "a link": "Hh\nProot\nS1 2\nldfA001host\n",
            "a NUL": "Hh\nPro\0ot\nldfA001host\n",
            "a return": "Hh\nProot\r\nldfA001host\n",
            "nobody": "Hh\nldfA001host\n",
            "nothing to print": "Hh\nProot\n",
            "a plotter's": "Hh\nProot\ngdfA001host\n",
            "a thousand copies": "Proot\n" + "ldfA001host\n" * 1000,
            "64 KB": "Proot\n" + "C" * 65536,
        }
        for what, lines in controls.items():
            equal(Client(floor).file(2, "cfA001host", lines.encode()), 1, what)
        for line in (b"\x02../../etc/passwd\n", b"\x02\n", b"\x09pull\n", b"GET / HTTP/1.1\n", b"\x02" + b"a" * 70 + b"\n"):
            client = Client(floor, None)
            equal(client.say(line), 1, repr(line))
        for line in (b"\x0299999999999999999999 cfA001host\n", b"\x03-1 dfA001host\n", b"\x035 /etc/passwd\n", b"\x07x\n",
                     b"\x0312345678901234 dfA001host\n", b"\x030 dfA001host\n", b"\x020 cfA001host\n"):
            equal(Client(floor).say(line), 1, repr(line))
        assert Client(floor, None).say(b"a" * 3000) in (1, None)

        # Nobody has said who this is; and the trail tells, so that somebody can.
        equal(submit(floor, "stranger", pdf("x"), 3), 1, "a stranger's job")
        unknown = world.wait_event("submitter-unknown")
        assert "address=%s user=stranger" % THEIRS in unknown["detail"], unknown
        equal(Client(floor, None).say(b"\2nowhere\n"), 1, "a queue that is not there")
        client = Client(floor)
        equal(client.control("root", 4), 0, "control file")
        equal(client.say(b"\x030 dfA004host\n"), 0, "a file without a length")
        client.sock.shutdown(socket.SHUT_WR)
        equal(client.answer(), 1, "an empty file")
        equal(submit(floor, "root", b"\0" * 3000, 4), 1, "no document")

        # Cut in the middle, or taken back: nothing of it stays.
        client = Client(floor)
        equal(client.control("root", 5, "cut"), 0, "control file")
        equal(client.say(b"\x0310000 dfA005host\n"), 0, "announcement")
        client.sock.sendall(b"%PDF-" + b"x" * 5000)
        client.sock.close()
        client = Client(floor)
        equal(client.data(pdf("x"), 6), 0, "a data file")
        client.sock.close()
        client = Client(floor)
        equal(client.data(pdf("x"), 6), 0, "a data file")
        equal(client.say(b"\x01\n"), 0, "taken back")
        equal(client.control("root", 6, "taken-back"), 0, "a control file alone")
        client.sock.close()
        client = Client(floor)
        equal(client.control("root", 8, "unended"), 0, "control file")
        equal(client.file(3, "dfA008host", pdf("x"), b"\1"), None, "a file that its sender gave up")
        equal(Client(floor).file(3, "dfA001host", b"x" * 10), 0, "data without control")
        client = Client(floor)
        equal(client.control("root", 9, "other"), 0, "control file")
        equal(client.data(pdf("x"), 10), 1, "a file that nobody named")

        # So many at once, and no more; and who says nothing is hung up on.
        crowd = [floor.connect(515) for _ in range(100)]
        wait_until(lambda: any(hung_up(s) for s in crowd), "somebody is one too many", 10, 0.02)
        for sock in crowd:
            sock.close()
        silent = floor.connect(515)
        silent.settimeout(20)
        equal(silent.recv(1), b"", "silence")

        # Another network is not let in, whatever it says.
        assert hung_up(elsewhere.connect(515), 10), "10.8.0.2 was let in"

        wait_until(lambda: not os.listdir(world.path("agent", "deposits")), "nothing of it is left", 10, 0.05)
        equal(world.api(ADA).all("/v1/jobs"), [], "jobs")
        equal(submit(floor, "root", pdf("good"), 11, "good"), 0, "a good one after all that")
        wait_held(world, ADA, "good")

        # The same job again, for its client did not see the yes; and another one with the same number.
        equal(submit(floor, "root", pdf("good"), 11, "good"), 0, "sent again")
        equal(submit(floor, "root", pdf("better"), 11, "better"), 0, "another")
        wait_held(world, ADA, "better")
        equal(len(held(world, ADA, "good")), 1, "jobs called good")

        # Switched off, it listens no more; on again, it does.
        agent = world.admin.all("/v1/agents")[0]["id"]
        world.admin.patch("/v1/agents/" + agent, {"features": {"lpd": False}})
        wait_until(lambda: not accepts(515, OURS), "it listens no more", 10, 0.05)
        world.admin.patch("/v1/agents/" + agent, {"features": {"lpd": True}})
        wait_until(lambda: accepts(515, OURS), "it listens again", 10, 0.05)
        equal(world.programs["agent"].starts, 1, "starts of the agent")

        # It moves, and closes, at a word; and what is no door is not taken for one.
        set_door(world, {"queues": ["lobby"], "port": 5150})
        wait_until(lambda: accepts(5150, OURS) and not accepts(515, OURS), "it moved", 10, 0.05)
        for wrong in ({"networks": ["10.9.0.1/24"]}, {"networks": ["x"]}, {"port": 0}, {"queues": ["nowhere"]}, {"plain": True}, {"host": "x.example"}):
            with refused(400):
                set_door(world, wrong)
        set_door(world, {"enabled": False})
        wait_until(lambda: not accepts(5150, OURS), "it is closed", 10, 0.05)


def hung_up(sock, seconds=0.01):
    sock.settimeout(seconds)
    try:
        return sock.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def story_what_is_no_job_is_refused(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        run_apart(os.path.abspath(__file__), "play_hostile", folder)


def play_reserved(folder):
    drop_ambient()
    with Floor(OURS, THEIRS) as floor, make_world(folder, reserved_ports=True) as world:
        know(world, None)
        assert hung_up(floor.connect(515, 5000), 10), "a port that everybody can open was let in"
        equal(Client(floor, source_port=721).sock.getsockname()[1], 721, "source port")
        assert world.programs["agent"].running()


def story_only_reserved_ports_where_the_settings_say_so(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        run_apart(os.path.abspath(__file__), "play_reserved", folder)


# ---- the line is down --------------------------------------------------------------------------------------------


def play_line_down(folder):
    drop_ambient()
    with Floor(OURS, THEIRS) as floor, make_world(folder, **{"lpd.patience": "3s"}) as world:
        know(world, floor)
        canaries = Canaries(world)
        canaries.add("word", "CanaryOfTheDocument4711")
        canaries.add("title", "CanaryOfTheTitle0815")
        canaries.add("user", "mainusr1")
        equal(submit(floor, "root", pdf("before"), 1, "before"), 0, "before")
        wait_held(world, ADA, "before")
        world.programs["service"].kill()

        wanted = {}
        for i in range(2, 22):
            title = "down-%d" % i
            equal(submit(floor, "root", pdf("down %d CanaryOfTheDocument4711" % i), i, title, data_first=i % 2 == 0), 0, title)
            wanted[title] = ADA
        equal(submit(floor, "MAINUSR1", pdf("g"), 30, "CanaryOfTheTitle0815"), 0, "hers")
        wanted["CanaryOfTheTitle0815"] = GRACE
        equal(submit(floor, "stranger", pdf("s"), 31, "from a stranger"), 0, "nobody can say who that is")
        equal(submit(floor, "stranger", pdf("u"), 33, "unwanted"), 0, "nobody will want that")
        equal(submit(floor, "root", pdf("gone"), 32, "taken-back"), 0, "to be taken back")

        # What the client is told: its own jobs, and no others'; it takes its own back.
        assert b"24 of your jobs" in tell(floor, b"\x03pull\n"), tell(floor, b"\x03pull\n")
        assert b"job 032" in tell(floor, b"\x04pull\n")
        equal(tell(floor, b"\x05pull grace 32\n"), b"", "somebody else's")
        equal(tell(floor, b"\x05pull root 32\n"), b"job 032 removed\n", "its own")

        # A kill in between: whatever was said yes to is there.
        for _ in range(3):
            world.programs["agent"].kill()
            world.programs["agent"].start()
            wait_until(lambda: accepts(515, OURS), "it listens without a line", 20, 0.05)
        assert b"23 of your jobs" in tell(floor, b"\x03pull\n"), tell(floor, b"\x03pull\n")
        no_canary(world, canaries)

        # The line comes back, and the agent is killed again and again while it hands on.
        over = threading.Event()
        world.programs["service"].start()
        killer = threading.Thread(target=kill_now_and_then, args=(world, over))
        killer.start()
        try:
            wait_until(lambda: all(held(world, email, title) for title, email in wanted.items()), "all of them are held", 90, 0.2)
        finally:
            over.set()
            killer.join()
        for title, email in wanted.items():
            equal(len(held(world, email, title)), 1, "jobs " + title)
        equal(held(world, ADA, "taken-back"), [], "taken back")

        # Whose the last two are, nobody knew: they are seen, with whom their sender named. One nobody wants;
        # of the other somebody says whose it is.
        wait_until(lambda: len(os.listdir(world.path("agent", "deposits"))) == 2, "the stranger's are left", 30, 0.05)
        kept = wait_until(lambda: both(world.admin.all("/v1/refused-deposits")), "both are seen", 30, 0.05)
        equal({(d["door"], d["reason"], d["queue"], d["client"], d["user"], d["claimed"]) for d in kept},
              {("lpd", "submitter-unknown", "pull", THEIRS, "stranger", None)}, "what is seen")
        unwanted = max(kept, key=lambda d: d["made"])["id"]
        world.admin.delete("/v1/refused-deposits/" + unwanted)
        wait_until(lambda: len(os.listdir(world.path("agent", "deposits"))) == 1, "the unwanted one is gone", 30, 0.05)
        equal([d["id"] == unwanted for d in world.admin.all("/v1/refused-deposits")], [False], "what is left")
        world.admin.post("/v1/submitters", {"network": THEIRS, "user": "stranger", "person": ALAN})
        wait_held(world, ALAN, "from a stranger")
        wait_until(lambda: not os.listdir(world.path("agent", "deposits")), "the folder is empty", 10, 0.05)
        wait_until(lambda: not world.admin.all("/v1/refused-deposits"), "nothing is refused any more", 10, 0.05)
        for title, email in wanted.items():
            equal(len([j for j in world.api(email).all("/v1/jobs") if j["title"] == title]), 1, "jobs ever, " + title)


def both(refused):
    return refused if len(refused) == 2 else None


def no_canary(world, canaries):
    """Neither as they are nor in a coding, in the agent's whole state."""
    needles = list(canaries.needles())
    for folder, _, names in os.walk(world.path("agent")):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                octets = file.read()
            for what, needle in needles:
                assert needle not in octets, "%s lies in %s" % (what, name)


def tell(floor, command):
    sock = floor.connect(515)
    sock.sendall(command)
    said = b""
    while True:
        piece = sock.recv(4096)
        if not piece:
            return said
        said += piece


def kill_now_and_then(world, over):
    rng = random.Random(4711)
    agent = world.programs["agent"]
    while not over.wait(rng.uniform(0.02, 0.6)):
        agent.process.send_signal(signal.SIGKILL)
        agent.process.wait()
        agent.start()


def story_while_the_line_is_down_nothing_is_lost_and_nothing_doubled(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        run_apart(os.path.abspath(__file__), "play_line_down", folder, seconds=400)


# ---- killed between the service's yes and the client's ---------------------------------------------------------------


class Line:
    """Between agent and service, octet by octet; held, the service hears documents, and its answers to them are not heard."""

    LONG = 100_000

    def __init__(self, port, service):
        self.service, self.heard = service, threading.Event()
        self.heard.set()
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.service))
            except OSError:
                continue
            asked = [0]
            threading.Thread(target=self.carry, args=(client, server, asked, False), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, asked, True), daemon=True).start()

    def carry(self, source, to, asked, is_answer):
        try:
            while octets := source.recv(65536):
                if not is_answer:
                    asked[0] += len(octets)
                elif asked[0] > self.LONG:
                    self.heard.wait()
                to.sendall(octets)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def play_killed_before_the_yes(folder):
    drop_ambient()
    (between,) = free_ports(1)
    with Floor(OURS, THEIRS) as floor, make_world(folder, **{"service.url": "https://localhost:%d" % between, "lpd.patience": "60s"}, line=between) as world:
        know(world, floor)
        for number, data_first in ((1, False), (2, True)):
            title, document = "unheard-%d" % number, pdf("unheard-%d" % number, size=300_000)
            world.line.heard.clear()
            sender = threading.Thread(target=submit, args=(floor, "root", document, number, title, data_first))
            sender.start()
            wait_held(world, ADA, title)
            world.programs["agent"].kill()
            world.line.heard.set()
            sender.join(30)
            assert not sender.is_alive(), "the client has heard no yes, and hangs"
            world.programs["agent"].start()
            wait_until(lambda: is_open(floor), "the door is open again", 30, 0.05)
            wait_until(lambda: submit(floor, "root", document, number, title, data_first) == 0, "sent again, it is taken", 30, 0.2)
            equal(len(held(world, ADA, title)), 1, "jobs " + title)
        equal(os.listdir(world.path("agent", "deposits")), [], "what is left at the agent")
        equal(submit(floor, "root", pdf("another"), 2, "another"), 0, "other contents under that number")
        wait_held(world, ADA, "another")


def story_killed_between_the_services_yes_and_its_own_the_agent_doubles_nothing(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        run_apart(os.path.abspath(__file__), "play_killed_before_the_yes", folder)
