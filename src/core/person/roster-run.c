// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/roster.h"
#include "core/state.h"

#define DAY_MS    86400000LL
#define KEPT_RUNS 100 /* of a method */

struct context {
        struct id tenant, id;
        const struct actor *actor;
        struct roster_run *run;
        const char *kind;
        struct roster_source *to;
        size_t max, count;
        int64_t ms;
};

static int is_under_way(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->tenant,
                       "SELECT 1 FROM roster_run WHERE tenant_id = ?1 AND method_id = ?2 AND outcome = ''"
                       " AND started_ms > ?3 LIMIT 1",
                       DB_VALUES(db_id(&c->run->method), db_integer(c->run->started_ms - DAY_MS)), &rows);

        return r == 0 ? CORE_BUSY : r == DB_NO_ROW ? 0 : fold(r);
}

static int forget_old(struct db_tx *tx, const struct context *c)
{
        return fold(db_run(tx, c->tenant,
                           "DELETE FROM roster_run WHERE tenant_id = ?1 AND method_id = ?2 AND id NOT IN"
                           " (SELECT id FROM roster_run WHERE tenant_id = ?1 AND method_id = ?2"
                           " ORDER BY id DESC LIMIT ?3)",
                           DB_VALUES(db_id(&c->run->method), db_integer(KEPT_RUNS)), NULL));
}

static int begin_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = is_under_way(tx, c);

        if (r == 0)
                r = forget_old(tx, c);
        if (r)
                return r;
        r = db_run(
                tx, c->tenant,
                "INSERT INTO roster_run (tenant_id, id, method_id, dry, outcome, words, seen, made, changed, badges,"
                " disabled, enabled, refused, lines, started_ms, ended_ms)"
                " VALUES (?1, ?2, ?3, ?4, '', '', 0, 0, 0, 0, 0, 0, 0, '', ?5, 0)",
                DB_VALUES(db_id(&c->run->id), db_id(&c->run->method), db_integer(c->run->dry),
                          db_integer(c->run->started_ms)),
                NULL);
        if (r || !c->actor)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "directory-asked-for", c->run->method,
                         c->run->dry ? "dry=yes" : "dry=no");
}

int roster_run_begin(struct core *core, struct id tenant, const struct actor *actor, struct id method,
                     bool dry, struct roster_run *ret)
{
        struct context c = { .tenant = tenant, .actor = actor, .run = ret };

        if (actor && !actor_may(actor, RIGHT_METHODS, whose_tenant()))
                return CORE_FORBIDDEN;
        *ret = (struct roster_run){
                .id = id_new(), .method = method, .dry = dry, .started_ms = clock_unix_ms()
        };
        return db_write(core->db, begin_in, &c);
}

static int end_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct roster_run *run = c->run;
        char detail[CORE_WORDS];
        int r;

        r = db_run(
                tx, c->tenant,
                "UPDATE roster_run SET outcome = ?3, words = ?4, seen = ?5, made = ?6, changed = ?7, badges = ?8,"
                " disabled = ?9, enabled = ?10, refused = ?11, lines = ?12, ended_ms = ?13"
                " WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&run->id), db_string(run->outcome), db_string(run->words),
                          db_integer((int64_t)run->seen), db_integer((int64_t)run->made),
                          db_integer((int64_t)run->changed), db_integer((int64_t)run->badges),
                          db_integer((int64_t)run->disabled), db_integer((int64_t)run->enabled),
                          db_integer((int64_t)run->refused), db_string(run->lines), db_integer(c->ms)),
                NULL);
        if (r || run->dry)
                return fold(r);
        snprintf(detail, sizeof(detail),
                 "outcome=%s seen=%" PRIu64 " made=%" PRIu64 " changed=%" PRIu64 " disabled=%" PRIu64
                 " enabled=%" PRIu64 " refused=%" PRIu64,
                 run->outcome, run->seen, run->made, run->changed, run->disabled, run->enabled, run->refused);
        return event_add(tx, c->tenant, NULL, "directory-synchronised", run->method, detail);
}

