// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Errands: pieces of work as a cell carries them out, wherever they come from. The service's own renderers
 * take them out of core's list, those on other machines from the service's API; cells and their pool know
 * neither.
 *
 * An errand belongs to one thread at a time, and is closed by exactly one of commit(), fail() and abandon().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"
#include "conversion/frame.h"
#include "conversion/kind.h"
#include "conversion/order.h"

enum errand_refusal {
        ERRAND_NONE = 1,  /* there is nothing to do */
        ERRAND_ANOTHER,   /* this one came to nothing, another may wait */
        ERRAND_LATER,     /* whoever gives them out cannot now: ask again in a moment */
        ERRAND_LOST,      /* it is somebody else's by now, or nobody's: drop what was made */
        ERRAND_TOO_LARGE, /* no more of what is made is taken */
        ERRAND_STORAGE_FULL,
        ERRAND_BAD_FRAME, /* it has no use for such a frame, or something is missing */
};

struct errand {
        struct id id;
        enum work_kind kind;
        struct order order; /* with whoever's limits: the cell sets its own */
        uint64_t size_octets;
        void *work; /* the source's own */
};

/* Where errands come from. Functions block their thread for a bounded time. */
struct errand_source {
        /* The next one, of kinds up to least_urgent. NONE, ANOTHER, LATER. */
        int (*begin)(void *context, enum work_kind least_urgent, struct errand *ret);
        /* *ret_length 0 at the end of the document. LOST. */
        int (*read)(struct errand *errand, void *to, size_t size, size_t *ret_length);
        /* A piece of what was made. LOST, TOO_LARGE, STORAGE_FULL, BAD_FRAME. */
        int (*write)(struct errand *errand, const struct frame *frame);
        /* Comes several times a second while it is carried out: it is not forgotten. LOST. NULL: nobody asks.
         */
        int (*keep)(struct errand *errand);
        /* All is there. LOST, STORAGE_FULL, BAD_FRAME: logged, for nobody can do anything about it. */
        int (*commit)(struct errand *errand);
        /* It cannot be done, for this reason (a keyword). */
        int (*fail)(struct errand *errand, struct text reason);
        /* Not now, not here: another may. */
        void (*abandon)(struct errand *errand);
        void *context; /* of begin() */
};
