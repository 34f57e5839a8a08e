#!/usr/bin/python3
# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the sample documents that ipptool's suites ask for and do not bring.

    samples.py DIR

writes DIR/document-a4.pdf, color.jpg, pwg-raster-samples-300dpi/... under the names the suites use, and copies the
suites beside them, because ipptool looks for a document beside the test that names it. Every sample that a suite
names must be there, also those of tests that would be skipped: at the first one missing, ipptool stops half-way and
counts no failure.
"""

import os
import shutil
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(os.path.dirname(HERE)))

from harness import documents  # noqa: E402

SUITES = "/usr/share/cups/ipptool"
SIZES = {"a4": (210 / 25.4, 297 / 25.4, "iso_a4_210x297mm"), "letter": (8.5, 11.0, "na_letter_8.5x11in"),
         "4x6": (4.0, 6.0, "na_index-4x6_4x6in")}
PAGES = {"document-a4": 4, "document-letter": 4, "onepage-a4": 1, "onepage-letter": 1, "color.jpg-4x6": 1,
         "gray.jpg-4x6": 1}
# name: bits of a colour, of a pixel, colour space and number of colours (PWG 5102.4, section 4.3.2)
TYPES = {"black-1": (1, 1, 3, 1), "sgray-8": (8, 8, 18, 1), "srgb-8": (8, 24, 19, 3), "srgb-16": (16, 48, 19, 3),
         "cmyk-8": (8, 32, 6, 4)}
RESOLUTIONS = (150, 180, 300, 360, 600, 720)


def page_header(size, resolution, bits, bits_per_pixel, space, colours, pages):
    width_in, height_in, name = SIZES[size]
    width, height = round(width_in * resolution), round(height_in * resolution)
    header = bytearray(1796)
    header[0:10] = b"PwgRaster\0"
    for offset, value in {276: resolution, 280: resolution, 340: 1, 352: round(width_in * 72), 356: round(height_in * 72),
                          372: width, 376: height, 384: bits, 388: bits_per_pixel,
                          392: (width * bits_per_pixel + 7) // 8, 400: space, 420: colours, 452: pages, 456: 1,
                          460: 1}.items():
        struct.pack_into(">I", header, offset, value)
    header[1732:1732 + len(name)] = name.encode()
    return bytes(header), width, height


def line(width, bits_per_pixel, black):
    """One line of one colour: runs of at most 128 equal pixels, or octets where pixels are bits."""
    unit = max(1, bits_per_pixel // 8)
    value = (b"\xff" if black else b"\0") if bits_per_pixel == 1 else (b"\0" if black else b"\xff") * unit
    left = (width + 7) // 8 if bits_per_pixel == 1 else width
    out = b""
    while left:
        run = min(left, 128)
        out += bytes([run - 1]) + value
        left -= run
    return out


def pwg_raster(size, resolution, kind, pages):
    bits, bits_per_pixel, space, colours = TYPES[kind]
    header, width, height = page_header(size, resolution, bits, bits_per_pixel, space, colours, pages)
    page = b""
    for start in range(0, height, 64):
        rows = min(64, height - start)
        page += bytes([rows - 1]) + line(width, bits_per_pixel, start // 64 % 8 == 3)
    return b"RaS2" + (header + page) * pages


def ghostscript(device, resolution, postscript, path):
    subprocess.run(["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=" + device, "-r%d" % resolution,
                    "-sOutputFile=" + path, "-"], input=postscript, check=True)


def paged(name, pages, width, height):
    setup = "<< /PageSize [%d %d] >> setpagedevice /Helvetica findfont 24 scalefont setfont\n" % (width, height)
    body = "".join("72 72 moveto (%s, page %d) show 1 0 0 setrgbcolor 72 144 200 100 rectfill 0 setgray showpage\n"
                   % (name, n + 1) for n in range(pages))
    return ("%!PS\n" + setup + body).encode()


def make(folder, resolutions=RESOLUTIONS, kinds=tuple(TYPES)):
    os.makedirs(folder, exist_ok=True)
    for suite in ("ipp-1.1.test", "ipp-2.0.test", "ipp-everywhere.test"):
        shutil.copy(os.path.join(SUITES, suite), folder)
    for size, (width, height) in {"a4": (595, 842), "letter": (612, 792)}.items():
        source = paged("document-" + size, 4, width, height)
        ghostscript("pdfwrite", 72, source, os.path.join(folder, "document-%s.pdf" % size))
        with open(os.path.join(folder, "document-%s.ps" % size), "wb") as file:
            file.write(source)
    for name, device in {"color": "jpeg", "gray": "jpeggray"}.items():
        ghostscript(device, 150, paged(name, 1, 288, 432), os.path.join(folder, name + ".jpg"))
    with open(os.path.join(folder, "small.pdf"), "wb") as file:
        file.write(documents.pdf("small"))
    with open(os.path.join(folder, "note.txt"), "wb") as file:
        file.write(documents.text("note"))
    with open(os.path.join(folder, "nothing.bin"), "wb") as file:
        file.write(bytes(range(256)))
    for resolution in resolutions:
        for kind in kinds:
            there = os.path.join(folder, "pwg-raster-samples-%ddpi" % resolution, kind)
            os.makedirs(there, exist_ok=True)
            for name, pages in PAGES.items():
                size = name.rsplit("-", 1)[1]
                with open(os.path.join(there, "%s-%s-%ddpi.pwg" % (name, kind, resolution)), "wb") as file:
                    file.write(pwg_raster(size, resolution, kind, pages))


if __name__ == "__main__":
    make(sys.argv[1])
