// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/jpeg.h"

#include "base/cursor.h"
#include "render/exif.h"

#define SEGMENTS_MAX 4096

enum marker {
        MARKER_SOF0 = 0xc0,
        MARKER_SOF1 = 0xc1,
        MARKER_SOF2 = 0xc2,
        MARKER_DHT = 0xc4,
        MARKER_JPG = 0xc8,
        MARKER_DAC = 0xcc,
        MARKER_SOF15 = 0xcf,
        MARKER_SOI = 0xd8,
        MARKER_EOI = 0xd9,
        MARKER_SOS = 0xda,
        MARKER_APP0 = 0xe0,
        MARKER_APP1 = 0xe1,
        MARKER_APP14 = 0xee,
};

static bool is_frame(uint8_t marker)
{
        return marker >= MARKER_SOF0 && marker <= MARKER_SOF15 && marker != MARKER_DHT &&
               marker != MARKER_JPG && marker != MARKER_DAC;
}

static int frame_parse(uint8_t marker, struct text body, struct jpeg *jpeg)
{
        struct cursor c = cursor_from(body);
        uint8_t precision = cursor_u8(&c);

        jpeg->height = cursor_u16(&c);
        jpeg->width = cursor_u16(&c);
        jpeg->components = cursor_u8(&c);
        if (!cursor_is_good(&c) || jpeg->width == 0)
                return JPEG_DAMAGED;
        if (marker > MARKER_SOF2 || precision != 8 || jpeg->height == 0)
                return JPEG_UNSUPPORTED;
        if (jpeg->components != 1 && jpeg->components != 3 && jpeg->components != 4)
                return JPEG_UNSUPPORTED;
        return 0;
}

static uint8_t orientation_of(struct text body)
{
        if (body.len < 6 || !text_starts_with(body, "Exif"))
                return 1;
        return exif_orientation(text_from_octets(body.at + 6, body.len - 6));
}

/* JFIF 1.02: "JFIF" NUL, version, unit (0: only a relation, 1: inch, 2: centimetre), density in x and y. */
static void density_parse(struct text body, struct jpeg *jpeg)
{
        struct cursor c = cursor_from(body);
        double unit;

        cursor_text(&c, 7);
        unit = (double[]){ 0, 1, 2.54 }[cursor_u8(&c) % 3];
        jpeg->dpi_x = cursor_u16(&c) * unit;
        jpeg->dpi_y = cursor_u16(&c) * unit;
}

/* SOI, then segments: FF marker length body. Octets FF may fill the gap before a marker. */
int jpeg_parse(struct text octets, struct jpeg *ret)
{
        struct cursor c = cursor_from(octets);
        struct jpeg jpeg = { .orientation = 1 };
        int r;

        if (cursor_u16(&c) != 0xff00 + MARKER_SOI)
                return JPEG_DAMAGED;
        for (int i = 0; i < SEGMENTS_MAX; i++) {
                struct text body;
                uint8_t marker;
                uint16_t len;

                if (cursor_u8(&c) != 0xff)
                        return JPEG_DAMAGED;
                do
                        marker = cursor_u8(&c);
                while (marker == 0xff);
                if (marker == MARKER_SOS && jpeg.components) {
                        *ret = jpeg;
                        return 0;
                }
                if (marker == 0 || marker == MARKER_EOI || marker == MARKER_SOS)
                        return JPEG_DAMAGED;
                len = cursor_u16(&c);
                body = cursor_text(&c, len >= 2 ? len - 2u : 0u);
                if (!cursor_is_good(&c) || len < 2)
                        return JPEG_DAMAGED;
                if (is_frame(marker)) {
                        r = frame_parse(marker, body, &jpeg);
                        if (r)
                                return r;
                } else if (marker == MARKER_APP0 && text_starts_with(body, "JFIF")) {
                        density_parse(body, &jpeg);
                } else if (marker == MARKER_APP1) {
                        if (jpeg.orientation == 1)
                                jpeg.orientation = orientation_of(body);
                } else if (marker == MARKER_APP14 && text_starts_with(body, "Adobe")) {
                        jpeg.inverted = true;
                }
        }
        return JPEG_DAMAGED;
}
