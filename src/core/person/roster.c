// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/roster.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/badge.h"
#include "core/state.h"

/* What takes a transaction back that went well. */
#define ROSTER_DRY 1000

struct context {
        struct core *core;
        struct id tenant;
        struct id method;
        const struct outside_policy *policy;
        const struct roster_person *people;
        const struct id *ids;
        size_t count;
        bool dry;
        struct roster_result *ret;
        const struct badge_number *numbers;
        const bool *has_number;
        int64_t now;
};

/* Groups of a person by the method, as one number that changes with them. */
static int groups_of(struct db_tx *tx, const struct context *c, struct id person, uint64_t *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        uint64_t hash = 14695981039346656037ULL;
        int r;

        r = db_find(
                tx, c->tenant,
                "SELECT group_id FROM membership WHERE tenant_id = ?1 AND person_id = ?2 AND method_id = ?3"
                " ORDER BY group_id",
                DB_VALUES(db_id(&person), db_id(&c->method)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                struct id id = db_rows_id(&rows, 0);

                for (size_t i = 0; i < ID_OCTETS; i++)
                        hash = (hash ^ id.octets[i]) * 1099511628211ULL;
        }
        *ret = hash;
        return fold(r);
}

static struct text issuer_of(const struct roster_person *p)
{
        return p->issuer.at ? p->issuer : TEXT_OF("");
}

/* DB_NO_ROW. */
static int find_person(struct db_tx *tx, const struct context *c, const struct roster_person *p,
                       struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->tenant,
                   "SELECT person_id FROM outside_identity"
                   " WHERE tenant_id = ?1 AND method_id = ?2 AND issuer = ?3 AND subject = ?4",
                   DB_VALUES(db_id(&c->method), db_text(issuer_of(p)), db_text(p->subject)), &rows);
        if (r == 0)
                *ret = db_rows_id(&rows, 0);
        return r;
}

static int note(struct db_tx *tx, const struct context *c, const char *kind, struct id person,
                const char *what)
{
        char detail[CORE_WORDS], method[ID_STRING];

        id_format(c->method, method);
        snprintf(detail, sizeof(detail), "%s by=directory method=%s", what, method);
        return event_add(tx, c->tenant, NULL, kind, person, detail);
}

/* ---- disabled and enabled ---- */

static int set_disabled(struct db_tx *tx, const struct context *c, struct id person, bool disabled)
{
        int r = db_run(tx, c->tenant,
                       "UPDATE person SET disabled = ?3, secrets_version = secrets_version + 1"
                       " WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&person), db_integer(disabled)), NULL);

        if (r)
                return fold(r);
        return note(tx, c, "person-changed", person, disabled ? "disabled=yes" : "disabled=no");
}

/* DB_NO_ROW where he is the last administrator. */
static int may_disable(struct db_tx *tx, const struct context *c, const struct person *person)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        if (person->role != ROLE_ADMINISTRATOR)
                return 0;
        return db_one(
                tx, c->tenant,
                "SELECT 1 FROM person WHERE tenant_id = ?1 AND role = ?2 AND disabled = 0 AND id <> ?3 LIMIT 1",
                DB_VALUES(db_integer(ROLE_ADMINISTRATOR), db_id(&person->id)), &rows);
}

static int disable(struct db_tx *tx, const struct context *c, struct id id, struct roster_result *ret)
{
        struct person person;
        int r = person_row_find(tx, c->tenant, id, &person);

        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        ret->person = id;
        if (person.disabled)
                return 0;
        r = may_disable(tx, c, &person);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        r = set_disabled(tx, c, id, true);
        if (r == 0)
                r = person_end_everything(tx, c->tenant, id);
        if (r)
                return fold(r);
        r = db_run(
                tx, c->tenant,
                "INSERT INTO roster_absence (tenant_id, person_id, method_id, at_ms) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (tenant_id, person_id, method_id) DO UPDATE SET at_ms = ?4",
                DB_VALUES(db_id(&id), db_id(&c->method), db_integer(c->now)), NULL);
        ret->changes |= ROSTER_DISABLED;
        return fold(r);
}

/* Whom this directory took away, and nobody else. */
static int enable(struct db_tx *tx, const struct context *c, struct id person, struct roster_result *ret)
{
        int64_t changed = 0;
        int r = db_run(
                tx, c->tenant,
                "DELETE FROM roster_absence WHERE tenant_id = ?1 AND person_id = ?2 AND method_id = ?3",
                DB_VALUES(db_id(&person), db_id(&c->method)), &changed);

        if (r || !changed)
                return fold(r);
        ret->changes |= ROSTER_ENABLED;
        return set_disabled(tx, c, person, false);
}

/* ---- badges ---- */

