// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tokens of every algorithm are opened; what is not signed with that very key and algorithm is not. */

#include "jose/test-sign.h"

/* RFC 7515, appendix A.2: an RS256 token and its key, made by somebody else's program. */
#define RFC_KEY                                                                                                  \
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-"  \
        "Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf" \
        "63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJ"  \
        "H7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}]}"
#define RFC_TOKEN                                                                                               \
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc"    \
        "19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5"   \
        "YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBM"  \
        "Hlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipU" \
        "TI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

static EVP_PKEY *rsa, *p256, *p384, *ed25519, *strange;
static struct jwk_set *keys;

static int open_it(struct text token, uint32_t allowed)
{
        SCOPED(buffer_done) struct buffer payload = BUFFER(JWS_OCTETS_MAX);
        struct jws_header header;
        int r = jws_open(token, keys, allowed, &payload, &header);

        assert(r == 0 || payload.len == 0);
        return r;
}

static void test_every_algorithm(void)
{
        static const struct {
                const char *name;
                EVP_PKEY **key;
                const char *kid;
        } rows[] = {
                { "RS256", &rsa, "r" },     { "RS384", &rsa, "r" },  { "RS512", &rsa, "r" },
                { "PS256", &rsa, "r" },     { "ES256", &p256, "p" }, { "ES384", &p384, "p" },
                { "EdDSA", &ed25519, "e" },
        };
        SCOPED(buffer_done) struct buffer token = BUFFER(JWS_OCTETS_MAX), payload = BUFFER(JWS_OCTETS_MAX);
        struct jws_header header;
        char words[128];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                enum jws_algorithm algorithm;

                assert(jws_algorithm_parse(text_from(rows[i].name), &algorithm));
                assert(strcmp(jws_algorithm_name(algorithm), rows[i].name) == 0);
                snprintf(words, sizeof(words), "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"JWT\"}",
                         rows[i].name, rows[i].kid);
                test_sign(*rows[i].key, rows[i].name, TEXT_OF(""), words, "{\"a\":1}", &token);
                buffer_clear(&payload);
                assert(jws_open(buffer_text(&token), keys, JWS_ALL_ALGORITHMS, &payload, &header) == 0);
                assert(text_equal_string(buffer_text(&payload), "{\"a\":1}"));
                assert(header.algorithm == algorithm && strcmp(header.type, "JWT") == 0);
                assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS & ~(uint32_t)algorithm) ==
                       JWS_BAD_ALGORITHM);

                /* Signed by somebody else, with the same header. */
                if (EVP_PKEY_is_a(*rows[i].key, "RSA")) {
                        test_sign(strange, rows[i].name, TEXT_OF(""), words, "{\"a\":1}", &token);
                        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == JWS_BAD_SIGNATURE);
                }
        }
}

/* Not one octet of a token can be changed. */
static void test_every_octet(void)
{
        SCOPED(buffer_done) struct buffer token = BUFFER(JWS_OCTETS_MAX);
        size_t refused = 0;

        test_sign(p256, "ES256", TEXT_OF(""), "{\"alg\":\"ES256\",\"kid\":\"p\"}", "{\"sub\":\"ada\"}",
                  &token);
        for (size_t i = 0; i < token.len; i++) {
                static const char others[] = "AQgwE-_.=";

                for (const char *c = others; *c; c++) {
                        char was = token.at[i];

                        if (was == *c)
                                continue;
                        token.at[i] = *c;
                        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) > 0);
                        refused++;
                        token.at[i] = was;
                }
        }
        for (size_t i = 0; i < token.len; i++)
                assert(open_it((struct text){ token.at, i }, JWS_ALL_ALGORITHMS) > 0);
        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == 0 && refused > 1000);
}

