// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/exif.h"

#define TAG_ORIENTATION 274 /* a SHORT */
#define ENTRIES_MAX     256

/* TIFF comes in both byte orders. */
static uint32_t tiff_number(struct text tiff, size_t at, size_t octets, bool little)
{
        uint32_t number = 0;

        if (at > tiff.len || octets > tiff.len - at)
                return 0;
        for (size_t i = 0; i < octets; i++)
                number = number << 8 | (uint8_t)tiff.at[at + (little ? octets - 1 - i : i)];
        return number;
}

uint8_t exif_orientation(struct text tiff)
{
        uint32_t at, count;
        bool little;

        if (tiff.len < 8)
                return 1;
        little = tiff.at[0] == 'I';
        at = tiff_number(tiff, 4, 4, little);
        count = tiff_number(tiff, at, 2, little);
        for (uint32_t i = 0; i < count && i < ENTRIES_MAX; i++) {
                size_t entry = (size_t)at + 2 + 12 * (size_t)i;

                if (tiff_number(tiff, entry, 2, little) == TAG_ORIENTATION) {
                        uint32_t value = tiff_number(tiff, entry + 8, 2, little);

                        return value >= 1 && value <= 8 ? (uint8_t)value : 1;
                }
        }
        return 1;
}
