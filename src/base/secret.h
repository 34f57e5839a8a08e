// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Secrets
 *
 * A secret is 32 octets that must not be seen: a key, a token. It has no format function, so it cannot be
 * logged by accident, and whoever holds one wipes it with secret_done() on every way out
 * (SCOPED(secret_done)).
 */

#include <stdint.h>
#include <string.h>

#define SECRET_OCTETS 32

struct secret {
        uint8_t octets[SECRET_OCTETS];
};

static inline void secret_done(struct secret *secret)
{
        explicit_bzero(secret, sizeof(*secret));
}
