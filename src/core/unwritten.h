// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What is written nowhere: short secrets that somebody told for one thing, kept in memory alone until that
 * thing is done, or for some time. A restart forgets them all, and whoever needs one asks for it again.
 *
 *   1. They lie in memory of their own, out of swap and core dumps, and are wiped when they go.
 *   2. There is room for so many and no more; of one owner for a few, whose oldest goes for a new one.
 *   3. There is no function that lists or formats them.
 *
 * Safe from every thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"

#define UNWRITTEN_OCTETS 127

struct unwritten;

struct unwritten_secret {
        size_t length;
        char octets[UNWRITTEN_OCTETS];
};
void unwritten_secret_done(struct unwritten_secret *secret);
struct text unwritten_secret_text(const struct unwritten_secret *secret);

enum unwritten_refusal {
        UNWRITTEN_FULL = 1, /* with those of others */
        UNWRITTEN_TOO_LONG,
};

struct unwritten_options {
        size_t max;
        size_t of_owner_max;
        int64_t keep_ms;
};

int unwritten_new(const struct unwritten_options *options, struct unwritten **ret);
void unwritten_free(struct unwritten *unwritten);

/* Takes the place of what was kept about the same thing. unwritten_refusal. */
int unwritten_keep(struct unwritten *unwritten, struct id about, struct id owner, struct text secret);
/* A copy; false where there is none. */
bool unwritten_find(struct unwritten *unwritten, struct id about, struct unwritten_secret *ret);
void unwritten_forget(struct unwritten *unwritten, struct id about);
