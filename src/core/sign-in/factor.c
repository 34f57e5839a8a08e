// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/factor.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/account.h"
#include "core/state.h"
#include "crypt/field.h"
#include "crypt/random.h"
#include "crypt/totp.h"

#define RECOVERY_CHARACTERS 12

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant, person;
        struct factors factors;
        enum role role;
        struct text sealed;
        struct buffer secret;
        int64_t step, now;
        bool is_confirmed;
        struct marks marks[RECOVERY_CODES];
        bool makes_recovery;
        const char *event;
};

static void context_done(struct context *c)
{
        if (c->secret.at)
                explicit_bzero(c->secret.at, c->secret.size);
        buffer_done(&c->secret);
}

static struct context of_actor(struct core *core, const struct actor *actor)
{
        return (struct context){ .core = core,
                                 .actor = actor,
                                 .tenant = actor->tenant,
                                 .person = actor->id,
                                 .now = clock_unix_ms(),
                                 .secret = BUFFER(TOTP_SECRET_OCTETS + TENANT_SEAL_OVERHEAD) };
}

static int read_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant,
                   "SELECT role, EXISTS (SELECT 1 FROM totp t WHERE t.tenant_id = ?1 AND t.person_id = ?2"
                   " AND t.confirmed_ms > 0), (SELECT count(*) FROM passkey k WHERE k.tenant_id = ?1"
                   " AND k.person_id = ?2), (SELECT count(*) FROM recovery_code o WHERE o.tenant_id = ?1"
                   " AND o.person_id = ?2) FROM person WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->person)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        c->role = (enum role)db_rows_integer(&rows, 0);
        c->factors = (struct factors){ .has_totp = db_rows_integer(&rows, 1),
                                       .passkeys = (uint32_t)db_rows_integer(&rows, 2),
                                       .recovery_codes = (uint32_t)db_rows_integer(&rows, 3) };
        return 0;
}

int factors_read(struct core *core, const struct actor *actor, struct id person, struct factors *ret)
{
        struct context c = of_actor(core, actor);
        int r;

        c.person = person;
        if (!actor_may(actor, RIGHT_FACTORS_READ, whose_person(person)))
                return CORE_NOT_FOUND;
        r = db_read(core->db, read_in, &c);
        if (r == 0)
                *ret = c.factors;
        return r;
}

bool factor_may_be_added(const struct actor *actor, const struct factors *factors)
{
        return !actor->owes_factor || (!factors->has_totp && factors->passkeys == 0);
}

/* ---- TOTP ---- */

struct bound {
        char octets[4 + ID_OCTETS];
};

static struct text bound_to(struct id person, struct bound *bound)
{
        memcpy(bound->octets, "totp", 4);
        memcpy(bound->octets + 4, person.octets, ID_OCTETS);
        return text_from_octets(bound->octets, sizeof(bound->octets));
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = read_in(tx, c);

        if (r)
                return r;
        if (!factor_may_be_added(c->actor, &c->factors))
                return CORE_FORBIDDEN;
        if (c->factors.has_totp)
                return CORE_TAKEN;
        r = db_run(tx, c->tenant,
                   "INSERT INTO totp (tenant_id, person_id, secret, confirmed_ms, step, created_ms)"
                   " VALUES (?1, ?2, ?3, 0, 0, ?4) ON CONFLICT (tenant_id, person_id)"
                   " DO UPDATE SET secret = ?3, confirmed_ms = 0, step = 0, created_ms = ?4",
                   DB_VALUES(db_id(&c->person), db_octets(c->sealed.at, c->sealed.len), db_integer(c->now)),
                   NULL);
        return fold(r);
}

int totp_make(struct core *core, const struct actor *actor, char ret_secret[TOTP_STRING])
{
        SCOPED(context_done) struct context c = of_actor(core, actor);
        const struct tenant_entry *entry;
        uint8_t octets[TOTP_SECRET_OCTETS];
        struct bound bound;
        int r;

        if (!actor_may(actor, RIGHT_FACTORS, whose_some()))
                return CORE_FORBIDDEN;
        r = tenant_entry_get(core, c.tenant, &entry);
        if (r)
                return r;
        random_octets(octets, sizeof(octets));
        base32_format(octets, sizeof(octets), ret_secret);
        r = fold(tenant_seal(core, entry, bound_to(c.person, &bound),
                             text_from_octets(octets, sizeof(octets)), &c.secret));
        explicit_bzero(octets, sizeof(octets));
        c.sealed = buffer_text(&c.secret);
        if (r == 0)
                r = db_write(core->db, make_in, &c);
        if (r)
                explicit_bzero(ret_secret, TOTP_STRING);
        return r;
}

