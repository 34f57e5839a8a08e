// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the rows of agents and converters have in common: a code with which they enrol once, and when they
 * were last heard of. */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"
#include "crypt/hash.h"

struct core;

#define OUTPOST_CODE 32 /* 28 Crockford characters (136 bits), NUL */

void outpost_code_make(char ret[OUTPOST_CODE], uint8_t ret_hash[HASH_OCTETS]);
/* Of what somebody typed; what is no code has a hash that nobody has. */
void outpost_code_hash(struct text code, uint8_t ret_hash[HASH_OCTETS]);

/* Whether that one was heard of goes into its row now: at most once a minute, so that a request costs no
 * write. */
#define OUTPOST_SEEN_MS 60000
bool outpost_seen_is_due(struct core *core, struct id id, int64_t now_ms);
/* How long nothing was heard of that one, since then or since it was first asked for. Kept in memory alone.
 */
int64_t outpost_silent_ms(struct core *core, struct id id);
