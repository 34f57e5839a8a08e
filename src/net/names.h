// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Questions to the domain name system that the C library has no function for, asked by c-ares. Every answer
 * is hostile input: what is not a well-formed one is no answer.
 *
 * Safe from every thread; a question blocks its thread until timeout_ms is over at the latest.
 */

#include "base/buffer.h"
#include "base/text.h"

struct names_settings {
        const char *servers;     /* "192.0.2.53,[2001:db8::53]:5353"; NULL or "": the system's */
        unsigned int timeout_ms; /* of a whole question; 0 means 5000 */
};

enum names_refusal {
        NAMES_NONE = 1,    /* there is no such name, or it has no such record */
        NAMES_UNREACHABLE, /* no server gave an answer that makes sense in time */
        NAMES_BAD,         /* not a name; servers that are no addresses */
};

/*
 * The TXT records of a name, in the order of the answer, each with its strings joined (RFC 1035, section
 * 3.3.14) and a NUL behind it; a record that holds a NUL is left out, as is what no longer fits into ret.
 */
int names_find_txt(const struct names_settings *settings, const char *name, struct buffer *ret);
/* Whether one of those records is this text. NAMES_NONE also where there are only others. */
int names_check_txt(const struct names_settings *settings, const char *name, struct text wanted);
