// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/job.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/intake.h"
#include "core/report/report-total.h"
#include "core/state.h"
#include "core/job/stay.h"
#include "core/tenant/tenant.h"
#include "crypt/field.h"

struct transition {
        const char *noun, *from, *to;
        struct id id;
        uint32_t epoch;
        char cause[CORE_WORDS];
};

static void log_transition(const void *octets, size_t len)
{
        struct transition transition;
        char id[ID_STRING], epoch[16];

        assert(len == sizeof(transition));
        memcpy(&transition, octets, len);
        id_format(transition.id, id);
        snprintf(epoch, sizeof(epoch), "%u", transition.epoch);
        log_write(LOG_NOTICE, "transition", "noun", transition.noun, "id", id, "from", transition.from, "to",
                  transition.to, "cause", transition.cause, "epoch", epoch, NULL);
}

int trace_transition(struct core *core, struct db_tx *tx, const char *noun, struct id id, const char *from,
                     const char *to, const char *cause, uint32_t epoch)
{
        struct transition transition = { noun, from, to, id, epoch, "" };

        if (!core->settings.trace)
                return 0;
        snprintf(transition.cause, sizeof(transition.cause), "%s", cause);
        return db_after_commit(tx, log_transition, &transition, sizeof(transition));
}

void job_seal_title(struct core *core, const struct tenant_entry *entry, struct id job, struct text title,
                    struct buffer *to, int *ret_r)
{
        *ret_r = fold(tenant_seal(core, entry, text_from_octets(job.octets, ID_OCTETS), title, to));
}

