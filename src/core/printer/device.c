// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Device codes (RFC 8628): a device shows a short code, and somebody who is signed in elsewhere types it. */

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/sign-in/grant-state.h"
#include "core/sign-in/guess.h"
#include "core/state.h"
#include "crypt/random.h"

/* Consonants: no code reads like a word, and none is taken for another (RFC 8628, section 6.1). Eight of
 * them are 2.5 * 10^10 codes, of which a guesser may try a few in their ten minutes. */
#define DIGITS    "BCDFGHJKLMNPQRSTVWXZ"
#define CODE      8
#define SLOWER_MS 5000
/* A question may overtake the clock a little on its way. */
#define EARLY_MS 500

enum device_state {
        DEVICE_WAITING,
        DEVICE_ALLOWED,
        DEVICE_DENIED,
};

static void make_user_code(char ret[DEVICE_USER_CODE])
{
        size_t length = 0;

        while (length < CODE) {
                uint8_t octet;

                random_octets(&octet, 1);
                /* 240 is the greatest multiple of 20: each digit is as likely. */
                if (octet < 240)
                        ret[length++] = DIGITS[octet % 20];
        }
        ret[length] = 0;
}

bool device_user_code_fold(struct text typed, char ret[DEVICE_USER_CODE])
{
        size_t length = 0;

        for (size_t i = 0; i < typed.len; i++) {
                char c = typed.at[i];

                if (c == '-' || c == ' ')
                        continue;
                if (c >= 'a' && c <= 'z')
                        c = (char)(c - 'a' + 'A');
                if (!c || !strchr(DIGITS, c) || length == CODE)
                        return false;
                ret[length++] = c;
        }
        ret[length] = 0;
        return length == CODE;
}

struct beginning {
        struct core *core;
        const struct client *client;
        uint32_t scopes;
        char label[CORE_TITLE], source[CORE_NAME], network[GUESS_SOURCE_STRING];
        uint8_t hash[HASH_OCTETS], user_hash[HASH_OCTETS];
        int64_t now, expires_ms;
};

static int count_open(struct db_tx *tx, const struct beginning *b, int64_t *ret_all, int64_t *ret_of_source)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one_all(
                tx,
                "SELECT count(*), count(CASE WHEN network = ?2 THEN 1 END) FROM device_code WHERE expires_ms > ?1",
                DB_VALUES(db_integer(b->now), db_string(b->network)), &rows);
        if (r)
                return fold(r);
        *ret_all = db_rows_integer(&rows, 0);
        *ret_of_source = db_rows_integer(&rows, 1);
        return 0;
}

static int begin_in(struct db_tx *tx, void *context)
{
        const struct beginning *b = context;
        const struct grant_settings *settings = &b->core->settings.grant;
        int64_t all, of_source;
        int r;

        r = count_open(tx, b, &all, &of_source);
        if (r)
                return r;
        if (all >= settings->device_codes_max || of_source >= settings->device_codes_of_source)
                return GRANT_TOO_MANY;
        r = db_run_all(
                tx,
                "INSERT INTO device_code (hash, user_hash, client, scopes, label, source, network, state, interval_ms,"
                " polled_ms, outside, fresh_ms, created_ms, expires_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?10, 0, ?7, 0, '', 0, ?8, ?9)",
                DB_VALUES(db_octets(b->hash, HASH_OCTETS), db_octets(b->user_hash, HASH_OCTETS),
                          db_string(b->client->name), db_integer(b->scopes), db_string(b->label),
                          db_string(b->source), db_integer(settings->device_interval_ms), db_integer(b->now),
                          db_integer(b->expires_ms), db_string(b->network)),
                NULL);
        /* The same code twice at a time: as likely as a right guess. */
        return r == DB_TAKEN ? GRANT_TOO_MANY : fold(r);
}

int device_begin(struct core *core, const struct client *client, uint32_t scopes, struct text label,
                 struct text source, struct device_issue *ret)
{
        struct beginning b = { .core = core, .client = client, .scopes = scopes, .now = clock_unix_ms() };
        struct device_issue issue = { .expires_in_ms = core->settings.grant.device_code_ms,
                                      .interval_ms = core->settings.grant.device_interval_ms };
        char folded[DEVICE_USER_CODE];
        int r;

