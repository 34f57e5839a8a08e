// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/save.h"

#define PATH_SIZE 1024

static const struct column many[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "ALIAS", "alias", COLUMN_TEXT },
        { "TITLE", "title", COLUMN_TEXT },
        { "LOCATION", "location", COLUMN_TEXT },
        { "ADDRESSES", "addresses", COLUMN_TEXT },
        { "ACCEPTING", "accepting", COLUMN_FLAG },
        { "COLOUR", "colour", COLUMN_FLAG },
        { "DUPLEX", "duplex", COLUMN_FLAG },
        { NULL, NULL, 0 },
};

static const struct column far[] = {
        { "METRES", "metres", COLUMN_KNOWN },
        { "NAME", "name", COLUMN_TEXT },
        { "ALIAS", "alias", COLUMN_TEXT },
        { "TITLE", "title", COLUMN_TEXT },
        { "LOCATION", "location", COLUMN_TEXT },
        { "ACCEPTING", "accepting", COLUMN_FLAG },
        { NULL, NULL, 0 },
};

static const struct column one[] = {
        { "Name", "name", COLUMN_TEXT },
        { "Title", "title", COLUMN_TEXT },
        { "Alias", "alias", COLUMN_TEXT },
        { "Location", "location", COLUMN_TEXT },
        { "Model", "make_and_model", COLUMN_TEXT },
        { "Addresses", "addresses", COLUMN_TEXT },
        { "Formats", "formats", COLUMN_TEXT },
        { "Media", "media", COLUMN_TEXT },
        { "Trays", "trays", COLUMN_TEXT },
        { "Media sources", "media_sources", COLUMN_TEXT },
        { "Media types", "media_types", COLUMN_TEXT },
        { "Output bins", "output_bins", COLUMN_TEXT },
        { "Finishings", "finishings", COLUMN_TEXT },
        { "Back of a sheet", "sheet_back", COLUMN_TEXT },
        { "Digits of a PIN", "password_digits", COLUMN_TEXT },
        { "Substitution", "substitution", COLUMN_TEXT },
        { "Accepting", "accepting", COLUMN_FLAG },
        { "Handed over as", "forward.user", COLUMN_TEXT },
        { "Warnings", "warnings", COLUMN_TEXT },
        { "Badges release", "badges", COLUMN_FLAG },
        { "Public", "public", COLUMN_FLAG },
        { "Colour", "colour", COLUMN_FLAG },
        { "Duplex", "duplex", COLUMN_FLAG },
        { "Resolution (dpi)", "resolution_dpi", COLUMN_KNOWN },
        { "Pages a minute", "pages_per_minute", COLUMN_KNOWN },
        { "Agent", "agent", COLUMN_TEXT, "/v1/agents" },
        { "Site", "site", COLUMN_TEXT, "/v1/sites" },
        { "Identity", "identity", COLUMN_TEXT },
        { "Since", "created", COLUMN_TIME },
        { "Id", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "title", "title", MEMBER_TEXT },
        { "alias", "alias", MEMBER_TEXT },
        { "location", "location", MEMBER_TEXT },
        { "model", "make_and_model", MEMBER_TEXT },
        { "address", "addresses", MEMBER_TEXTS },
        { "format", "formats", MEMBER_TEXTS },
        { "media", "media", MEMBER_TEXTS },
        { "trays", "trays", MEMBER_NUMBER },
        { "media-source", "media_sources", MEMBER_TEXTS },
        { "media-type", "media_types", MEMBER_TEXTS },
        { "output-bin", "output_bins", MEMBER_TEXTS },
        { "finishing", "finishings", MEMBER_NUMBERS },
        { "sheet-back", "sheet_back", MEMBER_TEXT },
        { "password-digits", "password_digits", MEMBER_NUMBER },
        { "substitution", "substitution", MEMBER_TEXT },
        { "accepting", "accepting", MEMBER_YES_NO },
        { "badges", "badges", MEMBER_YES_NO },
        { "public", "public", MEMBER_YES_NO },
        { "colour", "colour", MEMBER_YES_NO },
        { "duplex", "duplex", MEMBER_YES_NO },
        { "resolution", "resolution_dpi", MEMBER_NUMBER },
        { "pages-per-minute", "pages_per_minute", MEMBER_NUMBER },
        { "site", "site", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

static bool add_asked(struct invocation *invocation, const char *option, const char *pattern, char *path)
{
        const char *value = option_value(invocation, option);
        size_t at = strlen(path);

        return !value || path_make(path + at, PATH_SIZE - at, pattern, value, "");
}

int printer_list_command(struct invocation *invocation)
{
        const char *near = option_value(invocation, "near");
        char path[PATH_SIZE];

        snprintf(path, sizeof(path), "/v1/printers?attention=%s&usable=%s",
                 option_flag(invocation, "attention") ? "true" : "false",
                 option_flag(invocation, "usable") ? "true" : "false");
        if (!add_asked(invocation, "search", "&search=%", path) ||
            !add_asked(invocation, "site", "&site=%", path) ||
            !add_asked(invocation, "near", "&near=%", path))
                return EXIT_REFUSED;
        if (near)
                return list_run(invocation, path, far, "No such printers.");
        return list_run(
                invocation, path, many,
                "No such printers. Add one: imprimatur printer add NAME --address ipps://host/ipp/print "
                "--format application/pdf");
}

int printer_show_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_make(path, sizeof(path), "/v1/printers/%", invocation->operands[0], ""))
                return EXIT_REFUSED;
        return show_run(invocation, path, one);
}

