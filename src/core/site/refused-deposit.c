// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/refused-deposit.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/actor.h"
#include "core/trail/event.h"
#include "core/listing.h"
#include "core/person/person.h"
#include "core/state.h"
#include "core/trail/watch.h"

#define COLUMNS                                                                                            \
        "r.id, r.agent_id, r.door, r.reason, r.queue, r.client, r.user_name, r.claimed_id,"                \
        " coalesce(c.email, ''), r.person_id, coalesce(p.email, ''), r.octets, r.is_discarded, r.made_ms," \
        " r.refused_ms, r.until_ms"                                                                        \
        " FROM refused_deposit r LEFT JOIN person c ON c.tenant_id = r.tenant_id AND c.id = r.claimed_id"  \
        " LEFT JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.person_id"                          \
        " WHERE r.tenant_id = ?1"

struct context {
        const struct actor *actor;
        struct refused_deposit deposit;
        bool is_counted; /* there was room for a row, or it had one */
};

static void read_deposit(struct db_rows *rows, void *item)
{
        struct refused_deposit *d = item;

        *d = (struct refused_deposit){ .id = db_rows_id(rows, 0), .agent = db_rows_id(rows, 1) };
        db_rows_string(rows, 2, d->door, sizeof(d->door));
        db_rows_string(rows, 3, d->reason, sizeof(d->reason));
        db_rows_string(rows, 4, d->queue, sizeof(d->queue));
        db_rows_string(rows, 5, d->client, sizeof(d->client));
        db_rows_string(rows, 6, d->user, sizeof(d->user));
        d->claimed = db_rows_id(rows, 7);
        db_rows_string(rows, 8, d->claimed_email, sizeof(d->claimed_email));
        d->person = db_rows_id(rows, 9);
        db_rows_string(rows, 10, d->person_email, sizeof(d->person_email));
        d->octets = (uint64_t)db_rows_integer(rows, 11);
        d->is_discarded = db_rows_integer(rows, 12) != 0;
        d->made_ms = db_rows_integer(rows, 13);
        d->refused_ms = db_rows_integer(rows, 14);
        d->until_ms = db_rows_integer(rows, 15);
}

/* CORE_NOT_FOUND. */
static int row_find(struct db_tx *tx, struct id tenant, struct id id, struct refused_deposit *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, "SELECT " COLUMNS " AND r.id = ?2", DB_VALUES(db_id(&id)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_deposit(&rows, ret);
        return 0;
}

/* Another agent's deposit of the same id is none of this one's. */
static int row_find_of_agent(struct db_tx *tx, const struct context *c, struct refused_deposit *ret)
{
        int r = row_find(tx, c->actor->tenant, c->deposit.id, ret);

        return r == 0 && !id_equal(ret->agent, c->actor->id) ? CORE_NOT_FOUND : r;
}

static int has_room(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant, "SELECT count(*) FROM refused_deposit WHERE tenant_id = ?1",
                       DB_NONE, &rows);

        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) < REFUSED_DEPOSITS_MAX ? 0 : CORE_LIMIT_REACHED;
}

static struct db_value id_or_null(const struct id *id)
{
        return id_is_zero(*id) ? db_null() : db_id(id);
}

/* The name that came with wrong credentials, where it is somebody's. */
static int find_claimed(struct db_tx *tx, struct context *c)
{
        char email[CORE_EMAIL];
        struct person person;
        int r;

        if (!c->deposit.claimed_email[0] || !email_fold(text_from(c->deposit.claimed_email), email))
                return 0;
        r = person_row_find_by_email(tx, c->actor->tenant, email, &person);
        if (r == 0)
                c->deposit.claimed = person.id;
        return r == DB_NO_ROW ? 0 : fold(r);
}

