// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "jose/jwk.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"

#define RSA_BITS_LEAST      2048
#define RSA_BITS_MOST       8192
#define RSA_EXPONENT_OCTETS 8 /* a larger one only costs time to check with */

static const struct {
        const char *name;
        enum jws_algorithm algorithm;
        enum jwk_kind kind;
} algorithms[] = {
        { "RS256", JWS_RS256, JWK_RSA },     { "RS384", JWS_RS384, JWK_RSA },
        { "RS512", JWS_RS512, JWK_RSA },     { "PS256", JWS_PS256, JWK_RSA },
        { "ES256", JWS_ES256, JWK_P256 },    { "ES384", JWS_ES384, JWK_P384 },
        { "EdDSA", JWS_EDDSA, JWK_ED25519 }, { "Ed25519", JWS_EDDSA, JWK_ED25519 },
};

bool jws_algorithm_parse(struct text name, enum jws_algorithm *ret)
{
        for (size_t i = 0; i < ARRAY_LENGTH(algorithms); i++)
                if (text_equal_string(name, algorithms[i].name)) {
                        *ret = algorithms[i].algorithm;
                        return true;
                }
        return false;
}

const char *jws_algorithm_name(enum jws_algorithm algorithm)
{
        for (size_t i = 0; i < ARRAY_LENGTH(algorithms); i++)
                if (algorithms[i].algorithm == algorithm)
                        return algorithms[i].name;
        return "";
}

enum jwk_kind jws_algorithm_kind(enum jws_algorithm algorithm)
{
        for (size_t i = 0; i < ARRAY_LENGTH(algorithms); i++)
                if (algorithms[i].algorithm == algorithm)
                        return algorithms[i].kind;
        return 0;
}

static void bn_freep(BIGNUM **number)
{
        BN_free(*number);
}

static void builder_freep(OSSL_PARAM_BLD **builder)
{
        OSSL_PARAM_BLD_free(*builder);
}

static void params_freep(OSSL_PARAM **params)
{
        OSSL_PARAM_free(*params);
}

static void context_freep(EVP_PKEY_CTX **context)
{
        EVP_PKEY_CTX_free(*context);
}

/* A string member; empty where it is none. */
static struct text member(json_t *object, const char *name)
{
        json_t *value = json_object_get(object, name);

        if (!json_is_string(value))
                return (struct text){ NULL, 0 };
        return (struct text){ json_string_value(value), json_string_length(value) };
}

static BIGNUM *number_of(json_t *jwk, const char *name, size_t octets_max)
{
        uint8_t octets[RSA_BITS_MOST / 8 + 1];
        size_t length;

        if (!base64url_parse(member(jwk, name), octets, sizeof(octets), &length) || length == 0 ||
            length > octets_max)
                return NULL;
        return BN_bin2bn(octets, (int)length, NULL);
}

static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *builder)
{
        SCOPED(params_freep) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
        SCOPED(context_freep) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
        EVP_PKEY *key = NULL;

        if (!params || !context || EVP_PKEY_fromdata_init(context) <= 0 ||
            EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
                return NULL;
        return key;
}

/* RFC 7518, section 6.3.1. */
static EVP_PKEY *rsa_key(json_t *jwk)
{
        SCOPED(bn_freep) BIGNUM *n = number_of(jwk, "n", RSA_BITS_MOST / 8 + 1);
        SCOPED(bn_freep) BIGNUM *e = number_of(jwk, "e", RSA_EXPONENT_OCTETS);
        SCOPED(builder_freep) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();

        if (!n || !e || !builder || BN_num_bits(n) < RSA_BITS_LEAST || BN_num_bits(n) > RSA_BITS_MOST ||
            !BN_is_odd(n) || !BN_is_odd(e) || BN_is_one(e))
                return NULL;
        if (!OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) ||
            !OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e))
                return NULL;
        return key_from("RSA", builder);
}

/* RFC 7518, section 6.2.1: coordinates of full length; OpenSSL refuses a point that is not on the curve. */
static EVP_PKEY *ec_key(json_t *jwk, const char *group, size_t coordinate)
{
        SCOPED(builder_freep) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
        uint8_t point[1 + 2 * 48] = { 4 };
        size_t x, y;

        if (!builder || !base64url_parse(member(jwk, "x"), point + 1, coordinate, &x) || x != coordinate ||
            !base64url_parse(member(jwk, "y"), point + 1 + coordinate, coordinate, &y) || y != coordinate)
                return NULL;
        if (!OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) ||
            !OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * coordinate))
                return NULL;
        return key_from("EC", builder);
}

