// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What a tenant's limits count, kept in its own row by whoever adds or takes away, and what is only compared:
 * its plan. Everything that has been taken in is printed, whatever its tenant's limits become.
 */

#include "core/tenant/tenant.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

#define HOUR_MS       3600000
#define TENANTS_BATCH 50

static bool exceeds(const struct tenant *tenant, enum tenant_limit limit, int64_t value)
{
        return tenant->limits[limit] && value > tenant->limits[limit];
}

int tenant_count_job(struct core *core, struct db_tx *tx, struct id tenant, uint32_t *ret_number)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct tenant t;
        int r;

        r = tenant_find_by_id(core, tenant, &t);
        if (r)
                return r == CORE_NOT_FOUND ? CORE_FORBIDDEN : r;
        r = db_one(tx, tenant,
                   "UPDATE tenant SET next_job = next_job + 1, jobs_held = jobs_held + 1, hour = ?2,"
                   " hour_jobs = CASE hour WHEN ?2 THEN hour_jobs + 1 ELSE 1 END WHERE id = ?1"
                   " RETURNING next_job - 1, jobs_held, octets_kept, hour_jobs",
                   DB_VALUES(db_integer(clock_unix_ms() / HOUR_MS)), &rows);
        if (r)
                return fold(r);
        if (exceeds(&t, LIMIT_HELD_JOBS, db_rows_integer(&rows, 1)) ||
            exceeds(&t, LIMIT_HELD_OCTETS, db_rows_integer(&rows, 2)))
                return CORE_LIMIT_REACHED;
        if (exceeds(&t, LIMIT_SUBMISSIONS_PER_HOUR, db_rows_integer(&rows, 3)))
                return CORE_TOO_FAST;
        *ret_number = (uint32_t)db_rows_integer(&rows, 0);
        return 0;
}

int tenant_count_held(struct db_tx *tx, struct id tenant, int64_t jobs)
{
        return fold(db_run(tx, tenant, "UPDATE tenant SET jobs_held = jobs_held + ?2 WHERE id = ?1",
                           DB_VALUES(db_integer(jobs)), NULL));
}

int tenant_count_octets(struct db_tx *tx, struct id tenant, int64_t octets)
{
        return fold(db_run(tx, tenant, "UPDATE tenant SET octets_kept = octets_kept + ?2 WHERE id = ?1",
                           DB_VALUES(db_integer(octets)), NULL));
}

int tenant_limit_check(struct core *core, struct id tenant, enum tenant_limit limit, int64_t count)
{
        struct tenant t;
        int r = tenant_find_by_id(core, tenant, &t);

        if (r)
                return r;
        return exceeds(&t, limit, count + 1) ? CORE_LIMIT_REACHED : 0;
}

/* Those whose use and plan may have come to differ from what their administrators were told. */
struct plans {
        size_t count;
        struct plan {
                struct id tenant;
                int64_t people, people_max, printers, printers_max;
                bool was_over, is_over;
        } at[TENANTS_BATCH];
};

static bool is_more(int64_t count, int64_t most)
{
        return most && count > most;
}

static int find_plans(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct plans *plans = context;
        int r;

        plans->count = 0;
        r = db_find_all(tx,
                        "SELECT t.id, t.is_over_plan, coalesce(u.value, 0), coalesce(q.value, 0),"
                        " (SELECT count(*) FROM person p WHERE p.tenant_id = t.id),"
                        " (SELECT count(*) FROM printer p WHERE p.tenant_id = t.id) FROM tenant t"
                        " LEFT JOIN tenant_limit u ON u.tenant_id = t.id AND u.name = 'people'"
                        " LEFT JOIN tenant_limit q ON q.tenant_id = t.id AND q.name = 'printers'"
                        " WHERE t.state <> 'deleting' AND (u.value > 0 OR q.value > 0 OR t.is_over_plan = 1)",
                        DB_NONE, &rows);
        if (r)
                return fold(r);
        while (plans->count < TENANTS_BATCH && db_rows_next(&rows, &r)) {
                struct plan *plan = &plans->at[plans->count];

                *plan = (struct plan){ .tenant = db_rows_id(&rows, 0),
                                       .was_over = db_rows_integer(&rows, 1) };
                plan->people_max = db_rows_integer(&rows, 2);
                plan->printers_max = db_rows_integer(&rows, 3);
                plan->people = db_rows_integer(&rows, 4);
                plan->printers = db_rows_integer(&rows, 5);
                plan->is_over = is_more(plan->people, plan->people_max) ||
                                is_more(plan->printers, plan->printers_max);
                if (plan->is_over != plan->was_over)
                        plans->count++;
        }
        return fold(r);
}

static int tell(struct db_tx *tx, const struct plan *plan)
{
        char detail[CORE_WORDS];
        int r;

        r = db_run(tx, plan->tenant, "UPDATE tenant SET is_over_plan = ?2 WHERE id = ?1",
                   DB_VALUES(db_integer(plan->is_over)), NULL);
        if (r)
                return fold(r);
        snprintf(detail, sizeof(detail), "people=%" PRId64 "/%" PRId64 " printers=%" PRId64 "/%" PRId64,
                 plan->people, plan->people_max, plan->printers, plan->printers_max);
        return event_add(tx, plan->tenant, NULL, plan->is_over ? "plan-exceeded" : "plan-kept", plan->tenant,
                         detail);
}

static int tell_all(struct db_tx *tx, void *context)
{
        const struct plans *plans = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < plans->count; i++)
                r = tell(tx, &plans->at[i]);
        return r;
}

int tenants_compare_plans(struct core *core)
{
        struct plans plans;
        int r;

        r = db_read(core->db, find_plans, &plans);
        return r || plans.count == 0 ? r : db_write(core->db, tell_all, &plans);
}
