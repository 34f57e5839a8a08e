// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/registration.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/admission.h"
#include "core/sign-in/guess.h"
#include "core/notice/mail.h"
#include "core/person/person.h"
#include "core/sign-in/sign-in.h"
#include "core/state.h"
#include "crypt/hash.h"
#include "crypt/password.h"
#include "crypt/random.h"

#define CODE_OCTETS     10 /* 80 bits: 16 characters */
#define CODE_CHARACTERS 16
#define CODE_MS         3600000LL

const char *registration_state_name(enum registration_state state)
{
        return state == REGISTRATION_WAITING ? "waiting" : "requested";
}

struct code {
        char shown[CODE_CHARACTERS + 4]; /* "ABCD-EFGH-JKMN-PQRS" */
        uint8_t hash[HASH_OCTETS];
};

static void code_done(struct code *code)
{
        explicit_bzero(code, sizeof(*code));
}

static void code_make(struct code *ret)
{
        char characters[CODE_CHARACTERS + 1];
        uint8_t octets[CODE_OCTETS];

        random_octets(octets, sizeof(octets));
        crockford_format(octets, sizeof(octets), characters);
        hash_sha256(text_from(characters), ret->hash);
        snprintf(ret->shown, sizeof(ret->shown), "%.4s-%.4s-%.4s-%.4s", characters, characters + 4,
                 characters + 8, characters + 12);
        explicit_bzero(octets, sizeof(octets));
        explicit_bzero(characters, sizeof(characters));
}

/* As typed; false where it is no code at all. */
static bool code_hash(struct text typed, uint8_t ret[HASH_OCTETS])
{
        char folded[2 * CODE_CHARACTERS + 8];

        if (!text_copy(typed, folded, sizeof(folded)) || !crockford_fold(folded) ||
            strlen(folded) != CODE_CHARACTERS)
                return false;
        hash_sha256(text_from(folded), ret);
        explicit_bzero(folded, sizeof(folded));
        return true;
}

struct request {
        struct actor nobody; /* who asks: nobody yet, from somewhere */
        struct tenant tenant;
        struct registration registration;
        struct code code;
        struct mail asked, known; /* one of them is sent, or none */
};

static void request_done(struct request *request)
{
        code_done(&request->code);
        mail_done(&request->asked);
        mail_done(&request->known);
}

/* Both, whichever is needed: it takes as long either way. */
static int prepare_mails(struct core *core, struct request *request)
{
        const struct mail_order order = { .to = request->registration.email,
                                          .about = request->registration.id,
                                          .keep_ms = CODE_MS };
        int r;

        r = mail_prepare_kind(core, request->tenant.id, MAIL_REGISTRATION, request->code.shown, &order,
                              &request->asked);
        return r ? r
                 : mail_prepare_kind(core, request->tenant.id, MAIL_REGISTERED_ALREADY, NULL, &order,
                                     &request->known);
}

static int exists(struct db_tx *tx, struct id tenant, const char *sql, const char *email, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, sql, DB_VALUES(db_string(email)), &rows);

        *ret = r == 0;
        return r == DB_NO_ROW ? 0 : fold(r);
}

int registration_is_known(struct db_tx *tx, struct id tenant, const char *email, bool *ret)
{
        int r = exists(tx, tenant, "SELECT 1 FROM person WHERE tenant_id = ?1 AND email = ?2", email, ret);

        if (r || *ret)
                return r;
        return exists(tx, tenant,
                      "SELECT 1 FROM registration WHERE tenant_id = ?1 AND email = ?2 AND state = 1", email,
                      ret);
}

int registration_may(struct db_tx *tx, struct id tenant, const char *email, struct admission *admission,
                     enum registration_as *ret)
{
        bool may, is_ours, is_ruled;
        int r = admission_look(tx, tenant, admission);

