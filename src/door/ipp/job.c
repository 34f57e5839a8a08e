// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/job.h"

#include <string.h>

#include "base/scope.h"
#include "core/job/home.h"
#include "door/conversion.h"
#include "door/ipp/template.h"

/* Why it waits for more than its owner, or why it is over. */
static bool asks_for_password(const struct job *job)
{
        return strcmp(job->reason, "document-password-needed") == 0 ||
               strcmp(job->reason, "document-password-error") == 0;
}

/* Nothing came out, and why: it was a document of which no pages could be made, or the printer's own doing.
 */
static void add_not_printed(const struct job *job, enum queue_kind kind, struct ipp_job_status *status)
{
        const struct conversion_refusal *refusal = conversion_refusal_find(job->reason);

        status->message = "The printer did not take it; nothing came out. It waits again.";
        if (!refusal)
                return;
        status->reasons[kind != QUEUE_DIRECT] = refusal->ipp_reason;
        status->message = refusal->sentence;
}

static struct ipp_job_status held(const struct job *job, enum queue_kind kind)
{
        struct ipp_job_status status = { IPP_JOB_PENDING_HELD,
                                         { "job-hold-until-specified" },
                                         "Waits for Release-Job." };

        if (kind != QUEUE_DIRECT) {
                status.reasons[0] = "job-held-for-release";
                status.reasons[1] = "job-hold-until-specified";
                status.message = kind == QUEUE_SECURE ? "Waits until you identify at its printer."
                                                      : "Waits until you identify at a printer.";
        }
        if (!id_is_zero(job->stays_at))
                status.message = "Its document stays at this site, and comes out at its printers alone.";
        if (asks_for_password(job)) {
                status.reasons[kind != QUEUE_DIRECT] = "document-password-error";
                status.message =
                        "The document opens only with its password. Give it, or print it without one.";
                return status;
        }
        if (job->has_delivery && job->delivery_state == DELIVERY_NOT_PRINTED)
                add_not_printed(job, kind, &status);
        return status;
}

/* To a server's queue: it is that server's now. */
static const struct ipp_job_status handed_over = {
        IPP_JOB_COMPLETED,
        { "job-completed-successfully" },
        "Handed over to another print server, which goes on with it."
};

/* It is at home at the agent of a site (core/job/home.h), which is asked to give it back. */
static const struct ipp_job_status waits_for_site = {
        IPP_JOB_PENDING,
        { "resources-are-not-ready" },
        "Waits for the site where its document lies, and is printed as soon as that can be reached."
};

/* A job that met a printer: its last delivery tells. */
static struct ipp_job_status delivered(const struct job *job)
{
        static const struct ipp_job_status by_state[DELIVERY_STATES] = {
                [DELIVERY_REQUESTED] = { IPP_JOB_PENDING, { "none" }, "On its way to the printer." },
                [DELIVERY_OFFERED] = { IPP_JOB_PENDING, { "none" }, "On its way to the printer." },
                [DELIVERY_ARMED] = { IPP_JOB_PROCESSING, { "job-printing" }, "Being printed." },
                [DELIVERY_PRINTED] = { IPP_JOB_COMPLETED, { "job-completed-successfully" }, "Printed." },
                [DELIVERY_SENT] = { IPP_JOB_COMPLETED,
                                    { "job-completed-with-warnings" },
                                    "Sent, not confirmed: the printer took it and cannot say that it printed." },
                [DELIVERY_NOT_PRINTED] = { IPP_JOB_PENDING, { "none" }, "Will be tried again." },
                [DELIVERY_UNCERTAIN] = { IPP_JOB_ABORTED,
                                         { "aborted-by-system" },
                                         "Uncertain: pages may have come out. Look at the printer before you "
                                         "print it again." },
                [DELIVERY_CANCELLED] = { IPP_JOB_CANCELED, { "job-canceled-by-user" }, "Cancelled." },
                [DELIVERY_CLOSED] = { IPP_JOB_ABORTED, { "aborted-by-system" }, "Given up by its owner." },
        };

        if (job->delivery_state == DELIVERY_SENT && strcmp(job->reason, "handed-over") == 0)
                return handed_over;
        if (job->delivery_state == DELIVERY_REQUESTED && strcmp(job->reason, HOME_REASON) == 0)
                return waits_for_site;
        return by_state[job->delivery_state];
}

struct ipp_job_status ipp_job_status(const struct job *job, enum queue_kind kind)
{
        static const struct ipp_job_status by_state[JOB_STATES] = {
                [JOB_RECEIVING] = { IPP_JOB_PENDING, { "job-incoming" }, "Waits for its document." },
                [JOB_RELEASING] = { IPP_JOB_PENDING, { "none" }, "On its way to the printer." },
                [JOB_DONE] = { IPP_JOB_COMPLETED, { "job-completed-successfully" }, "Done." },
                [JOB_DELETED] = { IPP_JOB_CANCELED, { "job-canceled-by-user" }, "Deleted by its owner." },
                [JOB_EXPIRED] = { IPP_JOB_ABORTED, { "aborted-by-system" }, "Nobody collected it in time." },
                [JOB_REJECTED] = { IPP_JOB_ABORTED, { "aborted-by-system" }, "Its document never came." },
        };

