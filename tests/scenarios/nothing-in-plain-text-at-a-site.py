# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Canaries at a site: what is printed by the agent's doors, kept while the line is down, at home there, released by badge,
or asked of printers lies nowhere in plain text - and nothing at the agent tells who anybody is. After every step, and
after SIGKILLs then: every file of the agent (key, journal, deposits, homes, snapshot, configuration, state of discovery),
every file of the service and the keeper, their logs, what they have open, the places for temporary files, and in the end
the agent's status page and memory."""

import os
import shutil
import tempfile
import urllib.request

from harness import memory
from harness.canaries import PROGRAMS, Canaries, digits, letters
from harness.client import IppQueue, give_password
from harness.documents import pdf
from harness.looking import Snmpd
from harness.process import NotReady, free_ports, wait_until
from harness.readers import Reader
from harness.site import QUEUE, Site, deposits, log_count, say_by_lpd
from harness.story import equal, refused

PRINTERS = {"lobby": {"formats": ["application/pdf"]}}
SITE = Site()
(STATUS,) = free_ports(1)
SETTINGS = {"service": {"vault.segment": "1M"}, "agent": {**SITE.settings, "status.port": STATUS, "printers.stall": "5s"}}
ADA = "ada@demo.example"


class AtAgent(Canaries):
    """What the service may know and an agent must not: scanned for in its own files, open or closed."""

    def files(self):
        for folder in (self.world.path("agent"), SITE.runtime):
            for where, _, names in os.walk(folder):
                yield from (os.path.join(where, name) for name in names)
        yield self.world.programs.log("agent")
        yield from self.open_files()


class Watch:
    """Both kinds, and the kills between two looks."""

    def __init__(self, world):
        self.world = world
        self.everywhere, self.at_agent = Canaries(world), AtAgent(world)
        self.programs = PROGRAMS

    def look(self, step):
        self.everywhere.scan(step)
        self.at_agent.scan(step)

    def step(self, name, victims=()):
        self.look(name)
        if not victims:
            return
        for program in victims:
            self.world.programs.kill(program)
        self.look(name + " and a SIGKILL of " + ", ".join(victims))
        for program in reversed(victims):
            self.world.programs.start(program)
        if self.world.programs["service"].running():
            self.world.programs.wait_agent()
        self.look(name + ", a SIGKILL and a new start")


class Somebody:
    """Whose every word is a canary."""

    def __init__(self, watch):
        world, add = watch.world, watch.everywhere.add
        self.world = world
        self.user = watch.at_agent.add("the user of LPD", "u" + letters(16).lower())
        self.name = watch.at_agent.add("the name", "Name" + letters(16))
        self.email = watch.at_agent.add("the e-mail address", "mail%s@demo.example" % letters(16).lower())
        self.password = add("the password", "pw-" + letters(32))
        self.pin, self.badge = add("the PIN", digits(12)), add("the badge", digits(20))
        self.title, self.body = add("the title", "title-" + letters(32)), add("the document", "body-" + letters(32))
        self.unknown = add("an unknown badge", digits(20))
        admin = world.admin
        self.id = admin.post("/v1/people", {"email": self.email, "name": self.name})["id"]
        give_password(world.connection, admin, self.id, self.password)
        admin.put("/v1/people/%s/pin" % self.id, {"pin": self.pin})
        admin.post("/v1/people/%s/badges" % self.id, {"number": self.badge})
        admin.post("/v1/submitters", {"network": "127.0.0.0/8", "user": self.user, "person": self.email})
        self.api = world.api(self.email, self.password)
        self.token = add("the print token", self.api.post("/v1/tokens", {"label": "c", "kind": "print"})["token"])
        made = self.api.post("/v1/tokens", {"label": "a", "kind": "address", "queue": "pull"})
        add("the token in an address", made["token"])
        self.path = made["path"]

    def print_by_ipp(self, what, secret=None):
        queue = IppQueue(SITE.connection(self.world), "pull", self.email, secret or self.token)
        queue.print_job(pdf("canary-" + what, text=self.body, size=40_000), self.title)

    def print_by_address(self, what):
        queue = IppQueue(SITE.connection(self.world), "pull", None, None)
        queue.path = self.path
        queue.print_job(pdf("canary-" + what, text=self.body, size=40_000), self.title)

    def print_by_lpd(self, number, queue="pull"):
        document = pdf("canary-lpd-%d" % number, text=self.body, size=40_000)
        say_by_lpd(self.world.ports["lpd"], self.user, self.title, number, document, queue)

    def print_all(self, number):
        self.print_by_ipp("ipp-%d" % number)
        self.print_by_ipp("password-%d" % number, self.password)
        self.print_by_address("address-%d" % number)
        self.print_by_lpd(number)

    def held(self):
        return len(self.api.jobs(state="held"))

    def go_home(self):
        """A job that is at home at the agent."""
        job = self.api.submit(pdf("canary-home", text=self.body, size=300_000), self.title, queue=QUEUE)["id"]
        homes = self.world.path("agent", "homes")
        wait_until(lambda: job in os.listdir(homes), "it is at home at the agent", 30)
        return job


