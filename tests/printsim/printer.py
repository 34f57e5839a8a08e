# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What every virtual printer has: a listener, a tray of paper, and a temper that can be changed while it runs."""

import select
import socket
import struct
import threading
import time

from truth import Paper

DEAF = ("refuse", "reboot")  # the port is closed
SILENT = ("never-accept",)  # the kernel answers, the printer does not


class Hangup(Exception):
    """The printer ends this connection; orderly, or with a reset."""

    def __init__(self, reset=False):
        super().__init__("reset" if reset else "close")
        self.reset = reset


class Temper:
    """How the printer (mis)behaves.

    mode     normal, refuse, never-accept, accept-never-read, half-then-close, rst, stall, drip, reboot-mid-job, busy,
             wrong-identity, slow-fin, out-of-paper, abort, nak, no-final-ack, lies
    after    document octets taken before half-then-close, rst, stall, drip, reboot-mid-job, out-of-paper begin
    count    how many documents (connections, for the modes that have no document) it lasts; None: until changed
    pages    impressions that came out before abort
    rate     octets a second while dripping
    ms       how long the printer is down, out of paper, or slow to close
    at       where an LPD NAK falls: job, control, data, final
    lie      which of lies.py every IPP answer is
    """

    def __init__(self, mode="normal", after=1000, count=None, pages=0, rate=1000, ms=300, at="job", lie="types"):
        self.mode, self.after, self.count = mode, after, count
        self.pages, self.rate, self.ms, self.at, self.lie = pages, rate, ms, at, lie


class Printer:
    def __init__(self, settings, world):
        self.name = settings["name"]
        self.settings = settings
        self.world = world
        self.truth = world.truth
        self.port = settings.get("port", 0)
        self.paper = Paper(settings.get("paper") or world.paper_folder(self.name), self.name, world.truth)
        self.print_ms = settings.get("print_ms", 0)
        self.trays = None  # what was loaded: only then it tells of its trays more than media-ready
        self.changed = threading.Condition()
        self.temper = Temper(**settings.get("temper", {}))
        self.orders = 0  # how often somebody set the temper
        self.epoch = 0  # counts reboots: whatever began under another number stops
        self.connections = {}
        self.serial = 0
        self.counts = {"connections": 0, "first_bytes": 0, "printed": 0, "partial": 0, "aborted": 0}
        self.waker, self.wake = socket.socketpair()
        self.listening = threading.Event()
        self.settled = threading.Event()
        self.press = threading.Lock()  # one document at a time comes out
        self.empty = False

    # ---- life -------------------------------------------------------------------------------------------------

    def start(self):
        self.truth.say(self.name, "start", port=self.port or None)
        threading.Thread(target=self._listen, daemon=True).start()
        if self.temper.mode not in DEAF:
            self.listening.wait()

    def _bind(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.world.host, self.port))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        return listener

    def _listen(self):
        listener = None
        while True:
            mode = self.temper.mode
            if mode in DEAF and listener:
                listener.close()
                listener = None
                self.listening.clear()
            elif mode not in DEAF and not listener:
                listener = self._bind()
                self.listening.set()
            watched = [self.waker]
            if listener and mode not in SILENT:
                watched.append(listener)
            self.settled.set()
            ready, _, _ = select.select(watched, [], [])
            if self.waker in ready:
                self.waker.recv(64)
            if listener and listener in ready and self.temper.mode not in SILENT + DEAF:
                try:
                    connection, peer = listener.accept()
                except OSError:
                    continue
                threading.Thread(target=self._serve, args=(connection, peer), daemon=True).start()

    def set_temper(self, temper):
        """Returns when the change holds: a connection made afterwards meets the new temper."""
        self.settled.clear()
        with self.changed:
            self.temper = temper
            self.orders += 1
            self.changed.notify_all()
        self.wake.send(b"x")
        self.settled.wait(5)

    def reboot(self, ms=300):
        """Every connection falls, the job table is forgotten, the port is closed for a while."""
        self.truth.say(self.name, "reboot")
        with self.changed:
            self.epoch += 1
            self.changed.notify_all()
        self.forget()
        before = self.temper
        down = Temper("reboot")
        self.set_temper(down)
        for connection in list(self.connections):
            self._reset(connection)
        after = before if before.mode not in ("reboot", "reboot-mid-job") else Temper()

        def back():
            time.sleep(ms / 1000)
            if self.temper is down:  # nobody has changed it meanwhile
                self.set_temper(after)

        threading.Thread(target=back, daemon=True).start()

    def out_of_paper(self, empty):
        with self.changed:
            self.empty = empty
            self.changed.notify_all()

    def forget(self):
        pass

    # ---- one connection ---------------------------------------------------------------------------------------

    @staticmethod
    def _linger(connection, seconds):
        """seconds 0: closing means a reset; None: closing is orderly."""
        value = struct.pack("ii", 0 if seconds is None else 1, seconds or 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, value)

    def _close(self, connection):
        try:
            self._linger(connection, None)
        except OSError:
            pass
        connection.close()

    def _reset(self, connection):
        try:
            self._linger(connection, 0)
            connection.shutdown(socket.SHUT_RD)
        except OSError:
            pass
        try:
            connection.close()
        except OSError:
            pass

    def _serve(self, connection, peer):
        with self.changed:
            self.serial += 1
            number = self.serial
            self.counts["connections"] += 1
        self.connections[connection] = number
        self.truth.say(self.name, "connect", connection=number, peer="%s:%d" % peer[:2])
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A SIGKILL is a printer that lost its power: it says no goodbye. Only an orderly end closes in order.
        self._linger(connection, 0)
        reset = False
        try:
            if self.temper.mode == "accept-never-read":
                self.spend()
                self.wait_while(lambda: self.temper.mode == "accept-never-read", connection)
                reset = True
            else:
                self.serve(connection, number)
        except Hangup as hangup:
            reset = hangup.reset
        except (OSError, EOFError, ValueError):
            pass
        finally:
            self.connections.pop(connection, None)
            if reset:
                self._reset(connection)
            else:
                self._close(connection)
            self.truth.say(self.name, "disconnect", connection=number)

    def wait_while(self, condition, connection=None):
        """Waits while condition() holds; gives up when the other side has gone or the printer was rebooted."""
        epoch = self.epoch
        poll = select.poll()
        if connection is not None:
            poll.register(connection, select.POLLRDHUP)
        with self.changed:
            while condition() and self.epoch == epoch:
                self.changed.wait(0.2)
                # What ended the wait goes before a hang-up that came with it.
                if connection is not None and condition() and poll.poll(0):
                    raise Hangup()
        if self.epoch != epoch:
            raise Hangup(reset=True)

    def spend(self):
        """The present temper has met one of the documents it was meant for."""
        with self.changed:
            temper = self.temper
            if temper.count is not None:
                temper.count -= 1
                if temper.count <= 0:
                    self.temper = Temper()
                    self.changed.notify_all()
                    self.wake.send(b"x")

    # ---- one document -----------------------------------------------------------------------------------------

    def intake(self, name="", **facts):
        return Intake(self, name, facts)