int roster_run_end(struct core *core, struct id tenant, const struct roster_run *run)
{
        struct context c = { .tenant = tenant,
                             .run = (struct roster_run *)(uintptr_t)run,
                             .ms = clock_unix_ms() };

        return db_write(core->db, end_in, &c);
}

static int abandon_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run_all(
                tx,
                "UPDATE roster_run SET outcome = 'failed', words = 'The service stopped.', ended_ms = ?1"
                " WHERE outcome = ''",
                DB_VALUES(db_integer(c->ms)), NULL));
}

int roster_runs_abandon(struct core *core)
{
        struct context c = { .ms = clock_unix_ms() };

        return db_write(core->db, abandon_in, &c);
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct roster_run *run = c->run;
        int r;

        r = db_one(
                tx, c->tenant,
                "SELECT method_id, dry, outcome, words, seen, made, changed, badges, disabled, enabled, refused,"
                " lines, started_ms, ended_ms FROM roster_run WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&c->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        *run = (struct roster_run){ .id = c->id,
                                    .method = db_rows_id(&rows, 0),
                                    .dry = db_rows_integer(&rows, 1) };
        db_rows_string(&rows, 2, run->outcome, sizeof(run->outcome));
        db_rows_string(&rows, 3, run->words, sizeof(run->words));
        run->seen = (uint64_t)db_rows_integer(&rows, 4);
        run->made = (uint64_t)db_rows_integer(&rows, 5);
        run->changed = (uint64_t)db_rows_integer(&rows, 6);
        run->badges = (uint64_t)db_rows_integer(&rows, 7);
        run->disabled = (uint64_t)db_rows_integer(&rows, 8);
        run->enabled = (uint64_t)db_rows_integer(&rows, 9);
        run->refused = (uint64_t)db_rows_integer(&rows, 10);
        db_rows_string(&rows, 11, run->lines, sizeof(run->lines));
        run->started_ms = db_rows_integer(&rows, 12);
        run->ended_ms = db_rows_integer(&rows, 13);
        return 0;
}

int roster_run_find(struct core *core, const struct actor *actor, struct id id, struct roster_run *ret)
{
        struct context c = { .tenant = actor->tenant, .id = id, .run = ret };

        if (!actor_may(actor, RIGHT_METHODS, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_read(core->db, find_in, &c);
}

static int last_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one(tx, c->tenant,
                       "SELECT started_ms FROM roster_run WHERE tenant_id = ?1 AND method_id = ?2 AND dry = 0"
                       " ORDER BY id DESC LIMIT 1",
                       DB_VALUES(db_id(&c->id)), &rows);

        c->ms = r == 0 ? db_rows_integer(&rows, 0) : 0;
        return r == DB_NO_ROW ? 0 : fold(r);
}

int roster_run_last(struct core *core, struct id tenant, struct id method, int64_t *ret_started_ms)
{
        struct context c = { .tenant = tenant, .id = method };
        int r = db_read(core->db, last_in, &c);

        if (r == 0)
                *ret_started_ms = c.ms;
        return r;
}

static int sources_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->count = 0;
        r = db_find_all(
                tx,
                "SELECT tenant_id, id FROM method WHERE kind = ?1 AND enabled = 1 ORDER BY tenant_id, id LIMIT ?2",
                DB_VALUES(db_string(c->kind), db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r)) {
                c->to[c->count].tenant = db_rows_id(&rows, 0);
                c->to[c->count++].method = db_rows_id(&rows, 1);
        }
        return fold(r);
}

int roster_sources(struct core *core, const char *kind, struct roster_source *ret, size_t max,
                   size_t *ret_count)
{
        struct context c = { .kind = kind, .to = ret, .max = max };
        int r = db_read(core->db, sources_in, &c);

        if (r == 0)
                *ret_count = c.count;
        return r;
}
