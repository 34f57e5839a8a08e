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
#include "core/sign-in/local-password.h"
#include "core/state.h"
#include "crypt/hash.h"
#include "crypt/random.h"
#include "webauthn/credential.h"
#include "webauthn/public-key.h"

/*
 * A challenge: eight octets of time, eight of chance, and half of an HMAC over both. It is told to anybody
 * who asks, so nothing of ours is kept for one: no stranger can fill a table with them or use up somebody
 * else's.
 */
#define TIME_OCTETS 8
#define SAID_OCTETS 16
#define MAC_OCTETS  (PASSKEY_CHALLENGE - SAID_OCTETS)

static void mac_of(const struct core *core, const uint8_t challenge[PASSKEY_CHALLENGE],
                   uint8_t ret[HASH_OCTETS])
{
        hash_hmac(core->challenge_key.octets, SECRET_OCTETS, text_from_octets(challenge, SAID_OCTETS), ret);
}

void passkey_sign_in_challenge(struct core *core, uint8_t ret[PASSKEY_CHALLENGE])
{
        uint64_t now = (uint64_t)clock_unix_ms();
        uint8_t mac[HASH_OCTETS];

        for (size_t i = 0; i < TIME_OCTETS; i++)
                ret[i] = (uint8_t)(now >> (56 - 8 * i));
        random_octets(ret + TIME_OCTETS, SAID_OCTETS - TIME_OCTETS);
        mac_of(core, ret, mac);
        memcpy(ret + SAID_OCTETS, mac, MAC_OCTETS);
}

/* When it was made; 0 where it is none of ours, or too old. */
static int64_t time_of(const struct core *core, struct text challenge, int64_t now)
{
        const uint8_t *octets = (const uint8_t *)challenge.at;
        uint8_t mac[HASH_OCTETS];
        uint64_t made = 0;

        if (challenge.len != PASSKEY_CHALLENGE)
                return 0;
        mac_of(core, octets, mac);
        if (!hash_equal(mac, octets + SAID_OCTETS, MAC_OCTETS))
                return 0;
        for (size_t i = 0; i < TIME_OCTETS; i++)
                made = made << 8 | octets[i];
        return (int64_t)made + PASSKEY_CHALLENGE_MS < now ? 0 : (int64_t)made;
}

void passkey_user(struct id tenant, struct id person, uint8_t ret[PASSKEY_USER])
{
        memcpy(ret, tenant.octets, ID_OCTETS);
        memcpy(ret + ID_OCTETS, person.octets, ID_OCTETS);
}

struct showing {
        const struct passkey_place *place;
        const struct passkey_answer *answer;
        const struct account *account;
        const struct actor *who;
        struct id id;
        uint8_t key[PUBLIC_KEY_OCTETS_MAX];
        struct credential credential; /* as it is known */
        uint32_t counter;
        int64_t asked_ms, now;
};

/* Somebody outside decides about him, and about a password of ours too (core/sign-in/local-password.h). */
static int is_ours(struct core *core, const struct account *account)
{
        SCOPED(local_password_done) struct local_password local = { 0 };
        struct account judged = *account;
        int r = local_password_judge(core, &judged, &local);

        explicit_bzero(&judged, sizeof(judged));
        return r || local.fallback == METHOD_FALLBACK_ALWAYS ? r : CORE_WRONG_CREDENTIALS;
}

/*
 * Whoever is known by somebody outside alone comes by him, who may have sent him away since: a passkey would
 * outlive that.
 */
static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct showing *s = context;
        struct text named = s->answer->credential, key;
        int r;

        r = db_one(tx, s->account->tenant,
                   "SELECT k.id, k.public_key, k.counter FROM passkey k JOIN person p"
                   " ON p.tenant_id = k.tenant_id AND p.id = k.person_id WHERE k.tenant_id = ?1"
                   " AND k.person_id = ?2 AND k.credential = ?3 AND k.asked_ms < ?4"
                   " AND EXISTS (SELECT 1 FROM method m WHERE m.tenant_id = ?1 AND m.kind = 'passkey'"
                   " AND m.enabled = 1) AND (p.password IS NOT NULL OR NOT EXISTS (SELECT 1"
                   " FROM outside_identity o WHERE o.tenant_id = ?1 AND o.person_id = ?2))",
                   DB_VALUES(db_id(&s->account->actor.id), db_octets(named.at, named.len),
                             db_integer(s->asked_ms)),
                   &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        s->id = db_rows_id(&rows, 0);
        key = db_rows_text(&rows, 1);
        if (key.len > sizeof(s->key))
                return fault(-EBADMSG);
        memcpy(s->key, key.at, key.len);
        s->credential = (struct credential){ .id = named,
                                             .public_key = text_from_octets(s->key, key.len),
                                             .counter = (uint32_t)db_rows_integer(&rows, 2) };
        return 0;
}

