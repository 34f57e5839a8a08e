// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Forms: application/x-www-form-urlencoded, as a body or a query (URL standard, section 5).
 *
 * Strict, because two readers that understand one form differently are how a request is smuggled past one of
 * them: a name that stands twice, a badly escaped octet, an octet that a browser would have escaped, NUL,
 * and text that is no UTF-8 or has control characters are all refused, never repaired. A field without a
 * value is a field that was not sent (RFC 6749, section 3.1).
 *
 * A parsed form is a value that borrows from the room it was given.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define FORM_FIELDS_MAX 32
#define FORM_NAME_MAX   64

enum form_refusal {
        FORM_MALFORMED = 1, /* escapes, octets, text */
        FORM_TWICE,         /* a name stands twice */
        FORM_TOO_LARGE,     /* more fields or longer names than are allowed */
};

struct form {
        struct form_field {
                struct text name;
                struct text value;
        } fields[FORM_FIELDS_MAX];
        size_t count;
};

/* Decodes into room, which has at least octets.len octets and outlives *ret. */
int form_parse(struct text octets, char *room, struct form *ret);

/* The value, or the empty text where there is none. */
struct text form_value(const struct form *form, const char *name);
