// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/policy.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/state.h"

#define COLUMNS                                                                                         \
        "SELECT p.id, p.title, p.group_id, p.queue_id, p.printer_id, p.site_id, p.sides, p.monochrome," \
        " p.copies_max, p.pages_max, p.created_ms, p.job_password, p.printer_group_id FROM policy p WHERE p.tenant_id = ?1"

struct context {
        const struct actor *actor;
        struct policy policy;
};

static void read_policy(struct db_rows *rows, void *item)
{
        struct policy *ret = item;

        *ret = (struct policy){ .id = db_rows_id(rows, 0), .group = db_rows_id(rows, 2) };
        db_rows_string(rows, 1, ret->title, sizeof(ret->title));
        ret->queue = db_rows_id(rows, 3);
        ret->printer = db_rows_id(rows, 4);
        ret->site = db_rows_id(rows, 5);
        db_rows_string(rows, 6, ret->sides, sizeof(ret->sides));
        ret->monochrome = db_rows_integer(rows, 7);
        ret->copies_max = (uint32_t)db_rows_integer(rows, 8);
        ret->pages_max = (uint32_t)db_rows_integer(rows, 9);
        ret->created_ms = db_rows_integer(rows, 10);
        ret->job_password = db_rows_integer(rows, 11);
        ret->printer_group = db_rows_id(rows, 12);
}

static bool may(const struct actor *actor)
{
        return actor_may(actor, RIGHT_POLICIES, whose_tenant());
}

static bool is_valid(const struct policy *policy)
{
        struct text title = text_from(policy->title);
        struct ticket unused;

        return title.len > 0 && text_is_printable(title) && text_equal(title, text_trim(title)) &&
               policy->copies_max <= 999 && policy->pages_max <= INT32_MAX &&
               (!policy->sides[0] ||
                ticket_set(&unused, ticket_member_find(TEXT_OF("sides")), text_from(policy->sides)) == 0) &&
               (policy->sides[0] || policy->monochrome || policy->job_password || policy->copies_max ||
                policy->pages_max);
}

/* What it names has to be there. */
static int check_scope(struct db_tx *tx, struct id tenant, const struct policy *policy)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, tenant,
                "SELECT 1 FROM tenant WHERE id = ?1"
                " AND (?2 IS NULL OR EXISTS (SELECT 1 FROM \"group\" WHERE tenant_id = ?1 AND id = ?2))"
                " AND (?3 IS NULL OR EXISTS (SELECT 1 FROM queue WHERE tenant_id = ?1 AND id = ?3))"
                " AND (?4 IS NULL OR EXISTS (SELECT 1 FROM printer WHERE tenant_id = ?1 AND id = ?4))"
                " AND (?5 IS NULL OR EXISTS (SELECT 1 FROM site WHERE tenant_id = ?1 AND id = ?5))"
                " AND (?6 IS NULL OR EXISTS (SELECT 1 FROM printer_group WHERE tenant_id = ?1 AND id = ?6))",
                DB_VALUES(db_id(&policy->group), db_id(&policy->queue), db_id(&policy->printer),
                          db_id(&policy->site), db_id(&policy->printer_group)),
                &rows);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int note(struct db_tx *tx, const struct context *c, const char *kind)
{
        const struct policy *p = &c->policy;
        char detail[CORE_WORDS];

        snprintf(detail, sizeof(detail), "%s%s%s%scopies-max=%u pages-max=%u title=%s",
                 p->sides[0] ? "sides=" : "", p->sides,
                 p->monochrome ? (p->sides[0] ? " monochrome " : "monochrome ")
                 : p->sides[0] ? " "
                               : "",
                 p->job_password ? "job-password " : "", p->copies_max, p->pages_max, p->title);
        return event_add(tx, c->actor->tenant, c->actor, kind, p->id, detail);
}

static int make_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        const struct policy *p = &c->policy;
        int64_t changed;
        int r;

        r = check_scope(tx, c->actor->tenant, p);
        if (r)
                return r;
        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO policy (tenant_id, id, title, group_id, queue_id, printer_id, site_id, sides,"
                   " monochrome, copies_max, pages_max, created_ms, job_password, printer_group_id)"
                   " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?14, ?15"
                   " WHERE (SELECT count(*) FROM policy WHERE tenant_id = ?1) < ?13",
                   DB_VALUES(db_id(&p->id), db_string(p->title), db_id(&p->group), db_id(&p->queue),
                             db_id(&p->printer), db_id(&p->site), db_string(p->sides),
                             db_integer(p->monochrome), db_integer(p->copies_max), db_integer(p->pages_max),
                             db_integer(p->created_ms), db_integer(POLICIES_MAX), db_integer(p->job_password),
                             db_id(&p->printer_group)),
                   &changed);
        if (r)
                return fold(r);
        return changed ? note(tx, c, "policy-made") : CORE_BAD_VALUE;
}

