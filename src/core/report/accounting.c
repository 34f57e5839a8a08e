// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/accounting.h"

#include <assert.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/accounting-row.h"
#include "core/printer/printer.h"
#include "core/job/queue.h"

const char *const accounting_needs_names[] = {
        [ACCOUNTING_NONE] = "none",
        [ACCOUNTING_ACCOUNT] = "account",
        [ACCOUNTING_ACCOUNT_AND_USER] = "account-and-user",
        NULL,
};

bool accounting_is_empty(const struct accounting *accounting)
{
        return !accounting->account[0] && !accounting->user[0];
}

bool accounting_is_valid(const struct accounting *accounting)
{
        return text_is_printable(text_from(accounting->account)) &&
               text_is_printable(text_from(accounting->user));
}

/* What is there already stays. */
static void fill(struct accounting *accounting, const struct accounting *from)
{
        if (!accounting->account[0])
                memcpy(accounting->account, from->account, sizeof(accounting->account));
        if (!accounting->user[0])
                memcpy(accounting->user, from->user, sizeof(accounting->user));
}

static bool lacks(const struct accounting *accounting, enum accounting_needs needs)
{
        return (needs >= ACCOUNTING_ACCOUNT && !accounting->account[0]) ||
               (needs >= ACCOUNTING_ACCOUNT_AND_USER && !accounting->user[0]);
}

/* Whom to ask, in this order. */
enum {
        OF_JOB,
        OF_PERSON,
        OF_PRINTER,
        OF_TENANT,
        OF_QUEUE,
        SOURCES,
};

static_assert(SOURCES == ACCOUNTING_ROWS, "one question finds them all");

static int find_sources(struct core *core, struct db_tx *tx, struct id tenant, const struct job_row *job,
                        const struct printer *printer, struct accounting_row ret[SOURCES])
{
        const struct id subjects[SOURCES] = { [OF_JOB] = job->id,
                                              [OF_PERSON] = job->owner,
                                              [OF_PRINTER] = printer->id,
                                              [OF_TENANT] = tenant,
                                              [OF_QUEUE] = job->queue };

        return accounting_rows_find(core, tx, tenant, subjects, ret);
}

static int settle(struct core *core, struct db_tx *tx, struct id tenant, const struct job_row *job,
                  const struct printer *printer, const struct accounting *chosen,
                  struct accounting_row rows[SOURCES], struct accounting *ret)
{
        enum accounting_needs needs;
        int r;

        r = find_sources(core, tx, tenant, job, printer, rows);
        if (r)
                return r;
        needs = rows[OF_PRINTER].needs > rows[OF_QUEUE].needs ? rows[OF_PRINTER].needs : rows[OF_QUEUE].needs;
        *ret = chosen ? *chosen : (struct accounting){ .account = "" };
        fill(ret, &rows[OF_JOB].values);
        if (!rows[OF_TENANT].may_save)
                explicit_bzero(&rows[OF_PERSON].values, sizeof(rows[OF_PERSON].values));
        for (size_t i = OF_PERSON; i <= OF_TENANT && lacks(ret, needs); i++)
                fill(ret, &rows[i].values);
        return lacks(ret, needs) ? CORE_ACCOUNTING_NEEDED : 0;
}

int accounting_settle(struct core *core, struct db_tx *tx, struct id tenant, const struct job_row *job,
                      const struct printer *printer, const struct accounting *chosen, struct accounting *ret)
{
        struct accounting_row rows[SOURCES] = { 0 };
        int r = settle(core, tx, tenant, job, printer, chosen, rows, ret);

        explicit_bzero(rows, sizeof(rows));
        return r;
}

static int row_put_for(struct core *core, struct db_tx *tx, struct id tenant, struct id subject,
                       struct id owner, const struct accounting *accounting)
{
        struct accounting_row row = { .owner = owner, .values = *accounting };

        return accounting_is_empty(accounting) ? accounting_row_delete(tx, tenant, subject)
                                               : accounting_row_put(core, tx, tenant, subject, &row);
}

int accounting_keep_for(struct core *core, struct db_tx *tx, struct id tenant, struct id subject,
                        struct id owner, const struct accounting *accounting)
{
        return accounting_is_empty(accounting) ? 0
                                               : row_put_for(core, tx, tenant, subject, owner, accounting);
}

int accounting_of_delivery(struct core *core, struct db_tx *tx, struct id tenant, struct id delivery,
                           struct accounting *ret)
{
        struct accounting_row row = { 0 };
        int r = accounting_row_find(core, tx, tenant, delivery, &row);

