// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/session.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/credential.h"
#include "core/listing.h"
#include "core/sign-in/method.h"
#include "core/person/person.h"
#include "core/state.h"
#include "core/sign-in/token-scope.h"
#include "core/trail/watch.h"
#include "crypt/hash.h"

static int64_t idle_ms(const struct core *core, enum session_kind kind)
{
        return kind == SESSION_PANEL ? core->settings.session_panel_idle_ms : core->settings.session_idle_ms;
}

/* How old the note of the last request may be. */
static int64_t coarse_ms(const struct core *core, enum session_kind kind)
{
        int64_t coarse = idle_ms(core, kind) / 20;

        return coarse < 60000 ? coarse : 60000;
}

static int64_t absolute_ms(const struct core *core, enum role role)
{
        return role == ROLE_PERSON ? core->settings.session_absolute_ms
                                   : core->settings.session_administrator_ms;
}

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        const struct session_request *request;
        uint8_t hash[HASH_OCTETS];
        int64_t now;
        struct id id;
        struct session session;
        struct actor found;
        bool second_factor_shown;
        struct text outside;
        struct id method;
        struct id person;
        int64_t changed;
};

struct standing {
        enum role role;
        bool has_factor; /* a confirmed TOTP, or a passkey */
        bool owes_password;
};

static int read_standing(struct db_tx *tx, struct id tenant, struct id person, struct standing *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, tenant,
                "SELECT role, EXISTS (SELECT 1 FROM totp t WHERE t.tenant_id = ?1 AND t.person_id = ?2"
                " AND t.confirmed_ms > 0) OR EXISTS (SELECT 1 FROM passkey k WHERE k.tenant_id = ?1"
                " AND k.person_id = ?2), password_until_ms > 0 FROM person WHERE tenant_id = ?1 AND id = ?2"
                " AND disabled = 0",
                DB_VALUES(db_id(&person)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        ret->role = (enum role)db_rows_integer(&rows, 0);
        ret->has_factor = db_rows_integer(&rows, 1);
        ret->owes_password = db_rows_integer(&rows, 2);
        return 0;
}

static bool owes_factor(const struct session_request *request, const struct sign_in_policy *policy,
                        const struct standing *standing)
{
        /* Outside providers answer for their own second factors; panels are unlocked by what people have with
         * them. */
        if (request->second_factor_shown || request->kind != SESSION_WEB || !id_is_zero(request->method_id))
                return false;
        return second_factor_is_owed(policy->second_factor, standing->role, standing->has_factor);
}

/* Those that were not used for longest go, so that there is room for one. */
static int make_room(struct db_tx *tx, const struct context *c)
{
        return fold(db_run(
                tx, c->tenant,
                "DELETE FROM session WHERE tenant_id = ?1 AND id IN (SELECT id FROM session"
                " WHERE tenant_id = ?1 AND person_id = ?2 ORDER BY seen_ms DESC LIMIT 1000 OFFSET ?3)",
                DB_VALUES(db_id(&c->session.person), db_integer(c->core->settings.sessions_max - 1)), NULL));
}

static int insert(struct db_tx *tx, const struct context *c)
{
        const struct session *s = &c->session;

        return fold(db_run(
                tx, c->tenant,
                "INSERT INTO session (tenant_id, id, person_id, kind, second_factor, hash, method, method_id,"
                " outside, source, label, challenge_ms, created_ms, seen_ms, fresh_ms, expires_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12, ?12, ?14, ?13)",
                DB_VALUES(db_id(&s->id), db_id(&s->person), db_integer(s->kind), db_integer(s->second_factor),
                          db_octets(c->hash, HASH_OCTETS), db_string(s->method),
                          db_id(&c->request->method_id),
                          db_text(c->request->outside.at ? c->request->outside : TEXT_OF("")),
                          db_string(s->source), db_string(s->label), db_integer(c->now),
                          db_integer(s->expires_ms), db_integer(s->fresh_ms)),
                NULL));
}

static int open_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct session *s = &c->session;
        struct actor actor = { .kind = ACTOR_PERSON, .tenant = c->tenant, .id = s->person };
        struct sign_in_policy policy;
        struct standing standing = { 0 };
        char detail[CORE_WORDS];
        int r;

        r = read_standing(tx, c->tenant, s->person, &standing);
        if (r == 0)
                r = sign_in_policy_get(tx, c->tenant, &policy);
        if (r == 0)
                r = make_room(tx, c);
        if (r)
                return r;
        s->second_factor = owes_factor(c->request, &policy, &standing) ? SESSION_FACTOR_OWED
                           : c->request->second_factor_shown           ? SESSION_FACTOR_SHOWN
                                                                       : SESSION_FACTOR_NONE;
        s->owes_password = s->kind == SESSION_WEB && standing.owes_password;
        s->expires_ms = c->now + absolute_ms(c->core, standing.role);
        r = insert(tx, c);
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "kind=%s method=%s", s->kind == SESSION_PANEL ? "panel" : "web",
                 s->method);
        actor_came(&actor, s->kind == SESSION_PANEL ? VIA_PANEL : VIA_PAGE, text_from(s->source));
        return event_add(tx, c->tenant, &actor, "session-opened", s->id, detail);
}

