// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who is told of alerts: routes, and what waits for them. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/notice/alert.h"
#include "core/listing.h"
#include "core/notice/mail.h"
#include "core/sealed.h"
#include "core/state.h"
#include "crypt/random.h"

#define BINDING       (11 + ID_OCTETS)
#define SEALED_OCTETS 4096
#define LEASE_MS      (5 * 60000)
#define RETRY_MS      30000
#define RETRY_MAX_MS  3600000
#define GIVE_UP_MS    86400000LL
#define DISPATCH_MAX  32 /* alerts of one transaction */

const char *const alert_route_kind_names[] = { "mail", "webhook", NULL };

#define COLUMNS                                                                                              \
        "SELECT r.id, r.title, r.kind, r.least, r.concerns, r.site_id, r.closings, r.outcome, r.outcome_ms," \
        " r.created_ms, (SELECT count(*) FROM alert_message m WHERE m.tenant_id = r.tenant_id"               \
        " AND m.route_id = r.id), r.sealed FROM alert_route r WHERE r.tenant_id = ?1"

static struct text binding(struct id id, char room[BINDING])
{
        memcpy(room, "alert-route", 11);
        memcpy(room + 11, id.octets, ID_OCTETS);
        return text_from_octets(room, BINDING);
}

struct route_row {
        struct alert_route route;
        uint8_t sealed[SEALED_OCTETS];
        size_t sealed_length;
};

static void read_route(struct db_rows *rows, void *item)
{
        struct route_row *row = item;
        struct alert_route *ret = &row->route;
        struct text concerns = db_rows_text(rows, 4), sealed = db_rows_text(rows, 11), one;

        *row = (struct route_row){ .route.id = db_rows_id(rows, 0) };
        db_rows_string(rows, 1, ret->title, sizeof(ret->title));
        ret->kind = (enum alert_route_kind)db_rows_integer(rows, 2);
        ret->least = (enum alert_severity)db_rows_integer(rows, 3);
        while (concerns.len && ret->concern_count < ALERT_CONCERNS) {
                text_cut(concerns, ' ', &one, &concerns);
                if (text_copy(one, ret->concerns[ret->concern_count], CORE_NAME))
                        ret->concern_count++;
        }
        ret->site = db_rows_id(rows, 5);
        ret->closings = db_rows_integer(rows, 6);
        db_rows_string(rows, 7, ret->outcome, sizeof(ret->outcome));
        ret->outcome_ms = db_rows_integer(rows, 8);
        ret->created_ms = db_rows_integer(rows, 9);
        ret->waiting = (uint32_t)db_rows_integer(rows, 10);
        if (sealed.len && sealed.len <= sizeof(row->sealed)) {
                memcpy(row->sealed, sealed.at, sealed.len);
                row->sealed_length = sealed.len;
        }
}

/* Where to, and with which key. */
static int unseal(struct core *core, struct id tenant, struct route_row *row)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(SEALED_OCTETS);
        struct text target, secret;
        char room[BINDING];
        int r = sealed_read(core, tenant, binding(row->route.id, room),
                            text_from_octets(row->sealed, row->sealed_length), &plain);

        if (r)
                return fold(r);
        text_cut(buffer_text(&plain), '\n', &target, &secret);
        (void)text_copy(target, row->route.target, sizeof(row->route.target));
        (void)text_copy(secret, row->route.secret, sizeof(row->route.secret));
        return 0;
}

/* ---- for administrators ---- */

struct context {
        struct core *core;
        const struct actor *actor;
        struct alert_route *route;
        struct buffer sealed, concerns;
};

