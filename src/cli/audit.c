// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"
#include "base/text.h"
#include "cli/list.h"
#include "cli/nouns.h"
#include "cli/save.h"
#include "cli/terminal.h"

static const struct column many[] = {
        { "NUMBER", "number", COLUMN_TEXT },  { "AT", "at", COLUMN_TIME },
        { "EVENT", "event", COLUMN_TEXT },    { "BY", "actor.kind", COLUMN_TEXT },
        { "ACTOR", "actor.id", COLUMN_TEXT }, { "VIA", "via", COLUMN_TEXT },
        { "FROM", "source", COLUMN_TEXT },    { "ABOUT", "subject", COLUMN_TEXT },
        { "DETAIL", "detail", COLUMN_TEXT },  { NULL, NULL, 0 },
};

int audit_list_command(struct invocation *invocation)
{
        static const char *const words[][2] = { { "about", "subject" }, { "after", "after" },
                                                { "by", "actor" },      { "event", "event" },
                                                { "since", "since" },   { "until", "until" } };
        const char *limit = option_value(invocation, "limit");
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *items = NULL;
        uint64_t most = 0;
        char path[1024];
        size_t len;
        int status;

        if (limit && (!text_number(text_from(limit), 1000000, &most) || most == 0))
                return complain_of_usage(invocation, "--limit must be a number.");
        len = (size_t)snprintf(path, sizeof(path), "/v1/audit/records?order=%s",
                               option_flag(invocation, "newest") ? "newest" : "oldest");
        for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
                const char *value = option_value(invocation, words[i][0]);

                if (!value)
                        continue;
                len += (size_t)snprintf(path + len, sizeof(path) - len, "&%s=", words[i][1]);
                if (!path_make(path + len, sizeof(path) - len, "%", value, NULL))
                        return EXIT_USAGE;
                len += strlen(path + len);
        }
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_list(&session, path, most, &items);
        if (status == EXIT_DONE && !session_print_json(&session, items))
                table_print(stdout, many, items, "Nothing has happened.");
        return status;
}

struct taken {
        FILE *to;
        uint64_t lines;
};

static bool take_octets(void *context, struct text octets)
{
        struct taken *taken = context;

        for (size_t i = 0; i < octets.len; i++)
                if (octets.at[i] == '\n')
                        terminal_progress(++taken->lines, false);
        return fwrite(octets.at, 1, octets.len, taken->to) == octets.len;
}

struct export
{
        struct session *session;
        const char *path;
};

static int export_to(void *context, FILE *file)
{
        const struct export *export = context;
        struct taken taken = { .to = file };
        int status = session_take(export->session, export->path, take_octets, &taken);

        terminal_progress(taken.lines, true);
        return status;
}

int audit_export_command(struct invocation *invocation)
{
        const char *format = option_value(invocation, "format"), *after = option_value(invocation, "after");
        const char *output = option_value(invocation, "output");
        SCOPED(session_done) struct session session = { 0 };
        struct taken taken = { stdout, 0 };
        char path[512];
        int status;

        if (!path_make(path, sizeof(path), "/v1/audit/export?format=%&after=%", format ? format : "json",
                       after ? after : ""))
                return EXIT_USAGE;
        status = session_open(&session, invocation);
        if (status)
                return status;
        if (output)
                return save_file(output, export_to, &(struct export){ &session, path });
        status = session_take(&session, path, take_octets, &taken);
        return status == EXIT_DONE && fflush(stdout) ? complain("%s", strerror(errno)) : status;
}
