// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "crypt/hash.h"

/*
 * Guessing limits. A guess is counted as a wrong one before it is even looked at, in the database, by a hash
 * of the subject, so that neither many at once nor a restart nor a second service gets one more, and an
 * account that does not exist is treated like one that does.
 */

#define HOUR_MS 3600000
#define NEVER   INT64_MAX

struct rule {
        const char *name;
        uint32_t pause_after; /* failures; then each further one starts a pause anew */
        uint32_t lock_after;  /* failures; until the owner resets it; 0: never */
        int64_t window_ms;    /* failures older than this count no more; 0: they always count */
        int64_t pause_ms;
};

static struct rule rule_of(const struct core *core, enum guess_kind kind)
{
        const struct core_settings *s = &core->settings;

        switch (kind) {
        case GUESS_PASSWORD:
                /* Of one account from one source, so that nobody can lock others out. */
                return (struct rule){ "password", 10, 0, s->guess_pause_ms, s->guess_pause_ms };
        case GUESS_PIN:
                return (struct rule){ "pin", s->pin_wrong_max, 2 * s->pin_wrong_max, 0, s->guess_pause_ms };
        case GUESS_SOURCE: return (struct rule){ "source", 20, 0, HOUR_MS, HOUR_MS };
        case GUESS_BADGE: return (struct rule){ "badge", s->unknown_badges_per_hour, 0, HOUR_MS, HOUR_MS };
        case GUESS_CODE: break;
        }
        return (struct rule){ "code", 20, 0, HOUR_MS, HOUR_MS };
}

struct guess {
        struct rule rule;
        uint8_t subject[HASH_OCTETS];
        int64_t now;
};

static void guess_init(struct guess *guess, struct core *core, enum guess_kind kind, struct text subject)
{
        guess->rule = rule_of(core, kind);
        guess->now = clock_unix_ms();
        hash_hmac(guess->rule.name, __builtin_strlen(guess->rule.name), subject, guess->subject);
}

static int check(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct guess *guess = context;
        int r;

        r = db_one_all(tx, "SELECT until_ms FROM guess WHERE subject = ?1",
                       DB_VALUES(db_octets(guess->subject, HASH_OCTETS)), &rows);
        if (r == DB_NO_ROW)
                return 0;
        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) > guess->now ? CORE_LOCKED : 0;
}

int guess_check(struct core *core, enum guess_kind kind, struct text subject)
{
        struct guess guess;

        guess_init(&guess, core, kind, subject);
        return db_read(core->db, check, &guess);
}

static int count_wrong(struct db_tx *tx, void *context)
{
        struct guess *guess = context;
        const struct rule *rule = &guess->rule;
        int64_t failures = 0, since = guess->now, until = 0;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one_all(tx, "SELECT failures, since_ms FROM guess WHERE subject = ?1",
                               DB_VALUES(db_octets(guess->subject, HASH_OCTETS)), &rows);
                if (r < 0)
                        return r;
                if (r == 0 &&
                    (!rule->window_ms || db_rows_integer(&rows, 1) + rule->window_ms > guess->now)) {
                        failures = db_rows_integer(&rows, 0);
                        since = db_rows_integer(&rows, 1);
                }
        }
        failures++;
        if (rule->lock_after && failures >= rule->lock_after)
                until = NEVER;
        else if (failures >= rule->pause_after)
                until = guess->now + rule->pause_ms;
        r = db_run_all(tx,
                       "INSERT INTO guess (subject, failures, since_ms, until_ms) VALUES (?1, ?2, ?3, ?4)"
                       " ON CONFLICT (subject) DO UPDATE SET failures = ?2, since_ms = ?3, until_ms = ?4",
                       DB_VALUES(db_octets(guess->subject, HASH_OCTETS), db_integer(failures),
                                 db_integer(since), db_integer(until)),
                       NULL);
        return fold(r);
}

int guess_count_wrong(struct core *core, enum guess_kind kind, struct text subject)
{
        struct guess guess;

        guess_init(&guess, core, kind, subject);
        return db_write(core->db, count_wrong, &guess);
}

static int begin(struct db_tx *tx, void *context)
{
        int r = check(tx, context);

        return r ? r : count_wrong(tx, context);
}

int guess_begin(struct core *core, enum guess_kind kind, struct text subject)
{
        struct guess guess;

        guess_init(&guess, core, kind, subject);
        return db_write(core->db, begin, &guess);
}

static int take_back(struct db_tx *tx, void *context)
{
        struct guess *guess = context;

        return fold(db_run_all(
                tx,
                "UPDATE guess SET failures = failures - 1,"
                " until_ms = CASE WHEN failures > ?2 THEN until_ms ELSE 0 END WHERE subject = ?1",
                DB_VALUES(db_octets(guess->subject, HASH_OCTETS), db_integer(guess->rule.pause_after)),
                NULL));
}

int guess_take_back(struct core *core, enum guess_kind kind, struct text subject)
{
        struct guess guess;

        guess_init(&guess, core, kind, subject);
        return db_write(core->db, take_back, &guess);
}

static int pretend(struct db_tx *tx, void *context)
{
        struct guess *guess = context;

        return fold(db_run_all(tx, "UPDATE guess SET failures = failures WHERE subject = ?1",
                               DB_VALUES(db_octets(guess->subject, HASH_OCTETS)), NULL));
}

int guess_pretend(struct core *core, enum guess_kind kind, struct text subject)
{
        struct guess guess;

        guess_init(&guess, core, kind, subject);
        return db_write(core->db, pretend, &guess);
}

static int has_failures(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct guess *guess = context;
        int r;

        r = db_one_all(tx, "SELECT failures FROM guess WHERE subject = ?1",
                       DB_VALUES(db_octets(guess->subject, HASH_OCTETS)), &rows);
        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int forget(struct db_tx *tx, void *context)
{
        struct guess *guess = context;

        return fold(db_run_all(tx, "DELETE FROM guess WHERE subject = ?1",
                               DB_VALUES(db_octets(guess->subject, HASH_OCTETS)), NULL));
}

int guess_forget(struct core *core, enum guess_kind kind, struct text subject)
{
        struct guess guess;
        int r;

        guess_init(&guess, core, kind, subject);
        r = db_read(core->db, has_failures, &guess);
        if (r)
                return r == CORE_NOT_FOUND ? 0 : r;
        return db_write(core->db, forget, &guess);
}
