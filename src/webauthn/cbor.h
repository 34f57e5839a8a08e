// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * CBOR (RFC 8949) as authenticators write it: the canonical form of CTAP 2 (Client to Authenticator Protocol,
 * section 6, "message encoding"). Lengths are definite and in their shortest form, nesting has four levels at
 * most, there are no tags and no floating-point numbers, and no key stands twice in a map. Anything else is
 * refused.
 *
 * A reader is a cursor (base/cursor.h) with its sticky failure: read what is expected, ask once at the end.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

#define CBOR_DEPTH_MAX 4
#define CBOR_ITEMS_MAX 64 /* of one map or array */

enum cbor_kind {
        CBOR_UNSIGNED,
        CBOR_NEGATIVE, /* number: -1 - what stands there */
        CBOR_OCTETS,
        CBOR_TEXT,
        CBOR_ARRAY,
        CBOR_MAP,
        CBOR_SIMPLE, /* false, true, null */
};

struct cbor_item {
        enum cbor_kind kind;
        int64_t number; /* of a number; of an array its items, of a map its pairs; of false, true, null: 0, 1,
                           2 */
        struct text text; /* octets or text, borrowed */
};

/* The next head, with the octets that belong to it. What an array or map holds comes next. */
struct cbor_item cbor_read(struct cursor *c);
/* One whole item with all that is in it. */
void cbor_skip(struct cursor *c);
/* The octets of one whole item, which is checked. */
struct text cbor_whole(struct cursor *c);

/*
 * The value of a key in a map: a cursor placed before it. map is the octets of a whole map that cbor_whole()
 * has found good. False where there is no such key.
 */
bool cbor_find_number(struct text map, int64_t key, struct cursor *ret);
bool cbor_find_text(struct text map, const char *key, struct cursor *ret);
