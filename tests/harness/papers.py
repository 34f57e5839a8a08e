# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Documents that look like what people print: a letter, a table, slides, minutes. For pictures; their words are ours."""

import shutil
import subprocess

from .story import skip

STYLE = """
@page { size: %s; margin: %s }
body { font: 11pt/1.5 sans-serif; color: #222; margin: 0 }
h1 { font-size: 20pt; margin: 0 0 12pt } h2 { font-size: 14pt }
section { break-after: page }
table { border-collapse: collapse; width: 100%% } td, th { padding: 4pt 8pt; text-align: end }
td:first-child, th:first-child { text-align: start }
thead { background: #0b5c8a; color: white } tbody tr:nth-child(even) { background: #e6f4fb }
.bar { height: 12pt; background: #e8590c; margin: 3pt 0 } .bar.cool { background: #0b5c8a }
.slide { height: 190mm; padding: 18mm; box-sizing: border-box; color: white; background: linear-gradient(135deg, #0b5c8a, #12b886) }
.slide h1 { font-size: 40pt; line-height: 1.15 } .slide p { font-size: 20pt }
"""


def made(words, size="A4", margin="25mm"):
    if shutil.which("weasyprint") is None:
        skip("there is no weasyprint here")
    page = "<!doctype html><html lang=en><meta charset=utf-8><style>%s</style>%s" % (STYLE % (size, margin), words)
    return subprocess.run(["weasyprint", "-q", "-", "-"], input=page.encode(), capture_output=True, check=True).stdout


def letter():
    return made("""<p style="text-align:end">Harbour Paper Works<br>12 Quay Street</p><p>To our suppliers</p>
        <h2>New delivery times from June</h2><p>Dear partners,</p>
        <p>From the first of June our warehouse takes deliveries between six and eleven in the morning. Lorries that come later are unloaded
        on the next day.</p><p>The gate at the north side stays closed while the yard is paved. Please use the entrance at the canal, and ask
        for the key at the porter's lodge.</p><p>We thank you for many years of good work together, and are at your service for every question.</p>
        <p>Yours sincerely</p><p style="margin-top:20mm">The purchasing department</p>""")


def figures():
    rows = "".join("<tr><td>%s<td>%s<td>%s<td>%s" % row for row in (
        ("Books", "412,300", "437,900", "+6 %"), ("Magazines", "218,000", "203,400", "-7 %"), ("Packaging", "655,200", "731,800", "+12 %"),
        ("Labels", "98,700", "104,100", "+5 %"), ("Calendars", "44,900", "39,600", "-12 %"), ("Services", "120,500", "133,000", "+10 %")))
    bars = "".join('<div class="bar %s" style="width:%d%%"></div>' % ("cool" if n % 2 else "", width) for n, width in enumerate((62, 66, 33, 31, 92, 99, 15, 16)))
    table = "<table><thead><tr><th>Product<th>Last year<th>This year<th>Change<tbody>%s</table>" % rows
    return made("<section><h1>Figures of the second quarter</h1>%s<h2>Compared</h2>%s</section><section><h1>By region</h1>%s</section><h1>Outlook</h1><p>We expect a quiet third quarter.</p>%s"
                % (table, bars, table, bars))


def slides():
    pages = (("Autumn<br>collection", "Four colours, one paper"), ("What is new", "Recycled cover, linen spine"), ("Where we show it", "Leipzig, Bologna, Gothenburg"),
             ("What it costs", "As last year"), ("When", "From the first of September"), ("Questions?", "We are at stand C 14"))
    return made("".join('<section><div class="slide"><h1>%s</h1><p>%s</p></div></section>' % page for page in pages), "A4 landscape", "10mm")


def minutes():
    points = "".join("<h2>%d. %s</h2><p>%s</p>" % (n, head, words) for n, (head, words) in enumerate((
        ("Move to the second floor", "The boxes come on Thursday. Whoever needs a shelf says so by Wednesday noon."),
        ("New coffee machine", "It stays until the end of the month on trial. Opinions are collected on the sheet beside it."),
        ("Summer party", "The garden is booked. Music: still open. Rain: then in the canteen."),
        ("Next meeting", "In two weeks, at the same place.")), 1))
    return made("<h1>Minutes of the team meeting</h1><p>Present: everybody but the plants.</p>%s" % points)
