// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Ghostscript, which makes a printer's language of a PDF. Only words of ours and numbers ever stand in its
 * command line; nothing of a document does.
 */

#include <stdbool.h>

#include "base/text.h"
#include "conversion/order.h"
#include "render/cell.h"

#define GHOSTSCRIPT_ARGUMENTS_MAX 48

struct ghostscript_arguments {
        const char *argv[GHOSTSCRIPT_ARGUMENTS_MAX];
        size_t count;
        char texts[2048]; /* those that were put together */
        size_t texts_len;
};

/* Pure. RENDER_UNSUPPORTED where it has no way to make that. document is the file's name in the cell. */
int ghostscript_arguments(const struct order *order, const char *document, struct ghostscript_arguments *ret);

/* What its output on standard error tells, line by line. */
struct ghostscript_report {
        unsigned int pages; /* that it has begun */
        bool password;
        bool memory;
};

void ghostscript_line(struct text line, struct ghostscript_report *report);

/* Its cell; the tests of the walls put other programs there. */
extern const struct cell_profile ghostscript_profile;

/*
 * Runs it in a cell over the PDF in a descriptor, until deadline_ms (clock_monotonic_ms()). Its pages are the
 * sides of paper already (render/impose.h), and there are so many. What it makes goes to to(), piece by
 * piece. RENDER_*, and what to() says; RENDER_DAMAGED also where other than all pages came out.
 */
int ghostscript_run(const struct order *order, int document, uint32_t pages, int64_t deadline_ms,
                    int (*to)(void *context, struct text octets), void *context);
