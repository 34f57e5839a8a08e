// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/trail/trail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

#define SIGNED_MAX 100 /* in one sweep: 6,000 tenants in a minute */
#define TRIES_MAX  4   /* a lost answer, another thread, a record meanwhile */

/* Where a trail and its checkpoints end. */
struct end {
        struct id tenant;
        uint64_t number; /* 0: nothing has ever happened */
        uint8_t hash[HASH_OCTETS];
        uint64_t sequence, signed_number; /* 0: nothing was signed yet */
};

static int find_end(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct end *end = context;
        struct audit_checkpoint last;
        int r;

        r = trail_last_checkpoint(tx, end->tenant, &last);
        if (r < 0)
                return r;
        end->sequence = r == 0 ? last.sequence : 0;
        end->signed_number = r == 0 ? last.record : 0;
        r = db_one(tx, end->tenant,
                   "SELECT number, hash FROM event WHERE tenant_id = ?1 ORDER BY number DESC LIMIT 1",
                   DB_NONE, &rows);
        end->number = 0;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        end->number = (uint64_t)db_rows_integer(&rows, 0);
        return db_rows_octets(&rows, 1, end->hash, HASH_OCTETS) ? 0 : fault(-EBADMSG);
}

/* What a look at a tenant's trail led to. */
struct signing {
        struct end end;
        bool is_signed; /* the keeper signed this checkpoint */
        struct audit_checkpoint checkpoint;
        uint8_t octets[AUDIT_CHECKPOINT_OCTETS];
};

/* What this record covers waits for no signature any more; what came after it does. */
static int settle(struct db_tx *tx, struct id tenant, uint64_t record)
{
        int r = db_run(tx, tenant,
                       "DELETE FROM audit_unsigned WHERE tenant_id = ?1"
                       " AND NOT EXISTS (SELECT 1 FROM event WHERE tenant_id = ?1 AND number > ?2)",
                       DB_VALUES(db_integer((int64_t)record)), NULL);

        if (r)
                return fold(r);
        return fold(
                db_run(tx, tenant,
                       "UPDATE audit_unsigned SET (number, since_ms) = (SELECT number, at_ms FROM event"
                       " WHERE tenant_id = ?1 AND number > ?2 ORDER BY number LIMIT 1) WHERE tenant_id = ?1",
                       DB_VALUES(db_integer((int64_t)record)), NULL));
}

/* Somebody else may have been told the same one, and been faster. */
static int store(struct db_tx *tx, const struct signing *signing)
{
        const struct audit_checkpoint *checkpoint = &signing->checkpoint;

        return fold(db_run(tx, checkpoint->tenant,
                           "INSERT INTO audit_checkpoint"
                           " (tenant_id, sequence, record, at_ms, octets, is_base, told)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, 0, 0) ON CONFLICT DO NOTHING",
                           DB_VALUES(db_integer((int64_t)checkpoint->sequence),
                                     db_integer((int64_t)checkpoint->record), db_integer(checkpoint->at_ms),
                                     db_octets(signing->octets, AUDIT_CHECKPOINT_OCTETS)),
                           NULL));
}

/* The journal of this machine is the first place where it is kept besides. */
static void tell(const struct audit_checkpoint *checkpoint)
{
        char tenant[ID_STRING], sequence[24], record[24], hex[2 * HASH_OCTETS + 1];
        uint8_t digest[HASH_OCTETS];

        id_format(checkpoint->tenant, tenant);
        snprintf(sequence, sizeof(sequence), "%" PRIu64, checkpoint->sequence);
        snprintf(record, sizeof(record), "%" PRIu64, checkpoint->record);
        audit_checkpoint_digest(checkpoint, digest);
        hex_format(digest, sizeof(digest), hex);
        log_write(LOG_NOTICE, "audit-checkpoint", "tenant", tenant, "sequence", sequence, "record", record,
                  "digest", hex, NULL);
}

/* ---- one tenant, or some ---- */

struct batch {
        struct signing *signings;
        size_t count;
};

static int find_ends(struct db_tx *tx, void *context)
{
        struct batch *batch = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < batch->count; i++)
                r = find_end(tx, &batch->signings[i].end);
        return r;
}

static int store_all(struct db_tx *tx, void *context)
{
        const struct batch *batch = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < batch->count; i++) {
                const struct signing *signing = &batch->signings[i];

                if (signing->is_signed)
                        r = store(tx, signing);
                if (r == 0 && (signing->is_signed || signing->end.signed_number >= signing->end.number))
                        r = settle(tx, signing->end.tenant,
                                   signing->is_signed ? signing->checkpoint.record
                                                      : signing->end.signed_number);
        }
        return r;
}

