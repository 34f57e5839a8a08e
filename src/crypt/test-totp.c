// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/totp.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

static const struct text secret = TEXT("12345678901234567890");

/* RFC 4226, appendix D. */
static const uint32_t by_counter[] = { 755224, 287082, 359152, 969429, 338314,
                                       254676, 287922, 162583, 399871, 520489 };

/* RFC 6238, appendix B, the column of SHA-1. */
static const struct {
        int64_t seconds;
        uint32_t value;
} by_time[] = {
        { 59, 94287082 },         { 1111111109, 7081804 },  { 1111111111, 14050471 },
        { 1234567890, 89005924 }, { 2000000000, 69279037 }, { 20000000000, 65353130 },
};

static const struct {
        const char *name;
        struct text typed;
        int64_t seconds, used;
        int outcome;
        int64_t step;
} checks[] = {
        { "now", TEXT("287082"), 59, 0, 0, 1 },
        { "a step late", TEXT("287082"), 89, 0, 0, 1 },
        { "a step early", TEXT("359152"), 59, 0, 0, 2 },
        { "two steps late", TEXT("287082"), 91, 0, TOTP_WRONG, 0 },
        { "two steps early", TEXT("969429"), 59, 0, TOTP_WRONG, 0 },
        { "used", TEXT("287082"), 59, 1, TOTP_WRONG, 0 },
        { "an older one than the used", TEXT("287082"), 89, 2, TOTP_WRONG, 0 },
        { "the next one", TEXT("359152"), 59, 1, 0, 2 },
        { "empty", TEXT(""), 59, 0, TOTP_WRONG, 0 },
        { "too long", TEXT("2870820"), 59, 0, TOTP_WRONG, 0 },
        { "eight digits", TEXT("94287082"), 59, 0, TOTP_WRONG, 0 },
        { "no digits", TEXT("28708a"), 59, 0, TOTP_WRONG, 0 },
        { "NUL", TEXT("28708\0"), 59, 0, TOTP_WRONG, 0 },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(by_counter); i++)
                assert(totp_value(secret, i, 6) == by_counter[i]);
        for (size_t i = 0; i < ARRAY_LENGTH(by_time); i++)
                assert(totp_value(secret, (uint64_t)by_time[i].seconds / 30, 8) == by_time[i].value);
        for (size_t i = 0; i < ARRAY_LENGTH(checks); i++) {
                int64_t step = 0;

                printf("%s\n", checks[i].name);
                assert(totp_check(secret, checks[i].typed, checks[i].seconds * 1000, checks[i].used, &step) ==
                       checks[i].outcome);
                assert(step == checks[i].step);
        }
        return 0;
}
