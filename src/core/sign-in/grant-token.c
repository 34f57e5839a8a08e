// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tokens: what a code, a refresh token or a machine's secret is exchanged for, and their revocation. */

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/sign-in/grant-state.h"
#include "core/state.h"

#define CHALLENGE      43 /* characters: SHA-256 in base64url */
#define VERIFIER_LEAST 43
#define VERIFIER_MOST  128

struct exchange {
        struct granting granting;
        uint8_t hash[HASH_OCTETS];
        struct text redirect, token;
        char challenge[CREDENTIAL_STRING]; /* of the verifier shown */
        uint32_t scopes_wanted;
        int outcome; /* the refusal, where something is to be committed all the same */
};

/* RFC 7636, section 4.1. */
static bool is_verifier(struct text verifier)
{
        if (verifier.len < VERIFIER_LEAST || verifier.len > VERIFIER_MOST)
                return false;
        for (size_t i = 0; i < verifier.len; i++) {
                char c = verifier.at[i];

                if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
                    !(c && strchr("-._~", c)))
                        return false;
        }
        return true;
}

static bool is_challenge(struct text challenge)
{
        return challenge.len == CHALLENGE && is_verifier(challenge) &&
               !memchr(challenge.at, '.', challenge.len) && !memchr(challenge.at, '~', challenge.len);
}

struct coding {
        const struct actor *actor;
        const struct authorization *authorization;
        uint8_t hash[HASH_OCTETS];
        int64_t now, expires_ms;
};

static int add_answer(struct db_tx *tx, const struct actor *actor, const char *kind, const char *client)
{
        char detail[CORE_WORDS];

        snprintf(detail, sizeof(detail), "client=%s", client);
        return event_add(tx, actor->tenant, actor, kind, actor->id, detail);
}

static int code_make_in(struct db_tx *tx, void *context)
{
        const struct coding *c = context;
        const struct authorization *a = c->authorization;
        int r;

        r = db_run(tx, c->actor->tenant,
                   "DELETE FROM grant_code WHERE tenant_id = ?1 AND person_id = ?2 AND expires_ms <= ?3",
                   DB_VALUES(db_id(&c->actor->id), db_integer(c->now)), NULL);
        if (r)
                return fold(r);
        r = fold(db_run(
                tx, c->actor->tenant,
                "INSERT INTO grant_code (tenant_id, hash, person_id, client, redirect, challenge, scopes, fresh_ms, expires_ms,"
                " method_id, outside) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
                " (SELECT method_id FROM session WHERE tenant_id = ?1 AND id = ?10),"
                " coalesce((SELECT outside FROM session WHERE tenant_id = ?1 AND id = ?10), ''))",
                DB_VALUES(db_octets(c->hash, HASH_OCTETS), db_id(&c->actor->id), db_string(a->client->name),
                          db_text(a->redirect), db_text(a->challenge), db_integer(a->scopes),
                          db_integer(c->actor->fresh_ms), db_integer(c->expires_ms),
                          db_id(&c->actor->session)),
                NULL));
        return r ? r : add_answer(tx, c->actor, "program-allowed", a->client->name);
}

