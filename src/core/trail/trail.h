// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Trails: a tenant's events as a whole, which the keeper signs and an auditor takes away.
 *
 *      base | record record record | checkpoint | record record | checkpoint | record
 *       ^                                                             ^           ^
 *       what was before it was pruned                               through      not signed yet
 *
 * A checkpoint is signed within a minute of an event (trail_sign_ms), or when there are a thousand new ones.
 * A small table (audit_unsigned) has the tenants with events that are not signed yet, so that nobody else is
 * looked at; the others are taken a hundred at a time, with one look and one commit. Pruning goes from
 * checkpoint to checkpoint; the last one before what stays is kept as the base, and an event
 * ("audit-pruned") names it, so that what stays can still be verified (audit/verify.h).
 */

#include "audit/checkpoint.h"
#include "core/actor.h"
#include "core/trail/event.h"

struct db_tx;

/* Signs what is due, of some tenants at each call; the sweeper calls it about every second. */
int trail_sign_due(struct core *core, int64_t now);
/* Signs whatever is not signed yet. */
int trail_sign(struct core *core, struct id tenant);
/* Takes away what is older than trail_keep_ms, in bounded steps. */
int trail_prune(struct core *core, int64_t now);

/* The last one; DB_NO_ROW. */
int trail_last_checkpoint(struct db_tx *tx, struct id tenant, struct audit_checkpoint *ret);
/* By sequence, from after on; or the newest first, those before after (0: all). CORE_FORBIDDEN. */
int trail_checkpoints(struct core *core, const struct actor *actor, uint64_t after, bool newest,
                      struct audit_checkpoint *ret, size_t max, size_t *ret_count);

/* Checkpoints that are to be kept in a file besides, and were not written there yet; any tenant's. What goes
 * to a collector: core/trail/trail-push.h. */
int trail_untold(struct core *core, struct audit_checkpoint *ret, size_t max, size_t *ret_count);
int trail_told(struct core *core, const struct audit_checkpoint *checkpoints, size_t count);

/*
 * An export, piece by piece: through, base (where there is one), records with their checkpoints. It ends with
 * the last checkpoint there was when it was opened, which by then covers every earlier event, this export's
 * own included. It keeps a page of records in memory, whatever the trail's length.
 */
enum trail_piece {
        TRAIL_END,
        TRAIL_THROUGH,
        TRAIL_BASE,
        TRAIL_RECORD,
        TRAIL_CHECKPOINT,
};

struct trail_export;

/*
 * From the last checkpoint at or before the record number after on (0: from the beginning). CORE_FORBIDDEN;
 * CORE_BUSY where nothing could be signed yet, for the keeper does not answer.
 */
int trail_export_open(struct core *core, const struct actor *actor, uint64_t after,
                      struct trail_export **ret);
void trail_export_close(struct trail_export *exported);
struct id trail_export_tenant(const struct trail_export *exported);
/* The next piece; what *ret_event and *ret_checkpoint point to is the export's until the next call. Fault
 * -ESTALE where the beginning is pruned meanwhile. */
int trail_export_next(struct trail_export *exported, enum trail_piece *ret, const struct event **ret_event,
                      const struct audit_checkpoint **ret_checkpoint);