/* RFC 8037, section 2. */
static EVP_PKEY *ed25519_key(json_t *jwk)
{
        uint8_t octets[32];
        size_t length;

        if (!base64url_parse(member(jwk, "x"), octets, sizeof(octets), &length) || length != sizeof(octets))
                return NULL;
        return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, octets, sizeof(octets));
}

/* RFC 7517, sections 4.2 and 4.3. */
static bool is_for_signatures(json_t *jwk)
{
        json_t *use = json_object_get(jwk, "use"), *operations = json_object_get(jwk, "key_ops"), *one;
        size_t i;

        if (use && !text_equal_string(member(jwk, "use"), "sig"))
                return false;
        if (!operations)
                return true;
        json_array_foreach(operations, i, one) if (json_is_string(one) &&
                                                   strcmp(json_string_value(one), "verify") == 0) return true;
        return false;
}

static EVP_PKEY *key_of(json_t *jwk, enum jwk_kind *ret_kind)
{
        struct text type = member(jwk, "kty"), curve = member(jwk, "crv");

        if (text_equal_string(type, "RSA")) {
                *ret_kind = JWK_RSA;
                return rsa_key(jwk);
        }
        if (text_equal_string(type, "EC") && text_equal_string(curve, "P-256")) {
                *ret_kind = JWK_P256;
                return ec_key(jwk, "P-256", 32);
        }
        if (text_equal_string(type, "EC") && text_equal_string(curve, "P-384")) {
                *ret_kind = JWK_P384;
                return ec_key(jwk, "P-384", 48);
        }
        if (text_equal_string(type, "OKP") && text_equal_string(curve, "Ed25519")) {
                *ret_kind = JWK_ED25519;
                return ed25519_key(jwk);
        }
        return NULL;
}

/* False: not one of use to us. */
static bool jwk_parse(json_t *object, struct jwk *ret)
{
        struct text algorithm = member(object, "alg"), kid = member(object, "kid");
        enum jws_algorithm only;

        *ret = (struct jwk){ 0 };
        if (!json_is_object(object) || !is_for_signatures(object))
                return false;
        if (json_object_get(object, "alg")) {
                if (!jws_algorithm_parse(algorithm, &only))
                        return false;
                ret->algorithm = only;
        }
        if (json_object_get(object, "kid")) {
                if (!kid.at || !text_copy(kid, ret->kid, sizeof(ret->kid)))
                        return false;
                ret->has_kid = true;
        }
        ret->key = key_of(object, &ret->kind);
        /* What was wrong with it is of no use to whoever asks OpenSSL next. */
        ERR_clear_error();
        return ret->key;
}

int jwk_set_parse(struct text document, struct jwk_set **ret)
{
        SCOPED(jwk_set_freep) struct jwk_set *set = NULL;
        SCOPED(json_decrefp) json_t *value = NULL;
        json_t *keys, *one;
        size_t i;

        if (document.len > JWK_SET_OCTETS_MAX)
                return JWK_MALFORMED;
        value = json_loadb(document.len ? document.at : "", document.len, JSON_REJECT_DUPLICATES, NULL);
        keys = json_object_get(value, "keys");
        if (!json_is_array(keys) || json_array_size(keys) > JWK_KEYS_MAX)
                return JWK_MALFORMED;
        set = calloc(1, sizeof(*set) + json_array_size(keys) * sizeof(set->keys[0]));
        if (!set)
                return fault(-ENOMEM);
        json_array_foreach(keys, i, one) if (jwk_parse(one, &set->keys[set->count])) set->count++;
        if (set->count == 0)
                return JWK_NONE_OF_USE;
        *ret = take(set);
        return 0;
}

void jwk_set_free(struct jwk_set *set)
{
        if (!set)
                return;
        for (size_t i = 0; i < set->count; i++)
                EVP_PKEY_free(set->keys[i].key);
        free(set);
}

void jwk_set_freep(struct jwk_set **set)
{
        jwk_set_free(*set);
}

const struct jwk *jwk_set_find(const struct jwk_set *set, struct text kid, enum jws_algorithm algorithm)
{
        const struct jwk *found = NULL;

        for (size_t i = 0; i < set->count; i++) {
                const struct jwk *key = &set->keys[i];

                if (key->kind != jws_algorithm_kind(algorithm) ||
                    (key->algorithm && key->algorithm != algorithm))
                        continue;
                if (kid.at) {
                        if (key->has_kid && text_equal_string(kid, key->kid))
                                return key;
                        continue;
                }
                if (found)
                        return NULL;
                found = key;
        }
        return found;
}
