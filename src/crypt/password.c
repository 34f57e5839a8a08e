// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/password.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/outcome.h"
#include "base/text.h"

_Static_assert(PASSWORD_STRING == crypto_pwhash_STRBYTES, "libsodium's strings have another size");

const struct password_cost password_cost_default = {
        .memory_octets = 64 << 20,
        .passes = 3,
};

/* It chooses the fastest code for this processor, once; without it the portable code is used. */
__attribute__((constructor)) static void choose_code(void)
{
        (void)!sodium_init();
}

int password_hash(struct text secret, const struct password_cost *cost, char ret[PASSWORD_STRING])
{
        char string[PASSWORD_STRING];

        if (cost->passes < crypto_pwhash_argon2id_OPSLIMIT_MIN ||
            cost->memory_octets < crypto_pwhash_argon2id_MEMLIMIT_MIN)
                return fault(-EINVAL);
        if (crypto_pwhash_argon2id_str(string, secret.at, secret.len, cost->passes, cost->memory_octets) != 0)
                return fault(-ENOMEM);
        memcpy(ret, string, sizeof(string));
        return 0;
}

int password_check(struct text secret, const char *string)
{
        /* The library reads all of them, where the caller's string may end earlier. */
        char whole[PASSWORD_STRING] = "";

        if (!text_copy(text_from(string), whole, sizeof(whole)))
                return PASSWORD_WRONG;

        errno = 0;
        if (crypto_pwhash_argon2id_str_verify(whole, secret.at, secret.len) == 0)
                return 0;
        return errno == ENOMEM ? fault(-ENOMEM) : PASSWORD_WRONG;
}

bool password_is_dated(const char *string, const struct password_cost *cost)
{
        char whole[PASSWORD_STRING] = "";

        if (!text_copy(text_from(string), whole, sizeof(whole)))
                return true;
        return crypto_pwhash_argon2id_str_needs_rehash(whole, cost->passes, cost->memory_octets) != 0;
}

int password_pretend(struct text secret, const struct password_cost *cost)
{
        char string[PASSWORD_STRING];

        return password_hash(secret, cost, string);
}
