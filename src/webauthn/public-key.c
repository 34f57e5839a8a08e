// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "webauthn/public-key.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "webauthn/cbor.h"

/* RFC 9053, sections 2.1 and 2.2; RFC 8812, section 2. */
#define ES256 (-7)
#define EDDSA (-8)
#define RS256 (-257)

/* RFC 9052, section 7.1; RFC 9053, section 7; RFC 8230, section 4. */
#define KEY_TYPE  1
#define ALGORITHM 3
#define TYPE_OKP  1
#define TYPE_EC2  2
#define TYPE_RSA  3
#define P256      1
#define ED25519   6

const int public_key_algorithms[3] = { EDDSA, ES256, RS256 };

static void pkey_freep(EVP_PKEY **key)
{
        EVP_PKEY_free(*key);
}

static void context_freep(EVP_PKEY_CTX **context)
{
        EVP_PKEY_CTX_free(*context);
}

static void digest_freep(EVP_MD_CTX **context)
{
        EVP_MD_CTX_free(*context);
}

static void build_freep(OSSL_PARAM_BLD **build)
{
        OSSL_PARAM_BLD_free(*build);
}

static void params_freep(OSSL_PARAM **params)
{
        OSSL_PARAM_free(*params);
}

static void number_freep(BIGNUM **number)
{
        BN_free(*number);
}

static bool find_integer(struct text cose, int64_t key, int64_t *ret)
{
        struct cbor_item item;
        struct cursor c;

        if (!cbor_find_number(cose, key, &c))
                return false;
        item = cbor_read(&c);
        *ret = item.number;
        return !c.failed && (item.kind == CBOR_UNSIGNED || item.kind == CBOR_NEGATIVE);
}

static bool find_octets(struct text cose, int64_t key, struct text *ret)
{
        struct cbor_item item;
        struct cursor c;

        if (!cbor_find_number(cose, key, &c))
                return false;
        item = cbor_read(&c);
        *ret = item.text;
        return !c.failed && item.kind == CBOR_OCTETS;
}

/* OpenSSL looks whether the point is on the curve. */
static int make_key(const char *type, OSSL_PARAM *params, EVP_PKEY **ret)
{
        SCOPED(context_freep) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
        SCOPED(context_freep) EVP_PKEY_CTX *checker = NULL;
        SCOPED(pkey_freep) EVP_PKEY *key = NULL;

        if (!context || EVP_PKEY_fromdata_init(context) != 1)
                return fault(-ENOMEM);
        if (EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
                return PUBLIC_KEY_MALFORMED;
        checker = EVP_PKEY_CTX_new(key, NULL);
        if (!checker)
                return fault(-ENOMEM);
        if (EVP_PKEY_public_check_quick(checker) != 1)
                return PUBLIC_KEY_MALFORMED;
        *ret = take(key);
        return 0;
}

static int open_p256(struct text cose, EVP_PKEY **ret)
{
        char group[] = "P-256";
        OSSL_PARAM params[3];
        uint8_t point[65];
        int64_t curve;
        struct text x, y;

        if (!find_integer(cose, -1, &curve) || curve != P256 || !find_octets(cose, -2, &x) ||
            !find_octets(cose, -3, &y) || x.len != 32 || y.len != 32)
                return PUBLIC_KEY_MALFORMED;
        point[0] = 4;
        memcpy(point + 1, x.at, 32);
        memcpy(point + 33, y.at, 32);
        params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
        params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point));
        params[2] = OSSL_PARAM_construct_end();
        return make_key("EC", params, ret);
}

static int open_ed25519(struct text cose, EVP_PKEY **ret)
{
        int64_t curve;
        struct text x;

        if (!find_integer(cose, -1, &curve) || curve != ED25519 || !find_octets(cose, -2, &x) || x.len != 32)
                return PUBLIC_KEY_MALFORMED;
        *ret = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const uint8_t *)x.at, x.len);
        return *ret ? 0 : PUBLIC_KEY_MALFORMED;
}

static int open_rsa(struct text cose, EVP_PKEY **ret)
{
        SCOPED(build_freep) OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
        SCOPED(number_freep) BIGNUM *modulus = NULL;
        SCOPED(number_freep) BIGNUM *exponent = NULL;
        SCOPED(params_freep) OSSL_PARAM *params = NULL;
        struct text n, e;

        if (!find_octets(cose, -1, &n) || !find_octets(cose, -2, &e) || n.len < 256 || n.len > 1024 ||
            e.len == 0 || e.len > 4 || !(n.at[0] & 0x80) || !(e.at[e.len - 1] & 1))
                return PUBLIC_KEY_MALFORMED;
        modulus = BN_bin2bn((const uint8_t *)n.at, (int)n.len, NULL);
        exponent = BN_bin2bn((const uint8_t *)e.at, (int)e.len, NULL);
        if (!build || !modulus || !exponent || !OSSL_PARAM_BLD_push_BN(build, "n", modulus) ||
            !OSSL_PARAM_BLD_push_BN(build, "e", exponent))
                return fault(-ENOMEM);
        if (BN_is_one(exponent))
                return PUBLIC_KEY_MALFORMED;
        params = OSSL_PARAM_BLD_to_param(build);
        return params ? make_key("RSA", params, ret) : fault(-ENOMEM);
}

/* The algorithm must be that of the type; a key without one says nothing of what it is for. */
static int open_key(struct text cose, int64_t *ret_algorithm, EVP_PKEY **ret)
{
        struct cursor c = cursor_from(cose);
        int64_t type;

        cbor_skip(&c);
        if (c.failed || c.left || cose.len > PUBLIC_KEY_OCTETS_MAX || !find_integer(cose, KEY_TYPE, &type) ||
            !find_integer(cose, ALGORITHM, ret_algorithm))
                return PUBLIC_KEY_MALFORMED;
        if (*ret_algorithm == ES256)
                return type == TYPE_EC2 ? open_p256(cose, ret) : PUBLIC_KEY_MALFORMED;
        if (*ret_algorithm == EDDSA)
                return type == TYPE_OKP ? open_ed25519(cose, ret) : PUBLIC_KEY_MALFORMED;
        if (*ret_algorithm == RS256)
                return type == TYPE_RSA ? open_rsa(cose, ret) : PUBLIC_KEY_MALFORMED;
        return PUBLIC_KEY_BAD_ALGORITHM;
}

int public_key_check(struct text cose)
{
        SCOPED(pkey_freep) EVP_PKEY *key = NULL;
        int64_t algorithm;

        return open_key(cose, &algorithm, &key);
}

int public_key_verify(struct text cose, struct text octets, struct text signature)
{
        SCOPED(pkey_freep) EVP_PKEY *key = NULL;
        SCOPED(digest_freep) EVP_MD_CTX *context = EVP_MD_CTX_new();
        int64_t algorithm;
        int r;

        r = open_key(cose, &algorithm, &key);
        if (r)
                return r;
        if (!context ||
            EVP_DigestVerifyInit(context, NULL, algorithm == EDDSA ? NULL : EVP_sha256(), NULL, key) != 1)
                return fault(-ENOMEM);
        if (EVP_DigestVerify(context, (const uint8_t *)signature.at, signature.len,
                             (const uint8_t *)octets.at, octets.len) != 1)
                return PUBLIC_KEY_BAD_SIGNATURE;
        return 0;
}
