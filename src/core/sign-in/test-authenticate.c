// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who somebody is, and what is answered to those who guess; with a real keeper and database. */
#include <pthread.h>

#include "core/idempotency.h"
#include "core/test-printing.h"
#include "core/sign-in/token.h"
#include "crypt/hash.h"

static void who_is_who(struct world *world)
{
        struct actor actor = { 0 };
        struct token token;
        char secret[TOKEN_STRING];
        struct text name = TEXT_OF("Ada@demo.example");

        assert(authenticate_basic(world->base.core, NULL, name, TEXT_OF("let-it-be-printed"), TEXT_OF("::1"),
                                  &actor) == 0);
        assert(id_equal(actor.id, world->ada.id) && actor.role == ROLE_PERSON);
        assert(authenticate_basic(world->base.core, NULL, name, TEXT_OF("wrong"), TEXT_OF("::1"), &actor) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_basic(world->base.core, NULL, name, TEXT_OF(""), TEXT_OF("::1"), &actor) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_basic(world->base.core, NULL, TEXT_OF("nobody@demo.example"), TEXT_OF("x"),
                                  TEXT_OF("::1"), &actor) == CORE_WRONG_CREDENTIALS);
        assert(authenticate_basic(world->base.core, NULL, TEXT_OF("a@b"), TEXT_OF("x"), TEXT_OF("::1"),
                                  &actor) == CORE_WRONG_CREDENTIALS);
        for (int i = 0; i < 8; i++)
                authenticate_basic(world->base.core, NULL, TEXT_OF("grace@demo.example"), TEXT_OF("x"),
                                   TEXT_OF("::2"), &actor);
        authenticate_basic(world->base.core, NULL, TEXT_OF("grace@demo.example"), TEXT_OF("x"),
                           TEXT_OF("::2"), &actor);
        authenticate_basic(world->base.core, NULL, TEXT_OF("grace@demo.example"), TEXT_OF("x"),
                           TEXT_OF("::2"), &actor);
        assert(authenticate_basic(world->base.core, NULL, TEXT_OF("grace@demo.example"), TEXT_OF("x"),
                                  TEXT_OF("::2"), &actor) == CORE_LOCKED);

        assert(token_make(world->base.core, &world->ada, TOKEN_PRINT, NULL, TEXT_OF("laptop"), 0, &token,
                          secret) == 0);
        assert(authenticate_basic(world->base.core, &world->base.tenant.id, TEXT_OF("x"), text_from(secret),
                                  TEXT_OF("::1"), &actor) == 0);
        assert(actor.prints_only && !actor_may(&actor, RIGHT_TOKENS, whose_some()));
        assert(token_make(world->base.core, &actor, TOKEN_API, NULL, TEXT_OF(""), 0, &token, secret) ==
               CORE_FORBIDDEN);
        assert(token_delete(world->base.core, &world->grace, token.id) == CORE_NOT_FOUND);
        assert(token_delete(world->base.core, &world->ada, token.id) == 0);
        assert(authenticate_token(world->base.core, text_from(secret), TEXT_OF("::1"), &actor) ==
               CORE_WRONG_CREDENTIALS);

        assert(authenticate_pin(world->base.core, name, TEXT_OF("314159"), TEXT_OF("::1"), &actor) == 0);
        for (int i = 0; i < 5; i++)
                assert(authenticate_pin(world->base.core, name, TEXT_OF("000000"), TEXT_OF("::1"), &actor) ==
                       CORE_WRONG_CREDENTIALS);
        assert(authenticate_pin(world->base.core, name, TEXT_OF("314159"), TEXT_OF("::1"), &actor) ==
               CORE_LOCKED);
        assert(person_set_pin(world->base.core, &world->ada, world->ada.id, TEXT_OF("314159")) == 0);
        assert(authenticate_pin(world->base.core, name, TEXT_OF("314159"), TEXT_OF("::1"), &actor) == 0);
}

struct guesser {
        struct world *world;
        const char *email;
        int wrong, locked;
};

static void *guess_pins(void *context)
{
        struct guesser *guesser = context;
        struct actor actor = { 0 };

        for (int i = 0; i < 2; i++) {
                int r = authenticate_pin(guesser->world->base.core, text_from(guesser->email),
                                         TEXT_OF("000000"), TEXT_OF(""), &actor);

                assert(r == CORE_WRONG_CREDENTIALS || r == CORE_LOCKED);
                guesser->wrong += r == CORE_WRONG_CREDENTIALS;
                guesser->locked += r == CORE_LOCKED;
        }
        return NULL;
}

