// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What an ID token and a logout token must say: of the bad ones, none is accepted. */

#include "jose/claims.h"
#include "jose/test-sign.h"

#define NOW 1790000000 /* seconds */
#define ISS "\"iss\":\"https://id.example\""
#define AUD "\"aud\":\"print\""
#define EXP "\"exp\":1790000300"
#define IAT "\"iat\":1789999990"
#define SUB "\"sub\":\"s1\""
#define NON "\"nonce\":\"n0nce\""
#define EVT "\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}"
#define JTI "\"jti\":\"1\""

static const struct jws_header plain = { .algorithm = JWS_RS256, .type = "JWT" };
static const struct jws_header untyped = { .algorithm = JWS_ES256 };
static const struct jws_header for_access = { .algorithm = JWS_RS256, .type = "at+jwt" };
static const struct jws_header for_access_long = { .algorithm = JWS_RS256, .type = "application/at+jwt" };
static const struct jws_header for_logout = { .algorithm = JWS_RS256, .type = "logout+jwt" };
static const struct jws_header eddsa = { .algorithm = JWS_EDDSA };

struct row {
        const char *name;
        const char *payload;
        const struct jws_header *header;
        int outcome;
};

static const struct row id_tokens[] = {
        { "good", "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON "}", &plain, 0 },
        { "good, without a type", "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON "}", &untyped, 0 },
        { "good, audience in a list", "{" ISS ",\"aud\":[\"print\"]," EXP "," IAT "," SUB "," NON "}", &plain,
          0 },
        { "good, for two, asked by us",
          "{" ISS ",\"aud\":[\"x\",\"print\"],\"azp\":\"print\"," EXP "," IAT "," SUB "," NON "}", &plain,
          0 },
        { "good, fractions", "{" ISS "," AUD ",\"exp\":1790000300.5,\"iat\":1789999990.25," SUB "," NON "}",
          &plain, 0 },
        { "good, just within the leeway", "{" ISS "," AUD ",\"exp\":1789999941," IAT "," SUB "," NON "}",
          &plain, 0 },
        { "good, with its access token",
          "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON ",\"at_hash\":\"PEaenWxYddN6Q_NT1PiOYQ\"}", &plain,
          0 },

        { "no claims", "{}", &plain, CLAIMS_OTHER_ISSUER },
        { "no issuer", "{" AUD "," EXP "," IAT "," SUB "," NON "}", &plain, CLAIMS_OTHER_ISSUER },
        { "another issuer", "{\"iss\":\"https://evil.example\"," AUD "," EXP "," IAT "," SUB "," NON "}",
          &plain, CLAIMS_OTHER_ISSUER },
        { "an issuer with a slash more",
          "{\"iss\":\"https://id.example/\"," AUD "," EXP "," IAT "," SUB "," NON "}", &plain,
          CLAIMS_OTHER_ISSUER },
        { "an issuer in capitals", "{\"iss\":\"https://ID.example\"," AUD "," EXP "," IAT "," SUB "," NON "}",
          &plain, CLAIMS_OTHER_ISSUER },
        { "issuers in a list", "{\"iss\":[\"https://id.example\"]," AUD "," EXP "," IAT "," SUB "," NON "}",
          &plain, CLAIMS_OTHER_ISSUER },
        { "no audience", "{" ISS "," EXP "," IAT "," SUB "," NON "}", &plain, CLAIMS_OTHER_AUDIENCE },
        { "another audience", "{" ISS ",\"aud\":\"mail\"," EXP "," IAT "," SUB "," NON "}", &plain,
          CLAIMS_OTHER_AUDIENCE },
        { "an audience that begins with ours", "{" ISS ",\"aud\":\"print2\"," EXP "," IAT "," SUB "," NON "}",
          &plain, CLAIMS_OTHER_AUDIENCE },
        { "an empty list of audiences", "{" ISS ",\"aud\":[]," EXP "," IAT "," SUB "," NON "}", &plain,
          CLAIMS_OTHER_AUDIENCE },
        { "an audience that is an object", "{" ISS ",\"aud\":{\"print\":1}," EXP "," IAT "," SUB "," NON "}",
          &plain, CLAIMS_OTHER_AUDIENCE },
        { "for two, not said by whom", "{" ISS ",\"aud\":[\"x\",\"print\"]," EXP "," IAT "," SUB "," NON "}",
          &plain, CLAIMS_OTHER_AUDIENCE },
        { "asked by another", "{" ISS "," AUD ",\"azp\":\"x\"," EXP "," IAT "," SUB "," NON "}", &plain,
          CLAIMS_OTHER_AUDIENCE },
        { "asked by nobody", "{" ISS "," AUD ",\"azp\":null," EXP "," IAT "," SUB "," NON "}", &plain,
          CLAIMS_OTHER_AUDIENCE },
        { "expired", "{" ISS "," AUD ",\"exp\":1789999940," IAT "," SUB "," NON "}", &plain, CLAIMS_EXPIRED },
        { "expired for ever", "{" ISS "," AUD ",\"exp\":0," IAT "," SUB "," NON "}", &plain, CLAIMS_EXPIRED },
        { "never expires", "{" ISS "," AUD "," IAT "," SUB "," NON "}", &plain, CLAIMS_MALFORMED },
        { "expires in words", "{" ISS "," AUD ",\"exp\":\"1790000300\"," IAT "," SUB "," NON "}", &plain,
          CLAIMS_MALFORMED },
        { "expires beyond all times", "{" ISS "," AUD ",\"exp\":1e300," IAT "," SUB "," NON "}", &plain,
          CLAIMS_MALFORMED },
        { "expired before 1970", "{" ISS "," AUD ",\"exp\":-1," IAT "," SUB "," NON "}", &plain,
          CLAIMS_MALFORMED },
        { "not said when issued", "{" ISS "," AUD "," EXP "," SUB "," NON "}", &plain, CLAIMS_MALFORMED },
        { "issued tomorrow", "{" ISS "," AUD "," EXP ",\"iat\":1790086400," SUB "," NON "}", &plain,
          CLAIMS_NOT_YET },
        { "issued long ago", "{" ISS "," AUD "," EXP ",\"iat\":1789990000," SUB "," NON "}", &plain,
          CLAIMS_TOO_OLD },
        { "begins tomorrow", "{" ISS "," AUD "," EXP "," IAT ",\"nbf\":1790086400," SUB "," NON "}", &plain,
          CLAIMS_NOT_YET },
        { "begins in words", "{" ISS "," AUD "," EXP "," IAT ",\"nbf\":\"now\"," SUB "," NON "}", &plain,
          CLAIMS_MALFORMED },
        { "no nonce", "{" ISS "," AUD "," EXP "," IAT "," SUB "}", &plain, CLAIMS_OTHER_NONCE },
        { "another nonce", "{" ISS "," AUD "," EXP "," IAT "," SUB ",\"nonce\":\"n0ncf\"}", &plain,
          CLAIMS_OTHER_NONCE },
        { "a longer nonce", "{" ISS "," AUD "," EXP "," IAT "," SUB ",\"nonce\":\"n0nce0\"}", &plain,
          CLAIMS_OTHER_NONCE },
        { "an empty nonce", "{" ISS "," AUD "," EXP "," IAT "," SUB ",\"nonce\":\"\"}", &plain,
          CLAIMS_OTHER_NONCE },
        { "no subject", "{" ISS "," AUD "," EXP "," IAT "," NON "}", &plain, CLAIMS_MALFORMED },
        { "an empty subject", "{" ISS "," AUD "," EXP "," IAT ",\"sub\":\"\"," NON "}", &plain,
          CLAIMS_MALFORMED },
        { "a subject that is a number", "{" ISS "," AUD "," EXP "," IAT ",\"sub\":1," NON "}", &plain,
          CLAIMS_MALFORMED },
        { "another subject", "{" ISS "," AUD "," EXP "," IAT ",\"sub\":\"s2\"," NON "}", &plain,
          CLAIMS_OTHER_SUBJECT },
        { "another access token",
          "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON ",\"at_hash\":\"PEaenWxYddN6Q_NT1PiOYA\"}", &plain,
          CLAIMS_OTHER_TOKEN },
        { "the hash of another algorithm",
          "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON ",\"at_hash\":\"PEaenWxYddN6Q_NT1PiOYQ\"}", &eddsa,
          CLAIMS_OTHER_TOKEN },
        { "a hash that is a number", "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON ",\"at_hash\":1}",
          &plain, CLAIMS_OTHER_TOKEN },
        { "an access token", "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON "}", &for_access,
          CLAIMS_OTHER_TYPE },
        { "an access token, by its long name", "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON "}",
          &for_access_long, CLAIMS_OTHER_TYPE },
        { "a logout token", "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON "," EVT "," JTI "}", &plain,
          CLAIMS_OTHER_TYPE },
        { "a logout token, by its type", "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON "}", &for_logout,
          CLAIMS_OTHER_TYPE },
};

