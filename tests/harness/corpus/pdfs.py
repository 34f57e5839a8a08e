# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""PDF documents written by hand: sizes, boxes and turns, structure, and what is drawn and how."""

import io

from . import marks
from .samples import BLENDED, CMYK, Sample, Tolerance
from .writer import Book

A4, LETTER = (595, 842), (612, 792)


def plain(sizes, version="1.4", attributes=b"", **more):
    book = Book(version)
    for number, size in enumerate(sizes, 1):
        book.page(marks.content(*size, number=number, **more), size, attributes)
    return book


def sized(name, *sizes, seen=None, quick=False, colour=True, reader="poppler", **more):
    seen = seen or sizes
    return Sample("pdf-" + name, "pdf", len(sizes), lambda w: plain(sizes, **more).finish(), sizes=tuple(seen), colour=colour, quick=quick,
                  reader=reader, words=("Page",))


def paper():
    """Sizes, boxes, rotations."""
    yield sized("a4", A4, quick=True)
    yield sized("letter", LETTER)
    yield sized("legal", (612, 1008))
    yield sized("a3", (842, 1191))
    yield sized("a5", (420, 595))
    yield sized("a6-card-lying", (420, 298))
    yield sized("a0-poster", (2384, 3370))
    yield sized("square", (500, 500))
    yield sized("banner", (300, 2400))
    yield sized("label", (150, 72))
    yield sized("odd-fractions", (501.37, 700.91), seen=((501, 701),))
    yield sized("landscape", (842, 595))
    yield sized("mixed-orientation", A4, (842, 595), A4, (842, 595), quick=True)
    yield sized("mixed-sizes", A4, LETTER, (842, 1191), (420, 595), (300, 300))
    for turn, seen in ((90, (842, 595)), (180, A4), (270, (842, 595)), (-90, (842, 595)), (450, (842, 595))):
        yield sized("rotate%+d" % turn, A4, seen=(seen,), attributes=b"/Rotate %d" % turn, quick=turn == 90)
    yield sized("crop", A4, seen=((435, 662),), attributes=b"/CropBox [70 80 505 742]")
    yield sized("crop-and-rotate", A4, seen=((662, 435),), attributes=b"/CropBox [70 80 505 742] /Rotate 90", quick=True)
    yield sized("crop-beyond-media", A4, attributes=b"/CropBox [-50 -50 700 900]", seen=(A4,))
    yield sized("crop-in-other-corners", A4, seen=((435, 662),), attributes=b"/CropBox [505 742 70 80]")
    yield sized("trim-and-bleed", A4, attributes=b"/TrimBox [20 20 575 822] /BleedBox [10 10 585 832] /ArtBox [50 50 500 800]")
    yield sized("user-unit", (300, 421), reader="gs", seen=((600, 842),), attributes=b"/UserUnit 2", version="1.6")
    yield sized("user-unit-and-crop", A4, reader="gs", seen=((842, 1191),), attributes=b"/UserUnit 2 /CropBox [50 50 471 645.5]", version="1.6")

    def moved(w):
        book = Book()
        book.page(b"1 0 0 1 -300 500 cm\n" + marks.content(*A4), box=False, attributes=b"/MediaBox [-300 500 295 1342]")
        return book.finish()
    yield Sample("pdf-origin-elsewhere", "pdf", 1, moved, sizes=(A4,), colour=True)

    def inherited(w):
        book = Book()
        book.tree = b"/MediaBox [0 0 595 842] /Rotate 90"
        book.page(marks.content(*A4), box=False)
        book.page(marks.content(*A4, number=2), box=False, attributes=b"/Rotate 0")
        return book.finish()
    yield Sample("pdf-inherited", "pdf", 2, inherited, sizes=((842, 595), A4), colour=True)


