// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/permute.h"

#include <string.h>

#include "crypt/hash.h"

#define HALF   (PERMUTE_OCTETS / 2)
#define ROUNDS 4

/* to becomes to + f(round, from). */
static void mix(const struct secret *key, uint8_t round, const uint8_t from[HALF], uint8_t to[HALF])
{
        uint8_t octets[1 + HALF], mac[HASH_OCTETS];

        octets[0] = round;
        memcpy(octets + 1, from, HALF);
        hash_hmac(key->octets, sizeof(key->octets), text_from_octets(octets, sizeof(octets)), mac);
        for (int i = 0; i < HALF; i++)
                to[i] ^= mac[i];
        explicit_bzero(octets, sizeof(octets));
        explicit_bzero(mac, sizeof(mac));
}

/* Even rounds change the left half, odd ones the right. */
static void mix_round(const struct secret *key, uint8_t round, uint8_t octets[PERMUTE_OCTETS])
{
        uint8_t *left = octets, *right = octets + HALF;

        if (round % 2 == 0)
                mix(key, round, right, left);
        else
                mix(key, round, left, right);
}

void permute(const struct secret *key, const uint8_t octets[PERMUTE_OCTETS], uint8_t ret[PERMUTE_OCTETS])
{
        memmove(ret, octets, PERMUTE_OCTETS);
        for (uint8_t round = 0; round < ROUNDS; round++)
                mix_round(key, round, ret);
}

void permute_back(const struct secret *key, const uint8_t octets[PERMUTE_OCTETS], uint8_t ret[PERMUTE_OCTETS])
{
        memmove(ret, octets, PERMUTE_OCTETS);
        for (uint8_t round = ROUNDS; round > 0; round--)
                mix_round(key, (uint8_t)(round - 1), ret);
}
