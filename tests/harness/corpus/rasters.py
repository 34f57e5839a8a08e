# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""PWG raster (PWG 5102.4) and Apple raster, written by this file; and PostScript."""

import struct

from PIL import Image

from . import marks
from .looks import dots
from .pdfs import plain
from .samples import CMYK, Sample


def packed(line, step):
    """A line in runs: of equal dots, and of unequal ones."""
    cells = [line[n:n + step] for n in range(0, len(line), step)]
    out, at = bytearray(), 0
    while at < len(cells):
        same = 1
        while at + same < len(cells) and same < 128 and cells[at + same] == cells[at]:
            same += 1
        if same > 1:
            out += bytes([same - 1]) + cells[at]
            at += same
            continue
        other = 1
        while at + other < len(cells) and other < 128 and cells[at + other] != cells[at + other - 1]:
            other += 1
        if other == 1:
            out += b"\0" + cells[at]
        else:
            out += bytes([257 - other]) + b"".join(cells[at:at + other])
        at += other
    return bytes(out)


def lines(octets, length, step):
    out, rows = bytearray(), [octets[n:n + length] for n in range(0, len(octets), length)]
    at = 0
    while at < len(rows):
        same = 1
        while at + same < len(rows) and same < 256 and rows[at + same] == rows[at]:
            same += 1
        out += bytes([same - 1]) + packed(rows[at], step)
        at += same
    return bytes(out)


# Colour space, bits of a dot, mode of Pillow, and what its octets are turned by.
PWG_KINDS = {"srgb": (19, 24, "RGB", 0), "sgray": (18, 8, "L", 0), "black": (3, 8, "L", 255), "black-1": (3, 1, "1", 255), "cmyk": (6, 32, "CMYK", 0)}
URF_KINDS = {"srgb": (1, 24, "RGB", 0), "sgray": (0, 8, "L", 0), "cmyk": (6, 32, "CMYK", 0)}


def octets_of(picture, mode, flip):
    made = (picture.convert("L").point(lambda v: 255 if v > 140 else 0).convert("1") if mode == "1" else picture.convert(mode)).tobytes()
    return bytes(v ^ flip for v in made) if flip else made


