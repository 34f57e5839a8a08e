// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Cancel-Jobs and Cancel-My-Jobs (PWG 5100.7, sections 4.1 and 4.2). Both mean the jobs of whoever is signed
 * in: an operator's rights over other people's jobs are not this door's.
 *
 * With job-ids, all of them or none: each is looked at before the first is cancelled.
 */

#include "base/scope.h"
#include "door/ipp/exchange.h"
#include "door/ipp/job.h"
#include "door/ipp/operation.h"

#define IDS_MAX   256
#define PAGE_JOBS 32

static int cancel_listed(struct ipp_exchange *e, const struct ipp_attribute *ids)
{
        const struct ipp_value *value;
        struct id found[IDS_MAX];
        size_t count = 0;
        struct job job;
        int r;

        for (value = ids->values; value; value = value->next) {
                if (value->tag != IPP_TAG_INTEGER || value->integer < 1 || count == IDS_MAX)
                        return ipp_exchange_refuse_value(e, "job-ids", IPP_CLIENT_ERROR_BAD_REQUEST,
                                                         "job-ids are numbers of jobs, 256 at most.");
                e->job_number = (uint32_t)value->integer;
                r = ipp_exchange_find_job(e, &job);
                if (r == CORE_NOT_FOUND)
                        return ipp_exchange_refuse_value(e, "job-ids", IPP_CLIENT_ERROR_NOT_FOUND,
                                                         "Not all of these are jobs of yours.");
                if (r)
                        return r;
                if (ipp_job_is_over(&job, e->queue.kind))
                        return ipp_exchange_refuse_value(e, "job-ids", IPP_CLIENT_ERROR_NOT_POSSIBLE,
                                                         "Not all of these jobs still wait.");
                found[count++] = job.id;
        }
        for (size_t i = 0; i < count; i++) {
                r = job_delete(e->core, &e->actor, found[i]);
                if (r < 0)
                        return r;
        }
        return ipp_exchange_say(e, IPP_OK, NULL);
}

/* All that wait; what is at a printer is left alone. */
static int cancel_all(struct ipp_exchange *e)
{
        static const enum job_state states[] = { JOB_RECEIVING, JOB_HELD, JOB_RELEASING };
        struct job_filter filter = {
                .queue = &e->queue.id,
                .states = states,
                .state_count = ARRAY_LENGTH(states),
        };
        struct job *jobs = arena_alloc(e->arena, PAGE_JOBS * sizeof(*jobs));
        size_t count = jobs ? PAGE_JOBS : 0;
        int r;

        while (count == PAGE_JOBS) {
                r = job_list(e->core, &e->actor, &filter, jobs, PAGE_JOBS, &count);
                if (r)
                        return r;
                for (size_t i = 0; i < count; i++) {
                        filter.after = jobs[i].id;
                        if (ipp_job_is_over(&jobs[i], e->queue.kind))
                                continue;
                        r = job_delete(e->core, &e->actor, jobs[i].id);
                        if (r < 0)
                                return r;
                }
        }
        return ipp_exchange_say(e, IPP_OK, NULL);
}

int ipp_cancel_jobs(struct ipp_exchange *e)
{
        const struct ipp_attribute *ids = ipp_find(e->attributes, "job-ids");

        return ids ? cancel_listed(e, ids) : cancel_all(e);
}
