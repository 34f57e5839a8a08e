// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Validate-Job (RFC 8011, section 4.2.3): Print-Job without a document, and without a job. */

#include "door/ipp/operation.h"
#include "door/ipp/submit.h"
#include "net/http-exchange.h"

int ipp_validate_job(struct ipp_exchange *e)
{
        struct ipp_builder b;
        struct text format;
        int r;

        r = ipp_submit_judge_template(e);
        if (r < 0 || http_is_answered(e->http))
                return r;
        r = ipp_submit_judge_document(e, &format);
        if (r < 0 || http_is_answered(e->http))
                return r;
        if (e->queue.documents == DOCUMENTS_SITE && !e->is_relayed)
                return CORE_SITE_ONLY;
        if (!e->queue.accepting || !e->view.printer->accepting)
                return CORE_NOT_ACCEPTING;
        r = accounting_check(e->core, &e->actor, &e->queue, &e->template.accounting);
        if (r)
                return r;

        b = ipp_exchange_begin(e, e->template.unsupported ? IPP_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES : IPP_OK,
                               NULL);
        ipp_template_report(&b, &e->template);
        return ipp_exchange_answer(e, &b);
}
