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

    # ---- settings ---------------------------------------------------------------------------------------------

    def authority(self):
        return self.world.path("ca.pem")

    def make_certificates(self):
        """A small authority of this world, and the service's certificate of it; made once."""
        path = self.world.path
        if os.path.exists(path("service.pem")):
            return

        def openssl(*arguments, **more):
            command = ["openssl", *arguments]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)

        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl("req", "-x509", *key, "-days", "3650", "-subj", "/CN=Imprimatur demo authority",
                "-keyout", path("ca-key.pem"), "-out", path("ca.pem"),
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        openssl("req", *key, "-subj", "/CN=localhost", "-keyout", path("service-key.pem"), "-out", path("service.csr"))
        with open(path("service.ext"), "w", encoding="utf-8") as file:
            names = ["DNS:localhost", "IP:127.0.0.1", "IP:::1", *("IP:" + a for a in self.world.addresses)]
            file.write("subjectAltName=%s\nextendedKeyUsage=serverAuth\n" % ",".join(names))
        openssl("x509", "-req", "-in", path("service.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca-key.pem"),
                "-CAcreateserial", "-days", "800", "-extfile", path("service.ext"), "-out", path("service.new"))
        os.chmod(path("service-key.pem"), 0o600)
        os.rename(path("service.new"), path("service.pem"))

    def settings(self, program, sections):
        """The sections, with what the world's own settings put in their place."""
        for name, value in self.world.settings.get(program, {}).items():
            section, _, name = name.partition(".")
            # "{world}" stands for the world's folder.
            sections.setdefault(section, {})[name] = str(value).replace("{world}", self.world.folder)
        write_ini(self.world.path(program + ".ini"), sections)

    def write_settings(self):
        path, ports = self.world.path, self.world.ports
        self.settings(
            "keeper",
            {"keeper": {"socket": path("keeper.sock"), "state": path("keeper"), "master_key": path("master.key")}},
        )
        self.settings(
            "service",
            {
                "server": {"listen": "127.0.0.1:%d" % ports["service"], "state": path("service")},
                "tls": {"certificate": path("service.pem"), "key": path("service-key.pem")},
                "keeper": {"socket": path("keeper.sock")},
                "delivery": {"trace": "yes"},
                "render": {"converters": "yes"},
            },
        )
        readers = {r["model"]: ports[r["model"]] for r in demo.READERS}
        self.settings(
            "agent",
            {
                "service": {"url": "https://localhost:%d" % ports["service"], "ca": path("ca.pem")},
                "agent": {"state": path("agent"), "name": demo.AGENT},
                "readers": dict({"listen": "127.0.0.1"}, **readers),
            },
        )

    # ---- the first time ---------------------------------------------------------------------------------------

    def prepare(self):
        self.make_certificates()
        self.write_settings()
        if not os.path.exists(self.world.path("master.key")):
            self.run("imprimatur-keeper", "--config", self.world.path("keeper.ini"), "--make-master-key")

    def run(self, program, *arguments, text=None):
        command = [self.built(program), *arguments]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode:
            raise RuntimeError("%s: %s%s" % (" ".join(command), done.stdout, done.stderr))
        return done.stdout

    def init(self):
        """The tenant and its administrator, once. The keeper must be up."""
        marker = self.world.path("initialised")
        if os.path.exists(marker):
            return
        words = ["--tenant", demo.TENANT, "--title", demo.TITLE, "--company-code", demo.COMPANY_CODE]
        words += ["--mail-domain", demo.MAIL_DOMAIN, "--administrator", demo.ADMINISTRATOR]
        self.run("imprimaturd", "--config", self.world.path("service.ini"), "--init", *words, text=demo.PASSWORD + "\n")
        words = ["--tenant", demo.OPERATORS, "--mail-domain", demo.OPERATORS_DOMAIN, "--operator", demo.OPERATOR]
        self.run("imprimaturd", "--config", self.world.path("service.ini"), "--add-operator", *words, text=demo.PASSWORD + "\n")
        with open(marker, "w", encoding="utf-8"):
            pass

    def enrol(self, code):
        """The agent makes its key and tells the service the one-time code."""
        self.run("imprimatur-agent", "--config", self.world.path("agent.ini"), "--enrol", "-", text=code + "\n")

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

    def add(self, name, program):
        """One more, which ends with the others."""
        self.programs[name] = program

    def stop(self):
        for name in [n for n in self.programs if n not in ORDER] + list(reversed(ORDER)):
            self.programs[name].stop()

    def tails(self):
        out = ""
        for name in ORDER:
            lines = [l for l in self.programs[name].tail(20_000).splitlines() if '"event":"transition"' not in l]
            out += "\n---- %s\n%s" % (name, "\n".join(line[:300] for line in lines[-12:]))
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
