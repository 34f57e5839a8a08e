# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What the ticket asks for is what lies on the paper, in every language, as other programs see it."""

import subprocess
import tempfile
import zlib

from harness.renderer import (TYPES, count, drawn, numbered, page, pcl_pages, pdf, pdf_of_postscript, pwg_pages, refusal, render, sizes, urf_pages,
                              words)
from harness.story import equal

ADA = "ada@demo.example"
A4 = "iso_a4_210x297mm"
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
TOLERANCE = 0.01  # of the difference of two drawings, on average over all dots


def order(document):
    """The pages' numbers, side by side."""
    return [sorted(int(word[1:]) for word in side) for side in words(document)]


def story_every_language_has_as_many_pages_as_the_document(world):
    for pages in (1, 2, 20):
        document = numbered(pages)
        for kind in TYPES:
            octets, said = render(document, kind, media=A4, resolution=72 if kind in ("pwg", "urf") else 150 if kind == "pclm" else 300)
            equal((count(octets, kind), said), (pages, pages), "pages of %d in %s" % (pages, kind))


def story_grey_has_no_dot_of_colour(world):
    document = numbered(1)
    for kind, look in (
        ("pdf", drawn),
        ("ps", lambda octets: drawn(pdf_of_postscript(octets))),
        ("pclm", drawn),
        ("pwg", lambda octets: pwg_pages(octets)[0]),
        ("urf", lambda octets: urf_pages(octets)[0]),
    ):
        resolution = 150 if kind == "pclm" else 72
        equal(look(render(document, kind, media=A4, resolution=resolution)[0]).is_grey(), False, "colour in %s" % kind)
        equal(look(render(document, kind, media=A4, resolution=resolution, grey="yes")[0]).is_grey(), True, "grey in %s" % kind)


def story_rasters_look_like_the_document(world):
    document = numbered(1)
    wanted = drawn(document, size=(595, 842))
    for kind, read in (("pwg", pwg_pages), ("urf", urf_pages)):
        got = read(render(document, kind, media=A4, resolution=72)[0])[0]
        assert got.difference(wanted) < TOLERANCE, "%s differs by %.4f" % (kind, got.difference(wanted))
        assert got.at(30, 842 - 30) == BLUE, got.at(30, 842 - 30)


def story_page_ranges_print_those_pages_and_send_no_other(world):
    octets, said = render(numbered(9), pages="2-3,5,8-")
    equal(order(octets), [[2], [3], [5], [8], [9]], "pages")
    equal(said, 5, "pages that were told")
    assert len(octets) < len(render(numbered(9), pages="1-8")[0]), "the others are in it, too"


def story_two_up_is_two_pages_on_one(world):
    for number, sides in ((2, 3), (4, 2), (6, 1), (9, 1), (16, 1)):
        octets, said = render(numbered(6), number_up=number, media=A4)
        equal((len(order(octets)), said), (sides, sides), "sides of 6 pages, %d up" % number)
        equal(order(octets)[0], list(range(1, min(number, 6) + 1)), "pages on the first side")
        equal(sizes(octets)[0], (595, 842), "size of paper")
    # Two that stand lie side by side on paper that is turned against the clock: the first is below.
    at = words(render(numbered(2), number_up=2, media=A4)[0])[0]
    assert at["P1"][1] > 421 > at["P2"][1] and abs(at["P1"][0] - at["P2"][0]) < 1, at
    # Two that lie are one above the other.
    at = words(render(numbered(2, size=(842, 595)), number_up=2, media=A4)[0])[0]
    assert at["P1"][1] < 421 < at["P2"][1] and abs(at["P1"][0] - at["P2"][0]) < 1, at


