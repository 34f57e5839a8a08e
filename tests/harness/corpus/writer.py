# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""PDF written object by object."""

import zlib

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


class Book:
    """pages.append() by page(); what a test wants otherwise, it says in attributes or adds as objects."""

    def __init__(self, version="1.4", font=HELVETICA):
        self.head = b"%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n" % version.encode()
        self.objects = [None, None]  # the catalog and the tree of pages
        self.kids = []
        self.catalog = b""
        self.tree = b""
        self.font = self.add(font) if font else 0

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def stream(self, octets, words=b"", packed=False):
        if packed:
            octets, words = zlib.compress(octets, 9), words + b" /Filter /FlateDecode"
        return self.add(b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(octets), words, octets))

    def page(self, content, size=(595, 842), attributes=b"", resources=b"", box=True):
        """content: octets, or the number of a stream; None: a page without any."""
        if isinstance(content, bytes):
            content = self.stream(content)
        words = b"/Type /Page /Parent 2 0 R"
        if content is not None:
            words += b" /Contents %d 0 R" % content
        if box:
            words += b" /MediaBox [0 0 %g %g]" % tuple(size)
        fonts = b"/Font << /F1 %d 0 R >>" % self.font if self.font and b"/Font" not in resources else b""
        words += b" /Resources << %s %s >> %s" % (fonts, resources, attributes)
        self.kids.append(self.add(b"<< %s >>" % words))
        return self.kids[-1]

    def image(self, octets, width, height, words, packed=True):
        head = b"/Type /XObject /Subtype /Image /Width %d /Height %d " % (width, height)
        return self.stream(octets, head + words, packed)

    def finish(self, start=None, kids=None, count=None):
        """start: where the table is said to be, if not where it is; kids: of the tree, if not the pages themselves."""
        kids = b" ".join(b"%d 0 R" % kid for kid in kids or self.kids)
        self.objects[0] = b"<< /Type /Catalog /Pages 2 0 R %s >>" % self.catalog
        self.objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d %s >>" % (kids, count or len(self.kids), self.tree)
        out, offsets = bytearray(self.head), []
        for number, body in enumerate(self.objects, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, table if start is None else start)
        return bytes(out)
