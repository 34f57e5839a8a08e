// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The organisation, and oneself in it. */

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column me[] = {
        { "Email", "person.email", COLUMN_TEXT },
        { "Name", "person.name", COLUMN_TEXT },
        { "Role", "person.role", COLUMN_TEXT },
        { "PIN", "person.has_pin", COLUMN_FLAG },
        { "Badges", "person.badges", COLUMN_TEXT },
        { "Organisation", "tenant.title", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column tenant[] = {
        { "Name", "name", COLUMN_TEXT },
        { "Title", "title", COLUMN_TEXT },
        { "Company code", "company_code", COLUMN_TEXT },
        { "Mail domains", "domains", COLUMN_TEXT },
        { "Held for (s)", "held_for", COLUMN_TEXT },
        { "Kept when printed (s)", "printed_for", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "held-for", "held_for", MEMBER_SECONDS },
        { "printed-for", "printed_for", MEMBER_SECONDS },
        { NULL, NULL, 0 },
};

int me_command(struct invocation *invocation)
{
        return show_run(invocation, "/v1/me", me);
}

int tenant_show_command(struct invocation *invocation)
{
        return show_run(invocation, "/v1/tenant", tenant);
}

int tenant_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object();
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status) {
                json_decref(body);
                return status;
        }
        return change_run(&session, "PATCH", "/v1/tenant", body, tenant);
}
