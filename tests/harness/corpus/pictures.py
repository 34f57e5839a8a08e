# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures: JPEG, PNG, TIFF, GIF, WebP, HEIC, and SVG. What they look like is what they were made from."""

import base64
import io
import os
import struct
import zlib

import numpy
from PIL import Image, ImageCms

from harness import ROOT

from . import marks
from .looks import dots, of_picture, turned
from .samples import Sample, Tolerance


def encode(picture, name, **options):
    out = io.BytesIO()
    picture.save(out, name, **options)
    return out.getvalue()


def of(kind, name, picture, dpi=None, seen=None, **more):
    """picture(): what is encoded by Pillow with more["save"]; seen(): what is expected, where it is another one."""
    save = more.pop("save", {})
    if dpi:
        save = dict(save, dpi=dpi)
    make = more.pop("make", None) or (lambda w: encode(picture(), {"jpeg": "JPEG"}.get(kind, kind.upper()), **save))
    looks = more.pop("looks", None) or (lambda w: [of_picture((seen or picture)(), dpi)])
    pages = more.pop("pages", 1)
    return Sample("%s-%s" % (kind, name), kind, pages, make, looks=looks, **more)


def lying(mode="RGB"):
    return lambda: marks.picture(mode=mode)


def standing():
    return marks.picture(300, 400)


def jpegs():
    q = {"quality": 90}
    yield of("jpeg", "usual", lying(), save=q, colour=True, quick=True)
    yield of("jpeg", "standing", standing, save=q)
    yield of("jpeg", "no-subsampling", lying(), save=dict(q, subsampling=0))
    yield of("jpeg", "grey", lying("L"), save=q, colour=False)
    yield of("jpeg", "progressive", lying(), save=dict(q, progressive=True), quick=True)
    yield of("jpeg", "cmyk", lambda: marks.picture().convert("CMYK"), save=q)
    yield of("jpeg", "few-octets", lying(), save={"quality": 8})
    yield of("jpeg", "with-a-profile", lying(), save=dict(q, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()))
    yield of("jpeg", "scanned-page", lambda: marks.picture(826, 1169), dpi=(100, 100), save=q)
    yield of("jpeg", "dots-not-square", lambda: marks.picture(600, 200), dpi=(200, 100), save=q)
    yield of("jpeg", "panorama", lambda: marks.picture(3000, 200), save=q)
    yield of("jpeg", "one-dot", lambda: Image.new("RGB", (1, 1), (200, 20, 20)), save=q)
    yield of("jpeg", "ten-million-dots", lambda: marks.picture(3600, 2800), save=q)
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield of("jpeg", "camera-turned-%d" % orientation, lying(), save=dict(q, exif=exif.tobytes()), quick=orientation == 6,
                 seen=lambda orientation=orientation: turned(marks.picture(), orientation))


def chunk(kind, octets):
    return struct.pack(">I", len(octets)) + kind + octets + struct.pack(">I", zlib.crc32(kind + octets))


ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))


def png(array, depth, kind, more=b"", interlaced=False):
    """array: rows of dots of samples, as they stand there."""
    def lines(part):
        octets = b""
        for row in part:
            flat = row.reshape(-1)
            if depth == 16:
                octets += b"\0" + flat.astype(">u2").tobytes()
            elif depth == 8:
                octets += b"\0" + flat.astype(numpy.uint8).tobytes()
            else:
                bits = ((flat[:, None] >> numpy.arange(depth - 1, -1, -1)) & 1).astype(numpy.uint8)
                octets += b"\0" + numpy.packbits(bits.reshape(-1)).tobytes()
        return octets

    height, width = array.shape[:2]
    if interlaced:
        parts = (array[y::step_y, x::step_x] for y, x, step_y, step_x in ADAM7)
        data = b"".join(lines(part) for part in parts if part.size)
    else:
        data = lines(array)
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def array(mode="RGB"):
    return numpy.asarray(marks.picture(mode=mode)).astype(numpy.uint16)