static void context_done(struct context *c)
{
        buffer_done(&c->sealed);
        buffer_done(&c->concerns);
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct alert_route *route = c->route;
        int64_t changed;
        int r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO alert_route (tenant_id, id, title, kind, sealed, least, concerns, site_id, closings,"
                " outcome, outcome_ms, created_ms) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '', 0, ?10"
                " WHERE (SELECT count(*) FROM alert_route k WHERE k.tenant_id = ?1) < ?11",
                DB_VALUES(db_id(&route->id), db_string(route->title), db_integer(route->kind),
                          db_octets(c->sealed.at, c->sealed.len), db_integer(route->least),
                          db_text(buffer_text(&c->concerns)), db_id(&route->site),
                          db_integer(route->closings), db_integer(route->created_ms),
                          db_integer(ALERT_ROUTES_MAX)),
                &changed);

        if (r)
                return r == DB_TAKEN ? CORE_NOT_FOUND : fold(r);
        if (!changed)
                return CORE_LIMIT_REACHED;
        return event_add(tx, c->actor->tenant, c->actor, "alert-route-made", route->id,
                         alert_route_kind_names[route->kind]);
}

static int seal(struct context *c)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(SEALED_OCTETS);
        char room[BINDING];

        buffer_add_string(&plain, c->route->target);
        buffer_add_octet(&plain, '\n');
        buffer_add_string(&plain, c->route->secret);
        return plain.failure ? fault(plain.failure)
                             : sealed_write(c->core, c->actor->tenant, binding(c->route->id, room),
                                            buffer_text(&plain), &c->sealed);
}

/* What can be said of one that is made or changed. */
static int check(struct core *core, const struct alert_route *route)
{
        char folded[CORE_EMAIL];

        if (!route->title[0] || !route->target[0] || strchr(route->target, '\n'))
                return CORE_BAD_VALUE;
        if (route->kind == ALERT_BY_MAIL && !email_fold(text_from(route->target), folded))
                return CORE_BAD_VALUE;
        return route->kind == ALERT_BY_MAIL && !mail_is_on(core) ? CORE_NO_MAIL : 0;
}

static void write_concerns(struct context *c)
{
        for (size_t i = 0; i < c->route->concern_count; i++) {
                if (i)
                        buffer_add_octet(&c->concerns, ' ');
                buffer_add_string(&c->concerns, c->route->concerns[i]);
        }
}

int alert_route_make(struct core *core, const struct actor *actor, struct alert_route *route)
{
        SCOPED(context_done)
        struct context c = { .core = core,
                             .actor = actor,
                             .route = route,
                             .sealed = BUFFER(SEALED_OCTETS),
                             .concerns = BUFFER(ALERT_CONCERNS * CORE_NAME) };
        struct secret secret;
        int r;

        if (!actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        r = check(core, route);
        if (r)
                return r;
        route->id = id_new();
        route->created_ms = clock_unix_ms();
        if (route->kind == ALERT_BY_HOOK) {
                random_secret(&secret);
                hex_format(secret.octets, SECRET_OCTETS, route->secret);
                secret_done(&secret);
        }
        write_concerns(&c);
        r = seal(&c);
        return r ? r : db_write(core->db, make_in, &c);
}

struct finding {
        const struct actor *actor;
        struct id id;
        struct route_row row;
};

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct finding *f = context;
        int r = db_one(tx, f->actor->tenant, COLUMNS " AND r.id = ?2", DB_VALUES(db_id(&f->id)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_route(&rows, &f->row);
        return 0;
}

int alert_route_find(struct core *core, const struct actor *actor, struct id id, struct alert_route *ret)
{
        SCOPED(freep) struct finding *finding = calloc(1, sizeof(*finding));
        int r;

        if (!finding)
                return fault(-ENOMEM);
        finding->actor = actor;
        finding->id = id;
        if (!actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, finding);
        if (r == 0)
                r = unseal(core, actor->tenant, &finding->row);
        if (r == 0)
                *ret = finding->row.route;
        explicit_bzero(finding, sizeof(*finding));
        return r;
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct alert_route *route = c->route;
        int64_t changed;
        int r = db_run(
                tx, c->actor->tenant,
                "UPDATE alert_route SET title = ?3, sealed = ?4, least = ?5, concerns = ?6, site_id = ?7,"
                " closings = ?8 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&route->id), db_string(route->title), db_octets(c->sealed.at, c->sealed.len),
                          db_integer(route->least), db_text(buffer_text(&c->concerns)), db_id(&route->site),
                          db_integer(route->closings)),
                &changed);

        if (r)
                return r == DB_TAKEN ? CORE_NOT_FOUND : fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "alert-route-changed", route->id,
                         alert_route_kind_names[route->kind]);
}