/* As much as fits and can be shown. */
static void copy_label(struct text label, char *ret, size_t size)
{
        while (label.len && (label.len >= size || !text_is_printable(label)))
                label.len--;
        text_copy(label, ret, size);
}

int session_open(struct core *core, const struct session_request *request, struct session *ret,
                 char ret_secret[SESSION_STRING])
{
        struct context c = { .core = core, .tenant = request->tenant, .request = request };
        struct session *s = &c.session;
        int r;

        if (request->outside.len > 255)
                return CORE_BAD_VALUE;
        r = tenant_admits(core, request->tenant, ACCESS_SIGN_IN, request->source);
        if (r)
                return r;
        c.now = clock_unix_ms();
        s->id = id_new();
        s->person = request->person;
        s->kind = request->kind;
        s->created_ms = s->seen_ms = c.now;
        s->fresh_ms = request->shown_ms ? *request->shown_ms : c.now;
        text_copy(text_from(request->method), s->method, sizeof(s->method));
        copy_label(request->source, s->source, sizeof(s->source));
        copy_label(request->label, s->label, sizeof(s->label));
        credential_make("ses_", ret_secret);
        hash_sha256(text_from(ret_secret), c.hash);
        r = db_write(core->db, open_in, &c);
        if (r) {
                explicit_bzero(ret_secret, SESSION_STRING);
                return r;
        }
        *ret = c.session;
        return 0;
}

#define COLUMNS                                                                                             \
        "s.id, s.person_id, s.kind, s.second_factor, s.method, s.source, s.label, s.created_ms, s.seen_ms," \
        " s.fresh_ms, s.expires_ms, s.method_id"

static void read_session(struct db_rows *rows, void *item)
{
        struct session *ret = item;

        ret->id = db_rows_id(rows, 0);
        ret->person = db_rows_id(rows, 1);
        ret->kind = (enum session_kind)db_rows_integer(rows, 2);
        ret->second_factor = (enum session_factor)db_rows_integer(rows, 3);
        db_rows_string(rows, 4, ret->method, sizeof(ret->method));
        db_rows_string(rows, 5, ret->source, sizeof(ret->source));
        db_rows_string(rows, 6, ret->label, sizeof(ret->label));
        ret->created_ms = db_rows_integer(rows, 7);
        ret->seen_ms = db_rows_integer(rows, 8);
        ret->fresh_ms = db_rows_integer(rows, 9);
        ret->expires_ms = db_rows_integer(rows, 10);
        ret->method_id = db_rows_id(rows, 11);
}

