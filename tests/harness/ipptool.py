# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""ipptool's own suites and ours, against an IPP door: the service's, or that of an agent."""

import os
import re
import shutil
import subprocess

from . import ROOT
from .demo_world import PASSWORD
from .story import skip

ADA = "ada@demo.example"


def samples(world, port):
    folder = world.path("ipptool-%d" % port)
    if not os.path.isdir(folder):
        here = os.path.join(ROOT, "tests", "interop", "ipp")
        subprocess.run(["python3", os.path.join(here, "samples.py"), folder], check=True)
        for name in os.listdir(here):
            if name.endswith(".test"):
                shutil.copy(os.path.join(here, name), folder)
    return folder


def ipptool(world, queue, suite, version="2.0", seconds=400, email=ADA, port=None, scheme="ipps"):
    """Runs a suite; the names of the tests that passed and failed. A suite that stops half-way is an error."""
    if shutil.which("ipptool") is None:
        skip("ipptool is not installed (package cups-ipp-utils)")
    port = port or world.ports["service"]
    folder = samples(world, port)
    address = "%s://%s:%s@localhost:%d/ipp/print/demo/%s" % (scheme, email.replace("@", "%40"), PASSWORD, port, queue)
    # libcups remembers certificates by the name of a host: a home of its own, so that no other world's counts.
    environment = dict(os.environ, HOME=folder)
    command = ["ipptool", "-V", version, "-tIf", "small.pdf", address, suite]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    assert "ipptool:" not in done.stderr + done.stdout, (done.stderr + done.stdout)[-2000:]
    outcome = {"PASS": [], "FAIL": [], "SKIP": []}
    for name, result in re.findall(r"^    (\S.*?)\s*\[(PASS|FAIL|SKIP)\]$", done.stdout, re.MULTILINE):
        outcome[result].append(name)
    return outcome, done.stdout


def none_failed(world, queue, suite, at_least, **more):
    outcome, said = ipptool(world, queue, suite, **more)
    if outcome["FAIL"]:
        first = said.index("[FAIL]")
        raise AssertionError("%s at %s: %s\n%s" % (suite, queue, outcome["FAIL"], said[first : first + 1500]))
    assert len(outcome["PASS"]) >= at_least, "%s: only %d passed" % (suite, len(outcome["PASS"]))
