# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What a document of the corpus is, and what is known of it."""

import dataclasses

OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

MEDIA_TYPES = {
    "pdf": "application/pdf", "ps": "application/postscript", "pwg": "image/pwg-raster", "urf": "image/urf",
    "jpeg": "image/jpeg", "png": "image/png", "tiff": "image/tiff", "gif": "image/gif", "webp": "image/webp", "heic": "image/heic",
    "svg": "image/svg+xml", "txt": "text/plain", "md": "text/markdown", "html": "text/html", "csv": "text/csv",
    "rtf": "application/rtf", "doc": "application/msword", "docx": OPEN_XML + "wordprocessingml.document",
    "xls": "application/vnd.ms-excel", "xlsx": OPEN_XML + "spreadsheetml.sheet", "ppt": "application/vnd.ms-powerpoint",
    "pptx": OPEN_XML + "presentationml.presentation", "odt": OPEN_DOCUMENT + "text", "ods": OPEN_DOCUMENT + "spreadsheet",
    "odp": OPEN_DOCUMENT + "presentation", "pcl": "application/vnd.hp-PCL", "pxl": "application/vnd.hp-PCLXL",
}
OFFICE = ("csv", "rtf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp")
# A cell with a program that lays pages out; the service does that once, and works on with the PDF that was made.
LAID_OUT = OFFICE + ("md", "html", "txt", "svg", "heic", "ps")


@dataclasses.dataclass(frozen=True)
class Tolerance:
    """What may differ between two drawings of a page: see judge.py. why: of those that are not the usual one."""

    mean: float = 0.02
    share: float = 0.02
    ink: float = 0.60
    why: str = ""


USUAL = Tolerance()
CMYK = Tolerance(0.05, 0.25, 0.60, "every program has its own colours for inks")
BLENDED = Tolerance(0.04, 0.2, 0.6, "colours that are blended pass through the space of each program")
SMALL_LETTERS = Tolerance(0.05, 0.09, 0.60, "a page full of small letters, which rasters of 100 dots an inch have without smoothing")
TINY_LETTERS = Tolerance(0.02, 0.04, 0.85, "letters that are two or three dots high")
THIN_LINES = Tolerance(0.02, 0.04, 0.60, "lines as thin as a dot lie in one row of dots or the next")


@dataclasses.dataclass
class Sample:
    """make(workshop) are its octets. looks(workshop) are pictures of its pages that no renderer made, or a PDF that
    looks the same; without it, a PDF is its own, and others are held to the PDF that was made of them."""

    name: str
    kind: str
    pages: int
    make: object
    looks: object = None
    sizes: tuple = ()  # in points, of the first pages; of a PDF that is made without naming paper
    colour: object = None  # whether anything has a colour
    words: tuple = ()  # that stand in it, in this order
    tolerance: Tolerance = USUAL
    charset: str = ""
    needs: str = ""  # a program
    reader: str = "poppler"  # of the PDF that is printed; "gs": Poppler knows neither UserUnit nor what is for paper alone
    quick: bool = False  # looked at in every run of the tests

    @property
    def media_type(self):
        return MEDIA_TYPES[self.kind] + ("; charset=" + self.charset if self.charset else "")
