// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/job.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/inspection.h"
#include "core/trail/watch.h"
#include "door/api/api.h"
#include "door/money.h"

#define TIMELINE_MAX 200

int request_find_job(struct request *request, struct job *ret)
{
        struct text name = request->arguments[0];
        uint64_t number;
        struct id id;

        if (id_parse(name, &id))
                return job_find(request->core, &request->actor, id, ret);
        if (text_number(name, UINT32_MAX, &number))
                return job_find_by_number(request->core, &request->actor, (uint32_t)number, ret);
        return CORE_NOT_FOUND;
}

static json_t *delivery_json(const struct job *job)
{
        if (!job->has_delivery)
                return json_null();
        return json_pack("{s:o, s:s, s:o, s:I, s:o, s:o}", "id", json_of_id(job->delivery), "state",
                         delivery_state_name(job->delivery_state), "printer", json_of_id(job->printer),
                         "pages", (json_int_t)job->pages, "by", json_words_or_null(job->way), "encrypted",
                         job->way[0] ? json_boolean(strcmp(job->way, "ipps") == 0) : json_null());
}

json_t *job_json(const struct job *job)
{
        json_t *value = json_pack(
                "{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:I, s:s, s:o}", "id", json_of_id(job->id), "number",
                (json_int_t)job->number, "queue", json_of_id(job->queue), "owner", json_of_id(job->owner),
                "owner_email", json_words_or_null(job->owner_name), "title", json_words_or_null(job->title),
                "format", json_words_or_null(job->format), "size", (json_int_t)job->size_octets, "state",
                job_state_name(job->state), "reason", json_words_or_null(job->reason));

        if (!value)
                return NULL;
        if (json_object_set_new(value, "ticket", ticket_json(&job->ticket)) ||
            json_object_set_new(value, "printer", json_of_id(job->only_printer)) ||
            json_object_set_new(value, "stays_at", json_of_id(job->stays_at)) ||
            json_object_set_new(value, "pages",
                                job->document_pages ? json_integer(job->document_pages) : json_null()) ||
            json_object_set_new(value, "colour_pages",
                                job->has_colour_pages ? json_integer(job->colour_pages) : json_null()) ||
            json_object_set_new(value, "cost", cost_json(&job->cost)) ||
            json_object_set_new(value, "created", json_of_time(job->created_ms)) ||
            json_object_set_new(value, "expires", json_of_time(job->expires_ms)) ||
            json_object_set_new(value, "processing", json_of_time(job->processing_ms)) ||
            json_object_set_new(value, "done", json_of_time(job->done_ms)) ||
            json_object_set_new(value, "delivery", delivery_json(job))) {
                json_decref(value);
                return NULL;
        }
        return value;
}

static json_t *format_job(const void *item, void *context)
{
        return job_json(item);
}

/* "held,releasing"; false after a complaint was answered. */
static bool read_states(struct request *request, struct text words, enum job_state states[JOB_STATES],
                        size_t *ret_count, int *ret_r)
{
        bool more = true;

        *ret_count = 0;
        while (more && words.len) {
                struct text word;
                char name[32];

                more = text_cut(words, ',', &word, &words);
                if (*ret_count == JOB_STATES || !text_copy(word, name, sizeof(name)) ||
                    !job_state_parse(name, &states[*ret_count])) {
                        *ret_r = request_bad(request,
                                             "\"state\" is a list of: receiving, held, releasing, done, "
                                             "deleted, expired, rejected.");
                        return false;
                }
                ++*ret_count;
        }
        return true;
}

/* False after a refusal was answered. */
static bool read_person(struct request *request, struct job_filter *filter, struct id *person, int *ret_r)
{
        struct text word;
        int r;

        if (!http_query(request->x, "person", &word) || word.len == 0 || text_equal_string(word, "me"))
                return true;
        if (text_equal_string(word, "all")) {
                filter->everyone = true;
                return true;
        }
        r = request_find_person(request, word, person);
        if (r) {
                *ret_r = request_refuse(request, r);
                return false;
        }
        filter->person = person;
        return true;
}

/* Whose jobs are looked at, where they are not his own. */
static int note_look(struct request *request, const struct job_filter *filter)
{
        const struct actor *actor = &request->actor;

        if (filter->everyone && actor_may(actor, RIGHT_JOBS_READ, whose_tenant()))
                return watch_look(request->core, actor, "jobs-viewed", "of=all", (struct id){ 0 });
        if (filter->person && !id_equal(*filter->person, actor->id) &&
            actor_may(actor, RIGHT_JOBS_READ, whose_person(*filter->person)))
                return watch_look(request->core, actor, "jobs-viewed", "", *filter->person);
        return 0;
}