def shown(values, depth):
    """A picture of grey samples."""
    return Image.fromarray((values.astype(numpy.uint32) * 255 // ((1 << depth) - 1)).astype(numpy.uint8), "L")


def veil(picture):
    """Half transparent on the left, and not at all on the right."""
    picture = picture.convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").rotate(90).resize(picture.size))
    return picture


def pngs():
    yield of("png", "usual", lying(), colour=True, quick=True)
    for depth in (1, 2, 4):
        grey = lambda depth=depth: array("L") >> (8 - depth)  # noqa: E731
        yield of("png", "grey-%d" % depth, None, make=lambda w, grey=grey, depth=depth: png(grey(), depth, 0),
                 seen=lambda grey=grey, depth=depth: shown(grey(), depth), colour=False)
    yield of("png", "grey-8", lying("L"), colour=False)
    yield of("png", "grey-16", None, make=lambda w: png(array("L") * 257, 16, 0), seen=lying("L"), colour=False, quick=True)
    yield of("png", "rgb-16", None, make=lambda w: png(array() * 257, 16, 2), seen=lying())
    yield of("png", "interlaced", None, make=lambda w: png(array(), 8, 2, interlaced=True), seen=lying())
    yield of("png", "grey-4-interlaced", None, make=lambda w: png(array("L") >> 4, 4, 0, interlaced=True), seen=lambda: shown(array("L") >> 4, 4))
    for depth in (1, 2, 4, 8):
        few = lambda depth=depth: marks.picture().quantize(1 << depth if depth < 8 else 200)  # noqa: E731
        yield of("png", "palette-%d" % depth, few, save={"bits": depth}, seen=lambda few=few: few().convert("RGB"))
    yield of("png", "transparent", lambda: veil(marks.picture()), quick=True)
    yield of("png", "transparent-grey", lambda: veil(marks.picture()).convert("LA"), colour=False)
    yield of("png", "transparent-16", None, seen=lambda: veil(marks.picture()),
             make=lambda w: png(numpy.asarray(veil(marks.picture())).astype(numpy.uint16) * 257, 16, 6))

    def holes():
        few = marks.picture().quantize(8)
        return few, few.getpixel((0, 0))
    yield of("png", "palette-with-holes", None, make=lambda w: encode(holes()[0], "PNG", transparency=holes()[1]), seen=lambda: holes()[0].convert("RGB"))
    yield of("png", "colour-key", None, make=lambda w: encode(marks.picture(), "PNG", transparency=marks.RED),
             seen=lambda: Image.fromarray(numpy.where((numpy.asarray(marks.picture()) == marks.RED).all(axis=2, keepdims=True), 255, numpy.asarray(marks.picture())).astype(numpy.uint8)))
    yield of("png", "300-dpi-page", lambda: marks.picture(1654, 2339), dpi=(200, 200))
    yield of("png", "icon", lambda: marks.picture(32, 32))


def fax(width=1728, height=2200):
    return marks.black_and_white(width, height)


def tiffs():
    yield of("tiff", "raw", lying(), colour=True)
    for name in ("packbits", "tiff_lzw", "tiff_adobe_deflate", "jpeg"):
        yield of("tiff", name.replace("tiff_", "").replace("_", "-"), lying(), save={"compression": name}, quick=name == "tiff_lzw")
    for name in ("group3", "group4"):
        yield of("tiff", name, fax, save={"compression": name}, dpi=(204, 196), colour=False, quick=name == "group4")
    yield of("tiff", "fax-of-normal-resolution", lambda: fax(1728, 1100), save={"compression": "group3"}, dpi=(204, 98), colour=False)
    yield of("tiff", "grey", lying("L"), colour=False)
    yield of("tiff", "grey-16", None, make=lambda w: encode(Image.fromarray(array("L") * 257), "TIFF"), seen=lying("L"), colour=False)
    yield of("tiff", "palette", lambda: marks.picture().quantize(32), seen=lambda: marks.picture().quantize(32).convert("RGB"))
    yield of("tiff", "cmyk", lambda: marks.picture().convert("CMYK"))
    yield of("tiff", "transparent", lambda: veil(marks.picture()))
    yield of("tiff", "turned", lying(), save={"tiffinfo": {274: 6}}, seen=lambda: turned(marks.picture(), 6))

    def sheets():
        return [marks.picture(400, 300 + 40 * n).convert("RGB" if n % 2 else "L") for n in range(5)]
    yield of("tiff", "five-pages", None, pages=5, looks=lambda w: [of_picture(p) for p in sheets()], quick=True,
             make=lambda w: encode(sheets()[0], "TIFF", save_all=True, append_images=sheets()[1:]))
    yield of("tiff", "fax-of-twelve-pages", None, pages=12, looks=lambda w: [of_picture(fax(), (204, 196))] * 12, colour=False,
             make=lambda w: encode(fax(), "TIFF", save_all=True, append_images=[fax()] * 11, compression="group4", dpi=(204, 196)))

    def big_endian(w):
        dots_ = marks.picture(mode="L").tobytes()
        entries = ((256, 3, 400 << 16), (257, 3, 300 << 16), (258, 3, 8 << 16), (259, 3, 1 << 16), (262, 3, 0), (273, 4, 8), (277, 3, 1 << 16),
                   (278, 3, 300 << 16), (279, 4, len(dots_)))
        table = struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHII", tag, kind, 1, value) for tag, kind, value in entries) + bytes(4)
        return b"MM\0*" + struct.pack(">I", 8 + len(dots_)) + dots_ + table
    yield of("tiff", "big-endian-white-is-zero", None, make=big_endian, seen=lambda: marks.picture(mode="L").point(lambda v: 255 - v), colour=False)


def gifs():
    few = lambda: marks.picture().quantize(64)  # noqa: E731
    shown_few = lambda: few().convert("RGB")  # noqa: E731
    yield of("gif", "usual", few, seen=shown_few, save={"interlace": 0}, quick=True)
    yield of("gif", "interlaced", few, seen=shown_few, save={"interlace": 1})
    yield of("gif", "black-and-white", marks.black_and_white, colour=False)
    yield of("gif", "with-holes", few, seen=shown_few, save={"transparency": 0},
             looks=lambda w: [of_picture(Image.open(io.BytesIO(encode(few(), "GIF", transparency=0))))])
    yield of("gif", "that-moves", None, seen=shown_few, make=lambda w: encode(
        few(), "GIF", save_all=True, append_images=[Image.new("P", (400, 300), n) for n in range(3)], duration=100, loop=0))


def webps():
    yield of("webp", "lossy", lying(), save={"quality": 85}, quick=True)
    yield of("webp", "lossless", standing, save={"lossless": True})
    yield of("webp", "transparent", lambda: veil(marks.picture()), save={"lossless": True})
    yield of("webp", "grey", lying("L"), save={"quality": 90}, colour=False)
    yield of("webp", "that-moves", None, seen=lying(), make=lambda w: encode(
        marks.picture(), "WEBP", save_all=True, append_images=[Image.new("RGB", (400, 300), (0, 80 * n, 0)) for n in range(3)], lossless=True))


def heics():
    enc = lambda picture, *options: lambda w: w.run(["heif-enc", *options, "-o", "OUT", "IN"], encode(picture(), "PNG"), "png", "out.heic")  # noqa: E731
    yield of("heic", "usual", None, seen=lying(), make=enc(lying(), "-q", "90"), needs="heif-enc", quick=True)
    yield of("heic", "standing", None, seen=standing, make=enc(standing, "-q", "80"), needs="heif-enc")
    yield of("heic", "grey", None, seen=lying("L"), make=enc(lying("L"), "-q", "90"), needs="heif-enc", colour=False)

    def shipped(w):
        with open(os.path.join(ROOT, "tests", "samples", "quarters.heic"), "rb") as file:
            return file.read()
    yield Sample("heic-quarters", "heic", 1, shipped, needs="heif-convert")


def svg(width, height, inner, **more):
    words = " ".join('%s="%s"' % (name.replace("_", "-"), value) for name, value in more.items())
    return ('<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%s" height="%s" %s>%s</svg>' % (
        width, height, words, inner)).encode()


def shapes(width, height):
    return "".join('<rect x="%.3f" y="%.3f" width="%.3f" height="%.3f" fill="rgb(%d,%d,%d)"/>' % (left, top, right - left, bottom - top, *colour)
                   for colour, (left, top, right, bottom) in marks.boxes(width, height))


def only_boxes(width, height):
    """In points."""
    made = Image.new("RGB", (dots(width), dots(height)), (255, 255, 255))
    for colour, box in marks.boxes(width, height):
        left, top, right, bottom = (n * made.width / width for n in box)
        made.paste(colour, tuple(round(n) for n in (left, top, right, bottom)))
    return made


def svgs():
    def of_svg(name, octets, size, **more):
        return Sample("svg-" + name, "svg", 1, lambda w: octets, looks=(lambda w: [only_boxes(*size)]) if size else None, needs="rsvg-convert", **more)
    yield of_svg("boxes", svg(400, 300, shapes(400, 300)), (300, 225), colour=True, quick=True)
    yield of_svg("millimetres", svg("210mm", "297mm", shapes(210, 297), viewBox="0 0 210 297"), (595.28, 841.89), colour=True)
    yield of_svg("scaled", svg(800, 600, shapes(40, 30), viewBox="0 0 40 30"), (600, 450))
    yield of_svg("turned", svg(300, 400, '<g transform="translate(300 0) rotate(90)">%s</g>' % shapes(400, 300)), None, colour=True)
    fade = '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue" stop-opacity="0.2"/></linearGradient></defs>'
    yield of_svg("shade", svg(400, 300, fade + '<rect width="400" height="300" fill="url(#g)"/>'), None, colour=True, tolerance=Tolerance(0.04, 0.04, 0.4, "shades in shades of a mask"))
    yield of_svg("words", svg(400, 300, '<text x="20" y="60" font-size="30" font-family="DejaVu Sans">Printed once</text>'), None, colour=False, words=("Printed once",))
    inside = base64.b64encode(encode(marks.picture(), "PNG")).decode()
    yield of_svg("picture-inside", svg(400, 300, '<image width="400" height="300" xlink:href="data:image/png;base64,%s"/>' % inside), None, colour=True)
    yield of_svg("half-transparent", svg(400, 300, '<g opacity="0.5">%s</g>' % shapes(400, 300)), None, colour=True)
    yield of_svg("grey", svg(400, 300, '<circle cx="200" cy="150" r="100" fill="gray"/>'), None, colour=False)


def samples():
    for family in (jpegs, pngs, tiffs, gifs, webps, heics, svgs):
        yield from family()
