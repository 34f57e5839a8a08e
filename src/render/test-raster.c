// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "render/raster.h"

struct header {
        uint32_t width, height, bits_per_pixel, line_octets, colour_space, order;
};

static void put(uint8_t *at, uint32_t number)
{
        for (int i = 0; i < 4; i++)
                at[i] = (uint8_t)(number >> (24 - 8 * i));
}

/* A page header and what follows it. */
static size_t pwg(uint8_t *to, const struct header *header, struct text lines)
{
        memset(to, 0, 1796);
        put(to + 276, 300);
        put(to + 280, 300);
        put(to + 372, header->width);
        put(to + 376, header->height);
        put(to + 388, header->bits_per_pixel);
        put(to + 392, header->line_octets);
        put(to + 396, header->order);
        put(to + 400, header->colour_space);
        memcpy(to + 1796, lines.at, lines.len);
        return 1796 + lines.len;
}

static size_t apple(uint8_t *to, const struct header *header, struct text lines)
{
        memset(to, 0, 32);
        to[0] = (uint8_t)header->bits_per_pixel;
        to[1] = (uint8_t)header->colour_space;
        put(to + 12, header->width);
        put(to + 16, header->height);
        put(to + 20, 300);
        memcpy(to + 32, lines.at, lines.len);
        return 32 + lines.len;
}

static const struct {
        const char *name;
        struct header header;
        struct text lines;
        int page_outcome;
        int line_outcome;
        struct text last; /* what the last line is */
} rows[] = {
        { "one run", { 4, 1, 8, 4, 18, 0 }, TEXT("\0\3a"), 0, 0, TEXT("aaaa") },
        { "dots as they are",
          { 4, 1, 8, 4, 18, 0 },
          TEXT("\0\xfd"
               "abcd"),
          0,
          0,
          TEXT("abcd") },
        { "repeated lines", { 4, 3, 8, 4, 18, 0 }, TEXT("\1\3a\0\3b"), 0, 0, TEXT("bbbb") },
        { "more repeats than lines", { 4, 2, 8, 4, 18, 0 }, TEXT("\xff\3a"), 0, 0, TEXT("aaaa") },
        { "the rest is white", { 4, 1, 8, 4, 18, 0 }, TEXT("\0\0a\x80"), 0, 0, TEXT("a\xff\xff\xff") },
        { "white of black", { 4, 1, 8, 4, 3, 0 }, TEXT("\0\0a\x80"), 0, 0, TEXT("a\0\0\0") },
        { "colour", { 2, 1, 24, 6, 19, 0 }, TEXT("\0\1abc"), 0, 0, TEXT("abcabc") },
        { "bits",
          { 12, 1, 1, 2, 3, 0 },
          TEXT("\0\xff"
               "ab"),
          0,
          0,
          TEXT("ab") },
        { "run beyond the line", { 4, 1, 8, 4, 18, 0 }, TEXT("\0\4a"), 0, RASTER_DAMAGED, TEXT("") },
        { "dots beyond the line",
          { 4, 1, 8, 4, 18, 0 },
          TEXT("\0\xfc"
               "abcde"),
          0,
          RASTER_DAMAGED,
          TEXT("") },
        { "cut in a run", { 4, 1, 8, 4, 18, 0 }, TEXT("\0\3"), 0, RASTER_DAMAGED, TEXT("") },
        { "cut before a line", { 4, 2, 8, 4, 18, 0 }, TEXT("\0\3a"), 0, RASTER_DAMAGED, TEXT("") },
        { "no width", { 0, 1, 8, 0, 18, 0 }, TEXT(""), RASTER_DAMAGED, 0, TEXT("") },
        { "line shorter than its dots", { 4, 1, 8, 3, 18, 0 }, TEXT(""), RASTER_DAMAGED, 0, TEXT("") },
        { "width of a bomb",
          { 0xffffffff, 1, 8, 0xffffffff, 18, 0 },
          TEXT(""),
          RASTER_UNSUPPORTED,
          0,
          TEXT("") },
        { "height of a bomb", { 4, 0xffffffff, 8, 4, 18, 0 }, TEXT(""), RASTER_UNSUPPORTED, 0, TEXT("") },
        { "sixteen bits", { 4, 1, 16, 8, 18, 0 }, TEXT(""), RASTER_UNSUPPORTED, 0, TEXT("") },
        { "planes", { 4, 1, 24, 12, 19, 1 }, TEXT(""), RASTER_UNSUPPORTED, 0, TEXT("") },
        { "unknown colours", { 4, 1, 8, 4, 99, 0 }, TEXT(""), RASTER_UNSUPPORTED, 0, TEXT("") },
};

static void check(size_t i, struct text document)
{
        struct raster_page page;
        struct raster raster;
        uint8_t line[16];
        int r = 0;

        assert(raster_begin(document, &raster) == 0);
        assert(raster_page(&raster, &page) == rows[i].page_outcome);
        if (rows[i].page_outcome)
                return;
        assert(page.width == rows[i].header.width && page.line_octets <= sizeof(line));
        for (uint32_t n = 0; n < page.height && r == 0; n++)
                r = raster_line(&raster, line);
        assert(r == rows[i].line_outcome);
        if (r)
                return;
        assert(memcmp(line, rows[i].last.at, rows[i].last.len) == 0 && rows[i].last.len == page.line_octets);
        assert(raster_line(&raster, line) == RASTER_DAMAGED);
        assert(raster_page(&raster, &page) == RASTER_END);
}

int main(void)
{
        uint8_t document[4096];
        struct raster raster;
        struct raster_page page;
        struct header small = { 4, 1, 8, 4, 0, 0 };
        uint8_t line[4];
        size_t len;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                memcpy(document, "RaS2", 4);
                len = 4 + pwg(document + 4, &rows[i].header, rows[i].lines);
                check(i, text_from_octets(document, len));
        }

        /* Two pages of Apple's, and every cut of them. */
        memcpy(document, "UNIRAST\0\0\0\0\2", 12);
        len = 12 + apple(document + 12, &small, TEXT_OF("\0\3a"));
        len += apple(document + len, &small, TEXT_OF("\0\3b"));
        assert(raster_begin(text_from_octets(document, len), &raster) == 0 && raster.is_apple);
        assert(raster_page(&raster, &page) == 0 && raster_page(&raster, &page) == RASTER_DAMAGED);
        assert(raster_line(&raster, line) == 0 && memcmp(line, "aaaa", 4) == 0);
        assert(raster_page(&raster, &page) == 0 && raster_line(&raster, line) == 0 && line[0] == 'b');
        assert(raster_page(&raster, &page) == RASTER_END);

        assert(raster_begin(TEXT_OF("RaS3"), &raster) == RASTER_DAMAGED);
        assert(raster_begin(TEXT_OF(""), &raster) == RASTER_DAMAGED);
        assert(raster_begin(TEXT_OF("UNIRAST"), &raster) == RASTER_DAMAGED);
        return 0;
}
