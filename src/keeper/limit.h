// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * How often a tenant's documents may be opened: a bucket of tokens per tenant, filled at a steady rate. It
 * bounds what a service that has been taken over can read before somebody notices. The table has a fixed
 * size; a tenant that has been quiet for longest makes room, and starts full when it comes back.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

struct limit;

/* per_minute is also the size of the bucket; 0 means no limit. */
int limit_new(uint32_t per_minute, struct limit **ret);
void limit_free(struct limit *limit);

/* Takes a token; false where there is none. now_ms is a monotonic clock's. */
bool limit_allows(struct limit *limit, struct id tenant, int64_t now_ms);
