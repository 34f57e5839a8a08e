// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Signed tokens: JSON Web Signature in its compact form (RFC 7515), verified and nothing else.
 *
 *      BASE64URL(header) "." BASE64URL(payload) "." BASE64URL(signature)
 *
 *   1. What comes out was signed: the payload is given out only after the signature was found right.
 *   2. The algorithm is one of those that the caller allows, and fits the kind of the key; the token only
 * says which of them. "none" and HMAC cannot be allowed (RFC 8725, section 3.1).
 *   3. The key is one of the given set. What a header says about where keys are ("jku", "x5u") or what they
 * are
 *      ("jwk", "x5c") is not looked at.
 *   4. A header that must be understood ("crit") is refused: we understand none.
 *
 * Safe from every thread; no clock, no log, no socket.
 */

#include "base/buffer.h"
#include "jose/jwk.h"

#define JWS_OCTETS_MAX (64 * 1024)

enum jws_refusal {
        JWS_MALFORMED = 1, /* not three parts, no Base64url, no JSON object, too long, "crit" */
        JWS_BAD_ALGORITHM, /* unknown, or not allowed here */
        JWS_NO_KEY,        /* the set has none of that kid that fits: perhaps a newer set has */
        JWS_BAD_SIGNATURE,
};

struct jws_header {
        enum jws_algorithm algorithm;
        bool has_kid;
        char kid[JWK_KID];
        char type[64]; /* "typ"; empty where there is none */
};

/* Adds the payload to *payload where the signature is right, and nothing otherwise. */
int jws_open(struct text token, const struct jwk_set *keys, uint32_t allowed, struct buffer *payload,
             struct jws_header *ret);

/* What a refusal means, as words for a log or an administrator. */
const char *jws_refusal_phrase(int refusal);
