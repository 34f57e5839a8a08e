// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Close-Job (PWG 5100.7, section 4.2): no further documents. A job without any has nothing to print. */

#include "door/ipp/exchange.h"
#include "door/ipp/job.h"
#include "door/ipp/operation.h"

int ipp_close_job(struct ipp_exchange *e)
{
        struct job job;
        int r;

        r = ipp_exchange_find_job(e, &job);
        if (r)
                return r;
        if (ipp_job_is_over(&job, e->queue.kind))
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_NOT_POSSIBLE, "The job is over already.");
        if (job.state == JOB_RECEIVING) {
                r = job_delete(e->core, &e->actor, job.id);
                if (r)
                        return r;
        }
        return ipp_exchange_say(e, IPP_OK, NULL);
}
