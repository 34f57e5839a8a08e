// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Hold-Job (RFC 8011, section 4.3.5). A job is held when it comes, or never: an order that is on its way to
 * an agent is not called back into waiting, it is cancelled or it prints.
 */

#include "door/ipp/exchange.h"
#include "door/ipp/operation.h"

int ipp_hold_job(struct ipp_exchange *e)
{
        struct text until;
        struct job job;
        int r;

        r = ipp_get_keyword(e->attributes, "job-hold-until", 255, &until);
        if (r != IPP_ABSENT && (r || !text_equal_string(until, "indefinite")))
                return ipp_exchange_refuse_value(e, "job-hold-until",
                                                 IPP_CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
                                                 "A job can be held with job-hold-until indefinite.");
        r = ipp_exchange_find_job(e, &job);
        if (r)
                return r;
        if (job.state != JOB_HELD)
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_NOT_POSSIBLE,
                                        "The job is on its way to the printer, or over. Cancel it instead.");
        return ipp_exchange_say(e, IPP_OK, NULL);
}
