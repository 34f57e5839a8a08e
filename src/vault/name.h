// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Names of files in the vault: 16 random octets, written in hexadecimal. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "vault/vault.h"

#define NAME_STRING (2 * VAULT_NAME_OCTETS + 1)

static inline int name_make(uint8_t ret[VAULT_NAME_OCTETS])
{
        return getrandom(ret, VAULT_NAME_OCTETS, 0) == VAULT_NAME_OCTETS ? 0 : fault(-EIO);
}

static inline void name_format(const uint8_t name[VAULT_NAME_OCTETS], char ret[NAME_STRING])
{
        hex_format(name, VAULT_NAME_OCTETS, ret);
}

/* False for what is not a name of ours in its one spelling. */
static inline bool name_parse(const char *string, uint8_t ret[VAULT_NAME_OCTETS])
{
        char again[NAME_STRING];
        size_t length = 0;

        if (!hex_parse(text_from(string), ret, VAULT_NAME_OCTETS, &length) || length != VAULT_NAME_OCTETS)
                return false;
        name_format(ret, again);
        return strcmp(again, string) == 0;
}

/* Whether a fault says that there is no room, which is VAULT_FULL to our callers. */
static inline bool disk_is_full(int r)
{
        return r == -ENOSPC || r == -EDQUOT || r == -EFBIG;
}
