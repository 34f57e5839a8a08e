# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The command line, as somebody types it."""

import json
import os
import subprocess

from . import demo_world as demo
from .story import equal

DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3


class CommandLine:
    """imprimatur with a home of its own."""

    def __init__(self, world, name):
        self.program = os.path.join(world.build, "src", "imprimatur")
        self.home = world.path("home-" + name)
        os.makedirs(self.home, exist_ok=True)
        self.world = world

    def run(self, *words, typed="", expect=DONE, **environment):
        given = {"HOME": self.home, "PATH": "/usr/bin:/bin", "TZ": "UTC", **environment}
        done = subprocess.run([self.program, *words], input=typed, capture_output=True, text=True, env=given, timeout=120, check=False)
        equal(done.returncode, expect, "%s: exit status (%s%s)" % (" ".join(words), done.stdout[-500:], done.stderr[-500:]))
        return done.stdout, done.stderr

    def json(self, *words, **more):
        return json.loads(self.run(*words, "--json", **more)[0])

    def talk(self, answer, *words):
        """answer() is given what is shown on standard error so far, and says what is typed then, once."""
        given = {"HOME": self.home, "PATH": "/usr/bin:/bin", "TZ": "UTC"}
        shown = ""
        with subprocess.Popen([self.program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=given) as child:
            for line in child.stderr:
                shown += line
                typed = answer(shown)
                if typed:
                    child.stdin.write(typed)
                    break
            out, rest = child.communicate(timeout=60)
        equal(child.returncode, DONE, "%s: exit status (%s)" % (" ".join(words), shown + rest))
        return out

    def login(self, email, password=demo.PASSWORD, expect=DONE):
        url = "https://localhost:%d" % self.world.ports["service"]
        return self.run("login", "--server", url, "--ca", self.world.programs.authority(), "--email", email, typed=password + "\n", expect=expect)
