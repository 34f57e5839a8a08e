// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "core/site/agent.h"
#include "core/printer/printer.h"
#include "core/printer/reader.h"
#include "door/api/api.h"

static const char *const selections[] = { "all", "newest", "panel", NULL };

static const char *const feedbacks[] = { "silent", "letters", "commands", "polled", NULL };
static const char *const model_words[] = { "tcpconv", "tcpconv2", "ethernet241", "line", NULL };

json_t *reader_json(const struct reader *r)
{
        return json_pack("{s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:s, s:b, s:o, s:s, s:o}", "id",
                         json_of_id(r->id), "name", r->name, "agent", json_of_id(r->agent), "model",
                         reader_model_name(r->model), "address", json_words_or_null(r->address), "dial",
                         r->dial_port ? json_integer(r->dial_port) : json_null(), "printer",
                         json_of_id(r->printer), "selection", selections[r->opens_panel ? 2 : r->newest_only],
                         "pin", r->wants_pin, "feedback",
                         r->has_feedback ? json_string(reader_feedback_name(r->feedback)) : json_null(),
                         "profile", r->profile, "created", json_of_time(r->created_ms));
}

static json_t *format_reader(const void *item, void *context)
{
        return reader_json(item);
}

int readers_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct reader), &page, &r))
                return r;
        r = reader_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_reader, NULL);
}

static void read_dialling(struct members *members, struct reader *reader)
{
        int64_t port = 0;
        int word;

        members_words(members, "address", MEMBER_OPTIONAL, reader->address, sizeof(reader->address));
        if (members_number(members, "dial", MEMBER_OPTIONAL, 1, UINT16_MAX, &port) ||
            members_has(members, "dial"))
                reader->dial_port = (uint16_t)port;
        if (reader->dial_port && !reader->address[0])
                members_complain(members, "Whoever dials needs an \"address\".");
        if (members_word(members, "feedback", MEMBER_OPTIONAL, feedbacks, &word)) {
                reader->has_feedback = true;
                reader->feedback = (enum reader_feedback)word;
        } else if (members_has(members, "feedback")) {
                reader->has_feedback = false;
        }
}

static void read_profile(struct members *members, struct reader *reader)
{
        struct card_profile profile;

        members_words(members, "profile", MEMBER_OPTIONAL, reader->profile, sizeof(reader->profile));
        switch (profile_parse(text_from(reader->profile), &profile)) {
        case 0: break;
        case PROFILE_BAD_PATTERN:
                members_complain(members, "The pattern after \"match=\" is not understood, or too large.");
                break;
        default:
                members_complain(
                        members,
                        "\"profile\" is words such as: decimal reversed drop=1 keep=16 width=5 match=…");
                break;
        }
}

/* The reader of the body, over what is there already, and its printer. False after a refusal was answered. */
static bool read_reader(struct request *request, enum member_need need, struct reader *reader, int *ret_r)
{
        struct members members;
        const char *printer_name;
        struct printer printer;
        int word = 0;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "name", need, reader->name, sizeof(reader->name));
        if (need == MEMBER_REQUIRED)
                members_id(&members, "agent", need, &reader->agent);
        if (members_word(&members, "model", need, model_words, &word))
                reader->model = (enum reader_model)word;
        printer_name = members_string(&members, "printer", need, CORE_NAME - 1);
        if (members_word(&members, "selection", MEMBER_OPTIONAL, selections, &word))
                reader->newest_only = word == 1, reader->opens_panel = word == 2;
        members_flag(&members, "pin", MEMBER_OPTIONAL, &reader->wants_pin);
        read_dialling(&members, reader);
        read_profile(&members, reader);
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        if (!printer_name)
                return true;
        *ret_r = request_find_printer(request, text_from(printer_name), &printer);
        if (*ret_r) {
                *ret_r = request_refuse(request, *ret_r);
                return false;
        }
        reader->printer = printer.id;
        return true;
}

