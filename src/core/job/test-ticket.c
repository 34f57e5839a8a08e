// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/job/ticket.h"

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
        { "stapled and punched", TEXT("finishings=4,5"), 0 },
        { "nothing, and a staple", TEXT("finishings=3,4"), CORE_BAD_VALUE },
        { "a staple twice", TEXT("finishings=4,4"), CORE_BAD_VALUE },
        { "more finishings than there is room", TEXT("finishings=4,5,6,7,8,9,10,11,12"), CORE_BAD_VALUE },
        { "no finishing", TEXT("finishings=2"), CORE_BAD_VALUE },
        { "all pages", TEXT("page-ranges=all"), 0 },
        { "pages to the end", TEXT("page-ranges=2,5-"), 0 },
        { "pages backwards", TEXT("page-ranges=3-1"), CORE_BAD_VALUE },
        { "on three sides", TEXT("sides=three-sided"), CORE_BAD_VALUE },
        { "some colour", TEXT("print-color-mode=sepia"), CORE_BAD_VALUE },
        { "uncollated", TEXT("multiple-document-handling=separate-documents-uncollated-copies"), 0 },
        { "shuffled", TEXT("multiple-document-handling=shuffled"), CORE_BAD_VALUE },
        { "a banner page", TEXT("job-sheets=standard"), CORE_BAD_VALUE },
        { "no banner page", TEXT("job-sheets=none"), 0 },
        { "no value", TEXT("sides="), CORE_BAD_VALUE },
        { "no equals sign", TEXT("sides"), CORE_BAD_VALUE },
        { "unknown", TEXT("staple=yes"), CORE_BAD_VALUE },
        { "breaks out", TEXT("media=a\"b"), CORE_BAD_VALUE },
        { "with a space", TEXT("media=na letter"), CORE_BAD_VALUE },
        { "NUL", TEXT("media=a\0b"), CORE_BAD_VALUE },
};

static const struct {
        const char *name, *ticket, *over, *wanted;
} overlays[] = {
        { "nothing over something", "copies=2", "", "copies=2" },
        { "something over nothing", "", "copies=2;sides=one-sided", "copies=2;sides=one-sided" },
        { "another value", "copies=2;number-up=4", "copies=1", "copies=1;number-up=4" },
        { "a shorter list", "finishings=4,5", "finishings=3", "finishings=3" },
        { "a shorter word", "sides=two-sided-short-edge", "sides=one-sided", "sides=one-sided" },
        { "a booklet over two up", "number-up=2", "imposition-template=signature",
          "imposition-template=signature" },
        { "two up over a booklet", "imposition-template=signature", "number-up=2", "number-up=2" },
        { "one up leaves a booklet", "imposition-template=signature", "number-up=1",
          "number-up=1;imposition-template=signature" },
};

static void lay_over(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(overlays); i++) {
                char text[TICKET_TEXT];
                struct ticket ticket, over, wanted;

                printf("%s\n", overlays[i].name);
                assert(ticket_parse(text_from(overlays[i].ticket), &ticket) == 0);
                assert(ticket_parse(text_from(overlays[i].over), &over) == 0);
                assert(ticket_parse(text_from(overlays[i].wanted), &wanted) == 0);
                ticket_overlay(&ticket, &over);
                ticket_format(&ticket, text, sizeof(text));
                assert(strcmp(text, overlays[i].wanted) == 0 && ticket_is_valid(&ticket));
        }
}

int main(void)
{
        char text[TICKET_TEXT];
        struct ticket ticket, same;

        lay_over();

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