def lengths():
    yield Sample("pdf-two-hundred-pages", "pdf", 200, lambda w: plain([A4] * 200).finish(), colour=True, words=("Page",))
    yield Sample("pdf-twenty-grey-pages", "pdf", 20, lambda w: plain([A4] * 20, colour=False).finish(), colour=False, words=("Page",))

    def empty(w):
        book = Book()
        book.page(None)
        return book.finish()
    yield Sample("pdf-one-empty-page", "pdf", 1, empty, sizes=(A4,), colour=False)

    def between(w):
        book = Book()
        for number in range(1, 6):
            book.page(marks.content(*A4, number=number) if number % 2 else b"")
        return book.finish()
    yield Sample("pdf-empty-pages-between", "pdf", 5, between, colour=True)

    def tree(w):
        book = Book()
        for number in range(1, 5):
            book.page(marks.content(*A4, number=number))
        inner = [book.add(b"<< /Type /Pages /Parent 2 0 R /Count 2 /Kids [%d 0 R %d 0 R] >>" % tuple(book.kids[n:n + 2])) for n in (0, 2)]
        for kid, parent in zip(book.kids, (inner[0], inner[0], inner[1], inner[1])):
            book.objects[kid - 1] = book.objects[kid - 1].replace(b"/Parent 2 0 R", b"/Parent %d 0 R" % parent)
        return book.finish(kids=inner, count=4)
    yield Sample("pdf-tree-of-pages", "pdf", 4, tree, colour=True)

    def many(w):
        lines = [b"%d %d m %d %d l S" % (20 + n * 7 % 550, 20 + n * 13 % 800, 20 + n * 11 % 550, 20 + n * 3 % 800) for n in range(1500)]
        book = Book()
        book.page(b"1 w 0.6 G\n" + b"\n".join(lines))
        return book.finish()
    yield Sample("pdf-many-lines", "pdf", 1, many, colour=False,
                 tolerance=Tolerance(0.06, 0.30, 0.4, "thin lines are as dark as each program likes"))


def structure():
    base = lambda w: plain([A4, LETTER]).finish()  # noqa: E731
    for version in ("1.3", "1.5", "1.7", "2.0"):
        yield sized("version-" + version, A4, version=version)
    options = (
        ("object-streams", ["--object-streams=generate"]), ("linearized", ["--linearize"]),
        ("no-object-streams", ["--object-streams=disable", "--stream-data=uncompress"]),
    )
    for name, words in options:
        yield Sample("pdf-" + name, "pdf", 2, lambda w, words=words: w.qpdf(base(w), *words), sizes=(A4, LETTER), colour=True,
                     words=("Page", "Page"), quick=name == "linearized")
    locks = (("rc4-40", ["40"]), ("rc4-128", ["128"]), ("aes-128", ["128", "--use-aes=y"]), ("aes-256", ["256"]))
    for name, words in locks:
        yield Sample(
            "pdf-encrypted-" + name, "pdf", 2, sizes=(A4, LETTER), colour=True, words=("Page", "Page"), quick=name == "aes-256",
            # Deterministic keys would be no keys; what is drawn is the same each time.
            make=lambda w, words=words: w.keep(("lock", *words), lambda: w.run(
                ["qpdf", "--allow-weak-crypto", "--encrypt", "", "owner", *words, "--", "IN", "OUT"], base(w), made="out.pdf")))

    def changed(w):
        old = plain([A4]).finish()
        start = old.index(b"startxref\n") + 10
        before = int(old[start:old.index(b"\n", start)])
        content = marks.content(*A4, number=7)
        number = 4
        body = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(content), content)
        table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
            number, len(old), before, len(old) + len(body))
        return old + body + table
    yield Sample("pdf-changed-later", "pdf", 1, changed, sizes=(A4,), words=("7",))

    yield Sample("pdf-table-elsewhere", "pdf", 1, lambda w: plain([A4]).finish(start=7), looks=lambda w: plain([A4]).finish(), words=("Page",))
    yield Sample("pdf-no-end", "pdf", 1, lambda w: plain([A4]).finish().rsplit(b"startxref", 1)[0], looks=lambda w: plain([A4]).finish())
    yield Sample("pdf-behind-other-octets", "pdf", 1, lambda w: b"\r\n\r\n" + plain([A4]).finish(), looks=lambda w: plain([A4]).finish())
    yield Sample("pdf-in-pjl", "pdf", 1, lambda w: b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n" + plain([A4]).finish() + b"\x1b%-12345X",
                 looks=lambda w: plain([A4]).finish())

    def pieces(w):
        whole = marks.content(*A4)
        cut = whole.index(b" Td")
        book = Book()
        one, two = book.stream(whole[:cut]), book.stream(whole[cut:], packed=True)
        book.page(None, attributes=b"/Contents [%d 0 R %d 0 R]" % (one, two))
        return book.finish()
    yield Sample("pdf-content-in-pieces", "pdf", 1, pieces, words=("Page",))


