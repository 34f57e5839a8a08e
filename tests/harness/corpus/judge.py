# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""One document in one language: what the printer receives, held against pictures that the renderer had no part in.

Two pictures of a page are made half as large, to 50 dots an inch, and blurred by one dot, so that neither smoothing nor
the patterns of printers that know black alone count; then three figures tell how they differ, and each sample says how
much it may be (samples.Tolerance):

    mean   on average over all dots and colours, of 1 (black against white)
    share  of dots of which one colour is off by more than 32 of 255
    ink    the same sum as mean, but by how dark the expected page is: a page with few words that are missing, or stand
           elsewhere, has 1 or more, however white it is
"""

import dataclasses
import subprocess

import numpy
from PIL import Image, ImageFilter

from harness import renderer

from . import looks, pcl
from .samples import LAID_OUT, OFFICE

A4 = "iso_a4_210x297mm"
OFF = 32
USUAL_MORE = (1, 1, 1)
GREY_MORE = (2, 3, 1.5)  # times mean, share and ink
LEAST_INK = 0.0005  # of a page; below, nothing is divided by it
RESOLUTION = {"pwg": looks.DPI, "urf": looks.DPI, "pclm": 150, "pcl": 300, "pxl": 300}
LANGUAGES = ("pdf", "pxl", "ps", "pwg", "urf", "pclm", "pcl")


@dataclasses.dataclass
class Verdict:
    sample: object
    language: str
    problem: str = ""
    pages: int = 0
    mean: float = 0.0
    share: float = 0.0
    ink: float = 0.0
    looked_at: int = 0
    pictures: tuple = ()  # of the first page that differs too much


def chosen(pages):
    """The pages that are looked at: of long documents some."""
    return list(range(1, pages + 1)) if pages <= 5 else [1, 2, pages // 2, pages]


def small(picture):
    half = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)), Image.Resampling.BOX)
    return numpy.asarray(half.filter(ImageFilter.GaussianBlur(1)), dtype=numpy.int16)


def difference(got, wanted):
    """mean, share and ink, as above."""
    assert abs(got.width - wanted.width) <= 2 and abs(got.height - wanted.height) <= 2, "a page of %s dots where %s were due" % (got.size, wanted.size)
    if got.size != wanted.size:
        got = got.resize(wanted.size, Image.Resampling.BILINEAR)
    a, b = small(got), small(wanted)
    off = numpy.abs(a - b)
    mean, dark = float(off.mean()) / 255, float((255 - b).mean()) / 255
    return mean, float((off.max(axis=2) > OFF).mean()), mean / dark if dark > LEAST_INK else mean / LEAST_INK


def nearest_grey(got, due):
    """Shades are made of colours in two ways, both usual: by the weights of television, or by their light."""
    weighted = due.convert("L").convert("RGB")
    light = (numpy.asarray(due) / 255) ** 2.2 @ (0.2126, 0.7152, 0.0722)
    lit = Image.fromarray((255 * light ** (1 / 2.2)).round().astype(numpy.uint8), "L").convert("RGB")
    return min((weighted, lit), key=lambda grey: difference(got, grey)[0])


def has_colour(pictures):
    """Whether a dot has one, beyond what smoothing and JPEG leave behind."""
    for picture in pictures:
        dots = small(picture)
        if int((dots.max(axis=2) - dots.min(axis=2)).max()) > 24:
            return True
    return False


def words_of(document):
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True, timeout=100)
    return done.stdout.decode(errors="replace")


def stand_in(words, text):
    """The first word that does not, after those before it; None: all do."""
    at = 0
    for word in words:
        at = text.find(word, at)
        if at < 0:
            return word
        at += len(word)
    return None


class Judge:
    """quick: documents of office programs are not laid out a second time outside of the cell."""

    def __init__(self, workshop, quick=False):
        self.workshop, self.quick = workshop, quick

    # ---- what should be seen ----------------------------------------------------------------------------------

    def octets(self, sample):
        return self.workshop.keep(("octets", sample.name), lambda: sample.make(self.workshop))

    def base(self, sample):
        """The PDF that is made of it without naming paper, which the service keeps as well; and how many pages it is said to have."""
        more = {"charset": sample.charset} if sample.charset else {}
        kind = sample.media_type.split(";")[0]
        return self.workshop.keep(("base", sample.name), lambda: renderer.render(self.octets(sample), "pdf", kind, **more))

    def wanted(self, sample):
        """A picture of each page that is looked at."""
        def draw():
            found = sample.looks(self.workshop) if sample.looks and not (self.quick and sample.kind in OFFICE) else None
            if isinstance(found, (list, tuple)):
                return [found[number - 1] for number in chosen(sample.pages)]
            if found is not None:
                assert renderer.count(found, "pdf") == sample.pages, "others make %d pages of it" % renderer.count(found, "pdf")
            else:
                found = self.octets(sample) if sample.kind == "pdf" else self.base(sample)[0]
            return looks.by_mupdf(self.workshop, found, chosen(sample.pages))
        return self.workshop.keep(("wanted", sample.name), draw)

    # ---- what is seen -----------------------------------------------------------------------------------------

    def order(self, sample, language, **more):
        """What the printer receives, and how many pages the renderer says it is."""
        if language == "pdf" and not more:
            return self.base(sample)
        options = dict(more)
        if language != "pdf":
            options["media"] = A4
        if language in RESOLUTION:
            options["resolution"] = RESOLUTION[language]
        if sample.kind in LAID_OUT:
            return renderer.render(self.base(sample)[0], language, **options)
        return renderer.render(self.octets(sample), language, sample.media_type.split(";")[0], **options)

    def seen(self, octets, language, numbers, reader="poppler"):
        """The number of pages, and pictures of some; no pictures of PCL XL, for which there is no reader."""
        if language in ("pwg", "urf"):
            read = renderer.pwg_pages if language == "pwg" else renderer.urf_pages
            pages = read(octets, keep=numbers)
            return len(pages), [Image.frombytes("RGB", (p.width, p.height), p.dots) for p in pages if p]
        if language == "pcl":
            pages = pcl.pages(octets, RESOLUTION["pcl"], looks.A4, keep=numbers)
            return len(pages), [p.reduce(RESOLUTION["pcl"] // looks.DPI) for p in pages if p]
        if language == "pxl":
            return renderer.pcl_xl_pages(octets), []
        if language == "ps":
            return looks.count_postscript(self.workshop, octets), looks.by_ghostscript(self.workshop, octets, numbers)
        draw = looks.by_ghostscript if reader == "gs" else looks.by_poppler
        return renderer.count(octets, "pdf"), draw(self.workshop, octets, numbers)

    # ---- the verdict ------------------------------------------------------------------------------------------

    def judge(self, sample, language):
        verdict = Verdict(sample, language)
        try:
            self._judge(sample, language, verdict)
        except Exception as error:  # noqa: BLE001 - one document's verdict; the next is looked at
            verdict.problem = "%s: %s" % (type(error).__name__, error)
        return verdict

    def _judge(self, sample, language, verdict):
        octets, said = self.order(sample, language)
        numbers = chosen(sample.pages)
        pages, pictures = self.seen(octets, language, numbers, sample.reader if language == "pdf" else "poppler")
        verdict.pages = pages
        assert (pages, said) == (sample.pages, sample.pages), "%d pages, and %d said, where %d were due" % (pages, said, sample.pages)
        if language == "pdf":
            self._look_at_pdf(sample, octets, pictures)
        wanted = self.wanted(sample)
        for number, got, due in zip(numbers, pictures, wanted):
            self.compare(verdict, number, got, due if language == "pdf" else looks.on_paper(due))

    def compare(self, verdict, number, got, due, more=USUAL_MORE):
        """more: so many times what the sample allows."""
        may = verdict.sample.tolerance
        figures = difference(got, due)
        verdict.mean, verdict.share, verdict.ink = (max(a, b) for a, b in zip((verdict.mean, verdict.share, verdict.ink), figures))
        verdict.looked_at += 1
        if any(figure > limit * times for figure, limit, times in zip(figures, (may.mean, may.share, may.ink), more)):
            verdict.pictures = (got, due)
            raise AssertionError("page %d differs: mean %.4f, share %.4f, ink %.3f" % (number, *figures))

    def _look_at_pdf(self, sample, octets, pictures):
        for number, picture in zip(chosen(sample.pages), pictures):
            if number <= len(sample.sizes):
                got, due = picture.size, tuple(looks.dots(n) for n in sample.sizes[number - 1])
                assert all(abs(a - b) <= 2 for a, b in zip(got, due)), "page %d of %s dots where %s were due" % (number, got, due)
        if sample.words:
            missing = stand_in(sample.words, words_of(octets))
            assert missing is None, "%r is not read where it was due" % missing
        if sample.colour is not None:
            assert has_colour(pictures) == sample.colour, "colours where none were due" if not sample.colour else "no colours"

    def judge_grey(self, sample, language):
        """Without colours: as many pages, and no dot that has one."""
        verdict = Verdict(sample, language + " grey")
        try:
            octets, said = self.order(sample, language, grey="yes")
            numbers = chosen(sample.pages)
            verdict.pages, pictures = self.seen(octets, language, numbers, sample.reader if language == "pdf" else "poppler")
            assert (verdict.pages, said) == (sample.pages, sample.pages), "%d pages, and %d said, where %d were due" % (verdict.pages, said, sample.pages)
            for number, picture in zip(numbers, pictures):
                bands = picture.split()
                assert bands[0].tobytes() == bands[1].tobytes() == bands[2].tobytes(), "page %d has dots of colour" % number
            for number, got, due in zip(numbers, pictures, self.wanted(sample)):
                self.compare(verdict, number, got, nearest_grey(got, due if language == "pdf" else looks.on_paper(due)), GREY_MORE)
        except Exception as error:  # noqa: BLE001
            verdict.problem = "%s: %s" % (type(error).__name__, error)
        return verdict