static const struct column state[] = {
        { "Condition", "condition", COLUMN_TEXT },
        { "Reasons", "reasons", COLUMN_TEXT },
        { "Seen", "seen", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct column trays[] = {
        { "TRAY", "source", COLUMN_TEXT }, { "MEDIUM", "media", COLUMN_TEXT },
        { "TYPE", "type", COLUMN_TEXT },   { "LEVEL %", "level", COLUMN_TEXT },
        { "READY", "ready", COLUMN_FLAG }, { NULL, NULL, 0 },
};

int printer_state_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        SCOPED(json_decrefp) json_t *item = NULL;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%/state", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &item);
        if (status != EXIT_DONE || session_print_json(&session, item))
                return status;
        if (json_is_null(json_object_get(item, "seen"))) {
                puts("It has not been asked yet, or does not answer.");
                return status;
        }
        table_print_one(stdout, state, item);
        table_print(stdout, trays, json_object_get(item, "trays"), "It does not tell which trays it has.");
        return status;
}

/* An agent is named; the API wants its id. "" is any agent. */
static int set_agent(struct session *session, json_t *body)
{
        const char *name = option_value(session->invocation, "agent");
        char id[64];
        int status;

        if (!name)
                return EXIT_DONE;
        if (!name[0]) {
                json_object_set_new(body, "agent", json_null());
                return EXIT_DONE;
        }
        status = session_resolve(session, "/v1/agents", "name", name, id);
        if (status == EXIT_DONE)
                json_object_set_new(body, "agent", json_string(id));
        return status;
}

/* A queue of another server; "" is a device again. */
static void set_forward(const struct invocation *invocation, json_t *body)
{
        const char *user = option_value(invocation, "forward-as");

        if (user && user[0])
                json_object_set_new(body, "forward",
                                    json_pack("{s:s, s:b}", "user", user, "titles",
                                              option_flag(invocation, "forward-titles")));
        else if (user)
                json_object_set_new(body, "forward", json_null());
}

static int set_members(struct session *session, json_t *body)
{
        int status;

        if (!members_set(session->invocation, members, body, &status))
                return status;
        set_forward(session->invocation, body);
        if (option_flag(session->invocation, "new-identity"))
                json_object_set_new(body, "identity", json_null());
        return set_agent(session, body);
}

/* As an ordinary job of whoever asks for it. */
static int print_welcome(struct session *session, const char *printer)
{
        SCOPED(json_decrefp) json_t *job = NULL;
        char path[PATH_SIZE];
        int status;

        if (!path_make(path, sizeof(path), "/v1/printers/%/welcome", printer, ""))
                return EXIT_REFUSED;
        status = session_call(session, "POST", path, json_object(), &job);
        if (status == EXIT_DONE && !session_print_json(session, job))
                printf("Its welcome page is job %lld.\n",
                       (long long)json_integer_value(json_object_get(job, "number")));
        return status;
}

static int send_printer(struct invocation *invocation, const char *method, const char *path, json_t *body)
{
        SCOPED(session_done) struct session session;
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = set_members(&session, body);
        if (status)
                json_decref(body);
        else
                status = change_run(&session, method, path, body, one);
        return status || !option_flag(invocation, "welcome")
                       ? status
                       : print_welcome(&session, invocation->operands[0]);
}

int printer_add_command(struct invocation *invocation)
{
        if (!option_flag(invocation, "address") || !option_flag(invocation, "format"))
                return complain_of_usage(invocation,
                                         "a printer needs at least one --address and one --format.");
        return send_printer(invocation, "POST", "/v1/printers",
                            json_pack("{s:s}", "name", invocation->operands[0]));
}

int printer_set_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        if (!path_make(path, sizeof(path), "/v1/printers/%", invocation->operands[0], ""))
                return EXIT_REFUSED;
        return send_printer(invocation, "PATCH", path, json_object());
}

