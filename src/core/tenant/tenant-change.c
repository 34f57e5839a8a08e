// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tenants as their administrators and the service's operators see and change them. */

#include "core/tenant/tenant.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/network.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/company-code.h"
#include "core/state.h"

#define DAY_MS   86400000LL
#define HOUR_MS  3600000LL
#define ATTEMPTS 8 /* to find a company code that is not taken */

/* An operator sees tenants with their settings; nothing else of them. */
static bool may(const struct actor *actor, struct id tenant, enum right own, enum right others)
{
        if (id_equal(actor->tenant, tenant) && actor_may(actor, own, whose_tenant()))
                return true;
        return actor_may(actor, others, whose_service());
}

struct list {
        struct id after, id;
        struct tenant *to;
        size_t max, count;
};

static int list_in(struct db_tx *tx, void *context)
{
        struct list *list = context;
        int r = 0;

        list->count = 0;
        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_find_all(
                        tx, "SELECT id FROM tenant WHERE id > ?1 ORDER BY id LIMIT ?2",
                        DB_VALUES(db_octets(list->after.octets, ID_OCTETS), db_integer((int64_t)list->max)),
                        &rows);
                if (r)
                        return fold(r);
                while (list->count < list->max && db_rows_next(&rows, &r))
                        list->to[list->count++].id = db_rows_id(&rows, 0);
        }
        for (size_t i = 0; r == 0 && i < list->count; i++)
                r = tenant_row_find(tx, list->to[i].id, &list->to[i]);
        return fold(r);
}

