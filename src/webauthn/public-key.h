// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Public keys of authenticators (COSE_Key, RFC 9052 section 7, RFC 9053 section 7.1, RFC 8230), and the
 * signatures they check: ES256, EdDSA with Ed25519, RS256 with 2,048 bits or more. Pure; safe from every
 * thread.
 */

#include "base/text.h"

#define PUBLIC_KEY_OCTETS_MAX 1100 /* RSA of 8,192 bits */

enum public_key_refusal {
        PUBLIC_KEY_MALFORMED = 1, /* no such map, a point that is not on the curve, too short a modulus */
        PUBLIC_KEY_BAD_ALGORITHM, /* none of the three */
        PUBLIC_KEY_BAD_SIGNATURE,
};

/* COSE algorithm identifiers, in the order in which we want them. */
extern const int public_key_algorithms[3];

/* cose is one whole CBOR map and nothing after it. */
int public_key_check(struct text cose);
int public_key_verify(struct text cose, struct text octets, struct text signature);
