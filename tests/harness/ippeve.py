# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Printers of CUPS (ippeveprinter), one for each format: what arrived, and what it was told over IPP."""

import os
import socket
import subprocess

from . import ROOT
from .process import Program, free_ports, wait_until

# It ends where no D-Bus is, unless it is made to believe that there is one.
NO_AVAHI = os.path.join(ROOT, "tests", "interop", "ippeveprinter", "no-avahi.c")
# Of each document: it itself, and then what the printer was told.
RECORD = '#!/bin/sh\ncp "$1" "%s/$IPP_JOB_ID.doc" && env | grep "^IPP_" >"%s/.$IPP_JOB_ID" && mv "%s/.$IPP_JOB_ID" "%s/$IPP_JOB_ID.told"\n'
PROGRAM = "/usr/sbin/ippeveprinter"


def is_there():
    return os.access(PROGRAM, os.X_OK)


class Printer:
    """In a folder of a world. It takes these formats; or, with attributes (lines of ipptool's ATTR beside its own), rasters."""

    def __init__(self, folder, name, formats=(), attributes=(), floor=None):
        self.floor = floor  # where it stands (harness/floor.py)
        self.folder = os.path.join(folder, "ippeve-" + name)
        self.got = os.path.join(self.folder, "got")
        os.makedirs(os.path.join(self.folder, "spool"))
        os.makedirs(os.path.join(self.folder, "ssl"))
        os.makedirs(self.got)
        self.port = free_ports(1)[0]
        self.seen = 0
        record = os.path.join(self.folder, "record")
        with open(record, "w", encoding="utf-8") as file:
            file.write(RECORD % ((self.got,) * 4))
        os.chmod(record, 0o755)
        words = [PROGRAM, "-p", str(self.port), "-n", "localhost", "-K", os.path.join(self.folder, "ssl"), "-d", os.path.join(self.folder, "spool"),
                 "-c", record]
        if attributes:
            path = os.path.join(self.folder, "attributes")
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join("ATTR " + line for line in attributes) + "\n")
            words += ["-a", path]
        else:
            words += ["-s", "30,30", "-2", "-f", ",".join(formats)]
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin", "HOME": self.folder, "LD_PRELOAD": self._avahi(folder), "LC_ALL": "C.UTF-8"}
        self.program = Program("ippeve-" + name, [*(floor.inside(words) if floor else words), name], os.path.join(self.folder, "log"), self._listens, environment)
        self.program.start()

    @staticmethod
    def _avahi(folder):
        made = os.path.join(folder, "avahi.so")
        if not os.path.exists(made):
            subprocess.run(["gcc", "-shared", "-fPIC", "-o", made, NO_AVAHI], check=True)
        return made

    def _listens(self):
        if self.floor:
            return self.floor.listens(self.port)
        try:
            socket.create_connection(("127.0.0.1", self.port), 5).close()
            return True
        except OSError:
            return False

    @property
    def uri(self):
        return "ipps://localhost:%d/ipp/print" % self.port

    def next(self, seconds=100):
        """The octets of the next document, and what was told of it: {"copies": "2", ...}."""
        self.seen += 1
        told = os.path.join(self.got, "%d.told" % self.seen)
        wait_until(lambda: os.path.exists(told), "document %d at %s" % (self.seen, self.folder), seconds)
        with open(os.path.join(self.got, "%d.doc" % self.seen), "rb") as file:
            document = file.read()
        with open(told, encoding="utf-8") as file:
            lines = [line.rstrip("\n").partition("=") for line in file]
        return document, {name[4:].lower().replace("_", "-"): value for name, _, value in lines}

    def stop(self):
        self.program.stop()