static int look_up(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct actor *actor = &c->found;
        int r;

        r = db_one_all(tx,
                       "SELECT " COLUMNS
                       ", s.tenant_id, p.role, p.email, p.password_until_ms > 0 FROM session s"
                       " JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id"
                       " WHERE s.hash = ?1 AND p.disabled = 0",
                       DB_VALUES(db_octets(c->hash, HASH_OCTETS)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        read_session(&rows, &c->session);
        *actor = (struct actor){ .kind = ACTOR_PERSON, .id = c->session.person, .session = c->session.id };
        actor->tenant = db_rows_id(&rows, 12);
        actor->role = (enum role)db_rows_integer(&rows, 13);
        db_rows_string(&rows, 14, actor->name, sizeof(actor->name));
        actor->fresh_ms = c->session.fresh_ms;
        actor->owes_factor = c->session.second_factor == SESSION_FACTOR_OWED;
        actor->owes_password = c->session.kind == SESSION_WEB && db_rows_integer(&rows, 15);
        return 0;
}

static int touch(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run(tx, c->found.tenant,
                           "UPDATE session SET seen_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->session.id), db_integer(c->now)), NULL));
}

static int refuse(struct core *core, const struct actor *actor, struct text source, const char *reason)
{
        struct actor came = *actor;
        int r;

        core->sign_ins_refused++;
        actor_came(&came, VIA_PAGE, source);
        r = watch_refusal(core, &came, "sign-in", reason);
        return r ? r : CORE_WRONG_CREDENTIALS;
}

static int come(struct core *core, struct text secret, struct text source, bool is_used, struct actor *ret,
                int64_t *ret_left_ms)
{
        struct context c = { .core = core };
        const struct session *s = &c.session;
        int r;

        c.now = clock_unix_ms();
        hash_sha256(secret, c.hash);
        r = db_read(core->db, look_up, &c);
        if (r == CORE_WRONG_CREDENTIALS)
                return refuse(core, &(struct actor){ .kind = ACTOR_NOBODY }, source, "session-unknown");
        if (r)
                return r;
        /* Whoever was given more rights since stays no longer than they allow. */
        if (c.now >= s->expires_ms || c.now >= s->created_ms + absolute_ms(core, c.found.role) ||
            c.now >= s->seen_ms + idle_ms(core, s->kind))
                return refuse(core, &c.found, source, "session-over");
        if (is_used && c.now - s->seen_ms >= coarse_ms(core, s->kind)) {
                r = db_write(core->db, touch, &c);
                if (r)
                        return r;
        }
        *ret = c.found;
        /* What a PIN or a badge opens is worth no more than they are, whoever it is. */
        if (s->kind == SESSION_PANEL)
                ret->scopes = SCOPE_PRINT | SCOPE_RELEASE;
        actor_came(ret, s->kind == SESSION_PANEL ? VIA_PANEL : VIA_PAGE, source);
        *ret_left_ms = s->seen_ms + idle_ms(core, s->kind) - c.now;
        return 0;
}

int authenticate_session(struct core *core, struct text secret, struct text source, struct actor *ret)
{
        int64_t left_ms;

        return come(core, secret, source, true, ret, &left_ms);
}

int session_glance(struct core *core, struct text secret, struct text source, struct actor *ret,
                   int64_t *ret_left_ms)
{
        return come(core, secret, source, false, ret, ret_left_ms);
}

bool session_is_fresh(const struct core *core, const struct actor *actor)
{
        /* A program's token is as fresh as the sign-in in which it was allowed. */
        return (id_is_zero(actor->session) && !actor->scopes) ||
               clock_unix_ms() - actor->fresh_ms < core->settings.session_fresh_ms;
}

static int renew_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant,
                   "UPDATE session SET hash = ?3, fresh_ms = ?4, seen_ms = ?4, challenge = NULL,"
                   " second_factor = CASE WHEN ?5 THEN ?6 ELSE second_factor END"
                   " WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->actor->session), db_octets(c->hash, HASH_OCTETS), db_integer(c->now),
                             db_integer(c->second_factor_shown), db_integer(SESSION_FACTOR_SHOWN)),
                   &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->tenant, c->actor,
                         c->second_factor_shown ? "second-factor-shown" : "session-refreshed",
                         c->actor->session, "");
}

int session_renew(struct core *core, const struct actor *actor, bool second_factor_shown,
                  char ret_secret[SESSION_STRING])
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant };
        int r;

        c.now = clock_unix_ms();
        c.second_factor_shown = second_factor_shown;
        credential_make("ses_", ret_secret);
        hash_sha256(text_from(ret_secret), c.hash);
        r = db_write(core->db, renew_in, &c);
        if (r)
                explicit_bzero(ret_secret, SESSION_STRING);
        return r;
}

static bool may_see(const struct actor *actor, struct id person)
{
        return actor_may(actor, RIGHT_SESSIONS, whose_person(person));
}

