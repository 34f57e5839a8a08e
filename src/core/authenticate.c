// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/authenticate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/event.h"
#include "core/state.h"
#include "core/token.h"
#include "crypt/hash.h"
#include "crypt/password.h"

#define HOUR_MS 3600000

/* What the database knows of somebody who says who he is. */
struct account {
        struct id tenant;
        char email[CORE_EMAIL];
        struct actor actor;
        char password[PASSWORD_STRING];
        char pin[PASSWORD_STRING];
        int64_t secrets_version;
        bool disabled;
};

static int find_account(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct account *account = context;
        int r;

        r = db_one(
                tx, account->tenant,
                "SELECT id, role, disabled, password, pin, secrets_version FROM person WHERE tenant_id = ?1 AND email = ?2",
                DB_VALUES(db_string(account->email)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        account->actor =
                (struct actor){ .kind = ACTOR_PERSON, .tenant = account->tenant, .id = db_rows_id(&rows, 0) };
        account->actor.role = (enum role)db_rows_integer(&rows, 1);
        account->disabled = db_rows_integer(&rows, 2);
        db_rows_string(&rows, 3, account->password, sizeof(account->password));
        db_rows_string(&rows, 4, account->pin, sizeof(account->pin));
        account->secrets_version = db_rows_integer(&rows, 5);
        memcpy(account->actor.name, account->email, sizeof(account->email));
        return 0;
}

/* *ret_known is false for whoever does not exist or is disabled; the work that follows is the same. */
static int account_load(struct core *core, const struct id *tenant, struct text email, struct account *ret,
                        bool *ret_known)
{
        struct tenant found;
        int r;

        *ret = (struct account){ 0 };
        *ret_known = false;
        if (!text_copy(email, ret->email, sizeof(ret->email)))
                return 0;
        for (char *at = ret->email; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
        if (tenant) {
                ret->tenant = *tenant;
        } else {
                r = tenant_find_by_email(core, text_from(ret->email), &found);
                if (r)
                        return r == CORE_NOT_FOUND ? 0 : r;
                ret->tenant = found.id;
        }
        r = db_read(core->db, find_account, ret);
        if (r == 0)
                *ret_known = !ret->disabled;
        return r == CORE_NOT_FOUND ? 0 : r;
}

/* The slow comparison, or one that only takes as long. PASSWORD_WRONG. */
static int check_slowly(struct core *core, const struct account *account, bool is_known,
                        enum keys_pepper_kind kind, struct text secret)
{
        const struct password_cost cost = { (uint64_t)core->settings.password_memory_octets,
                                            core->settings.password_passes };
        const char *verifier = kind == KEYS_PIN ? account->pin : account->password;
        uint8_t peppered[KEYS_MAC_OCTETS];
        const struct tenant_entry *entry;
        int r;

        if (!is_known || !verifier[0] || secret.len == 0 || secret.len > KEYS_PEPPER_MAX) {
                r = password_pretend(TEXT_OF("nobody"), &cost);
                return r < 0 ? r : PASSWORD_WRONG;
        }
        r = tenant_entry_get(core, account->tenant, &entry);
        if (r)
                return r;
        r = keys_pepper(core->keys, &entry->keys, account->actor.id, kind, secret, peppered);
        if (r)
                return fold(r);
        return password_check(text_from_octets(peppered, sizeof(peppered)), verifier);
}

/* CORE_LOCKED, CORE_BUSY, CORE_WRONG_CREDENTIALS. Counted at the gate, where few are at once: so many who are
 * right at the same time do not lock each other out. */
static int check_at_gate(struct core *core, const struct account *account, bool is_known,
                         enum guess_kind guess, struct text subject, struct text secret)
{
        enum keys_pepper_kind kind = guess == GUESS_PIN ? KEYS_PIN : KEYS_PASSWORD;
        int r, taken_back;

        r = password_gate_enter(core);
        if (r)
                return r;
        r = guess_begin(core, guess, subject);
        if (r == 0) {
                r = check_slowly(core, account, is_known, kind, secret);
                if (r > 0)
                        r = CORE_WRONG_CREDENTIALS;
                taken_back = r < 0 ? guess_take_back(core, guess, subject) : 0;
                if (taken_back < 0)
                        log_fault("guess-not-taken-back", taken_back);
                if (r == 0)
                        r = guess_forget(core, guess, subject);
        }
        password_gate_leave(core);
        return r;
}

/* Writes the event where there is somebody it is about, and says no. */
static int refuse(struct core *core, const struct account *account, bool is_known, enum guess_kind kind,
                  struct text subject, const struct actor *who, const char *method)
{
        int r;

        core->sign_ins_refused++;
        if (is_known)
                r = event_note(core, account->tenant, who, "sign-in-refused", account->actor.id, method);
        else
                r = guess_pretend(core, kind, subject);
        return r ? r : CORE_WRONG_CREDENTIALS;
}

/* Whoever he turns out to be: the way he came is known already. */
static struct actor come(enum via via, struct text source)
{
        struct actor actor = { .kind = ACTOR_NOBODY };

        actor_came(&actor, via, source);
        return actor;
}

static int check_password(struct core *core, const struct id *tenant, struct text name, struct text secret,
                          struct text source, struct actor *ret)
{
        struct actor who = come(ret->via, source);
        char subject[CORE_EMAIL + 80];
        struct account account;
        bool is_known;
        int r;

        r = account_load(core, tenant, name, &account, &is_known);
        if (r)
                return r;
        if (is_known && password_cache_knows(core, account.actor.id, account.secrets_version, secret)) {
                *ret = account.actor;
                actor_came(ret, who.via, source);
                return 0;
        }
        snprintf(subject, sizeof(subject), "%s %.*s", account.email, source.len > 64 ? 64 : (int)source.len,
                 source.at);
        r = guess_check(core, GUESS_PASSWORD, text_from(subject));
        if (r)
                return r;
        r = check_at_gate(core, &account, is_known, GUESS_PASSWORD, text_from(subject), secret);
        if (r == CORE_WRONG_CREDENTIALS)
                return refuse(core, &account, is_known, GUESS_PASSWORD, text_from(subject), &who,
                              "method=password");
        if (r)
                return r;
        password_cache_keep(core, account.actor.id, account.secrets_version, secret);
        *ret = account.actor;
        actor_came(ret, who.via, source);
        return 0;
}

static bool is_token(struct text secret)
{
        return secret.len == TOKEN_STRING - 1 &&
               (text_starts_with(secret, "imp_") || text_starts_with(secret, "api_"));
}

int authenticate_basic(struct core *core, const struct id *tenant, struct text name, struct text secret,
                       struct text source, struct actor *ret)
{
        int r;

        if (!is_token(secret))
                return check_password(core, tenant, name, secret, source, ret);
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
        struct actor actor;
};

static int find_token(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct token_look *look = context;
        struct actor *actor = &look->actor;
        int r;

        r = db_one_all(tx,
                       "SELECT t.tenant_id, t.id, t.kind, t.used_ms, p.id, p.role, p.email FROM token t"
                       " JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id"
                       " WHERE t.hash = ?1 AND p.disabled = 0 AND (t.expires_ms = 0 OR t.expires_ms > ?2)",
                       DB_VALUES(db_octets(look->hash, HASH_OCTETS), db_integer(look->now)), &rows);
        if (r == DB_NO_ROW)
                return CORE_WRONG_CREDENTIALS;
        if (r)
                return fold(r);
        *actor = (struct actor){ .kind = ACTOR_PERSON, .tenant = db_rows_id(&rows, 0) };
        look->id = db_rows_id(&rows, 1);
        actor->prints_only = db_rows_integer(&rows, 2) == TOKEN_PRINT;
        look->used_ms = db_rows_integer(&rows, 3);
        actor->id = db_rows_id(&rows, 4);
        actor->role = (enum role)db_rows_integer(&rows, 5);
        db_rows_string(&rows, 6, actor->name, sizeof(actor->name));
        return 0;
}

static int use_token(struct db_tx *tx, void *context)
{
        struct token_look *look = context;

        return fold(db_run(tx, look->actor.tenant,
                           "UPDATE token SET used_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&look->id), db_integer(look->now)), NULL));
}

int authenticate_token(struct core *core, struct text token, struct text source, struct actor *ret)
{
        struct token_look look = { .now = clock_unix_ms() };
        enum via via = ret->via;
        int r;

        /* 256 random bits are not guessed: no counter is needed, and none can be filled from outside. */
        hash_sha256(token, look.hash);
        r = db_read(core->db, find_token, &look);
        if (r == CORE_WRONG_CREDENTIALS)
                core->sign_ins_refused++;
        if (r)
                return r;
        if (look.now - look.used_ms > HOUR_MS)
                r = db_write(core->db, use_token, &look);
        *ret = look.actor;
        actor_came(ret, via, source);
        return r;
}

int authenticate_pin(struct core *core, struct text email, struct text pin, struct text source,
                     struct actor *ret)
{
        struct actor who = come(ret->via, source);
        struct account account;
        bool is_known;
        int r;

        r = guess_check(core, GUESS_SOURCE, source);
        if (r)
                return r;
        r = account_load(core, NULL, email, &account, &is_known);
        if (r)
                return r;
        r = guess_check(core, GUESS_PIN, text_from(account.email));
        if (r)
                return r;
        r = check_at_gate(core, &account, is_known, GUESS_PIN, text_from(account.email), pin);
        if (r == CORE_WRONG_CREDENTIALS) {
                r = guess_count_wrong(core, GUESS_SOURCE, source);
                return r ? r
                         : refuse(core, &account, is_known, GUESS_PIN, text_from(account.email), &who,
                                  "method=pin");
        }
        if (r)
                return r;
        *ret = account.actor;
        actor_came(ret, who.via, source);
        return 0;
}

struct agent_look {
        const uint8_t *fingerprint;
        int64_t now;
        struct actor actor;
};

static int find_agent(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct agent_look *look = context;
        int r;

        r = db_one_all(tx, "SELECT tenant_id, id, name FROM agent WHERE fingerprint = ?1 AND expires_ms > ?2",
                       DB_VALUES(db_octets(look->fingerprint, HASH_OCTETS), db_integer(look->now)), &rows);
        if (r == DB_NO_ROW)
                return CORE_WRONG_CREDENTIALS;
        if (r)
                return fold(r);
        look->actor = (struct actor){ .kind = ACTOR_AGENT,
                                      .tenant = db_rows_id(&rows, 0),
                                      .id = db_rows_id(&rows, 1) };
        db_rows_string(&rows, 2, look->actor.name, sizeof(look->actor.name));
        return 0;
}

int authenticate_agent(struct core *core, const uint8_t fingerprint[32], struct actor *ret)
{
        struct agent_look look = { fingerprint, clock_unix_ms(), { 0 } };
        int r;

        r = db_read(core->db, find_agent, &look);
        if (r)
                return r;
        *ret = look.actor;
        return 0;
}
