# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The renderer run as the service runs it, and what came out looked at by programs and readers of other people or of our own."""

import os
import re
import struct
import subprocess
import tempfile

from . import ROOT

TYPES = {
    "pdf": "application/pdf",
    "pxl": "application/vnd.hp-PCLXL",
    "ps": "application/postscript",
    "pwg": "image/pwg-raster",
    "urf": "image/urf",
    "pclm": "application/PCLm",
    "pcl": "application/vnd.hp-PCL",
}


def pdf(*pages, size=(595, 842), attributes=b"", objects=()):
    """A page for each content; attributes stand in each page, objects come after all others (see first_free)."""
    parts, offsets = [b"%PDF-1.6\n"], []

    def add(body):
        offsets.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (len(offsets), body))

    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    add(b"<< /Type /Catalog /Pages 2 0 R >>")
    add(b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 %d %d] >>" % (kids, len(pages), *size))
    add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n, content in enumerate(pages):
        add(b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> %s >>" % (5 + 2 * n, attributes))
        add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    for body in objects:
        add(body)
    start = sum(map(len, parts))
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1) + b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return b"".join(parts) + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, start)


def page(number, size=(595, 842)):
    """Its number in words of the page at the upper left, in red, and a blue box at the lower left."""
    text = b"1 0 0 rg BT /F1 40 Tf 40 %d Td (P%d) Tj ET\n" % (size[1] - 60, number)
    return text + b"0 0 1 rg 20 20 60 30 re f\n"


def numbered(count, size=(595, 842), **more):
    return pdf(*(page(n + 1, size) for n in range(count)), size=size, **more)


def _run(document, to, source, options):
    build = os.environ.get("IMPRIMATUR_BUILD", os.path.join(ROOT, "build"))
    words = [os.path.join(build, "src", "imprimatur-render"), "--from", source, "--to", TYPES[to]]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    return subprocess.run(words, input=document, capture_output=True, timeout=120)


def refusal(document, to="pdf", source="application/pdf", **options):
    """The renderer's exit status."""
    return _run(document, to, source, options).returncode


def render(document, to="pdf", source="application/pdf", **options):
    """What the printer receives, and how many pages the renderer says it is."""
    done = _run(document, to, source, options)
    assert done.returncode == 0, "%s %s: %s" % (to, options, done.stderr.decode())
    octets, at, pages, last = [], 0, 0, None
    while at < len(done.stdout):
        last, length = done.stdout[at:at + 1], struct.unpack_from(">I", done.stdout, at + 1)[0]
        contents = done.stdout[at + 5:at + 5 + length]
        at += 5 + length
        if last == b"D":
            octets.append(contents)
        elif last == b"F":
            pages = int(re.search(rb"^pages=(\d+)$", contents, re.M)[1])
    assert last == b"E", "the answer was cut off"
    return b"".join(octets), pages


def _tool(words, document):
    with tempfile.NamedTemporaryFile() as file:
        file.write(document)
        file.flush()
        done = subprocess.run([word.replace("FILE", file.name) for word in words], capture_output=True, timeout=120)
        assert done.returncode == 0, "%s: %s" % (words, done.stderr.decode())
        return done.stdout


def words(document):
    """Of each page, where the middle of each word is, from the upper left."""
    shown = _tool(["pdftotext", "-bbox", "FILE", "-"], document).decode()
    pattern = r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)</word>'
    return [
        {m[4]: ((float(m[0]) + float(m[2])) / 2, (float(m[1]) + float(m[3])) / 2) for m in re.findall(pattern, one)}
        for one in shown.split("<page ")[1:]
    ]


def sizes(document):
    return [tuple(round(float(n)) for n in m) for m in
            re.findall(rb"Page +\d+ size: +([\d.]+) x ([\d.]+)", _tool(["pdfinfo", "-f", "1", "-l", "999", "FILE"], document))]


class Image:
    """Dots of three octets."""

    def __init__(self, width, height, dots):
        self.width, self.height, self.dots = width, height, dots

    def at(self, x, y):
        start = 3 * (y * self.width + x)
        return tuple(self.dots[start:start + 3])

    def is_grey(self):
        return self.dots[0::3] == self.dots[1::3] == self.dots[2::3]

    def difference(self, other):
        """Of the two, on average over all dots; 1 is black against white."""
        assert (self.width, self.height) == (other.width, other.height), "%s and %s" % (
            (self.width, self.height), (other.width, other.height))
        return sum(abs(a - b) for a, b in zip(self.dots, other.dots)) / (255 * len(self.dots))

    def turned(self):
        """By 180 degrees."""
        rows = [bytes(v for x in range(self.width - 1, -1, -1) for v in self.at(x, y)) for y in range(self.height - 1, -1, -1)]
        return Image(self.width, self.height, b"".join(rows))


def drawn(document, number=1, dpi=36, size=None):
    """A page of a PDF as Poppler draws it."""
    scale = ["-scale-to-x", str(size[0]), "-scale-to-y", str(size[1])] if size else ["-r", str(dpi)]
    ppm = _tool(["pdftoppm", "-cropbox", *scale, "-f", str(number), "-l", str(number), "FILE"], document)
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", ppm)
    return Image(int(head[1]), int(head[2]), ppm[head.end():])