def story_pages_follow_each_other_in_the_direction(world):
    for direction, corners in (
        ("toright-tobottom", "ab cd"), ("tobottom-toright", "ac bd"), ("toleft-tobottom", "ba dc"), ("tobottom-toleft", "bd ac"),
        ("toright-totop", "cd ab"), ("totop-toright", "ca db"), ("toleft-totop", "dc ba"), ("totop-toleft", "db ca"),
    ):
        at = words(render(numbered(4), number_up=4, media=A4, direction=direction)[0])[0]
        got = "".join("abcd"[(at["P%d" % n][0] > 297) + 2 * (at["P%d" % n][1] > 421)] for n in (1, 2, 3, 4))
        equal(got, corners.replace(" ", ""), direction)


def story_a_booklet_is_read_when_it_is_folded(world):
    octets, said = render(numbered(8), booklet="yes", media=A4)
    equal(order(octets), [[1, 8], [2, 7], [3, 6], [4, 5]], "sides of a quire")
    equal(said, 4, "sides")
    # Seen so that it can be read, the first page is on the right of the front, and the second on the left of its back.
    front, back = words(octets)[:2]
    assert front["P8"][1] > 421 > front["P1"][1] and back["P2"][1] > 421 > back["P7"][1], (front, back)
    equal(order(render(numbered(5), booklet="yes")[0]), [[1], [2], [3], [4, 5]], "a quire that is not full")


def story_copies_are_counted_in_the_pages(world):
    document = numbered(3)
    equal(order(render(document, copies=2)[0]), [[1], [2], [3], [1], [2], [3]], "collated")
    equal(order(render(document, copies=2, collate="no")[0]), [[1], [1], [2], [2], [3], [3]], "uncollated")
    two = {"copies": 2, "sides": "two-sided-long-edge"}
    equal(order(render(document, **two)[0]), [[1], [2], [3], [], [1], [2], [3], []], "on both sides")
    equal(order(render(document, collate="no", **two)[0]), [[1], [2], [1], [2], [3], [], [3], []], "sheet by sheet")
    equal(order(render(document, reverse="yes")[0]), [[3], [2], [1]], "the last first")
    for kind in TYPES:
        octets, said = render(document, kind, copies=2, media=A4, resolution=300 if kind in ("pxl", "pcl", "pclm") else 72)
        equal((count(octets, kind), said), (6, 6), "two copies in %s" % kind)


def story_orientation_turns_the_page(world):
    # Of a text, which has no pages yet: it is laid out on paper that lies.
    upright, lying = (render(b"word\n", source="text/plain", media=A4, **more)[0] for more in ({}, {"orientation": "landscape"}))
    for octets in (upright, lying):
        equal(sizes(octets), [(595, 842)], "paper")
    assert words(upright)[0]["word"][1] < 150 and words(lying)[0]["word"][1] > 700, (words(upright), words(lying))
    assert words(lying)[0]["word"][0] < 150, words(lying)
    # A page that lies is turned as it is; the first corner goes to the lower left, or to the upper right.
    slides = numbered(1, size=(842, 595))
    for orientation, wanted in ((None, (False, True)), ("portrait", (False, True)), ("landscape", (False, True)),
                                ("reverse-landscape", (True, False))):
        x, y = words(render(slides, media=A4, **({"orientation": orientation} if orientation else {}))[0])[0]["P1"]
        equal((x > 297, y > 421), wanted, "corner of a page that lies, %s" % orientation)
    # On its head, to the dot.
    document = numbered(1)
    got = drawn(render(document, orientation="reverse-portrait", media=A4)[0], size=(300, 424))
    assert got.difference(drawn(document, size=(300, 424)).turned()) < TOLERANCE


