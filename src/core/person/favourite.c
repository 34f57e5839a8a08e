// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/favourite.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer-people.h"
#include "core/state.h"

/* Of how many of his releases the printers are looked at. */
#define RELEASES_LOOKED_AT 200

struct context {
        const struct actor *actor;
        struct id printer;
        struct printer_mine *to;
        size_t count, last_used;
};

/* Those at which he may print. */
static int add_one(struct db_tx *tx, struct context *c, struct db_rows *rows)
{
        struct printer_mine *mine = &c->to[c->count];
        int r;

        *mine = (struct printer_mine){ .is_favourite = db_rows_integer(rows, 1) > 0,
                                       .released_ms = db_rows_integer(rows, 2) };
        if (!mine->is_favourite && c->last_used == PRINTERS_LAST_USED)
                return 0;
        r = printer_find_in(tx, c->actor->tenant, db_rows_id(rows, 0), &mine->printer);
        if (r == 0)
                r = printer_check_use(tx, c->actor, &mine->printer);
        if (r)
                return r == DB_NO_ROW || r == CORE_NOT_FOUND || r == CORE_FORBIDDEN ? 0 : fold(r);
        c->last_used += !mine->is_favourite;
        c->count++;
        return 0;
}

static int mine_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_find(tx, c->actor->tenant,
                        "SELECT printer_id, max(marked_ms) AS marked, max(released_ms) AS released FROM ("
                        " SELECT printer_id, created_ms AS marked_ms, 0 AS released_ms FROM favourite"
                        " WHERE tenant_id = ?1 AND person_id = ?2 UNION ALL"
                        " SELECT printer_id, 0, created_ms FROM (SELECT printer_id, created_ms FROM release"
                        " WHERE tenant_id = ?1 AND person_id = ?2 ORDER BY created_ms DESC LIMIT ?3))"
                        " GROUP BY printer_id ORDER BY marked = 0, marked, released DESC",
                        DB_VALUES(db_id(&c->actor->id), db_integer(RELEASES_LOOKED_AT)), &rows);

        if (r)
                return fold(r);
        c->count = c->last_used = 0;
        while (c->count < PRINTERS_MINE_MAX && db_rows_next(&rows, &r)) {
                int done = add_one(tx, c, &rows);

                if (done)
                        return done;
        }
        return fold(r);
}

int printers_mine(struct core *core, const struct actor *actor, struct printer_mine *ret, size_t *ret_count)
{
        struct context c = { .actor = actor, .to = ret };
        int r = db_read(core->db, mine_in, &c);

        if (r == 0)
                *ret_count = c.count;
        return r;
}

/* The first above the limit is one too many. */
static int has_room(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, c->actor->tenant,
                "SELECT count(*) FROM favourite WHERE tenant_id = ?1 AND person_id = ?2 AND printer_id <> ?3",
                DB_VALUES(db_id(&c->actor->id), db_id(&c->printer)), &rows);

        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) < FAVOURITES_MAX ? 0 : CORE_TAKEN;
}

static int mark_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        struct printer printer;
        int r = printer_find_in(tx, c->actor->tenant, c->printer, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = printer_check_use(tx, c->actor, &printer);
        if (r == 0)
                r = has_room(tx, c);
        if (r)
                return r;
        return fold(db_run(
                tx, c->actor->tenant,
                "INSERT INTO favourite (tenant_id, person_id, printer_id, created_ms)"
                " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant_id, person_id, printer_id) DO NOTHING",
                DB_VALUES(db_id(&c->actor->id), db_id(&c->printer), db_integer(clock_unix_ms())), NULL));
}

int favourite_mark(struct core *core, const struct actor *actor, struct id printer)
{
        struct context c = { .actor = actor, .printer = printer };

        return actor->kind == ACTOR_PERSON ? db_write(core->db, mark_in, &c) : CORE_FORBIDDEN;
}

static int unmark_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;

        return fold(
                db_run(tx, c->actor->tenant,
                       "DELETE FROM favourite WHERE tenant_id = ?1 AND person_id = ?2 AND printer_id = ?3",
                       DB_VALUES(db_id(&c->actor->id), db_id(&c->printer)), NULL));
}

int favourite_unmark(struct core *core, const struct actor *actor, struct id printer)
{
        struct context c = { .actor = actor, .printer = printer };

        return actor->kind == ACTOR_PERSON ? db_write(core->db, unmark_in, &c) : CORE_FORBIDDEN;
}

int favourites_forget(struct db_tx *tx, struct id tenant, struct id printer)
{
        return fold(db_run(tx, tenant, "DELETE FROM favourite WHERE tenant_id = ?1 AND printer_id = ?2",
                           DB_VALUES(db_id(&printer)), NULL));
}
