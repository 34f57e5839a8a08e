// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A keyed permutation of 256 bits: without the key its values look like nothing but random octets, with it
 * there is a way back. So what has to be found by such a value can be carried from one key to another, which
 * a MAC cannot (docs/decisions/0024-exchange-of-tenant-keys.md).
 *
 * Four rounds of Feistel's network over halves of 128 bits, each with HMAC-SHA-256 of the round and the half,
 * cut to 128 bits (Luby and Rackoff, 1988: a strong pseudo-random permutation, up to some 2^64 values).
 */

#include <stdint.h>

#include "base/secret.h"

#define PERMUTE_OCTETS 32

/* octets and ret may be the same. */
void permute(const struct secret *key, const uint8_t octets[PERMUTE_OCTETS], uint8_t ret[PERMUTE_OCTETS]);
void permute_back(const struct secret *key, const uint8_t octets[PERMUTE_OCTETS],
                  uint8_t ret[PERMUTE_OCTETS]);
