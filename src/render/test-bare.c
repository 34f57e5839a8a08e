// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "render/bare.h"

#define UEL "\x1b%-12345X"

static int collect(void *context, struct text octets)
{
        buffer_add_text(context, octets);
        return 0;
}

static const struct {
        const char *name;
        enum format to;
        enum order_sides sides;
        struct text in, out;
} rows[] = {
        { "PCL XL in PJL", FORMAT_PCL_XL, ORDER_SIDES_UNSAID,
          TEXT(UEL "@PJL SET RESOLUTION=300\n@PJL ENTER LANGUAGE = PCLXL\n) HP-PCL XL;1;1;\x0f pages" UEL),
          TEXT(") HP-PCL XL;1;1;\x0f pages") },
        { "PCL XL that is bare", FORMAT_PCL_XL, ORDER_SIDES_UNSAID, TEXT(") HP-PCL XL;1;1;"),
          TEXT(") HP-PCL XL;1;1;") },
        { "two sides of PCL", FORMAT_PCL, ORDER_TWO_SIDED_LONG_EDGE,
          TEXT("\x1b"
               "E\x1b&u300D one\x1b*rC\x0c\x1b"
               "E\x1b&u300D two\x1b*rC\x0c"),
          TEXT("\x1b"
               "E\x1b&l1S\x1b&u300D one\x1b*rC\x0c\x1b&u300D two\x1b*rC\x0c\x1b"
               "E") },
        { "PCL with its own reset", FORMAT_PCL, ORDER_SIDES_UNSAID,
          TEXT("\x1b"
               "E one\x0c\x1b"
               "E"),
          TEXT("\x1b"
               "E one\x0c\x1b"
               "E") },
        { "what only begins like the end of a page", FORMAT_PCL, ORDER_ONE_SIDED,
          TEXT("\x1b"
               "E\x1b*rC\x0c\x1b*rC\x0c\x1b*rB\x1b\x1b*r"),
          TEXT("\x1b"
               "E\x1b&l0S\x1b*rC\x0c\x1b*rC\x0c\x1b*rB\x1b\x1b*r\x1b"
               "E") },
        { "Apple raster", FORMAT_APPLE_RASTER, ORDER_SIDES_UNSAID, TEXT("UNIRAST\0\0\0\0\0\x18\x01"),
          TEXT("UNIRAST\0\0\0\x01\x02\x18\x01") },
        { "cut Apple raster", FORMAT_APPLE_RASTER, ORDER_SIDES_UNSAID, TEXT("UNIRAST"), TEXT("UNIRAST") },
        { "nothing", FORMAT_PCL_XL, ORDER_SIDES_UNSAID, TEXT(""), TEXT("") },
        { "PDF", FORMAT_PDF, ORDER_SIDES_UNSAID, TEXT("%PDF" UEL), TEXT("%PDF" UEL) },
};

/* In whatever pieces it comes. */
static void try(size_t row, size_t piece)
{
        SCOPED(buffer_done) struct buffer out = BUFFER(65536);
        struct order order = { .to = rows[row].to, .sides = rows[row].sides };
        struct bare bare = { .order = &order, .pages = 258, .to = collect, .context = &out };
        struct text in = rows[row].in;

        while (in.len > 0) {
                size_t len = in.len < piece ? in.len : piece;

                assert(bare_add(&bare, text_from_octets(in.at, len)) == 0);
                in = text_from_octets(in.at + len, in.len - len);
        }
        assert(bare_finish(&bare) == 0);
        assert(text_equal(buffer_text(&out), rows[row].out));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                for (size_t piece = 1; piece < 100; piece++)
                        try(i, piece);
        }
        return 0;
}
