// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/device-move.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/credential.h"
#include "core/person/email.h"
#include "core/sign-in/grant-state.h"
#include "core/sign-in/guess.h"
#include "core/notice/mail.h"
#include "core/state.h"
#include "crypt/hash.h"
#include "crypt/random.h"

#define CODE_OCTETS     7 /* of which 50 bits are shown */
#define CODE_CHARACTERS 10
#define MOVE_MS         3600000LL
#define WRONG_MAX       5
#define SCOPES_MOVED    ((uint32_t)(SCOPE_PRINT | SCOPE_RELEASE))

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
        struct device_moved moved;
        uint8_t token_hash[HASH_OCTETS];
        struct granting granting; /* of a program */
        bool is_right;
};

void device_moved_done(struct device_moved *moved)
{
        explicit_bzero(moved, sizeof(*moved));
}

static void move_done(struct move *move)
{
        mail_done(&move->mail);
        explicit_bzero(move, sizeof(*move));
}

static bool is_program(const struct actor *actor)
{
        return !id_is_zero(actor->grant);
}

static bool is_device(const struct actor *actor)
{
        return actor->kind == ACTOR_PERSON &&
               (is_program(actor) || (actor->prints_only && !id_is_zero(actor->token))) &&
               actor_may(actor, RIGHT_DEVICES_MOVE, whose_person(actor->id));
}

static struct db_value token_of(const struct actor *actor)
{
        return is_program(actor) ? db_null() : db_id(&actor->token);
}

static struct db_value grant_of(const struct actor *actor)
{
        return is_program(actor) ? db_id(&actor->grant) : db_null();
}

/* Of what events are. */
static struct id device_id(const struct actor *actor)
{
        return is_program(actor) ? actor->grant : actor->token;
}

/* Fills in whose program it is. */
static int read_program_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct move *move = context;
        int r;

        r = db_one(tx, move->actor->tenant,
                   "SELECT client, label FROM client_grant WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&move->actor->grant)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        db_rows_string(&rows, 0, move->granting.client.name, sizeof(move->granting.client.name));
        db_rows_string(&rows, 1, move->moved.label, sizeof(move->moved.label));
        return 0;
}

/* Truth 5. CORE_FORBIDDEN. */
static int read_program(struct move *move)
{
        char name[CLIENT_NAME];
        struct client client;
        int r = db_read(move->core->db, read_program_in, move);

        if (r)
                return r;
        memcpy(name, move->granting.client.name, sizeof(name));
        r = client_recognise(move->core, text_from(name), &client);
        if (r)
                return r == CORE_NOT_FOUND ? CORE_FORBIDDEN : r;
        if (client.kind != CLIENT_BUILT_IN || !client.refreshes || !(move->actor->scopes & SCOPES_MOVED))
                return CORE_FORBIDDEN;
        granting_init(&move->granting, move->core, &client, text_from(move->actor->source));
        return 0;
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
                r = db_run(
                        tx, from,
                        "DELETE FROM device_move WHERE tenant_id = ?1 AND (token_id = ?2 OR grant_id = ?3)",
                        DB_VALUES(token_of(move->actor), grant_of(move->actor)), NULL);
        if (r == 0)
                r = db_run(tx, from,
                           "INSERT INTO device_move (tenant_id, id, token_id, grant_id, to_tenant, to_person,"
                           " code_hash, wrong, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)",
                           DB_VALUES(db_id(&move->move.id), token_of(move->actor), grant_of(move->actor),
                                     db_id(&move->to.id), db_id(&move->person),
                                     db_octets(move->hash, HASH_OCTETS), db_integer(move->move.expires_ms)),
                           NULL);
        if (r)
                return fold(r);
        if (!id_is_zero(move->person) && move->is_mailed) {
                r = mail_add(tx, &move->mail);
                if (r)
                        return r;
        }
        return event_add(tx, from, move->actor, "device-move-begun", device_id(move->actor), "");
}