static const struct {
        const char *name;
        const char *header;
        const char *signed_as;
        EVP_PKEY **key;
        int outcome;
} headers[] = {
        { "the algorithm of another key", "{\"alg\":\"RS256\",\"kid\":\"p\"}", "ES256", &p256, JWS_NO_KEY },
        { "another hash than it was signed with", "{\"alg\":\"RS512\",\"kid\":\"r\"}", "RS256", &rsa,
          JWS_BAD_SIGNATURE },
        { "another padding", "{\"alg\":\"PS256\",\"kid\":\"r\"}", "RS256", &rsa, JWS_BAD_SIGNATURE },
        { "a curve for another", "{\"alg\":\"ES256\",\"kid\":\"p\"}", "ES384", &p384, JWS_BAD_SIGNATURE },
        { "a kid nobody knows", "{\"alg\":\"RS256\",\"kid\":\"x\"}", "RS256", &rsa, JWS_NO_KEY },
        { "an empty kid", "{\"alg\":\"RS256\",\"kid\":\"\"}", "RS256", &rsa, JWS_NO_KEY },
        { "a kid that is a number", "{\"alg\":\"RS256\",\"kid\":1}", "RS256", &rsa, JWS_MALFORMED },
        { "a kid with NUL", "{\"alg\":\"RS256\",\"kid\":\"r\\u0000\"}", "RS256", &rsa, JWS_MALFORMED },
        { "no kid and one key", "{\"alg\":\"RS256\"}", "RS256", &rsa, 0 },
        { "no kid and one key, another's", "{\"alg\":\"RS256\"}", "RS256", &strange, JWS_BAD_SIGNATURE },
        { "no algorithm", "{\"kid\":\"r\"}", "RS256", &rsa, JWS_BAD_ALGORITHM },
        { "an algorithm that is none", "{\"alg\":1,\"kid\":\"r\"}", "RS256", &rsa, JWS_BAD_ALGORITHM },
        { "an algorithm in small letters", "{\"alg\":\"rs256\",\"kid\":\"r\"}", "RS256", &rsa,
          JWS_BAD_ALGORITHM },
        { "none", "{\"alg\":\"none\"}", "none", &rsa, JWS_MALFORMED },
        { "none, signed", "{\"alg\":\"none\",\"kid\":\"r\"}", "RS256", &rsa, JWS_BAD_ALGORITHM },
        { "None", "{\"alg\":\"None\",\"kid\":\"r\"}", "RS256", &rsa, JWS_BAD_ALGORITHM },
        { "HS256", "{\"alg\":\"HS256\",\"kid\":\"r\"}", "RS256", &rsa, JWS_BAD_ALGORITHM },
        { "two algorithms", "{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"r\"}", "RS256", &rsa,
          JWS_MALFORMED },
        { "something critical", "{\"alg\":\"RS256\",\"kid\":\"r\",\"crit\":[\"b64\"],\"b64\":false}", "RS256",
          &rsa, JWS_MALFORMED },
        { "an empty crit", "{\"alg\":\"RS256\",\"kid\":\"r\",\"crit\":[]}", "RS256", &rsa, JWS_MALFORMED },
        { "a header that is a list", "[\"RS256\"]", "RS256", &rsa, JWS_MALFORMED },
        { "a header that is no JSON", "alg=RS256", "RS256", &rsa, JWS_MALFORMED },
        { "keys elsewhere", "{\"alg\":\"RS256\",\"kid\":\"x\",\"jku\":\"https://evil.example/keys\"}",
          "RS256", &strange, JWS_NO_KEY },
        { "keys elsewhere, a kid of ours",
          "{\"alg\":\"RS256\",\"kid\":\"r\",\"jku\":\"https://evil.example/keys\",\"x5u\":\"https://evil.example\"}",
          "RS256", &strange, JWS_BAD_SIGNATURE },
        { "harmless members",
          "{\"alg\":\"RS256\",\"kid\":\"r\",\"x5t\":\"abc\",\"jku\":\"https://ours.example\"}", "RS256", &rsa,
          0 },
};

static void test_headers(void)
{
        SCOPED(buffer_done) struct buffer token = BUFFER(JWS_OCTETS_MAX);

        for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
                printf("%s\n", headers[i].name);
                test_sign(*headers[i].key, headers[i].signed_as, TEXT_OF(""), headers[i].header, "{}",
                          &token);
                assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == headers[i].outcome);
        }
}

/* The public key, as the secret of an HMAC, and in the header. */
static void test_public_key_as_secret(void)
{
        SCOPED(buffer_done)
        struct buffer token = BUFFER(JWS_OCTETS_MAX), jwk = BUFFER(8192), header = BUFFER(8192);
        uint8_t *der = NULL;
        int length = i2d_PUBKEY(rsa, &der);

        test_sign(NULL, "HS256", text_from_octets(der, (size_t)length), "{\"alg\":\"HS256\",\"kid\":\"r\"}",
                  "{}", &token);
        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == JWS_BAD_ALGORITHM);
        test_sign(NULL, "HS256", text_from_octets(der, (size_t)length), "{\"alg\":\"RS256\",\"kid\":\"r\"}",
                  "{}", &token);
        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == JWS_BAD_SIGNATURE);
        OPENSSL_free(der);

        test_add_jwk(&jwk, strange, "");
        buffer_format(&header, "{\"alg\":\"RS256\",\"kid\":\"r\",\"jwk\":%s}", buffer_string(&jwk));
        test_sign(strange, "RS256", TEXT_OF(""), buffer_string(&header), "{}", &token);
        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == JWS_BAD_SIGNATURE);
        buffer_clear(&header);
        buffer_format(&header, "{\"alg\":\"RS256\",\"jwk\":%s}", buffer_string(&jwk));
        test_sign(strange, "RS256", TEXT_OF(""), buffer_string(&header), "{}", &token);
        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == JWS_BAD_SIGNATURE);
}

