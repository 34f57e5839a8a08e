// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Passwords of ours, of people whom somebody outside knows: as the settings of the method say, which here are
 * the word itself. */

#include "base/scope.h"
#include "core/sign-in/account.h"
#include "core/sign-in/outside.h"
#include "core/sign-in/sign-in.h"
#include "core/test-world.h"

#define OURS "a password of ours"

static struct core_world world;
static struct id directory, provider;
static int state;            /* of what is outside: 0, CORE_BUSY */
static const char *expected; /* the password that the directory takes of anybody; NULL: none */
static struct id whose;
static unsigned int asked;

static bool check(struct text settings, char ret_complaint[CORE_WORDS])
{
        (void)settings;
        (void)ret_complaint;
        return true;
}

static enum method_fallback fallback(struct core *core, const struct method *method)
{
        (void)core;
        if (strcmp(method->settings, "always") == 0)
                return METHOD_FALLBACK_ALWAYS;
        return strcmp(method->settings, "when-down") == 0 ? METHOD_FALLBACK_WHEN_DOWN : METHOD_FALLBACK_NO;
}

static int verify(struct core *core, struct id tenant, const struct method *method, struct text name,
                  struct text password, struct id *ret_person)
{
        (void)core;
        (void)tenant;
        (void)method;
        (void)name;
        asked++;
        if (state)
                return state;
        *ret_person = whose;
        return expected && text_equal_string(password, expected) ? 0 : CORE_WRONG_CREDENTIALS;
}

static int reach(struct core *core, struct id tenant, const struct method *method)
{
        (void)core;
        (void)tenant;
        (void)method;
        asked++;
        return state;
}

static const struct method_driver directory_driver = {
        .kind = "directory", .title = "d", .check = check, .verify = verify, .fallback = fallback
};
static const struct method_driver provider_driver = {
        .kind = "provider", .title = "p", .check = check, .fallback = fallback, .reach = reach
};
static const struct method_driver *const drivers[] = { &directory_driver, &provider_driver, NULL };

static struct id make_method(const char *kind)
{
        char complaint[CORE_WORDS];
        bool enabled = false;
        struct method made;

        assert(method_make(world.core, &world.admin, text_from(kind),
                           &(struct method_change){ .enabled = &enabled, .settings = "no" }, &made,
                           complaint) == 0);
        return made.id;
}

static void set(struct id method, const char *settings, bool enabled)
{
        char complaint[CORE_WORDS];
        struct method changed;

        assert(method_change(world.core, &world.admin, method,
                             &(struct method_change){ .enabled = &enabled, .settings = settings }, &changed,
                             complaint) == 0);
}

static int come(const char *email, const char *password, struct sign_in *ret)
{
        *ret = (struct sign_in){ .actor = { .via = VIA_API } };
        return sign_in_by_password(world.core, NULL, text_from(email), text_from(password),
                                   TEXT_OF("192.0.2.1"), ret);
}

static void give_password(const char *email, struct id id)
{
        struct actor self = { .kind = ACTOR_PERSON, .tenant = world.tenant.id, .id = id };

        snprintf(self.name, sizeof(self.name), "%s", email);
        assert(person_set_password(world.core, &self, world.tenant.id, id, TEXT_OF(OURS)) == 0);
}

static struct id make_outside(const char *email, struct id method)
{
        struct outside_identity identity = { .method = method, .subject = text_from(email) };
        struct outside_claims claims = { .email = text_from(email), .email_verified = true };
        struct outside_policy policy = { .creates = true };
        struct person person;

        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &policy, &person) == 0);
        give_password(email, person.id);
        return person.id;
}

struct row {
        const char *name;
        const char *fallback;
        int state;
        const char *password;
        int want;
};

static void try_rows(struct id method, const char *email, const struct row *rows, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct sign_in found;
                int r;

                set(method, rows[i].fallback, true);
                state = rows[i].state;
                r = come(email, rows[i].password, &found);
                if (r != rows[i].want) {
                        fprintf(stderr, "%s, %s: %d instead of %d\n", email, rows[i].name, r, rows[i].want);
                        abort();
                }
        }
        state = 0;
        set(method, "no", false);
}

