// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Signatures: Ed25519 (RFC 8032), deterministic, so that the same octets under the same key have one
 * signature. A signing key is its 32 octets of seed. Safe from every thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/text.h"

#define SIGN_KEY_OCTETS       32
#define SIGN_SIGNATURE_OCTETS 64

/* The public key that belongs to the seed. */
void sign_public_key(const struct secret *seed, uint8_t ret[SIGN_KEY_OCTETS]);
void sign_octets(const struct secret *seed, struct text octets, uint8_t ret[SIGN_SIGNATURE_OCTETS]);
bool sign_is_good(const uint8_t key[SIGN_KEY_OCTETS], struct text octets,
                  const uint8_t signature[SIGN_SIGNATURE_OCTETS]);
