// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

#define PATH_SIZE 1024

static const struct column groups[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "MEMBERS", "members", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct column people[] = {
        { "EMAIL", "email", COLUMN_TEXT },
        { "BY METHOD", "method", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column of_person[] = {
        { "GROUP", "name", COLUMN_TEXT },
        { "BY METHOD", "method", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static bool path_of(const struct invocation *invocation, const char *pattern, char path[PATH_SIZE])
{
        return path_make(path, PATH_SIZE, pattern, invocation->operands[0],
                         invocation->operand_count > 1 ? invocation->operands[1] : "");
}

int group_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/groups", groups,
                        "No groups yet. Add one: imprimatur group add NAME");
}

int group_members_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_of(invocation, "/v1/groups/%/members", path))
                return EXIT_REFUSED;
        return list_run(invocation, path, people,
                        "Nobody. Put somebody into it: imprimatur group join GROUP EMAIL");
}

static int send_name(struct invocation *invocation, const char *method, const char *path, const char *name)
{
        SCOPED(session_done) struct session session = { 0 };
        int status = session_open(&session, invocation);

        return status ? status : change_run(&session, method, path, json_pack("{s:s}", "name", name), groups);
}

int group_add_command(struct invocation *invocation)
{
        return send_name(invocation, "POST", "/v1/groups", invocation->operands[0]);
}

int group_rename_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_of(invocation, "/v1/groups/%", path))
                return EXIT_REFUSED;
        return send_name(invocation, "PATCH", path, invocation->operands[1]);
}

int group_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_of(invocation, "/v1/groups/%", path))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Delete the group", "? Its people stay.");
}

static int change_member(struct invocation *invocation, const char *method)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_of(invocation, "/v1/groups/%/members/%", path))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, method, path, NULL, NULL);
}

int group_join_command(struct invocation *invocation)
{
        return change_member(invocation, "PUT");
}

int group_leave_command(struct invocation *invocation)
{
        return change_member(invocation, "DELETE");
}

int person_groups_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_of(invocation, "/v1/people/%/groups", path))
                return EXIT_REFUSED;
        return list_run(invocation, path, of_person, "In no group.");
}
