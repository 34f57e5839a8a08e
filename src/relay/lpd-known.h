// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What the LPD door knows again: whose a deposit is, and whether a job was sent before. Both are hashes under
 * a key of this agent's, kept in its state folder, so that a deposit's header tells nobody a name.
 *
 * A client that did not see our yes sends the same job again: the same host, user, number, queue and contents
 * within a settable time are the same job.
 *
 *      lpd_known_begin, on the disk -> handed on under a key -> lpd_known_end -> yes
 *                                        |
 *                                        '-- a kill: sent again, it goes under the same key, by which the
 * service knows it
 *
 * So a job is neither lost nor doubled wherever the agent is killed. What remains: a client that numbers the
 * job anew, or comes after the time, and a state folder that is lost.
 *
 * Safe from every thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"
#include "crypt/hash.h"

#define LPD_KNOWN_MAX 1024 /* the oldest gives way */

struct lpd_known;

/* repeat_ms: for how long a job is known again; 0: not at all. */
int lpd_known_new(int state_directory, int64_t repeat_ms, struct lpd_known **ret);
void lpd_known_free(struct lpd_known *known);

/* In two halves: of the address, and of address and user; where user is empty the second is zeros. */
void lpd_known_owner(const struct lpd_known *known, struct text address, struct text user,
                     uint8_t ret[HASH_OCTETS]);
/* Whether owner is of that address, and of that user where one is named. */
bool lpd_known_owns(const struct lpd_known *known, const uint8_t owner[HASH_OCTETS], struct text address,
                    struct text user);

/* What of a job tells it from others. */
struct lpd_known_job {
        struct text address, queue, user;
        struct text name; /* of the data file, with the client's number in it */
        const uint8_t *contents;
};
void lpd_known_mark(const struct lpd_known *known, const struct lpd_known_job *job, uint8_t ret[HASH_OCTETS]);

/* Whether a job with that mark was here a moment ago: under which key it was handed on, and whether its
 * client was to hear yes since this start. */
bool lpd_known_find(struct lpd_known *known, const uint8_t mark[HASH_OCTETS], struct id *ret_key,
                    bool *ret_is_taken);
/* It is going to be handed on under that key; on the disk when this returns 0. */
int lpd_known_begin(struct lpd_known *known, const uint8_t mark[HASH_OCTETS], struct id key);
/* Its client hears yes. */
void lpd_known_end(struct lpd_known *known, const uint8_t mark[HASH_OCTETS]);
/* Its client hears no, or has taken it back: sent again it is another one. */
void lpd_known_forget(struct lpd_known *known, const uint8_t mark[HASH_OCTETS]);
/* Of a deposit that lies here: whether it is of a moment ago. */
bool lpd_known_is_recent(const struct lpd_known *known, int64_t made_ms);
