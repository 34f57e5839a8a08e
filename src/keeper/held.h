// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Keys that the keeper holds open, so that not every request unwraps the whole chain. At most as many as
 * said at birth; a new one takes the place of one not used for long, which is wiped. Used by one thread.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/secret.h"

enum held_kind {
        HELD_TENANT = 1,
        HELD_DAY,
};

struct held_name {
        enum held_kind kind;
        struct id tenant;
        uint32_t version;
        int64_t day; /* 0 of a tenant key */
};

struct held;

int held_new(size_t max, struct held **ret);
/* Wipes all of them. */
void held_free(struct held *held);

/* NULL where it is not there. Borrowed until the next held_put() or held_forget*(). */
const struct secret *held_find(struct held *held, const struct held_name *name);
/* The same, where it was opened from these very octets. */
const struct secret *held_find_from(struct held *held, const struct held_name *name, const void *from,
                                    size_t len);
/* Copies. from (at most 64 octets, may be none) is what it was opened from. */
void held_put(struct held *held, const struct held_name *name, const struct secret *key, const void *from,
              size_t len);

/* Wipes a tenant's keys of that day, of every version. */
void held_forget(struct held *held, struct id tenant, int64_t day);
/* Wipes all of a tenant's; everything. */
void held_forget_tenant(struct held *held, struct id tenant);
void held_forget_all(struct held *held);
/* Wipes day keys of all days before this one. */
void held_forget_before(struct held *held, int64_t day);
