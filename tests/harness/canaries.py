# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Words that nobody else has, and every place where they must not lie: in plain, in capitals, in UTF-16, in hexadecimal, in base64."""

import base64
import ctypes
import os
import random
import time

from . import ROOT

PROGRAMS = ("agent", "service", "keeper")
OUTSIDE = ("paper", "printsim", "truth.jsonl", "printsim.log", "printsim.json")  # of the printers, not ours


class Canaries:
    def __init__(self, world):
        self.world = world
        self.values = {}
        self.octets = {}
        self.began = time.time()

    def add(self, what, value):
        self.values[what] = value
        return value

    def add_octets(self, what, octets):
        """As they are, in no coding."""
        self.octets[what] = octets

    def needles(self):
        yield from self.octets.items()
        for what, value in self.values.items():
            raw = value.encode()
            yield what, raw
            yield what + " (lower case)", raw.lower()
            yield what + " (UTF-16)", value.encode("utf-16-le")
            yield what + " (hexadecimal)", raw.hex().encode()
            if value.isdigit() and len(value) % 2 == 0:
                yield what + " (packed)", bytes.fromhex(value)
            elif len(value) % 2 == 0 and all(c in "0123456789ABCDEF" for c in value):
                yield what + " (packed)", bytes.fromhex(value)
            for shift in range(3):
                # Whatever stands around it, these characters of its base64 are always the same.
                coded = base64.b64encode(b"\0" * shift + raw)
                yield what + " (base64)", coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]

    def files(self):
        """Every file of this world, young files of the places for temporary ones, and what is open but deleted."""
        for folder, folders, names in os.walk(self.world.folder):
            if folder == self.world.folder:
                folders[:] = [f for f in folders if f not in OUTSIDE]
                names = [n for n in names if n not in OUTSIDE]
            yield from (os.path.join(folder, n) for n in names)
        for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", ROOT, os.getcwd()):
            for folder, folders, names in os.walk(place):
                depth = 1 if place.startswith(("/tmp", "/var", "/dev")) else 0  # elsewhere, core dumps alone would lie
                if folder.count("/") > place.count("/") + depth or "imprimatur-world-" in folder:
                    folders[:] = []
                    continue
                for name in names:
                    path = os.path.join(folder, name)
                    try:
                        young = os.lstat(path).st_mtime >= self.began - 1
                    except OSError:
                        continue
                    if young and os.path.isfile(path) and not os.path.islink(path):
                        yield path
        yield from self.open_files()

    def open_files(self):
        for program in PROGRAMS:
            process = self.world.programs[program]
            if not process.running():
                continue
            for pid in [process.pid] + children(process.pid):
                folder = "/proc/%d/fd" % pid
                try:
                    names = os.listdir(folder)
                except OSError:
                    continue
                for name in names:
                    path = os.path.join(folder, name)
                    try:
                        target = os.readlink(path)
                    except OSError:
                        continue
                    if target.endswith(" (deleted)") and not is_in_memory(path):
                        yield path

    def scan(self, step):
        needles = [(what, n) for what, n in self.needles() if len(n) >= 5]
        seen = 0
        for path in self.files():
            try:
                with open(path, "rb") as file:
                    octets = file.read(256 << 20).replace(bytes(4096), b"")
            except OSError:
                continue
            seen += 1
            for what, needle in needles:
                assert needle not in octets, "after %s: %s lies in %s" % (step, what, path)
        assert seen > 5, "nothing was scanned"


def is_in_memory(path):
    """On a tmpfs, as memfds and the insides of cells are: no disk."""
    libc = ctypes.CDLL(None)
    answer = (ctypes.c_long * 32)()
    return libc.statfs(path.encode(), answer) == 0 and answer[0] == 0x01021994  # TMPFS_MAGIC


def children(pid):
    found = []
    try:
        for thread in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, thread), encoding="ascii") as file:
                for child in file.read().split():
                    found += [int(child)] + children(int(child))
    except OSError:
        pass
    return found


def letters(count):
    return "".join(random.SystemRandom().choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(count))


def digits(count):
    return "".join(random.SystemRandom().choice("123456789") for _ in range(count))
