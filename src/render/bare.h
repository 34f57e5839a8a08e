// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A printer's language as it leaves Ghostscript, made into one that is whole and nothing else, piece by piece
 * as it comes:
 *
 *      PCL XL        without PJL around it: the envelope is the courier's, and there is one
 *      PCL 5         sides are said at its beginning, it is not reset between pages (that would end the
 * sheet), and ends with a reset Apple raster  the number of pages stands in its header
 *
 * Others go through as they are. Pure; what it keeps is in the struct.
 */

#include "base/text.h"
#include "conversion/order.h"

#define BARE_HEAD 512
#define BARE_TAIL 9

struct bare {
        const struct order *order;
        uint32_t pages;
        int (*to)(void *context, struct text octets);
        void *context;
        char head[BARE_HEAD]; /* until it is known what stands there */
        size_t head_len;
        bool is_begun;
        size_t matched;       /* octets of what stands between pages of PCL 5 */
        char tail[BARE_TAIL]; /* the last octets, which may have to go */
        size_t tail_len;
};

/* What to() answers. pages is how many there will be. */
int bare_add(struct bare *bare, struct text octets);
int bare_finish(struct bare *bare);
