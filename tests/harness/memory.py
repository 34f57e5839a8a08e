# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What lies in the memory of a running program: read from /proc, as whoever has root could."""

import base64


def codings(value):
    raw = value.encode()
    yield "plain", raw
    for shift in range(3):
        # Whatever stands around it, these characters of its base64 are always the same.
        coded = base64.b64encode(b"\0" * shift + raw)
        yield "base64", coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]


def regions(pid):
    """Whatever the program may write to, with the name of where it lies."""
    with open("/proc/%d/maps" % pid, encoding="utf-8", errors="replace") as file:
        for line in file:
            words = line.split(None, 5)
            if "w" in words[1] and not words[-1].startswith("[v"):
                begin, end = (int(x, 16) for x in words[0].split("-"))
                yield begin, end, words[5].strip() if len(words) > 5 else "no name"


def find(pid, value):
    """Where the value, or half of it, lies in this program: a list of (coding, where, what stands around it)."""
    needles = [(coding, needle) for part in (value[: len(value) // 2], value[len(value) // 2 :]) for coding, needle in codings(part)]
    found = []
    with open("/proc/%d/mem" % pid, "rb", 0) as memory:
        for begin, end, name in regions(pid):
            try:
                memory.seek(begin)
                octets = memory.read(end - begin)
            except OSError:
                continue
            for coding, needle in needles:
                at = octets.find(needle)
                if at >= 0:
                    found.append((coding, "%s at %x" % (name, begin + at), octets[max(0, at - 40) : at + 60]))
    return found


def readable(pid):
    try:
        with open("/proc/%d/mem" % pid, "rb", 0):
            return True
    except OSError:
        return False
