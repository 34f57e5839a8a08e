// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/hash.h"

#include <assert.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"

void hash_sha1(struct text octets, uint8_t ret[SHA1_OCTETS])
{
        if (!EVP_Digest(octets.at, octets.len, ret, NULL, EVP_sha1(), NULL))
                abort();
}

void hash_sha256(struct text octets, uint8_t ret[HASH_OCTETS])
{
        /* OpenSSL's, for it uses the processor's own instructions. */
        if (!EVP_Digest(octets.at, octets.len, ret, NULL, EVP_sha256(), NULL))
                abort();
}

/* libsodium's, for it needs no memory and therefore cannot fail. */
void hash_hmac(const void *key, size_t key_len, struct text octets, uint8_t ret[HASH_OCTETS])
{
        crypto_auth_hmacsha256_state state;

        crypto_auth_hmacsha256_init(&state, key, key_len);
        crypto_auth_hmacsha256_update(&state, (const uint8_t *)octets.at, octets.len);
        crypto_auth_hmacsha256_final(&state, ret);
        explicit_bzero(&state, sizeof(state));
}

/* RFC 5869, section 2.3. */
static void expand(const uint8_t key[HASH_OCTETS], struct text info, uint8_t *ret, size_t ret_length)
{
        crypto_auth_hmacsha256_state state;
        uint8_t block[HASH_OCTETS];

        for (uint8_t i = 1; ret_length; i++) {
                size_t len = ret_length < HASH_OCTETS ? ret_length : HASH_OCTETS;

                crypto_auth_hmacsha256_init(&state, key, HASH_OCTETS);
                if (i > 1)
                        crypto_auth_hmacsha256_update(&state, block, sizeof(block));
                crypto_auth_hmacsha256_update(&state, (const uint8_t *)info.at, info.len);
                crypto_auth_hmacsha256_update(&state, &i, 1);
                crypto_auth_hmacsha256_final(&state, block);
                memcpy(ret, block, len);
                ret += len;
                ret_length -= len;
        }
        explicit_bzero(&state, sizeof(state));
        explicit_bzero(block, sizeof(block));
}

void hash_hkdf(const void *key, size_t key_len, struct text salt, struct text info, void *ret,
               size_t ret_length)
{
        uint8_t extracted[HASH_OCTETS];

        assert(ret_length <= 255 * HASH_OCTETS);
        hash_hmac(salt.at, salt.len, text_from_octets(key, key_len), extracted);
        expand(extracted, info, ret, ret_length);
        explicit_bzero(extracted, sizeof(extracted));
}

bool hash_equal(const void *a, const void *b, size_t len)
{
        return CRYPTO_memcmp(a, b, len) == 0;
}

int sha256_init(struct sha256 *sha256)
{
        sha256->context = EVP_MD_CTX_new();
        if (!sha256->context)
                return fault(-ENOMEM);
        if (!EVP_DigestInit_ex(sha256->context, EVP_sha256(), NULL)) {
                sha256_done(sha256);
                return fault(-ENOMEM);
        }
        return 0;
}

void sha256_done(struct sha256 *sha256)
{
        EVP_MD_CTX_free(sha256->context);
        sha256->context = NULL;
}

void sha256_add(struct sha256 *sha256, const void *octets, size_t len)
{
        if (!EVP_DigestUpdate(sha256->context, octets, len))
                abort();
}

void sha256_finish(struct sha256 *sha256, uint8_t ret[HASH_OCTETS])
{
        if (!EVP_DigestFinal_ex(sha256->context, ret, NULL))
                abort();
}
