// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/jpeg.h"

#include "base/cursor.h"

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

/* TIFF inside Exif comes in both byte orders. */
static uint32_t tiff_number(struct text tiff, size_t at, size_t octets, bool little)
{
        uint32_t number = 0;

        if (at > tiff.len || octets > tiff.len - at)
                return 0;
        for (size_t i = 0; i < octets; i++)
                number = number << 8 | (uint8_t)tiff.at[at + (little ? octets - 1 - i : i)];
        return number;
}

/* The first directory's tag 274, a SHORT. */
static uint8_t exif_orientation(struct text body)
{
        struct text tiff;
        uint32_t at, count;
        bool little;

        if (body.len < 14 || !text_starts_with(body, "Exif"))
                return 1;
        tiff = text_from_octets(body.at + 6, body.len - 6);
        little = tiff.at[0] == 'I';
        at = tiff_number(tiff, 4, 4, little);
        count = tiff_number(tiff, at, 2, little);
        for (uint32_t i = 0; i < count && i < 256; i++) {
                size_t entry = (size_t)at + 2 + 12 * (size_t)i;

                if (tiff_number(tiff, entry, 2, little) == 274) {
                        uint32_t value = tiff_number(tiff, entry + 8, 2, little);

                        return value >= 1 && value <= 8 ? (uint8_t)value : 1;
                }
        }
        return 1;
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
                } else if (marker == MARKER_APP1) {
                        if (jpeg.orientation == 1)
                                jpeg.orientation = exif_orientation(body);
                } else if (marker == MARKER_APP14 && text_starts_with(body, "Adobe")) {
                        jpeg.inverted = true;
                }
        }
        return JPEG_DAMAGED;
}
