// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A device that prints for another organisation from now on. */

#include <stdio.h>

#include "base/scope.h"
#include "cli/nouns.h"
#include "cli/oauth.h"
#include "cli/session.h"
#include "cli/terminal.h"

static int begin(struct session *session, const char *email, const char *code, char ret[64])
{
        SCOPED(json_decrefp) json_t *begun = NULL;
        int status = session_call(session, "POST", "/v1/devices/moves",
                                  json_pack("{s:s, s:s}", "email", email, "company_code", code), &begun);

        if (status == EXIT_DONE)
                snprintf(ret, 64, "%s", json_string_value(json_object_get(begun, "id")));
        return status;
}

static int tell_token(struct session *session, json_t *moved, const char *member, const char *words)
{
        if (session_print_json(session, moved))
                return EXIT_DONE;
        printf("%s\n", json_string_value(json_object_get(moved, member)));
        fprintf(stderr, "This %s token is the device's from now on, at /ipp/print/%s/.\n", words,
                json_string_value(json_object_get(moved, "tenant")));
        return EXIT_DONE;
}

/* Who is signed in here is it over there from now on. */
static int tell(struct session *session, json_t *moved, const char *email)
{
        struct profile *profile = &session->profile;

        if (json_object_get(moved, "token"))
                return tell_token(session, moved, "token", "print");
        if (!profile->refresh_token[0])
                return tell_token(session, moved, "access_token", "access");
        snprintf(profile->email, sizeof(profile->email), "%s", email);
        if (!oauth_take(profile, moved))
                return complain("%s: this is no answer to a move.", profile->server);
        if (!profile_write(profile))
                return EXIT_REFUSED;
        json_object_del(moved, "access_token");
        json_object_del(moved, "refresh_token");
        if (session_print_json(session, moved))
                return EXIT_DONE;
        printf("You are signed in at %s (%s) as %s, to print and release.\n", profile->server,
               json_string_value(json_object_get(moved, "tenant")), email);
        return EXIT_DONE;
}

int device_move_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *moved = NULL;
        const char *company = option_value(invocation, "company-code");
        SCOPED(secret_line_done) struct secret_line code = { 0 };
        char id[64], path[256];
        int status;

        if (!company)
                return complain_of_usage(invocation, "name the other organisation: --company-code CODE");
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = begin(&session, invocation->operands[0], company, id);
        if (status)
                return status;
        fprintf(stderr, "A code was sent to %s, where there is such an account.\n", invocation->operands[0]);
        if (!terminal_secret("The code: ", &code) ||
            !path_make(path, sizeof(path), "/v1/devices/moves/%/code", id, ""))
                return EXIT_REFUSED;
        status = session_call(&session, "POST", path, json_pack("{s:s}", "code", code.octets), &moved);
        return status ? status : tell(&session, moved, invocation->operands[0]);
}
