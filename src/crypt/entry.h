// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Where a badge leads at an agent without a line: a code by which its entry is found, and the key that opens
 * it. Both come of the agent's day key and the SHA-256 of the badge's number together; who has not both
 * learns nothing, and whose number is not the right one finds nothing. Safe from every thread.
 */

#include "base/id.h"
#include "base/secret.h"
#include "crypt/hash.h"

/* number: SHA-256 of the number as it is kept: lower-case hexadecimal digits, an even number of them. */
void entry_code(const struct secret *day, const uint8_t number[HASH_OCTETS], uint8_t ret[HASH_OCTETS]);
void entry_key(const struct secret *day, const uint8_t number[HASH_OCTETS], struct secret *ret);
