// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* An agent's own affairs: it enrols with its code, renews its key, and learns what it is to listen to. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/release/delivery.h"
#include "core/site/site-offline.h"
#include "core/live.h"
#include "door/agent/channel.h"
#include "door/api/api.h"

#define READERS_MAX 256

int enrolment_answer(struct request *request)
{
        char code[OUTPOST_CODE];
        int r;

        if (!outpost_read_code(request, code, &r))
                return r;
        r = agent_enrol(request->core, text_from(code), request->x->fingerprint, text_from(request->x->peer),
                        &request->actor);
        explicit_bzero(code, sizeof(code));
        if (r == CORE_WRONG_CREDENTIALS || r == CORE_EXPIRED)
                return request_problem(request, &problem_bad_code, NULL);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              json_pack("{s:o, s:s, s:o}", "agent", json_of_id(request->actor.id), "name",
                                        request->actor.name, "tenant", json_of_id(request->actor.tenant)));
}

int renewal_answer(struct request *request)
{
        uint8_t fingerprint[HTTP_FINGERPRINT_OCTETS];
        int64_t expires_ms;
        int r;

        if (!outpost_read_fingerprint(request, fingerprint, &r))
                return r;
        r = agent_renew(request->core, &request->actor, fingerprint, &expires_ms);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200, json_pack("{s:o}", "expires", json_of_time(expires_ms)));
}

static json_t *offline_json(const struct site_offline *offline)
{
        return json_pack("{s:b, s:I, s:I, s:I}", "enabled", offline->enabled, "hours",
                         (json_int_t)offline->hours, "jobs", (json_int_t)offline->jobs, "megabytes",
                         (json_int_t)offline->megabytes);
}

/* What the agent listens for, and which appliance is which. */
static int readers_of(struct request *request, json_t **ret)
{
        SCOPED(freep) struct reader *readers = calloc(READERS_MAX, sizeof(*readers));
        struct reader_switch switches[READER_MODELS];
        json_t *array;
        size_t count;
        int r;

        if (!readers)
                return fault(-ENOMEM);
        r = reader_switches_find(request->core, &request->actor, request->actor.id, switches);
        if (r == 0)
                r = reader_list(request->core, &request->actor, (struct id){ 0 }, readers, READERS_MAX,
                                &count);
        if (r)
                return r;
        array = json_array();
        for (size_t i = 0; array && i < count; i++)
                json_array_append_new(array, reader_json(&readers[i]));
        *ret = json_pack("{s:o, s:o}", "models", reader_switches_json(switches), "readers", array);
        return *ret ? 0 : fault(-ENOMEM);
}

int configuration_answer(struct request *request)
{
        json_t *readers, *value;
        struct site_offline offline;
        struct agent agent;
        struct id site;
        int r;

        r = agent_find(request->core, &request->actor, request->actor.id, &agent);
        if (r == 0)
                r = site_offline_of_agent(request->core, request->actor.tenant, request->actor.id, &site,
                                          &offline);
        if (r)
                return request_refuse(request, r);
        r = readers_of(request, &readers);
        if (r)
                return request_refuse(request, r);
        value = json_pack("{s:o, s:s, s:o, s:o, s:I, s:o, s:o, s:o}", "agent", json_of_id(request->actor.id),
                          "name", request->actor.name, "tenant", json_of_id(request->actor.tenant), "site",
                          json_of_id(agent.site), "starts", (json_int_t)agent.starts, "features",
                          agent_features_json(agent.features_off), "readers", readers, "discovery",
                          discovery_configuration_json(request));
        if (json_object_set_new(value, "offline", offline_json(&offline)) ||
            json_object_set_new(value, "deposits", deposit_configuration_json(request))) {
                json_decref(value);
                return fault(-ENOMEM);
        }
        r = agent_doors_configure(request, value);
        if (r) {
                json_decref(value);
                return request_refuse(request, r);
        }
        return request_answer(request, 200, value);
}

#define JOURNAL_MAX 1024

/* The deliveries that the agent's journal names; false after a complaint. */
static bool journal_read(struct members *members, struct id *ret, size_t *ret_count)
{
        char(*names)[ID_STRING] = calloc(JOURNAL_MAX, sizeof(*names));
        bool has =
                names && members_strings(members, "journal", JOURNAL_MAX, names, sizeof(*names), ret_count);

        for (size_t i = 0; has && i < *ret_count; i++)
                if (!id_parse(text_from(names[i]), &ret[i]))
                        members_complain(members, "journal: item %zu is no id", i);
        free(names);
        return has;
}

int incarnation_answer(struct request *request)
{
        struct id *journal = arena_alloc(request->x->arena, JOURNAL_MAX * sizeof(*journal));
        struct members members;
        uint64_t incarnation;
        size_t count = 0;
        int64_t starts;
        bool has_journal;
        int r;

        if (!journal)
                return fault(-ENOMEM);
        if (!request_members(request, &members, &r))
                return r;
        members_hex64(&members, "incarnation", MEMBER_REQUIRED, &incarnation);
        members_number(&members, "starts", MEMBER_REQUIRED, 0, INT64_MAX, &starts);
        has_journal = journal_read(&members, journal, &count);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = agent_set_incarnation(request->core, &request->actor, incarnation, (uint64_t)starts,
                                  has_journal ? journal : NULL, count);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200, json_pack("{s:o}", "agent", json_of_id(request->actor.id)));
}

int alive_answer(struct request *request)
{
        struct members members;
        uint64_t incarnation;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        members_hex64(&members, "incarnation", MEMBER_REQUIRED, &incarnation);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = agent_is_there(request->core, &request->actor, incarnation);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int channel_answer(struct request *request)
{
        static const char *const events[] = { "configuration", "delivery", NULL };
        int r = agent_channel_open(request->door->channel, request->x, request->actor.tenant,
                                   request->actor.id, events);

        if (r == 0)
                live_agent(request->core, request->actor.tenant, request->actor.id, "agent-connected");
        return r;
}
