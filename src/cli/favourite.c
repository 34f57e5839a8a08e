// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* One's own printers: favourites, and where one was last. */

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column mine[] = {
        { "NAME", "name", COLUMN_TEXT },         { "TITLE", "title", COLUMN_TEXT },
        { "LOCATION", "location", COLUMN_TEXT }, { "FAVOURITE", "favourite", COLUMN_FLAG },
        { "RELEASED", "released", COLUMN_TIME }, { NULL, NULL, 0 },
};

int favourite_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/me/printers", mine,
                        "None. Mark one: imprimatur favourite add PRINTER");
}

static int turn(struct invocation *invocation, const char *method)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/me/printers/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, method, path, NULL, NULL);
}

int favourite_add_command(struct invocation *invocation)
{
        return turn(invocation, "PUT");
}

int favourite_remove_command(struct invocation *invocation)
{
        return turn(invocation, "DELETE");
}
