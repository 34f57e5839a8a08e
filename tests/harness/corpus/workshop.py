# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The programs that make documents or change them, and what they made, kept as long as the workshop is."""

import hashlib
import os
import subprocess
import tempfile
import threading

CLEAN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": "1700000000"}


class Workshop:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="imprimatur-corpus-")
        self.kept = {}
        self.locks = {}
        self.lock = threading.Lock()
        self.office = threading.Lock()

    def close(self):
        self.folder.cleanup()

    def keep(self, key, make):
        """What make() gave the first time."""
        with self.lock:
            lock = self.locks.setdefault(key, threading.RLock())
        with lock:
            if key not in self.kept:
                self.kept[key] = make()
            return self.kept[key]

    def forget(self, name):
        """What was kept of one document."""
        with self.lock:
            for key in [key for key in self.kept if key[1:] == (name,)]:
                del self.kept[key]

    def place(self):
        return tempfile.mkdtemp(dir=self.folder.name)

    def run(self, words, document=None, ending="bin", made="-", seconds=200):
        """words with IN, and OUT where the program does not write to its standard output; what it made."""
        folder = self.place()
        source, target = os.path.join(folder, "in." + ending), os.path.join(folder, made)
        if document is not None:
            with open(source, "wb") as file:
                file.write(document)
        put = {"IN": source, "OUT": target, "FOLDER": folder}
        words = [put.get(word, word) for word in words]
        done = subprocess.run(words, capture_output=True, timeout=seconds, env=dict(CLEAN, HOME=folder), cwd=folder, check=False)
        if made == "-":
            octets = done.stdout
        else:
            assert os.path.exists(target), "%s: %s" % (words, done.stderr.decode(errors="replace")[-500:])
            with open(target, "rb") as file:
                octets = file.read()
        assert octets, "%s made nothing: %s" % (words, done.stderr.decode(errors="replace")[-500:])
        return octets

    def qpdf(self, document, *options):
        return self.run(["qpdf", "--deterministic-id", "--warning-exit-0", *options, "IN", "OUT"], document, made="out.pdf")

    def soffice(self, document, ending, to, filter_name=""):
        """LibreOffice outside of any cell, in a profile that all conversions here share."""
        def convert():
            profile = "-env:UserInstallation=file://%s/profile" % self.folder.name
            words = ["soffice", profile, "--headless", "--convert-to", to + (":" + filter_name if filter_name else ""), "--outdir", "FOLDER/x", "IN"]
            with self.office:
                folder = self.place()
                source = os.path.join(folder, "a." + ending)
                with open(source, "wb") as file:
                    file.write(document)
                words[-1], words[-2] = source, os.path.join(folder, "out")
                done = subprocess.run(words, capture_output=True, timeout=200, env=dict(CLEAN, HOME=folder), check=False)
            made = os.path.join(folder, "out", "a." + to)
            assert os.path.exists(made), "soffice: %s" % (done.stdout + done.stderr).decode(errors="replace")[-500:]
            with open(made, "rb") as file:
                return file.read()

        return self.keep(("soffice", hashlib.sha256(document).hexdigest(), ending, to, filter_name), convert)
