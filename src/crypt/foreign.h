// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Digests and ciphers that other people's protocols ask for, by OpenSSL: those of SNMPv3 (RFC 3414, RFC 3826,
 * RFC 7860). Nothing of our own is made with them; hash.h and seal.h are for that. MD5 and DES withstand
 * nobody. Safe from every thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum foreign_digest {
        FOREIGN_MD5,
        FOREIGN_SHA1,
        FOREIGN_SHA224,
        FOREIGN_SHA256,
        FOREIGN_SHA384,
        FOREIGN_SHA512,
};

#define FOREIGN_DIGEST_MAX 64

/* How many octets it has. */
size_t foreign_digest_octets(enum foreign_digest digest);

/* Of the pieces one behind the other, the whole repeat times over, cut at limit octets (0: not cut). */
int foreign_hash(enum foreign_digest digest, const struct text *pieces, size_t count, size_t limit,
                 uint8_t ret[FOREIGN_DIGEST_MAX]);
int foreign_hmac(enum foreign_digest digest, struct text key, const struct text *pieces, size_t count,
                 uint8_t ret[FOREIGN_DIGEST_MAX]);

enum foreign_cipher {
        FOREIGN_DES_CBC, /* key of 8 octets, vector of 8; whole blocks of 8 octets */
        FOREIGN_AES128_CFB,
        FOREIGN_AES192_CFB,
        FOREIGN_AES256_CFB, /* vector of 16; any length */
};

size_t foreign_cipher_key_octets(enum foreign_cipher cipher);
/* As many octets out as in; ret and octets may be the same. Nothing is padded. */
int foreign_encrypt(enum foreign_cipher cipher, const uint8_t *key, const uint8_t *vector, struct text octets,
                    uint8_t *ret);
int foreign_decrypt(enum foreign_cipher cipher, const uint8_t *key, const uint8_t *vector, struct text octets,
                    uint8_t *ret);
