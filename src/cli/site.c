// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column sites[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "TITLE", "title", COLUMN_TEXT },
        { "ADDRESS", "address", COLUMN_TEXT },
        { "GEO", "geo", COLUMN_TEXT },
        { "ENCRYPTED ONLY", "encrypted_only", COLUMN_FLAG },
        { "PRINTERS", "printers", COLUMN_TEXT },
        { "ADMINISTRATORS", "administrators", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column administrators[] = {
        { "EMAIL", "email", COLUMN_TEXT },
        { "NAME", "name", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column offline[] = {
        { "Goes on while the line is down", "enabled", COLUMN_FLAG },
        { "For so many hours", "hours", COLUMN_TEXT },
        { "Queues whose jobs wait there", "queues", COLUMN_TEXT },
        { "Jobs at one agent", "jobs", COLUMN_TEXT },
        { "Megabytes", "megabytes", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option offline_members[] = {
        { "enabled", "enabled", MEMBER_YES_NO },     { "hours", "hours", MEMBER_NUMBER },
        { "queue", "queues", MEMBER_TEXTS },         { "jobs", "jobs", MEMBER_NUMBER },
        { "megabytes", "megabytes", MEMBER_NUMBER }, { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "title", "title", MEMBER_TEXT },
        { "address", "address", MEMBER_TEXT },
        { "geo", "geo", MEMBER_TEXT },
        { "encrypted-only", "encrypted_only", MEMBER_YES_NO },
        { NULL, NULL, 0 },
};

int site_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/sites", sites, "No sites yet. Add one: imprimatur site add NAME");
}

/* The operands stand in the pattern's places; "" where there is only one. */
static bool make_path(const struct invocation *invocation, const char *pattern, char *ret, size_t size)
{
        return path_make(ret, size, pattern, invocation->operands[0],
                         invocation->operand_count > 1 ? invocation->operands[1] : "");
}

int site_show_command(struct invocation *invocation)
{
        char path[512];

        if (!make_path(invocation, "/v1/sites/%", path, sizeof(path)))
                return EXIT_REFUSED;
        return show_run(invocation, path, sites);
}

static int write_site(struct invocation *invocation, const char *method, const char *path, json_t *body)
{
        SCOPED(session_done) struct session session = { 0 };
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                return change_run(&session, method, path, body, sites);
        json_decref(body);
        return status;
}

int site_add_command(struct invocation *invocation)
{
        return write_site(invocation, "POST", "/v1/sites",
                          json_pack("{s:s}", "name", invocation->operands[0]));
}

int site_set_command(struct invocation *invocation)
{
        char path[512];

        if (!make_path(invocation, "/v1/sites/%", path, sizeof(path)))
                return EXIT_REFUSED;
        return write_site(invocation, "PATCH", path, json_object());
}

int site_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !make_path(invocation, "/v1/sites/%", path, sizeof(path)))
                status = EXIT_REFUSED;
        return status ? status
                      : delete_run(&session, path, "Delete the site",
                                   "? Its printers and agents then belong to none.");
}

int site_administrators_command(struct invocation *invocation)
{
        char path[512];

        if (!make_path(invocation, "/v1/sites/%/administrators", path, sizeof(path)))
                return EXIT_REFUSED;
        return list_run(invocation, path, administrators,
                        "Nobody. Appoint somebody: imprimatur site appoint SITE EMAIL");
}

static int change_administrator(struct invocation *invocation, const char *method)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !make_path(invocation, "/v1/sites/%/administrators/%", path, sizeof(path)))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, method, path, NULL, NULL);
}

int site_appoint_command(struct invocation *invocation)
{
        return change_administrator(invocation, "PUT");
}

int site_dismiss_command(struct invocation *invocation)
{
        return change_administrator(invocation, "DELETE");
}

/* Shows it; or says it, where what is not named stays as it is. */
int site_offline_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *change = json_object();
        json_t *kept = NULL;
        char path[512];
        int status;

        if (!members_set(invocation, offline_members, change, &status))
                return status;
        status = session_open(&session, invocation);
        if (status == EXIT_DONE && !make_path(invocation, "/v1/sites/%/offline", path, sizeof(path)))
                status = EXIT_REFUSED;
        if (status)
                return status;
        if (json_object_size(change) == 0)
                return change_run(&session, "GET", path, NULL, offline);
        status = session_call(&session, "GET", path, NULL, &kept);
        if (status)
                return status;
        json_object_update(kept, change);
        return change_run(&session, "PUT", path, kept, offline);
}
