// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Set-Job-Attributes (RFC 3380, section 4.2): all or nothing, and only while the job waits. The value
 * delete-attribute takes one back to "as the printer does".
 */

#include "door/ipp/exchange.h"
#include "door/ipp/operation.h"

/* What IPP calls otherwise than a ticket does. job-hold-until is only ever set to what it is. */
static bool forget(struct ticket *ticket, struct text name)
{
        const struct ticket_member *member = ticket_member_find(
                text_equal_string(name, "printer-resolution") ? TEXT_OF("resolution-dpi") : name);

        if (text_equal_string(name, "media-col")) {
                ticket->media_source[0] = '\0';
                ticket->media_type[0] = '\0';
                return true;
        }
        if (!member || member->is_ours)
                return false;
        ticket_unset(ticket, member);
        return true;
}

/* Copies what is to be set into *ret, and forgets what is to be deleted. */
static const struct ipp_attribute *split(struct ipp_exchange *e, struct ticket *ticket, struct ipp_builder *b)
{
        const struct ipp_attribute *attribute;

        ipp_begin_group(b, IPP_TAG_JOB);
        for (attribute = e->job_attributes; attribute; attribute = attribute->next)
                if (attribute->values->tag != IPP_TAG_DELETE_ATTRIBUTE || !forget(ticket, attribute->name))
                        ipp_add_attribute(b, attribute);

        return b->failed ? NULL : b->group->attributes;
}

int ipp_set_job_attributes(struct ipp_exchange *e)
{
        struct ipp_builder scratch = ipp_request(e->arena, IPP_SET_JOB_ATTRIBUTES, 1);
        const struct ipp_attribute *wanted;
        struct job job;
        int r;

        if (!e->job_attributes)
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_BAD_REQUEST, "There is no attribute to set.");
        r = ipp_exchange_find_job(e, &job);
        if (r)
                return r;
        if (job.state != JOB_HELD)
                return CORE_NOT_HELD;

        e->template.ticket = job.ticket;
        e->template.ticket.hold = 1;
        wanted = split(e, &e->template.ticket, &scratch);
        r = ipp_template_parse(NULL, wanted, &e->view, e->arena, &e->template);
        if (r < 0)
                return r;
        if (e->template.unsupported)
                return ipp_exchange_refuse_template(e);
        if (!e->template.ticket.hold)
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE,
                                        "A waiting job is released with Release-Job, or at the printer.");

        e->template.ticket.hold = job.ticket.hold;
        r = job_set_ticket(e->core, &e->actor, job.id, &e->template.ticket);
        if (r)
                return r;
        return ipp_exchange_say(e, IPP_OK, NULL);
}
