// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Records of the audit trail, and the chain that they make.
 *
 * Every tenant has one chain. Its records are numbered from 1 without a gap, and each has a hash
 *
 *      hash[0] = 32 octets of zero
 *      hash[n] = SHA-256(hash[n - 1] | canonical octets of record n)
 *
 * so that the hash of the last one stands for every octet of all of them. The canonical octets do not depend
 * on a database, a language or a machine:
 *
 *      'I' 'M' 'A' 1                           magic and version
 *      then ten fields, in this order, each as its length (4 octets, the highest first) and its octets:
 *        tenant       16 octets
 *        number       8 octets, the highest first
 *        at           8 octets, the highest first: milliseconds since 1970 (UTC)
 *        event        what happened, one of our own words
 *        actor kind   who did it: "person", "agent", "service", "nobody", …
 *        actor        16 octets, or 0 where there is no id
 *        via          by which way in: "api", "ipp", "agent", …; may be empty
 *        source       from where: an address; may be empty
 *        subject      16 octets, or 0: the job, person, printer … it is about
 *        detail       name=value words; may be empty
 *
 * Texts are UTF-8 without control characters. Whoever adds a field makes a new version.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"
#include "crypt/hash.h"

/* The longest texts, in octets. */
#define AUDIT_EVENT_MAX  63
#define AUDIT_KIND_MAX   31
#define AUDIT_VIA_MAX    31
#define AUDIT_SOURCE_MAX 63
#define AUDIT_DETAIL_MAX 255
/* The longest canonical octets of a record. */
#define AUDIT_RECORD_MAX                                                                         \
        (4 + 10 * 4 + 3 * ID_OCTETS + 2 * 8 + AUDIT_EVENT_MAX + AUDIT_KIND_MAX + AUDIT_VIA_MAX + \
         AUDIT_SOURCE_MAX + AUDIT_DETAIL_MAX)

struct audit_record {
        struct id tenant;
        uint64_t number;
        int64_t at_ms;
        struct text event;
        struct text actor_kind;
        struct id actor; /* zero: none */
        struct text via;
        struct text source;
        struct id subject; /* zero: none */
        struct text detail;
};

/* The canonical octets; returns how many. Texts longer than the above are our own mistake (asserted). */
size_t audit_record_format(const struct audit_record *record, uint8_t ret[AUDIT_RECORD_MAX]);

/* The record's hash, after the one before it. */
void audit_record_hash(const uint8_t before[HASH_OCTETS], const struct audit_record *record,
                       uint8_t ret[HASH_OCTETS]);
