// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The organisation, and oneself in it; and organisations, as operators manage them. */

#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column me[] = {
        { "Email", "person.email", COLUMN_TEXT },
        { "Name", "person.name", COLUMN_TEXT },
        { "Role", "person.role", COLUMN_TEXT },
        { "PIN", "person.has_pin", COLUMN_FLAG },
        { "Badges", "person.badges", COLUMN_TEXT },
        { "Always company code", "always_company_code", COLUMN_FLAG },
        { "Organisation", "tenant.title", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column tenant[] = {
        { "Name", "name", COLUMN_TEXT },
        { "Title", "title", COLUMN_TEXT },
        { "Company code", "company_code", COLUMN_TEXT },
        { "Mail domains", "domains", COLUMN_TEXT },
        { "State", "state", COLUMN_TEXT },
        { "Rows deleted", "deletion.deleted", COLUMN_TEXT },
        { "  of", "deletion.rows", COLUMN_TEXT },
        { "Plan", "plan", COLUMN_TEXT },
        { "Networks inside", "inside", COLUMN_TEXT },
        { "Open from outside", "outside", COLUMN_TEXT },
        { "Language of mails", "language", COLUMN_TEXT },
        { "Held for (s)", "held_for", COLUMN_TEXT },
        { "Kept when printed (s)", "printed_for", COLUMN_TEXT },
        { "People", "use.people", COLUMN_TEXT },
        { "  at most", "limits.people", COLUMN_TEXT },
        { "Printers", "use.printers", COLUMN_TEXT },
        { "  at most", "limits.printers", COLUMN_TEXT },
        { "Agents", "use.agents", COLUMN_TEXT },
        { "  at most", "limits.agents", COLUMN_TEXT },
        { "Held jobs", "use.held_jobs", COLUMN_TEXT },
        { "  at most", "limits.held_jobs", COLUMN_TEXT },
        { "Kept octets", "use.held_octets", COLUMN_OCTETS },
        { "  at most", "limits.held_octets", COLUMN_OCTETS },
        { "Submissions this hour", "use.submissions_this_hour", COLUMN_TEXT },
        { "  at most", "limits.submissions_per_hour", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column many[] = {
        { "NAME", "name", COLUMN_TEXT },       { "TITLE", "title", COLUMN_TEXT },
        { "STATE", "state", COLUMN_TEXT },     { "PLAN", "plan", COLUMN_TEXT },
        { "DOMAINS", "domains", COLUMN_TEXT }, { "CODE", "company_code", COLUMN_TEXT },
        { "ID", "id", COLUMN_TEXT },           { NULL, NULL, 0 },
};

static const struct column made_columns[] = {
        { "Name", "tenant.name", COLUMN_TEXT },
        { "Company code", "tenant.company_code", COLUMN_TEXT },
        { "Administrator", "administrator.email", COLUMN_TEXT },
        { "Password, this once", "administrator.password", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column code[] = { { "Company code", "company_code", COLUMN_TEXT }, { NULL, NULL, 0 } };

static const struct member_option members[] = {
        { "title", "title", MEMBER_TEXT },
        { "held-for", "held_for", MEMBER_SECONDS },
        { "printed-for", "printed_for", MEMBER_SECONDS },
        { "encrypted-only", "encrypted_only", MEMBER_YES_NO },
        { "unsupported", "unsupported", MEMBER_TEXT },
        { "two-sites", "two_sites", MEMBER_TEXT },
        { "substitution", "substitution", MEMBER_TEXT },
        { "inside", "inside", MEMBER_TEXTS },
        { "outside", "outside", MEMBER_TEXT },
        { "language", "language", MEMBER_TEXT },
        { "plan", "plan", MEMBER_TEXT },
        { "domain", "domain", MEMBER_TEXT },
        { "company-code", "company_code", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

static const char *operand(const struct invocation *invocation)
{
        return invocation->operand_count ? invocation->operands[0] : NULL;
}

/* "/v1/tenant", or "/v1/tenants/NAME" where one is named. */
static bool make_path(const struct invocation *invocation, const char *after, char *ret, size_t size)
{
        char pattern[64];

        snprintf(pattern, sizeof(pattern), "%s%s", operand(invocation) ? "/v1/tenants/%" : "/v1/tenant",
                 after);
        return path_make(ret, size, pattern, operand(invocation) ? operand(invocation) : "", "");
}

int me_command(struct invocation *invocation)
{
        const char *always = option_value(invocation, "always-company-code");
        SCOPED(session_done) struct session session = { 0 };
        int status;

        if (!always)
                return show_run(invocation, "/v1/me", me);
        if (strcmp(always, "yes") != 0 && strcmp(always, "no") != 0)
                return complain_of_usage(invocation, "--always-company-code is yes or no.");
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_call(&session, "PATCH", "/v1/me",
                                      json_pack("{s:b}", "always_company_code", always[0] == 'y'), NULL);
        if (status)
                return status;
        profile_remember_company(always[0] == 'y');
        return show_run(invocation, "/v1/me", me);
}

int tenant_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/tenants", many, "No tenants.");
}

int tenant_show_command(struct invocation *invocation)
{
        char path[512];

        return make_path(invocation, "", path, sizeof(path)) ? show_run(invocation, path, tenant)
                                                             : EXIT_REFUSED;
}

/* "people=100", or "people=" for no limit. False after a complaint. */
static bool set_limits(const struct invocation *invocation, json_t *body, int *ret_status)
{
        const char *values[16];
        size_t count = option_values(invocation, "limit", values, ARRAY_LENGTH(values));
        json_t *limits = count ? json_object() : NULL;

        for (size_t i = 0; i < count; i++) {
                struct text name, rest;
                uint64_t number = 0;

                if (!text_cut(text_from(values[i]), '=', &name, &rest) ||
                    (rest.len && !text_number(rest, INT64_MAX, &number))) {
                        json_decref(limits);
                        *ret_status =
                                complain_of_usage(invocation, "--limit is NAME=NUMBER, or NAME= for none.");
                        return false;
                }
                json_object_setn_new(limits, name.at, name.len,
                                     rest.len ? json_integer((json_int_t)number) : json_null());
        }
        if (limits)
                json_object_set_new(body, "limits", limits);
        return true;
}

/* Takes the body over. */
static int send_body(struct invocation *invocation, const char *method, const char *path, json_t *body,
                     const struct column *columns)
{
        SCOPED(session_done) struct session session = { 0 };
        int status;

        if (members_set(invocation, members, body, &status) && set_limits(invocation, body, &status))
                status = session_open(&session, invocation);
        if (status) {
                json_decref(body);
                return status;
        }
        return change_run(&session, method, path, body, columns);
}

int tenant_set_command(struct invocation *invocation)
{
        char path[512];

        if (!make_path(invocation, "", path, sizeof(path)))
                return EXIT_REFUSED;
        return send_body(invocation, "PATCH", path, json_object(), tenant);
}

int tenant_add_command(struct invocation *invocation)
{
        const char *administrator = option_value(invocation, "administrator");

        if (!administrator)
                return complain_of_usage(invocation, "name its first administrator: --administrator EMAIL");
        return send_body(invocation, "POST", "/v1/tenants",
                         json_pack("{s:s, s:{s:s}}", "name", operand(invocation), "administrator", "email",
                                   administrator),
                         made_columns);
}

static int set_state(struct invocation *invocation, const char *state)
{
        char path[512];

        if (!make_path(invocation, "", path, sizeof(path)))
                return EXIT_REFUSED;
        return send_body(invocation, "PATCH", path, json_pack("{s:s}", "state", state), tenant);
}

int tenant_suspend_command(struct invocation *invocation)
{
        return set_state(invocation, "suspended");
}

int tenant_resume_command(struct invocation *invocation)
{
        return set_state(invocation, "active");
}

int tenant_code_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !make_path(invocation, "/company-code", path, sizeof(path)))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE &&
            !session_confirm(&session, "The present company code is dead then. Go on?"))
                status = EXIT_REFUSED;
        return status ? status : change_run(&session, "POST", path, NULL, code);
}

int tenant_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_make(path, sizeof(path), "/v1/tenants/%?confirm=%",
                                              operand(invocation), operand(invocation)))
                status = EXIT_REFUSED;
        return status ? status
                      : delete_run(
                                &session, path, "Delete the tenant",
                                " with all its people, printers and jobs? Its keys are destroyed, and nothing can "
                                "bring its documents back.");
}
