// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/stay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer.h"
#include "core/job/queue.h"
#include "core/job/recipe.h"
#include "core/state.h"

#define PRINTERS_MAX 256 /* of one agent, that are looked at */
#define LOSE_BATCH   PLACES_JOBS_MAX

#define COLUMNS \
        "SELECT job_id, deposit_id, agent_id, tenant_key, box, format, size_octets, sealed_octets FROM stay"

static int read_stay(struct db_rows *rows, struct stay *ret)
{
        *ret = (struct stay){ .job = db_rows_id(rows, 0), .deposit = db_rows_id(rows, 1) };
        ret->agent = db_rows_id(rows, 2);
        if (!db_rows_octets(rows, 3, ret->tenant_key, sizeof(ret->tenant_key)) ||
            !db_rows_octets(rows, 4, ret->box, sizeof(ret->box)))
                return fault(-EBADMSG);
        db_rows_string(rows, 5, ret->format, sizeof(ret->format));
        ret->size_octets = (uint64_t)db_rows_integer(rows, 6);
        ret->sealed_octets = (uint64_t)db_rows_integer(rows, 7);
        return 0;
}

int stay_find(struct db_tx *tx, struct id tenant, struct id job, struct stay *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, COLUMNS " WHERE tenant_id = ?1 AND job_id = ?2 AND box IS NOT NULL",
                       DB_VALUES(db_id(&job)), &rows);

        return r ? r : read_stay(&rows, ret);
}

int stay_insert(struct db_tx *tx, struct id tenant, struct id job, const struct stay_order *order)
{
        char agent[ID_STRING], detail[CORE_WORDS];
        int r;

        r = db_run(tx, tenant,
                   "INSERT INTO stay (tenant_id, deposit_id, job_id, agent_id, tenant_key, box, format,"
                   " size_octets, sealed_octets) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   DB_VALUES(db_id(&order->deposit), db_id(&job), db_id(&order->agent),
                             db_octets(order->tenant_key, sizeof(order->tenant_key)),
                             db_octets(order->box, sizeof(order->box)), db_string(order->format),
                             db_integer((int64_t)order->size_octets),
                             db_integer((int64_t)order->sealed_octets)),
                   NULL);
        if (r)
                return r == DB_TAKEN ? CORE_KEY_REUSED : fold(r);
        id_format(order->agent, agent);
        snprintf(detail, sizeof(detail), "agent=%s", agent);
        return event_add(tx, tenant, NULL, "document-stays", job, detail);
}

