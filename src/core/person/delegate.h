// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Delegates: people whom a person named to act for him. A delegate lists, releases and deletes the held jobs
 * of the owner; what they are called he sees only where the owner wants it, what is in them only on the
 * paper. Every event of it names both.
 */

#include "core/actor.h"

#define DELEGATES_MAX 50 /* of one owner */

struct delegate {
        struct id owner, person;
        char owner_email[CORE_EMAIL], person_email[CORE_EMAIL];
        bool titles;      /* sees what jobs are called */
        int64_t until_ms; /* 0: until it is taken back */
        int64_t created_ms;
};

/* Names somebody, by id or e-mail address, or changes what he may; expires_in_ms 0 is without end. The owner
 * is the actor, no administrator: it is about his documents. CORE_NOT_FOUND (nobody of that name, disabled,
 * or the owner is somebody else), CORE_BAD_VALUE (himself), CORE_TAKEN (DELEGATES_MAX), CORE_FORBIDDEN. */
int delegate_name(struct core *core, const struct actor *actor, struct id owner, struct text person,
                  bool titles, int64_t expires_in_ms, struct delegate *ret);
/* The owner takes it back, or the delegate declines. CORE_NOT_FOUND. */
int delegate_remove(struct core *core, const struct actor *actor, struct id owner, struct id person);
/* The actor's delegates, or the owners whose delegate he is; at most DELEGATES_MAX, by id, after the zero id
 * or one of them. Those whose time is over are not among them. */
int delegate_list(struct core *core, const struct actor *actor, struct id owner, struct id after,
                  struct delegate *ret, size_t max, size_t *ret_count);
int delegate_list_owners(struct core *core, const struct actor *actor, struct id person, struct id after,
                         struct delegate *ret, size_t max, size_t *ret_count);
/* An owner whose delegate the actor is, by e-mail address. CORE_NOT_FOUND. */
int delegate_find_owner(struct core *core, const struct actor *actor, struct text email, struct id *ret);
