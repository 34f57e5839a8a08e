// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Guessing, for a day, from a thousand sources: how many guesses at an account are looked at at all. The
 * clock by which guesses are counted is set on; nothing here waits.
 */

#include "base/clock.h"
#include "core/sign-in/code.h"
#include "core/sign-in/method.h"
#include "core/sign-in/sign-in.h"
#include "core/test-world.h"

#define PASSWORD "let-it-be-printed"
#define PIN      "314159"
#define SOURCES  1000
#define MINUTE   60000
#define DAY      (24 * 60 * MINUTE)

static struct core_world world;
static struct actor ada, grace;

static struct actor make(const char *email)
{
        struct actor actor = core_world_make_actor(&world, email, ROLE_PERSON);

        assert(person_set_password(world.core, &world.admin, world.tenant.id, actor.id, TEXT_OF(PASSWORD)) ==
               0);
        assert(person_set_pin(world.core, &world.admin, actor.id, TEXT_OF(PIN)) == 0);
        return actor;
}

static void pass(int64_t ms)
{
        world.core->guess_shift_ms += ms;
}

static int by_password(const char *email, const char *password, const char *source)
{
        struct sign_in found = { 0 };

        return sign_in_by_password(world.core, NULL, text_from(email), text_from(password), text_from(source),
                                   &found);
}

static int by_pin(const char *email, const char *pin, const char *source)
{
        struct sign_in found = { 0 };

        return sign_in_by_pin(world.core, NULL, text_from(email), text_from(pin), text_from(source), &found);
}

static int by_code(const char *code, const char *source)
{
        struct sign_in found = { 0 };

        return sign_in_by_code(world.core, world.tenant.id, text_from(code), text_from(source), &found);
}

/* Whoever guesses sends his next try as soon as any pause could be over. */
typedef int (*attempt)(const char *email, int number, const char *source);

static int guess_password(const char *email, int number, const char *source)
{
        char password[32];

        snprintf(password, sizeof(password), "guess number %d", number);
        return by_password(email, password, source);
}

static int guess_pin(const char *email, int number, const char *source)
{
        char pin[16];

        snprintf(pin, sizeof(pin), "%06d", number % 300000);
        return by_pin(email, pin, source);
}

/* How many were looked at in a day; the others were told to wait. owner (may be NULL) does what he does every
 * day, once a quarter of an hour. */
static int attack_for_a_day(const char *email, int sources, attempt attempt_at,
                            int (*owner)(const char *email))
{
        int looked_at = 0, sent = 0;

        for (int64_t t = 0; t < DAY; t += 15 * MINUTE) {
                for (int i = 0; i < sources; i++) {
                        char source[32];
                        int r;

                        snprintf(source, sizeof(source), "198.51.%d.%d", 100 + i / 250, i % 250);
                        r = attempt_at(email, sent++, source);
                        assert(r == CORE_WRONG_CREDENTIALS || r == CORE_LOCKED);
                        looked_at += r == CORE_WRONG_CREDENTIALS;
                }
                if (owner)
                        assert(owner(email) == 0);
                pass(15 * MINUTE);
        }
        printf("%s: %d sent from %d sources in a day, %d looked at\n", email, sent, sources, looked_at);
        return looked_at;
}

static int at_home(const char *email)
{
        return by_password(email, PASSWORD, "192.0.2.7");
}

static int at_panel(const char *email)
{
        int r = by_pin(email, PIN, "192.0.2.8");

        return r == CORE_LOCKED ? 0 : r;
}

