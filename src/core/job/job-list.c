// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/job.h"
#include "core/state.h"
#include "crypt/field.h"

/*
 * Reading jobs. Each question has its own statement, so that each finds an index that leads straight to its
 * rows: a person's list costs the same whatever others hold.
 */

#define COLUMNS                                                                                                        \
        "SELECT j.id, j.number, j.queue_id, j.owner_id, p.email, j.title, j.format, j.size_octets, j.state, j.reason," \
        " j.ticket, j.created_ms, j.expires_ms, j.processing_ms, j.done_ms, j.delivery_id, d.state, d.printer_id,"     \
        " d.pages, d.reason, j.printer_id, s.agent_id, d.way, i.pages, i.colour_pages, d.cost, d.currency FROM job j"  \
        " JOIN person p ON p.tenant_id = j.tenant_id AND p.id = j.owner_id"                                            \
        " LEFT JOIN delivery d ON d.tenant_id = j.tenant_id AND d.id = j.delivery_id"                                  \
        " LEFT JOIN stay s ON s.tenant_id = j.tenant_id AND s.job_id = j.id AND s.box IS NOT NULL"                     \
        " LEFT JOIN inspection i ON i.tenant_id = j.tenant_id AND i.job_id = j.id"                                     \
        " WHERE j.tenant_id = ?1"

#define LIVE " AND j.state IN ('receiving', 'held', 'releasing')"

static int read_title(struct core *core, const struct tenant_entry *entry, struct db_rows *rows,
                      struct job *job)
{
        SCOPED(buffer_done) struct buffer plain = BUFFER(FIELD_MAX);
        int r;

        r = tenant_unseal(core, entry, text_from_octets(job->id.octets, ID_OCTETS), db_rows_text(rows, 5),
                          &plain);
        if (r)
                return fold(r);
        if (!text_copy(buffer_text(&plain), job->title, sizeof(job->title)))
                return fault(-EBADMSG);
        return 0;
}

/*
 * In the database the end of a job's own row follows the end of its document. People are told of the document
 * alone, and a document is never kept as long as the row.
 */
static int64_t document_expiry(const struct job *job, int64_t row_keep_ms, int64_t expires_ms)
{
        bool is_over = job->state == JOB_DELETED || job->state == JOB_EXPIRED || job->state == JOB_REJECTED;

        return is_over || (job->state == JOB_DONE && expires_ms - job->done_ms >= row_keep_ms - 1000)
                       ? 0
                       : expires_ms;
}

/* delegate_titles: the owner lets this one see what his jobs are called. */
static int read_job(struct core *core, const struct tenant_entry *entry, const struct actor *actor,
                    bool delegate_titles, struct db_rows *rows, struct job *job)
{
        char state[16];

        *job = (struct job){ .id = db_rows_id(rows, 0) };
        job->number = (uint32_t)db_rows_integer(rows, 1);
        job->queue = db_rows_id(rows, 2);
        job->owner = db_rows_id(rows, 3);
        db_rows_string(rows, 4, job->owner_name, sizeof(job->owner_name));
        db_rows_string(rows, 6, job->format, sizeof(job->format));
        job->size_octets = (uint64_t)db_rows_integer(rows, 7);
        db_rows_string(rows, 8, state, sizeof(state));
        if (!job_state_parse(state, &job->state))
                return fault(-EBADMSG);
        db_rows_string(rows, 9, job->reason, sizeof(job->reason));
        if (ticket_parse(db_rows_text(rows, 10), &job->ticket))
                return fault(-EBADMSG);
        job->created_ms = db_rows_integer(rows, 11);
        job->processing_ms = db_rows_integer(rows, 13);
        job->done_ms = db_rows_integer(rows, 14);
        job->expires_ms = document_expiry(job, core->settings.event_keep_ms, db_rows_integer(rows, 12));
        job->has_delivery = !db_rows_is_null(rows, 15) && !db_rows_is_null(rows, 16);
        if (job->has_delivery) {
                job->delivery = db_rows_id(rows, 15);
                db_rows_string(rows, 16, state, sizeof(state));
                if (!delivery_state_parse(state, &job->delivery_state))
                        return fault(-EBADMSG);
                job->printer = db_rows_id(rows, 17);
                job->pages = (uint32_t)db_rows_integer(rows, 18);
                db_rows_string(rows, 22, job->way, sizeof(job->way));
                if (job->state == JOB_RELEASING || job->state == JOB_DONE)
                        db_rows_string(rows, 19, job->reason, sizeof(job->reason));
        }
        job->only_printer = db_rows_id(rows, 20);
        job->stays_at = db_rows_id(rows, 21);
        job->document_pages = (uint32_t)db_rows_integer(rows, 23);
        job->has_colour_pages = !db_rows_is_null(rows, 24);
        job->colour_pages = (uint32_t)db_rows_integer(rows, 24);
        if (!db_rows_is_null(rows, 25)) {
                job->cost.amount = db_rows_integer(rows, 25);
                db_rows_string(rows, 26, job->cost.currency, sizeof(job->cost.currency));
        }
        if (!delegate_titles && !actor_may(actor, RIGHT_JOBS_CONTENT, whose_person(job->owner)))
                return 0;
        return read_title(core, entry, rows, job);
}