def story_scaling_is_by_its_words(world):
    large, small = numbered(1, size=(1190, 1684)), numbered(1, size=(300, 400))
    wanted = drawn(large, size=(298, 421))
    for scaling in ("auto", "auto-fit", "fit", "fill"):
        got = drawn(render(large, media=A4, scaling=scaling)[0], size=(298, 421))
        assert got.difference(wanted) < TOLERANCE, "%s of a large page differs by %.4f" % (scaling, got.difference(wanted))
    # Not scaled, its middle is seen: neither its words at the top nor the box at the bottom.
    got = drawn(render(large, media=A4, scaling="none")[0], dpi=36)
    assert set(got.dots) == {255}, "the middle of a large page is white"
    # A small one stays as it is, in the middle: (595 - 300) / 2 + 20 points from the left.
    for scaling in ("auto", "auto-fit", "none"):
        got = drawn(render(small, media=A4, scaling=scaling)[0], dpi=72)
        equal((got.at(147 + 30, 842 - 221 - 30), got.at(30, 842 - 30)), (BLUE, WHITE), "the box of a small page, %s" % scaling)
    # Or as large as fits: 595 / 300 times, with what is left above and below.
    scale, rest = 595 / 300, (842 - 400 * 595 / 300) / 2
    got = drawn(render(small, media=A4, scaling="fit")[0], dpi=72)
    equal(got.at(int(30 * scale), int(842 - rest - 30 * scale)), BLUE, "the box of a page that fits")
    equal(got.at(int(30 * scale), int(842 - rest - 10 * scale)), WHITE, "below the box")
    scale, rest = 842 / 400, (595 - 300 * 842 / 400) / 2
    got = drawn(render(small, media=A4, scaling="fill")[0], dpi=72)
    equal(got.at(int(rest + 30 * scale), int(842 - 30 * scale)), BLUE, "the box of a page that fills")


def story_what_a_page_says_of_itself_counts(world):
    size = (595, 842)
    for attributes, seen in ((b"/Rotate 90", (842, 595)), (b"/Rotate 180", size), (b"/Rotate -90", (842, 595)),
                             (b"/CropBox [0 400 400 842]", (400, 442)), (b"/UserUnit 2", (1190, 1684))):
        document = numbered(1, attributes=attributes)
        got = render(document, copies=2)[0]
        equal(sizes(got), [seen, seen], "size with %s" % attributes)
        got, wanted = drawn(got, number=2, size=(200, 200)), drawn(document, size=(200, 200))
        assert got.difference(wanted) < TOLERANCE, "%s differs by %.4f" % (attributes, got.difference(wanted))


def story_annotations_are_printed_where_they_are_for_paper(world):
    look = b"<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] /Length 24 >>\nstream\n0 1 0 rg 0 0 10 10 re f \nendstream"
    def annotation(rectangle, flags):
        return b"<< /Type /Annot /Subtype /Stamp /Rect [%s] /F %d /AP << /N 6 0 R >> >>" % (rectangle, flags)
    document = pdf(page(1), attributes=b"/Annots [7 0 R 8 0 R 9 0 R]", objects=(
        look, annotation(b"300 400 400 500", 4), annotation(b"100 400 200 500", 0), annotation(b"450 400 550 500", 6)))
    got = drawn(render(document, number_up=1, copies=2)[0], dpi=72)
    equal([got.at(x, 842 - 450) for x in (350, 150, 500)], [(0, 255, 0), WHITE, WHITE], "for paper, for the screen, hidden")


def story_sides_are_said_in_the_language(world):
    document = numbered(3)
    for sides, pcl, urf, pwg in (("one-sided", 0, 1, (0, 0)), ("two-sided-long-edge", 1, 3, (1, 0)), ("two-sided-short-edge", 2, 2, (1, 1))):
        for grey in ("yes", "no"):
            equal(pcl_pages(render(document, "pcl", sides=sides, media=A4, grey=grey)[0]), (3, pcl), "PCL, %s" % sides)
        equal(urf_pages(render(document, "urf", sides=sides, media=A4, resolution=72)[0])[0].duplex, urf, "Apple raster, %s" % sides)
        image = pwg_pages(render(document, "pwg", sides=sides, media=A4, resolution=72)[0])[1]
        equal((image.duplex, image.tumble), pwg, "PWG raster, %s" % sides)


