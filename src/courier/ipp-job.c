// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/ipp-job.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "ipp/get.h"

#define POLL_LEAST_MS 10
#define POLL_MOST_MS  2000
#define SHOW_MS       5000

struct job_view {
        bool known; /* the printer knows it, and it is ours */
        bool waits_for_password;
        int32_t state;
        int32_t impressions; /* -1: it did not say */
        int32_t documents;   /* likewise */
};

static void add_requested(struct ipp_builder *b, const char *const *names)
{
        ipp_add_string(b, IPP_TAG_NAME, "requesting-user-name", "imprimatur");
        for (; *names; names++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "requested-attributes", *names);
}

/* Some answer with "out-of-band" or without the attribute at all; both mean that they do not know. */
static int32_t count_of(const struct ipp_attribute *job, const char *name)
{
        int32_t value;

        return ipp_get_integer(job, name, 0, INT32_MAX, &value) == 0 ? value : -1;
}

static void read_view(const struct ipp_job *job, const struct ipp_message *answer, struct job_view *ret)
{
        const struct ipp_group *group = ipp_group_find(answer, IPP_TAG_JOB);
        struct text name;

        *ret = (struct job_view){ .known = false };
        if (!ipp_status_is_ok(answer->code) || !group ||
            ipp_get_integer(group->attributes, "job-state", IPP_JOB_PENDING, IPP_JOB_COMPLETED,
                            &ret->state) != 0)
                return;
        /* A printer that has lost its table gives the same numbers to other jobs. */
        ret->known = ipp_get_name(group->attributes, "job-name", 255, &name) != 0 ||
                     text_equal_string(name, attempt_job_name(job->attempt));
        ret->waits_for_password = ipp_has_string(group->attributes, "job-state-reasons", "job-password-wait");
        ret->impressions = count_of(group->attributes, "job-impressions-completed");
        if (ret->impressions < 0)
                ret->impressions = count_of(group->attributes, "job-media-sheets-completed");
        ret->documents = count_of(group->attributes, "number-of-documents");
}

static int look(struct ipp_job *job, struct job_view *ret)
{
        static const char *const names[] = { "job-id",
                                             "job-name",
                                             "job-state",
                                             "job-state-reasons",
                                             "job-impressions-completed",
                                             "job-media-sheets-completed",
                                             "number-of-documents",
                                             NULL };
        struct ipp_builder b = channel_begin(job->channel, IPP_GET_JOB_ATTRIBUTES);
        struct ipp_message answer;
        int r;

        ipp_add_integer(&b, "job-id", job->id);
        add_requested(&b, names);
        r = channel_ask(job->channel, &b, &answer);
        if (r == 0)
                read_view(job, &answer, ret);
        return r;
}

bool ipp_job_cancel(struct channel *channel, int32_t id)
{
        struct ipp_builder b = channel_begin(channel, IPP_CANCEL_JOB);
        struct ipp_message answer;

        ipp_add_integer(&b, "job-id", id);
        ipp_add_string(&b, IPP_TAG_NAME, "requesting-user-name", "imprimatur");
        return channel_ask(channel, &b, &answer) == 0 && ipp_status_is_ok(answer.code);
}

/* "media-empty-error" becomes "media-empty". */
static struct text reason_of(const struct ipp_attribute *attribute)
{
        static const char *const severities[] = { "-error", "-warning", "-report" };

        for (const struct ipp_value *value = attribute ? attribute->values : NULL; value;
             value = value->next) {
                struct text reason = value->text;

                if (value->tag != IPP_TAG_KEYWORD || text_equal_string(reason, "none") ||
                    reason.len >= COURIER_REASON || !text_is_printable(reason))
                        continue;
                for (size_t i = 0; i < ARRAY_LENGTH(severities); i++)
                        if (text_ends_with(reason, severities[i]))
                                reason.len -= strlen(severities[i]);
                return reason;
        }
        return (struct text){ "", 0 };
}

