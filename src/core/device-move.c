// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/device-move.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/credential.h"
#include "core/email.h"
#include "core/guess.h"
#include "core/mail.h"
#include "core/state.h"
#include "crypt/hash.h"
#include "crypt/random.h"

#define CODE_OCTETS     7 /* of which 50 bits are shown */
#define CODE_CHARACTERS 10
#define MOVE_MS         3600000LL
#define WRONG_MAX       5

struct move {
        struct core *core;
        const struct actor *actor;
        struct device_move move;
        struct tenant to;
        char email[CORE_EMAIL];
        uint8_t hash[HASH_OCTETS];
        struct mail mail;
        bool is_mailed;
        /* of the end */
        struct id person;
        struct token token;
        uint8_t token_hash[HASH_OCTETS];
        bool is_right;
};

static void move_done(struct move *move)
{
        mail_done(&move->mail);
        explicit_bzero(move, sizeof(*move));
}

static bool is_device(const struct actor *actor)
{
        return actor->kind == ACTOR_PERSON && actor->prints_only && !id_is_zero(actor->token) &&
               actor_may(actor, RIGHT_DEVICES_MOVE, whose_person(actor->id));
}

static int find_person(struct db_tx *tx, struct move *move)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, move->to.id,
                   "SELECT id FROM person WHERE tenant_id = ?1 AND email = ?2 AND disabled = 0",
                   DB_VALUES(db_string(move->email)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        move->person = db_rows_id(&rows, 0);
        return 0;
}

/* Nobody's address gets a row, too, which no code ends. */
static int begin_in(struct db_tx *tx, void *context)
{
        struct move *move = context;
        struct id from = move->actor->tenant;
        int r;

        move->person = (struct id){ 0 };
        r = find_person(tx, move);
        if (r == 0)
                r = db_run(tx, from, "DELETE FROM device_move WHERE tenant_id = ?1 AND token_id = ?2",
                           DB_VALUES(db_id(&move->actor->token)), NULL);
        if (r == 0)
                r = db_run(
                        tx, from,
                        "INSERT INTO device_move (tenant_id, id, token_id, to_tenant, to_person, code_hash, wrong,"
                        " expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)",
                        DB_VALUES(db_id(&move->move.id), db_id(&move->actor->token), db_id(&move->to.id),
                                  db_id(&move->person), db_octets(move->hash, HASH_OCTETS),
                                  db_integer(move->move.expires_ms)),
                        NULL);
        if (r)
                return fold(r);
        if (!id_is_zero(move->person) && move->is_mailed) {
                r = mail_add(tx, &move->mail);
                if (r)
                        return r;
        }
        return event_add(tx, from, move->actor, "device-move-begun", move->actor->token, "");
}

/* The code and the mail that tells it. */
static int prepare(struct core *core, struct move *move)
{
        char characters[16], text[1024];
        uint8_t octets[CODE_OCTETS];
        struct mail_order order = {
                .to = move->email, .subject = "Your code to move a device", .text = text, .keep_ms = MOVE_MS
        };
        int r;

        random_octets(octets, sizeof(octets));
        crockford_format(octets, sizeof(octets), characters);
        characters[CODE_CHARACTERS] = '\0';
        hash_sha256(text_from(characters), move->hash);
        snprintf(
                text, sizeof(text),
                "Somebody, most likely you, wants a device to print at\n%s with this address.\n\n"
                "The code: %.5s-%.5s\n\nType it on that device within an hour. If it was not you, do nothing:\n"
                "without the code nothing changes.\n",
                move->to.title[0] ? move->to.title : move->to.name, characters, characters + 5);
        r = mail_prepare(core, move->to.id, &order, &move->mail);
        explicit_bzero(characters, sizeof(characters));
        explicit_bzero(octets, sizeof(octets));
        explicit_bzero(text, sizeof(text));
        return r;
}

/* Nobody's mailbox is filled: beyond its measure nothing is sent, and nobody is told. */
static int count_mail(struct core *core, struct move *move)
{
        int r = guess_begin(core, GUESS_MAILBOX, text_from(move->email));

        move->is_mailed = r == 0;
        return r == CORE_LOCKED ? guess_pretend(core, GUESS_MAILBOX, text_from(move->email)) : r;
}

int device_move_begin(struct core *core, const struct actor *actor, struct text email,
                      struct text company_code, struct device_move *ret)
{
        SCOPED(move_done) struct move move = { .core = core, .actor = actor };
        int r;

