// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

/* The column work.state. */
enum {
        WANTED,
        UNDER_WAY,
        FAILED,
};

#define SWEEP_MAX 500

int work_want(struct db_tx *tx, struct id tenant, struct id job, struct id owner, enum work_kind kind,
              const char *recipe)
{
        struct id id = id_new();
        struct order order;

        if (order_line_parse(text_from(recipe), &order))
                return fault(-EBADMSG);
        /* One that has failed is tried anew: somebody asks for it again. */
        return fold(db_run(
                tx, tenant,
                "INSERT INTO work (tenant_id, id, job_id, owner_id, kind, recipe, source, state, reason,"
                " attempts, due_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, '', 0, 0)"
                " ON CONFLICT (tenant_id, job_id, recipe) DO UPDATE SET state = 0, reason = '',"
                " attempts = 0 WHERE state = 2",
                DB_VALUES(db_id(&id), db_id(&job), db_id(&owner), db_integer(kind), db_string(recipe),
                          db_string(format_extension(order.from))),
                NULL));
}

/* Of the first person after that one. CORE_NOTHING_HELD. */
static int find_after(struct db_tx *tx, enum work_kind kind, const char *sources, struct id after,
                      struct work_row *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find_all(tx,
                        "SELECT tenant_id, id, job_id, owner_id, attempts, recipe FROM work"
                        " WHERE state = 0 AND kind = ?1 AND owner_id > ?2 AND ?3 LIKE '%,' || source || ',%'"
                        " ORDER BY owner_id, id LIMIT 1",
                        DB_VALUES(db_integer(kind), db_octets(after.octets, ID_OCTETS), db_string(sources)),
                        &rows);
        if (r)
                return fold(r);
        if (!db_rows_next(&rows, &r))
                return r ? fold(r) : CORE_NOTHING_HELD;
        *ret = (struct work_row){ .tenant = db_rows_id(&rows, 0),
                                  .id = db_rows_id(&rows, 1),
                                  .job = db_rows_id(&rows, 2),
                                  .owner = db_rows_id(&rows, 3),
                                  .kind = kind,
                                  .attempts = (uint32_t)db_rows_integer(&rows, 4) + 1 };
        db_rows_string(&rows, 5, ret->recipe, sizeof(ret->recipe));
        return 0;
}

/* People take turns: whoever was served last is last. */
static int find_next(struct core *core, struct db_tx *tx, enum work_kind kind, const char *sources,
                     struct work_row *ret)
{
        struct id nobody = { 0 };
        int r;

        r = find_after(tx, kind, sources, core->work_served[kind], ret);
        return r == CORE_NOTHING_HELD ? find_after(tx, kind, sources, nobody, ret) : r;
}

int work_lease(struct core *core, struct db_tx *tx, const struct work_wish *wish, int64_t due_ms,
               struct work_row *ret)
{
        int r = CORE_NOTHING_HELD;

        for (int kind = 0; kind <= (int)wish->least_urgent && r == CORE_NOTHING_HELD; kind++)
                r = find_next(core, tx, (enum work_kind)kind, wish->sources, ret);
        if (r)
                return r;
        core->work_served[ret->kind] = ret->owner; /* the writer is one thread */
        return fold(db_run(
                tx, ret->tenant,
                "UPDATE work SET state = ?3, due_ms = ?4, attempts = ?5 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&ret->id), db_integer(UNDER_WAY), db_integer(due_ms),
                          db_integer(ret->attempts)),
                NULL));
}

static int look_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        const struct work_wish *wish = context;
        int r;

        r = db_find_all(
                tx,
                "SELECT 1 FROM work WHERE state = 0 AND kind <= ?1 AND ?2 LIKE '%,' || source || ',%' LIMIT 1",
                DB_VALUES(db_integer(wish->least_urgent), db_string(wish->sources)), &rows);
        if (r)
                return fold(r);
        return db_rows_next(&rows, &r) ? 0 : r ? fold(r) : CORE_NOTHING_HELD;
}

