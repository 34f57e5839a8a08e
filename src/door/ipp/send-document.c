// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Send-Document (RFC 8011, section 4.3.1). A job here has one document, so the first one completes it,
 * whatever last-document says; an empty Send-Document afterwards only closes what is closed already.
 */

#include "core/job/intake.h"
#include "door/ipp/job.h"
#include "door/ipp/operation.h"
#include "door/ipp/submit.h"
#include "net/http-exchange.h"

int ipp_send_document_begin(struct ipp_exchange *e)
{
        struct text format;
        int r;

        if (ipp_get_boolean(e->attributes, "last-document", &e->last_document))
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_BAD_REQUEST,
                                        "Send-Document must say whether this is the last-document.");
        r = ipp_exchange_find_job(e, &e->job);
        if (r)
                return r;
        if (ipp_job_is_over(&e->job, e->queue.kind))
                return ipp_exchange_say(e,
                                        e->job.state == JOB_DELETED ? IPP_SERVER_ERROR_JOB_CANCELED
                                                                    : IPP_CLIENT_ERROR_NOT_POSSIBLE,
                                        "The job is over. Print the document again.");
        r = ipp_submit_judge_document(e, &format);
        if (r < 0 || http_is_answered(e->http))
                return r;

        /* Whether a document comes at all shows only with its first octet (ipp_send_document_open()). */
        e->wants_document = true;
        return 0;
}

int ipp_send_document_open(struct ipp_exchange *e)
{
        struct intake_order order = {
                .queue = &e->queue,
                .actor = &e->actor,
                .title = text_from(e->job.title),
                .ticket = e->job.ticket,
                .job = e->job.id,
        };
        int r;

        if (e->job.state != JOB_RECEIVING)
                return ipp_exchange_say(e, IPP_SERVER_ERROR_MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED,
                                        "The job has its document. Print further ones as jobs of their own.");
        r = ipp_submit_judge_document(e, &order.format);
        if (r < 0 || http_is_answered(e->http))
                return r;
        return ipp_submit_open(e, &order);
}

/* No document came with this one. */
static int close_empty(struct ipp_exchange *e)
{
        int r;

        if (e->job.state == JOB_RECEIVING) {
                if (!e->last_document)
                        return CORE_EMPTY;
                /* The client closes a job that never got a document: there is nothing to print. */
                r = job_delete(e->core, &e->actor, e->job.id);
                if (r < 0)
                        return r;
        }
        r = ipp_exchange_find_job(e, &e->job);
        return r ? r : ipp_exchange_answer_job(e, &e->job);
}

/* It stays where it is, and is taken as if it had come. */
static int close_staying(struct ipp_exchange *e)
{
        int r = ipp_send_document_open(e);

        return r || http_is_answered(e->http) ? r : ipp_submit_close(e);
}

int ipp_send_document_end(struct ipp_exchange *e)
{
        if (e->stays && !e->document.intake)
                return close_staying(e);
        return e->document.intake ? ipp_submit_close(e) : close_empty(e);
}
