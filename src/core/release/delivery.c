// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/release/delivery.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/job-password.h"
#include "core/printer/printer-forward.h"
#include "core/printer/printer-wire.h"
#include "core/job/recipe.h"
#include "core/report/report-total.h"
#include "core/state.h"
#include "core/job/stay.h"
#include "core/site/deposit-box.h"

int delivery_row_find(struct db_tx *tx, struct id tenant, struct id delivery, struct delivery_row *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        char state[16];
        int r;

        r = db_one(
                tx, tenant,
                "SELECT job_id, release_id, printer_id, state, artefact, ticket, epoch, agent_id, incarnation, attempts,"
                " armed_ms, recipe, rest, has_password FROM delivery WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&delivery)), &rows);
        if (r)
                return r;
        *ret = (struct delivery_row){ .id = delivery,
                                      .job = db_rows_id(&rows, 0),
                                      .release = db_rows_id(&rows, 1) };
        ret->printer = db_rows_id(&rows, 2);
        db_rows_string(&rows, 3, state, sizeof(state));
        ret->artefact = (uint32_t)db_rows_integer(&rows, 4);
        db_rows_string(&rows, 5, ret->ticket, sizeof(ret->ticket));
        ret->epoch = (uint32_t)db_rows_integer(&rows, 6);
        ret->agent = db_rows_id(&rows, 7);
        ret->incarnation = (uint64_t)db_rows_integer(&rows, 8);
        ret->attempts = (uint32_t)db_rows_integer(&rows, 9);
        ret->armed_ms = db_rows_integer(&rows, 10);
        db_rows_string(&rows, 11, ret->recipe, sizeof(ret->recipe));
        ret->rest = (uint32_t)db_rows_integer(&rows, 12);
        ret->has_password = db_rows_integer(&rows, 13);
        return delivery_state_parse(state, &ret->state) ? 0 : fault(-EBADMSG);
}

int delivery_row_become(struct core *core, struct db_tx *tx, struct id tenant, struct delivery_row *delivery,
                        enum delivery_state to, const char *cause, int64_t due_ms)
{
        int64_t now = clock_unix_ms();
        int r;

        assert(delivery_may_become(delivery->state, to));
        r = db_run(
                tx, tenant,
                "UPDATE delivery SET state = ?3, reason = ?4, due_ms = ?5, ended_ms = ?6, epoch = ?7, agent_id = ?8,"
                " incarnation = ?9, attempts = ?10, armed_ms = ?11 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&delivery->id), db_string(delivery_state_name(to)), db_string(cause),
                          db_integer(due_ms), db_integer(delivery_is_open(to) ? 0 : now),
                          db_integer(delivery->epoch), db_id(&delivery->agent),
                          db_integer((int64_t)delivery->incarnation), db_integer(delivery->attempts),
                          db_integer(delivery->armed_ms)),
                NULL);
        if (r)
                return fold(r);
        if (to == DELIVERY_PRINTED || to == DELIVERY_SENT)
                r = report_add_printed(tx, tenant, delivery);
        if (r)
                return r;
        r = trace_transition(core, tx, "delivery", delivery->id, delivery_state_name(delivery->state),
                             delivery_state_name(to), cause, delivery->epoch);
        delivery->state = to;
        return r;
}

int delivery_row_return(struct core *core, struct db_tx *tx, struct id tenant, struct delivery_row *delivery,
                        const char *reason)
{
        struct tenant settings;
        struct job_row job;
        int r;

        r = delivery_row_become(core, tx, tenant, delivery, DELIVERY_NOT_PRINTED, reason, 0);
        if (r)
                return r;
        r = job_row_find(tx, tenant, delivery->job, &job);
        if (r)
                return fold(r);
        if (job.state != JOB_RELEASING)
                return 0;
        r = tenant_find_by_id(core, tenant, &settings);
        if (r)
                return fold(r);
        /* The owner gets the whole time again to collect it. */
        r = job_row_become(core, tx, tenant, &job, JOB_HELD, reason, clock_unix_ms() + settings.held_ms);
        if (r)
                return r;
        return event_add(tx, tenant, NULL, "delivery-not-printed", job.id, reason);
}

#define OFFERS_MAX 64

/*
 * The oldest delivery of each printer of this agent that has none under way, since printers take one at a
 * time; the oldest of them first. Asked printer by printer, so that those that wait for others cost nothing.
 */
