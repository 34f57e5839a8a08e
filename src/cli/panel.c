// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Panels of printers: browsers that stand there. */

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column panels[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "SET UP", "bound", COLUMN_FLAG },
        { "SEEN", "seen", COLUMN_TIME },
        { "CODE EXPIRES", "expires", COLUMN_TIME },
        { "WORDS", "words", COLUMN_TEXT },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column policy[] = {
        { "Any browser may be a panel", "unbound", COLUMN_FLAG },
        { "Prints everything at once", "prints_at_once", COLUMN_FLAG },
        { "Releases from elsewhere take its code", "presence", COLUMN_FLAG },
        { "Hides titles", "hides_titles", COLUMN_FLAG },
        { "Words on idle screens", "words", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option policy_members[] = {
        { "unbound", "unbound", MEMBER_YES_NO },   { "print-at-once", "prints_at_once", MEMBER_YES_NO },
        { "presence", "presence", MEMBER_YES_NO }, { "hide-titles", "hides_titles", MEMBER_YES_NO },
        { "words", "words", MEMBER_WORDS },        { NULL, NULL, 0 },
};

int panel_list_command(struct invocation *invocation)
{
        char path[256];

        if (!path_make(path, sizeof(path), "/v1/printers/%/panels", invocation->operands[0], ""))
                return EXIT_REFUSED;
        return list_run(invocation, path, panels,
                        "No panels yet. Add one: imprimatur panel add PRINTER NAME");
}

int panel_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        json_t *body = json_pack("{s:s}", "name", invocation->operands[1]);
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%/panels", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path, body, &made);
        else
                json_decref(body);
        if (status || session_print_json(&session, made))
                return status;
        printf("%s%s\n", session.profile.server, json_string_value(json_object_get(made, "address")));
        fprintf(stderr,
                "\nOpen this address, once, within a quarter of an hour, in the browser that shall be the panel.\n"
                "The code alone, to be typed there: %s\n",
                json_string_value(json_object_get(made, "code")));
        return EXIT_DONE;
}

/* The path of the panel that the first two operands name. */
static int find_panel(struct session *session, struct invocation *invocation, char *path, size_t size)
{
        char list[256], id[64];
        int status = session_open(session, invocation);

        if (status == EXIT_DONE &&
            !path_make(list, sizeof(list), "/v1/printers/%/panels", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_resolve(session, list, "name", invocation->operands[1], id);
        if (status == EXIT_DONE && !path_make(path, size, "/v1/panels/%", id, ""))
                status = EXIT_REFUSED;
        return status;
}

int panel_words_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = find_panel(&session, invocation, path, sizeof(path));

        return status ? status
                      : change_run(&session, "PATCH", path,
                                   json_pack("{s:s}", "words", invocation->operands[2]), panels);
}

int panel_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = find_panel(&session, invocation, path, sizeof(path));

        return status ? status
                      : delete_run(
                                &session, path, "Take away the panel of",
                                "? Its browser then is none, and whoever is signed in there is not any more.");
}

int panel_policy_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object();
        int status;

        if (!members_set(invocation, policy_members, body, &status)) {
                json_decref(body);
                return status;
        }
        if (json_object_size(body) == 0) {
                json_decref(body);
                return show_run(invocation, "/v1/tenant/panels", policy);
        }
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                return change_run(&session, "PATCH", "/v1/tenant/panels", body, policy);
        json_decref(body);
        return status;
}
