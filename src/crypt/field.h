// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Small sealed fields: titles, names of senders, stored passwords of others. XChaCha20-Poly1305 with a random
 * nonce of 192 bits, so that one tenant's field key may seal as many as it likes. Sealed = nonce, cipher
 * text, tag: FIELD_OVERHEAD octets more than the plain field. Safe from every thread.
 */

#include "base/buffer.h"
#include "base/secret.h"
#include "base/text.h"

#define FIELD_OVERHEAD 40
#define FIELD_MAX      65536 /* of plain octets */

enum field_refusal {
        FIELD_WRONG = 1, /* another key, bound to something else, or changed octets */
        FIELD_TOO_LONG,
};

/* bound_to is authenticated and not stored: the row and the column, so that fields cannot be swapped. */
int field_seal(const struct secret *key, struct text bound_to, struct text plain, struct buffer *to);
/* Adds the plain octets to *to, and nothing on a refusal. The caller wipes them where it matters. */
int field_open(const struct secret *key, struct text bound_to, struct text sealed, struct buffer *to);
