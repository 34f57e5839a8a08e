// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/delegate.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "core/state.h"

#define COLUMNS                                                                                                \
        "SELECT d.owner_id, d.person_id, o.email, p.email, d.titles, d.until_ms, d.created_ms FROM delegate d" \
        " JOIN person o ON o.tenant_id = d.tenant_id AND o.id = d.owner_id"                                    \
        " JOIN person p ON p.tenant_id = d.tenant_id AND p.id = d.person_id"                                   \
        " WHERE d.tenant_id = ?1 AND (d.until_ms = 0 OR d.until_ms > ?2)"

struct context {
        const struct actor *actor;
        struct text person;
        char email[CORE_EMAIL];
        struct delegate delegate;
        bool by_person;
        int64_t now;
        struct id after;
        struct delegate *to;
        size_t max, count;
};

static void read_delegate(struct db_rows *rows, struct delegate *ret)
{
        *ret = (struct delegate){ .owner = db_rows_id(rows, 0), .person = db_rows_id(rows, 1) };
        db_rows_string(rows, 2, ret->owner_email, sizeof(ret->owner_email));
        db_rows_string(rows, 3, ret->person_email, sizeof(ret->person_email));
        ret->titles = db_rows_integer(rows, 4);
        ret->until_ms = db_rows_integer(rows, 5);
        ret->created_ms = db_rows_integer(rows, 6);
}

int delegate_check(struct db_tx *tx, const struct actor *actor, enum right right, struct id owner,
                   bool *ret_titles)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_titles = false;
        /* Never with more than his own role and his device may do with jobs of his own. */
        if (actor->kind != ACTOR_PERSON || actor->prints_only || actor_reach(actor, right) < REACH_OWN ||
            right_reach(right, ROLE_DELEGATE) < REACH_OWN)
                return CORE_NOT_FOUND;
        r = db_one(tx, actor->tenant, COLUMNS " AND d.owner_id = ?3 AND d.person_id = ?4 AND o.disabled = 0",
                   DB_VALUES(db_integer(clock_unix_ms()), db_id(&owner), db_id(&actor->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        *ret_titles = db_rows_integer(&rows, 4);
        return 0;
}

static int find_person(struct db_tx *tx, struct context *c)
{
        struct person person;
        struct id id;
        int r;

        if (id_parse(c->person, &id))
                r = person_row_find(tx, c->actor->tenant, id, &person);
        else if (email_fold(c->person, c->email))
                r = person_row_find_by_email(tx, c->actor->tenant, c->email, &person);
        else
                return CORE_NOT_FOUND;
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        c->delegate.person = person.id;
        if (id_equal(person.id, c->delegate.owner))
                return CORE_BAD_VALUE;
        return person.disabled || person.role == ROLE_MACHINE ? CORE_NOT_FOUND : 0;
}

/* The first above the limit is one too many. */
static int has_room(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, c->actor->tenant,
                "SELECT count(*) FROM delegate WHERE tenant_id = ?1 AND owner_id = ?2 AND person_id <> ?3",
                DB_VALUES(db_id(&c->delegate.owner), db_id(&c->delegate.person)), &rows);

        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) < DELEGATES_MAX ? 0 : CORE_TAKEN;
}

static int note(struct db_tx *tx, const struct context *c, const char *kind)
{
        char detail[CORE_WORDS], person[ID_STRING];

        id_format(c->delegate.person, person);
        snprintf(detail, sizeof(detail), "delegate=%s titles=%s", person, c->delegate.titles ? "yes" : "no");
        return event_add(tx, c->actor->tenant, c->actor, kind, c->delegate.owner, detail);
}

static int find_row(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant, COLUMNS " AND d.owner_id = ?3 AND d.person_id = ?4",
                       DB_VALUES(db_integer(c->now), db_id(&c->delegate.owner), db_id(&c->delegate.person)),
                       &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_delegate(&rows, &c->delegate);
        return 0;
}

static int name_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct delegate *d = &c->delegate;
        int r;

        r = find_person(tx, c);
        if (r == 0)
                r = has_room(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO delegate (tenant_id, owner_id, person_id, titles, until_ms, created_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, owner_id, person_id)"
                   " DO UPDATE SET titles = excluded.titles, until_ms = excluded.until_ms",
                   DB_VALUES(db_id(&d->owner), db_id(&d->person), db_integer(d->titles),
                             db_integer(d->until_ms), db_integer(c->now)),
                   NULL);
        if (r)
                return fold(r);
        r = note(tx, c, "delegate-named");
        return r ? r : fold(find_row(tx, c));
}

