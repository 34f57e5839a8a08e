// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* One conversion: the program imprimatur-render between two pipes. */

#include <stdatomic.h>
#include <stdbool.h>

#include "core/work.h"
#include "server/settings.h"

enum cell_refusal {
        CELL_FAILED = 1, /* the program itself failed, or its cell could not be built */
        CELL_TIMED_OUT,
        CELL_NO_PROGRAM,
        CELL_TOO_LARGE,   /* one of the program's limits, or core takes no more of what comes out */
        CELL_UNSUPPORTED, /* no way from this format to that one */
        CELL_DAMAGED,     /* nothing can be made of the document */
        CELL_PASSWORD,    /* it opens only with a password */
        CELL_STORAGE_FULL,
        CELL_STOPPED, /* *stop became true */
};
/* The keyword for the job's owner: "conversion-failed", … */
const char *cell_refusal_word(int refusal);

/* Runs the order from its first octet to its last; the work is neither committed nor failed here. */
int cell_run(const struct renderer_settings *settings, const struct work_order *order, struct work *work,
             const atomic_bool *stop);
