// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/authenticate.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/credential.h"
#include "core/job/queue.h"
#include "core/sign-in/sign-in.h"
#include "core/state.h"
#include "core/sign-in/token.h"
#include "core/trail/watch.h"
#include "crypt/hash.h"

#define MINUTE_MS 60000
#define HOUR_MS   3600000

static bool is_token(struct text secret)
{
        return credential_is(secret, "imp_") || credential_is(secret, "api_") ||
               credential_is(secret, CREDENTIAL_ACCESS);
}

/* Writes down who came, or that the tenant does not let him in just now. */
static int let_in(struct core *core, const struct actor *actor, const char *method, int admitted)
{
        int r;

        if (admitted < 0)
                return admitted;
        if (admitted == 0)
                return watch_sign_in(core, actor, method);
        core->sign_ins_refused++;
        r = watch_refusal(core, actor, "sign-in", "not-admitted");
        return r ? r : admitted;
}

/* "DEMO42\ada@example.com": whose address does not tell the tenant can name it so. What is no company code
 * is left in the name, which then is nobody's. */
static int cut_company_code(struct core *core, struct text source, struct text *name, struct id *ret_tenant)
{
        struct text code, rest;
        struct tenant tenant;
        int r;

        if (!text_cut(*name, '\\', &code, &rest))
                return CORE_NOT_FOUND;
        r = tenant_find_for(core, rest, code, source, &tenant);
        if (r)
                return r;
        *name = rest;
        *ret_tenant = tenant.id;
        return 0;
}

/* tenant is given where a print queue's address tells it. */
static int authenticate_password(struct core *core, const struct id *tenant, struct text name,
                                 struct text secret, struct text source, struct actor *ret)
{
        struct sign_in found = { .actor = { .via = ret->via } };
        struct id named;
        int r;

        r = tenant ? CORE_NOT_FOUND : cut_company_code(core, source, &name, &named);
        if (r && r != CORE_NOT_FOUND)
                return r;
        r = sign_in_by_password(core, r ? tenant : &named, name, secret, source, &found);
        if (r)
                return r;
        *ret = found.actor;
        r = tenant_admits(core, ret->tenant, tenant ? ACCESS_DEVICE : ACCESS_SIGN_IN, source);
        return let_in(core, ret, found.method, r);
}

int authenticate_basic(struct core *core, const struct id *tenant, struct text name, struct text secret,
                       struct text source, struct actor *ret)
{
        int r;

        if (!is_token(secret))
                return authenticate_password(core, tenant, name, secret, source, ret);
        r = authenticate_token(core, secret, source, ret);
        if (r == 0 && tenant && !id_equal(ret->tenant, *tenant))
                return CORE_WRONG_CREDENTIALS;
        return r;
}

struct token_look {
        uint8_t hash[HASH_OCTETS];
        int64_t now;
        struct id id;
        int64_t used_ms;
        char used_from[CORE_NAME];
        char source[CORE_NAME];
        bool is_over;              /* its time, or its owner's */
        const struct queue *queue; /* in whose address it stood; NULL: in none */
        struct actor actor;
};

static int find_token(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct token_look *look = context;
        struct actor *actor = &look->actor;
        enum token_kind kind;
        struct id queue;
        int r;

        r = db_one_all(
                tx,
                "SELECT t.tenant_id, t.id, t.kind, t.used_ms, p.id, p.role, p.email,"
                " p.disabled <> 0 OR (t.expires_ms <> 0 AND t.expires_ms <= ?2), t.used_from, t.queue_id FROM token t"
                " JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id WHERE t.hash = ?1",
                DB_VALUES(db_octets(look->hash, HASH_OCTETS), db_integer(look->now)), &rows);
        if (r == DB_NO_ROW)
                return CORE_WRONG_CREDENTIALS;
        if (r)
                return fold(r);
        *actor = (struct actor){ .kind = ACTOR_PERSON, .tenant = db_rows_id(&rows, 0) };
        look->id = db_rows_id(&rows, 1);
        db_rows_string(&rows, 8, look->used_from, sizeof(look->used_from));
        actor->token = look->id;
        kind = (enum token_kind)db_rows_integer(&rows, 2);
        queue = db_rows_id(&rows, 9);
        actor->prints_only = kind != TOKEN_API;
        look->used_ms = db_rows_integer(&rows, 3);
        actor->id = db_rows_id(&rows, 4);
        actor->role = (enum role)db_rows_integer(&rows, 5);
        db_rows_string(&rows, 6, actor->name, sizeof(actor->name));
        /* An address is no password, and a password no address. */
        if ((kind == TOKEN_ADDRESS) != (look->queue != NULL) ||
            (look->queue &&
             (!id_equal(look->queue->tenant, actor->tenant) || !id_equal(look->queue->id, queue))))
                return CORE_WRONG_CREDENTIALS;
        look->is_over = db_rows_integer(&rows, 7);
        return look->is_over ? CORE_WRONG_CREDENTIALS : 0;
}

static int use_token(struct db_tx *tx, void *context)
{
        struct token_look *look = context;

        return fold(db_run(tx, look->actor.tenant,
                           "UPDATE token SET used_ms = ?3, used_from = ?4 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&look->id), db_integer(look->now), db_string(look->source)),
                           NULL));
}

