// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The organisation's own programs, and machines. */

#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column columns[] = {
        { "TITLE", "title", COLUMN_TEXT },
        { "KIND", "kind", COLUMN_TEXT },
        { "MAY", "scope", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME },
        { "USED", "used", COLUMN_TIME },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};
static const struct column one[] = {
        { "Title", "title", COLUMN_TEXT },
        { "Kind", "kind", COLUMN_TEXT },
        { "May", "scope", COLUMN_TEXT },
        { "Answers go to", "redirects", COLUMN_TEXT },
        { "Account", "account", COLUMN_TEXT },
        { "Since", "created", COLUMN_TIME },
        { "Used", "used", COLUMN_TIME },
        { "Id", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};
static const struct column machine[] = {
        { "Queues", "queues", COLUMN_TEXT },
        { "Jobs at most", "jobs_max", COLUMN_TEXT },
        { NULL, NULL, 0 },
};
static const struct member_option members[] = {
        { "kind", "kind", MEMBER_TEXT },
        { "scope", "scope", MEMBER_TEXT },
        { "redirect", "redirects", MEMBER_TEXTS },
        { NULL, NULL, 0 },
};
static const struct member_option secret_members[] = {
        { "overlap", "overlap", MEMBER_SECONDS },
        { NULL, NULL, 0 },
};
static const struct member_option machine_members[] = {
        { "jobs-max", "jobs_max", MEMBER_NUMBER },
        { NULL, NULL, 0 },
};

/* Opens a session, and finds the client by title or id: its path, with what stands after it. */
static int open_one(struct session *session, struct invocation *invocation, const char *pattern,
                    char ret[256])
{
        char id[64];
        int status = session_open(session, invocation);

        if (status == EXIT_DONE)
                status = session_resolve(session, "/v1/clients", "title", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(ret, 256, pattern, id, ""))
                status = EXIT_REFUSED;
        return status;
}

int client_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/clients", columns,
                        "No clients. Add one: imprimatur client add TITLE");
}

int client_show_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = open_one(&session, invocation, "/v1/clients/%", path);

        return status ? status : show_run(invocation, path, one);
}

/* What is told once goes to standard output alone, for programs to take. */
static int print_secret(struct session *session, json_t *made)
{
        const char *secret = json_string_value(json_object_get(made, "secret"));

        if (session_print_json(session, made))
                return EXIT_DONE;
        printf("client_id %s\n", json_string_value(json_object_get(made, "id")));
        if (secret) {
                printf("client_secret %s\n", secret);
                fprintf(stderr, "\nThe secret is shown once. imprimatur client secret makes a new one.\n");
        }
        return EXIT_DONE;
}

int client_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        json_t *body = json_pack("{s:s, s:s, s:s}", "title", invocation->operands[0], "kind", "machine",
                                 "scope", "print");
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status) {
                json_decref(body);
                return status;
        }
        status = session_call(&session, "POST", "/v1/clients", body, &made);
        return status ? status : print_secret(&session, made);
}

int client_secret_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        json_t *body = json_object();
        char path[256];
        int status;

        if (members_set(invocation, secret_members, body, &status))
                status = open_one(&session, invocation, "/v1/clients/%/secrets", path);
        if (status) {
                json_decref(body);
                return status;
        }
        status = session_call(&session, "POST", path, body, &made);
        return status ? status : print_secret(&session, made);
}

/* Queues are named by name or id; the API takes ids. */
static int add_queues(struct session *session, const struct invocation *invocation, json_t *body)
{
        const char *names[OPTIONS_MAX];
        size_t count = option_values(invocation, "queue", names, OPTIONS_MAX);
        json_t *ids = count ? json_array() : NULL;

        for (size_t i = 0; i < count; i++) {
                char id[64];
                int status = session_resolve(session, "/v1/queues", "name", names[i], id);

                if (status) {
                        json_decref(ids);
                        return status;
                }
                json_array_append_new(ids, json_string(id));
        }
        if (ids)
                json_object_set_new(body, "queues", ids);
        return EXIT_DONE;
}

int client_machine_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object();
        char path[256];
        int status;

        if (members_set(invocation, machine_members, body, &status))
                status = open_one(&session, invocation, "/v1/clients/%/machine", path);
        if (status == EXIT_DONE)
                status = add_queues(&session, invocation, body);
        if (status == EXIT_DONE && json_object_size(body))
                return change_run(&session, "PATCH", path, body, machine);
        json_decref(body);
        return status ? status : show_run(invocation, path, machine);
}

int client_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = open_one(&session, invocation, "/v1/clients/%", path);

        return status ? status : delete_run(&session, path, "Delete the client", " and all it was given?");
}
