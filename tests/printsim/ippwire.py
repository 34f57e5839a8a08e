# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""IPP messages (RFC 8010), octets to values and back.

Written apart from the product's own reader on purpose: the virtual printers are a second opinion. A message is
(version, code, request_id, groups); a group is (tag, {name: [(value_tag, value), ...]}).
"""

import struct

OPERATION, JOB, END, PRINTER, UNSUPPORTED = 0x01, 0x02, 0x03, 0x04, 0x05
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
OCTETS, DATETIME, RESOLUTION, RANGE, BEGIN_COLLECTION, END_COLLECTION = 0x30, 0x31, 0x32, 0x33, 0x34, 0x37
TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME, MEMBER = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49, 0x4A
NO_VALUE, UNKNOWN = 0x13, 0x12


class Malformed(Exception):
    pass


def _value(tag, octets):
    if tag in (INTEGER, ENUM):
        return struct.unpack(">i", octets)[0]
    if tag == BOOLEAN:
        return octets != b"\0"
    if tag == RANGE:
        return struct.unpack(">ii", octets)
    if tag == RESOLUTION:
        return struct.unpack(">iib", octets)
    if 0x40 <= tag <= 0x5F:
        return octets.decode("utf-8", "replace")
    return octets


def parse(read):
    """Reads one message by way of read(n), which gives exactly n octets or raises; leaves the document unread."""
    version, code, request_id = struct.unpack(">HHI", read(8))
    groups = []
    current, last, stack = None, None, []
    tag = read(1)[0]
    while tag != END:
        if tag < 0x10:
            current, last = {}, None
            groups.append((tag, current))
        else:
            name = read(struct.unpack(">H", read(2))[0]).decode("utf-8", "replace")
            octets = read(struct.unpack(">H", read(2))[0])
            if current is None:
                raise Malformed("a value before any group")
            try:
                value = _value(tag, octets)
            except struct.error:
                raise Malformed("a value of the wrong size: %s" % name) from None
            if tag == BEGIN_COLLECTION:
                stack.append(({}, None))
                if len(stack) == 1 and name:
                    last = name
            elif tag == END_COLLECTION:
                if not stack:
                    raise Malformed("an end without a collection")
                members, _ = stack.pop()
                if stack:
                    outer, member = stack[-1]
                    outer.setdefault(member, []).append((BEGIN_COLLECTION, members))
                else:
                    current.setdefault(last, []).append((BEGIN_COLLECTION, members))
            elif stack and tag == MEMBER:
                stack[-1] = (stack[-1][0], value)
            elif stack:
                stack[-1][0].setdefault(stack[-1][1], []).append((tag, value))
            else:
                if name:
                    last = name
                if last is None:
                    raise Malformed("a value without a name")
                current.setdefault(last, []).append((tag, value))
        tag = read(1)[0]
    if stack:
        raise Malformed("a collection without an end")
    return version, code, request_id, groups


def group(groups, tag):
    for found, attributes in groups:
        if found == tag:
            return attributes
    return {}


def first(attributes, name, default=None):
    values = attributes.get(name)
    return values[0][1] if values else default


def _octets(tag, value):
    if tag in (INTEGER, ENUM):
        return struct.pack(">i", value)
    if tag == BOOLEAN:
        return b"\1" if value else b"\0"
    if tag == RANGE:
        return struct.pack(">ii", *value)
    if tag == RESOLUTION:
        return struct.pack(">iib", *value)
    if isinstance(value, str):
        return value.encode()
    return value or b""


def _one(tag, name, value):
    name = name.encode()
    octets = b"" if tag == BEGIN_COLLECTION else _octets(tag, value)
    out = struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(octets)) + octets
    if tag == BEGIN_COLLECTION:
        for member, values in value.items():
            raw = member.encode()
            out += struct.pack(">BHH", MEMBER, 0, len(raw)) + raw
            for member_tag, member_value in values:
                out += _one(member_tag, "", member_value)
        out += struct.pack(">BHH", END_COLLECTION, 0, 0)
    return out


def format(version, code, request_id, groups):
    out = struct.pack(">HHI", version, code, request_id)
    for tag, attributes in groups:
        out += bytes([tag])
        for name, values in attributes.items():
            for index, (value_tag, value) in enumerate(values):
                out += _one(value_tag, "" if index else name, value)
    return out + bytes([END])


def values(tag, *items):
    return [(tag, item) for item in items]
