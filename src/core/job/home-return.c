// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How a home becomes the service's again: given back, released there, or lost. */

#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/job/home-row.h"
#include "core/job/home.h"
#include "core/release/release.h"
#include "core/state.h"

#define LOSE_BATCH 64

struct returning {
        struct core *core;
        const struct actor *agent;
        const struct home_back *back;
        const struct home_release *release;
        struct job_row job;
        struct home_row row;
};

/* Whether a message is about what is at home at this agent now. */
static bool is_about(const struct returning *r, uint64_t giving, uint64_t incarnation)
{
        return id_equal(r->row.agent, r->agent->id) && r->row.giving == giving &&
               r->row.incarnation == incarnation;
}

static int open_delivery(struct db_tx *tx, struct id tenant, const struct job_row *job,
                         struct delivery_row *ret, bool *ret_is_open)
{
        int r = id_is_zero(job->delivery) ? DB_NO_ROW : delivery_row_find(tx, tenant, job->delivery, ret);

        *ret_is_open = r == 0 && delivery_is_open(ret->state);
        return r == DB_NO_ROW ? 0 : fold(r);
}

struct attempt {
        struct id delivery;
        struct id release;
        struct id printer;
        struct id agent;
        uint64_t incarnation;
        const char *ticket;
        int64_t at_ms;
};

/* A delivery that somebody else has made. It stands in the ledger as if it had been ordered here. */
static int insert_delivery(struct core *core, struct db_tx *tx, struct id tenant, struct job_row *job,
                           const struct attempt *attempt, struct delivery_row *ret)
{
        int r;

        r = db_run(tx, tenant,
                   "INSERT INTO release (tenant_id, id, person_id, printer_id, method, created_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                   DB_VALUES(db_id(&attempt->release), db_id(&job->owner), db_id(&attempt->printer),
                             db_integer(RELEASE_BADGE), db_integer(attempt->at_ms)),
                   NULL);
        if (r == 0)
                r = db_run(
                        tx, tenant,
                        "INSERT INTO delivery (tenant_id, id, job_id, release_id, printer_id, state, reason, artefact,"
                        " ticket, epoch, agent_id, incarnation, attempts, due_ms, pages, octets_acked, created_ms,"
                        " armed_ms, ended_ms, recipe) VALUES (?1, ?2, ?3, ?4, ?5, 'requested', '', ?6, ?7, 1, ?8, ?9,"
                        " 0, 0, 0, 0, ?10, ?10, 0, '')",
                        DB_VALUES(db_id(&attempt->delivery), db_id(&job->id), db_id(&attempt->release),
                                  db_id(&attempt->printer), db_integer(KEYS_ORIGINAL),
                                  db_string(attempt->ticket), db_id(&attempt->agent),
                                  db_integer((int64_t)attempt->incarnation), db_integer(attempt->at_ms)),
                        NULL);
        if (r == 0)
                r = db_run(tx, tenant, "UPDATE job SET delivery_id = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&job->id), db_id(&attempt->delivery)), NULL);
        if (r)
                return fold(r);
        r = trace_transition(core, tx, "delivery", attempt->delivery, "none", "requested", "released", 1);
        if (r == 0 && job->state == JOB_HELD)
                r = job_row_become(core, tx, tenant, job, JOB_RELEASING, "", 0);
        if (r == 0)
                r = fold(delivery_row_find(tx, tenant, attempt->delivery, ret));
        return r;
}

/* Nobody knows whether it was printed: its owner is asked. */
static int doubt(struct core *core, struct db_tx *tx, struct id tenant, struct delivery_row *delivery,
                 const char *cause)
{
        int r;

        r = delivery_row_become(core, tx, tenant, delivery, DELIVERY_UNCERTAIN, cause, 0);
        if (r)
                return r;
        r = db_run(tx, tenant, "UPDATE job SET expires_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&delivery->job),
                             db_integer(clock_unix_ms() + core->settings.uncertain_keep_ms)),
                   NULL);
        if (r)
                return fold(r);
        return event_add(tx, tenant, NULL, "delivery-uncertain", delivery->job, cause);
}

/* The first printer that the agent reaches: where it was, only its ledger knew. */
static int some_printer(struct db_tx *tx, struct id tenant, struct id agent, struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret = (struct id){ 0 };
        r = db_one(
                tx, tenant,
                "SELECT p.id FROM printer p LEFT JOIN agent a ON a.tenant_id = ?1 AND a.id = ?2"
                " WHERE p.tenant_id = ?1 AND (p.agent_id = ?2 OR p.site_id = a.site_id) ORDER BY p.id LIMIT 1",
                DB_VALUES(db_id(&agent)), &rows);
        if (r == 0)
                *ret = db_rows_id(&rows, 0);
        return r == DB_NO_ROW ? 0 : fold(r);
}

