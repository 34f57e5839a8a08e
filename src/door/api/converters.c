// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Conversion servers, as operators see them. */

#include "core/rendering/converter.h"

#include <string.h>

#include "base/scope.h"
#include "door/agent/channel.h"
#include "door/api/api.h"

static const struct problem problem_no_converters = {
        409, "no-converters", "The service is not to use conversion servers",
        "Whoever has the service's machine allows them: [render] converters = yes in its settings.", 0
};

static json_t *formats_json(const char *words)
{
        struct format_set formats = format_set_parse(text_from(words));
        json_t *array = json_array();

        for (int format = FORMAT_UNKNOWN + 1; array && format < FORMAT_COUNT; format++)
                if (format_set_has(formats, (enum format)format))
                        json_array_append_new(array, json_string(format_media_type((enum format)format)));
        return array;
}

static json_t *converter_json(const struct converter *c, struct agent_channel *channel)
{
        return json_pack("{s:o, s:s, s:b, s:b, s:o, s:o, s:o, s:o}", "id", json_of_id(c->id), "name", c->name,
                         "enrolled", c->enrolled, "connected", agent_channel_has(channel, c->id), "formats",
                         formats_json(c->formats), "created", json_of_time(c->created_ms), "expires",
                         json_of_time(c->expires_ms), "seen", json_of_time(c->seen_ms));
}

static json_t *format_converter(const void *item, void *context)
{
        return converter_json(item, context);
}

int converters_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct converter), &page, &r))
                return r;
        r = converter_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r)
                 : request_answer_page(request, &page, format_converter, request->door->converters);
}

static void wipe_code(char (*code)[OUTPOST_CODE])
{
        explicit_bzero(code, sizeof(*code));
}

int converter_make_answer(struct request *request)
{
        SCOPED(wipe_code) char code[OUTPOST_CODE];
        struct converter converter;
        struct members members;
        const char *name;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        name = members_string(&members, "name", MEMBER_REQUIRED, CORE_NAME - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = converter_make(request->core, &request->actor, text_from(name), &converter, code);
        if (r == CORE_NOT_ACCEPTING)
                return request_problem(request, &problem_no_converters, NULL);
        if (r)
                return request_refuse(request, r);
        return outpost_answer_code(request, converter_json(&converter, request->door->converters), code);
}

int converter_answer(struct request *request)
{
        struct converter converter;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = converter_find(request->core, &request->actor, id, &converter);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200, converter_json(&converter, request->door->converters));
}

int converter_delete_answer(struct request *request)
{
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = converter_delete(request->core, &request->actor, id);
        if (r)
                return request_refuse(request, r);
        agent_channel_close(request->door->converters, id);
        return request_answer_nothing(request);
}
