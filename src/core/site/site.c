// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/site.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/printer/geo.h"
#include "core/job/policy.h"
#include "core/state.h"
#include "core/job/ticket-default.h"

#define COLUMNS                                                                                                               \
        "SELECT s.id, s.name, s.title, s.address, s.geo, s.created_ms,"                                                       \
        " (SELECT count(*) FROM printer p WHERE p.tenant_id = s.tenant_id AND p.site_id = s.id),"                             \
        " (SELECT count(*) FROM site_administrator a WHERE a.tenant_id = s.tenant_id AND a.site_id = s.id), s.encrypted_only" \
        " FROM site s WHERE s.tenant_id = ?1"

struct context {
        const struct actor *actor;
        struct id tenant;
        struct id id;
        const char *name;
        struct site site;
        enum right right;
};

static void read_site(struct db_rows *rows, void *item)
{
        struct site *ret = item;

        *ret = (struct site){ .id = db_rows_id(rows, 0) };
        db_rows_string(rows, 1, ret->name, sizeof(ret->name));
        db_rows_string(rows, 2, ret->title, sizeof(ret->title));
        db_rows_string(rows, 3, ret->address, sizeof(ret->address));
        db_rows_string(rows, 4, ret->geo, sizeof(ret->geo));
        ret->created_ms = db_rows_integer(rows, 5);
        ret->printers = (uint32_t)db_rows_integer(rows, 6);
        ret->administrators = (uint32_t)db_rows_integer(rows, 7);
        ret->encrypted_only = db_rows_integer(rows, 8);
}

int right_at_site(struct db_tx *tx, const struct actor *actor, enum right right, struct id site)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        if (!actor || actor_may(actor, right, whose_tenant()))
                return 0;
        if (actor_reach(actor, right) < REACH_SITE || id_is_zero(site))
                return CORE_FORBIDDEN;
        r = db_one(
                tx, actor->tenant,
                "SELECT 1 FROM site_administrator WHERE tenant_id = ?1 AND person_id = ?2 AND site_id = ?3",
                DB_VALUES(db_id(&actor->id), db_id(&site)), &rows);
        return r == DB_NO_ROW ? CORE_FORBIDDEN : fold(r);
}

static int may_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return right_at_site(tx, c->actor, c->right, c->id);
}

int site_actor_may(struct core *core, const struct actor *actor, enum right right, struct id site, bool *ret)
{
        struct context c = { .actor = actor, .right = right, .id = site };
        int r;

        *ret = actor_may(actor, right, whose_tenant());
        if (*ret || actor_reach(actor, right) < REACH_SITE)
                return 0;
        r = db_read(core->db, may_in, &c);
        *ret = r == 0;
        return r == CORE_FORBIDDEN ? 0 : r;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        if (c->name)
                r = db_one(tx, c->tenant, COLUMNS " AND s.name = ?2", DB_VALUES(db_string(c->name)), &rows);
        else
                r = db_one(tx, c->tenant, COLUMNS " AND s.id = ?2", DB_VALUES(db_id(&c->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_site(&rows, &c->site);
        return 0;
}

int site_find(struct core *core, struct id tenant, struct id id, struct site *ret)
{
        struct context c = { .tenant = tenant, .id = id };
        int r = db_read(core->db, find_in, &c);

        if (r == 0)
                *ret = c.site;
        return r;
}

int site_find_by_name(struct core *core, struct id tenant, struct text name, struct site *ret)
{
        struct context c = { .tenant = tenant };
        char string[CORE_NAME];
        int r;

        if (!text_is_name(name) || !text_copy(name, string, sizeof(string)))
                return CORE_NOT_FOUND;
        c.name = string;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.site;
        return r;
}

int site_list(struct core *core, const struct actor *actor, bool mine, struct id after, struct site *ret,
              size_t max, size_t *ret_count)
{
        bool only_his = mine && !actor_may(actor, RIGHT_PRINTERS_CHANGE, whose_tenant());
        struct listing sites = { .tenant = actor->tenant,
                                 .sql = COLUMNS " AND s.id > ?2 AND (?4 = 0 OR EXISTS (SELECT 1"
                                                " FROM site_administrator o WHERE o.tenant_id = ?1"
                                                " AND o.site_id = s.id AND o.person_id = ?5))"
                                                " ORDER BY s.id LIMIT ?3",
                                 .values = DB_VALUES(db_integer(only_his), db_id(&actor->id)),
                                 .after = after,
                                 .read = read_site,
                                 LISTING_INTO(ret, max) };

        if (!actor_may(actor, RIGHT_SITES_READ, whose_tenant()))
                return CORE_FORBIDDEN;
        return listing_find(core, &sites, ret_count);
}

static bool is_geo(struct text geo)
{
        struct geo place;

        return geo.len == 0 || geo_parse_uri(geo, &place);
}

static bool is_valid(const struct site *site)
{
        return text_is_name(text_from(site->name)) && text_is_printable(text_from(site->title)) &&
               text_is_printable(text_from(site->address)) && is_geo(text_from(site->geo));
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct site *s = &c->site;
        int r;

        r = db_run(tx, c->tenant,
                   "INSERT INTO site (tenant_id, id, name, title, address, geo, created_ms, encrypted_only)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                   DB_VALUES(db_id(&s->id), db_string(s->name), db_string(s->title), db_string(s->address),
                             db_string(s->geo), db_integer(s->created_ms), db_integer(s->encrypted_only)),
                   NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "site-made", s->id, s->name);
}

int site_make(struct core *core, const struct actor *actor, struct site *site)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .site = *site };
        int r;

        if (!actor_may(actor, RIGHT_SITES_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!is_valid(site))
                return CORE_BAD_VALUE;
        c.site.id = id_new();
        c.site.created_ms = clock_unix_ms();
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *site = c.site;
        return r;
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct site *s = &c->site;
        int64_t changed;
        int r;

        r = db_run(
                tx, c->tenant,
                "UPDATE site SET name = ?3, title = ?4, address = ?5, geo = ?6, encrypted_only = ?7 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&s->id), db_string(s->name), db_string(s->title), db_string(s->address),
                          db_string(s->geo), db_integer(s->encrypted_only)),
                &changed);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->tenant, c->actor, "site-changed", s->id, s->name);
}

