// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/outpost.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "core/state.h"
#include "crypt/random.h"

#define SEEN_SLOTS 16384 /* a power of two */

void outpost_code_make(char ret[OUTPOST_CODE], uint8_t ret_hash[HASH_OCTETS])
{
        uint8_t random[17];

        random_octets(random, sizeof(random));
        crockford_format(random, sizeof(random), ret);
        explicit_bzero(random, sizeof(random));
        hash_sha256(text_from(ret), ret_hash);
}

void outpost_code_hash(struct text code, uint8_t ret_hash[HASH_OCTETS])
{
        char folded[64];

        if (!text_copy(code, folded, sizeof(folded)) || !crockford_fold(folded))
                folded[0] = 0;
        hash_sha256(text_from(folded), ret_hash);
        explicit_bzero(folded, sizeof(folded));
}

/* Under the lock. One that another pushed out of its slot begins anew: it is told again, and heard of now. */
static struct outpost_seen_slot *slot_of(struct outposts_seen *seen, struct id id)
{
        struct outpost_seen_slot *slot =
                &seen->slots[((size_t)id.octets[14] << 8 | id.octets[15]) & (SEEN_SLOTS - 1)];

        if (!id_equal(slot->id, id))
                *slot = (struct outpost_seen_slot){ id, 0, clock_monotonic_ms() };
        return slot;
}

bool outpost_seen_is_due(struct core *core, struct id id, int64_t now_ms)
{
        struct outposts_seen *seen = core->outposts_seen;
        struct outpost_seen_slot *slot;
        bool is_due;

        pthread_mutex_lock(&seen->lock);
        slot = slot_of(seen, id);
        slot->heard_ms = clock_monotonic_ms();
        is_due = slot->at_ms + OUTPOST_SEEN_MS <= now_ms;
        if (is_due)
                slot->at_ms = now_ms;
        pthread_mutex_unlock(&seen->lock);
        return is_due;
}

int64_t outpost_silent_ms(struct core *core, struct id id)
{
        struct outposts_seen *seen = core->outposts_seen;
        int64_t silent_ms;

        pthread_mutex_lock(&seen->lock);
        silent_ms = clock_monotonic_ms() - slot_of(seen, id)->heard_ms;
        pthread_mutex_unlock(&seen->lock);
        return silent_ms;
}

int outposts_seen_new(struct core *core)
{
        core->outposts_seen = calloc(1, sizeof(*core->outposts_seen));
        if (!core->outposts_seen)
                return fault(-ENOMEM);
        core->outposts_seen->slots = calloc(SEEN_SLOTS, sizeof(*core->outposts_seen->slots));
        if (!core->outposts_seen->slots)
                return fault(-ENOMEM);
        pthread_mutex_init(&core->outposts_seen->lock, NULL);
        return 0;
}

void outposts_seen_free(struct core *core)
{
        if (!core->outposts_seen)
                return;
        if (core->outposts_seen->slots)
                pthread_mutex_destroy(&core->outposts_seen->lock);
        free(core->outposts_seen->slots);
        free(core->outposts_seen);
}
