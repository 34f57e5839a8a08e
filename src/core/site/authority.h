// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The tenant's own authority for certificates: of its printers, and of its agents' doors
 * (core/site/certificate.h). One a tenant, made by its administrator; the key is the keeper's
 * (keys/authority.h). What clients trust is its root certificate.
 */

#include "core/actor.h"
#include "crypt/issue.h"
#include "keys/authority.h"

#define AUTHORITY_ROOT_MAX (ISSUE_DRAFT_MAX + 128)

struct authority {
        uint8_t root[AUTHORITY_ROOT_MAX]; /* DER */
        size_t root_len;
        uint8_t key[AUTHORITY_KEY_OCTETS];
        uint8_t id[BOX_KEY_OCTETS]; /* of its row */
        uint32_t version;           /* of the tenant's key that its seed is wrapped under */
        struct wrapped_key seed;
        int64_t created_ms;
        int64_t from_ms, until_ms; /* of the root */
};

/* CORE_FORBIDDEN, CORE_TAKEN (there is one), CORE_BUSY (the keeper does not answer). */
int authority_make(struct core *core, const struct actor *actor, struct authority *ret);
/* CORE_NO_AUTHORITY. Its root is no secret: whoever is to trust it needs it. */
int authority_find(struct core *core, struct id tenant, struct authority *ret);

/*
 * For core/site/certificate.h: draws up, has it signed, and adds the certificate (DER). Of draft, what is the
 * authority's own is filled in, and what is issued ends with the root at the latest. A root of whose time
 * three quarters are over is renewed first: the same name and key, so that what was issued under it stays
 * good. CORE_NO_AUTHORITY, CORE_BAD_VALUE (a name, or the keeper would not), CORE_BUSY. *authority is as it
 * is then.
 */
int authority_issue(struct core *core, struct issue_draft *draft, struct authority *ret_authority,
                    uint8_t ret_serial[ISSUE_SERIAL_OCTETS], struct buffer *ret);
