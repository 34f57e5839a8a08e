// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "jose/claims.h"

#include <math.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"

#define LOGOUT_EVENT   "http://schemas.openid.net/event/backchannel-logout"
#define LOGOUT_LIFE_MS 600000         /* of a logout token without "exp" */
#define SECONDS_MAX    253402300799.0 /* the year 9999 */

int claims_open(struct text payload, struct claims *ret)
{
        json_t *object = json_loadb(payload.len ? payload.at : "", payload.len, JSON_REJECT_DUPLICATES, NULL);

        if (!json_is_object(object)) {
                json_decref(object);
                return CLAIMS_MALFORMED;
        }
        ret->object = object;
        return 0;
}

void claims_done(struct claims *claims)
{
        json_decref(claims->object);
        claims->object = NULL;
}

static struct text text_of(json_t *value)
{
        if (!json_is_string(value))
                return (struct text){ NULL, 0 };
        return (struct text){ json_string_value(value), json_string_length(value) };
}

struct text claims_text(const struct claims *claims, const char *name)
{
        return text_of(json_object_get(claims->object, name));
}

bool claims_flag(const struct claims *claims, const char *name)
{
        json_t *value = json_object_get(claims->object, name);

        return json_is_true(value) || (json_is_string(value) && text_equal_string(text_of(value), "true"));
}

bool claims_list(const struct claims *claims, const char *name, struct text *ret, size_t max,
                 size_t *ret_count)
{
        json_t *value = json_object_get(claims->object, name), *one;
        size_t i;

        *ret_count = 0;
        if (json_is_string(value) && max > 0) {
                ret[(*ret_count)++] = text_of(value);
                return true;
        }
        if (!json_is_array(value))
                return false;
        json_array_foreach(value, i, one) if (*ret_count < max && json_is_string(one)) ret[(*ret_count)++] =
                text_of(one);
        return true;
}

/* In a time that tells nothing but the length. */
static bool is_same(struct text a, struct text b)
{
        return a.at && a.len == b.len && hash_equal(a.at, b.at, a.len);
}

#define NOT_THERE (CLAIMS_OTHER_TYPE + 1) /* of time_claim() alone */

/* Seconds since 1970, perhaps with a fraction (RFC 7519, section 2). NOT_THERE, CLAIMS_MALFORMED. */

static int time_claim(const struct claims *claims, const char *name, int64_t *ret_ms)
{
        json_t *value = json_object_get(claims->object, name);
        double seconds;

        if (!value)
                return NOT_THERE;
        seconds = json_number_value(value);
        if (!json_is_number(value) || !isfinite(seconds) || seconds < 0 || seconds > SECONDS_MAX)
                return CLAIMS_MALFORMED;
        *ret_ms = (int64_t)(seconds * 1000);
        return 0;
}

static int check_times(const struct claims *claims, const struct id_token_wanted *wanted)
{
        int64_t expires_ms = 0, issued_ms = 0, begins_ms = 0;
        int r;

        r = time_claim(claims, "exp", &expires_ms);
        if (r)
                return CLAIMS_MALFORMED;
        if (wanted->now_ms >= expires_ms + wanted->leeway_ms)
                return CLAIMS_EXPIRED;
        r = time_claim(claims, "iat", &issued_ms);
        if (r)
                return CLAIMS_MALFORMED;
        if (issued_ms > wanted->now_ms + wanted->leeway_ms)
                return CLAIMS_NOT_YET;
        if (wanted->age_max_ms && issued_ms + wanted->age_max_ms + wanted->leeway_ms < wanted->now_ms)
                return CLAIMS_TOO_OLD;
        r = time_claim(claims, "nbf", &begins_ms);
        if (r == CLAIMS_MALFORMED)
                return r;
        return r == 0 && begins_ms > wanted->now_ms + wanted->leeway_ms ? CLAIMS_NOT_YET : 0;
}

/* A token for several is only good where it says that we are the one who asked for it. */
static int check_audience(const struct claims *claims, struct text client)
{
        json_t *audience = json_object_get(claims->object, "aud"), *one;
        json_t *party = json_object_get(claims->object, "azp");
        bool names_us = false;
        size_t i;

        if (json_is_string(audience))
                names_us = text_equal(text_of(audience), client);
        json_array_foreach(audience, i, one) names_us |=
                json_is_string(one) && text_equal(text_of(one), client);
        if (!names_us)
                return CLAIMS_OTHER_AUDIENCE;
        if (party && (!json_is_string(party) || !text_equal(text_of(party), client)))
                return CLAIMS_OTHER_AUDIENCE;
        return !party && json_array_size(audience) > 1 ? CLAIMS_OTHER_AUDIENCE : 0;
}

static int check_subject(const struct claims *claims, struct text wanted)
{
        struct text subject = claims_text(claims, "sub");

        if (!subject.at || subject.len == 0 || subject.len > CLAIMS_SUBJECT_MAX)
                return CLAIMS_MALFORMED;
        return wanted.at && !text_equal(subject, wanted) ? CLAIMS_OTHER_SUBJECT : 0;
}

