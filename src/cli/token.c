// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column many[] = {
        { "LABEL", "label", COLUMN_TEXT },   { "KIND", "kind", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME }, { "EXPIRES", "expires", COLUMN_TIME },
        { "USED", "used", COLUMN_TIME },     { "FROM", "used_from", COLUMN_TEXT },
        { "ID", "id", COLUMN_TEXT },         { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "kind", "kind", MEMBER_TEXT },
        { "queue", "queue", MEMBER_TEXT },
        { "expires", "expires_in", MEMBER_SECONDS },
        { NULL, NULL, 0 },
};

int token_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/tokens", many,
                        "No tokens. Make one: imprimatur token add LABEL --kind print");
}

/* False where it is no address. */
static bool print_address(const struct invocation *invocation, const json_t *made)
{
        const char *path = json_string_value(json_object_get(made, "path"));
        const char *host = option_value(invocation, "host");

        if (!path)
                return false;
        printf("ipps://%s%s\n", host ? host : "HOST", path);
        fprintf(stderr,
                "\nThis is shown once. It is the address of a print queue for one device, which asks for no "
                "password: whoever knows it prints in your name. imprimatur token delete revokes it.\n");
        return true;
}

int token_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        json_t *body = json_pack("{s:s, s:s}", "label", invocation->operands[0], "kind", "print");
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status) {
                json_decref(body);
                return status;
        }
        status = session_call(&session, "POST", "/v1/tokens", body, &made);
        if (status || session_print_json(&session, made))
                return status;
        if (print_address(invocation, made))
                return EXIT_DONE;
        printf("%s\n", json_string_value(json_object_get(made, "token")));
        fprintf(stderr,
                "\nThis is shown once. It is the password of a print queue (with any name), or a Bearer "
                "token of the API; imprimatur token delete revokes it.\n");
        return EXIT_DONE;
}

int token_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char id[64], path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_resolve(&session, "/v1/tokens", "label", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(path, sizeof(path), "/v1/tokens/%", id, ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Revoke the token", "?");
}
