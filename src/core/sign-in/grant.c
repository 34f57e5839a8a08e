// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/grant.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/sign-in/grant-state.h"
#include "core/listing.h"
#include "core/state.h"
#include "crypt/random.h"

#define HOUR_MS     3600000
#define ACCESS_MAX  256  /* live access tokens of one grant; the oldest makes room */
#define REFRESH_MAX 2048 /* spent refresh tokens that one grant remembers */

void issue_done(struct issue *issue)
{
        explicit_bzero(issue, sizeof(*issue));
}

void granting_init(struct granting *granting, struct core *core, const struct client *client,
                   struct text source)
{
        *granting = (struct granting){ .core = core, .client = *client, .now = clock_unix_ms() };
        granting->expires_ms = granting->now + (client->refreshes ? core->settings.grant.refresh_ms
                                                                  : core->settings.grant.access_ms);
        if (!text_copy(source, granting->source, sizeof(granting->source)))
                granting->source[0] = 0;
}

/* Whoever allows programs without end loses the grants that were used the longest time ago. */
static int make_room(struct db_tx *tx, const struct granting *g)
{
        return fold(db_run(
                tx, g->tenant,
                "DELETE FROM client_grant WHERE tenant_id = ?1 AND person_id = ?2 AND id NOT IN"
                " (SELECT id FROM client_grant WHERE tenant_id = ?1 AND person_id = ?2"
                " ORDER BY used_ms DESC, id DESC LIMIT ?3)",
                DB_VALUES(db_id(&g->person), db_integer(g->core->settings.grant.of_person_max - 1)), NULL));
}

/* GRANT_INVALID where he is gone. */
static int find_person(struct db_tx *tx, const struct granting *g, struct actor *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, g->tenant,
                   "SELECT email, role FROM person WHERE tenant_id = ?1 AND id = ?2 AND disabled = 0",
                   DB_VALUES(db_id(&g->person)), &rows);
        if (r == DB_NO_ROW)
                return GRANT_INVALID;
        if (r)
                return fold(r);
        *ret = (struct actor){ .kind = ACTOR_PERSON, .tenant = g->tenant, .id = g->person };
        db_rows_string(&rows, 0, ret->name, sizeof(ret->name));
        ret->role = (enum role)db_rows_integer(&rows, 1);
        actor_came(ret, g->client.via, text_from(g->source));
        return 0;
}

int grant_actor(struct db_tx *tx, const struct granting *g, struct actor *ret)
{
        int r = find_person(tx, g, ret);

        if (r != GRANT_INVALID)
                return r;
        *ret = (struct actor){ .kind = ACTOR_PERSON, .tenant = g->tenant, .id = g->person };
        actor_came(ret, g->client.via, text_from(g->source));
        return 0;
}

static int insert_grant(struct db_tx *tx, struct granting *g)
{
        g->grant = id_new();
        return fold(db_run(
                tx, g->tenant,
                "INSERT INTO client_grant (tenant_id, id, person_id, client, scopes, label, source, code_hash,"
                " fresh_ms, created_ms, used_ms, expires_ms, method_id, outside)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12, ?13)",
                DB_VALUES(db_id(&g->grant), db_id(&g->person), db_string(g->client.name),
                          db_integer(g->scopes), db_string(g->label), db_string(g->source),
                          g->code_hash ? db_octets(g->code_hash, HASH_OCTETS) : db_null(),
                          db_integer(g->fresh_ms), db_integer(g->now), db_integer(g->expires_ms),
                          db_id(&g->method), db_string(g->outside)),
                NULL));
}

