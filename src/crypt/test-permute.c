// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/permute.h"

#include <assert.h>
#include <string.h>

#include "crypt/random.h"

#define ROUNDS 1000

static unsigned int bits_that_differ(const uint8_t *a, const uint8_t *b)
{
        unsigned int count = 0;

        for (int i = 0; i < PERMUTE_OCTETS; i++)
                count += (unsigned int)__builtin_popcount((unsigned int)(a[i] ^ b[i]));
        return count;
}

int main(void)
{
        uint8_t plain[PERMUTE_OCTETS], there[PERMUTE_OCTETS], back[PERMUTE_OCTETS], other[PERMUTE_OCTETS];
        struct secret key, wrong;

        for (int i = 0; i < ROUNDS; i++) {
                random_secret(&key);
                random_secret(&wrong);
                random_octets(plain, sizeof(plain));
                permute(&key, plain, there);
                permute_back(&key, there, back);
                assert(memcmp(plain, back, sizeof(plain)) == 0);
                permute_back(&wrong, there, back);
                assert(bits_that_differ(plain, back) > 60);
                /* One bit of either half, and one of the key, change half of all. */
                plain[i % PERMUTE_OCTETS] ^= 1;
                permute(&key, plain, other);
                assert(bits_that_differ(there, other) > 60);
                memcpy(back, there, sizeof(back));
                permute_back(&key, back, back);
                permute(&key, back, back);
                assert(memcmp(there, back, sizeof(back)) == 0);
        }
        return 0;
}