int tenant_list(struct core *core, const struct actor *actor, struct id after, struct tenant *ret, size_t max,
                size_t *ret_count)
{
        struct list list = { .after = after, .to = ret, .max = max };
        int r;

        if (!actor_may(actor, RIGHT_TENANTS_READ, whose_service()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, list_in, &list);
        if (r == 0)
                *ret_count = list.count;
        return r;
}

static int look_in(struct db_tx *tx, void *context)
{
        struct list *list = context;
        int r = tenant_row_find(tx, list->id, list->to);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

struct look_up {
        struct text name;
        struct id id;
};

static int look_up_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct look_up *look = context;
        int r;

        r = db_one_all(tx, "SELECT id FROM tenant WHERE name = ?1", DB_VALUES(db_text(look->name)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        look->id = db_rows_id(&rows, 0);
        return 0;
}

int tenant_look_up(struct core *core, const struct actor *actor, struct text name, struct id *ret)
{
        struct look_up look = { .name = name };
        int r;

        if (!actor_may(actor, RIGHT_TENANTS_READ, whose_service()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, look_up_in, &look);
        if (r == 0)
                *ret = look.id;
        return r;
}

int tenant_look(struct core *core, const struct actor *actor, struct id id, struct tenant *ret)
{
        struct list list = { .id = id, .to = ret };

        if (!may(actor, id, RIGHT_TENANT_READ, RIGHT_TENANTS_READ))
                return CORE_FORBIDDEN;
        return db_read(core->db, look_in, &list);
}

struct change {
        const struct actor *actor;
        struct id id;
        const struct tenant_change *change;
        struct tenant tenant; /* as it becomes */
};

static bool copy(const char *from, char *to, size_t size)
{
        return !from || (text_is_printable(text_from(from)) && text_copy(text_from(from), to, size));
}

static bool is_within(int64_t value_ms, int64_t limit_s)
{
        return limit_s == 0 || value_ms <= limit_s * 1000;
}

/* What was asked for, applied to what there is. */
static int apply(const struct tenant_change *change, struct tenant *to)
{
        if (!copy(change->title, to->title, sizeof(to->title)) ||
            !copy(change->plan, to->plan, sizeof(to->plan)) ||
            !copy(change->inside, to->inside, sizeof(to->inside)) ||
            !network_list_is_valid(text_from(to->inside), TENANT_NETWORKS_MAX))
                return CORE_BAD_VALUE;
        for (size_t i = 0; i < LIMITS; i++) {
                if (change->limits[i])
                        to->limits[i] = *change->limits[i];
                if (to->limits[i] < 0)
                        return CORE_BAD_VALUE;
        }
        if (change->state && (*change->state > TENANT_SUSPENDED || to->is_operators))
                return CORE_BAD_VALUE;
        if (change->state)
                to->state = *change->state;
        if (change->outside)
                to->outside = *change->outside;
        if (change->language)
                to->language = *change->language;
        if (change->encrypted_only)
                to->encrypted_only = *change->encrypted_only;
        if (change->holds_unsupported)
                to->holds_unsupported = *change->holds_unsupported;
        if (change->refuses_two_sites)
                to->refuses_two_sites = *change->refuses_two_sites;
        if (change->substitution)
                to->substitution = *change->substitution;
        if (change->held_ms)
                to->held_ms = *change->held_ms;
        if (change->printed_ms)
                to->printed_ms = *change->printed_ms;
        if (to->held_ms < 1000 || to->held_ms > 30 * DAY_MS || to->printed_ms < 0 ||
            to->printed_ms > 7 * DAY_MS)
                return CORE_BAD_VALUE;
        /* A limit that became lower binds at the next change. */
        if ((change->held_ms && !is_within(to->held_ms, to->limits[LIMIT_HELD_FOR_S])) ||
            (change->printed_ms && !is_within(to->printed_ms, to->limits[LIMIT_PRINTED_FOR_S])))
                return CORE_BAD_VALUE;
        return 0;
}

static int store_limits(struct db_tx *tx, const struct change *c)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < LIMITS; i++)
                if (c->change->limits[i])
                        r = db_run(
                                tx, c->id,
                                "INSERT INTO tenant_limit (tenant_id, name, value) VALUES (?1, ?2, ?3)"
                                " ON CONFLICT (tenant_id, name) DO UPDATE SET value = ?3",
                                DB_VALUES(db_string(tenant_limit_names[i]), db_integer(c->tenant.limits[i])),
                                NULL);
        return fold(r);
}

static int store(struct db_tx *tx, const struct change *c)
{
        const struct tenant *t = &c->tenant;

        return fold(db_run(
                tx, c->id,
                "UPDATE tenant SET title = ?2, state = ?3, plan = ?4, inside = ?5, outside = ?6,"
                " held_ms = ?7, printed_ms = ?8, language = ?9, holds_unsupported = ?10, substitution = ?11,"
                " encrypted_only = ?12, refuses_two_sites = ?13 WHERE id = ?1",
                DB_VALUES(db_string(t->title), db_string(tenant_state_names[t->state]), db_string(t->plan),
                          db_string(t->inside), db_string(tenant_outside_names[t->outside]),
                          db_integer(t->held_ms), db_integer(t->printed_ms),
                          db_string(language_names[t->language]), db_integer(t->holds_unsupported),
                          db_integer(t->substitution), db_integer(t->encrypted_only),
                          db_integer(t->refuses_two_sites)),
                NULL));
}

/* Both trails tell: the tenant's, without a name from another tenant, and the operator's own. */
static int note(struct db_tx *tx, const struct actor *actor, struct id tenant, const char *kind,
                const char *detail)
{
        bool is_operator = !id_equal(actor->tenant, tenant);
        int r;

        r = event_add(tx, tenant, is_operator ? NULL : actor, kind, tenant, detail);
        return r || !is_operator ? r : event_add(tx, actor->tenant, actor, kind, tenant, detail);
}

static int change_in(struct db_tx *tx, void *context)
{
        struct change *c = context;
        enum tenant_state before;
        int r;

        r = tenant_row_find(tx, c->id, &c->tenant);
        if (r == DB_NO_ROW || (r == 0 && c->tenant.state == TENANT_DELETING))
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        before = c->tenant.state;
        r = apply(c->change, &c->tenant);
        if (r == 0)
                r = store(tx, c);
        if (r == 0)
                r = store_limits(tx, c);
        if (r == 0 && before != c->tenant.state)
                return note(tx, c->actor, c->id,
                            before == TENANT_ACTIVE ? "tenant-suspended" : "tenant-resumed", "");
        return r ? r : note(tx, c->actor, c->id, "tenant-changed", "");
}

static void take_over(struct tenant *tenant, void *context)
{
        const struct change *c = context;

        *tenant = c->tenant;
}

static bool is_for_operators(const struct tenant_change *change)
{
        bool is_limit = false;

        for (size_t i = 0; i < LIMITS; i++)
                is_limit = is_limit || change->limits[i];
        return is_limit || change->plan || change->state;
}

int tenant_change(struct core *core, const struct actor *actor, struct id id,
                  const struct tenant_change *change)
{
        struct change c = { .actor = actor, .id = id, .change = change };
        int r;

        if (!may(actor, id, RIGHT_TENANT_CHANGE, RIGHT_TENANTS_CHANGE))
                return CORE_FORBIDDEN;
        if (is_for_operators(change) && !actor_may(actor, RIGHT_TENANTS_CHANGE, whose_service()))
                return CORE_FORBIDDEN;
        r = db_write(core->db, change_in, &c);
        if (r == 0)
                tenant_entry_change(core, id, take_over, &c);
        return r;
}

struct renew {
        const struct actor *actor;
        struct id id;
        char code[COMPANY_CODE], folded[COMPANY_CODE];
};

static int renew_in(struct db_tx *tx, void *context)
{
        struct renew *renew = context;
        int64_t changed;
        int r;

        r = db_run(tx, renew->id,
                   "UPDATE tenant SET company_code = ?2, company_code_folded = ?3 WHERE id = ?1"
                   " AND state <> 'deleting'",
                   DB_VALUES(db_string(renew->code), db_string(renew->folded)), &changed);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return note(tx, renew->actor, renew->id, "company-code-renewed", "");
}

static void take_code(struct tenant *tenant, void *context)
{
        const struct renew *renew = context;

        memcpy(tenant->company_code, renew->code, sizeof(tenant->company_code));
}

int tenant_renew_code(struct core *core, const struct actor *actor, struct id id, struct tenant *ret)
{
        struct renew renew = { .actor = actor, .id = id };
        int r = CORE_TAKEN;

        if (!may(actor, id, RIGHT_TENANT_CHANGE, RIGHT_TENANTS_CHANGE))
                return CORE_FORBIDDEN;
        for (int i = 0; r == CORE_TAKEN && i < ATTEMPTS; i++) {
                company_code_make(renew.code);
                company_code_fold(text_from(renew.code), renew.folded);
                r = db_write(core->db, renew_in, &renew);
        }
        if (r)
                return r == CORE_TAKEN ? fold(r) : r;
        tenant_entry_change(core, id, take_code, &renew);
        return tenant_find_by_id(core, id, ret);
}

struct count {
        struct id id;
        struct tenant_use *to;
};

static int count_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct count *count = context;
        struct tenant_use *to = count->to;
        int r;

        r = db_one(tx, count->id,
                   "SELECT (SELECT count(*) FROM person WHERE tenant_id = ?1),"
                   " (SELECT count(*) FROM printer WHERE tenant_id = ?1),"
                   " (SELECT count(*) FROM agent WHERE tenant_id = ?1), jobs_held, octets_kept,"
                   " CASE hour WHEN ?2 THEN hour_jobs ELSE 0 END, is_over_plan FROM tenant WHERE id = ?1",
                   DB_VALUES(db_integer(clock_unix_ms() / HOUR_MS)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        to->people = db_rows_integer(&rows, 0);
        to->printers = db_rows_integer(&rows, 1);
        to->agents = db_rows_integer(&rows, 2);
        to->held_jobs = db_rows_integer(&rows, 3);
        to->held_octets = db_rows_integer(&rows, 4);
        to->jobs_this_hour = db_rows_integer(&rows, 5);
        to->is_over_plan = db_rows_integer(&rows, 6);
        return 0;
}

int tenant_use(struct core *core, struct id id, struct tenant_use *ret)
{
        struct count count = { id, ret };

        return db_read(core->db, count_in, &count);
}
