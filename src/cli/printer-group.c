// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

#define PATH_SIZE 1024

static const struct column groups[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "PRINTERS", "printers", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct column printers[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "ALIAS", "alias", COLUMN_TEXT },
        { "TITLE", "title", COLUMN_TEXT },
        { "LOCATION", "location", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static bool path_of(const struct invocation *invocation, const char *pattern, char path[PATH_SIZE])
{
        return path_make(path, PATH_SIZE, pattern, invocation->operands[0],
                         invocation->operand_count > 1 ? invocation->operands[1] : "");
}

int printer_group_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/printer-groups", groups,
                        "No groups of printers yet. Add one: imprimatur printer-group add NAME");
}

int printer_group_printers_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_of(invocation, "/v1/printer-groups/%/printers", path))
                return EXIT_REFUSED;
        return list_run(invocation, path, printers,
                        "None. Put one into it: imprimatur printer-group join GROUP PRINTER");
}

static int send_name(struct invocation *invocation, const char *method, const char *path, const char *name)
{
        SCOPED(session_done) struct session session = { 0 };
        int status = session_open(&session, invocation);

        return status ? status : change_run(&session, method, path, json_pack("{s:s}", "name", name), groups);
}

int printer_group_add_command(struct invocation *invocation)
{
        return send_name(invocation, "POST", "/v1/printer-groups", invocation->operands[0]);
}

int printer_group_rename_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_of(invocation, "/v1/printer-groups/%", path))
                return EXIT_REFUSED;
        return send_name(invocation, "PATCH", path, invocation->operands[1]);
}

int printer_group_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_of(invocation, "/v1/printer-groups/%", path))
                status = EXIT_REFUSED;
        return status ? status
                      : delete_run(&session, path, "Delete the group of printers", "? Its printers stay.");
}

static int change_printer(struct invocation *invocation, const char *method)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_of(invocation, "/v1/printer-groups/%/printers/%", path))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, method, path, NULL, NULL);
}

int printer_group_join_command(struct invocation *invocation)
{
        return change_printer(invocation, "PUT");
}

int printer_group_leave_command(struct invocation *invocation)
{
        return change_printer(invocation, "DELETE");
}
