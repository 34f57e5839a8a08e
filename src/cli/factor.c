// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Sessions of pages, second factors, one-time codes. */

#include <stdio.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/qr.h"
#include "cli/terminal.h"

#define PATH_SIZE 1024

static const struct column sessions[] = {
        { "KIND", "kind", COLUMN_TEXT },     { "METHOD", "method", COLUMN_TEXT },
        { "FROM", "source", COLUMN_TEXT },   { "LABEL", "label", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME }, { "SEEN", "seen", COLUMN_TIME },
        { "ID", "id", COLUMN_TEXT },         { NULL, NULL, 0 },
};

static const struct column factors[] = {
        { "Authenticator program", "totp", COLUMN_FLAG },
        { "Passkeys", "passkeys", COLUMN_TEXT },
        { "Recovery codes left", "recovery_codes", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column codes[] = {
        { "ID", "id", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME },
        { "EXPIRES", "expires", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct member_option code_members[] = {
        { "expires", "expires_in", MEMBER_SECONDS },
        { NULL, NULL, 0 },
};

static bool path_of(const struct invocation *invocation, const char *pattern, char path[PATH_SIZE])
{
        return path_make(path, PATH_SIZE, pattern, invocation->operands[0],
                         invocation->operand_count > 1 ? invocation->operands[1] : "");
}

int session_list_command(struct invocation *invocation)
{
        const char *person = option_value(invocation, "person");
        char path[PATH_SIZE];

        if (!path_make(path, sizeof(path), "/v1/sessions?person=%", person ? person : "me", ""))
                return EXIT_REFUSED;
        return list_run(invocation, path, sessions, "Nobody is signed in to a page.");
}

int session_end_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        bool ends_all = option_flag(invocation, "all");
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_of(invocation, ends_all ? "/v1/people/%/sessions" : "/v1/sessions/%", path))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, "DELETE", path, NULL, NULL);
}

/* ---- second factors ---- */

int factor_show_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        return path_of(invocation, "/v1/people/%/factors", path) ? show_run(invocation, path, factors)
                                                                 : EXIT_REFUSED;
}

int factor_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_of(invocation, "/v1/people/%/factors", path))
                status = EXIT_REFUSED;
        return status ? status
                      : delete_run(&session, path, "Take every second factor of", " away: is it really him?");
}

/* Sets one's own path: who "me" is, the service says. */
static int find_me(struct session *session, const char *pattern, char path[PATH_SIZE])
{
        SCOPED(json_decrefp) json_t *me = NULL;
        const char *id;
        int status = session_call(session, "GET", "/v1/me", NULL, &me);

        if (status)
                return status;
        id = json_string_value(json_object_get(json_object_get(me, "person"), "id"));
        return id && path_make(path, PATH_SIZE, pattern, id, "") ? EXIT_DONE : EXIT_REFUSED;
}

static int print_recovery(const struct session *session, json_t *answer)
{
        json_t *list = json_object_get(answer, "recovery_codes"), *code;
        size_t i;

        if (session_print_json(session, answer) || json_array_size(list) == 0)
                return EXIT_DONE;
        fprintf(stderr,
                "Recovery codes, each good once, for the day on which everything else is lost. They are "
                "shown this once:\n\n");
        json_array_foreach(list, i, code) printf("%s\n", json_string_value(code));
        return EXIT_DONE;
}

int factor_totp_command(struct invocation *invocation)
{
        SCOPED(secret_line_done) struct secret_line code = { 0 };
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        SCOPED(json_decrefp) json_t *confirmed = NULL;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = find_me(&session, "/v1/people/%/totp", path);
        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path, NULL, &made);
        if (status)
                return status;
        qr_print(stderr, json_string_value(json_object_get(made, "uri")));
        fprintf(stderr, "\nTake it with your authenticator program, or type this there: %s\n\n",
                json_string_value(json_object_get(made, "secret")));
        if (!terminal_secret("The code it shows now: ", &code))
                return EXIT_REFUSED;
        status = session_call(&session, "PUT", path, json_pack("{s:s}", "totp", code.octets), &confirmed);
        return status ? status : print_recovery(&session, confirmed);
}

int factor_recovery_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = find_me(&session, "/v1/people/%/recovery-codes", path);
        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path, NULL, &made);
        return status ? status : print_recovery(&session, made);
}

/* ---- one-time codes ---- */

int code_list_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        return path_of(invocation, "/v1/people/%/codes", path)
                       ? list_run(invocation, path, codes, "No code is open.")
                       : EXIT_REFUSED;
}

int code_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *body = json_object();
        SCOPED(json_decrefp) json_t *made = NULL;
        const char *code;
        char path[PATH_SIZE];
        int status;

        if (!members_set(invocation, code_members, body, &status))
                return status;
        if (option_flag(invocation, "by-mail"))
                json_object_set_new(body, "by_mail", json_true());
        status = session_open(&session, invocation);
        if (status == EXIT_DONE && !path_of(invocation, "/v1/people/%/codes", path))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path, take(body), &made);
        if (status || session_print_json(&session, made))
                return status;
        code = json_string_value(json_object_get(made, "code"));
        if (code)
                printf("%s\n", code);
        fprintf(stderr, code ? "\nThis is shown once, and is good once: to sign in, or to release.\n"
                             : "It is on its way to the person's mailbox.\n");
        return EXIT_DONE;
}

int code_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_of(invocation, "/v1/people/%/codes/%", path))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Take back this code of", "?");
}
