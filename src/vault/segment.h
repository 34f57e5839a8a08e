// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A segment: one file of fixed size that holds many small deposits of one expiry day.
 *
 *             taken for a day            full, or given up            all deposits gone
 *      FREE ------------------> CURRENT ------------------> SEALED ----------------------> FREE
 *        ^                                                                                    |
 *        '------------------------------ renamed, used from its start ------------------------'
 *
 * Three things are always true:
 *
 *   1. Deposits start at multiples of SEGMENT_UNIT and own whole units, so no page of the file is written by
 *      two deposits.
 *   2. A segment has a bit for every live deposit, set before the first octet is written and cleared once, by
 *      its deletion: deleting twice cannot free another's place.
 *   3. A segment that is used again has a new name, durable before the first octet: an old place never leads
 *      to a new deposit.
 *
 * This file knows one segment and its file; segments.c decides, and holds its lock around everything here
 * that is not said to touch the disk.
 */

#include <stdbool.h>
#include <stdint.h>

#include "vault/flush.h"
#include "vault/vault.h"

#define SEGMENT_UNIT 4096

enum segment_state {
        SEGMENT_FREE,
        SEGMENT_CURRENT,
        SEGMENT_SEALED,
};

struct segment {
        uint8_t name[VAULT_NAME_OCTETS];
        enum segment_state state;
        int64_t day;
        uint64_t size, used; /* in octets */
        int fd;              /* open while FREE for use, CURRENT, or written to; else -1 */
        unsigned int live, writing, reading;
        uint64_t *starts; /* a bit for each unit where a live deposit starts */
        uint64_t *units;  /* a bit for each unit that belongs to a live deposit */
        uint64_t punched; /* units that were dead when their space was given back last */
        bool has_holes;   /* some space was given back: it is not worth using again */
        struct flush flush;
        struct segment *next;
};

/* In memory only. NULL where memory is out. */
struct segment *segment_new(const uint8_t name[VAULT_NAME_OCTETS], uint64_t size);
void segment_free(struct segment *segment);

/* Touches the disk: makes its file, with its space and its name durable. VAULT_FULL. */
int segment_create(int directory, uint64_t size, struct segment **ret);
/* Touches the disk: writes the whole file once, so that later writes find written blocks. */
int segment_fill(struct segment *segment);
/* Touches the disk: gives a free segment a new name, durably, and opens it. */
int segment_rename(int directory, struct segment *segment);
/* Touches the disk: opens the file a second time, for reading. VAULT_NOT_FOUND. */
int segment_open_again(int directory, const struct segment *segment, int *ret_fd);
int segment_remove(int directory, const struct segment *segment);
/*
 * Giving space back in which nothing lives, of a sealed segment that nobody reads and that is not freed
 * meanwhile: then what is dead stays dead. First a copy of its units (NULL where memory is out; the caller
 * frees it), then, touching the disk, the work.
 */
uint64_t *segment_begin_punch(struct segment *segment);
int segment_punch(int directory, const struct segment *segment, const uint64_t *units);

/* Whether units for length octets are left. */
bool segment_has_room(const struct segment *segment, uint64_t length);
/* Takes them; the answer is the offset. There is room. */
uint64_t segment_take(struct segment *segment, uint64_t length);

/* Whether a live deposit starts there. */
bool segment_has(const struct segment *segment, uint64_t offset);
/* Octets in which nothing lives, and whose space was not given back yet. */
uint64_t segment_dead(const struct segment *segment);
/* Nothing where it stood so already. */
void segment_set(struct segment *segment, uint64_t offset, uint64_t length, bool is_live);
/* Whether a place can be one of this segment's. */
bool segment_may_hold(const struct segment *segment, const struct vault_place *place);
