// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The keys of a tenant, as its administrator and the sweeper see them (keys/keys.h has the chain).
 *
 *   1. A rotation makes a new version, which whatever is new from then on is under.
 *   2. Whatever is under the version before is carried over meanwhile (core/tenant/key-exchange.h); then that
 *      version ends, in the keeper too. Everything is found and read at every moment of it.
 *   3. Where the master key was changed (imprimatur-keeper --rotate-master), every tenant's key is wrapped
 *      anew; nothing else changes, and nobody waits.
 */

#include "core/actor.h"

#define KEY_VERSIONS_MAX 2 /* the newest, and the one whose place it takes */
#define KEY_DAYS_MAX     400

/* How far the exchange is that is under way; version 0: none is. */
struct key_exchange {
        uint32_t version; /* the new one */
        int64_t rows;     /* that were to be carried over, as counted once at its start; 0 until then */
        int64_t carried;
        int64_t started_ms;
};

struct key_state {
        struct key_exchange exchange;
        size_t version_count;
        struct key_version {
                uint32_t version;
                int64_t created_ms;
                int64_t documents;    /* wrapped by it */
        } versions[KEY_VERSIONS_MAX]; /* newest first */
        size_t day_count;
        struct key_day {
                int64_t day; /* clock_day() */
                int64_t documents;
        } days[KEY_DAYS_MAX];
};

/* Of the actor's tenant. CORE_FORBIDDEN. */
int keys_state(struct core *core, const struct actor *actor, struct key_state *ret);
/* CORE_FORBIDDEN; CORE_TAKEN: another one is under way. */
int keys_rotate(struct core *core, const struct actor *actor);

/* For the sweeper. */
/* Wraps by the newest master key what is not; how many there were. */
int keys_follow_master(struct core *core, uint64_t *ret_count);
