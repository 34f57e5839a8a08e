// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/outpost.h"

#include "base/scope.h"
#include "cli/list.h"

static int say_code(const struct invocation *invocation, struct session *session,
                    const struct outpost_words *words, json_t *made)
{
        if (session_print_json(session, made))
                return EXIT_DONE;
        printf("%s\n", json_string_value(json_object_get(made, "code")));
        fprintf(stderr,
                "\nThis code enrols the %s %s, once, within a quarter of an hour. On its machine, with\n"
                "\n    [service]\n    url = %s\n    ca = FILE\n\nin its settings, run\n\n"
                "    %s --config FILE --enrol\n\nand type the code.\n",
                words->noun, invocation->operands[0], session->profile.server, words->program);
        return EXIT_DONE;
}

int outpost_make_code(struct invocation *invocation, const struct outpost_words *words, const char *pattern)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        char id[64], path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_resolve(&session, words->path, "name", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(path, sizeof(path), pattern, id, ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path, NULL, &made);
        return status ? status : say_code(invocation, &session, words, made);
}

int outpost_add(struct invocation *invocation, const struct outpost_words *words, json_t *body)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_call(&session, "POST", words->path, body, &made);
        else
                json_decref(body);
        return status ? status : say_code(invocation, &session, words, made);
}

int outpost_delete(struct invocation *invocation, const char *list, const char *pattern, const char *before,
                   const char *after)
{
        SCOPED(session_done) struct session session;
        char id[64], path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_resolve(&session, list, "name", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(path, sizeof(path), pattern, id, ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, before, after);
}
