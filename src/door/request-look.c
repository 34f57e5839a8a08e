// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <string.h>

#include "core/trail/watch.h"
#include "door/request.h"

/*
 * Whether what is read with this right says nothing of people, or is noted where it is read (jobs, exports).
 * A right that is not named here is about people.
 */
static bool is_public(enum right right)
{
        switch (right) {
        case RIGHT_LOOK:
        case RIGHT_SIGN_IN:
        case RIGHT_AGENT_WORK:
        case RIGHT_ME:
        case RIGHT_TENANT_READ:
        case RIGHT_DOMAINS:
        case RIGHT_AUTHORIZE:
        case RIGHT_JOBS_READ:
        case RIGHT_PRINTERS_READ:
        case RIGHT_PRINTERS_INSPECT:
        case RIGHT_QUEUES_READ:
        case RIGHT_AGENTS_READ:
        case RIGHT_READERS_READ:
        case RIGHT_SITES_READ:
        case RIGHT_METHODS:
        case RIGHT_AUDIT_EXPORT: return true;
        default: return false;
        }
}

int request_note_look(struct request *request)
{
        const struct route *route = request->route;
        const struct actor *actor = &request->actor;
        struct id subject = { 0 };
        char words[128];

        /* The route's method: HEAD is GET too. */
        if (strcmp(route->method, "GET") != 0 || is_public(route->right) || actor->kind != ACTOR_PERSON ||
            actor_reach(actor, route->right) <= REACH_OWN)
                return 0;
        if (request->arguments[0].at)
                id_parse(request->arguments[0], &subject);
        if (id_equal(subject, actor->id))
                return 0;
        snprintf(words, sizeof(words), "at=%s", route->pattern);
        return watch_look(request->core, actor, "looked", words, subject);
}
