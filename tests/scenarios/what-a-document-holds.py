# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What has arrived is looked into: its owner hears how many pages there are, and sees them; nobody else does."""

import struct
import subprocess
import zlib

from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, refused

SETTINGS = {"service": {"render.colour_pages": 20, "render.look": "3s", "render.cells": 3}}
ADA, GRACE = "ada@demo.example", "grace@demo.example"


def wait_inspection(world, api, job):
    """The job, once it is known what its document holds, or why that is not known."""
    found = {}

    def is_done():
        found.update(api.job(job))
        return found["inspection"]["state"] != "waiting"

    wait_until(is_done, "the inspection of " + job, seconds=60)
    return found["inspection"]


def page(api, job, number, width=240):
    """The image's octets; asked for again while it is being made, as the answer says."""
    status, headers, octets = None, None, None
    for _ in range(60):
        status, headers, octets = api.connection.request("GET", "/v1/jobs/%s/pages/%d?width=%d" % (job, number, width), None, {"Authorization": api.authorization})
        if status != 503:
            break
    equal(status, 200, "page %d" % number)
    names = {name.lower(): value for name, value in headers.items()}
    equal((names["content-type"], names["cache-control"]), ("image/jpeg", "no-store"), "the headers")
    return octets


def width_of(jpeg):
    """Out of the frame header of a JPEG (ITU-T T.81, B.2.2)."""
    equal(jpeg[:2], b"\xff\xd8", "the first octets of a JPEG")
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
    return struct.unpack(">H", jpeg[at + 7:at + 9])[0]


def story_a_pdf_is_looked_into(world):
    ada = world.api(ADA)
    job = ada.submit(pdf("three pages", pages=3))["id"]
    holds = wait_inspection(world, ada, job)
    equal((holds["state"], holds["pages"], holds["colour_pages"]), ("done", 3, 0), "what it holds")
    equal([(size["width"] // 100, size["height"] // 100, size["pages"]) for size in holds["sizes"]], [(209, 297, 3)], "its sizes")
    equal(width_of(page(ada, job, 1)), 240, "the width of the small image")
    equal(width_of(page(ada, job, 2, 800)), 800, "the width of a larger one")
    equal(page(ada, job, 2, 800), page(ada, job, 2, 800), "the image, asked for twice")
    with refused(404):
        ada.get("/v1/jobs/%s/pages/4" % job)
    with refused(400):
        ada.get("/v1/jobs/%s/pages/1?width=17" % job)


def story_its_owner_alone_sees_it(world):
    ada, grace = world.api(ADA), world.api(GRACE)
    job = ada.submit(pdf("mine"))["id"]
    wait_inspection(world, ada, job)
    for other in (grace, world.admin):
        with refused(404):
            other.get("/v1/jobs/%s/pages/1" % job)
    holds = world.admin.job(job)["inspection"]
    equal((holds["pages"], holds["title"], holds["sizes"], holds["missing_fonts"]), (1, None, [], []), "what an administrator hears")


def story_its_owner_alone_takes_it(world):
    ada, grace = world.api(ADA), world.api(GRACE)
    document = pdf("to be looked at")
    job = ada.submit(document, "../Gr\u00fc\u00dfe \u202e.exe")["id"]
    path = "/v1/jobs/%s/document" % job
    ada.put("/v1/people/me/delegates/" + world.people[GRACE], {"titles": True})
    equal(grace.job(job)["id"], job, "the job, as a delegate sees it")
    for other in (grace, world.admin):
        with refused(404):
            other.get(path)
    ada.delete("/v1/people/me/delegates/" + world.people[GRACE])
    status, headers, octets = ada.connection.request("GET", path, None, {"Authorization": ada.authorization})
    headers = {name.lower(): value for name, value in headers.items()}
    equal((status, octets), (200, document), "what was sent")
    equal((headers["content-type"], headers["cache-control"], headers["x-content-type-options"]), ("application/pdf", "no-store", "nosniff"), "the headers")
    equal(headers["content-security-policy"], "default-src 'none'; sandbox", "what a browser may do with it")
    equal(headers["content-disposition"], "attachment; filename=\"_._Gr__e _.exe.pdf\"; filename*=UTF-8''_._Gr%C3%BC%C3%9Fe%20_.exe.pdf", "its name")
    seen = [record for record in world.admin.get("/v1/audit/records?limit=200&subject=" + job)["items"] if record["event"] == "document-viewed"]
    equal([record["actor"]["id"] for record in seen], [world.people[ADA]], "who took it")
    ada.delete("/v1/jobs/" + job)
    with refused(410):
        ada.get(path)


def story_what_is_no_pdf_is_made_one(world):
    ada = world.api(ADA)
    job = ada.submit(b"One page.\n\fAnother one.\n", content_type="text/plain")["id"]
    holds = wait_inspection(world, ada, job)
    equal((holds["state"], holds["pages"]), ("done", 2), "what it holds")
    equal(width_of(page(ada, job, 2, 1600)), 1600, "the width of its second page")
    ada.release(world.printers["studio"], [job])
    equal(world.wait_paper("studio")[-1].count(b"PwgRaster\0"), 2, "pages of raster")


def locked(world):
    """A PDF that opens only with a password."""
    with open(world.path("open.pdf"), "wb") as file:
        file.write(pdf("locked"))
    command = ["qpdf", "--encrypt", "let-me-in", "owner", "256", "--", world.path("open.pdf"), world.path("locked.pdf")]
    subprocess.run(command, check=True)
    with open(world.path("locked.pdf"), "rb") as file:
        return file.read()


def story_what_cannot_be_read_is_held_and_says_why(world):
    ada = world.api(ADA)
    for document, reason in ((pdf("cut")[:200], "document-unprintable-error"), (locked(world), "document-password-needed")):
        job = ada.submit(document)["id"]
        holds = wait_inspection(world, ada, job)
        equal((holds["state"], holds["reason"], holds["pages"]), ("failed", reason, None), "what is known of it")
        equal(ada.job(job)["state"], "held", "the job")
        with refused(422):
            ada.get("/v1/jobs/%s/pages/1" % job)


def coloured(pages, colour):
    """A document with a square of this colour (three numbers up to 1) on each page."""
    square = ("%g %g %g rg 100 100 200 200 re f" % colour).encode()
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(pages))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Kids [ %s ] /Count %d /MediaBox [ 0 0 595 842 ] >>" % (kids, pages),
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(square), square)]
    objects += [b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>"] * pages
    octets = b"%PDF-1.4\n"
    places = []
    for number, words in enumerate(objects, 1):
        places.append(len(octets))
        octets += b"%d 0 obj\n%s\nendobj\n" % (number, words)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return octets + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(octets))


