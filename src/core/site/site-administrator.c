// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "core/site/site.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct id site, person;
        struct id after;
        struct person *to;
        size_t max, count;
};

static int set_role(struct db_tx *tx, const struct context *c, enum role role)
{
        char detail[CORE_WORDS];
        int r;

        r = db_run(tx, c->actor->tenant, "UPDATE person SET role = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->person), db_integer(role)), NULL);
        if (r)
                return fold(r);
        snprintf(detail, sizeof(detail), "role=%s", role_name(role));
        return event_add(tx, c->actor->tenant, c->actor, "person-changed", c->person, detail);
}

static int note(struct db_tx *tx, const struct context *c, const char *kind)
{
        char detail[CORE_WORDS], person[ID_STRING];

        id_format(c->person, person);
        snprintf(detail, sizeof(detail), "person=%s", person);
        return event_add(tx, c->actor->tenant, c->actor, kind, c->site, detail);
}

static int find_site(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant, "SELECT 1 FROM site WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&c->site)), &rows);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int appoint_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct person person;
        int64_t changed;
        int r;

        r = find_site(tx, c);
        if (r)
                return r;
        r = person_row_find(tx, c->actor->tenant, c->person, &person);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (person.role != ROLE_PERSON && person.role != ROLE_SITE_ADMINISTRATOR)
                return CORE_BAD_VALUE;
        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO site_administrator (tenant_id, site_id, person_id, created_ms)"
                   " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                   DB_VALUES(db_id(&c->site), db_id(&c->person), db_integer(clock_unix_ms())), &changed);
        if (r)
                return fold(r);
        if (changed)
                r = note(tx, c, "site-administrator-appointed");
        if (r == 0 && person.role == ROLE_PERSON)
                r = set_role(tx, c, ROLE_SITE_ADMINISTRATOR);
        return r;
}

int site_appoint(struct core *core, const struct actor *actor, struct id site, struct id person)
{
        struct context c = { .actor = actor, .site = site, .person = person };

        if (!actor_may(actor, RIGHT_PEOPLE_ROLE, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, appoint_in, &c);
}

/* 0: he has another site yet; CORE_NOT_FOUND: none. */
static int has_site(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant,
                       "SELECT 1 FROM site_administrator WHERE tenant_id = ?1 AND person_id = ?2 LIMIT 1",
                       DB_VALUES(db_id(&c->person)), &rows);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int dismiss_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct person person;
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant,
                   "DELETE FROM site_administrator WHERE tenant_id = ?1 AND site_id = ?2 AND person_id = ?3",
                   DB_VALUES(db_id(&c->site), db_id(&c->person)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        r = note(tx, c, "site-administrator-dismissed");
        if (r)
                return r;
        r = has_site(tx, c);
        if (r != CORE_NOT_FOUND)
                return r;
        r = person_row_find(tx, c->actor->tenant, c->person, &person);
        if (r)
                return fold(r);
        return person.role == ROLE_SITE_ADMINISTRATOR ? set_role(tx, c, ROLE_PERSON) : 0;
}

int site_dismiss(struct core *core, const struct actor *actor, struct id site, struct id person)
{
        struct context c = { .actor = actor, .site = site, .person = person };

        if (!actor_may(actor, RIGHT_PEOPLE_ROLE, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, dismiss_in, &c);
}

/* Ids first: a row of a person is read by his id, in one place. */
static int next_administrator(struct db_tx *tx, const struct context *c, struct id after, struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->actor->tenant,
                   "SELECT person_id FROM site_administrator WHERE tenant_id = ?1 AND site_id = ?2"
                   " AND person_id > ?3 ORDER BY person_id LIMIT 1",
                   DB_VALUES(db_id(&c->site), db_octets(after.octets, ID_OCTETS)), &rows);
        if (r == 0)
                *ret = db_rows_id(&rows, 0);
        return r;
}

static int list_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct id at = c->after;
        int r;

        c->count = 0;
        r = find_site(tx, c);
        if (r)
                return r;
        while (r == 0 && c->count < c->max) {
                r = next_administrator(tx, c, at, &at);
                if (r == 0)
                        r = person_row_find(tx, c->actor->tenant, at, &c->to[c->count]);
                if (r == 0)
                        c->count++;
        }
        return r == DB_NO_ROW ? 0 : fold(r);
}

int site_list_administrators(struct core *core, const struct actor *actor, struct id site, struct id after,
                             struct person *ret, size_t max, size_t *ret_count)
{
        struct context c = { .actor = actor, .site = site, .after = after, .to = ret, .max = max };
        int r;

        if (!actor_may(actor, RIGHT_SITES_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, list_in, &c);
        if (r)
                return r;
        *ret_count = c.count;
        return 0;
}
