// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/account.h"
#include "core/trail/event.h"
#include "core/sign-in/factor.h"
#include "core/person/person.h"
#include "core/state.h"
#include "crypt/random.h"
#include "webauthn/credential.h"
#include "webauthn/public-key.h"

_Static_assert(PASSKEY_CREDENTIAL == CREDENTIAL_ID_MAX, "the longest id fits");

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant, person, id, after;
        int64_t now;
        uint8_t challenge[PASSKEY_CHALLENGE];
        struct credential credential; /* as it is made, or as it is known */
        struct text named;
        uint8_t key[PUBLIC_KEY_OCTETS_MAX];
        const char *label;
        uint32_t counter;
        struct passkey *to;
        size_t max, count;
};

static struct context of_actor(struct core *core, const struct actor *actor)
{
        return (struct context){ .core = core,
                                 .actor = actor,
                                 .tenant = actor->tenant,
                                 .person = actor->id,
                                 .now = clock_unix_ms() };
}

static int challenge_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant,
                   "UPDATE session SET challenge = ?3, challenge_ms = ?4 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->actor->session), db_octets(c->challenge, PASSKEY_CHALLENGE),
                             db_integer(c->now)),
                   &changed);
        if (r)
                return fold(r);
        return changed ? 0 : CORE_FORBIDDEN;
}

int passkey_challenge(struct core *core, const struct actor *actor, uint8_t ret[PASSKEY_CHALLENGE])
{
        struct context c = of_actor(core, actor);
        int r;

        if (id_is_zero(actor->session))
                return CORE_FORBIDDEN;
        random_octets(c.challenge, PASSKEY_CHALLENGE);
        r = db_write(core->db, challenge_in, &c);
        if (r == 0)
                memcpy(ret, c.challenge, PASSKEY_CHALLENGE);
        return r;
}

/* The challenge is gone with its first answer, whatever that is. CORE_BAD_VALUE where there is none. */
static int take_challenge_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, c->tenant,
                           "SELECT challenge, challenge_ms FROM session WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->actor->session)), &rows);
                if (r == DB_NO_ROW)
                        return CORE_BAD_VALUE;
                if (r)
                        return fold(r);
                if (!db_rows_octets(&rows, 0, c->challenge, PASSKEY_CHALLENGE) ||
                    db_rows_integer(&rows, 1) + PASSKEY_CHALLENGE_MS < c->now)
                        return CORE_BAD_VALUE;
        }
        return fold(db_run(tx, c->tenant,
                           "UPDATE session SET challenge = NULL WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->actor->session)), NULL));
}

static struct credential_wanted wanted(const struct context *c, const struct passkey_place *place)
{
        return (struct credential_wanted){ .challenge = text_from_octets(c->challenge, PASSKEY_CHALLENGE),
                                           .origin = place->origin,
                                           .site = place->site };
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct factors factors;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, c->tenant,
                           "SELECT (SELECT count(*) FROM passkey WHERE tenant_id = ?1 AND person_id = ?2),"
                           " EXISTS (SELECT 1 FROM totp WHERE tenant_id = ?1 AND person_id = ?2"
                           " AND confirmed_ms > 0)",
                           DB_VALUES(db_id(&c->person)), &rows);
                if (r)
                        return fold(r);
                factors = (struct factors){ .passkeys = (uint32_t)db_rows_integer(&rows, 0),
                                            .has_totp = db_rows_integer(&rows, 1) };
        }
        if (!factor_may_be_added(c->actor, &factors))
                return CORE_FORBIDDEN;
        if (factors.passkeys >= PASSKEYS_MAX)
                return CORE_BUSY;
        r = db_run(tx, c->tenant,
                   "INSERT INTO passkey (tenant_id, id, person_id, credential, public_key, counter, label,"
                   " created_ms, used_ms, asked_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0)",
                   DB_VALUES(db_id(&c->id), db_id(&c->person),
                             db_octets(c->credential.id.at, c->credential.id.len),
                             db_octets(c->credential.public_key.at, c->credential.public_key.len),
                             db_integer(c->credential.counter), db_string(c->label), db_integer(c->now)),
                   NULL);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        return event_add(tx, c->tenant, c->actor, "passkey-made", c->person, "");
}

int passkey_make(struct core *core, const struct actor *actor, const struct passkey_place *place,
                 struct text label, struct text client_data, struct text attestation, struct passkey *ret)
{
        struct context c = of_actor(core, actor);
        struct credential_wanted wants;
        char detail[CORE_WORDS];
        int r;