static const struct row logout_tokens[] = {
        { "good", "{" ISS "," AUD "," EXP "," IAT "," SUB "," EVT "," JTI "}", &for_logout, 0 },
        { "good, by session, without an end", "{" ISS "," AUD "," IAT ",\"sid\":\"1\"," EVT "," JTI "}",
          &plain, 0 },
        { "an ID token", "{" ISS "," AUD "," EXP "," IAT "," SUB "," NON "}", &plain, CLAIMS_OTHER_TYPE },
        { "with a nonce", "{" ISS "," AUD "," EXP "," IAT "," SUB "," EVT "," JTI "," NON "}", &for_logout,
          CLAIMS_OTHER_TYPE },
        { "an access token", "{" ISS "," AUD "," EXP "," IAT "," SUB "," EVT "," JTI "}", &for_access,
          CLAIMS_OTHER_TYPE },
        { "another event",
          "{" ISS "," AUD "," EXP "," IAT "," SUB ",\"events\":{\"http://schemas.example/other\":{}}," JTI
          "}",
          &for_logout, CLAIMS_OTHER_TYPE },
        { "events in a list",
          "{" ISS "," AUD "," EXP "," IAT "," SUB
          ",\"events\":[\"http://schemas.openid.net/event/backchannel-logout\"]," JTI "}",
          &for_logout, CLAIMS_OTHER_TYPE },
        { "another issuer",
          "{\"iss\":\"https://evil.example\"," AUD "," EXP "," IAT "," SUB "," EVT "," JTI "}", &for_logout,
          CLAIMS_OTHER_ISSUER },
        { "another audience", "{" ISS ",\"aud\":\"mail\"," EXP "," IAT "," SUB "," EVT "," JTI "}",
          &for_logout, CLAIMS_OTHER_AUDIENCE },
        { "expired", "{" ISS "," AUD ",\"exp\":1789990000," IAT "," SUB "," EVT "," JTI "}", &for_logout,
          CLAIMS_EXPIRED },
        { "issued long ago", "{" ISS "," AUD ",\"iat\":1789990000," SUB "," EVT "," JTI "}", &for_logout,
          CLAIMS_EXPIRED },
        { "issued tomorrow", "{" ISS "," AUD ",\"iat\":1790086400," SUB "," EVT "," JTI "}", &for_logout,
          CLAIMS_NOT_YET },
        { "of nobody", "{" ISS "," AUD "," IAT "," EVT "," JTI "}", &for_logout, CLAIMS_MALFORMED },
        { "without a name", "{" ISS "," AUD "," IAT "," SUB "," EVT "}", &for_logout, CLAIMS_MALFORMED },
};

