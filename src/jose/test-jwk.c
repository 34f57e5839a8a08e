// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "jose/test-sign.h"

/* RFC 7515, appendices A.2 and A.3; RFC 8037, appendix A. */
#define RSA_N                                                                                                  \
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR" \
        "T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXB" \
        "dQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia" \
        "GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define RSA_KEY "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}"
#define EC_X    "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define EC_Y    "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define EC_KEY  "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}"
#define ED_KEY  "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define OCT_KEY "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75\"}"

static const struct {
        const char *name;
        struct text document;
        int outcome;
        size_t count;
} rows[] = {
        { "RSA", TEXT("{\"keys\":[" RSA_KEY "]}"), 0, 1 },
        { "P-256", TEXT("{\"keys\":[" EC_KEY "]}"), 0, 1 },
        { "Ed25519", TEXT("{\"keys\":[" ED_KEY "]}"), 0, 1 },
        { "all, and a symmetric one", TEXT("{\"keys\":[" OCT_KEY "," RSA_KEY "," EC_KEY "," ED_KEY "]}"), 0,
          3 },
        { "other members", TEXT("{\"a\":1,\"keys\":[{\"b\":2}," EC_KEY "]}"), 0, 1 },
        { "symmetric only", TEXT("{\"keys\":[" OCT_KEY "]}"), JWK_NONE_OF_USE, 0 },
        { "none", TEXT("{\"keys\":[]}"), JWK_NONE_OF_USE, 0 },
        { "keys are no list", TEXT("{\"keys\":{}}"), JWK_MALFORMED, 0 },
        { "a bare key", TEXT(RSA_KEY), JWK_MALFORMED, 0 },
        { "a list", TEXT("[" RSA_KEY "]"), JWK_MALFORMED, 0 },
        { "no JSON", TEXT("<html>"), JWK_MALFORMED, 0 },
        { "nothing", TEXT(""), JWK_MALFORMED, 0 },
        { "keys twice", TEXT("{\"keys\":[],\"keys\":[" RSA_KEY "]}"), JWK_MALFORMED, 0 },
        { "strings for keys", TEXT("{\"keys\":[\"" RSA_N "\",1,null]}"), JWK_NONE_OF_USE, 0 },
        { "RSA of 8 bits", TEXT("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"_w\",\"e\":\"AQAB\"}]}"),
          JWK_NONE_OF_USE, 0 },
        { "RSA with an exponent of one",
          TEXT("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQ\"}]}"), JWK_NONE_OF_USE, 0 },
        { "RSA with an even exponent",
          TEXT("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"Ag\"}]}"), JWK_NONE_OF_USE, 0 },
        { "RSA with a long exponent",
          TEXT("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"" RSA_N "\"}]}"), JWK_NONE_OF_USE,
          0 },
        { "RSA in plain Base64", TEXT("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"a+/b\",\"e\":\"AQAB\"}]}"),
          JWK_NONE_OF_USE, 0 },
        { "a point not on the curve",
          TEXT("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_X "\"}]}"),
          JWK_NONE_OF_USE, 0 },
        { "a point at no place",
          TEXT("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}"), JWK_NONE_OF_USE,
          0 },
        { "another curve",
          TEXT("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}]}"),
          JWK_NONE_OF_USE, 0 },
        { "for encryption",
          TEXT("{\"keys\":[{\"use\":\"enc\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y
               "\"}]}"),
          JWK_NONE_OF_USE, 0 },
        { "for signing only",
          TEXT("{\"keys\":[{\"key_ops\":[\"sign\"],\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
               "\",\"y\":\"" EC_Y "\"}]}"),
          JWK_NONE_OF_USE, 0 },
        { "an algorithm for encryption",
          TEXT("{\"keys\":[{\"alg\":\"ECDH-ES\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
               "\",\"y\":\"" EC_Y "\"}]}"),
          JWK_NONE_OF_USE, 0 },
        { "Ed25519 cut short",
          TEXT("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfV\"}]}"), JWK_NONE_OF_USE,
          0 },
        { "X25519", TEXT("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" EC_X "\"}]}"),
          JWK_NONE_OF_USE, 0 },
};

