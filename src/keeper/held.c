// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/held.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "os/process.h"

#define WAYS        8
#define FROM_OCTETS 64
#define PAGE_OCTETS 4096

struct entry {
        bool used;
        struct held_name name;
        uint64_t last_use;
        struct secret key;
        uint8_t from[FROM_OCTETS];
        size_t from_len;
};

struct held {
        size_t sets;
        uint64_t use;
        struct entry *entries; /* WAYS for every set */
        size_t size;           /* of them all, in octets */
};

int held_new(size_t max, struct held **ret)
{
        struct held *held = calloc(1, sizeof(*held));

        if (!held)
                return fault(-ENOMEM);
        held->sets = max / WAYS ? max / WAYS : 1;
        held->size =
                (held->sets * WAYS * sizeof(*held->entries) + PAGE_OCTETS - 1) / PAGE_OCTETS * PAGE_OCTETS;
        held->entries = aligned_alloc(PAGE_OCTETS, held->size);
        if (!held->entries) {
                free(held);
                return fault(-ENOMEM);
        }
        memset(held->entries, 0, held->size);
        /* Also where all memory cannot be locked, the keys are; main() has said what it could not do. */
        process_lock_region(held->entries, held->size);
        *ret = held;
        return 0;
}

static void wipe(struct entry *entry)
{
        explicit_bzero(entry, sizeof(*entry));
}

void held_free(struct held *held)
{
        if (!held)
                return;
        explicit_bzero(held->entries, held->size);
        free(held->entries);
        free(held);
}

/* Ids end in random bits, so their last octets spread well. */
static struct entry *set_of(struct held *held, const struct held_name *name)
{
        uint64_t mix;

        memcpy(&mix, name->tenant.octets + 8, sizeof(mix));
        mix ^= (uint64_t)name->day * UINT64_C(0x9e3779b97f4a7c15) + name->version;
        mix *= UINT64_C(0x9e3779b97f4a7c15);
        return held->entries + (mix >> 32) % held->sets * WAYS;
}

static bool is(const struct entry *entry, const struct held_name *name)
{
        return entry->used && entry->name.kind == name->kind && entry->name.day == name->day &&
               entry->name.version == name->version && id_equal(entry->name.tenant, name->tenant);
}

static struct entry *find(struct held *held, const struct held_name *name)
{
        struct entry *set = set_of(held, name);

        for (size_t i = 0; i < WAYS; i++)
                if (is(&set[i], name)) {
                        set[i].last_use = ++held->use;
                        return &set[i];
                }
        return NULL;
}

const struct secret *held_find(struct held *held, const struct held_name *name)
{
        struct entry *entry = find(held, name);

        return entry ? &entry->key : NULL;
}

const struct secret *held_find_from(struct held *held, const struct held_name *name, const void *from,
                                    size_t len)
{
        struct entry *entry = find(held, name);

        if (!entry || entry->from_len != len || memcmp(entry->from, from, len) != 0)
                return NULL;
        return &entry->key;
}

/* The same name again, else a free place, else the one unused for longest. */
static struct entry *place_for(struct held *held, const struct held_name *name)
{
        struct entry *set = set_of(held, name);
        struct entry *oldest = set;

        for (size_t i = 0; i < WAYS; i++) {
                if (is(&set[i], name))
                        return &set[i];
                if (set[i].last_use < oldest->last_use)
                        oldest = &set[i];
        }
        return oldest;
}

void held_put(struct held *held, const struct held_name *name, const struct secret *key, const void *from,
              size_t len)
{
        struct entry *entry = place_for(held, name);

        wipe(entry);
        entry->used = true;
        entry->name = *name;
        entry->last_use = ++held->use;
        entry->key = *key;
        if (len > 0 && len <= FROM_OCTETS) {
                memcpy(entry->from, from, len);
                entry->from_len = len;
        }
}

void held_forget(struct held *held, struct id tenant, int64_t day)
{
        for (size_t i = 0; i < held->sets * WAYS; i++) {
                struct entry *entry = &held->entries[i];

                if (entry->used && entry->name.kind == HELD_DAY && entry->name.day == day &&
                    id_equal(entry->name.tenant, tenant))
                        wipe(entry);
        }
}

void held_forget_before(struct held *held, int64_t day)
{
        for (size_t i = 0; i < held->sets * WAYS; i++) {
                struct entry *entry = &held->entries[i];

                if (entry->used && entry->name.kind == HELD_DAY && entry->name.day < day)
                        wipe(entry);
        }
}

void held_forget_tenant(struct held *held, struct id tenant)
{
        for (size_t i = 0; i < held->sets * WAYS; i++)
                if (held->entries[i].used && id_equal(held->entries[i].name.tenant, tenant))
                        wipe(&held->entries[i]);
}

void held_forget_all(struct held *held)
{
        for (size_t i = 0; i < held->sets * WAYS; i++)
                wipe(&held->entries[i]);
}
