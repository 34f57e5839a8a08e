// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Where a machine may print, and how much at once. */

#include "core/person/machine.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/client.h"
#include "core/job/queue.h"
#include "door/api/api.h"

static json_t *machine_json(const struct machine *m)
{
        json_t *queues = json_array();

        for (size_t i = 0; queues && i < m->queue_count; i++) {
                if (json_array_append_new(queues, json_of_id(m->queues[i]))) {
                        json_decref(queues);
                        queues = NULL;
                }
        }
        return json_pack("{s:o, s:I}", "queues", queues, "jobs_max", (json_int_t)m->jobs_max);
}

static int find_machine(struct request *request, struct machine *ret)
{
        struct client client;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return CORE_NOT_FOUND;
        r = client_find(request->core, &request->actor, id, &client);
        if (r)
                return r;
        return client.kind == CLIENT_MACHINE
                       ? machine_find(request->core, &request->actor, client.account, ret)
                       : CORE_NOT_FOUND;
}

int machine_answer(struct request *request)
{
        struct machine machine;
        int r = find_machine(request, &machine);

        return r ? request_refuse(request, r) : request_answer(request, 200, machine_json(&machine));
}

int machine_change_answer(struct request *request)
{
        char words[MACHINE_QUEUES_MAX][ID_STRING];
        struct members members;
        struct machine machine;
        int64_t jobs_max;
        size_t count = 0;
        int r = find_machine(request, &machine);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        jobs_max = machine.jobs_max;
        members_number(&members, "jobs_max", MEMBER_OPTIONAL, 0, 1000000, &jobs_max);
        if (members_has(&members, "queues")) {
                members_strings(&members, "queues", MACHINE_QUEUES_MAX, words, sizeof(words[0]), &count);
                machine.queue_count = 0;
                for (size_t i = 0; i < count; i++)
                        if (!id_parse(text_from(words[i]), &machine.queues[machine.queue_count++]))
                                members_complain(&members, "\"queues\" lists ids of queues.");
        }
        if (!members_finish(&members))
                return request_complain(request, &members);
        machine.jobs_max = (uint32_t)jobs_max;
        r = machine_change(request->core, &request->actor, &machine);
        return r ? request_refuse(request, r) : request_answer(request, 200, machine_json(&machine));
}
