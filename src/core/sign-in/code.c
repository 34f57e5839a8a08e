// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/code.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/email.h"
#include "core/sign-in/guess.h"
#include "core/listing.h"
#include "core/notice/mail.h"
#include "core/sign-in/sign-in.h"
#include "core/person/person.h"
#include "core/release/release.h"
#include "core/state.h"
#include "crypt/random.h"

#define CHARACTERS 12
#define ASKED_MS   (10 * 60000)
#define AGAIN_MS   86400000 /* as long as other answers are known by their idempotency key */

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct code code;
        struct marks marks;
        const struct mail *mail;
        struct text key; /* of the request that shows it */
        char email[CORE_EMAIL];
};

static int mac_of(struct core *core, struct id tenant, const char characters[CHARACTERS + 1],
                  struct marks *ret)
{
        char bound[32];
        int r;

        /* No badge's number has such a letter. */
        snprintf(bound, sizeof(bound), "code:%s", characters);
        r = marks_make(core, tenant, text_from(bound), ret);
        explicit_bzero(bound, sizeof(bound));
        return r;
}

static int person_is_there(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, c->tenant,
                "SELECT email, (SELECT count(*) FROM one_time_code o WHERE o.tenant_id = ?1"
                " AND o.person_id = ?2 AND o.expires_ms > ?3 AND o.release_id IS NULL) FROM person WHERE tenant_id = ?1 AND id = ?2"
                " AND disabled = 0",
                DB_VALUES(db_id(&c->code.person), db_integer(clock_unix_ms())), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        db_rows_string(&rows, 0, c->email, sizeof(c->email));
        return db_rows_integer(&rows, 1) >= CODES_MAX ? CORE_BUSY : 0;
}

static int look_in(struct db_tx *tx, void *context)
{
        return person_is_there(tx, context);
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct code *code = &c->code;
        int r;

        r = person_is_there(tx, c);
        if (r)
                return r;
        r = db_run(
                tx, c->tenant,
                "INSERT INTO one_time_code (tenant_id, id, person_id, mac, key_version, created_ms, expires_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                DB_VALUES(db_id(&code->id), db_id(&code->person), marks_newest(&c->marks),
                          db_integer(c->marks.version), db_integer(code->created_ms),
                          db_integer(code->expires_ms)),
                NULL);
        if (r)
                return fold(r);
        if (c->mail) {
                r = mail_add(tx, c->mail);
                if (r)
                        return r;
        }
        return event_add(tx, c->tenant, c->actor, c->mail ? "code-mailed" : "code-made", code->person, "");
}

static void wipe_characters(char (*characters)[CHARACTERS + 1])
{
        explicit_bzero(*characters, sizeof(*characters));
}

/* The code itself, as people read it; the rest goes into the context. */
static int prepare(struct context *c, int64_t expires_in_ms, char ret_code[CODE_STRING])
{
        SCOPED(wipe_characters) char characters[CHARACTERS + 1];
        char whole[16];
        uint8_t octets[8];

        if (expires_in_ms == 0)
                expires_in_ms = c->core->settings.code_ms;
        if (expires_in_ms < 60000 || expires_in_ms > CODE_MS_MAX)
                return CORE_BAD_VALUE;
        c->code.id = id_new();
        c->code.created_ms = clock_unix_ms();
        c->code.expires_ms = c->code.created_ms + expires_in_ms;
        random_octets(octets, sizeof(octets));
        crockford_format(octets, sizeof(octets), whole);
        memcpy(characters, whole, CHARACTERS);
        characters[CHARACTERS] = '\0';
        snprintf(ret_code, CODE_STRING, "%.4s-%.4s-%.4s", characters, characters + 4, characters + 8);
        explicit_bzero(whole, sizeof(whole));
        explicit_bzero(octets, sizeof(octets));
        return mac_of(c->core, c->tenant, characters, &c->marks);
}

int code_make(struct core *core, const struct actor *actor, struct id person, int64_t expires_in_ms,
              struct code *ret, char ret_code[CODE_STRING])
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .code.person = person };
        int r;

        if (!actor_may(actor, RIGHT_CODES, whose_some()))
                return CORE_FORBIDDEN;
        if (!actor_may(actor, RIGHT_CODES, whose_person(person)))
                return CORE_NOT_FOUND;
        r = prepare(&c, expires_in_ms, ret_code);
        if (r == 0)
                r = db_write(core->db, make_in, &c);
        if (r)
                explicit_bzero(ret_code, CODE_STRING);
        else
                *ret = c.code;
        return r;
}

static void wipe_code(char (*code)[CODE_STRING])
{
        explicit_bzero(*code, sizeof(*code));
}

