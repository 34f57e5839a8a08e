// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/idempotency.h"

#include <errno.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "crypt/field.h"
#include "crypt/hash.h"

struct context {
        const struct tenant_entry *entry;
        const struct actor *actor;
        uint8_t key[HASH_OCTETS];
        uint8_t request_hash[HASH_OCTETS]; /* under the client's key, which is kept nowhere: a PIN may stand
                                              in it */
        int64_t now;
        int64_t started_ms;
        int64_t created_ms;
        int status;
        struct buffer body; /* sealed */
};

static void context_init(struct context *c, const struct actor *actor, struct text key)
{
        *c = (struct context){ .actor = actor,
                               .now = clock_unix_ms(),
                               .body = BUFFER(FIELD_MAX + TENANT_SEAL_OVERHEAD) };
        hash_hmac("idempotency", 11, key, c->key);
}

static void context_done(struct context *c)
{
        buffer_done(&c->body);
}

static int find_in(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        uint8_t hash[HASH_OCTETS];
        int r;

        r = db_one(
                tx, c->actor->tenant,
                "SELECT request_hash, status, body, created_ms FROM idempotency WHERE tenant_id = ?1 AND actor_id = ?2 AND key = ?3",
                DB_VALUES(db_id(&c->actor->id), db_octets(c->key, HASH_OCTETS)), &rows);
        if (r)
                return r;
        if (!db_rows_octets(&rows, 0, hash, HASH_OCTETS))
                return fault(-EBADMSG);
        c->status = (int)db_rows_integer(&rows, 1);
        c->created_ms = db_rows_integer(&rows, 3);
        buffer_clear(&c->body);
        buffer_add_text(&c->body, db_rows_text(&rows, 2));
        return memcmp(hash, c->request_hash, HASH_OCTETS) == 0 ? 0 : CORE_KEY_REUSED;
}

static int begin_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_in(tx, c);
        if (r == 0 && c->status)
                return CORE_TAKEN;
        /* Under way; but what was under way before this start never ended, and is begun again. */
        if (r == 0 && c->created_ms >= c->started_ms)
                return CORE_BUSY;
        if (r && r != DB_NO_ROW)
                return r;
        r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO idempotency (tenant_id, actor_id, key, request_hash, status, body, created_ms)"
                " VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6) ON CONFLICT (tenant_id, actor_id, key) DO UPDATE SET created_ms = ?6",
                DB_VALUES(db_id(&c->actor->id), db_octets(c->key, HASH_OCTETS),
                          db_octets(c->request_hash, HASH_OCTETS), db_octets("", 0), db_integer(c->now)),
                NULL);
        return fold(r);
}

static int open_body(struct core *core, struct context *c, char *ret_body, size_t size, size_t *ret_length)
{
        SCOPED(buffer_done) struct buffer plain = BUFFER(FIELD_MAX);
        int r;

        r = tenant_unseal(core, c->entry, text_from_octets(c->key, HASH_OCTETS), buffer_text(&c->body),
                          &plain);
        if (r)
                return fold(r);
        if (plain.len > size)
                return fault(-EMSGSIZE);
        memcpy(ret_body, plain.at, plain.len);
        *ret_length = plain.len;
        explicit_bzero(plain.at, plain.len);
        return 0;
}

int idempotency_begin(struct core *core, const struct actor *actor, struct text key,
                      const uint8_t request_hash[32], int *ret_status, char *ret_body, size_t size,
                      size_t *ret_length)
{
        SCOPED(context_done) struct context c;
        int r;

        context_init(&c, actor, key);
        hash_hmac(key.at, key.len, text_from_octets((const char *)request_hash, HASH_OCTETS), c.request_hash);
        c.started_ms = core->started_ms;
        if (key.len == 0 || key.len > 128)
                return CORE_BAD_VALUE;
        r = tenant_entry_get(core, actor->tenant, &c.entry);
        if (r)
                return r;
        r = db_write(core->db, begin_in, &c);
        if (r != CORE_TAKEN)
                return r;
        *ret_status = c.status;
        r = open_body(core, &c, ret_body, size, ret_length);
        return r ? r : CORE_TAKEN;
}

static int end_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run(
                tx, c->actor->tenant,
                "UPDATE idempotency SET status = ?4, body = ?5 WHERE tenant_id = ?1 AND actor_id = ?2 AND key = ?3",
                DB_VALUES(db_id(&c->actor->id), db_octets(c->key, HASH_OCTETS), db_integer(c->status),
                          db_octets(c->body.at, c->body.len)),
                NULL));
}

static int drop_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run(tx, c->actor->tenant,
                           "DELETE FROM idempotency WHERE tenant_id = ?1 AND actor_id = ?2 AND key = ?3",
                           DB_VALUES(db_id(&c->actor->id), db_octets(c->key, HASH_OCTETS)), NULL));
}

int idempotency_end(struct core *core, const struct actor *actor, struct text key, int status,
                    struct text body)
{
        SCOPED(context_done) struct context c;
        int r;

        context_init(&c, actor, key);
        c.status = status;
        /* What failed on our side may be tried again with the same key. */
        if (status >= 500)
                return db_write(core->db, drop_in, &c);
        r = tenant_entry_get(core, actor->tenant, &c.entry);
        if (r)
                return r;
        r = tenant_seal(core, c.entry, text_from_octets(c.key, HASH_OCTETS), body, &c.body);
        if (r)
                return fold(r);
        return db_write(core->db, end_in, &c);
}