        if (r == 0)
                r = address_rule_look(tx, tenant, email, &may, &is_ruled);
        if (r == 0)
                r = exists(tx, tenant,
                           "SELECT 1 FROM tenant_domain WHERE tenant_id = ?1 AND name = ?2 AND proved_ms > 0",
                           email_domain(email), &is_ours);
        if (r)
                return r;
        *ret = REGISTRATION_NOBODY;
        if (admission->guests && !is_ours && !is_ruled)
                *ret = REGISTRATION_GUEST;
        else if (admission->registration && !admission->directory_only && may)
                *ret = REGISTRATION_MEMBER;
        return 0;
}

/* Replaces a code that is under way. */
static int insert(struct db_tx *tx, struct request *request, bool *ret_is_there)
{
        const struct registration *g = &request->registration;
        int64_t changed;
        int r;

        r = db_run(
                tx, request->tenant.id,
                "INSERT INTO registration (tenant_id, id, email, name, code_hash, state, created_ms, expires_ms)"
                " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8"
                " WHERE (SELECT count(*) FROM registration WHERE tenant_id = ?1) < ?9"
                " ON CONFLICT (tenant_id, email) DO UPDATE SET name = ?4, code_hash = ?5, expires_ms = ?8",
                DB_VALUES(db_id(&g->id), db_string(g->email), db_string(g->name),
                          db_octets(request->code.hash, HASH_OCTETS), db_integer(REGISTRATION_REQUESTED),
                          db_integer(g->created_ms), db_integer(g->expires_ms),
                          db_integer(REGISTRATIONS_MAX)),
                &changed);
        *ret_is_there = changed;
        return fold(r);
}

/* What nobody may see from outside is decided in here. */
static int request_in(struct db_tx *tx, void *context)
{
        struct request *request = context;
        const char *email = request->registration.email;
        struct id tenant = request->tenant.id;
        enum registration_as may;
        bool is_known, is_there;
        struct admission admission;
        int r;

        r = registration_may(tx, tenant, email, &admission, &may);
        if (r == 0)
                r = registration_is_known(tx, tenant, email, &is_known);
        if (r)
                return r;
        if (!may)
                return event_add(tx, tenant, &request->nobody, "registration-refused", (struct id){ 0 }, "");
        if (is_known)
                return mail_add(tx, &request->known);
        r = insert(tx, request, &is_there);
        if (r || !is_there)
                return r;
        r = mail_add(tx, &request->asked);
        return r ? r
                 : event_add(tx, tenant, &request->nobody, "registration-requested", request->registration.id,
                             "");
}

static int request_counted(struct core *core, const struct registration_order *order, struct request *request)
{
        int r = guess_begin(core, GUESS_MAILBOX, text_from(request->registration.email));

        if (r == CORE_LOCKED) /* as much as if it were not */
                return guess_pretend(core, GUESS_MAILBOX, text_from(request->registration.email));
        if (r)
                return r;
        r = tenant_find_for(core, order->email, order->company_code, order->source, &request->tenant);
        if (r == 0)
                r = tenant_admits(core, request->tenant.id, ACCESS_SIGN_IN, order->source);
        if (r == CORE_NOT_FOUND || r == CORE_OUTSIDE || r == CORE_SUSPENDED)
                return guess_pretend(core, GUESS_MAILBOX, text_from(request->registration.email));
        if (r)
                return r;
        code_make(&request->code);
        r = prepare_mails(core, request);
        if (r)
                return r;
        r = db_write(core->db, request_in, request);
        return r == CORE_BUSY ? 0 : r; /* too many mails wait: he may ask again */
}

int registration_request(struct core *core, const struct registration_order *order)
{
        SCOPED(request_done) struct request request = { .nobody = { .kind = ACTOR_NOBODY } };
        struct registration *g = &request.registration;
        char source[GUESS_SOURCE_STRING];
        int r;

        if (!core->settings.has_mail)
                return CORE_NO_MAIL;
        if (!email_fold(order->email, g->email) || !text_is_printable(order->name) ||
            !text_copy(order->name, g->name, sizeof(g->name)))
                return CORE_BAD_VALUE;
        actor_came(&request.nobody, order->via, order->source);
        guess_source(order->source, source);
        r = guess_begin(core, GUESS_REGISTRATION, text_from(source));
        if (r)
                return r;
        g->id = id_new();
        g->created_ms = clock_unix_ms();
        g->expires_ms = g->created_ms + CODE_MS;
        return request_counted(core, order, &request);
}

