// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Checkpoints: what the keeper signs of a tenant's chain.
 *
 *      K[1] is random                          known to the keeper alone
 *      key[n] = Ed25519 key of HMAC-SHA-256(K[n], "sign")
 *      K[n + 1] = HMAC-SHA-256(K[n], "evolve")  and K[n] is wiped
 *
 * Checkpoint n is signed with key[n], and names key[n + 1]: each key is certified by the one before it.
 * Whoever takes the keeper over today has K of today, cannot go back, and so cannot change what was signed
 * before.
 *
 * The octets that are signed (Ed25519, RFC 8032), numbers with the highest octet first:
 *
 *      "IMPRCHK1" tenant(16) sequence(8) record(8) hash(32) at(8) before(32) key(32) next_key(32)
 *
 *      sequence   1, 2, 3, …
 *      record     number of the last record that it covers, and hash that record's hash
 *      at         when it was signed, by the keeper's clock, milliseconds since 1970 (UTC)
 *      before     SHA-256 of the signed octets of the checkpoint before it; zero in the first
 *      key        its own public key
 *      next_key   that of the next checkpoint
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypt/hash.h"
#include "crypt/sign.h"

#define AUDIT_SIGNED_OCTETS 176
/* The signed octets and the signature: as it is stored, and told by the keeper. */
#define AUDIT_CHECKPOINT_OCTETS (AUDIT_SIGNED_OCTETS + SIGN_SIGNATURE_OCTETS)

struct audit_checkpoint {
        struct id tenant;
        uint64_t sequence;
        uint64_t record;
        uint8_t hash[HASH_OCTETS];
        int64_t at_ms;
        uint8_t before[HASH_OCTETS];
        uint8_t key[SIGN_KEY_OCTETS];
        uint8_t next_key[SIGN_KEY_OCTETS];
        uint8_t signature[SIGN_SIGNATURE_OCTETS];
};

void audit_checkpoint_format(const struct audit_checkpoint *checkpoint, uint8_t ret[AUDIT_CHECKPOINT_OCTETS]);
/* False where octets are no checkpoint. Says nothing about the signature. */
bool audit_checkpoint_parse(struct text octets, struct audit_checkpoint *ret);

/* SHA-256 of the signed octets: what the next checkpoint calls "before". */
void audit_checkpoint_digest(const struct audit_checkpoint *checkpoint, uint8_t ret[HASH_OCTETS]);
/* Whether its own key signed it; whether that key is the right one is for verify.h to say. */
bool audit_checkpoint_is_signed(const struct audit_checkpoint *checkpoint);

/* Fills key, next_key and signature from K[n]; the other fields are the caller's. */
void audit_checkpoint_sign(const struct secret *evolving, struct audit_checkpoint *checkpoint);
/* K[n] becomes K[n + 1]. */
void audit_key_evolve(struct secret *evolving);