int job_row_find(struct db_tx *tx, struct id tenant, struct id job, struct job_row *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        char state[16];
        int r;

        r = db_one(
                tx, tenant,
                "SELECT queue_id, owner_id, number, state, delivery_id, format, ticket, printer_id FROM job"
                " WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&job)), &rows);
        if (r)
                return r;
        ret->id = job;
        ret->queue = db_rows_id(&rows, 0);
        ret->owner = db_rows_id(&rows, 1);
        ret->number = (uint32_t)db_rows_integer(&rows, 2);
        ret->delivery = db_rows_id(&rows, 4);
        ret->printer = db_rows_id(&rows, 7);
        db_rows_string(&rows, 3, state, sizeof(state));
        db_rows_string(&rows, 5, ret->format, sizeof(ret->format));
        if (!job_state_parse(state, &ret->state) || ticket_parse(db_rows_text(&rows, 6), &ret->ticket))
                return fault(-EBADMSG);
        return 0;
}

/* Which states a person's limit counts, and which ones wait in their queue. */
static bool waits_for_owner(enum job_state state)
{
        return state == JOB_RECEIVING || state == JOB_HELD;
}

static bool waits_in_queue(enum job_state state)
{
        return waits_for_owner(state) || state == JOB_RELEASING;
}

static int count_person(struct db_tx *tx, struct id tenant, struct id owner, int64_t by)
{
        return fold(
                db_run(tx, tenant,
                       "UPDATE person SET jobs_waiting = jobs_waiting + ?3 WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&owner), db_integer(by)), NULL));
}

static int count_queue(struct db_tx *tx, struct id tenant, struct id queue, int64_t by)
{
        return fold(
                db_run(tx, tenant,
                       "UPDATE queue SET jobs_waiting = jobs_waiting + ?3 WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&queue), db_integer(by)), NULL));
}

int job_row_count(struct core *core, struct db_tx *tx, struct id tenant, struct id owner, struct id queue)
{
        int64_t changed;
        int r;

        r = db_run(tx, tenant,
                   "UPDATE person SET jobs_waiting = jobs_waiting + 1"
                   " WHERE tenant_id = ?1 AND id = ?2 AND jobs_waiting < ?3 AND disabled = 0 AND NOT EXISTS"
                   " (SELECT 1 FROM machine m WHERE m.tenant_id = ?1 AND m.person_id = ?2 AND m.jobs_max > 0"
                   " AND m.jobs_max <= jobs_waiting)",
                   DB_VALUES(db_id(&owner), db_integer(core->settings.jobs_held_max)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_TOO_MANY_JOBS;
        return count_queue(tx, tenant, queue, 1);
}

int job_row_become(struct core *core, struct db_tx *tx, struct id tenant, struct job_row *job,
                   enum job_state to, const char *reason, int64_t expires_ms)
{
        int64_t now = clock_unix_ms();
        int r;

        assert(job_may_become(job->state, to));
        r = db_run(
                tx, tenant,
                "UPDATE job SET state = ?3, reason = ?4, expires_ms = ?5, done_ms = ?6 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&job->id), db_string(job_state_name(to)), db_string(reason),
                          db_integer(expires_ms), db_integer(waits_in_queue(to) ? 0 : now)),
                NULL);
        if (r)
                return fold(r);
        if (waits_for_owner(job->state) != waits_for_owner(to)) {
                r = count_person(tx, tenant, job->owner, waits_for_owner(to) ? 1 : -1);
                if (r == 0)
                        r = tenant_count_held(tx, tenant, waits_for_owner(to) ? 1 : -1);
                if (r)
                        return r;
        }
        if (waits_in_queue(job->state) != waits_in_queue(to)) {
                r = count_queue(tx, tenant, job->queue, waits_in_queue(to) ? 1 : -1);
                if (r)
                        return r;
        }
        if (job->state != JOB_RECEIVING && (to == JOB_EXPIRED || to == JOB_DELETED)) {
                r = report_add_saved(tx, tenant, job);
                if (r)
                        return r;
        }
        r = trace_transition(core, tx, "job", job->id, job_state_name(job->state), job_state_name(to), reason,
                             0);
        job->state = to;
        return r;
}

int job_row_end(struct core *core, struct db_tx *tx, struct id tenant, struct job_row *job, enum job_state to,
                const char *reason, struct places *add_to)
{
        int r;

        r = document_delete(tx, tenant, job->id, add_to);
        if (r)
                return r;
        /* From now on expiry means that the row itself has been kept long enough. */
        return job_row_become(core, tx, tenant, job, to, reason,
                              clock_unix_ms() + core->settings.event_keep_ms);
}

/* Finds a job that the actor has this right to: what is beyond his reach does not exist for him. */
static int find_for(struct db_tx *tx, const struct actor *actor, enum right right, struct id id,
                    struct job_row *ret)
{
        bool titles;
        int r = job_row_find(tx, actor->tenant, id, ret);

        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        if (actor_may(actor, right, whose_person(ret->owner)))
                return 0;
        return ret->state == JOB_HELD ? delegate_check(tx, actor, right, ret->owner, &titles)
                                      : CORE_NOT_FOUND;
}

struct change {
        struct core *core;
        const struct actor *actor;
        struct id id;
        const struct ticket *ticket;
        int64_t until_ms;
        struct places places;
        struct job job;
};

/* A released job can be taken back until it is armed. */
static int cancel_delivery(struct change *change, struct db_tx *tx, struct job_row *job)
{
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, change->actor->tenant, job->delivery, &delivery);
        if (r)
                return fold(r);
        if (delivery.state != DELIVERY_REQUESTED && delivery.state != DELIVERY_OFFERED)
                return CORE_NOT_HELD;
        return delivery_row_become(change->core, tx, change->actor->tenant, &delivery, DELIVERY_CANCELLED,
                                   "owner-deleted", 0);
}

static const char *who_deleted(const struct change *change, const struct job_row *job)
{
        if (id_equal(job->owner, change->actor->id))
                return "owner-deleted";
        return actor_may(change->actor, RIGHT_JOBS_DELETE, whose_tenant()) ? "administrator-deleted"
                                                                           : "delegate-deleted";
}

void both_named(const struct actor *actor, struct id owner, char *to, size_t size)
{
        char who[ID_STRING], whose[ID_STRING];

        to[0] = '\0';
        if (id_equal(actor->id, owner))
                return;
        id_format(actor->id, who);
        id_format(owner, whose);
        snprintf(to, size, "by=%s owner=%s", who, whose);
}

static int delete_job(struct db_tx *tx, void *context)
{
        struct change *change = context;
        char detail[CORE_WORDS];
        struct job_row job;
        int r;

        change->places.count = 0;
        r = find_for(tx, change->actor, RIGHT_JOBS_DELETE, change->id, &job);
        if (r)
                return r;
        if (job.state == JOB_RELEASING) {
                r = cancel_delivery(change, tx, &job);
                if (r)
                        return r;
        } else if (job.state != JOB_HELD && job.state != JOB_RECEIVING) {
                return CORE_NOT_HELD;
        }
        r = job_row_end(change->core, tx, change->actor->tenant, &job, JOB_DELETED, who_deleted(change, &job),
                        &change->places);
        if (r)
                return r;
        both_named(change->actor, job.owner, detail, sizeof(detail));
        return event_add(tx, change->actor->tenant, change->actor, "job-deleted", job.id, detail);
}

int job_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct change change = { .core = core, .actor = actor, .id = id };
        int r;

        r = db_write(core->db, delete_job, &change);
        if (r)
                return r;
        unwritten_forget(core->document_passwords, id);
        places_free(core, &change.places);
        return 0;
}

static int set_ticket(struct db_tx *tx, void *context)
{
        struct change *change = context;
        char ticket[TICKET_TEXT];
        struct job_row job;
        int r;

        r = find_for(tx, change->actor, RIGHT_JOBS_CHANGE, change->id, &job);
        if (r)
                return r;
        if (job.state != JOB_HELD && job.state != JOB_RECEIVING)
                return CORE_NOT_HELD;
        ticket_format(change->ticket, ticket, sizeof(ticket));
        r = db_run(tx, change->actor->tenant, "UPDATE job SET ticket = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&job.id), db_string(ticket)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, change->actor->tenant, change->actor, "job-ticket-changed", job.id, "");
}

int job_set_ticket(struct core *core, const struct actor *actor, struct id id, const struct ticket *ticket)
{
        struct change change = { .core = core, .actor = actor, .id = id, .ticket = ticket };

        if (!ticket_is_valid(ticket))
                return CORE_BAD_VALUE;
        return db_write(core->db, set_ticket, &change);
}

/* Its key moves on from day to day with it (core/job/day.c). */
static int keep(struct db_tx *tx, void *context)
{
        struct change *change = context;
        struct job_row job;
        struct stay stay;
        int r;

        r = find_for(tx, change->actor, RIGHT_JOBS_CHANGE, change->id, &job);
        if (r)
                return r;
        if (job.state != JOB_HELD)
                return CORE_NOT_HELD;
        r = stay_find(tx, change->actor->tenant, job.id, &stay);
        if (r != DB_NO_ROW)
                return r ? fold(r) : CORE_SITE_ONLY;
        r = db_run(tx, change->actor->tenant,
                   "UPDATE job SET expires_ms = max(expires_ms, ?3) WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&job.id), db_integer(change->until_ms)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, change->actor->tenant, change->actor, "job-kept", job.id, "");
}

int job_keep(struct core *core, const struct actor *actor, struct id id)
{
        struct change change = { .core = core, .actor = actor, .id = id };
        struct tenant tenant;
        int r;

        r = tenant_find_by_id(core, actor->tenant, &tenant);
        if (r)
                return r;
        change.until_ms = clock_unix_ms() + tenant.held_ms;
        return db_write(core->db, keep, &change);
}

static int settle(struct db_tx *tx, void *context)
{
        struct change *change = context;
        struct delivery_row delivery;
        struct job_row job;
        int r;

        change->places.count = 0;
        r = find_for(tx, change->actor, RIGHT_JOBS_CHANGE, change->id, &job);
        if (r)
                return r;
        if (job.state != JOB_RELEASING && job.state != JOB_DONE)
                return CORE_NOT_HELD;
        r = delivery_row_find(tx, change->actor->tenant, job.delivery, &delivery);
        if (r)
                return fold(r);
        if (delivery.state != DELIVERY_UNCERTAIN && delivery.state != DELIVERY_SENT)
                return CORE_NOT_HELD;
        r = delivery_row_become(change->core, tx, change->actor->tenant, &delivery, DELIVERY_CLOSED,
                                "owner-settled", 0);
        if (r)
                return r;
        if (job.state == JOB_RELEASING && delivery.rest)
                r = first_copy_out(change->core, tx, change->actor, &job, delivery.rest);
        else if (job.state == JOB_RELEASING)
                r = job_row_end(change->core, tx, change->actor->tenant, &job, JOB_DONE, "owner-settled",
                                &change->places);
        else
                r = document_delete(tx, change->actor->tenant, job.id, &change->places);
        if (r)
                return r;
        return event_add(tx, change->actor->tenant, change->actor, "job-settled", job.id, "");
}

int job_settle(struct core *core, const struct actor *actor, struct id id)
{
        struct change change = { .core = core, .actor = actor, .id = id };
        int r;

        r = db_write(core->db, settle, &change);
        if (r)
                return r;
        places_free(core, &change.places);
        return 0;
}

struct count {
        struct id tenant, queue;
        uint32_t waiting;
};

static int count_queued(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct count *count = context;
        int r;

        r = db_one(tx, count->tenant, "SELECT jobs_waiting FROM queue WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&count->queue)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        count->waiting = (uint32_t)db_rows_integer(&rows, 0);
        return 0;
}

int job_count_queued(struct core *core, struct id tenant, struct id queue, uint32_t *ret)
{
        struct count count = { tenant, queue, 0 };
        int r;

        r = db_read(core->db, count_queued, &count);
        if (r)
                return r;
        *ret = count.waiting;
        return 0;
}
