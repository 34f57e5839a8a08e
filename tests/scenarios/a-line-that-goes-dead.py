# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A site behind a cable: agent, printers of others, readers and clients stand in a network of their own. The cable goes dead in
silence, people go on printing and holding their cards, the agent is killed, and the cable comes back: nothing is lost, nothing
comes out twice, and the books say what is on paper."""

import collections
import http.client
import os
import socket
import ssl
import tempfile
import threading

import ippwire as ipp
from harness import ippeve
from harness.apart import drop_ambient, run_apart
from harness.client import IppQueue
from harness.demo_world import PASSWORD, PORTS
from harness.documents import pdf
from harness.floor import Floor
from harness.process import NotReady, free_ports, wait_until
from harness.scratch import folder_in_memory
from harness.story import equal, skip
from harness.world import World

WORLD = None
ADA, GRACE = "ada@demo.example", "grace@demo.example"
SERVICE, SITE = "10.9.0.1", "10.9.0.2"
PDF = "application/pdf"


class RawPrinter:
    """Port 9100 of a printer that only takes: each connection is a document."""

    def __init__(self, floor):
        self.documents = []

        def open_port():
            sock = socket.socket()
            sock.bind(("127.0.0.1", 0))
            sock.listen(16)
            return sock

        self.sock = floor.make(open_port)
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            taken, _ = self.sock.accept()
            octets = b""
            while piece := taken.recv(65536):
                octets += piece
            taken.close()
            self.documents.append(octets)


class Inside:
    """HTTPS to the agent's door, from its own floor."""

    host = "localhost"

    def __init__(self, site, ca):
        self.site, self.port, self.context = site, site.ipp_port, ssl.create_default_context(cafile=ca)

    def request(self, method, path, body=None, headers=None, again=True):
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=40, context=self.context)
        connection.sock = self.context.wrap_socket(self.site.floor.reach(self.port, timeout=40), server_hostname="localhost")
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


