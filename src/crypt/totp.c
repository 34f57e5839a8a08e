// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/hash.h"

uint32_t totp_value(struct text secret, uint64_t counter, unsigned int digits)
{
        uint8_t moving[8], mac[EVP_MAX_MD_SIZE];
        unsigned int length = 0;
        uint32_t modulus = 1, value;
        size_t offset;

        for (int i = 0; i < 8; i++)
                moving[i] = (uint8_t)(counter >> (56 - 8 * i));
        if (!HMAC(EVP_sha1(), secret.at, (int)secret.len, moving, sizeof(moving), mac, &length))
                abort();
        offset = mac[length - 1] & 15;
        value = ((uint32_t)mac[offset] & 127) << 24 | (uint32_t)mac[offset + 1] << 16 |
                (uint32_t)mac[offset + 2] << 8 | mac[offset + 3];
        explicit_bzero(mac, sizeof(mac));
        for (unsigned int i = 0; i < digits; i++)
                modulus *= 10;
        return value % modulus;
}

int totp_check(struct text secret, struct text typed, int64_t unix_ms, int64_t used, int64_t *ret_step)
{
        int64_t now = unix_ms / TOTP_STEP_MS, found = 0;

        if (typed.len != TOTP_DIGITS)
                return TOTP_WRONG;
        /* All of them are made, so that time does not tell which. */
        for (int64_t step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) {
                char expected[16];

                snprintf(expected, sizeof(expected), "%06u", totp_value(secret, (uint64_t)step, TOTP_DIGITS));
                if (hash_equal(expected, typed.at, TOTP_DIGITS) && step > used)
                        found = step;
        }
        if (!found)
                return TOTP_WRONG;
        *ret_step = found;
        return 0;
}
