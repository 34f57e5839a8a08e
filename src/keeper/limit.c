// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/limit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"

#define SETS      512
#define WAYS      8
#define MINUTE_MS 60000

/* One token is MINUTE_MS parts, so that each millisecond adds per_minute parts and nothing is rounded away.
 */
struct entry {
        bool used;
        struct id tenant;
        int64_t last_ms;
        uint64_t parts;
};

struct limit {
        uint32_t per_minute;
        struct entry entries[SETS][WAYS];
};

int limit_new(uint32_t per_minute, struct limit **ret)
{
        struct limit *limit = calloc(1, sizeof(*limit));

        if (!limit)
                return fault(-ENOMEM);
        limit->per_minute = per_minute;
        *ret = limit;
        return 0;
}

void limit_free(struct limit *limit)
{
        free(limit);
}

static uint64_t parts_full(const struct limit *limit)
{
        return (uint64_t)limit->per_minute * MINUTE_MS;
}

static struct entry *entry_for(struct limit *limit, struct id tenant, int64_t now_ms)
{
        struct entry *set, *oldest;
        uint64_t mix;

        memcpy(&mix, tenant.octets + 8, sizeof(mix));
        set = limit->entries[(mix * UINT64_C(0x9e3779b97f4a7c15) >> 32) % SETS];
        oldest = set;
        for (size_t i = 0; i < WAYS; i++) {
                if (set[i].used && id_equal(set[i].tenant, tenant))
                        return &set[i];
                if (!set[i].used || (oldest->used && set[i].last_ms < oldest->last_ms))
                        oldest = &set[i];
        }
        *oldest = (struct entry){ true, tenant, now_ms, parts_full(limit) };
        return oldest;
}

bool limit_allows(struct limit *limit, struct id tenant, int64_t now_ms)
{
        struct entry *entry;
        uint64_t gone_ms;

        if (!limit->per_minute)
                return true;
        entry = entry_for(limit, tenant, now_ms);
        gone_ms = now_ms > entry->last_ms ? (uint64_t)(now_ms - entry->last_ms) : 0;
        if (gone_ms > MINUTE_MS)
                gone_ms = MINUTE_MS;
        entry->last_ms = now_ms;
        entry->parts += gone_ms * limit->per_minute;
        if (entry->parts > parts_full(limit))
                entry->parts = parts_full(limit);
        if (entry->parts < MINUTE_MS)
                return false;
        entry->parts -= MINUTE_MS;
        return true;
}