int delegate_name(struct core *core, const struct actor *actor, struct id owner, struct text person,
                  bool titles, int64_t expires_in_ms, struct delegate *ret)
{
        struct context c = { .actor = actor, .person = person, .now = clock_unix_ms() };
        int r;

        if (!actor_may(actor, RIGHT_DELEGATES, whose_person(owner)))
                return actor_may(actor, RIGHT_DELEGATES, whose_some()) ? CORE_NOT_FOUND : CORE_FORBIDDEN;
        if (expires_in_ms < 0)
                return CORE_BAD_VALUE;
        c.delegate.owner = owner;
        c.delegate.titles = titles;
        c.delegate.until_ms = expires_in_ms ? c.now + expires_in_ms : 0;
        r = db_write(core->db, name_in, &c);
        if (r == 0)
                *ret = c.delegate;
        return r;
}

static int remove_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant,
                   "DELETE FROM delegate WHERE tenant_id = ?1 AND owner_id = ?2 AND person_id = ?3",
                   DB_VALUES(db_id(&c->delegate.owner), db_id(&c->delegate.person)), &changed);
        if (r)
                return fold(r);
        return changed ? note(tx, c, "delegate-removed") : CORE_NOT_FOUND;
}

int delegate_remove(struct core *core, const struct actor *actor, struct id owner, struct id person)
{
        struct context c = { .actor = actor, .delegate = { .owner = owner, .person = person } };

        if (!actor_may(actor, RIGHT_DELEGATES, whose_person(owner)) &&
            !actor_may(actor, RIGHT_DELEGATES, whose_person(person)))
                return actor_may(actor, RIGHT_DELEGATES, whose_some()) ? CORE_NOT_FOUND : CORE_FORBIDDEN;
        return db_write(core->db, remove_in, &c);
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->count = 0;
        r = db_find(tx, c->actor->tenant,
                    c->by_person ? COLUMNS
                            " AND d.person_id = ?3 AND d.owner_id > ?4 ORDER BY d.owner_id LIMIT ?5"
                                 : COLUMNS
                            " AND d.owner_id = ?3 AND d.person_id > ?4 ORDER BY d.person_id LIMIT ?5",
                    DB_VALUES(db_integer(c->now), db_id(&c->actor->id), db_octets(c->after.octets, ID_OCTETS),
                              db_integer((int64_t)c->max)),
                    &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r))
                read_delegate(&rows, &c->to[c->count++]);
        return fold(r);
}

static int list(struct core *core, struct context *c, struct id of, size_t *ret_count)
{
        int r;

        if (!actor_may(c->actor, RIGHT_DELEGATES, whose_person(of)))
                return actor_may(c->actor, RIGHT_DELEGATES, whose_some()) ? CORE_NOT_FOUND : CORE_FORBIDDEN;
        c->now = clock_unix_ms();
        r = db_read(core->db, list_in, c);
        if (r == 0)
                *ret_count = c->count;
        return r;
}

int delegate_list(struct core *core, const struct actor *actor, struct id owner, struct id after,
                  struct delegate *ret, size_t max, size_t *ret_count)
{
        struct context c = { .actor = actor, .after = after, .to = ret, .max = max };

        return list(core, &c, owner, ret_count);
}

int delegate_list_owners(struct core *core, const struct actor *actor, struct id person, struct id after,
                         struct delegate *ret, size_t max, size_t *ret_count)
{
        struct context c = { .actor = actor, .after = after, .to = ret, .max = max, .by_person = true };

        return list(core, &c, person, ret_count);
}

static int find_owner_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one(tx, c->actor->tenant, COLUMNS " AND d.person_id = ?3 AND o.email = ?4",
                       DB_VALUES(db_integer(c->now), db_id(&c->actor->id), db_string(c->email)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_delegate(&rows, &c->delegate);
        return 0;
}

int delegate_find_owner(struct core *core, const struct actor *actor, struct text email, struct id *ret)
{
        struct context c = { .actor = actor, .now = clock_unix_ms() };
        int r;

        if (!actor_may(actor, RIGHT_DELEGATES, whose_some()) || !email_fold(email, c.email))
                return CORE_NOT_FOUND;
        r = db_read(core->db, find_owner_in, &c);
        if (r == 0)
                *ret = c.delegate.owner;
        return r;
}
