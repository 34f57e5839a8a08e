// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The key of an authority: ECDSA over P-256 with SHA-256, which every printer and telephone verifies. It is
 * made of a seed, so that it is kept as everything of 32 octets is. Safe from every thread.
 */

#include <stdint.h>

#include "base/buffer.h"
#include "base/secret.h"
#include "base/text.h"

#define AUTHORITY_KEY_OCTETS    65 /* the point, uncompressed (SEC 1, section 2.3.3) */
#define AUTHORITY_SIGNATURE_MAX 72 /* DER: ECDSA-Sig-Value (RFC 3279, section 2.2.3) */

int authority_public_key(const struct secret *seed, uint8_t ret[AUTHORITY_KEY_OCTETS]);
int authority_sign(const struct secret *seed, struct text octets, uint8_t ret[AUTHORITY_SIGNATURE_MAX],
                   size_t *ret_len);
/* The SubjectPublicKeyInfo of such a key, DER, is added. -EINVAL: no point of the curve. */
int authority_key_info(const uint8_t key[AUTHORITY_KEY_OCTETS], struct buffer *ret);
