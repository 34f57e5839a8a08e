// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Actors: who is acting, in which tenant, and with which rights. The tenant of everything comes from here
 * alone. */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "core/core.h"

enum role {
        ROLE_PERSON,
        ROLE_ADMINISTRATOR, /* of the tenant: sees and deletes jobs, never their documents or titles */
};

enum actor_kind {
        ACTOR_NOBODY,
        ACTOR_PERSON,
        ACTOR_AGENT,
};

struct actor {
        enum actor_kind kind;
        struct id tenant;
        struct id id;          /* of the person or agent */
        enum role role;        /* of a person */
        bool prints_only;      /* signed in with a print token: may submit and see its jobs, nothing else */
        char name[CORE_EMAIL]; /* the person's e-mail address, the agent's name */
        struct id session;     /* zero: none, he shows a secret with every request */
        int64_t fresh_ms;      /* when this session was last shown a secret; 0: without a session */
        bool owes_factor;      /* half signed in: the session waits for a second factor (core/session.h) */
};

bool actor_is_administrator(const struct actor *actor);
/* "person" or "agent" or "nobody": for events. */
const char *actor_kind_name(enum actor_kind kind);