static int load_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        buffer_clear(&c->secret);
        r = db_one(tx, c->tenant,
                   "SELECT secret, confirmed_ms, step FROM totp WHERE tenant_id = ?1 AND person_id = ?2",
                   DB_VALUES(db_id(&c->person)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        buffer_add_text(&c->secret, db_rows_text(&rows, 0));
        c->is_confirmed = db_rows_integer(&rows, 1) > 0;
        c->step = db_rows_integer(&rows, 2);
        return c->secret.failure ? fault(c->secret.failure) : 0;
}

/* Comparing and setting: of two who bring the same code at once, one is late. */
static int use_step_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant,
                   "UPDATE totp SET step = ?3, confirmed_ms = CASE WHEN confirmed_ms > 0 THEN confirmed_ms"
                   " ELSE ?4 END WHERE tenant_id = ?1 AND person_id = ?2 AND step < ?3",
                   DB_VALUES(db_id(&c->person), db_integer(c->step), db_integer(c->now)), &changed);
        if (r)
                return fold(r);
        return changed ? 0 : CORE_WRONG_CREDENTIALS;
}

struct typed {
        struct context *c;
        struct text typed;
        bool confirms;
};

static int is_right_totp(struct core *core, const struct account *account, void *context)
{
        SCOPED(buffer_done) struct buffer plain = BUFFER(TOTP_SECRET_OCTETS);
        struct typed *typed = context;
        struct context *c = typed->c;
        const struct tenant_entry *entry;
        struct bound bound;
        int r;

        (void)account;
        r = db_read(core->db, load_in, c);
        if (r == CORE_NOT_FOUND || (r == 0 && c->is_confirmed == typed->confirms))
                return CORE_WRONG_CREDENTIALS;
        if (r == 0)
                r = tenant_entry_get(core, c->tenant, &entry);
        if (r == 0)
                r = fold(tenant_unseal(core, entry, bound_to(c->person, &bound), buffer_text(&c->secret),
                                       &plain));
        if (r)
                return r;
        r = totp_check(buffer_text(&plain), typed->typed, clock_unix_ms(), c->step, &c->step);
        explicit_bzero(plain.at, plain.len);
        return r ? CORE_WRONG_CREDENTIALS : db_write(core->db, use_step_in, c);
}

/* Guesses at any of somebody's factors are counted together. */
int factor_check(struct core *core, const struct actor *actor, const char *method,
                 int (*is_right)(struct core *core, const struct account *account, void *context),
                 void *context)
{
        struct account account;
        struct guess_subject subject;
        int r;

        r = account_load_person(core, actor->tenant, actor->id, text_from(actor->source), &account);
        if (r)
                return r;
        subject = (struct guess_subject){ GUESS_FACTOR, text_from(account.email) };
        return account_check(core, &account, &subject, 1, method, is_right, context, actor);
}

int totp_show(struct core *core, const struct actor *actor, struct text text)
{
        SCOPED(context_done) struct context c = of_actor(core, actor);
        struct typed typed = { &c, text, false };

        return factor_check(core, actor, "totp", is_right_totp, &typed);
}

static int delete_totp_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant, "DELETE FROM totp WHERE tenant_id = ?1 AND person_id = ?2",
                   DB_VALUES(db_id(&c->person)), &changed);
        if (r)
                return fold(r);
        return changed ? event_add(tx, c->tenant, c->actor, "totp-deleted", c->person, "") : CORE_NOT_FOUND;
}

int totp_delete(struct core *core, const struct actor *actor)
{
        struct context c = of_actor(core, actor);

        if (actor->owes_factor || !actor_may(actor, RIGHT_FACTORS, whose_some()))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_totp_in, &c);
}

/* ---- recovery codes ---- */

static int mark(struct core *core, struct id tenant, struct id person, const char *characters,
                struct marks *ret)
{
        char bound[9 + ID_OCTETS + RECOVERY_CHARACTERS];
        int r;

        memcpy(bound, "recovery:", 9);
        memcpy(bound + 9, person.octets, ID_OCTETS);
        memcpy(bound + 9 + ID_OCTETS, characters, RECOVERY_CHARACTERS);
        r = marks_make(core, tenant, text_from_octets(bound, sizeof(bound)), ret);
        explicit_bzero(bound, sizeof(bound));
        return r;
}

static int prepare_recovery(struct context *c, char ret_codes[RECOVERY_CODES][CODE_STRING])
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < RECOVERY_CODES; i++) {
                char characters[16];
                uint8_t octets[8];

                random_octets(octets, sizeof(octets));
                crockford_format(octets, sizeof(octets), characters);
                snprintf(ret_codes[i], CODE_STRING, "%.4s-%.4s-%.4s", characters, characters + 4,
                         characters + 8);
                r = mark(c->core, c->tenant, c->person, characters, &c->marks[i]);
                explicit_bzero(characters, sizeof(characters));
                explicit_bzero(octets, sizeof(octets));
        }
        return r;
}

