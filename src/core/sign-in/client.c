// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/client.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/listing.h"
#include "core/person/person.h"
#include "core/state.h"
#include "crypt/hash.h"

#define WEEK_MS (7LL * 86400000)
#define COLUMNS                                                                                       \
        "SELECT c.id, c.kind, c.title, c.redirects, c.scopes, c.account_id, c.created_ms, c.used_ms," \
        " c.tenant_id FROM client c"

static const struct client built_in[] = {
        { .kind = CLIENT_BUILT_IN,
          .name = "imprimatur-cli",
          .title = "Imprimatur command line",
          .redirects = { "http://127.0.0.1/callback", "http://[::1]/callback" },
          .redirect_count = 2,
          .scopes = SCOPES_ALL,
          .by_device = true,
          .refreshes = true,
          .via = VIA_COMMAND_LINE },
        { .kind = CLIENT_BUILT_IN,
          .name = "imprimatur-client",
          .title = "Imprimatur on a workstation",
          .redirects = { "http://127.0.0.1/callback", "http://[::1]/callback" },
          .redirect_count = 2,
          .scopes = SCOPE_PRINT | SCOPE_RELEASE | SCOPE_READ | SCOPE_ACCOUNT,
          .by_device = true,
          .refreshes = true,
          .via = VIA_API },
        /* Whoever walks away from a panel is not signed in there for long. */
        { .kind = CLIENT_BUILT_IN,
          .name = "imprimatur-panel",
          .title = "Panel of a printer",
          .scopes = SCOPE_RELEASE | SCOPE_READ,
          .by_device = true,
          .idles = true,
          .via = VIA_PANEL },
};

static void split_redirects(struct text words, struct client *ret)
{
        struct text word;
        bool more = words.len > 0;

        while (more && ret->redirect_count < CLIENT_REDIRECTS_MAX) {
                more = text_cut(words, ' ', &word, &words);
                if (text_copy(word, ret->redirects[ret->redirect_count], REDIRECT_OCTETS))
                        ret->redirect_count++;
        }
}

static void read_client(struct db_rows *rows, void *item)
{
        struct client *ret = item;

        *ret = (struct client){ .id = db_rows_id(rows, 0), .via = VIA_API };
        ret->kind = (enum client_kind)db_rows_integer(rows, 1);
        id_format(ret->id, ret->name);
        db_rows_string(rows, 2, ret->title, sizeof(ret->title));
        split_redirects(db_rows_text(rows, 3), ret);
        ret->scopes = (uint32_t)db_rows_integer(rows, 4);
        ret->account = db_rows_id(rows, 5);
        ret->created_ms = db_rows_integer(rows, 6);
        ret->used_ms = db_rows_integer(rows, 7);
        ret->tenant = db_rows_id(rows, 8);
        ret->by_device = ret->refreshes = ret->kind == CLIENT_PUBLIC;
}

struct context {
        const struct actor *actor;
        struct client client;
        char redirects[CLIENT_REDIRECTS_MAX * REDIRECT_OCTETS];
        uint8_t hash[HASH_OCTETS];
        int64_t now, overlap_ms;
};

static int insert_secret(struct db_tx *tx, struct context *c)
{
        struct id id = id_new();

        return fold(
                db_run(tx, c->actor->tenant,
                       "INSERT INTO client_secret (tenant_id, id, client_id, hash, created_ms, expires_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, 0)",
                       DB_VALUES(db_id(&id), db_id(&c->client.id), db_octets(c->hash, HASH_OCTETS),
                                 db_integer(c->now)),
                       NULL));
}