static const struct id_token_wanted wanted = {
        .issuer = TEXT("https://id.example"),
        .client = TEXT("print"),
        .nonce = TEXT("n0nce"),
        .subject = TEXT("s1"),
        .access_token = TEXT("token"),
        .now_ms = NOW * INT64_C(1000),
        .leeway_ms = 60000,
        .age_max_ms = 3600000,
};

static void test_tokens(const struct row *rows, size_t count,
                        int (*check)(const struct claims *, const struct jws_header *,
                                     const struct id_token_wanted *))
{
        for (size_t i = 0; i < count; i++) {
                SCOPED(claims_done) struct claims claims = { 0 };

                printf("%s\n", rows[i].name);
                assert(claims_open(text_from(rows[i].payload), &claims) == 0);
                assert(check(&claims, rows[i].header, &wanted) == rows[i].outcome);
        }
}

static void test_values(void)
{
        SCOPED(claims_done) struct claims claims = { 0 };
        struct text list[2];
        size_t count;

        assert(claims_open(TEXT_OF("{\"email\":\"a@b\",\"yes\":true,\"also\":\"true\",\"no\":\"1\",\"n\":1,"
                                   "\"groups\":[\"a\",1,\"b\",\"c\"],\"one\":\"x\"}"),
                           &claims) == 0);
        assert(text_equal_string(claims_text(&claims, "email"), "a@b"));
        assert(!claims_text(&claims, "n").at && !claims_text(&claims, "none").at);
        assert(claims_flag(&claims, "yes") && claims_flag(&claims, "also"));
        assert(!claims_flag(&claims, "no") && !claims_flag(&claims, "n") && !claims_flag(&claims, "none"));
        assert(claims_list(&claims, "groups", list, 2, &count) && count == 2);
        assert(text_equal_string(list[0], "a") && text_equal_string(list[1], "b"));
        assert(claims_list(&claims, "one", list, 2, &count) && count == 1);
        assert(!claims_list(&claims, "none", list, 2, &count) && !claims_list(&claims, "n", list, 2, &count));
}

static void test_no_claims(void)
{
        static const char *const rows[] = { "",
                                            "[]",
                                            "1",
                                            "null",
                                            "\"a\"",
                                            "{",
                                            "{\"sub\":1,\"sub\":2}",
                                            "{} {}",
                                            "{\"iss\":\"https://id.example\\u0000\"}" };
        struct claims claims;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                assert(claims_open(text_from(rows[i]), &claims) == CLAIMS_MALFORMED);
}

int main(void)
{
        test_tokens(id_tokens, ARRAY_LENGTH(id_tokens), id_token_check);
        test_tokens(logout_tokens, ARRAY_LENGTH(logout_tokens), logout_token_check);
        test_values();
        test_no_claims();
        return 0;
}