int alert_route_change(struct core *core, const struct actor *actor, struct alert_route *route)
{
        SCOPED(context_done)
        struct context c = { .core = core,
                             .actor = actor,
                             .route = route,
                             .sealed = BUFFER(SEALED_OCTETS),
                             .concerns = BUFFER(ALERT_CONCERNS * CORE_NAME) };
        int r;

        if (!actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        r = check(core, route);
        if (r)
                return r;
        write_concerns(&c);
        r = seal(&c);
        return r ? r : db_write(core->db, change_in, &c);
}

int alert_route_list(struct core *core, const struct actor *actor, struct id after, struct alert_route *ret,
                     size_t max, size_t *ret_count)
{
        SCOPED(freep) struct route_row *rows = calloc(max, sizeof(*rows));
        struct listing routes = { .tenant = actor->tenant,
                                  .sql = COLUMNS " AND r.id > ?2 ORDER BY r.id LIMIT ?3",
                                  .after = after,
                                  .read = read_route,
                                  LISTING_INTO(rows, max) };
        int r;

        if (!actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!rows)
                return fault(-ENOMEM);
        r = listing_find(core, &routes, ret_count);
        for (size_t i = 0; r == 0 && i < *ret_count; i++) {
                r = unseal(core, actor->tenant, &rows[i]);
                explicit_bzero(rows[i].route.secret, sizeof(rows[i].route.secret));
                ret[i] = rows[i].route;
        }
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r = fold(db_run(tx, c->actor->tenant,
                            "DELETE FROM alert_message WHERE tenant_id = ?1 AND route_id = ?2",
                            DB_VALUES(db_id(&c->route->id)), NULL));

        if (r == 0)
                r = fold(db_run(tx, c->actor->tenant,
                                "DELETE FROM alert_route WHERE tenant_id = ?1 AND id = ?2",
                                DB_VALUES(db_id(&c->route->id)), &changed));
        if (r || !changed)
                return r ? r : CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "alert-route-deleted", c->route->id, "");
}

int alert_route_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct alert_route route = { .id = id };
        struct context c = { .core = core, .actor = actor, .route = &route };

        if (!actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}

/* ---- who is to be told of what is new ---- */

struct fresh {
        struct id tenant, id, site;
        enum alert_severity severity;
        char concerns[CORE_NAME];
        int told;
        bool is_over;
};

struct dispatch {
        int64_t now, settle_ms;
        struct fresh fresh[DISPATCH_MAX];
        size_t count;
};

static int find_fresh(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct dispatch *d = context;
        int r = db_find_all(
                tx,
                "SELECT a.tenant_id, a.id, COALESCE(p.site_id, g.site_id), a.severity, a.concerns, a.told, a.closed_ms"
                " FROM alert a LEFT JOIN printer p ON p.tenant_id = a.tenant_id AND p.id = a.printer_id"
                " LEFT JOIN agent g ON g.tenant_id = a.tenant_id AND g.id = a.agent_id"
                " WHERE a.told < 2 AND (a.told = 0 OR (a.closed_ms > 0 AND a.closed_ms <= ?1)) LIMIT ?2",
                DB_VALUES(db_integer(d->now - d->settle_ms), db_integer(DISPATCH_MAX)), &rows);

        d->count = 0;
        if (r)
                return fold(r);
        while (d->count < DISPATCH_MAX && db_rows_next(&rows, &r)) {
                struct fresh *f = &d->fresh[d->count++];

                *f = (struct fresh){ db_rows_id(&rows, 0), db_rows_id(&rows, 1), db_rows_id(&rows, 2) };
                f->severity = (enum alert_severity)db_rows_integer(&rows, 3);
                db_rows_string(&rows, 4, f->concerns, sizeof(f->concerns));
                f->told = (int)db_rows_integer(&rows, 5);
                f->is_over = f->told == 1;
        }
        return fold(r);
}

