// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/sign.h"

#include <assert.h>
#include <string.h>

#include "base/encoding.h"
#include "base/scope.h"

/* RFC 8032, section 7.1. */
static const struct {
        const char *seed, *key, *octets, *signature;
} rows[] = {
        { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
          "d25bf5f0595bbe24655141438e7a100b" },
        { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
          "387b2eaeb4302aeeb00d291612bb0c00" },
};

static void read_hex(const char *hex, void *ret, size_t size)
{
        size_t length;

        assert(hex_parse(text_from(hex), ret, size, &length));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                uint8_t key[SIGN_KEY_OCTETS], expected_key[SIGN_KEY_OCTETS], octets[8];
                uint8_t signature[SIGN_SIGNATURE_OCTETS], expected[SIGN_SIGNATURE_OCTETS];
                struct secret seed;
                struct text text = { (const char *)octets, strlen(rows[i].octets) / 2 };

                read_hex(rows[i].seed, seed.octets, sizeof(seed.octets));
                read_hex(rows[i].key, expected_key, sizeof(expected_key));
                read_hex(rows[i].octets, octets, sizeof(octets));
                read_hex(rows[i].signature, expected, sizeof(expected));
                sign_public_key(&seed, key);
                assert(memcmp(key, expected_key, sizeof(key)) == 0);
                sign_octets(&seed, text, signature);
                assert(memcmp(signature, expected, sizeof(signature)) == 0);
                assert(sign_is_good(key, text, signature));
                for (size_t bit = 0; bit < 8 * sizeof(signature); bit++) {
                        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
                        assert(!sign_is_good(key, text, signature));
                        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
                }
                key[0] ^= 1;
                assert(!sign_is_good(key, text, signature));
        }
        return 0;
}
