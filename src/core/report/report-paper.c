// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/report-paper.h"

#include <string.h>

#define PAGES_MAX 10000000 /* of one job: nothing that is added up overflows */

static uint64_t up(uint64_t value, uint64_t by)
{
        return (value + by - 1) / by;
}

/* "1-3,7-7", "5" or "9-": how many of the document's pages are asked for. Ranges are in order and apart
 * (core/job/ticket.h). */
static uint32_t pages_asked(const char *ranges, uint32_t pages)
{
        struct text rest = text_from(ranges), range, low, high;
        uint64_t from, to, count = 0;
        bool more = true;

        if (!ranges[0] || strcmp(ranges, TICKET_ALL_PAGES) == 0)
                return pages;
        while (more) {
                more = text_cut(rest, ',', &range, &rest);
                if (!text_cut(range, '-', &low, &high))
                        high = low;
                to = pages;
                if (!text_number(low, INT32_MAX, &from) || (high.len && !text_number(high, INT32_MAX, &to)) ||
                    from < 1)
                        return pages;
                to = to < pages ? to : pages;
                count += from <= to ? to - from + 1 : 0;
        }
        return (uint32_t)count;
}

static uint64_t colour_of(const struct report_paper *paper, uint64_t pages, uint64_t a_side, uint64_t copies)
{
        uint64_t colour;

        if (!paper->has_colour || strcmp(paper->ticket->print_color_mode, "monochrome") == 0)
                return 0;
        if (!paper->has_colour_pages)
                return pages;
        /* Which of several pages on a side have it is not known: as many sides as can be. */
        colour = up(paper->colour_pages, a_side) * copies;
        return colour < pages ? colour : pages;
}

void report_measure(const struct report_paper *paper, struct report_use *ret)
{
        const struct ticket *ticket = paper->ticket;
        bool is_booklet = strcmp(ticket->imposition_template, "signature") == 0;
        bool is_two_sided = is_booklet || strncmp(ticket->sides, "two-sided", 9) == 0;
        uint64_t copies = ticket->copies ? ticket->copies : 1;
        uint64_t a_side = is_booklet ? 2 : ticket->number_up ? ticket->number_up : 1;
        uint64_t a_copy = up(pages_asked(ticket->page_ranges, paper->document_pages), a_side);
        uint64_t pages = paper->told_pages ? paper->told_pages : a_copy * copies, sheets;

        *ret = (struct report_use){ .is_unknown = pages == 0 };
        if (pages > PAGES_MAX)
                pages = PAGES_MAX;
        if (paper->told_pages)
                a_copy = up(pages, copies);
        sheets = is_two_sided ? up(a_copy, 2) * up(pages, a_copy ? a_copy : 1) : pages;
        ret->pages = (uint32_t)pages;
        ret->sheets = (uint32_t)(sheets < pages ? sheets : pages);
        ret->colour_pages = (uint32_t)colour_of(paper, pages, a_side, copies);
        /* A last side that stands alone is still of a job that was to save paper. */
        ret->two_sided_pages = is_two_sided && a_copy > 1 ? ret->pages : 0;
}