static void test_attacks(void)
{
        int passwords, pins, again;

        /* Ada works in her office all the day, and is not locked out of it. */
        assert(at_home("ada@demo.example") == 0);
        passwords = attack_for_a_day("ada@demo.example", SOURCES, guess_password, at_home);
        assert(passwords <= 10);
        pins = attack_for_a_day("ada@demo.example", SOURCES, guess_pin, NULL);
        assert(pins <= 10);
        /* Ten of the million PINs of six digits: 1e-5 (six digits are the shortest there are). */
        printf("chance of an account: %g\n", pins / 1e6);
        assert(pins / 1e6 <= 1e-5);
        /* It stays locked, whatever the hour, until somebody unlocks it. */
        pass(30LL * DAY);
        assert(by_pin("ada@demo.example", PIN, "192.0.2.8") == CORE_LOCKED);
        assert(person_unlock(world.core, &ada, ada.id) == CORE_FORBIDDEN);
        assert(person_unlock(world.core, &world.admin, ada.id) == 0);
        assert(by_pin("ada@demo.example", PIN, "192.0.2.8") == 0);

        /* Nobody lives on the right ones of the owner in between. */
        again = attack_for_a_day("grace@demo.example", 100, guess_pin, at_panel);
        assert(again <= 10);

        /* An account that is not there is treated like one that is. */
        pass(2 * DAY);
        assert(attack_for_a_day("nobody@demo.example", 100, guess_password, NULL) == passwords);
        assert(attack_for_a_day("nobody@demo.example", 100, guess_pin, NULL) == pins);
}

static void test_pins(void)
{
        const char *email = "pins@demo.example";
        struct actor actor = make(email);

        for (int i = 0; i < 4; i++)
                assert(by_pin(email, "000000", "192.0.2.1") == CORE_WRONG_CREDENTIALS);
        assert(by_pin(email, PIN, "192.0.2.1") == 0);
        for (int i = 0; i < 5; i++)
                assert(by_pin(email, "000000", "192.0.2.1") == CORE_WRONG_CREDENTIALS);
        assert(by_pin(email, PIN, "192.0.2.2") == CORE_LOCKED);
        pass(15 * MINUTE - 1000);
        assert(by_pin(email, PIN, "192.0.2.2") == CORE_LOCKED);
        pass(2000);
        assert(by_pin(email, "000000", "192.0.2.3") == CORE_WRONG_CREDENTIALS);
        /* That was the tenth of the day, the owner's right ones in between or not. */
        assert(by_pin(email, PIN, "192.0.2.4") == CORE_LOCKED);
        pass(16 * MINUTE);
        assert(by_pin(email, PIN, "192.0.2.4") == CORE_LOCKED);
        /* The owner resets it: another PIN. */
        assert(person_set_pin(world.core, &actor, actor.id, TEXT_OF("271828")) == 0);
        assert(by_pin(email, "271828", "192.0.2.4") == 0);
        assert(by_pin(email, "", "192.0.2.4") == CORE_WRONG_CREDENTIALS);
}

static void test_sources(void)
{
        const char *source = "203.0.113.77";
        int looked_at = 0;
        char email[64];

        pass(2 * DAY);
        /* One source at many accounts, there or not. */
        for (int i = 0; i < 300; i++) {
                snprintf(email, sizeof(email), "somebody-%d@demo.example", i);
                looked_at += by_password(email, "guess", source) == CORE_WRONG_CREDENTIALS;
        }
        assert(looked_at == 100);
        /* Who is at home there is not asked to wait for it. */
        assert(by_password("ada@demo.example", PASSWORD, source) == CORE_LOCKED);
        pass(61 * MINUTE);
        assert(by_password("ada@demo.example", PASSWORD, source) == 0);
        looked_at = 0;
        for (int i = 0; i < 300; i++) {
                snprintf(email, sizeof(email), "somebody-%d@demo.example", i);
                looked_at += by_password(email, "guess", source) == CORE_WRONG_CREDENTIALS;
        }
        assert(looked_at == 100);
        assert(by_password("ada@demo.example", "wrong", source) == CORE_WRONG_CREDENTIALS);
        assert(by_password("ada@demo.example", PASSWORD, source) == 0);
        /* All of a subscriber's IPv6 addresses are one source. */
        looked_at = 0;
        for (int i = 0; i < 50; i++) {
                char address[64];

                snprintf(address, sizeof(address), "2001:db8:7:7::%x", i + 1);
                snprintf(email, sizeof(email), "somebody-%d@demo.example", i);
                looked_at += by_pin(email, "000000", address) == CORE_WRONG_CREDENTIALS;
        }
        assert(looked_at == 20);
        assert(by_pin("grace@demo.example", "000000", "2001:db8:7:8::1") != CORE_BUSY);
}

