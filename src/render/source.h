// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The first half of every conversion: a PDF is made of the document, whatever it is. One file a family of
 * formats; each knows how to look at its first octets, and which reader of ours or program in a cell it is
 * given to.
 */

#include <stdbool.h>

#include "base/text.h"
#include "conversion/order.h"

struct source {
        int document;       /* a descriptor of its octets, in memory */
        struct text octets; /* the same, mapped; not empty */
        int64_t deadline_ms;
        bool is_unlocked; /* it was encrypted, and came with its password */
};

/* Whether it is a document of the format that the order names (conversion/sniff.h). */
bool source_is_what_it_says(enum format from, struct text octets);

/* Whether what it takes to read such a document is installed. */
bool source_is_readable(enum format from);

/*
 * *ret is a descriptor of a PDF, which the caller closes: for a PDF another one of the same octets.
 * *ret_is_ready: it may go to a printer as it is (its fonts are in it, its pages have the size asked for).
 * RENDER_*.
 */
int source_to_pdf(const struct order *order, const struct source *source, int *ret, bool *ret_is_ready);
