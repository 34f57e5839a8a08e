// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/password.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
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

#define SALT_CHARACTERS 22 /* of 16 octets, without padding; 43 of 32 */
#define HASH_CHARACTERS 43

/* Where the last part begins, which is the hash; NULL where there is none of its length. */
static const char *hash_of(const char *string)
{
        const char *at = strrchr(string, '$');

        return at && strlen(at + 1) == HASH_CHARACTERS ? at + 1 : NULL;
}

static bool decode(const char *from, size_t characters, uint8_t *ret, size_t size)
{
        size_t len;

        return sodium_base642bin(ret, size, from, characters, NULL, &len, NULL,
                                 sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
               len == size;
}

bool password_get_hash(const char *string, uint8_t ret[PASSWORD_HASH_OCTETS])
{
        const char *hash = hash_of(string);

        return hash && decode(hash, HASH_CHARACTERS, ret, PASSWORD_HASH_OCTETS);
}

bool password_set_hash(char string[PASSWORD_STRING], const uint8_t hash[PASSWORD_HASH_OCTETS])
{
        const char *at = hash_of(string);

        if (!at)
                return false;
        sodium_bin2base64(string + (at - string), HASH_CHARACTERS + 1, hash, PASSWORD_HASH_OCTETS,
                          sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
        return true;
}

/* "$argon2id$v=19$m=65536,t=3,p=1$SALT$HASH", as libsodium writes it. */
static bool parse(const char *string, struct password_cost *ret_cost,
                  uint8_t ret_salt[crypto_pwhash_argon2id_SALTBYTES])
{
        struct text rest = text_from(string), part[6], memory, passes, lanes, name;
        uint64_t kibibytes, count;

        for (size_t i = 0; i < ARRAY_LENGTH(part); i++) {
                bool more = text_cut(rest, '$', &part[i], &rest);

                if (more != (i + 1 < ARRAY_LENGTH(part)))
                        return false;
        }
        if (!text_equal_string(part[1], "argon2id") || !text_equal_string(part[2], "v=19") ||
            !text_cut(part[3], ',', &memory, &rest) || !text_cut(rest, ',', &passes, &lanes) ||
            !text_equal_string(lanes, "p=1") || !text_cut(memory, '=', &name, &memory) ||
            !text_number(memory, UINT32_MAX, &kibibytes) || !text_cut(passes, '=', &name, &passes) ||
            !text_number(passes, UINT32_MAX, &count) || part[4].len != SALT_CHARACTERS)
                return false;
        *ret_cost = (struct password_cost){ kibibytes << 10, (uint32_t)count };
        return decode(part[4].at, part[4].len, ret_salt, crypto_pwhash_argon2id_SALTBYTES);
}

int password_remake(struct text secret, const char *string, uint8_t ret[PASSWORD_HASH_OCTETS])
{
        uint8_t salt[crypto_pwhash_argon2id_SALTBYTES];
        struct password_cost cost;

        if (!parse(string, &cost, salt))
                return PASSWORD_WRONG;
        if (crypto_pwhash_argon2id(ret, PASSWORD_HASH_OCTETS, secret.at, secret.len, salt, cost.passes,
                                   cost.memory_octets, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
                return fault(-ENOMEM);
        return 0;
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