static const struct column people[] = {
        { "GROUP", "name", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

#define GROUPS_MAX 32

/* Those named, or none of them; NULL where nothing is to be said. */
static json_t *people_body(const struct invocation *invocation)
{
        const char *groups[GROUPS_MAX];
        size_t count = option_values(invocation, "group", groups, GROUPS_MAX);
        json_t *array;

        if (count == 0 && !option_flag(invocation, "everybody"))
                return NULL;
        array = json_array();
        for (size_t i = 0; i < count && i < GROUPS_MAX; i++)
                json_array_append_new(array, json_string(groups[i]));
        return json_pack("{s:o}", "groups", array);
}

int printer_people_command(struct invocation *invocation)
{
        SCOPED(json_decrefp) json_t *item = NULL;
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = NULL;
        char path[PATH_SIZE];
        int status;

        if (option_flag(invocation, "group") && option_flag(invocation, "everybody"))
                return complain_of_usage(invocation, "give --group or --everybody, not both.");
        if (!path_make(path, sizeof(path), "/v1/printers/%/people", invocation->operands[0], ""))
                return EXIT_REFUSED;
        status = session_open(&session, invocation);
        if (status)
                return status;
        body = people_body(invocation);
        status = session_call(&session, body ? "PUT" : "GET", path, body, &item);
        if (status == EXIT_DONE && !session_print_json(&session, item))
                table_print(stdout, people, json_object_get(item, "groups"), "It is everybody's.");
        return status;
}

struct page {
        struct session *session;
        const char *path;
};

static int page_to(void *context, FILE *file)
{
        const struct page *page = context;

        return session_copy(page->session, page->path, file);
}

int printer_welcome_command(struct invocation *invocation)
{
        const char *output = option_value(invocation, "output"), *media = option_value(invocation, "media");
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status)
                return status;
        if (!output)
                return print_welcome(&session, invocation->operands[0]);
        if (!path_make(path, sizeof(path),
                       media ? "/v1/printers/%/welcome?media=%" : "/v1/printers/%/welcome",
                       invocation->operands[0], media ? media : ""))
                return EXIT_REFUSED;
        return save_file(output, page_to, &(struct page){ &session, path });
}

static json_t *labels_body(const struct invocation *invocation)
{
        const char *template = option_value(invocation, "template"), *at = option_value(invocation, "at");
        json_t *printers = json_array(),
               *body = json_pack("{s:s}", "template", template ? template : "a4-3x8");

        for (size_t i = 0; i < invocation->operand_count; i++)
                json_array_append_new(printers, json_string(invocation->operands[i]));
        json_object_set_new(body, "printers", printers);
        if (at)
                json_object_set_new(body, "at", json_string(at));
        return body;
}

struct labels {
        struct session *session;
        json_t *body;
};

static int labels_to(void *context, FILE *file)
{
        struct labels *labels = context;

        return session_copy_made(labels->session, "/v1/labels", labels->body, file);
}

int printer_labels_command(struct invocation *invocation)
{
        const char *output = option_value(invocation, "output");
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *job = NULL;
        int status;

        if (!output == !option_value(invocation, "at"))
                return complain_of_usage(invocation, "give --output or --at.");
        status = session_open(&session, invocation);
        if (status)
                return status;
        if (output)
                return save_file(output, labels_to, &(struct labels){ &session, labels_body(invocation) });
        status = session_call(&session, "POST", "/v1/labels/jobs", labels_body(invocation), &job);
        if (status == EXIT_DONE && !session_print_json(&session, job))
                printf("The labels are job %lld.\n",
                       (long long)json_integer_value(json_object_get(job, "number")));
        return status;
}

int printer_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Delete the printer", "?");
}