/* Ours are not in the database. */
static int use_client(struct db_tx *tx, const struct granting *g)
{
        if (id_is_zero(g->client.id) || g->now - g->client.used_ms < HOUR_MS)
                return 0;
        return fold(db_run(tx, g->tenant, "UPDATE client SET used_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&g->client.id), db_integer(g->now)), NULL));
}

int grant_add_access(struct db_tx *tx, struct granting *g)
{
        int64_t expires_ms = g->now + g->core->settings.grant.access_ms;
        uint8_t hash[HASH_OCTETS];
        int r;

        if (g->expires_ms && expires_ms > g->expires_ms)
                expires_ms = g->expires_ms;
        r = db_run(tx, g->tenant,
                   "DELETE FROM grant_access WHERE tenant_id = ?1 AND grant_id = ?2 AND hash NOT IN"
                   " (SELECT hash FROM grant_access WHERE tenant_id = ?1 AND grant_id = ?2"
                   " ORDER BY created_ms DESC LIMIT ?3)",
                   DB_VALUES(db_id(&g->grant), db_integer(ACCESS_MAX - 1)), NULL);
        if (r)
                return fold(r);
        r = use_client(tx, g);
        if (r)
                return r;
        credential_make(CREDENTIAL_ACCESS, g->issue.access);
        hash_sha256(text_from(g->issue.access), hash);
        g->issue.expires_in_ms = expires_ms - g->now;
        g->issue.scopes = g->scopes;
        return fold(
                db_run(tx, g->tenant,
                       "INSERT INTO grant_access (tenant_id, hash, grant_id, scopes, created_ms, expires_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                       DB_VALUES(db_octets(hash, HASH_OCTETS), db_id(&g->grant), db_integer(g->scopes),
                                 db_integer(g->now), db_integer(expires_ms)),
                       NULL));
}

int grant_add_refresh(struct db_tx *tx, struct granting *g, const char *token)
{
        uint8_t hash[HASH_OCTETS];
        struct secret salt;
        int r;

        r = db_run(tx, g->tenant,
                   "DELETE FROM grant_refresh WHERE tenant_id = ?1 AND grant_id = ?2 AND hash NOT IN"
                   " (SELECT hash FROM grant_refresh WHERE tenant_id = ?1 AND grant_id = ?2"
                   " ORDER BY created_ms DESC LIMIT ?3)",
                   DB_VALUES(db_id(&g->grant), db_integer(REFRESH_MAX - 1)), NULL);
        if (r)
                return fold(r);
        random_secret(&salt);
        hash_sha256(text_from(token), hash);
        memcpy(g->issue.refresh, token, strlen(token) + 1);
        return fold(db_run(tx, g->tenant,
                           "INSERT INTO grant_refresh (tenant_id, hash, grant_id, salt, created_ms, spent_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, 0)",
                           DB_VALUES(db_octets(hash, HASH_OCTETS), db_id(&g->grant),
                                     db_octets(salt.octets, SECRET_OCTETS), db_integer(g->now)),
                           NULL));
}

int grant_make(struct db_tx *tx, struct granting *g)
{
        char refresh[CREDENTIAL_STRING], scopes[TOKEN_SCOPES_STRING], detail[CORE_WORDS];
        struct actor actor;
        int r;

        r = find_person(tx, g, &actor);
        if (r == 0)
                r = make_room(tx, g);
        if (r == 0)
                r = insert_grant(tx, g);
        if (r == 0)
                r = grant_add_access(tx, g);
        if (r == 0 && g->client.refreshes) {
                credential_make(CREDENTIAL_REFRESH, refresh);
                r = grant_add_refresh(tx, g, refresh);
                explicit_bzero(refresh, sizeof(refresh));
        }
        if (r)
                return r;
        token_scopes_format(g->scopes, scopes);
        for (char *at = scopes; *at; at++)
                if (*at == ' ')
                        *at = ',';
        snprintf(detail, sizeof(detail), "client=%s scopes=%s", g->client.name, scopes);
        return event_add(tx, g->tenant, &actor, "grant-made", g->grant, detail);
}

int grant_end(struct db_tx *tx, struct id tenant, struct id grant, const struct actor *actor,
              const char *reason)
{
        char detail[CORE_WORDS];
        int64_t changed;
        int r;

        r = db_run(tx, tenant, "DELETE FROM client_grant WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&grant)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        snprintf(detail, sizeof(detail), "reason=%s", reason);
        return event_add(tx, tenant, actor, "grant-ended", grant, detail);
}

int grant_end_all(struct db_tx *tx, struct id tenant, struct id person)
{
        static const char *const statements[] = {
                "DELETE FROM client_grant WHERE tenant_id = ?1 AND person_id = ?2 AND expires_ms > 0",
                "DELETE FROM grant_code WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM device_code WHERE tenant_id = ?1 AND person_id = ?2",
        };

        for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
                int r = db_run(tx, tenant, statements[i], DB_VALUES(db_id(&person)), NULL);

                if (r)
                        return fold(r);
        }
        return 0;
}

int grant_end_outside(struct db_tx *tx, struct id tenant, struct id method, struct text outside,
                      struct id person, int64_t *ret_count)
{
        static const char of_session[] =
                "DELETE FROM client_grant WHERE tenant_id = ?1 AND method_id = ?2 AND outside = ?3"
                " AND (?4 IS NULL OR person_id = ?4)";
        static const char of_person[] =
                "DELETE FROM client_grant WHERE tenant_id = ?1 AND method_id = ?2 AND ?3 = '' AND person_id = ?4";

        return fold(
                db_run(tx, tenant, outside.len ? of_session : of_person,
                       DB_VALUES(db_id(&method), db_text(outside.at ? outside : TEXT_OF("")), db_id(&person)),
                       ret_count));
}

struct context {
        struct core *core;
        const struct actor *actor;
        struct id id, person;
};

static void read_grant(struct db_rows *rows, void *item)
{
        struct grant *grant = item;

        *grant = (struct grant){ .id = db_rows_id(rows, 0), .person = db_rows_id(rows, 1) };
        db_rows_string(rows, 2, grant->client, sizeof(grant->client));
        grant->scopes = (uint32_t)db_rows_integer(rows, 3);
        db_rows_string(rows, 4, grant->label, sizeof(grant->label));
        db_rows_string(rows, 5, grant->source, sizeof(grant->source));
        grant->created_ms = db_rows_integer(rows, 6);
        grant->used_ms = db_rows_integer(rows, 7);
        grant->expires_ms = db_rows_integer(rows, 8);
}

/* Titles are the programs' own, wherever they are known from. */
static int add_titles(struct core *core, struct grant *grants, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct client client;
                int r = client_recognise(core, text_from(grants[i].client), &client);

                if (r < 0)
                        return r;
                if (r == 0)
                        memcpy(grants[i].client_title, client.title, sizeof(client.title));
        }
        return 0;
}

