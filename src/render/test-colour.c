// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"
#include "render/colour.h"

static const struct {
        const char *name;
        struct text octets;
        int outcome;
        bool has_ended;
        uint32_t pages, colour_pages;
} rows[] = {
        { "nothing", TEXT(""), 0, true, 0, 0 },
        { "white", TEXT("P6\n1 1\n255\n\xff\xff\xff"), 0, true, 1, 0 },
        { "red", TEXT("P6\n1 1\n255\n\xff\0\0"), 0, true, 1, 1 },
        { "grey, red, black", TEXT("P6\n2 1\n255\nwwwxxxP6\n1 2\n255\n\xff\xff\xffxxaP6\n1 1\n255\n\0\0\0"),
          0, true, 3, 1 },
        { "about grey", TEXT("P6\n1 1\n255\n\x80\x8f\x85"), 0, true, 1, 0 },
        { "no longer grey", TEXT("P6\n1 1\n255\n\x80\x90\x85"), 0, true, 1, 1 },
        { "cut dots", TEXT("P6\n2 1\n255\nwww"), 0, false, 0, 0 },
        { "cut header", TEXT("P6\n2 1\n25"), 0, false, 0, 0 },
        { "another picture", TEXT("P5\n1 1\n255\n\xff"), COLOUR_DAMAGED, false, 0, 0 },
        { "more depth", TEXT("P6\n1 1\n65535\n\xff\xff\xff\xff\xff\xff"), COLOUR_DAMAGED, false, 0, 0 },
        { "no dots", TEXT("P6\n0 1\n255\n"), COLOUR_DAMAGED, false, 0, 0 },
        { "too wide", TEXT("P6\n65536 1\n255\n"), COLOUR_DAMAGED, false, 0, 0 },
        { "endless header", TEXT("P6\n11111111111111111111111111111111111111111111"), COLOUR_DAMAGED, false,
          0, 0 },
        { "garbage behind", TEXT("P6\n1 1\n255\n\xff\xff\xff\n\n\n"), COLOUR_DAMAGED, false, 1, 0 },
};

/* The same in pieces of any size. */
int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                for (size_t step = 1; step <= rows[i].octets.len + 1; step++) {
                        struct colour_scan scan = { 0 };
                        int r = 0;

                        for (size_t at = 0; r == 0 && at < rows[i].octets.len; at += step) {
                                size_t left = rows[i].octets.len - at;

                                r = colour_scan_take(&scan, text_from_octets(rows[i].octets.at + at,
                                                                             left < step ? left : step));
                        }
                        assert(r == rows[i].outcome);
                        assert(r || colour_scan_has_ended(&scan) == rows[i].has_ended);
                        assert(scan.pages == rows[i].pages && scan.colour_pages == rows[i].colour_pages);
                }
        }
        return 0;
}
