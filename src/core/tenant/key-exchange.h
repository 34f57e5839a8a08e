// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The exchange of a tenant's key: whatever is under the version before is carried over to the new one.
 *
 *      rotated --settle--> round --settle--> round … until one carries nothing --> the version before ends
 *
 *   1. A round goes through every kind of row that something of a tenant's key is in (key-exchange-rows.h),
 *      some rows at a time; the new value and how far it is are one commit. So it goes on where it was after
 *      whatever crash, and a row never has a value of the one version and the number of the other.
 *   2. A row changes only from the very value that was read: whoever changed it meanwhile is right.
 *   3. Each round begins when what was begun before is done (settings.key_settle_ms). So the last one, which
 *      finds nothing, proves that there is nothing, and nobody still holds what he has read before.
 *   4. The version before is ended in the keeper first, then its row is deleted.
 */

#include "core/tenant/tenant-keys.h"

struct db_tx;

/* In the transaction that makes the version. CORE_TAKEN: one is under way. */
int key_exchange_begin(struct db_tx *tx, struct id tenant, uint32_t version, int64_t due_ms);
/* ret->version is 0 where none is under way. */
int key_exchange_read(struct db_tx *tx, struct id tenant, struct key_exchange *ret);
