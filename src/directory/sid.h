// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Security identifiers of Active Directory ([MS-DTYP], section 2.4.2.2), as octets of the attribute
 * objectSid: one of revision, one of how many parts, six of authority, then the parts, four octets each,
 * lowest first.
 *
 * A person's primary group is no value of memberOf: it is a number, primaryGroupID, that stands in place of
 * the last part of his own identifier. Pure; safe from every thread.
 */

#include <stdint.h>

#include "base/text.h"

#define SID_PARTS_MAX  15
#define SID_OCTETS_MAX (8 + 4 * SID_PARTS_MAX)

struct sid {
        uint8_t authority[6];
        uint32_t parts[SID_PARTS_MAX];
        size_t count; /* at least 1 */
};

/* False where it is none: another revision, no part, or octets too few or too many. */
bool sid_parse(struct text octets, struct sid *ret);
/* How many octets were written. */
size_t sid_write(const struct sid *sid, char ret[SID_OCTETS_MAX]);
/* The same with another last part: a group of the person's domain. */
struct sid sid_beside(const struct sid *sid, uint32_t last);
