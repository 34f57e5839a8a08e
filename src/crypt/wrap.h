// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A key wrapped by another: AES-256-GCM with a random nonce, 12 + 32 + 16 octets, bound to what the caller
 * says it is for. One wrapping key may wrap 2^32 keys (NIST SP 800-38D, section 8.3). Safe from every thread.
 */

#include <stdint.h>

#include "base/secret.h"
#include "base/text.h"

#define WRAPPED_KEY_OCTETS 60

/* Nonce, cipher text, tag. It is no secret; it is stored as it stands. */
struct wrapped_key {
        uint8_t octets[WRAPPED_KEY_OCTETS];
};

enum wrap_refusal {
        WRAP_WRONG = 1, /* another key, another purpose, or changed octets */
};

/* bound_to is authenticated and not stored. */
int wrap_key(const struct secret *with, struct text bound_to, const struct secret *key,
             struct wrapped_key *ret);
/* *ret is written only on 0; the caller wipes it. */
int wrap_open(const struct secret *with, struct text bound_to, const struct wrapped_key *wrapped,
              struct secret *ret);
