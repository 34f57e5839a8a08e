// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/colour.h"

#define SIDE_MAX 65535

/* "P6", width, height and 255, as pdftoppm writes them: "P6\n298 421\n255\n". *ret: octets of the dots. */
static int header_parse(struct text header, uint64_t *ret)
{
        struct text magic, width_text, height_text;
        uint64_t width, height;

        if (!text_cut(header, '\n', &magic, &header) || !text_equal_string(magic, "P6") ||
            !text_cut(header, ' ', &width_text, &header) || !text_cut(header, '\n', &height_text, &header) ||
            !text_equal_string(header, "255\n"))
                return COLOUR_DAMAGED;
        if (!text_number(width_text, SIDE_MAX, &width) || !text_number(height_text, SIDE_MAX, &height) ||
            !width || !height)
                return COLOUR_DAMAGED;
        *ret = 3 * width * height;
        return 0;
}

static bool header_is_whole(const struct colour_scan *scan)
{
        int lines = 0;

        for (size_t i = 0; i < scan->header_len; i++)
                lines += scan->header[i] == '\n';
        return lines == 3;
}

static int header_take(struct colour_scan *scan, struct text *octets)
{
        while (octets->len > 0 && scan->header_len < COLOUR_HEADER_OCTETS) {
                scan->header[scan->header_len++] = octets->at[0];
                *octets = text_from_octets(octets->at + 1, octets->len - 1);
                if (header_is_whole(scan))
                        return header_parse(text_from_octets(scan->header, scan->header_len), &scan->left);
        }
        return scan->header_len == COLOUR_HEADER_OCTETS ? COLOUR_DAMAGED : 0;
}

static bool differ(uint8_t a, uint8_t b)
{
        return (a > b ? a - b : b - a) >= COLOUR_DIFFERENCE;
}

static bool dot_is_coloured(const uint8_t *dot)
{
        return differ(dot[0], dot[1]) || differ(dot[1], dot[2]) || differ(dot[0], dot[2]);
}

/* A dot may lie in two pieces. What a page is, is known from its first coloured dot on. */
static void dots_look(struct colour_scan *scan, const uint8_t *at, size_t len)
{
        size_t i = 0;

        while (i < len && scan->dot_len > 0) {
                scan->dot[scan->dot_len++] = at[i++];
                if (scan->dot_len < 3)
                        continue;
                scan->dot_len = 0;
                scan->page_is_coloured |= dot_is_coloured(scan->dot);
        }
        for (; len - i >= 3 && !scan->page_is_coloured; i += 3)
                scan->page_is_coloured = dot_is_coloured(at + i);
        while (i < len && !scan->page_is_coloured)
                scan->dot[scan->dot_len++] = at[i++];
}

static void dots_take(struct colour_scan *scan, struct text *octets)
{
        size_t len = octets->len < scan->left ? octets->len : (size_t)scan->left;

        if (!scan->page_is_coloured)
                dots_look(scan, (const uint8_t *)octets->at, len);
        *octets = text_from_octets(octets->at + len, octets->len - len);
        scan->left -= len;
        if (scan->left > 0)
                return;
        scan->pages++;
        scan->colour_pages += scan->page_is_coloured;
        scan->page_is_coloured = false;
        scan->header_len = 0;
        scan->dot_len = 0;
}

int colour_scan_take(struct colour_scan *scan, struct text octets)
{
        while (octets.len > 0) {
                int r = scan->left ? 0 : header_take(scan, &octets);

                if (r)
                        return r;
                if (scan->left)
                        dots_take(scan, &octets);
        }
        return 0;
}

bool colour_scan_has_ended(const struct colour_scan *scan)
{
        return scan->left == 0 && scan->header_len == 0;
}
