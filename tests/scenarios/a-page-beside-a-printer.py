# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The welcome page of a printer: looked at, and printed there."""

import os
import re
import shutil
import subprocess

from harness import demo_world as demo
from harness.client import basic
from harness.command_line import CommandLine
from harness.judged import Judged
from harness.story import equal, refused, skip

ADA = "ada@demo.example"
LONG = "Donaudampfschifffahrtsgesellschaftskapit\u00e4nsm\u00fctzenfabrikhauptverwaltungsdrucker " * 3
HOSTILE = "<script>alert(1)</script> & \"quotes\" \u202eevil " + "x" * 150


def tools():
    if shutil.which("pdftotext") is None or not os.path.exists("/usr/bin/weasyprint"):
        skip("no pdftotext, or no weasyprint")


def page(world, name, query="", pages=1):
    """(text, (width, height)) of the page."""
    status, headers, content = world.connection.request("GET", "/v1/printers/%s/welcome%s" % (name, query), None,
                                                        {"Authorization": basic(demo.ADMINISTRATOR, demo.PASSWORD)})
    equal(status, 200, "%s: %r" % (name, content[:300]))
    equal({k.lower(): v for k, v in headers.items()}["content-type"], "application/pdf", "its type")
    path = world.path("page.pdf")
    with open(path, "wb") as file:
        file.write(content)
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    equal(int(re.search(r"Pages:\s+(\d+)", told).group(1)), pages, "pages")
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", told).groups()
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(text.split()), tuple(round(float(n)) for n in size)


def story_the_page_tells_how_to_print_there(world):
    tools()
    admin = world.admin
    admin.post("/v1/sites", {"name": "north", "title": "North Building"})
    admin.patch("/v1/printers/lobby", {"alias": "gf1", "site": "north"})
    text, size = page(world, "GF1")
    equal(size, (595, 842), "A4, the printer's first")
    address = "https://localhost:%d/printers/%s" % (world.ports["service"], world.printers["lobby"])
    for words in ("Lobby", "This printer is ready.", "Ground floor", "North Building", "gf1", "Print to the queue \u201cpull\u201d.", "Hold your badge",
                  "imprimatur release gf1", "ipps://localhost:%d/ipp/print/demo/pull" % world.ports["service"], address):
        assert words in text, (words, text)
    equal(page(world, "lobby", "?media=na_letter_8.5x11in")[1], (612, 792), "Letter")
    # What the code leads to releases nothing, whoever follows it.
    for authorization in ({}, {"Authorization": basic(ADA, demo.PASSWORD)}):
        equal(world.connection.request("GET", address[address.index("/printers"):], None, authorization)[0], 200, "the page that the address opens")
    admin.patch("/v1/printers/lobby", {"badges": False})
    assert "Hold your badge" not in page(world, "lobby")[0]
    admin.patch("/v1/printers/lobby", {"badges": True})


def story_in_the_organisations_language_and_any_script(world):
    tools()
    admin = world.admin
    admin.patch("/v1/tenant", {"language": "de"})
    text, _ = page(world, "lobby")
    for words in ("Dieser Drucker ist bereit.", "Drucken Sie in die Warteschlange \u201epull\u201c.", "Standort"):
        assert words in text, (words, text)
    admin.patch("/v1/printers/lobby", {"title": "\u0637\u0627\u0628\u0639\u0629", "location": "\u05de\u05e1\u05d3\u05e8\u05d5\u05df"})
    page(world, "lobby")  # shaped and from the right, which is looked at; what is copied out of it is the typesetter's
    admin.patch("/v1/printers/lobby", {"title": "Lobby", "location": "Ground floor"})
    admin.patch("/v1/tenant", {"language": "en"})


def story_names_are_words_and_nothing_else(world):
    tools()
    admin = world.admin
    admin.patch("/v1/printers/lobby", {"title": LONG.strip(), "location": HOSTILE, "make_and_model": "\u540d\u524d" * 40})
    for medium in ("iso_a4_210x297mm", "na_letter_8.5x11in"):
        text, _ = page(world, "lobby", "?media=" + medium)
        assert "<script>alert(1)</script>" in text and "\u202e" not in text, text
    admin.patch("/v1/printers/lobby", {"title": "Lobby", "location": "Ground floor", "make_and_model": None})
    judged = Judged(world, demo.ADMINISTRATOR)
    for medium in ("a4", "", "../../etc/passwd", "iso_a4_210x297mm --from x"):
        status, _, _ = world.connection.request("GET", "/v1/printers/lobby/welcome?media=" + medium.replace(" ", "%20"), None,
                                                {"Authorization": basic(demo.ADMINISTRATOR, demo.PASSWORD)})
        equal(status, 200 if medium == "" else 400, medium)
    Judged(world, ADA).call("GET", "/v1/printers/lobby/welcome", expect=403)
    Judged(world, ADA).call("POST", "/v1/printers/lobby/welcome", {}, 403)
    judged.call("GET", "/v1/printers/nowhere/welcome", expect=404)


def story_it_comes_out_there_as_an_ordinary_job(world):
    tools()
    before = len(world.paper("lobby"))
    job = Judged(world, demo.ADMINISTRATOR).call("POST", "/v1/printers/lobby/welcome", {}, 201)
    equal((job["title"], job["format"], job["owner_email"]), ("Lobby", "text/html", demo.ADMINISTRATOR), "the job")
    world.wait_job(world.admin, job["id"], "done")
    paper = world.wait_paper("lobby", before + 1)[-1]
    assert paper.startswith(b"%PDF"), paper[:20]
    line = CommandLine(world, "admin")
    line.login(demo.ADMINISTRATOR)
    saved = world.path("saved.pdf")
    line.run("printer", "welcome", "lobby", "--output", saved, "--media", "na_letter_8.5x11in")
    with open(saved, "rb") as file:
        equal(file.read(5), b"%PDF-", "what was saved")
    out, _ = line.run("printer", "welcome", "lobby")
    assert out.startswith("Its welcome page is job "), out
    world.wait_paper("lobby", before + 2)
    # Where nobody can print, neither can it.
    world.admin.post("/v1/queues", {"name": "other", "kind": "secure", "printer": "library"})
    for queue in world.admin.all("/v1/queues"):
        if queue["kind"] == "pull":
            world.admin.patch("/v1/queues/" + queue["id"], {"accepting": False})
    made = world.admin.post("/v1/printers", {"name": "alone", "addresses": ["ipps://localhost:9/ipp/print"], "formats": ["application/pdf"]})
    with refused(409, "no-queue"):
        world.admin.post("/v1/printers/%s/welcome" % made["id"], {})
