// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/report-paper.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

static const struct {
        const char *name, *ticket;
        uint32_t told, document;
        int colour; /* pages of the document; -1: not known */
        bool has_colour;
        struct report_use due;
} rows[] = {
        { "nothing is known", "", 0, 0, -1, true, { 0, 0, 0, 0, true } },
        { "one page", "", 0, 1, 0, true, { 1, 0, 0, 1, false } },
        { "copies", "copies=3", 0, 4, 0, true, { 12, 0, 0, 12, false } },
        { "two-sided", "sides=two-sided-long-edge", 0, 5, 0, true, { 5, 0, 5, 3, false } },
        { "two-sided copies begin anew",
          "copies=2;sides=two-sided-short-edge",
          0,
          5,
          0,
          true,
          { 10, 0, 10, 6, false } },
        { "two-sided, and one page", "sides=two-sided-long-edge", 0, 1, 0, true, { 1, 0, 0, 1, false } },
        { "two on a side", "number-up=2", 0, 5, 0, true, { 3, 0, 0, 3, false } },
        { "a booklet", "imposition-template=signature", 0, 8, 0, true, { 4, 0, 4, 2, false } },
        { "some pages", "page-ranges=2-3,7-7", 0, 10, 0, true, { 3, 0, 0, 3, false } },
        { "pages beyond the end", "page-ranges=9-20", 0, 10, 0, true, { 2, 0, 0, 2, false } },
        { "from one on", "page-ranges=2-2,7-", 0, 10, 0, true, { 5, 0, 0, 5, false } },
        { "all of them", "page-ranges=all", 0, 10, 0, true, { 10, 0, 0, 10, false } },
        { "what the printer says counts",
          "copies=2;sides=two-sided-long-edge",
          6,
          5,
          0,
          true,
          { 6, 0, 6, 4, false } },
        { "the printer alone knows", "", 7, 0, -1, false, { 7, 0, 0, 7, false } },
        { "colour", "copies=2", 0, 4, 1, true, { 8, 2, 0, 8, false } },
        { "colour, in grey", "print-color-mode=monochrome", 0, 4, 4, true, { 4, 0, 0, 4, false } },
        { "colour, on a printer without", "", 0, 4, 4, false, { 4, 0, 0, 4, false } },
        { "nobody knows which", "", 0, 4, -1, true, { 4, 4, 0, 4, false } },
        { "more colour than came out", "", 2, 4, 4, true, { 2, 2, 0, 2, false } },
        { "without an end", "", UINT32_MAX, 4, 4, false, { 10000000, 0, 0, 10000000, false } },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                const struct report_use *due = &rows[i].due;
                struct ticket ticket;
                struct report_paper paper = { .ticket = &ticket,
                                              .told_pages = rows[i].told,
                                              .document_pages = rows[i].document,
                                              .has_colour_pages = rows[i].colour >= 0,
                                              .colour_pages =
                                                      rows[i].colour < 0 ? 0 : (uint32_t)rows[i].colour,
                                              .has_colour = rows[i].has_colour };
                struct report_use use;

                printf("%s\n", rows[i].name);
                fflush(stdout);
                assert(ticket_parse(text_from(rows[i].ticket), &ticket) == 0);
                report_measure(&paper, &use);
                assert(use.pages == due->pages && use.colour_pages == due->colour_pages);
                assert(use.two_sided_pages == due->two_sided_pages && use.sheets == due->sheets);
                assert(use.is_unknown == due->is_unknown);
        }
        return 0;
}
