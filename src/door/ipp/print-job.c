// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Print-Job (RFC 8011, section 4.2.1) */

#include "core/job/intake.h"
#include "door/ipp/operation.h"
#include "door/ipp/submit.h"
#include "net/http-exchange.h"

int ipp_print_job_begin(struct ipp_exchange *e)
{
        struct intake_order order = {
                .queue = &e->queue,
                .actor = &e->actor,
                .is_same_by_contents = true,
        };
        int r;

        r = ipp_submit_judge_template(e);
        if (r < 0 || http_is_answered(e->http))
                return r;
        r = ipp_submit_judge_document(e, &order.format);
        if (r < 0 || http_is_answered(e->http))
                return r;

        order.title = ipp_submit_title(e);
        order.ticket = e->template.ticket;
        order.accounting = &e->template.accounting;
        return ipp_submit_open(e, &order);
}

int ipp_print_job_end(struct ipp_exchange *e)
{
        return ipp_submit_close(e);
}
