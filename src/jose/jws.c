// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "jose/jws.h"

#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"

#define HEADER_OCTETS_MAX    4096
#define SIGNATURE_OCTETS_MAX 1024 /* of 8,192 bits */

struct parts {
        struct text header, payload, signature;
        struct text signed_octets;
};

static void digest_freep(EVP_MD_CTX **context)
{
        EVP_MD_CTX_free(*context);
}

static void signature_freep(ECDSA_SIG **signature)
{
        ECDSA_SIG_free(*signature);
}

/* Section 3.1: two dots exactly. */
static bool split(struct text token, struct parts *ret)
{
        struct text rest;

        if (token.len > JWS_OCTETS_MAX || !text_cut(token, '.', &ret->header, &rest) ||
            !text_cut(rest, '.', &ret->payload, &ret->signature) ||
            memchr(ret->signature.at, '.', ret->signature.len))
                return false;
        ret->signed_octets = (struct text){ token.at, ret->header.len + 1 + ret->payload.len };
        return ret->header.len > 0 && ret->signature.len > 0;
}

/* A string member, copied. True where it is not there at all: ret is then empty. */
static bool read_words(json_t *object, const char *name, char *ret, size_t size, bool *ret_has)
{
        json_t *value = json_object_get(object, name);

        ret[0] = 0;
        if (ret_has)
                *ret_has = value;
        if (!value)
                return true;
        return json_is_string(value) &&
               text_copy((struct text){ json_string_value(value), json_string_length(value) }, ret, size);
}

/* Section 4.1. */
static int header_parse(struct text encoded, struct jws_header *ret)
{
        SCOPED(json_decrefp) json_t *object = NULL;
        char octets[HEADER_OCTETS_MAX], algorithm[32];
        size_t length;

        if (!base64url_parse(encoded, octets, sizeof(octets), &length))
                return JWS_MALFORMED;
        object = json_loadb(octets, length, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_object(object) || json_object_get(object, "crit"))
                return JWS_MALFORMED;
        if (!read_words(object, "kid", ret->kid, sizeof(ret->kid), &ret->has_kid) ||
            !read_words(object, "typ", ret->type, sizeof(ret->type), NULL))
                return JWS_MALFORMED;
        if (!read_words(object, "alg", algorithm, sizeof(algorithm), NULL) ||
            !jws_algorithm_parse(text_from(algorithm), &ret->algorithm))
                return JWS_BAD_ALGORITHM;
        return 0;
}

static const EVP_MD *digest_of(enum jws_algorithm algorithm)
{
        switch (algorithm) {
        case JWS_RS256:
        case JWS_PS256:
        case JWS_ES256: return EVP_sha256();
        case JWS_RS384:
        case JWS_ES384: return EVP_sha384();
        case JWS_RS512: return EVP_sha512();
        case JWS_EDDSA: return NULL; /* it hashes itself */
        }
        return NULL;
}

/* RFC 7518, section 3.4: two numbers of full length, where OpenSSL wants DER. False where they are none. */
static bool ec_signature(const uint8_t *octets, size_t length, size_t half, uint8_t **ret, size_t *ret_length)
{
        SCOPED(signature_freep) ECDSA_SIG *signature = ECDSA_SIG_new();
        BIGNUM *r, *s;
        int written;

        *ret = NULL;
        if (!signature || length != 2 * half)
                return false;
        r = BN_bin2bn(octets, (int)half, NULL);
        s = BN_bin2bn(octets + half, (int)half, NULL);
        if (!r || !s || !ECDSA_SIG_set0(signature, r, s)) {
                BN_free(r);
                BN_free(s);
                return false;
        }
        written = i2d_ECDSA_SIG(signature, ret);
        *ret_length = written > 0 ? (size_t)written : 0;
        return written > 0;
}

/* RFC 7518, section 3.5: MGF1 with the same hash, salt of its length. */
static bool set_pss(EVP_PKEY_CTX *context)
{
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

static bool is_right(const struct jwk *key, enum jws_algorithm algorithm, struct text signed_octets,
                     const uint8_t *signature, size_t length)
{
        SCOPED(digest_freep) EVP_MD_CTX *context = EVP_MD_CTX_new();
        EVP_PKEY_CTX *of_key = NULL;

        if (!context || EVP_DigestVerifyInit(context, &of_key, digest_of(algorithm), NULL, key->key) <= 0 ||
            (algorithm == JWS_PS256 && !set_pss(of_key)))
                return false;
        return EVP_DigestVerify(context, signature, length, (const uint8_t *)signed_octets.at,
                                signed_octets.len) == 1;
}

static void der_freep(uint8_t **der)
{
        OPENSSL_free(*der);
}

static bool check(const struct jwk *key, enum jws_algorithm algorithm, const struct parts *parts)
{
        SCOPED(der_freep) uint8_t *der = NULL;
        uint8_t octets[SIGNATURE_OCTETS_MAX];
        size_t length, half = key->kind == JWK_P256 ? 32 : 48;
        bool right;

        if (!base64url_parse(parts->signature, octets, sizeof(octets), &length))
                return false;
        if (key->kind != JWK_P256 && key->kind != JWK_P384)
                right = is_right(key, algorithm, parts->signed_octets, octets, length);
        else
                right = ec_signature(octets, length, half, &der, &length) &&
                        is_right(key, algorithm, parts->signed_octets, der, length);
        ERR_clear_error();
        return right;
}

int jws_open(struct text token, const struct jwk_set *keys, uint32_t allowed, struct buffer *payload,
             struct jws_header *ret)
{
        struct jws_header header = { 0 };
        const struct jwk *key;
        struct parts parts;
        size_t length, room;
        char *to;
        int r;

        if (!split(token, &parts))
                return JWS_MALFORMED;
        r = header_parse(parts.header, &header);
        if (r)
                return r;
        if (!(allowed & header.algorithm))
                return JWS_BAD_ALGORITHM;
        key = jwk_set_find(keys, header.has_kid ? text_from(header.kid) : (struct text){ NULL, 0 },
                           header.algorithm);
        if (!key)
                return JWS_NO_KEY;
        if (!check(key, header.algorithm, &parts))
                return JWS_BAD_SIGNATURE;

        room = parts.payload.len / 4 * 3 + 3;
        to = buffer_extend(payload, room);
        if (!to)
                return fault(payload->failure);
        if (!base64url_parse(parts.payload, to, room, &length)) {
                payload->len -= room;
                return JWS_MALFORMED;
        }
        payload->len -= room - length;
        *ret = header;
        return 0;
}

const char *jws_refusal_phrase(int refusal)
{
        switch (refusal) {
        case JWS_MALFORMED: return "the token is not a signed token";
        case JWS_BAD_ALGORITHM: return "the token is signed with an algorithm that is not allowed";
        case JWS_NO_KEY: return "the token is signed with a key that the provider does not publish";
        case JWS_BAD_SIGNATURE: return "the token's signature is wrong";
        default: return "no complaint";
        }
}
