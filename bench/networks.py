# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Looking through a network for printers: addresses a second, octets a printer, memory; beside net-snmp's own commands, one an address, as many
at once as make them quickest. The printers are tests/fleet, in a network namespace of its own."""

import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "tests"), HERE]

from harness.apart import run_apart  # noqa: E402
from harness.looking import FLEET_USER, PUBLIC, Fleet, look, route_here, route_nowhere  # noqa: E402

SLICE = 250  # addresses that the peer is given of each round: it needs a process each
PEER = ["snmpget", "-t", "1", "-r", "1", "-Oqn"]
TREES = ("1.3.6.1.2.1.1", "1.3.6.1.2.1.2.2.1.6", "1.3.6.1.2.1.25.3", "1.3.6.1.2.1.43", "1.3.6.1.2.1.47", "1.3.6.1.4.1.2699")


def spread(values):
    return "%.4g (%.4g to %.4g)" % (statistics.median(values), min(values), max(values))


def order(network):
    return {"ranges": [network], "ways": ["snmp"], "packets_per_second": 10_000, "window": 4096, "timeout_ms": 1000, "retries": 1}


def peer(addresses, *words):
    """Addresses a second of a loop of commands, 64 at a time."""

    def ask(address):
        subprocess.run([*words, address, "1.3.6.1.2.1.43.5.1.1.17.1"], capture_output=True, check=False)

    began = time.monotonic()
    with ThreadPoolExecutor(64) as pool:
        list(pool.map(ask, addresses))
    return len(addresses) / (time.monotonic() - began)


def measure(version, rounds):
    """In a namespace: one line of JSON."""
    route_here("10.7.0.0/16")
    is_v3 = version == "3"
    fleet = Fleet("10.7.0.0/16", 1000, 500, 1, *(["--v3"] if is_v3 else []))
    words = PEER + (["-v3", "-l", "authPriv", "-u", "fleet", "-a", "SHA-256", "-A", "fleet-passphrase", "-x", "AES", "-X", "fleet-privacy"] if is_v3
                    else ["-v2c", "-c", "public"])
    found = {"ours": [], "peer": [], "octets": [], "memory_kib": [], "printers": []}
    for turn in range(int(rounds)):
        fleet.move(turn + 1)
        sightings, counted = look(order("10.7.0.0/16"), [FLEET_USER if is_v3 else PUBLIC])
        found["ours"].append(counted["asked"] * 1e6 / counted["us"])
        found["octets"].append(counted["printer_octets"] / counted["found"])
        found["memory_kib"].append(counted["memory_kib"])
        found["printers"].append(counted["found"])
        # As many of those that answer as there are in the whole network.
        answering = [sighting["address"] for sighting in sightings[:SLICE * 1500 // 65534]]
        addresses = answering + ["10.7.%d.%d" % (255, n) for n in range(1, SLICE - len(answering) + 1)]
        found["peer"].append(peer(addresses, *words))
    fleet.stop()
    print(json.dumps(found))


def silent(rounds):
    """Where nobody is, by SNMP and by opening connections."""
    count = route_nowhere("10.7.0.0/16")
    found = {"addresses": [], "packets": [], "opening": [], "memory_kib": []}
    for _ in range(int(rounds)):
        before = count()
        _, counted = look(order("10.7.0.0/16") | {"ways": ["snmp", "ipp"]})
        found["addresses"].append(counted["asked"] * 1e6 / counted["us"])
        found["packets"].append((count() - before) * 1e6 / counted["us"])
        found["opening"].append(counted["opening"])
        found["memory_kib"].append(counted["memory_kib"])
    print(json.dumps(found))


def walk(rounds):
    """The same values by snmpbulkwalk: octets, as the device counts them."""
    route_here("10.7.0.0/24")
    fleet = Fleet("10.7.0.0/24", 1)
    (printer,), _ = look({"ranges": ["10.7.0.0/24"], "ways": ["snmp"], "packets_per_second": 5000})
    before = fleet.octets()
    for tree in TREES:
        subprocess.run(["snmpbulkwalk", "-v2c", "-c", "public", "-Oqn", printer["address"], tree], capture_output=True, check=False)
    print(json.dumps({"ours": printer["octets"], "peer": fleet.octets() - before}))
    fleet.stop()


class Networks:
    def __init__(self, bench):
        self.bench = bench

    def networks(self):
        report = self.bench.report
        report.section("Looking through 65,534 addresses, 1,000 of them printers")
        for version, name in (("2c", "SNMPv2c"), ("3", "SNMPv3, SHA-256 and AES-128")):
            found = json.loads(run_apart(__file__, "measure", version, str(self.bench.options.rounds), seconds=1800).splitlines()[-1])
            ratio = sum(found["ours"]) / sum(found["peer"])
            report.row(name, "addresses a second %s   snmpget, 64 at a time %s: %.3g times" % (spread(found["ours"]), spread(found["peer"]), ratio))
            report.row("  found, octets a printer, memory", "%s   %s   %s KiB" % (spread(found["printers"]), spread(found["octets"]), spread(found["memory_kib"])))
        found = json.loads(run_apart(__file__, "silent", str(self.bench.options.rounds), seconds=1800).splitlines()[-1])
        report.row("silent, by SNMPv2c and connections, cap 10,000", "addresses a second %s   packets a second on the wire %s   connections at once %s   %s KiB"
                   % tuple(spread(found[name]) for name in ("addresses", "packets", "opening", "memory_kib")))
        octets = json.loads(run_apart(__file__, "walk", "1", seconds=300).splitlines()[-1])
        report.row("octets a printer, as the wire has them", "%d   snmpbulkwalk of the same tables %d: %.2f times"
                   % (octets["ours"], octets["peer"], octets["ours"] / octets["peer"]))