def pwg(kind, pictures, resolution):
    space, bits, mode, flip = PWG_KINDS[kind]
    out = b"RaS2"
    for picture in pictures:
        head = bytearray(1796)
        head[0:10] = b"PwgRaster\0"
        length = (picture.width * bits + 7) // 8
        for offset, value in ((276, resolution), (280, resolution), (340, 1), (352, picture.width * 72 // resolution), (356, picture.height * 72 // resolution),
                              (372, picture.width), (376, picture.height), (384, min(bits, 8)), (388, bits), (392, length), (400, space),
                              (420, max(1, bits // 8)), (452, len(pictures))):
            struct.pack_into(">I", head, offset, value)
        out += bytes(head) + lines(octets_of(picture, mode, flip), length, max(1, bits // 8))
    return out


def urf(kind, pictures, resolution):
    space, bits, mode, flip = URF_KINDS[kind]
    out = b"UNIRAST\0" + struct.pack(">I", len(pictures))
    for picture in pictures:
        head = struct.pack(">BBBB8xIII8x", bits, space, 1, 4, picture.width, picture.height, resolution)
        out += head + lines(octets_of(picture, mode, flip), picture.width * bits // 8, bits // 8)
    return out


def page(width, height, resolution):
    return marks.picture(round(width * resolution / 72), round(height * resolution / 72))


def of(write, language, name, kind, sizes, resolution=100, **more):
    def make(w):
        return write(kind, [page(*size, resolution) for size in sizes], resolution)

    def look(w):
        made = []
        for size in sizes:
            picture = page(*size, resolution)
            if kind.startswith("black-1"):
                picture = picture.convert("L").point(lambda v: 255 if v > 140 else 0)
            elif kind in ("black", "sgray"):
                picture = picture.convert("L")
            made.append(picture.convert("RGB").resize((dots(size[0]), dots(size[1])), Image.Resampling.BOX))
        return made
    return Sample("%s-%s" % (language, name), language, len(sizes), make, looks=look, sizes=tuple(sizes), **more)


A4, A5, SLIDE = (595, 842), (420, 595), (842, 595)


def rasters():
    yield of(pwg, "pwg", "srgb", "srgb", [A4], colour=True, quick=True)
    yield of(pwg, "pwg", "sgray", "sgray", [A4], colour=False)
    yield of(pwg, "pwg", "black", "black", [A4], colour=False)
    yield of(pwg, "pwg", "black-1", "black-1", [A4], 150, colour=False)
    yield of(pwg, "pwg", "cmyk", "cmyk", [A5], tolerance=CMYK)
    yield of(pwg, "pwg", "several-sizes", "srgb", [A4, A5, SLIDE])
    yield of(pwg, "pwg", "twelve-pages", "sgray", [A5] * 12, colour=False)
    yield of(urf, "urf", "srgb", "srgb", [A4], colour=True, quick=True)
    yield of(urf, "urf", "sgray", "sgray", [A4], 200, colour=False)
    yield of(urf, "urf", "lying", "srgb", [SLIDE, A4])
    yield of(urf, "urf", "six-pages", "sgray", [A5] * 6, colour=False)


# The operators of marks.content(), for PostScript.
PROLOGUE = b"""/rg {setrgbcolor} def /g {setgray} def /f {fill} def
/re {4 2 roll moveto 1 index 0 rlineto 0 exch rlineto neg 0 rlineto closepath} def
/BT {} def /ET {} def /F1 /Helvetica def /Tf {exch findfont exch scalefont setfont} def /Td {moveto} def /Tj {show} def
"""


def program(sizes, before=b"%!PS-Adobe-3.0\n", each=b""):
    out = before + PROLOGUE
    for number, size in enumerate(sizes, 1):
        body = marks.content(*size, number=number).replace(b"/F1 ", b"F1 ")
        out += b"%%%%Page: %d %d\n" % (number, number) + (each % size if b"%" in each else each) + b"gsave\n" + body + b"\ngrestore showpage\n"
    return out + b"%%EOF\n"


def postscripts():
    def of_ps(name, sizes, make, **more):
        return Sample("ps-" + name, "ps", len(sizes), make, looks=lambda w: plain(sizes).finish(), sizes=tuple(sizes), colour=True, **more)
    sized = b"<< /PageSize [%d %d] >> setpagedevice\n"
    yield of_ps("program", [A4], lambda w: program([A4]), words=("Page 1",), quick=True)
    yield of_ps("no-comments", [A4], lambda w: b"%!\n" + PROLOGUE + marks.content(*A4).replace(b"/F1 ", b"F1 ") + b"\nshowpage\n")
    yield of_ps("own-sizes", [A4, A5, SLIDE], lambda w: program([A4, A5, SLIDE], each=sized))
    yield of_ps("eps", [(300, 200)], lambda w: program([(300, 200)], b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 300 200\n"))
    yield of_ps("level-2", [A4, A5], lambda w: w.run(["pdftops", "-level2", "-paper", "match", "IN", "OUT"], plain([A4, A5]).finish(), made="out.ps"))
    yield of_ps("level-3", [A4, SLIDE], lambda w: w.run(["pdftops", "-level3", "-paper", "match", "IN", "OUT"], plain([A4, SLIDE]).finish(), made="out.ps"))
    yield of_ps("by-ghostscript", [A4] * 3, lambda w: w.run(["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=ps2write",
                                                          "-sOutputFile=-", "IN"], plain([A4] * 3).finish()))
    yield of_ps("in-pjl", [A4], lambda w: b"\x1b%-12345X@PJL ENTER LANGUAGE=POSTSCRIPT\r\n" + program([A4]) + b"\x04\x1b%-12345X")
    yield of_ps("thirty-pages", [A4] * 30, lambda w: program([A4] * 30))


def samples():
    yield from rasters()
    yield from postscripts()
