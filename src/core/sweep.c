// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/rendering/converter.h"
#include "core/person/guest.h"
#include "core/rendering/lease.h"
#include "core/report/report-schedule.h"
#include "core/report/report-total.h"
#include "core/state.h"
#include "core/trail/trail.h"
#include "core/tenant/tenant-keys.h"
#include "core/trail/watch.h"

/* What must happen by itself. Every step is bounded; what is left over is there again at the next sweep. */

#define BATCH           PLACES_JOBS_MAX /* jobs or deliveries in one transaction */
#define BATCHES_MAX     50              /* of one sweep */
#define PRUNE_MAX       1000            /* rows of one table */
#define PRUNE_MS        60000
#define OFFER_WAIT_MS   60000
#define DAY_MS          86400000LL
#define GUESS_MS        (30 * DAY_MS)
#define KNOWN_SOURCE_MS (30 * DAY_MS)

struct found {
        struct id tenant[BATCH];
        struct id id[BATCH];
        size_t count;
};

struct sweep {
        struct core *core;
        int64_t now;
        struct found found;
        struct places places;
        struct day {
                struct id tenant;
                int64_t day;
                bool is_found;
        } day;
};

static int find(struct db_tx *tx, const char *sql, int64_t now, struct found *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        ret->count = 0;
        r = db_find_all(tx, sql, DB_VALUES(db_integer(now), db_integer(BATCH)), &rows);
        if (r)
                return fold(r);
        while (ret->count < BATCH && db_rows_next(&rows, &r)) {
                ret->tenant[ret->count] = db_rows_id(&rows, 0);
                ret->id[ret->count++] = db_rows_id(&rows, 1);
        }
        return fold(r);
}

static int find_due(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;

        return find(
                tx,
                "SELECT tenant_id, id FROM delivery WHERE state IN ('offered', 'armed') AND due_ms <= ?1 LIMIT ?2",
                sweep->now, &sweep->found);
}

/* At once the first time, since an answer may have got lost; then ever later, so that a document that no
 * agent gets hold of lets others through to its printer. */
static int expire_offer(struct sweep *sweep, struct db_tx *tx, struct id tenant,
                        struct delivery_row *delivery)
{
        uint32_t shift = delivery->attempts < 8 ? delivery->attempts : 8;
        int64_t wait_ms = delivery->attempts ? sweep->core->settings.retry_ms << shift : 0;

        if (wait_ms > OFFER_WAIT_MS)
                wait_ms = OFFER_WAIT_MS;
        delivery->attempts++;
        return delivery_row_become(sweep->core, tx, tenant, delivery, DELIVERY_REQUESTED, "lease-expired",
                                   sweep->now + wait_ms);
}

static int expire_delivery(struct sweep *sweep, struct db_tx *tx, struct id tenant, struct id id)
{
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, tenant, id, &delivery);
        if (r)
                return fold(r);
        if (delivery.state == DELIVERY_OFFERED)
                return expire_offer(sweep, tx, tenant, &delivery);
        r = delivery_row_become(sweep->core, tx, tenant, &delivery, DELIVERY_UNCERTAIN, "agent-silent", 0);
        if (r)
                return r;
        r = db_run(tx, tenant, "UPDATE job SET expires_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&delivery.job),
                             db_integer(sweep->now + sweep->core->settings.uncertain_keep_ms)),
                   NULL);
        if (r)
                return fold(r);
        return event_add(tx, tenant, NULL, "delivery-uncertain", delivery.job, "reason=agent-silent");
}

static int expire_deliveries(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;
        int r;

        r = find_due(tx, sweep);
        for (size_t i = 0; r == 0 && i < sweep->found.count; i++)
                r = expire_delivery(sweep, tx, sweep->found.tenant[i], sweep->found.id[i]);
        return r;
}

/* Of queues that hold (all but kind 1, QUEUE_DIRECT); what a direct queue has taken is printed whenever that
 * can be. */
static int find_waiting(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;

        return find(tx,
                    "SELECT d.tenant_id, d.id FROM delivery d"
                    " JOIN job j ON j.tenant_id = d.tenant_id AND j.id = d.job_id"
                    " JOIN queue q ON q.tenant_id = j.tenant_id AND q.id = j.queue_id"
                    " WHERE d.state = 'requested' AND q.kind <> 1 AND d.created_ms <= ?1 LIMIT ?2",
                    sweep->now - sweep->core->settings.waiting_ms, &sweep->found);
}

