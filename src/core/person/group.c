// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/group.h"

#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/job/policy.h"
#include "core/state.h"

#define COLUMNS                                                                                    \
        "SELECT g.id, g.name, g.created_ms, (SELECT count(DISTINCT m.person_id) FROM membership m" \
        " WHERE m.tenant_id = g.tenant_id AND m.group_id = g.id) FROM \"group\" g WHERE g.tenant_id = ?1"

struct context {
        const struct actor *actor;
        struct group group;
        struct id person;
        const char *name; /* to find by; NULL: by id */
};

static void read_group(struct db_rows *rows, void *item)
{
        struct group *ret = item;

        ret->id = db_rows_id(rows, 0);
        db_rows_string(rows, 1, ret->name, sizeof(ret->name));
        ret->created_ms = db_rows_integer(rows, 2);
        ret->members = (uint32_t)db_rows_integer(rows, 3);
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
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        read_group(&rows, &c->group);
        return 0;
}

/* CORE_BAD_VALUE where the tenant has as many as it may. */
static int has_room(struct db_tx *tx, struct id tenant)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant, "SELECT count(*) FROM \"group\" WHERE tenant_id = ?1", DB_NONE, &rows);
        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) < GROUPS_MAX ? 0 : CORE_BAD_VALUE;
}

static int insert(struct db_tx *tx, struct id tenant, const struct group *group)
{
        int r = db_run(
                tx, tenant, "INSERT INTO \"group\" (tenant_id, id, name, created_ms) VALUES (?1, ?2, ?3, ?4)",
                DB_VALUES(db_id(&group->id), db_string(group->name), db_integer(group->created_ms)), NULL);

        return r == DB_TAKEN ? CORE_TAKEN : fold(r);
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = has_room(tx, c->actor->tenant);

        if (r == 0)
                r = insert(tx, c->actor->tenant, &c->group);
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "group-made", c->group.id, "");
}

int group_make(struct core *core, const struct actor *actor, struct text name, struct group *ret)
{
        struct context c = { .actor = actor };
        int r;

        if (!actor_may(actor, RIGHT_GROUPS_CHANGE, whose_tenant()))
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

int group_find(struct core *core, const struct actor *actor, struct text id_or_name, struct group *ret)
{
        struct context c = { .actor = actor };
        char name[CORE_TITLE];
        int r;

        if (!actor_may(actor, RIGHT_GROUPS_READ, whose_tenant()))
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

int group_list(struct core *core, const struct actor *actor, struct id after, struct group *ret, size_t max,
               size_t *ret_count)
{
        struct listing groups = { .tenant = actor->tenant,
                                  .sql = COLUMNS " AND g.id > ?2 ORDER BY g.id LIMIT ?3",
                                  .after = after,
                                  .read = read_group,
                                  LISTING_INTO(ret, max) };

        if (!actor_may(actor, RIGHT_GROUPS_READ, whose_tenant()))
                return CORE_FORBIDDEN;
        return listing_find(core, &groups, ret_count);
}

static int rename_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        char name[CORE_TITLE];
        int64_t changed;
        int r;

        memcpy(name, c->group.name, sizeof(name));
        r = db_run(tx, c->actor->tenant, "UPDATE \"group\" SET name = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->group.id), db_string(name)), &changed);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        r = event_add(tx, c->actor->tenant, c->actor, "group-changed", c->group.id, "");
        return r ? r : find_in(tx, c);
}

int group_rename(struct core *core, const struct actor *actor, struct id id, struct text name,
                 struct group *ret)
{
        struct context c = { .actor = actor, .group.id = id };
        int r;

        if (!actor_may(actor, RIGHT_GROUPS_CHANGE, whose_tenant()))
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
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant, "DELETE FROM membership WHERE tenant_id = ?1 AND group_id = ?2",
                   DB_VALUES(db_id(&c->group.id)), NULL);
        if (r)
                return fold(r);
        r = policies_forget(tx, c->actor->tenant, c->group.id);
        if (r)
                return r;
        r = db_run(tx, c->actor->tenant, "DELETE FROM \"group\" WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->group.id)), &changed);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "group-deleted", c->group.id, "");
}

int group_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .group.id = id };

        if (!actor_may(actor, RIGHT_GROUPS_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}
