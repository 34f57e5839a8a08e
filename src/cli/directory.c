// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Directories: sign-in methods of kind "ldap", tried and synchronised. */

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"
#include "cli/terminal.h"
#include "os/file.h"

#define METHODS      "/v1/methods"
#define SETTINGS_MAX 65536
#define LOOK_MS      300

static const struct column many[] = {
        { "TITLE", "title", COLUMN_TEXT },
        { "SERVERS", "settings.servers", COLUMN_TEXT },
        { "AGENT", "settings.agent", COLUMN_TEXT },
        { "ENABLED", "enabled", COLUMN_FLAG },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column run[] = {
        { "OUTCOME", "outcome", COLUMN_TEXT },
        { "SEEN", "seen", COLUMN_TEXT },
        { "MADE", "made", COLUMN_TEXT },
        { "CHANGED", "changed", COLUMN_TEXT },
        { "BADGES", "badges", COLUMN_TEXT },
        { "DISABLED", "disabled", COLUMN_TEXT },
        { "ENABLED", "enabled", COLUMN_TEXT },
        { "REFUSED", "refused", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column domains[] = {
        { "NAME", "name", COLUMN_TEXT },     { "DNS", "dns", COLUMN_TEXT },   { "URL", "url", COLUMN_TEXT },
        { "ORIGIN", "origin", COLUMN_TEXT }, { "USED", "used", COLUMN_FLAG }, { NULL, NULL, 0 },
};

static void json_donep(json_t **json)
{
        json_decref(*json);
}

int directory_list_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_donep) json_t *methods = NULL, *found = json_array();
        json_t *method;
        size_t i;
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_list(&session, METHODS, 0, &methods);
        if (status)
                return status;
        json_array_foreach(methods, i, method)
        {
                const char *kind = json_string_value(json_object_get(method, "kind"));

                if (kind && strcmp(kind, "ldap") == 0)
                        json_array_append(found, method);
        }
        if (!session_print_json(&session, found))
                table_print(stdout, many, found, "No directories. Add one: imprimatur directory add FILE");
        return EXIT_DONE;
}

/* The settings, JSON in a file; NULL after a complaint. */
static json_t *read_settings(const char *path)
{
        SCOPED(buffer_done) struct buffer file = BUFFER(SETTINGS_MAX);
        json_error_t error;
        json_t *json;

        if (file_read(path, SETTINGS_MAX, &file) != 0) {
                fprintf(stderr, "imprimatur: %s: cannot be read\n", path);
                return NULL;
        }
        json = json_loadb(file.at, file.len, JSON_REJECT_DUPLICATES, &error);
        if (!json)
                fprintf(stderr, "imprimatur: %s:%d: %s\n", path, error.line, error.text);
        return json;
}

static json_t *make_body(struct invocation *invocation)
{
        SCOPED(secret_line_done) struct secret_line secret = { 0 };
        const char *title = option_value(invocation, "title");
        json_t *settings = read_settings(invocation->operands[0]);

        if (!settings)
                return NULL;
        if (!terminal_secret("Password of the account that looks people up: ", &secret)) {
                json_decref(settings);
                return NULL;
        }
        return json_pack("{s:s, s:s*, s:o, s:s, s:b}", "kind", "ldap", "title", title, "settings", settings,
                         "secret", secret.octets, "enabled", 1);
}

int directory_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = make_body(invocation);
        int status = body ? session_open(&session, invocation) : EXIT_REFUSED;

        if (status == EXIT_DONE)
                return change_run(&session, "POST", METHODS, body, many);
        json_decref(body);
        return status;
}

/* "/v1/methods/ID/more" of the directory that the first operand names by its title or its id. */
static int open_path(struct session *session, struct invocation *invocation, const char *pattern, char *ret,
                     size_t size)
{
        char id[64];
        int status = session_open(session, invocation);

        if (status == EXIT_DONE)
                status = session_resolve(session, METHODS, "title", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(ret, size, pattern, id, ""))
                status = EXIT_REFUSED;
        return status;
}

int directory_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = open_path(&session, invocation, METHODS "/%", path, sizeof(path));

        return status ? status
                      : delete_run(&session, path, "Delete the directory",
                                   ", so that its people cannot sign in?");
}

int directory_try_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_donep) json_t *answer = NULL;
        char path[256];
        int status = open_path(&session, invocation, METHODS "/%/try", path, sizeof(path));

        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path, NULL, &answer);
        if (status)
                return status;
        if (!session_print_json(&session, answer))
                printf("%s\n%s\n",
                       json_is_true(json_object_get(answer, "works")) ? "It works." : "It does not work.",
                       json_string_value(json_object_get(answer, "sentence")));
        return json_is_true(json_object_get(answer, "works")) ? EXIT_DONE : EXIT_REFUSED;
}

int directory_domains_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_donep) json_t *answer = NULL;
        char path[256];
        int status = open_path(&session, invocation, METHODS "/%/domains", path, sizeof(path));

        if (status == EXIT_DONE)
                status = session_call(&session, option_flag(invocation, "refresh") ? "POST" : "GET", path,
                                      NULL, &answer);
        if (status)
                return status;
        if (!session_print_json(&session, answer))
                table_print(stdout, domains, json_object_get(answer, "items"),
                            "None. Ask for them: imprimatur directory domains DIRECTORY --refresh");
        return EXIT_DONE;
}

static bool is_under_way(const json_t *answer)
{
        const char *outcome = json_string_value(json_object_get(answer, "outcome"));

        return outcome && strcmp(outcome, "under-way") == 0;
}

/* Asks until the run is over; *run is replaced by what it is then. */
static int follow(struct session *session, json_t **answer)
{
        const char *method = json_string_value(json_object_get(*answer, "method"));
        const char *id = json_string_value(json_object_get(*answer, "id"));
        char path[256];
        int status = EXIT_DONE;

        if (!method || !id || !path_make(path, sizeof(path), METHODS "/%/synchronisations/%", method, id))
                return EXIT_REFUSED;
        while (status == EXIT_DONE && is_under_way(*answer)) {
                (void)poll(NULL, 0, LOOK_MS);
                json_decref(*answer);
                *answer = NULL;
                status = session_call(session, "GET", path, NULL, answer);
        }
        return status;
}

static void tell(const json_t *answer)
{
        const char *words = json_string_value(json_object_get(answer, "words"));
        const json_t *lines = json_object_get(answer, "lines");
        const json_t *line;
        size_t i;

        json_array_foreach(lines, i, line) printf("%s\n", json_string_value(line));
        table_print_one(stdout, run, answer);
        if (words && words[0])
                printf("%s\n", words);
}

int directory_sync_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_donep) json_t *answer = NULL;
        const char *outcome;
        char path[256];
        int status = open_path(&session, invocation, METHODS "/%/synchronisations", path, sizeof(path));

        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path,
                                      json_pack("{s:b}", "dry_run", option_flag(invocation, "dry-run")),
                                      &answer);
        if (status == EXIT_DONE)
                status = follow(&session, &answer);
        if (status)
                return status;
        if (!session_print_json(&session, answer))
                tell(answer);
        outcome = json_string_value(json_object_get(answer, "outcome"));
        return outcome && strcmp(outcome, "done") == 0 ? EXIT_DONE : EXIT_REFUSED;
}
