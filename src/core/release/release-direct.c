// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Queues that print at once, and what its owner lets go as he sends it to a secure one: what is sent there is
 * released where it is stored, in one transaction, and is never merely held. Except where a policy counts
 * pages: then it is held until they are counted, and goes on by itself.
 */

#include <stdio.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer-wire.h"
#include "core/job/queue.h"
#include "core/release/release.h"
#include "core/release/settle.h"
#include "core/state.h"
#include "core/job/stay.h"

/* Where a policy wants digits typed at the printer, nobody was asked for them: it waits for its owner. */
static int leave_for_password(struct db_tx *tx, const struct direct_order *order)
{
        return event_add(tx, order->tenant, order->actor, "job-left-out", order->job->id,
                         "reason=job-password-needed");
}

int release_directly(struct core *core, struct db_tx *tx, const struct direct_order *order,
                     struct direct_release *ret)
{
        const struct settle_options options = { .pages_come = order->pages_come };
        struct id release = id_new(), delivery, tenant = order->tenant;
        struct job_row *job = order->job;
        struct accounting accounting;
        struct settled settled;
        struct printer printer;
        enum release_method method = order->is_asked ? RELEASE_API : RELEASE_DIRECT;
        char detail[CORE_WORDS];
        int r;

        snprintf(detail, sizeof(detail), "method=%s", release_method_name(method));
        r = printer_find_in(tx, tenant, order->printer, &printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_ACCEPTING : fold(r);
        if (!printer.accepting)
                return CORE_NOT_ACCEPTING;
        r = printer_wire_check_use(tx, tenant, &printer);
        if (r)
                return r;
        r = accounting_settle(core, tx, tenant, job, &printer, NULL, &accounting);
        if (r == 0)
                r = settle_job(tx, tenant, job, &printer, &options, &settled);
        if (r)
                return r;
        *ret = (struct direct_release){ .agent = printer.agent, .is_left = settled_refuses(&settled) };
        if (ret->is_left)
                return settled_note_left(tx, tenant, order->actor, job->id, &settled);
        ret->is_left = settled.needs_job_password;
        if (ret->is_left)
                return leave_for_password(tx, order);
        r = stay_check_release(tx, tenant, job, &printer, &settled.ticket);
        if (r)
                return r;
        r = delivery_insert(core, tx, tenant, release, job, &printer, &settled.ticket, &delivery,
                            &ret->wants_render);
        if (r == 0)
                r = accounting_keep_for(core, tx, tenant, delivery, job->owner, &accounting);
        if (r == 0)
                r = release_insert(tx, tenant, release, job->owner, printer.id, method);
        if (r == 0)
                r = event_add(tx, tenant, order->actor, "job-released", job->id, detail);
        return r ? r : settled_note_changes(tx, tenant, order->actor, job->id, &settled);
}

/* The printer of the queue that a job waits in, for nothing else than that its pages are counted. DB_NO_ROW.
 */
static int find_printer(struct db_tx *tx, struct id tenant, const struct job_row *job, struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        if (job->state != JOB_HELD || job->ticket.hold || !id_is_zero(job->delivery))
                return DB_NO_ROW;
        r = db_one(tx, tenant,
                   "SELECT printer_id FROM queue WHERE tenant_id = ?1 AND id = ?2 AND kind = ?3"
                   " AND printer_id IS NOT NULL",
                   DB_VALUES(db_id(&job->queue), db_integer(QUEUE_DIRECT)), &rows);
        if (r == 0)
                *ret = db_rows_id(&rows, 0);
        return r;
}

int release_counted(struct core *core, struct db_tx *tx, struct id tenant, struct id id,
                    struct direct_release *ret)
{
        struct job_row job;
        struct direct_order order = { .tenant = tenant, .job = &job };
        int r;

        *ret = (struct direct_release){ .is_left = true };
        r = job_row_find(tx, tenant, id, &job);
        if (r == 0)
                r = find_printer(tx, tenant, &job, &order.printer);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        r = release_directly(core, tx, &order, ret);
        /* It waits as before for whoever looks after it. */
        return r == CORE_NOT_ACCEPTING || r == CORE_BAD_FORMAT || r == CORE_ACCOUNTING_NEEDED ||
                               r == CORE_NOT_ENCRYPTED
                       ? 0
                       : r;
}