struct confirm {
        struct actor nobody;
        uint8_t hash[HASH_OCTETS];
        int64_t now;
        struct id tenant;
        struct registration registration;
        char password[VERIFIER_STRING];
        bool waits;
        int64_t guest_until_ms;
};

static int find_code_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct confirm *c = context;
        int r;

        r = db_one_all(tx,
                       "SELECT tenant_id, id, email, name FROM registration"
                       " WHERE code_hash = ?1 AND state = 0 AND expires_ms > ?2",
                       DB_VALUES(db_octets(c->hash, HASH_OCTETS), db_integer(c->now)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        c->tenant = db_rows_id(&rows, 0);
        c->registration.id = db_rows_id(&rows, 1);
        db_rows_string(&rows, 2, c->registration.email, sizeof(c->registration.email));
        db_rows_string(&rows, 3, c->registration.name, sizeof(c->registration.name));
        return 0;
}

static int insert_person(struct db_tx *tx, const struct confirm *c)
{
        struct person person = { .id = c->registration.id, .role = ROLE_PERSON, .created_ms = c->now };
        int r;

        memcpy(person.email, c->registration.email, sizeof(person.email));
        memcpy(person.name, c->registration.name, sizeof(person.name));
        r = person_insert(tx, c->tenant, NULL, &person,
                          c->guest_until_ms ? "by=registration guest=yes" : "by=registration");
        if (r)
                return r;
        return fold(db_run(
                tx, c->tenant,
                "UPDATE person SET password = ?3, password_until_ms = 0, disabled = ?4, guest_until_ms = ?5"
                " WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&person.id), db_string(c->password), db_integer(c->waits),
                          db_integer(c->guest_until_ms)),
                NULL));
}

static int confirm_in(struct db_tx *tx, void *context)
{
        struct confirm *c = context;
        enum registration_as may;
        struct admission admission;
        int r;

        r = find_code_in(tx, c); /* once more: it works once */
        if (r == 0)
                r = registration_may(tx, c->tenant, c->registration.email, &admission, &may);
        if (r)
                return r;
        if (!may)
                return CORE_FORBIDDEN;
        c->waits = admission.approval && may == REGISTRATION_MEMBER;
        c->guest_until_ms = may == REGISTRATION_GUEST ? c->now + admission.guest_ms : 0;
        r = insert_person(tx, c);
        if (r)
                return r;
        if (c->waits)
                r = db_run(
                        tx, c->tenant,
                        "UPDATE registration SET state = 1, code_hash = NULL WHERE tenant_id = ?1 AND id = ?2",
                        DB_VALUES(db_id(&c->registration.id)), NULL);
        else
                r = db_run(tx, c->tenant, "DELETE FROM registration WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->registration.id)), NULL);
        return r ? fold(r)
                 : event_add(tx, c->tenant, &c->nobody, "registration-confirmed", c->registration.id,
                             c->waits ? "approval=wanted" : "");
}

static void confirm_done(struct confirm *c)
{
        explicit_bzero(c, sizeof(*c));
}

int registration_confirm(struct core *core, struct text code, struct text password, enum via via,
                         struct text source, bool *ret_waits)
{
        SCOPED(confirm_done)
        struct confirm c = { .now = clock_unix_ms(), .nobody = { .kind = ACTOR_NOBODY } };
        char from[GUESS_SOURCE_STRING];
        int r, taken_back;

        actor_came(&c.nobody, via, source);
        guess_source(source, from);
        r = guess_begin(core, GUESS_SOURCE, text_from(from));
        if (r)
                return r;
        r = code_hash(code, c.hash) ? db_read(core->db, find_code_in, &c) : CORE_WRONG_CREDENTIALS;
        if (r != CORE_WRONG_CREDENTIALS) {
                taken_back = guess_take_back(core, GUESS_SOURCE, text_from(from));
                if (taken_back)
                        return fold(taken_back);
        }
        if (r == 0)
                r = person_hash_password(core, c.tenant, c.registration.id, password, c.password);
        if (r == 0)
                r = db_write(core->db, confirm_in, &c);
        if (r == 0)
                *ret_waits = c.waits;
        return r;
}

struct context {
        const struct actor *actor;
        struct id id;
        struct id after;
        struct registration *to;
        size_t max, count;
        bool was_waiting;
        struct mail welcome;
};

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->count = 0;
        r = db_find(tx, c->actor->tenant,
                    "SELECT id, email, name, state, created_ms, expires_ms FROM registration"
                    " WHERE tenant_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
                    DB_VALUES(db_octets(c->after.octets, ID_OCTETS), db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r)) {
                struct registration *g = &c->to[c->count++];

                g->id = db_rows_id(&rows, 0);
                db_rows_string(&rows, 1, g->email, sizeof(g->email));
                db_rows_string(&rows, 2, g->name, sizeof(g->name));
                g->state = (enum registration_state)db_rows_integer(&rows, 3);
                g->created_ms = db_rows_integer(&rows, 4);
                g->expires_ms = db_rows_integer(&rows, 5);
        }
        return fold(r);
}

