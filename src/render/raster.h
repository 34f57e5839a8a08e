// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * PWG raster (PWG 5102.4) and Apple raster ("UNIRAST"), read line by line. Both are pages of lines, each with
 * a count of repeats and its octets packed in runs; they differ in their headers. Pure: octets in, lines out,
 * no memory of its own.
 *
 *      raster_begin() -> { raster_page() -> raster_line() once for each line }... until RASTER_END
 */

#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/text.h"

#define RASTER_LINE_MAX   (256 * 1024) /* octets; 65,536 dots of four colours */
#define RASTER_HEIGHT_MAX 200000

enum raster_refusal {
        RASTER_END = 1, /* no more pages */
        RASTER_DAMAGED,
        RASTER_UNSUPPORTED, /* a colour space or depth that we do not read */
};

enum raster_colour {
        RASTER_GREY, /* 0 is black */
        RASTER_RGB,
        RASTER_BLACK, /* 0 is white */
        RASTER_CMYK,
};

struct raster_page {
        uint32_t width; /* dots */
        uint32_t height;
        uint32_t resolution_x; /* dots per inch */
        uint32_t resolution_y;
        enum raster_colour colour;
        uint8_t bits_per_colour; /* 1 or 8 */
        uint8_t octets_per_dot;  /* 1 where a dot is one bit */
        uint32_t line_octets;
};

struct raster {
        struct cursor cursor;
        bool is_apple;
        uint32_t lines_left; /* of the page */
        uint32_t repeats_left;
        struct raster_page page;
};

int raster_begin(struct text document, struct raster *ret);
/* The lines of the page before must have been read. */
int raster_page(struct raster *raster, struct raster_page *ret);
/* line is the same buffer for all lines of a page, of page.line_octets: a repeated line leaves it as it is.
 */
int raster_line(struct raster *raster, uint8_t *line);