void ipp_printer_show(const struct attempt *attempt)
{
        static const char *const names[] = { "printer-state", "printer-state-reasons", NULL };
        const struct ipp_group *group;
        struct channel channel;
        struct ipp_message answer;
        struct ipp_builder b;

        if (!attempt->observer->progress)
                return;
        channel_init(&channel, attempt);
        b = channel_begin(&channel, IPP_GET_PRINTER_ATTRIBUTES);
        add_requested(&b, names);
        if (channel_ask(&channel, &b, &answer) == 0) {
                group = ipp_group_find(&answer, IPP_TAG_PRINTER);
                attempt->observer->progress(
                        attempt->observer->context,
                        reason_of(ipp_find(group ? group->attributes : NULL, "printer-state-reasons")), 0);
        }
        channel_done(&channel);
}

static void settle_stopped(struct ipp_job *job, const struct job_view *view)
{
        const char *reason = job->reason                       ? job->reason
                             : view->state == IPP_JOB_CANCELED ? "canceled-at-printer"
                                                               : "aborted-by-printer";

        /* One that got no document has printed none, whether or not it counts impressions. */
        if (view->impressions == 0 || (view->impressions < 0 && view->documents == 0))
                attempt_not_printed(job->attempt, reason, false);
        else
                attempt_uncertain(job->attempt, reason);
}

/* It came out, but not as it was asked for: nothing is dropped in silence. */
static void settle_completed(struct ipp_job *job)
{
        char reason[COURIER_REASON] = "completed-by-printer";

        if (job->left_out[0])
                snprintf(reason, sizeof(reason), "completed-without-%s", job->left_out);
        attempt_settle(job->attempt, COURIER_PRINTED, reason);
}

/* It has all of it and waits for its owner, who may come in days. */
static bool is_held_there(const struct ipp_job *job, const struct job_view *view)
{
        return job->whole && !job->reason &&
               (view->waits_for_password ||
                (view->state == IPP_JOB_PENDING_HELD && job->attempt->order->job_password[0]));
}

/* True where the job has come to an end, and the outcome is written. */
static bool settle(struct ipp_job *job, const struct job_view *view)
{
        if (view->impressions > 0)
                job->attempt->outcome->pages = (uint32_t)view->impressions;
        if (!view->known)
                attempt_uncertain(job->attempt, "job-unknown-to-printer");
        else if (view->state == IPP_JOB_CANCELED || view->state == IPP_JOB_ABORTED)
                settle_stopped(job, view);
        else if (is_held_there(job, view))
                attempt_settle(job->attempt, COURIER_SENT, "held-at-printer");
        else if (view->state != IPP_JOB_COMPLETED)
                return false;
        else if (job->whole)
                settle_completed(job);
        else
                attempt_uncertain(job->attempt, "completed-in-part");
        return true;
}

void ipp_job_follow(struct ipp_job *job)
{
        int64_t limit_ms = job->attempt->order->limits.stall_ms, wait_ms = POLL_LEAST_MS;
        int64_t changed_ms = clock_monotonic_ms(), shown_ms = changed_ms;
        struct job_view last = { .state = 0 }, view;

        for (;;) {
                int r = look(job, &view);

                if (r == CHANNEL_OTHER_KEY) {
                        attempt_uncertain(job->attempt, "identity-mismatch");
                        return;
                }
                if (r == 0 && settle(job, &view))
                        return;
                if (r == 0 && (view.state != last.state || view.impressions != last.impressions)) {
                        last = view;
                        changed_ms = clock_monotonic_ms();
                        attempt_progress(job->attempt, "",
                                         view.impressions > 0 ? (uint32_t)view.impressions : 0);
                }
                if (clock_monotonic_ms() - changed_ms >= limit_ms)
                        break;
                if (r == 0 && clock_monotonic_ms() - shown_ms >= SHOW_MS) {
                        ipp_printer_show(job->attempt);
                        shown_ms = clock_monotonic_ms();
                }
                clock_pause(wait_ms);
                wait_ms = wait_ms * 3 / 2 < POLL_MOST_MS ? wait_ms * 3 / 2 : POLL_MOST_MS;
        }
        if (job->reason)
                attempt_uncertain(job->attempt, job->reason);
        else
                ipp_job_cancel_and_follow(job, "stalled");
}

void ipp_job_cancel_and_follow(struct ipp_job *job, const char *reason)
{
        job->reason = reason;
        (void)ipp_job_cancel(job->channel, job->id);
        ipp_job_follow(job);
}