def story_colours_are_seen_not_believed(world):
    ada = world.api(ADA)
    for pages, colour, found in ((2, (0.5, 0.5, 0.5), 0), (2, (1, 0, 0), 2), (20, (0, 0, 0.5), 20), (21, (1, 0, 0), None)):
        job = ada.submit(coloured(pages, colour))["id"]
        holds = wait_inspection(world, ada, job)
        equal((holds["state"], holds["pages"], holds["colour_pages"]), ("done", pages, found), "%d pages of %s" % (pages, colour))


def spinning():
    """A page that takes far longer to draw than anybody would wait."""
    packed = zlib.compress(zlib.compress(bytes(64 << 20), 9), 9)
    image = (b"<< /Type /XObject /Subtype /Image /Width 8000 /Height 8000 /BitsPerComponent 8 /ColorSpace /DeviceGray"
             b" /Filter [ /FlateDecode /FlateDecode ] /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed))
    page = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>"
    content = b"600 0 0 800 0 0 cm" + b" /I Do" * 1000
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [ 3 0 R ] /Count 1 /MediaBox [ 0 0 600 800 ] >>",
               page, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content), image]
    return b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1)) + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def story_a_bomb_ends_and_nobody_else_waits(world):
    ada, grace = world.api(ADA), world.api(GRACE)
    bomb = ada.submit(spinning())["id"]
    job = grace.submit(pdf("innocent", pages=2))["id"]
    equal(wait_inspection(world, grace, job)["pages"], 2, "another one's pages")
    holds = wait_inspection(world, ada, bomb)
    equal((holds["state"], holds["reason"] in ("conversion-timed-out", "conversion-too-large")), ("failed", True), "what is known of it")
    equal(ada.job(bomb)["state"], "held", "the job")


def story_nothing_is_made_for_a_job_that_is_gone(world):
    ada = world.api(ADA)
    for _ in range(5):
        ada.delete("/v1/jobs/" + ada.submit(pdf("gone", pages=5))["id"])
    job = ada.submit(pdf("not gone"))["id"]
    equal(wait_inspection(world, ada, job)["state"], "done", "another one's inspection")
