// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A key put into somebody's box: sealed to his public key (X25519; libsodium's crypto_box_seal), so that
 * whoever put it there cannot take it out again. Nothing says who put it there. Safe from every thread.
 *
 * A pair of keys is made of its seed; only the seed is kept.
 */

#include <stdint.h>

#include "base/secret.h"

#define BOX_KEY_OCTETS    32                   /* a public key */
#define BOX_SEALED_OCTETS (SECRET_OCTETS + 48) /* a secret in somebody's box */

enum box_refusal {
        BOX_WRONG = 1, /* of another pair, or changed octets */
};

/* The public key that belongs to the seed. */
void box_public_key(const struct secret *seed, uint8_t ret[BOX_KEY_OCTETS]);

/* BOX_WRONG for a key that is none. */
int box_put(const uint8_t key[BOX_KEY_OCTETS], const struct secret *secret, uint8_t ret[BOX_SEALED_OCTETS]);
/* *ret is written only on 0; the caller wipes it. */
int box_take(const struct secret *seed, const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret);
