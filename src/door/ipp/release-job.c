// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Release-Job (RFC 8011, section 4.3.6). On a queue with a printer it prints there; on a pull queue nobody
 * can say from a desk at which printer its owner stands, so the answer is what to do there.
 */

#include "core/release/release.h"
#include "door/ipp/exchange.h"
#include "door/ipp/operation.h"

int ipp_release_job(struct ipp_exchange *e)
{
        struct release_order order = {
                .printer = e->queue.printer,
                .method = RELEASE_IPP,
                .selection = RELEASE_LISTED,
                .job_count = 1,
                .adapts = true, /* what the queue cannot do was refused when the job came */
        };
        struct release released;
        struct job job;
        int r;

        r = ipp_exchange_find_job(e, &job);
        if (r)
                return r;
        if (job.state != JOB_HELD)
                return CORE_NOT_HELD;
        if (e->queue.kind == QUEUE_PULL)
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_NOT_POSSIBLE,
                                        "The job waits for you: identify at the printer of your choice.");

        order.jobs = &job.id;
        r = release(e->core, &e->actor, &order, e->arena, &released);
        if (r)
                return r;
        return ipp_exchange_say(e, IPP_OK, NULL);
}