class Site:
    def __init__(self, world, floor, folder):
        self.world, self.floor = world, floor
        self.hall = ippeve.Printer(folder, "hall", [PDF], floor=floor)
        self.raw = RawPrinter(floor)
        self.ipp_port, self.lpd_port = free_ports(2)
        self.sent = 0
        self.readers = {}

    def build(self):
        admin, world = self.world.admin, self.world
        wait_until(lambda: any(a["connected"] for a in admin.all("/v1/agents")), "the agent is connected", 30, 0.05)
        agent = admin.all("/v1/agents")[0]["id"]
        site = admin.post("/v1/sites", {"name": "far"})["id"]
        admin.patch("/v1/agents/" + agent, {"site": "far"})
        for reader in admin.all("/v1/readers"):
            admin.delete("/v1/readers/" + reader["id"])
        for name, address, model in (("hall", self.hall.uri, "tcpconv"), ("raw", "socket://localhost:%d" % self.raw.port, "tcpconv2")):
            made = admin.post("/v1/printers", {"name": "far-" + name, "title": name, "site": "far", "addresses": [address], "formats": [PDF], "colour": True,
                                               "duplex": True, "media": ["iso_a4_210x297mm"]})
            admin.post("/v1/readers", {"name": "far-" + name, "agent": agent, "model": model, "address": None, "printer": made["id"], "selection": "all"})
            self.readers[name] = model
        admin.put("/v1/sites/%s/offline" % site, {"enabled": True, "hours": 1, "queues": ["pull"]})
        admin.put("/v1/agents/%s/doors" % agent, {"ipp": {"port": self.ipp_port, "queues": ["pull"], "dns_sd": False},
                                                  "lpd": {"port": self.lpd_port, "queues": ["pull"], "networks": ["127.0.0.0/8"]}})
        admin.post("/v1/submitters", {"network": "127.0.0.1", "user": "ada", "person": ADA})
        admin.post("/v1/submitters", {"network": "127.0.0.1", "user": "grace", "person": GRACE})
        wait_until(lambda: self.floor.listens(self.ipp_port) and self.floor.listens(self.lpd_port), "its doors are open", 30)
        self.wait_log("snapshot-taken", 1)
        self.agent = world.programs["agent"]

    # ---- what people do there

    def by_ipp(self, email, title):
        queue = IppQueue(Inside(self, self.world.path("agent", "ipp-certificate.pem")), "pull", email, PASSWORD)
        code, _ = queue.ask(0x02, pdf(title), job_name=(ipp.NAME, title), document_format=(ipp.MIME, PDF), again=True)
        # A question that the line swallowed is asked again, as print clients do.
        if code >= 0x500:
            code, _ = queue.ask(0x02, pdf(title), job_name=(ipp.NAME, title), document_format=(ipp.MIME, PDF))
        assert code < 0x100, "Print-Job of %s: %#x" % (title, code)

    def by_lpd(self, user, title):
        self.sent += 1
        number, document = self.sent, pdf(title)
        control = ("Hhost\nP%s\nJ%s\nldfA%03dhost\nUdfA%03dhost\n" % (user, title, number, number)).encode()
        with self.floor.reach(self.lpd_port, timeout=40) as sock:
            for said in (b"\2pull\n", b"\x02%d cfA%03dhost\n" % (len(control), number), control + b"\0",
                         b"\x03%d dfA%03dhost\n" % (len(document), number), document + b"\0"):
                sock.sendall(said)
                equal(sock.recv(1), b"\0", "LPD's answer for " + title)

    def swipe(self, printer, email, *events):
        before = sum(len(self.log(e)) for e in events)
        with self.floor.reach(self.world.ports[self.readers[printer]]) as sock:
            sock.sendall(self.world.badge(email).encode() + b"\r\n")
            wait_until(lambda: sum(len(self.log(e)) for e in events) > before, "the card's answer: " + " or ".join(events), 30)

    # ---- what came of it

    def log(self, event):
        with open(self.world.programs.log("agent"), encoding="utf-8", errors="replace") as file:
            return [line for line in file if '"event":"%s"' % event in line]

    def wait_log(self, event, count, seconds=20):
        wait_until(lambda: len(self.log(event)) >= count, "%d times %s in the agent's log" % (count, event), seconds)

    def paper(self):
        """How often each document is on paper, at both printers."""
        found = collections.Counter()
        names = [n for n in os.listdir(self.hall.got) if n.endswith(".told") and not n.startswith(".")]
        octets = list(self.raw.documents)
        for name in names:
            with open(os.path.join(self.hall.got, name[:-4] + "doc"), "rb") as file:
                octets.append(file.read())
        for document in octets:
            assert document.count(b"/Count 1") == 1, "a document of one page"
            found[document.split(b"imprimatur-test-document:")[1].split(b"\n")[0].strip().decode()] += 1
        return found

    def jobs(self):
        return {j["title"]: j for email in (ADA, GRACE) for j in self.world.api(email).all("/v1/jobs")}

    def kill_agent(self):
        self.agent.kill()
        before = len(self.log("agent-started"))
        self.agent.start(wait=False)
        self.wait_log("agent-started", before + 1)
        wait_until(lambda: self.floor.listens(self.ipp_port) and self.floor.listens(self.lpd_port), "its doors are open", 30)


def in_site(folder, play, **agent):
    drop_ambient()
    if not ippeve.is_there():
        skip("no ippeveprinter here")
    ports = dict(zip(PORTS, free_ports(len(PORTS))))
    settings = {"service": {"server.listen": "0.0.0.0:%d" % ports["service"]},
                "agent": {"service.url": "https://%s:%d" % (SERVICE, ports["service"]), "offline.runtime": folder_in_memory(), "offline.notice": "2s",
                          "printers.stall": "20s", "printers.echo": "0s", "ipp.listen": "127.0.0.1", "ipp.answer": "2s", "ipp.unproven": "yes", "lpd.patience": "5s", "deposits.again": "1s", **agent}}
    with Floor(SERVICE, SITE) as floor:
        world = World(folder=folder, settings=settings, ports=ports, addresses=(SERVICE,))
        world.programs["agent"].command = floor.inside(world.programs["agent"].command)
        world.programs["agent"].ready = lambda: floor.listens(ports["tcpconv"])
        with world:
            site = Site(world, floor, folder)
            site.build()
            play(world, floor, site)


def play_dead(folder):
    in_site(folder, dead)


