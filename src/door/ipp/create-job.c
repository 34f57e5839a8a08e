// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Create-Job (RFC 8011, section 4.2.4): a number for a job whose document follows with Send-Document. Where
 * it does not follow in time (multiple-operation-time-out), core rejects the job.
 */

#include "core/job/intake.h"
#include "door/ipp/operation.h"
#include "door/ipp/submit.h"
#include "net/http-exchange.h"

int ipp_create_job(struct ipp_exchange *e)
{
        struct intake_order order = {
                .queue = &e->queue,
                .actor = &e->actor,
                .format = TEXT(MEDIA_TYPE_UNSAID),
        };
        struct job job;
        int r;

        r = ipp_submit_judge_template(e);
        if (r < 0 || http_is_answered(e->http))
                return r;

        order.is_at_site = e->is_relayed;
        order.title = ipp_submit_title(e);
        order.ticket = e->template.ticket;
        order.accounting = &e->template.accounting;
        r = job_create(e->core, &order, &job);
        if (r)
                return r;
        return ipp_exchange_answer_job(e, &job);
}
