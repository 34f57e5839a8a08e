// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/exchange.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "door/ipp/job.h"
#include "ipp/request.h"
#include "net/http-exchange.h"

#define ANSWER_OCTETS_MAX ((size_t)16 * 1024 * 1024)

struct ipp_builder ipp_exchange_begin(struct ipp_exchange *e, enum ipp_status status, const char *sentence)
{
        struct ipp_builder b = ipp_answer(e->arena, status, e->request.request_id);

        if (b.message)
                ipp_answer_set_version(b.message, e->request.version_major);
        if (sentence)
                ipp_add_string(&b, IPP_TAG_TEXT, "status-message", sentence);
        return b;
}

int ipp_exchange_answer(struct ipp_exchange *e, struct ipp_builder *b)
{
        SCOPED(buffer_done) struct buffer buffer = BUFFER(ANSWER_OCTETS_MAX);
        int r;

        r = ipp_builder_format(b, &buffer);
        if (r)
                return fold(r);
        if (e->is_relayed && e->has_actor) {
                char id[ID_STRING];

                id_format(e->actor.id, id);
                r = http_add_header(e->http, "Imprimatur-Person", id);
                if (r)
                        return r;
        }
        if (e->is_relayed && !id_is_zero(e->submitted)) {
                char id[ID_STRING];

                id_format(e->submitted, id);
                r = http_add_header(e->http, "Imprimatur-Job", id);
                if (r)
                        return r;
        }
        return http_respond(e->http, 200, "application/ipp", buffer_text(&buffer));
}

int ipp_exchange_say(struct ipp_exchange *e, enum ipp_status status, const char *sentence)
{
        struct ipp_builder b = ipp_exchange_begin(e, status, sentence);

        return ipp_exchange_answer(e, &b);
}

int ipp_exchange_refuse_template(struct ipp_exchange *e)
{
        struct ipp_builder b =
                ipp_exchange_begin(e, IPP_CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
                                   "The queue cannot do some of what was asked for; print without it.");

        ipp_template_report(&b, &e->template);
        return ipp_exchange_answer(e, &b);
}

int ipp_exchange_refuse_value(struct ipp_exchange *e, const char *name, enum ipp_status status,
                              const char *sentence)
{
        const struct ipp_attribute *attribute = ipp_find(e->attributes, name);
        struct ipp_builder b = ipp_exchange_begin(e, status, sentence);

        if (attribute) {
                ipp_begin_group(&b, IPP_TAG_UNSUPPORTED_GROUP);
                ipp_add_attribute(&b, attribute);
        }
        return ipp_exchange_answer(e, &b);
}

int ipp_exchange_find_job(struct ipp_exchange *e, struct job *ret)
{
        struct job job;
        int r;

        r = job_find_by_number(e->core, &e->actor, e->job_number, &job);
        if (r)
                return r;
        /* An administrator finds everybody's jobs, but not through this door. */
        if (!id_equal(job.owner, e->actor.id) || !id_equal(job.queue, e->queue.id))
                return CORE_NOT_FOUND;
        *ret = job;
        return 0;
}

int ipp_exchange_answer_job(struct ipp_exchange *e, const struct job *job)
{
        static const char *const names[] = { "job-uri",           "job-id",  "job-state", "job-state-reasons",
                                             "job-state-message", "job-uuid" };
        enum ipp_status status = e->template.unsupported ? IPP_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES : IPP_OK;
        struct ipp_builder b = ipp_exchange_begin(e, status, NULL);
        struct ipp_value values[ARRAY_LENGTH(names)] = { 0 };
        struct ipp_attribute few = { .values = values };
        struct ipp_filter filter = { .requested = &few };

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                values[i] = (struct ipp_value){ .next = i + 1 < ARRAY_LENGTH(names) ? &values[i + 1] : NULL,
                                                .tag = IPP_TAG_KEYWORD,
                                                .text = text_from(names[i]) };
        ipp_template_report(&b, &e->template);
        ipp_begin_group(&b, IPP_TAG_JOB);
        ipp_set_filter(&b, &filter);
        ipp_describe_job(&b, &e->view, job);
        ipp_set_filter(&b, NULL);
        return ipp_exchange_answer(e, &b);
}
