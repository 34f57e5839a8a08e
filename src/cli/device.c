// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A device that prints for another organisation from now on. */

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "cli/nouns.h"
#include "cli/session.h"
#include "cli/terminal.h"

static void json_freep(json_t **value)
{
        json_decref(*value);
}

static int begin(struct session *session, const char *email, const char *code, char ret[64])
{
        SCOPED(json_freep) json_t *begun = NULL;
        int status = session_call(session, "POST", "/v1/devices/moves",
                                  json_pack("{s:s, s:s}", "email", email, "company_code", code), &begun);

        if (status == EXIT_DONE)
                snprintf(ret, 64, "%s", json_string_value(json_object_get(begun, "id")));
        return status;
}

int device_move_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_freep) json_t *moved = NULL;
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
        if (status || session_print_json(&session, moved))
                return status;
        printf("%s\n", json_string_value(json_object_get(moved, "token")));
        fprintf(stderr, "This print token is the device's from now on, at /ipp/print/%s/.\n",
                json_string_value(json_object_get(moved, "tenant")));
        return EXIT_DONE;
}
