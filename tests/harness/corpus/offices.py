# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Documents of office programs, written by hand, and in the formats of old programs as LibreOffice writes them. What
they look like is what LibreOffice draws outside of any cell."""

import base64
import io
import zipfile
from xml.sax.saxutils import escape

from harness import office

from . import marks
from .pictures import encode
from .samples import SMALL_LETTERS, THIN_LINES, TINY_LETTERS, Sample

SOFFICE = office.SOFFICE
W_PAGE = '<w:sectPr><w:pgSz w:w="%d" w:h="%d"%s/><w:pgMar w:top="1134" w:bottom="1134" w:left="1134" w:right="1134" w:header="500" w:footer="500" w:gutter="0"/></w:sectPr>'
UPRIGHT, WIDE = W_PAGE % (11906, 16838, ""), W_PAGE % (16838, 11906, ' w:orient="landscape"')
SHAPE = '<w:shd w:val="clear" w:fill="%s"/>'


def of(kind, name, make, pages=1, words=(), **more):
    """make(): its octets."""
    def look(w):
        return w.soffice(octets(w), kind, "pdf")

    def octets(w):
        return w.keep(("made", kind, name), lambda: make(w))
    return Sample("%s-%s" % (kind, name), kind, pages, octets, looks=look, words=tuple(words), needs=SOFFICE, **more)


def old(kind, name, origin, make, pages=1, words=(), **more):
    return of(kind, name, lambda w: w.soffice(make(), origin, kind), pages, words, **more)


def paragraph(text, more="", run=""):
    return "<w:p>%s<w:r>%s<w:t>%s</w:t></w:r></w:p>" % ("<w:pPr>%s</w:pPr>" % more if more else "", "<w:rPr>%s</w:rPr>" % run if run else "", escape(text))


def table(rows, columns):
    cell = '<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>%s</w:tcPr>%s</w:tc>'
    return ('<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>%s</w:tblBorders></w:tblPr><w:tblGrid>%s</w:tblGrid>%s</w:tbl>' % (
        "".join('<w:%s w:val="single" w:sz="8" w:color="1E3CC8"/>' % side for side in ("top", "left", "bottom", "right", "insideH", "insideV")),
        '<w:gridCol w:w="2000"/>' * columns,
        "".join("<w:tr>%s</w:tr>" % "".join(cell % (SHAPE % "DC1E1E" if (r + c) % 3 == 0 else "", paragraph("%d.%d" % (r, c))) for c in range(columns)) for r in range(rows))))


def word(name, pages=(), body="", count=1, words=(), **more):
    return of("docx", name, lambda w: office.docx(*pages, body=body), count, words, **more)


TURNED = paragraph("upright") + "<w:p><w:pPr>%s</w:pPr></w:p>" % UPRIGHT + paragraph("wide") + WIDE
COLOURED = paragraph("red letters", run='<w:color w:val="DC1E1E"/><w:sz w:val="60"/>') + paragraph("and a bar", more=SHAPE % "1E3CC8") + UPRIGHT
LONG = "".join(paragraph("%d. %s" % (n, " ".join(marks.PROSE))) for n in range(300))
SCRIPTS = (paragraph("مرحبا بالعالم", more="<w:bidi/>", run="<w:rtl/>") + paragraph("שלום עולם", more="<w:bidi/>", run="<w:rtl/>") + paragraph("印刷は一度だけ") + paragraph("end"))


def wordy():
    yield word("usual", ("Apfel", "Birne", "Zimt"), count=3, words=("Apfel", "Birne", "Zimt"), colour=False, quick=True)
    yield word("turned-section", body=TURNED, count=2, words=("upright", "wide"), sizes=((595, 842), (842, 595)))
    yield word("coloured", body=COLOURED, words=("red letters",), colour=True)
    yield word("table", body=table(12, 4) + paragraph("below") + UPRIGHT, words=("0.0", "below"), colour=True, tolerance=THIN_LINES)
    yield word("other-scripts", body=SCRIPTS, words=("end",))
    yield word("fonts-nobody-has", body=paragraph("letters of nobody", run='<w:rFonts w:ascii="Wherever" w:hAnsi="Wherever"/>') + UPRIGHT, words=("letters of nobody",))
    yield word("a5", body=paragraph("small paper") + W_PAGE % (8391, 11906, ""), words=("small paper",), sizes=((420, 595),))
    yield word("long", body=LONG + UPRIGHT, count=22, words=("0. A page", "299. A page"), tolerance=SMALL_LETTERS)
    yield word("columns", body="".join(paragraph("%d. %s" % (n, marks.PROSE[0])) for n in range(80)) + UPRIGHT.replace(
        "</w:sectPr>", '<w:cols w:num="2" w:space="720"/></w:sectPr>'), count=3, words=("0. A page",), tolerance=SMALL_LETTERS)
    yield word("empty", ("",), count=1)
    yield old("doc", "usual", "docx", lambda: office.docx("Apfel", "Birne"), 2, ("Apfel", "Birne"), quick=True)
    yield old("doc", "turned-section", "docx", lambda: office.docx(body=TURNED), 2, ("upright", "wide"), sizes=((595, 842), (842, 595)))
    yield old("doc", "table", "docx", lambda: office.docx(body=table(12, 4) + paragraph("below") + UPRIGHT), 1, ("below",), colour=True, tolerance=THIN_LINES)
    yield of("odt", "usual", lambda w: office.odt("Apfel", "Birne"), 2, ("Apfel", "Birne"), quick=True)
    yield old("odt", "turned-section", "docx", lambda: office.docx(body=TURNED), 2, ("upright", "wide"), sizes=((595, 842), (842, 595)))
    yield old("odt", "other-scripts", "docx", lambda: office.docx(body=SCRIPTS), 1, ("end",))
    yield old("odt", "long", "docx", lambda: office.docx(body=LONG + UPRIGHT), 22, ("299. A page",), tolerance=SMALL_LETTERS)
    yield of("odt", "picture-inside", lambda w: office.odt("above", body=PICTURE), 1, ("above",), colour=True)
    yield of("rtf", "usual", lambda w: office.rtf("Apfel", "Birne"), 2, ("Apfel", "Birne"), quick=True)
    yield of("rtf", "coloured", lambda w: b"{\\rtf1\\ansi{\\colortbl;\\red220\\green30\\blue30;}\\fs60\\cf1 red letters\\par}", 1, ("red letters",), colour=True)
    yield of("rtf", "letters-by-number", lambda w: b"{\\rtf1\\ansi\\ansicpg1252 Gr\\'fc\\'dfe \\u8364? end\\par}", 1, ("Grüße €", "end"))
    yield of("rtf", "turned", lambda w: b"{\\rtf1\\ansi\\paperw16838\\paperh11906\\landscape wide\\par}", 1, ("wide",), sizes=((842, 595),))


PICTURE = ('<text:p>seen<draw:frame svg:width="10cm" svg:height="7.5cm"><draw:image><office:binary-data>%s</office:binary-data></draw:image></draw:frame></text:p>'
           % base64.b64encode(encode(marks.picture(), "PNG")).decode())


def sheets(*parts, show=None):
    """An xlsx of several sheets: rows of rows of cells, and what stands behind them."""
    names = ["xl/worksheets/sheet%d.xml" % n for n in range(1, len(parts) + 1)]
    book = "".join('<sheet name="S%d" sheetId="%d" r:id="r%d"%s/>' % (n, n, n, ' state="hidden"' if show and not show[n - 1] else "") for n in range(1, len(parts) + 1))
    files = {
        "xl/workbook.xml": (None, office.XML + "<workbook %s %s><sheets>%s</sheets></workbook>" % (office.X, office.R, book)),
        "xl/_rels/workbook.xml.rels": (None, office.relations(*(("r%d" % n, "worksheet", name[3:], False) for n, name in enumerate(names, 1)))),
    }
    for name, (rows, before, behind) in zip(names, parts):
        lines = "".join('<row r="%d">%s</row>' % (r, "".join(cell(r, c, value) for c, value in enumerate(row))) for r, row in enumerate(rows, 1))
        files[name] = ("spreadsheetml.worksheet", office.XML + "<worksheet %s>%s<sheetData>%s</sheetData>%s</worksheet>" % (office.X, before, lines, behind))
    return office.open_xml("xl/workbook.xml", "spreadsheetml.sheet.main", files)


def cell(row, column, value):
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    if isinstance(value, (int, float)):
        return '<c r="%s%d"><v>%s</v></c>' % (letters, row, value)
    if value.startswith("="):
        return '<c r="%s%d"><f>%s</f></c>' % (letters, row, escape(value[1:]))
    return '<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>' % (letters, row, escape(value))


def grid(rows, columns):
    return [["%d/%d" % (r, c) if c % 2 else r * c for c in range(columns)] for r in range(rows)]


ON_ONE = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
LYING = '<pageSetup paperSize="9" orientation="landscape"/>'
FITTED = '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'


def tables():
    # A sheet is cut into columns of pages, and each into pages.
    yield of("xlsx", "usual", lambda w: office.xlsx("Apfel", "=6*7"), 1, ("Apfel", "42"), quick=True)
    yield of("xlsx", "three-sheets", lambda w: sheets(*(([["sheet %d" % n]], "", "") for n in (1, 2, 3))), 3, ("sheet 1", "sheet 2", "sheet 3"))
    yield of("xlsx", "hidden-sheet", lambda w: sheets(*(([["sheet %d" % n]], "", "") for n in (1, 2, 3)), show=(True, False, True)), 2, ("sheet 1", "sheet 3"))
    yield of("xlsx", "wide", lambda w: sheets((grid(20, 40), "", "")), 4, ("19/1",))
    yield of("xlsx", "wide-on-one-page", lambda w: sheets((grid(20, 40), ON_ONE, FITTED)), 1, ("19/39",), sizes=((842, 595),), tolerance=TINY_LETTERS)
    yield of("xlsx", "lying", lambda w: sheets((grid(10, 6), "", LYING)), 1, ("9/5",), sizes=((842, 595),))
    yield of("xlsx", "long", lambda w: sheets((grid(600, 4), "", "")), 12, ("599/3",))
    yield of("xlsx", "formulas", lambda w: sheets(([[3, 4, "=A1*B1", "=SUM(A1:C1)"]], "", "")), 1, ("12", "19"))
    yield old("xls", "usual", "xlsx", lambda: office.xlsx("Apfel", "=6*7"), 1, ("Apfel", "42"), quick=True)
    yield old("xls", "hidden-sheet", "xlsx", lambda: sheets(*(([["sheet %d" % n]], "", "") for n in (1, 2, 3)), show=(True, False, True)), 2, ("sheet 1", "sheet 3"))
    yield old("xls", "wide", "xlsx", lambda: sheets((grid(20, 40), "", "")), 4, ("19/1",))
    yield of("ods", "usual", lambda w: office.ods("Apfel", "=[.A1]&\"mus\""), 1, ("Apfelmus",), quick=True)
    yield old("ods", "three-sheets", "xlsx", lambda: sheets(*(([["sheet %d" % n]], "", "") for n in (1, 2, 3))), 3, ("sheet 3",))
    yield old("ods", "lying", "xlsx", lambda: sheets((grid(10, 6), "", LYING)), 1, ("9/5",), sizes=((842, 595),))


def hide(show, number):
    """The same presentation, with a slide that is not shown."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(show)) as file:
        for name in file.namelist():
            octets = file.read(name)
            parts[name] = octets.replace(b"<p:sld ", b'<p:sld show="0" ', 1) if name == "ppt/slides/slide%d.xml" % number else octets
    return office.archive(parts)


