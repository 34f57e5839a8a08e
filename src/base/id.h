// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Ids: 16 octets, a UUID of version 7 (RFC 9562, section 5.7): milliseconds, then 74 random bits. They sort
 * by the time they were made, which keeps the database's trees dense and makes them cursors. An id is a name,
 * never a credential.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define ID_OCTETS 16
#define ID_STRING 37 /* "0190a1b2-…", with NUL */

struct id {
        uint8_t octets[ID_OCTETS];
};

struct id id_new(void);
bool id_equal(struct id a, struct id b);
bool id_is_zero(struct id id);

/* Lower-case, with hyphens. */
void id_format(struct id id, char ret[ID_STRING]);
/* Accepts either case, and only the form with hyphens; false where it is none. */
bool id_parse(struct text text, struct id *ret);