int grant_code_deny(struct core *core, const struct actor *actor, const struct client *client)
{
        char detail[CORE_WORDS];

        if (!actor_may(actor, RIGHT_AUTHORIZE, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        snprintf(detail, sizeof(detail), "client=%s", client->name);
        return event_note(core, actor->tenant, actor, "program-denied", actor->id, detail);
}

int grant_code_make(struct core *core, const struct actor *actor, const struct authorization *authorization,
                    char ret_code[CREDENTIAL_STRING])
{
        struct coding c = { .actor = actor, .authorization = authorization, .now = clock_unix_ms() };
        const struct client *client = authorization->client;
        int r;

        if (!actor_may(actor, RIGHT_AUTHORIZE, whose_person(actor->id)) ||
            !client_is_of(client, actor->tenant))
                return CORE_FORBIDDEN;
        if (client->kind == CLIENT_MACHINE || !client_has_redirect(client, authorization->redirect) ||
            !is_challenge(authorization->challenge) || !authorization->scopes ||
            (authorization->scopes & ~client->scopes))
                return CORE_BAD_VALUE;
        r = tenant_admits(core, actor->tenant, ACCESS_SIGN_IN, text_from(actor->source));
        if (r)
                return r;
        c.expires_ms = c.now + core->settings.grant.code_ms;
        credential_make(CREDENTIAL_CODE, ret_code);
        hash_sha256(text_from(ret_code), c.hash);
        return db_write(core->db, code_make_in, &c);
}

/* Fills in what the code was made for; GRANT_INVALID where it is not for this. DB_NO_ROW. */
static int read_code(struct db_tx *tx, struct exchange *e)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct granting *g = &e->granting;
        int r;

        r = db_one_all(
                tx,
                "SELECT tenant_id, person_id, client, redirect, challenge, scopes, fresh_ms, expires_ms,"
                " method_id, outside FROM grant_code WHERE hash = ?1",
                DB_VALUES(db_octets(e->hash, HASH_OCTETS)), &rows);
        if (r)
                return r;
        g->tenant = db_rows_id(&rows, 0);
        g->person = db_rows_id(&rows, 1);
        g->scopes = (uint32_t)db_rows_integer(&rows, 5);
        g->fresh_ms = db_rows_integer(&rows, 6);
        g->method = db_rows_id(&rows, 8);
        db_rows_string(&rows, 9, g->outside, sizeof(g->outside));
        e->outcome = text_equal_string(db_rows_text(&rows, 2), g->client.name) &&
                                     text_equal(db_rows_text(&rows, 3), e->redirect) &&
                                     text_equal_string(db_rows_text(&rows, 4), e->challenge) &&
                                     db_rows_integer(&rows, 7) > g->now
                             ? 0
                             : GRANT_INVALID;
        return 0;
}

/* A code that is gone and gave a grant: somebody has it who should not. */
static int end_replayed(struct db_tx *tx, struct exchange *e)
{
        struct id tenant, grant;
        int r;

        e->outcome = GRANT_INVALID;
        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one_all(tx, "SELECT tenant_id, id FROM client_grant WHERE code_hash = ?1",
                               DB_VALUES(db_octets(e->hash, HASH_OCTETS)), &rows);
                if (r)
                        return r == DB_NO_ROW ? 0 : fold(r);
                tenant = db_rows_id(&rows, 0);
                grant = db_rows_id(&rows, 1);
        }
        return fold(grant_end(tx, tenant, grant, NULL, "code-replayed"));
}

static int redeem_in(struct db_tx *tx, void *context)
{
        struct exchange *e = context;
        int r;

        e->outcome = 0;
        r = read_code(tx, e);
        if (r == DB_NO_ROW)
                return end_replayed(tx, e);
        if (r)
                return fold(r);
        r = db_run(tx, e->granting.tenant, "DELETE FROM grant_code WHERE tenant_id = ?1 AND hash = ?2",
                   DB_VALUES(db_octets(e->hash, HASH_OCTETS)), NULL);
        if (r)
                return fold(r);
        if (e->outcome == 0)
                e->outcome = grant_make(tx, &e->granting);
        return e->outcome < 0 ? e->outcome : 0;
}

static void exchange_done(struct exchange *e)
{
        issue_done(&e->granting.issue);
}

static int exchange_end(struct exchange *e, int r, struct issue *ret)
{
        if (r == 0)
                r = e->outcome;
        if (r == 0)
                *ret = e->granting.issue;
        return r;
}

int grant_redeem_code(struct core *core, const struct client *client, struct text code, struct text redirect,
                      struct text verifier, struct text source, struct issue *ret)
{
        SCOPED(exchange_done) struct exchange e = { .redirect = redirect };
        uint8_t hash[HASH_OCTETS];

        granting_init(&e.granting, core, client, source);
        e.granting.code_hash = e.hash;
        hash_sha256(code, e.hash);
        /* What is no verifier matches no challenge; the code is spent all the same. */
        if (is_verifier(verifier)) {
                hash_sha256(verifier, hash);
                credential_format("", hash, e.challenge);
        }
        return exchange_end(&e, db_write(core->db, redeem_in, &e), ret);
}

struct spent {
        int64_t spent_ms;
        uint8_t salt[SECRET_OCTETS];
        uint32_t scopes;
};

