// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/own-job.h"

#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/intake.h"
#include "core/release/release.h"
#include "door/api/api.h"

#define QUEUES_MAX           200
#define RELEASE_ARENA_OCTETS (4 * 1024 * 1024)

static const struct problem problem_no_queue = { 409, "no-queue",
                                                 "No queue leads to this printer, nor is there one for all",
                                                 "Add one: imprimatur queue add pull.", 0 };

static void take_queue(struct printer_queues *queues, struct id printer, const struct queue *queue)
{
        struct queue *to = queue->kind == QUEUE_PULL            ? &queues->pull
                           : !id_equal(queue->printer, printer) ? NULL
                           : queue->kind == QUEUE_DIRECT        ? &queues->direct
                                                                : &queues->secure;

        if (to && id_is_zero(to->id) && queue->accepting)
                *to = *queue;
}

int printer_queues_find(struct request *request, struct id printer, struct printer_queues *ret)
{
        SCOPED(freep) struct queue *queues = calloc(QUEUES_MAX, sizeof(*queues));
        size_t count;
        int r;

        if (!queues)
                return fault(-ENOMEM);
        *ret = (struct printer_queues){ 0 };
        r = queue_list(request->core, &request->actor, (struct id){ 0 }, queues, QUEUES_MAX, &count);
        for (size_t i = 0; r == 0 && i < count; i++)
                take_queue(ret, printer, &queues[i]);
        return r;
}

static int submit(struct request *request, const struct queue *queue, const struct own_job *own,
                  struct job *ret)
{
        struct intake_order order = { .queue = queue,
                                      .actor = &request->actor,
                                      .title = own->title,
                                      .format = own->format,
                                      .ticket = own->ticket,
                                      .key = request->key };
        SCOPED(intake_abortp) struct intake *intake = NULL;
        int r = intake_open(request->core, &order, &intake);

        if (r == 0)
                r = intake_write(intake, own->octets);
        return r ? r : intake_commit(take(intake), ret);
}

/* What is held comes out there; what a queue that prints at once took is on its way already. */
static int let_go(struct request *request, struct id printer, struct job *job)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(RELEASE_ARENA_OCTETS);
        const struct release_order order = { .printer = printer,
                                             .method = RELEASE_API,
                                             .selection = RELEASE_LISTED,
                                             .jobs = &job->id,
                                             .job_count = 1,
                                             .adapts = true };
        struct release release_made;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        r = job->state == JOB_HELD ? release(request->core, &request->actor, &order, arena, &release_made)
                                   : 0;
        return r ? r : job_find(request->core, &request->actor, job->id, job);
}

int own_job_print(struct request *request, const struct own_job *own)
{
        const struct printer_queues *queues = own->queues;
        const struct queue *queue = !id_is_zero(queues->pull.id)     ? &queues->pull
                                    : !id_is_zero(queues->secure.id) ? &queues->secure
                                                                     : &queues->direct;
        struct job job;
        int r;

        if (id_is_zero(queue->id))
                return request_problem(request, &problem_no_queue, NULL);
        r = submit(request, queue, own, &job);
        if (r == 0)
                r = let_go(request, own->printer, &job);
        return r ? request_refuse(request, r) : request_answer(request, 201, job_json(&job));
}