        if (!is_device(actor))
                return CORE_FORBIDDEN;
        if (!email_fold(email, move.email) || company_code.len == 0)
                return CORE_BAD_VALUE;
        r = tenant_find_for(core, email, company_code, text_from(actor->source), &move.to);
        if (r)
                return r;
        if (id_equal(move.to.id, actor->tenant))
                return CORE_BAD_VALUE;
        move.move = (struct device_move){ id_new(), clock_unix_ms() + MOVE_MS };
        r = prepare(core, &move);
        if (r == 0)
                r = count_mail(core, &move);
        if (r == 0)
                r = db_write(core->db, begin_in, &move);
        if (r == 0)
                *ret = move.move;
        return r;
}

/* Whose the code is, where it is right; a wrong one is counted. */
static int compare_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct move *move = context;
        uint8_t hash[HASH_OCTETS];
        int r;

        r = db_one(
                tx, move->actor->tenant,
                "UPDATE device_move SET wrong = wrong + 1 WHERE tenant_id = ?1 AND id = ?2 AND token_id = ?3"
                " RETURNING to_tenant, to_person, code_hash, wrong, expires_ms",
                DB_VALUES(db_id(&move->move.id), db_id(&move->actor->token)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        move->to.id = db_rows_id(&rows, 0);
        move->person = db_rows_id(&rows, 1);
        if (!db_rows_octets(&rows, 2, hash, sizeof(hash)))
                return fault(-EBADMSG);
        if (db_rows_integer(&rows, 3) > WRONG_MAX || db_rows_integer(&rows, 4) <= clock_unix_ms())
                return CORE_EXPIRED;
        move->is_right = hash_equal(hash, move->hash, HASH_OCTETS) && !id_is_zero(move->person);
        return 0;
}

static int finish_in(struct db_tx *tx, void *context)
{
        struct move *move = context;
        const struct actor *actor = move->actor;
        const struct token *t = &move->token;
        char label[CORE_TITLE];
        struct actor arrived;
        int64_t changed;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, actor->tenant, "SELECT label FROM token WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&actor->token)), &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
                db_rows_string(&rows, 0, label, sizeof(label));
        }
        /* The move goes with the token. */
        r = db_run(tx, actor->tenant, "DELETE FROM token WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&actor->token)), NULL);
        if (r == 0)
                r = db_run(
                        tx, move->to.id,
                        "INSERT INTO token (tenant_id, id, person_id, kind, hash, label, created_ms, expires_ms,"
                        " used_ms) SELECT ?1, ?2, id, ?3, ?4, ?5, ?6, 0, 0 FROM person WHERE tenant_id = ?1"
                        " AND id = ?7 AND disabled = 0",
                        DB_VALUES(db_id(&t->id), db_integer(t->kind),
                                  db_octets(move->token_hash, HASH_OCTETS), db_string(label),
                                  db_integer(t->created_ms), db_id(&move->person)),
                        &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_WRONG_CREDENTIALS;
        memcpy(move->token.label, label, sizeof(label));
        r = event_add(tx, actor->tenant, actor, "device-left", actor->token, "");
        if (r)
                return r;
        arrived = (struct actor){ .kind = ACTOR_PERSON, .tenant = move->to.id, .id = move->person };
        actor_came(&arrived, actor->via, text_from(actor->source));
        return event_add(tx, move->to.id, &arrived, "device-arrived", t->id, "");
}

static bool code_hash(struct text typed, uint8_t ret[HASH_OCTETS])
{
        char folded[2 * CODE_CHARACTERS + 8];
        bool is_code = text_copy(typed, folded, sizeof(folded)) && crockford_fold(folded) &&
                       strlen(folded) == CODE_CHARACTERS;

        hash_sha256(is_code ? text_from(folded) : TEXT_OF(""), ret);
        explicit_bzero(folded, sizeof(folded));
        return is_code;
}

int device_move_finish(struct core *core, const struct actor *actor, struct id id, struct text code,
                       struct token *ret, char ret_secret[TOKEN_STRING], struct id *ret_tenant)
{
        SCOPED(move_done) struct move move = { .core = core, .actor = actor, .move.id = id };
        int r;

        if (!is_device(actor))
                return CORE_NOT_FOUND;
        if (!code_hash(code, move.hash))
                return CORE_WRONG_CREDENTIALS;
        r = db_write(core->db, compare_in, &move);
        if (r)
                return r;
        if (!move.is_right)
                return CORE_WRONG_CREDENTIALS;
        r = tenant_admits(core, move.to.id, ACCESS_SUBMIT, text_from(actor->source));
        if (r)
                return r;
        move.token = (struct token){ .id = id_new(), .kind = TOKEN_PRINT, .created_ms = clock_unix_ms() };
        credential_make("imp_", ret_secret);
        hash_sha256(text_from(ret_secret), move.token_hash);
        r = db_write(core->db, finish_in, &move);
        if (r) {
                explicit_bzero(ret_secret, TOKEN_STRING);
                return r;
        }
        *ret = move.token;
        *ret_tenant = move.to.id;
        return 0;
}