/* Whoever released it has long left the printer: nothing comes out there by itself. */
static int return_waiting(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;
        int r;

        r = find_waiting(tx, sweep);
        for (size_t i = 0; r == 0 && i < sweep->found.count; i++) {
                struct delivery_row delivery;

                r = fold(delivery_row_find(tx, sweep->found.tenant[i], sweep->found.id[i], &delivery));
                if (r == 0)
                        r = delivery_row_return(sweep->core, tx, sweep->found.tenant[i], &delivery,
                                                "printer-not-reached");
        }
        return r;
}

static int find_expired(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;

        return find(
                tx,
                "SELECT tenant_id, id FROM job WHERE expires_ms > 0 AND expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2",
                sweep->now, &sweep->found);
}

static int set_expiry(struct db_tx *tx, struct id tenant, struct id job, int64_t expires_ms)
{
        return fold(db_run(tx, tenant, "UPDATE job SET expires_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&job), db_integer(expires_ms)), NULL));
}

/* An UNCERTAIN one that nobody answered for is over; one that is under way does not expire. */
static int expire_releasing(struct sweep *sweep, struct db_tx *tx, struct id tenant, struct job_row *job)
{
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, tenant, job->delivery, &delivery);
        if (r)
                return fold(r);
        if (delivery_is_open(delivery.state))
                return set_expiry(tx, tenant, job->id, 0);
        r = job_row_end(sweep->core, tx, tenant, job, JOB_DONE, "uncertain-not-answered", &sweep->places);
        return r ? r : event_add(tx, tenant, NULL, "job-expired", job->id, "reason=uncertain-not-answered");
}

static int purge(struct db_tx *tx, struct id tenant, struct id job)
{
        int r;

        static const char *const statements[] = {
                ("DELETE FROM accounting WHERE tenant_id = ?1 AND (subject_id = ?2 OR subject_id IN"
                 " (SELECT id FROM delivery WHERE tenant_id = ?1 AND job_id = ?2))"),
                "DELETE FROM delivery WHERE tenant_id = ?1 AND job_id = ?2",
                "DELETE FROM inspection WHERE tenant_id = ?1 AND job_id = ?2",
                "DELETE FROM home WHERE tenant_id = ?1 AND job_id = ?2",
        };

        for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
                r = db_run(tx, tenant, statements[i], DB_VALUES(db_id(&job)), NULL);
                if (r)
                        return fold(r);
        }
        return fold(db_run(tx, tenant, "DELETE FROM job WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&job)), NULL));
}

/* Done: first its document goes, then, a long time later, its row. */
static int expire_done(struct sweep *sweep, struct db_tx *tx, struct id tenant, struct job_row *job)
{
        struct document document;
        int r;

        r = document_find(tx, tenant, job->id, KEYS_ORIGINAL, &document);
        if (r == DB_NO_ROW)
                return purge(tx, tenant, job->id);
        if (r)
                return fold(r);
        r = document_delete(tx, tenant, job->id, &sweep->places);
        if (r)
                return r;
        r = set_expiry(tx, tenant, job->id, sweep->now + sweep->core->settings.event_keep_ms);
        return r ? r : event_add(tx, tenant, NULL, "document-deleted", job->id, "reason=retention");
}

static int expire_job(struct sweep *sweep, struct db_tx *tx, struct id tenant, struct id id)
{
        struct job_row job;
        int r;

        r = job_row_find(tx, tenant, id, &job);
        if (r)
                return fold(r);
        switch (job.state) {
        case JOB_RECEIVING:
                r = job_row_end(sweep->core, tx, tenant, &job, JOB_REJECTED, "document-never-came",
                                &sweep->places);
                return r ? r : event_add(tx, tenant, NULL, "job-rejected", id, "reason=document-never-came");
        case JOB_HELD:
                r = job_row_end(sweep->core, tx, tenant, &job, JOB_EXPIRED, "expired", &sweep->places);
                return r ? r : event_add(tx, tenant, NULL, "job-expired", id, "");
        case JOB_RELEASING: return expire_releasing(sweep, tx, tenant, &job);
        default: return expire_done(sweep, tx, tenant, &job);
        }
}

static int expire_jobs(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;
        int r;

        sweep->places.count = 0;
        r = find_expired(tx, sweep);
        for (size_t i = 0; r == 0 && i < sweep->found.count; i++)
                r = expire_job(sweep, tx, sweep->found.tenant[i], sweep->found.id[i]);
        return r;
}

/* Looks before it writes, so that an idle service does not flush each second. */
static int run(struct sweep *sweep, db_work look, db_work work)
{
        for (int i = 0; i < BATCHES_MAX; i++) {
                int r = db_read(sweep->core->db, look, sweep);

                if (r || sweep->found.count == 0)
                        return r;
                r = db_write(sweep->core->db, work, sweep);
                if (r)
                        return r;
                places_free(sweep->core, &sweep->places);
                sweep->places.count = 0;
        }
        return 0;
}

struct wake {
        struct core *core;
        int64_t after, now;
};

/* Agents whose retries have become due since the last sweep. */
static int wake_due(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct wake *wake = context;
        int r;

        r = db_find_all(
                tx,
                "SELECT DISTINCT d.tenant_id, p.agent_id FROM delivery d"
                " JOIN printer p ON p.tenant_id = d.tenant_id AND p.id = d.printer_id"
                " WHERE d.state = 'requested' AND d.due_ms > 0 AND d.artefact > 0 AND d.due_ms > ?1 AND d.due_ms <= ?2",
                DB_VALUES(db_integer(wake->after), db_integer(wake->now)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r))
                wake_agent(wake->core, db_rows_id(&rows, 0), db_rows_id(&rows, 1), "delivery");
        return fold(r);
}

static int find_days(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct sweep *sweep = context;
        int r;

        sweep->day.is_found = false;
        r = db_find_all(
                tx,
                "SELECT k.tenant_id, k.day FROM key_day k WHERE k.day < ?1 AND NOT EXISTS (SELECT 1 FROM document d"
                " WHERE d.tenant_id = k.tenant_id AND d.expiry_day = k.day) LIMIT 1",
                DB_VALUES(db_integer(clock_day(sweep->now))), &rows);
        if (r)
                return fold(r);
        if (db_rows_next(&rows, &r))
                sweep->day = (struct day){ db_rows_id(&rows, 0), db_rows_integer(&rows, 1), true };
        return fold(r);
}

static int forget_day(struct db_tx *tx, void *context)
{
        struct day *day = context;
        int r;

        r = db_run(tx, day->tenant, "DELETE FROM key_day WHERE tenant_id = ?1 AND day = ?2",
                   DB_VALUES(db_integer(day->day)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, day->tenant, NULL, "day-key-destroyed", (struct id){ 0 }, "");
}

/* A day whose documents are all gone loses its key: from then on no backup of them can be read either. */
static int destroy_days(struct sweep *sweep)
{
        for (int i = 0; i < BATCHES_MAX; i++) {
                int r = db_read(sweep->core->db, find_days, sweep);

                if (r || !sweep->day.is_found)
                        return r;
                r = keys_day_destroy(sweep->core->keys, sweep->day.tenant, sweep->day.day);
                if (r)
                        return fold(r);
                r = db_write(sweep->core->db, forget_day, &sweep->day);
                if (r)
                        return r;
        }
        return 0;
}

/* Of tenants that want them gone sooner than the service does; those whose document is still there wait for
 * it. */
static int find_old(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;

        return find(
                tx,
                "SELECT j.tenant_id, j.id FROM report_setting s JOIN job j ON j.tenant_id = s.tenant_id"
                " AND j.done_ms > 0 AND j.done_ms < ?1 - s.job_days * 86400000"
                " AND j.state IN ('done', 'deleted', 'expired', 'rejected') WHERE s.job_days > 0"
                " AND NOT EXISTS (SELECT 1 FROM document d WHERE d.tenant_id = j.tenant_id AND d.job_id = j.id)"
                " LIMIT ?2",
                sweep->now, &sweep->found);
}

static int purge_old(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;
        int r = find_old(tx, sweep);

        for (size_t i = 0; r == 0 && i < sweep->found.count; i++)
                r = purge(tx, sweep->found.tenant[i], sweep->found.id[i]);
        return r;
}

static int prune_reports(struct sweep *sweep)
{
        bool more = true;
        int r = run(sweep, find_old, purge_old);

        for (int i = 0; r == 0 && more && i < BATCHES_MAX; i++)
                r = report_totals_prune(sweep->core, sweep->now, &more);
        return r;
}

static int find_refused_deposits(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;

        return find(tx, "SELECT tenant_id, id FROM refused_deposit WHERE until_ms <= ?1 LIMIT ?2", sweep->now,
                    &sweep->found);
}

/* Its agent has removed it. The trail tells, where nobody had decided so. */
static int expire_refused_deposit(struct db_tx *tx, struct id tenant, struct id id)
{
        int64_t open;
        int r;

        r = db_run(tx, tenant,
                   "DELETE FROM refused_deposit WHERE tenant_id = ?1 AND id = ?2 AND is_discarded = 0",
                   DB_VALUES(db_id(&id)), &open);
        if (r)
                return fold(r);
        if (open)
                return event_add(tx, tenant, NULL, "deposit-expired", id, "");
        return fold(db_run(tx, tenant, "DELETE FROM refused_deposit WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&id)), NULL));
}

static int expire_refused_deposits(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;
        int r;

        r = find_refused_deposits(tx, sweep);
        for (size_t i = 0; r == 0 && i < sweep->found.count; i++)
                r = expire_refused_deposit(tx, sweep->found.tenant[i], sweep->found.id[i]);
        return r;
}

static int prune(struct db_tx *tx, void *context)
{
        struct sweep *sweep = context;
        const struct {
                const char *sql;
                int64_t before;
        } tables[] = {
                { "DELETE FROM submission WHERE (tenant_id, key) IN"
                  " (SELECT tenant_id, key FROM submission WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now - DAY_MS }, /* an agent may tell later what a client repeated there in time */
                { "DELETE FROM device_move WHERE (tenant_id, id) IN"
                  " (SELECT tenant_id, id FROM device_move WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                { "DELETE FROM idempotency WHERE (tenant_id, actor_id, key) IN"
                  " (SELECT tenant_id, actor_id, key FROM idempotency WHERE created_ms < ?1 LIMIT ?2)",
                  sweep->now - DAY_MS },
                { "DELETE FROM release WHERE (tenant_id, id) IN"
                  " (SELECT tenant_id, id FROM release WHERE created_ms < ?1 LIMIT ?2)",
                  sweep->now - sweep->core->settings.event_keep_ms },
                { "DELETE FROM meter WHERE (tenant_id, printer_id, day, name, discovered_id) IN"
                  " (SELECT tenant_id, printer_id, day, name, discovered_id FROM meter WHERE day < ?1 LIMIT ?2)",
                  (sweep->now - sweep->core->settings.meter_keep_ms) / DAY_MS },
                { "UPDATE alert SET closed_ms = seen_ms WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM alert"
                  " WHERE place < 0 AND closed_ms = 0 AND seen_ms < ?1 LIMIT ?2)",
                  sweep->now - sweep->core->settings.alarm_over_ms },
                { "DELETE FROM alert_message WHERE (tenant_id, alert_id) IN"
                  " (SELECT tenant_id, id FROM alert WHERE closed_ms > 0 AND closed_ms < ?1 LIMIT ?2)",
                  sweep->now - sweep->core->settings.alert_keep_ms },
                { "DELETE FROM alert WHERE (tenant_id, id) IN (SELECT a.tenant_id, a.id FROM alert a"
                  " WHERE a.closed_ms > 0 AND a.closed_ms < ?1 AND NOT EXISTS (SELECT 1 FROM alert_message m"
                  " WHERE m.tenant_id = a.tenant_id AND m.alert_id = a.id) LIMIT ?2)",
                  sweep->now - sweep->core->settings.alert_keep_ms },
                { "DELETE FROM discovered_mark WHERE (tenant_id, discovered_id) IN (SELECT tenant_id, id"
                  " FROM discovered_printer WHERE seen_ms < ?1 AND printer_id IS NULL LIMIT ?2)",
                  sweep->now - sweep->core->settings.discovered_keep_ms },
                { "DELETE FROM discovered_printer WHERE (tenant_id, id) IN (SELECT d.tenant_id, d.id"
                  " FROM discovered_printer d WHERE d.seen_ms < ?1 AND d.printer_id IS NULL AND NOT EXISTS"
                  " (SELECT 1 FROM discovered_mark m WHERE m.tenant_id = d.tenant_id AND m.discovered_id = d.id)"
                  " LIMIT ?2)",
                  sweep->now - sweep->core->settings.discovered_keep_ms },
                { "DELETE FROM session WHERE (tenant_id, id) IN"
                  " (SELECT tenant_id, id FROM session WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                { "DELETE FROM one_time_code WHERE (tenant_id, id) IN"
                  " (SELECT tenant_id, id FROM one_time_code WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                { "DELETE FROM known_source WHERE (tenant_id, person_id, source) IN"
                  " (SELECT tenant_id, person_id, source FROM known_source WHERE used_ms < ?1 LIMIT ?2)",
                  sweep->now - KNOWN_SOURCE_MS },
                { "DELETE FROM client_grant WHERE (tenant_id, id) IN"
                  " (SELECT tenant_id, id FROM client_grant WHERE expires_ms > 0 AND expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                { "DELETE FROM grant_access WHERE (tenant_id, hash) IN"
                  " (SELECT tenant_id, hash FROM grant_access WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                { "DELETE FROM grant_code WHERE (tenant_id, hash) IN"
                  " (SELECT tenant_id, hash FROM grant_code WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                /* A device is told for a while that its code is over. */
                { "DELETE FROM device_code WHERE hash IN"
                  " (SELECT hash FROM device_code WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now - 3600000 },
                { "DELETE FROM registration WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM registration"
                  " WHERE state = 0 AND expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                { "DELETE FROM enrolment WHERE (tenant_id, id) IN"
                  " (SELECT tenant_id, id FROM enrolment WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now - 3600000 },
                { "DELETE FROM badge_wait WHERE (tenant_id, printer_id) IN"
                  " (SELECT tenant_id, printer_id FROM badge_wait WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                { "DELETE FROM panel_guest WHERE (tenant_id, panel_id) IN"
                  " (SELECT tenant_id, panel_id FROM panel_guest WHERE expires_ms < ?1 LIMIT ?2)",
                  sweep->now },
                { "DELETE FROM guess WHERE subject IN (SELECT subject FROM guess WHERE since_ms < ?1 AND until_ms < ?1 LIMIT ?2)",
                  sweep->now - GUESS_MS },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
                int r = db_run_all(tx, tables[i].sql,
                                   DB_VALUES(db_integer(tables[i].before), db_integer(PRUNE_MAX)), NULL);

                if (r)
                        return fold(r);
        }
        return 0;
}

/* What has become of tenants: deleted ones, outgrown plans, and their keys. */
static int tenants_keep_up(struct core *core)
{
        uint64_t count = 0;
        char number[24];
        int r;

        r = tenants_compare_plans(core);
        if (r == 0)
                r = keys_follow_master(core, &count);
        if (r || count == 0)
                return r;
        snprintf(number, sizeof(number), "%llu", (unsigned long long)count);
        log_write(LOG_NOTICE, "master-key-followed", "keys", number, NULL);
        return 0;
}

static int prune_all(struct sweep *sweep)
{
        int r;

        r = run(sweep, find_waiting, return_waiting);
        if (r)
                return r;
        r = run(sweep, find_refused_deposits, expire_refused_deposits);
        if (r)
                return r;
        r = documents_move_on(sweep->core, sweep->now);
        if (r == 0)
                r = prune_reports(sweep);
        if (r)
                return r;
        r = destroy_days(sweep);
        if (r == 0)
                r = tenants_keep_up(sweep->core);
        if (r)
                return r;
        r = db_write(sweep->core->db, prune, sweep);
        if (r)
                return r;
        r = trail_prune(sweep->core, sweep->now);
        if (r)
                return r;
        /* What was deleted leaves the write-ahead log too; a long read may put it off to the next time. */
        r = db_checkpoint(sweep->core->db);
        return r == -EBUSY ? 0 : r;
}

static int sweep_all(struct core *core)
{
        struct sweep sweep = { .core = core, .now = clock_unix_ms() };
        struct wake wake = { core, core->swept_ms, sweep.now };
        int r;

        r = run(&sweep, find_due, expire_deliveries);
        if (r)
                return r;
        r = run(&sweep, find_expired, expire_jobs);
        if (r)
                return r;
        r = guests_sweep(core, sweep.now);
        if (r)
                return r;
        lease_sweep(core);
        r = work_list_sweep(core, sweep.now);
        if (r)
                return r;
        r = db_read(core->db, wake_due, &wake);
        if (r)
                return r;
        if (core->pruned_ms + PRUNE_MS <= sweep.now) {
                r = converters_count_in(core);
                if (r)
                        return r;
                core->pruned_ms = sweep.now;
                r = prune_all(&sweep);
        }
        core->swept_ms = sweep.now;
        return r;
}

int core_chore(struct core *core, bool *ret_more)
{
        *ret_more = false;
        int deleted = tenant_delete_step(core, ret_more);
        int exchanged = key_exchange_step(core, ret_more);
        int told = report_schedules_step(core, clock_unix_ms(), ret_more);

        return deleted ? deleted : exchanged ? exchanged : told;
}

/* What fails in the one does not keep the other from its work. */
int core_sweep(struct core *core)
{
        int gone = agents_settle_gone(core);
        int r = sweep_all(core);
        int counted = watch_sweep(core, clock_monotonic_ms());
        int trails = trail_sign_due(core, clock_unix_ms());

        return gone ? gone : r ? r : counted ? counted : trails;
}
