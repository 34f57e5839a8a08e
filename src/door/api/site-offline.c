// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "core/job/queue.h"
#include "core/site/site-offline.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"

static json_t *queues_json(struct request *request, const struct site_offline *offline)
{
        json_t *array = json_array();
        struct queue queue;

        for (size_t i = 0; array && i < offline->queue_count; i++)
                if (queue_find_by_id(request->core, request->actor.tenant, offline->queues[i], &queue) == 0)
                        json_array_append_new(array, json_string(queue.name));
        return array;
}

static int answer_offline(struct request *request, const struct site_offline *offline)
{
        return request_answer(request, 200,
                              json_pack("{s:b, s:I, s:o, s:I, s:I}", "enabled", offline->enabled, "hours",
                                        (json_int_t)offline->hours, "queues", queues_json(request, offline),
                                        "jobs", (json_int_t)offline->jobs, "megabytes",
                                        (json_int_t)offline->megabytes));
}

int site_offline_answer(struct request *request)
{
        struct site_offline offline;
        struct site site;
        int r = request_find_site(request, request->arguments[0], &site);

        if (r == 0)
                r = site_offline_find(request->core, &request->actor, site.id, &offline);
        return r ? request_refuse(request, r) : answer_offline(request, &offline);
}

static int find_queue(struct request *request, struct text name, struct queue *ret)
{
        struct tenant tenant;
        struct id id;
        int r;

        if (id_parse(name, &id))
                return queue_find_by_id(request->core, request->actor.tenant, id, ret);
        r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        return r ? r : queue_find(request->core, text_from(tenant.name), name, ret);
}

/* By name or id. */
static void read_queues(struct request *request, struct members *members, struct site_offline *to)
{
        char names[OFFLINE_QUEUES_MAX][CORE_NAME];
        size_t count = 0;
        struct queue queue;

        if (!members_strings(members, "queues", OFFLINE_QUEUES_MAX, names, sizeof(names[0]), &count))
                return;
        for (size_t i = 0; i < count; i++) {
                if (find_queue(request, text_from(names[i]), &queue))
                        members_complain(members, "\"queues\": there is no queue %s.", names[i]);
                else
                        to->queues[to->queue_count++] = queue.id;
        }
}

int site_offline_set_answer(struct request *request)
{
        struct site_offline offline = site_offline_default();
        int64_t hours = OFFLINE_HOURS, jobs = OFFLINE_JOBS, megabytes = OFFLINE_MEGABYTES;
        struct members members;
        struct site site;
        int r = request_find_site(request, request->arguments[0], &site);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        members_flag(&members, "enabled", MEMBER_REQUIRED, &offline.enabled);
        members_number(&members, "hours", MEMBER_OPTIONAL, OFFLINE_HOURS_MIN, OFFLINE_HOURS_MAX, &hours);
        members_number(&members, "jobs", MEMBER_OPTIONAL, 0, OFFLINE_JOBS_MAX, &jobs);
        members_number(&members, "megabytes", MEMBER_OPTIONAL, 0, OFFLINE_MEGABYTES_MAX, &megabytes);
        read_queues(request, &members, &offline);
        if (!members_finish(&members))
                return request_complain(request, &members);
        offline.hours = (uint32_t)hours;
        offline.jobs = (uint32_t)jobs;
        offline.megabytes = (uint32_t)megabytes;
        r = site_offline_set(request->core, &request->actor, site.id, &offline);
        return r ? request_refuse(request, r) : answer_offline(request, &offline);
}
