# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What documents cost: the languages of printers, office programs, the first page to look at, and the walls of a cell.

Beside each stands the bare tool, which has no walls, no limits and no service around it, with the same options on the same file.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import time

from harness import office, renderer

ADA = "ada@demo.example"
DPI = 300
PAGES = 20
SOFFICE = "/usr/lib/libreoffice/program/soffice.bin"
GS = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-r%d" % DPI]
RASTER = ["-dcupsColorSpace=19", "-dcupsBitsPerColor=8", "-g2480x3508", "-dFIXEDMEDIA"]
EMBED = ["-dEmbedAllFonts=true", "-dAutoRotatePages=/None"]
WORDS = "the of a printer paper that is held until its owner stands at it with a badge and lets it go to other people's pages never".split()

# What the renderer is told beyond the resolution, Ghostscript's device with the same meaning, and others that make the same or the like.
LANGUAGES = {
    "PDF in grey": ("pdf", {"grey": "yes"}, ["-sDEVICE=pdfwrite", "-sColorConversionStrategy=Gray", "-dProcessColorModel=/DeviceGray"] + EMBED,
                    {"pdftocairo -pdf": ["pdftocairo", "-pdf"]}),
    "PCL XL": ("pxl", {}, ["-sDEVICE=pxlcolor"], {}),
    "PostScript": ("ps", {}, ["-sDEVICE=ps2write"] + EMBED, {"pdftocairo -ps": ["pdftocairo", "-ps"]}),
    "PWG raster": ("pwg", {"media": "iso_a4_210x297mm"}, ["-sDEVICE=pwgraster", *RASTER], {"pdftoppm": ["pdftoppm", "-r", str(DPI)]}),
    "Apple raster": ("urf", {"media": "iso_a4_210x297mm"}, ["-sDEVICE=appleraster", *RASTER], {}),
    "PCLm": ("pclm", {}, ["-sDEVICE=pclm"], {}),
    "PCL 5 in grey": ("pcl", {"grey": "yes"}, ["-sDEVICE=ljet4"], {}),
}


def seconds_of(what):
    begun = time.monotonic()
    what()
    return time.monotonic() - begun


def text_page(number):
    """Some three thousand letters, a heading in colour and a box."""
    random.seed(number)
    lines = [" ".join(random.choices(WORDS, k=14)) for _ in range(45)]
    text = " ".join("(%s) Tj T*" % line.replace("'", "") for line in lines)
    return b"0.8 0 0 rg BT /F1 20 Tf 60 780 Td (Page %d) Tj ET\n0 g BT /F1 10 Tf 14 TL 60 750 Td %s ET\n0 0 0.7 rg 60 60 200 30 re f\n" % (
        number, text.encode())


def text_pdf(pages):
    return renderer.pdf(*(text_page(n + 1) for n in range(pages)))


OFFICE = "application/vnd.openxmlformats-officedocument."


def office_documents():
    """Twenty pages or slides of text, and a sheet of 500 rows."""
    pages = [". ".join(" ".join(random.choices(WORDS, k=12)) for _ in range(30)) for _ in range(PAGES)]
    return {
        "docx": (OFFICE + "wordprocessingml.document", office.docx(*pages)),
        "xlsx": (OFFICE + "spreadsheetml.sheet", office.xlsx(*("row %d" % n if n % 5 else "=%d*7" % n for n in range(500)))),
        "pptx": (OFFICE + "presentationml.presentation", office.pptx(*(page[:200] for page in pages))),
    }


