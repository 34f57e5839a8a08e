# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What a printer with broken firmware says: attributes of the wrong type, out of range, without end, of another job, or no IPP at all.

A lie takes an answer's groups, [(tag, {name: [(value_tag, value), ...]})], and gives others, or octets.
"""

import os

import ippwire as ipp

NUMBERS = (ipp.INTEGER, ipp.ENUM)


def each(change, of=(ipp.PRINTER, ipp.JOB)):
    """The same done to every attribute of the printer and of its jobs."""

    def told(tag, attributes):
        return {name: change(name, values) for name, values in attributes.items()} if tag in of else attributes

    return lambda groups: [(tag, told(tag, attributes)) for tag, attributes in groups]


def of_another_type(name, values):
    return [(ipp.KEYWORD, "many") if tag in NUMBERS + (ipp.BOOLEAN, ipp.RANGE, ipp.RESOLUTION) else (ipp.INTEGER, -7) for tag, _ in values]


def out_of_range(name, values):
    far = {ipp.INTEGER: -(2**31), ipp.ENUM: 2**31 - 1, ipp.RANGE: (2**31 - 1, -(2**31)), ipp.RESOLUTION: (-1, 0, 127)}
    return [(tag, far.get(tag, "x" * 30_000 if isinstance(value, str) else value)) for tag, value in values]


def without_end(name, values):
    return values * 2000


def of_no_value(name, values):
    return [(ipp.NO_VALUE, b"")]


def of_no_octets(name, values):
    return [(tag, "") if isinstance(value, str) else (ipp.TEXT, "") for tag, value in values]


def of_a_wrong_length(name, values):
    return [(Raw(tag), b"\1\2\3") for tag, _ in values]


class Raw(int):
    """A tag whose octets are taken as they are, whatever it wants."""

    def __eq__(self, other):
        return False

    __hash__ = int.__hash__


def of_control_characters(name, values):
    return [(tag, "\0\r\n\x1b[31m\u202e%s" % value) if isinstance(value, str) else (tag, value) for tag, value in values]


def of_another_job(name, values):
    if name == "job-id":
        return [(ipp.INTEGER, 4711)]
    return [(ipp.URI, "ipp://192.0.2.1/ipp/print/4711")] if name == "job-uri" else values


def nested(name, values):
    value = (ipp.INTEGER, 1)
    for _ in range(200):
        value = (ipp.BEGIN_COLLECTION, {"deeper": [value]})
    return [value]


CHANGES = {
    "types": of_another_type,
    "ranges": out_of_range,
    "sets": without_end,
    "no-values": of_no_value,
    "no-octets": of_no_octets,
    "lengths": of_a_wrong_length,
    "controls": of_control_characters,
    "another-job": of_another_job,
    "nested": nested,
}
# Honest until it has a document, and not any more when it is asked what became of it (Send-Document, Get-Job-Attributes).
LATE = {name + "-late": each(change) for name, change in CHANGES.items()}
AFTER = (0x06, 0x09)
LIES = {
    **{name: each(change) for name, change in CHANGES.items()},
    **LATE,
    "nothing": lambda groups: [],
    "garbage": lambda groups: os.urandom(5000),
    "cut": lambda groups: b"\2\0\0\0\0\0\0\1\1\x47\0\x12attributes-ch",
}


def is_told(lie, operation):
    return lie not in LATE or operation in AFTER