/* DB_NO_ROW. */
static int read_refresh(struct db_tx *tx, struct exchange *e, struct spent *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct granting *g = &e->granting;
        int r;

        r = db_one_all(
                tx,
                "SELECT g.tenant_id, g.id, g.person_id, g.scopes, g.expires_ms, r.spent_ms, r.salt"
                " FROM grant_refresh r JOIN client_grant g ON g.tenant_id = r.tenant_id AND g.id = r.grant_id"
                " JOIN person p ON p.tenant_id = g.tenant_id AND p.id = g.person_id"
                " WHERE r.hash = ?1 AND g.client = ?2 AND g.expires_ms > ?3 AND p.disabled = 0",
                DB_VALUES(db_octets(e->hash, HASH_OCTETS), db_string(g->client.name), db_integer(g->now)),
                &rows);
        if (r)
                return r;
        g->tenant = db_rows_id(&rows, 0);
        g->grant = db_rows_id(&rows, 1);
        g->person = db_rows_id(&rows, 2);
        ret->scopes = (uint32_t)db_rows_integer(&rows, 3);
        g->expires_ms = db_rows_integer(&rows, 4);
        ret->spent_ms = db_rows_integer(&rows, 5);
        return db_rows_octets(&rows, 6, ret->salt, sizeof(ret->salt)) ? 0 : DB_NO_ROW;
}

/* The token that follows this one. */
static void make_successor(struct text token, const struct spent *spent, char ret[CREDENTIAL_STRING])
{
        uint8_t octets[HASH_OCTETS];

        hash_hmac(token.at, token.len, text_from_octets(spent->salt, SECRET_OCTETS), octets);
        credential_format(CREDENTIAL_REFRESH, octets, ret);
        explicit_bzero(octets, sizeof(octets));
}

/* Whether nobody has used it yet. */
static int is_unspent(struct db_tx *tx, struct id tenant, const char *token, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        uint8_t hash[HASH_OCTETS];
        int r;

        hash_sha256(text_from(token), hash);
        r = db_one(tx, tenant, "SELECT spent_ms FROM grant_refresh WHERE tenant_id = ?1 AND hash = ?2",
                   DB_VALUES(db_octets(hash, HASH_OCTETS)), &rows);
        *ret = r == 0 && db_rows_integer(&rows, 0) == 0;
        return r == DB_NO_ROW ? 0 : fold(r);
}

/* A spent one: a retry of whoever did not get the answer, or theft. */
static int refresh_again(struct db_tx *tx, struct exchange *e, const struct spent *spent,
                         const char *successor)
{
        struct granting *g = &e->granting;
        bool unspent;
        int r;

        r = is_unspent(tx, g->tenant, successor, &unspent);
        if (r)
                return r;
        if (unspent && g->now - spent->spent_ms <= g->core->settings.grant.refresh_retry_ms) {
                memcpy(g->issue.refresh, successor, CREDENTIAL_STRING);
                return grant_add_access(tx, g);
        }
        e->outcome = GRANT_INVALID;
        return fold(grant_end(tx, g->tenant, g->grant, NULL, "refresh-reused"));
}

static int spend(struct db_tx *tx, struct exchange *e)
{
        struct granting *g = &e->granting;
        int r;

        r = db_run(tx, g->tenant, "UPDATE grant_refresh SET spent_ms = ?3 WHERE tenant_id = ?1 AND hash = ?2",
                   DB_VALUES(db_octets(e->hash, HASH_OCTETS), db_integer(g->now)), NULL);
        if (r == 0)
                r = db_run(tx, g->tenant,
                           "UPDATE client_grant SET used_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&g->grant), db_integer(g->now)), NULL);
        return fold(r);
}

static int refresh_in(struct db_tx *tx, void *context)
{
        struct exchange *e = context;
        struct granting *g = &e->granting;
        char successor[CREDENTIAL_STRING];
        struct spent spent;
        int r;

        e->outcome = 0;
        r = read_refresh(tx, e, &spent);
        if (r)
                return r == DB_NO_ROW ? GRANT_INVALID : fold(r);
        g->scopes = e->scopes_wanted ? e->scopes_wanted : spent.scopes;
        if (g->scopes & ~spent.scopes)
                return GRANT_BAD_SCOPE;
        make_successor(e->token, &spent, successor);
        if (spent.spent_ms)
                return refresh_again(tx, e, &spent, successor);
        r = spend(tx, e);
        if (r == 0)
                r = grant_add_access(tx, g);
        if (r == 0)
                r = grant_add_refresh(tx, g, successor);
        explicit_bzero(successor, sizeof(successor));
        return r;
}

int grant_refresh(struct core *core, const struct client *client, struct text token, uint32_t scopes,
                  struct issue *ret)
{
        SCOPED(exchange_done) struct exchange e = { .token = token, .scopes_wanted = scopes };

        if (!credential_is(token, CREDENTIAL_REFRESH))
                return GRANT_INVALID;
        granting_init(&e.granting, core, client, TEXT_OF(""));
        hash_sha256(token, e.hash);
        return exchange_end(&e, db_write(core->db, refresh_in, &e), ret);
}

/* A machine has one grant, made when it first comes and again after it was revoked. */
static int machine_in(struct db_tx *tx, void *context)
{
        struct exchange *e = context;
        struct granting *g = &e->granting;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(
                        tx, g->tenant,
                        "SELECT g.id FROM client_grant g JOIN person p ON p.tenant_id = g.tenant_id"
                        " AND p.id = g.person_id WHERE g.tenant_id = ?1 AND g.client = ?2 AND p.disabled = 0",
                        DB_VALUES(db_string(g->client.name)), &rows);
                if (r < 0)
                        return r;
                if (r == 0)
                        g->grant = db_rows_id(&rows, 0);
        }
        if (r)
                return grant_make(tx, g);
        return grant_add_access(tx, g);
}

