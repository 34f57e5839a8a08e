// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>

#include "base/scope.h"
#include "base/text.h"
#include "cli/list.h"
#include "cli/nouns.h"

static const struct column many[] = {
        { "AT", "at", COLUMN_TIME },
        { "EVENT", "event", COLUMN_TEXT },
        { "BY", "actor.kind", COLUMN_TEXT },
        { "ACTOR", "actor.id", COLUMN_TEXT },
        { "ABOUT", "subject", COLUMN_TEXT },
        { "DETAIL", "detail", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static void json_freep(json_t **value)
{
        json_decref(*value);
}

int event_list_command(struct invocation *invocation)
{
        const char *subject = option_value(invocation, "about"), *after = option_value(invocation, "after");
        const char *limit = option_value(invocation, "limit");
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_freep) json_t *items = NULL;
        uint64_t most = 0;
        char path[512];
        int status;

        if (limit && (!text_number(text_from(limit), 1000000, &most) || most == 0))
                return complain_of_usage(invocation, "--limit must be a number.");
        if (!path_make(path, sizeof(path), after ? "/v1/events?subject=%&after=%" : "/v1/events?subject=%",
                       subject ? subject : "", after ? after : ""))
                return EXIT_USAGE;
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_list(&session, path, most, &items);
        if (status == EXIT_DONE && !session_print_json(&session, items))
                table_print(stdout, many, items, "Nothing has happened.");
        return status;
}
