// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who is in which group, and who says so (core/person/group.h). */

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/group.h"
#include "core/listing.h"
#include "core/state.h"

static const struct id no_method; /* local: 16 zero octets, so that it can be part of the key */

#define GROUP_IS_THERE "SELECT 1 FROM \"group\" WHERE tenant_id = ?1 AND id = ?2"

struct context {
        const struct actor *actor;
        struct id group, person;
};

static int is_there(struct db_tx *tx, struct id tenant, const char *sql, const struct id *id)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, sql, DB_VALUES(db_id(id)), &rows);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int both_are_there(struct db_tx *tx, const struct context *c)
{
        int r = is_there(tx, c->actor->tenant, GROUP_IS_THERE, &c->group);

        return r ? r : is_there(tx, c->actor->tenant, LISTING_OF_PERSON, &c->person);
}

/* *ret_changed is false where it was there already. */
static int insert(struct db_tx *tx, struct id tenant, struct id person, struct id group, struct id method,
                  int64_t *ret_changed)
{
        return fold(db_run(tx, tenant,
                           "INSERT INTO membership (tenant_id, person_id, group_id, method_id)"
                           " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                           DB_VALUES(db_id(&person), db_id(&group), db_octets(method.octets, ID_OCTETS)),
                           ret_changed));
}

static void detail_of(struct id group, const char *word, char ret[CORE_WORDS])
{
        char id[ID_STRING];

        id_format(group, id);
        snprintf(ret, CORE_WORDS, "%s=%s", word, id);
}

static int add_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        char detail[CORE_WORDS];
        int64_t changed = 0;
        int r = both_are_there(tx, c);

        if (r == 0)
                r = insert(tx, c->actor->tenant, c->person, c->group, no_method, &changed);
        if (r || !changed)
                return r;
        detail_of(c->group, "added", detail);
        return event_add(tx, c->actor->tenant, c->actor, "groups-changed", c->person, detail);
}

int group_add(struct core *core, const struct actor *actor, struct id group, struct id person)
{
        struct context c = { .actor = actor, .group = group, .person = person };

        if (!actor_may(actor, RIGHT_GROUPS_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, add_in, &c);
}

static int remove_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        char detail[CORE_WORDS];
        int64_t changed = 0;
        int r = both_are_there(tx, c);

        if (r)
                return r;
        r = db_run(tx, c->actor->tenant,
                   "DELETE FROM membership WHERE tenant_id = ?1 AND person_id = ?2 AND group_id = ?3"
                   " AND method_id = ?4",
                   DB_VALUES(db_id(&c->person), db_id(&c->group), db_octets(no_method.octets, ID_OCTETS)),
                   &changed);
        if (r || !changed)
                return fold(r);
        detail_of(c->group, "removed", detail);
        return event_add(tx, c->actor->tenant, c->actor, "groups-changed", c->person, detail);
}

int group_remove(struct core *core, const struct actor *actor, struct id group, struct id person)
{
        struct context c = { .actor = actor, .group = group, .person = person };

        if (!actor_may(actor, RIGHT_GROUPS_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, remove_in, &c);
}

static void read_membership(struct db_rows *rows, void *item)
{
        struct membership *m = item;

        m->person = db_rows_id(rows, 0);
        m->group = db_rows_id(rows, 1);
        db_rows_octets(rows, 2, m->method.octets, ID_OCTETS);
        db_rows_string(rows, 3, m->email, sizeof(m->email));
        db_rows_string(rows, 4, m->group_name, sizeof(m->group_name));
}

#define COLUMNS                                                                               \
        "SELECT m.person_id, m.group_id, min(m.method_id), p.email, g.name FROM membership m" \
        " JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id"                  \
        " JOIN \"group\" g ON g.tenant_id = m.tenant_id AND g.id = m.group_id WHERE m.tenant_id = ?1"

int group_members(struct core *core, const struct actor *actor, struct id group, struct id after,
                  struct membership *ret, size_t max, size_t *ret_count)
{
        struct listing members = {
                .tenant = actor->tenant,
                .owner_sql = GROUP_IS_THERE,
                .owner = group,
                .sql = COLUMNS
                " AND m.group_id = ?4 AND m.person_id > ?2"
                " GROUP BY m.person_id, m.group_id, p.email, g.name ORDER BY m.person_id LIMIT ?3",
                .values = DB_VALUES(db_id(&group)),
                .after = after,
                .read = read_membership,
                LISTING_INTO(ret, max)
        };

        if (!actor_may(actor, RIGHT_GROUPS_READ, whose_tenant()))
                return CORE_FORBIDDEN;
        return listing_find(core, &members, ret_count);
}

int group_list_of(struct core *core, const struct actor *actor, struct id person, struct membership *ret,
                  size_t max, size_t *ret_count)
{
        /* All of them by name; the zero id is before each. */
        struct listing groups = {
                .tenant = actor->tenant,
                .owner_sql = LISTING_OF_PERSON,
                .owner = person,
                .sql = COLUMNS " AND m.group_id > ?2 AND m.person_id = ?4"
                               " GROUP BY m.person_id, m.group_id, p.email, g.name ORDER BY g.name LIMIT ?3",
                .values = DB_VALUES(db_id(&person)),
                .read = read_membership,
                LISTING_INTO(ret, max)
        };

        if (!actor_may(actor, RIGHT_GROUPS_READ, whose_person(person)))
                return CORE_NOT_FOUND;
        return listing_find(core, &groups, ret_count);
}

/* The group of that name, made where there is none; the zero id where there may be no more. */
static int group_of_name(struct db_tx *tx, struct id tenant, const char *name, struct id *ret)
{
        int64_t changed = 0;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, tenant, "SELECT id FROM \"group\" WHERE tenant_id = ?1 AND name = ?2",
                           DB_VALUES(db_string(name)), &rows);
                if (r == 0)
                        *ret = db_rows_id(&rows, 0);
                if (r != DB_NO_ROW)
                        return fold(r);
        }
        *ret = id_new();
        r = db_run(
                tx, tenant,
                "INSERT INTO \"group\" (tenant_id, id, name, created_ms) SELECT ?1, ?2, ?3, ?4"
                " WHERE (SELECT count(*) FROM \"group\" WHERE tenant_id = ?1) < ?5",
                DB_VALUES(db_id(ret), db_string(name), db_integer(clock_unix_ms()), db_integer(GROUPS_MAX)),
                &changed);
        if (r == 0 && !changed)
                *ret = (struct id){ 0 };
        return fold(r);
}