static void test_codes(void)
{
        char secret[CODE_STRING];
        struct code code;
        int looked_at = 0;

        pass(2 * DAY);
        assert(code_make(world.core, &grace, grace.id, 0, &code, secret) == 0);
        /* Sixty an hour for the whole tenant, whoever and from wherever. */
        for (int64_t t = 0; t < DAY; t += 30 * MINUTE) {
                for (int i = 0; i < 200; i++) {
                        char source[32], typed[16];

                        snprintf(source, sizeof(source), "198.51.100.%d", i);
                        snprintf(typed, sizeof(typed), "%012d", looked_at);
                        looked_at += by_code(typed, source) == CORE_WRONG_CREDENTIALS;
                }
                pass(30 * MINUTE);
        }
        printf("codes: %d looked at in a day\n", looked_at);
        assert(looked_at <= 60 * 24);
        /* 10,000 codes open all the time, for a year: below 5e-6. */
        assert(looked_at * 365.0 * 10000 / (double)(1ULL << 60) < 5e-6);
        pass(2 * 60 * MINUTE);
        assert(by_code(secret, "198.51.100.1") == 0);
        assert(by_code(secret, "198.51.100.1") == CORE_WRONG_CREDENTIALS);
}

/* ---- the same time, whether or not there is such an account ---- */

static int by_time(const void *a, const void *b)
{
        int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

        return (x > y) - (x < y);
}

static int64_t time_of(const char *email, const char *password)
{
        int64_t before = clock_monotonic_us();

        assert(by_password(email, password, "203.0.113.200") == CORE_WRONG_CREDENTIALS);
        return clock_monotonic_us() - before;
}

#define ROUNDS 60

static void test_times(void)
{
        static int64_t known[ROUNDS], unknown[ROUNDS], elsewhere[ROUNDS];
        int64_t median, difference, other;

        /* At a cost beside which nothing else counts, so that a load on this machine does not decide. */
        world.core->settings.password_memory_octets = 16 << 20;
        (void)make("carol@demo.example");
        for (int i = 0; i < ROUNDS; i++) {
                /* Each a day of its own, so that none is locked. */
                pass(2 * DAY);
                known[i] = time_of("carol@demo.example", "wrong");
                unknown[i] = time_of("no-such@demo.example", "wrong");
                elsewhere[i] = time_of("no-such@nowhere.example", "wrong");
        }
        qsort(known, ROUNDS, sizeof(known[0]), by_time);
        qsort(unknown, ROUNDS, sizeof(unknown[0]), by_time);
        qsort(elsewhere, ROUNDS, sizeof(elsewhere[0]), by_time);
        median = known[ROUNDS / 2];
        difference = llabs(median - unknown[ROUNDS / 2]);
        other = llabs(median - elsewhere[ROUNDS / 2]);
        printf("median %lld us; not there: %lld us apart; of nobody's domain: %lld us apart\n",
               (long long)median, (long long)difference, (long long)other);
        /* The figures are to be read; what is refused is an answer without the work. */
        assert(difference < median / 2 && other < median / 2);
}

int main(void)
{
        world.settings = core_world_settings();
        world.settings.password_memory_octets = 1 << 20;
        world.settings.password_cache_ms = 0;
        core_world_open(&world);
        ada = make("ada@demo.example");
        grace = make("grace@demo.example");
        test_attacks();
        test_pins();
        test_sources();
        test_codes();
        test_times();
        core_world_close(&world);
        return 0;
}