static int insert_recovery(struct db_tx *tx, const struct context *c)
{
        int r = db_run(tx, c->tenant, "DELETE FROM recovery_code WHERE tenant_id = ?1 AND person_id = ?2",
                       DB_VALUES(db_id(&c->person)), NULL);

        for (size_t i = 0; r == 0 && i < RECOVERY_CODES; i++)
                r = db_run(
                        tx, c->tenant,
                        "INSERT INTO recovery_code (tenant_id, person_id, mac, key_version) VALUES (?1, ?2, ?3, ?4)",
                        DB_VALUES(db_id(&c->person), marks_newest(&c->marks[i]),
                                  db_integer(c->marks[i].version)),
                        NULL);
        return r ? fold(r) : event_add(tx, c->tenant, c->actor, "recovery-codes-made", c->person, "");
}

static int recover_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = read_in(tx, c);

        if (r)
                return r;
        if (c->actor->owes_factor || (!c->factors.has_totp && c->factors.passkeys == 0))
                return CORE_FORBIDDEN;
        return insert_recovery(tx, c);
}

int recovery_make(struct core *core, const struct actor *actor, char ret_codes[RECOVERY_CODES][CODE_STRING])
{
        struct context c = of_actor(core, actor);
        int r;

        if (!actor_may(actor, RIGHT_FACTORS, whose_some()))
                return CORE_FORBIDDEN;
        r = prepare_recovery(&c, ret_codes);
        if (r == 0)
                r = db_write(core->db, recover_in, &c);
        if (r)
                explicit_bzero(ret_codes, RECOVERY_CODES * CODE_STRING);
        return r;
}

static int confirmed_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = read_in(tx, c);

        if (r)
                return r;
        r = event_add(tx, c->tenant, c->actor, "totp-made", c->person, "");
        c->makes_recovery = c->factors.recovery_codes == 0;
        return r || !c->makes_recovery ? r : insert_recovery(tx, c);
}

int totp_confirm(struct core *core, const struct actor *actor, struct text text,
                 char ret_codes[RECOVERY_CODES][CODE_STRING], size_t *ret_count)
{
        SCOPED(context_done) struct context c = of_actor(core, actor);
        struct typed typed = { &c, text, true };
        int r;

        if (!actor_may(actor, RIGHT_FACTORS, whose_some()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, load_in, &c);
        if (r)
                return r;
        if (c.is_confirmed)
                return CORE_TAKEN;
        r = prepare_recovery(&c, ret_codes);
        if (r == 0)
                r = factor_check(core, actor, "totp", is_right_totp, &typed);
        if (r == 0)
                r = db_write(core->db, confirmed_in, &c);
        if (r || !c.makes_recovery)
                explicit_bzero(ret_codes, RECOVERY_CODES * CODE_STRING);
        *ret_count = c.makes_recovery ? RECOVERY_CODES : 0;
        return r;
}

static int use_recovery_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant,
                   "DELETE FROM recovery_code WHERE tenant_id = ?1 AND person_id = ?2 AND mac IN (?3, ?4)",
                   DB_VALUES(db_id(&c->person), marks_newest(&c->marks[0]), marks_before(&c->marks[0])),
                   &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_WRONG_CREDENTIALS;
        return event_add(tx, c->tenant, c->actor, "recovery-code-used", c->person, "");
}

static int is_right_recovery(struct core *core, const struct account *account, void *context)
{
        struct typed *typed = context;
        char folded[32];
        int r;

        (void)account;
        if (!text_copy(typed->typed, folded, sizeof(folded)) || !crockford_fold(folded) ||
            strlen(folded) != RECOVERY_CHARACTERS)
                return CORE_WRONG_CREDENTIALS;
        r = mark(core, typed->c->tenant, typed->c->person, folded, &typed->c->marks[0]);
        explicit_bzero(folded, sizeof(folded));
        return r ? r : db_write(core->db, use_recovery_in, typed->c);
}

int recovery_show(struct core *core, const struct actor *actor, struct text text)
{
        struct context c = of_actor(core, actor);
        struct typed typed = { &c, text, false };

        return factor_check(core, actor, "recovery-code", is_right_recovery, &typed);
}

/* ---- when all are lost ---- */

static int delete_all_in(struct db_tx *tx, void *context)
{
        static const char *const statements[] = {
                "DELETE FROM totp WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM passkey WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM recovery_code WHERE tenant_id = ?1 AND person_id = ?2",
        };
        struct context *c = context;
        int r = read_in(tx, c);

        if (r)
                return r;
        if (c->role != ROLE_PERSON && !id_equal(c->actor->id, c->person) &&
            !actor_may(c->actor, RIGHT_PEOPLE_ROLE, whose_tenant()))
                return CORE_FORBIDDEN;
        for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
                r = db_run(tx, c->tenant, statements[i], DB_VALUES(db_id(&c->person)), NULL);
                if (r)
                        return fold(r);
        }
        return event_add(tx, c->tenant, c->actor, "factors-deleted", c->person, "");
}

int factors_delete(struct core *core, const struct actor *actor, struct id person)
{
        struct context c = of_actor(core, actor);

        c.person = person;
        if (actor->owes_factor)
                return CORE_FORBIDDEN;
        if (!actor_may(actor, RIGHT_FACTORS_TAKE, whose_person(person)))
                return CORE_NOT_FOUND;
        return db_write(core->db, delete_all_in, &c);
}
