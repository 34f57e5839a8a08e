// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mark.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "crypt/hash.h"

int marks_make(struct core *core, struct id tenant, struct text octets, struct marks *ret)
{
        const struct tenant_entry *entry;
        const struct key_ring *ring;
        int r;

        r = tenant_entry_get(core, tenant, &entry);
        if (r)
                return r;
        ring = atomic_load(&entry->ring);
        ret->version = ring->versions[0].version;
        ret->has_before = false;
        r = keys_card_mac(core->keys, &ring->versions[0], octets, ret->newest);
        if (r || ring->count < 2)
                return fold(r);
        r = keys_card_mac(core->keys, &ring->versions[1], octets, ret->before);
        /* Retired this moment: nothing is left under it. */
        if (r == KEYS_DESTROYED)
                return 0;
        ret->has_before = r == 0;
        return fold(r);
}

struct db_value marks_newest(const struct marks *marks)
{
        return db_octets(marks->newest, sizeof(marks->newest));
}

struct db_value marks_before(const struct marks *marks)
{
        return marks->has_before ? db_octets(marks->before, sizeof(marks->before)) : db_null();
}

bool marks_have(const struct marks *marks, const uint8_t mac[KEYS_MAC_OCTETS])
{
        return memcmp(marks->newest, mac, KEYS_MAC_OCTETS) == 0 ||
               (marks->has_before && memcmp(marks->before, mac, KEYS_MAC_OCTETS) == 0);
}

static void wipe(uint8_t (*octets)[HASH_OCTETS])
{
        explicit_bzero(*octets, HASH_OCTETS);
}

/* Of one length, whatever was typed. */
static int bind(const struct verifier_order *order, uint8_t ret[HASH_OCTETS])
{
        uint8_t octets[ID_OCTETS + 1 + HASH_OCTETS];

        if (order->secret.len > KEYS_PEPPER_MAX)
                return fault(-EMSGSIZE);
        memcpy(octets, order->person.octets, ID_OCTETS);
        octets[ID_OCTETS] = (uint8_t)order->kind;
        hash_sha256(order->secret, octets + ID_OCTETS + 1);
        hash_sha256(text_from_octets(octets, sizeof(octets)), ret);
        explicit_bzero(octets, sizeof(octets));
        return 0;
}

/* Sets the hash of a string and says under which version its mark is. */
static int format(char string[PASSWORD_STRING], const uint8_t mark[HASH_OCTETS], uint32_t version,
                  char ret[VERIFIER_STRING])
{
        int len;

        if (!password_set_hash(string, mark))
                return fault(-EINVAL);
        len = snprintf(ret, VERIFIER_STRING, "%" PRIu32 "%s", version, string);
        return len > 0 && len < VERIFIER_STRING ? 0 : fault(-EMSGSIZE);
}

/* False where it is none. */
static bool parse(const char *verifier, uint32_t *ret_version, char ret_string[PASSWORD_STRING],
                  uint8_t ret_mark[HASH_OCTETS])
{
        struct text whole = text_from(verifier), number, rest;
        uint64_t version;

        if (!text_cut(whole, '$', &number, &rest) || !text_number(number, UINT32_MAX, &version) ||
            !text_copy(text_from(verifier + number.len), ret_string, PASSWORD_STRING))
                return false;
        *ret_version = (uint32_t)version;
        return password_get_hash(ret_string, ret_mark);
}

int verifier_make(struct core *core, const struct verifier_order *order, char ret[VERIFIER_STRING])
{
        const struct password_cost cost = { (uint64_t)core->settings.password_memory_octets,
                                            core->settings.password_passes };
        SCOPED(wipe) uint8_t octets[HASH_OCTETS] = { 0 };
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;
        char string[PASSWORD_STRING];
        int r;

        r = tenant_entry_get(core, order->tenant, &entry);
        if (r == 0)
                r = bind(order, octets);
        if (r == 0)
                r = password_work_hash(core, text_from_octets(octets, sizeof(octets)), &cost, string);
        if (r)
                return fold(r);
        if (!password_get_hash(string, octets))
                return fault(-EBADMSG);
        keys = keys_newest(entry);
        r = keys_pepper(core->keys, keys, order->kind, octets, octets);
        return r ? fold(r) : format(string, octets, keys->version, ret);
}

int verifier_check(struct core *core, const struct verifier_order *order, const char *verifier)
{
        SCOPED(wipe) uint8_t octets[HASH_OCTETS] = { 0 };
        SCOPED(wipe) uint8_t made[HASH_OCTETS] = { 0 };
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;
        char string[PASSWORD_STRING];
        uint8_t mark[HASH_OCTETS];
        uint32_t version;
        int r;

        if (!parse(verifier, &version, string, mark))
                return PASSWORD_WRONG;
        r = tenant_entry_get(core, order->tenant, &entry);
        if (r == 0)
                r = bind(order, octets);
        if (r)
                return fold(r);
        r = password_work_remake(core, text_from_octets(octets, sizeof(octets)), string, made);
        if (r)
                return r;
        /* Only now: the master key may have been exchanged in that time. */
        r = keys_of_version(core, entry, version, &keys);
        if (r)
                return r;
        r = keys_pepper(core->keys, keys, order->kind, made, made);
        if (r)
                return fold(r);
        return hash_equal(made, mark, sizeof(made)) ? 0 : PASSWORD_WRONG;
}

int verifier_recode(struct core *core, const struct keys_tenant *from, const struct keys_tenant *to,
                    enum keys_mark_kind kind, const char *verifier, char ret[VERIFIER_STRING])
{
        char string[PASSWORD_STRING];
        uint8_t mark[HASH_OCTETS];
        uint32_t version;
        int r;

        if (!parse(verifier, &version, string, mark) || version != from->version)
                return CORE_BAD_VALUE;
        r = keys_recode(core->keys, from, to, kind, mark, mark);
        return r ? fold(r) : format(string, mark, to->version, ret);
}
