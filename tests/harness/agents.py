# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Agents beside the world's own: another program, or one that a story plays itself, with its key, its protocol and what it carries."""

import configparser
import json
import ssl
import subprocess
import uuid

from .client import Connection, Refused, is_json
from .process import Program

INCARNATION = "5eed"


def settings_of(world, name):
    """Those of the world's agent, with a folder of its own, and without readers."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(world.path("agent.ini"))
    settings.set("agent", "state", world.path(name))
    for option in settings.options("readers"):
        if option in ("tcpconv", "tcpconv2", "ethernet241"):
            settings.set("readers", option, "0")
    with open(world.path(name + ".ini"), "w", encoding="utf-8") as file:
        settings.write(file)
    return world.path(name + ".ini")


def program_of(world, name, ready=lambda: True):
    return Program(name, [world.programs.built("imprimatur-agent"), "--config", world.path(name + ".ini")], world.path(name + ".log"), ready)


def second_agent(world, site):
    made = world.admin.post("/v1/agents", {"name": "second", "site": site})
    settings_of(world, "second")
    world.programs.run("imprimatur-agent", "--config", world.path("second.ini"), "--enrol", "-", text=made["code"] + "\n")
    return program_of(world, "second", lambda: world.admin.get("/v1/agents/" + made["id"])["connected"])


def agent_connection(world, name):
    """A connection as agents make it, with a key that nobody has seen."""
    key, certificate = world.path(name + ".key"), world.path(name + ".pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(command + ["-subj", "/CN=agent", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    connection = Connection(world.ports["service"], world.programs.authority())
    connection.context = ssl.create_default_context(cafile=world.programs.authority())
    connection.context.load_cert_chain(certificate, key)
    connection.context.set_alpn_protocols(["imprimatur-agent"])
    return connection


class PlayedAgent:
    def __init__(self, world, admin, **more):
        self.name = "t" + uuid.uuid4().hex[:16]
        made = admin.post("/v1/agents", {"name": self.name, **more})
        self.id, self.admin, self.connection = made["id"], admin, agent_connection(world, self.name)
        self.call("POST", "/v1/agent/enrolment", {"code": made["code"], "name": "x"})
        self.call("POST", "/v1/agent/incarnation", {"incarnation": INCARNATION, "starts": 0, "journal": []})

    def call(self, method, path, body=None):
        sent = {"Content-Type": "application/json"} if body is not None else {}
        status, answered, content = self.connection.request(method, path, json.dumps(body).encode() if body is not None else None, sent)
        kind = next((v for k, v in answered.items() if k.lower() == "content-type"), "")
        value = json.loads(content) if content and is_json(kind) else content
        if not 200 <= status < 300:
            raise Refused(status, value)
        return value

    def printer(self):
        """A printer of its own."""
        return self.admin.post("/v1/printers", {"name": "t" + uuid.uuid4().hex[:16], "addresses": ["socket://localhost:9"],
                                                "formats": ["application/pdf"], "agent": self.id})

    def reader(self):
        """A reader of its own at a printer of its own: the ids of both."""
        printer = self.printer()["id"]
        return self.admin.post("/v1/readers", {"name": "t" + uuid.uuid4().hex[:16], "agent": self.id, "model": "tcpconv",
                                               "address": uuid.uuid4().hex[:16], "printer": printer})["id"], printer

    def swipe(self, reader, badge):
        return self.call("POST", "/v1/agent/swipes", {"reader": reader, "badge": badge, "swipe": str(uuid.uuid4()), "incarnation": INCARNATION})

    def sees(self, serial, address="192.0.2.9", **more):
        """A printer that nobody knows: its id among the discovered ones."""
        seen = {"address": address, "via": ["snmp"], "identity": {"serial": serial}, **more}
        answer = self.call("POST", "/v1/agent/sightings", {"purpose": "status", "sightings": [seen]})
        assert answer["taken"] == 1, answer
        return next(d["id"] for d in self.admin.all("/v1/discovered-printers?which=all") if d["identity"]["serial"] == serial)

    def lease(self, delivery):
        """The offer of that delivery, which somebody released to a printer of its own."""
        offers = self.call("POST", "/v1/agent/leases", {"incarnation": INCARNATION})["deliveries"]
        return next(offer for offer in offers if offer["delivery"] == delivery)

    def arm(self, offer):
        body = {"epoch": offer["epoch"], "incarnation": INCARNATION, "nonce": "n"}
        return self.call("POST", "/v1/agent/deliveries/%s/arm" % offer["delivery"], body)