int reader_make_answer(struct request *request)
{
        struct reader reader = { 0 };
        int r;

        if (!read_reader(request, MEMBER_REQUIRED, &reader, &r))
                return r;
        r = reader_make(request->core, &request->actor, &reader);
        return r ? request_refuse(request, r) : request_answer(request, 201, reader_json(&reader));
}

int reader_change_answer(struct request *request)
{
        struct reader reader;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = reader_find(request->core, &request->actor, id, &reader);
        if (r)
                return request_refuse(request, r);
        if (!read_reader(request, MEMBER_OPTIONAL, &reader, &r))
                return r;
        r = reader_change(request->core, &request->actor, &reader);
        return r ? request_refuse(request, r) : request_answer(request, 200, reader_json(&reader));
}

int reader_delete_answer(struct request *request)
{
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = reader_delete(request->core, &request->actor, id);
        if (r)
                return request_refuse(request, r);
        return request_answer_nothing(request);
}

json_t *reader_switches_json(const struct reader_switch switches[READER_MODELS])
{
        json_t *array = json_array();

        for (int model = 0; array && model < READER_MODELS; model++) {
                const struct reader_switch *s = &switches[model];

                json_array_append_new(array, json_pack("{s:s, s:b, s:o, s:b}", "model",
                                                       reader_model_name((enum reader_model)model), "enabled",
                                                       s->is_on, "port",
                                                       s->port ? json_integer(s->port) : json_null(),
                                                       "set_here", s->is_own));
        }
        return array;
}

static int answer_switches(struct request *request, struct id agent)
{
        struct reader_switch switches[READER_MODELS];
        int r = reader_switches_find(request->core, &request->actor, agent, switches);

        return r ? request_refuse(request, r)
                 : request_answer(request, 200, json_pack("{s:o}", "models", reader_switches_json(switches)));
}

/* One of {"model", "enabled", "port"}; false after a complaint. */
static bool read_switch(struct request *request, json_t *item, struct reader_switch switches[READER_MODELS],
                        int *ret_r)
{
        struct reader_switch found = { .is_on = true, .is_own = true };
        struct members members;
        int64_t port = 0;
        int model = 0;

        members_open(&members, item);
        members_word(&members, "model", MEMBER_REQUIRED, model_words, &model);
        members_flag(&members, "enabled", MEMBER_REQUIRED, &found.is_on);
        members_number(&members, "port", MEMBER_OPTIONAL, 1, UINT16_MAX, &port);
        if (switches[model].is_own)
                members_complain(&members, "A model stands there twice.");
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        found.port = (uint16_t)port;
        switches[model] = found;
        return true;
}

static int change_switches(struct request *request, struct id agent)
{
        struct reader_switch switches[READER_MODELS] = { { 0 } };
        struct members members;
        json_t *array, *item;
        size_t i;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        array = members_array(&members, "models", MEMBER_REQUIRED, READER_MODELS);
        if (!members_finish(&members))
                return request_complain(request, &members);
        json_array_foreach(array, i, item)
        {
                if (!read_switch(request, item, switches, &r))
                        return r;
        }
        r = reader_switches_change(request->core, &request->actor, agent, switches);
        return r ? request_refuse(request, r) : answer_switches(request, agent);
}

int reader_models_answer(struct request *request)
{
        return answer_switches(request, (struct id){ 0 });
}

int reader_models_change_answer(struct request *request)
{
        return change_switches(request, (struct id){ 0 });
}

int agent_reader_models_answer(struct request *request)
{
        struct id id;

        return request_id(request, 0, &id) ? answer_switches(request, id)
                                           : request_refuse(request, CORE_NOT_FOUND);
}

int agent_reader_models_change_answer(struct request *request)
{
        struct id id;

        return request_id(request, 0, &id) ? change_switches(request, id)
                                           : request_refuse(request, CORE_NOT_FOUND);
}
