// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Facts: what the renderer tells of a document, or of what it made. Lines of "name=value", each name at most
 * once; what is not known is not said.
 *
 *      pages=12
 *
 * Parsed as strictly as any other input, for it comes out of a cell. Pure.
 */

#include <stdint.h>

#include "base/text.h"

#define FACTS_OCTETS_MAX 4096
#define FACTS_PAGES_MAX  1000000

struct facts {
        uint32_t pages; /* 0: not known */
};

enum facts_refusal {
        FACTS_BAD = 1,
};

/* FACTS_BAD. */
int facts_parse(struct text lines, struct facts *ret);
/* The lines, NUL-terminated; size FACTS_OCTETS_MAX is always enough. */
void facts_format(const struct facts *facts, char *ret, size_t size);
