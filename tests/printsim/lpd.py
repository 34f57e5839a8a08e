# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The receiving side of RFC 1179, section 5.2 and 6.

A job comes out when its control file and a data file are both here; the last zero octet is sent after that.
"""

import time

from printer import Hangup, Printer


class LpdPrinter(Printer):
    def serve(self, connection, number):
        Session(self, connection, number).run()


class Session:
    def __init__(self, printer, connection, number):
        self.printer, self.connection, self.number = printer, connection, number
        self.buffer = b""
        self.control = None
        self.intake = None
        self.data_done = False

    # ---- octets -----------------------------------------------------------------------------------------------

    def more(self):
        octets = self.connection.recv(65536)
        if not octets:
            raise EOFError
        self.buffer += octets

    def line(self):
        while b"\n" not in self.buffer:
            if len(self.buffer) > 2000:
                raise ValueError("an endless line")
            self.more()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line

    def exactly(self, count):
        while len(self.buffer) < count:
            self.more()
        octets, self.buffer = self.buffer[:count], self.buffer[count:]
        return octets

    def answer(self, place):
        temper = self.printer.temper
        if temper.mode == "nak" and temper.at == place:
            self.printer.spend()
            self.connection.sendall(b"\1")
            return False
        self.connection.sendall(b"\0")
        return True

    # ---- the conversation -------------------------------------------------------------------------------------

    def run(self):
        try:
            command = self.line()
            if command[:1] != b"\2":
                self.connection.sendall(b"\1")
                return
            queue = command[1:].strip().decode("latin-1")
            expected = self.printer.settings.get("queue")
            if expected and queue != expected or self.printer.temper.mode in ("busy", "wrong-identity"):
                if self.printer.temper.mode == "busy":
                    self.printer.spend()
                self.connection.sendall(b"\1")
                return
            if not self.answer("job"):
                return
            while self.sub_command():
                pass
        finally:
            if self.intake is not None:
                self.intake.cut()

    def sub_command(self):
        try:
            line = self.line()
        except EOFError:
            return False
        code, words = line[:1], line[1:].decode("latin-1").split()
        if code == b"\1":
            self.intake and self.intake.cut()
            self.intake, self.control, self.data_done = None, None, False
            self.connection.sendall(b"\0")
        elif code == b"\2" and len(words) == 2 and words[0].isdigit():
            if not self.answer("control"):
                return False
            self.control = self.exactly(int(words[0]))
            self.exactly(1)
            return self.acknowledge()
        elif code == b"\3" and len(words) == 2 and words[0].isdigit():
            if not self.answer("data"):
                return False
            self.receive(int(words[0]))
            return self.acknowledge()
        else:
            self.connection.sendall(b"\1")
            return False
        return True

    def receive(self, count):
        self.intake = self.printer.intake(self.title(), connection=self.number)
        left = count
        while left or not count:
            try:
                if not self.buffer:
                    self.more()
            except EOFError:
                if count:
                    raise
                break
            piece = self.buffer[:left] if count else self.buffer
            self.buffer = self.buffer[len(piece) :]
            left -= len(piece) if count else 0
            self.intake.take(piece, self.connection)
        if count and self.exactly(1) != b"\0":
            raise ValueError("no zero octet after the data")
        self.data_done = True

    def title(self):
        for line in (self.control or b"").decode("utf-8", "replace").splitlines():
            if line[:1] == "J":
                return line[1:]
        for line in (self.control or b"").decode("utf-8", "replace").splitlines():
            if line[:1] == "N":
                return line[1:]
        return ""

    def acknowledge(self):
        if self.control is not None and self.data_done:
            self.intake.sheet.name = self.title()
            mode = self.intake.temper.mode
            if mode == "nak" and self.intake.temper.at == "final":
                self.intake.cut()
                self.intake = None
                return self.answer("final")
            outcome, _ = self.intake.printed()
            ms = self.intake.temper.ms
            self.intake, self.data_done = None, False
            if mode == "no-final-ack":
                raise Hangup()
            if outcome == "aborted":
                self.connection.sendall(b"\1")
                return False
            self.connection.sendall(b"\0")
            if mode == "slow-fin":
                time.sleep(ms / 1000)
            return True
        self.connection.sendall(b"\0")
        return True