static int find_wanted(struct db_tx *tx, const struct actor *agent, struct id only_printer, struct id *ret,
                       size_t max, size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find(
                tx, agent->tenant,
                "SELECT id FROM (SELECT (SELECT d.id FROM delivery d"
                " WHERE d.tenant_id = ?1 AND d.printer_id = p.id AND d.state = 'requested' AND d.artefact > 0"
                " AND d.due_ms <= ?3 AND NOT EXISTS (SELECT 1 FROM home h WHERE h.tenant_id = ?1"
                " AND h.job_id = d.job_id AND h.agent_id IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM stay s"
                " WHERE s.tenant_id = ?1 AND s.job_id = d.job_id AND s.agent_id <> ?2)"
                " ORDER BY d.id LIMIT 1) AS id FROM printer p"
                " WHERE p.tenant_id = ?1 AND " AGENT_SERVES
                " AND (?4 IS NULL OR p.id = ?4) AND NOT EXISTS (SELECT 1 FROM printer_watch w"
                " WHERE w.tenant_id = ?1 AND w.printer_id = p.id AND w.swapped_ms > 0)"
                " AND NOT EXISTS (SELECT 1 FROM delivery b"
                " WHERE b.tenant_id = ?1 AND b.printer_id = p.id AND b.state IN ('offered', 'armed')))"
                " WHERE id IS NOT NULL ORDER BY id LIMIT ?5",
                DB_VALUES(db_id(&agent->id), db_integer(clock_unix_ms()), db_id(&only_printer),
                          db_integer((int64_t)max)),
                &rows);
        if (r)
                return fold(r);
        while (*ret_count < max && db_rows_next(&rows, &r))
                ret[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

static int describe(struct core *core, struct db_tx *tx, const struct actor *agent,
                    const struct delivery_row *delivery, struct delivery_offer *ret)
{
        struct document document;
        int r;

        *ret = (struct delivery_offer){ .delivery = delivery->id,
                                        .epoch = delivery->epoch,
                                        .job = delivery->job };
        r = document_find(tx, agent->tenant, delivery->job, delivery->artefact, &document);
        if (r)
                return fold(r);
        r = printer_find_in(tx, agent->tenant, delivery->printer, &ret->printer);
        if (r)
                return fold(r);
        if (ticket_parse(text_from(delivery->ticket), &ret->ticket))
                return fault(-EBADMSG);
        /* A rendition has only the pages asked for; a printer that counts them again would choose others. */
        recipe_settle(delivery->recipe, &ret->ticket);
        r = printer_wire_narrow(tx, agent->tenant, &ret->printer);
        if (r == 0)
                r = printer_forward_describe(core, tx, agent->tenant, &ret->printer, delivery->job,
                                             &ret->forward);
        if (r == 0)
                r = accounting_of_delivery(core, tx, agent->tenant, delivery->id, &ret->accounting);
        if (r)
                return r;
        if (document.stays) {
                struct stay stay;

                r = stay_find(tx, agent->tenant, delivery->job, &stay);
                if (r)
                        return fold(r);
                ret->stay = stay.deposit;
        }
        memcpy(ret->format, document.format, sizeof(ret->format));
        ret->size_octets = document.size_octets;
        ret->sealed_octets = document.sealed_octets;
        document_seal_id(agent->tenant, delivery->job, document.artefact, ret->seal_id);
        ret->seal_id_length = DOCUMENT_SEAL_ID;
        ret->lease_ms = core->settings.lease_ms;
        return 0;
}

/* The incarnation is compared in the transaction that leases, so that a lost journal cannot be raced. */
static int check_incarnation(struct db_tx *tx, const struct actor *agent, uint64_t incarnation)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, agent->tenant, "SELECT incarnation FROM agent WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&agent->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_STALE : fold(r);
        return (uint64_t)db_rows_integer(&rows, 0) == incarnation && incarnation ? 0 : CORE_STALE;
}

/* DB_NO_ROW where the document, or the password it is to be held with, is no more: then its job goes back,
 * and is none to be offered. */
static int check_document(struct core *core, struct db_tx *tx, struct id tenant,
                          struct delivery_row *delivery)
{
        struct document unused;
        int r;

        const char *reason = "document-destroyed";

        r = document_find(tx, tenant, delivery->job, delivery->artefact, &unused);
        if (r == 0 && job_password_of(core, delivery, NULL) == CORE_NOT_FOUND) {
                reason = "job-password-lost";
                r = DB_NO_ROW;
        }
        if (r != DB_NO_ROW)
                return fold(r);
        r = delivery_row_return(core, tx, tenant, delivery, reason);
        return r ? r : DB_NO_ROW;
}

/* DB_NO_ROW, as above. */
static int offer(struct core *core, struct db_tx *tx, const struct actor *agent, uint64_t incarnation,
                 struct id id, struct delivery_offer *ret)
{
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, agent->tenant, id, &delivery);
        if (r)
                return fold(r);
        r = check_document(core, tx, agent->tenant, &delivery);
        if (r)
                return r;
        delivery.epoch++;
        delivery.agent = agent->id;
        delivery.incarnation = incarnation;
        r = delivery_row_become(core, tx, agent->tenant, &delivery, DELIVERY_OFFERED, "leased",
                                clock_unix_ms() + core->settings.lease_ms);
        return r ? r : describe(core, tx, agent, &delivery, ret);
}

