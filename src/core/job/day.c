// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

/*
 * Documents that outlive their day. The key of a day goes when the day is over and nothing of it is left, at
 * the latest by the keeper's own clock; whatever is still to be printed by then (released before midnight,
 * proved not printed and held again, uncertain and waiting for its owner) must have left that day. So
 * everything found in a day that is over moves on to tomorrow, every day anew.
 */

#define BATCH       20
#define BATCHES_MAX 50

struct batch {
        int64_t today;
        struct late {
                struct id tenant;
                struct id job;
                uint32_t artefact;
                int64_t day;
                uint32_t key_version;
                struct wrapped_key wrapped;
                bool is_destroyed;
        } late[BATCH];
        size_t count;
        struct places places;
};

static int find_late(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct batch *batch = context;
        int r;

        batch->count = 0;
        /* Days are few, and the documents of one are found by its index. */
        r = db_find_all(
                tx,
                "SELECT d.tenant_id, d.job_id, d.artefact, d.expiry_day, d.wrapped, d.key_version FROM key_day k"
                " CROSS JOIN document d ON d.tenant_id = k.tenant_id AND d.expiry_day = k.day"
                " JOIN tenant t ON t.id = k.tenant_id AND t.state <> 'deleting'"
                " WHERE k.day < ?1 LIMIT ?2",
                DB_VALUES(db_integer(batch->today), db_integer(BATCH)), &rows);
        if (r)
                return fold(r);
        while (batch->count < BATCH && db_rows_next(&rows, &r)) {
                struct late *late = &batch->late[batch->count++];

                *late = (struct late){ .tenant = db_rows_id(&rows, 0), .job = db_rows_id(&rows, 1) };
                late->artefact = (uint32_t)db_rows_integer(&rows, 2);
                late->day = db_rows_integer(&rows, 3);
                late->key_version = (uint32_t)db_rows_integer(&rows, 5);
                if (!db_rows_octets(&rows, 4, late->wrapped.octets, sizeof(late->wrapped.octets)))
                        return fault(-EBADMSG);
        }
        return fold(r);
}

/* CORE_BUSY where the keeper wants to be asked later. */
static int move_key(struct core *core, struct batch *batch, struct late *late)
{
        struct keys_document names = { late->job, late->artefact, late->day };
        const struct tenant_entry *entry;
        const struct keys_tenant *tenant;
        struct wrapped_key moved;
        int r;

        r = tenant_entry_get(core, late->tenant, &entry);
        if (r == 0)
                r = keys_of_version(core, entry, late->key_version, &tenant);
        if (r)
                return r;
        r = keys_document_move(core->keys, tenant, &names, &late->wrapped, tenant, batch->today + 1, &moved);
        if (r < 0)
                return r;
        if (r == KEYS_LIMITED)
                return CORE_BUSY;
        /* Nobody will ever read it again: the service was away for longer than the keeper waits. */
        late->is_destroyed = r > 0;
        if (r == 0)
                late->wrapped = moved;
        return 0;
}

static int forget(struct db_tx *tx, struct batch *batch, const struct late *late)
{
        int r;

        if (late->artefact == KEYS_ORIGINAL)
                r = document_delete(tx, late->tenant, late->job, &batch->places);
        else
                r = document_delete_one(tx, late->tenant, late->job, late->artefact, &batch->places);
        return r ? r
                 : event_add(tx, late->tenant, NULL, "document-deleted", late->job, "reason=key-destroyed");
}

static int move_late(struct db_tx *tx, void *context)
{
        struct batch *batch = context;
        int r = 0;

        batch->places.count = 0;
        for (size_t i = 0; r == 0 && i < batch->count; i++) {
                const struct late *late = &batch->late[i];

                if (late->is_destroyed) {
                        r = forget(tx, batch, late);
                        continue;
                }
                r = db_run(tx, late->tenant,
                           "INSERT INTO key_day (tenant_id, day) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                           DB_VALUES(db_integer(batch->today + 1)), NULL);
                if (r == 0)
                        r = db_run(
                                tx, late->tenant,
                                "UPDATE document SET wrapped = ?4, expiry_day = ?5"
                                " WHERE tenant_id = ?1 AND job_id = ?2 AND artefact = ?3 AND expiry_day = ?6 AND key_version = ?7",
                                DB_VALUES(db_id(&late->job), db_integer(late->artefact),
                                          db_octets(late->wrapped.octets, sizeof(late->wrapped.octets)),
                                          db_integer(batch->today + 1), db_integer(late->day),
                                          db_integer(late->key_version)),
                                NULL);
        }
        return fold(r);
}

int documents_move_on(struct core *core, int64_t now)
{
        struct batch batch = { .today = clock_day(now) };

        for (int i = 0; i < BATCHES_MAX; i++) {
                int r = db_read(core->db, find_late, &batch);

                if (r || batch.count == 0)
                        return r;
                for (size_t k = 0; k < batch.count; k++) {
                        r = move_key(core, &batch, &batch.late[k]);
                        if (r)
                                return r == CORE_BUSY ? 0 : r;
                }
                r = db_write(core->db, move_late, &batch);
                if (r)
                        return r;
                places_free(core, &batch.places);
        }
        return 0;
}