int site_change(struct core *core, const struct actor *actor, const struct site *site)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .site = *site };

        if (!actor_may(actor, RIGHT_SITES_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!is_valid(site))
                return CORE_BAD_VALUE;
        return db_write(core->db, change_in, &c);
}

/* Who has no other site is a person again. */
static int retire_administrators(struct db_tx *tx, const struct context *c)
{
        return fold(db_run(
                tx, c->tenant,
                "UPDATE person SET role = ?3 WHERE tenant_id = ?1 AND role = ?4 AND id IN (SELECT person_id"
                " FROM site_administrator WHERE tenant_id = ?1 AND site_id = ?2) AND id NOT IN (SELECT person_id"
                " FROM site_administrator WHERE tenant_id = ?1 AND site_id <> ?2)",
                DB_VALUES(db_id(&c->id), db_integer(ROLE_PERSON), db_integer(ROLE_SITE_ADMINISTRATOR)),
                NULL));
}

static int delete_in(struct db_tx *tx, void *context)
{
        static const char *const statements[] = {
                "UPDATE printer SET site_id = NULL WHERE tenant_id = ?1 AND site_id = ?2",
                "UPDATE agent SET site_id = NULL WHERE tenant_id = ?1 AND site_id = ?2",
                "DELETE FROM site_administrator WHERE tenant_id = ?1 AND site_id = ?2",
                "DELETE FROM home_queue WHERE tenant_id = ?1 AND site_id = ?2",
                "DELETE FROM site_offline WHERE tenant_id = ?1 AND site_id = ?2",
                "DELETE FROM submitter WHERE tenant_id = ?1 AND site_id = ?2",
                ("DELETE FROM alert_message WHERE tenant_id = ?1 AND route_id IN (SELECT id FROM alert_route"
                 " WHERE tenant_id = ?1 AND site_id = ?2)"),
                "DELETE FROM alert_route WHERE tenant_id = ?1 AND site_id = ?2",
                "DELETE FROM site WHERE tenant_id = ?1 AND id = ?2",
        };
        struct context *c = context;
        int64_t changed = 0;
        int r;

        r = retire_administrators(tx, c);
        if (r == 0)
                r = ticket_default_forget(tx, c->tenant, TICKET_DEFAULT_SITE, c->id);
        if (r == 0)
                r = policies_forget(tx, c->tenant, c->id);
        if (r)
                return r;
        for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
                r = db_run(tx, c->tenant, statements[i], DB_VALUES(db_id(&c->id)), &changed);
                if (r)
                        return fold(r);
        }
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->tenant, c->actor, "site-deleted", c->id, "");
}

int site_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .id = id };

        if (!actor_may(actor, RIGHT_SITES_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}