static int lose(struct core *core, struct db_tx *tx, struct id tenant, struct id job_id, const char *cause)
{
        struct attempt attempt = { .delivery = id_new(), .release = id_new(), .at_ms = clock_unix_ms() };
        struct delivery_row delivery;
        struct home_row row;
        struct job_row job;
        char words[TICKET_TEXT];
        bool is_open;
        int r;

        r = home_row_find(tx, tenant, job_id, &row);
        if (r)
                return r;
        attempt.agent = row.agent;
        attempt.incarnation = row.incarnation;
        r = home_row_return(tx, tenant, job_id, &row);
        if (r == 0)
                r = event_add(tx, tenant, NULL, "home-lost", job_id, cause);
        if (r)
                return r;
        r = job_row_find(tx, tenant, job_id, &job);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        if (job.state != JOB_HELD && job.state != JOB_RELEASING)
                return 0;
        r = open_delivery(tx, tenant, &job, &delivery, &is_open);
        if (r)
                return r;
        if (is_open)
                return doubt(core, tx, tenant, &delivery, cause);
        ticket_format(&job.ticket, words, sizeof(words));
        attempt.ticket = words;
        r = some_printer(tx, tenant, attempt.agent, &attempt.printer);
        if (r == 0)
                r = insert_delivery(core, tx, tenant, &job, &attempt, &delivery);
        return r ? r : doubt(core, tx, tenant, &delivery, cause);
}