/* Whoever has too many waiting already gets no more, and says so. */
static int add_message(struct db_tx *tx, const struct dispatch *d, const struct fresh *f, struct id route)
{
        struct id id = id_new();
        int64_t changed;
        int r = fold(db_run(
                tx, f->tenant,
                "INSERT INTO alert_message (tenant_id, id, route_id, alert_id, is_over, attempts, due_ms,"
                " created_ms) SELECT ?1, ?2, ?3, ?4, ?5, 0, ?6, ?6 WHERE (SELECT count(*) FROM alert_message k"
                " WHERE k.tenant_id = ?1 AND k.route_id = ?3) < ?7",
                DB_VALUES(db_id(&id), db_id(&route), db_id(&f->id), db_integer(f->is_over),
                          db_integer(d->now), db_integer(ALERT_WAITING_MAX)),
                &changed));

        if (r || changed)
                return r;
        return fold(db_run(
                tx, f->tenant,
                "UPDATE alert_route SET outcome = 'too-many-waiting', outcome_ms = ?3 WHERE tenant_id = ?1"
                " AND id = ?2",
                DB_VALUES(db_id(&route), db_integer(d->now)), NULL));
}

static bool concerns(struct text list, const char *word)
{
        struct text one;

        if (!list.len)
                return true;
        while (list.len) {
                text_cut(list, ' ', &one, &list);
                if (text_equal_string(one, word))
                        return true;
        }
        return false;
}

static int dispatch_one(struct db_tx *tx, const struct dispatch *d, const struct fresh *f)
{
        struct id routes[ALERT_ROUTES_MAX];
        size_t count = 0;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_find(tx, f->tenant,
                            "SELECT id, concerns FROM alert_route WHERE tenant_id = ?1 AND least <= ?2"
                            " AND (site_id IS NULL OR site_id = ?3) AND (?4 = 0 OR closings = 1) LIMIT 50",
                            DB_VALUES(db_integer(f->severity), db_id(&f->site), db_integer(f->is_over)),
                            &rows);
                if (r)
                        return fold(r);
                while (count < ALERT_ROUTES_MAX && db_rows_next(&rows, &r))
                        if (concerns(db_rows_text(&rows, 1), f->concerns))
                                routes[count++] = db_rows_id(&rows, 0);
                if (r)
                        return fold(r);
        }
        for (size_t i = 0; r == 0 && i < count; i++)
                r = add_message(tx, d, f, routes[i]);
        return r ? r
                 : fold(db_run(tx, f->tenant, "UPDATE alert SET told = ?3 WHERE tenant_id = ?1 AND id = ?2",
                               DB_VALUES(db_id(&f->id), db_integer(f->told + 1)), NULL));
}

static int dispatch_in(struct db_tx *tx, void *context)
{
        struct dispatch *d = context;
        int r = find_fresh(tx, d);

        for (size_t i = 0; r == 0 && i < d->count; i++)
                r = dispatch_one(tx, d, &d->fresh[i]);
        return r;
}

int alerts_dispatch(struct core *core, bool *ret_more)
{
        struct dispatch d = { .now = clock_unix_ms(), .settle_ms = core->settings.alert_settle_ms };
        int r = db_read(core->db, find_fresh, &d);

        if (r == 0 && d.count)
                r = db_write(core->db, dispatch_in, &d);
        *ret_more = r == 0 && d.count == DISPATCH_MAX;
        return r;
}

