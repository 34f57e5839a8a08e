// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Paragraphs on pages, in the scripts of the world, by Pango and Cairo: ten points, fixed width where a font
 * has it, six lines an inch, tabs of eight; what reads from the right stands at the right. What is laid out
 * is written as PDF, as it comes, to a descriptor.
 */

#include <stdint.h>

#include "base/text.h"

struct layout_order {
        double width, height; /* of a page, in points */
        uint32_t pages_max;
        int to;
};

enum layout_refusal {
        LAYOUT_TOO_LONG = 1, /* more than pages_max */
        LAYOUT_TOO_SMALL,    /* nothing fits on such a page */
        LAYOUT_EMPTY,
        LAYOUT_FAILED, /* Cairo's words: memory, or nobody reads it */
};

/* All of a text. What was written is worth nothing unless the answer is 0. */
int layout_text(const struct layout_order *order, struct text text);
