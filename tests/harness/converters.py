# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Conversion servers: the real program, in as many processes as a story wants, and one that a story plays itself."""

import json
import os
import sys
import uuid

from .agents import agent_connection
from .client import Refused, is_json
from .process import Program, wait_until
from .programs import write_ini

# Takes a document whole, says so, and never answers.
STUCK = """#!%(python)s
import os, sys, time
parent, end = os.getppid(), time.monotonic() + 60  # whoever started it may be gone already
if "--formats" in sys.argv:
    os.execv(%(render)r, [%(render)r, "--formats"])
sys.stdin.buffer.read()
open(%(marker)r, "w").close()
while os.getppid() == parent and time.monotonic() < end:
    time.sleep(0.05)
"""

# Reads nothing but PDF.
PDF_ONLY = """#!%(python)s
import os, sys
if "--formats" in sys.argv:
    print("application/pdf")
else:
    os.execv(%(render)r, [%(render)r] + sys.argv[1:])
"""


def renderer(world, name, text):
    """A program in the place of imprimatur-render; its path, and that of the file by which it says that it is at work."""
    path, marker = world.path(name), world.path(name + ".begun")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text % {"python": sys.executable, "render": world.programs.built("imprimatur-render"), "marker": marker})
    os.chmod(path, 0o755)
    return path, marker


class Converter:
    """Let in by the operator, with a folder of its own; settings: {"render.cells": 1}."""

    def __init__(self, world, name=None, settings=None, **more):
        self.world, self.name = world, name or "c" + uuid.uuid4().hex[:12]
        self.config, self.log = world.path(self.name + ".ini"), world.path(self.name + ".log")
        made = world.operator.post("/v1/converters", {"name": self.name})
        self.id, self.is_revoked = made["id"], False
        self.write_settings(settings or {}, **more)
        world.programs.run("imprimatur-converter", "--config", self.config, "--enrol", "-", text=made["code"] + "\n")
        self.program = Program(self.name, [world.programs.built("imprimatur-converter"), "--config", self.config], self.log, self.is_connected)

    def write_settings(self, settings, port=None, ca=None):
        sections = {
            "service": {"url": "https://localhost:%d" % (port or self.world.ports["service"]), "ca": ca or self.world.programs.authority()},
            "converter": {"state": self.world.path(self.name), "name": self.name},
        }
        for name, value in settings.items():
            section, _, name = name.partition(".")
            sections.setdefault(section, {})[name] = value
        write_ini(self.config, sections)

    def row(self):
        return self.world.operator.get("/v1/converters/" + self.id)

    def is_connected(self):
        return self.row()["connected"] and self.row()["formats"]

    def start(self):
        self.program.start()
        return self

    def kill(self):
        self.program.kill()

    def stop(self):
        self.program.stop()

    def revoke(self):
        self.world.operator.delete("/v1/converters/" + self.id)
        self.is_revoked = True

    def said(self, words):
        with open(self.log, encoding="utf-8") as file:
            return words in file.read()


class Team:
    """The conversion servers of one story, which are gone after it."""

    def __init__(self, world):
        self.world, self.members = world, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for member in self.members:
            member.kill()
            if not member.is_revoked:
                member.revoke()

    def good(self, **settings):
        self.members.append(Converter(self.world, settings={"render.cells": 1, **settings}))
        return self.members[-1]

    def stuck(self, **settings):
        """One that takes a document and never answers, at work; and the path of the file that says that it has begun."""
        program, marker = renderer(self.world, "stuck-" + uuid.uuid4().hex[:8], STUCK)
        return self.good(**{"render.program": program, **settings}).start(), marker


class PlayedConverter:
    def __init__(self, world, formats=("application/pdf",)):
        self.world, self.name = world, "t" + uuid.uuid4().hex[:16]
        made = world.operator.post("/v1/converters", {"name": self.name})
        self.id, self.connection = made["id"], agent_connection(world, self.name)
        self.call("POST", "/v1/converter/enrolment", {"code": made["code"], "name": "x"})
        self.call("PUT", "/v1/converter/formats", {"formats": list(formats)})

    def call(self, method, path, body=None):
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        octets = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        status, answered, content = self.connection.request(method, path, octets, {"Content-Type": kind} if body is not None else {})
        kind = next((v for k, v in answered.items() if k.lower() == "content-type"), "")
        value = json.loads(content) if content and is_json(kind) else content
        if not 200 <= status < 300:
            raise Refused(status, value)
        return value

    def begin(self, **more):
        """A work; None where there is none."""
        return self.call("POST", "/v1/converter/works", more) or None

    def wait_work(self, **more):
        found = []

        def has_one():
            found.extend(work for work in [self.begin(**more)] if work)
            return found

        wait_until(has_one, "there is work", 10)
        return found[0]

    def path(self, work, what):
        return "/v1/converter/works/%s/%s" % (work["work"] if isinstance(work, dict) else work, what)

    def document(self, work, offset=0):
        return self.call("GET", self.path(work, "document?offset=%d" % offset))

    def frames(self, work, octets, offset=0):
        return self.call("POST", self.path(work, "frames?offset=%d" % offset), octets)

    def outcome(self, work, outcome, **more):
        return self.call("POST", self.path(work, "outcome"), {"outcome": outcome, **more})


def frame(kind, octets=b""):
    return kind.encode() + len(octets).to_bytes(4, "big") + octets