int jobs_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        enum job_state states[JOB_STATES];
        struct job_filter filter = { .newest_first = true };
        struct id person;
        struct text word;
        int r;

        if (!request_page(request, sizeof(struct job), &page, &r))
                return r;
        filter.after = page.after;
        if (http_query(request->x, "state", &word) && word.len) {
                if (!read_states(request, word, states, &filter.state_count, &r))
                        return r;
                filter.states = states;
        }
        if (http_query(request->x, "order", &word)) {
                if (!text_equal_string(word, "newest") && !text_equal_string(word, "oldest"))
                        return request_bad(request, "\"order\" is newest or oldest.");
                filter.newest_first = text_equal_string(word, "newest");
        }
        if (!read_person(request, &filter, &person, &r))
                return r;
        r = note_look(request, &filter);
        if (r == 0)
                r = job_list(request->core, &request->actor, &filter, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_job, NULL);
}

static json_t *timeline_json(const struct job_event *events, size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++) {
                json_t *value = json_pack("{s:o, s:s, s:o}", "at", json_of_time(events[i].at_ms), "event",
                                          events[i].kind, "detail", json_words_or_null(events[i].detail));

                if (!value || json_array_append_new(array, value)) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

static json_t *sizes_json(const struct facts *facts)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < facts->size_count; i++) {
                const struct facts_size *size = &facts->sizes[i];

                json_array_append_new(array,
                                      json_pack("{s:I, s:I, s:I}", "width", (json_int_t)size->width, "height",
                                                (json_int_t)size->height, "pages", (json_int_t)size->pages));
        }
        return array;
}

static json_t *fonts_json(const struct facts *facts)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < facts->font_count; i++)
                json_array_append_new(array, json_string(facts->fonts[i]));
        return array;
}

static json_t *inspection_json(const struct inspection *inspection)
{
        const struct facts *facts = &inspection->facts;

        return json_pack("{s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "state",
                         inspection_state_name(inspection->state), "reason",
                         json_words_or_null(inspection->reason), "pages",
                         facts->pages ? json_integer(facts->pages) : json_null(), "colour_pages",
                         facts->has_colour_pages ? json_integer(facts->colour_pages) : json_null(), "sizes",
                         sizes_json(facts), "encrypted", facts->is_encrypted, "title",
                         json_words_or_null(facts->title), "application",
                         json_words_or_null(facts->application), "missing_fonts", fonts_json(facts));
}

int job_answer(struct request *request)
{
        SCOPED(freep) struct job_event *events = calloc(TIMELINE_MAX, sizeof(*events));
        struct accounting accounting;
        struct inspection inspection;
        struct job job;
        json_t *value;
        size_t count;
        int r;

        if (!events)
                return fault(-ENOMEM);
        r = request_find_job(request, &job);
        if (r == 0)
                r = watch_look(request->core, &request->actor, "job-viewed", "", job.id);
        if (r == 0)
                r = job_timeline(request->core, &request->actor, job.id, events, TIMELINE_MAX, &count);
        if (r == 0)
                r = inspection_find(request->core, &request->actor, job.id, &inspection);
        if (r == 0)
                r = accounting_of_job(request->core, &request->actor, job.id, &accounting);
        if (r)
                return request_refuse(request, r);
        value = job_json(&job);
        if (!value || json_object_set_new(value, "timeline", timeline_json(events, count)) ||
            json_object_set_new(value, "inspection", inspection_json(&inspection)) ||
            json_object_set_new(value, "accounting", accounting_json(&accounting))) {
                json_decref(value);
                return fault(-ENOMEM);
        }
        return request_answer(request, 200, value);
}

static int answer_job(struct request *request, struct id id)
{
        struct job job;
        int r = job_find(request->core, &request->actor, id, &job);

        return r ? request_refuse(request, r) : request_answer(request, 200, job_json(&job));
}

int job_change_answer(struct request *request)
{
        struct members members;
        struct ticket ticket;
        struct job job;
        json_t *value;
        bool keep = false;
        int r = request_find_job(request, &job);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        value = members_object(&members, "ticket", MEMBER_OPTIONAL);
        (void)members_flag(&members, "keep", MEMBER_OPTIONAL, &keep);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!value && !keep)
                return request_bad(request, "Say \"ticket\", or \"keep\": true.");
        if (value && !ticket_read(request, value, &ticket, &r))
                return r;
        if (value)
                r = job_set_ticket(request->core, &request->actor, job.id, &ticket);
        if (r == 0 && keep)
                r = job_keep(request->core, &request->actor, job.id);
        return r ? request_refuse(request, r) : answer_job(request, job.id);
}

int job_delete_answer(struct request *request)
{
        struct job job;
        int r = request_find_job(request, &job);

        if (r == 0)
                r = job_delete(request->core, &request->actor, job.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int job_settle_answer(struct request *request)
{
        struct job job;
        int r = request_find_job(request, &job);

        if (r == 0)
                r = job_settle(request->core, &request->actor, job.id);
        return r ? request_refuse(request, r) : answer_job(request, job.id);
}
