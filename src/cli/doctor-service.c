// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/doctor.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/scope.h"

#define SOON_S (7 * 24 * 3600)

static const char *string_of(json_t *item, const char *name)
{
        const char *string = json_string_value(json_object_get(item, name));

        return string ? string : "?";
}

static bool is_soon(json_t *item)
{
        const char *string = json_string_value(json_object_get(item, "expires"));
        struct tm broken = { 0 };

        return string && strptime(string, "%Y-%m-%dT%H:%M:%S", &broken) &&
               timegm(&broken) < time(NULL) + SOON_S;
}

static void look_at_agent(struct findings *findings, json_t *agent, size_t *connected)
{
        const char *name = string_of(agent, "name");

        if (!json_is_true(json_object_get(agent, "enrolled")))
                finding_add(
                        findings, FINDING_WARNING, "agent",
                        "Enrol it with its code, or begin anew: imprimatur agent delete, imprimatur agent add.",
                        "%s has not enrolled yet", name);
        else if (!json_is_true(json_object_get(agent, "connected")))
                finding_add(
                        findings, FINDING_BAD, "agent",
                        "Start imprimatur-agent on its machine, and see its log; can it reach the service?",
                        "%s is not connected; it was seen %s", name, string_of(agent, "seen"));
        else if (is_soon(agent))
                finding_add(findings, FINDING_WARNING, "agent",
                            "Its log tells why it does not renew its key.",
                            "%s is connected, but its key ends %s", name, string_of(agent, "expires"));
        else
                finding_add(findings, FINDING_GOOD, "agent", NULL, "%s is connected", name);
        *connected += json_is_true(json_object_get(agent, "connected"));
}

static void look_at_agents(struct findings *findings, struct session *session)
{
        SCOPED(json_decrefp) json_t *agents = NULL;
        size_t connected = 0, i;
        json_t *agent;

        if (session_list(session, "/v1/agents", 0, &agents))
                return;
        json_array_foreach(agents, i, agent) look_at_agent(findings, agent, &connected);
        if (json_array_size(agents) == 0)
                finding_add(findings, FINDING_BAD, "agent", "Add one: imprimatur agent add NAME",
                            "there is no agent: nothing can be delivered");
}

static void look_at_printers(struct findings *findings, struct session *session)
{
        SCOPED(json_decrefp) json_t *printers = NULL;
        json_t *printer;
        size_t good = 0, i;

        if (session_list(session, "/v1/printers", 0, &printers))
                return;
        json_array_foreach(printers, i, printer)
        {
                const char *name = string_of(printer, "name");

                if (json_array_size(json_object_get(printer, "addresses")) == 0)
                        finding_add(findings, FINDING_BAD, "printer",
                                    "imprimatur printer set NAME --address URL", "%s has no address", name);
                else if (json_array_size(json_object_get(printer, "formats")) == 0)
                        finding_add(findings, FINDING_BAD, "printer",
                                    "imprimatur printer set NAME --format application/pdf",
                                    "%s takes no format", name);
                else if (!json_is_true(json_object_get(printer, "accepting")))
                        finding_add(findings, FINDING_WARNING, "printer",
                                    "imprimatur printer set NAME --accepting yes", "%s is switched off",
                                    name);
                else
                        good++;
        }
        if (json_array_size(printers) == 0)
                finding_add(findings, FINDING_BAD, "printer",
                            "Add one: imprimatur printer add NAME --address URL "
                            "--format TYPE",
                            "there is no printer");
        else
                finding_add(findings, FINDING_GOOD, "printers", NULL, "%zu of %zu can be released at", good,
                            json_array_size(printers));
}

static void look_at_queues(struct findings *findings, struct session *session)
{
        SCOPED(json_decrefp) json_t *queues = NULL;

        if (session_list(session, "/v1/queues", 0, &queues))
                return;
        if (json_array_size(queues) == 0)
                finding_add(findings, FINDING_BAD, "queue", "Add one: imprimatur queue add pull",
                            "there is no queue to print to");
        else
                finding_add(findings, FINDING_GOOD, "queues", NULL, "%zu", json_array_size(queues));
}

static void look_at_uncertain(struct findings *findings, struct session *session)
{
        SCOPED(json_decrefp) json_t *jobs = NULL;
        size_t count = 0, i;
        json_t *job;

        if (session_list(session, "/v1/jobs?state=releasing", 200, &jobs))
                return;
        json_array_foreach(jobs, i, job) count +=
                strcmp(string_of(json_object_get(job, "delivery"), "state"), "uncertain") == 0;
        if (count)
                finding_add(
                        findings, FINDING_WARNING, "jobs",
                        "Look at the tray; then imprimatur job settle JOB, or imprimatur release PRINTER JOB "
                        "--again",
                        "%zu of your jobs may have come out or not", count);
}

void doctor_look_at_service(struct findings *findings, struct session *session)
{
        SCOPED(json_decrefp) json_t *me = NULL;
        const char *role;

        if (session_call(session, "GET", "/v1/me", NULL, &me)) {
                finding_add(findings, FINDING_BAD, "sign-in", "Run: imprimatur login",
                            "the token is not good any more");
                return;
        }
        role = string_of(json_object_get(me, "person"), "role");
        finding_add(findings, FINDING_GOOD, "sign-in", NULL, "%s (%s)",
                    string_of(json_object_get(me, "person"), "email"), role);
        look_at_uncertain(findings, session);
        look_at_queues(findings, session);
        if (strcmp(role, "administrator") != 0)
                return;
        look_at_agents(findings, session);
        look_at_printers(findings, session);
}