int grant_machine(struct core *core, const struct client *client, uint32_t scopes, struct text source,
                  struct issue *ret)
{
        SCOPED(exchange_done) struct exchange e = { .outcome = 0 };
        struct granting *g = &e.granting;

        granting_init(g, core, client, source);
        g->tenant = client->tenant;
        g->person = client->account;
        g->expires_ms = 0;
        g->scopes = scopes ? scopes : client->scopes;
        if (g->scopes & ~client->scopes)
                return GRANT_BAD_SCOPE;
        return exchange_end(&e, db_write(core->db, machine_in, &e), ret);
}

static void read_granting(struct db_rows *rows, struct granting *g)
{
        g->tenant = db_rows_id(rows, 0);
        g->grant = db_rows_id(rows, 1);
        g->person = db_rows_id(rows, 3);
}

static int revoke_refresh(struct db_tx *tx, struct exchange *e)
{
        struct granting *g = &e->granting;
        struct actor actor;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one_all(
                        tx,
                        "SELECT g.tenant_id, g.id, g.client, g.person_id FROM grant_refresh r JOIN client_grant g"
                        " ON g.tenant_id = r.tenant_id AND g.id = r.grant_id WHERE r.hash = ?1",
                        DB_VALUES(db_octets(e->hash, HASH_OCTETS)), &rows);
                if (r)
                        return r == DB_NO_ROW ? 0 : fold(r);
                if (!text_equal_string(db_rows_text(&rows, 2), e->granting.client.name))
                        return GRANT_INVALID;
                read_granting(&rows, g);
        }
        r = grant_actor(tx, g, &actor);
        return r ? r : fold(grant_end(tx, g->tenant, g->grant, &actor, "revoked"));
}

static int revoke_access(struct db_tx *tx, struct exchange *e)
{
        struct granting *g = &e->granting;
        char detail[CORE_WORDS];
        struct actor actor;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one_all(
                        tx,
                        "SELECT g.tenant_id, g.id, g.client, g.person_id FROM grant_access a JOIN client_grant g"
                        " ON g.tenant_id = a.tenant_id AND g.id = a.grant_id WHERE a.hash = ?1",
                        DB_VALUES(db_octets(e->hash, HASH_OCTETS)), &rows);
                if (r)
                        return r == DB_NO_ROW ? 0 : fold(r);
                if (!text_equal_string(db_rows_text(&rows, 2), g->client.name))
                        return GRANT_INVALID;
                read_granting(&rows, g);
        }
        r = grant_actor(tx, g, &actor);
        if (r == 0)
                r = fold(db_run(tx, g->tenant, "DELETE FROM grant_access WHERE tenant_id = ?1 AND hash = ?2",
                                DB_VALUES(db_octets(e->hash, HASH_OCTETS)), NULL));
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "client=%s", g->client.name);
        return event_add(tx, g->tenant, &actor, "access-token-revoked", g->grant, detail);
}

static int revoke_in(struct db_tx *tx, void *context)
{
        struct exchange *e = context;

        return credential_is(e->token, CREDENTIAL_REFRESH) ? revoke_refresh(tx, e) : revoke_access(tx, e);
}

int grant_revoke(struct core *core, const struct client *client, struct text token, struct text source)
{
        struct exchange e = { .token = token };

        granting_init(&e.granting, core, client, source);
        hash_sha256(token, e.hash);
        return db_write(core->db, revoke_in, &e);
}
