# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Documents for tests: real ones of each format, each with an id that the virtual printers recognise."""

import os
import struct


def pdf(document="test", size=0, pages=1, text=None, random=os.urandom):
    """A correct PDF of at least size octets; the filling does not compress."""
    text = text or "Imprimatur: %s" % document
    parts = [b"%PDF-1.4\n% imprimatur-test-document:" + document.encode() + b" \n%\xe2\xe3\xcf\xd3\n"]
    offsets = []

    def add(body):
        offsets.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (len(offsets), body))

    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(pages))
    add(b"<< /Type /Catalog /Pages 2 0 R >>")
    add(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages))
    add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n in range(pages):
        stream = b"BT /F1 24 Tf 72 720 Td (%s, page %d) Tj ET" % (text.encode("latin-1", "replace"), n + 1)
        add(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n)
        )
        add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    have = sum(map(len, parts)) + 400
    if size > have:
        filling = random(size - have)
        add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(filling), filling))
    start = sum(map(len, parts))
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, start)
    return b"".join(parts) + table + end


def postscript(document="test"):
    return (
        "%%!PS-Adobe-3.0\n%% imprimatur-test-document:%s \n%%%%Pages: 1\n%%%%EndComments\n%%%%Page: 1 1\n"
        "/Helvetica findfont 24 scalefont setfont 72 720 moveto (Imprimatur: %s) show showpage\n%%%%EOF\n"
        % (document, document)
    ).encode()


def text(document="test"):
    return ("imprimatur-test-document:%s \nLet it be printed.\n" % document).encode()


def pwg_raster(width=100, height=100, resolution=300, colour=False):
    """One page of PWG raster (PWG 5102.4), white, in runs."""
    octets = 3 if colour else 1
    header = bytearray(1796)
    header[0:64] = b"PwgRaster".ljust(64, b"\0")

    def put(offset, value):
        struct.pack_into(">I", header, offset, value)

    put(276, resolution)
    put(280, resolution)
    put(340, 1)  # copies
    put(352, width * 72 // resolution)
    put(356, height * 72 // resolution)
    put(372, width)
    put(376, height)
    put(384, 8)
    put(388, 8 * octets)
    put(392, width * octets)
    put(400, 19 if colour else 18)
    put(420, octets)
    put(452, 1)  # total page count
    header[1732:1796] = b"iso_a4_210x297mm".ljust(64, b"\0")
    rows = b""
    left = height
    while left:
        times = min(left, 256)
        line = b""
        dots = width
        while dots:
            run = min(dots, 128)
            line += bytes([run - 1]) + b"\xff" * octets
            dots -= run
        rows += bytes([times - 1]) + line
        left -= times
    return b"RaS2" + bytes(header) + rows
