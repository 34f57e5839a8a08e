// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How people come to be known by themselves: admission, address rules, registrations. */

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/terminal.h"

#define PATH_SIZE 1024

static const struct column admission[] = {
        { "Registration", "registration", COLUMN_FLAG },
        { "Approval", "approval", COLUMN_FLAG },
        { "Directory only", "directory_only", COLUMN_FLAG },
        { "Badge enrolment", "badge_enrolment", COLUMN_FLAG },
        { "Guests", "guests", COLUMN_FLAG },
        { "Guests for (s)", "guest_for", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option admission_members[] = {
        { "registration", "registration", MEMBER_YES_NO },
        { "approval", "approval", MEMBER_YES_NO },
        { "directory-only", "directory_only", MEMBER_YES_NO },
        { "badge-enrolment", "badge_enrolment", MEMBER_YES_NO },
        { "guests", "guests", MEMBER_YES_NO },
        { "guest-for", "guest_for", MEMBER_SECONDS },
        { NULL, NULL, 0 },
};

static const struct column rules[] = {
        { "ID", "id", COLUMN_TEXT },           { "KIND", "kind", COLUMN_TEXT },
        { "PATTERN", "pattern", COLUMN_TEXT }, { "NOTE", "note", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME },   { NULL, NULL, 0 },
};

static const struct column registrations[] = {
        { "ID", "id", COLUMN_TEXT },         { "EMAIL", "email", COLUMN_TEXT },
        { "NAME", "name", COLUMN_TEXT },     { "STATE", "state", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME }, { NULL, NULL, 0 },
};

static const struct column state[] = {
        { "State", "state", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

int admission_show_command(struct invocation *invocation)
{
        return show_run(invocation, "/v1/admission", admission);
}

static int send_with(struct invocation *invocation, const struct member_option *options, const char *method,
                     const char *path, json_t *body, const struct column *columns)
{
        SCOPED(session_done) struct session session = { 0 };
        int status;

        if (members_set(invocation, options, body, &status))
                status = session_open(&session, invocation);
        if (status) {
                json_decref(body);
                return status;
        }
        return change_run(&session, method, path, body, columns);
}

int admission_set_command(struct invocation *invocation)
{
        return send_with(invocation, admission_members, "PATCH", "/v1/admission", json_object(), admission);
}

int address_rule_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/address-rules", rules, "No rules: every address may come.");
}

int address_rule_add_command(struct invocation *invocation)
{
        static const struct member_option note[] = { { "note", "note", MEMBER_TEXT }, { NULL, NULL, 0 } };
        json_t *body =
                json_pack("{s:s, s:s}", "kind", invocation->operands[0], "pattern", invocation->operands[1]);

        return send_with(invocation, note, "POST", "/v1/address-rules", body, rules);
}

static int delete_one(struct invocation *invocation, const char *pattern, const char *before)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_make(path, sizeof(path), pattern, invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, before, "?");
}

int address_rule_delete_command(struct invocation *invocation)
{
        return delete_one(invocation, "/v1/address-rules/%", "Delete the rule");
}

int registration_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/registrations", registrations, "Nobody waits.");
}

int registration_approve_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/registrations/%/approval", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, "PUT", path, NULL, NULL);
}

int registration_delete_command(struct invocation *invocation)
{
        return delete_one(invocation, "/v1/registrations/%", "Turn away");
}

int register_command(struct invocation *invocation)
{
        static const struct member_option options[] = { { "name", "name", MEMBER_TEXT },
                                                        { "company-code", "company_code", MEMBER_TEXT },
                                                        { NULL, NULL, 0 } };
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_pack("{s:s}", "email", invocation->operands[0]);
        int status;

        if (members_set(invocation, options, body, &status))
                status = session_open_as(&session, invocation, NULL, NULL);
        if (status) {
                json_decref(body);
                return status;
        }
        status = session_call(&session, "POST", "/v1/registrations", body, NULL);
        if (status == EXIT_DONE)
                printf("If this address may have an account, a code is on its way to it.\n"
                       "Then: imprimatur register confirm CODE\n");
        return status;
}

int register_confirm_command(struct invocation *invocation)
{
        SCOPED(secret_line_done) struct secret_line password = { 0 };
        SCOPED(session_done) struct session session = { 0 };
        int status = session_open_as(&session, invocation, NULL, NULL);

        if (status)
                return status;
        if (!terminal_new_secret("New password: ", &password))
                return EXIT_REFUSED;
        return change_run(
                &session, "POST", "/v1/registrations/confirm",
                json_pack("{s:s, s:s}", "code", invocation->operands[0], "password", password.octets), state);
}
