// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/job/home.h"
#include "core/state.h"

/*
 * After a backup was restored. The database has forgotten what came after it: what it believes to wait may
 * have been printed long ago. So nothing that was under way goes on by itself, no grant of before is good any
 * more, and the owners are asked (models/release.pml, the variant with a roll-back).
 */

#define BATCH 20
/* Above every epoch that can have been given in the time that was forgotten. */
#define EPOCH_STEP (1U << 20)

struct recovery {
        struct core *core;
        struct found {
                struct id tenant, delivery;
        } found[BATCH];
        size_t count;
        struct id tenant; /* the last one done */
        bool has_tenant;
};

static int find_open(struct db_tx *tx, struct recovery *recovery)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        recovery->count = 0;
        r = db_find_all(
                tx,
                "SELECT tenant_id, id FROM delivery WHERE state IN ('requested', 'offered', 'armed') LIMIT ?1",
                DB_VALUES(db_integer(BATCH)), &rows);
        if (r)
                return fold(r);
        while (recovery->count < BATCH && db_rows_next(&rows, &r))
                recovery->found[recovery->count++] =
                        (struct found){ db_rows_id(&rows, 0), db_rows_id(&rows, 1) };
        return fold(r);
}

static int doubt(struct core *core, struct db_tx *tx, const struct found *found)
{
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, found->tenant, found->delivery, &delivery);
        if (r)
                return fold(r);
        delivery.epoch += EPOCH_STEP;
        delivery.agent = (struct id){ 0 };
        delivery.incarnation = 0;
        r = delivery_row_become(core, tx, found->tenant, &delivery, DELIVERY_UNCERTAIN, "recovered", 0);
        if (r)
                return r;
        r = db_run(tx, found->tenant, "UPDATE job SET expires_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&delivery.job),
                             db_integer(clock_unix_ms() + core->settings.uncertain_keep_ms)),
                   NULL);
        if (r)
                return fold(r);
        return event_add(tx, found->tenant, NULL, "delivery-uncertain", delivery.job, "reason=recovered");
}

static int doubt_open(struct db_tx *tx, void *context)
{
        struct recovery *recovery = context;
        int r;

        r = find_open(tx, recovery);
        for (size_t i = 0; r == 0 && i < recovery->count; i++)
                r = doubt(recovery->core, tx, &recovery->found[i]);
        return r;
}

static int next_tenant(struct db_tx *tx, struct recovery *recovery)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one_all(tx, "SELECT id FROM tenant WHERE id > ?1 ORDER BY id LIMIT 1",
                       DB_VALUES(db_octets(recovery->tenant.octets, ID_OCTETS)), &rows);
        recovery->has_tenant = r == 0;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        recovery->tenant = db_rows_id(&rows, 0);
        return 0;
}

/* Every agent has to say again which journal it has; nothing is leased to it before. */
static int void_agents(struct db_tx *tx, void *context)
{
        struct recovery *recovery = context;
        int r;

        r = next_tenant(tx, recovery);
        if (r || !recovery->has_tenant)
                return r;
        r = db_run(tx, recovery->tenant, "UPDATE agent SET incarnation = 0 WHERE tenant_id = ?1", DB_NONE,
                   NULL);
        if (r)
                return fold(r);
        r = homes_lose_all(recovery->core, tx, recovery->tenant, "recovered");
        if (r)
                return r;
        return event_add(tx, recovery->tenant, NULL, "service-recovered", (struct id){ 0 }, "");
}

int core_recover(struct core *core, uint64_t *ret_uncertain)
{
        struct recovery recovery = { .core = core };
        uint64_t uncertain = 0;
        int r;

        do {
                r = db_write(core->db, void_agents, &recovery);
        } while (r == 0 && recovery.has_tenant);
        if (r)
                return r;
        do {
                r = db_write(core->db, doubt_open, &recovery);
                uncertain += r == 0 ? recovery.count : 0;
        } while (r == 0 && recovery.count == BATCH);
        if (r == 0)
                *ret_uncertain = uncertain;
        return r;
}