class Documents:
    """The parts of the benchmarks that are about documents."""

    def __init__(self, bench):
        self.bench, self.report, self.folder = bench, bench.report, bench.folder

    def write(self, name, octets):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(octets)
        return path

    @staticmethod
    def run(words, path=None):
        """From the file where a path is given; what is written is not looked at. Without a limit of time, for which Python would
        look at its watch twenty times a second only."""
        with open(path or os.devnull, "rb") as source:
            subprocess.run(words, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    # ---- languages --------------------------------------------------------------------------------------------

    def languages(self):
        path = self.write("twenty.pdf", text_pdf(PAGES))
        program = os.path.join(self.bench.build, "src", "imprimatur-render")
        for name, (to, options, device, others) in LANGUAGES.items():
            self.report.section("Pages a second: %s, %d dpi, %d pages of text" % (name, DPI, PAGES))
            words = [program, "--from", "application/pdf", "--to", renderer.TYPES[to], "--resolution", str(DPI)]
            for option, value in options.items():
                words += ["--" + option, value]
            made = os.path.join(self.folder, "made")
            what = {
                "imprimatur-render": lambda w=words: self.rate(w, path),
                "gs " + device[0][2:]: lambda d=device: self.rate(GS + d + ["-sOutputFile=" + made, path]),
            }
            what.update({n: lambda c=command: self.rate(c + [path, made]) for n, command in others.items()})
            self.bench.compare(self.bench.rounds(what), "pages")

    def rate(self, words, path=None):
        """Of three in a row, the quickest: what else the machine does comes on top, and never takes away."""
        return {"pages": PAGES / min(seconds_of(lambda: self.run(words, path)) for _ in range(3))}

    # ---- the first page ---------------------------------------------------------------------------------------

    def first_page(self, api, octets, media_type):
        """Milliseconds from the answer to the submission until its owner has the image of the first page."""
        job = api.submit(octets, content_type=media_type)["id"]
        begun = time.monotonic()
        while True:
            status, _, image = api.connection.request("GET", "/v1/jobs/%s/pages/1?width=240" % job, None, {"Authorization": api.authorization})
            if status == 200 and image:
                return (time.monotonic() - begun) * 1000
            if status != 503:
                raise RuntimeError("the first page was refused with %d" % status)

    def many(self, api, octets, media_type):
        """One that is not counted (programs and fonts come from the disk), then as many as rounds ask for."""
        self.first_page(api, octets, media_type)
        return [self.first_page(api, octets, media_type) for _ in range(5 * self.bench.options.rounds)]

    def row(self, name, values, beside=""):
        values = sorted(values)
        self.report.row(name, "%.0f (%.0f to %.0f), p90 %.0f%s" % (
            statistics.median(values), values[0], values[-1], values[len(values) * 9 // 10], beside))

    def preview(self):
        self.report.section("First page at its owner after the submission has ended (ms)")
        api = self.bench.start_world("preview").api(ADA)
        for pages in (1, PAGES, 200):
            self.row("PDF, %d pages" % pages, self.many(api, text_pdf(pages), "application/pdf"))
        self.row("text", self.many(api, "\n".join(["a line of text"] * 60).encode(), "text/plain"))
        self.row("text, Chinese", self.many(api, ("人人生而自由,在尊严和权利上一律平等。\n" * 40).encode(), "text/plain; charset=utf-8"))
        self.row("text, Arabic", self.many(api, ("يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.\n" * 40).encode(), "text/plain; charset=utf-8"))
        self.bench.end_world()

    def office(self):
        self.report.section("Office documents: first page at its owner after the submission has ended (ms)")
        if not office.is_there():
            self.report.row("LibreOffice", "not installed")
            return
        api = self.bench.start_world("office").api(ADA)
        for name, (media_type, octets) in office_documents().items():
            path = self.write("a." + name, octets)
            ours = self.many(api, octets, media_type)
            theirs = [1000 * seconds_of(lambda: self.soffice(path)) for _ in range(2 * self.bench.options.rounds + 1)][1:]
            self.row(name, ours, "; soffice alone, in a profile in use: %.0f" % statistics.median(theirs))
        self.bench.end_world()

    def soffice(self, path):
        profile = os.path.join(self.folder, "profile")
        words = [SOFFICE, "-env:UserInstallation=file://" + profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", self.folder, path]
        if not os.path.exists(profile):
            # The first start sets the profile up, and wants to be repeated.
            subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.run(words)

    # ---- cells ------------------------------------------------------------------------------------------------

    def cells(self):
        self.report.section("What a cell costs: its walls around a program that does nothing (ms)")
        done = subprocess.run([os.path.join(self.bench.build, "bench", "bench-cells"), "200"], capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        self.report.row("in a cell", "median %(cell_ms).2f, p99 %(cell_p99_ms).2f" % found)
        self.report.row("alone", "median %(bare_ms).2f, p99 %(bare_p99_ms).2f" % found)
        shutil.rmtree(os.path.join(self.folder, "profile"), ignore_errors=True)