/* The memberships of one source are marked, those said again unmarked, and what is still marked goes. */
struct difference {
        struct id *had;
        size_t had_count;
        int64_t added, removed;
};

static int read_had(struct db_tx *tx, struct id tenant, struct id person, struct id method,
                    struct difference *d)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(
                tx, tenant,
                "SELECT group_id FROM membership WHERE tenant_id = ?1 AND person_id = ?2"
                " AND method_id = ?3 LIMIT ?4",
                DB_VALUES(db_id(&person), db_octets(method.octets, ID_OCTETS), db_integer(GROUPS_FROM_MAX)),
                &rows);
        if (r)
                return fold(r);
        while (d->had_count < GROUPS_FROM_MAX && db_rows_next(&rows, &r))
                d->had[d->had_count++] = db_rows_id(&rows, 0);
        return fold(r);
}

/* True where it was had: then it is kept. */
static bool keep(struct difference *d, struct id group)
{
        for (size_t i = 0; i < d->had_count; i++)
                if (id_equal(d->had[i], group)) {
                        d->had[i] = d->had[--d->had_count];
                        return true;
                }
        return false;
}

static int remove_rest(struct db_tx *tx, struct id tenant, struct id person, struct id method,
                       struct difference *d)
{
        for (size_t i = 0; i < d->had_count; i++) {
                int r = db_run(
                        tx, tenant,
                        "DELETE FROM membership WHERE tenant_id = ?1 AND person_id = ?2"
                        " AND group_id = ?3 AND method_id = ?4",
                        DB_VALUES(db_id(&person), db_id(&d->had[i]), db_octets(method.octets, ID_OCTETS)),
                        NULL);

                if (r)
                        return fold(r);
                d->removed++;
        }
        return 0;
}

static int add_named(struct db_tx *tx, struct id tenant, struct id person, struct id method, const char *name,
                     struct difference *d)
{
        struct text text = text_from(name);
        int64_t changed = 0;
        struct id group;
        int r;

        if (text.len == 0 || text.len >= CORE_TITLE || !text_is_printable(text) ||
            !text_equal(text, text_trim(text)))
                return 0;
        r = group_of_name(tx, tenant, name, &group);
        if (r || id_is_zero(group) || keep(d, group))
                return r;
        r = insert(tx, tenant, person, group, method, &changed);
        d->added += changed;
        return r;
}

int membership_set(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id person,
                   struct id method, const char *const *names, size_t count, bool *ret_changed)
{
        struct id had[GROUPS_FROM_MAX];
        struct difference d = { .had = had };
        char detail[CORE_WORDS];
        int r = read_had(tx, tenant, person, method, &d);

        if (count > GROUPS_FROM_MAX)
                count = GROUPS_FROM_MAX;
        for (size_t i = 0; r == 0 && i < count; i++)
                r = add_named(tx, tenant, person, method, names[i], &d);
        if (r == 0)
                r = remove_rest(tx, tenant, person, method, &d);
        if (r)
                return r;
        *ret_changed = d.added || d.removed;
        if (!*ret_changed)
                return 0;
        snprintf(detail, sizeof(detail), "added=%lld removed=%lld", (long long)d.added, (long long)d.removed);
        return event_add(tx, tenant, actor, "groups-changed", person, detail);
}

int group_set_from(struct db_tx *tx, struct id tenant, struct id person, struct id method,
                   const char *const *names, size_t count)
{
        bool changed;

        return membership_set(tx, tenant, NULL, person, method, names, count, &changed);
}

int group_forget_source(struct db_tx *tx, struct id tenant, struct id method)
{
        return fold(db_run(tx, tenant, "DELETE FROM membership WHERE tenant_id = ?1 AND method_id = ?2",
                           DB_VALUES(db_octets(method.octets, ID_OCTETS)), NULL));
}
