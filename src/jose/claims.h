// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Claims of a token whose signature was verified (RFC 7519 section 4.1; OpenID Connect Core 1.0,
 * section 3.1.3.7; OpenID Connect Back-Channel Logout 1.0, section 2.6).
 *
 * Whoever checks a token says what it must say; what is not named exactly, is missing, or is of another type,
 * is refused. A value is owned by whoever opened it and used by one thread at a time.
 */

#include <jansson.h>

#include "base/text.h"
#include "jose/jws.h"

#define CLAIMS_SUBJECT_MAX 255 /* octets: OpenID Connect Core 1.0, section 2 */

enum claims_refusal {
        CLAIMS_MALFORMED = 1, /* no JSON object, or a claim of the wrong type or missing */
        CLAIMS_OTHER_ISSUER,
        CLAIMS_OTHER_AUDIENCE, /* not for us, or not for us alone without saying that we asked ("azp") */
        CLAIMS_EXPIRED,
        CLAIMS_NOT_YET, /* "nbf" or "iat" lies in the future */
        CLAIMS_TOO_OLD, /* "iat" lies too far back */
        CLAIMS_OTHER_NONCE,
        CLAIMS_OTHER_SUBJECT,
        CLAIMS_OTHER_TOKEN, /* "at_hash" is of another access token */
        CLAIMS_OTHER_TYPE,  /* a token made for something else: "typ", or the events of a logout */
};

struct claims {
        json_t *object;
};

/* The payload of jws_open(). Duplicate members are refused. */
int claims_open(struct text payload, struct claims *ret);
void claims_done(struct claims *claims);

/* A string claim; .at is NULL where there is none, or where it is no string. Borrowed from the claims. */
struct text claims_text(const struct claims *claims, const char *name);
/* True where the claim is true, or the string "true", which some providers send. */
bool claims_flag(const struct claims *claims, const char *name);
/* Strings of an array, or of a single string; at most max. False where there is no such claim. */
bool claims_list(const struct claims *claims, const char *name, struct text *ret, size_t max,
                 size_t *ret_count);

/* What an ID token must say. */
struct id_token_wanted {
        struct text issuer;       /* exact */
        struct text client;       /* our client_id: in "aud", and in "azp" where that is there */
        struct text nonce;        /* .at NULL: one that was given out for a refresh, which has none */
        struct text subject;      /* .at NULL: any; otherwise the one of the first sign-in */
        struct text access_token; /* .at NULL: not at hand; otherwise "at_hash" must fit, where it is there */
        int64_t now_ms;
        int64_t leeway_ms;  /* by how much the provider's clock may differ */
        int64_t age_max_ms; /* since it was issued; 0: any */
};
int id_token_check(const struct claims *claims, const struct jws_header *header,
                   const struct id_token_wanted *wanted);

/* A logout token: iss, aud, iat, jti, events, and sub or sid, no nonce. Only issuer, client and times of
 * *wanted are looked at. */
int logout_token_check(const struct claims *claims, const struct jws_header *header,
                       const struct id_token_wanted *wanted);

const char *claims_refusal_phrase(int refusal);
