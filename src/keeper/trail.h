// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Checkpoints of the tenants' audit trails, signed with keys that evolve (audit/checkpoint.h).
 *
 * One small file a tenant, <state>/trails/<tenant>: the key of the next checkpoint, wrapped, and the last one
 * that was signed. Two things are always true:
 *
 *   1. Before a signature is told to anybody, the key that made it is gone from the disk and from memory, and
 *      the next one is durable. So a key signs one checkpoint, whatever crashes.
 *   2. The last checkpoint is kept until the next one is asked for, and given again to a service that has not
 *      got it. So no crash makes a gap in the chain of keys.
 *
 * A service that asks after an older checkpoint than that, or a later one, was restored from a backup, or the
 * keeper was. What it gets is signed, and its sequence or key shows the gap to whoever verifies; the log says
 * "audit-trail-broken". Used by one thread.
 */

#include <stdint.h>

#include "audit/checkpoint.h"
#include "keys/keys.h"

struct chain;
struct trail;

/* Makes the directory where it is missing; chain is borrowed for good. */
int trail_open(const char *state, struct chain *chain, struct trail **ret);
void trail_close(struct trail *trail);
void trail_closep(struct trail **trail);

struct trail_order {
        struct keys_tenant tenant;
        uint64_t sequence; /* of the last checkpoint that the service has; 0: none */
        uint64_t record;
        const uint8_t *hash; /* HASH_OCTETS */
        int64_t at_ms;
};

/* Wraps every trail's key by the newest master key, durable on return: the earlier ones are about to be
 * forgotten. KEYS_WRONG where one cannot be opened. */
int trail_follow_master(struct trail *trail);
/* Of a tenant that is deleted; nothing to destroy is done, too. */
int trail_destroy(struct trail *trail, struct id tenant);

/* KEYS_WRONG. */
int trail_sign(struct trail *trail, const struct trail_order *order, uint8_t ret[AUDIT_CHECKPOINT_OCTETS]);
