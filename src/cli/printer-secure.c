// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* One word makes a printer secure: every queue that leads to it holds what is sent; and one takes it back. */

#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

#define PATH_SIZE 1024

static const char *string_of(const json_t *object, const char *member)
{
        const char *string = json_string_value(json_object_get(object, member));

        return string ? string : "";
}

static int change_queue(struct session *session, json_t *queue, const char *kind)
{
        SCOPED(json_decrefp) json_t *changed = NULL;
        char path[PATH_SIZE];
        int status;

        if (strcmp(string_of(queue, "kind"), kind) != 0) {
                if (!path_make(path, sizeof(path), "/v1/queues/%", string_of(queue, "id"), ""))
                        return EXIT_REFUSED;
                status = session_call(session, "PATCH", path, json_pack("{s:s}", "kind", kind), &changed);
                if (status)
                        return status;
        }
        if (!session->json)
                printf("%s is %s.\n", string_of(queue, "name"), kind);
        return EXIT_DONE;
}

/* Where none leads there yet, one of the printer's name. */
static int add_queue(struct session *session, const json_t *printer)
{
        SCOPED(json_decrefp) json_t *made = NULL;
        const char *name = string_of(printer, "name");
        int status = session_call(session, "POST", "/v1/queues",
                                  json_pack("{s:s, s:s, s:s}", "name", name, "kind", "secure", "printer",
                                            string_of(printer, "id")),
                                  &made);

        if (status == EXIT_DONE && !session_print_json(session, made))
                printf("%s is secure: a new queue.\n", name);
        return status;
}

static int change_queues(struct session *session, const json_t *printer, const char *kind)
{
        SCOPED(json_decrefp) json_t *queues = NULL;
        int status = session_list(session, "/v1/queues", 0, &queues);
        size_t i, count = 0;
        json_t *queue;

        if (status)
                return status;
        json_array_foreach(queues, i, queue)
        {
                if (strcmp(string_of(queue, "printer"), string_of(printer, "id")) != 0)
                        continue;
                count++;
                status = change_queue(session, queue, kind);
                if (status)
                        return status;
        }
        if (count == 0 && strcmp(kind, "secure") == 0)
                return add_queue(session, printer);
        if (count == 0)
                return complain("No queue leads to %s.", string_of(printer, "name"));
        return EXIT_DONE;
}

static int make(struct invocation *invocation, const char *kind)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *printer = NULL;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &printer);
        return status ? status : change_queues(&session, printer, kind);
}

int printer_secure_command(struct invocation *invocation)
{
        return make(invocation, "secure");
}

int printer_unsecure_command(struct invocation *invocation)
{
        return make(invocation, "direct");
}
