// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What may be a password: length, and what nobody else knows. */

#include "base/scope.h"
#include "core/sign-in/method.h"
#include "core/sign-in/sign-in.h"
#include "core/test-world.h"

static struct core_world world;

static const struct {
        const char *name;
        struct text password;
        int outcome;
} rows[] = {
        { "long", TEXT("let-it-be-printed"), 0 },
        { "eight", TEXT("x7kq2vp9"), 0 },
        { "only small letters", TEXT("thequickbrown"), 0 },
        { "blanks", TEXT("four words in row"), 0 },
        { "other letters", TEXT("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"), 0 },
        { "seven", TEXT("x7kq2vp"), CORE_BAD_VALUE },
        { "seven of two octets", TEXT("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4\xc3\xb6\xc3\xbc"),
          CORE_BAD_VALUE },
        { "empty", TEXT(""), CORE_BAD_VALUE },
        { "NUL", TEXT("x7kq2vp9\0abc"), CORE_BAD_VALUE },
        { "no UTF-8", TEXT("x7kq2vp9\xff"), CORE_BAD_VALUE },
        { "common", TEXT("password123"), CORE_KNOWN_PASSWORD },
        { "common in capitals", TEXT("QwertyUIOP"), CORE_KNOWN_PASSWORD },
        { "common, and no word of ours", TEXT("baseball1"), CORE_KNOWN_PASSWORD },
        { "in capitals", TEXT("BASEBALL"), CORE_KNOWN_PASSWORD },
        { "his address", TEXT("ada.lovelace@demo.example"), CORE_KNOWN_PASSWORD },
        { "his name there", TEXT("Ada.Lovelace"), CORE_KNOWN_PASSWORD },
        { "the domain", TEXT("demo.example"), CORE_KNOWN_PASSWORD },
        { "stolen", TEXT("a stolen one"), CORE_KNOWN_PASSWORD },
        { "nearly stolen", TEXT("A stolen one"), 0 },
};

static bool comes_in(struct text password)
{
        struct sign_in found = { .actor = { .via = VIA_API } };
        int r = sign_in_by_password(world.core, &world.tenant.id, TEXT_OF("ada.lovelace@demo.example"),
                                    password, TEXT_OF("192.0.2.1"), &found);

        assert(r == 0 || r == CORE_WRONG_CREDENTIALS);
        return r == 0;
}

int main(void)
{
        static char list[] = "/tmp/test-password-rule-XXXXXX", enormous[513];
        struct sign_in_policy policy = { .password_least = 15 };
        int fd = mkstemp(list);
        struct person ada;

        /* SHA-1 of "a stolen one". */
        assert(fd >= 0 && write(fd, "245948B7B5043B03F0807452BE8C0C6EC182F5CF:2\n", 43) == 43);
        close(fd);
        world.settings = core_world_settings();
        world.settings.breached_file = list;
        core_world_open(&world);
        ada = core_world_make_person(&world, "ada.lovelace@demo.example", ROLE_PERSON);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                assert(person_set_password(world.core, &world.admin, world.tenant.id, ada.id,
                                           rows[i].password) == rows[i].outcome);
        }
        memset(enormous, 'x', sizeof(enormous));
        assert(person_set_password(world.core, &world.admin, world.tenant.id, ada.id,
                                   text_from_octets(enormous, 512)) == 0);
        assert(person_set_password(world.core, &world.admin, world.tenant.id, ada.id,
                                   text_from_octets(enormous, 513)) == CORE_BAD_VALUE);
        assert(comes_in(text_from_octets(enormous, 512)) && !comes_in(text_from_octets(enormous, 511)));
        assert(person_set_password(world.core, &world.admin, world.tenant.id, ada.id,
                                   TEXT_OF(" Four Words in row\xc3\xa4 ")) == 0);
        assert(comes_in(TEXT_OF(" Four Words in row\xc3\xa4 ")));
        /* As it was received: no blank, letter or accent is taken for another. */
        assert(!comes_in(TEXT_OF("Four Words in row\xc3\xa4")) &&
               !comes_in(TEXT_OF(" Four Words in row\xc3\xa4")));
        assert(!comes_in(TEXT_OF(" four words in row\xc3\xa4 ")));
        assert(!comes_in(TEXT_OF(" Four Words in rowa\xcc\x88 ")));
        assert(sign_in_policy_change(world.core, &world.admin, &policy) == 0);
        assert(person_set_password(world.core, &world.admin, world.tenant.id, ada.id,
                                   TEXT_OF("fourteen chars")) == CORE_BAD_VALUE);
        assert(person_set_password(world.core, &world.admin, world.tenant.id, ada.id,
                                   TEXT_OF("fifteen letters")) == 0);
        core_world_close(&world);
        unlink(list);
        return 0;
}