/* ---- telling ---- */

struct leasing {
        struct core *core;
        struct alert_batch *batch;
        struct route_row row;
        int64_t now;
        const char *outcome;
        bool done;
        struct mail *mail;
};

static int find_due(struct db_tx *tx, struct leasing *l, struct id *ret_route)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one_all(
                tx,
                "SELECT tenant_id, route_id FROM alert_message WHERE due_ms <= ?1 ORDER BY due_ms LIMIT 1",
                DB_VALUES(db_integer(l->now)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        l->batch->tenant = db_rows_id(&rows, 0);
        *ret_route = db_rows_id(&rows, 1);
        return 0;
}

static int look_due(struct db_tx *tx, void *context)
{
        struct id route;

        return find_due(tx, context, &route);
}

static int find_route(struct db_tx *tx, struct leasing *l, struct id route)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, l->batch->tenant, COLUMNS " AND r.id = ?2", DB_VALUES(db_id(&route)), &rows);

        if (r)
                return fold(r);
        read_route(&rows, &l->row);
        return 0;
}

static int find_messages(struct db_tx *tx, struct leasing *l)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct alert_batch *b = l->batch;
        int r = db_find(
                tx, b->tenant,
                "SELECT m.id, m.is_over, m.attempts, m.created_ms, a.id, a.printer_id, p.name, a.severity,"
                " a.concerns, a.code, a.description, a.opened_ms, a.seen_ms, a.closed_ms, a.agent_id, g.name"
                " FROM alert_message m JOIN alert a ON a.tenant_id = m.tenant_id AND a.id = m.alert_id LEFT JOIN printer p"
                " ON p.tenant_id = a.tenant_id AND p.id = a.printer_id LEFT JOIN agent g"
                " ON g.tenant_id = a.tenant_id AND g.id = a.agent_id WHERE m.tenant_id = ?1 AND m.route_id = ?2"
                " AND m.due_ms <= ?3 ORDER BY m.id LIMIT ?4",
                DB_VALUES(db_id(&l->row.route.id), db_integer(l->now), db_integer(ALERT_BATCH)), &rows);

        b->count = 0;
        b->attempts = 0;
        b->created_ms = l->now;
        if (r)
                return fold(r);
        while (b->count < ALERT_BATCH && db_rows_next(&rows, &r)) {
                struct alert *a = &b->alerts[b->count];

                *a = (struct alert){ .id = db_rows_id(&rows, 4), .printer = db_rows_id(&rows, 5) };
                b->messages[b->count++] = db_rows_id(&rows, 0);
                a->is_over = db_rows_integer(&rows, 1);
                if (db_rows_integer(&rows, 2) > b->attempts)
                        b->attempts = (uint32_t)db_rows_integer(&rows, 2);
                if (db_rows_integer(&rows, 3) < b->created_ms)
                        b->created_ms = db_rows_integer(&rows, 3);
                db_rows_string(&rows, 6, a->printer_name, sizeof(a->printer_name));
                a->severity = (enum alert_severity)db_rows_integer(&rows, 7);
                db_rows_string(&rows, 8, a->concerns, sizeof(a->concerns));
                db_rows_string(&rows, 9, a->code, sizeof(a->code));
                db_rows_string(&rows, 10, a->description, sizeof(a->description));
                a->opened_ms = db_rows_integer(&rows, 11);
                a->seen_ms = db_rows_integer(&rows, 12);
                a->closed_ms = db_rows_integer(&rows, 13);
                a->agent = db_rows_id(&rows, 14);
                db_rows_string(&rows, 15, a->agent_name, sizeof(a->agent_name));
        }
        return fold(r);
}

/* Every message of the batch is due then. */
static int put_off(struct db_tx *tx, const struct alert_batch *batch, int64_t due_ms, int attempts)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < batch->count; i++)
                r = fold(db_run(
                        tx, batch->tenant,
                        "UPDATE alert_message SET due_ms = ?3, attempts = attempts + ?4 WHERE tenant_id = ?1"
                        " AND id = ?2",
                        DB_VALUES(db_id(&batch->messages[i]), db_integer(due_ms), db_integer(attempts)),
                        NULL));
        return r;
}

