# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What is asked for is on the pages, or said to the printer, in each language that has a word for it."""

import re
import struct

from harness.corpus.judge import LANGUAGES, RESOLUTION, Judge, difference, has_colour
from harness.corpus.samples import USUAL
from harness.corpus.workshop import Workshop
from harness.renderer import count, numbered, render, sizes
from harness.story import equal

WORLD = None
A4, LETTER, A3 = "iso_a4_210x297mm", "na_letter_8.5x11in", "iso_a3_297x420mm"
PICTURED = [language for language in LANGUAGES if language not in ("pdf", "pxl")]


def made(document, language, **options):
    octets, pages = render(document, language, **{"media": A4, **({"resolution": RESOLUTION[language]} if language in RESOLUTION else {}), **options})
    equal(count(octets, language), pages, "pages of %s" % language)
    return octets


def story_pages_lie_on_paper_alike_in_every_language(world):
    document, mixed = numbered(5), numbered(2, size=(842, 595))
    workshop = Workshop()
    judge = Judge(workshop)
    rows = (
        (document, {"number_up": 2}, 3), (document, {"number_up": 4, "direction": "tobottom-toleft"}, 2), (document, {"pages": "2,4-"}, 3),
        (document, {"booklet": "yes"}, 4), (document, {"reverse": "yes", "pages": "1-2"}, 2), (document, {"copies": 2, "collate": "no", "pages": "1-2"}, 4),
        (mixed, {"orientation": "reverse-landscape"}, 2), (document, {"orientation": "reverse-portrait", "pages": "3"}, 1),
        (numbered(1, size=(1190, 1684)), {"scaling": "none"}, 1), (numbered(1, size=(300, 400)), {"scaling": "fill"}, 1),
        (numbered(1, size=(300, 400)), {"scaling": "fit"}, 1),
    )
    try:
        for source, options, due in rows:
            numbers = list(range(1, due + 1))
            wanted = judge.seen(made(source, "pdf", **options), "pdf", numbers)[1]
            equal(len(wanted), due, "sides of paper, %s" % options)
            equal(count(made(source, "pxl", **options), "pxl"), due, "sides in PCL XL, %s" % options)
            for language in PICTURED:
                pages, pictures = judge.seen(made(source, language, **options), language, numbers)
                equal(pages, due, "sides in %s, %s" % (language, options))
                for number, (got, side) in enumerate(zip(pictures, wanted), 1):
                    mean, share, _ = difference(got, side)
                    assert mean < USUAL.mean and share < USUAL.share, "side %d in %s differs by %.4f and %.4f, %s" % (number, language, mean, share, options)
    finally:
        workshop.close()


def story_grey_has_no_dot_and_no_word_of_colour(world):
    document = numbered(2)
    workshop = Workshop()
    judge = Judge(workshop)
    try:
        for language in PICTURED:
            equal(has_colour(judge.seen(made(document, language), language, [1, 2])[1]), True, "colours in %s" % language)
            for picture in judge.seen(made(document, language, grey="yes"), language, [1, 2])[1]:
                bands = picture.split()
                assert bands[0].tobytes() == bands[1].tobytes() == bands[2].tobytes(), "dots of colour in %s" % language
    finally:
        workshop.close()
    # SetColorSpace (6A) takes ColorSpace (03) as an octet (C0): 1 grey, 2 RGB, 6 sRGB.
    spaces = {grey: set(re.findall(rb"\xc0(.)\xf8\x03j", made(document, "pxl", grey=grey), re.S)) for grey in ("yes", "no")}
    equal((spaces["yes"], spaces["no"] & {b"\2", b"\6"} != set()), ({b"\1"}, True), "colour spaces of PCL XL")


def story_the_resolution_is_in_the_language(world):
    document = numbered(1)
    for dpi in (300, 600):
        pwg = made(document, "pwg", resolution=dpi)
        equal(struct.unpack_from(">II", pwg, 4 + 276), (dpi, dpi), "PWG raster")
        equal(struct.unpack_from(">I", pwg, 4 + 372)[0], round(210 / 25.4 * dpi), "dots across in PWG raster")
        urf = made(document, "urf", resolution=dpi)
        equal(struct.unpack_from(">I", urf, 12 + 20)[0], dpi, "Apple raster")
        for grey in ("yes", "no"):
            equal(b"\x1b*t%dR" % dpi in made(document, "pcl", resolution=dpi, grey=grey), True, "PCL 5, grey: %s" % grey)
        # UnitsPerMeasure (89) in a pair of 16 bits (D1), for BeginSession.
        equal(re.search(rb"\xd1(....)\xf8\x89", made(document, "pxl", resolution=dpi), re.S)[1], struct.pack("<HH", dpi, dpi), "PCL XL")
        widths = [int(n) for n in re.findall(rb"/Width (\d+)", made(document, "pclm", resolution=dpi))]
        equal(max(widths), round(210 / 25.4 * dpi), "dots across in PCLm")


def story_the_paper_is_in_the_language(world):
    document = numbered(1)
    for name, points, pcl, pxl in ((A4, (595, 842), 26, b"\2"), (LETTER, (612, 792), 2, b"\0"), (A3, (842, 1191), 27, b"\5")):
        equal(sizes(made(document, "pdf", media=name)), [points], "PDF")
        assert all(abs(a - b) <= 1 for a, b in zip(sizes(made(document, "pclm", media=name))[0], points)), "PCLm"
        pwg = made(document, "pwg", media=name, resolution=72)
        equal((pwg[4 + 1732:4 + 1796].rstrip(b"\0").decode(), struct.unpack_from(">II", pwg, 4 + 352)), (name, points), "PWG raster")
        equal(struct.unpack_from(">II", made(document, "urf", media=name, resolution=72), 12 + 12), points, "Apple raster")
        for grey in ("yes", "no"):
            equal(b"\x1b&l%dA" % pcl in made(document, "pcl", media=name, grey=grey), True, "%s in PCL 5, grey: %s" % (name, grey))
        # MediaSize (25) as an octet (C0), for BeginPage.
        equal(re.search(rb"\xc0(.)\xf8%", made(document, "pxl", media=name), re.S)[1], pxl, "%s in PCL XL" % name)
        boxes = re.findall(rb"%%PageBoundingBox: 0 0 (\d+) (\d+)|/PageSize \[ ?([\d.]+) ([\d.]+) ?\]", made(document, "ps", media=name))
        assert any(abs(float(n) - p) < 1.5 for box in boxes for n, p in zip([v for v in box if v], points)), "%s in PostScript: %s" % (name, boxes)


def story_sides_are_said_in_page_languages_too(world):
    document = numbered(3)
    # SimplexPageMode (34), or DuplexPageMode (35): 0 horizontal binding, 1 vertical.
    for sides, pxl in (("one-sided", (b"\0", b"4")), ("two-sided-long-edge", (b"\1", b"5")), ("two-sided-short-edge", (b"\0", b"5"))):
        equal(set(re.findall(rb"\xc0(.)\xf8([45])", made(document, "pxl", sides=sides), re.S)), {pxl}, "%s in PCL XL" % sides)
        octets = made(document, "ps", sides=sides)
        said = b"/Duplex %s /Tumble %s" % (b"false" if sides == "one-sided" else b"true", b"true" if sides.endswith("short-edge") else b"false")
        equal(said in octets, True, "%s in PostScript" % sides)
