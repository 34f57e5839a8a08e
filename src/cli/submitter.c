// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Whose user's name from which network is whose, for LPD. */

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column many[] = {
        { "ID", "id", COLUMN_TEXT },         { "NETWORK", "network", COLUMN_TEXT },
        { "USER", "user", COLUMN_TEXT },     { "PERSON", "person_email", COLUMN_TEXT },
        { "DOMAIN", "domain", COLUMN_TEXT }, { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "person", "person", MEMBER_TEXT },
        { "domain", "domain", MEMBER_TEXT },
        { "site", "site", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

int submitter_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/submitters", many,
                        "Nobody is known yet. Add one: imprimatur submitter add 10.1.0.0/16 mara --person "
                        "mara@example.org");
}

int submitter_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body =
                json_pack("{s:s, s:s}", "network", invocation->operands[0], "user", invocation->operands[1]);
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                return change_run(&session, "POST", "/v1/submitters", body, many);
        json_decref(body);
        return status;
}

int submitter_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/submitters/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Delete the rule", "?");
}
