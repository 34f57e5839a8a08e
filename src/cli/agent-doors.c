// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The doors of an agent, and what the network's own DNS says of them. */

#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column one[] = {
        { "IPP door", "ipp.enabled", COLUMN_FLAG },
        { "  port", "ipp.port", COLUMN_TEXT },
        { "  queues", "ipp.queues", COLUMN_TEXT },
        { "  in clear, too", "ipp.plain", COLUMN_FLAG },
        { "  announced", "ipp.dns_sd", COLUMN_FLAG },
        { "  host", "ipp.host", COLUMN_TEXT },
        { "LPD door", "lpd.enabled", COLUMN_FLAG },
        { "  port", "lpd.port", COLUMN_TEXT },
        { "  queues", "lpd.queues", COLUMN_TEXT },
        { "  networks", "lpd.networks", COLUMN_TEXT },
        { "  reserved ports only", "lpd.reserved_ports", COLUMN_FLAG },
        { NULL, NULL, 0 },
};

static const struct member_option ipp_members[] = {
        { "ipp", "enabled", MEMBER_YES_NO },
        { "ipp-port", "port", MEMBER_NUMBER },
        { "ipp-queue", "queues", MEMBER_TEXTS },
        { "plain", "plain", MEMBER_YES_NO },
        { "dns-sd", "dns_sd", MEMBER_YES_NO },
        { "host", "host", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option lpd_members[] = {
        { "lpd", "enabled", MEMBER_YES_NO },
        { "lpd-port", "port", MEMBER_NUMBER },
        { "lpd-queue", "queues", MEMBER_TEXTS },
        { "lpd-network", "networks", MEMBER_TEXTS },
        { "reserved-ports", "reserved_ports", MEMBER_YES_NO },
        { NULL, NULL, 0 },
};

/* What is not named stays as it is: the doors are read, changed, and written as a whole. */
int agent_doors_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *ipp = json_object(), *lpd = json_object();
        json_t *doors = NULL;
        char path[256];
        int status;

        if (!members_set(invocation, ipp_members, ipp, &status) ||
            !members_set(invocation, lpd_members, lpd, &status))
                return status;
        status = session_open_agent(&session, invocation, "/v1/agents/%/doors", path, sizeof(path));
        if (status)
                return status;
        if (json_object_size(ipp) == 0 && json_object_size(lpd) == 0)
                return change_run(&session, "GET", path, NULL, one);
        status = session_call(&session, "GET", path, NULL, &doors);
        if (status)
                return status;
        json_object_update(json_object_get(doors, "ipp"), ipp);
        json_object_update(json_object_get(doors, "lpd"), lpd);
        return change_run(&session, "PUT", path, doors, one);
}

int agent_dns_records_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *answer = NULL;
        const char *host = option_value(invocation, "host"), *domain = option_value(invocation, "domain");
        char path[1024], query[640] = "";
        int status;

        if ((host && domain && !path_make(query, sizeof(query), "?host=%&domain=%", host, domain)) ||
            (host && !domain && !path_make(query, sizeof(query), "?host=%", host, "")) ||
            (!host && domain && !path_make(query, sizeof(query), "?domain=%", domain, "")))
                return EXIT_REFUSED;
        status = session_open_agent(&session, invocation, "/v1/agents/%/dns-records", path,
                                    sizeof(path) - sizeof(query));
        if (status)
                return status;
        memcpy(path + strlen(path), query, strlen(query) + 1);
        status = session_call(&session, "GET", path, NULL, &answer);
        if (status || session_print_json(&session, answer))
                return status;
        fputs(json_string_value(json_object_get(answer, "zone")), stdout);
        return EXIT_DONE;
}