int session_list(struct core *core, const struct actor *actor, struct id person, struct id after,
                 struct session *ret, size_t max, size_t *ret_count)
{
        int64_t now = clock_unix_ms();
        struct listing sessions = {
                .tenant = actor->tenant,
                .owner_sql = LISTING_OF_PERSON,
                .owner = person,
                .sql = "SELECT " COLUMNS " FROM session s WHERE tenant_id = ?1 AND person_id = ?4 AND id > ?2"
                       " AND expires_ms > ?5 AND seen_ms > CASE WHEN kind = 2 THEN ?6 ELSE ?7 END"
                       " ORDER BY id LIMIT ?3",
                .values = DB_VALUES(db_id(&person), db_integer(now),
                                    db_integer(now - idle_ms(core, SESSION_PANEL)),
                                    db_integer(now - idle_ms(core, SESSION_WEB))),
                .after = after,
                .read = read_session,
                LISTING_INTO(ret, max)
        };

        return may_see(actor, person) ? listing_find(core, &sessions, ret_count) : CORE_NOT_FOUND;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant, "SELECT " COLUMNS " FROM session s WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_session(&rows, &c->session);
        return may_see(c->actor, c->session.person) ? 0 : CORE_NOT_FOUND;
}

int session_find(struct core *core, const struct actor *actor, struct id id, struct session *ret)
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .id = id };
        int r = db_read(core->db, find_in, &c);

        if (r == 0)
                *ret = c.session;
        return r;
}

static int end_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = find_in(tx, c);

        if (r)
                return r;
        r = db_run(tx, c->tenant, "DELETE FROM session WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        return r ? fold(r) : event_add(tx, c->tenant, c->actor, "session-ended", c->id, "");
}

int session_end(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .id = id };

        return db_write(core->db, end_in, &c);
}

int session_end_within(struct db_tx *tx, struct id tenant, struct id person, struct id but)
{
        return fold(db_run(tx, tenant,
                           "DELETE FROM session WHERE tenant_id = ?1 AND person_id = ?2 AND id <> ?3",
                           DB_VALUES(db_id(&person), db_octets(but.octets, ID_OCTETS)), NULL));
}

static int end_all_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = person_row_find(tx, c->tenant, c->person, &(struct person){ 0 });
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r == 0)
                r = session_end_within(tx, c->tenant, c->person, (struct id){ 0 });
        return r ? r : event_add(tx, c->tenant, c->actor, "sessions-ended", c->person, "");
}

int session_end_all(struct core *core, const struct actor *actor, struct id person)
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .person = person };

        if (!may_see(actor, person))
                return CORE_NOT_FOUND;
        return db_write(core->db, end_all_in, &c);
}

static int end_outside_in(struct db_tx *tx, void *context)
{
        static const char of_session[] =
                "DELETE FROM session WHERE tenant_id = ?1 AND method_id = ?2 AND outside = ?3 AND outside <> ''"
                " AND (?4 IS NULL OR person_id = ?4)";
        static const char of_person[] =
                "DELETE FROM session WHERE tenant_id = ?1 AND method_id = ?2 AND ?3 = '' AND person_id = ?4";
        struct context *c = context;
        int64_t grants = 0;
        int r;

        r = db_run(tx, c->tenant, c->outside.len ? of_session : of_person,
                   DB_VALUES(db_id(&c->method), db_text(c->outside.at ? c->outside : TEXT_OF("")),
                             db_id(&c->person)),
                   &c->changed);
        if (r)
                return fold(r);
        r = grant_end_outside(tx, c->tenant, c->method, c->outside, c->person, &grants);
        if (r || c->changed + grants == 0)
                return r;
        return event_add(tx, c->tenant, NULL, "sessions-ended", c->person, "by=provider");
}

int session_end_outside(struct core *core, struct id tenant, struct id method, struct text outside,
                        struct id person, uint64_t *ret_count)
{
        struct context c = {
                .core = core, .tenant = tenant, .method = method, .outside = outside, .person = person
        };
        int r = db_write(core->db, end_outside_in, &c);

        if (r == 0 && ret_count)
                *ret_count = (uint64_t)c.changed;
        return r;
}
