// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/agent.h"

#include <string.h>

#include "base/scope.h"
#include "door/agent/channel.h"
#include "door/api/api.h"

json_t *agent_features_json(uint32_t off)
{
        json_t *features = json_object();

        for (int i = 0; features && i < AGENT_FEATURES; i++)
                json_object_set_new(features, agent_feature_name((enum agent_feature)i),
                                    json_boolean(!(off & 1u << i)));
        return features;
}

/* Those that are named; the others stay. False after a complaint was answered. */
static bool read_features(struct request *request, struct members *members, uint32_t *off, int *ret_r)
{
        json_t *object = members_object(members, "features", MEMBER_OPTIONAL);
        struct members features;

        if (!object)
                return true;
        members_open(&features, object);
        for (int i = 0; i < AGENT_FEATURES; i++) {
                bool on = !(*off & 1u << i);

                members_flag(&features, agent_feature_name((enum agent_feature)i), MEMBER_OPTIONAL, &on);
                *off = on ? *off & ~(1u << i) : *off | 1u << i;
        }
        if (members_finish(&features))
                return true;
        *ret_r = request_complain(request, &features);
        return false;
}

static json_t *agent_json(const struct agent *a, struct agent_channel *channel)
{
        return json_pack("{s:o, s:s, s:o, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "id",
                         json_of_id(a->id), "name", a->name, "site", json_of_id(a->site), "enrolled",
                         a->enrolled, "connected", agent_channel_has(channel, a->id), "created",
                         json_of_time(a->created_ms), "expires", json_of_time(a->expires_ms), "seen",
                         json_of_time(a->seen_ms), "cloned", json_of_time(a->cloned_ms), "features",
                         agent_features_json(a->features_off), "health", agent_health_json(a), "alarms",
                         (json_int_t)a->alarms);
}

static json_t *format_agent(const void *item, void *context)
{
        return agent_json(item, context);
}

int agents_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct agent), &page, &r))
                return r;
        r = agent_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r)
                 : request_answer_page(request, &page, format_agent, request->door->channel);
}

static void wipe_code(char (*code)[OUTPOST_CODE])
{
        explicit_bzero(code, sizeof(*code));
}

int agent_make_answer(struct request *request)
{
        SCOPED(wipe_code) char code[OUTPOST_CODE];
        struct members members;
        struct agent agent;
        struct id site = { 0 };
        const char *name;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        name = members_string(&members, "name", MEMBER_REQUIRED, CORE_NAME - 1);
        if (!request_read_site(request, &members, &site, &r))
                return r;
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = agent_make(request->core, &request->actor, request->actor.tenant, text_from(name), site, &agent,
                       code);
        if (r)
                return request_refuse(request, r);
        return outpost_answer_code(request, agent_json(&agent, request->door->channel), code);
}

int agent_answer(struct request *request)
{
        struct agent agent;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = agent_find(request->core, &request->actor, id, &agent);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200, agent_json(&agent, request->door->channel));
}

int agent_code_answer(struct request *request)
{
        SCOPED(wipe_code) char code[OUTPOST_CODE];
        struct agent agent;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = agent_make_code(request->core, &request->actor, id, &agent, code);
        if (r)
                return request_refuse(request, r);
        return outpost_answer_code(request, agent_json(&agent, request->door->channel), code);
}

int agent_change_answer(struct request *request)
{
        struct members members;
        struct agent agent;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = agent_find(request->core, &request->actor, id, &agent);
        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r) ||
            !request_read_site(request, &members, &agent.site, &r) ||
            !read_features(request, &members, &agent.features_off, &r))
                return r;
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = agent_change(request->core, &request->actor, &agent);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200, agent_json(&agent, request->door->channel));
}

int agent_delete_answer(struct request *request)
{
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = agent_delete(request->core, &request->actor, id);
        if (r)
                return request_refuse(request, r);
        agent_channel_close(request->door->channel, id);
        return request_answer_nothing(request);
}