static int drop_old_badges(struct db_tx *tx, const struct context *c, struct id person,
                           const struct badge_number *number, struct roster_result *ret)
{
        int64_t changed = 0;
        int r = db_run(tx, c->tenant,
                       "DELETE FROM badge WHERE tenant_id = ?1 AND person_id = ?2 AND label = ?3"
                       " AND (?4 IS NULL OR (mac <> ?4 AND (?5 IS NULL OR mac <> ?5)))",
                       DB_VALUES(db_id(&person), db_string(ROSTER_BADGE_LABEL),
                                 number ? marks_newest(&number->marks) : db_null(),
                                 number ? marks_before(&number->marks) : db_null()),
                       &changed);

        if (r || !changed)
                return fold(r);
        ret->changes |= ROSTER_BADGE_GONE;
        return note(tx, c, "badge-deleted", person, "number=changed");
}

static int bind_badge(struct db_tx *tx, const struct context *c, struct id person,
                      const struct badge_number *number, struct roster_result *ret)
{
        struct badge badge = { .id = id_new(),
                               .person = person,
                               .kind = BADGE_CARD,
                               .label = ROSTER_BADGE_LABEL,
                               .created_ms = c->now };
        struct id holder;
        int r;

        r = badge_holder(tx, c->tenant, number, &holder);
        if (r == 0) {
                ret->changes |= id_equal(holder, person) ? 0 : ROSTER_BADGE_TAKEN;
                return 0;
        }
        if (r == CORE_NOT_FOUND)
                r = badge_insert(tx, c->tenant, NULL, &badge, number);
        if (r == 0)
                ret->changes |= ROSTER_BADGE;
        return fold(r);
}

/* ---- one person ---- */

static bool is_changed(const struct person *before, const struct person *after)
{
        return strcmp(before->email, after->email) != 0 || strcmp(before->name, after->name) != 0 ||
               strcmp(before->department, after->department) != 0 || before->role != after->role;
}

/* Somebody whom the directory has, and lets in. */
static int take_person(struct db_tx *tx, const struct context *c, size_t i, bool was_known,
                       struct roster_result *ret)
{
        const struct roster_person *p = &c->people[i];
        struct outside_identity identity = { .method = c->method,
                                             .issuer = issuer_of(p),
                                             .subject = p->subject };
        struct person before = { 0 }, after;
        uint64_t groups = 0, groups_after = 0;
        int r = 0;

        if (was_known) {
                r = enable(tx, c, ret->person, ret);
                if (r == 0)
                        r = fold(person_row_find(tx, c->tenant, ret->person, &before));
                if (r == 0)
                        r = groups_of(tx, c, ret->person, &groups);
        }
        if (r == 0)
                r = outside_take_in(tx, c->tenant, &identity, &p->claims, c->policy, &ret->person);
        if (r > 0) {
                ret->changes |= before.disabled ? 0 : ROSTER_REFUSED;
                return 0;
        }
        if (r == 0)
                r = fold(person_row_find(tx, c->tenant, ret->person, &after));
        if (r == 0)
                r = groups_of(tx, c, ret->person, &groups_after);
        if (r)
                return r;
        if (!was_known)
                ret->changes |= ROSTER_MADE;
        else if (is_changed(&before, &after))
                ret->changes |= ROSTER_CHANGED;
        if (was_known && groups != groups_after)
                ret->changes |= ROSTER_GROUPS;
        return 0;
}

static int take_badges(struct db_tx *tx, const struct context *c, size_t i, struct roster_result *ret)
{
        const struct badge_number *number = c->has_number[i] ? &c->numbers[i] : NULL;
        int r = drop_old_badges(tx, c, ret->person, number, ret);

        return r || !number ? r : bind_badge(tx, c, ret->person, number, ret);
}

static int take_one(struct db_tx *tx, const struct context *c, size_t i, struct roster_result *ret)
{
        int r = find_person(tx, c, &c->people[i], &ret->person);
        bool was_known = r == 0;

        if (r && r != DB_NO_ROW)
                return fold(r);
        if (c->people[i].disabled)
                return was_known ? disable(tx, c, ret->person, ret) : 0;
        r = take_person(tx, c, i, was_known, ret);
        return r || (ret->changes & ROSTER_REFUSED) || id_is_zero(ret->person) ? r
                                                                               : take_badges(tx, c, i, ret);
}

static int take_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        for (size_t i = 0; i < c->count; i++) {
                int r;

                c->ret[i] = (struct roster_result){ 0 };
                r = take_one(tx, c, i, &c->ret[i]);
                if (r)
                        return fold(r);
        }
        return c->dry ? ROSTER_DRY : 0;
}

static int write_or_try(struct context *c, db_work work)
{
        int r = db_write(c->core->db, work, c);

        return r == ROSTER_DRY && c->dry ? 0 : fold(r);
}

