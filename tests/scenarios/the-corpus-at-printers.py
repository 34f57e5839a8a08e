# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Documents of every format, sent to a queue and released at printers of CUPS of which each takes one format: what they
received is as many pages, and looks as the documents do."""

import hashlib

from harness import ippeve
from harness.corpus import families, looks
from harness.corpus.judge import Judge, Verdict, chosen
from harness.corpus.samples import MEDIA_TYPES
from harness.corpus.workshop import Workshop
from harness.renderer import TYPES, numbered, pcl_pages, pcl_xl_pages, pwg_pages, render
from harness.story import equal, refused, skip

ADA = "ada@demo.example"
A4 = "iso_a4_210x297mm"
CAN = (
    "enum finishings-supported 3,4,5,10", "enum finishings-default 3", "keyword output-bin-supported face-up,stacker-1,mailbox-2",
    "keyword output-bin-default stacker-1", "rangeOfInteger copies-supported 1-99", "integer copies-default 1",
    "keyword sides-supported one-sided,two-sided-long-edge,two-sided-short-edge", "keyword sides-default one-sided",
    "keyword media-supported iso_a4_210x297mm,iso_a3_297x420mm", "keyword media-default iso_a4_210x297mm", "enum print-quality-supported 3,4,5",
    "keyword print-color-mode-supported auto,color,monochrome",
    "keyword multiple-document-handling-supported separate-documents-uncollated-copies,separate-documents-collated-copies",
    "text printer-make-and-model CUPS", "boolean color-supported true",
)
# Dots an inch: few, since pages are looked at by a program that takes its time with each.
RESOLUTION = {"pwg": looks.DPI, "urf": looks.DPI, "pclm": 150, "pcl": 300, "pxl": 300}


def known(world, printer, name, formats, resolution):
    body = {
        "name": name, "title": name, "addresses": [printer.uri], "formats": formats, "colour": True, "duplex": True,
        "media": [A4, "iso_a3_297x420mm"], "trays": 1, "identity": {}, "make_and_model": "CUPS", "finishings": [4, 5, 10],
        "output_bins": ["face-up", "stacker-1", "mailbox-2"], "resolution_dpi": resolution,
    }
    world.printers[name] = world.admin.post("/v1/printers", body)["id"]
    world.programs.programs["ippeve-" + name] = printer.program
    return printer


def printers_of(world):
    """One for each language, known to the service by that name."""
    if not ippeve.is_there():
        skip("ippeveprinter is not here")
    if not hasattr(world, "ippeve"):
        world.ippeve = {
            language: known(world, ippeve.Printer(world.folder, language, [media_type]), language, [media_type], RESOLUTION.get(language, 300))
            for language, media_type in TYPES.items()
        }
    return world.ippeve


def look(judge, sample, language, octets):
    """As Judge.judge() does, of what the printer received."""
    verdict = Verdict(sample, language)
    numbers = chosen(sample.pages)
    pages, pictures = judge.seen(octets, language, numbers, sample.reader)
    equal(pages, sample.pages, "pages of %s in %s" % (sample.name, language))
    for number, got, due in zip(numbers, pictures, judge.wanted(sample)):
        judge.compare(verdict, number, got, due if language == sample.kind == "pdf" else looks.on_paper(due))


def story_every_format_comes_out_of_a_printer_of_every_language(world):
    printers, ada = printers_of(world), world.api(ADA)
    samples = {}
    for sample in families.samples():
        if sample.quick:
            samples.setdefault(sample.kind, sample)
    # One of each format, a language after the other; which, is the same each time.
    workshop = Workshop()
    judge = Judge(workshop, quick=True)
    wrong = []
    try:
        for turn, sample in enumerate(sorted(samples.values(), key=lambda s: hashlib.sha256(s.kind.encode()).digest())):
            language = list(TYPES)[turn % len(TYPES)]
            job = ada.submit(judge.octets(sample), sample.name, content_type=sample.media_type)
            ada.release(world.printers[language], [job["id"]])
            octets, _ = printers[language].next()
            try:
                look(judge, sample, language, octets)
            except AssertionError as error:
                wrong.append("%s in %s: %s" % (sample.name, language, error))
    finally:
        workshop.close()
    assert not wrong, "\n".join(wrong)


def story_commands_for_printers_arrive_as_they_were_sent(world):
    printers, ada = printers_of(world), world.api(ADA)
    world.admin.post("/v1/queues", {"name": "raw", "kind": "pull", "takes_raw": True})
    for language, other, read in (("pcl", "pxl", lambda octets: pcl_pages(octets)[0]), ("pxl", "pcl", pcl_xl_pages)):
        made, _ = render(numbered(4), language, media=A4, resolution=300)
        job = ada.submit(made, "a plan", queue="raw", content_type=MEDIA_TYPES[language])
        ada.release(world.printers[language], [job["id"]])
        octets, _ = printers[language].next()
        equal((octets, read(octets)), (made, 4), "commands in %s" % language)
        job = ada.submit(made, "a plan", queue="raw", content_type=MEDIA_TYPES[language])
        with refused(415):
            ada.release(world.printers[other], [job["id"]])


def story_what_the_printer_does_itself_it_is_told(world):
    printers_of(world)
    ada, able = world.api(ADA), known(world, ippeve.Printer(world.folder, "able", attributes=CAN), "able", ["image/pwg-raster"], 72)
    ticket = {"copies": 3, "sides": "two-sided-short-edge", "print_quality": 5, "output_bin": "mailbox-2", "media": "iso_a3_297x420mm",
              "print_color_mode": "monochrome", "multiple_document_handling": "separate-documents-collated-copies", "page_ranges": "2-", "number_up": 2,
              "finishings": [4, 5]}
    job = ada.submit(numbered(6), "told")
    ada.release(world.printers["able"], [job["id"]], ticket=ticket)
    octets, told = able.next()
    for name, value in (("copies", "3"), ("sides", "two-sided-short-edge"), ("print-quality", "high"), ("output-bin", "mailbox-2"),
                        ("media", "iso_a3_297x420mm"), ("print-color-mode", "monochrome"), ("finishings", "staple,punch"),
                        ("multiple-document-handling", "separate-documents-collated-copies")):
        equal(told.get(name), value, "what it was told of %s" % name)
    equal((told.get("number-up"), told.get("page-ranges")), (None, None), "what is done already, and not told again")
    pages = pwg_pages(octets)
    equal([(p.width, p.height) for p in pages], [(842, 1191)] * 3, "sides of paper, of the size that was asked for")
    assert all(page.is_grey() for page in pages), "dots of colour"