static void test_which_key(void)
{
        SCOPED(buffer_done) struct buffer document = BUFFER(JWK_SET_OCTETS_MAX);
        SCOPED(jwk_set_freep) struct jwk_set *set = NULL;
        EVP_PKEY *rsa = test_key("RSA"), *other = test_key("RSA"), *ec = test_key("P-256");
        const struct text no_kid = { NULL, 0 };

        buffer_add_string(&document, "{\"keys\":[");
        test_add_jwk(&document, rsa, ",\"kid\":\"a\",\"use\":\"sig\"");
        buffer_add_string(&document, ",");
        test_add_jwk(&document, other, ",\"kid\":\"b\",\"alg\":\"RS256\",\"key_ops\":[\"verify\"]");
        buffer_add_string(&document, ",");
        test_add_jwk(&document, ec, ",\"kid\":\"a\"");
        buffer_add_string(&document, "]}");
        assert(jwk_set_parse(buffer_text(&document), &set) == 0 && set->count == 3);

        assert(jwk_set_find(set, TEXT_OF("a"), JWS_RS256) == &set->keys[0]);
        assert(jwk_set_find(set, TEXT_OF("a"), JWS_ES256) == &set->keys[2]);
        assert(jwk_set_find(set, TEXT_OF("b"), JWS_RS256) == &set->keys[1]);
        assert(!jwk_set_find(set, TEXT_OF("b"), JWS_RS512)); /* made for RS256 alone */
        assert(!jwk_set_find(set, TEXT_OF("b"), JWS_ES256));
        assert(!jwk_set_find(set, TEXT_OF("c"), JWS_RS256));
        assert(!jwk_set_find(set, TEXT_OF("A"), JWS_RS256));
        assert(!jwk_set_find(set, TEXT_OF(""), JWS_RS256));
        assert(!jwk_set_find(set, no_kid, JWS_RS256)); /* which of the two? */
        assert(jwk_set_find(set, no_kid, JWS_RS512) == &set->keys[0]);
        assert(jwk_set_find(set, no_kid, JWS_ES256) == &set->keys[2]);
        assert(!jwk_set_find(set, no_kid, JWS_EDDSA));
        EVP_PKEY_free(rsa);
        EVP_PKEY_free(other);
        EVP_PKEY_free(ec);
}

static void test_limits(void)
{
        SCOPED(buffer_done) struct buffer document = BUFFER(2 * JWK_SET_OCTETS_MAX);
        SCOPED(jwk_set_freep) struct jwk_set *set = NULL;

        buffer_add_string(&document, "{\"keys\":[" ED_KEY);
        for (int i = 0; i < JWK_KEYS_MAX - 1; i++)
                buffer_add_string(&document, "," ED_KEY);
        buffer_add_string(&document, "]}");
        assert(jwk_set_parse(buffer_text(&document), &set) == 0 && set->count == JWK_KEYS_MAX);
        document.len -= 2;
        buffer_add_string(&document, "," ED_KEY "]}");
        assert(jwk_set_parse(buffer_text(&document), &set) == JWK_MALFORMED);
        while (document.len <= JWK_SET_OCTETS_MAX)
                buffer_add_string(&document, "                                ");
        assert(jwk_set_parse(buffer_text(&document), &set) == JWK_MALFORMED);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(jwk_set_freep) struct jwk_set *set = NULL;

                printf("%s\n", rows[i].name);
                assert(jwk_set_parse(rows[i].document, &set) == rows[i].outcome);
                assert((set ? set->count : 0) == rows[i].count);
        }
        test_which_key();
        test_limits();
        return 0;
}
