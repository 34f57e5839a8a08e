// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Ghostscript's command line for what is to be made, and what it says on standard error. Only words of ours
 * and numbers ever stand in the first; nothing of a document does. Pure.
 */

#include <stdbool.h>

#include "base/text.h"
#include "render/options.h"

#define GHOSTSCRIPT_ARGUMENTS_MAX 48

struct ghostscript_arguments {
        const char *argv[GHOSTSCRIPT_ARGUMENTS_MAX];
        size_t count;
        char texts[2048]; /* those that were put together */
        size_t texts_len;
};

/* RENDER_UNSUPPORTED where it has no way to make that. document is the file's name in the cell. */
int ghostscript_arguments(const struct render_options *options, const char *document,
                          struct ghostscript_arguments *ret);

/* What its output on standard error tells, line by line. */
struct ghostscript_report {
        unsigned int pages; /* that it has begun */
        bool password;
        bool memory;
};

void ghostscript_line(struct text line, struct ghostscript_report *report);
