// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Agents. */

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/outpost.h"

static const struct column agents[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "ENROLLED", "enrolled", COLUMN_FLAG },
        { "CONNECTED", "connected", COLUMN_FLAG },
        { "SEEN", "seen", COLUMN_TIME },
        { "EXPIRES", "expires", COLUMN_TIME },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column one[] = {
        { "Name", "name", COLUMN_TEXT },
        { "Site", "site", COLUMN_TEXT, "/v1/sites" },
        { "Enrolled", "enrolled", COLUMN_FLAG },
        { "Connected", "connected", COLUMN_FLAG },
        { "Seen", "seen", COLUMN_TIME },
        { "Noticed on two machines", "cloned", COLUMN_TIME },
        { "Key expires", "expires", COLUMN_TIME },
        { "Badge readers", "features.readers", COLUMN_FLAG },
        { "Directory", "features.directory", COLUMN_FLAG },
        { "Discovery", "features.discovery", COLUMN_FLAG },
        { "IPP door", "features.ipp", COLUMN_FLAG },
        { "LPD door", "features.lpd", COLUMN_FLAG },
        { "Offline release", "features.offline", COLUMN_FLAG },
        { "Health told", "health.told", COLUMN_TIME },
        { "Version", "health.version", COLUMN_TEXT },
        { "Uptime (s)", "health.uptime", COLUMN_TEXT },
        { "Printed", "health.tasks.printed", COLUMN_TEXT },
        { "Sent", "health.tasks.sent", COLUMN_TEXT },
        { "Not printed", "health.tasks.not_printed", COLUMN_TEXT },
        { "Uncertain", "health.tasks.uncertain", COLUMN_TEXT },
        { "Service's clock is ahead (ms)", "health.clock.offset_ms", COLUMN_TEXT },
        { "Its clock jumped", "health.clock.jumped", COLUMN_TEXT },
        { "Badge readers connected", "health.readers.connected", COLUMN_TEXT },
        { "dialled", "health.readers.dialled", COLUMN_TEXT },
        { "bound by nobody", "health.readers.unbound", COLUMN_TEXT },
        { "Badges of nobody's", "health.readers.unknown_badges", COLUMN_TEXT },
        { "Open alarms", "alarms", COLUMN_TEXT },
        { "Room in the journal", "health.journal.room", COLUMN_TEXT },
        { "Jobs at home", "health.offline.homes", COLUMN_TEXT },
        { "Deposits", "health.offline.deposits", COLUMN_TEXT },
        { "Seconds without a line", "health.offline.snapshot_left", COLUMN_TEXT },
        { "Room on its disk", "health.disk.free", COLUMN_OCTETS },
        { "Created", "created", COLUMN_TIME },
        { "Id", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option agent_members[] = {
        { "site", "site", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option feature_members[] = {
        { "readers", "readers", MEMBER_YES_NO },
        { "directory", "directory", MEMBER_YES_NO },
        { "discovery", "discovery", MEMBER_YES_NO },
        { "ipp", "ipp", MEMBER_YES_NO },
        { "lpd", "lpd", MEMBER_YES_NO },
        { "offline", "offline", MEMBER_YES_NO },
        { NULL, NULL, 0 },
};

int agent_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/agents", agents,
                        "No agents yet. Add one: imprimatur agent add NAME");
}

static const struct outpost_words words = { "/v1/agents", "agent", "imprimatur-agent" };

int agent_code_command(struct invocation *invocation)
{
        return outpost_make_code(invocation, &words, "/v1/agents/%/code");
}

int agent_add_command(struct invocation *invocation)
{
        json_t *body = json_pack("{s:s}", "name", invocation->operands[0]);
        int status;

        if (members_set(invocation, agent_members, body, &status))
                return outpost_add(invocation, &words, body);
        json_decref(body);
        return status;
}

int agent_show_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char id[64], path[256];
        int status;

        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_resolve(&session, "/v1/agents", "name", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(path, sizeof(path), "/v1/agents/%", id, ""))
                status = EXIT_REFUSED;
        return status == EXIT_DONE ? change_run(&session, "GET", path, NULL, one) : status;
}

int agent_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object(), *features = json_object();
        char id[64], path[256];
        int status;

        if (members_set(invocation, agent_members, body, &status) &&
            members_set(invocation, feature_members, features, &status))
                status = session_open(&session, invocation);
        if (json_object_size(features) > 0)
                json_object_set(body, "features", features);
        json_decref(features);
        if (status == EXIT_DONE)
                status = session_resolve(&session, "/v1/agents", "name", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(path, sizeof(path), "/v1/agents/%", id, ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                return change_run(&session, "PATCH", path, body, one);
        json_decref(body);
        return status;
}

int agent_delete_command(struct invocation *invocation)
{
        return outpost_delete(invocation, "/v1/agents", "/v1/agents/%", "Revoke the agent",
                              "? What it is printing now becomes uncertain.");
}
