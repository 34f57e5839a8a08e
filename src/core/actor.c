// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/actor.h"

bool actor_is_administrator(const struct actor *actor)
{
        return actor->kind == ACTOR_PERSON && actor->role == ROLE_ADMINISTRATOR && !actor->prints_only;
}

const char *actor_kind_name(enum actor_kind kind)
{
        static const char *const names[] = {
                [ACTOR_NOBODY] = "nobody",
                [ACTOR_PERSON] = "person",
                [ACTOR_AGENT] = "agent",
        };

        return names[kind];
}
