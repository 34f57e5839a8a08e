// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "core/agent.h"
#include "core/printer.h"
#include "door/agent-channel.h"
#include "door/api.h"

static const char *const selections[] = { "all", "newest", NULL };

json_t *reader_json(const struct reader *r)
{
        return json_pack("{s:o, s:s, s:o, s:s, s:o, s:o, s:s, s:o}", "id", json_of_id(r->id), "name", r->name,
                         "agent", json_of_id(r->agent), "model", reader_model_name(r->model), "address",
                         json_words_or_null(r->address), "printer", json_of_id(r->printer), "selection",
                         selections[r->newest_only], "created", json_of_time(r->created_ms));
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

/* The reader of the body, and its printer's name. False after a complaint was answered. */
static bool read_reader(struct request *request, struct reader *reader, const char **ret_printer, int *ret_r)
{
        const char *name, *model, *address;
        struct members members;
        int selection = 0;

        if (!request_members(request, &members, ret_r))
                return false;
        name = members_string(&members, "name", MEMBER_REQUIRED, CORE_NAME - 1);
        members_id(&members, "agent", MEMBER_REQUIRED, &reader->agent);
        model = members_string(&members, "model", MEMBER_REQUIRED, 32);
        if (model && !reader_model_parse(text_from(model), &reader->model))
                members_complain(&members, "\"model\" must be one of: tcpconv, tcpconv2, ethernet241.");
        address = members_string(&members, "address", MEMBER_OPTIONAL, sizeof(reader->address) - 1);
        *ret_printer = members_string(&members, "printer", MEMBER_REQUIRED, CORE_NAME - 1);
        members_word(&members, "selection", MEMBER_OPTIONAL, selections, &selection);
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        text_copy(text_from(name), reader->name, sizeof(reader->name));
        text_copy(text_from(address), reader->address, sizeof(reader->address));
        reader->newest_only = selection == 1;
        return true;
}

int reader_make_answer(struct request *request)
{
        struct reader reader = { 0 };
        struct printer printer;
        const char *name;
        int r;

        if (!read_reader(request, &reader, &name, &r))
                return r;
        r = request_find_printer(request, text_from(name), &printer);
        if (r)
                return request_refuse(request, r);
        reader.printer = printer.id;
        r = reader_make(request->core, &request->actor, &reader);
        if (r)
                return request_refuse(request, r);
        agent_channel_wake(request->door->channel, request->actor.tenant, reader.agent, "configuration");
        return request_answer(request, 201, reader_json(&reader));
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
        agent_channel_wake(request->door->channel, request->actor.tenant, (struct id){ 0 }, "configuration");
        return request_answer_nothing(request);
}
