# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What `make run` starts and says, run as a newcomer would, where its fixed ports are free."""

import os
import tempfile

from harness.apart import run_apart

WORLD = None  # the demo makes its own


def check(folder):
    from harness import apart, demo_check

    apart.drop_ambient()
    demo_check.check(folder)


def story_the_lines_that_the_demo_prints_do_what_they_say(_):
    with tempfile.TemporaryDirectory(prefix="imprimatur-demo-") as folder:
        run_apart(os.path.abspath(__file__), "check", os.path.join(folder, "demo"))
