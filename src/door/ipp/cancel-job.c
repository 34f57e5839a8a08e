// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Cancel-Job (RFC 8011, section 4.3.3). What is at the printer already cannot be called back. */

#include "door/ipp/job.h"
#include "door/ipp/exchange.h"
#include "door/ipp/operation.h"

int ipp_cancel_job(struct ipp_exchange *e)
{
        struct job job;
        int r;

        r = ipp_exchange_find_job(e, &job);
        if (r)
                return r;
        if (ipp_job_is_over(&job, e->queue.kind))
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_NOT_POSSIBLE, "The job is over already.");
        r = job_delete(e->core, &e->actor, job.id);
        if (r)
                return r;
        return ipp_exchange_say(e, IPP_OK, NULL);
}
