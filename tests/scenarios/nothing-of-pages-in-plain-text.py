# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Canaries in what is looked into, drawn and converted: of no document, by whichever program it becomes pages, do its words, its title, its
fonts or the images of its pages lie on a disk, in a log, in the command line or the environment of a program; not when it is done, not
while it goes on, and not after a SIGKILL of the service, the renderer or the converter in the middle."""

import os
import signal
import struct
import threading
import zlib

from harness import office
from harness.canaries import Canaries, children, letters
from harness.process import NotReady, wait_until
from harness.renderer import pdf as pdf_of
from harness.story import equal

ADA = "ada@demo.example"
SETTINGS = {"service": {"vault.segment": "1M", "render.cells": 2}, "keeper": {"keeper.opens_per_minute": 1_000_000}}
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def stream(octets, words=b""):
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (words, len(octets), octets)


def a_pdf(word, title, font, pages=2):
    """With a title and an author, and a font that it brings along, behind which the canary stands."""
    with open(FONT, "rb") as file:
        program = file.read() + font.encode()
    text = b"BT /F1 20 Tf 40 700 Td (%s) Tj /F2 20 Tf 0 -40 Td (%s) Tj ET" % (word.encode(), word.encode())
    first = 4 + 2 * pages
    objects = (
        b"<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Own /FirstChar 0 /LastChar 255 /Widths [ %s ] /FontDescriptor %d 0 R /Encoding /WinAnsiEncoding >>"
        % (b"600 " * 256, first + 1),
        b"<< /Type /FontDescriptor /FontName /ABCDEF+Own /Flags 32 /FontBBox [ 0 0 999 999 ] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 /FontFile2 %d 0 R >>"
        % (first + 2),
        stream(program, b"/Length1 %d" % len(program)),
        b"<< /Title (%s) /Author (%s) >>" % (title.encode(), title.encode()),
    )
    document = pdf_of(*[text] * pages, objects=objects)
    document = document.replace(b"/Font << /F1 3 0 R >>", b"/Font << /F1 3 0 R /F2 %d 0 R >>" % first)
    return document.replace(b"trailer\n<<", b"trailer\n<< /Info %d 0 R" % (first + 3))


def a_docx(word, title, _, pages=2):
    return office.docx(*["%s %s" % (word, title)] * pages)


def a_png(word, title, _, pages=1):
    """The word as dots, and the title as a comment."""
    def chunk(kind, octets):
        return struct.pack(">I", len(octets)) + kind + octets + struct.pack(">I", zlib.crc32(kind + octets))

    line = word.encode().ljust(400, b"\xff")
    lines = (b"\0" + line) * (300 * pages)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 400, 300 * pages, 8, 0, 0, 0, 0)) + chunk(
        b"tEXt", b"Title\0" + title.encode()) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def a_text(word, title, _, pages=2):
    """Of letters that no printer has, so that imprimatur-typeset makes pages of it."""
    return "\f".join("Привет %s %s\n" % (word, title) for _ in range(pages)).encode()


def a_latin_text(word, title, _, pages=2):
    return "\f".join("%s %s\n" % (word, title) for _ in range(pages)).encode()


def a_page(word, title, _, pages=2):
    return ("<!DOCTYPE html><title>%s</title><meta name=author content='%s'>" % (title, title) + "<p style='break-after: page'>%s" % word * pages).encode()


def an_svg(word, title, _, pages=1):
    return ("<svg xmlns='http://www.w3.org/2000/svg' width='400' height='%d'><title>%s</title>%s</svg>" % (
        400 * pages, title, "".join("<text y='%d'>%s</text>" % (20 * n, word) for n in range(1, 20 * pages)))).encode()


def a_postscript(word, title, _, pages=2):
    return ("%%!PS-Adobe-3.0\n%%%%Title: %s\n" % title + "/Courier findfont 20 scalefont setfont 40 700 moveto (%s) show showpage\n" % word * pages).encode()


# What it is, who makes pages of it, and how long a document has to be that keeps him busy.
FAMILIES = (
    ("a PDF", "application/pdf", a_pdf, "gs", 150, FONT),
    ("a picture", "image/png", a_png, None, 0, None),
    ("a text", "text/plain", a_latin_text, None, 0, None),
    ("a text in other letters", "text/plain", a_text, "imprimatur-typeset", 1800, None),
    ("a page of HTML", "text/html", a_page, "python3", 60, "/usr/bin/weasyprint"),
    ("an SVG", "image/svg+xml", an_svg, "rsvg-convert", 40, "/usr/bin/rsvg-convert"),
    ("PostScript", "application/postscript", a_postscript, "gs", 1500, "/usr/bin/gs"),
    ("a document of Word", WORD, a_docx, "soffice.bin", 500, office.SOFFICE),
)


class Watcher(threading.Thread):
    """Looks at the command lines and environments of all that the service starts, as long as it runs."""

    def __init__(self, world, canaries):
        super().__init__(daemon=True)
        self.world, self.ended = world, threading.Event()
        self.needles = [n for _, n in canaries.needles() if len(n) >= 8]
        self.found, self.seen = [], set()
        self.start()

    def run(self):
        while not self.ended.wait(0.002):
            process = self.world.programs["service"]
            for pid in children(process.pid) if process.running() else []:
                for name in ("cmdline", "environ"):
                    try:
                        with open("/proc/%d/%s" % (pid, name), "rb") as file:
                            octets = file.read()
                    except OSError:
                        continue
                    if name == "cmdline":
                        self.seen.add(os.path.basename(octets.split(b"\0")[0]).decode(errors="replace"))
                    self.found += [octets for needle in self.needles if needle in octets]

    def stop(self):
        self.ended.set()
        self.join()
        equal(self.found, [], "what stands in a command line or environment")
        return self.seen


def fetch_page(api, job):
    """The octets of the image of its first page; asked for again while it is made."""
    def asked():
        status, _, octets = api.connection.request("GET", "/v1/jobs/%s/pages/1?width=800" % job, None, {"Authorization": api.authorization})
        assert status in (200, 503), status
        return octets if status == 200 else None

    return wait_until(asked, "the image of a page", 60, 0.05)


def prepared(canaries, make, pages=None):
    """A document with the canary as its words, its title and in its font."""
    stem = canaries.values.get("the canary") or canaries.add("the canary", letters(24))
    values = ["%s-%s" % (what, stem) for what in ("word", "title", "font")]
    return make(*values, pages) if pages else make(*values)


def story_what_stands_in_a_command_line_is_found(world):
    """The stories below must be able to fail."""
    canaries = Canaries(world)
    word = canaries.add("a word", "word-" + letters(24))
    canaries.add_octets("an image", b"\xff\xd8" + os.urandom(60))
    with open(world.path("service", "left-behind"), "wb") as file:
        file.write(os.urandom(10) + canaries.octets["an image"])
    try:
        canaries.scan("nothing")
    except AssertionError:
        os.unlink(world.path("service", "left-behind"))
    else:
        raise AssertionError("an image was not found")
    watcher = Watcher(world, canaries)
    ada = world.api(ADA)
    ada.release(world.printers["studio"], [ada.submit(a_pdf("x", "x", "x", 100))["id"]])
    wait_until(lambda: "bwrap" in watcher.seen and "imprimatur-render" in watcher.seen, "what the service starts is seen", 60)
    watcher.needles.append(b"--unshare-all")
    wait_until(lambda: watcher.found, "what stands in a command line", 60)
    watcher.found.clear()
    watcher.needles.remove(b"--unshare-all")
    watcher.stop()
    assert word


def story_no_family_leaves_plain_text(world):
    ada, canaries = world.api(ADA), Canaries(world)
    for name, media_type, make, _, _, wanted in FAMILIES:
        if wanted and not os.path.exists(wanted):
            continue
        document = prepared(canaries, make)
        watcher = Watcher(world, canaries)
        job = ada.submit(document, name, content_type=media_type)["id"]
        canaries.scan(name + " is looked into")
        wait_until(lambda: ada.job(job)["inspection"]["state"] != "waiting", "the inspection of " + name, 60, 0.02)
        equal(ada.job(job)["inspection"]["state"], "done", "the inspection of " + name)
        image = fetch_page(ada, job)
        canaries.add_octets("the image of " + name, image[len(image) // 2 :][:60])
        canaries.add_octets("the head of the image of " + name, image[-60:])
        canaries.scan(name + " was drawn")
        ada.release(world.printers["studio"], [job])
        canaries.scan(name + " is converted")
        world.wait_job(ada, job, "done", 60)
        watcher.stop()
        canaries.scan(name + " was printed")


def named(world, name):
    """The processes below the service whose program is called so."""
    found = []
    process = world.programs["service"]
    for pid in children(process.pid) if process.running() else []:
        try:
            with open("/proc/%d/comm" % pid, encoding="ascii") as file:
                if file.read().strip() == name[:15]:
                    found.append(pid)
        except OSError:
            continue
    return found


def kill_in_the_middle(world, victim):
    """False where it had ended before it was met."""
    try:
        wait_until(lambda: named(world, victim), victim + " runs", 20, 0.001)
    except NotReady:
        return False
    for pid in named(world, victim):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
    return True


def story_a_kill_in_the_middle_leaves_nothing(world):
    """Each converter, and with two of them the renderer and the service. (None: the service.)"""
    ada, canaries = world.api(ADA), Canaries(world)
    killed = 0
    for name, media_type, make, tool, pages, wanted in FAMILIES:
        if not tool or (wanted and not os.path.exists(wanted)):
            continue
        for victim in (tool, "imprimatur-rend", None) if tool in ("gs", "soffice.bin") else (tool,):
            job = ada.submit(prepared(canaries, make, pages), name, content_type=media_type)["id"]
            ada.release(world.printers["studio"], [job])
            if victim:
                killed += kill_in_the_middle(world, victim)
            else:
                wait_until(lambda: named(world, tool), tool + " runs", 20, 0.001)
                world.programs.kill("service")
                killed += 1
            canaries.scan("a SIGKILL of %s with %s" % (victim or "the service", name))
            if not victim:
                world.programs.start("service")
                canaries.scan("a new start with " + name)
            ada.delete("/v1/jobs/" + job) if ada.job(job)["state"] == "held" else None
    assert killed >= 6, "%d were killed" % killed
    canaries.scan("all of it")
