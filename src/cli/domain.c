// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Mail domains; with --tenant those of another tenant, for operators. */

#include <stdio.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

static const struct column domains[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "PROVED", "proved", COLUMN_TIME },
        { "BY", "proved_by", COLUMN_TEXT },
        { "TXT RECORD OF", "proof.host", COLUMN_TEXT },
        { "WITH THE TEXT", "proof.txt", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

/* The path with "?tenant=" where one is named. */
static bool make_path(const struct invocation *invocation, const char *pattern, const char *id, char *ret,
                      size_t size)
{
        const char *tenant = option_value(invocation, "tenant");
        char whole[128];

        snprintf(whole, sizeof(whole), "%s%s", pattern, tenant ? "?tenant=%" : "");
        if (id)
                return path_make(ret, size, whole, id, tenant ? tenant : "");
        return path_make(ret, size, whole, tenant ? tenant : "", "");
}

int domain_list_command(struct invocation *invocation)
{
        char path[512];

        if (!make_path(invocation, "/v1/domains", NULL, path, sizeof(path)))
                return EXIT_REFUSED;
        return list_run(invocation, path, domains,
                        "No mail domains yet. Claim one: imprimatur domain add DOMAIN");
}

int domain_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !make_path(invocation, "/v1/domains", NULL, path, sizeof(path)))
                status = EXIT_REFUSED;
        if (status)
                return status;
        status = change_run(&session, "POST", path, json_pack("{s:s}", "name", invocation->operands[0]),
                            domains);
        if (status == EXIT_DONE && !session.json)
                fprintf(stderr,
                        "\nIt counts once it is proved: publish that TXT record, then run\n\n"
                        "    imprimatur domain prove %s\n",
                        invocation->operands[0]);
        return status;
}

/* The path of the domain that the operand names. */
static int find(struct session *session, const struct invocation *invocation, const char *pattern, char *ret,
                size_t size)
{
        char list[512], id[64];
        int status;

        if (!make_path(invocation, "/v1/domains", NULL, list, sizeof(list)))
                return EXIT_REFUSED;
        status = session_resolve(session, list, "name", invocation->operands[0], id);
        if (status == EXIT_DONE && !make_path(invocation, pattern, id, ret, size))
                status = EXIT_REFUSED;
        return status;
}

int domain_prove_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = find(&session, invocation, "/v1/domains/%/proof", path, sizeof(path));
        return status ? status : change_run(&session, "POST", path, NULL, domains);
}

int domain_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = find(&session, invocation, "/v1/domains/%", path, sizeof(path));
        return status ? status
                      : delete_run(&session, path, "Give up the domain",
                                   "? Its people then sign in with the company code.");
}