        static const struct ipp_job_status lost = { IPP_JOB_ABORTED,
                                                    { "aborted-by-system" },
                                                    "Its document was lost at its site. Print it again." };
        static const struct ipp_job_status locked = { IPP_JOB_ABORTED,
                                                      { "document-password-error", "aborted-by-system" },
                                                      "The document opens only with a password." };

        if (job->state == JOB_HELD)
                return held(job, kind);
        if (job->state == JOB_DELETED && strcmp(job->reason, "document-lost") == 0)
                return lost;
        if (job->state == JOB_DELETED && asks_for_password(job))
                return locked;
        if ((job->state == JOB_RELEASING || job->state == JOB_DONE) && job->has_delivery)
                return delivered(job);
        return by_state[job->state];
}

bool ipp_job_is_over(const struct job *job, enum queue_kind kind)
{
        return ipp_job_status(job, kind).state >= IPP_JOB_CANCELED;
}

/* The three moments of a job, each as time-at-… and date-time-at-…; 0: it has not come. */
static void describe_moment(struct ipp_builder *b, const struct ipp_view *view, const char *seconds_name,
                            const char *date_name, int64_t unix_ms)
{
        if (unix_ms) {
                ipp_add_integer(b, seconds_name, ipp_view_seconds(view, unix_ms));
                ipp_add_date(b, date_name, unix_ms);
        } else {
                ipp_add_out_of_band(b, IPP_TAG_NO_VALUE, seconds_name);
                ipp_add_out_of_band(b, IPP_TAG_NO_VALUE, date_name);
        }
}

static void describe_names(struct ipp_builder *b, const struct ipp_view *view, const struct job *job)
{
        char id[ID_STRING];

        id_format(job->id, id);
        ipp_add_integer(b, "job-id", (int32_t)job->number);
        ipp_add_string(b, IPP_TAG_URI, "job-uri", ipp_view_uri(view, b->arena, job->number));
        ipp_add_string(b, IPP_TAG_URI, "job-printer-uri", ipp_view_uri(view, b->arena, 0));
        ipp_add_format(b, IPP_TAG_URI, "job-uuid", "urn:uuid:%s", id);
        ipp_add_format(b, IPP_TAG_URI, "job-more-info", "%s://%s/", view->is_secure ? "https" : "http",
                       view->host);
        ipp_add_string(b, IPP_TAG_NAME, "job-name", job->title);
        ipp_add_string(b, IPP_TAG_NAME, "job-originating-user-name", job->owner_name);
        ipp_add_format(b, IPP_TAG_URI, "job-originating-user-uri", "mailto:%s", job->owner_name);
}

static void describe_sizes(struct ipp_builder *b, const struct job *job)
{
        uint64_t k_octets = (job->size_octets + 1023) / 1024;

        ipp_add_integer(b, "number-of-documents", job->state == JOB_RECEIVING ? 0 : 1);
        ipp_add_integer(b, "job-k-octets", (int32_t)(k_octets > INT32_MAX ? INT32_MAX : k_octets));
        ipp_add_out_of_band(b, IPP_TAG_NO_VALUE, "job-impressions");
        ipp_add_integer(b, "job-impressions-completed",
                        job->pages > INT32_MAX ? INT32_MAX : (int32_t)job->pages);
        if (job->format[0])
                ipp_add_string(b, IPP_TAG_MIME, "document-format-supplied", job->format);
}

void ipp_describe_job(struct ipp_builder *b, const struct ipp_view *view, const struct job *job)
{
        struct ipp_job_status status = ipp_job_status(job, view->queue->kind);
        bool is_over = status.state >= IPP_JOB_CANCELED;

        ipp_set_category(b, IPP_CATEGORY_STATUS);
        describe_names(b, view, job);
        ipp_add_enum(b, "job-state", status.state);
        for (size_t i = 0; i < ARRAY_LENGTH(status.reasons) && status.reasons[i]; i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "job-state-reasons", status.reasons[i]);
        ipp_add_string(b, IPP_TAG_TEXT, "job-state-message", status.message);
        ipp_add_integer(b, "job-printer-up-time", ipp_view_seconds(view, view->now_ms));
        describe_sizes(b, job);
        describe_moment(b, view, "time-at-creation", "date-time-at-creation", job->created_ms);
        describe_moment(b, view, "time-at-processing", "date-time-at-processing", job->processing_ms);
        describe_moment(b, view, "time-at-completed", "date-time-at-completed",
                        is_over ? (job->done_ms ? job->done_ms : job->processing_ms) : 0);

        ipp_describe_ticket(b, &job->ticket);
        if (job->state == JOB_HELD)
                ipp_add_string(b, IPP_TAG_KEYWORD, "job-hold-until", "indefinite");
}
