// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * All segments of a vault: which one a deposit goes to, what lives in each, and when one is free again.
 *
 * A thread of its own prepares the next segment when a current one is half full, and removes files, so that
 * depositors seldom wait for either. Until segments_collect() nothing is freed: the database has not yet told
 * of everything it knows.
 *
 * Safe from every thread.
 */

#include <stdint.h>

#include "vault/vault.h"

struct segments;

/* Finds what is there. The directory is borrowed for as long as the segments live. */
int segments_open(int directory, uint64_t segment_octets, struct segments **ret);
/* No deposit and no reader is left. */
void segments_close(struct segments *segments);

/*
 * Durable on 0. The octets stand in whole units (padded by the caller), of which length count. VAULT_FULL.
 */
int segments_append(struct segments *segments, int64_t day, const void *octets, uint64_t length,
                    struct vault_place *ret);
void segments_delete(struct segments *segments, const struct vault_place *place);

/* VAULT_NOT_FOUND; fault -EINVAL for a place that no segment could hold. */
int segments_keep(struct segments *segments, const struct vault_place *place);
/* Frees the segments in which nothing lives, from now on whenever one becomes so; tells their octets. */
uint64_t segments_collect(struct segments *segments);

/* While it is pinned the segment is not used again. VAULT_NOT_FOUND. *ret_fd is the caller's. */
int segments_pin(struct segments *segments, const struct vault_place *place, int *ret_fd);
void segments_unpin(struct segments *segments, const struct vault_place *place);

/* Gives back to the disk, soon, the space of free segments and of what is dead in full ones. */
void segments_trim(struct segments *segments);

uint64_t segments_count(struct segments *segments);
uint64_t segments_flushes(struct segments *segments);
