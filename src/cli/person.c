// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/terminal.h"

#define PATH_SIZE 1024

static const struct column many[] = {
        { "EMAIL", "email", COLUMN_TEXT },       { "NAME", "name", COLUMN_TEXT },
        { "ROLE", "role", COLUMN_TEXT },         { "PASSWORD", "has_password", COLUMN_FLAG },
        { "PIN", "has_pin", COLUMN_FLAG },       { "BADGES", "badges", COLUMN_TEXT },
        { "DISABLED", "disabled", COLUMN_FLAG }, { NULL, NULL, 0 },
};

static const struct column one[] = {
        { "Email", "email", COLUMN_TEXT },
        { "Name", "name", COLUMN_TEXT },
        { "Department", "department", COLUMN_TEXT },
        { "Role", "role", COLUMN_TEXT },
        { "Password", "has_password", COLUMN_FLAG },
        { "PIN", "has_pin", COLUMN_FLAG },
        { "Badges", "badges", COLUMN_TEXT },
        { "Disabled", "disabled", COLUMN_FLAG },
        { "Since", "created", COLUMN_TIME },
        { "Id", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column badges[] = {
        { "ID", "id", COLUMN_TEXT },
        { "KIND", "kind", COLUMN_TEXT },
        { "ENDS IN", "tail", COLUMN_TEXT },
        { "LABEL", "label", COLUMN_TEXT },
        { "SINCE", "created", COLUMN_TIME },
        { "USED", "used", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "email", "email", MEMBER_TEXT },           { "name", "name", MEMBER_TEXT },
        { "department", "department", MEMBER_TEXT }, { "role", "role", MEMBER_TEXT },
        { "disabled", "disabled", MEMBER_YES_NO },   { NULL, NULL, 0 },
};

/* The path of the person of the first operand; a badge's of the second. */
static bool path_of(const struct invocation *invocation, const char *pattern, char path[PATH_SIZE])
{
        return path_make(path, PATH_SIZE, pattern, invocation->operands[0],
                         invocation->operand_count > 1 ? invocation->operands[1] : "");
}

int person_list_command(struct invocation *invocation)
{
        const char *search = option_value(invocation, "search"), *role = option_value(invocation, "role");
        char path[PATH_SIZE];

        if (!path_make(path, sizeof(path), "/v1/people?search=%&role=%", search ? search : "",
                       role ? role : ""))
                return EXIT_USAGE;
        return list_run(invocation, path, many,
                        search || role ? "Nobody like that."
                                       : "Nobody yet. Add somebody: imprimatur person add EMAIL");
}

int person_show_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        return path_of(invocation, "/v1/people/%", path) ? show_run(invocation, path, one) : EXIT_REFUSED;
}

static int send_members(struct invocation *invocation, const char *method, const char *path, json_t *body)
{
        SCOPED(session_done) struct session session = { 0 };
        int status;

        if (!members_set(invocation, members, body, &status)) {
                json_decref(body);
                return status;
        }
        status = session_open(&session, invocation);
        if (status) {
                json_decref(body);
                return status;
        }
        return change_run(&session, method, path, body, one);
}

int person_add_command(struct invocation *invocation)
{
        return send_members(invocation, "POST", "/v1/people",
                            json_pack("{s:s}", "email", invocation->operands[0]));
}

int person_set_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_of(invocation, "/v1/people/%", path))
                return EXIT_REFUSED;
        return send_members(invocation, "PATCH", path, json_object());
}

int person_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_of(invocation, "/v1/people/%", path))
                status = EXIT_REFUSED;
        if (status)
                return status;
        return delete_run(&session, path, "Delete", ", with every badge, token, job and document?");
}

static int set_secret(struct invocation *invocation, const char *pattern, const char *member,
                      const char *prompt)
{
        SCOPED(secret_line_done) struct secret_line secret = { 0 };
        SCOPED(session_done) struct session session;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status)
                return status;
        if (!path_of(invocation, pattern, path) || !terminal_new_secret(prompt, &secret))
                return EXIT_REFUSED;
        return session_call(&session, "PUT", path, json_pack("{s:s}", member, secret.octets), NULL);
}

int person_password_command(struct invocation *invocation)
{
        return set_secret(invocation, "/v1/people/%/password", "password", "New password: ");
}

int person_pin_command(struct invocation *invocation)
{
        return set_secret(invocation, "/v1/people/%/pin", "pin", "New PIN: ");
}

int person_badges_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_of(invocation, "/v1/people/%/badges", path))
                return EXIT_REFUSED;
        return list_run(invocation, path, badges, "No badges. Add one: imprimatur person badge EMAIL");
}

int person_badge_command(struct invocation *invocation)
{
        SCOPED(secret_line_done) struct secret_line number = { 0 };
        SCOPED(session_done) struct session session;
        const char *label = option_value(invocation, "label"), *kind = option_value(invocation, "kind");
        char path[PATH_SIZE];
        json_t *body;
        int status = session_open(&session, invocation);

        if (status)
                return status;
        if (!path_of(invocation, "/v1/people/%/badges", path) ||
            !terminal_secret("Badge number (hexadecimal, as its reader sends it): ", &number))
                return EXIT_REFUSED;
        body = json_pack("{s:s}", "number", number.octets);
        if (label)
                json_object_set_new(body, "label", json_string(label));
        if (kind)
                json_object_set_new(body, "kind", json_string(kind));
        return change_run(&session, "POST", path, body, badges);
}

int person_unbadge_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_of(invocation, "/v1/people/%/badges/%", path))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Take this badge from", "?");
}

/* What is done to a part of the person, without a body. */
static int help(struct invocation *invocation, const char *pattern)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_make(path, sizeof(path), pattern, invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, "DELETE", path, NULL, NULL);
}

int person_unpin_command(struct invocation *invocation)
{
        return help(invocation, "/v1/people/%/pin");
}

int person_unlock_command(struct invocation *invocation)
{
        return help(invocation, "/v1/people/%/lock");
}

int badge_claim_command(struct invocation *invocation)
{
        static const struct column claimed[] = {
                { "Number ends in", "tail", COLUMN_TEXT },
                { "Hold it there again until", "expires", COLUMN_TIME },
                { NULL, NULL, 0 },
        };
        SCOPED(session_done) struct session session = { 0 };
        int status = session_open(&session, invocation);

        return status ? status
                      : change_run(&session, "POST", "/v1/badge-enrolments",
                                   json_pack("{s:s}", "printer", invocation->operands[0]), claimed);
}
