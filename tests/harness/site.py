# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""An agent's own doors and stores: a site with an IPP and an LPD door, which goes on while its service is away."""

import os
import socket

from . import demo_world
from .client import Connection, Refused
from .process import accepts, free_ports, wait_until
from .scratch import folder_in_memory

HOLDER = "alan@demo.example"
BADGE = "04F00DBEEF"
QUEUE = "home"


def log_count(world, event):
    with open(world.programs.log("agent"), encoding="utf-8", errors="replace") as file:
        return sum('"event":"%s"' % event in line for line in file)


def deposits(world):
    """What lies at the agent and waits for the service."""
    return [n for n in os.listdir(world.path("agent", "deposits")) if not n.startswith(".")]


class Site:
    """The settings of an agent with an IPP and an LPD door, and with a key for offline release in memory alone."""

    def __init__(self):
        self.runtime = folder_in_memory()
        self.lpd, self.ipp = free_ports(2)
        self.settings = {
            "offline.runtime": self.runtime, "ipp.listen": "127.0.0.1", "lpd.listen": "127.0.0.1", "lpd.patience": "5s", "ipp.unproven": "yes",
            "deposits.again": "1s", "deposits.reserve": "1M",
        }

    def open_doors(self, world):
        admin = world.admin
        self.set_doors(admin, "pull")
        admin.post("/v1/submitters", {"network": "127.0.0.0/8", "user": "*", "domain": demo_world.MAIL_DOMAIN})
        wait_until(lambda: accepts(self.ipp) and accepts(self.lpd), "the agent's doors are open")
        # Known are by then the key of the box that deposits go into, and what the queue can do.
        wait_until(lambda: any(n.startswith("shown-") for n in os.listdir(world.path("agent"))), "the queue was looked at")
        world.ports["lpd"] = self.lpd
        world.door = self.connection(world)

    def set_doors(self, admin, *queues):
        own = next(a for a in admin.all("/v1/agents") if a["name"] == demo_world.AGENT)
        admin.put("/v1/agents/%s/doors" % own["id"], {
            "ipp": {"port": self.ipp, "queues": list(queues), "dns_sd": False},
            "lpd": {"port": self.lpd, "queues": list(queues), "networks": ["127.0.0.0/8"]},
        })

    def connection(self, world):
        """To the IPP door; one is kept, until the agent is killed."""
        return Connection(self.ipp, world.path("agent", "ipp-certificate.pem"))

    def move_in(self, world):
        """All of it becomes a site that goes on by itself: jobs of one queue are at home there."""
        admin = world.admin
        place = admin.post("/v1/sites", {"name": "alone"})["id"]
        own = next(a for a in admin.all("/v1/agents") if a["name"] == demo_world.AGENT)
        admin.patch("/v1/agents/" + own["id"], {"site": place})
        for printer in world.printers.values():
            admin.patch("/v1/printers/" + printer, {"site": place})
        admin.post("/v1/queues", {"name": QUEUE, "title": "At home", "kind": "pull"})
        self.set_doors(admin, "pull", QUEUE)
        admin.post("/v1/people/%s/badges" % world.people[HOLDER], {"number": BADGE})
        admin.put("/v1/sites/%s/offline" % place, {"enabled": True, "hours": 1, "queues": [QUEUE]})
        wait_until(lambda: log_count(world, "snapshot-taken"), "the agent knows who may release", 60)


def say_by_lpd(port, user, name, number, document, queue="pull"):
    """One job, as rlpr sends it; only where every answer was yes it was taken."""
    host = "host"
    control = "H%s\nP%s\nJ%s\nldfA%03d%s\nUdfA%03d%s\nN%s\n" % (host, user, name, number, host, number, host, name)
    steps = (b"\2%s\n" % queue.encode(), b"\2%d cfA%03d%s\n" % (len(control), number, host.encode()), control.encode() + b"\0",
             b"\3%d dfA%03d%s\n" % (len(document), number, host.encode()), document + b"\0")
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        sock.settimeout(30)
        for step in steps:
            sock.sendall(step)
            answer = sock.recv(1)
            if not answer:
                raise ConnectionResetError("it hung up")
            if answer != b"\0":
                raise Refused(503 if answer == b"\2" else 422, {"lpd": answer[0]})
