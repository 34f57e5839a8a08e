// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/release/delivery.h"
#include "core/job/queue.h"
#include "core/live.h"
#include "core/state.h"

/*
 * What became of a delivery, as its agent proves it. Each report is applied once; repeated, it gets the same
 * answer.
 */

#define RETRY_MS_MAX        60000
#define ATTEMPTS_MAX_DIRECT 100

struct report {
        struct core *core;
        const struct actor *agent;
        const struct delivery_report *told;
        char reason[CORE_WORDS];
        int64_t printed_ms; /* the tenant's retention of printed documents */
        struct delivery_row delivery;
        struct job_row job;
        struct places places;
        bool has_moved;
        int64_t moved_day;
        uint32_t moved_version;
        struct wrapped_key moved;
        bool is_applied;
};

/* CORE_STALE for everyone but the agent of the last offer; done already: is_applied. */
static int find_in(struct db_tx *tx, struct report *report)
{
        const struct delivery_report *told = report->told;
        int r;

        r = delivery_row_find(tx, report->agent->tenant, told->delivery, &report->delivery);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (report->delivery.epoch != told->epoch || !id_equal(report->delivery.agent, report->agent->id))
                return CORE_STALE;
        if (report->delivery.incarnation != told->incarnation)
                return CORE_STALE;
        report->is_applied = report->delivery.state == told->outcome;
        if (report->is_applied || report->delivery.state == DELIVERY_ARMED ||
            report->delivery.state == DELIVERY_UNCERTAIN)
                return 0;
        /* Without having armed, an agent can only say that it did not print. */
        if (report->delivery.state == DELIVERY_OFFERED && told->outcome == DELIVERY_NOT_PRINTED)
                return 0;
        /* Nobody prints what was not armed: whoever says so is not the agent of this offer's journal. */
        if (delivery_is_open(report->delivery.state) && told->outcome != DELIVERY_NOT_PRINTED)
                return CORE_STALE;
        /* Applied and gone on since: REQUESTED again after proof, or closed by its owner. */
        report->is_applied = true;
        return 0;
}

bool delivery_is_way(const char *by)
{
        static const char *const ways[] = { "ipps", "ipp", "raw", "lpd" };

        for (size_t i = 0; by && i < ARRAY_LENGTH(ways); i++)
                if (strcmp(by, ways[i]) == 0)
                        return true;
        return !by;
}

/*
 * A printer that has IPPS and was reached openly all the same: whoever minds it is told once, until IPPS
 * works again. One that has no IPPS has that warning already (core/printer/printer-wire.h).
 */
static int note_way(struct db_tx *tx, const struct report *report)
{
        const char *by = report->told->by;
        char detail[CORE_WORDS];
        int64_t changed;
        bool openly;
        int r;

        if (!by || report->told->outcome == DELIVERY_NOT_PRINTED)
                return 0;
        openly = strcmp(by, "ipps") != 0;
        r = db_run(tx, report->agent->tenant,
                   openly ? "UPDATE printer SET openly_ms = ?3 WHERE tenant_id = ?1 AND id = ?2"
                            " AND openly_ms = 0 AND addresses LIKE '%ipps://%'"
                          : "UPDATE printer SET openly_ms = 0 * ?3 WHERE tenant_id = ?1 AND id = ?2"
                            " AND openly_ms > 0",
                   DB_VALUES(db_id(&report->delivery.printer), db_integer(clock_unix_ms())), &changed);
        if (r || !changed || !openly)
                return fold(r);
        snprintf(detail, sizeof(detail), "by=%s", by);
        return event_add(tx, report->agent->tenant, report->agent, "printer-reached-openly",
                         report->delivery.printer, detail);
}

static int note_evidence(struct db_tx *tx, const struct report *report)
{
        int r = db_run(tx, report->agent->tenant,
                       "UPDATE delivery SET pages = ?3, octets_acked = ?4, way = coalesce(?5, way)"
                       " WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&report->delivery.id), db_integer(report->told->pages),
                                 db_integer((int64_t)report->told->octets_acked),
                                 report->told->by ? db_string(report->told->by) : db_null()),
                       NULL);

        return r ? fold(r) : note_way(tx, report);
}

/* What stands of it in the job's timeline. */
static void describe(const struct report *report, char ret[CORE_WORDS])
{
        const char *by = report->told->by;

        snprintf(ret, CORE_WORDS, "reason=%.128s pages=%u%s%s%s", report->reason, report->told->pages,
                 by ? " by=" : "", by ? by : "", by && strcmp(by, "ipps") != 0 ? " encrypted=no" : "");
}

static int is_direct(struct db_tx *tx, const struct report *report, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, report->agent->tenant, "SELECT kind FROM queue WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&report->job.queue)), &rows);
        *ret = r == 0 && db_rows_integer(&rows, 0) == QUEUE_DIRECT;
        return r == DB_NO_ROW ? 0 : fold(r);
}

/*
 * Proof that nothing arrived: tried again by itself a few times, since somebody stands there; a queue that
 * prints at once is more patient, since nobody does.
 */
