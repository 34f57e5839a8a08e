// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Get-Printer-Attributes (RFC 8011, section 4.2.5) and Get-User-Printer-Attributes (PWG 5100.11,
 * section 4.9), which is the same for somebody who is signed in: no policy tells people apart.
 */

#include "door/ipp-exchange.h"
#include "door/ipp-operation.h"

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

        b = ipp_exchange_begin(e, IPP_OK, NULL);
        ipp_begin_group(&b, IPP_TAG_PRINTER);
        ipp_set_filter(&b, &filter);
        ipp_describe_printer(&b, &e->view);
        return ipp_exchange_answer(e, &b);
}