int roster_take(struct core *core, struct id tenant, struct id method, const struct outside_policy *policy,
                const struct roster_person *people, size_t count, bool dry, struct roster_result *ret)
{
        struct badge_number numbers[ROSTER_ONCE];
        bool has_number[ROSTER_ONCE] = { false };
        struct context c = { .core = core,
                             .tenant = tenant,
                             .method = method,
                             .policy = policy,
                             .people = people,
                             .count = count < ROSTER_ONCE ? count : ROSTER_ONCE,
                             .dry = dry,
                             .ret = ret,
                             .numbers = numbers,
                             .has_number = has_number,
                             .now = clock_unix_ms() };

        /* The keeper is asked before the transaction, for everybody's writes wait for that. */
        for (size_t i = 0; i < c.count; i++) {
                int r = people[i].card.len ? badge_number_read(core, tenant, people[i].card, &numbers[i])
                                           : CORE_BAD_VALUE;

                if (r < 0)
                        return r;
                has_number[i] = r == 0;
        }
        return write_or_try(&c, take_in);
}

static int disable_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        for (size_t i = 0; i < c->count; i++) {
                int r;

                c->ret[i] = (struct roster_result){ 0 };
                r = disable(tx, c, c->ids[i], &c->ret[i]);
                if (r)
                        return r;
        }
        return c->dry ? ROSTER_DRY : 0;
}

int roster_disable(struct core *core, struct id tenant, struct id method, const struct id *people,
                   size_t count, bool dry, struct roster_result *ret)
{
        struct context c = { .core = core,
                             .tenant = tenant,
                             .method = method,
                             .ids = people,
                             .count = count < ROSTER_ONCE ? count : ROSTER_ONCE,
                             .dry = dry,
                             .ret = ret,
                             .now = clock_unix_ms() };

        return write_or_try(&c, disable_in);
}

/* ---- whom we know ---- */

struct look {
        struct id tenant, method, person;
        struct text after;
        struct roster_known *to;
        size_t max, count;
        int64_t ms, now;
};

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct look *look = context;
        int r;

        look->count = 0;
        r = db_find(tx, look->tenant,
                    "SELECT o.subject, o.person_id, p.disabled FROM outside_identity o"
                    " JOIN person p ON p.tenant_id = o.tenant_id AND p.id = o.person_id"
                    " WHERE o.tenant_id = ?1 AND o.method_id = ?2 AND o.issuer = '' AND o.subject > ?3"
                    " ORDER BY o.subject LIMIT ?4",
                    DB_VALUES(db_id(&look->method), db_text(look->after), db_integer((int64_t)look->max)),
                    &rows);
        if (r)
                return fold(r);
        while (look->count < look->max && db_rows_next(&rows, &r)) {
                struct roster_known *known = &look->to[look->count++];

                db_rows_string(&rows, 0, known->subject, sizeof(known->subject));
                known->person = db_rows_id(&rows, 1);
                known->disabled = db_rows_integer(&rows, 2);
        }
        return fold(r);
}

int roster_list(struct core *core, struct id tenant, struct id method, struct text after,
                struct roster_known *ret, size_t max, size_t *ret_count)
{
        struct look look = { .tenant = tenant, .method = method, .after = after, .to = ret, .max = max };
        int r = db_read(core->db, list_in, &look);

        if (r == 0)
                *ret_count = look.count;
        return r;
}

static int seen_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct look *look = context;
        int r;

        look->ms = 0;
        r = db_one(
                tx, look->tenant,
                "SELECT max(seen_ms) FROM outside_identity WHERE tenant_id = ?1 AND person_id = ?2 AND method_id = ?3",
                DB_VALUES(db_id(&look->person), db_id(&look->method)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        look->ms = db_rows_integer(&rows, 0);
        return 0;
}

int roster_seen(struct core *core, struct id tenant, struct id method, struct id person, int64_t *ret_ms)
{
        struct look look = { .tenant = tenant, .method = method, .person = person };
        int r = db_read(core->db, seen_in, &look);

        if (r == 0)
                *ret_ms = look.ms;
        return r;
}

static int note_seen_in(struct db_tx *tx, void *context)
{
        struct look *look = context;

        return fold(db_run(tx, look->tenant,
                           "UPDATE outside_identity SET seen_ms = ?4"
                           " WHERE tenant_id = ?1 AND person_id = ?2 AND method_id = ?3",
                           DB_VALUES(db_id(&look->person), db_id(&look->method), db_integer(look->now)),
                           NULL));
}

int roster_note_seen(struct core *core, struct id tenant, struct id method, struct id person)
{
        struct look look = { .tenant = tenant, .method = method, .person = person, .now = clock_unix_ms() };
        int64_t seen_ms;
        int r = roster_seen(core, tenant, method, person, &seen_ms);

        return r || look.now - seen_ms < 60000 ? r : db_write(core->db, note_seen_in, &look);
}