static int lease_in(struct db_tx *tx, void *context)
{
        struct leasing *l = context;
        struct id route;
        int r = find_due(tx, l, &route);

        if (r == 0)
                r = find_route(tx, l, route);
        if (r == 0)
                r = find_messages(tx, l);
        return r ? r : put_off(tx, l->batch, l->now + LEASE_MS, 0);
}

int alert_batch_lease(struct core *core, struct alert_batch *ret)
{
        struct leasing l = { .core = core, .batch = ret, .now = clock_unix_ms() };
        int r = db_read(core->db, look_due, &l);

        if (r == 0)
                r = db_write(core->db, lease_in, &l);
        if (r == 0)
                r = unseal(core, ret->tenant, &l.row);
        if (r == 0)
                ret->route = l.row.route;
        explicit_bzero(&l.row, sizeof(l.row));
        return r;
}

static int forget(struct db_tx *tx, const struct alert_batch *batch)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < batch->count; i++)
                r = fold(db_run(tx, batch->tenant,
                                "DELETE FROM alert_message WHERE tenant_id = ?1 AND id = ?2",
                                DB_VALUES(db_id(&batch->messages[i])), NULL));
        return r;
}

static int end_in(struct db_tx *tx, void *context)
{
        struct leasing *l = context;
        const struct alert_batch *b = l->batch;
        int64_t wait_ms = (int64_t)RETRY_MS << (b->attempts < 8 ? b->attempts : 8);
        bool gives_up = !l->done && l->now - b->created_ms > GIVE_UP_MS;
        int r;

        if (l->mail) {
                r = mail_add(tx, l->mail);
                if (r)
                        return r;
        }
        r = l->done || gives_up
                    ? forget(tx, b)
                    : put_off(tx, b, l->now + (wait_ms < RETRY_MAX_MS ? wait_ms : RETRY_MAX_MS), 1);
        if (r == 0)
                r = fold(db_run(
                        tx, b->tenant,
                        "UPDATE alert_route SET outcome = ?3, outcome_ms = ?4 WHERE tenant_id = ?1 AND id = ?2",
                        DB_VALUES(db_id(&b->route.id), db_string(l->outcome), db_integer(l->now)), NULL));
        return r || !gives_up ? r
                              : event_add(tx, b->tenant, NULL, "alerts-not-told", b->route.id, l->outcome);
}

int alert_batch_end(struct core *core, const struct alert_batch *batch, const char *outcome, bool done)
{
        struct leasing l = { .core = core,
                             .batch = (struct alert_batch *)batch,
                             .now = clock_unix_ms(),
                             .outcome = outcome,
                             .done = done };

        return db_write(core->db, end_in, &l);
}

int alert_batch_mail(struct core *core, const struct alert_batch *batch, const char *subject,
                     const char *text)
{
        struct mail_order order = { .to = batch->route.target,
                                    .subject = subject,
                                    .text = text,
                                    .about = batch->route.id,
                                    .keep_ms = GIVE_UP_MS };
        SCOPED(mail_done) struct mail mail = { 0 };
        struct leasing l = { .core = core,
                             .batch = (struct alert_batch *)batch,
                             .now = clock_unix_ms(),
                             .outcome = "told",
                             .done = true,
                             .mail = &mail };
        int r = mail_prepare(core, batch->tenant, &order, &mail);

        if (r == CORE_NO_MAIL || r == CORE_BAD_VALUE)
                return alert_batch_end(core, batch, "no-mail", false);
        if (r)
                return r;
        r = db_write(core->db, end_in, &l);
        return r == CORE_BUSY ? alert_batch_end(core, batch, "too-much-mail", false) : r;
}
