// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/account.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/state.h"
#include "core/trail/watch.h"
#include "crypt/hash.h"

static void hash_source(const struct account *account, uint8_t ret[HASH_OCTETS])
{
        hash_sha256(text_from(account->source), ret);
}

/* What is asked of him is what session_open() asks: a program that brings a password is no way around it. */
#define COLUMNS                                                                                                   \
        "SELECT p.id, p.role, p.disabled, p.password, p.pin, p.secrets_version, p.email,"                         \
        " (SELECT count(*) FROM known_source k WHERE k.tenant_id = ?1 AND k.person_id = p.id AND k.source = ?3)," \
        " EXISTS (SELECT 1 FROM method m WHERE m.tenant_id = ?1 AND m.kind = 'password' AND m.enabled = 1),"      \
        " EXISTS (SELECT 1 FROM method m WHERE m.tenant_id = ?1 AND m.kind = 'pin' AND m.enabled = 1),"           \
        " EXISTS (SELECT 1 FROM totp t WHERE t.tenant_id = ?1 AND t.person_id = p.id AND t.confirmed_ms > 0)"     \
        " OR EXISTS (SELECT 1 FROM passkey k WHERE k.tenant_id = ?1 AND k.person_id = p.id),"                     \
        " coalesce((SELECT second_factor FROM sign_in_policy s WHERE s.tenant_id = ?1), 0),"                      \
        " coalesce((SELECT sum(changed_ms) FROM method m WHERE m.tenant_id = ?1), 0), p.password_until_ms,"       \
        " EXISTS (SELECT 1 FROM outside_identity o JOIN method m ON m.tenant_id = ?1 AND m.id = o.method_id"      \
        " AND m.enabled = 1 WHERE o.tenant_id = ?1 AND o.person_id = p.id)"                                       \
        " FROM person p WHERE p.tenant_id = ?1"

static void read_account(struct db_rows *rows, struct account *account)
{
        struct actor *actor = &account->actor;
        int64_t until_ms = db_rows_integer(rows, 13);

        *actor = (struct actor){ .kind = ACTOR_PERSON, .tenant = account->tenant, .id = db_rows_id(rows, 0) };
        actor->role = (enum role)db_rows_integer(rows, 1);
        account->is_known = !db_rows_integer(rows, 2);
        /* What is remembered of a password ends with a change of his own secrets, and of any method. */
        account->secrets_version =
                (int64_t)((uint64_t)db_rows_integer(rows, 12) << 16) ^ db_rows_integer(rows, 5);
        db_rows_string(rows, 6, account->email, sizeof(account->email));
        memcpy(actor->name, account->email, sizeof(account->email));
        account->is_at_home = db_rows_integer(rows, 7);
        account->is_outside = db_rows_integer(rows, 14);
        account->password[0] = account->pin[0] = '\0';
        actor->owes_password = until_ms > 0;
        if (db_rows_integer(rows, 8) && (!until_ms || clock_unix_ms() < until_ms))
                db_rows_string(rows, 3, account->password, sizeof(account->password));
        if (db_rows_integer(rows, 9))
                db_rows_string(rows, 4, account->pin, sizeof(account->pin));
        actor->owes_factor = second_factor_is_owed((enum second_factor_rule)db_rows_integer(rows, 11),
                                                   actor->role, db_rows_integer(rows, 10));
}

