// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/credential.h"

#include <assert.h>
#include <string.h>

#include "base/scope.h"
#include "crypt/random.h"

#define CHARACTERS 43

void credential_format(const char *prefix, const uint8_t octets[SECRET_OCTETS], char ret[CREDENTIAL_STRING])
{
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        size_t prefix_length = strlen(prefix);
        uint32_t bits = 0;
        int count = 0;
        char *at;

        assert(prefix_length + CHARACTERS < CREDENTIAL_STRING);
        at = mempcpy(ret, prefix, prefix_length);
        for (size_t i = 0; i < SECRET_OCTETS; i++) {
                bits = bits << 8 | octets[i];
                for (count += 8; count >= 6; count -= 6)
                        *at++ = digits[bits >> (count - 6) & 63];
        }
        *at++ = digits[bits << (6 - count) & 63];
        *at = 0;
}

void credential_make(const char *prefix, char ret[CREDENTIAL_STRING])
{
        SCOPED(secret_done) struct secret secret;

        random_secret(&secret);
        credential_format(prefix, secret.octets, ret);
}

bool credential_is(struct text text, const char *prefix)
{
        return text.len == strlen(prefix) + CHARACTERS && text_starts_with(text, prefix);
}
