// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The state of the organisation's keys. */

#include <stdio.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

static const struct column versions[] = {
        { "VERSION", "version", COLUMN_TEXT },
        { "MADE", "created", COLUMN_TIME },
        { "DOCUMENTS", "documents", COLUMN_TEXT },
        { "NEWEST", "newest", COLUMN_FLAG },
        { NULL, NULL, 0 },
};

static const struct column exchange[] = {
        { "Carried over to version", "exchange.version", COLUMN_TEXT },
        { "  rows so far", "exchange.carried", COLUMN_TEXT },
        { "  of", "exchange.rows", COLUMN_TEXT },
        { "  since", "exchange.started", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct column days[] = {
        { "DAY", "day", COLUMN_TIME },
        { "DOCUMENTS", "documents", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static int show(struct invocation *invocation, const char *method)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *keys = NULL;
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_call(&session, method, "/v1/keys", NULL, &keys);
        if (status || session_print_json(&session, keys))
                return status;
        table_print(stdout, versions, json_object_get(keys, "versions"), "");
        if (!json_is_null(json_object_get(keys, "exchange"))) {
                printf("\n");
                table_print_one(stdout, exchange, keys);
        }
        printf("\n");
        table_print(stdout, days, json_object_get(keys, "days"), "No day has a key: nothing is held.");
        return EXIT_DONE;
}

int key_list_command(struct invocation *invocation)
{
        return show(invocation, "GET");
}

int key_rotate_command(struct invocation *invocation)
{
        return show(invocation, "POST");
}
