// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* One conversion: the program imprimatur-render between two pipes. */

#include <stdatomic.h>
#include <stdbool.h>

#include "cells/errand.h"
#include "cells/settings.h"

enum cell_refusal {
        CELL_FAILED = 1, /* the program itself failed, or its cell could not be built */
        CELL_TIMED_OUT,
        CELL_NO_PROGRAM,
        CELL_TOO_LARGE,   /* one of the program's limits, or no more is taken of what comes out */
        CELL_UNSUPPORTED, /* no way from this format to that one */
        CELL_DAMAGED,     /* nothing can be made of the document */
        CELL_PASSWORD,    /* it opens only with a password */
        CELL_STORAGE_FULL,
        CELL_STOPPED, /* *stop became true */
        CELL_LOST,    /* the errand is not ours any more */
};
/* The keyword for the job's owner: "conversion-failed", … */
const char *cell_refusal_word(int refusal);

/* Carries out the errand from its first octet to its last; it is not closed here. */
int cell_run(const struct cells_settings *settings, const struct errand_source *source, struct errand *errand,
             const atomic_bool *stop);
