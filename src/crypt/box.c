// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/box.h"

#include <sodium.h>

#include "base/scope.h"

_Static_assert(BOX_KEY_OCTETS == crypto_box_PUBLICKEYBYTES, "a public key");
_Static_assert(BOX_SEALED_OCTETS == SECRET_OCTETS + crypto_box_SEALBYTES, "a secret in a box");
_Static_assert(SECRET_OCTETS == crypto_box_SEEDBYTES, "a seed");

struct private_key {
        uint8_t octets[crypto_box_SECRETKEYBYTES];
};

static void private_key_done(struct private_key *key)
{
        explicit_bzero(key, sizeof(*key));
}

void box_public_key(const struct secret *seed, uint8_t ret[BOX_KEY_OCTETS])
{
        SCOPED(private_key_done) struct private_key key;

        crypto_box_seed_keypair(ret, key.octets, seed->octets);
}

int box_put(const uint8_t key[BOX_KEY_OCTETS], const struct secret *secret, uint8_t ret[BOX_SEALED_OCTETS])
{
        return crypto_box_seal(ret, secret->octets, SECRET_OCTETS, key) == 0 ? 0 : BOX_WRONG;
}

int box_take(const struct secret *seed, const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret)
{
        SCOPED(private_key_done) struct private_key key;
        SCOPED(secret_done) struct secret found;
        uint8_t public[BOX_KEY_OCTETS];

        crypto_box_seed_keypair(public, key.octets, seed->octets);
        if (crypto_box_seal_open(found.octets, sealed, BOX_SEALED_OCTETS, public, key.octets) != 0)
                return BOX_WRONG;
        *ret = found;
        return 0;
}
