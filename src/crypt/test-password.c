// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "crypt/password.h"

/* Small, so that the test is quick; what matters is in the strings. */
static const struct password_cost small = { .memory_octets = 64 << 10, .passes = 1 };

int main(void)
{
        struct password_cost impossible = { .memory_octets = UINT64_C(1) << 50, .passes = 1 };
        char string[PASSWORD_STRING], other[PASSWORD_STRING], longer[200];

        assert(password_hash(TEXT_OF("let it be"), &small, string) == 0);
        assert(password_hash(TEXT_OF("let it be"), &small, other) == 0);
        assert(strncmp(string, "$argon2id$v=19$m=64,t=1,p=1$", 28) == 0);
        assert(strcmp(string, other) != 0); /* each has its salt */

        assert(password_check(TEXT_OF("let it be"), string) == 0);
        assert(password_check(TEXT_OF("let it bf"), string) == PASSWORD_WRONG);
        assert(password_check(TEXT_OF(""), string) == PASSWORD_WRONG);
        assert(password_check(TEXT_OF("let it be"), "") == PASSWORD_WRONG);
        assert(password_check(TEXT_OF("let it be"), "$argon2id$v=19$m=64,t=1,p=1$") == PASSWORD_WRONG);
        memset(longer, 'a', sizeof(longer) - 1);
        longer[sizeof(longer) - 1] = 0;
        assert(password_check(TEXT_OF("let it be"), longer) == PASSWORD_WRONG);

        assert(!password_is_dated(string, &small));
        assert(password_is_dated(string, &password_cost_default));
        assert(password_is_dated("nonsense", &small));
        assert(password_pretend(TEXT_OF("x"), &small) == 0);

        assert(password_hash(TEXT_OF("x"), &impossible, string) == -ENOMEM);
        impossible.memory_octets = 1;
        assert(password_hash(TEXT_OF("x"), &impossible, string) == -EINVAL);
        return 0;
}