int delivery_lease_in(struct core *core, struct db_tx *tx, const struct actor *agent, uint64_t incarnation,
                      uint32_t max, struct id only_printer, struct arena *arena, struct delivery_offer **ret,
                      size_t *ret_count)
{
        struct id wanted[OFFERS_MAX];
        struct delivery_offer *offers;
        size_t count, offered = 0;
        int r;

        r = check_incarnation(tx, agent, incarnation);
        if (r)
                return r;
        if (max > OFFERS_MAX)
                max = OFFERS_MAX;
        offers = arena_alloc(arena, (max ? max : 1) * sizeof(*offers));
        if (!offers)
                return fault(-ENOMEM);
        r = find_wanted(tx, agent, only_printer, wanted, max, &count);
        for (size_t i = 0; r == 0 && i < count; i++) {
                r = offer(core, tx, agent, incarnation, wanted[i], &offers[offered]);
                offered += r == 0;
                r = r == DB_NO_ROW ? 0 : r;
        }
        if (r)
                return r;
        *ret = offers;
        *ret_count = offered;
        return 0;
}

struct lease {
        struct core *core;
        const struct actor *agent;
        uint64_t incarnation;
        uint32_t max;
        struct arena *arena;
        struct delivery_offer *offers;
        size_t count;
};

/* Most calls find nothing: they do not disturb the writer. */
static int peek(struct db_tx *tx, void *context)
{
        struct lease *lease = context;
        struct id wanted;
        size_t count;
        int r;

        r = check_incarnation(tx, lease->agent, lease->incarnation);
        if (r)
                return r;
        r = find_wanted(tx, lease->agent, (struct id){ 0 }, &wanted, 1, &count);
        return r ? r : count ? 0 : CORE_NOTHING_HELD;
}

static int lease_in(struct db_tx *tx, void *context)
{
        struct lease *lease = context;

        return delivery_lease_in(lease->core, tx, lease->agent, lease->incarnation, lease->max,
                                 (struct id){ 0 }, lease->arena, &lease->offers, &lease->count);
}

int delivery_lease(struct core *core, const struct actor *agent, uint64_t incarnation, uint32_t max,
                   struct arena *arena, struct delivery_offer **ret, size_t *ret_count)
{
        struct lease lease = { core, agent, incarnation, max, arena, NULL, 0 };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        *ret = NULL;
        *ret_count = 0;
        r = db_read(core->db, peek, &lease);
        if (r)
                return r == CORE_NOTHING_HELD ? 0 : r;
        r = db_write(core->db, lease_in, &lease);
        if (r)
                return r;
        *ret = lease.offers;
        *ret_count = lease.count;
        return 0;
}

struct arm {
        struct core *core;
        const struct actor *agent;
        struct id id;
        uint32_t epoch;
        uint64_t incarnation;
        bool any_incarnation;
        struct delivery_row delivery;
        struct document document;
        struct stay stay; /* where the document stays */
        const char *lost; /* why it cannot be printed any more, a keyword */
};

/* CORE_STALE for everyone but the agent of the last offer. */
static int check_grant(struct db_tx *tx, struct arm *arm)
{
        int r;

        r = delivery_row_find(tx, arm->agent->tenant, arm->id, &arm->delivery);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (arm->delivery.state != DELIVERY_OFFERED && arm->delivery.state != DELIVERY_ARMED)
                return CORE_STALE;
        if (arm->delivery.epoch != arm->epoch || !id_equal(arm->delivery.agent, arm->agent->id))
                return CORE_STALE;
        if (!arm->any_incarnation && arm->delivery.incarnation != arm->incarnation)
                return CORE_STALE;
        return 0;
}

static int look_in(struct db_tx *tx, void *context)
{
        struct arm *arm = context;
        int r;

        r = check_grant(tx, arm);
        if (r)
                return r;
        r = document_find(tx, arm->agent->tenant, arm->delivery.job, arm->delivery.artefact, &arm->document);
        if (r == 0 && arm->document.stays)
                r = stay_find(tx, arm->agent->tenant, arm->delivery.job, &arm->stay);
        return r == DB_NO_ROW ? CORE_DESTROYED : fold(r);
}

