// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/guess.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "crypt/hash.h"

#define HOUR_MS 3600000
#define DAY_MS  (24 * HOUR_MS)
#define NEVER   INT64_MAX

struct rule {
        const char *name;
        uint32_t pause_after; /* failures; then each further one starts a pause anew */
        uint32_t lock_after;  /* failures; until somebody unlocks it; 0: never */
        int64_t window_ms;    /* they count no more after such a time; 0: they always count */
        int64_t pause_ms;
        bool slides;         /* the time is that since the last one, not since the first */
        bool is_unforgiving; /* a right guess takes back itself alone */
};

static struct rule rule_of(const struct core *core, enum guess_kind kind)
{
        const struct core_settings *s = &core->settings;
        uint32_t pins = s->pin_wrong_max;
        int64_t pause = s->guess_pause_ms;

        switch (kind) {
        case GUESS_PASSWORD: return (struct rule){ "password", 10, 0, pause, pause, false, false };
        case GUESS_PASSWORD_ABROAD:
                return (struct rule){ "abroad", s->password_wrong_max, 0, DAY_MS, DAY_MS, true, true };
        case GUESS_PASSWORD_AT_HOME: return (struct rule){ "at-home", 100, 100, 0, 0, false, false };
        case GUESS_PASSWORD_SOURCE:
                return (struct rule){ "spray", s->source_wrong_max, 0, HOUR_MS, HOUR_MS, false, true };
        case GUESS_PIN: return (struct rule){ "pin", pins, 2 * pins, 0, pause, false, false };
        case GUESS_PIN_DAY: return (struct rule){ "pin-day", 2 * pins, 0, DAY_MS, DAY_MS, true, true };
        case GUESS_FACTOR: return (struct rule){ "factor", pins, 2 * pins, 0, pause, false, false };
        case GUESS_SOURCE: return (struct rule){ "source", 20, 0, HOUR_MS, HOUR_MS, false, true };
        case GUESS_ONE_TIME: return (struct rule){ "one-time", 60, 0, HOUR_MS, HOUR_MS, false, true };
        /* Nobody guesses a signature; it is the work that is limited. */
        case GUESS_PASSKEY:
                return (struct rule){ "passkey", s->source_wrong_max, 0, HOUR_MS, HOUR_MS, false, true };
        case GUESS_BADGE:
                return (struct rule){
                        "badge", s->unknown_badges_per_hour, 0, HOUR_MS, HOUR_MS, false, false
                };
        case GUESS_COMPANY: return (struct rule){ "company", 20, 0, HOUR_MS, HOUR_MS, false, true };
        case GUESS_REGISTRATION:
                return (struct rule){ "registration", 20, 0, HOUR_MS, HOUR_MS, false, false };
        case GUESS_MAILBOX: return (struct rule){ "mailbox", 5, 0, HOUR_MS, HOUR_MS, false, false };
        case GUESS_APPLIANCE: return (struct rule){ "appliance", 20, 0, HOUR_MS, HOUR_MS, false, false };
        case GUESS_INVITATION: return (struct rule){ "invitation", 1, 0, DAY_MS, DAY_MS, false, false };
        case GUESS_INVITATION_SOURCE:
                return (struct rule){ "invitation-source", 20, 0, HOUR_MS, HOUR_MS, false, false };
        case GUESS_INVITATION_TENANT:
                return (struct rule){ "invitation-tenant", 100, 0, HOUR_MS, HOUR_MS, false, false };
        case GUESS_CODE: break;
        }
        return (struct rule){ "code", 20, 0, HOUR_MS, HOUR_MS, false, false };
}

struct guess {
        struct rule rule;
        uint8_t subject[HASH_OCTETS];
};

struct guesses {
        struct guess at[GUESS_SUBJECTS_MAX];
        size_t count;
        int64_t now;
        bool is_last;
};

static struct guesses prepare(struct core *core, const struct guess_subject *subjects, size_t count)
{
        struct guesses guesses = { .count = count, .now = clock_unix_ms() + core->guess_shift_ms };

        assert(count <= GUESS_SUBJECTS_MAX);
        for (size_t i = 0; i < count; i++) {
                struct guess *guess = &guesses.at[i];

                guess->rule = rule_of(core, subjects[i].kind);
                hash_hmac(guess->rule.name, strlen(guess->rule.name), subjects[i].subject, guess->subject);
        }
        return guesses;
}

