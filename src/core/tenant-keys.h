// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The keys of a tenant, as its administrator and the sweeper see them (keys/keys.h has the chain).
 *
 *   1. A rotation makes a new version, which every document from then on is wrapped by; those before it stay
 *      readable by theirs until they are gone. A version that nothing is wrapped by is deleted.
 *   2. The first version lasts: badges are found, and names and titles read, by keys derived from it.
 *   3. Where the master key was changed (imprimatur-keeper --rotate-master), every tenant's key is wrapped
 *      anew; nothing else changes, and nobody waits.
 */

#include "core/actor.h"

#define KEY_VERSIONS_MAX 64
#define KEY_DAYS_MAX     400
/* A document that was begun under a version before a rotation may be committed after it. */
#define KEY_UNUSED_MS 86400000

struct key_state {
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
/* CORE_FORBIDDEN; CORE_LIMIT_REACHED while there are KEY_VERSIONS_MAX; CORE_TAKEN: another rotation was at
 * the same time. */
int keys_rotate(struct core *core, const struct actor *actor);

/* For the sweeper. */
int keys_drop_unused(struct core *core);
/* Wraps by the newest master key what is not; how many there were. */
int keys_follow_master(struct core *core, uint64_t *ret_count);