/* Whom a machine acts as. The address is none that mail could reach, or a password be set for by mail. */
static int make_account(struct db_tx *tx, struct context *c)
{
        char email[CORE_EMAIL];
        int r;

        c->client.account = id_new();
        snprintf(email, sizeof(email), "%s@machine.invalid", c->client.name);
        r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO person (tenant_id, id, email, name, department, role, disabled, secrets_version,"
                " jobs_waiting, created_ms) VALUES (?1, ?2, ?3, ?4, '', ?5, 0, 1, 0, ?6)",
                DB_VALUES(db_id(&c->client.account), db_string(email), db_string(c->client.title),
                          db_integer(ROLE_MACHINE), db_integer(c->now)),
                NULL);
        if (r)
                return fold(r);
        return event_add(tx, c->actor->tenant, c->actor, "person-made", c->client.account, "role=machine");
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct client *client = &c->client;
        int r;

        r = client->kind == CLIENT_MACHINE ? make_account(tx, c) : 0;
        if (r)
                return r;
        r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO client (tenant_id, id, kind, title, redirects, scopes, account_id, created_ms, used_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
                DB_VALUES(db_id(&client->id), db_integer(client->kind), db_string(client->title),
                          db_string(c->redirects), db_integer(client->scopes), db_id(&client->account),
                          db_integer(c->now)),
                NULL);
        if (r == 0 && client->kind == CLIENT_MACHINE)
                r = insert_secret(tx, c);
        if (r)
                return fold(r);
        return event_add(tx, c->actor->tenant, c->actor, "client-made", client->id,
                         client->kind == CLIENT_MACHINE ? "kind=machine" : "kind=public");
}

static bool take_redirects(const struct client_wish *wish, struct context *c)
{
        char *at = c->redirects;

        if (wish->redirect_count > CLIENT_REDIRECTS_MAX)
                return false;
        for (size_t i = 0; i < wish->redirect_count; i++) {
                if (!redirect_is_valid(wish->redirects[i]))
                        return false;
                if (i)
                        *at++ = ' ';
                at = mempcpy(at, wish->redirects[i].at, wish->redirects[i].len);
        }
        *at = 0;
        split_redirects(text_from(c->redirects), &c->client);
        return true;
}

int client_make(struct core *core, const struct actor *actor, const struct client_wish *wish,
                struct client *ret, char ret_secret[CREDENTIAL_STRING])
{
        bool is_machine = wish->kind == CLIENT_MACHINE;
        struct context c = { .actor = actor, .now = clock_unix_ms() };
        struct client *client = &c.client;
        int r;

