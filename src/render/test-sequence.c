// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "render/sequence.h"

/* What comes out, side by side: pages from 1, - for a blank side, . for a blank place. */
static void draw(const struct order *order, uint32_t pages, char *ret, size_t size)
{
        struct sequence sequence;
        size_t at = 0;

        sequence_init(&sequence, order, pages);
        ret[0] = 0;
        for (uint64_t time = 0; time < sequence_count(&sequence); time++) {
                uint32_t side = sequence_side(&sequence, time);

                at += (size_t)snprintf(ret + at, size - at, "%s", at ? " " : "");
                if (side == SEQUENCE_NONE)
                        at += (size_t)snprintf(ret + at, size - at, "-");
                for (uint32_t i = 0; side != SEQUENCE_NONE && i < sequence.places; i++) {
                        uint32_t page = sequence_page(&sequence, side, i);

                        at += page == SEQUENCE_NONE ? (size_t)snprintf(ret + at, size - at, ".")
                                                    : (size_t)snprintf(ret + at, size - at, "%u", page + 1);
                }
        }
}

#define TWO .sides = ORDER_TWO_SIDED_LONG_EDGE

static const struct {
        const char *name;
        struct order order;
        uint32_t pages;
        const char *sides;
} rows[] = {
        { "as they are", { .copies = 1, .number_up = 1 }, 3, "1 2 3" },
        { "collated copies", { .copies = 2, .number_up = 1 }, 3, "1 2 3 1 2 3" },
        { "uncollated copies",
          { .copies = 2, .number_up = 1, .collate = ORDER_UNCOLLATED },
          3,
          "1 1 2 2 3 3" },
        { "copies begin on a new sheet", { .copies = 2, .number_up = 1, TWO }, 3, "1 2 3 - 1 2 3 -" },
        { "sheets are repeated",
          { .copies = 2, .number_up = 1, .collate = ORDER_UNCOLLATED, TWO },
          3,
          "1 2 1 2 3 - 3 -" },
        { "two sides of one copy", { .copies = 1, .number_up = 1, TWO }, 3, "1 2 3" },
        { "the last first", { .copies = 1, .number_up = 1, .reverse = true }, 3, "3 2 1" },
        { "the last sheet first", { .copies = 1, .number_up = 1, .reverse = true, TWO }, 3, "3 - 1 2" },
        { "two up", { .copies = 1, .number_up = 2 }, 5, "12 34 5." },
        { "four up, twice", { .copies = 2, .number_up = 4 }, 5, "1234 5... 1234 5..." },
        { "booklet", { .copies = 1, .number_up = 1, .booklet = true }, 8, "81 27 63 45" },
        { "booklet with blank pages", { .copies = 1, .number_up = 1, .booklet = true }, 5, ".1 2. .3 45" },
        { "booklet of one", { .copies = 2, .number_up = 1, .booklet = true }, 1, ".1 .. .1 .." },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                char sides[256];

                printf("%s\n", rows[i].name);
                draw(&rows[i].order, rows[i].pages, sides, sizeof(sides));
                printf("  %s\n", sides);
                assert(strcmp(sides, rows[i].sides) == 0);
        }
        return 0;
}
