// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What is stored in place of numbers, codes, passwords and PINs: marks that only the keeper can make
 * (keys/keys.h), each under a version of its tenant's key that stands beside it.
 *
 *   1. What is new is marked under the newest version.
 *   2. What is looked for is looked for under both, while one takes the place of the other; so it is found
 *      before, during and after, whichever of them its row has.
 */

#include "db/db.h"
#include "keys/keys.h"

struct core;
struct tenant_entry;

struct marks {
        uint32_t version; /* of the newest */
        bool has_before;
        uint8_t newest[KEYS_MAC_OCTETS], before[KEYS_MAC_OCTETS];
};

/* At most KEYS_CARD_MAX octets. */
int marks_make(struct core *core, struct id tenant, struct text octets, struct marks *ret);
/* For SQL's "mac IN (?, ?)". */
struct db_value marks_newest(const struct marks *marks);
struct db_value marks_before(const struct marks *marks);
bool marks_have(const struct marks *marks, const uint8_t mac[KEYS_MAC_OCTETS]);

/*
 * Verifiers of passwords and PINs: "2$argon2id$…", the version of the key, then libsodium's string with a
 * mark in the place of its hash. What is hashed is bound to person and kind, so that a row that is copied to
 * somebody else is of no use.
 */
#define VERIFIER_STRING 144

struct verifier_order {
        struct id tenant, person;
        enum keys_mark_kind kind;
        struct text secret; /* at most KEYS_PEPPER_MAX octets, else -EMSGSIZE */
};
/* Slow: inside the gate (core/sign-in/password-gate.c). */
int verifier_make(struct core *core, const struct verifier_order *order, char ret[VERIFIER_STRING]);
/* PASSWORD_WRONG. */
int verifier_check(struct core *core, const struct verifier_order *order, const char *verifier);
/* The same verifier under another version; *from is of the one it has now. CORE_BAD_VALUE: it is none. */
int verifier_recode(struct core *core, const struct keys_tenant *from, const struct keys_tenant *to,
                    enum keys_mark_kind kind, const char *verifier, char ret[VERIFIER_STRING]);
