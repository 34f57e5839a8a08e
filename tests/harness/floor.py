# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A second network, joined to ours by one cable (veth): whoever works on that floor comes from another address.

    with Floor("10.9.0.1", "10.9.0.2") as floor:          # ours, theirs; inside run_apart()
        floor.run(["rlpr", "-H", "10.9.0.1", ...])
        sock = floor.connect(515)
"""

import ctypes
import os
import socket
import subprocess
import threading

from .process import wait_until

CLONE_NEWNET = 0x40000000


class Floor:
    def __init__(self, ours, theirs, name="va"):
        self.ours, self.theirs, self.name = ours, theirs, name
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(["unshare", "-n", "sleep", "3600"])
        own = os.stat("/proc/self/ns/net").st_ino
        wait_until(lambda: os.stat(self.space).st_ino != own, "the floor has a network of its own")
        pid, other = str(self.process.pid), self.name + "f"
        for command in (["ip", "link", "add", self.name, "type", "veth", "peer", "name", other],
                        ["ip", "link", "set", other, "netns", pid],
                        ["ip", "addr", "add", self.ours + "/24", "dev", self.name],
                        ["ip", "link", "set", self.name, "up"]):
            subprocess.run(command, check=True)
        for command in (["ip", "link", "set", "lo", "up"], ["ip", "addr", "add", self.theirs + "/24", "dev", other],
                        ["ip", "link", "set", other, "up"]):
            subprocess.run(self.inside(command), check=True)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    # Each end is told the other's card for good. Frames for a card that nobody has are dropped in silence, as octets are
    # behind a router that died.

    def _tell_cards(self, cards):
        for run, device, host, card in ((list, self.name, self.theirs, cards[1]), (self.inside, self.name + "f", self.ours, cards[0])):
            subprocess.run(run(["ip", "neigh", "replace", host, "lladdr", card, "dev", device, "nud", "permanent"]), check=True)

    def _card(self, run, device):
        shown = subprocess.run(run(["ip", "-br", "link", "show", device]), check=True, capture_output=True, text=True)
        return shown.stdout.split()[2]

    def go_dead(self):
        """No octet arrives any more, either way, and nobody is told."""
        self._tell_cards(("02:00:00:00:de:01", "02:00:00:00:de:02"))

    def come_back(self):
        self._tell_cards((self._card(list, self.name), self._card(self.inside, self.name + "f")))

    def set_cable(self, state):
        """Unplugged ("down") at our end, or plugged in ("up")."""
        subprocess.run(["ip", "link", "set", self.name, state], check=True)

    @property
    def space(self):
        return "/proc/%d/ns/net" % self.process.pid

    def inside(self, command):
        return ["nsenter", "-t", str(self.process.pid), "-n", *command]

    def run(self, command, **more):
        return subprocess.run(self.inside(command), capture_output=True, check=False, timeout=60, **more)

    def connect(self, port, source_port=0, timeout=30):
        """A connection to us that was made there."""
        return self.make(lambda: self._connected((self.ours, port), (self.theirs, source_port), timeout))

    def reach(self, port, host="127.0.0.1", timeout=30):
        """A connection that was made there, to somebody there."""
        return self.make(lambda: self._connected((host, port), None, timeout))

    def listens(self, port):
        try:
            self.reach(port, timeout=1).close()
            return True
        except OSError:
            return False

    @staticmethod
    def _connected(to, source, timeout):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if source:
            sock.bind(source)
        sock.settimeout(timeout)
        sock.connect(to)
        return sock

    def make(self, what):
        """What is made there: a thread of its own goes over for it."""
        made = []

        def go():
            with open(self.space, "rb") as space:
                if ctypes.CDLL(None, use_errno=True).setns(space.fileno(), CLONE_NEWNET):
                    made.append(OSError(ctypes.get_errno(), "setns"))
                    return
            try:
                made.append(what())
            except OSError as error:
                made.append(error)

        thread = threading.Thread(target=go)
        thread.start()
        thread.join()
        if isinstance(made[0], OSError):
            raise made[0]
        return made[0]