static int find_by_email(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct account *account = context;
        uint8_t source[HASH_OCTETS];
        int r;

        hash_source(account, source);
        r = db_one(tx, account->tenant, COLUMNS " AND p.email = ?2",
                   DB_VALUES(db_string(account->email), db_octets(source, HASH_OCTETS)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_account(&rows, account);
        return 0;
}

static int find_by_id(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct account *account = context;
        uint8_t source[HASH_OCTETS];
        int r;

        hash_source(account, source);
        r = db_one(tx, account->tenant, COLUMNS " AND p.id = ?2",
                   DB_VALUES(db_id(&account->actor.id), db_octets(source, HASH_OCTETS)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        read_account(&rows, account);
        return 0;
}

int account_load(struct core *core, const struct id *tenant, struct text email, struct text source,
                 struct account *ret)
{
        struct tenant found;
        int r;

        *ret = (struct account){ 0 };
        guess_source(source, ret->source);
        /* What is no address at all is counted under its beginning. */
        if (!text_copy(email, ret->email, sizeof(ret->email)))
                snprintf(ret->email, sizeof(ret->email), "%.*s", (int)sizeof(ret->email) - 1, email.at);
        for (char *at = ret->email; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
        if (tenant) {
                ret->tenant = *tenant;
        } else {
                r = tenant_find_by_email(core, text_from(ret->email), &found);
                if (r)
                        return r == CORE_NOT_FOUND ? 0 : r;
                ret->tenant = found.id;
        }
        r = db_read(core->db, find_by_email, ret);
        return r == CORE_NOT_FOUND ? 0 : r;
}

int account_load_person(struct core *core, struct id tenant, struct id person, struct text source,
                        struct account *ret)
{
        int r;

        *ret = (struct account){ .tenant = tenant, .actor = { .id = person } };
        guess_source(source, ret->source);
        r = db_read(core->db, find_by_id, ret);
        if (r)
                return r;
        return ret->is_known ? 0 : CORE_WRONG_CREDENTIALS;
}

struct note {
        const struct account *account;
        struct actor who;
        const char *method;
        bool was_last;
        int64_t now;
};

static int note_known(struct db_tx *tx, const struct note *note)
{
        const struct account *account = note->account;
        uint8_t source[HASH_OCTETS];

        hash_source(account, source);
        return fold(db_run(
                tx, account->tenant,
                "INSERT INTO known_source (tenant_id, person_id, source, used_ms)"
                " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant_id, person_id, source)"
                " DO UPDATE SET used_ms = ?4",
                DB_VALUES(db_id(&account->actor.id), db_octets(source, HASH_OCTETS), db_integer(note->now)),
                NULL));
}

static int note_right(struct db_tx *tx, void *context)
{
        const struct note *note = context;
        int r;

        /* A code says whose it was itself (core/sign-in/code.c). */
        if (!note->account->is_known)
                return 0;
        r = note_known(tx, note);

        return r ? r
                 : event_add(tx, note->account->tenant, &note->who, "signed-in", note->account->actor.id,
                             note->method);
}

/* The event that has just been written need not be written again by whoever lets him in. */
static int welcome(struct core *core, struct note *note, const char *method)
{
        struct actor actor = note->who;
        int r = db_write(core->db, note_right, note);

        actor.id = note->account->actor.id;
        if (r == 0 && note->account->is_known)
                watch_signed_in(core, &actor, method);
        return r;
}

static int note_wrong(struct db_tx *tx, void *context)
{
        const struct note *note = context;
        const struct account *account = note->account;
        struct id subject = account->is_known ? account->actor.id : (struct id){ 0 };
        int r;

        r = event_add(tx, account->tenant, &note->who, "sign-in-refused", subject, note->method);
        if (r == 0 && note->was_last)
                r = event_add(tx, account->tenant, &note->who, "sign-in-locked", subject, note->method);
        return r;
}

/* In the trail of the tenant where there is one; otherwise it is in the log. One that is only counted, for
 * there are too many, takes as long. */
static int refuse(struct core *core, struct note *note, const struct guess_subject *subject)
{
        int r;

        core->sign_ins_refused++;
        if (!watch_may_note(core, note->account->tenant, &note->who) && !note->was_last) {
                r = guess_pretend(core, subject->kind, subject->subject);
        } else if (id_is_zero(note->account->tenant)) {
                log_write(LOG_NOTICE, "sign-in-refused", "source", note->who.source, "words", note->method,
                          NULL);
                r = guess_pretend(core, subject->kind, subject->subject);
        } else {
                r = db_write(core->db, note_wrong, note);
        }
        return r ? r : CORE_WRONG_CREDENTIALS;
}

int account_check(struct core *core, const struct account *account, const struct guess_subject *subjects,
                  size_t count, const char *method,
                  int (*is_right)(struct core *core, const struct account *account, void *context),
                  void *context, const struct actor *who)
{
        struct note note = { .account = account, .who = *who, .now = clock_unix_ms() };
        char words[CORE_WORDS];
        int r, undone;

        snprintf(words, sizeof(words), "method=%s", method);
        note.method = words;
        r = guesses_begin(core, subjects, count, &note.was_last);
        if (r)
                return r;
        r = is_right(core, account, context);
        if (r < 0 || r == CORE_BUSY) {
                undone = guesses_take_back(core, subjects, count);
                if (undone < 0)
                        log_fault("guess-not-taken-back", undone);
                return r;
        }
        if (r)
                return refuse(core, &note, &subjects[0]);
        r = guesses_forgive(core, subjects, count);
        return r ? r : welcome(core, &note, method);
}

int account_locked(struct core *core, const struct account *account, const char *method,
                   const struct actor *who)
{
        char words[CORE_WORDS];
        int r = 0;

        core->sign_ins_refused++;
        snprintf(words, sizeof(words), "method=%s reason=locked", method);
        if (watch_may_note(core, account->tenant, who) && !id_is_zero(account->tenant))
                r = event_note(core, account->tenant, who, "sign-in-refused",
                               account->is_known ? account->actor.id : (struct id){ 0 }, words);
        return r ? r : CORE_LOCKED;
}
