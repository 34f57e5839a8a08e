// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What printers complain of, and who is told of it. */

#include <stdio.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column alerts[] = {
        { "OPENED", "opened", COLUMN_TIME },     { "PRINTER", "printer_name", COLUMN_TEXT },
        { "SEVERITY", "severity", COLUMN_TEXT }, { "CONCERNS", "concerns", COLUMN_TEXT },
        { "CODE", "code", COLUMN_TEXT },         { "DESCRIPTION", "description", COLUMN_TEXT },
        { "CLOSED", "closed", COLUMN_TIME },     { NULL, NULL, 0 },
};

static const struct column routes[] = {
        { "TITLE", "title", COLUMN_TEXT },
        { "KIND", "kind", COLUMN_TEXT },
        { "TO", "to", COLUMN_TEXT },
        { "LEAST", "least", COLUMN_TEXT },
        { "CONCERNS", "concerns", COLUMN_TEXT },
        { "WAITING", "waiting", COLUMN_TEXT },
        { "LAST", "outcome", COLUMN_TEXT },
        { "AT", "outcome_at", COLUMN_TIME },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column made[] = {
        { "Id", "id", COLUMN_TEXT }, { "Kind", "kind", COLUMN_TEXT },
        { "To", "to", COLUMN_TEXT }, { "Secret, shown this once", "secret", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "title", "title", MEMBER_TEXT },
        { "to", "to", MEMBER_TEXT },
        { "least", "least", MEMBER_TEXT },
        { "concerns", "concerns", MEMBER_TEXTS },
        { "site", "site", MEMBER_TEXT },
        { "closings", "closings", MEMBER_YES_NO },
        { NULL, NULL, 0 },
};

int alert_list_command(struct invocation *invocation)
{
        const char *printer = option_value(invocation, "printer");
        const char *which = option_flag(invocation, "all") ? "all" : "open";
        char path[512];

        if (!path_make(path, sizeof(path), printer ? "/v1/alerts?which=%&printer=%" : "/v1/alerts?which=%",
                       which, printer ? printer : ""))
                return EXIT_REFUSED;
        return list_run(invocation, path, alerts, "Nothing that anybody complained of.");
}

int alert_route_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/alert-routes", routes,
                        "Nobody is told. Add somebody: imprimatur alert-route add TITLE mail ADDRESS");
}

int alert_route_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_pack("{s:s, s:s, s:s}", "title", invocation->operands[0], "kind",
                                 invocation->operands[1], "to", invocation->operands[2]);
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                return change_run(&session, "POST", "/v1/alert-routes", body, made);
        json_decref(body);
        return status;
}

static const struct column changed[] = {
        { "Title", "title", COLUMN_TEXT },
        { "Kind", "kind", COLUMN_TEXT },
        { "To", "to", COLUMN_TEXT },
        { "Least", "least", COLUMN_TEXT },
        { "Concerns", "concerns", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

int alert_route_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object();
        char path[512];
        int status;

        if (members_set(invocation, members, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/alert-routes/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                return change_run(&session, "PATCH", path, body, changed);
        json_decref(body);
        return status;
}

int alert_route_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/alert-routes/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status
                      : delete_run(&session, path, "Delete the route",
                                   "? What still waits is not told either.");
}
