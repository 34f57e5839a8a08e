// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/sign.h"

#include <sodium.h>

_Static_assert(SIGN_KEY_OCTETS == crypto_sign_PUBLICKEYBYTES, "a public key");
_Static_assert(SIGN_SIGNATURE_OCTETS == crypto_sign_BYTES, "a signature");
_Static_assert(SECRET_OCTETS == crypto_sign_SEEDBYTES, "a seed");

void sign_public_key(const struct secret *seed, uint8_t ret[SIGN_KEY_OCTETS])
{
        uint8_t both[crypto_sign_SECRETKEYBYTES];

        crypto_sign_seed_keypair(ret, both, seed->octets);
        explicit_bzero(both, sizeof(both));
}

void sign_octets(const struct secret *seed, struct text octets, uint8_t ret[SIGN_SIGNATURE_OCTETS])
{
        uint8_t both[crypto_sign_SECRETKEYBYTES], key[SIGN_KEY_OCTETS];

        crypto_sign_seed_keypair(key, both, seed->octets);
        crypto_sign_detached(ret, NULL, (const uint8_t *)octets.at, octets.len, both);
        explicit_bzero(both, sizeof(both));
}

bool sign_is_good(const uint8_t key[SIGN_KEY_OCTETS], struct text octets,
                  const uint8_t signature[SIGN_SIGNATURE_OCTETS])
{
        return crypto_sign_verify_detached(signature, (const uint8_t *)octets.at, octets.len, key) == 0;
}
