// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/unwritten.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "os/process.h"

struct slot {
        bool is_used;
        struct id about;
        struct id owner;
        uint64_t order; /* the greater the newer */
        int64_t until_ms;
        struct unwritten_secret secret;
};

struct unwritten {
        pthread_mutex_t lock;
        struct unwritten_options options;
        struct slot *slots; /* of their own pages */
        size_t octets;
        uint64_t kept;
};

void unwritten_secret_done(struct unwritten_secret *secret)
{
        explicit_bzero(secret, sizeof(*secret));
}

struct text unwritten_secret_text(const struct unwritten_secret *secret)
{
        return text_from_octets(secret->octets, secret->length);
}

int unwritten_new(const struct unwritten_options *options, struct unwritten **ret)
{
        struct unwritten *unwritten = calloc(1, sizeof(*unwritten));
        void *at;

        if (!unwritten)
                return fault(-ENOMEM);
        unwritten->options = *options;
        unwritten->octets = options->max * sizeof(struct slot);
        at = mmap(NULL, unwritten->octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED) {
                free(unwritten);
                return fault(-ENOMEM);
        }
        /* Where the limit is too low for it, the program has said so at its start. */
        (void)process_lock_region(at, unwritten->octets);
        unwritten->slots = at;
        pthread_mutex_init(&unwritten->lock, NULL);
        *ret = unwritten;
        return 0;
}

void unwritten_free(struct unwritten *unwritten)
{
        if (!unwritten)
                return;
        explicit_bzero(unwritten->slots, unwritten->octets);
        munmap(unwritten->slots, unwritten->octets);
        pthread_mutex_destroy(&unwritten->lock);
        free(unwritten);
}

static void wipe(struct slot *slot)
{
        explicit_bzero(slot, sizeof(*slot));
}

static void drop_old(struct unwritten *unwritten)
{
        int64_t now = clock_monotonic_ms();

        for (size_t i = 0; i < unwritten->options.max; i++)
                if (unwritten->slots[i].is_used && unwritten->slots[i].until_ms <= now)
                        wipe(&unwritten->slots[i]);
}

static struct slot *find(struct unwritten *unwritten, struct id about)
{
        for (size_t i = 0; i < unwritten->options.max; i++)
                if (unwritten->slots[i].is_used && id_equal(unwritten->slots[i].about, about))
                        return &unwritten->slots[i];
        return NULL;
}

/* NULL: there is none. */
static struct slot *find_room(struct unwritten *unwritten, struct id owner)
{
        struct slot *free_slot = NULL, *oldest = NULL;
        size_t of_owner = 0;

        for (size_t i = 0; i < unwritten->options.max; i++) {
                struct slot *slot = &unwritten->slots[i];

                if (!slot->is_used) {
                        free_slot = slot;
                } else if (id_equal(slot->owner, owner)) {
                        of_owner++;
                        if (!oldest || slot->order < oldest->order)
                                oldest = slot;
                }
        }
        return of_owner >= unwritten->options.of_owner_max ? oldest : free_slot;
}

int unwritten_keep(struct unwritten *unwritten, struct id about, struct id owner, struct text secret)
{
        struct slot *slot;

        if (secret.len > UNWRITTEN_OCTETS)
                return UNWRITTEN_TOO_LONG;
        pthread_mutex_lock(&unwritten->lock);
        drop_old(unwritten);
        slot = find(unwritten, about);
        if (!slot)
                slot = find_room(unwritten, owner);
        if (slot) {
                wipe(slot);
                slot->is_used = true;
                slot->about = about;
                slot->owner = owner;
                slot->order = ++unwritten->kept;
                slot->until_ms = clock_monotonic_ms() + unwritten->options.keep_ms;
                slot->secret.length = secret.len;
                memcpy(slot->secret.octets, secret.at, secret.len);
        }
        pthread_mutex_unlock(&unwritten->lock);
        return slot ? 0 : UNWRITTEN_FULL;
}

bool unwritten_find(struct unwritten *unwritten, struct id about, struct unwritten_secret *ret)
{
        struct slot *slot;

        pthread_mutex_lock(&unwritten->lock);
        drop_old(unwritten);
        slot = find(unwritten, about);
        if (slot)
                *ret = slot->secret;
        pthread_mutex_unlock(&unwritten->lock);
        return slot;
}

void unwritten_forget(struct unwritten *unwritten, struct id about)
{
        struct slot *slot;

        pthread_mutex_lock(&unwritten->lock);
        slot = find(unwritten, about);
        if (slot)
                wipe(slot);
        pthread_mutex_unlock(&unwritten->lock);
}
