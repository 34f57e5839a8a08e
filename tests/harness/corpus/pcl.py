# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Raster pages of PCL 5 (PCL 5 Printer Language Technical Reference Manual, chapter 15), read as a printer would.

No program that reads PCL is packaged for Debian, so this reader is ours; it shares nothing with what makes the pages.
"""

import re

from PIL import Image

SEQUENCE = re.compile(rb"\x1b([&*(])([a-z])((?:[-+]?\d*[a-z])*)([-+]?\d*)([A-Z])")
PART = re.compile(rb"([-+]?\d*)([a-zA-Z])")


def _runs(octets):
    """Compression 1: pairs of a count and an octet."""
    return b"".join(octets[n + 1:n + 2] * (octets[n] + 1) for n in range(0, len(octets) - 1, 2))


def _packed(octets):
    """Compression 2: TIFF's PackBits."""
    out, at = bytearray(), 0
    while at < len(octets):
        code = octets[at]
        if code < 128:
            out += octets[at + 1:at + 2 + code]
            at += 2 + code
        elif code == 128:
            at += 1
        else:
            out += octets[at + 1:at + 2] * (257 - code)
            at += 2
    return bytes(out)


def _delta(octets, seed):
    """Compression 3: what differs from the line above."""
    line, at, place = bytearray(seed), 0, 0
    while at < len(octets):
        command = octets[at]
        at += 1
        count, offset = (command >> 5) + 1, command & 31
        place += offset
        while offset == 31 or offset == 255:
            offset = octets[at]
            at += 1
            place += offset
            if offset != 255:
                break
        line[place:place + count] = octets[at:at + count]
        at += count
        place += count
    return bytes(line)


class _Page:
    def __init__(self, size, colour):
        self.width, self.height = size
        self.colour = colour
        self.step = 3 * self.width if colour else (self.width + 7) // 8
        self.lines = {}
        self.y = 0
        self.seed = bytes(self.step)

    def add(self, line):
        self.seed = line[:self.step].ljust(self.step, b"\0")
        self.lines[self.y] = self.seed
        self.y += 1

    def image(self):
        white = (b"\xff" if self.colour else b"\0") * self.step
        octets = b"".join(self.lines.get(y, white) for y in range(self.height))
        if self.colour:
            return Image.frombytes("RGB", (self.width, self.height), octets)
        return Image.frombytes("1", (self.width, self.height), bytes(v ^ 255 for v in octets)).convert("RGB")


def pages(octets, resolution, size, keep=None):
    """Pictures of resolution dots an inch on paper of that size in points; None for those not among keep, from 1."""
    size = tuple(round(n * resolution / 72) for n in size)
    out, at, colour, mode = [], 0, False, 0
    page = None
    while at < len(octets):
        if octets[at] == 12:
            out.append((page or _Page(size, colour)).image() if keep is None or len(out) + 1 in keep else None)
            page = None
            at += 1
            continue
        found = SEQUENCE.match(octets, at)
        if not found:
            assert octets[at] in (10, 13) or octets[at:at + 2] == b"\x1bE", "PCL with %r" % octets[at:at + 8]
            at += 2 if octets[at] == 27 else 1
            continue
        at = found.end()
        group = found[1] + found[2]
        for number, letter in PART.findall(found[3] + found[4] + found[5]):
            value, upper = int(number or 0), group + letter.upper()
            if upper == b"*vW":
                colour = octets[at + 1] == 3
                at += value
            elif upper == b"*bM":
                mode = value
            elif upper == b"*bY":
                page.y += value
                page.seed = bytes(page.step)
            elif upper == b"*pY":
                page = page or _Page(size, colour)
                page.y = page.y + value if number[:1] in b"+-" and number else value
            elif upper == b"*rA":
                page = page or _Page(size, colour)
                page.seed = bytes(page.step)
            elif upper in (b"*bW", b"*bV"):
                row, at = octets[at:at + value], at + value
                assert mode in (0, 1, 2, 3), "compression %d" % mode
                page.add(_delta(row, page.seed) if mode == 3 else (row, _runs(row), _packed(row))[mode])
            elif letter == b"W":
                at += value
    return out
