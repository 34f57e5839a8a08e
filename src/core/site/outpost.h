// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Outposts: what agents and converters have in common. A code enrols one of them once, with a key of its own;
 * its next key takes the place of the last; and its row says when it was last heard of.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"
#include "core/actor.h"
#include "crypt/hash.h"

struct core;

#define OUTPOST_CODE 32 /* 28 Crockford characters (136 bits), NUL */

void outpost_code_make(char ret[OUTPOST_CODE], uint8_t ret_hash[HASH_OCTETS]);
/* Of what somebody typed; what is no code has a hash that nobody has. */
void outpost_code_hash(struct text code, uint8_t ret_hash[HASH_OCTETS]);

/* Either of the two. Each statement is given the tenant (?1) and the row's id (?2), but for by_code. */
struct outpost_kind {
        enum actor_kind actor;
        enum via via;
        const char *
                by_code; /* tenant, id and name of the one whose code's hash is ?1, and not over at ?2 (ms) */
        const char *enrol; /* its key's fingerprint is ?3 until ?4 (ms), and it has no code any more */
        const char *renew; /* the same */
        const char *seen;  /* it was heard of at ?3 (ms), unless later already */
        const char *enrolled, *renewed; /* events */
};

/* What one with a fresh key says. CORE_WRONG_CREDENTIALS (also after its time, or used), CORE_LOCKED (source
 * guesses). */
int outpost_enrol(struct core *core, const struct outpost_kind *kind, struct text code,
                  const uint8_t fingerprint[HASH_OCTETS], struct text source, struct actor *ret);
/* CORE_FORBIDDEN: it is of another kind. CORE_TAKEN: somebody's key. */
int outpost_renew(struct core *core, const struct outpost_kind *kind, const struct actor *outpost,
                  const uint8_t fingerprint[HASH_OCTETS], int64_t *ret_expires_ms);
/* It was heard of: written at most once a minute. */
void outpost_seen(struct core *core, const struct outpost_kind *kind, const struct actor *outpost);

/* Whether that one was heard of goes into its row now: at most once a minute, so that a request costs no
 * write. */
#define OUTPOST_SEEN_MS 60000
bool outpost_seen_is_due(struct core *core, struct id id, int64_t now_ms);
/* How long nothing was heard of that one, since then or since it was first asked for. Kept in memory alone.
 */
int64_t outpost_silent_ms(struct core *core, struct id id);
