// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Get-Jobs (RFC 8011, section 4.2.6). A job shows only to its owner, so my-jobs changes nothing, and
 * requesting-user-name is not looked at.
 */

#include <errno.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/ipp/exchange.h"
#include "door/ipp/job.h"
#include "door/ipp/operation.h"

#define PAGE_JOBS 32

enum which {
        WHICH_NOT_COMPLETED,
        WHICH_COMPLETED,
        WHICH_ALL,
};

/* A superset of the states; what IPP calls completed is decided job by job (ipp_job_is_over()). */
static const enum job_state live_states[] = { JOB_RECEIVING, JOB_HELD, JOB_RELEASING, JOB_DONE };
static const enum job_state over_states[] = { JOB_RELEASING, JOB_DONE, JOB_DELETED, JOB_EXPIRED,
                                              JOB_REJECTED };

static bool which_parse(const struct ipp_attribute *attributes, enum which *ret)
{
        static const char *const keywords[] = { "not-completed", "completed", "all" };
        struct text keyword;
        int r = ipp_get_keyword(attributes, "which-jobs", 255, &keyword);

        *ret = WHICH_NOT_COMPLETED;
        if (r == IPP_ABSENT)
                return true;
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(keywords); i++)
                if (text_equal_string(keyword, keywords[i])) {
                        *ret = (enum which)i;
                        return true;
                }

        return false;
}

struct listing {
        enum which which;
        const struct ipp_attribute *ids; /* job-ids; NULL: any */
        struct ipp_filter filter;
        uint32_t left;
        struct ipp_builder b;
};

static bool is_wanted(const struct listing *listing, const struct job *job, enum queue_kind kind)
{
        bool is_over = ipp_job_is_over(job, kind);

        if (listing->ids && !ipp_has_integer(listing->ids, "job-ids", (int32_t)job->number))
                return false;
        return listing->which == WHICH_ALL || is_over == (listing->which == WHICH_COMPLETED);
}

/* The builder borrows a job's texts until the answer is formatted, and the page is used again before. */
static int add_job(struct ipp_exchange *e, struct listing *listing, const struct job *job)
{
        struct job *kept = arena_alloc(e->arena, sizeof(*kept));

        if (!kept)
                return fault(-ENOMEM);
        *kept = *job;
        ipp_set_filter(&listing->b, NULL);
        ipp_begin_group(&listing->b, IPP_TAG_JOB);
        ipp_set_filter(&listing->b, &listing->filter);
        ipp_describe_job(&listing->b, &e->view, kept);
        return 0;
}

static int list_page(struct ipp_exchange *e, struct listing *listing, struct job_filter *filter,
                     struct job *jobs, size_t *ret_count)
{
        int r;

        r = job_list(e->core, &e->actor, filter, jobs, PAGE_JOBS, ret_count);
        if (r)
                return r;
        for (size_t i = 0; i < *ret_count && listing->left > 0; i++) {
                filter->after = jobs[i].id;
                if (!is_wanted(listing, &jobs[i], e->queue.kind))
                        continue;
                listing->left--;
                r = add_job(e, listing, &jobs[i]);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int list_jobs(struct ipp_exchange *e, struct listing *listing)
{
        struct job_filter filter = { .queue = &e->queue.id };
        struct job *jobs = arena_alloc(e->arena, PAGE_JOBS * sizeof(*jobs));
        size_t count = PAGE_JOBS;
        int r;

        if (!jobs)
                return fault(-ENOMEM);
        if (listing->which == WHICH_NOT_COMPLETED) {
                filter.states = live_states;
                filter.state_count = ARRAY_LENGTH(live_states);
        } else if (listing->which == WHICH_COMPLETED) {
                filter.states = over_states;
                filter.state_count = ARRAY_LENGTH(over_states);
                filter.newest_first = true; /* RFC 8011, section 4.2.6.2 */
        }

        while (count == PAGE_JOBS && listing->left > 0) {
                r = list_page(e, listing, &filter, jobs, &count);
                if (r)
                        return r;
        }
        return 0;
}

int ipp_get_jobs(struct ipp_exchange *e)
{
        static const char *const defaults[] = { "job-uri", "job-id" };
        struct ipp_value values[2] = {
                { &values[1], .tag = IPP_TAG_KEYWORD, .text = text_from(defaults[0]) },
                { NULL, .tag = IPP_TAG_KEYWORD, .text = text_from(defaults[1]) },
        };
        struct ipp_attribute names = { .values = values };
        struct listing listing = { .left = e->door->settings.jobs_listed_max };
        int32_t limit;
        int r;

        if (!which_parse(e->attributes, &listing.which))
                return ipp_exchange_refuse_value(e, "which-jobs",
                                                 IPP_CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
                                                 "Ask for which-jobs completed, not-completed or all.");
        if (ipp_get_integer(e->attributes, "limit", 1, INT32_MAX, &limit) == 0 &&
            (uint32_t)limit < listing.left)
                listing.left = (uint32_t)limit;
        listing.ids = ipp_find(e->attributes, "job-ids");
        listing.filter = ipp_filter_parse(e->attributes, (struct ipp_filter){ .requested = &names });
        listing.b = ipp_exchange_begin(e, IPP_OK, NULL);

        r = list_jobs(e, &listing);
        return r ? r : ipp_exchange_answer(e, &listing.b);
}
