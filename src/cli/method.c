// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The ways in which people of the organisation sign in, and what it asks of them. */

#include <errno.h>
#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/terminal.h"

static const struct column many[] = {
        { "KIND", "kind", COLUMN_TEXT },
        { "TITLE", "title", COLUMN_TEXT },
        { "ENABLED", "enabled", COLUMN_FLAG },
        { "POSITION", "position", COLUMN_TEXT },
        { "SECRET", "has_secret", COLUMN_FLAG },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column one[] = {
        { "Kind", "kind", COLUMN_TEXT },
        { "Title", "title", COLUMN_TEXT },
        { "Enabled", "enabled", COLUMN_FLAG },
        { "Position", "position", COLUMN_TEXT },
        { "Secret", "has_secret", COLUMN_FLAG },
        { "Since", "created", COLUMN_TIME },
        { "Id", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column policy[] = {
        { "Second factor", "second_factor", COLUMN_TEXT },
        { "PIN for pages", "pin_for_web", COLUMN_FLAG },
        { "Characters of a password", "password_least", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "title", "title", MEMBER_TEXT },
        { "enabled", "enabled", MEMBER_YES_NO },
        { "position", "position", MEMBER_NUMBER },
        { NULL, NULL, 0 },
};

static const struct member_option policy_members[] = {
        { "second-factor", "second_factor", MEMBER_TEXT },
        { "pin-for-web", "pin_for_web", MEMBER_YES_NO },
        { "password-least", "password_least", MEMBER_NUMBER },
        { NULL, NULL, 0 },
};

int method_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/methods", many, "None.");
}

/* By id, or by kind where there is only one of it. */
static int find(struct session *session, char path[256], const char *pattern)
{
        char id[64];
        int status = session_resolve(session, "/v1/methods", "kind", session->invocation->operands[0], id);

        if (status == EXIT_DONE && !path_make(path, 256, pattern, id, ""))
                status = EXIT_REFUSED;
        return status;
}

int method_show_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *found = NULL;
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = find(&session, path, "/v1/methods/%");
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &found);
        if (status || session_print_json(&session, found))
                return status;
        table_print_one(stdout, one, found);
        json_dumpf(json_object_get(found, "settings"), stdout, JSON_INDENT(2));
        printf("\n");
        return EXIT_DONE;
}

/* The members of the options; settings are a file, and the secret is typed. */
static bool read_body(struct invocation *invocation, json_t *body, int *ret_status)
{
        SCOPED(secret_line_done) struct secret_line secret = { 0 };
        const char *file = option_value(invocation, "settings");
        json_error_t error;
        json_t *settings;

        if (!members_set(invocation, members, body, ret_status))
                return false;
        if (file) {
                settings = strcmp(file, "-") == 0 ? json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &error)
                                                  : json_load_file(file, 0, &error);
                if (!json_is_object(settings)) {
                        json_decref(settings);
                        *ret_status = complain("%s: no JSON object: %s", file, error.text);
                        return false;
                }
                json_object_set_new(body, "settings", settings);
        }
        if (!option_flag(invocation, "secret"))
                return true;
        if (!terminal_secret("Secret: ", &secret)) {
                *ret_status = EXIT_REFUSED;
                return false;
        }
        json_object_set_new(body, "secret", json_string(secret.octets));
        return true;
}

int method_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *body = json_pack("{s:s}", "kind", invocation->operands[0]);
        int status;

        if (!read_body(invocation, body, &status))
                return status;
        status = session_open(&session, invocation);
        return status ? status : change_run(&session, "POST", "/v1/methods", take(body), one);
}

int method_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *body = json_object();
        char path[256];
        int status;

        if (!read_body(invocation, body, &status))
                return status;
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = find(&session, path, "/v1/methods/%");
        return status ? status : change_run(&session, "PATCH", path, take(body), one);
}

int method_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = find(&session, path, "/v1/methods/%");
        return status ? status
                      : delete_run(&session, path, "Delete the method", ", and end the sessions it opened?");
}

int method_try_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *tried = NULL;
        const char *sentence;
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = find(&session, path, "/v1/methods/%/try");
        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path, NULL, &tried);
        if (status || session_print_json(&session, tried))
                return status;
        sentence = json_string_value(json_object_get(tried, "sentence"));
        if (!json_is_true(json_object_get(tried, "works")))
                return complain("%s", sentence ? sentence : "it does not work.");
        printf("It works.%s%s\n", sentence ? " " : "", sentence ? sentence : "");
        return EXIT_DONE;
}

int sign_in_policy_show_command(struct invocation *invocation)
{
        return show_run(invocation, "/v1/tenant/sign-in", policy);
}

int sign_in_policy_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *body = json_object();
        int status;

        if (!members_set(invocation, policy_members, body, &status))
                return status;
        status = session_open(&session, invocation);
        return status ? status : change_run(&session, "PATCH", "/v1/tenant/sign-in", take(body), policy);
}
