// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/raster.h"

#include <string.h>

int raster_begin(struct text document, struct raster *ret)
{
        struct raster raster = { .cursor = cursor_from(document) };

        if (text_starts_with(document, "RaS2")) {
                cursor_text(&raster.cursor, 4);
        } else if (document.len >= 12 && memcmp(document.at, "UNIRAST\0", 8) == 0) {
                raster.is_apple = true;
                cursor_text(&raster.cursor, 12); /* the count that follows is often 0: nobody trusts it */
        } else {
                return RASTER_DAMAGED;
        }
        *ret = raster;
        return 0;
}

static int set_colour(struct raster_page *page, enum raster_colour colour, uint32_t bits_per_pixel)
{
        uint32_t colours = colour == RASTER_RGB ? 3 : colour == RASTER_CMYK ? 4 : 1;

        page->colour = colour;
        if (bits_per_pixel == 8 * colours) {
                page->bits_per_colour = 8;
                page->octets_per_dot = (uint8_t)colours;
                return 0;
        }
        if (bits_per_pixel == 1 && colours == 1) {
                page->bits_per_colour = 1;
                page->octets_per_dot = 1;
                return 0;
        }
        return RASTER_UNSUPPORTED;
}

/* PWG 5102.4, section 4.3: 1,796 octets, of which these are of use. */
static int pwg_header(struct cursor *c, struct raster_page *page)
{
        uint32_t bits_per_pixel, colour_order, colour_space;

        cursor_text(c, 276);
        page->resolution_x = cursor_u32(c);
        page->resolution_y = cursor_u32(c);
        cursor_text(c, 372 - 284);
        page->width = cursor_u32(c);
        page->height = cursor_u32(c);
        cursor_text(c, 388 - 380);
        bits_per_pixel = cursor_u32(c);
        page->line_octets = cursor_u32(c);
        colour_order = cursor_u32(c);
        colour_space = cursor_u32(c);
        cursor_text(c, 1796 - 404);
        if (!cursor_is_good(c))
                return RASTER_DAMAGED;
        if (colour_order != 0) /* chunky */
                return RASTER_UNSUPPORTED;

        switch (colour_space) {
        case 0: /* W */
        case 18: /* sGray */ return set_colour(page, RASTER_GREY, bits_per_pixel);
        case 1:  /* RGB */
        case 19: /* sRGB */
        case 20: /* AdobeRGB */ return set_colour(page, RASTER_RGB, bits_per_pixel);
        case 3: /* K */ return set_colour(page, RASTER_BLACK, bits_per_pixel);
        case 6: /* CMYK */ return set_colour(page, RASTER_CMYK, bits_per_pixel);
        default: return RASTER_UNSUPPORTED;
        }
}

/* 32 octets: bits per pixel, colour space, duplex, quality, 8 of no use, width, height, resolution, 8 zeros.
 */
static int apple_header(struct cursor *c, struct raster_page *page)
{
        uint8_t bits_per_pixel = cursor_u8(c), colour_space = cursor_u8(c);
        uint64_t octets;
        int r;

        cursor_text(c, 10);
        page->width = cursor_u32(c);
        page->height = cursor_u32(c);
        page->resolution_x = page->resolution_y = cursor_u32(c);
        cursor_text(c, 8);
        if (!cursor_is_good(c))
                return RASTER_DAMAGED;

        switch (colour_space) {
        case 0: /* sGray */
        case 4: /* device grey */ r = set_colour(page, RASTER_GREY, bits_per_pixel); break;
        case 1: /* sRGB */
        case 3: /* AdobeRGB */
        case 5: /* device RGB */ r = set_colour(page, RASTER_RGB, bits_per_pixel); break;
        case 6: /* CMYK */ r = set_colour(page, RASTER_CMYK, bits_per_pixel); break;
        default: return RASTER_UNSUPPORTED;
        }
        if (r)
                return r;
        octets = page->bits_per_colour == 1 ? ((uint64_t)page->width + 7) / 8
                                            : (uint64_t)page->width * page->octets_per_dot;
        page->line_octets = octets > RASTER_LINE_MAX ? UINT32_MAX : (uint32_t)octets;
        return 0;
}

/* Judged before anything is allocated for it. */
static int page_judge(const struct raster_page *page)
{
        uint64_t needed = page->bits_per_colour == 1 ? ((uint64_t)page->width + 7) / 8
                                                     : (uint64_t)page->width * page->octets_per_dot;

        if (page->width == 0 || page->height == 0 || needed > page->line_octets)
                return RASTER_DAMAGED;
        if (page->line_octets > RASTER_LINE_MAX || page->height > RASTER_HEIGHT_MAX)
                return RASTER_UNSUPPORTED;
        if (page->resolution_x < 36 || page->resolution_x > 4800 || page->resolution_y < 36 ||
            page->resolution_y > 4800)
                return RASTER_UNSUPPORTED;
        /* Rows must be packed as a PDF image wants them. */
        return needed == page->line_octets ? 0 : RASTER_UNSUPPORTED;
}

int raster_page(struct raster *raster, struct raster_page *ret)
{
        int r;

        if (raster->lines_left)
                return RASTER_DAMAGED;
        if (raster->cursor.left == 0)
                return RASTER_END;
        memset(&raster->page, 0, sizeof(raster->page));
        r = raster->is_apple ? apple_header(&raster->cursor, &raster->page)
                             : pwg_header(&raster->cursor, &raster->page);
        if (r == 0)
                r = page_judge(&raster->page);
        if (r)
                return r;
        raster->lines_left = raster->page.height;
        raster->repeats_left = 0;
        *ret = raster->page;
        return 0;
}

/*
 * Runs until the line is full: n < 128, one dot n + 1 times; n > 128, 257 - n dots as they are; 128, the rest
 * is white. A run that would go beyond the line is damage.
 */
static int line_unpack(struct raster *raster, uint8_t *line)
{
        const struct raster_page *page = &raster->page;
        size_t unit = page->octets_per_dot, left = page->line_octets;

        while (left) {
                uint8_t code = cursor_u8(&raster->cursor);
                size_t dots = code < 128 ? code + 1u : 257u - code;
                struct text octets;

                if (code == 128) {
                        memset(line, page->colour == RASTER_GREY || page->colour == RASTER_RGB ? 0xff : 0,
                               left);
                        return cursor_is_good(&raster->cursor) ? 0 : RASTER_DAMAGED;
                }
                octets = cursor_text(&raster->cursor, code < 128 ? unit : dots * unit);
                if (!cursor_is_good(&raster->cursor) || dots * unit > left)
                        return RASTER_DAMAGED;
                for (size_t i = 0; i < dots; i++)
                        memcpy(line + i * unit, octets.at + (code < 128 ? 0 : i * unit), unit);
                line += dots * unit;
                left -= dots * unit;
        }
        return 0;
}

int raster_line(struct raster *raster, uint8_t *line)
{
        int r;

        if (!raster->lines_left)
                return RASTER_DAMAGED;
        if (raster->repeats_left) {
                raster->repeats_left--;
                raster->lines_left--;
                return 0;
        }
        raster->repeats_left = cursor_u8(&raster->cursor);
        r = line_unpack(raster, line);
        if (r)
                return r;
        /* Some writers count more repeats than there are lines; the page ends where it said. */
        raster->lines_left--;
        if (raster->repeats_left > raster->lines_left)
                raster->repeats_left = raster->lines_left;
        return 0;
}