struct find {
        struct core *core;
        const struct tenant_entry *entry;
        const struct actor *actor;
        struct id id;
        uint32_t number;
        struct job job;
};

/* Whoever may read the owner's jobs, and a delegate while it is held. */
static int check_reader(struct db_tx *tx, const struct actor *actor, struct db_rows *rows, bool *ret_titles)
{
        struct id owner = db_rows_id(rows, 3);

        *ret_titles = false;
        if (actor_may(actor, RIGHT_JOBS_READ, whose_person(owner)))
                return 0;
        if (!text_equal_string(db_rows_text(rows, 8), job_state_name(JOB_HELD)))
                return CORE_NOT_FOUND;
        return delegate_check(tx, actor, RIGHT_JOBS_READ, owner, ret_titles);
}

static int find_row(struct db_tx *tx, struct find *find)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        bool delegate_titles;
        int r;

        if (find->number)
                r = db_one(tx, find->actor->tenant, COLUMNS " AND j.number = ?2",
                           DB_VALUES(db_integer(find->number)), &rows);
        else
                r = db_one(tx, find->actor->tenant, COLUMNS " AND j.id = ?2", DB_VALUES(db_id(&find->id)),
                           &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        r = check_reader(tx, find->actor, &rows, &delegate_titles);
        if (r)
                return r;
        return read_job(find->core, find->entry, find->actor, delegate_titles, &rows, &find->job);
}

static int find(struct db_tx *tx, void *context)
{
        struct find *find = context;
        int r = find_row(tx, find);

        return r ? r : prices_estimate(tx, find->actor->tenant, &find->job, 1);
}

static int find_any(struct find *context, struct job *ret)
{
        int r;

        if (context->actor->kind != ACTOR_PERSON)
                return CORE_NOT_FOUND;
        r = tenant_entry_get(context->core, context->actor->tenant, &context->entry);
        if (r)
                return r;
        r = db_read(context->core->db, find, context);
        if (r)
                return r;
        *ret = context->job;
        return 0;
}

int job_find(struct core *core, const struct actor *actor, struct id id, struct job *ret)
{
        struct find context = { .core = core, .actor = actor, .id = id };

        return id_is_zero(id) ? CORE_NOT_FOUND : find_any(&context, ret);
}

int job_find_by_number(struct core *core, const struct actor *actor, uint32_t number, struct job *ret)
{
        struct find context = { .core = core, .actor = actor, .number = number };

        return number == 0 ? CORE_NOT_FOUND : find_any(&context, ret);
}

struct list {
        struct core *core;
        const struct tenant_entry *entry;
        const struct actor *actor;
        const struct job_filter *filter;
        struct id person;
        bool everyone;
        bool live;
        bool is_delegate, delegate_titles; /* who sees held jobs only */
        struct job *to;
        size_t max;
        size_t count;
};

static bool wants(const struct job_filter *filter, enum job_state state)
{
        if (!filter->states)
                return true;
        for (size_t i = 0; i < filter->state_count; i++)
                if (filter->states[i] == state)
                        return true;
        return false;
}

static bool only_live(const struct job_filter *filter)
{
        for (size_t i = 0; filter->states && i < filter->state_count; i++)
                if (filter->states[i] != JOB_RECEIVING && filter->states[i] != JOB_HELD &&
                    filter->states[i] != JOB_RELEASING)
                        return false;
        return filter->states != NULL;
}

