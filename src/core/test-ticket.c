// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/ticket.h"

static const struct {
        const char *name;
        struct text text;
        int outcome;
} rows[] = {
        { "empty", TEXT(""), 0 },
        { "one", TEXT("copies=2"), 0 },
        { "several", TEXT("copies=2;sides=two-sided-long-edge;media=iso_a4_210x297mm;page-ranges=1-3,7-7"),
          0 },
        { "two on a side",
          TEXT("number-up=2;print-scaling=fit;presentation-direction-number-up=toleft-totop"), 0 },
        { "three on a side", TEXT("number-up=3"), CORE_BAD_VALUE },
        { "booklet", TEXT("imposition-template=signature"), 0 },
        { "booklet of many", TEXT("number-up=4;imposition-template=signature"), CORE_BAD_VALUE },
        { "larger than paper", TEXT("print-scaling=huge"), CORE_BAD_VALUE },
        { "no copies", TEXT("copies=0"), CORE_BAD_VALUE },
        { "too many copies", TEXT("copies=1000"), CORE_BAD_VALUE },
        { "no value", TEXT("sides="), CORE_BAD_VALUE },
        { "no equals sign", TEXT("sides"), CORE_BAD_VALUE },
        { "unknown", TEXT("staple=yes"), CORE_BAD_VALUE },
        { "breaks out", TEXT("media=a\"b"), CORE_BAD_VALUE },
        { "with a space", TEXT("media=na letter"), CORE_BAD_VALUE },
        { "NUL", TEXT("media=a\0b"), CORE_BAD_VALUE },
};

int main(void)
{
        char text[TICKET_TEXT];
        struct ticket ticket, same;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                assert(ticket_parse(rows[i].text, &ticket) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                ticket_format(&ticket, text, sizeof(text));
                assert(text_equal_string(rows[i].text, text));
                assert(ticket_parse(text_from(text), &same) == 0 &&
                       memcmp(&ticket, &same, sizeof(same)) == 0);
                assert(ticket_is_valid(&ticket));
        }
        memset(&ticket, 0, sizeof(ticket));
        strcpy(ticket.media, "a;copies=9");
        assert(!ticket_is_valid(&ticket));
        return 0;
}
