# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Folders on a tmpfs, which end with the process that made them."""

import shutil
import tempfile

FOLDERS = []


def folder_in_memory():
    FOLDERS.append(tempfile.mkdtemp(prefix="imprimatur-memory-", dir="/dev/shm"))
    return FOLDERS[-1]


def clean():
    """The last thing a process does: it ends without asking Python what is left to be done."""
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