/* By owner, live or all, in either order; or everyone's. */
static const char *list_sql(const struct list *list)
{
        static const char *const by_owner[2][2] = {
                { COLUMNS " AND j.owner_id = ?3 AND j.id > ?2 ORDER BY j.id",
                  COLUMNS " AND j.owner_id = ?3 AND j.id < ?2 ORDER BY j.id DESC" },
                { COLUMNS LIVE " AND j.owner_id = ?3 AND j.id > ?2 ORDER BY j.id",
                  COLUMNS LIVE " AND j.owner_id = ?3 AND j.id < ?2 ORDER BY j.id DESC" },
        };
        static const char *const of_everyone[2] = {
                COLUMNS " AND j.id > ?2 ORDER BY j.id",
                COLUMNS " AND j.id < ?2 ORDER BY j.id DESC",
        };

        return list->everyone ? of_everyone[list->filter->newest_first]
                              : by_owner[list->live][list->filter->newest_first];
}

static int list_rows(struct db_tx *tx, struct list *list)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        const struct job_filter *filter = list->filter;
        struct id after = filter->after;
        int r;

        if (filter->newest_first && id_is_zero(after))
                memset(after.octets, 0xff, ID_OCTETS);
        list->count = 0;
        if (list->is_delegate) {
                r = delegate_check(tx, list->actor, RIGHT_JOBS_READ, list->person, &list->delegate_titles);
                if (r)
                        return r == CORE_NOT_FOUND ? CORE_FORBIDDEN : r;
        }
        r = db_find(tx, list->actor->tenant, list_sql(list),
                    (struct db_value[]){ db_octets(after.octets, ID_OCTETS), db_id(&list->person) },
                    list->everyone ? 1 : 2, &rows);
        if (r)
                return fold(r);
        while (list->count < list->max && db_rows_next(&rows, &r)) {
                struct job *job = &list->to[list->count];
                enum job_state state;
                char name[16];

                db_rows_string(&rows, 8, name, sizeof(name));
                if (!job_state_parse(name, &state) || !wants(filter, state))
                        continue;
                if (list->is_delegate && state != JOB_HELD)
                        continue;
                if (filter->queue && !id_equal(db_rows_id(&rows, 2), *filter->queue))
                        continue;
                r = read_job(list->core, list->entry, list->actor, list->delegate_titles, &rows, job);
                if (r)
                        return r;
                list->count++;
        }
        return fold(r);
}

static int list(struct db_tx *tx, void *context)
{
        struct list *list = context;
        int r = list_rows(tx, list);

        return r ? r : prices_estimate(tx, list->actor->tenant, list->to, list->count);
}

int job_list(struct core *core, const struct actor *actor, const struct job_filter *filter, struct job *ret,
             size_t max, size_t *ret_count)
{
        struct list context = { .core = core, .actor = actor, .filter = filter, .to = ret, .max = max };
        int r;

        if (!actor_may(actor, RIGHT_JOBS_READ, filter->everyone ? whose_tenant() : whose_some()))
                return CORE_FORBIDDEN;
        context.everyone = filter->everyone;
        context.person = filter->person ? *filter->person : actor->id;
        context.is_delegate =
                !filter->everyone && !actor_may(actor, RIGHT_JOBS_READ, whose_person(context.person));
        context.live = context.is_delegate || only_live(filter);
        r = tenant_entry_get(core, actor->tenant, &context.entry);
        if (r)
                return r;
        r = db_read(core->db, list, &context);
        if (r)
                return r;
        *ret_count = context.count;
        return 0;
}

struct timeline {
        const struct actor *actor;
        struct id id;
        struct job_event *to;
        size_t max;
        size_t count;
};

static int timeline(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct timeline *line = context;
        int r;

        line->count = 0;
        r = db_find(
                tx, line->actor->tenant,
                "SELECT at_ms, kind, detail FROM event WHERE tenant_id = ?1 AND subject_id = ?2 AND kind NOT IN ('job-viewed', 'page-viewed') ORDER BY number LIMIT ?3",
                DB_VALUES(db_id(&line->id), db_integer((int64_t)line->max)), &rows);
        if (r)
                return fold(r);
        while (line->count < line->max && db_rows_next(&rows, &r)) {
                struct job_event *event = &line->to[line->count++];

                event->at_ms = db_rows_integer(&rows, 0);
                db_rows_string(&rows, 1, event->kind, sizeof(event->kind));
                db_rows_string(&rows, 2, event->detail, sizeof(event->detail));
        }
        return fold(r);
}

int job_timeline(struct core *core, const struct actor *actor, struct id id, struct job_event *ret,
                 size_t max, size_t *ret_count)
{
        struct timeline context = { actor, id, ret, max, 0 };
        struct job job;
        int r;

        r = job_find(core, actor, id, &job);
        if (r)
                return r;
        r = db_read(core->db, timeline, &context);
        if (r)
                return r;
        *ret_count = context.count;
        return 0;
}
