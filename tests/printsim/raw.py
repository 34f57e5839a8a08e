# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""RAW 9100, with or without the PJL talk-back of HP's Printer Job Language Technical Reference Manual.

The envelope (UEL, @PJL lines) is taken off; what is left between ENTER LANGUAGE and the next UEL is the document.
Inside @PJL JOB ... @PJL EOJ the printer knows where a document ends. Without it a document ends with the connection,
and then a printer prints what it has: it counts as whole when its format shows its own end, or shows none and the
connection was closed in order.
"""

import re
import time

from printer import Hangup, Printer

UEL = b"\x1b%-12345X"
NAME = re.compile(r'NAME\s*=\s*"([^"]*)"', re.I)


class RawPrinter(Printer):
    def serve(self, connection, number):
        if self.temper.mode == "busy":
            self.spend()
            raise Hangup()
        Session(self, connection, number).run()

    def identity(self):
        wrong = self.temper.mode == "wrong-identity"
        return "Some Other Printer" if wrong else self.settings.get("model", "Virtual %s" % self.name)


class Session:
    def __init__(self, printer, connection, number):
        self.printer, self.connection, self.number = printer, connection, number
        self.talks = printer.settings.get("pjl", True)
        self.buffer = b""
        self.in_pjl = False
        self.job = None  # name given by @PJL JOB
        self.intake = None
        self.job_status = False
        self.device_status = False
        self.page_count = 0

    def say(self, text):
        if self.talks:
            try:
                self.connection.sendall(text.replace("\n", "\r\n").encode() + b"\f")
            except OSError:
                self.talks = False  # nobody listens any more, but what came is still printed

    def run(self):
        orderly = False
        try:
            while True:
                octets = self.connection.recv(65536)
                if not octets:
                    orderly = True
                    break
                self.buffer += octets
                while self.step():
                    pass
            self.flush()
        finally:
            self.end_of_connection(orderly)
        if self.printer.temper.mode == "slow-fin":
            time.sleep(self.printer.temper.ms / 1000)

    def step(self):
        """Eats one line, one UEL, or some document; False when it needs more octets."""
        if self.in_pjl:
            if self.buffer.startswith(UEL):
                self.buffer = self.buffer[len(UEL) :]
                return True
            if UEL.startswith(self.buffer[: len(UEL)]):
                return False
            if not b"@PJL".startswith(self.buffer[:4]) and not self.buffer[:2].strip() == b"":
                self.in_pjl = False  # a UEL with no PJL after it: the next document, language to be sensed
                return bool(self.buffer)
            end = self.buffer.find(b"\n")
            if end < 0:
                if len(self.buffer) > 4096:
                    raise ValueError("an endless PJL line")
                return False
            line, self.buffer = self.buffer[:end], self.buffer[end + 1 :]
            self.command(line.strip().decode("latin-1"))
            return True
        at = self.buffer.find(UEL)
        if at >= 0:
            octets, self.buffer = self.buffer[:at], self.buffer[at + len(UEL) :]
            self.document(octets)
            if self.job is None:
                self.finish(True)
            self.in_pjl = True
            return True
        keep = 0
        for length in range(min(len(UEL) - 1, len(self.buffer)), 0, -1):
            if UEL.startswith(self.buffer[-length:]):
                keep = length
                break
        octets = self.buffer[: len(self.buffer) - keep]
        self.buffer = self.buffer[len(self.buffer) - keep :]
        self.document(octets)
        return False

    def flush(self):
        if not self.in_pjl and self.buffer:
            self.document(self.buffer)
            self.buffer = b""

    def document(self, octets):
        if not octets:
            return
        if self.intake is None:
            self.intake = self.printer.intake(self.job or "", connection=self.number)
            self.intake.session = self
        if self.printer.temper.mode == "out-of-paper" and self.device_status:
            self.say('@PJL USTATUS DEVICE\nCODE=41203\nDISPLAY="LOAD PAPER"\nONLINE=FALSE\n')
        self.intake.take(octets, self.connection)

    def command(self, line):
        upper = re.sub(r"\s*=\s*", "=", line.upper())
        printer = self.printer
        if upper.startswith("@PJL ECHO"):
            self.say("@PJL ECHO %s\n" % line[9:].strip())
        elif upper.startswith("@PJL INFO ID"):
            self.say('@PJL INFO ID\n"%s"\n' % printer.identity())
        elif upper.startswith("@PJL INFO STATUS"):
            state = (41203, "LOAD PAPER", "FALSE") if printer.empty else (10001, "READY", "TRUE")
            self.say('@PJL INFO STATUS\nCODE=%d\nDISPLAY="%s"\nONLINE=%s\n' % state)
        elif upper.startswith("@PJL USTATUSOFF"):
            self.job_status = self.device_status = False
        elif upper.startswith("@PJL USTATUS JOB"):
            self.job_status = upper.endswith("=ON")
        elif upper.startswith("@PJL USTATUS DEVICE"):
            self.device_status = not upper.endswith("=OFF")
        elif upper.startswith("@PJL JOB"):
            found = NAME.search(line)
            self.job = found.group(1) if found else ""
            printer.truth.say(printer.name, "job-start", name=self.job, connection=self.number)
            if self.job_status:
                self.say('@PJL USTATUS JOB\nSTART\nNAME="%s"\n' % self.job)
        elif upper.startswith("@PJL EOJ"):
            found = NAME.search(line)
            name = found.group(1) if found else self.job
            outcome, pages = self.finish(True)
            if self.job_status and outcome:
                if outcome == "aborted":
                    self.say('@PJL USTATUS JOB\nCANCELED\nNAME="%s"\nPAGES=%d\nRESULT=USER_CANCELED\n' % (name, pages))
                else:
                    self.say('@PJL USTATUS JOB\nEND\nNAME="%s"\nPAGES=%d\nRESULT=OK\n' % (name, pages))
            self.job = None
        elif upper.startswith("@PJL ENTER LANGUAGE"):
            self.in_pjl = False

    def finish(self, whole):
        intake, self.intake = self.intake, None
        if intake is None:
            return None, 0
        if whole:
            return intake.printed()
        intake.cut()
        return None, 0

    def end_of_connection(self, orderly):
        if self.intake is None:
            return
        whole = self.intake.sheet.whole()
        self.finish(whole is True or (whole is None and orderly and self.job is None))