static void test_forms(void)
{
        static const char *const rows[] = {
                "",
                ".",
                "..",
                "...",
                "a.b",
                "a.b.c",
                "e30.e30.e30",
                "e30.e30.",
                ".e30.e30",
                "e30..e30",
                "eyJhbGciOiJSUzI1NiJ9.e30.",
                "eyJhbGciOiJSUzI1NiJ9 .e30.AA",
                "eyJhbGciOiJSUzI1NiJ9.e30.AA==",
                /* JSON serialization, and five parts, as an encrypted one has them. */
                "{\"payload\":\"e30\",\"signature\":\"AA\"}",
                "eyJhbGciOiJSUzI1NiJ9.e30.AA.AA.AA",
        };
        SCOPED(buffer_done) struct buffer token = BUFFER(2 * JWS_OCTETS_MAX);

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                assert(open_it(text_from(rows[i]), JWS_ALL_ALGORITHMS) > 0);
        buffer_add_string(&token, RFC_TOKEN);
        while (token.len <= JWS_OCTETS_MAX)
                buffer_add_string(&token, "AAAAAAAAAAAAAAAA");
        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == JWS_MALFORMED);
}

/* ECDSA signatures of zeros, which broken libraries took for right. */
static void test_zero_signature(void)
{
        SCOPED(buffer_done) struct buffer token = BUFFER(JWS_OCTETS_MAX);
        uint8_t zeros[64] = { 0 };

        test_add_encoded(&token, "{\"alg\":\"ES256\",\"kid\":\"p\"}", 25);
        buffer_add_string(&token, ".e30.");
        test_add_encoded(&token, zeros, sizeof(zeros));
        assert(open_it(buffer_text(&token), JWS_ALL_ALGORITHMS) == JWS_BAD_SIGNATURE);
}

static void test_of_the_standard(void)
{
        SCOPED(buffer_done) struct buffer payload = BUFFER(JWS_OCTETS_MAX);
        SCOPED(jwk_set_freep) struct jwk_set *set = NULL;
        struct jws_header header;

        assert(jwk_set_parse(TEXT_OF(RFC_KEY), &set) == 0);
        assert(jws_open(TEXT_OF(RFC_TOKEN), set, JWS_RS256, &payload, &header) == 0);
        assert(text_starts_with(buffer_text(&payload), "{\"iss\":\"joe\""));
}

int main(void)
{
        SCOPED(buffer_done) struct buffer document = BUFFER(JWK_SET_OCTETS_MAX);

        rsa = test_key("RSA");
        strange = test_key("RSA");
        p256 = test_key("P-256");
        p384 = test_key("P-384");
        ed25519 = test_key("Ed25519");
        buffer_add_string(&document, "{\"keys\":[");
        test_add_jwk(&document, rsa, ",\"kid\":\"r\",\"use\":\"sig\"");
        buffer_add_string(&document, ",");
        test_add_jwk(&document, p256, ",\"kid\":\"p\"");
        buffer_add_string(&document, ",");
        test_add_jwk(&document, p384, ",\"kid\":\"p\"");
        buffer_add_string(&document, ",");
        test_add_jwk(&document, ed25519, ",\"kid\":\"e\"");
        buffer_add_string(&document, "]}");
        assert(jwk_set_parse(buffer_text(&document), &keys) == 0);

        test_of_the_standard();
        test_every_algorithm();
        test_every_octet();
        test_headers();
        test_public_key_as_secret();
        test_forms();
        test_zero_signature();

        jwk_set_free(keys);
        EVP_PKEY_free(rsa);
        EVP_PKEY_free(strange);
        EVP_PKEY_free(p256);
        EVP_PKEY_free(p384);
        EVP_PKEY_free(ed25519);
        return 0;
}
