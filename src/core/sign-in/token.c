// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/token.h"

#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/credential.h"
#include "core/listing.h"
#include "core/job/queue.h"
#include "core/sign-in/session.h"
#include "core/state.h"
#include "core/sign-in/token-scope.h"
#include "crypt/hash.h"

#define API_DAYS_MS (90LL * 86400000)

struct context {
        const struct actor *actor;
        struct token token;
        uint8_t hash[HASH_OCTETS];
};

static const char *const prefixes[] = {
        [TOKEN_PRINT] = "imp_", [TOKEN_API] = "api_", [TOKEN_ADDRESS] = TOKEN_ADDRESS_PREFIX
};
static const char *const details[] = {
        [TOKEN_PRINT] = "kind=print", [TOKEN_API] = "kind=api", [TOKEN_ADDRESS] = "kind=address"
};

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct token *t = &c->token;
        int r;

        r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO token (tenant_id, id, person_id, kind, hash, label, created_ms, expires_ms, used_ms,"
                " queue_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)",
                DB_VALUES(db_id(&t->id), db_id(&c->actor->id), db_integer(t->kind),
                          db_octets(c->hash, HASH_OCTETS), db_string(t->label), db_integer(t->created_ms),
                          db_integer(t->expires_ms), db_id(&t->queue)),
                NULL);
        if (r)
                return r == DB_TAKEN ? CORE_NOT_FOUND : fold(r);
        return event_add(tx, c->actor->tenant, c->actor, "token-made", t->id, details[t->kind]);
}

/* What a program was lent for a few days does not become a token for months by itself: that takes all scopes,
 * and somebody who has just signed in. */
static bool may_lend(const struct core *core, const struct actor *actor, enum token_kind kind)
{
        if (!actor->scopes)
                return true;
        if (kind != TOKEN_API)
                return actor->scopes & SCOPE_PRINT;
        return actor->scopes == SCOPES_ALL && session_is_fresh(core, actor);
}

int token_make(struct core *core, const struct actor *actor, enum token_kind kind, const struct queue *queue,
               struct text label, int64_t expires_in_ms, struct token *ret, char ret_secret[TOKEN_STRING])
{
        struct context c = { .actor = actor };
        int r;

        if (!actor_may(actor, RIGHT_TOKENS, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        if (!may_lend(core, actor, kind))
                return CORE_FORBIDDEN;
        if ((kind == TOKEN_ADDRESS) != (queue != NULL) || expires_in_ms < 0 || !text_is_printable(label) ||
            !text_copy(label, c.token.label, sizeof(c.token.label)))
                return CORE_BAD_VALUE;
        r = tenant_admits(core, actor->tenant, ACCESS_SIGN_IN, text_from(actor->source));
        if (r)
                return r;
        if (!expires_in_ms && kind == TOKEN_API)
                expires_in_ms = API_DAYS_MS;
        c.token.id = id_new();
        c.token.kind = kind;
        if (queue)
                c.token.queue = queue->id;
        c.token.created_ms = clock_unix_ms();
        c.token.expires_ms = expires_in_ms ? c.token.created_ms + expires_in_ms : 0;
        credential_make(prefixes[kind], ret_secret);
        hash_sha256(text_from(ret_secret), c.hash);
        r = db_write(core->db, make_in, &c);
        if (r) {
                explicit_bzero(ret_secret, TOKEN_STRING);
                return r;
        }
        *ret = c.token;
        return 0;
}

static void read_token(struct db_rows *rows, void *item)
{
        struct token *token = item;

        token->id = db_rows_id(rows, 0);
        token->kind = (enum token_kind)db_rows_integer(rows, 1);
        db_rows_string(rows, 2, token->label, sizeof(token->label));
        token->created_ms = db_rows_integer(rows, 3);
        token->expires_ms = db_rows_integer(rows, 4);
        token->used_ms = db_rows_integer(rows, 5);
        db_rows_string(rows, 6, token->used_from, sizeof(token->used_from));
        token->queue = db_rows_id(rows, 7);
}

int token_list(struct core *core, const struct actor *actor, struct id after, struct token *ret, size_t max,
               size_t *ret_count)
{
        struct listing tokens = {
                .tenant = actor->tenant,
                .sql = "SELECT id, kind, label, created_ms, expires_ms, used_ms, used_from, queue_id FROM token"
                       " WHERE tenant_id = ?1 AND person_id = ?4 AND id > ?2 ORDER BY id LIMIT ?3",
                .values = DB_VALUES(db_id(&actor->id)),
                .after = after,
                .read = read_token,
                LISTING_INTO(ret, max)
        };

        if (!actor_may(actor, RIGHT_TOKENS, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        return listing_find(core, &tokens, ret_count);
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant,
                   "DELETE FROM token WHERE tenant_id = ?1 AND person_id = ?2 AND id = ?3",
                   DB_VALUES(db_id(&c->actor->id), db_id(&c->token.id)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "token-deleted", c->token.id, "");
}

int token_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .token.id = id };

        if (!actor_may(actor, RIGHT_TOKENS, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}

struct address {
        uint8_t hash[HASH_OCTETS];
        struct id tenant, token, queue;
};

static int find_address_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct address *address = context;
        int r;

        r = db_one_all(
                tx,
                "SELECT t.tenant_id, t.id, t.queue_id FROM token t JOIN person p"
                " ON p.tenant_id = t.tenant_id AND p.id = t.person_id WHERE t.hash = ?1 AND t.kind = ?2"
                " AND (t.expires_ms = 0 OR t.expires_ms > ?3) AND p.disabled = 0",
                DB_VALUES(db_octets(address->hash, HASH_OCTETS), db_integer(TOKEN_ADDRESS),
                          db_integer(clock_unix_ms())),
                &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        address->tenant = db_rows_id(&rows, 0);
        address->token = db_rows_id(&rows, 1);
        address->queue = db_rows_id(&rows, 2);
        return 0;
}

int token_find_address(struct core *core, struct text secret, struct id *ret_token, struct queue *ret)
{
        struct address address;
        int r;

        hash_sha256(secret, address.hash);
        r = db_read(core->db, find_address_in, &address);
        if (r == 0)
                r = queue_find_by_id(core, address.tenant, address.queue, ret);
        if (r == 0)
                *ret_token = address.token;
        return r;
}