/* agent zero: of all of them. */
static int find_lost(struct db_tx *tx, struct id tenant, struct id agent, uint64_t incarnation,
                     struct id *ret, size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find(tx, tenant,
                    "SELECT job_id FROM home WHERE tenant_id = ?1 AND agent_id IS NOT NULL"
                    " AND (?2 IS NULL OR agent_id = ?2) AND incarnation <> ?3 LIMIT ?4",
                    DB_VALUES(db_id(&agent), db_integer((int64_t)incarnation), db_integer(LOSE_BATCH)),
                    &rows);
        if (r)
                return fold(r);
        while (*ret_count < LOSE_BATCH && db_rows_next(&rows, &r))
                ret[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

int homes_lose(struct core *core, struct db_tx *tx, struct id tenant, struct id agent, uint64_t incarnation,
               const char *cause)
{
        struct id lost[LOSE_BATCH];
        size_t count;
        int r;

        do {
                r = find_lost(tx, tenant, agent, incarnation, lost, &count);
                for (size_t i = 0; r == 0 && i < count; i++)
                        r = lose(core, tx, tenant, lost[i], cause);
        } while (r == 0 && count == LOSE_BATCH);
        return r;
}

int homes_lose_all(struct core *core, struct db_tx *tx, struct id tenant, const char *cause)
{
        return homes_lose(core, tx, tenant, (struct id){ 0 }, 0, cause);
}

static int back_in(struct db_tx *tx, void *context)
{
        struct returning *b = context;
        struct id tenant = b->agent->tenant;
        int r;

        r = home_row_find(tx, tenant, b->back->job, &b->row);
        if (r)
                return r;
        /* Of another journal: what that one did with it has to be waited for. */
        if (id_equal(b->row.agent, b->agent->id) && b->row.giving == b->back->giving &&
            b->row.incarnation != b->back->incarnation)
                return CORE_STALE;
        if (!is_about(b, b->back->giving, b->back->incarnation))
                return 0;
        if (b->back->is_lost)
                return lose(b->core, tx, tenant, b->back->job, "home-lost");
        r = home_row_return(tx, tenant, b->back->job, &b->row);
        if (r == 0)
                r = db_run(tx, tenant,
                           "UPDATE delivery SET reason = '' WHERE tenant_id = ?1 AND job_id = ?2"
                           " AND state = 'requested' AND reason = '" HOME_REASON "'",
                           DB_VALUES(db_id(&b->back->job)), NULL);
        return r ? fold(r) : event_add(tx, tenant, b->agent, "home-given-back", b->back->job, "");
}

int home_give_back(struct core *core, const struct actor *agent, const struct home_back *back)
{
        struct returning b = { .core = core, .agent = agent, .back = back };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_write(core->db, back_in, &b);
        /* Whoever waits for it may carry it now. */
        if (r == 0)
                wake_agent(core, agent->tenant, (struct id){ 0 }, "delivery");
        return r;
}

/* What was ordered here meanwhile has been overtaken: it never left. */
static int cancel_open(struct db_tx *tx, struct returning *b)
{
        struct delivery_row delivery;
        bool is_open;
        int r;

        r = open_delivery(tx, b->agent->tenant, &b->job, &delivery, &is_open);
        if (r || !is_open)
                return r;
        r = delivery_row_become(b->core, tx, b->agent->tenant, &delivery, DELIVERY_CANCELLED,
                                "released-at-site", 0);
        return r ? r
                 : event_add(tx, b->agent->tenant, NULL, "delivery-cancelled", b->job.id,
                             "reason=released-at-site");
}

static int keep_account(struct db_tx *tx, const struct returning *b, struct id delivery)
{
        struct accounting accounting;
        struct printer printer;
        int r;

        r = printer_find_in(tx, b->agent->tenant, b->release->printer, &printer);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        r = accounting_settle(b->core, tx, b->agent->tenant, &b->job, &printer, NULL, &accounting);
        if (r)
                return r > 0 ? 0 : r;
        return accounting_keep_for(b->core, tx, b->agent->tenant, delivery, b->job.owner, &accounting);
}

static int note_released(struct db_tx *tx, const struct returning *b)
{
        char printer[ID_STRING], detail[CORE_WORDS], at[25];
        int r;

        id_format(b->release->printer, printer);
        clock_format(b->release->at_ms, at);
        snprintf(detail, sizeof(detail), "method=badge printer=%s offline=yes at=%s", printer, at);
        r = event_add(tx, b->agent->tenant, b->agent, "job-released", b->job.id, detail);
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "offline=yes at=%s", at);
        return event_add(tx, b->agent->tenant, b->agent, "delivery-armed", b->job.id, detail);
}

/* With a delivery of the agent's own, for which its ledger has the word. */
static int arm_released(struct db_tx *tx, struct returning *b)
{
        const struct home_release *told = b->release;
        struct id tenant = b->agent->tenant;
        struct attempt attempt = { told->delivery,    told->release, told->printer, b->agent->id,
                                   told->incarnation, NULL,          told->at_ms };
        struct delivery_row delivery;
        char words[TICKET_TEXT];
        int r;

        r = cancel_open(tx, b);
        if (r)
                return r;
        ticket_format(&b->job.ticket, words, sizeof(words));
        attempt.ticket = words;
        r = insert_delivery(b->core, tx, tenant, &b->job, &attempt, &delivery);
        if (r == 0)
                r = delivery_row_become(b->core, tx, tenant, &delivery, DELIVERY_ARMED, "home",
                                        clock_unix_ms() + b->core->settings.armed_ms);
        if (r == 0)
                r = keep_account(tx, b, told->delivery);
        if (r)
                return r;
        return fold(db_run(
                tx, tenant,
                "UPDATE job SET processing_ms = ?3 WHERE tenant_id = ?1 AND id = ?2 AND processing_ms = 0",
                DB_VALUES(db_id(&told->job), db_integer(told->at_ms)), NULL));
}

/* The agent's own ledger has armed it, and that before anything reached paper; here it is written down. */
static int released_in(struct db_tx *tx, void *context)
{
        struct returning *b = context;
        const struct home_release *told = b->release;
        struct id tenant = b->agent->tenant;
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, tenant, told->delivery, &delivery);
        if (r != DB_NO_ROW)
                return r ? fold(r) : id_equal(delivery.agent, b->agent->id) ? 0 : CORE_STALE;
        r = home_row_find(tx, tenant, told->job, &b->row);
        if (r)
                return r;
        if (!is_about(b, told->giving, told->incarnation))
                return CORE_STALE;
        r = job_row_find(tx, tenant, told->job, &b->job);
        if (r)
                return r == DB_NO_ROW ? CORE_STALE : fold(r);
        r = arm_released(tx, b);
        if (r == 0)
                r = home_row_return(tx, tenant, told->job, &b->row);
        return r ? r : note_released(tx, b);
}

int home_released(struct core *core, const struct actor *agent, const struct home_release *release)
{
        struct returning b = { .core = core, .agent = agent, .release = release };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_write(core->db, released_in, &b);
        if (r == 0)
                core->jobs_released++;
        return r;
}

int home_release_deposit(struct core *core, struct db_tx *tx, const struct actor *agent,
                         const struct home_release *release)
{
        struct returning b = { .core = core, .agent = agent, .release = release };
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, agent->tenant, release->delivery, &delivery);
        if (r != DB_NO_ROW)
                return r ? fold(r) : id_equal(delivery.agent, agent->id) ? 0 : CORE_STALE;
        r = job_row_find(tx, agent->tenant, release->job, &b.job);
        if (r)
                return r == DB_NO_ROW ? CORE_STALE : fold(r);
        /* It was taken in before, as what nobody had released, by a copy of that agent, and is over here,
         * too. */
        if (b.job.state != JOB_HELD && b.job.state != JOB_RELEASING)
                return note_released(tx, &b);
        r = arm_released(tx, &b);
        return r ? r : note_released(tx, &b);
}
