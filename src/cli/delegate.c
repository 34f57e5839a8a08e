// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Delegates: who may act for whom. */

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column delegates[] = {
        { "DELEGATE", "person.email", COLUMN_TEXT },
        { "TITLES", "titles", COLUMN_FLAG },
        { "UNTIL", "until", COLUMN_TIME },
        { "SINCE", "created", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct column owners[] = {
        { "OWNER", "owner.email", COLUMN_TEXT },
        { "TITLES", "titles", COLUMN_FLAG },
        { "UNTIL", "until", COLUMN_TIME },
        { "SINCE", "created", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "titles", "titles", MEMBER_YES_NO },
        { "expires", "expires_in", MEMBER_SECONDS },
        { NULL, NULL, 0 },
};

int delegate_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/people/me/delegates", delegates,
                        "Nobody acts for you. Name somebody: imprimatur delegate add EMAIL");
}

int delegate_owners_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/people/me/owners", owners, "You act for nobody.");
}

int delegate_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object();
        char path[512];
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/people/me/delegates/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                return change_run(&session, "PUT", path, body, delegates);
        json_decref(body);
        return status;
}

int delegate_remove_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/people/me/delegates/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, "DELETE", path, NULL, NULL);
}

int delegate_decline_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/people/%/delegates/me", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, "DELETE", path, NULL, NULL);
}
