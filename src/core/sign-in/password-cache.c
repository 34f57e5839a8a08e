// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "crypt/hash.h"
#include "crypt/random.h"

/*
 * Print clients send the password with every request. One that was verified is believed for some minutes, by
 * an HMAC under a key of this process alone: memory holds nothing that could be guessed at elsewhere. A
 * changed password, PIN or person has another secrets_version and so is not found.
 */

#define SLOTS 4096 /* a power of two */

struct verified {
        uint8_t mac[HASH_OCTETS];
        int64_t until_ms;
};

struct password_cache {
        pthread_mutex_t lock;
        struct secret key;
        struct verified slots[SLOTS];
};

int password_cache_new(struct core *core)
{
        core->password_cache = calloc(1, sizeof(*core->password_cache));
        if (!core->password_cache)
                return fault(-ENOMEM);
        pthread_mutex_init(&core->password_cache->lock, NULL);
        random_secret(&core->password_cache->key);
        return 0;
}

void password_cache_free(struct core *core)
{
        if (!core->password_cache)
                return;
        pthread_mutex_destroy(&core->password_cache->lock);
        secret_done(&core->password_cache->key);
        free(core->password_cache);
}

static struct verified *slot_of(struct core *core, struct id person, int64_t version, struct text secret,
                                uint8_t mac[HASH_OCTETS])
{
        struct password_cache *cache = core->password_cache;
        char octets[ID_OCTETS + sizeof(version) + KEYS_PEPPER_MAX];

        if (secret.len > KEYS_PEPPER_MAX)
                secret.len = KEYS_PEPPER_MAX;
        memcpy(octets, person.octets, ID_OCTETS);
        memcpy(octets + ID_OCTETS, &version, sizeof(version));
        memcpy(octets + ID_OCTETS + sizeof(version), secret.at, secret.len);
        hash_hmac(cache->key.octets, SECRET_OCTETS,
                  text_from_octets(octets, ID_OCTETS + sizeof(version) + secret.len), mac);
        explicit_bzero(octets, sizeof(octets));
        return &cache->slots[((size_t)mac[0] << 8 | mac[1]) & (SLOTS - 1)];
}

bool password_cache_knows(struct core *core, struct id person, int64_t version, struct text secret)
{
        uint8_t mac[HASH_OCTETS];
        struct verified *slot = slot_of(core, person, version, secret, mac);
        bool knows;

        pthread_mutex_lock(&core->password_cache->lock);
        knows = slot->until_ms > clock_monotonic_ms() && hash_equal(slot->mac, mac, HASH_OCTETS);
        pthread_mutex_unlock(&core->password_cache->lock);
        return knows;
}

void password_cache_keep(struct core *core, struct id person, int64_t version, struct text secret)
{
        uint8_t mac[HASH_OCTETS];
        struct verified *slot = slot_of(core, person, version, secret, mac);

        if (core->settings.password_cache_ms == 0)
                return;
        pthread_mutex_lock(&core->password_cache->lock);
        memcpy(slot->mac, mac, HASH_OCTETS);
        slot->until_ms = clock_monotonic_ms() + core->settings.password_cache_ms;
        pthread_mutex_unlock(&core->password_cache->lock);
}