static int insert(struct db_tx *tx, const struct context *c)
{
        const struct refused_deposit *d = &c->deposit;

        return fold(db_run(
                tx, c->actor->tenant,
                "INSERT INTO refused_deposit (tenant_id, id, agent_id, door, reason, queue, client, user_name,"
                " claimed_id, octets, is_discarded, made_ms, refused_ms, until_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13)",
                DB_VALUES(db_id(&d->id), db_id(&d->agent), db_string(d->door), db_string(d->reason),
                          db_string(d->queue), db_string(d->client), db_string(d->user),
                          id_or_null(&d->claimed), db_integer((int64_t)d->octets), db_integer(d->made_ms),
                          db_integer(d->refused_ms), db_integer(d->until_ms)),
                NULL));
}

/* What was given and refused all the same waits for another decision; what was decided while it was on its
 * way does not. */
static int update(struct db_tx *tx, const struct context *c)
{
        const struct refused_deposit *d = &c->deposit;

        return fold(db_run(tx, c->actor->tenant,
                           "UPDATE refused_deposit SET reason = ?3, refused_ms = ?4, until_ms = ?5,"
                           " person_id = CASE WHEN person_id = ?6 THEN NULL ELSE person_id END"
                           " WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&d->id), db_string(d->reason), db_integer(d->refused_ms),
                                     db_integer(d->until_ms), id_or_null(&d->person)),
                           NULL));
}

static int note_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct refused_deposit before;
        char detail[CORE_WORDS];
        int r;

        r = row_find(tx, c->actor->tenant, c->deposit.id, &before);
        if (r == 0 && !id_equal(before.agent, c->actor->id))
                return 0;
        c->is_counted = true;
        if (r == 0) {
                r = update(tx, c);
                if (r || strcmp(before.reason, c->deposit.reason) == 0)
                        return r;
        } else if (r == CORE_NOT_FOUND) {
                r = has_room(tx, c);
                if (r == CORE_LIMIT_REACHED) {
                        c->is_counted = false;
                        return 0;
                }
                if (r == 0)
                        r = find_claimed(tx, c);
                if (r == 0)
                        r = insert(tx, c);
        }
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "door=%s reason=%s", c->deposit.door, c->deposit.reason);
        return event_add(tx, c->actor->tenant, c->actor, "deposit-refused", c->deposit.id, detail);
}

int refused_deposit_note(struct core *core, const struct actor *agent, struct refused_deposit *deposit)
{
        struct context c = { .actor = agent };
        char detail[CORE_WORDS];
        int r;

        deposit->agent = agent->id;
        deposit->refused_ms = clock_unix_ms();
        c.deposit = *deposit;
        r = db_write(core->db, note_in, &c);
        if (r || c.is_counted || !watch_may_note(core, agent->tenant, agent))
                return r;
        snprintf(detail, sizeof(detail), "door=%s reason=%s", deposit->door, deposit->reason);
        return event_note(core, agent->tenant, agent, "deposit-refused", deposit->id, detail);
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return row_find_of_agent(tx, c, &c->deposit);
}

int refused_deposit_find(struct core *core, const struct actor *agent, struct id id,
                         struct refused_deposit *ret)
{
        struct context c = { .actor = agent, .deposit.id = id };
        int r = db_read(core->db, find_in, &c);

        if (r == 0)
                *ret = c.deposit;
        return r;
}

static int settle_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run(tx, c->actor->tenant,
                           "DELETE FROM refused_deposit WHERE tenant_id = ?1 AND id = ?2 AND agent_id = ?3",
                           DB_VALUES(db_id(&c->deposit.id), db_id(&c->actor->id)), NULL));
}

int refused_deposit_settle(struct core *core, const struct actor *agent, struct id id)
{
        struct context c = { .actor = agent, .deposit.id = id };

        return db_write(core->db, settle_in, &c);
}

int refused_deposit_list(struct core *core, const struct actor *actor, struct id after,
                         struct refused_deposit *ret, size_t max, size_t *ret_count)
{
        struct listing deposits = { .tenant = actor->tenant,
                                    .sql = "SELECT " COLUMNS " AND r.is_discarded = 0 AND r.id > ?2"
                                           " ORDER BY r.id LIMIT ?3",
                                    .after = after,
                                    .read = read_deposit,
                                    LISTING_INTO(ret, max) };

