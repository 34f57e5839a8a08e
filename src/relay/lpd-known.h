// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What the LPD door knows again: whose a deposit is, and whether a job was sent before. Both are hashes under
 * a key of this agent's, kept in its state folder, so that a deposit's header tells nobody a name.
 *
 * A client that did not see our yes sends the same job again: the same host, number, queue and contents
 * within LPD_KNOWN_MS are the same job.
 *
 * Safe from every thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "crypt/hash.h"

#define LPD_KNOWN_MS 600000

struct lpd_known;

int lpd_known_new(int state_directory, struct lpd_known **ret);

/* In two halves: of the address, and of address and user; where user is empty the second is zeros. */
void lpd_known_owner(const struct lpd_known *known, struct text address, struct text user,
                     uint8_t ret[HASH_OCTETS]);
/* Whether owner is of that address, and of that user where one is named. */
bool lpd_known_owns(const struct lpd_known *known, const uint8_t owner[HASH_OCTETS], struct text address,
                    struct text user);

/* name: of the data file, with the client's number in it. */
void lpd_known_mark(const struct lpd_known *known, struct text address, struct text queue, struct text name,
                    const uint8_t contents[HASH_OCTETS], uint8_t ret[HASH_OCTETS]);
/* Whether a job with that mark was taken a moment ago. */
bool lpd_known_has(struct lpd_known *known, const uint8_t mark[HASH_OCTETS]);
void lpd_known_add(struct lpd_known *known, const uint8_t mark[HASH_OCTETS]);
