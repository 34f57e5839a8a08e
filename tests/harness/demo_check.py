# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Starts tools/demo as `make run` does, runs the lines it printed, stops it with Ctrl-C, and starts it once more.

Called inside namespaces of its own (tests/scenarios/the-demo-world.py).
"""

import os
import signal
import subprocess
import sys

from . import ROOT, cups, demo_lines, demo_world
from .process import wait_until
from .world import World


def processes():
    """Everybody else in this process table, by name. The dead that wait for their parent (us, here) do not count."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in (1, os.getpid()):
            try:
                with open("/proc/%s/stat" % name, encoding="utf-8", errors="replace") as file:
                    state = file.read().rpartition(")")[2].split()[0]
                with open("/proc/%s/cmdline" % name, "rb") as file:
                    command = file.read().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if state != "Z":
                found.append(command or name)
    return found


class Demo:
    def __init__(self, folder):
        self.said = []
        command = [sys.executable, os.path.join(ROOT, "tools", "demo"), "--folder", folder]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.startswith("Ctrl-C stops everything"):
                return
        raise AssertionError("the demo ended:\n" + "\n".join(self.said))

    def stop(self):
        os.killpg(self.process.pid, signal.SIGINT)  # as a terminal does
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0, "the demo ended with %d" % self.process.returncode
        left = processes()
        assert not left, "left behind: %r" % left


def tray(folder, printer):
    path = os.path.join(folder, "paper", printer)
    return sorted(os.path.join(path, n) for n in os.listdir(path) if not n.startswith("."))


def content(path):
    with open(path, "rb") as file:
        return file.read()


def run_lines(folder, demo):
    world = World(folder=folder, ports=dict(demo_world.PORTS))
    world.read_seeded()
    sections = demo_lines.sections(world, folder, cups.is_there())
    beginnings = {"lobby": b"%PDF", "lab": b") HP-PCL XL", "library": b"%!PS", "studio": b"RaS2PwgRaster"}
    for sentence, commands, printer in sections:
        assert sentence in demo.said, "the demo did not say: " + sentence
        before = len(tray(folder, printer))
        for command in commands:
            assert "    " + command in demo.said, "the demo did not say: " + command
            done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
            assert done.returncode == 0, "%s\n%s%s" % (command, done.stdout, done.stderr)
            assert '"status":4' not in done.stdout.replace(" ", ""), "%s\n%s" % (command, done.stdout)
        wait_until(lambda p=printer, b=before: len(tray(folder, p)) == b + 1, "paper at " + printer, 60)
        paper = content(tray(folder, printer)[-1])
        assert paper.startswith(beginnings[printer]), "%s: %r" % (printer, paper[:20])
        if printer == "lobby":
            assert paper == content(os.path.join(folder, "hello.pdf")), "another PDF than was printed"
        print("ok: " + sentence)


def check(folder):
    demo = Demo(folder)
    run_lines(folder, demo)
    demo.stop()
    # Started again it goes on where it was; and where it is killed itself, its programs do not stay.
    demo = Demo(folder)
    run_lines(folder, demo)
    demo.process.kill()
    demo.process.communicate()
    wait_until(lambda: not processes(), "nothing is left behind after a SIGKILL of the demo")
    Demo(folder).stop()
