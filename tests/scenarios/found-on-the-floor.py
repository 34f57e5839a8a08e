# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Clients in another network find an agent's queues, by multicast (Avahi) and by the network's own DNS (BIND), and print there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from urllib.parse import quote

from harness import cups
from harness.apart import HERE, drop_ambient, run_apart
from harness.command_line import CommandLine
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.floor import Floor
from harness.looking import AVAHI, BUS, start
from harness.process import wait_until
from harness.story import equal, skip
from harness.world import World

WORLD = None
ADA, GRACE = "ada@demo.example", "grace@demo.example"
OURS, THEIRS = "10.9.0.1", "10.9.0.2"
DAEMON = ["/usr/sbin/avahi-daemon", "--no-drop-root", "--no-chroot", "--no-rlimits", "--no-proc-title", "-f"]
DOMAIN = "office.example"


class House:
    """Avahi and a bus of its own, in whichever network; /run and /etc/hosts are its own too."""

    def __init__(self, folder, name, interface, inside=None):
        self.name, self.folder = name, os.path.join(folder, name)
        os.makedirs(self.folder)
        hosts = self._write("hosts", "127.0.0.1 localhost\n%s server.local print.%s\n" % (OURS, DOMAIN))
        self.bus = self._write("bus.conf", BUS % "/run/bus.sock")
        self.avahi = self._write("avahi.conf", AVAHI.replace("testhost", name).replace("allow-interfaces=lo", "allow-interfaces=" + interface))
        script = "mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon && mount --bind %s /etc/hosts && touch %s/up && exec sleep 3600" % (hosts, self.folder)
        command = ["unshare", "-m", "--propagation", "private", "sh", "-c", script]
        self.place = start(*(inside(command) if inside else command))
        wait_until(lambda: os.path.exists(os.path.join(self.folder, "up")), name + " is there")
        # nsenter and unshare become what they start: the pid is that of the place.
        self.programs = [self.start("dbus-daemon", "--config-file=" + self.bus, "--nofork", "--nopidfile")]
        wait_until(lambda: self.has("/run/bus.sock"), "the bus of " + name)
        self.programs.append(self.start(*DAEMON, self.avahi))
        wait_until(lambda: self.has("/run/avahi-daemon/socket"), "the Avahi of " + name)

    def _write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def inside(self, command):
        return ["nsenter", "-t", str(self.place.pid), "-n", "-m", *command]

    def environment(self):
        return dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS="unix:path=/run/bus.sock", HOME=self.folder)

    def start(self, *command):
        return start(*self.inside(list(command)), env=self.environment())

    def run(self, *command, **more):
        return subprocess.run(self.inside(list(command)), capture_output=True, text=True, check=False, timeout=60, env=self.environment(), **more)

    def has(self, path):
        return os.path.exists("/proc/%d/root%s" % (self.place.pid, path))


def needed():
    for program in ("avahi-daemon", "dbus-daemon", "ippfind", "ipptool", "avahi-browse", "named", "dig"):
        if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin") is None:
            skip(program + " is not installed")
    if not cups.is_there():
        skip("no cupsd here")


def agent_of(world):
    return next(a for a in world.admin.all("/v1/agents") if a["enrolled"])


def open_door(world, **more):
    path = "/v1/agents/%s/doors" % agent_of(world)["id"]
    world.admin.put(path, {"ipp": dict({"port": 631, "queues": ["pull", "lobby"], "host": "print." + DOMAIN}, **more)})


def browse(house, service):
    """Names of what is announced now."""
    lines = house.run("avahi-browse", "-tpr", service).stdout.splitlines()
    return {line.split(";")[3]: line for line in lines if line.startswith("=")}


# ---- multicast ------------------------------------------------------------------------------------------------------


def story_queues_are_found_by_multicast_printed_to_and_released_by_badge(_):
    needed()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        run_apart(os.path.abspath(__file__), "play_multicast", folder)