static int destroyed_in(struct db_tx *tx, void *context)
{
        struct arm *arm = context;
        int r;

        r = check_grant(tx, arm);
        if (r || arm->delivery.state != DELIVERY_OFFERED)
                return r == CORE_STALE || r == CORE_NOT_FOUND ? 0 : r;
        return delivery_row_return(arm->core, tx, arm->agent->tenant, &arm->delivery, arm->lost);
}

/* A document that is no more is offered no more: others wait for that printer. Always CORE_DESTROYED. */
static int give_up(struct arm *arm, const char *lost)
{
        int r;

        arm->lost = lost;
        r = db_write(arm->core->db, destroyed_in, arm);
        return r ? r : CORE_DESTROYED;
}

int delivery_open_document(struct core *core, const struct actor *agent, struct id delivery, uint32_t epoch,
                           struct vault_reader **ret, uint64_t *ret_sealed_octets)
{
        struct arm arm = {
                .core = core, .agent = agent, .id = delivery, .epoch = epoch, .any_incarnation = true
        };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, look_in, &arm);
        if (r)
                return r == CORE_DESTROYED ? give_up(&arm, "document-destroyed") : r;
        /* It lies with the agent that asks. */
        if (arm.document.stays)
                return CORE_NOT_FOUND;
        r = vault_open_reader(core->vault, &arm.document.place, ret);
        if (r)
                return r == VAULT_NOT_FOUND ? give_up(&arm, "document-destroyed") : fold(r);
        *ret_sealed_octets = arm.document.sealed_octets;
        return 0;
}

static int arm_in(struct db_tx *tx, void *context)
{
        struct arm *arm = context;
        struct id tenant = arm->agent->tenant;
        int64_t now = clock_unix_ms();
        int r;

        r = check_grant(tx, arm);
        if (r)
                return r;
        if (arm->delivery.state == DELIVERY_ARMED)
                return 0;
        arm->delivery.armed_ms = now;
        r = delivery_row_become(arm->core, tx, tenant, &arm->delivery, DELIVERY_ARMED, "armed",
                                now + arm->core->settings.armed_ms);
        if (r)
                return r;
        r = db_run(tx, tenant,
                   "UPDATE job SET processing_ms = ?3 WHERE tenant_id = ?1 AND id = ?2 AND processing_ms = 0",
                   DB_VALUES(db_id(&arm->delivery.job), db_integer(now)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, tenant, arm->agent, "delivery-armed", arm->delivery.job, "");
}

/* CORE_DESTROYED, CORE_BUSY. */
static int open_key(const struct arm *arm, struct secret *ret)
{
        struct core *core = arm->core;
        const struct tenant_entry *entry;
        const struct keys_tenant *tenant;
        struct keys_document names;
        int r;

        if (arm->document.stays) {
                r = deposit_box_open(core, arm->agent->tenant, arm->stay.tenant_key, arm->stay.deposit,
                                     arm->stay.box, ret);
                return r == CORE_NOT_FOUND || r == CORE_BAD_VALUE ? CORE_DESTROYED : r;
        }
        r = tenant_entry_get(core, arm->agent->tenant, &entry);
        if (r == 0)
                r = keys_of_version(core, entry, arm->document.key_version, &tenant);
        if (r)
                return r;
        names = (struct keys_document){ arm->delivery.job, arm->document.artefact, arm->document.expiry_day };
        r = keys_document_open(core->keys, tenant, &names, &arm->document.wrapped, KEYS_FOR_ARM, ret);
        switch (r) {
        case KEYS_DESTROYED: return CORE_DESTROYED;
        case KEYS_LIMITED: return CORE_BUSY;
        default: return fold(r);
        }
}

int delivery_arm(struct core *core, const struct actor *agent, struct id delivery, uint32_t epoch,
                 uint64_t incarnation, struct secret *ret_key, struct unwritten_secret *ret_password)
{
        struct arm arm = {
                .core = core, .agent = agent, .id = delivery, .epoch = epoch, .incarnation = incarnation
        };
        SCOPED(secret_done) struct secret key = { 0 };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, look_in, &arm);
        if (r)
                return r == CORE_DESTROYED ? give_up(&arm, "document-destroyed") : r;
        /* Lost since it was offered: it is offered no more, and held again. */
        if (job_password_of(core, &arm.delivery, ret_password))
                return give_up(&arm, "job-password-lost");
        r = open_key(&arm, &key);
        if (r)
                return r == CORE_DESTROYED ? give_up(&arm, "document-destroyed") : r;
        /* The key is in our hands, but it leaves them only after the commit. */
        r = db_write(core->db, arm_in, &arm);
        if (r)
                return r;
        *ret_key = key;
        return 0;
}
