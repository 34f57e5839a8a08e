# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Printers that wait to be found, in a network namespace of their own, and the agent's scan without an agent (tests/fleet)."""

import json
import os
import shutil
import signal
import subprocess

from . import ROOT
from .process import wait_until
from .story import skip

BUILD = os.environ.get("IMPRIMATUR_BUILD", os.path.join(ROOT, "build"))
PROGRAMS = os.path.join(BUILD, "tests", "fleet")
PUBLIC = {"version": "2c", "community": "public"}
FLEET_USER = {
    "version": "3",
    "user": "fleet",
    "auth": {"protocol": "sha-256", "passphrase": "fleet-passphrase"},
    "privacy": {"protocol": "aes-128", "passphrase": "fleet-privacy"},
}


def route_here(network):
    """Every address of it is this machine's (AnyIP)."""
    subprocess.run(["ip", "route", "add", "local", network, "dev", "lo"], check=True)


def route_nowhere(network):
    """Nobody is there, and nobody says so. Returns how many packets have gone there."""
    subprocess.run(["ip", "link", "add", "nowhere", "type", "veth", "peer", "name", "nobody"], check=True)
    for link in ("nowhere", "nobody"):
        subprocess.run(["ip", "link", "set", link, "arp", "off", "up"], check=True)
    subprocess.run(["ip", "address", "add", "192.0.2.1/32", "dev", "nowhere"], check=True)
    subprocess.run(["ip", "route", "add", network, "dev", "nowhere", "src", "192.0.2.1"], check=True)

    def count():
        said = subprocess.run(["ip", "-j", "-s", "link", "show", "nowhere"], capture_output=True, check=True).stdout
        return json.loads(said)[0]["stats64"]["tx"]["packets"]

    return count