def play_multicast(folder):
    drop_ambient()
    with Floor(OURS, THEIRS) as floor:
        subprocess.run(["ip", "route", "add", "224.0.0.0/4", "dev", "va"], check=True)
        subprocess.run(floor.inside(["ip", "route", "add", "224.0.0.0/4", "dev", "vaf"]), check=True)
        server, client = House(folder, "server", "va"), House(folder, "client", "vaf", floor.inside)
        # The agent speaks to the bus of its machine.
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/proc/%d/root/run/bus.sock" % server.place.pid
        with World(folder=os.path.join(folder, "world")) as world:
            world.programs.wait_agent()
            equal(browse(client, "_ipps._tcp"), {}, "what is announced before there is a door")
            open_door(world)
            found = wait_until(lambda: (lambda f: f if len(f) == 2 else None)(browse(client, "_ipps._tcp")), "both queues are announced", 30)
            uris = wait_until(lambda: client.run("ippfind", "-T", "2", "_ipps._tcp,_universal", "--print").stdout.split(), "AirPrint's subtype is found", 30)
            uri = next(u for u in uris if u.endswith("/pull"))
            equal(uri, "ipps://server.local:631/ipp/print/demo/pull", "the address that is found")
            check_strings(next(line for line in found.values() if "/pull" in line), world)
            equal(browse(client, "_ipp._tcp"), {}, "what is announced in clear")

            done = client.run("ipptool", "-tI", uri, "/usr/share/cups/ipptool/get-printer-attributes.test")
            assert done.returncode == 0, done.stdout + done.stderr
            by_cups(client, world, folder, uri)
            by_the_backend_of_dns_sd(client, world, folder)
            wrong_person(client, uri)

            open_door(world, plain=True)
            wait_until(lambda: len(browse(client, "_ipp._tcp")) == 2, "in clear, where that is allowed", 30)
            # Switched off, and taken back.
            world.admin.patch("/v1/agents/" + agent_of(world)["id"], {"features": {"ipp": False}})
            wait_until(lambda: not browse(client, "_ipps._tcp"), "nothing is announced any more", 30)
            world.admin.patch("/v1/agents/" + agent_of(world)["id"], {"features": {"ipp": True}})
            wait_until(lambda: len(browse(client, "_ipps._tcp")) == 2, "and again", 30)
            world.programs["agent"].kill()
            wait_until(lambda: not browse(client, "_ipps._tcp"), "an agent that died is announced no more", 30)


def check_strings(line, world):
    strings = dict(s.split("=", 1) for s in re.findall(r'"((?:[^"\\]|\\.)*)"', line))
    queue = next(q for q in world.admin.all("/v1/queues") if q["name"] == "pull")
    for name, value in {"txtvers": "1", "qtotal": "1", "rp": "ipp/print/demo/pull", "UUID": queue["id"], "air": "username,password",
                        "priority": "50", "TLS": "1.3", "Color": "T", "Duplex": "T", "kind": "document"}.items():
        equal(strings.get(name), value, name)
    assert {"application/pdf", "image/urf", "image/pwg-raster"} <= set(strings["pdl"].split(",")), strings["pdl"]
    assert strings["URF"].startswith("V1.4,") and "SRGB24" in strings["URF"], strings["URF"]


def held(world, email=ADA):
    return world.api(email).jobs(state="held")


def released(world, document, title):
    (job,) = wait_until(lambda: held(world), "%s is held" % title, 30)
    equal((job["title"], held(world, GRACE)), (title, []), "the job, and whose it is")
    before = len(world.truth("lobby"))
    world.swipe("lobby", world.badge(ADA))
    wait_until(lambda: len(world.truth("lobby")) > before and not held(world), "it comes out", 30)
    world.wait_job(world.api(ADA), job["id"], "done")