/* CORE_BUSY: the keeper signs no more for this tenant just now. */
static int ask_keeper(struct core *core, struct signing *signing)
{
        const struct end *end = &signing->end;
        const struct tenant_entry *entry;
        int r;

        r = tenant_entry_get(core, end->tenant, &entry);
        if (r)
                return r;
        r = keys_checkpoint(core->keys, keys_newest(entry), end->sequence, end->number, end->hash,
                            signing->octets);
        if (r)
                return r == KEYS_LIMITED ? CORE_BUSY : fold(r);
        if (!audit_checkpoint_parse(text_from_octets(signing->octets, sizeof(signing->octets)),
                                    &signing->checkpoint) ||
            !id_equal(signing->checkpoint.tenant, end->tenant))
                return fault(-EPROTO);
        signing->is_signed = true;
        return 0;
}

/*
 * One look, a question to the keeper for each, and one commit for all of them. Who could not be signed is due
 * again the next time, and keeps nobody else from it; the first such refusal or fault.
 */
static int sign_some(struct core *core, struct batch *batch)
{
        int first = 0, r;

        r = db_read(core->db, find_ends, batch);
        if (r)
                return r;
        for (size_t i = 0; i < batch->count; i++) {
                struct signing *signing = &batch->signings[i];

                signing->is_signed = false;
                r = signing->end.number > signing->end.signed_number ? ask_keeper(core, signing) : 0;
                if (r && !first)
                        first = r;
        }
        r = db_write(core->db, store_all, batch);
        if (r)
                return r;
        for (size_t i = 0; i < batch->count; i++)
                if (batch->signings[i].is_signed)
                        tell(&batch->signings[i].checkpoint);
        return first;
}

int trail_sign(struct core *core, struct id tenant)
{
        struct signing signing = { .end = { .tenant = tenant } };
        struct batch batch = { &signing, 1 };
        uint64_t wanted = 0;

        for (int i = 0; i < TRIES_MAX; i++) {
                int r = sign_some(core, &batch);

                if (r)
                        return r;
                if (wanted == 0)
                        wanted = signing.end.number;
                /* An answer that had got lost covers less than was asked for. */
                if (!signing.is_signed || signing.checkpoint.record >= wanted)
                        return 0;
        }
        return 0;
}

struct due {
        struct core *core;
        int64_t now;
        struct id after; /* the tenant after which this look begins */
        struct batch *batch;
};

/* Of those with events that are not signed yet: an old one, or many. Nobody else is looked at. */
static int find_due(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct due *due = context;
        const struct core_settings *settings = &due->core->settings;
        int r;

        due->batch->count = 0;
        r = db_find_all(tx,
                        "SELECT u.tenant_id FROM audit_unsigned u JOIN tenant t ON t.id = u.tenant_id"
                        " AND t.state <> 'deleting' WHERE u.tenant_id > ?1 AND (u.since_ms <= ?2 OR ?3 <="
                        " (SELECT max(e.number) FROM event e WHERE e.tenant_id = u.tenant_id) - u.number + 1)"
                        " ORDER BY u.tenant_id LIMIT ?4",
                        DB_VALUES(db_octets(due->after.octets, ID_OCTETS),
                                  db_integer(due->now - settings->trail_sign_ms),
                                  db_integer((int64_t)settings->trail_sign_records), db_integer(SIGNED_MAX)),
                        &rows);
        if (r)
                return fold(r);
        while (due->batch->count < SIGNED_MAX && db_rows_next(&rows, &r))
                due->batch->signings[due->batch->count++].end.tenant = db_rows_id(&rows, 0);
        return fold(r);
}

int trail_sign_due(struct core *core, int64_t now)
{
        SCOPED(freep) struct signing *signings = calloc(SIGNED_MAX, sizeof(*signings));
        struct batch batch = { signings, 0 };
        struct due due = { .core = core, .now = now, .after = core->trail_signed, .batch = &batch };
        int r;

        if (!signings)
                return fault(-ENOMEM);
        r = db_read(core->db, find_due, &due);
        if (r)
                return r;
        /* From the first one again, when the last one was seen. */
        core->trail_signed =
                batch.count < SIGNED_MAX ? (struct id){ 0 } : signings[batch.count - 1].end.tenant;
        r = batch.count ? sign_some(core, &batch) : 0;
        return r < 0 ? r : 0;
}