/* Comparing and setting: of two who bring the same answer at once, one is late. */
static int used_in(struct db_tx *tx, void *context)
{
        struct showing *s = context;
        int64_t changed;
        int r;

        r = db_run(tx, s->account->tenant,
                   "UPDATE passkey SET counter = ?3, used_ms = ?4, asked_ms = ?5 WHERE tenant_id = ?1"
                   " AND id = ?2 AND counter = ?6 AND asked_ms < ?5",
                   DB_VALUES(db_id(&s->id), db_integer(s->counter), db_integer(s->now),
                             db_integer(s->asked_ms), db_integer(s->credential.counter)),
                   &changed);
        if (r)
                return fold(r);
        return changed ? 0 : CORE_WRONG_CREDENTIALS;
}

static int is_right(struct core *core, const struct account *account, void *context)
{
        struct showing *s = context;
        const struct passkey_answer *answer = s->answer;
        const struct credential_wanted wanted = { answer->challenge, s->place->origin, s->place->site };
        char detail[CORE_WORDS];
        int r;

        s->asked_ms = time_of(core, answer->challenge, s->now);
        if (!account->is_known || !s->asked_ms)
                return CORE_WRONG_CREDENTIALS;
        r = db_read(core->db, find_in, s);
        if (r == 0)
                r = is_ours(core, account);
        if (r)
                return r;
        r = credential_assert(answer->client_data, answer->authenticator_data, answer->signature, &wanted,
                              &s->credential, &s->counter);
        if (r > 0) {
                snprintf(detail, sizeof(detail), "why=%s", credential_refusal_name(r));
                r = event_note(core, account->tenant, s->who, "passkey-refused", account->actor.id, detail);
                return r ? r : CORE_WRONG_CREDENTIALS;
        }
        return r ? r : db_write(core->db, used_in, s);
}

/* Whose it says it is; nobody's where there is no such person. */
static int load(struct core *core, struct text user, struct text source, struct account *ret)
{
        struct id tenant, person;
        int r = CORE_WRONG_CREDENTIALS;

        if (user.len == PASSKEY_USER) {
                memcpy(tenant.octets, user.at, ID_OCTETS);
                memcpy(person.octets, user.at + ID_OCTETS, ID_OCTETS);
                r = account_load_person(core, tenant, person, source, ret);
        }
        if (r <= 0)
                return r;
        *ret = (struct account){ .is_known = false };
        guess_source(source, ret->source);
        return 0;
}

int sign_in_by_passkey(struct core *core, const struct passkey_place *place,
                       const struct passkey_answer *answer, struct text source, struct sign_in *ret)
{
        struct actor who = { .kind = ACTOR_NOBODY };
        struct account account;
        struct guess_subject subject;
        struct showing showing = {
                .place = place, .answer = answer, .account = &account, .who = &who, .now = clock_unix_ms()
        };
        int r;

        actor_came(&who, ret->actor.via, source);
        r = load(core, answer->user, source, &account);
        if (r)
                return r;
        subject = (struct guess_subject){ GUESS_PASSKEY, text_from(account.source) };
        r = guesses_check(core, &subject, 1);
        if (r)
                return r == CORE_LOCKED ? account_locked(core, &account, METHOD_PASSKEY, &who) : r;
        r = account_check(core, &account, &subject, 1, METHOD_PASSKEY, is_right, &showing, &who);
        if (r)
                return r;
        *ret = (struct sign_in){ .actor = account.actor, .factor_shown = true };
        ret->actor.owes_factor = ret->actor.owes_password = false;
        actor_came(&ret->actor, who.via, source);
        text_copy(text_from(METHOD_PASSKEY), ret->method, sizeof(ret->method));
        return 0;
}