def by_cups(client, world, folder, uri):
    """lp on a workstation, whose cupsd has a driverless queue at the address that was found."""
    path = os.path.join(folder, "from-lp.pdf")
    with open(path, "wb") as file:
        file.write(pdf("from-lp", size=200_000))
    os.chmod(path, 0o644)
    command = [sys.executable, os.path.join(HERE, "apart.py"), os.path.abspath(__file__), "play_workstation", folder, uri, path]
    workstation = subprocess.Popen(client.inside(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=client.environment())
    said = workstation.communicate(timeout=100)[0].decode()
    equal(workstation.returncode, 0, "the workstation: %s" % said[-3000:])
    released(world, path, "from-lp.pdf")


def play_workstation(folder, uri, path):
    printer = cups.Cups(6310, os.path.join(folder, "cupsd.log"))
    printer.program.start()
    try:
        printer.add("found", uri.replace("ipps://", "ipps://%s:%s@" % (quote(ADA, safe=""), PASSWORD)))
        printer.print("found", path)
        environment = dict(os.environ, CUPS_SERVER=printer.server)

        def waiting():
            return subprocess.run(["lpstat", "-o"], capture_output=True, text=True, env=environment, check=False).stdout.strip()

        # The sentence of a failure is in its log.
        wait_until(lambda: not waiting(), "the workstation has handed it on", 45)
    finally:
        with open(os.path.join(printer.root, "log", "error"), encoding="utf-8", errors="replace") as file:
            print(file.read()[-3000:])
        printer.stop()


def by_the_backend_of_dns_sd(client, world, folder):
    """CUPS' own search lists it as a printer without a driver."""
    lines = client.run("/usr/lib/cups/backend/dnssd").stdout
    if lines:
        assert "_ipps._tcp.local/" in lines, lines


def wrong_person(client, uri):
    """Who has no account there prints nothing; who gives another's name needs his password."""
    done = client.run("ipptool", "-tf", os.path.join(client.folder, "hosts"), uri.replace("ipps://", "ipps://%s:wrong@" % quote(GRACE, safe="")),
                      "/usr/share/cups/ipptool/print-job.test")
    assert done.returncode != 0, done.stdout


# ---- the network's own DNS --------------------------------------------------------------------------------------------

NAMED = """options {{ directory "{folder}"; listen-on port 53 {{ {address}; 127.0.0.1; }}; listen-on-v6 {{ none; }}; pid-file none; recursion no;
 session-keyfile "{folder}/session.key"; managed-keys-directory "{folder}"; dnssec-validation no; allow-query {{ any; }}; }};
controls {{ }};
zone "{domain}" {{ type primary; file "{folder}/zone"; }};
"""


def story_queues_are_found_by_the_networks_own_dns(_):
    needed()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        run_apart(os.path.abspath(__file__), "play_unicast", folder)


def play_unicast(folder):
    drop_ambient()
    with Floor(OURS, THEIRS) as floor, World(folder=os.path.join(folder, "world")) as world:
        world.programs.wait_agent()
        admin = world.admin
        printer = next(p for p in admin.all("/v1/printers") if p["name"] == "lobby")
        admin.post("/v1/queues", {"name": "odd", "kind": "direct", "printer": printer["id"], "title": 'Büro "Süd"; 2. Stock (\\neu)'})
        open_door(world, queues=["pull", "lobby", "odd"], plain=True, dns_sd=False)
        records = admin.get("/v1/agents/%s/dns-records" % agent_of(world)["id"])
        equal((records["domain"], records["host"], records["port"]), (DOMAIN, "print." + DOMAIN, 631), "what they are for")
        zone = "$TTL 3600\n@ IN SOA ns hostmaster 1 3600 600 86400 3600\n@ IN NS ns\nns IN A {0}\nprint IN A {0}\n".format(OURS) + records["zone"]
        with open(os.path.join(folder, "zone"), "w", encoding="utf-8") as file:
            file.write(zone)
        done = subprocess.run(["named-checkzone", DOMAIN, os.path.join(folder, "zone")], capture_output=True, text=True, check=False)
        equal((done.returncode, "warning" in done.stdout), (0, False), "named-checkzone: " + done.stdout)
        with open(os.path.join(folder, "named.conf"), "w", encoding="utf-8") as file:
            file.write(NAMED.format(folder=folder, address=OURS, domain=DOMAIN))
        with open(os.path.join(folder, "named.log"), "wb") as log:
            start("named", "-f", "-g", "-c", os.path.join(folder, "named.conf"), log=log)

        def dig(name, kind):
            asked = floor.run(["dig", "+short", "+time=1", "+tries=1", "@" + OURS, name + "." + DOMAIN, kind])
            return asked.stdout.decode().splitlines() if asked.returncode == 0 else []

        wait_until(lambda: dig("print", "A") == [OURS], "the name server answers", 30)
        equal(dig("b._dns-sd._udp", "PTR"), [DOMAIN + "."], "where to browse")
        for service in ("_ipps._tcp", "_ipp._tcp", "_universal._sub._ipps._tcp", "_print._sub._ipp._tcp"):
            equal(len(dig(service, "PTR")), 3, service)
        instance = next(name for name in dig("_ipps._tcp", "PTR") if "neu" in name)
        equal(floor.run(["dig", "+short", "@" + OURS, instance, "SRV"]).stdout.decode().strip(), "0 0 631 print.%s." % DOMAIN, "SRV")
        texts = floor.run(["dig", "+short", "@" + OURS, instance, "TXT"]).stdout.decode()
        assert '"rp=ipp/print/demo/odd"' in texts and '"air=username,password"' in texts, texts
        # The words of the command line are the same.
        admin_line = CommandLine(world, "admin")
        admin_line.login("admin@demo.example")
        equal(admin_line.run("agent", "dns-records", agent_of(world)["name"])[0], records["zone"], "what the command line prints")
        # And who follows them prints.
        done = floor.run(["ipptool", "-t", "ipp://%s:631/ipp/print/demo/pull" % OURS, "/usr/share/cups/ipptool/get-printer-attributes.test"],
                         env=dict(os.environ, HOME=folder))
        equal(done.returncode, 0, done.stdout.decode())