int grant_list(struct core *core, const struct actor *actor, struct id person, struct id after,
               struct grant *ret, size_t max, size_t *ret_count)
{
        struct listing grants = {
                .tenant = actor->tenant,
                .sql = "SELECT id, person_id, client, scopes, label, source, created_ms, used_ms, expires_ms"
                       " FROM client_grant WHERE tenant_id = ?1 AND person_id = ?4 AND id > ?2"
                       " AND (expires_ms = 0 OR expires_ms > ?5) ORDER BY id LIMIT ?3",
                .values = DB_VALUES(db_id(&person), db_integer(clock_unix_ms())),
                .after = after,
                .read = read_grant,
                LISTING_INTO(ret, max)
        };
        int r;

        if (!actor_may(actor, RIGHT_SESSIONS, whose_person(person)))
                return CORE_FORBIDDEN;
        r = listing_find(core, &grants, ret_count);
        return r ? r : add_titles(core, ret, *ret_count);
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct id person;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, c->actor->tenant,
                           "SELECT person_id FROM client_grant WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->id)), &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
                person = db_rows_id(&rows, 0);
        }
        if (!actor_may(c->actor, RIGHT_SESSIONS, whose_person(person)))
                return CORE_NOT_FOUND;
        return grant_end(tx, c->actor->tenant, c->id, c->actor, "revoked");
}

int grant_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .id = id };

        return db_write(core->db, delete_in, &c);
}

struct look {
        uint8_t hash[HASH_OCTETS];
        int64_t now, used_ms;
        char client[CLIENT_NAME];
        bool is_over; /* its time, or its person's */
        struct actor actor;
};

static int find_access(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct look *look = context;
        int r;

        r = db_one_all(
                tx,
                "SELECT g.tenant_id, g.id, g.client, g.used_ms, a.scopes, g.fresh_ms, p.id, p.role, p.email,"
                " a.expires_ms <= ?2 OR p.disabled <> 0 FROM grant_access a JOIN client_grant g ON g.tenant_id = a.tenant_id AND g.id = a.grant_id"
                " JOIN person p ON p.tenant_id = g.tenant_id AND p.id = g.person_id WHERE a.hash = ?1",
                DB_VALUES(db_octets(look->hash, HASH_OCTETS), db_integer(look->now)), &rows);
        if (r == DB_NO_ROW)
                return CORE_WRONG_CREDENTIALS;
        if (r)
                return fold(r);
        look->actor = (struct actor){ .kind = ACTOR_PERSON, .tenant = db_rows_id(&rows, 0) };
        look->actor.grant = db_rows_id(&rows, 1);
        db_rows_string(&rows, 2, look->client, sizeof(look->client));
        look->used_ms = db_rows_integer(&rows, 3);
        look->actor.scopes = (uint32_t)db_rows_integer(&rows, 4);
        look->actor.fresh_ms = db_rows_integer(&rows, 5);
        look->actor.id = db_rows_id(&rows, 6);
        look->actor.role = (enum role)db_rows_integer(&rows, 7);
        db_rows_string(&rows, 8, look->actor.name, sizeof(look->actor.name));
        look->is_over = db_rows_integer(&rows, 9);
        return 0;
}

static int use_grant(struct db_tx *tx, void *context)
{
        struct look *look = context;

        return fold(db_run(tx, look->actor.tenant,
                           "UPDATE client_grant SET used_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&look->actor.grant), db_integer(look->now)), NULL));
}

/* Ours are known by their names alone: no other look into the database tells them apart. */
static int recognise(struct core *core, const struct look *look, struct client *ret)
{
        struct text name = text_from(look->client);
        int r;

        *ret = (struct client){ .via = VIA_API };
        if (id_parse(name, &(struct id){ 0 }))
                return 0;
        r = client_recognise(core, name, ret);
        return r == CORE_NOT_FOUND ? 0 : r;
}

int grant_authenticate(struct core *core, struct text token, struct text source, struct actor *ret,
                       bool *ret_is_over)
{
        const int64_t idle_ms = core->settings.session_panel_idle_ms;
        struct look look = { .now = clock_unix_ms() };
        struct client client;
        enum via via = ret->via;
        int r;

        hash_sha256(token, look.hash);
        r = db_read(core->db, find_access, &look);
        if (r == 0)
                r = recognise(core, &look, &client);
        if (r)
                return r;
        *ret = look.actor;
        actor_came(ret, via == VIA_API ? client.via : via, source);
        *ret_is_over = look.is_over || (client.idles && look.now >= look.used_ms + idle_ms);
        if (*ret_is_over)
                return CORE_WRONG_CREDENTIALS;
        /* That it is used is noted coarsely, so that what idles may end a little too early, never too late.
         */
        if (look.now - look.used_ms > (client.idles ? idle_ms / 20 : HOUR_MS))
                return db_write(core->db, use_grant, &look);
        return 0;
}
