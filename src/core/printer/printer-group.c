// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-group.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/job/policy.h"
#include "core/state.h"

#define COLUMNS                                                                       \
        "SELECT g.id, g.name, g.created_ms, (SELECT count(*) FROM printer_grouping p" \
        " WHERE p.tenant_id = g.tenant_id AND p.group_id = g.id) FROM printer_group g WHERE g.tenant_id = ?1"

struct context {
        const struct actor *actor;
        struct printer_group group;
        struct id printer;
        const char *name; /* to find by; NULL: by id */
};

static void read_group(struct db_rows *rows, void *item)
{
        struct printer_group *ret = item;

        *ret = (struct printer_group){ .id = db_rows_id(rows, 0), .created_ms = db_rows_integer(rows, 2) };
        db_rows_string(rows, 1, ret->name, sizeof(ret->name));
        ret->printers = (uint32_t)db_rows_integer(rows, 3);
}

static bool may_read(const struct actor *actor)
{
        return actor_may(actor, RIGHT_PRINTERS_READ, whose_tenant());
}

static bool may_change(const struct actor *actor)
{
        return actor_may(actor, RIGHT_PRINTERS_CHANGE, whose_tenant());
}

static bool name_is_good(struct text name)
{
        return name.len > 0 && name.len < CORE_TITLE && text_is_printable(name) &&
               text_equal(name, text_trim(name));
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        if (c->name)
                r = db_one(tx, c->actor->tenant, COLUMNS " AND g.name = ?2", DB_VALUES(db_string(c->name)),
                           &rows);
        else
                r = db_one(tx, c->actor->tenant, COLUMNS " AND g.id = ?2", DB_VALUES(db_id(&c->group.id)),
                           &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_group(&rows, &c->group);
        return 0;
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r = db_run(tx, c->actor->tenant,
                       "INSERT INTO printer_group (tenant_id, id, name, created_ms) SELECT ?1, ?2, ?3, ?4"
                       " WHERE (SELECT count(*) FROM printer_group WHERE tenant_id = ?1) < ?5",
                       DB_VALUES(db_id(&c->group.id), db_string(c->group.name),
                                 db_integer(c->group.created_ms), db_integer(PRINTER_GROUPS_MAX)),
                       &changed);

        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        if (!changed)
                return CORE_BAD_VALUE;
        return event_add(tx, c->actor->tenant, c->actor, "printer-group-made", c->group.id, "");
}

int printer_group_make(struct core *core, const struct actor *actor, struct text name,
                       struct printer_group *ret)
{
        struct context c = { .actor = actor };
        int r;

        if (!may_change(actor))
                return CORE_FORBIDDEN;
        if (!name_is_good(name) || !text_copy(name, c.group.name, sizeof(c.group.name)))
                return CORE_BAD_VALUE;
        c.group.id = id_new();
        c.group.created_ms = clock_unix_ms();
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *ret = c.group;
        return r;
}

int printer_group_find(struct core *core, const struct actor *actor, struct text id_or_name,
                       struct printer_group *ret)
{
        struct context c = { .actor = actor };
        char name[CORE_TITLE];
        int r;

        if (!may_read(actor))
                return CORE_FORBIDDEN;
        if (!id_parse(id_or_name, &c.group.id)) {
                if (!text_copy(id_or_name, name, sizeof(name)))
                        return CORE_NOT_FOUND;
                c.name = name;
        }
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.group;
        return r;
}

int printer_group_list(struct core *core, const struct actor *actor, struct id after,
                       struct printer_group *ret, size_t max, size_t *ret_count)
{
        struct listing groups = { .tenant = actor->tenant,
                                  .sql = COLUMNS " AND g.id > ?2 ORDER BY g.id LIMIT ?3",
                                  .after = after,
                                  .read = read_group,
                                  LISTING_INTO(ret, max) };

        return may_read(actor) ? listing_find(core, &groups, ret_count) : CORE_FORBIDDEN;
}

static int rename_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r = db_run(tx, c->actor->tenant,
                       "UPDATE printer_group SET name = ?3 WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&c->group.id), db_string(c->group.name)), &changed);

        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        r = event_add(tx, c->actor->tenant, c->actor, "printer-group-changed", c->group.id, "");
        return r ? r : find_in(tx, c);
}

int printer_group_rename(struct core *core, const struct actor *actor, struct id id, struct text name,
                         struct printer_group *ret)
{
        struct context c = { .actor = actor, .group.id = id };
        int r;

        if (!may_change(actor))
                return CORE_FORBIDDEN;
        if (!name_is_good(name) || !text_copy(name, c.group.name, sizeof(c.group.name)))
                return CORE_BAD_VALUE;
        r = db_write(core->db, rename_in, &c);
        if (r == 0)
                *ret = c.group;
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct id tenant = c->actor->tenant;
        int64_t changed;
        int r = policies_forget(tx, tenant, c->group.id);

        if (r)
                return r;
        r = db_run(tx, tenant, "DELETE FROM printer_grouping WHERE tenant_id = ?1 AND group_id = ?2",
                   DB_VALUES(db_id(&c->group.id)), NULL);
        if (r == 0)
                r = db_run(tx, tenant, "DELETE FROM printer_group WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->group.id)), &changed);
        if (r)
                return fold(r);
        return changed ? event_add(tx, tenant, c->actor, "printer-group-deleted", c->group.id, "")
                       : CORE_NOT_FOUND;
}

int printer_group_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .group.id = id };

        return may_change(actor) ? db_write(core->db, delete_in, &c) : CORE_FORBIDDEN;
}

/* About the printer, in whichever direction. */
static int note_grouping(struct db_tx *tx, const struct context *c, int64_t changed)
{
        return changed ? event_add(tx, c->actor->tenant, c->actor, "printer-groups-changed", c->printer, "")
                       : 0;
}

static int add_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct printer printer;
        int64_t changed;
        int r = find_in(tx, c);

        if (r)
                return r;
        r = printer_find_in(tx, c->actor->tenant, c->printer, &printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO printer_grouping (tenant_id, group_id, printer_id) VALUES (?1, ?2, ?3)"
                   " ON CONFLICT (tenant_id, group_id, printer_id) DO NOTHING",
                   DB_VALUES(db_id(&c->group.id), db_id(&c->printer)), &changed);
        return r ? fold(r) : note_grouping(tx, c, changed);
}

int printer_group_add(struct core *core, const struct actor *actor, struct id group, struct id printer)
{
        struct context c = { .actor = actor, .group.id = group, .printer = printer };

        return may_change(actor) ? db_write(core->db, add_in, &c) : CORE_FORBIDDEN;
}

static int remove_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r = find_in(tx, c);

        if (r)
                return r;
        r = db_run(tx, c->actor->tenant,
                   "DELETE FROM printer_grouping WHERE tenant_id = ?1 AND group_id = ?2 AND printer_id = ?3",
                   DB_VALUES(db_id(&c->group.id), db_id(&c->printer)), &changed);
        return r ? fold(r) : note_grouping(tx, c, changed);
}

int printer_group_remove(struct core *core, const struct actor *actor, struct id group, struct id printer)
{
        struct context c = { .actor = actor, .group.id = group, .printer = printer };

        return may_change(actor) ? db_write(core->db, remove_in, &c) : CORE_FORBIDDEN;
}

int printer_groups_forget(struct db_tx *tx, struct id tenant, struct id printer)
{
        return fold(db_run(tx, tenant,
                           "DELETE FROM printer_grouping WHERE tenant_id = ?1 AND printer_id = ?2",
                           DB_VALUES(db_id(&printer)), NULL));
}