#define GUESSERS 8

/* How many of many guesses at once are answered with anything but "locked". */
static int attack(struct world *world, const char *email)
{
        struct guesser guessers[GUESSERS];
        pthread_t threads[GUESSERS];
        int wrong = 0;

        for (int i = 0; i < GUESSERS; i++) {
                guessers[i] = (struct guesser){ world, email, 0, 0 };
                assert(pthread_create(&threads[i], NULL, guess_pins, &guessers[i]) == 0);
        }
        for (int i = 0; i < GUESSERS; i++) {
                pthread_join(threads[i], NULL);
                wrong += guessers[i].wrong;
        }
        return wrong;
}

/* A quarter of an hour goes by, and so does what is counted of sources. */
static int wait_out(struct db_tx *tx, void *context)
{
        struct text source = TEXT_OF("");
        uint8_t subject[32];

        (void)context;
        hash_hmac("source", 6, source, subject);
        assert(db_run_all(tx, "DELETE FROM guess WHERE subject = ?1",
                          DB_VALUES(db_octets(subject, sizeof(subject))), NULL) == 0);
        return db_run_all(
                tx, "UPDATE guess SET until_ms = until_ms - 900001 WHERE until_ms < 9000000000000000000",
                DB_NONE, NULL);
}

static void nobody_guesses_more_than_ten_pins(struct world *world)
{
        const char *const emails[] = { "grace@demo.example", "nobody@demo.example",
                                       "nobody@nowhere.example" };
        struct actor actor = { 0 };

        assert(person_set_pin(world->base.core, &world->grace, world->grace.id, TEXT_OF("271828")) == 0);
        for (size_t i = 0; i < ARRAY_LENGTH(emails); i++) {
                int wrong = attack(world, emails[i]);

                assert(wrong == 5);
                for (int pause = 0; pause < 20; pause++) {
                        assert(db_write(world->base.db, wait_out, NULL) == 0);
                        wrong += attack(world, emails[i]);
                }
                assert(wrong == 10);
        }
        assert(authenticate_pin(world->base.core, text_from(emails[0]), TEXT_OF("271828"), TEXT_OF("::9"),
                                &actor) == CORE_LOCKED);
        assert(person_set_pin(world->base.core, &world->grace, world->grace.id, TEXT_OF("271828")) == 0);
        assert(authenticate_pin(world->base.core, text_from(emails[0]), TEXT_OF("271828"), TEXT_OF("::9"),
                                &actor) == 0);
}

static void the_last_administrator_stays(struct world *world)
{
        enum role person = ROLE_PERSON;
        struct person_change change = { .role = &person };
        struct person changed;

        assert(person_change(world->base.core, &world->base.admin, world->base.admin.id, &change, &changed) ==
               CORE_BAD_VALUE);
        assert(person_delete(world->base.core, &world->base.admin, world->base.admin.id) == CORE_BAD_VALUE);
        assert(person_change(world->base.core, &world->ada, world->ada.id, &change, &changed) ==
               CORE_FORBIDDEN);
}

static void a_key_is_answered_once(struct world *world)
{
        uint8_t hash[32] = { 1 }, other[32] = { 2 };
        struct text key = TEXT_OF("abc");
        char body[100];
        size_t length;
        int status;

        assert(idempotency_begin(world->base.core, &world->ada, key, hash, &status, body, sizeof(body),
                                 &length) == 0);
        assert(idempotency_begin(world->base.core, &world->ada, key, hash, &status, body, sizeof(body),
                                 &length) == CORE_BUSY);
        assert(idempotency_end(world->base.core, &world->ada, key, 201, TEXT_OF("{}")) == 0);
        assert(idempotency_begin(world->base.core, &world->ada, key, hash, &status, body, sizeof(body),
                                 &length) == CORE_TAKEN);
        assert(status == 201 && length == 2 && memcmp(body, "{}", 2) == 0);
        assert(idempotency_begin(world->base.core, &world->ada, key, other, &status, body, sizeof(body),
                                 &length) == CORE_KEY_REUSED);
        assert(idempotency_begin(world->base.core, &world->grace, key, other, &status, body, sizeof(body),
                                 &length) == 0);
}

int main(void)
{
        static struct world world;

        log_init("test-authenticate", LOG_ERROR);
        make_world(&world);
        who_is_who(&world);
        nobody_guesses_more_than_ten_pins(&world);
        the_last_administrator_stays(&world);
        a_key_is_answered_once(&world);
        core_world_close(&world.base);
        return 0;
}