int work_list_look(struct core *core, const struct work_wish *wish)
{
        struct work_wish copy = *wish;

        return db_read(core->db, look_in, &copy);
}

int work_row_check(struct db_tx *tx, const struct work_row *row)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        /* A later attempt is somebody else's. */
        return db_one(tx, row->tenant,
                      "SELECT 1 FROM work WHERE tenant_id = ?1 AND id = ?2 AND state = ?3 AND attempts = ?4",
                      DB_VALUES(db_id(&row->id), db_integer(UNDER_WAY), db_integer(row->attempts)), &rows);
}

int work_row_delete(struct db_tx *tx, const struct work_row *row)
{
        return fold(db_run(tx, row->tenant, "DELETE FROM work WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&row->id)), NULL));
}

int work_row_return(struct db_tx *tx, const struct work_row *row, const char *reason)
{
        return fold(db_run(tx, row->tenant,
                           "UPDATE work SET state = ?3, reason = ?4 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&row->id), db_integer(reason ? FAILED : WANTED),
                                     db_string(reason ? reason : "")),
                           NULL));
}

static int look_late_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        const int64_t *now = context;
        int r;

        r = db_find_all(tx, "SELECT 1 FROM work WHERE state = 1 AND due_ms <= ?1 LIMIT 1",
                        DB_VALUES(db_integer(*now)), &rows);
        if (r)
                return fold(r);
        return db_rows_next(&rows, &r) ? 0 : r ? fold(r) : CORE_NOTHING_HELD;
}

static int sweep_in(struct db_tx *tx, void *context)
{
        const int64_t *now = context;

        return fold(db_run_all(
                tx,
                "UPDATE work SET state = 0 WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM work"
                " WHERE state = 1 AND due_ms <= ?1 LIMIT ?2)",
                DB_VALUES(db_integer(*now), db_integer(SWEEP_MAX)), NULL));
}

int work_list_sweep(struct core *core, int64_t now)
{
        for (;;) {
                int r = db_read(core->db, look_late_in, &now);

                if (r)
                        return r == CORE_NOTHING_HELD ? 0 : r;
                r = db_write(core->db, sweep_in, &now);
                if (r)
                        return r;
                work_wake(core);
        }
}

void work_wake(struct core *core)
{
        if (core->parts.wake_render)
                core->parts.wake_render(core->parts.wake_context);
}

void work_list_init(struct core *core)
{
        pthread_condattr_t attributes;

        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&core->work_waiting, &attributes);
        pthread_condattr_destroy(&attributes);
        pthread_mutex_init(&core->work_lock, NULL);
}

void work_list_done(struct core *core)
{
        pthread_cond_destroy(&core->work_waiting);
        pthread_mutex_destroy(&core->work_lock);
}

void work_ended(struct core *core)
{
        pthread_mutex_lock(&core->work_lock);
        core->work_endings++;
        pthread_cond_broadcast(&core->work_waiting);
        pthread_mutex_unlock(&core->work_lock);
}

uint64_t work_endings(struct core *core)
{
        uint64_t endings;

        pthread_mutex_lock(&core->work_lock);
        endings = core->work_endings;
        pthread_mutex_unlock(&core->work_lock);
        return endings;
}

bool work_wait(struct core *core, uint64_t seen, int64_t deadline_ms)
{
        struct timespec until = { deadline_ms / 1000, deadline_ms % 1000 * 1000000 };
        bool has_ended;

        pthread_mutex_lock(&core->work_lock);
        while (core->work_endings == seen)
                if (pthread_cond_timedwait(&core->work_waiting, &core->work_lock, &until) == ETIMEDOUT)
                        break;
        has_ended = core->work_endings != seen;
        pthread_mutex_unlock(&core->work_lock);
        return has_ended;
}