static int check_one(struct db_tx *tx, const struct guess *guess, int64_t now)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one_all(tx, "SELECT until_ms FROM guess WHERE subject = ?1",
                       DB_VALUES(db_octets(guess->subject, HASH_OCTETS)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        return db_rows_integer(&rows, 0) > now ? CORE_LOCKED : 0;
}

static int check(struct db_tx *tx, void *context)
{
        const struct guesses *guesses = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < guesses->count; i++)
                r = check_one(tx, &guesses->at[i], guesses->now);
        return r;
}

int guesses_check(struct core *core, const struct guess_subject *subjects, size_t count)
{
        struct guesses guesses = prepare(core, subjects, count);

        return db_read(core->db, check, &guesses);
}

static int read_failures(struct db_tx *tx, const struct guess *guess, int64_t now, int64_t *ret_failures,
                         int64_t *ret_since)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int64_t window = guess->rule.window_ms;
        int r;

        *ret_failures = 0;
        *ret_since = now;
        r = db_one_all(tx, "SELECT failures, since_ms FROM guess WHERE subject = ?1",
                       DB_VALUES(db_octets(guess->subject, HASH_OCTETS)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        if (window && db_rows_integer(&rows, 1) + window <= now)
                return 0;
        *ret_failures = db_rows_integer(&rows, 0);
        if (!guess->rule.slides)
                *ret_since = db_rows_integer(&rows, 1);
        return 0;
}

static int count_one(struct db_tx *tx, const struct guess *guess, int64_t now, bool *ret_last)
{
        const struct rule *rule = &guess->rule;
        int64_t failures, since, until = 0;
        int r;

        r = read_failures(tx, guess, now, &failures, &since);
        if (r)
                return r;
        failures++;
        if (rule->lock_after && failures >= rule->lock_after)
                until = NEVER;
        else if (failures >= rule->pause_after)
                until = now + rule->pause_ms;
        if (until)
                *ret_last = true;
        r = db_run_all(tx,
                       "INSERT INTO guess (subject, failures, since_ms, until_ms) VALUES (?1, ?2, ?3, ?4)"
                       " ON CONFLICT (subject) DO UPDATE SET failures = ?2, since_ms = ?3, until_ms = ?4",
                       DB_VALUES(db_octets(guess->subject, HASH_OCTETS), db_integer(failures),
                                 db_integer(since), db_integer(until)),
                       NULL);
        return fold(r);
}

static int count_wrong(struct db_tx *tx, void *context)
{
        struct guesses *guesses = context;
        int r = 0;

        guesses->is_last = false;
        for (size_t i = 0; r == 0 && i < guesses->count; i++)
                r = count_one(tx, &guesses->at[i], guesses->now, &guesses->is_last);
        return r;
}

int guess_count_wrong(struct core *core, enum guess_kind kind, struct text subject)
{
        struct guesses guesses = prepare(core, &(struct guess_subject){ kind, subject }, 1);

        return db_write(core->db, count_wrong, &guesses);
}

static int begin(struct db_tx *tx, void *context)
{
        int r = check(tx, context);

        return r ? r : count_wrong(tx, context);
}

int guesses_begin(struct core *core, const struct guess_subject *subjects, size_t count, bool *ret_last)
{
        struct guesses guesses = prepare(core, subjects, count);
        int r = db_write(core->db, begin, &guesses);

        if (r == 0 && ret_last)
                *ret_last = guesses.is_last;
        return r;
}

static int take_back_one(struct db_tx *tx, const struct guess *guess)
{
        return fold(db_run_all(
                tx,
                "UPDATE guess SET failures = failures - 1,"
                " until_ms = CASE WHEN failures > ?2 THEN until_ms ELSE 0 END WHERE subject = ?1",
                DB_VALUES(db_octets(guess->subject, HASH_OCTETS), db_integer(guess->rule.pause_after)),
                NULL));
}

static int take_back(struct db_tx *tx, void *context)
{
        const struct guesses *guesses = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < guesses->count; i++)
                r = take_back_one(tx, &guesses->at[i]);
        return r;
}

