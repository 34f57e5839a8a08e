// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037): the public keys with which somebody signs.
 *
 * A set is parsed once and never changes afterwards; it is safe from every thread. Only keys that can check
 * one of our signature algorithms are kept: RSA of 2,048 to 8,192 bits, P-256, P-384, Ed25519. Others
 * (symmetric ones above all) and those made for encryption are left out, as section 5 asks; a set without any
 * key of use is refused.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define JWK_SET_OCTETS_MAX (256 * 1024)
#define JWK_KEYS_MAX       128
#define JWK_KID            256 /* octets, NUL included */

/* What a signature is made with (RFC 7518 section 3.1, RFC 8037), as bits of a list of what is allowed. There
 * is no "none" and no HMAC: what has no name here cannot be allowed. */
enum jws_algorithm {
        JWS_RS256 = 1 << 0,
        JWS_RS384 = 1 << 1,
        JWS_RS512 = 1 << 2,
        JWS_PS256 = 1 << 3,
        JWS_ES256 = 1 << 4,
        JWS_ES384 = 1 << 5,
        JWS_EDDSA = 1 << 6, /* Ed25519; also by its name of RFC 9864 */
};
#define JWS_ALL_ALGORITHMS 0x7fU

/* Exact, as the standard spells it; false where it is none of ours. */
bool jws_algorithm_parse(struct text name, enum jws_algorithm *ret);
const char *jws_algorithm_name(enum jws_algorithm algorithm);

struct evp_pkey_st;

enum jwk_kind {
        JWK_RSA = 1,
        JWK_P256,
        JWK_P384,
        JWK_ED25519,
};
enum jwk_kind jws_algorithm_kind(enum jws_algorithm algorithm);

struct jwk {
        enum jwk_kind kind;
        bool has_kid;
        char kid[JWK_KID];
        uint32_t algorithm; /* the only one it is for; 0: any of its kind */
        struct evp_pkey_st *key;
};

struct jwk_set {
        size_t count;
        struct jwk keys[];
};

enum jwk_refusal {
        JWK_MALFORMED = 1, /* no JSON, no "keys", too long, too many */
        JWK_NONE_OF_USE,   /* no key that could check a signature of ours */
};

/* A document {"keys": […]}. */
int jwk_set_parse(struct text document, struct jwk_set **ret);
void jwk_set_free(struct jwk_set *set);
void jwk_set_freep(struct jwk_set **set);

/*
 * The key for a signature: the one of that kid which is of the algorithm's kind and not made for another
 * algorithm. Without a kid (kid.at NULL) the only key that fits, since with several it could not be known
 * which is meant (OpenID Connect Core 1.0, section 10.1). NULL where there is none.
 */
const struct jwk *jwk_set_find(const struct jwk_set *set, struct text kid, enum jws_algorithm algorithm);
