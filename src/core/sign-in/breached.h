// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Passwords that are known: those of a local list of stolen ones, and the 3,500 commonest of eight
 * characters and more, which are built in (core/sign-in/common-passwords.h).
 *
 * The list is a text file as "Have I Been Pwned" gives it out, ordered by hash: lines of 40 hexadecimal
 * digits (the SHA-1 of a password; either case), perhaps a colon and how often it was seen, LF or CRLF at the
 * end, each greater than the line before. It is searched where it lies, by halving: some forty short reads
 * and no memory, whether it has a thousand lines or a thousand million. SHA-1 is what the list is made of,
 * and protects nothing here. Safe from every thread; the file may be replaced by renaming another one over
 * it, which is seen at the next start.
 */

#include <stdbool.h>

#include "base/text.h"

struct breached;

enum breached_refusal {
        BREACHED_NO_FILE = 1,
        BREACHED_MALFORMED, /* it does not begin with such a line */
};

int breached_open(const char *path, struct breached **ret);
void breached_close(struct breached *breached);
void breached_closep(struct breached **breached);

/* breached may be NULL: no list. */
int breached_has(const struct breached *breached, struct text password, bool *ret);
/* Of the built-in ones, whatever the case of its letters. */
bool breached_is_common(struct text password);