static const struct row rows[] = {
        { "ours does not count", "no", 0, OURS, CORE_WRONG_CREDENTIALS },
        { "nor while it is down", "no", CORE_UNREACHABLE, OURS, CORE_BUSY },
        { "ours, it answers", "when-down", 0, OURS, CORE_WRONG_CREDENTIALS },
        { "ours, it is down", "when-down", CORE_UNREACHABLE, OURS, 0 },
        { "what was right while it was down is not remembered", "when-down", 0, OURS,
          CORE_WRONG_CREDENTIALS },
        { "ours, too many ask it just now", "when-down", CORE_BUSY, OURS, CORE_BUSY },
        { "a wrong one while it is down", "when-down", CORE_UNREACHABLE, "wrong", CORE_BUSY },
        { "ours, always", "always", 0, OURS, 0 },
        { "ours, always, and it is down", "always", CORE_UNREACHABLE, OURS, 0 },
        { "what was right then is not remembered either", "no", 0, OURS, CORE_WRONG_CREDENTIALS },
};

static void test_a_directory(void)
{
        struct sign_in found;

        whose = make_outside("dora@demo.example", directory);
        expected = "theirs";
        try_rows(directory, "dora@demo.example", rows, ARRAY_LENGTH(rows));
        set(directory, "when-down", true);
        assert(come("dora@demo.example", "theirs", &found) == 0 && id_equal(found.method_id, directory));
        state = CORE_UNREACHABLE;
        assert(come("dora@demo.example", OURS, &found) == 0 && id_is_zero(found.method_id));
        assert(strcmp(found.method, METHOD_PASSWORD) == 0 && id_equal(found.actor.id, whose));
        state = 0;
        set(directory, "no", false);
        assert(come("dora@demo.example", OURS, &found) == 0);
}

/* A provider takes no password: whether it can be asked is all there is to know. */
static void test_a_provider(void)
{
        static const struct row of_provider[] = {
                { "ours does not count", "no", 0, OURS, CORE_WRONG_CREDENTIALS },
                { "nor while it is down", "no", CORE_UNREACHABLE, OURS, CORE_WRONG_CREDENTIALS },
                { "ours, it answers", "when-down", 0, OURS, CORE_WRONG_CREDENTIALS },
                { "ours, it is down", "when-down", CORE_UNREACHABLE, OURS, 0 },
                { "ours, too many ask it just now", "when-down", CORE_BUSY, OURS, CORE_BUSY },
                { "ours, always", "always", 0, OURS, 0 },
        };

        (void)make_outside("petra@demo.example", provider);
        try_rows(provider, "petra@demo.example", of_provider, ARRAY_LENGTH(of_provider));
}

/* Of two methods the strictest decides; and one that answers is enough. */
static void test_both(void)
{
        struct outside_identity identity = { .method = provider, .subject = TEXT_OF("both") };
        struct outside_claims claims = { .email = TEXT_OF("dora@demo.example"), .email_verified = true };
        struct outside_policy policy = { .links_by_email = true };
        struct person person;
        struct sign_in found;

        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &policy, &person) == 0);
        set(directory, "always", true);
        set(provider, "no", true);
        assert(come("dora@demo.example", OURS, &found) == CORE_WRONG_CREDENTIALS);
        set(provider, "always", true);
        assert(come("dora@demo.example", OURS, &found) == 0);
        set(directory, "no", false);
        set(provider, "no", false);
}

/* The wrong ones are guesses like any others, also while the directory is down. */
static void test_guesses_while_it_is_down_count(void)
{
        struct sign_in found;
        int r = 0;

        (void)make_outside("gerd@demo.example", directory);
        set(directory, "when-down", true);
        state = CORE_UNREACHABLE;
        for (int i = 0; i < 10; i++)
                assert(come("gerd@demo.example", "wrong", &found) == CORE_BUSY);
        r = come("gerd@demo.example", OURS, &found);
        assert(r == CORE_LOCKED);
        /* Nobody is told to come back later, as ever. */
        for (int i = 0; i < 12; i++)
                assert(come("nobody@demo.example", "wrong", &found) == CORE_BUSY);
        state = 0;
        set(directory, "no", false);
}

static void test_an_account_of_ours_always_comes_in(void)
{
        struct person person = core_world_make_person(&world, "emergency@demo.example", ROLE_ADMINISTRATOR);
        struct sign_in found;

        give_password("emergency@demo.example", person.id);
        set(directory, "no", true);
        set(provider, "no", true);
        for (int i = 0; i < 2; i++) {
                state = i ? CORE_BUSY : 0;
                asked = 0;
                assert(come("emergency@demo.example", OURS, &found) == 0 && asked == 0);
                assert(found.actor.role == ROLE_ADMINISTRATOR);
        }
}

int main(void)
{
        world.drivers = drivers;
        core_world_open(&world);
        directory = make_method("directory");
        provider = make_method("provider");
        test_a_directory();
        test_a_provider();
        test_both();
        test_guesses_while_it_is_down_count();
        test_an_account_of_ours_always_comes_in();
        core_world_close(&world);
        return 0;
}
