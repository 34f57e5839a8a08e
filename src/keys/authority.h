// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A tenant's authority for certificates. Its key is made of a seed that is kept as that of a box is
 * (keys_box_make(), and carried with it when the tenant's key is exchanged), by a derivation of its own; it
 * never leaves the keeper, which looks at what it signs (crypt/issue.h): a root of this very key, or a
 * certificate that can sign nothing, says whose it is, and ends. Each is written down.
 *
 * Threads and faults as in keys/keys.h; refusals: KEYS_WRONG, KEYS_DESTROYED, and where it is said
 * KEYS_LIMITED.
 */

#include "crypt/authority.h"
#include "keys/keys.h"

/* As its row has it: under this version of the tenant's key. */
struct keys_authority {
        struct keys_tenant tenant;
        struct wrapped_key seed;
};

int keys_authority_public(struct keys *keys, const struct keys_authority *authority,
                          uint8_t ret[AUTHORITY_KEY_OCTETS]);

enum keys_certificate_kind {
        KEYS_ROOT = 1,
        KEYS_ISSUED,
};
/* draft: at most ISSUE_DRAFT_MAX octets, else -EMSGSIZE. subject: whose, of what is issued. KEYS_WRONG: it is
 * none of that kind. KEYS_LIMITED. */
int keys_authority_sign(struct keys *keys, const struct keys_authority *authority,
                        enum keys_certificate_kind kind, struct id subject, struct text draft,
                        uint8_t ret[AUTHORITY_SIGNATURE_MAX], size_t *ret_len);