def sized(show, width, height):
    with zipfile.ZipFile(io.BytesIO(show)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    old_size, name = b'<p:sldSz cx="9144000" cy="6858000"/>', "ppt/presentation.xml"
    assert old_size in parts[name]
    parts[name] = parts[name].replace(old_size, b'<p:sldSz cx="%d" cy="%d"/>' % (width, height))
    return office.archive(parts)


def slides():
    yield of("pptx", "usual", lambda w: office.pptx("Apfel", "Birne"), 2, ("Apfel", "Birne"), sizes=((720, 540),), quick=True)
    yield of("pptx", "wide-screen", lambda w: sized(office.pptx("wide"), 12192000, 6858000), 1, ("wide",), sizes=((960, 540),))
    yield of("pptx", "upright", lambda w: sized(office.pptx("upright"), 6858000, 9144000), 1, ("upright",), sizes=((540, 720),))
    yield of("pptx", "hidden-slide", lambda w: hide(office.pptx("one", "two", "three"), 2), 2, ("one", "three"))
    yield of("pptx", "forty-slides", lambda w: office.pptx(*("slide %d" % n for n in range(1, 41))), 40, ("slide 1", "slide 40"))
    yield old("ppt", "usual", "pptx", lambda: office.pptx("Apfel", "Birne"), 2, ("Apfel", "Birne"), sizes=((720, 540),), quick=True)
    yield old("ppt", "hidden-slide", "pptx", lambda: hide(office.pptx("one", "two", "three"), 2), 2, ("one", "three"))
    yield of("odp", "usual", lambda w: office.odp("Apfel", "Birne"), 2, ("Apfel", "Birne"), quick=True)
    yield old("odp", "wide-screen", "pptx", lambda: sized(office.pptx("wide"), 12192000, 6858000), 1, ("wide",), sizes=((960, 540),))
    yield old("odp", "hidden-slide", "pptx", lambda: hide(office.pptx("one", "two", "three"), 2), 2, ("one", "three"))


def samples():
    for family in (wordy, tables, slides):
        yield from family()