static int apply_not_printed(struct db_tx *tx, struct report *report)
{
        const struct core_settings *settings = &report->core->settings;
        uint32_t shift = report->delivery.attempts < 8 ? report->delivery.attempts : 8;
        int64_t wait_ms = settings->retry_ms << shift;
        bool was_uncertain = report->delivery.state == DELIVERY_UNCERTAIN, direct;
        int r;

        r = is_direct(tx, report, &direct);
        if (r)
                return r;
        report->delivery.attempts++;
        /* Who hears it late has left the printer: nothing comes out there by itself. */
        if (!report->told->may_retry || report->job.state != JOB_RELEASING || was_uncertain ||
            report->delivery.attempts >= (direct ? ATTEMPTS_MAX_DIRECT : settings->attempts_max))
                return delivery_row_return(report->core, tx, report->agent->tenant, &report->delivery,
                                           report->reason);
        if (wait_ms > RETRY_MS_MAX)
                wait_ms = RETRY_MS_MAX;
        return delivery_row_become(report->core, tx, report->agent->tenant, &report->delivery,
                                   DELIVERY_REQUESTED, report->reason, clock_unix_ms() + wait_ms);
}

static int keep_document(struct db_tx *tx, struct report *report)
{
        if (!report->has_moved)
                return 0;
        return fold(db_run(tx, report->agent->tenant,
                           "UPDATE document SET wrapped = ?4, expiry_day = ?5, key_version = ?6"
                           " WHERE tenant_id = ?1 AND job_id = ?2 AND artefact = ?3",
                           DB_VALUES(db_id(&report->job.id), db_integer(KEYS_ORIGINAL),
                                     db_octets(report->moved.octets, sizeof(report->moved.octets)),
                                     db_integer(report->moved_day), db_integer(report->moved_version)),
                           NULL));
}