int code_mail(struct core *core, const struct actor *actor, struct id person, int64_t expires_in_ms,
              struct code *ret)
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .code.person = person };
        SCOPED(mail_done) struct mail mail = { 0 };
        SCOPED(wipe_code) char code[CODE_STRING];
        const struct mail_order order = { .to = c.email, .about = person };
        int r;

        if (!actor_may(actor, RIGHT_UNLOCK, whose_some()))
                return CORE_FORBIDDEN;
        if (!actor_may(actor, RIGHT_UNLOCK, whose_person(person)))
                return CORE_NOT_FOUND;
        r = prepare(&c, expires_in_ms, code);
        if (r == 0)
                r = db_read(core->db, look_in, &c);
        if (r)
                return r;
        r = mail_prepare_kind(core, c.tenant, MAIL_CODE, code, &order, &mail);
        if (r)
                return r;
        c.mail = &mail;
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *ret = c.code;
        return r;
}

/* ---- the forgotten password ---- */

struct asking {
        struct context context; /* code.person is found in the transaction */
        struct mail mail;
        char email[CORE_EMAIL];
};

static void asking_done(struct asking *asking)
{
        mail_done(&asking->mail);
}

/* Sealed before it is known whether it goes: it takes as long either way. */
static int prepare_answer(struct asking *asking)
{
        SCOPED(wipe_code) char code[CODE_STRING];
        const struct mail_order order = { .to = asking->email, .keep_ms = ASKED_MS };
        struct context *c = &asking->context;
        int r = prepare(c, ASKED_MS, code);

        return r ? r
                 : mail_prepare_kind(c->core, c->tenant, MAIL_PASSWORD_FORGOTTEN, code, &order,
                                     &asking->mail);
}

static int ask_in(struct db_tx *tx, void *context)
{
        struct asking *asking = context;
        struct context *c = &asking->context;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, c->tenant,
                           "SELECT id FROM person WHERE tenant_id = ?1 AND email = ?2 AND disabled = 0"
                           " AND password IS NOT NULL AND role <> ?3",
                           DB_VALUES(db_string(asking->email), db_integer(ROLE_MACHINE)), &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
                c->code.person = db_rows_id(&rows, 0);
        }
        asking->mail.about = c->code.person;
        return make_in(tx, c);
}

static int ask_counted(struct core *core, const struct code_order *order, struct asking *asking)
{
        struct text mailbox = text_from(asking->email);
        struct tenant tenant;
        int r = guess_begin(core, GUESS_MAILBOX, mailbox);

        if (r == CORE_LOCKED) /* as much as if it were not */
                return guess_pretend(core, GUESS_MAILBOX, mailbox);
        if (r)
                return r;
        r = tenant_find_for(core, order->email, order->company_code, order->source, &tenant);
        if (r == 0)
                r = tenant_admits(core, tenant.id, ACCESS_SIGN_IN, order->source);
        if (r == CORE_NOT_FOUND || r == CORE_OUTSIDE || r == CORE_SUSPENDED)
                return guess_pretend(core, GUESS_MAILBOX, mailbox);
        if (r)
                return r;
        asking->context.tenant = tenant.id;
        r = prepare_answer(asking);
        if (r)
                return r;
        asking->context.mail = &asking->mail;
        r = db_write(core->db, ask_in, asking);
        if (r == CORE_NOT_FOUND) /* nobody, and as much as for somebody */
                return guess_pretend(core, GUESS_MAILBOX, mailbox);
        return r == CORE_BUSY ? 0 : r; /* enough codes, or mails, are open: he may ask again */
}

int code_ask(struct core *core, const struct code_order *order)
{
        SCOPED(asking_done) struct asking asking = { .context.core = core };
        char source[GUESS_SOURCE_STRING];
        int r;

        if (!mail_is_on(core))
                return CORE_NO_MAIL;
        if (!email_fold(order->email, asking.email))
                return CORE_BAD_VALUE;
        guess_source(order->source, source);
        r = guess_begin(core, GUESS_REGISTRATION, text_from(source));
        return r ? r : ask_counted(core, order, &asking);
}

static void read_code(struct db_rows *rows, void *item)
{
        struct code *code = item;

        code->id = db_rows_id(rows, 0);
        code->person = db_rows_id(rows, 1);
        code->created_ms = db_rows_integer(rows, 2);
        code->expires_ms = db_rows_integer(rows, 3);
}

