// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "crypt/box.h"
#include "crypt/random.h"

static void who_put_it_there_cannot_take_it_out_and_its_owner_can(void)
{
        struct secret seed, other, secret, found = { { 0 } };
        uint8_t key[BOX_KEY_OCTETS], again[BOX_KEY_OCTETS], sealed[BOX_SEALED_OCTETS];

        random_secret(&seed);
        random_secret(&other);
        random_secret(&secret);
        box_public_key(&seed, key);
        box_public_key(&seed, again);
        assert(memcmp(key, again, sizeof(key)) == 0 && memcmp(key, seed.octets, sizeof(key)) != 0);
        assert(box_put(key, &secret, sealed) == 0);
        assert(memmem(sealed, sizeof(sealed), secret.octets, SECRET_OCTETS) == NULL);
        assert(box_take(&other, sealed, &found) == BOX_WRONG);
        assert(memcmp(&found, &(struct secret){ { 0 } }, sizeof(found)) == 0);
        assert(box_take(&seed, sealed, &found) == 0 && memcmp(&found, &secret, sizeof(secret)) == 0);
}

static void a_changed_octet_opens_nothing(void)
{
        struct secret seed, secret, found;
        uint8_t key[BOX_KEY_OCTETS], sealed[BOX_SEALED_OCTETS];

        random_secret(&seed);
        random_secret(&secret);
        box_public_key(&seed, key);
        for (size_t i = 0; i < sizeof(sealed); i++) {
                assert(box_put(key, &secret, sealed) == 0);
                sealed[i] ^= 1;
                assert(box_take(&seed, sealed, &found) == BOX_WRONG);
        }
}

static void a_key_that_is_none_is_refused(void)
{
        static const uint8_t zeros[BOX_KEY_OCTETS];
        uint8_t sealed[BOX_SEALED_OCTETS];
        struct secret secret;

        random_secret(&secret);
        assert(box_put(zeros, &secret, sealed) == BOX_WRONG);
}

int main(void)
{
        who_put_it_there_cannot_take_it_out_and_its_owner_can();
        a_changed_octet_opens_nothing();
        a_key_that_is_none_is_refused();
        return 0;
}
