// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Whom this agent knows while it has no line: the last snapshot (offline/snapshot-form.h), and for how long
 * it may be used.
 *
 *   1. The snapshot lies in the state folder, with its signature. What opens it, the day key, is in memory
 * and in a file of the runtime folder, and there only where that is a tmpfs: it outlives the end of the
 * process, and neither a power cut nor a theft of the disk.
 *   2. What is read at a start is what was signed: the key to check it by lies beside the day key.
 *   3. It may be used for so many hours without contact, by the clock that counts sleep and by the wall's.
 * Where the two do not agree how long that was, somebody has set a clock, and nothing is released.
 *
 * Safe from every thread.
 */

#include <stdbool.h>

#include "base/buffer.h"
#include "offline/snapshot-form.h"

struct known;

enum known_refusal {
        KNOWN_NOTHING = 1, /* no snapshot, or no key to it: the machine was switched off meanwhile */
        KNOWN_OVER,        /* the time without contact is over */
        KNOWN_CLOCK,       /* a clock was set */
        KNOWN_NOBODY,      /* the badge is nobody's */
        KNOWN_MALFORMED,   /* an answer of the service that is none */
};
/* "no-snapshot", "time-is-over", "clock-was-set", "unknown-badge" */
const char *known_word(int refusal);

/* runtime: the folder of the key's file, which is made with the first key, and not written where it is no
 * tmpfs; borrowed for good. Reads what is there. */
int known_new(int state_directory, const char *runtime, struct known **ret);

/* The answer of /v1/agent/snapshot, which the caller wipes. KNOWN_MALFORMED. */
int known_take(struct known *known, struct text answer);
/* The service was heard, and it is still that snapshot. */
void known_renew(struct known *known);
/* Nothing any more: it was switched off. */
void known_forget(struct known *known);
/* The revision, 64 hexadecimal digits; false where there is none. */
bool known_revision(struct known *known, char ret[2 * HASH_OCTETS + 1]);

/* How long ago the service was heard, and for how long it may be used from now on, in seconds; 0: not (any
 * more), or there is none. */
void known_times(struct known *known, int64_t *ret_age_s, int64_t *ret_left_s);
/* 0 while it may be used. */
int known_check(struct known *known);
/* Whose badge it is; number as it was read (badge/card.h). The caller wipes *ret. ret_may_use: this printer.
 */
int known_find(struct known *known, const char *number, struct id printer, struct snapshot_holder *ret,
               bool *ret_may_use);
/* Adds what is told of how deposits may be printed (agent/terms.h). KNOWN_NOTHING. */
int known_terms(struct known *known, struct buffer *to);
/* The public key of somebody's box here; false: he has no badge. */
bool known_person_key(struct known *known, struct id person, uint8_t ret[BOX_KEY_OCTETS]);
