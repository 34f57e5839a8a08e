// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/outpost.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/scope.h"
#include "cli/list.h"
#include "os/file.h"

#define AUTHORITY_MAX 32768

/* All that the first start needs (outpost/package.h), for its owner alone. */
static int save_package(struct session *session, const json_t *made, const char *name,
                        const struct outpost_words *words)
{
        SCOPED(buffer_done) struct buffer authority = BUFFER(AUTHORITY_MAX);
        SCOPED(buffer_wipe) struct buffer file = BUFFER(2 * AUTHORITY_MAX);
        json_t *value;
        char *octets;
        int r;

        if (session->profile.ca[0] &&
            (file_read(session->profile.ca, AUTHORITY_MAX, &authority) || !buffer_string(&authority)))
                return complain("%s: cannot be read.", session->profile.ca);
        value = json_pack("{s:i, s:s, s:O, s:O, s:s, s:o}", "imprimatur_enrolment", 1, "program",
                          words->program, "name", json_object_get(made, "name"), "code",
                          json_object_get(made, "code"), "url", session->profile.server, "authority",
                          authority.len ? json_string(buffer_string(&authority)) : json_null());
        octets = value ? json_dumps(value, JSON_INDENT(2)) : NULL;
        json_decref(value);
        if (!octets)
                return complain("Out of memory.");
        buffer_add_string(&file, octets);
        buffer_add_string(&file, "\n");
        explicit_bzero(octets, strlen(octets));
        free(octets);
        r = file_replace(name, 0600, buffer_text(&file));
        if (r)
                return complain("%s: cannot be written: %s", name, strerror(r < 0 ? -r : EIO));
        fprintf(stderr,
                "%s enrols the %s, once, within a quarter of an hour. On its machine, run\n"
                "\n    %s --config FILE --enrol %s\n",
                name, words->noun, words->program, name);
        return EXIT_DONE;
}

static int say_code(const struct invocation *invocation, struct session *session,
                    const struct outpost_words *words, json_t *made)
{
        if (option_value(invocation, "output"))
                return save_package(session, made, option_value(invocation, "output"), words);
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
