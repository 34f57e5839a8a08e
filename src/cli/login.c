// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"
#include "base/text.h"
#include "cli/nouns.h"
#include "cli/session.h"
#include "cli/terminal.h"

static void json_freep(json_t **value)
{
        json_decref(*value);
}

/* The profile may be used from any folder. */
static bool make_absolute(char *path, size_t size)
{
        char *whole;
        bool fits;

        if (!path[0])
                return true;
        whole = realpath(path, NULL);
        if (!whole) {
                complain("%s: there is no such file.", path);
                return false;
        }
        fits = text_copy(text_from(whole), path, size);
        free(whole);
        return fits;
}

static int make_token(struct session *session)
{
        SCOPED(json_freep) json_t *made = NULL;
        char host[128] = "?", label[192];
        int status;

        gethostname(host, sizeof(host) - 1);
        snprintf(label, sizeof(label), "imprimatur on %s", host);
        status = session_call(session, "POST", "/v1/tokens",
                              json_pack("{s:s, s:s}", "label", label, "kind", "api"), &made);
        if (status)
                return status;
        snprintf(session->profile.token, sizeof(session->profile.token), "%s",
                 json_string_value(json_object_get(made, "token")));
        snprintf(session->profile.token_id, sizeof(session->profile.token_id), "%s",
                 json_string_value(json_object_get(made, "id")));
        return EXIT_DONE;
}

/* "CODE\EMAIL" is how the service is told both at once. */
static void name_company(const struct invocation *invocation, const char *email, char *ret, size_t size)
{
        const char *code = option_value(invocation, "company-code");

        snprintf(ret, size, "%s%s%s", code ? code : "", code ? "\\" : "", email);
}

int login_command(struct invocation *invocation)
{
        SCOPED(secret_line_done) struct secret_line password = { 0 };
        SCOPED(session_done) struct session session = { 0 };
        struct profile before;
        const char *email = option_value(invocation, "email");
        char typed[256], name[320];
        int status;

        if (!profile_read(invocation, &before))
                return EXIT_REFUSED;
        snprintf(typed, sizeof(typed), "%s", email ? email : before.email);
        profile_done(&before);
        if (!email && !terminal_ask("E-mail address", typed, sizeof(typed)))
                return complain_of_usage(invocation, "name yourself: --email you@example.com");
        if (!terminal_secret("Password: ", &password))
                return EXIT_REFUSED;
        name_company(invocation, typed, name, sizeof(name));
        status = session_open_as(&session, invocation, name, password.octets);
        if (status == EXIT_DONE && !make_absolute(session.profile.ca, sizeof(session.profile.ca)))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = make_token(&session);
        if (status)
                return status;
        snprintf(session.profile.email, sizeof(session.profile.email), "%s", typed);
        if (!profile_write(&session.profile))
                return EXIT_REFUSED;
        printf("You are signed in at %s as %s.\n", session.profile.server, typed);
        return EXIT_DONE;
}

int logout_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && session.profile.token_id[0] &&
            path_make(path, sizeof(path), "/v1/tokens/%", session.profile.token_id, ""))
                status = session_call(&session, "DELETE", path, NULL, NULL);
        profile_remove();
        if (status)
                complain("the profile is removed, but its token may live on: look at imprimatur token list.");
        return status;
}