static int note_day(struct db_tx *tx, const struct report *report)
{
        if (!report->has_moved)
                return 0;
        return fold(db_run(tx, report->agent->tenant,
                           "INSERT INTO key_day (tenant_id, day) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                           DB_VALUES(db_integer(report->moved_day)), NULL));
}

/* PRINTED and SENT: the job is done. Its document goes at once, or stays as long as the policy or a doubt
 * wants it. */
static int apply_done(struct db_tx *tx, struct report *report)
{
        struct id tenant = report->agent->tenant;
        bool sent = report->told->outcome == DELIVERY_SENT;
        int64_t keep_ms = report->printed_ms;
        int r;

        if (sent && keep_ms < report->core->settings.sent_keep_ms)
                keep_ms = report->core->settings.sent_keep_ms;
        r = delivery_row_become(report->core, tx, tenant, &report->delivery, report->told->outcome,
                                report->reason, 0);
        if (r || report->job.state != JOB_RELEASING)
                return r;
        if (report->delivery.rest)
                return first_copy_out(report->core, tx, report->agent, &report->job, report->delivery.rest);
        if (keep_ms == 0)
                return job_row_end(report->core, tx, tenant, &report->job, JOB_DONE, "", &report->places);
        r = note_day(tx, report);
        if (r)
                return r;
        r = keep_document(tx, report);
        if (r)
                return r;
        return job_row_become(report->core, tx, tenant, &report->job, JOB_DONE, "",
                              clock_unix_ms() + keep_ms);
}

/* The job stays RELEASING until its owner answers, late proof comes, or its document has been kept long
 * enough. */
static int apply_uncertain(struct db_tx *tx, struct report *report)
{
        int r;

        r = delivery_row_become(report->core, tx, report->agent->tenant, &report->delivery,
                                DELIVERY_UNCERTAIN, report->reason, 0);
        if (r)
                return r;
        return fold(db_run(tx, report->agent->tenant,
                           "UPDATE job SET expires_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&report->job.id),
                                     db_integer(clock_unix_ms() + report->core->settings.uncertain_keep_ms)),
                           NULL));
}

static int apply(struct db_tx *tx, struct report *report)
{
        switch (report->told->outcome) {
        case DELIVERY_PRINTED:
        case DELIVERY_SENT: return apply_done(tx, report);
        case DELIVERY_UNCERTAIN: return apply_uncertain(tx, report);
        default: return apply_not_printed(tx, report);
        }
}

static int report_in(struct db_tx *tx, void *context)
{
        struct report *report = context;
        char kind[CORE_NAME], detail[CORE_WORDS];
        int r;

        report->places.count = 0;
        r = find_in(tx, report);
        if (r || report->is_applied)
                return r;
        r = job_row_find(tx, report->agent->tenant, report->delivery.job, &report->job);
        if (r)
                return fold(r);
        r = note_evidence(tx, report);
        if (r)
                return r;
        r = apply(tx, report);
        if (r)
                return r;
        snprintf(kind, sizeof(kind), "delivery-%s", delivery_state_name(report->told->outcome));
        describe(report, detail);
        /* delivery_row_return() has written its own event. */
        if (report->delivery.state == DELIVERY_NOT_PRINTED)
                return 0;
        return event_add(tx, report->agent->tenant, report->agent, kind, report->job.id, detail);
}

struct peek {
        struct report *report;
        struct document document;
};

static int peek_in(struct db_tx *tx, void *context)
{
        struct peek *peek = context;
        int r;

        r = find_in(tx, peek->report);
        if (r || peek->report->is_applied)
                return r ? r : CORE_NOT_FOUND;
        r = document_find(tx, peek->report->agent->tenant, peek->report->delivery.job, KEYS_ORIGINAL,
                          &peek->document);
        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

/* A document that stays beyond its day gets its key wrapped for the day on which it may go. */
static int move_key(struct report *report)
{
        int64_t day = clock_day(clock_unix_ms() + report->printed_ms);
        struct peek peek = { .report = report };
        const struct tenant_entry *entry;
        const struct keys_tenant *tenant;
        struct keys_document names;
        int r;

        r = db_read(report->core->db, peek_in, &peek);
        if (r)
                return r > 0 ? 0 : r;
        if (peek.document.stays || peek.document.expiry_day >= day)
                return 0;
        r = tenant_entry_get(report->core, report->agent->tenant, &entry);
        if (r)
                return r;
        r = keys_of_version(report->core, entry, peek.document.key_version, &tenant);
        if (r)
                return r;
        names = (struct keys_document){ peek.document.job, KEYS_ORIGINAL, peek.document.expiry_day };
        r = keys_document_move(report->core->keys, tenant, &names, &peek.document.wrapped, tenant, day,
                               &report->moved);
        report->moved_version = tenant->version;
        if (r)
                return r > 0 ? 0 : r;
        report->has_moved = true;
        report->moved_day = day;
        return 0;
}

/* Keywords of ours, as the agent sends them; anything else is not kept. */
static void copy_reason(struct text reason, char to[CORE_WORDS])
{
        if (!text_is_name(reason) || !text_copy(reason, to, CORE_WORDS))
                to[0] = 0;
}

int delivery_report(struct core *core, const struct actor *agent, const struct delivery_report *told)
{
        struct report report = { .core = core, .agent = agent, .told = told };
        struct delivery_report as_not_printed;
        struct tenant tenant;
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (told->outcome == DELIVERY_CANCELLED) {
                /* Cancelled at the agent before a byte left: proof that nothing arrived, and a person's wish.
                 */
                as_not_printed = *told;
                as_not_printed.outcome = DELIVERY_NOT_PRINTED;
                as_not_printed.may_retry = false;
                report.told = told = &as_not_printed;
        }
        if (told->outcome != DELIVERY_PRINTED && told->outcome != DELIVERY_SENT &&
            told->outcome != DELIVERY_NOT_PRINTED && told->outcome != DELIVERY_UNCERTAIN)
                return CORE_BAD_VALUE;
        copy_reason(told->reason, report.reason);
        r = tenant_find_by_id(core, agent->tenant, &tenant);
        if (r)
                return fold(r);
        report.printed_ms = tenant.printed_ms;
        if (tenant.printed_ms && (told->outcome == DELIVERY_PRINTED || told->outcome == DELIVERY_SENT)) {
                r = move_key(&report);
                if (r)
                        return r;
        }
        r = db_write(core->db, report_in, &report);
        if (r)
                return r;
        places_free(core, &report.places);
        if (!delivery_is_open(report.delivery.state))
                unwritten_forget(core->job_passwords, told->delivery);
        if (!report.is_applied)
                core->deliveries_ended[told->outcome]++;
        return 0;
}

struct progress {
        struct core *core;
        const struct actor *agent;
        struct id delivery;
        uint32_t epoch;
        char reason[CORE_WORDS];
        uint32_t pages;
};

static int progress_in(struct db_tx *tx, void *context)
{
        struct progress *p = context;
        struct delivery_row row;
        int64_t changed;
        int r;

        r = db_run(
                tx, p->agent->tenant,
                "UPDATE delivery SET reason = ?5, pages = ?6, due_ms = ?7 WHERE tenant_id = ?1 AND id = ?2 AND epoch = ?3"
                " AND agent_id = ?4 AND state = 'armed'",
                DB_VALUES(db_id(&p->delivery), db_integer(p->epoch), db_id(&p->agent->id),
                          db_string(p->reason), db_integer(p->pages),
                          db_integer(clock_unix_ms() + p->core->settings.armed_ms)),
                &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_STALE;
        r = delivery_row_find(tx, p->agent->tenant, p->delivery, &row);
        return r ? fold(r) : live_job(tx, p->agent->tenant, row.job, "delivery-progress");
}

int delivery_progress(struct core *core, const struct actor *agent, struct id delivery, uint32_t epoch,
                      struct text reason, uint32_t pages)
{
        struct progress progress = {
                .core = core, .agent = agent, .delivery = delivery, .epoch = epoch, .pages = pages
        };

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        copy_reason(reason, progress.reason);
        return db_write(core->db, progress_in, &progress);
}