class Intake:
    """A document on its way in, under the temper that held when it began."""

    def __init__(self, printer, name, facts):
        self.printer = printer
        self.sheet = printer.paper.open()
        self.sheet.name = name
        self.sheet.facts = facts
        self.orders = printer.orders
        self.temper = printer.temper
        self.spent = False
        self.epoch = printer.epoch

    def _spend(self):
        if not self.spent:
            self.spent = True
            if self.printer.temper is self.temper:
                self.printer.spend()

    def take(self, octets, connection):
        """Accepts document octets; misbehaves when the temper says so."""
        temper = self.temper
        if not octets:
            return
        if self.sheet.octets == 0:
            self.printer.counts["first_bytes"] += 1
        mode = temper.mode
        if mode in ("half-then-close", "rst", "stall", "reboot-mid-job", "out-of-paper"):
            room = temper.after - self.sheet.octets
            if len(octets) >= room and not self.spent:
                if room > 0:
                    self.sheet.write(octets[:room])
                    octets = octets[room:]
                self._misbehave(mode, connection)
        elif mode == "drip":
            self._spend()
            for start in range(0, len(octets), max(1, temper.rate // 20)):
                piece = octets[start : start + max(1, temper.rate // 20)]
                self.sheet.write(piece)
                time.sleep(len(piece) / temper.rate)
                if self.epoch != self.printer.epoch:
                    raise Hangup(reset=True)
            return
        self.sheet.write(octets)

    def _misbehave(self, mode, connection):
        printer, temper = self.printer, self.temper
        self._spend()
        if mode == "half-then-close":
            raise Hangup()
        if mode == "rst":
            raise Hangup(reset=True)
        if mode == "reboot-mid-job":
            printer.reboot(temper.ms)
            raise Hangup(reset=True)
        if mode == "stall":
            # With a count the temper of the printer is already normal again; this document stays stalled until
            # somebody changes the temper, from its beginning on, or hangs up.
            printer.wait_while(lambda: printer.orders == self.orders, connection)
        if mode == "out-of-paper":
            printer.out_of_paper(True)
            time.sleep(temper.ms / 1000)
            printer.out_of_paper(False)

    def printed(self):
        """The whole document is here: it comes out, unless the temper says abort. Returns (outcome, pages)."""
        printer = self.printer
        self.sheet.arrived()
        with printer.press:
            if printer.print_ms:
                time.sleep(printer.print_ms / 1000)
            if self.epoch != printer.epoch:
                self.cut()
                raise Hangup(reset=True)
            if self.temper.mode == "abort":
                self._spend()
                printer.counts["aborted"] += 1
                self.sheet.spoil("aborted", impressions=self.temper.pages)
                return "aborted", self.temper.pages
            pages = self.sheet.print()
            printer.counts["printed"] += 1
            if self.temper.mode in ("slow-fin", "no-final-ack"):
                self._spend()
            return "printed", pages

    def cut(self):
        if self.sheet.file is not None:
            self.printer.counts["partial"] += 1
            self.sheet.spoil("partial")
