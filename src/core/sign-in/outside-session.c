// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/outside-session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/session.h"
#include "core/state.h"
#include "crypt/field.h"

#define LOOK_MS    3600000 /* whether anything stands on one that cannot be asked about */
#define SEALED_MAX (OUTSIDE_SESSION_TOKEN + TENANT_SEAL_OVERHEAD)

struct context {
        const struct outside_session *session;
        struct outside_session found;
        struct text refresh, id_token; /* sealed */
        struct buffer *to_refresh, *to_id_token;
        struct id tenant, session_id;
        struct id method;
        struct text name;
        int64_t now;
        struct outside_session *to;
        size_t max, count;
        const char *reason;
};

/* The row and the column, so that neither token can be put in the place of another. */
static struct text bound_to(const struct outside_session *session, const char *column, struct buffer *to)
{
        buffer_clear(to);
        buffer_add(to, session->tenant.octets, ID_OCTETS);
        buffer_add(to, session->method.octets, ID_OCTETS);
        buffer_add_string(to, column);
        buffer_add_string(to, session->name);
        return buffer_text(to);
}

/* An empty token has an empty seal. */
static int seal(struct core *core, const struct outside_session *session, const char *column,
                struct text token, struct buffer *to)
{
        SCOPED(buffer_done) struct buffer bound = BUFFER(512);
        const struct tenant_entry *entry;
        int r;

        if (token.len == 0)
                return 0;
        if (token.len > OUTSIDE_SESSION_TOKEN)
                return CORE_BAD_VALUE;
        r = tenant_entry_get(core, session->tenant, &entry);
        return r ? r : fold(tenant_seal(core, entry, bound_to(session, column, &bound), token, to));
}

static int unseal(struct core *core, const struct outside_session *session, const char *column,
                  struct text sealed, struct buffer *to)
{
        SCOPED(buffer_done) struct buffer bound = BUFFER(512);
        const struct tenant_entry *entry;
        int r;

        if (sealed.len == 0)
                return 0;
        r = tenant_entry_get(core, session->tenant, &entry);
        return r ? r : fold(tenant_unseal(core, entry, bound_to(session, column, &bound), sealed, to));
}

static struct db_value sealed_value(struct text sealed)
{
        return sealed.len ? db_octets(sealed.at, sealed.len) : db_null();
}

static int keep_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct outside_session *s = c->session;

        return fold(db_run(
                tx, s->tenant,
                "INSERT INTO outside_session (tenant_id, method_id, name, person_id, issuer, subject, refresh,"
                " id_token, created_ms, checked_ms, due_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)"
                " ON CONFLICT (tenant_id, method_id, name) DO UPDATE SET person_id = excluded.person_id,"
                " issuer = excluded.issuer, subject = excluded.subject, refresh = excluded.refresh,"
                " id_token = excluded.id_token, checked_ms = excluded.checked_ms, due_ms = excluded.due_ms",
                DB_VALUES(db_id(&s->method), db_string(s->name), db_id(&s->person), db_string(s->issuer),
                          db_string(s->subject), sealed_value(c->refresh), sealed_value(c->id_token),
                          db_integer(c->now), db_integer(s->due_ms)),
                NULL));
}

int outside_session_keep(struct core *core, const struct outside_session *session, struct text refresh,
                         struct text id_token)
{
        SCOPED(buffer_done) struct buffer sealed_refresh = BUFFER(SEALED_MAX), sealed_id = BUFFER(SEALED_MAX);
        struct context c = { .session = session, .now = clock_unix_ms() };
        int r;

        r = seal(core, session, "refresh", refresh, &sealed_refresh);
        if (r == 0)
                r = seal(core, session, "id-token", id_token, &sealed_id);
        if (r)
                return r;
        c.refresh = buffer_text(&sealed_refresh);
        c.id_token = buffer_text(&sealed_id);
        return db_write(core->db, keep_in, &c);
}

#define COLUMNS                                                                                                  \
        "SELECT o.tenant_id, o.method_id, o.person_id, o.name, o.issuer, o.subject, o.created_ms, o.checked_ms," \
        " o.due_ms, o.refresh IS NOT NULL FROM outside_session o"

