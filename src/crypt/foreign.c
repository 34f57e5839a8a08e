// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/foreign.h"

#include <errno.h>
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"

/* Looked up once: OpenSSL 3 otherwise searches its providers each time, under a lock. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *digests[FOREIGN_SHA512 + 1];
static EVP_CIPHER *ciphers[FOREIGN_AES256_CFB + 1];
static EVP_MAC *hmac;

static const char *const digest_names[] = {
        [FOREIGN_MD5] = "MD5",         [FOREIGN_SHA1] = "SHA1",       [FOREIGN_SHA224] = "SHA2-224",
        [FOREIGN_SHA256] = "SHA2-256", [FOREIGN_SHA384] = "SHA2-384", [FOREIGN_SHA512] = "SHA2-512",
};

/* DES alone is not among what OpenSSL 3 offers by itself; three times with the same key it is the same. */
static const char *const cipher_names[] = {
        [FOREIGN_DES_CBC] = "DES-EDE3-CBC",
        [FOREIGN_AES128_CFB] = "AES-128-CFB",
        [FOREIGN_AES192_CFB] = "AES-192-CFB",
        [FOREIGN_AES256_CFB] = "AES-256-CFB",
};

static void look_up(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(digest_names); i++)
                digests[i] = EVP_MD_fetch(NULL, digest_names[i], NULL);
        for (size_t i = 0; i < ARRAY_LENGTH(cipher_names); i++)
                ciphers[i] = EVP_CIPHER_fetch(NULL, cipher_names[i], NULL);
        hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
}

size_t foreign_digest_octets(enum foreign_digest digest)
{
        static const size_t octets[] = {
                [FOREIGN_MD5] = 16,    [FOREIGN_SHA1] = 20,   [FOREIGN_SHA224] = 28,
                [FOREIGN_SHA256] = 32, [FOREIGN_SHA384] = 48, [FOREIGN_SHA512] = 64
        };

        return octets[digest];
}

static void digest_freep(EVP_MD_CTX **context)
{
        EVP_MD_CTX_free(*context);
}

static void mac_freep(EVP_MAC_CTX **context)
{
        EVP_MAC_CTX_free(*context);
}

static void cipher_freep(EVP_CIPHER_CTX **context)
{
        EVP_CIPHER_CTX_free(*context);
}

static bool add_pieces(EVP_MD_CTX *context, const struct text *pieces, size_t count, size_t limit)
{
        size_t left = limit ? limit : SIZE_MAX;
        bool some = true;

        do {
                some = false;
                for (size_t i = 0; i < count && left > 0; i++) {
                        size_t len = pieces[i].len < left ? pieces[i].len : left;

                        if (EVP_DigestUpdate(context, pieces[i].at, len) != 1)
                                return false;
                        left -= len;
                        some = some || len > 0;
                }
        } while (limit && left > 0 && some);
        return true;
}

int foreign_hash(enum foreign_digest digest, const struct text *pieces, size_t count, size_t limit,
                 uint8_t ret[FOREIGN_DIGEST_MAX])
{
        SCOPED(digest_freep) EVP_MD_CTX *context = EVP_MD_CTX_new();

        (void)pthread_once(&once, look_up);
        if (!context || !digests[digest] || EVP_DigestInit_ex(context, digests[digest], NULL) != 1 ||
            !add_pieces(context, pieces, count, limit) || EVP_DigestFinal_ex(context, ret, NULL) != 1)
                return fault(-EIO);
        return 0;
}

int foreign_hmac(enum foreign_digest digest, struct text key, const struct text *pieces, size_t count,
                 uint8_t ret[FOREIGN_DIGEST_MAX])
{
        SCOPED(mac_freep) EVP_MAC_CTX *context = NULL;
        OSSL_PARAM parameters[2];
        size_t len;

        (void)pthread_once(&once, look_up);
        context = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
        parameters[0] =
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest_names[digest], 0);
        parameters[1] = OSSL_PARAM_construct_end();
        if (!context || EVP_MAC_init(context, (const uint8_t *)key.at, key.len, parameters) != 1)
                return fault(-EIO);
        for (size_t i = 0; i < count; i++)
                if (EVP_MAC_update(context, (const uint8_t *)pieces[i].at, pieces[i].len) != 1)
                        return fault(-EIO);
        return EVP_MAC_final(context, ret, &len, FOREIGN_DIGEST_MAX) == 1 ? 0 : fault(-EIO);
}

size_t foreign_cipher_key_octets(enum foreign_cipher cipher)
{
        static const size_t octets[] = { [FOREIGN_DES_CBC] = 8,
                                         [FOREIGN_AES128_CFB] = 16,
                                         [FOREIGN_AES192_CFB] = 24,
                                         [FOREIGN_AES256_CFB] = 32 };

        return octets[cipher];
}

static int crypt_octets(enum foreign_cipher cipher, const uint8_t *key, const uint8_t *vector,
                        struct text octets, uint8_t *ret, int encrypt)
{
        SCOPED(cipher_freep) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
        uint8_t thrice[24];
        int len, rest, r = 0;

        (void)pthread_once(&once, look_up);
        if (octets.len > INT_MAX || (cipher == FOREIGN_DES_CBC && octets.len % 8))
                return fault(-EINVAL);
        for (size_t i = 0; cipher == FOREIGN_DES_CBC && i < sizeof(thrice); i += 8)
                memcpy(thrice + i, key, 8);
        if (!context || !ciphers[cipher] ||
            EVP_CipherInit_ex2(context, ciphers[cipher], cipher == FOREIGN_DES_CBC ? thrice : key, vector,
                               encrypt, NULL) != 1 ||
            EVP_CIPHER_CTX_set_padding(context, 0) != 1 ||
            EVP_CipherUpdate(context, ret, &len, (const uint8_t *)octets.at, (int)octets.len) != 1 ||
            EVP_CipherFinal_ex(context, ret + len, &rest) != 1)
                r = fault(-EIO);
        explicit_bzero(thrice, sizeof(thrice));
        return r;
}

int foreign_encrypt(enum foreign_cipher cipher, const uint8_t *key, const uint8_t *vector, struct text octets,
                    uint8_t *ret)
{
        return crypt_octets(cipher, key, vector, octets, ret, 1);
}

int foreign_decrypt(enum foreign_cipher cipher, const uint8_t *key, const uint8_t *vector, struct text octets,
                    uint8_t *ret)
{
        return crypt_octets(cipher, key, vector, octets, ret, 0);
}
