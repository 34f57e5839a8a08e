// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/home-row.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/home.h"
#include "core/state.h"

int home_row_find(struct db_tx *tx, struct id tenant, struct id job, struct home_row *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret = (struct home_row){ .giving = 1 };
        r = db_one(
                tx, tenant,
                "SELECT agent_id, giving, nonce, incarnation, unfit FROM home WHERE tenant_id = ?1 AND job_id = ?2",
                DB_VALUES(db_id(&job)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        ret->agent = db_rows_id(&rows, 0);
        ret->giving = (uint64_t)db_rows_integer(&rows, 1);
        ret->nonce = (uint64_t)db_rows_integer(&rows, 2);
        ret->incarnation = (uint64_t)db_rows_integer(&rows, 3);
        ret->is_unfit = db_rows_integer(&rows, 4);
        return 0;
}

int home_row_store(struct db_tx *tx, struct id tenant, struct id job, const struct home_row *row)
{
        struct db_value agent = id_is_zero(row->agent) ? db_null() : db_id(&row->agent);

        return fold(db_run(
                tx, tenant,
                "INSERT INTO home (tenant_id, job_id, agent_id, giving, nonce, incarnation, unfit, changed_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (tenant_id, job_id) DO UPDATE SET"
                " agent_id = ?3, giving = ?4, nonce = ?5, incarnation = ?6, unfit = ?7, changed_ms = ?8",
                DB_VALUES(db_id(&job), agent, db_integer((int64_t)row->giving),
                          db_integer((int64_t)row->nonce), db_integer((int64_t)row->incarnation),
                          db_integer(row->is_unfit), db_integer(clock_unix_ms())),
                NULL));
}

int home_row_return(struct db_tx *tx, struct id tenant, struct id job, struct home_row *row)
{
        row->agent = (struct id){ 0 };
        row->giving++;
        return home_row_store(tx, tenant, job, row);
}

int home_of_job(struct db_tx *tx, struct id tenant, struct id job, struct id *ret_agent)
{
        struct home_row row;
        int r = home_row_find(tx, tenant, job, &row);

        *ret_agent = row.agent;
        return r;
}