int registration_list(struct core *core, const struct actor *actor, struct id after, struct registration *ret,
                      size_t max, size_t *ret_count)
{
        struct context c = { .actor = actor, .after = after, .to = ret, .max = max };
        int r;

        if (!actor_may(actor, RIGHT_REGISTRATIONS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, list_in, &c);
        if (r == 0)
                *ret_count = c.count;
        return r;
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct registration *to = c->to;
        int r;

        c->max = 1;
        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, c->actor->tenant,
                           "SELECT email, state FROM registration WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->id)), &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
                db_rows_string(&rows, 0, to->email, sizeof(to->email));
                to->state = (enum registration_state)db_rows_integer(&rows, 1);
        }
        return 0;
}

static int approve_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant,
                   "DELETE FROM registration WHERE tenant_id = ?1 AND id = ?2 AND state = 1",
                   DB_VALUES(db_id(&c->id)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        r = db_run(tx, c->actor->tenant,
                   "UPDATE person SET disabled = 0, secrets_version = secrets_version + 1"
                   " WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        if (r)
                return fold(r);
        if (c->welcome.sealed.len) {
                r = mail_add(tx, &c->welcome);
                if (r && r != CORE_BUSY)
                        return r;
        }
        return event_add(tx, c->actor->tenant, c->actor, "registration-approved", c->id, "");
}

int registration_approve(struct core *core, const struct actor *actor, struct id id)
{
        struct registration found;
        struct context c = { .actor = actor, .id = id, .to = &found };
        const struct mail_order order = { .to = found.email, .about = id };
        int r;

        if (!actor_may(actor, RIGHT_REGISTRATIONS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                r = mail_prepare_kind(core, actor->tenant, MAIL_LET_IN, NULL, &order, &c.welcome);
        if (r && r != CORE_NO_MAIL)
                return r;
        r = db_write(core->db, approve_in, &c);
        mail_done(&c.welcome);
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct id tenant = c->actor->tenant;
        int r = find_in(tx, c);

        /* Who waits has never been let in: there is nothing of his but the person. */
        if (r == 0 && c->to->state == REGISTRATION_WAITING)
                r = fold(db_run(tx, tenant,
                                "DELETE FROM person WHERE tenant_id = ?1 AND id = ?2 AND disabled = 1",
                                DB_VALUES(db_id(&c->id)), NULL));
        if (r == 0)
                r = mail_forget_about(tx, tenant, c->id);
        if (r == 0)
                r = fold(db_run(tx, tenant, "DELETE FROM registration WHERE tenant_id = ?1 AND id = ?2",
                                DB_VALUES(db_id(&c->id)), NULL));
        return r ? r : event_add(tx, tenant, c->actor, "registration-deleted", c->id, "");
}

int registration_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct registration found;
        struct context c = { .actor = actor, .id = id, .to = &found };

        if (!actor_may(actor, RIGHT_REGISTRATIONS, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}
