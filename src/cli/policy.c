// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column policies[] = {
        { "ID", "id", COLUMN_TEXT },
        { "TITLE", "title", COLUMN_TEXT },
        { "SIDES", "sides", COLUMN_TEXT },
        { "MONOCHROME", "monochrome", COLUMN_FLAG },
        { "PIN", "job_password", COLUMN_FLAG },
        { "COPIES", "copies_max", COLUMN_TEXT },
        { "PAGES", "pages_max", COLUMN_TEXT },
        { "GROUP", "group", COLUMN_TEXT, "/v1/groups" },
        { "QUEUE", "queue", COLUMN_TEXT, "/v1/queues" },
        { "PRINTER", "printer", COLUMN_TEXT, "/v1/printers" },
        { "PRINTERS", "printer_group", COLUMN_TEXT },
        { "SITE", "site", COLUMN_TEXT, "/v1/sites" },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "title", "title", MEMBER_TEXT },
        { "group", "group", MEMBER_TEXT },
        { "queue", "queue", MEMBER_TEXT },
        { "printer", "printer", MEMBER_TEXT },
        { "printer-group", "printer_group", MEMBER_TEXT },
        { "site", "site", MEMBER_TEXT },
        { "sides", "sides", MEMBER_TEXT },
        { "monochrome", "monochrome", MEMBER_YES_NO },
        { "job-password", "job_password", MEMBER_YES_NO },
        { "copies-max", "copies_max", MEMBER_NUMBER },
        { "pages-max", "pages_max", MEMBER_NUMBER },
        { NULL, NULL, 0 },
};

int policy_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/policies", policies,
                        "No policies. Add one: imprimatur policy add TITLE --monochrome yes");
}

static int write_policy(struct invocation *invocation, const char *method, const char *path, json_t *body)
{
        SCOPED(session_done) struct session session = { 0 };
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                return change_run(&session, method, path, body, policies);
        json_decref(body);
        return status;
}

int policy_add_command(struct invocation *invocation)
{
        return write_policy(invocation, "POST", "/v1/policies",
                            json_pack("{s:s}", "title", invocation->operands[0]));
}

int policy_set_command(struct invocation *invocation)
{
        char path[512];

        if (!path_make(path, sizeof(path), "/v1/policies/%", invocation->operands[0], ""))
                return EXIT_REFUSED;
        return write_policy(invocation, "PATCH", path, json_object());
}

int policy_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/policies/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status
                      : delete_run(&session, path, "Delete the policy", "? It then holds for nobody.");
}
