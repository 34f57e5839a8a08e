# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Texts in many encodings, Markdown, HTML and CSV. No other program lays them out in the same way, so their words are
read, and printers' pages are held to the PDF that was made of them."""

import base64

from . import marks
from .pictures import encode, lying
from .samples import SMALL_LETTERS, Sample

WEASYPRINT = "/usr/bin/weasyprint"
GERMAN, POLISH = "Grüße aus Köln, Äpfel für 10 €\n", "Zażółć gęślą jaźń, proszę wydrukować\n"
RUSSIAN = "Пожалуйста, напечатайте этот документ сегодня вечером, спасибо\n"
JAPANESE = "印刷は一度だけ行われます。プリンターの前に立つまで保留されます。\n"
CHINESE = "文件在打印机前被释放之后才会打印，而且只打印一次。请在打印机前刷卡。\n"


def text(name, octets, pages=1, words=(), charset="", needs="", **more):
    return Sample("txt-" + name, "txt", pages, lambda w: octets, words=words, charset=charset, needs=needs, **more)


def texts():
    yield text("ascii", b"Let it be printed, once.\n", words=("Let it be printed, once.",), colour=False, quick=True)
    yield text("one-letter", b"x", words=("x",))
    yield text("white-space", b"\n\n   \n")
    yield text("utf-8", GERMAN.encode(), words=("Grüße", "10 €"), quick=True)
    yield text("utf-8-with-a-mark", b"\xef\xbb\xbf" + GERMAN.encode(), words=("Grüße",))
    for name in ("utf-16-le", "utf-16-be", "utf-32-le"):
        yield text(name, ("\ufeff" + GERMAN).encode(name), words=("Grüße", "Äpfel"))
    yield text("latin-1-as-declared", "Grüße, ¿qué tal?\n".encode("latin-1"), charset="iso-8859-1", words=("Grüße, ¿qué tal?",))
    yield text("latin-9-as-declared", "10 € sind genug\n".encode("iso-8859-15"), charset="iso-8859-15", words=("10 €",))
    yield text("windows-1252-guessed", GERMAN.encode("cp1252"), words=("Grüße", "10 €"))
    yield text("windows-1250-as-declared", POLISH.encode("cp1250"), charset="windows-1250", words=("Zażółć gęślą jaźń",), needs=WEASYPRINT)
    yield text("windows-1251-guessed", (RUSSIAN * 3).encode("cp1251"), words=("напечатайте",), needs=WEASYPRINT)
    yield text("koi8-r-guessed", (RUSSIAN * 3).encode("koi8-r"), words=("напечатайте",), needs=WEASYPRINT, quick=True)
    yield text("shift-jis-guessed", (JAPANESE * 3).encode("shift-jis"), words=("印刷",), needs=WEASYPRINT)
    yield text("gb-18030-guessed", (CHINESE * 3).encode("gb18030"), words=("打印机",), needs=WEASYPRINT)
    yield text("japanese", JAPANESE.encode(), words=("プリンター",), needs=WEASYPRINT)
    yield text("greek", "Παρακαλώ εκτυπώστε αυτό το έγγραφο\n".encode(), words=("εκτυπώστε",), needs=WEASYPRINT)
    yield text("hebrew-and-arabic", "שלום עולם\nمرحبا بالعالم\nthe end\n".encode(), words=("the end",), needs=WEASYPRINT)
    yield text("emoji", "Printed 🎉 once ✓\n".encode(), words=("Printed", "once"), needs=WEASYPRINT)
    yield text("carriage-returns", b"one\r\ntwo\rthree\n", words=("one", "two", "three"))
    yield text("form-feeds", b"one\ftwo\fthree\n", 3, ("one", "two", "three"), quick=True)
    yield text("tabs", b"a\tb\tc\n1\t2\t3\n", words=("a", "b", "c"))
    yield text("long-lines", b"word " * 2000 + b"end\n", 2, ("end",), tolerance=SMALL_LETTERS)
    yield text("thousand-lines", b"".join(b"line %d\n" % n for n in range(1000)), 16, ("line 0", "line 999"))


PICTURE = base64.b64encode(encode(lying()(), "PNG")).decode()


def markdown(name, words_, pages, *expected, **more):
    return Sample("md-" + name, "md", pages, lambda w: words_.encode(), words=expected, needs=WEASYPRINT, **more)


