// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column many[] = {
        { "NAME", "name", COLUMN_TEXT },           { "TITLE", "title", COLUMN_TEXT },
        { "KIND", "kind", COLUMN_TEXT },           { "PATH", "path", COLUMN_TEXT },
        { "ACCEPTING", "accepting", COLUMN_FLAG }, { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "title", "title", MEMBER_TEXT },
        { "printer", "printer", MEMBER_TEXT },
        { "kind", "kind", MEMBER_TEXT },
        { "accepting", "accepting", MEMBER_YES_NO },
        { "takes-raw", "takes_raw", MEMBER_YES_NO },
        { "documents", "documents", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

int queue_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/queues", many, "No queues yet. Add one: imprimatur queue add pull");
}

int queue_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        const char *kind = option_flag(invocation, "printer") ? "direct" : "pull";
        json_t *body = json_pack("{s:s, s:s}", "name", invocation->operands[0], "kind", kind);
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                return change_run(&session, "POST", "/v1/queues", body, many);
        json_decref(body);
        return status;
}

int queue_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object();
        char path[512];
        int status = EXIT_DONE;

        if (!path_make(path, sizeof(path), "/v1/queues/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE && members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                return change_run(&session, "PATCH", path, body, many);
        json_decref(body);
        return status;
}

int queue_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/queues/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Delete the queue", "?");
}
