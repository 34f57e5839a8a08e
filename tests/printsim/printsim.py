#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""printsim: virtual printers that know the truth.

    printsim.py --config FILE                          printers from a JSON file
    printsim.py --state DIR NAME=KIND[:PORT] ...       printers from the command line

FILE: {"state": DIR, "paper": DIR, "truth": FILE, "control": SOCKET, "host": "127.0.0.1", "printers": [PRINTER, ...]}
PRINTER: {"name", "kind": ipp|ipps|raw|lpd, "port", "paper", "formats", "colour", "duplex", "media", "trays", "uuid",
"model", "serial", "location", "pjl" (raw: talks back), "queue" (lpd), "print_ms", "job_ids", "temper": {...}}

What is left out has a default below the state folder. A whole document becomes one file of paper/NAME/. When every port
listens, one line "READY {...}" with the ports is printed. The control socket takes one JSON object per line:

    {"do": "temper", "printer": NAME, "mode": ..., ...}     see Temper in printer.py
    {"do": "reboot", "printer": NAME, "ms": 300}
    {"do": "paper", "printer": NAME, "empty": true}
    {"do": "load", "printer": NAME, "trays": [{"source", "width", "height" (1/100 mm), "type", "level", "capacity"}, ...]}
    {"do": "status"}

and answers {"ok": true, ...} when the change holds. SIGKILL is an ordinary way to stop it: the same command starts it
again, with the same certificates and the same truth log.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from ipp import IppPrinter  # noqa: E402
from lpd import LpdPrinter  # noqa: E402
from printer import Temper  # noqa: E402
from raw import RawPrinter  # noqa: E402
from truth import Truth  # noqa: E402

KINDS = {"ipp": IppPrinter, "ipps": IppPrinter, "raw": RawPrinter, "lpd": LpdPrinter}


class World:
    def __init__(self, config):
        self.state = config["state"]
        os.makedirs(self.state, exist_ok=True)
        self.host = config.get("host", "127.0.0.1")
        self.paper_root = config.get("paper") or os.path.join(self.state, "paper")
        self.truth = Truth(config.get("truth") or os.path.join(self.state, "truth.jsonl"))
        self.control = config.get("control") or os.path.join(self.state, "control")
        self.printers = {p["name"]: KINDS[p["kind"]](p, self) for p in config["printers"]}

    def paper_folder(self, name):
        return os.path.join(self.paper_root, name)

    def certificate(self, name):
        """A self-signed certificate, made once and kept: a printer's identity survives its reboot."""
        certificate = os.path.join(self.state, name + ".crt")
        key = os.path.join(self.state, name + ".key")
        if not (os.path.exists(certificate) and os.path.exists(key)):
            fresh = certificate + ".new"
            command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
            command += ["-days", "3650", "-subj", "/CN=localhost", "-keyout", key, "-out", fresh]
            command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            os.rename(fresh, certificate)
        return certificate, key

    def start(self):
        for printer in self.printers.values():
            printer.start()
        if os.path.exists(self.control):
            os.unlink(self.control)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.control)
        listener.listen(16)
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()
        ports = {p.name: {"kind": p.settings["kind"], "port": p.port} for p in self.printers.values()}
        print("READY " + json.dumps(ports), flush=True)

    def accept(self, listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self.obey, args=(connection,), daemon=True).start()

    def obey(self, connection):
        with connection, connection.makefile("rw") as lines:
            for line in lines:
                try:
                    answer = {"ok": True, **(self.command(json.loads(line)) or {})}
                except (ValueError, KeyError, TypeError) as error:
                    answer = {"ok": False, "error": repr(error)}
                lines.write(json.dumps(answer) + "\n")
                lines.flush()

    def command(self, order):
        do = order.pop("do")
        if do == "status":
            return {
                "printers": {
                    p.name: dict(p.counts, mode=p.temper.mode, port=p.port, open=len(p.connections))
                    for p in self.printers.values()
                }
            }
        printer = self.printers[order.pop("printer")]
        if do == "temper":
            printer.set_temper(Temper(**order))
        elif do == "reboot":
            printer.reboot(**order)
        elif do == "paper":
            printer.out_of_paper(bool(order["empty"]))
        elif do == "load":
            printer.trays = order["trays"]
        else:
            raise ValueError("no such order: %s" % do)
        return None


def from_flags(words, state):
    printers = []
    for word in words:
        name, _, kind = word.partition("=")
        kind, _, port = kind.partition(":")
        printers.append({"name": name, "kind": kind, "port": int(port or 0)})
    return {"state": state, "printers": printers}


def main():
    parser = argparse.ArgumentParser(description="virtual printers that know the truth")
    parser.add_argument("--config")
    parser.add_argument("--state", default="printsim-state")
    parser.add_argument("printers", nargs="*", metavar="NAME=KIND[:PORT]")
    arguments = parser.parse_args()
    if arguments.config:
        with open(arguments.config, encoding="utf-8") as file:
            config = json.load(file)
    else:
        config = from_flags(arguments.printers, arguments.state)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    World(config).start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    os._exit(0)


if __name__ == "__main__":
    main()