def dead(world, floor, site):
    # While the line is up: people come, and are known; some of what they print stays at home.
    site.by_ipp(ADA, "before-ipp")
    site.by_lpd("grace", "before-lpd")
    site.by_lpd("ada", "before-too")
    site.wait_log("home-taken", 3)

    floor.go_dead()
    # At once, while nobody has noticed.
    site.by_lpd("ada", "early-lpd")
    site.wait_log("line-is-down", 1, 10)
    for i in range(3):
        site.by_ipp(ADA, "ada-ipp-%d" % i)
        site.by_lpd("grace", "grace-lpd-%d" % i)
    site.swipe("hall", ADA, "swipe-released-offline")
    site.swipe("raw", GRACE, "swipe-released-offline")
    out = ["before-ipp", "before-too", "early-lpd", *("ada-ipp-%d" % i for i in range(3)), "before-lpd", *("grace-lpd-%d" % i for i in range(3))]
    wait_until(lambda: all(site.paper()[t] for t in out), "what was released is on paper: %s" % out, 40)

    # Killed, and on: more of both.
    site.kill_agent()
    site.by_ipp(GRACE, "who has not come by ipp")
    site.by_lpd("ada", "after-kill")
    site.swipe("raw", ADA, "swipe-released-offline")
    wait_until(lambda: site.paper()["after-kill"], "what came after the kill is on paper", 40)
    site.kill_agent()
    kept = ["kept-%d" % i for i in range(3)]
    for title in kept:
        site.by_lpd("ada", title)

    # The cable is back; the service and the agent die while they talk.
    floor.come_back()
    wait_until(lambda: any(j["title"] in out and j["state"] == "done" for j in site.jobs().values()), "the service hears of it", 60)
    site.kill_agent()
    world.programs.kill("service")
    start_service(world)
    site.kill_agent()
    done = [*out, "after-kill"]
    everything = [*done, "who has not come by ipp", *kept]
    wait_until(lambda: set(everything) <= set(site.jobs()) and all(site.jobs()[t]["state"] == "done" for t in done), "all of it is told", 90)
    wait_until(lambda: not [n for n in os.listdir(world.path("agent", "deposits")) if not n.startswith(".")], "nothing waits at the agent", 60)
    # What is left comes out as ever.
    for email, printer in ((ADA, "hall"), (GRACE, "hall")):
        site.swipe(printer, email, "swipe-released", "swipe-nothing-held")
    wait_until(lambda: all(site.jobs()[t]["state"] == "done" for t in everything), "all of it is done", 60)
    equal(site.paper(), collections.Counter(everything), "each document is on paper, once")
    shown = [j["title"] for email in (ADA, GRACE) for j in world.api(email).all("/v1/jobs")]
    equal(collections.Counter(shown), collections.Counter(everything), "each is one job")
    booked = [r for r in world.admin.all("/v1/reports/jobs") if r["state"] == "done"]
    equal(len(booked), sum(site.paper().values()), "documents in the books, and on paper")


def start_service(world):
    """After a kill: its renderers, which die with it, let go of its folder a moment later."""
    def starts():
        try:
            return world.programs.start("service")
        except NotReady:
            return None

    wait_until(starts, "the service starts", 30, 0.1)


def story_a_line_goes_dead_in_silence(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        run_apart(os.path.abspath(__file__), "play_dead", folder)


def play_unplugged(folder):
    in_site(folder, unplugged)


def unplugged(world, floor, site):
    """The cable is pulled, and plugged in and pulled again while the agent hands on."""
    site.by_lpd("ada", "first")
    site.swipe("hall", ADA, "swipe-released")
    wait_until(lambda: site.paper()["first"], "the first one is on paper", 40)
    titles = ["first"]
    for turn in range(3):
        before = len(site.log("line-is-down"))
        floor.set_cable("down")
        site.wait_log("line-is-down", before + 1, 30)
        for i in range(5):
            titles.append("turn-%d-%d" % (turn, i))
            site.by_lpd("ada", titles[-1])
        if turn != 1:
            site.swipe("hall" if turn else "raw", ADA, "swipe-released-offline", "swipe-refused-offline")
        back = len(site.log("line-is-back"))
        floor.set_cable("up")
        site.wait_log("line-is-back", back + 1, 30)
    wait_until(lambda: set(titles) <= set(site.jobs()), "all of them are at the service", 90)
    wait_until(lambda: not [n for n in os.listdir(world.path("agent", "deposits")) if not n.startswith(".")], "nothing waits at the agent", 60)
    site.swipe("hall", ADA, "swipe-released", "swipe-nothing-held")
    wait_until(lambda: all(j["state"] == "done" for j in site.jobs().values()), "all of it is done", 60)
    equal(site.paper(), collections.Counter(titles), "each document is on paper, once")


def story_a_cable_that_is_pulled_again_and_again(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-world-") as folder:
        run_apart(os.path.abspath(__file__), "play_unplugged", folder)