int policy_make(struct core *core, const struct actor *actor, struct policy *policy)
{
        struct context c = { .actor = actor, .policy = *policy };
        int r;

        if (!may(actor))
                return CORE_FORBIDDEN;
        if (!is_valid(policy))
                return CORE_BAD_VALUE;
        c.policy.id = id_new();
        c.policy.created_ms = clock_unix_ms();
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *policy = c.policy;
        return r;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one(tx, c->actor->tenant, COLUMNS " AND p.id = ?2", DB_VALUES(db_id(&c->policy.id)),
                       &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_policy(&rows, &c->policy);
        return 0;
}

int policy_find(struct core *core, const struct actor *actor, struct id id, struct policy *ret)
{
        struct context c = { .actor = actor, .policy.id = id };
        int r;

        if (!may(actor))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.policy;
        return r;
}

int policy_list(struct core *core, const struct actor *actor, struct id after, struct policy *ret, size_t max,
                size_t *ret_count)
{
        struct listing policies = { .tenant = actor->tenant,
                                    .sql = COLUMNS " AND p.id > ?2 ORDER BY p.id LIMIT ?3",
                                    .after = after,
                                    .read = read_policy,
                                    LISTING_INTO(ret, max) };

        return may(actor) ? listing_find(core, &policies, ret_count) : CORE_FORBIDDEN;
}

static int change_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        const struct policy *p = &c->policy;
        int64_t changed;
        int r;

        r = check_scope(tx, c->actor->tenant, p);
        if (r)
                return r;
        r = db_run(
                tx, c->actor->tenant,
                "UPDATE policy SET title = ?3, group_id = ?4, queue_id = ?5, printer_id = ?6, site_id = ?7,"
                " sides = ?8, monochrome = ?9, copies_max = ?10, pages_max = ?11, job_password = ?12, printer_group_id = ?13"
                " WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&p->id), db_string(p->title), db_id(&p->group), db_id(&p->queue),
                          db_id(&p->printer), db_id(&p->site), db_string(p->sides), db_integer(p->monochrome),
                          db_integer(p->copies_max), db_integer(p->pages_max), db_integer(p->job_password),
                          db_id(&p->printer_group)),
                &changed);
        if (r)
                return fold(r);
        return changed ? note(tx, c, "policy-changed") : CORE_NOT_FOUND;
}

int policy_change(struct core *core, const struct actor *actor, const struct policy *policy)
{
        struct context c = { .actor = actor, .policy = *policy };

        if (!may(actor))
                return CORE_FORBIDDEN;
        return is_valid(policy) ? db_write(core->db, change_in, &c) : CORE_BAD_VALUE;
}

static int delete_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        int64_t changed;
        int r = db_run(tx, c->actor->tenant, "DELETE FROM policy WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&c->policy.id)), &changed);

        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "policy-deleted", c->policy.id, "");
}

int policy_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .policy.id = id };

        return may(actor) ? db_write(core->db, delete_in, &c) : CORE_FORBIDDEN;
}

int policies_for(struct db_tx *tx, struct id tenant, const struct policy_case *c, struct policy *ret,
                 size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        size_t count = 0;
        int r;

        r = db_find(tx, tenant,
                    COLUMNS " AND (p.queue_id IS NULL OR p.queue_id = ?3)"
                            " AND (p.printer_id IS NULL OR p.printer_id = ?4)"
                            " AND (p.site_id IS NULL OR p.site_id = ?5)"
                            " AND (p.printer_group_id IS NULL OR EXISTS (SELECT 1 FROM printer_grouping i"
                            " WHERE i.tenant_id = ?1 AND i.group_id = p.printer_group_id"
                            " AND i.printer_id = ?4))"
                            " AND (p.group_id IS NULL OR EXISTS (SELECT 1 FROM membership m"
                            " WHERE m.tenant_id = ?1 AND m.person_id = ?2 AND m.group_id = p.group_id))"
                            " ORDER BY p.id LIMIT ?6",
                    DB_VALUES(db_id(&c->person), db_id(&c->queue), db_id(&c->printer), db_id(&c->site),
                              db_integer(POLICIES_MAX)),
                    &rows);
        if (r)
                return fold(r);
        while (count < POLICIES_MAX && db_rows_next(&rows, &r))
                read_policy(&rows, &ret[count++]);
        *ret_count = count;
        return fold(r);
}

/* It held for nobody else and nowhere else, and must not hold for everybody from now on. */
int policies_forget(struct db_tx *tx, struct id tenant, struct id gone)
{
        return fold(db_run(tx, tenant,
                           "DELETE FROM policy WHERE tenant_id = ?1"
                           " AND (group_id = ?2 OR queue_id = ?2 OR printer_id = ?2 OR site_id = ?2"
                           " OR printer_group_id = ?2)",
                           DB_VALUES(db_id(&gone)), NULL));
}
