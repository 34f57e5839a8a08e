// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"
#include "cli/ticket.h"

/* Whose: of the options at most one. False after a complaint. */
static bool make_path(const struct invocation *invocation, char *ret, size_t size)
{
        static const struct {
                const char *option, *pattern;
        } rows[] = {
                { "person", "/v1/people/%/ticket" },
                { "queue", "/v1/queues/%/ticket" },
                { "printer", "/v1/printers/%/ticket" },
                { "site", "/v1/sites/%/ticket" },
        };
        const char *pattern = option_flag(invocation, "tenant") ? "/v1/tenant/ticket" : NULL, *name = "";

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                if (!option_value(invocation, rows[i].option))
                        continue;
                if (pattern) {
                        complain("Of --person, --queue, --printer, --site and --tenant give only one.");
                        return false;
                }
                pattern = rows[i].pattern;
                name = option_value(invocation, rows[i].option);
        }
        return path_make(ret, size, pattern ? pattern : "/v1/people/me/ticket", name, "");
}

static int print_ticket(struct session *session, json_t *ticket)
{
        if (session_print_json(session, ticket))
                return EXIT_DONE;
        ticket_print(ticket, "Nothing is set: as the printer does.");
        return EXIT_DONE;
}

int ticket_show_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        SCOPED(json_decrefp) json_t *ticket = NULL;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !make_path(invocation, path, sizeof(path)))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &ticket);
        return status ? status : print_ticket(&session, ticket);
}

int ticket_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *ticket = NULL;
        json_t *body = json_object();
        char path[512];
        int status = EXIT_DONE;

        if (ticket_members(invocation, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE && !make_path(invocation, path, sizeof(path)))
                status = EXIT_REFUSED;
        if (status) {
                json_decref(body);
                return status;
        }
        status = session_call(&session, "PUT", path, body, &ticket);
        return status ? status : print_ticket(&session, ticket);
}
