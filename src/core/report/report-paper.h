// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * How much paper a ticket takes, or would have taken: what reports add up. Pure.
 *
 * What the printer counted is believed before what the document holds. Where neither is known nothing is made
 * up. Where nobody knows which pages have colour, all of them have: on a printer that can, with a ticket that
 * lets it.
 */

#include "core/job/ticket.h"

struct report_paper {
        const struct ticket *ticket;
        uint32_t told_pages;     /* that came out, as the printer says; 0: it does not */
        uint32_t document_pages; /* 0: not known */
        bool has_colour_pages;
        uint32_t colour_pages; /* of the document */
        bool has_colour;       /* of the printer; of a job that went to none: true */
};

struct report_use {
        uint32_t pages; /* sides of paper with something on them */
        uint32_t colour_pages, two_sided_pages, sheets;
        bool is_unknown;
};

void report_measure(const struct report_paper *paper, struct report_use *ret);
