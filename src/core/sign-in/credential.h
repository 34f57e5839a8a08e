// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Credentials that we make: a prefix that tells people and scanners for lost secrets what they look at, and
 * 256 random bits as 43 characters base64url (RFC 4648, section 5). They are stored as their SHA-256 only:
 * what has that much entropy needs no slow hash.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/text.h"

#define CREDENTIAL_STRING  48 /* a prefix of up to 4 characters, 43 characters, NUL */

#define CREDENTIAL_ACCESS  "at_"
#define CREDENTIAL_REFRESH "rt_"
#define CREDENTIAL_CODE    "ac_" /* of an authorization */
#define CREDENTIAL_DEVICE  "dc_"
#define CREDENTIAL_CLIENT  "cs_" /* a machine's secret */

void credential_make(const char *prefix, char ret[CREDENTIAL_STRING]);
/* The same of given octets. */
void credential_format(const char *prefix, const uint8_t octets[SECRET_OCTETS], char ret[CREDENTIAL_STRING]);
/* Whether it begins so and has that length. */
bool credential_is(struct text text, const char *prefix);
