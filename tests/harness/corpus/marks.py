# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What most documents show, so that a page that is turned, mirrored, moved or cut is told from one that is not."""

from PIL import Image, ImageDraw

RED, GREEN, BLUE = (220, 30, 30), (20, 150, 60), (30, 60, 200)
PROSE = (
    "A page is held until somebody stands before the printer, and then it is printed once.",
    "Whoever has sent it may change his mind about sides, colours and copies until that moment.",
    "What the printer cannot do is said before, and never left out in silence.",
    "Letters are dark, boxes are red, green and blue, and no corner looks like another.",
)


def boxes(width, height):
    """Colour and corners (left, top, right, bottom; from the upper left) of three boxes and a bar of grey."""
    unit = min(width, height) / 12
    return (
        (RED, (unit, unit, 3 * unit, 2 * unit)),
        (BLUE, (unit, height - 3 * unit, 2 * unit, height - unit)),
        (GREEN, (width - 4 * unit, height - 2 * unit, width - unit, height - unit)),
        ((128, 128, 128), (width - 2 * unit, unit, width - unit, 2 * unit)),
    )


def content(width, height, number=1, colour=True, prose=6):
    """Of a page of a PDF; /F1 is a font."""
    out = []
    for (red, green, blue), (left, top, right, bottom) in boxes(width, height):
        if not colour:
            red = green = blue = (red + green + blue) // 3
        out.append("%.3f %.3f %.3f rg %.2f %.2f %.2f %.2f re f" % (
            red / 255, green / 255, blue / 255, left, height - bottom, right - left, bottom - top))
    size = min(width, height) / 24
    if prose:
        out.append("0 g BT /F1 %.2f Tf %.2f %.2f Td (Page %d) Tj ET" % (size * 1.5, size * 2, height - size * 6.5, number))
    for line in range(prose):
        out.append("BT /F1 %.2f Tf %.2f %.2f Td (%s) Tj ET" % (
            size / 2, size * 2, height - size * (8 + line), PROSE[(line + number) % len(PROSE)]))
    return "\n".join(out).encode()


def picture(width=400, height=300, mode="RGB"):
    """The boxes and a shade, in dots."""
    made = Image.new("RGB", (width, height), (255, 255, 255))
    draw = ImageDraw.Draw(made)
    for x in range(width // 4, 3 * width // 4):
        shade = 255 * (x - width // 4) // (width // 2)
        draw.line((x, int(height * 0.4), x, int(height * 0.6)), (shade, shade, shade))
    for colour, (left, top, right, bottom) in boxes(width, height):
        draw.rectangle((int(left), int(top), int(right) - 1, int(bottom) - 1), colour)
    return made.convert(mode)


def black_and_white(width=400, height=300):
    return picture(width, height).convert("L").point(lambda v: 255 if v > 140 else 0).convert("1", dither=Image.Dither.NONE)
