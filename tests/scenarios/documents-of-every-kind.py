# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever people send is what its octets say, and comes out as pages that the printer takes."""

import os
import struct
import subprocess
import zlib

from harness import renderer
from harness.documents import pdf
from harness.story import equal, refused

ADA = "ada@demo.example"
UEL = b"\x1b%-12345X"
CYRILLIC = "Пожалуйста, напечатайте этот документ сегодня вечером.\n"


def chunk(kind, octets):
    return struct.pack(">I", len(octets)) + kind + octets + struct.pack(">I", zlib.crc32(kind + octets))


def png(width, height):
    lines = (b"\0" + b"\xff\0\0" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


GIF = b"GIF89a\1\0\1\0\x80\0\0\xff\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
POSTSCRIPT = b"%!PS\n100 100 moveto 300 300 lineto stroke showpage\nshowpage\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='300'><rect width='200' height='300'/></svg>"
WEASYPRINT, RSVG = "/usr/bin/weasyprint", "/usr/bin/rsvg-convert"

# What it is called, its octets, the type it is kept as, its pages, and the program it wants.
KINDS = (
    ("application/octet-stream", png(300, 200), "image/png", 1, None),
    ("image/gif", GIF, "image/gif", 1, None),
    ("application/pdf", png(20, 20), "image/png", 1, None),
    ("text/plain", pdf("called a text", pages=2), "application/pdf", 2, None),
    ("application/octet-stream", POSTSCRIPT, "application/postscript", 2, None),
    ("application/octet-stream", UEL + b"@PJL ENTER LANGUAGE=POSTSCRIPT\r\n" + POSTSCRIPT + UEL, "application/postscript", 2, None),
    ("text/plain", "Grüße\fund mehr\n".encode(), "text/plain", 2, None),
    ("text/plain; charset=iso-8859-15", "10 ¤ und 20 ¤\n".encode("latin-1"), "text/plain; charset=iso-8859-15", 1, None),
    ("text/plain", CYRILLIC.encode("koi8-r") * 3, "text/plain", 1, WEASYPRINT),
    ("text/markdown", b"# Title\n\n- one\n- two\n", "text/markdown", 1, WEASYPRINT),
    ("application/octet-stream", b"<!DOCTYPE html><p>one<p style='break-before: page'>two", "text/html", 2, WEASYPRINT),
    ("application/octet-stream", SVG, "image/svg+xml", 1, RSVG),
)


def print_at_the_studio(world, ada, job, pages):
    before = len(world.paper("studio"))
    ada.release(world.printers["studio"], [job])
    paper = world.wait_paper("studio", count=before + 1, seconds=100)[-1]
    equal(paper.count(b"PwgRaster\0"), pages, "pages of raster")


def story_every_kind_comes_out_as_pages(world):
    ada = world.api(ADA)
    for called, document, kept, pages, program in KINDS:
        if program and not os.access(program, os.X_OK):
            continue
        job = ada.submit(document, "a document", content_type=called)
        equal(job["format"], kept, "what %s is kept as" % called)
        print_at_the_studio(world, ada, job["id"], pages)


def story_the_ending_of_a_name_helps_where_the_type_is_open(world):
    job = world.api(ADA).submit(b"a,b\n1,2\n# text\n", "notes.txt", content_type="application/octet-stream")
    equal(job["format"], "text/plain", "what notes.txt is")
    world.ipp("pull").print_job(png(9, 9), "letter.pdf", content_type="application/octet-stream")
    equal(world.api(ADA).jobs()[0]["format"], "image/png", "what letter.pdf is")


def story_what_nobody_can_read_is_refused_at_the_door(world):
    ada = world.api(ADA)
    for called, document in (
        ("application/pdf", b"\x7fELF\2\1\1" + bytes(500)),
        ("application/octet-stream", os.urandom(20000)),
        ("image/png", b"\x1bE\x1b&l0O" + UEL),
        ("application/octet-stream", b") HP-PCL XL;2;0\n" + bytes(100)),
    ):
        with refused(415):
            ada.submit(document, content_type=called)
    with refused(0x040A):  # client-error-document-format-not-supported
        world.ipp("pull").print_job(b"\x1bE\x1b&l0O", content_type="application/octet-stream")


def story_commands_for_printers_go_through_queues_that_may_carry_them(world):
    world.admin.post("/v1/queues", {"name": "cad", "kind": "pull", "takes_raw": True})
    ada = world.api(ADA)
    made = b") HP-PCL XL;2;0\n" + bytes(range(128)) * 20
    job = ada.submit(made, "a plan", queue="cad", content_type="application/octet-stream")
    equal(job["format"], "application/vnd.hp-PCLXL", "what it is")
    ada.release(world.printers["lab"], [job["id"]])
    equal(world.wait_paper("lab")[-1], made, "the paper in the laboratory")
    other = ada.submit(made + b"x", "another plan", queue="cad", content_type="application/vnd.hp-PCLXL")
    with refused(415):
        ada.release(world.printers["library"], [other["id"]])


def story_texts_of_all_scripts_are_laid_out(world):
    text = "人人生而自由\n\fВсе люди\n\fسلام\n\f日本のかな\n"
    document, pages = renderer.render(text.encode(), source="text/plain")
    words = renderer.words(document)
    equal((pages, len(words)), (4, 4), "pages")
    equal([list(page)[0] for page in words[:2]], ["人人生而自由", "Все"], "what is read on them")
    left, right = (min(x for x, _ in page.values()) for page in (words[0], words[2]))
    equal((left < 150, right > 450), (True, True), "who reads from the left stands at the left, and the other at the right")
    fonts = subprocess.run(["pdffonts", "-"], input=document, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()[2:]
    equal([font for font in fonts if " yes yes yes" not in font], [], "fonts that are not embedded")
    equal(renderer.refusal(("人\n" * 10000).encode(), source="text/plain", pages_max=3), 6, "more pages than allowed")