def start(*command, log=subprocess.DEVNULL, **options):
    """Dies with the namespace it was started in."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)


class Fleet:
    def __init__(self, network, printers, others=0, seed=1, *more):
        command = [os.path.join(PROGRAMS, "fleet"), "--network", network, "--printers", str(printers), "--others", str(others), "--seed", str(seed), *more]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def move(self, seed):
        assert self.ask("seed %d" % seed) == "placed"

    def counts(self):
        """How many questions came, the most in one second, and how many went where nobody is."""
        return [int(word) for word in self.ask("counts").split()][:3]

    def octets(self):
        """Of those that went somewhere, both ways."""
        return int(self.ask("counts").split()[3])

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(30) == 0


def look(order, credentials=(PUBLIC,), purpose="discovery", printers=(), seconds=900):
    """One scan: the sightings, and what was counted."""
    said = {"order": order, "secrets": {"credentials": list(credentials), "printers": list(printers)}, "purpose": purpose}
    done = subprocess.run([os.path.join(PROGRAMS, "look")], input=json.dumps(said), capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[:-1], lines[-1]


def tried(sighting):
    return {row["way"]: row["outcome"] for row in sighting["tried"]}


def listens_udp(port):
    with open("/proc/net/udp", encoding="ascii") as file:
        return ":%04X " % port in file.read()


class SnmpSim:
    """snmpsim: a device at each of 127.0.1.1 to 127.0.1.count."""

    def __init__(self, folder, count, port, rows):
        if shutil.which("snmpsimd") is None:
            skip("snmpsim is not installed")
        data, cache, own = (os.path.join(folder, name) for name in ("data", "cache", "var"))
        os.makedirs(os.path.join(data, "public"))
        os.makedirs(cache)
        os.makedirs(own)
        words = ["snmpsimd", "--cache-dir=" + cache, "--variation-modules-dir=" + own, "--v2c-arch", "--max-varbinds=100000", "--data-dir=" + data,
                 "--logging-method=null"]
        for number in range(count):
            with open(os.path.join(data, "public", "1.3.6.1.6.1.1.%d.snmprec" % number), "w", encoding="utf-8") as file:
                for name, value in sorted(rows(number).items(), key=lambda row: tuple(map(int, row[0].split(".")))):
                    file.write("%s|%s\n" % (name, value))
            words.append("--agent-udpv4-endpoint=127.0.1.%d:%d" % (number + 1, port))
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)
            words += ["--process-user=nobody", "--process-group=nogroup"]
        self.process = start(*words)
        wait_until(lambda: listens_udp(port), "snmpsim listens", 120, process=self.process)

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Snmpd:
    """net-snmp's own agent with users of its own; what a printer would have beside is overridden."""

    def __init__(self, folder, port, users, overrides, passphrases=("one-passphrase", "another-passphrase"), writers=(), lines=()):
        program = shutil.which("snmpd", path="/usr/sbin:/usr/bin")
        if program is None:
            skip("snmpd is not installed")
        os.makedirs(os.path.join(folder, "kept"))
        path = os.path.join(folder, "snmpd.conf")
        with open(path, "w", encoding="utf-8") as file:
            for name, authentication, privacy in users:
                line = "createUser %s" % name
                if authentication:
                    line += " %s %s" % (authentication, passphrases[0])
                if privacy:
                    line += " %s %s" % (privacy, passphrases[1])
                level = "priv" if privacy else "auth" if authentication else "noauth"
                file.write(line + "\n%s %s %s\n" % ("rwuser" if name in writers else "rouser", name, level))
            file.write("sysDescr A printer of net-snmp\n" + "".join(line + "\n" for line in lines))
            for name, kind, value in overrides:
                file.write('override -rw .%s %s %s\n' % (name, kind, value))
        environment = {"PATH": "/usr/bin:/bin", "SNMP_PERSISTENT_DIR": os.path.join(folder, "kept"), "MIBS": ""}
        self.log = os.path.join(folder, "log")
        self.process = start(program, "-f", "-LF", "7", self.log, "-C", "-c", path, "-p", os.path.join(folder, "pid"), "udp:127.0.0.1:%d" % port,
                             env=environment)
        wait_until(lambda: listens_udp(port), "snmpd listens", 60, process=self.process)

    def stop(self):
        self.process.kill()
        self.process.wait()


BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>custom</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow receive_sender="*"/></policy></busconfig>
"""
AVAHI = """[server]
host-name=testhost
domain-name=local
use-ipv4=yes
use-ipv6=no
allow-interfaces=lo
enable-dbus=yes
disallow-other-stacks=no
ratelimit-interval-usec=1000000
ratelimit-burst=1000
[publish]
publish-addresses=yes
publish-hinfo=no
publish-workstation=no
"""


def start_avahi():
    """A bus and Avahi of this namespace's own, speaking over lo; /run has to be ours. Sets DBUS_SYSTEM_BUS_ADDRESS."""
    if not (shutil.which("avahi-daemon", path="/usr/sbin:/usr/bin") and shutil.which("dbus-daemon")):
        skip("Avahi is not installed")
    subprocess.run(["ip", "link", "set", "lo", "multicast", "on"], check=True)
    subprocess.run(["ip", "route", "add", "224.0.0.0/4", "dev", "lo"], check=True)
    os.makedirs("/run/avahi-daemon", exist_ok=True)
    for name, content in (("/run/bus.conf", BUS % "/run/bus.sock"), ("/run/avahi.conf", AVAHI)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(content)
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/run/bus.sock"
    bus = start("dbus-daemon", "--config-file=/run/bus.conf", "--nofork", "--nopidfile")
    wait_until(lambda: os.path.exists("/run/bus.sock"), "the bus listens", process=bus)
    avahi = start("/usr/sbin/avahi-daemon", "-f", "/run/avahi.conf", "--no-drop-root", "--no-chroot", "--no-rlimits", "--no-proc-title")
    wait_until(lambda: os.path.exists("/run/avahi-daemon/socket"), "Avahi listens", process=avahi)
