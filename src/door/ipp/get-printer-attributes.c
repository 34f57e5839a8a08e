// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Get-Printer-Attributes (RFC 8011, section 4.2.5) and Get-User-Printer-Attributes (PWG 5100.11,
 * section 4.9), which is the same for somebody who is signed in: what people
 * have as defaults of their own is filled in at release, and told to nobody here.
 */

#include "core/release/settle.h"
#include "core/job/ticket-default.h"
#include "door/ipp/exchange.h"
#include "door/ipp/operation.h"

/* What of its defaults the queue can do. */
static int find_defaults(struct ipp_exchange *e)
{
        const struct ticket nothing = { 0 };
        struct settle_question question = { .sent = &nothing, .default_count = 1, .printer = &e->printer };
        struct settled settled;
        struct ticket usual;
        const struct ticket_default_case where = { .queue = e->queue.id,
                                                   .printer = e->printer.id,
                                                   .site = e->printer.site };
        int r = ticket_default_of_queue(e->core, e->queue.tenant, &where, &usual);

        if (r)
                return r;
        question.defaults = &usual;
        settle(&question, &settled);
        e->view.defaults = settled.ticket;
        return 0;
}

int ipp_get_printer_attributes(struct ipp_exchange *e)
{
        static const struct ipp_filter everything = { .categories = IPP_CATEGORY_ALL };
        struct ipp_filter filter = ipp_filter_parse(e->attributes, everything);
        struct ipp_builder b;
        struct text format;
        int r;

        r = ipp_get_keyword(e->attributes, "document-format", 255, &format);
        if (r != IPP_ABSENT && (r || !ipp_view_takes(&e->view, format)))
                return ipp_exchange_refuse_value(e, "document-format",
                                                 IPP_CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
                                                 "This queue does not print such documents.");
        r = job_count_queued(e->core, e->queue.tenant, e->queue.id, &e->view.queued);
        if (r)
                return r;

        r = find_defaults(e);
        if (r)
                return r;

        b = ipp_exchange_begin(e, IPP_OK, NULL);
        ipp_begin_group(&b, IPP_TAG_PRINTER);
        ipp_set_filter(&b, &filter);
        ipp_describe_printer(&b, &e->view);
        return ipp_exchange_answer(e, &b);
}
