// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Certificates that an authority issues (RFC 5280): drawn up by the service, looked at and signed by the
 * keeper, which has the key.
 *
 *      issue_draft() -> TBSCertificate -> [keeper: issue_check(), authority_sign()] -> issue_seal()
 *
 * There are two kinds, and nothing between them: the root, which may sign and is nothing else, and what it
 * issues, which may not. Each carries the tenant's id in its issuer's serialNumber, and what is issued whose
 * it is as its one URI, "urn:uuid:…". A certificate means nothing beyond the names and the time in it. Pure;
 * safe from every thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/id.h"
#include "base/text.h"
#include "crypt/authority.h"

#define ISSUE_DRAFT_MAX     2048 /* octets of a TBSCertificate */
#define ISSUE_NAMES_MAX     16
#define ISSUE_NAME          254
#define ISSUE_SERIAL_OCTETS 16
/* What the keeper signs at most, whatever the settings say. */
#define ISSUE_DAYS_MAX      398
#define ISSUE_ROOT_DAYS_MAX 7320 /* twenty years */

enum issue_refusal {
        ISSUE_WRONG = 1, /* not what such a certificate may be */
        ISSUE_BAD_NAME,
};

struct issue_draft {
        struct id tenant;
        const char *title;  /* of the root: what people read in their lists; at most 64 octets */
        const uint8_t *key; /* the authority's, AUTHORITY_KEY_OCTETS */
        /* Of what is issued; root empty: this is the root itself. */
        struct text root; /* DER */
        struct id subject;
        const char *const *names; /* host names and addresses, NULL-terminated, at least one */
        struct text key_info;     /* SubjectPublicKeyInfo, DER */
        int64_t from_ms, until_ms;
};

/* The TBSCertificate is added; its serial number is random. ISSUE_BAD_NAME. */
int issue_draft(const struct issue_draft *draft, struct buffer *ret, uint8_t ret_serial[ISSUE_SERIAL_OCTETS]);

/* Whether a name can stand in a certificate: a host name without wildcard, or a numeric address. */
bool issue_name_is_good(const char *name);

struct issue_rule {
        bool is_root;
        struct id tenant;
        struct id subject;  /* not of the root */
        const uint8_t *key; /* the authority's */
        int64_t now_ms;
};

/* What the keeper asks before it signs: that this is one of the two kinds, of that tenant, for that subject,
 * in DER, valid from about now and not too long. ISSUE_WRONG. */
int issue_check(struct text draft, const struct issue_rule *rule);

/* The certificate, DER. */
int issue_seal(struct text draft, struct text signature, struct buffer *ret);

/* As PEM. */
int issue_pem(struct text der, struct buffer *ret);
/* A "certs-only" message (RFC 5272, section 4.1), DER; count 1 or 2. */
int issue_bundle(const struct text *ders, size_t count, struct buffer *ret);
