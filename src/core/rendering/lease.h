// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Leases: works (core/rendering/work.h) that converters do on other machines.
 *
 *      begin ----> LEASED ---- commit, fail, abandon ----> over
 *                  |    ^
 *                  '----' read, write, keep: each renews it
 *                  |
 *                  '-- not renewed in time, or its converter revoked: over, and wanted again
 *
 *   1. A converter reaches a document only by its own lease, and only while that lasts. What comes after its
 *      end is refused (CORE_STALE), whatever it is.
 *   2. A lease is renewed for converter_lease_ms, but never beyond the work's own time (work_ms): the work
 *      goes to somebody else also where a converter does nothing but renew.
 *   3. The document is read once, in order; frames are written once, in order. Offsets say that both sides
 * mean the same octet; a piece of frames whose answer got lost may come again.
 *   4. What comes back is believed no more than what our own renderer says: core/rendering/work.h judges it,
 * and seals it.
 *
 * A lease is used by one request at a time. Safe from every thread.
 */

#include "core/actor.h"
#include "core/rendering/work.h"

#define LEASES_OF_CONVERTER_MAX 64

struct lease;

/* The most urgent work that it can do. CORE_FORBIDDEN, CORE_NOTHING_HELD, CORE_BUSY, CORE_DESTROYED (so many
 * came to nothing; another may wait), CORE_LIMIT_REACHED. */
int lease_begin(struct core *core, const struct actor *converter, enum work_kind least_urgent,
                struct work_order *ret);

/*
 * Takes the lease for a request, and renews it; it ends with lease_give(). CORE_STALE where it is not this
 * converter's, or not any more; CORE_BUSY where another request has it.
 */
int lease_take(struct core *core, const struct actor *converter, struct id work, struct lease **ret);
void lease_give(struct core *core, struct lease *lease);

/* A piece of frames is on its way: one at a time, so that what we keep of them is bounded. CORE_STALE,
 * CORE_BUSY. It has come, or the line was cut: lease_expect_no_more(), also where the lease is over by now.
 */
int lease_expect(struct core *core, const struct actor *converter, struct id work);
void lease_expect_no_more(struct core *core, const struct actor *converter, struct id work);

/* While it is taken. After a refusal of lease_write() but CORE_STALE, it can only be failed or abandoned. */

/* Whether the document is read up to there. */
bool lease_reads_at(const struct lease *lease, uint64_t offset);
/* *ret_length 0 at the end. CORE_STALE. */
int lease_read(struct core *core, struct lease *lease, void *to, size_t size, size_t *ret_length);
/* A piece of the stream of frames (conversion/frame.h) from that octet on. CORE_STALE, CORE_TOO_LARGE,
 * CORE_STORAGE_FULL, CORE_BAD_VALUE. */
int lease_write(struct core *core, struct lease *lease, uint64_t offset, struct text octets);

/* The ends; the lease has been taken, and is over afterwards also where the answer is no. */

/* CORE_STALE, CORE_BAD_VALUE, CORE_STORAGE_FULL. */
int lease_commit(struct core *core, struct lease *lease);
/* Where is_of_document is false, another converter may have better luck. CORE_STALE. */
int lease_fail(struct core *core, struct lease *lease, struct text reason, bool is_of_document);
void lease_abandon(struct core *core, struct lease *lease);

/* All of this converter: it is revoked. */
void lease_revoke(struct core *core, struct id converter);
/* Those that were not renewed in time. */
void lease_sweep(struct core *core);