def swipe(world, model, badge, event):
    before = log_count(world, event)
    reader = Reader(world.ports[model], model)
    try:
        reader.swipe(badge)
        wait_until(lambda: log_count(world, event) > before, event, 30)
    finally:
        reader.close()


def discover(watch):
    """By a community that nobody knows there, and a user of SNMPv3 whom net-snmp's agent knows: it tells its serial number."""
    world, add = watch.world, watch.everywhere.add
    agent = next(a for a in world.admin.all("/v1/agents") if a["enrolled"])["id"]
    community = add("the community", "community-" + letters(20))
    passphrases = add("a passphrase", "pass-" + letters(20)), add("another passphrase", "pass-" + letters(20))
    serial = add("the serial number", "SERIAL" + letters(12))
    folder = tempfile.mkdtemp(dir=SITE.runtime + "-snmp")
    (port,) = free_ports(1)
    overrides = [("1.3.6.1.2.1.43.5.1.1.1.1", "counter", "7"), ("1.3.6.1.2.1.43.5.1.1.17.1", "octet_str", '"%s"' % serial)]
    snmpd = Snmpd(folder, port, [("canary", "SHA", "AES")], overrides, passphrases)
    try:
        credentials = [{"version": "2c", "community": community},
                       {"version": "3", "user": "canary", "auth": {"protocol": "sha-1", "passphrase": passphrases[0]},
                        "privacy": {"protocol": "aes-128", "passphrase": passphrases[1]}}]
        world.admin.put("/v1/agents/%s/discovery" % agent, {
            "ranges": ["127.0.0.1"], "ways": ["snmp"], "snmp_port": port, "timeout_ms": 3000, "retries": 2, "packets_per_second": 1000,
            "credentials": credentials})
        runs = "/v1/agents/%s/discovery/runs" % agent
        run = world.admin.post(runs, {"purpose": "discovery"})["id"]
        wait_until(lambda: next(r for r in world.admin.get(runs)["items"] if r["id"] == run)["ended"], "it has looked", 60, 0.05)
        found = [d["identity"]["serial"] for d in world.admin.all("/v1/discovered-printers?which=all")]
        assert serial in found, found
    finally:
        snmpd.stop()


def status_page():
    with urllib.request.urlopen("http://localhost:%d/" % STATUS, timeout=10) as answer:
        return answer.read()


def story_what_an_agent_must_not_know_is_found_where_it_lies(world):
    """The story below must be able to fail: in each coding, in each place of an agent's."""
    watch = AtAgent(world)
    watch.add("a word", "W-" + letters(32))
    for where in (world.path("agent"), world.path("agent", "deposits"), SITE.runtime):
        for what, needle in list(watch.needles()):
            path = os.path.join(where, ".left-behind")
            with open(path, "wb") as file:
                file.write(os.urandom(100) + needle + os.urandom(100))
            try:
                watch.scan("nothing")
            except AssertionError:
                os.unlink(path)
                continue
            raise AssertionError("%s was not found in %s" % (what, where))
    watch.scan("the end")