        if (!actor_may(actor, RIGHT_SUBMITTERS, whose_tenant()))
                return CORE_FORBIDDEN;
        return listing_find(core, &deposits, ret_count);
}

static int find_owner(struct db_tx *tx, struct id tenant, struct id id, struct person *ret)
{
        int r = person_row_find(tx, tenant, id, ret);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return ret->disabled ? CORE_NOT_FOUND : 0;
}

static bool may_give(const struct context *c, const struct refused_deposit *found)
{
        return !id_equal(c->deposit.person, c->actor->id) || id_equal(found->claimed, c->actor->id);
}

static int give_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct refused_deposit found;
        struct person person;
        char detail[CORE_WORDS], string[ID_STRING];
        int r;

        r = row_find(tx, c->actor->tenant, c->deposit.id, &found);
        if (r == 0 && found.is_discarded)
                r = CORE_NOT_FOUND;
        if (r == 0)
                r = find_owner(tx, c->actor->tenant, c->deposit.person, &person);
        if (r)
                return r;
        if (!may_give(c, &found))
                return CORE_FORBIDDEN;
        r = db_run(tx, c->actor->tenant,
                   "UPDATE refused_deposit SET person_id = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&found.id), db_id(&person.id)), NULL);
        if (r)
                return fold(r);
        found.person = person.id;
        memcpy(found.person_email, person.email, sizeof(person.email));
        c->deposit = found;
        id_format(person.id, string);
        snprintf(detail, sizeof(detail), "person=%s", string);
        return event_add(tx, c->actor->tenant, c->actor, "deposit-given", found.id, detail);
}

int refused_deposit_give(struct core *core, const struct actor *actor, struct id id, struct id person,
                         struct refused_deposit *ret)
{
        struct context c = { .actor = actor, .deposit.id = id, .deposit.person = person };
        int r;

        if (!actor_may(actor, RIGHT_SUBMITTERS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_write(core->db, give_in, &c);
        if (r)
                return r;
        wake_agent(core, actor->tenant, c.deposit.agent, "configuration");
        *ret = c.deposit;
        return 0;
}

static int discard_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct refused_deposit found;
        int r;

        r = row_find(tx, c->actor->tenant, c->deposit.id, &found);
        if (r == 0 && found.is_discarded)
                r = CORE_NOT_FOUND;
        if (r)
                return r;
        c->deposit = found;
        r = db_run(tx, c->actor->tenant,
                   "UPDATE refused_deposit SET is_discarded = 1 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&found.id)), NULL);
        return r ? fold(r) : event_add(tx, c->actor->tenant, c->actor, "deposit-discarded", found.id, "");
}

int refused_deposit_discard(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .deposit.id = id };
        int r;

        if (!actor_may(actor, RIGHT_SUBMITTERS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_write(core->db, discard_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, c.deposit.agent, "configuration");
        return r;
}

struct owner {
        struct id tenant;
        struct id id;
        struct person person;
};

static int owner_in(struct db_tx *tx, void *context)
{
        struct owner *owner = context;

        return find_owner(tx, owner->tenant, owner->id, &owner->person);
}

int refused_deposit_owner(struct core *core, const struct actor *agent, const struct refused_deposit *deposit,
                          struct actor *ret)
{
        struct owner owner = { .tenant = agent->tenant, .id = deposit->person };
        int r = db_read(core->db, owner_in, &owner);

        if (r)
                return r;
        *ret = (struct actor){ .kind = ACTOR_PERSON,
                               .tenant = agent->tenant,
                               .id = owner.person.id,
                               .role = owner.person.role };
        memcpy(ret->name, owner.person.email, sizeof(owner.person.email));
        return 0;
}
