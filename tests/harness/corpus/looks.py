# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Pages as pictures: drawn by programs that are not the renderer's, laid on paper by the rules of docs/documents.md.

A look is a picture of DPI dots an inch in RGB; its size is the page's.
"""

import io
import os
import subprocess

from PIL import Image, ImageOps

DPI = 100
A4 = (595.28, 841.89)
SAME = 1.5  # points; sizes that differ less are meant to be the same
MARGIN = 18


def dots(points):
    return max(1, round(points * DPI / 72))


def by_mupdf(workshop, pdf, numbers):
    """numbers: of pages, from 1."""
    folder = workshop.place()
    source = os.path.join(folder, "in.pdf")
    with open(source, "wb") as file:
        file.write(pdf)
    words = ["mutool", "draw", "-q", "-r", str(DPI), "-c", "rgb", "-F", "ppm", "-o", os.path.join(folder, "%d.ppm"), source]
    done = subprocess.run([*words, ",".join(map(str, numbers))], capture_output=True, timeout=200, check=False)
    out = []
    for number in numbers:
        path = os.path.join(folder, "%d.ppm" % number)
        assert os.path.exists(path), "MuPDF drew no page %d: %s" % (number, done.stderr.decode(errors="replace")[-300:])
        with Image.open(path) as image:
            out.append(image.convert("RGB"))
        os.unlink(path)
    return out


def by_poppler(workshop, pdf, numbers):
    folder = workshop.place()
    source = os.path.join(folder, "in.pdf")
    with open(source, "wb") as file:
        file.write(pdf)
    out = []
    for number in numbers:
        words = ["pdftoppm", "-cropbox", "-r", str(DPI), "-f", str(number), "-l", str(number), source]
        done = subprocess.run(words, capture_output=True, timeout=200, check=False)
        assert done.stdout, "Poppler drew no page %d: %s" % (number, done.stderr.decode(errors="replace")[-300:])
        out.append(Image.open(io.BytesIO(done.stdout)).convert("RGB"))
    return out


def count_postscript(workshop, octets):
    """Pages that a PostScript printer would put out."""
    path = os.path.join(workshop.place(), "in.ps")
    with open(path, "wb") as file:
        file.write(octets)
    words = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=bbox", "-r36", path]
    done = subprocess.run(words, capture_output=True, check=True, timeout=200)
    return (done.stdout + done.stderr).count(b"%%BoundingBox")


def by_ghostscript(workshop, pdf, numbers):
    """A PDF, or a PostScript program."""
    words = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=png16m", "-r%d" % DPI, "-dTextAlphaBits=4", "-dGraphicsAlphaBits=4",
             "-dUseCropBox", "-sPageList=" + ",".join(map(str, numbers))]
    folder = workshop.place()
    words += ["-sOutputFile=" + os.path.join(folder, "%d.png"), os.path.join(folder, "in.pdf")]
    with open(words[-1], "wb") as file:
        file.write(pdf)
    subprocess.run(words, check=True, timeout=200, stdout=subprocess.DEVNULL)
    out = []
    for number in range(1, len(numbers) + 1):
        with Image.open(os.path.join(folder, "%d.png" % number)) as image:
            out.append(image.convert("RGB"))
    return out


def flat(picture):
    """What is transparent is white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, over).convert("RGB")
    return picture.convert("RGB")


def of_picture(picture, dpi=None, paper=A4):
    """A picture on a page: in the middle, its own size where that is about the paper's, else as large as fits within
    the margins, but never below 72 dots an inch."""
    picture = flat(picture)
    tall = picture.height * (dpi[0] / dpi[1] if dpi else 1)
    if (picture.width > tall) != (paper[0] > paper[1]):
        paper = paper[::-1]
    scale = min((paper[0] - 2 * MARGIN) / picture.width, (paper[1] - 2 * MARGIN) / tall, 1)
    size = (picture.width * scale, tall * scale)
    if dpi:
        own = (picture.width * 72 / dpi[0], picture.height * 72 / dpi[1])
        if all(0.8 <= o / p <= 1.03 for o, p in zip(own, paper)):
            size = own
    page = Image.new("RGB", (dots(paper[0]), dots(paper[1])), (255, 255, 255))
    small = picture.resize((dots(size[0]), dots(size[1])), Image.Resampling.BOX if size[0] * DPI / 72 < picture.width else Image.Resampling.BILINEAR)
    page.paste(small, ((page.width - small.width) // 2, (page.height - small.height) // 2))
    return page


def on_paper(page, paper=A4):
    """print-scaling auto: as it is where it fits, made smaller where not; a page that lies and does not fit is turned
    against the clock."""
    width, height = (n * 72 / DPI for n in page.size)
    if not (width <= paper[0] + SAME and height <= paper[1] + SAME) and width > height:
        page = page.transpose(Image.Transpose.ROTATE_90)
        width, height = height, width
    if not (width <= paper[0] + SAME and height <= paper[1] + SAME):
        scale = min(paper[0] / width, paper[1] / height)
        page = page.resize((dots(width * scale), dots(height * scale)), Image.Resampling.BOX)
    sheet = Image.new("RGB", (dots(paper[0]), dots(paper[1])), (255, 255, 255))
    sheet.paste(page, ((sheet.width - page.width) // 2, (sheet.height - page.height) // 2))
    return sheet


def turned(picture, orientation):
    """As the camera says."""
    exif = picture.getexif()
    exif[0x0112] = orientation
    return ImageOps.exif_transpose(picture)