def story_backs_are_turned_as_the_printer_wants_them(world):
    document = numbered(2)
    for sides, back, corner in (
        ("two-sided-long-edge", "normal", (30, 812)), ("two-sided-long-edge", "flipped", (30, 30)),
        ("two-sided-long-edge", "rotated", (565, 30)), ("two-sided-long-edge", "manual-tumble", (30, 812)),
        ("two-sided-short-edge", "flipped", (565, 812)), ("two-sided-short-edge", "manual-tumble", (565, 30)),
        ("two-sided-short-edge", "rotated", (30, 812)), ("one-sided", "rotated", (30, 812)),
    ):
        front, rear = pwg_pages(render(document, "pwg", sides=sides, sheet_back=back, media=A4, resolution=72)[0])
        equal((front.at(30, 812), rear.at(*corner)), (BLUE, BLUE), "%s, %s" % (sides, back))


def story_the_same_order_makes_the_same_octets(world):
    document = numbered(3)
    equal(render(document, number_up=2)[0], render(document, number_up=2)[0], "PDF")


def story_pages_in_several_pieces_and_locked_ones_are_put_on_paper(world):
    # Cut between two words of the second piece's text, as other programs do.
    pieces = (b"<< /Length %d >>\nstream\n%s\nendstream" % (len(c), c) for c in (b"0 0 1 rg 20 20", b"60 30 re f"))
    document = pdf(b"", attributes=b"/Contents [6 0 R 7 0 R]", objects=pieces).replace(b"/Contents 5 0 R", b"")
    equal(drawn(render(document, copies=2)[0], number=2, dpi=72).at(30, 812), BLUE, "the box in two pieces")
    for lock in (["40"], ["128", "--use-aes=y"], ["256"]):
        locked = _locked(numbered(3), lock)
        octets, said = render(locked, pages="2-")
        equal((order(octets), said), ([[2], [3]], 2), "pages of what only its owner may change, %s" % lock)


def story_a_page_that_unpacks_without_end_is_refused(world):
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(600)) + packer.flush()
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    document = pdf(b"", attributes=b"/Contents [6 0 R 6 0 R]", objects=(bomb,)).replace(b"/Contents 5 0 R", b"")
    equal(refusal(document, number_up=2, memory_octets=256 << 20), 6, "exit status")
    equal(refusal(numbered(3), pages="7-9"), 4, "exit status where no page is left")
    equal(refusal(numbered(3), pages="1-3", pages_max=2), 6, "exit status of too many pages")


def story_the_printer_does_not_do_again_what_was_done(world):
    ada = world.api(ADA)
    for printer, ticket, sides in (
        # Over IPP: two up is in the pages, copies and paper are the printer's.
        ("lobby", {"number_up": 2, "copies": 2, "sides": "two-sided-long-edge"}, 2),
        # LPD: copies are in the pages, and the control file asks for one.
        ("library", {"number_up": 2, "copies": 2}, 4),
    ):
        before = len(world.paper(printer))
        job = ada.submit(numbered(4), "four pages")["id"]
        ada.release(world.printers[printer], [job], ticket=ticket)
        paper = world.wait_paper(printer, count=before + 1, seconds=60)
        equal(len(paper), before + 1, "documents at %s" % printer)
        octets = paper[-1] if printer == "lobby" else pdf_of_postscript(paper[-1])
        equal(len(words(octets)), sides, "sides at %s" % printer)
        equal(order(octets)[:2], [[1, 2], [3, 4]], "pages at %s" % printer)


def _locked(document, words):
    with tempfile.NamedTemporaryFile() as file:
        file.write(document)
        file.flush()
        return subprocess.run(["qpdf", "--allow-weak-crypto", "--encrypt", "", "owner", *words, "--", file.name, "-"],
                              capture_output=True, check=True, timeout=60).stdout
