// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Keys of passphrases at engines: those of RFC 3414, section A.3, and those that pysnmp makes. */

#include "snmp/usm.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/scope.h"

#define SHORT_ENGINE "000000000000000000000002"
#define ENGINE       "80003a8c0400000001"

static const struct {
        const char *name, *engine, *authentication, *key;
} keys[] = {
        { "RFC 3414, A.3.1", SHORT_ENGINE, "md5", "526f5eed9fcce26f8964c2930787d82b" },
        { "RFC 3414, A.3.2", SHORT_ENGINE, "sha-1", "6695febc9288e36282235fc7151f128497b38f3f" },
        { "MD5", ENGINE, "md5", "11bac2e6e87c57475b926869e86060d6" },
        { "SHA-1", ENGINE, "sha-1", "9605b7d52c4f8b5a1c2a9827c5ddd7111a8b2f0b" },
        { "SHA-224", ENGINE, "sha-224", "199dbb9dab67e47a6f5957fa974140c06c0e2cdf018cfc46a570872a" },
        { "SHA-256", ENGINE, "sha-256", "d71e7467290626cfe4cf87580410d1c4ea78e99a50b959e522e115e7614421d8" },
        { "SHA-384", ENGINE, "sha-384",
          "7fc81225b377db884be68bb50768d4272f762c0d9d16149eb937f6105b6bb6353ca97114a4b9f4c74cf82d1197e929a2" },
        { "SHA-512", ENGINE, "sha-512",
          "4bfd8209fc49dffc890e4c423eb91ad8461891e4eb074b2858620cafcbec65ddc58c57ca8a31b862179f5870286195e689eebe64"
          "027c119c529a9982e97c7d86" },
};

static const struct {
        const char *authentication, *privacy, *key;
} longer[] = {
        { "md5", "aes-256", "11bac2e6e87c57475b926869e86060d673b39753592f23ec964fda2545d9e722" },
        { "sha-1", "aes-256", "9605b7d52c4f8b5a1c2a9827c5ddd7111a8b2f0b1721d188c223dd1cb91b60d6" },
        { "md5", "aes-256-c", "11bac2e6e87c57475b926869e86060d6a8e50d533ab60de2dc9138ffcd4bb703" },
        { "sha-1", "aes-256-c", "9605b7d52c4f8b5a1c2a9827c5ddd7111a8b2f0b4faec6302a43e1afa87d5cc9" },
        { "sha-1", "aes-192", "9605b7d52c4f8b5a1c2a9827c5ddd7111a8b2f0b1721d188" },
        { "sha-1", "aes-192-c", "9605b7d52c4f8b5a1c2a9827c5ddd7111a8b2f0b4faec630" },
        { "sha-256", "aes-256", "d71e7467290626cfe4cf87580410d1c4ea78e99a50b959e522e115e7614421d8" },
        { "sha-256", "aes-256-c", "d71e7467290626cfe4cf87580410d1c4ea78e99a50b959e522e115e7614421d8" },
        { "sha-1", "aes-128", "9605b7d52c4f8b5a1c2a9827c5ddd711" },
        { "md5", "des", "11bac2e6e87c57475b926869e86060d6" },
};

static struct snmp_engine engine_of(const char *id)
{
        struct snmp_engine engine = { .boots = 0 };

        assert(hex_parse(text_from(id), engine.id, sizeof(engine.id), &engine.id_len));
        return engine;
}

static struct snmp_user user_of(const char *authentication, const char *privacy)
{
        struct snmp_user_options options = { .name = TEXT_OF("ada"),
                                             .authentication_passphrase = TEXT_OF("maplesyrup"),
                                             .privacy_passphrase = TEXT_OF("maplesyrup") };
        struct snmp_user user;

        assert(snmp_authentication_parse(text_from(authentication), &options.authentication));
        assert(snmp_privacy_parse(text_from(privacy), &options.privacy));
        assert(snmp_user_init(&options, &user) == 0);
        return user;
}

static void expect(const uint8_t *key, const char *hex)
{
        uint8_t wanted[SNMP_KEY_OCTETS];
        size_t len;

        assert(hex_parse(text_from(hex), wanted, sizeof(wanted), &len) && memcmp(key, wanted, len) == 0);
}

static void test_keys(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
                struct snmp_engine engine = engine_of(keys[i].engine);
                struct snmp_user user = user_of(keys[i].authentication, "none");

                printf("%s\n", keys[i].name);
                assert(snmp_engine_localize(&engine, &user) == 0);
                expect(engine.authentication_key, keys[i].key);
                snmp_user_done(&user);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(longer); i++) {
                struct snmp_engine engine = engine_of(ENGINE);
                struct snmp_user user = user_of(longer[i].authentication, longer[i].privacy);

                printf("%s of %s\n", longer[i].privacy, longer[i].authentication);
                assert(snmp_engine_localize(&engine, &user) == 0);
                expect(engine.privacy_key, longer[i].key);
        }
}

static void test_users(void)
{
        static const char long_words[SNMP_PASSPHRASE_MAX + 2] = "";
        struct snmp_user_options good = { .name = TEXT_OF("ada"),
                                          .authentication = SNMP_SHA256,
                                          .privacy = SNMP_AES128,
                                          .authentication_passphrase = TEXT_OF("12345678"),
                                          .privacy_passphrase = TEXT_OF("12345678") };
        struct snmp_user user;
        struct snmp_engine engine = { .id_len = 4 };

        assert(snmp_user_init(&good, &user) == 0 && strcmp(user.name, "ada") == 0);
        assert(snmp_engine_localize(&engine, &user) == SNMP_BAD_USER);
        for (int i = 0; i < 6; i++) {
                struct snmp_user_options bad = good;

                switch (i) {
                case 0: bad.name = TEXT_OF(""); break;
                case 1: bad.name = TEXT_OF("a name that has thirty-three octet"); break;
                case 2: bad.authentication = SNMP_NO_AUTHENTICATION; break;
                case 3: bad.authentication_passphrase = TEXT_OF("1234567"); break;
                case 4: bad.privacy_passphrase = TEXT_OF("1234567"); break;
                default: bad.privacy_passphrase = (struct text){ long_words, SNMP_PASSPHRASE_MAX + 1 }; break;
                }
                assert(snmp_user_init(&bad, &user) == SNMP_BAD_USER);
        }
        snmp_user_done(&user);
}

/* RFC 3414, section 3.2, 7b. */
static void test_window(void)
{
        struct snmp_engine engine = { .boots = 99, .time_s = 5, .heard_s = 0 };

        assert(snmp_engine_hear(&engine, 3, 1000, 50)); /* what was not proved does not count */
        assert(engine.is_proved && engine.boots == 3 && snmp_engine_time(&engine, 60) == 1010);
        assert(!snmp_engine_hear(&engine, 2, 5000, 60));
        assert(!snmp_engine_hear(&engine, 3, 859, 60));
        assert(snmp_engine_hear(&engine, 3, 860, 60));
        assert(snmp_engine_hear(&engine, 4, 0, 60) && snmp_engine_time(&engine, 61) == 1);
        assert(!snmp_engine_hear(&engine, INT32_MAX, 0, 60));
        assert(snmp_engine_time(&engine, 59) == 0);
}

int main(void)
{
        test_keys();
        test_users();
        test_window();
        return 0;
}
