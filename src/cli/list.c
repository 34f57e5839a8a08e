// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/list.h"

#include "base/scope.h"
#include "cli/names.h"

int list_run(struct invocation *invocation, const char *path, const struct column *columns, const char *none)
{
        SCOPED(session_done) struct session session;
        SCOPED(json_decrefp) json_t *items = NULL;
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_list(&session, path, 0, &items);
        if (status == EXIT_DONE && !session_print_json(&session, items)) {
                names_put(&session, columns, items);
                table_print(stdout, columns, items, none);
        }
        return status;
}

int show_run(struct invocation *invocation, const char *path, const struct column *columns)
{
        SCOPED(session_done) struct session session;
        SCOPED(json_decrefp) json_t *item = NULL;
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &item);
        if (status == EXIT_DONE && !session_print_json(&session, item)) {
                names_put(&session, columns, item);
                table_print_one(stdout, columns, item);
        }
        return status;
}

int change_run(struct session *session, const char *method, const char *path, json_t *body,
               const struct column *columns)
{
        SCOPED(json_decrefp) json_t *item = NULL;
        int status = session_call(session, method, path, body, &item);

        if (status == EXIT_DONE && !session_print_json(session, item) && item) {
                names_put(session, columns, item);
                table_print_one(stdout, columns, item);
        }
        return status;
}

int delete_run(struct session *session, const char *path, const char *before, const char *after)
{
        if (!session_confirm(session, "%s %s%s", before, session->invocation->operands[0], after))
                return EXIT_REFUSED;
        return session_call(session, "DELETE", path, NULL, NULL);
}
