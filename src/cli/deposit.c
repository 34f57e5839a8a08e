// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What agents took in while the line was down, and the service would not have then. */

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

static const struct column many[] = {
        { "ID", "id", COLUMN_TEXT },       { "REASON", "reason", COLUMN_TEXT },
        { "QUEUE", "queue", COLUMN_TEXT }, { "FROM", "client", COLUMN_TEXT },
        { "USER", "user", COLUMN_TEXT },   { "CLAIMS TO BE", "claimed_email", COLUMN_TEXT },
        { "UNTIL", "until", COLUMN_TIME }, { NULL, NULL, 0 },
};

static const struct column given[] = {
        { "ID", "id", COLUMN_TEXT },
        { "GIVEN TO", "person_email", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

int deposit_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/refused-deposits", many, "Nothing was refused.");
}

int deposit_give_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/refused-deposits/%/person", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status
                      : change_run(&session, "PUT", path,
                                   json_pack("{s:s}", "person", invocation->operands[1]), given);
}

int deposit_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/refused-deposits/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Delete the document", "?");
}
