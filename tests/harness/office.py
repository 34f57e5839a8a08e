# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Documents of office programs, as small as their readers let them be."""

import io
import os
import zipfile
from xml.sax.saxutils import escape

SOFFICE = "/usr/lib/libreoffice/program/soffice.bin"
PARTS = {"w": "libswlo.so", "c": "libsclo.so", "i": "libsdlo.so"}

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
SCHEMAS = "http://schemas.openxmlformats.org/"
OFFICE_RELATIONS = SCHEMAS + "officeDocument/2006/relationships"
PACKAGE_RELATIONS = SCHEMAS + "package/2006/relationships"
W = 'xmlns:w="%swordprocessingml/2006/main"' % SCHEMAS
X = 'xmlns="%sspreadsheetml/2006/main"' % SCHEMAS
P = 'xmlns:p="%spresentationml/2006/main" xmlns:a="%sdrawingml/2006/main"' % (SCHEMAS, SCHEMAS)
R = 'xmlns:r="%s"' % OFFICE_RELATIONS
ODF = " ".join(
    'xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % (short, long)
    for short, long in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("presentation", "presentation"), ("script", "script"),
    )
) + (
    ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def is_there():
    return all(os.path.exists(os.path.join(os.path.dirname(SOFFICE), part)) for part in PARTS.values())


def archive(parts, stored=()):
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" or name in stored else zipfile.ZIP_DEFLATED
            file.writestr(name, part, compress_type=kind)
    return octets.getvalue()


def relations(*rows):
    """Each row: id, the end of its type, the target, and whether that is outside."""
    return XML + '<Relationships xmlns="%s">%s</Relationships>' % (
        PACKAGE_RELATIONS,
        "".join(
            '<Relationship Id="%s" Type="%s/%s" Target="%s"%s/>'
            % (name, OFFICE_RELATIONS, kind, escape(target), ' TargetMode="External"' if outside else "")
            for name, kind, target, outside in rows
        ),
    )


def open_xml(main, content_type, parts):
    types = {main: content_type}
    types.update({name: kind for name, (kind, part) in parts.items() if kind})
    overrides = "".join(
        '<Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.%s+xml"/>' % row
        for row in types.items()
    )
    package = {
        "[Content_Types].xml": XML + '<Types xmlns="%spackage/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>%s</Types>' % (SCHEMAS, overrides),
        "_rels/.rels": relations(("r1", "officeDocument", main, False)),
    }
    package.update({name: part for name, (kind, part) in parts.items()})
    return archive(package)


def docx(*pages, body="", links=()):
    """A page each, then what body says; links: rows of relations()."""
    new_page = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    text = new_page.join("<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % escape(page) for page in pages)
    document = XML + "<w:document %s %s><w:body>%s%s</w:body></w:document>" % (W, R, text, body)
    return open_xml(
        "word/document.xml", "wordprocessingml.document.main",
        {"word/document.xml": (None, document), "word/_rels/document.xml.rels": (None, relations(*links))},
    )


def xlsx(*cells):
    """A row each: a text, or a formula that begins with "="."""
    rows = "".join(
        '<row r="%d"><c r="A%d" %s</c></row>'
        % (
            n, n,
            "><f>%s</f>" % escape(cell[1:]) if cell.startswith("=") else 't="inlineStr"><is><t>%s</t></is>' % escape(cell),
        )
        for n, cell in enumerate(cells, 1)
    )
    sheet = XML + "<worksheet %s><sheetData>%s</sheetData></worksheet>" % (X, rows)
    book = XML + '<workbook %s %s><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>' % (X, R)
    return open_xml(
        "xl/workbook.xml", "spreadsheetml.sheet.main",
        {
            "xl/workbook.xml": (None, book),
            "xl/_rels/workbook.xml.rels": (None, relations(("r1", "worksheet", "worksheets/sheet1.xml", False))),
            "xl/worksheets/sheet1.xml": ("spreadsheetml.worksheet", sheet),
        },
    )


def pptx(*slides):
    names = ["slides/slide%d.xml" % n for n in range(1, len(slides) + 1)]
    shape = (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="T"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="914400" y="914400"/>'
        '<a:ext cx="7315200" cy="914400"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        "<p:txBody><a:bodyPr/><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    group = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    ids = "".join('<p:sldId id="%d" r:id="r%d"/>' % (256 + n, n) for n in range(len(slides)))
    show = XML + '<p:presentation %s %s><p:sldIdLst>%s</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>' % (P, R, ids)
    parts = {
        "ppt/presentation.xml": (None, show),
        "ppt/_rels/presentation.xml.rels": (None, relations(*(("r%d" % n, "slide", name, False) for n, name in enumerate(names)))),
    }
    for name, text in zip(names, slides):
        tree = "<p:cSld><p:spTree>%s%s</p:spTree></p:cSld>" % (group, shape % escape(text))
        parts["ppt/" + name] = ("presentationml.slide", XML + "<p:sld %s %s>%s</p:sld>" % (P, R, tree))
    return open_xml("ppt/presentation.xml", "presentationml.presentation.main", parts)


def open_document(kind, body, more=None, styles="", scripts="", stored=()):
    media_type = "application/vnd.oasis.opendocument." + kind
    names = ["content.xml"] + list(more or {})
    files = "".join('<manifest:file-entry manifest:full-path="%s" manifest:media-type="text/xml"/>' % name for name in names)
    parts = {
        "mimetype": media_type,
        "content.xml": body if isinstance(body, bytes) else XML + '<office:document-content %s office:version="1.2">%s'
        "<office:automatic-styles>%s</office:automatic-styles><office:body>%s</office:body></office:document-content>"
        % (ODF, scripts, styles, body),
        "META-INF/manifest.xml": XML + '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        ' manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="%s"/>%s</manifest:manifest>'
        % (media_type, files),
    }
    parts.update(more or {})
    return archive(parts, stored)


def odt(*pages, body="", **others):
    style = '<style:style style:name="new" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style>'
    text = "".join(
        "<text:p%s>%s</text:p>" % (' text:style-name="new"' if n else "", escape(page)) for n, page in enumerate(pages)
    )
    return open_document("text", "<office:text>%s%s</office:text>" % (text, body), styles=style, **others)


def ods(*cells):
    rows = "".join(
        '<table:table-row><table:table-cell %s</table:table-cell></table:table-row>'
        % (
            'table:formula="of:%s">' % escape(cell, {'"': "&quot;"}) if cell.startswith("=")
            else 'office:value-type="string"><text:p>%s</text:p>' % escape(cell)
        )
        for cell in cells
    )
    return open_document("spreadsheet", '<office:spreadsheet><table:table table:name="One">%s</table:table></office:spreadsheet>' % rows)


def odp(*slides):
    frame = '<draw:frame svg:x="2cm" svg:y="2cm" svg:width="15cm" svg:height="3cm"><draw:text-box><text:p>%s</text:p></draw:text-box></draw:frame>'
    pages = "".join('<draw:page draw:name="p%d">%s</draw:page>' % (n, frame % escape(slide)) for n, slide in enumerate(slides))
    return open_document("presentation", "<office:presentation>%s</office:presentation>" % pages)


def rtf(*pages):
    return ("{\\rtf1\\ansi " + "\\page ".join("%s\\par " % page for page in pages) + "}").encode()


def compound(stream):
    """A compound file whose only stream has that name: enough to tell what it would be."""
    name = stream.encode("utf-16-le")
    entry = name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little") + b"\2\1" + bytes(60)
    return bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + entry.ljust(512, b"\0")
