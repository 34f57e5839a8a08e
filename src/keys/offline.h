// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Keys for sites whose line is down. Everything is derived from what the tenant's box was made of
 * (keys_box_make()), which outlives the versions of the tenant's key:
 *
 *      box of a person             X25519, one a person and agent: keys of documents that wait at that agent
 *      day key                     one an agent and day: finds and opens the entries of a snapshot
 *      signing key                 Ed25519: under snapshots
 *
 *   1. Agents have public keys and, in memory alone, the day key; the seed of a person's box leaves the
 * keeper only inside an entry, which opens by the day key and the number of his badge together.
 *   2. A document's key leaves the keeper for an agent only inside its owner's box: the service does not see
 *      it on that way.
 *   3. The keeper writes down which document's key was put into whose box.
 *
 * Threads and faults as in keys/keys.h; refusals: KEYS_WRONG, KEYS_DESTROYED, and where it is said
 * KEYS_LIMITED.
 */

#include "crypt/box.h"
#include "crypt/hash.h"
#include "crypt/sign.h"
#include "keys/keys.h"

/* The tenant's box as its row has it: under this version of the tenant's key. */
struct keys_offline {
        struct keys_tenant tenant;
        struct wrapped_key box;
};

/* Under which snapshots are signed. */
int keys_offline_public(struct keys *keys, const struct keys_offline *offline, uint8_t ret[SIGN_KEY_OCTETS]);

/* The key of a document into its owner's box at an agent. Refusals as of keys_document_open(). */
int keys_home_box(struct keys *keys, const struct keys_offline *offline, const struct keys_tenant *tenant,
                  const struct keys_document *document, const struct wrapped_key *wrapped, struct id person,
                  struct id agent, uint8_t ret[BOX_SEALED_OCTETS]);

/* An agent's key of a day; the caller wipes it. */
int keys_offline_day(struct keys *keys, const struct keys_offline *offline, struct id agent, int64_t day,
                     struct secret *ret);

/* What a badge opens at an agent without a line. */
#define ENTRY_CODE_OCTETS   32
#define ENTRY_RIGHTS_OCTETS 36 /* as the snapshot's maker and the agent agree; opaque to the keeper */
#define ENTRY_PLAIN_OCTETS  (4 + ID_OCTETS + SECRET_OCTETS + ENTRY_RIGHTS_OCTETS)
#define ENTRY_OCTETS        (ENTRY_PLAIN_OCTETS + 40) /* sealed: crypt/field.h */

struct keys_entry {
        uint8_t code[ENTRY_CODE_OCTETS]; /* finds it */
        uint8_t sealed[ENTRY_OCTETS];
        uint8_t person_key[BOX_KEY_OCTETS]; /* of the holder's box at this agent */
};
/* badge is under this version of the tenant's key; mark is its mark (KEYS_CARD). */
int keys_offline_entry(struct keys *keys, const struct keys_offline *offline, const struct keys_tenant *badge,
                       const uint8_t mark[KEYS_MAC_OCTETS], struct id person, struct id agent, int64_t day,
                       const uint8_t rights[ENTRY_RIGHTS_OCTETS], struct keys_entry *ret);

/* Signs a snapshot by its hash. */
int keys_offline_sign(struct keys *keys, const struct keys_offline *offline, const uint8_t hash[HASH_OCTETS],
                      uint8_t ret[SIGN_SIGNATURE_OCTETS]);