def drawing(name, content, resources=b"", objects=None, version="1.4", attributes=b"", catalog=b"", **more):
    """objects(book) adds what resources, attributes and catalog name by %d."""
    def make(w):
        book = Book(version)
        numbers = objects(book) if objects else ()
        fill = lambda words: words % tuple(numbers[:words.count(b"%d")]) if b"%d" in words else words  # noqa: E731
        book.catalog = fill(catalog)
        book.page(content, resources=fill(resources), attributes=fill(attributes))
        return book.finish()
    return Sample("pdf-" + name, "pdf", 1, make, **more)


def jpeg(mode, **more):
    out = io.BytesIO()
    marks.picture(mode="RGB" if mode == "CMYK" else mode).convert(mode).save(out, "JPEG", quality=92, **more)
    return out.getvalue()


PLACE = b"q 400 0 0 300 97 300 cm /I Do Q"


def image(name, octets, words, packed=True, size=(400, 300), extra=None, before=b"", **more):
    def objects(book):
        others = extra(book) if extra else ()
        say = words % tuple(others) if others else words
        return (book.image(octets(), *size, say, packed),)
    return drawing("image-" + name, before + PLACE, b"/XObject << /I %d 0 R >>", objects, **more)


def images():
    dots = lambda mode: marks.picture(mode=mode).tobytes()  # noqa: E731
    yield image("rgb", lambda: dots("RGB"), b"/ColorSpace /DeviceRGB /BitsPerComponent 8", colour=True)
    yield image("grey", lambda: dots("L"), b"/ColorSpace /DeviceGray /BitsPerComponent 8", colour=False)
    yield image("grey-as-rgb", lambda: marks.picture().convert("L").convert("RGB").tobytes(), b"/ColorSpace /DeviceRGB /BitsPerComponent 8", colour=False)
    yield image("one-bit", lambda: marks.black_and_white().tobytes(), b"/ColorSpace /DeviceGray /BitsPerComponent 1", colour=False)
    yield image("stencil", lambda: marks.black_and_white().tobytes(), b"/ImageMask true /BitsPerComponent 1", before=b"0.8 0.1 0.1 rg ", colour=True)
    yield image("sixteen-bits", lambda: bytes(v for d in dots("RGB") for v in (d, d)), b"/ColorSpace /DeviceRGB /BitsPerComponent 16", version="1.5", colour=True)
    yield image("cmyk", lambda: dots("CMYK"), b"/ColorSpace /DeviceCMYK /BitsPerComponent 8")
    yield image("jpeg", lambda: jpeg("RGB"), b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", packed=False, quick=True)
    yield image("jpeg-progressive", lambda: jpeg("RGB", progressive=True), b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", packed=False)
    yield image("jpeg-cmyk", lambda: jpeg("CMYK"), b"/ColorSpace /DeviceCMYK /BitsPerComponent 8 /Filter /DCTDecode", packed=False)

    def jpeg2000():
        out = io.BytesIO()
        marks.picture().save(out, "JPEG2000", quality_mode="dB", quality_layers=[45])
        return out.getvalue()
    yield image("jpeg2000", jpeg2000, b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /JPXDecode", packed=False, version="1.5")

    palette = marks.picture().quantize(16)
    table = bytes(palette.getpalette()[:48])
    yield image("palette", lambda: palette.tobytes(), b"/ColorSpace [/Indexed /DeviceRGB 15 <%s>] /BitsPerComponent 8" % table.hex().encode(), colour=True)
    mask = lambda book: (book.image(marks.picture(mode="L").point(lambda v: 255 - v).tobytes(), 400, 300, b"/ColorSpace /DeviceGray /BitsPerComponent 8"),)  # noqa: E731
    yield image("soft-mask", lambda: dots("RGB"), b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /SMask %d 0 R", extra=mask, before=b"1 1 0.6 rg 50 250 500 400 re f ", colour=True)
    yield image("colour-key", lambda: dots("RGB"), b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Mask [250 255 250 255 250 255]", before=b"0.8 0.9 1 rg 50 250 500 400 re f ")
    yield image("decoded-backwards", lambda: dots("L"), b"/ColorSpace /DeviceGray /BitsPerComponent 8 /Decode [1 0]", colour=False)
    yield image("hex-in-runs", lambda: _runs(dots("L")).hex().encode() + b">", b"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter [/ASCIIHexDecode /RunLengthDecode]", packed=False)
    small = marks.picture(40, 30, "L").tobytes()
    yield drawing("image-inline", b"q 400 0 0 300 97 300 cm\nBI /W 40 /H 30 /CS /G /BPC 8 /F /AHx ID\n" + small.hex().encode() + b">\nEI\nQ")


def _runs(octets):
    out = bytearray()
    for at in range(0, len(octets), 128):
        piece = octets[at:at + 128]
        out += bytes([len(piece) - 1]) + piece
    return bytes(out) + b"\x80"


def colours():
    yield drawing("cmyk", b"1 0 0 0 k 50 600 150 150 re f 0 1 0 0 k 220 600 150 150 re f 0 0 1 0 k 390 600 150 150 re f 0 0 0 1 k 50 400 150 150 re f "
                  b"0.4 0.4 0 0.2 k 220 400 150 150 re f", colour=True, tolerance=CMYK)
    spot = lambda book: (book.add(b"<< /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [0.1 0.5 0.3] /N 1 >>"),)  # noqa: E731
    yield drawing("spot-colour", b"/S cs 1 scn 50 600 200 150 re f 0.5 scn 300 600 200 150 re f", b"/ColorSpace << /S [/Separation /Moss /DeviceRGB %d 0 R] >>", spot, colour=True)
    yield drawing("calibrated", b"/S cs 0.8 0.2 0.2 scn 50 600 200 150 re f 0.5 0.5 0.5 scn 300 600 200 150 re f",
                  b"/ColorSpace << /S [/CalRGB << /WhitePoint [0.9505 1 1.089] /Gamma [2.2 2.2 2.2] /Matrix [0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505] >>] >>")
    yield drawing("lab", b"/S cs 50 60 20 scn 50 600 200 150 re f 70 -40 30 scn 300 600 200 150 re f",
                  b"/ColorSpace << /S [/Lab << /WhitePoint [0.9642 1 0.8249] /Range [-100 100 -100 100] >>] >>")

    def axial(book):
        function = book.add(b"<< /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >>")
        return (book.add(b"<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [50 0 545 0] /Function %d 0 R /Extend [true true] >>" % function),)
    yield drawing("shade-along", b"q 50 300 495 400 re W n /H sh Q", b"/Shading << /H %d 0 R >>", axial, colour=True)

    def radial(book):
        function = book.add(b"<< /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>")
        return (book.add(b"<< /ShadingType 3 /ColorSpace /DeviceGray /Coords [300 400 0 300 400 200] /Function %d 0 R >>" % function),)
    yield drawing("shade-around", b"/H sh", b"/Shading << /H %d 0 R >>", radial, colour=False)

    def tiles(book):
        cell = b"0.8 0.2 0.1 rg 0 0 18 18 re f 0.1 0.3 0.7 rg 18 18 18 18 re f"
        return (book.stream(cell, b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 36 36] /XStep 36 /YStep 36 /Resources << >>"),)
    yield drawing("tiles", b"/Pattern cs /T scn 72 216 432 432 re f", b"/Pattern << /T %d 0 R >>", tiles, colour=True,
                  tolerance=Tolerance(0.03, 0.12, 0.2, "tiles are made to begin at whole dots"))

    for mode in ("Multiply", "Screen", "Difference", "Luminosity"):
        yield drawing("blend-" + mode.lower(), b"0.9 0.3 0.2 rg 80 300 300 300 re f /B gs 0.2 0.6 0.9 rg 200 400 300 300 re f",
                      b"/ExtGState << /B << /BM /%s >> >>" % mode.encode(), colour=True, tolerance=BLENDED)
    yield drawing("half-transparent", b"0.9 0.3 0.2 rg 80 300 300 300 re f /B gs 0.2 0.6 0.9 rg 200 400 300 300 re f", b"/ExtGState << /B << /ca 0.5 >> >>",
                  colour=True, tolerance=BLENDED, quick=True)

    def group(book):
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /I true /K true >>"
        return (book.stream(b"1 0 0 rg 100 300 200 200 re f 0 0.6 0 rg 200 400 200 200 re f", form),)
    yield drawing("group", b"/B gs /X Do", b"/ExtGState << /B << /ca 0.6 >> >> /XObject << /X %d 0 R >>", group, colour=True, tolerance=BLENDED)

    def masked(book):
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /CS /DeviceGray >>"
        return (book.stream(b"1 g 150 250 300 300 re f", form),)
    yield drawing("masked-by-light", b"/B gs 0 0.3 0.7 rg 50 150 495 300 re f", b"/ExtGState << /B << /SMask << /S /Luminosity /G %d 0 R >> >> >>", masked)
    yield drawing("overprint", b"/O gs 1 0 0 0 k 100 300 250 250 re f 0 0 1 0 k 220 420 250 250 re f", b"/ExtGState << /O << /OP true /op true /OPM 1 >> >>",
                  tolerance=CMYK)


def letters():
    def base(name, words):
        font = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /%s >> >>" % name.encode()
        return drawing("font-" + name.lower(), b"BT /F1 36 Tf 60 700 Td (" + words + b") Tj ET 0.2 0.2 0.8 rg 60 400 200 100 re f", font,
                       quick=name == "Times-Roman")
    yield base("Times-Roman", b"Printed once, and held")
    yield base("Courier-Bold", b"Printed once")
    yield base("Symbol", b"abcdefg")
    yield base("ZapfDingbats", b"abcdefg")
    own = b"/Font << /F1 << /Type /Font /Subtype /TrueType /BaseFont /Wherever /FirstChar 32 /LastChar 32 /Widths [500] /Encoding /WinAnsiEncoding >> >>"
    yield drawing("font-nobody-has", b"BT /F1 36 Tf 60 700 Td (Letters of nobody) Tj ET 0.2 0.2 0.8 rg 60 400 200 100 re f", own)

    def type3(book):
        box = book.stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f")
        corner = book.stream(b"1000 0 0 0 750 750 d1 0 0 m 375 750 l 750 0 l f")
        return (book.add(b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << /b %d 0 R /c %d 0 R >>"
                         b" /Encoding << /Differences [97 /b /c] >> /FirstChar 97 /LastChar 98 /Widths [1000 1000] /Resources << >> >>" % (box, corner)),)
    yield drawing("font-of-drawings", b"BT /F1 48 Tf 60 600 Td (ababba) Tj 0 -80 Td (bbaa) Tj ET", b"/Font << /F1 %d 0 R >>", type3, colour=False)
    yield drawing("text-as-a-window", b"q BT /F1 150 Tf 7 Tr 40 500 Td (Window) Tj ET 0.8 0.2 0.2 rg 0 480 300 200 re f 0.2 0.2 0.8 rg 300 480 295 200 re f Q")
    yield drawing("text-unseen", b"0.9 g 50 400 400 300 re f BT 3 Tr /F1 20 Tf 60 600 Td (recognized) Tj ET", words=("recognized",))
    yield drawing("text-outlined-and-turned", b"2 w 0.7 0.1 0.1 RG BT 1 Tr /F1 90 Tf 0.866 0.5 -0.5 0.866 120 250 Tm (Turned) Tj ET")

    def japanese(book):
        below = book.add(b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >>"
                         b" /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
                         b" /Ascent 850 /Descent -150 /CapHeight 700 /StemV 80 >> >>")
        return (book.add(b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UCS2-H /DescendantFonts [%d 0 R] >>" % below),)
    yield drawing("font-japanese-elsewhere", b"BT /F1 36 Tf 60 700 Td <" + "印刷は一度だけ".encode("utf-16-be").hex().encode() + b"> Tj ET 0.2 0.2 0.8 rg 60 300 300 200 re f",
                  b"/Font << /F1 %d 0 R >>", japanese)


def interactive():
    look = lambda book: book.stream(b"0 0.6 0.2 rg 0 0 100 50 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 100 50]")  # noqa: E731

    def stamp(book):
        return (book.add(b"<< /Type /Annot /Subtype /Stamp /Rect [200 300 400 400] /F 4 /AP << /N %d 0 R >> >>" % look(book)),)
    page = marks.content(*A4)
    yield drawing("stamp", page, attributes=b"/Annots [%d 0 R]", objects=stamp, colour=True, quick=True)

    def screen(book):
        return (book.add(b"<< /Type /Annot /Subtype /Stamp /Rect [200 300 400 400] /F 0 /AP << /N %d 0 R >> >>" % look(book)),)
    yield drawing("stamp-for-the-screen", page, attributes=b"/Annots [%d 0 R]", objects=screen, looks=lambda w: plain([A4]).finish(), reader="gs")

    def hidden(book):
        return (book.add(b"<< /Type /Annot /Subtype /Stamp /Rect [200 300 400 400] /F 6 /AP << /N %d 0 R >> >>" % look(book)),)
    yield drawing("stamp-hidden", page, attributes=b"/Annots [%d 0 R]", objects=hidden, looks=lambda w: plain([A4]).finish())

    def link(book):
        return (book.add(b"<< /Type /Annot /Subtype /Link /Rect [50 700 300 760] /Border [0 0 0] /A << /S /URI /URI (http://example.com/) >> >>"),)
    yield drawing("link", page, attributes=b"/Annots [%d 0 R]", objects=link)

    def form(book):
        field = book.add(b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /Rect [200 300 400 400] /F 4 /DA (/F1 12 Tf 0 g) /AP << /N %d 0 R >> >>" % look(book))
        return (field,)
    yield drawing("form", page, attributes=b"/Annots [%d 0 R]", catalog=b"/AcroForm << /Fields [%d 0 R] >>", objects=form, colour=True)

    def ticked(book):
        on, off = look(book), book.stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 100 50]")
        return (book.add(b"<< /Type /Annot /Subtype /Widget /FT /Btn /T (yes) /V /Yes /AS /Yes /Rect [200 300 400 400] /F 4"
                         b" /AP << /N << /Yes %d 0 R /Off %d 0 R >> >> >>" % (on, off)),)
    yield drawing("form-ticked", page, attributes=b"/Annots [%d 0 R]", catalog=b"/AcroForm << /Fields [%d 0 R] >>", objects=ticked, colour=True)

    def layered(w):
        book = Book("1.5")
        on, off = (book.add(b"<< /Type /OCG /Name (%s) >>" % name) for name in (b"on", b"off"))
        book.catalog = b"/OCProperties << /OCGs [%d 0 R %d 0 R] /D << /ON [%d 0 R] /OFF [%d 0 R] >> >>" % (on, off, on, off)
        book.page(b"/OC /A BDC 0.8 0.2 0.2 rg 100 500 200 200 re f EMC /OC /B BDC 0 0 0.8 rg 100 100 400 300 re f EMC",
                  resources=b"/Properties << /A %d 0 R /B %d 0 R >>" % (on, off))
        return book.finish()
    yield Sample("pdf-layer-turned-off", "pdf", 1, layered, colour=True)
    yield drawing("script", page, catalog=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\);this.print\\(\\);) >>")
    yield drawing("file-inside", page, catalog=b"/Names << /EmbeddedFiles << /Names [(a.txt) << /Type /Filespec /F (a.txt) /EF << /F %d 0 R >> >>] >> >>",
                  objects=lambda book: (book.stream(b"unprinted"),))
    yield drawing("outline-and-labels", page, catalog=b"/PageMode /UseOutlines /PageLabels << /Nums [0 << /S /r >>] >> /ViewerPreferences << /NumCopies 9 /Duplex /Simplex >>")

    def nested(book):
        inner = look(book)
        for _ in range(12):
            inner = book.stream(b"q 0.98 0 0 0.98 2 1 cm /X Do Q", b"/Type /XObject /Subtype /Form /BBox [0 0 110 60] /Resources << /XObject << /X %d 0 R >> >>" % inner)
        return (inner,)
    yield drawing("forms-in-forms", b"4 0 0 4 60 300 cm /X Do", b"/XObject << /X %d 0 R >>", nested, colour=True)


def samples():
    for family in (paper, lengths, structure, images, colours, letters, interactive):
        yield from family()