static void read_row(struct db_rows *rows, struct outside_session *ret)
{
        ret->tenant = db_rows_id(rows, 0);
        ret->method = db_rows_id(rows, 1);
        ret->person = db_rows_id(rows, 2);
        db_rows_string(rows, 3, ret->name, sizeof(ret->name));
        db_rows_string(rows, 4, ret->issuer, sizeof(ret->issuer));
        db_rows_string(rows, 5, ret->subject, sizeof(ret->subject));
        ret->created_ms = db_rows_integer(rows, 6);
        ret->checked_ms = db_rows_integer(rows, 7);
        ret->due_ms = db_rows_integer(rows, 8);
        ret->can_ask = db_rows_integer(rows, 9);
}

static int forget(struct db_tx *tx, const struct outside_session *s)
{
        return fold(
                db_run(tx, s->tenant,
                       "DELETE FROM outside_session WHERE tenant_id = ?1 AND method_id = ?2 AND name = ?3",
                       DB_VALUES(db_id(&s->method), db_string(s->name)), NULL));
}

/* DB_NO_ROW where nothing stands on it any more. */
static int is_in_use(struct db_tx *tx, const struct outside_session *s, int64_t now)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        return db_one(tx, s->tenant,
                      "SELECT 1 FROM session WHERE tenant_id = ?1 AND method_id = ?2 AND outside = ?3"
                      " AND expires_ms > ?4"
                      " UNION ALL SELECT 1 FROM client_grant WHERE tenant_id = ?1 AND method_id = ?2"
                      " AND outside = ?3 AND (expires_ms = 0 OR expires_ms > ?4) LIMIT 1",
                      DB_VALUES(db_id(&s->method), db_string(s->name), db_integer(now)), &rows);
}

static int put_off(struct db_tx *tx, const struct outside_session *s, int64_t due_ms)
{
        return fold(db_run(tx, s->tenant,
                           "UPDATE outside_session SET due_ms = ?4"
                           " WHERE tenant_id = ?1 AND method_id = ?2 AND name = ?3",
                           DB_VALUES(db_id(&s->method), db_string(s->name), db_integer(due_ms)), NULL));
}

static int read_due(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        c->count = 0;
        r = db_find_all(tx, COLUMNS " WHERE o.due_ms <= ?1 ORDER BY o.due_ms LIMIT ?2",
                        DB_VALUES(db_integer(c->now), db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r))
                read_row(&rows, &c->to[c->count++]);
        return fold(r);
}

static int due_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        size_t kept = 0;
        int r = read_due(tx, c);

        for (size_t i = 0; r == 0 && i < c->count; i++) {
                r = is_in_use(tx, &c->to[i], c->now);
                if (r == DB_NO_ROW) {
                        r = forget(tx, &c->to[i]);
                        continue;
                }
                r = r ? fold(r)
                      : put_off(tx, &c->to[i],
                                c->now + (c->to[i].can_ask ? OUTSIDE_SESSION_ASK_MS : LOOK_MS));
                if (c->to[i].can_ask)
                        c->to[kept++] = c->to[i];
        }
        c->count = kept;
        return r;
}

static int any_due_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one_all(tx, "SELECT 1 FROM outside_session WHERE due_ms <= ?1 LIMIT 1",
                           DB_VALUES(db_integer(c->now)), &rows);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

