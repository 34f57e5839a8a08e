// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/accounting.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

#define PATH_SIZE 512

static const struct column one[] = {
        { "Asked for", "needs", COLUMN_TEXT },
        { "People may save theirs", "may_save", COLUMN_FLAG },
        { "Account", "account", COLUMN_TEXT },
        { "User", "user", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "needs", "needs", MEMBER_TEXT },
        { "may-save", "may_save", MEMBER_YES_NO },
        { "account", "account", MEMBER_TEXT },
        { "account-user", "user", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

json_t *accounting_members(const struct invocation *invocation)
{
        const char *account = option_value(invocation, "account");
        const char *user = option_value(invocation, "account-user");

        return account || user ? json_pack("{s:s?, s:s?}", "account", account, "user", user) : NULL;
}

/* Shows it where nothing is to be changed. */
static int rule_run(struct invocation *invocation, const char *path)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object();
        int status;

        if (members_set(invocation, members, body, &status) && json_object_size(body)) {
                status = session_open(&session, invocation);
                if (status == EXIT_DONE)
                        return change_run(&session, "PATCH", path, body, one);
        } else if (status == EXIT_DONE) {
                status = show_run(invocation, path, one);
        }
        json_decref(body);
        return status;
}

int accounting_tenant_command(struct invocation *invocation)
{
        return rule_run(invocation, "/v1/tenant/accounting");
}

int accounting_printer_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        return path_make(path, sizeof(path), "/v1/printers/%/accounting", invocation->operands[0], "")
                       ? rule_run(invocation, path)
                       : EXIT_REFUSED;
}

int accounting_queue_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        return path_make(path, sizeof(path), "/v1/queues/%/accounting", invocation->operands[0], "")
                       ? rule_run(invocation, path)
                       : EXIT_REFUSED;
}

int accounting_show_command(struct invocation *invocation)
{
        return show_run(invocation, "/v1/me/accounting", one);
}

static int put(struct invocation *invocation, const char *path)
{
        SCOPED(session_done) struct session session;
        json_t *body = accounting_members(invocation);
        int status;

        if (!body)
                return complain_of_usage(invocation, "say --account, or --account-user, or both.");
        status = session_open(&session, invocation);
        if (status) {
                json_decref(body);
                return status;
        }
        return change_run(&session, "PUT", path, body, one);
}

int accounting_save_command(struct invocation *invocation)
{
        return put(invocation, "/v1/me/accounting");
}

int accounting_job_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        return path_make(path, sizeof(path), "/v1/jobs/%/accounting", invocation->operands[0], "")
                       ? put(invocation, path)
                       : EXIT_REFUSED;
}

int accounting_forget_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        int status = session_open(&session, invocation);

        return status ? status
                      : delete_run(&session, "/v1/me/accounting", "Forget who pays for your jobs", "?");
}