/* Written once an hour, and where it comes from elsewhere once a minute. */
static bool use_is_news(const struct token_look *look)
{
        int64_t ago_ms = look->now - look->used_ms;

        return ago_ms > HOUR_MS || (ago_ms > MINUTE_MS && strcmp(look->source, look->used_from) != 0);
}

/* A token that was good once is known, and so is whose it was; of any other nothing is. */
static int refuse_token(struct core *core, const struct token_look *look, enum via via, struct text source)
{
        struct actor actor = look->is_over ? look->actor : (struct actor){ .kind = ACTOR_NOBODY };
        int r;

        core->sign_ins_refused++;
        actor_came(&actor, via, source);
        r = watch_refusal(core, &actor, "sign-in", look->is_over ? "token-over" : "token-unknown");
        return r ? r : CORE_WRONG_CREDENTIALS;
}

static enum tenant_access access_of(const struct actor *actor)
{
        return actor->prints_only || actor->role == ROLE_MACHINE ? ACCESS_DEVICE : ACCESS_GO_ON;
}

static int authenticate_by(struct core *core, const struct queue *queue, struct text token,
                           struct text source, struct actor *ret)
{
        struct token_look look = { .now = clock_unix_ms(), .actor.via = ret->via, .queue = queue };
        enum via via = ret->via;
        int r;

        /* 256 random bits are not guessed: no counter is needed, and none can be filled from outside. */
        hash_sha256(token, look.hash);
        if (credential_is(token, CREDENTIAL_ACCESS))
                r = grant_authenticate(core, token, source, &look.actor, &look.is_over);
        else
                r = db_read(core->db, find_token, &look);
        if (r == CORE_WRONG_CREDENTIALS)
                return refuse_token(core, &look, via, source);
        if (r)
                return r;
        if (credential_is(token, CREDENTIAL_ACCESS)) {
                *ret = look.actor;
                return let_in(core, ret, "access-token",
                              tenant_admits(core, ret->tenant, access_of(ret), source));
        }
        if (!text_copy(source, look.source, sizeof(look.source)))
                look.source[0] = '\0';
        if (use_is_news(&look))
                r = db_write(core->db, use_token, &look);
        *ret = look.actor;
        actor_came(ret, via, source);
        if (r)
                return r;
        r = tenant_admits(core, ret->tenant, access_of(ret), source);
        return let_in(core, ret, queue ? "address-token" : ret->prints_only ? "print-token" : "api-token", r);
}

int authenticate_token(struct core *core, struct text token, struct text source, struct actor *ret)
{
        return authenticate_by(core, NULL, token, source, ret);
}

int authenticate_address(struct core *core, const struct queue *queue, struct text token, struct text source,
                         struct actor *ret)
{
        if (!credential_is(token, TOKEN_ADDRESS_PREFIX))
                return CORE_WRONG_CREDENTIALS;
        return authenticate_by(core, queue, token, source, ret);
}

int authenticate_pin(struct core *core, struct text email, struct text pin, struct text source,
                     struct actor *ret)
{
        struct sign_in found = { .actor = { .via = ret->via } };
        int r;

        r = sign_in_by_pin(core, NULL, email, pin, source, &found);
        if (r)
                return r;
        *ret = found.actor;
        return let_in(core, ret, found.method, tenant_admits(core, ret->tenant, ACCESS_GO_ON, source));
}

struct key_look {
        enum actor_kind kind;
        const uint8_t *fingerprint;
        int64_t now;
        struct actor actor;
        struct actor came; /* as nobody yet */
};

static int find_by_key(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct key_look *look = context;
        int r;

        r = db_one_all(
                tx,
                look->kind == ACTOR_AGENT
                        ? "SELECT tenant_id, id, name, expires_ms FROM agent WHERE fingerprint = ?1"
                        : "SELECT tenant_id, id, name, expires_ms FROM converter WHERE fingerprint = ?1",
                DB_VALUES(db_octets(look->fingerprint, HASH_OCTETS)), &rows);
        if (r == DB_NO_ROW)
                return CORE_WRONG_CREDENTIALS;
        if (r)
                return fold(r);
        look->actor = (struct actor){ .kind = look->kind,
                                      .tenant = db_rows_id(&rows, 0),
                                      .id = db_rows_id(&rows, 1) };
        db_rows_string(&rows, 2, look->actor.name, sizeof(look->actor.name));
        return db_rows_integer(&rows, 3) > look->now ? 0 : CORE_EXPIRED;
}

int authenticate_outpost(struct core *core, enum actor_kind kind, const uint8_t fingerprint[32],
                         struct actor *ret)
{
        struct key_look look = { kind, fingerprint, clock_unix_ms(), { 0 }, { 0 } };
        int r;

        look.came = *ret;
        r = db_read(core->db, find_by_key, &look);
        if (r == CORE_WRONG_CREDENTIALS || r == CORE_EXPIRED) {
                int said = watch_refusal(
                        core, &look.came,
                        right_name(kind == ACTOR_AGENT ? RIGHT_AGENT_WORK : RIGHT_CONVERTER_WORK),
                        r == CORE_EXPIRED ? "key-expired" : "key-unknown");

                return said ? said : r;
        }
        if (r)
                return r;
        *ret = look.actor;
        actor_came(ret, look.came.via, text_from(look.came.source));
        return watch_sign_in(core, ret, "key");
}