        *ret = row.values;
        return r == DB_NO_ROW ? 0 : r;
}

struct context {
        struct core *core;
        const struct actor *actor;
        struct id job;
        const struct accounting *given;
        const struct queue *queue;
        struct accounting found;
        bool may_save;
};

static int may_save(struct context *c, struct db_tx *tx)
{
        struct accounting_row row = { 0 };
        int r = accounting_row_find(c->core, tx, c->actor->tenant, c->actor->tenant, &row);

        c->may_save = row.may_save;
        return r == DB_NO_ROW ? 0 : r;
}

static int saved_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = may_save(c, tx);

        c->found = (struct accounting){ .account = "" };
        if (r || !c->may_save)
                return r;
        return accounting_of_delivery(c->core, tx, c->actor->tenant, c->actor->id, &c->found);
}

int accounting_saved_find(struct core *core, const struct actor *actor, struct accounting *ret,
                          bool *ret_may_save)
{
        struct context c = { .core = core, .actor = actor };
        int r;

        if (!actor_may(actor, RIGHT_SESSIONS, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        r = db_read(core->db, saved_in, &c);
        *ret = c.found;
        *ret_may_save = c.may_save;
        return r;
}

static int save_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        bool forgets = accounting_is_empty(c->given);
        int r = may_save(c, tx);

        if (r || (!c->may_save && !forgets))
                return r ? r : CORE_FORBIDDEN;
        r = row_put_for(c->core, tx, c->actor->tenant, c->actor->id, c->actor->id, c->given);
        return r ? r
                 : event_add(tx, c->actor->tenant, c->actor,
                             forgets ? "accounting-forgotten" : "accounting-saved", c->actor->id, "");
}

int accounting_save(struct core *core, const struct actor *actor, const struct accounting *accounting)
{
        struct context c = { .core = core, .actor = actor, .given = accounting };

        if (!actor_may(actor, RIGHT_SESSIONS, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        if (!accounting_is_valid(accounting))
                return CORE_BAD_VALUE;
        return db_write(core->db, save_in, &c);
}

static int give_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct job_row job;
        int r;

        r = job_row_find(tx, c->actor->tenant, c->job, &job);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (!actor_may(c->actor, RIGHT_JOBS_CHANGE, whose_person(job.owner)))
                return CORE_NOT_FOUND;
        if (job.state != JOB_HELD && job.state != JOB_RECEIVING)
                return CORE_NOT_HELD;
        r = row_put_for(c->core, tx, c->actor->tenant, job.id, job.owner, c->given);
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "job-accounting-changed", job.id, "");
}

int accounting_give(struct core *core, const struct actor *actor, struct id job,
                    const struct accounting *accounting)
{
        struct context c = { .core = core, .actor = actor, .job = job, .given = accounting };

        if (!accounting_is_valid(accounting))
                return CORE_BAD_VALUE;
        return db_write(core->db, give_in, &c);
}

static int of_job_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct id tenant = c->actor->tenant;
        struct job_row job;
        int r;

        c->found = (struct accounting){ .account = "" };
        r = job_row_find(tx, tenant, c->job, &job);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (!id_equal(job.owner, c->actor->id) && !actor_may(c->actor, RIGHT_REPORTS, whose_tenant()))
                return 0;
        r = id_is_zero(job.delivery) ? 0
                                     : accounting_of_delivery(c->core, tx, tenant, job.delivery, &c->found);
        if (r || !accounting_is_empty(&c->found))
                return r;
        return accounting_of_delivery(c->core, tx, tenant, job.id, &c->found);
}

int accounting_of_job(struct core *core, const struct actor *actor, struct id job, struct accounting *ret)
{
        struct context c = { .core = core, .actor = actor, .job = job };
        int r = db_read(core->db, of_job_in, &c);

        *ret = c.found;
        return r;
}

static int check_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct job_row job = { .owner = c->actor->id, .queue = c->queue->id };
        struct printer printer;
        int r;

        r = printer_find_in(tx, c->actor->tenant, c->queue->printer, &printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_ACCEPTING : fold(r);
        return accounting_settle(c->core, tx, c->actor->tenant, &job, &printer, c->given, &c->found);
}

int accounting_check(struct core *core, const struct actor *actor, const struct queue *queue,
                     const struct accounting *given)
{
        struct context c = { .core = core, .actor = actor, .queue = queue, .given = given };

        return queue->kind == QUEUE_DIRECT ? db_read(core->db, check_in, &c) : 0;
}
