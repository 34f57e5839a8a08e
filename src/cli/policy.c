// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>

#include "base/encoding.h"
#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/ticket.h"

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

static void print_trial(const json_t *trial)
{
        if (!json_is_true(json_object_get(trial, "may_print")))
                printf("This printer is not open to this person.\n\n");
        settled_print(json_object_get(trial, "settled"));
        printf("\n");
        table_print(stdout, policies, json_object_get(trial, "policies"), "No policy holds for it.");
}

static void add_query(struct buffer *path, const char *name, const char *value)
{
        if (!value)
                return;
        buffer_format(path, "&%s=", name);
        percent_format(text_from(value), path);
}

int policy_try_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(buffer_done) struct buffer path = BUFFER(4096);
        SCOPED(json_decrefp) json_t *trial = NULL;
        int status;

        buffer_add_string(&path, "/v1/policy-trial?person=");
        percent_format(text_from(invocation->operands[0]), &path);
        add_query(&path, "printer", invocation->operands[1]);
        add_query(&path, "queue", option_value(invocation, "queue"));
        add_query(&path, "pages", option_value(invocation, "length"));
        add_query(&path, "grey", option_value(invocation, "grey") ? "true" : NULL);
        ticket_query(invocation, &path);
        if (path.failure)
                return complain("The options are too long.");
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", buffer_string(&path), NULL, &trial);
        if (status || session_print_json(&session, trial))
                return status;
        print_trial(trial);
        return EXIT_DONE;
}
