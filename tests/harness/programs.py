# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""How each program is started: its command line, its settings, and the moment from which it is ready."""

import http.client
import os
import socket
import ssl
import subprocess
import sys

from . import ROOT, demo_world as demo
from .process import Program, accepts, wait_until

ORDER = ("printsim", "keeper", "service", "agent")


def write_ini(path, sections):
    with open(path, "w", encoding="utf-8") as file:
        for section, values in sections.items():
            file.write("[%s]\n" % section)
            for name, value in values.items():
                file.write("%s = %s\n" % (name, value))
            file.write("\n")


def listens_seqpacket(path):
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
            probe.connect(path)
        return True
    except OSError:
        return False


class Programs:
    def __init__(self, world):
        self.world = world
        self.programs = {
            "printsim": self._program(
                "printsim",
                [sys.executable, os.path.join(ROOT, "tests", "printsim", "printsim.py")],
                ["--config", world.path("printsim.json")],
                self._printsim_ready,
            ),
            "keeper": self._program("keeper", [self.built("imprimatur-keeper")], ["--config", world.path("keeper.ini")],
                                    lambda: listens_seqpacket(world.path("keeper.sock"))),
            "service": self._program("service", [self.built("imprimaturd")], ["--config", world.path("service.ini")],
                                     self._service_ready),
            "agent": self._program("agent", [self.built("imprimatur-agent")], ["--config", world.path("agent.ini")],
                                   self._agent_ready),
        }

    def built(self, name):
        return os.path.join(self.world.build, "src", name)

    def _program(self, name, command, arguments, ready):
        return Program(name, command + arguments, self.log(name), ready)

    def __getitem__(self, name):
        return self.programs[name]

    def log(self, name):
        return self.world.path(name + ".log")

    # ---- life -------------------------------------------------------------------------------------------------

    def start(self, name, wait=True):
        return self.programs[name].start(wait)

    def kill(self, name):
        self.programs[name].kill()

    def restart(self, name):
        self.programs[name].restart()

    def ended(self):
        """Programs that were started and run no more."""
        return [n for n in ORDER if self.programs[n].process is not None and not self.programs[n].running()]

    def stop(self):
        for name in reversed(ORDER):
            self.programs[name].stop()

    def tails(self):
        out = ""
        for name in ORDER:
            out += "\n---- %s\n%s" % (name, self.programs[name].tail())
        return out

    def wait_agent(self):
        """The agent is up and the service hears it."""
        self.programs["agent"].wait_ready()
        admin = self.world.admin
        wait_until(lambda: any(a["connected"] for a in admin.all("/v1/agents")), "the agent is connected", 30, 0.05)

    # ---- ready? -----------------------------------------------------------------------------------------------

    def _printsim_ready(self):
        # The line of this start: the log is appended to, and a SIGKILL may have torn an older one.
        with open(self.log("printsim"), encoding="utf-8") as file:
            return sum(line.startswith("READY ") for line in file) >= self.programs["printsim"].starts

    def _service_ready(self):
        context = ssl.create_default_context(cafile=self.authority())
        connection = http.client.HTTPSConnection("localhost", self.world.ports["service"], timeout=5, context=context)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _agent_ready(self):
        return all(accepts(self.world.ports[r["model"]]) for r in demo.READERS)
