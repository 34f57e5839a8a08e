// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A picture on a page: its dots go into the PDF line by line, as they come out of a reader, and never all of
 * them are in memory for the PDF's sake. It is placed in the middle of the medium, upright by what its camera
 * said, as large as fits; in its own size where that is about the medium's, as scanned pages have it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "conversion/order.h"
#include "render/pdf.h"

#define PICTURE_SIDE_MAX   65535
#define PICTURE_PIXELS_MAX (UINT64_C(1) << 28)

struct picture {
        uint32_t width, height; /* in dots, as stored */
        uint8_t channels;       /* 1 grey, 3 red, green and blue */
        uint8_t bits;           /* of a channel: 8, or 1 for black and white */
        bool zero_is_white;
        uint8_t orientation; /* 1 to 8, as Exif has it; 0: not said */
        double dpi_x, dpi_y; /* 0: not said */
};

/* RENDER_LIMIT where nobody prints such a size, RENDER_DAMAGED where there is nothing; to be asked before
 * anything is allocated. */
int picture_check(const struct picture *picture);
/* Octets of a line. */
size_t picture_line_octets(const struct picture *picture);

struct picture_writer;

/* Lines from the top, picture.height of them; then the page. *ret is freed by the end, or by _freep(). */
int picture_begin(const struct picture *picture, struct pdf *pdf, struct picture_writer **ret);
int picture_line(struct picture_writer *writer, const uint8_t *line);
/* Lines that never came are white. */
int picture_end(struct picture_writer *writer, const struct order *order);
void picture_freep(struct picture_writer **writer);

/* A page of the order's medium with an image that is in the PDF already. */
int picture_page(const struct picture *picture, const struct order *order, struct pdf *pdf, uint32_t image);

/* A colour with an opacity of 0 to 255 on white paper. */
static inline uint8_t picture_on_white(uint8_t value, uint8_t opacity)
{
        return (uint8_t)((value * opacity + 255 * (255 - opacity) + 127) / 255);
}
