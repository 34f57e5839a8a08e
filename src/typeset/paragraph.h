// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A text, paragraph by paragraph, as it may be laid out: well-formed UTF-8 (what is none becomes U+FFFD)
 * without control characters but tabs. Pure.
 */

#include <stdbool.h>

#include "base/buffer.h"
#include "base/text.h"

/* A longer paragraph is several. */
#define PARAGRAPH_OCTETS 32768

enum paragraph_end {
        PARAGRAPH_LINE, /* a line feed, or the end of the text */
        PARAGRAPH_PAGE, /* a form feed: what follows begins a page */
        PARAGRAPH_CUT,  /* it goes on */
};

/* The next one out of *text, which becomes the rest; ret has room for PARAGRAPH_OCTETS. False where there is
 * none. */
bool paragraph_next(struct text *text, struct buffer *ret, enum paragraph_end *ret_end);