static const EVP_MD *hash_of(enum jws_algorithm algorithm)
{
        switch (algorithm) {
        case JWS_RS256:
        case JWS_PS256:
        case JWS_ES256: return EVP_sha256();
        case JWS_RS384:
        case JWS_ES384: return EVP_sha384();
        case JWS_RS512:
        case JWS_EDDSA: return EVP_sha512();
        }
        return EVP_sha256();
}

/* OpenID Connect Core 1.0, section 3.1.3.6: the left half of the hash that the signature uses. */
static int check_access_token(const struct claims *claims, enum jws_algorithm algorithm, struct text token)
{
        json_t *value = json_object_get(claims->object, "at_hash");
        char encoded[EVP_MAX_MD_SIZE * 2];
        uint8_t hash[EVP_MAX_MD_SIZE];
        unsigned int length = 0;

        if (!value || !token.at)
                return 0;
        if (!EVP_Digest(token.at, token.len, hash, &length, hash_of(algorithm), NULL))
                abort();
        base64url_format(hash, length / 2, encoded);
        return is_same(text_of(value), text_from(encoded)) ? 0 : CLAIMS_OTHER_TOKEN;
}

/* RFC 8725, section 3.11: what says what it is for is good for nothing else. */
static bool is_of_type(const struct jws_header *header, const char *own)
{
        struct text type = text_from(header->type), prefix, rest;

        if (type.len == 0 || text_equal_nocase(type, TEXT_OF("JWT")))
                return true;
        if (text_cut(type, '/', &prefix, &rest) && text_equal_nocase(prefix, TEXT_OF("application")))
                type = rest;
        return own && text_equal_nocase(type, text_from(own));
}

int id_token_check(const struct claims *claims, const struct jws_header *header,
                   const struct id_token_wanted *wanted)
{
        int r;

        if (!is_of_type(header, NULL) || json_object_get(claims->object, "events"))
                return CLAIMS_OTHER_TYPE;
        if (!text_equal(claims_text(claims, "iss"), wanted->issuer) || wanted->issuer.len == 0)
                return CLAIMS_OTHER_ISSUER;
        r = check_audience(claims, wanted->client);
        if (r == 0)
                r = check_times(claims, wanted);
        if (r)
                return r;
        if (wanted->nonce.at && !is_same(claims_text(claims, "nonce"), wanted->nonce))
                return CLAIMS_OTHER_NONCE;
        r = check_subject(claims, wanted->subject);
        return r ? r : check_access_token(claims, header->algorithm, wanted->access_token);
}

int logout_token_check(const struct claims *claims, const struct jws_header *header,
                       const struct id_token_wanted *wanted)
{
        json_t *event = json_object_get(json_object_get(claims->object, "events"), LOGOUT_EVENT);
        int64_t issued_ms, expires_ms;
        int r;

        if (!is_of_type(header, "logout+jwt") || !json_is_object(event) ||
            json_object_get(claims->object, "nonce"))
                return CLAIMS_OTHER_TYPE;
        if (!text_equal(claims_text(claims, "iss"), wanted->issuer) || wanted->issuer.len == 0)
                return CLAIMS_OTHER_ISSUER;
        r = check_audience(claims, wanted->client);
        if (r)
                return r;
        if (time_claim(claims, "iat", &issued_ms))
                return CLAIMS_MALFORMED;
        if (issued_ms > wanted->now_ms + wanted->leeway_ms)
                return CLAIMS_NOT_YET;
        r = time_claim(claims, "exp", &expires_ms);
        if (r == CLAIMS_MALFORMED)
                return r;
        if (r == NOT_THERE)
                expires_ms = issued_ms + LOGOUT_LIFE_MS;
        if (wanted->now_ms >= expires_ms + wanted->leeway_ms)
                return CLAIMS_EXPIRED;
        if (claims_text(claims, "jti").len == 0 ||
            (claims_text(claims, "sub").len == 0 && claims_text(claims, "sid").len == 0))
                return CLAIMS_MALFORMED;
        return 0;
}

const char *claims_refusal_phrase(int refusal)
{
        switch (refusal) {
        case CLAIMS_MALFORMED: return "the token lacks a claim, or has one of the wrong type";
        case CLAIMS_OTHER_ISSUER: return "the token is another issuer's";
        case CLAIMS_OTHER_AUDIENCE: return "the token is made for somebody else";
        case CLAIMS_EXPIRED: return "the token has expired; do both clocks agree?";
        case CLAIMS_NOT_YET: return "the token lies in the future; do both clocks agree?";
        case CLAIMS_TOO_OLD: return "the token was issued too long ago";
        case CLAIMS_OTHER_NONCE: return "the token belongs to another sign-in";
        case CLAIMS_OTHER_SUBJECT: return "the token is another person's";
        case CLAIMS_OTHER_TOKEN: return "the token does not belong to the access token";
        case CLAIMS_OTHER_TYPE: return "the token is made for something else";
        default: return "no complaint";
        }
}