def markdowns():
    yield markdown("usual", "# Title\n\nA *page* is held, then **printed**.\n\n- one\n- two\n\n1. first\n2. second\n", 1, "Title", "printed", "one", "second", quick=True)
    yield markdown("table-and-code", "| a | b |\n|---|---|\n| 1 | 2 |\n\n```c\nint main(void) { return 0; }\n```\n", 1, "a", "int main(void)")
    yield markdown("html-is-shown", "before\n\n<script>alert(1)</script>\n\n<b>bold</b> after\n", 1, "before", "alert(1)", "after")
    yield markdown("other-scripts", "# 印刷\n\nПожалуйста, שלום\n\nend\n", 1, "印刷", "Пожалуйста", "end")
    yield markdown("long", "".join("## Chapter %d\n\n%s\n\n" % (n, " ".join(marks.PROSE) * 3) for n in range(40)), 14, "Chapter 0", "Chapter 39")


def html(name, body, pages, *expected, head="", **more):
    octets = "<!DOCTYPE html><html><head><meta charset=utf-8><title>t</title>%s</head><body>%s</body></html>" % (head, body)
    return Sample("html-" + name, "html", pages, lambda w: octets.encode(), words=expected, needs=WEASYPRINT, **more)


def htmls():
    yield html("usual", "<h1>Title</h1><p>A <em>page</em> is held.<ul><li>one<li>two</ul>", 1, "Title", "page", "two", colour=False, quick=True)
    yield html("colours-and-boxes", "<div style='background:#c33;width:5cm;height:3cm'></div><div style='border:4px solid #36c;border-radius:9px'>in a box</div>", 1,
               "in a box", colour=True)
    yield html("pages", "<p>one<p style='break-before:page'>two<p style='break-before:page'>three", 3, "one", "two", "three")
    yield html("own-paper", "<p>small", 1, "small", head="<style>@page { size: A5 landscape; margin: 1cm }</style>", sizes=((595, 420),))
    yield html("mixed-paper", "<p>upright<p style='page:wide;break-before:page'>wide", 2, "upright", "wide",
               head="<style>@page wide { size: A4 landscape }</style>", sizes=((595, 842), (842, 595)))
    yield html("table", "<table border=1>" + "".join("<tr><td>%d<td>row %d" % (n, n) for n in range(120)) + "</table>", 3, "row 0", "row 119")
    yield html("picture-inside", "<img src='data:image/png;base64,%s' width=300><p>below" % PICTURE, 1, "below", colour=True)
    yield html("other-scripts", "<p dir=rtl>مرحبا بالعالم<p dir=rtl>שלום<p lang=ja>印刷<p lang=zh>打印机<p>end", 1, "印刷", "打印机", "end")
    yield html("for-paper-alone", "<p class=s>on the screen<p class=p>on paper", 1, "on paper", head="<style>@media print{.s{display:none}}@media screen{.p{display:none}}</style>")
    yield html("nothing-is-fetched", "<link rel=stylesheet href='http://127.0.0.1:1/a.css'><img src='http://127.0.0.1:1/a.png' alt='a picture'><script>document.body=''</script>stays", 1,
               "stays", colour=False)
    svg_ = "<svg width=200 height=100><rect width=200 height=100 fill='#393'/></svg>"
    yield html("drawing-inside", svg_ + "<p>below", 1, "below", colour=True)


def csv(name, octets, pages, *expected, **more):
    return Sample("csv-" + name, "csv", pages, lambda w: octets, words=expected, needs="soffice", **more)


def csvs():
    yield csv("commas", b"name,pages\nAda,3\nGrace,5\n", 1, "name", "Ada", "Grace", quick=True)
    yield csv("semicolons", "Name;Preis\nÄpfel;1,50\nBirnen;2,25\n".encode(), 1, "Äpfel", "1,50")
    yield csv("tabs", b"a\tb\n1\t2\n", 1, "a", "1")
    yield csv("quoted", b'name,said\nAda,"held, then ""printed"""\n', 1, 'held, then "printed"')
    yield csv("windows-1252", "Stadt,Gruß\nKöln,Grüße\nMünchen,Servus\n".encode("cp1252"), 1, "Köln")
    yield csv("many-rows", b"n,square\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(400)), 8, "399")
    yield csv("wide", b",".join(b"column %d" % n for n in range(30)) + b"\n" + b",".join(b"%d" % n for n in range(30)) + b"\n", 4, "column 29")


def samples():
    for family in (texts, markdowns, htmls, csvs):
        yield from family()
