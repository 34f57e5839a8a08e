// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-people.h"

#include <stdio.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/guest.h"
#include "core/job/queue.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        const struct printer *printer;
        const struct queue *queue;
        struct id id;
        const struct text *groups;
        struct group *found;
        size_t count;
};

/* Whether it is open to everybody, or to a group he is in. */
static int is_open_to(struct db_tx *tx, const struct actor *actor, struct id printer, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, actor->tenant,
                       "SELECT count(*), (SELECT count(*) FROM printer_allowed b JOIN membership m"
                       " ON m.tenant_id = b.tenant_id AND m.group_id = b.group_id"
                       " WHERE b.tenant_id = ?1 AND b.printer_id = ?2 AND m.person_id = ?3)"
                       " FROM printer_allowed a WHERE a.tenant_id = ?1 AND a.printer_id = ?2",
                       DB_VALUES(db_id(&printer), db_id(&actor->id)), &rows);

        if (r)
                return fold(r);
        *ret = db_rows_integer(&rows, 0) == 0 || db_rows_integer(&rows, 1) > 0;
        return 0;
}

int printer_check_use(struct db_tx *tx, const struct actor *actor, const struct printer *printer)
{
        bool open = false;
        int r;

        if (actor->kind != ACTOR_PERSON)
                return 0;
        r = guest_check_printer(tx, actor, printer);
        if (r == 0)
                r = is_open_to(tx, actor, printer->id, &open);
        if (r || open)
                return r;
        r = right_at_site(tx, actor, RIGHT_PRINTERS_CHANGE, printer->site);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r ? r : CORE_FORBIDDEN;
}

static int seen_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        int r = printer_check_use(tx, c->actor, c->printer);

        return r == CORE_FORBIDDEN ? 0 : r;
}

int printer_check_seen(struct core *core, const struct actor *actor, const struct printer *printer)
{
        struct context c = { .actor = actor, .printer = printer };

        return actor->kind == ACTOR_PERSON ? db_read(core->db, seen_in, &c) : 0;
}

static int submit_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        struct printer printer;
        int r = printer_find_in(tx, c->actor->tenant, c->queue->printer, &printer);

        if (r == 0)
                r = printer_check_use(tx, c->actor, &printer);
        return r == DB_NO_ROW || r == CORE_NOT_FOUND ? CORE_FORBIDDEN : r == CORE_FORBIDDEN ? r : fold(r);
}

int printer_check_submit(struct core *core, const struct actor *actor, const struct queue *queue)
{
        struct context c = { .actor = actor, .queue = queue };

        /* Of a pull queue it is said at the release. */
        return actor->kind != ACTOR_PERSON || id_is_zero(queue->printer) ? 0
                                                                         : db_read(core->db, submit_in, &c);
}

/* CORE_NOT_FOUND, CORE_FORBIDDEN. */
static int check_change(struct db_tx *tx, const struct context *c)
{
        struct printer printer;
        int r = printer_find_in(tx, c->actor->tenant, c->id, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return right_at_site(tx, c->actor, RIGHT_PRINTERS_CHANGE, printer.site);
}

static int allowed_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = check_change(tx, c);

        if (r)
                return r;
        r = db_find(tx, c->actor->tenant,
                    "SELECT g.id, g.name, g.created_ms FROM printer_allowed a JOIN \"group\" g"
                    " ON g.tenant_id = a.tenant_id AND g.id = a.group_id"
                    " WHERE a.tenant_id = ?1 AND a.printer_id = ?2 ORDER BY g.name LIMIT ?3",
                    DB_VALUES(db_id(&c->id), db_integer(PRINTER_ALLOWED_MAX)), &rows);
        if (r)
                return fold(r);
        for (c->count = 0; c->count < PRINTER_ALLOWED_MAX && db_rows_next(&rows, &r); c->count++) {
                struct group *group = &c->found[c->count];

                *group =
                        (struct group){ .id = db_rows_id(&rows, 0), .created_ms = db_rows_integer(&rows, 2) };
                db_rows_string(&rows, 1, group->name, sizeof(group->name));
        }
        return fold(r);
}

int printer_allowed(struct core *core, const struct actor *actor, struct id printer, struct group *ret,
                    size_t *ret_count)
{
        struct context c = { .actor = actor, .id = printer, .found = ret };
        int r = db_read(core->db, allowed_in, &c);

        if (r == 0)
                *ret_count = c.count;
        return r;
}

int printer_allowed_forget(struct db_tx *tx, struct id tenant, struct id printer)
{
        return fold(db_run(tx, tenant, "DELETE FROM printer_allowed WHERE tenant_id = ?1 AND printer_id = ?2",
                           DB_VALUES(db_id(&printer)), NULL));
}

/* One group, by its id or its name. CORE_BAD_VALUE. Naming it twice is naming it once. */
static int allow_one(struct db_tx *tx, const struct context *c, struct text group)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct id id = { { 0 } };
        int r;

        (void)id_parse(group, &id);
        r = db_one(tx, c->actor->tenant,
                   "SELECT id FROM \"group\" WHERE tenant_id = ?1 AND (id = ?2 OR name = ?3)",
                   DB_VALUES(db_id(&id), db_text(group)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_BAD_VALUE : fold(r);
        id = db_rows_id(&rows, 0);
        return fold(db_run(tx, c->actor->tenant,
                           "INSERT INTO printer_allowed (tenant_id, printer_id, group_id) VALUES (?1, ?2, ?3)"
                           " ON CONFLICT (tenant_id, printer_id, group_id) DO NOTHING",
                           DB_VALUES(db_id(&c->id), db_id(&id)), NULL));
}

static int allow_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        char detail[CORE_WORDS];
        int r = check_change(tx, c);

        if (r == 0)
                r = printer_allowed_forget(tx, c->actor->tenant, c->id);
        for (size_t i = 0; r == 0 && i < c->count; i++)
                r = allow_one(tx, c, c->groups[i]);
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "groups=%zu", c->count);
        return event_add(tx, c->actor->tenant, c->actor, "printer-people-changed", c->id, detail);
}

int printer_allow(struct core *core, const struct actor *actor, struct id printer, const struct text *groups,
                  size_t count)
{
        struct context c = { .actor = actor, .id = printer, .groups = groups, .count = count };

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        return count > PRINTER_ALLOWED_MAX ? CORE_BAD_VALUE : db_write(core->db, allow_in, &c);
}
