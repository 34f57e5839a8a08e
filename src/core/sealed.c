// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sealed.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "core/state.h"
#include "core/tenant/tenant.h"
#include "crypt/hash.h"

void tenant_seal_prefix(uint32_t version, uint8_t ret[4])
{
        for (int i = 0; i < 4; i++)
                ret[i] = (uint8_t)(version >> (24 - 8 * i));
}

void field_keys_wipe(struct field_key keys[FIELD_KEYS])
{
        explicit_bzero(keys, FIELD_KEYS * sizeof(keys[0]));
}

int field_keys_load(struct core *core, const struct key_ring *ring, struct field_key ret[FIELD_KEYS])
{
        for (size_t i = 0; i < ring->count && i < FIELD_KEYS; i++) {
                int r = keys_field_key(core->keys, &ring->versions[i], &ret[i].key);

                /* The end of an exchange was cut short: its last row is still there, and opens nothing. */
                if (r == KEYS_DESTROYED && i > 0)
                        return 0;
                if (r)
                        return fold(r);
                ret[i].version = ring->versions[i].version;
        }
        return 0;
}

/* The lock is held while the key is in use, so that wiping it waits for whoever still seals. */
int tenant_seal(struct core *core, const struct tenant_entry *entry, struct text bound_to, struct text plain,
                struct buffer *to)
{
        const struct field_key *newest = &entry->field_keys[0];
        size_t before = to->len;
        uint8_t prefix[4];
        int r;

        pthread_rwlock_rdlock(&core->tenants_lock);
        if (newest->version == 0) {
                pthread_rwlock_unlock(&core->tenants_lock);
                return fault(-ENOKEY);
        }
        tenant_seal_prefix(newest->version, prefix);
        buffer_add(to, prefix, sizeof(prefix));
        r = to->failure ? to->failure : field_seal(&newest->key, bound_to, plain, to);
        pthread_rwlock_unlock(&core->tenants_lock);
        if (r)
                to->len = before;
        return r;
}

int tenant_unseal(struct core *core, const struct tenant_entry *entry, struct text bound_to,
                  struct text sealed, struct buffer *to)
{
        int r = FIELD_WRONG;
        uint8_t prefix[4];

        if (sealed.len < TENANT_SEAL_OVERHEAD)
                return FIELD_WRONG;
        pthread_rwlock_rdlock(&core->tenants_lock);
        if (entry->field_keys[0].version == 0)
                r = -ENOKEY;
        for (size_t i = 0; r > 0 && i < FIELD_KEYS && entry->field_keys[i].version; i++) {
                tenant_seal_prefix(entry->field_keys[i].version, prefix);
                if (memcmp(sealed.at, prefix, sizeof(prefix)) == 0)
                        r = field_open(&entry->field_keys[i].key, bound_to,
                                       text_from_octets(sealed.at + 4, sealed.len - 4), to);
        }
        pthread_rwlock_unlock(&core->tenants_lock);
        return r == -ENOKEY ? fault(r) : r;
}

int tenant_derive(struct core *core, const struct tenant_entry *entry, const char *purpose,
                  struct secret *ret)
{
        const struct field_key *newest = &entry->field_keys[0];
        int r = 0;

        pthread_rwlock_rdlock(&core->tenants_lock);
        if (newest->version == 0)
                r = -ENOKEY;
        else
                hash_hkdf(newest->key.octets, SECRET_OCTETS,
                          text_from_octets(entry->tenant.id.octets, ID_OCTETS), text_from(purpose),
                          ret->octets, SECRET_OCTETS);
        pthread_rwlock_unlock(&core->tenants_lock);
        return r ? fault(r) : 0;
}

int sealed_write(struct core *core, struct id tenant, struct text bound_to, struct text plain,
                 struct buffer *to)
{
        const struct tenant_entry *entry;
        int r = tenant_entry_get(core, tenant, &entry);

        if (r)
                return r;
        r = tenant_seal(core, entry, bound_to, plain, to);
        return r == FIELD_TOO_LONG ? CORE_BAD_VALUE : fold(r);
}

int sealed_read(struct core *core, struct id tenant, struct text bound_to, struct text sealed,
                struct buffer *to)
{
        const struct tenant_entry *entry;
        struct tenant found;
        int r = tenant_find_by_id(core, tenant, &found);

        if (r == 0)
                r = tenant_entry_get(core, tenant, &entry);
        if (r)
                return r;
        r = tenant_unseal(core, entry, bound_to, sealed, to);
        return r > 0 ? CORE_NOT_FOUND : r;
}