/* Most of the time nothing is: that takes no write. */
int outside_session_due(struct core *core, int64_t now_ms, struct outside_session *ret, size_t max,
                        size_t *ret_count)
{
        struct context c = { .now = now_ms, .to = ret, .max = max };
        int r = db_read(core->db, any_due_in, &c);

        *ret_count = 0;
        if (r == CORE_NOT_FOUND)
                return 0;
        if (r == 0)
                r = db_write(core->db, due_in, &c);
        if (r == 0)
                *ret_count = c.count;
        return r;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        if (id_is_zero(c->session_id))
                r = db_one(tx, c->tenant,
                           COLUMNS " WHERE o.tenant_id = ?1 AND o.method_id = ?2 AND o.name = ?3",
                           DB_VALUES(db_id(&c->method), db_text(c->name)), &rows);
        else
                r = db_one(tx, c->tenant,
                           COLUMNS
                           " JOIN session s ON s.tenant_id = o.tenant_id AND s.method_id = o.method_id"
                           " AND s.outside = o.name WHERE o.tenant_id = ?1 AND s.id = ?2",
                           DB_VALUES(db_id(&c->session_id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        read_row(&rows, &c->found);
        return 0;
}

int outside_session_find(struct core *core, struct id tenant, struct id method, struct text name,
                         struct outside_session *ret)
{
        struct context c = { .tenant = tenant, .method = method, .name = name };
        int r = db_read(core->db, find_in, &c);

        if (r == 0)
                *ret = c.found;
        return r;
}

int outside_session_of(struct core *core, struct id tenant, struct id session, struct outside_session *ret)
{
        struct context c = { .tenant = tenant, .session_id = session };
        int r;

        if (id_is_zero(session))
                return CORE_NOT_FOUND;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.found;
        return r;
}

static int tokens_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        const struct outside_session *s = c->session;
        int r;

        buffer_clear(c->to_refresh);
        buffer_clear(c->to_id_token);
        r = db_one(tx, s->tenant,
                   "SELECT refresh, id_token FROM outside_session"
                   " WHERE tenant_id = ?1 AND method_id = ?2 AND name = ?3",
                   DB_VALUES(db_id(&s->method), db_string(s->name)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        buffer_add_text(c->to_refresh, db_rows_text(&rows, 0));
        buffer_add_text(c->to_id_token, db_rows_text(&rows, 1));
        return c->to_refresh->failure || c->to_id_token->failure ? fault(-ENOMEM) : 0;
}

int outside_session_tokens(struct core *core, const struct outside_session *session, struct buffer *refresh,
                           struct buffer *id_token)
{
        SCOPED(buffer_done) struct buffer sealed_refresh = BUFFER(SEALED_MAX), sealed_id = BUFFER(SEALED_MAX);
        struct context c = { .session = session, .to_refresh = &sealed_refresh, .to_id_token = &sealed_id };
        int r = db_read(core->db, tokens_in, &c);

        if (r == 0 && refresh)
                r = unseal(core, session, "refresh", buffer_text(&sealed_refresh), refresh);
        if (r == 0 && id_token)
                r = unseal(core, session, "id-token", buffer_text(&sealed_id), id_token);
        return r;
}

static int checked_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct outside_session *s = c->session;

        return fold(db_run(
                tx, s->tenant,
                "UPDATE outside_session SET checked_ms = ?4, due_ms = ?5, refresh = coalesce(?6, refresh)"
                " WHERE tenant_id = ?1 AND method_id = ?2 AND name = ?3",
                DB_VALUES(db_id(&s->method), db_string(s->name), db_integer(clock_unix_ms()),
                          db_integer(c->now), sealed_value(c->refresh)),
                NULL));
}

int outside_session_checked(struct core *core, const struct outside_session *session, struct text refresh,
                            int64_t due_ms)
{
        SCOPED(buffer_done) struct buffer sealed = BUFFER(SEALED_MAX);
        struct context c = { .session = session, .now = due_ms };
        int r = seal(core, session, "refresh", refresh, &sealed);

        if (r)
                return r;
        c.refresh = buffer_text(&sealed);
        return db_write(core->db, checked_in, &c);
}

static int over_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct outside_session *s = c->session;
        char detail[CORE_WORDS], method[ID_STRING];
        int r = forget(tx, s);

        id_format(s->method, method);
        snprintf(detail, sizeof(detail), "method=%s reason=%s", method, c->reason);
        return r ? r : event_add(tx, s->tenant, NULL, "sign-in-over", s->person, detail);
}

int outside_session_over(struct core *core, const struct outside_session *session, const char *reason)
{
        struct context c = { .session = session, .reason = reason };
        int r = session_end_outside(core, session->tenant, session->method, text_from(session->name),
                                    session->person, NULL);

        return r ? r : db_write(core->db, over_in, &c);
}
