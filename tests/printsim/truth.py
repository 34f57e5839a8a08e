# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What really happened: the truth log, the paper, and how a document is recognised.

One line of JSON per event, each written by a single write(2) to a descriptor in append mode, so that a SIGKILL of this
process loses no line and tears none. The order is fixed: "printed" is in the log before anybody is told so, and a file
in the paper folder exists only after its line.
"""

import hashlib
import json
import os
import re
import threading
import time

MARKER = re.compile(rb"imprimatur-test-document:([A-Za-z0-9._-]+)")
DELIVERY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)

KINDS = (
    (b"%PDF-", "pdf"),
    (b"%!", "ps"),
    (b") HP-PCL XL", "pxl"),
    (b"RaS2", "pwg"),
    (b"UNIRAST", "urf"),
    (b"\xff\xd8\xff", "jpg"),
)


def extension(head):
    for magic, name in KINDS:
        if head.startswith(magic):
            return name
    if head and not any(c < 9 or 13 < c < 27 for c in head[:200]):
        return "txt"
    return "bin"


def is_whole(kind, tail):
    """True or False where the format shows its own end, None where it has none that could be seen."""
    if kind in ("pdf", "ps"):
        return b"%%EOF" in tail[-1100:]
    if kind == "jpg":
        return tail.rstrip(b"\0\r\n").endswith(b"\xff\xd9")
    if kind == "pxl":
        return tail.rstrip(b"\r\n").endswith((b"\x42", b"\x49\x42"))
    return None


def sanitised(name):
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:80] or "untitled"


class Truth:
    def __init__(self, path):
        self.came_out = {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    if '"event": "printed"' in line:
                        facts = json.loads(line)
                        self.came_out[facts["printer"], facts["sheet"]] = facts["file"]
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def say(self, printer, event, **facts):
        line = {"t": round(time.time(), 6), "printer": printer, "event": event}
        line.update({k: v for k, v in facts.items() if v is not None})
        os.write(self.descriptor, (json.dumps(line) + "\n").encode())


class Paper:
    """One printer's output tray."""

    def __init__(self, folder, printer, truth):
        self.folder, self.printer, self.truth = folder, printer, truth
        self.lock = threading.Lock()
        os.makedirs(folder, exist_ok=True)
        self.sequence = 0
        self.sheet = 0
        for name in os.listdir(folder):
            if name.endswith(".part"):
                name = self._settle(name)
            if name[:6].isdigit():
                self.sequence = max(self.sequence, int(name[:6]))

    def _settle(self, name):
        """A SIGKILL fell between the line in the truth log and the file: the line decides."""
        came_out = self.truth.came_out.get((self.printer, name))
        if came_out:
            os.rename(os.path.join(self.folder, name), os.path.join(self.folder, came_out))
            return came_out
        os.unlink(os.path.join(self.folder, name))
        return ""

    def open(self):
        return Sheet(self)

    def next(self):
        with self.lock:
            self.sequence += 1
            return self.sequence

    def scratch(self):
        with self.lock:
            self.sheet += 1
            return os.path.join(self.folder, ".%d-%d.part" % (os.getpid(), self.sheet))


class Sheet:
    """One document on its way in. It becomes a file of the paper folder when it is printed, and vanishes otherwise."""

    def __init__(self, paper):
        self.paper = paper
        self.path = paper.scratch()
        self.file = None
        self.hash = hashlib.sha256()
        self.octets = 0
        self.head = b""
        self.tail = b""
        self.document = None
        self.name = ""
        self.facts = {}

    def describe(self):
        found = DELIVERY.search(self.name or "")
        return dict(
            self.facts,
            name=self.name or None,
            delivery=found.group(0).lower() if found else None,
            octets=self.octets,
            document=self.document,
        )

    def write(self, octets):
        if not octets:
            return
        if self.octets == 0:
            self.paper.truth.say(self.paper.printer, "first-byte", **self.describe())
            self.file = open(self.path, "wb", buffering=0)
        self.octets += len(octets)
        self.hash.update(octets)
        if self.document is None:
            window = self.tail[-100:] + octets
            found = MARKER.search(window)
            if found and found.end() < len(window):  # else it may go on in the next piece
                self.document = found.group(1).decode()
        if len(self.head) < 256:
            self.head = (self.head + octets)[:256]
        self.tail = (self.tail + octets)[-1200:]
        self.file.write(octets)

    @property
    def kind(self):
        return extension(self.head)

    def whole(self):
        return is_whole(self.kind, self.tail)

    def pages(self):
        if self.kind == "pdf" and self.octets < 4 << 20:
            with open(self.path, "rb") as f:
                return max(1, len(re.findall(rb"/Type\s*/Page\b", f.read())))
        return 1

    def arrived(self):
        self.paper.truth.say(self.paper.printer, "last-byte", sha256=self.hash.hexdigest(), **self.describe())

    def print(self, pages=None):
        if self.file is None:
            return 0
        pages = pages or self.pages()
        name = "%06d-%s.%s" % (self.paper.next(), sanitised(self.name), self.kind)
        self.file.close()
        self.file = None
        facts = dict(self.describe(), sha256=self.hash.hexdigest(), pages=pages, file=name)
        self.paper.truth.say(self.paper.printer, "printed", sheet=os.path.basename(self.path), **facts)
        os.rename(self.path, os.path.join(self.paper.folder, name))
        return pages

    def spoil(self, event, **facts):
        """The document ends here: "partial" when it was cut, "aborted" when the printer gave it up."""
        if self.file is not None:
            self.paper.truth.say(self.paper.printer, event, **dict(self.describe(), **facts))
            self.file.close()
            self.file = None
            os.unlink(self.path)