def pdf_of_postscript(document):
    return _tool(["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-dAutoRotatePages=/None", "-sOutputFile=-", "FILE"], document)


def _line(octets, at, width, step, white=None):
    """One line of dots in runs (PWG 5102.4, 4.3; Apple raster has white to the end of the line besides)."""
    line = bytearray()
    while len(line) < width * step:
        code = octets[at]
        at += 1
        if code == 128 and white is not None:
            line += white * (width * step - len(line))
        elif code < 128:
            line += octets[at:at + step] * (code + 1)
            at += step
        else:
            count = 257 - code
            line += octets[at:at + step * count]
            at += step * count
    assert len(line) == width * step, "a line of %d octets where %d were due" % (len(line), width * step)
    return bytes(line), at


def _image(octets, at, width, height, step, white=None, keep=True):
    lines, count = [], 0
    while count < height:
        repeats = octets[at] + 1
        line, at = _line(octets, at + 1, width, step, white)
        count += repeats
        if keep:
            lines += [line if step == 3 else bytes(v for v in line for _ in range(3))] * repeats
    assert count == height
    return Image(width, height, b"".join(lines)) if keep else None, at


def pwg_pages(octets, keep=None):
    """Images; None for those not among keep, from 1."""
    assert octets.startswith(b"RaS2")
    at, pages = 4, []
    while at < len(octets):
        header = octets[at:at + 1796]
        width, height = struct.unpack_from(">II", header, 372)
        kept = keep is None or len(pages) + 1 in keep
        image, at = _image(octets, at + 1796, width, height, struct.unpack_from(">I", header, 388)[0] // 8, keep=kept)
        if kept:
            image.duplex, image.tumble = (struct.unpack_from(">I", header, o)[0] for o in (272, 368))
        pages.append(image)
    return pages


def urf_pages(octets, keep=None):
    assert octets.startswith(b"UNIRAST\0")
    at, pages = 12, []
    while at < len(octets):
        bits, _, duplex = octets[at], octets[at + 1], octets[at + 2]
        width, height = struct.unpack_from(">II", octets, at + 12)
        kept = keep is None or len(pages) + 1 in keep
        image, at = _image(octets, at + 32, width, height, bits // 8, b"\xff", keep=kept)
        if kept:
            image.duplex = duplex
        pages.append(image)
    assert struct.unpack_from(">I", octets, 8)[0] == len(pages), "the header says other than all pages"
    return pages


def pcl_pages(octets):
    """Form feeds between escape sequences and their data (PCL 5), and the sides that are said before the first."""
    at, pages, sides = 0, 0, None
    while at < len(octets):
        if octets[at] == 12:
            pages += 1
        if octets[at] != 27:
            at += 1
            continue
        sequence = re.compile(rb"\x1b([&*(])([a-z])((?:[-+]?\d*[a-z])*)([-+]?\d*)([A-Z])").match(octets, at)
        if not sequence:
            assert octets[at:at + 2] == b"\x1bE" and at in (0, len(octets) - 2), "a reset in the middle"
            at += 2
            continue
        at = sequence.end()
        if sequence[1] + sequence[2] + sequence[5] in (b"*bW", b"*bV", b"*vW", b"(sW"):
            at += int(sequence[4] or 0)
        if sequence[1] + sequence[2] + sequence[5] == b"&lS":
            sides = int(sequence[4])
    return pages, sides


def pcl_xl_pages(octets):
    """Operators BeginPage among data and attributes (PCL XL Feature Reference, 2)."""
    assert octets.startswith(b") HP-PCL XL;")
    fixed = {0: 1, 1: 2, 2: 4, 3: 2, 4: 4, 5: 4}
    at, pages = octets.index(b"\n") + 1, 0
    while at < len(octets):
        tag = octets[at]
        at += 1
        if tag == 0x43:
            pages += 1
        elif 0xC0 <= tag < 0xF0:
            kind, shape = tag & 7, tag & 0x38
            count = {0x00: 1, 0x08: 0, 0x10: 2, 0x20: 4}[shape]
            if shape == 0x08:
                wide = octets[at] == 0xC1
                count = struct.unpack_from("<H" if wide else "<B", octets, at + 1)[0]
                at += 3 if wide else 2
            at += count * fixed[kind]
        elif tag == 0xF8:
            at += 1
        elif tag == 0xF9:
            at += 2
        elif tag == 0xFA:
            at += 4 + struct.unpack_from("<I", octets, at)[0]
        elif tag == 0xFB:
            at += 1 + octets[at]
        else:
            assert tag in (0, 9, 10, 11, 12, 13, 32) or 0x41 <= tag <= 0xBF, "octet %02x at %d" % (tag, at)
    return pages


def count(octets, kind):
    """The pages of any language, as somebody else counts them."""
    if kind in ("pdf", "pclm"):
        return int(_tool(["qpdf", "--warning-exit-0", "--show-npages", "FILE"], octets))
    if kind == "ps":
        return count(pdf_of_postscript(octets), "pdf")
    if kind == "pwg":
        return len(pwg_pages(octets))
    if kind == "urf":
        return len(urf_pages(octets))
    return pcl_xl_pages(octets) if kind == "pxl" else pcl_pages(octets)[0]