        ret_secret[0] = 0;
        if (!actor_may(actor, RIGHT_CLIENTS, whose_tenant()))
                return CORE_FORBIDDEN;
        *client = (struct client){ .id = id_new(),
                                   .tenant = actor->tenant,
                                   .kind = wish->kind,
                                   .scopes = wish->scopes,
                                   .by_device = !is_machine,
                                   .refreshes = !is_machine,
                                   .via = VIA_API,
                                   .created_ms = c.now };
        id_format(client->id, client->name);
        if (wish->kind == CLIENT_BUILT_IN || !wish->scopes || (wish->scopes & ~SCOPES_ALL) ||
            !wish->title.len || !text_is_printable(wish->title) ||
            !text_copy(wish->title, client->title, sizeof(client->title)) || !take_redirects(wish, &c))
                return CORE_BAD_VALUE;
        if (is_machine && wish->redirect_count)
                return CORE_BAD_VALUE;
        if (is_machine) {
                credential_make(CREDENTIAL_CLIENT, ret_secret);
                hash_sha256(text_from(ret_secret), c.hash);
        }
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *ret = *client;
        else
                explicit_bzero(ret_secret, CREDENTIAL_STRING);
        return r;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->actor->tenant, COLUMNS " WHERE c.tenant_id = ?1 AND c.id = ?2",
                   DB_VALUES(db_id(&c->client.id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        read_client(&rows, &c->client);
        return 0;
}

int client_find(struct core *core, const struct actor *actor, struct id id, struct client *ret)
{
        struct context c = { .actor = actor, .client.id = id };
        int r;

        if (!actor_may(actor, RIGHT_CLIENTS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.client;
        return r;
}

int client_list(struct core *core, const struct actor *actor, struct id after, struct client *ret, size_t max,
                size_t *ret_count)
{
        struct listing clients = { .tenant = actor->tenant,
                                   .sql = COLUMNS
                                   " WHERE c.tenant_id = ?1 AND c.id > ?2 ORDER BY c.id LIMIT ?3",
                                   .after = after,
                                   .read = read_client,
                                   LISTING_INTO(ret, max) };

        if (!actor_may(actor, RIGHT_CLIENTS, whose_tenant()))
                return CORE_FORBIDDEN;
        return listing_find(core, &clients, ret_count);
}

static int delete_in(struct db_tx *tx, void *context)
{
        static const char *const statements[] = {
                "DELETE FROM client_grant WHERE tenant_id = ?1 AND client = ?2",
                "DELETE FROM grant_code WHERE tenant_id = ?1 AND client = ?2",
        };
        struct context *c = context;
        char name[ID_STRING];
        int64_t changed;
        int r = 0;

        id_format(c->client.id, name);
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = db_run(tx, c->actor->tenant, statements[i], DB_VALUES(db_string(name)), NULL);
        if (r == 0)
                r = db_run_all(tx, "DELETE FROM device_code WHERE client = ?1", DB_VALUES(db_string(name)),
                               NULL);
        if (r == 0)
                r = db_run(tx, c->actor->tenant, "DELETE FROM client WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->client.id)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "client-deleted", c->client.id, "");
}

int client_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .client.id = id };
        int r;

        if (!actor_may(actor, RIGHT_CLIENTS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r)
                return r;
        if (c.client.kind != CLIENT_MACHINE)
                return db_write(core->db, delete_in, &c);
        /* All that is the machine's goes with its account, its client too. */
        r = person_delete(core, actor, c.client.account);
        return r ? r : event_note(core, actor->tenant, actor, "client-deleted", id, "");
}

/* Old secrets end at the latest after the overlap; those beyond the newest few end at once. */
static int end_secrets(struct db_tx *tx, const struct context *c)
{
        int r;

        r = db_run(tx, c->actor->tenant,
                   "UPDATE client_secret SET expires_ms = ?3 WHERE tenant_id = ?1 AND client_id = ?2"
                   " AND (expires_ms = 0 OR expires_ms > ?3)",
                   DB_VALUES(db_id(&c->client.id), db_integer(c->now + c->overlap_ms)), NULL);
        if (r)
                return fold(r);
        return fold(db_run(
                tx, c->actor->tenant,
                "DELETE FROM client_secret WHERE tenant_id = ?1 AND client_id = ?2 AND (expires_ms <= ?3"
                " OR id NOT IN (SELECT id FROM client_secret WHERE tenant_id = ?1 AND client_id = ?2"
                " ORDER BY id DESC LIMIT ?4))",
                DB_VALUES(db_id(&c->client.id), db_integer(c->now), db_integer(CLIENT_SECRETS_MAX - 1)),
                NULL));
}

static int rotate_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_in(tx, c);
        if (r)
                return r;
        if (c->client.kind != CLIENT_MACHINE)
                return CORE_BAD_VALUE;
        r = end_secrets(tx, c);
        if (r == 0 && !c->overlap_ms)
                r = fold(db_run(tx, c->actor->tenant,
                                "DELETE FROM client_grant WHERE tenant_id = ?1 AND client = ?2",
                                DB_VALUES(db_string(c->client.name)), NULL));
        if (r == 0)
                r = insert_secret(tx, c);
        if (r)
                return r;
        return event_add(tx, c->actor->tenant, c->actor, "client-secret-made", c->client.id, "");
}

int client_rotate(struct core *core, const struct actor *actor, struct id id, int64_t overlap_ms,
                  char ret_secret[CREDENTIAL_STRING])
{
        struct context c = {
                .actor = actor, .client.id = id, .now = clock_unix_ms(), .overlap_ms = overlap_ms
        };
        int r;

        ret_secret[0] = 0;
        if (!actor_may(actor, RIGHT_CLIENTS, whose_tenant()))
                return CORE_FORBIDDEN;
        if (overlap_ms < 0 || overlap_ms > WEEK_MS)
                return CORE_BAD_VALUE;
        credential_make(CREDENTIAL_CLIENT, ret_secret);
        hash_sha256(text_from(ret_secret), c.hash);
        r = db_write(core->db, rotate_in, &c);
        if (r)
                explicit_bzero(ret_secret, CREDENTIAL_STRING);
        return r;
}

static int recognise_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one_all(tx, COLUMNS " WHERE c.id = ?1", DB_VALUES(db_id(&c->client.id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        read_client(&rows, &c->client);
        return 0;
}

int client_recognise(struct core *core, struct text name, struct client *ret)
{
        struct context c = { 0 };
        int r;

        for (size_t i = 0; i < ARRAY_LENGTH(built_in); i++)
                if (text_equal_string(name, built_in[i].name)) {
                        *ret = built_in[i];
                        return 0;
                }
        if (!id_parse(name, &c.client.id))
                return CORE_NOT_FOUND;
        r = db_read(core->db, recognise_in, &c);
        if (r == 0)
                *ret = c.client;
        return r;
}

static int authenticate_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one_all(tx,
                       COLUMNS " JOIN client_secret s ON s.tenant_id = c.tenant_id AND s.client_id = c.id"
                               " WHERE c.id = ?1 AND s.hash = ?2 AND (s.expires_ms = 0 OR s.expires_ms > ?3)",
                       DB_VALUES(db_id(&c->client.id), db_octets(c->hash, HASH_OCTETS), db_integer(c->now)),
                       &rows);
        if (r == DB_NO_ROW)
                return CORE_WRONG_CREDENTIALS;
        if (r)
                return fold(r);
        read_client(&rows, &c->client);
        return 0;
}

/* Written down where there is a client it is about, a few times an hour: a wrong secret is not guessed at,
 * but it could fill the audit trail. */
static int refuse(struct core *core, struct id id, struct text source)
{
        struct context c = { .client.id = id };
        struct actor nobody = { .kind = ACTOR_NOBODY };
        char subject[160] = "client ";
        int r = db_read(core->db, recognise_in, &c);

        core->sign_ins_refused++;
        if (r)
                return r < 0 ? r : CORE_WRONG_CREDENTIALS;
        id_format(id, subject + strlen(subject));
        snprintf(subject + strlen(subject), 80, " %.*s", source.len > 64 ? 64 : (int)source.len, source.at);
        r = guess_begin(core, GUESS_PASSWORD, text_from(subject));
        actor_came(&nobody, VIA_API, source);
        if (r == 0)
                r = event_note(core, c.client.tenant, &nobody, "sign-in-refused", c.client.id,
                               "method=client-secret");
        return r < 0 ? r : CORE_WRONG_CREDENTIALS;
}

int client_authenticate(struct core *core, struct text name, struct text secret, struct text source,
                        struct client *ret)
{
        struct context c = { .now = clock_unix_ms() };
        struct id id;
        int r;

        if (!id_parse(name, &id))
                return CORE_WRONG_CREDENTIALS;
        c.client.id = id;
        hash_sha256(secret, c.hash);
        r = db_read(core->db, authenticate_in, &c);
        if (r == CORE_WRONG_CREDENTIALS)
                return refuse(core, id, source);
        if (r == 0)
                *ret = c.client;
        return r;
}

bool client_has_redirect(const struct client *client, struct text uri)
{
        for (size_t i = 0; i < client->redirect_count; i++)
                if (redirect_matches(text_from(client->redirects[i]), uri))
                        return true;
        return false;
}

bool client_is_of(const struct client *client, struct id tenant)
{
        return id_is_zero(client->tenant) || id_equal(client->tenant, tenant);
}