static int find_printers(struct db_tx *tx, struct id tenant, struct id agent, struct id only, struct id *ret,
                         size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find(tx, tenant,
                    "SELECT p.id FROM printer p WHERE p.tenant_id = ?1 AND " AGENT_SERVES
                    " AND (?3 IS NULL OR p.id = ?3) ORDER BY p.id LIMIT ?4",
                    DB_VALUES(db_id(&agent), db_id(&only), db_integer(PRINTERS_MAX)), &rows);
        if (r)
                return fold(r);
        while (*ret_count < PRINTERS_MAX && db_rows_next(&rows, &r))
                ret[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

int stay_check_submit(struct db_tx *tx, struct id tenant, const struct queue *queue,
                      const struct stay_order *order)
{
        struct text format = text_from(order->format);
        struct id printers[PRINTERS_MAX];
        struct printer printer;
        size_t count;
        int r;

        if (format_is_raw(format_from_media_type(format)) && !queue->takes_raw)
                return CORE_BAD_FORMAT;
        r = find_printers(tx, tenant, order->agent, queue->printer, printers, &count);
        if (r)
                return r;
        if (count == 0)
                return CORE_AT_SITE;
        for (size_t i = 0; i < count; i++) {
                r = printer_find_in(tx, tenant, printers[i], &printer);
                if (r)
                        return fold(r);
                if (printer_takes(&printer, format))
                        return 0;
        }
        return CORE_AS_IT_IS;
}

int stay_check_release(struct db_tx *tx, struct id tenant, const struct job_row *job,
                       const struct printer *printer, const struct ticket *ticket)
{
        struct actor agent = { .kind = ACTOR_AGENT, .tenant = tenant };
        struct text format;
        struct stay stay;
        int r;

        r = stay_find(tx, tenant, job->id, &stay);
        if (r)
                return r == DB_NO_ROW ? 0 : r;
        agent.id = stay.agent;
        r = agent_serves(tx, &agent, printer->id);
        if (r)
                return r == CORE_NOT_FOUND ? CORE_AT_SITE : r;
        format = text_from(stay.format);
        return printer_takes(printer, format) && !recipe_is_needed(printer, ticket, format) ? 0
                                                                                            : CORE_AS_IT_IS;
}

int stay_end(struct db_tx *tx, struct id tenant, struct id job, bool *ret_was)
{
        int64_t changed;
        int r = db_run(tx, tenant,
                       "UPDATE stay SET tenant_key = NULL, box = NULL WHERE tenant_id = ?1 AND job_id = ?2"
                       " AND box IS NOT NULL",
                       DB_VALUES(db_id(&job)), &changed);

        *ret_was = r == 0 && changed;
        return fold(r);
}

/* Nothing of it is under way any more. CORE_NOT_HELD: it is armed. */
static int cancel_delivery(struct core *core, struct db_tx *tx, struct id tenant, const struct job_row *job,
                           const char *cause)
{
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, tenant, job->delivery, &delivery);
        if (r)
                return fold(r);
        if (delivery.state == DELIVERY_ARMED)
                return CORE_NOT_HELD;
        return delivery_is_open(delivery.state)
                       ? delivery_row_become(core, tx, tenant, &delivery, DELIVERY_CANCELLED, cause, 0)
                       : 0;
}

/* An uncertain or sent one is its owner's to answer; only once more it cannot be printed. */
static bool is_out(struct db_tx *tx, struct id tenant, const struct job_row *job)
{
        struct delivery_row delivery;

        return job->state == JOB_DONE ||
               (job->state == JOB_RELEASING && delivery_row_find(tx, tenant, job->delivery, &delivery) == 0 &&
                delivery.state == DELIVERY_UNCERTAIN);
}

static int lose(struct core *core, struct db_tx *tx, struct id tenant, struct id job_id, const char *cause)
{
        SCOPED(freep) struct places *unused = calloc(1, sizeof(*unused));
        struct job_row job;
        bool was;
        int r;

        if (!unused)
                return fault(-ENOMEM);
        r = job_row_find(tx, tenant, job_id, &job);
        if (r == 0 && job.state == JOB_RELEASING)
                r = cancel_delivery(core, tx, tenant, &job, cause);
        if (r)
                return r == DB_NO_ROW ? 0 : r;
        if (job.state == JOB_HELD || (job.state == JOB_RELEASING && !is_out(tx, tenant, &job)))
                r = job_row_end(core, tx, tenant, &job, JOB_DELETED, cause, unused);
        else
                r = stay_end(tx, tenant, job_id, &was);
        return r ? r : event_add(tx, tenant, NULL, cause, job_id, "");
}

static int find_some(struct db_tx *tx, struct id tenant, struct id agent, struct id *ret, size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find(
                tx, tenant,
                "SELECT job_id FROM stay WHERE tenant_id = ?1 AND agent_id = ?2 AND box IS NOT NULL LIMIT ?3",
                DB_VALUES(db_id(&agent), db_integer(LOSE_BATCH)), &rows);
        if (r)
                return fold(r);
        while (*ret_count < LOSE_BATCH && db_rows_next(&rows, &r))
                ret[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

int stays_lose(struct core *core, struct db_tx *tx, struct id tenant, struct id agent, const char *cause)
{
        struct id jobs[LOSE_BATCH];
        size_t count;
        int r;

        do {
                r = find_some(tx, tenant, agent, jobs, &count);
                for (size_t i = 0; r == 0 && i < count; i++) {
                        bool was;

                        r = lose(core, tx, tenant, jobs[i], cause);
                        if (r == 0)
                                r = stay_end(tx, tenant, jobs[i], &was);
                }
        } while (r == 0 && count == LOSE_BATCH);
        return r ? fold(r)
                 : fold(db_run(tx, tenant, "DELETE FROM stay WHERE tenant_id = ?1 AND agent_id = ?2",
                               DB_VALUES(db_id(&agent)), NULL));
}

struct formats {
        struct id tenant;
        struct printer *example;
};

static bool has_format(const struct printer *printer, const char *format)
{
        for (size_t i = 0; i < printer->format_count; i++)
                if (strcmp(printer->formats[i], format) == 0)
                        return true;
        return false;
}

static int formats_in(struct db_tx *tx, void *context)
{
        const struct formats *f = context;
        struct printer *united = f->example;
        struct id printers[PRINTERS_MAX];
        struct printer printer;
        size_t count = 0;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_find(tx, f->tenant, "SELECT id FROM printer WHERE tenant_id = ?1 ORDER BY id LIMIT ?2",
                            DB_VALUES(db_integer(PRINTERS_MAX)), &rows);
                if (r)
                        return fold(r);
                while (count < PRINTERS_MAX && db_rows_next(&rows, &r))
                        printers[count++] = db_rows_id(&rows, 0);
        }
        if (r || count == 0)
                return fold(r);
        united->format_count = 0;
        for (size_t i = 0; i < count; i++) {
                r = printer_find_in(tx, f->tenant, printers[i], &printer);
                if (r)
                        return fold(r);
                for (size_t j = 0; j < printer.format_count && united->format_count < PRINTER_FORMATS; j++)
                        if (!has_format(united, printer.formats[j]))
                                memcpy(united->formats[united->format_count++], printer.formats[j],
                                       CORE_FORMAT);
        }
        return 0;
}

int stay_unite_formats(struct core *core, struct id tenant, struct printer *example)
{
        struct formats f = { tenant, example };

        return db_read(core->db, formats_in, &f);
}

struct listing {
        const struct actor *agent;
        struct id after;
        struct stay_item *ret;
        size_t max, count;
};

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct listing *l = context;
        int r;

        l->count = 0;
        r = db_find(tx, l->agent->tenant,
                    "SELECT deposit_id, box IS NULL FROM stay WHERE tenant_id = ?1 AND agent_id = ?2"
                    " AND deposit_id > ?3 ORDER BY deposit_id LIMIT ?4",
                    DB_VALUES(db_id(&l->agent->id), db_octets(l->after.octets, ID_OCTETS),
                              db_integer((int64_t)l->max)),
                    &rows);
        if (r)
                return fold(r);
        while (l->count < l->max && db_rows_next(&rows, &r))
                l->ret[l->count++] = (struct stay_item){ db_rows_id(&rows, 0), db_rows_integer(&rows, 1) };
        return fold(r);
}

int stay_list(struct core *core, const struct actor *agent, struct id after, struct stay_item *ret,
              size_t max, size_t *ret_count)
{
        struct listing l = { agent, after, ret, max, 0 };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, list_in, &l);
        *ret_count = l.count;
        return r;
}