def story_no_step_at_a_site_leaves_anything_in_plain_text(world):
    os.makedirs(SITE.runtime + "-snmp", exist_ok=True)
    try:
        tell(world)
    finally:
        shutil.rmtree(SITE.runtime + "-snmp", ignore_errors=True)


def tell(world):
    SITE.open_doors(world)
    SITE.move_in(world)
    watch = Watch(world)
    somebody = Somebody(watch)
    watch.step("a site was set up")

    somebody.print_all(1)
    somebody.print_by_lpd(3, QUEUE)
    # What the service does not answer in time, the agent has said yes to, and hands on by itself.
    wait_until(lambda: somebody.held() == 5, "five held jobs", 30)
    with refused(401):
        somebody.print_by_ipp("wrong", watch.everywhere.add("a wrong password", "pw-" + letters(32)))
    watch.step("the doors took something", PROGRAMS)

    swipe(world, "tcpconv", somebody.unknown, "swipe-unknown-badge")
    before = len(world.paper("lobby"))
    swipe(world, "tcpconv", somebody.badge, "swipe-released")
    world.wait_paper("lobby", before + 5)
    watch.step("a badge released it")

    discover(watch)
    watch.step("printers were looked for with credentials", ("agent",))

    homes = [somebody.go_home(), somebody.go_home()]
    watch.step("jobs were at home at the agent", ("agent",))

    world.programs.kill("service")
    somebody.print_by_ipp("down")
    somebody.print_by_address("down")
    somebody.print_by_lpd(2)
    somebody.print_by_lpd(4, QUEUE)  # which the badge may release, too
    equal(len(deposits(world)), 4, "what is kept at the agent")
    watch.step("documents were kept while the line was down", ("keeper", "agent"))
    assert status_page(), "the status page says something"

    # In the middle of a delivery: the printer has read a little and stalls. The agent is killed there.
    world.sim.temper("lobby", "stall", after=100)
    begun, printed = len(world.truth("lobby", "first-byte")), len(world.paper("lobby"))
    swipe(world, "tcpconv", somebody.unknown, "swipe-refused-offline")
    swipe(world, "tcpconv", somebody.badge, "swipe-released-offline")
    wait_until(lambda: len(world.truth("lobby", "first-byte")) > begun, "octets at the printer")
    watch.step("a badge released what was at home", ("agent",))
    world.sim.normal("lobby")

    world.programs.start("service")
    world.programs.wait_agent()
    wait_until(lambda: not deposits(world), "all that was kept is handed on", 60)
    try:
        wait_until(lambda: all(is_told(somebody.api.job(job)) for job in homes), "the site told what it did", 60, 0.1)
    except NotReady as error:
        raise NotReady("%s: %r" % (error, [somebody.api.job(job) for job in homes])) from None
    watch.step("the line was back", PROGRAMS)
    swipe(world, "tcpconv", somebody.badge, "swipe-released")
    world.wait_paper("lobby", printed + 3)
    watch.step("the rest was released")
    is_forgotten(world, watch)


def is_told(job):
    return (job["delivery"] or {}).get("state") in ("printed", "uncertain", "not-printed")


def is_forgotten(world, watch):
    """Nothing of it is on the status page, in a core dump that may be, or in the agent's memory."""
    page = status_page()
    for canaries in (watch.everywhere, watch.at_agent):
        for what, needle in canaries.needles():
            assert needle not in page, "%s stands on the status page" % what
    for program in PROGRAMS:
        with open("/proc/%d/limits" % world.programs[program].pid, encoding="ascii") as file:
            (core,) = [line.split()[4:6] for line in file if line.startswith("Max core file size")]
        equal(core, ["0", "0"], "core dumps of " + program)
    pid = world.programs["agent"].pid
    if not memory.readable(pid):
        return
    assert memory.find(pid, "imprimatur-agent"), "nothing is found in its memory"
    values = {**watch.everywhere.values, **watch.at_agent.values}
    found = ["%s of %s: %s" % (coding, what, where) for what, value in values.items() for coding, where, _ in memory.find(pid, value)]
    equal(found, [], "what is left in the agent's memory")
