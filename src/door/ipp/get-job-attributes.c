// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Get-Job-Attributes (RFC 8011, section 4.3.4) */

#include "door/ipp/exchange.h"
#include "door/ipp/job.h"
#include "door/ipp/operation.h"

int ipp_get_job_attributes(struct ipp_exchange *e)
{
        static const struct ipp_filter everything = { .categories = IPP_CATEGORY_ALL };
        struct ipp_filter filter = ipp_filter_parse(e->attributes, everything);
        struct ipp_builder b;
        struct job job;
        int r;

        r = ipp_exchange_find_job(e, &job);
        if (r)
                return r;

        b = ipp_exchange_begin(e, IPP_OK, NULL);
        ipp_begin_group(&b, IPP_TAG_JOB);
        ipp_set_filter(&b, &filter);
        ipp_describe_job(&b, &e->view, &job);
        return ipp_exchange_answer(e, &b);
}