struct told {
        struct core *core;
        const struct actor *agent;
        struct id deposit;
        struct id job;
        bool is_over;
};

/* DB_NO_ROW: none of this agent's. */
static int find_told(struct db_tx *tx, struct told *told)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, told->agent->tenant,
                       "SELECT job_id, box IS NULL FROM stay WHERE tenant_id = ?1 AND deposit_id = ?2"
                       " AND agent_id = ?3",
                       DB_VALUES(db_id(&told->deposit), db_id(&told->agent->id)), &rows);

        if (r)
                return r;
        told->job = db_rows_id(&rows, 0);
        told->is_over = db_rows_integer(&rows, 1);
        return 0;
}

static int removed_in(struct db_tx *tx, void *context)
{
        struct told *told = context;
        int r = find_told(tx, told);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (!told->is_over)
                return CORE_NOT_HELD;
        r = db_run(tx, told->agent->tenant, "DELETE FROM stay WHERE tenant_id = ?1 AND deposit_id = ?2",
                   DB_VALUES(db_id(&told->deposit)), NULL);
        return r ? fold(r)
                 : event_add(tx, told->agent->tenant, told->agent, "document-removed", told->job, "");
}

static int tell(struct core *core, const struct actor *agent, struct id deposit, db_work work)
{
        struct told told = { .core = core, .agent = agent, .deposit = deposit };

        return agent->kind == ACTOR_AGENT ? db_write(core->db, work, &told) : CORE_FORBIDDEN;
}

int stay_removed(struct core *core, const struct actor *agent, struct id deposit)
{
        return tell(core, agent, deposit, removed_in);
}

static int lost_in(struct db_tx *tx, void *context)
{
        struct told *told = context;
        int r = find_told(tx, told);

        if (r || told->is_over)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return lose(told->core, tx, told->agent->tenant, told->job, "document-lost");
}

int stay_lost(struct core *core, const struct actor *agent, struct id deposit)
{
        return tell(core, agent, deposit, lost_in);
}