        if (!client->by_device || !scopes || (scopes & ~client->scopes))
                return GRANT_BAD_SCOPE;
        if (!text_copy(label, b.label, sizeof(b.label)) || !text_copy(source, b.source, sizeof(b.source)))
                return GRANT_BAD_SCOPE;
        guess_source(source, b.network);
        b.expires_ms = b.now + issue.expires_in_ms;
        credential_make(CREDENTIAL_DEVICE, issue.device_code);
        hash_sha256(text_from(issue.device_code), b.hash);
        make_user_code(folded);
        hash_sha256(text_from(folded), b.user_hash);
        snprintf(issue.user_code, sizeof(issue.user_code), "%.4s-%.4s", folded, folded + 4);
        r = db_write(core->db, begin_in, &b);
        if (r == 0)
                *ret = issue;
        explicit_bzero(&issue, sizeof(issue));
        return r;
}

struct looking {
        const struct actor *actor;
        uint8_t user_hash[HASH_OCTETS];
        int64_t now;
        bool is_yes;
        char client[CLIENT_NAME];
        struct device_request request;
};

static int look_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct looking *look = context;
        struct device_request *request = &look->request;
        int r;

        r = db_one_all(tx,
                       "SELECT client, scopes, label, source, created_ms FROM device_code"
                       " WHERE user_hash = ?1 AND state = 0 AND expires_ms > ?2",
                       DB_VALUES(db_octets(look->user_hash, HASH_OCTETS), db_integer(look->now)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        db_rows_string(&rows, 0, look->client, sizeof(look->client));
        request->scopes = (uint32_t)db_rows_integer(&rows, 1);
        db_rows_string(&rows, 2, request->label, sizeof(request->label));
        db_rows_string(&rows, 3, request->source, sizeof(request->source));
        request->created_ms = db_rows_integer(&rows, 4);
        return 0;
}

/* The code is counted as a wrong one before it is looked at, as every guess. */
static int find_request(struct core *core, struct looking *look, struct text user_code)
{
        char folded[DEVICE_USER_CODE], subject[64] = "user-code ";
        int r, taken_back;

        if (!actor_may(look->actor, RIGHT_AUTHORIZE, whose_person(look->actor->id)))
                return CORE_FORBIDDEN;
        if (!device_user_code_fold(user_code, folded))
                return CORE_NOT_FOUND;
        hash_sha256(text_from(folded), look->user_hash);
        look->now = clock_unix_ms();
        id_format(look->actor->id, subject + strlen(subject));
        r = guess_begin(core, GUESS_CODE, text_from(subject));
        if (r)
                return r;
        r = db_read(core->db, look_in, look);
        if (r == 0)
                r = client_recognise(core, text_from(look->client), &look->request.client);
        if (r == 0 && !client_is_of(&look->request.client, look->actor->tenant))
                r = CORE_NOT_FOUND;
        if (r == CORE_NOT_FOUND)
                return r;
        taken_back = guess_take_back(core, GUESS_CODE, text_from(subject));
        return r ? r : taken_back;
}

int device_look(struct core *core, const struct actor *actor, struct text user_code,
                struct device_request *ret)
{
        struct looking look = { .actor = actor };
        int r = find_request(core, &look, user_code);

        if (r == 0)
                *ret = look.request;
        return r;
}

static int decide_in(struct db_tx *tx, void *context)
{
        const struct looking *look = context;
        const struct actor *actor = look->actor;
        char detail[CORE_WORDS];
        int64_t changed;
        int r;

        r = db_run_all(
                tx,
                "UPDATE device_code SET state = ?2, tenant_id = ?3, person_id = ?4, fresh_ms = ?5,"
                " method_id = (SELECT method_id FROM session WHERE tenant_id = ?3 AND id = ?7),"
                " outside = coalesce((SELECT outside FROM session WHERE tenant_id = ?3 AND id = ?7), '')"
                " WHERE user_hash = ?1 AND state = 0 AND expires_ms > ?6",
                DB_VALUES(db_octets(look->user_hash, HASH_OCTETS),
                          db_integer(look->is_yes ? DEVICE_ALLOWED : DEVICE_DENIED), db_id(&actor->tenant),
                          db_id(&actor->id), db_integer(actor->fresh_ms), db_integer(look->now),
                          db_id(&actor->session)),
                &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        snprintf(detail, sizeof(detail), "client=%s from=%s", look->client, look->request.source);
        return event_add(tx, actor->tenant, actor, look->is_yes ? "device-allowed" : "device-denied",
                         actor->id, detail);
}

int device_decide(struct core *core, const struct actor *actor, struct text user_code, bool is_yes)
{
        struct looking look = { .actor = actor, .is_yes = is_yes };
        int r = find_request(core, &look, user_code);

        if (r == 0 && is_yes)
                r = tenant_admits(core, actor->tenant, ACCESS_SIGN_IN, text_from(actor->source));
        return r ? r : db_write(core->db, decide_in, &look);
}

struct polling {
        struct granting granting;
        uint8_t hash[HASH_OCTETS];
        enum device_state state;
        int64_t interval_ms, polled_ms, expires_ms;
        int outcome;
};

/* GRANT_INVALID where there is none of this client's. */
static int read_device(struct db_tx *tx, struct polling *p)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct granting *g = &p->granting;
        int r;

        r = db_one_all(
                tx,
                "SELECT state, interval_ms, polled_ms, expires_ms, tenant_id, person_id, scopes, label,"
                " source, fresh_ms, method_id, outside FROM device_code WHERE hash = ?1 AND client = ?2",
                DB_VALUES(db_octets(p->hash, HASH_OCTETS), db_string(g->client.name)), &rows);
        if (r)
                return r == DB_NO_ROW ? GRANT_INVALID : fold(r);
        p->state = (enum device_state)db_rows_integer(&rows, 0);
        p->interval_ms = db_rows_integer(&rows, 1);
        p->polled_ms = db_rows_integer(&rows, 2);
        p->expires_ms = db_rows_integer(&rows, 3);
        g->tenant = db_rows_id(&rows, 4);
        g->person = db_rows_id(&rows, 5);
        g->scopes = (uint32_t)db_rows_integer(&rows, 6);
        db_rows_string(&rows, 7, g->label, sizeof(g->label));
        db_rows_string(&rows, 8, g->source, sizeof(g->source));
        g->fresh_ms = db_rows_integer(&rows, 9);
        g->method = db_rows_id(&rows, 10);
        db_rows_string(&rows, 11, g->outside, sizeof(g->outside));
        return 0;
}

static int wait_on(struct db_tx *tx, struct polling *p)
{
        bool too_soon = p->granting.now - p->polled_ms + EARLY_MS < p->interval_ms;
        int r;

        p->outcome = too_soon ? GRANT_SLOW_DOWN : GRANT_PENDING;
        r = db_run_all(tx, "UPDATE device_code SET polled_ms = ?2, interval_ms = ?3 WHERE hash = ?1",
                       DB_VALUES(db_octets(p->hash, HASH_OCTETS), db_integer(p->granting.now),
                                 db_integer(p->interval_ms + (too_soon ? SLOWER_MS : 0))),
                       NULL);
        return fold(r);
}

static int poll_in(struct db_tx *tx, void *context)
{
        struct polling *p = context;
        int r;

        p->outcome = 0;
        r = read_device(tx, p);
        if (r)
                return r;
        if (p->expires_ms <= p->granting.now)
                return GRANT_EXPIRED;
        if (p->state == DEVICE_WAITING)
                return wait_on(tx, p);
        r = db_run_all(tx, "DELETE FROM device_code WHERE hash = ?1",
                       DB_VALUES(db_octets(p->hash, HASH_OCTETS)), NULL);
        if (r)
                return fold(r);
        p->outcome = p->state == DEVICE_DENIED ? GRANT_DENIED : grant_make(tx, &p->granting);
        return p->outcome < 0 ? p->outcome : 0;
}

static void polling_done(struct polling *p)
{
        issue_done(&p->granting.issue);
}

int device_poll(struct core *core, const struct client *client, struct text device_code, struct issue *ret)
{
        SCOPED(polling_done) struct polling p = { .outcome = 0 };
        int r;

        granting_init(&p.granting, core, client, TEXT_OF(""));
        hash_sha256(device_code, p.hash);
        r = db_write(core->db, poll_in, &p);
        if (r == 0)
                r = p.outcome;
        if (r == 0)
                *ret = p.granting.issue;
        return r;
}
