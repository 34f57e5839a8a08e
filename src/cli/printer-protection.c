// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How a printer is protected: what goes there in clear, how it is recognised, which queues hold; and what its
 * agent found when it tried. */

#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

#define PATH_SIZE 1024

static const struct column protection[] = {
        { "Encrypted", "encrypted", COLUMN_TEXT },
        { "Recognised by", "recognised", COLUMN_TEXT },
        { "Addresses", "addresses", COLUMN_TEXT },
        { "Formats", "formats", COLUMN_TEXT },
        { "Queues that hold", "holding", COLUMN_TEXT },
        { "Queues that print at once", "direct", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column checks[] = {
        { "WAY", "name", COLUMN_TEXT },
        { "ADDRESS", "address", COLUMN_TEXT },
        { "OUTCOME", "outcome", COLUMN_TEXT },
        { "WHY", "reason", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const char *string_of(const json_t *object, const char *member)
{
        const char *string = json_string_value(json_object_get(object, member));

        return string ? string : "";
}

/* The printer's warning says it. */
static const char *encrypted(const json_t *printer)
{
        const json_t *warnings = json_object_get(printer, "warnings"), *warning;
        size_t i;

        json_array_foreach(warnings, i, warning)
        {
                if (strcmp(json_string_value(warning), "unencrypted") == 0)
                        return "never";
                if (strcmp(json_string_value(warning), "unencrypted-fallback") == 0)
                        return "where IPPS answers";
        }
        return "always";
}

static const char *recognised(const json_t *printer)
{
        const json_t *identity = json_object_get(printer, "identity");

        if (json_is_array(json_object_get(identity, "issued")))
                return "a certificate of the organisation's authority";
        if (string_of(identity, "spki")[0])
                return "the key that it showed first";
        if (string_of(identity, "uuid")[0])
                return "what it says of itself (UUID)";
        return "nothing yet";
}

static json_t *queues_of(const json_t *queues, const json_t *printer, bool direct)
{
        json_t *names = json_array(), *queue;
        size_t i;

        json_array_foreach(queues, i, queue)
        {
                bool is_direct = strcmp(string_of(queue, "kind"), "direct") == 0;

                if (strcmp(string_of(queue, "printer"), string_of(printer, "id")) == 0 && is_direct == direct)
                        json_array_append(names, json_object_get(queue, "name"));
        }
        return names;
}

static json_t *sum_up(json_t *printer, const json_t *queues, json_t *readiness)
{
        return json_pack(
                "{s:s, s:s, s:O, s:O, s:o, s:o, s:O?}", "encrypted", encrypted(printer), "recognised",
                recognised(printer), "addresses", json_object_get(printer, "addresses"), "formats",
                json_object_get(printer, "formats"), "holding", queues_of(queues, printer, false), "direct",
                queues_of(queues, printer, true), "checks", json_object_get(readiness, "checks"));
}

/* An agent that does not answer is no reason to say nothing. */
static int ask(struct session *session, const char *printer, json_t **ret)
{
        SCOPED(json_decrefp) json_t *found = NULL;
        SCOPED(json_decrefp) json_t *queues = NULL;
        SCOPED(json_decrefp) json_t *readiness = NULL;
        char path[PATH_SIZE];
        int status;

        if (!path_make(path, sizeof(path), "/v1/printers/%", printer, ""))
                return EXIT_REFUSED;
        status = session_call(session, "GET", path, NULL, &found);
        if (status == EXIT_DONE)
                status = session_list(session, "/v1/queues", 0, &queues);
        if (status == EXIT_DONE && path_make(path, sizeof(path), "/v1/printers/%/readiness", printer, ""))
                (void)session_call(session, "GET", path, NULL, &readiness);
        if (status == EXIT_DONE)
                *ret = sum_up(found, queues, readiness);
        return status;
}

int printer_protection_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *summary = NULL;
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = ask(&session, invocation->operands[0], &summary);
        if (status || session_print_json(&session, summary))
                return status;
        table_print_one(stdout, protection, summary);
        printf("\n");
        table_print(stdout, checks, json_object_get(summary, "checks"), "Its agent could not try.");
        return EXIT_DONE;
}
