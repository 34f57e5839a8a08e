// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Badge readers, and which models of them agents listen for. */

#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/outpost.h"

static const struct column readers[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "MODEL", "model", COLUMN_TEXT },
        { "ADDRESS", "address", COLUMN_TEXT },
        { "DIAL", "dial", COLUMN_TEXT },
        { "PRINTER", "printer", COLUMN_TEXT, "/v1/printers" },
        { "SELECTION", "selection", COLUMN_TEXT },
        { "PIN", "pin", COLUMN_FLAG },
        { "FEEDBACK", "feedback", COLUMN_TEXT },
        { "PROFILE", "profile", COLUMN_TEXT },
        { "AGENT", "agent", COLUMN_TEXT, "/v1/agents" },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column models[] = {
        { "MODEL", "model", COLUMN_TEXT },
        { "ENABLED", "enabled", COLUMN_FLAG },
        { "PORT", "port", COLUMN_TEXT },
        { "SET HERE", "set_here", COLUMN_FLAG },
        { NULL, NULL, 0 },
};

static const struct member_option reader_members[] = {
        { "model", "model", MEMBER_TEXT },         { "printer", "printer", MEMBER_TEXT },
        { "name", "name", MEMBER_TEXT },           { "address", "address", MEMBER_TEXT },
        { "dial", "dial", MEMBER_NUMBER },         { "feedback", "feedback", MEMBER_TEXT },
        { "profile", "profile", MEMBER_TEXT },     { "pin", "pin", MEMBER_YES_NO },
        { "selection", "selection", MEMBER_TEXT }, { NULL, NULL, 0 },
};

static const struct member_option model_members[] = {
        { "enabled", "enabled", MEMBER_YES_NO },
        { "port", "port", MEMBER_NUMBER },
        { NULL, NULL, 0 },
};

/* No port is port 0 here, and null there. */
static void take_zero_back(json_t *body, const char *name)
{
        json_t *value = json_object_get(body, name);

        if (json_is_integer(value) && json_integer_value(value) == 0)
                json_object_set_new(body, name, json_null());
}

static bool read_members(struct invocation *invocation, json_t *body, int *ret_status)
{
        if (!members_set(invocation, reader_members, body, ret_status))
                return false;
        take_zero_back(body, "dial");
        return true;
}

int reader_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/readers", readers,
                        "No readers yet. Add one: imprimatur reader add NAME …");
}

int reader_add_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        const char *agent = option_value(invocation, "agent");
        json_t *body;
        char id[64];
        int status;

        if (!agent || !option_flag(invocation, "model") || !option_flag(invocation, "printer"))
                return complain_of_usage(invocation, "a reader needs --agent, --model and --printer.");
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_resolve(&session, "/v1/agents", "name", agent, id);
        if (status)
                return status;
        body = json_pack("{s:s, s:s}", "name", invocation->operands[0], "agent", id);
        if (read_members(invocation, body, &status))
                return change_run(&session, "POST", "/v1/readers", body, readers);
        json_decref(body);
        return status;
}

int reader_delete_command(struct invocation *invocation)
{
        return outpost_delete(invocation, "/v1/readers", "/v1/readers/%", "Delete the reader", "?");
}

int reader_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *body = json_object();
        char id[64], path[256];
        int status;

        if (read_members(invocation, body, &status))
                status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_resolve(&session, "/v1/readers", "name", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(path, sizeof(path), "/v1/readers/%", id, ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                return change_run(&session, "PATCH", path, body, readers);
        json_decref(body);
        return status;
}

/* The tenant's, or those of the agent that is named. */
static int find_models(struct session *session, struct invocation *invocation, char *path, size_t size)
{
        const char *agent = option_value(invocation, "agent");
        char id[64];
        int status;

        if (!agent)
                return path_make(path, size, "/v1/reader-models", "", "") ? EXIT_DONE : EXIT_REFUSED;
        status = session_resolve(session, "/v1/agents", "name", agent, id);
        if (status == EXIT_DONE && !path_make(path, size, "/v1/agents/%/reader-models", id, ""))
                status = EXIT_REFUSED;
        return status;
}

static void print_models(struct session *session, json_t *answer)
{
        if (!session_print_json(session, answer))
                table_print(stdout, models, json_object_get(answer, "models"), "");
}

int reader_models_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *answer = NULL;
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = find_models(&session, invocation, path, sizeof(path));
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &answer);
        if (status == EXIT_DONE)
                print_models(&session, answer);
        return status;
}

/* What is said there already, with this one in its place. */
static json_t *with_model(const json_t *answer, const char *name, json_t *changed)
{
        json_t *said = json_array(), *item;
        size_t i;

        json_array_foreach(json_object_get(answer, "models"), i, item)
        {
                const char *model = json_string_value(json_object_get(item, "model"));
                bool is_it = model && strcmp(model, name) == 0;

                if (!is_it && !json_is_true(json_object_get(item, "set_here")))
                        continue;
                json_object_del(item, "set_here");
                if (is_it)
                        json_object_update(item, changed);
                json_array_append(said, item);
        }
        return json_pack("{s:o}", "models", said);
}

int reader_model_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *before = NULL, *after = NULL, *changed = json_object();
        char path[256];
        int status;

        if (!members_set(invocation, model_members, changed, &status))
                return status;
        take_zero_back(changed, "port");
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = find_models(&session, invocation, path, sizeof(path));
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &before);
        if (status == EXIT_DONE)
                status = session_call(&session, "PUT", path,
                                      with_model(before, invocation->operands[0], changed), &after);
        if (status == EXIT_DONE)
                print_models(&session, after);
        return status;
}
