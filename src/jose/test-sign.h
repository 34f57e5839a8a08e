// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* For tests: a provider with keys of its own, which signs whatever it is told to. */

#include <assert.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/encoding.h"
#include "base/scope.h"
#include "jose/jws.h"

static inline EVP_PKEY *test_key(const char *kind)
{
        EVP_PKEY *key;

        if (strcmp(kind, "RSA") == 0)
                key = EVP_RSA_gen(2048);
        else if (strcmp(kind, "Ed25519") == 0)
                key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
        else
                key = EVP_EC_gen(kind);
        assert(key);
        return key;
}

static inline void test_add_number(struct buffer *to, EVP_PKEY *key, const char *param, const char *member,
                                   int octets)
{
        uint8_t raw[1024];
        char encoded[2048];
        BIGNUM *number = NULL;

        assert(EVP_PKEY_get_bn_param(key, param, &number));
        octets = octets ? octets : BN_num_bytes(number);
        assert(BN_bn2binpad(number, raw, octets) == octets);
        BN_free(number);
        base64url_format(raw, (size_t)octets, encoded);
        buffer_format(to, ",\"%s\":\"%s\"", member, encoded);
}

/* The public key as a JWK; more are further members, such as ,"kid":"a". */
static inline void test_add_jwk(struct buffer *to, EVP_PKEY *key, const char *more)
{
        uint8_t raw[32];
        char encoded[64];
        size_t length = sizeof(raw);

        if (EVP_PKEY_is_a(key, "RSA")) {
                buffer_format(to, "{\"kty\":\"RSA\"");
                test_add_number(to, key, OSSL_PKEY_PARAM_RSA_N, "n", 0);
                test_add_number(to, key, OSSL_PKEY_PARAM_RSA_E, "e", 0);
        } else if (EVP_PKEY_is_a(key, "ED25519")) {
                assert(EVP_PKEY_get_raw_public_key(key, raw, &length));
                base64url_format(raw, length, encoded);
                buffer_format(to, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"", encoded);
        } else {
                bool is_256 = EVP_PKEY_get_bits(key) == 256;

                buffer_format(to, "{\"kty\":\"EC\",\"crv\":\"%s\"", is_256 ? "P-256" : "P-384");
                test_add_number(to, key, OSSL_PKEY_PARAM_EC_PUB_X, "x", is_256 ? 32 : 48);
                test_add_number(to, key, OSSL_PKEY_PARAM_EC_PUB_Y, "y", is_256 ? 32 : 48);
        }
        buffer_format(to, "%s}", more);
}

static inline void test_add_encoded(struct buffer *to, const void *octets, size_t len)
{
        size_t room = (4 * len + 2) / 3 + 1;
        char *at = buffer_extend(to, room);

        assert(at);
        base64url_format(octets, len, at);
        to->len--;
}

static inline const EVP_MD *test_digest(const char *algorithm)
{
        if (strcmp(algorithm, "EdDSA") == 0)
                return NULL;
        return strstr(algorithm, "256")   ? EVP_sha256()
               : strstr(algorithm, "384") ? EVP_sha384()
                                          : EVP_sha512();
}

static inline size_t test_raw_signature(const uint8_t *der, size_t len, int half, uint8_t *ret)
{
        ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)len);

        assert(signature);
        assert(BN_bn2binpad(ECDSA_SIG_get0_r(signature), ret, half) == half);
        assert(BN_bn2binpad(ECDSA_SIG_get0_s(signature), ret + half, half) == half);
        ECDSA_SIG_free(signature);
        return 2 * (size_t)half;
}

/* header.payload.signature; algorithm says how it is really signed, whatever the header says. "none" signs
 * nothing; "HS256" takes the octets of secret. */
static inline void test_sign(EVP_PKEY *key, const char *algorithm, struct text secret, const char *header,
                             const char *payload, struct buffer *to)
{
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        uint8_t signature[1024], raw[128];
        size_t length = sizeof(signature);
        EVP_PKEY_CTX *of_key;
        unsigned int mac = 0;

        buffer_clear(to);
        test_add_encoded(to, header, strlen(header));
        buffer_add_string(to, ".");
        test_add_encoded(to, payload, strlen(payload));
        if (strcmp(algorithm, "none") == 0) {
                length = 0;
        } else if (strcmp(algorithm, "HS256") == 0) {
                assert(HMAC(EVP_sha256(), secret.at, (int)secret.len, (uint8_t *)to->at, to->len, signature,
                            &mac));
                length = mac;
        } else {
                assert(EVP_DigestSignInit(context, &of_key, test_digest(algorithm), NULL, key) > 0);
                if (algorithm[0] == 'P')
                        assert(EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) > 0 &&
                               EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, RSA_PSS_SALTLEN_DIGEST) > 0);
                assert(EVP_DigestSign(context, signature, &length, (uint8_t *)to->at, to->len) > 0);
                if (algorithm[0] == 'E' && algorithm[1] == 'S') {
                        length = test_raw_signature(signature, length, EVP_PKEY_get_bits(key) / 8, raw);
                        memcpy(signature, raw, length);
                }
        }
        EVP_MD_CTX_free(context);
        buffer_add_string(to, ".");
        test_add_encoded(to, signature, length);
        assert(buffer_string(to));
}
