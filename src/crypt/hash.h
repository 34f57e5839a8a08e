// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869). All of it is safe from every thread; a struct
 * sha256 is used by one at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define HASH_OCTETS 32

#define SHA1_OCTETS 20
/* Only where a foreign format asks for it: it withstands nobody any more. */
void hash_sha1(struct text octets, uint8_t ret[SHA1_OCTETS]);

/* HASH_OCTETS of ret are written. */
void hash_sha256(struct text octets, uint8_t ret[HASH_OCTETS]);
void hash_hmac(const void *key, size_t key_len, struct text octets, uint8_t ret[HASH_OCTETS]);

/* Extract and expand. salt may be empty; ret_length is at most 255 * HASH_OCTETS (asserted). */
void hash_hkdf(const void *key, size_t key_len, struct text salt, struct text info, void *ret,
               size_t ret_length);

/* Compares in a time that tells nothing but the length. */
bool hash_equal(const void *a, const void *b, size_t len);

/* A hash of octets that arrive in pieces. */
struct sha256 {
        struct evp_md_ctx_st *context;
};

int sha256_init(struct sha256 *sha256);
void sha256_done(struct sha256 *sha256);
void sha256_add(struct sha256 *sha256, const void *octets, size_t len);
/* Once; afterwards only sha256_done() is left. */
void sha256_finish(struct sha256 *sha256, uint8_t ret[HASH_OCTETS]);
