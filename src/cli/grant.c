// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

static const struct column many[] = {
        { "PROGRAM", "title", COLUMN_TEXT },
        { "DEVICE", "label", COLUMN_TEXT },
        { "MAY", "scope", COLUMN_TEXT },
        { "FROM", "source", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME },
        { "USED", "used", COLUMN_TIME },
        { "UNTIL", "expires", COLUMN_TIME },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

int grant_list_command(struct invocation *invocation)
{
        const char *person = option_value(invocation, "person");
        char path[1024];

        if (!person)
                return list_run(invocation, "/v1/grants", many, "Nothing acts for you.");
        if (!path_make(path, sizeof(path), "/v1/grants?person=%", person, ""))
                return EXIT_REFUSED;
        return list_run(invocation, path, many, "Nothing acts for that person.");
}

int grant_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/grants/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Take back the grant", "?");
}
