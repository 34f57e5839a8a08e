// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/authority.h"

#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/openssl.h"
#include "crypt/hash.h"

/* Of 2^32 hashes one is no number of the curve; the next one is taken then. */
#define TRIES 16

struct parts {
        EC_GROUP *group;
        EC_POINT *point;
        BIGNUM *scalar;
        OSSL_PARAM_BLD *builder;
        OSSL_PARAM *parameters;
        EVP_PKEY_CTX *context;
};

static void parts_done(struct parts *parts)
{
        EVP_PKEY_CTX_free(parts->context);
        OSSL_PARAM_free(parts->parameters);
        OSSL_PARAM_BLD_free(parts->builder);
        BN_clear_free(parts->scalar);
        EC_POINT_free(parts->point);
        EC_GROUP_free(parts->group);
}

static void digest_freep(EVP_MD_CTX **context)
{
        EVP_MD_CTX_free(*context);
}

/* 1 to the group's order less 1. */
static int make_scalar(const struct secret *seed, struct parts *parts)
{
        const BIGNUM *order = EC_GROUP_get0_order(parts->group);

        for (uint8_t i = 0; order && i < TRIES; i++) {
                uint8_t octets[32];
                BIGNUM *made;

                hash_hkdf(seed->octets, SECRET_OCTETS, text_from_octets(&i, 1),
                          TEXT_OF("imprimatur authority"), octets, sizeof(octets));
                made = BN_bin2bn(octets, sizeof(octets), parts->scalar);
                explicit_bzero(octets, sizeof(octets));
                if (!made)
                        return fault(-ENOMEM);
                if (!BN_is_zero(parts->scalar) && BN_cmp(parts->scalar, order) < 0)
                        return 0;
        }
        return fault(-EIO);
}

/* The scalar and its point. */
static int open_parts(const struct secret *seed, struct parts *parts, uint8_t ret[AUTHORITY_KEY_OCTETS])
{
        int r;

        parts->group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
        parts->scalar = BN_secure_new();
        parts->point = parts->group ? EC_POINT_new(parts->group) : NULL;
        if (!parts->scalar || !parts->point)
                return fault(-ENOMEM);
        r = make_scalar(seed, parts);
        if (r)
                return r;
        if (!EC_POINT_mul(parts->group, parts->point, parts->scalar, NULL, NULL, NULL) ||
            EC_POINT_point2oct(parts->group, parts->point, POINT_CONVERSION_UNCOMPRESSED, ret,
                               AUTHORITY_KEY_OCTETS, NULL) != AUTHORITY_KEY_OCTETS)
                return fault(openssl_failed());
        return 0;
}

/* scalar NULL: a public key. */
static EVP_PKEY *build(struct parts *parts, const uint8_t *point)
{
        EVP_PKEY *key = NULL;

        parts->builder = OSSL_PARAM_BLD_new();
        parts->context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
        if (!parts->builder || !parts->context ||
            !OSSL_PARAM_BLD_push_utf8_string(parts->builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) ||
            !OSSL_PARAM_BLD_push_octet_string(parts->builder, OSSL_PKEY_PARAM_PUB_KEY, point,
                                              AUTHORITY_KEY_OCTETS) ||
            (parts->scalar &&
             !OSSL_PARAM_BLD_push_BN(parts->builder, OSSL_PKEY_PARAM_PRIV_KEY, parts->scalar)))
                return NULL;
        parts->parameters = OSSL_PARAM_BLD_to_param(parts->builder);
        if (!parts->parameters || EVP_PKEY_fromdata_init(parts->context) != 1 ||
            EVP_PKEY_fromdata(parts->context, &key, parts->scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                              parts->parameters) != 1)
                return NULL;
        return key;
}

int authority_public_key(const struct secret *seed, uint8_t ret[AUTHORITY_KEY_OCTETS])
{
        SCOPED(parts_done) struct parts parts = { 0 };

        return open_parts(seed, &parts, ret);
}

int authority_sign(const struct secret *seed, struct text octets, uint8_t ret[AUTHORITY_SIGNATURE_MAX],
                   size_t *ret_len)
{
        SCOPED(parts_done) struct parts parts = { 0 };
        SCOPED(digest_freep) EVP_MD_CTX *context = EVP_MD_CTX_new();
        SCOPED(key_freep) EVP_PKEY *key = NULL;
        uint8_t point[AUTHORITY_KEY_OCTETS];
        int r = open_parts(seed, &parts, point);

        if (r)
                return r;
        key = build(&parts, point);
        *ret_len = AUTHORITY_SIGNATURE_MAX;
        if (!key || !context || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
            EVP_DigestSign(context, ret, ret_len, (const uint8_t *)octets.at, octets.len) != 1)
                return fault(openssl_failed());
        return 0;
}

int authority_key_info(const uint8_t key[AUTHORITY_KEY_OCTETS], struct buffer *ret)
{
        SCOPED(parts_done) struct parts parts = { 0 };
        SCOPED(key_freep) EVP_PKEY *made = build(&parts, key);
        unsigned char *der = NULL;
        int len = made ? i2d_PUBKEY(made, &der) : 0;

        if (len <= 0) {
                ERR_clear_error();
                return fault(-EINVAL);
        }
        buffer_add(ret, der, (size_t)len);
        OPENSSL_free(der);
        return ret->failure;
}
