// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How an agent is, as it tells once a day. It is looked at member by member: what it says is shown to people.
 */

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "door/api/api.h"

#define REASONS_MAX 32

static const char *const tasks[] = { "printed", "sent", "not_printed", "uncertain" };
static const char *const journal[] = { "open", "room" };
static const char *const readers[] = { "connected", "dialled", "unbound", "unknown_badges" };
static const char *const offline[] = { "homes", "deposits", "snapshot_age", "snapshot_left" };
static const char *const disk[] = { "free", "total" };

/* An object of numbers from 0. */
static json_t *read_numbers(struct members *members, const char *name, enum member_need need,
                            const char *const *names, size_t count)
{
        json_t *object = members_object(members, name, need), *kept = json_object();
        struct members inner;

        if (!object)
                return kept;
        members_open(&inner, object);
        for (size_t i = 0; i < count; i++) {
                int64_t number = 0;

                members_number(&inner, names[i], need, 0, INT64_MAX, &number);
                json_object_set_new(kept, names[i], json_integer(number));
        }
        if (!members_finish(&inner))
                members_complain(members, "%s: %s", name, inner.complaint);
        return kept;
}

static json_t *read_errors(struct members *members)
{
        json_t *array = members_array(members, "errors", MEMBER_REQUIRED, REASONS_MAX), *kept = json_array(),
               *item;
        size_t i;

        json_array_foreach(array, i, item)
        {
                struct members inner;
                const char *reason;
                int64_t count = 0;

                members_open(&inner, item);
                reason = members_string(&inner, "reason", MEMBER_REQUIRED, 63);
                members_number(&inner, "count", MEMBER_REQUIRED, 0, INT64_MAX, &count);
                if (members_finish(&inner))
                        json_array_append_new(kept, json_pack("{s:o, s:I}", "reason", json_words(reason),
                                                              "count", (json_int_t)count));
                else
                        members_complain(members, "errors: %s", inner.complaint);
        }
        return kept;
}

static json_t *read_clock(struct members *members)
{
        json_t *object = members_object(members, "clock", MEMBER_REQUIRED), *kept = json_object();
        int64_t offset_ms, by_ms = 0;
        struct members inner;
        const char *jumped;
        bool has_offset;

        if (!object)
                return kept;
        members_open(&inner, object);
        has_offset = !json_is_null(members_any(&inner, "offset_ms")) &&
                     members_number(&inner, "offset_ms", MEMBER_OPTIONAL, INT64_MIN, INT64_MAX, &offset_ms);
        jumped = members_string(&inner, "jumped", MEMBER_OPTIONAL, 32);
        members_number(&inner, "jumped_by_ms", MEMBER_OPTIONAL, INT64_MIN, INT64_MAX, &by_ms);
        if (!members_finish(&inner))
                members_complain(members, "clock: %s", inner.complaint);
        json_object_set_new(kept, "offset_ms", has_offset ? json_integer(offset_ms) : json_null());
        json_object_set_new(kept, "jumped", json_words_or_null(jumped ? jumped : ""));
        json_object_set_new(kept, "jumped_by_ms", json_integer(by_ms));
        return kept;
}

#define STRANGERS_MAX 64

/* Appliances that call and that nobody has bound. */
static json_t *read_strangers(struct members *members)
{
        json_t *array = members_array(members, "strangers", MEMBER_OPTIONAL, STRANGERS_MAX),
               *kept = json_array(), *item;
        size_t i;

        json_array_foreach(array, i, item)
        {
                const char *model, *address, *at;
                struct members inner;

                members_open(&inner, item);
                model = members_string(&inner, "model", MEMBER_REQUIRED, 31);
                address = members_string(&inner, "address", MEMBER_REQUIRED, 63);
                at = members_string(&inner, "at", MEMBER_REQUIRED, 32);
                if (members_finish(&inner))
                        json_array_append_new(kept, json_pack("{s:o, s:o, s:o}", "model", json_words(model),
                                                              "address", json_words(address), "at",
                                                              json_words(at)));
                else
                        members_complain(members, "strangers: %s", inner.complaint);
        }
        return kept;
}

static json_t *read_health(struct members *members)
{
        const char *version = members_string(members, "version", MEMBER_REQUIRED, 63);
        const char *features = members_string(members, "features", MEMBER_OPTIONAL, 255);
        int64_t uptime = 0;
        bool superseded = false;

        members_number(members, "uptime", MEMBER_REQUIRED, 0, INT64_MAX, &uptime);
        members_flag(members, "superseded", MEMBER_REQUIRED, &superseded);
        return json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "version",
                         json_words(version), "uptime", (json_int_t)uptime, "features",
                         json_words(features ? features : ""), "tasks",
                         read_numbers(members, "tasks", MEMBER_REQUIRED, tasks, ARRAY_LENGTH(tasks)),
                         "errors", read_errors(members), "clock", read_clock(members), "journal",
                         read_numbers(members, "journal", MEMBER_REQUIRED, journal, ARRAY_LENGTH(journal)),
                         "disk", read_numbers(members, "disk", MEMBER_REQUIRED, disk, ARRAY_LENGTH(disk)),
                         "superseded", superseded, "readers",
                         read_numbers(members, "readers", MEMBER_OPTIONAL, readers, ARRAY_LENGTH(readers)),
                         "strangers", read_strangers(members), "offline",
                         read_numbers(members, "offline", MEMBER_OPTIONAL, offline, ARRAY_LENGTH(offline)));
}

json_t *agent_health_json(const struct agent *agent)
{
        json_t *health = agent->health[0] ? json_loads(agent->health, 0, NULL) : NULL;

        if (!health)
                return json_null();
        json_object_set_new(health, "told", json_of_time(agent->health_ms));
        return health;
}

int health_of_agent_answer(struct request *request)
{
        SCOPED(freep) char *octets = NULL;
        struct members members;
        json_t *health;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        health = read_health(&members);
        octets = health ? json_dumps(health, JSON_COMPACT) : NULL;
        json_decref(health);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!octets)
                return fault(-ENOMEM);
        r = agent_keep_health(request->core, &request->actor, octets);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200, json_pack("{s:I}", "unix_ms", (json_int_t)clock_unix_ms()));
}
