// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/field.h"

#include <sodium.h>

#include "base/outcome.h"
#include "crypt/random.h"

#define NONCE_OCTETS crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_OCTETS   crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(NONCE_OCTETS + TAG_OCTETS == FIELD_OVERHEAD, "sizes add up");

int field_seal(const struct secret *key, struct text bound_to, struct text plain, struct buffer *to)
{
        uint8_t *at;

        if (plain.len > FIELD_MAX)
                return FIELD_TOO_LONG;
        at = (uint8_t *)buffer_extend(to, plain.len + FIELD_OVERHEAD);
        if (!at)
                return to->failure;
        random_octets(at, NONCE_OCTETS);
        crypto_aead_xchacha20poly1305_ietf_encrypt(at + NONCE_OCTETS, NULL, (const uint8_t *)plain.at,
                                                   plain.len, (const uint8_t *)bound_to.at, bound_to.len,
                                                   NULL, at, key->octets);
        return 0;
}

int field_open(const struct secret *key, struct text bound_to, struct text sealed, struct buffer *to)
{
        const uint8_t *nonce = (const uint8_t *)sealed.at;
        size_t len;
        uint8_t *at;

        if (sealed.len < FIELD_OVERHEAD)
                return FIELD_WRONG;
        len = sealed.len - FIELD_OVERHEAD;
        if (len > FIELD_MAX)
                return FIELD_TOO_LONG;
        at = (uint8_t *)buffer_extend(to, len);
        if (!at)
                return to->failure;
        if (crypto_aead_xchacha20poly1305_ietf_decrypt(
                    at, NULL, NULL, nonce + NONCE_OCTETS, sealed.len - NONCE_OCTETS,
                    (const uint8_t *)bound_to.at, bound_to.len, nonce, key->octets) != 0) {
                to->len -= len;
                return FIELD_WRONG;
        }
        return 0;
}