int guesses_take_back(struct core *core, const struct guess_subject *subjects, size_t count)
{
        struct guesses guesses = prepare(core, subjects, count);

        return db_write(core->db, take_back, &guesses);
}

static int pretend(struct db_tx *tx, void *context)
{
        const struct guesses *guesses = context;

        return fold(db_run_all(tx, "UPDATE guess SET failures = failures WHERE subject = ?1",
                               DB_VALUES(db_octets(guesses->at[0].subject, HASH_OCTETS)), NULL));
}

int guess_pretend(struct core *core, enum guess_kind kind, struct text subject)
{
        struct guesses guesses = prepare(core, &(struct guess_subject){ kind, subject }, 1);

        return db_write(core->db, pretend, &guesses);
}

static int forget_one(struct db_tx *tx, const struct guess *guess)
{
        return fold(db_run_all(tx, "DELETE FROM guess WHERE subject = ?1",
                               DB_VALUES(db_octets(guess->subject, HASH_OCTETS)), NULL));
}

static int forgive(struct db_tx *tx, void *context)
{
        const struct guesses *guesses = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < guesses->count; i++) {
                const struct guess *guess = &guesses->at[i];

                r = guess->rule.is_unforgiving ? take_back_one(tx, guess) : forget_one(tx, guess);
        }
        return r;
}

int guesses_forgive(struct core *core, const struct guess_subject *subjects, size_t count)
{
        struct guesses guesses = prepare(core, subjects, count);

        return db_write(core->db, forgive, &guesses);
}

static int forget(struct db_tx *tx, void *context)
{
        const struct guesses *guesses = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < guesses->count; i++)
                r = forget_one(tx, &guesses->at[i]);
        return r;
}

int guesses_forget(struct core *core, const struct guess_subject *subjects, size_t count)
{
        struct guesses guesses = prepare(core, subjects, count);

        return db_write(core->db, forget, &guesses);
}

int guess_check(struct core *core, enum guess_kind kind, struct text subject)
{
        return guesses_check(core, &(struct guess_subject){ kind, subject }, 1);
}

int guess_begin(struct core *core, enum guess_kind kind, struct text subject)
{
        return guesses_begin(core, &(struct guess_subject){ kind, subject }, 1, NULL);
}

int guess_forgive(struct core *core, enum guess_kind kind, struct text subject)
{
        return guesses_forgive(core, &(struct guess_subject){ kind, subject }, 1);
}

int guess_take_back(struct core *core, enum guess_kind kind, struct text subject)
{
        return guesses_take_back(core, &(struct guess_subject){ kind, subject }, 1);
}

int guess_forget(struct core *core, enum guess_kind kind, struct text subject)
{
        return guesses_forget(core, &(struct guess_subject){ kind, subject }, 1);
}

void guess_source(struct text address, char ret[GUESS_SOURCE_STRING])
{
        struct text alone, door;
        bool is_relayed = text_cut(address, '@', &alone, &door);
        char short_address[GUESS_SOURCE_STRING];
        uint8_t octets[16];

        if (!text_copy(alone, short_address, sizeof(short_address)))
                snprintf(short_address, sizeof(short_address), "%.*s", (int)sizeof(short_address) - 1,
                         alone.at);
        if (inet_pton(AF_INET6, short_address, octets) == 1) {
                /* An IPv4 address in the clothes of IPv6 is what it is. */
                bool is_4 = memcmp(octets, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;

                memset(octets + (is_4 ? 0 : 8), 0, is_4 ? 0 : 8);
                inet_ntop(is_4 ? AF_INET : AF_INET6, octets + (is_4 ? 12 : 0), short_address,
                          sizeof(short_address));
        }
        snprintf(ret, GUESS_SOURCE_STRING, "%.46s%s%.*s", short_address, is_relayed ? "@" : "",
                 (int)(door.len < 16 ? door.len : 16), door.len ? door.at : "");
}

int guesses_forget_account(struct core *core, struct text email, bool of_pin)
{
        const struct guess_subject pin[] = { { GUESS_PIN, email }, { GUESS_PIN_DAY, email } };
        const struct guess_subject password[] = { { GUESS_PASSWORD_ABROAD, email },
                                                  { GUESS_PASSWORD_AT_HOME, email } };

        return guesses_forget(core, of_pin ? pin : password, 2);
}
