// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap-verified.h"

#include <pthread.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/scope.h"
#include "base/secret.h"
#include "crypt/hash.h"
#include "crypt/random.h"

#define SLOTS      1024 /* a power of two */
#define BELIEVE_MS 60000

static struct {
        pthread_mutex_t lock;
        struct secret key;
        struct {
                uint8_t mac[HASH_OCTETS];
                struct id person;
                int64_t until_ms;
        } slots[SLOTS];
} verified = { .lock = PTHREAD_MUTEX_INITIALIZER };

int ldap_verified_open(void)
{
        random_secret(&verified.key);
        return 0;
}

void ldap_verified_close(void)
{
        secret_done(&verified.key);
        explicit_bzero(verified.slots, sizeof(verified.slots));
}

static void wipe_buffer(struct buffer *buffer)
{
        if (buffer->at)
                explicit_bzero(buffer->at, buffer->size);
        buffer_done(buffer);
}

/* Method, length of its settings, settings, length of the name, name, password: two pairs never give the same
 * octets. False: memory is out. */
static bool make_mac(const struct method *method, struct text name, struct text password,
                     uint8_t ret[HASH_OCTETS])
{
        SCOPED(wipe_buffer) struct buffer octets = BUFFER(16384);
        struct text settings = text_from(method->settings);

        if (!buffer_extend(&octets, ID_OCTETS + 8 + settings.len + name.len + password.len))
                return false;
        octets.len = 0;
        buffer_add(&octets, method->id.octets, ID_OCTETS);
        buffer_add_u32(&octets, (uint32_t)settings.len);
        buffer_add_text(&octets, settings);
        buffer_add_u32(&octets, (uint32_t)name.len);
        buffer_add_text(&octets, name);
        buffer_add_text(&octets, password);
        if (octets.failure)
                return false;
        hash_hmac(verified.key.octets, sizeof(verified.key.octets), buffer_text(&octets), ret);
        return true;
}

static size_t slot_of(const uint8_t mac[HASH_OCTETS])
{
        return ((size_t)mac[0] << 8 | mac[1]) % SLOTS;
}

bool ldap_verified_knows(const struct method *method, struct text name, struct text password,
                         struct id *ret_person)
{
        uint8_t mac[HASH_OCTETS];
        bool knows;
        size_t at;

        if (!make_mac(method, name, password, mac))
                return false;
        at = slot_of(mac);
        pthread_mutex_lock(&verified.lock);
        knows = verified.slots[at].until_ms > clock_monotonic_ms() &&
                hash_equal(verified.slots[at].mac, mac, HASH_OCTETS);
        if (knows)
                *ret_person = verified.slots[at].person;
        pthread_mutex_unlock(&verified.lock);
        return knows;
}

void ldap_verified_keep(const struct method *method, struct text name, struct text password, struct id person)
{
        uint8_t mac[HASH_OCTETS];
        size_t at;

        if (!make_mac(method, name, password, mac))
                return;
        at = slot_of(mac);
        pthread_mutex_lock(&verified.lock);
        memcpy(verified.slots[at].mac, mac, HASH_OCTETS);
        verified.slots[at].person = person;
        verified.slots[at].until_ms = clock_monotonic_ms() + BELIEVE_MS;
        pthread_mutex_unlock(&verified.lock);
}