        if (id_is_zero(actor->session) || !actor_may(actor, RIGHT_FACTORS, whose_some()))
                return CORE_FORBIDDEN;
        *ret = (struct passkey){ .id = id_new(), .created_ms = c.now };
        if (!text_is_printable(label) || !text_copy(label, ret->label, sizeof(ret->label)))
                return CORE_BAD_VALUE;
        r = db_write(core->db, take_challenge_in, &c);
        if (r)
                return r;
        wants = wanted(&c, place);
        r = credential_register(client_data, attestation, &wants, &c.credential);
        if (r > 0) {
                snprintf(detail, sizeof(detail), "why=%s", credential_refusal_name(r));
                r = event_note(core, c.tenant, actor, "passkey-refused", c.person, detail);
                return r ? r : CORE_BAD_VALUE;
        }
        if (r)
                return r;
        c.id = ret->id;
        c.label = ret->label;
        ret->credential_octets = (uint16_t)c.credential.id.len;
        memcpy(ret->credential, c.credential.id.at, c.credential.id.len);
        return db_write(core->db, make_in, &c);
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->count = 0;
        r = person_row_find(tx, c->tenant, c->person, &(struct person){ 0 });
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = db_find(tx, c->tenant,
                    "SELECT id, label, created_ms, used_ms, credential FROM passkey WHERE tenant_id = ?1"
                    " AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4",
                    DB_VALUES(db_id(&c->person), db_octets(c->after.octets, ID_OCTETS),
                              db_integer((int64_t)c->max)),
                    &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r)) {
                struct passkey *passkey = &c->to[c->count++];
                struct text credential = db_rows_text(&rows, 4);

                passkey->id = db_rows_id(&rows, 0);
                db_rows_string(&rows, 1, passkey->label, sizeof(passkey->label));
                passkey->created_ms = db_rows_integer(&rows, 2);
                passkey->used_ms = db_rows_integer(&rows, 3);
                if (credential.len > sizeof(passkey->credential))
                        return fault(-EBADMSG);
                passkey->credential_octets = (uint16_t)credential.len;
                memcpy(passkey->credential, credential.at, credential.len);
        }
        return fold(r);
}

int passkey_list(struct core *core, const struct actor *actor, struct id person, struct id after,
                 struct passkey *ret, size_t max, size_t *ret_count)
{
        struct context c = of_actor(core, actor);
        int r;

        c.person = person;
        c.after = after;
        c.to = ret;
        c.max = max;
        if (!actor_may(actor, RIGHT_FACTORS_READ, whose_person(person)))
                return CORE_NOT_FOUND;
        r = db_read(core->db, list_in, &c);
        if (r == 0)
                *ret_count = c.count;
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant, "DELETE FROM passkey WHERE tenant_id = ?1 AND person_id = ?2 AND id = ?3",
                   DB_VALUES(db_id(&c->person), db_id(&c->id)), &changed);
        if (r)
                return fold(r);
        return changed ? event_add(tx, c->tenant, c->actor, "passkey-deleted", c->person, "")
                       : CORE_NOT_FOUND;
}

int passkey_delete(struct core *core, const struct actor *actor, struct id person, struct id id)
{
        struct context c = of_actor(core, actor);

        c.person = person;
        c.id = id;
        if (!actor_may(actor, RIGHT_FACTORS, whose_person(person)))
                return CORE_NOT_FOUND;
        return actor->owes_factor ? CORE_FORBIDDEN : db_write(core->db, delete_in, &c);
}

/* ---- showing one ---- */

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct text key;
        int r;

        r = db_one(tx, c->tenant,
                   "SELECT id, public_key, counter FROM passkey WHERE tenant_id = ?1 AND person_id = ?2"
                   " AND credential = ?3",
                   DB_VALUES(db_id(&c->person), db_octets(c->named.at, c->named.len)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        c->id = db_rows_id(&rows, 0);
        key = db_rows_text(&rows, 1);
        if (key.len > sizeof(c->key))
                return fault(-EBADMSG);
        memcpy(c->key, key.at, key.len);
        c->credential = (struct credential){ .id = c->named,
                                             .public_key = text_from_octets(c->key, key.len),
                                             .counter = (uint32_t)db_rows_integer(&rows, 2) };
        return 0;
}

/* Comparing and setting, for the counter must go up from what it was. */
static int used_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant,
                   "UPDATE passkey SET counter = ?3, used_ms = ?4 WHERE tenant_id = ?1 AND id = ?2"
                   " AND counter = ?5",
                   DB_VALUES(db_id(&c->id), db_integer(c->counter), db_integer(c->now),
                             db_integer(c->credential.counter)),
                   &changed);
        if (r)
                return fold(r);
        return changed ? 0 : CORE_WRONG_CREDENTIALS;
}

struct showing {
        struct context *c;
        const struct passkey_place *place;
        const struct passkey_answer *answer;
};

static int is_right(struct core *core, const struct account *account, void *context)
{
        struct showing *showing = context;
        const struct passkey_answer *answer = showing->answer;
        struct context *c = showing->c;
        struct credential_wanted wants;
        char detail[CORE_WORDS];
        int r;

        (void)account;
        r = db_write(core->db, take_challenge_in, c);
        if (r == 0)
                r = db_read(core->db, find_in, c);
        if (r)
                return r > 0 ? CORE_WRONG_CREDENTIALS : r;
        wants = wanted(c, showing->place);
        r = credential_assert(answer->client_data, answer->authenticator_data, answer->signature, &wants,
                              &c->credential, &c->counter);
        if (r > 0) {
                snprintf(detail, sizeof(detail), "why=%s", credential_refusal_name(r));
                r = event_note(core, c->tenant, c->actor, "passkey-refused", c->person, detail);
                return r ? r : CORE_WRONG_CREDENTIALS;
        }
        return r ? r : db_write(core->db, used_in, c);
}

int passkey_show(struct core *core, const struct actor *actor, const struct passkey_place *place,
                 const struct passkey_answer *answer)
{
        struct context c = of_actor(core, actor);
        struct showing showing = { &c, place, answer };

        c.named = answer->credential;
        return factor_check(core, actor, "passkey", is_right, &showing);
}
