// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Identify-Printer (PWG 5100.13, section 4.1). The queue has no lamp or bell of its own; that somebody looks
 * for it becomes an event, which is what "display" means here.
 */

#include "core/trail/event.h"
#include "door/ipp/exchange.h"
#include "door/ipp/operation.h"

int ipp_identify_printer(struct ipp_exchange *e)
{
        const struct ipp_attribute *actions = ipp_find(e->attributes, "identify-actions");
        struct ipp_builder b;
        int r;

        r = event_note(e->core, e->queue.tenant, &e->actor, "printer-identify",
                       e->queue.kind != QUEUE_PULL ? e->queue.printer : e->queue.id, "");
        if (r)
                return r;
        if (!actions || ipp_has_string(actions, "identify-actions", "display"))
                return ipp_exchange_say(e, IPP_OK, NULL);

        b = ipp_exchange_begin(e, IPP_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES, "The queue can only display.");
        ipp_begin_group(&b, IPP_TAG_UNSUPPORTED_GROUP);
        ipp_add_attribute(&b, actions);
        return ipp_exchange_answer(e, &b);
}