int code_list(struct core *core, const struct actor *actor, struct id person, struct id after,
              struct code *ret, size_t max, size_t *ret_count)
{
        struct listing codes = {
                .tenant = actor->tenant,
                .owner_sql = LISTING_OF_PERSON,
                .owner = person,
                .sql = "SELECT id, person_id, created_ms, expires_ms FROM one_time_code WHERE tenant_id = ?1"
                       " AND person_id = ?4 AND id > ?2 AND expires_ms > ?5 AND release_id IS NULL ORDER BY id LIMIT ?3",
                .values = DB_VALUES(db_id(&person), db_integer(clock_unix_ms())),
                .after = after,
                .read = read_code,
                LISTING_INTO(ret, max)
        };

        if (!actor_may(actor, RIGHT_CODES, whose_person(person)))
                return CORE_NOT_FOUND;
        return listing_find(core, &codes, ret_count);
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant,
                   "DELETE FROM one_time_code WHERE tenant_id = ?1 AND person_id = ?2 AND id = ?3"
                   " AND release_id IS NULL",
                   DB_VALUES(db_id(&c->code.person), db_id(&c->code.id)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->tenant, c->actor, "code-deleted", c->code.person, "");
}

int code_delete(struct core *core, const struct actor *actor, struct id person, struct id id)
{
        struct context c = { .actor = actor,
                             .tenant = actor->tenant,
                             .code = { .id = id, .person = person } };

        if (!actor_may(actor, RIGHT_CODES, whose_person(person)))
                return CORE_NOT_FOUND;
        return db_write(core->db, delete_in, &c);
}

/* Used up; but by the very request that shows it now. */
static bool is_shown_again(const struct context *c, struct id release)
{
        return c->key.len && id_equal(release, release_id_of_key(c->tenant, c->code.person, c->key));
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct id release;
        int r;

        r = db_one(tx, c->tenant,
                   "SELECT id, person_id, created_ms, expires_ms, release_id FROM one_time_code"
                   " WHERE tenant_id = ?1 AND mac IN (?2, ?3)",
                   DB_VALUES(marks_newest(&c->marks), marks_before(&c->marks)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        c->code = (struct code){ db_rows_id(&rows, 0), db_rows_id(&rows, 1), db_rows_integer(&rows, 2),
                                 db_rows_integer(&rows, 3) };
        release = db_rows_id(&rows, 4);
        if (c->code.expires_ms <= clock_unix_ms())
                return CORE_WRONG_CREDENTIALS;
        return id_is_zero(release) || is_shown_again(c, release) ? 0 : CORE_WRONG_CREDENTIALS;
}

int code_spend(struct db_tx *tx, struct id tenant, struct id code, struct id release)
{
        struct actor whose = { .kind = ACTOR_PERSON, .tenant = tenant };
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, tenant,
                           "UPDATE one_time_code SET release_id = ?3, expires_ms = ?4"
                           " WHERE tenant_id = ?1 AND id = ?2 AND release_id IS NULL RETURNING person_id",
                           DB_VALUES(db_id(&code), db_id(&release), db_integer(clock_unix_ms() + AGAIN_MS)),
                           &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
                whose.id = db_rows_id(&rows, 0);
        }
        return event_add(tx, tenant, &whose, "code-used", whose.id, "");
}

static int use_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct actor whose = { .kind = ACTOR_PERSON, .tenant = c->tenant };
        int r = find_in(tx, c);

        if (r)
                return r;
        whose.id = c->code.person;
        r = db_run(tx, c->tenant, "DELETE FROM one_time_code WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->code.id)), NULL);
        return r ? fold(r) : event_add(tx, c->tenant, &whose, "code-used", whose.id, "");
}

/* What is no code finds none. */
static int mac_of_typed(struct context *c, struct text typed)
{
        SCOPED(wipe_characters) char characters[CHARACTERS + 1];
        char folded[32];

        if (id_is_zero(c->tenant) || !text_copy(typed, folded, sizeof(folded)) || !crockford_fold(folded) ||
            strlen(folded) != CHARACTERS)
                return CORE_WRONG_CREDENTIALS;
        memcpy(characters, folded, sizeof(characters));
        explicit_bzero(folded, sizeof(folded));
        return mac_of(c->core, c->tenant, characters, &c->marks);
}

int code_look(struct core *core, struct id tenant, struct text typed, struct text key, struct code *ret)
{
        struct context c = { .core = core, .tenant = tenant, .key = key };
        int r = mac_of_typed(&c, typed);

        if (r == 0)
                r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.code;
        return r;
}

int code_use(struct core *core, struct id tenant, struct text typed, struct id *ret_person)
{
        struct context c = { .core = core, .tenant = tenant };
        int r = mac_of_typed(&c, typed);

        if (r == 0)
                r = db_write(core->db, use_in, &c);
        if (r == 0)
                *ret_person = c.code.person;
        return r;
}
