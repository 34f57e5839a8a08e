// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Which page goes where: the sides of paper of one job in the order in which they are printed, and on each
 * side its places. Copies, collating, the order of sheets and of a folded quire are settled here, in numbers
 * alone. Pure.
 *
 * A side is one of one copy, counted from 0 in the order in which it would be read (of a booklet: as the
 * sheets lie in the pile). Where paper has two sides, copies begin on a new sheet.
 */

#include "conversion/order.h"

#define SEQUENCE_NONE UINT32_MAX

struct sequence {
        uint32_t pages;  /* that are printed */
        uint32_t places; /* on a side */
        uint32_t sides;  /* of one copy; the rest of its last sheet is blank */
        uint32_t unit;   /* sides of a sheet: 1 or 2 */
        uint32_t units;  /* sheets of one copy */
        uint32_t copies;
        bool uncollated;
        bool booklet;
        bool reverse;
};

void sequence_init(struct sequence *sequence, const struct order *order, uint32_t pages);

/* How many sides are printed, blank ones included. */
uint64_t sequence_count(const struct sequence *sequence);
/* The side that is printed at this time, from 0; SEQUENCE_NONE: a blank one. */
uint32_t sequence_side(const struct sequence *sequence, uint64_t time);
/* The page at a place of a side, both from 0; SEQUENCE_NONE: none. */
uint32_t sequence_page(const struct sequence *sequence, uint32_t side, uint32_t place);