/* The code and the mail that tells it. */
static int prepare(struct core *core, struct move *move)
{
        const struct mail_order order = { .to = move->email, .keep_ms = MOVE_MS };
        char characters[16], shown[CODE_CHARACTERS + 2];
        uint8_t octets[CODE_OCTETS];
        int r;

        random_octets(octets, sizeof(octets));
        crockford_format(octets, sizeof(octets), characters);
        characters[CODE_CHARACTERS] = '\0';
        hash_sha256(text_from(characters), move->hash);
        snprintf(shown, sizeof(shown), "%.5s-%.5s", characters, characters + 5);
        r = mail_prepare_kind(core, move->to.id, MAIL_MOVE, shown, &order, &move->mail);
        explicit_bzero(characters, sizeof(characters));
        explicit_bzero(octets, sizeof(octets));
        explicit_bzero(shown, sizeof(shown));
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
        r = is_program(actor) ? read_program(&move) : 0;
        if (r)
                return r;
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

        r = db_one(tx, move->actor->tenant,
                   "UPDATE device_move SET wrong = wrong + 1 WHERE tenant_id = ?1 AND id = ?2"
                   " AND (token_id = ?3 OR grant_id = ?4)"
                   " RETURNING to_tenant, to_person, code_hash, wrong, expires_ms",
                   DB_VALUES(db_id(&move->move.id), token_of(move->actor), grant_of(move->actor)), &rows);
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

/* A print token for a print token. The move goes with the old one. */
static int move_token(struct db_tx *tx, struct move *move)
{
        const struct actor *actor = move->actor;
        struct device_moved *moved = &move->moved;
        int64_t changed;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, actor->tenant, "SELECT label FROM token WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&actor->token)), &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
                db_rows_string(&rows, 0, moved->label, sizeof(moved->label));
        }
        r = db_run(tx, actor->tenant, "DELETE FROM token WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&actor->token)), NULL);
        if (r == 0)
                r = db_run(
                        tx, move->to.id,
                        "INSERT INTO token (tenant_id, id, person_id, kind, hash, label, created_ms, expires_ms,"
                        " used_ms) SELECT ?1, ?2, id, ?3, ?4, ?5, ?6, 0, 0 FROM person WHERE tenant_id = ?1"
                        " AND id = ?7 AND disabled = 0",
                        DB_VALUES(db_id(&moved->id), db_integer(TOKEN_PRINT),
                                  db_octets(move->token_hash, HASH_OCTETS), db_string(moved->label),
                                  db_integer(clock_unix_ms()), db_id(&move->person)),
                        &changed);
        if (r)
                return fold(r);
        return changed ? 0 : CORE_WRONG_CREDENTIALS;
}

/* Truth 6. */
static int stand_on_provider(struct db_tx *tx, struct move *move)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct granting *g = &move->granting;
        int64_t last_ms = g->now + move->core->settings.session_absolute_ms;
        int r;

        r = db_one(tx, g->tenant,
                   "SELECT s.method_id, s.name FROM outside_identity i LEFT JOIN outside_session s"
                   " ON s.tenant_id = i.tenant_id AND s.person_id = i.person_id AND s.refresh IS NOT NULL"
                   " WHERE i.tenant_id = ?1 AND i.person_id = ?2 ORDER BY s.checked_ms DESC LIMIT 1",
                   DB_VALUES(db_id(&g->person)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        g->method = db_rows_id(&rows, 0);
        db_rows_string(&rows, 1, g->outside, sizeof(g->outside));
        if (id_is_zero(g->method) && g->expires_ms > last_ms)
                g->expires_ms = last_ms;
        return 0;
}

/* A grant for a grant, with all that hung on the old one; the move goes with it, too. */
static int move_grant(struct db_tx *tx, struct move *move)
{
        const struct actor *actor = move->actor;
        struct granting *g = &move->granting;
        int r;

        r = grant_end(tx, actor->tenant, actor->grant, actor, "moved");
        if (r == 0)
                r = stand_on_provider(tx, move);
        if (r)
                return r;
        r = grant_make(tx, g);
        if (r)
                return r == GRANT_INVALID ? CORE_WRONG_CREDENTIALS : fold(r);
        move->moved.id = g->grant;
        return 0;
}

static int finish_in(struct db_tx *tx, void *context)
{
        struct move *move = context;
        const struct actor *actor = move->actor;
        struct actor arrived = { .kind = ACTOR_PERSON, .tenant = move->to.id, .id = move->person };
        int r;

        r = is_program(actor) ? move_grant(tx, move) : move_token(tx, move);
        if (r)
                return r;
        r = event_add(tx, actor->tenant, actor, "device-left", device_id(actor), "");
        if (r)
                return r;
        actor_came(&arrived, actor->via, text_from(actor->source));
        return event_add(tx, move->to.id, &arrived, "device-arrived", move->moved.id, "");
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

/* What is to be made of it over there. */
static void prepare_token(struct move *move)
{
        move->moved.id = id_new();
        credential_make("imp_", move->moved.secret);
        hash_sha256(text_from(move->moved.secret), move->token_hash);
}

static void prepare_grant(struct move *move)
{
        struct granting *g = &move->granting;

        g->tenant = move->to.id;
        g->person = move->person;
        g->scopes = move->actor->scopes & SCOPES_MOVED;
        memcpy(g->label, move->moved.label, sizeof(g->label));
}

/* CORE_WRONG_CREDENTIALS, CORE_NOT_FOUND, CORE_EXPIRED. */
static int compare(struct move *move, struct text code)
{
        int r;

        if (!code_hash(code, move->hash))
                return CORE_WRONG_CREDENTIALS;
        r = db_write(move->core->db, compare_in, move);
        if (r)
                return r;
        return move->is_right ? 0 : CORE_WRONG_CREDENTIALS;
}

int device_move_finish(struct core *core, const struct actor *actor, struct id id, struct text code,
                       struct device_moved *ret)
{
        SCOPED(move_done) struct move move = { .core = core, .actor = actor, .move.id = id };
        int r;

        if (!is_device(actor))
                return CORE_NOT_FOUND;
        r = compare(&move, code);
        if (r == 0 && is_program(actor))
                r = read_program(&move);
        if (r == 0)
                r = tenant_admits(core, move.to.id, is_program(actor) ? ACCESS_SIGN_IN : ACCESS_SUBMIT,
                                  text_from(actor->source));
        if (r)
                return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
        if (is_program(actor))
                prepare_grant(&move);
        else
                prepare_token(&move);
        r = db_write(core->db, finish_in, &move);
        if (r)
                return r;
        *ret = move.moved;
        ret->tenant = move.to.id;
        ret->is_program = is_program(actor);
        if (ret->is_program)
                ret->issue = move.granting.issue;
        return 0;
}
