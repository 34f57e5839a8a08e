// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/trail/trail-push.h"

#include <errno.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

#define NOTED_MAX 100 /* tenants that are told, where there are no operators */

static const char *const stream_names[] = { [TRAIL_RECORDS] = "record", [TRAIL_CHECKPOINTS] = "checkpoint" };

static bool is_chosen(const char *tenants, struct text name)
{
        struct text rest = text_from(tenants ? tenants : ""), one;
        bool more = tenants != NULL;

        while (more) {
                more = text_cut(rest, ',', &one, &rest);
                if (text_equal(text_trim(one), name))
                        return true;
        }
        return tenants == NULL;
}

struct next {
        const char *tenants;
        struct id after;
        struct trail_push *to;
};

/* The next tenant that has more of the stream than was sent. DB_NO_ROW. */
static int find_tenant(struct db_tx *tx, struct next *next, uint64_t *ret_sent)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        if (next->to->stream == TRAIL_RECORDS)
                r = db_find_all(tx,
                                "SELECT t.id, t.name, coalesce(p.sent, 0) FROM tenant t"
                                " LEFT JOIN audit_push p ON p.tenant_id = t.id AND p.stream = 'record'"
                                " WHERE t.id > ?1 AND t.state <> 'deleting' AND EXISTS (SELECT 1 FROM event e"
                                " WHERE e.tenant_id = t.id AND e.number > coalesce(p.sent, 0)) ORDER BY t.id",
                                DB_VALUES(db_octets(next->after.octets, ID_OCTETS)), &rows);
        else
                r = db_find_all(
                        tx,
                        "SELECT t.id, t.name, coalesce(p.sent, 0) FROM tenant t"
                        " LEFT JOIN audit_push p ON p.tenant_id = t.id AND p.stream = 'checkpoint'"
                        " WHERE t.id > ?1 AND t.state <> 'deleting' AND EXISTS (SELECT 1 FROM audit_checkpoint c"
                        " WHERE c.tenant_id = t.id AND c.sequence > coalesce(p.sent, 0)) ORDER BY t.id",
                        DB_VALUES(db_octets(next->after.octets, ID_OCTETS)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                if (!is_chosen(next->tenants, db_rows_text(&rows, 1)))
                        continue;
                next->to->tenant = db_rows_id(&rows, 0);
                *ret_sent = (uint64_t)db_rows_integer(&rows, 2);
                return 0;
        }
        return r ? fold(r) : DB_NO_ROW;
}

static int read_checkpoints(struct db_tx *tx, uint64_t sent, struct trail_push *to)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(tx, to->tenant,
                    "SELECT octets FROM audit_checkpoint WHERE tenant_id = ?1 AND sequence > ?2"
                    " ORDER BY sequence LIMIT ?3",
                    DB_VALUES(db_integer((int64_t)sent), db_integer(TRAIL_PUSH_MAX)), &rows);
        if (r)
                return fold(r);
        while (to->count < TRAIL_PUSH_MAX && db_rows_next(&rows, &r))
                if (!audit_checkpoint_parse(db_rows_text(&rows, 0), &to->checkpoints[to->count++]))
                        return fault(-EBADMSG);
        return fold(r);
}

static int find_next(struct db_tx *tx, void *context)
{
        struct next *next = context;
        uint64_t sent;
        int r;

        next->to->count = 0;
        r = find_tenant(tx, next, &sent);
        if (r)
                return r == DB_NO_ROW ? 0 : r;
        if (next->to->stream == TRAIL_CHECKPOINTS)
                return read_checkpoints(tx, sent, next->to);
        return event_list_in(tx, next->to->tenant, NULL, sent, next->to->events, TRAIL_PUSH_MAX,
                             &next->to->count);
}

int trail_push_next(struct core *core, enum trail_stream stream, const char *tenants, struct id after,
                    struct trail_push *ret)
{
        struct next context = { tenants, after, ret };

        ret->stream = stream;
        return db_read(core->db, find_next, &context);
}

static int mark_sent(struct db_tx *tx, void *context)
{
        const struct trail_push *push = context;
        uint64_t last = push->stream == TRAIL_RECORDS ? push->events[push->count - 1].number
                                                      : push->checkpoints[push->count - 1].sequence;

        return fold(db_run(tx, push->tenant,
                           "INSERT INTO audit_push (tenant_id, stream, sent, earlier, settled)"
                           " SELECT ?1, ?2, ?3, 0, 0 FROM tenant WHERE id = ?1 AND state <> 'deleting'"
                           " ON CONFLICT (tenant_id, stream) DO UPDATE SET sent = excluded.sent",
                           DB_VALUES(db_string(stream_names[push->stream]), db_integer((int64_t)last)),
                           NULL));
}

int trail_push_sent(struct core *core, const struct trail_push *push)
{
        int r;

        if (push->count == 0)
                return 0;
        r = db_write(core->db, mark_sent, (void *)push);
        if (r == 0 && push->stream == TRAIL_RECORDS)
                core->trail_sent += push->count;
        return r;
}

static int begin(struct db_tx *tx, void *context)
{
        (void)context;
        return fold(db_run_all(tx,
                               "UPDATE audit_push SET sent = settled, earlier = settled WHERE sent > settled",
                               DB_NONE, NULL));
}

int trail_push_begin(struct core *core)
{
        return db_write(core->db, begin, NULL);
}

static int settle(struct db_tx *tx, void *context)
{
        (void)context;
        return fold(db_run_all(tx,
                               "UPDATE audit_push SET settled = earlier, earlier = sent WHERE sent > settled",
                               DB_NONE, NULL));
}

int trail_push_settle(struct core *core)
{
        return db_write(core->db, settle, NULL);
}

struct measure {
        const char *tenants;
        struct trail_waiting *to;
};

static int measure(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct measure *measure = context;
        struct trail_waiting *to = measure->to;
        int r;

        *to = (struct trail_waiting){ 0 };
        r = db_find_all(
                tx,
                "SELECT t.name, coalesce(p.sent, 0),"
                " (SELECT max(e.number) FROM event e WHERE e.tenant_id = t.id),"
                " (SELECT e.at_ms FROM event e WHERE e.tenant_id = t.id AND e.number > coalesce(p.sent, 0)"
                " ORDER BY e.number LIMIT 1)"
                " FROM tenant t LEFT JOIN audit_push p ON p.tenant_id = t.id AND p.stream = 'record'"
                " WHERE t.state <> 'deleting'",
                DB_NONE, &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                int64_t sent = db_rows_integer(&rows, 1), last = db_rows_integer(&rows, 2);
                int64_t since_ms = db_rows_integer(&rows, 3);

                if (last <= sent || !is_chosen(measure->tenants, db_rows_text(&rows, 0)))
                        continue;
                to->records += (uint64_t)(last - sent);
                if (to->since_ms == 0 || since_ms < to->since_ms)
                        to->since_ms = since_ms;
        }
        return fold(r);
}

int trail_push_measure(struct core *core, const char *tenants, struct trail_waiting *ret)
{
        struct measure context = { tenants, ret };
        int r = db_read(core->db, measure, &context);

        if (r == 0) {
                core->trail_waiting = ret->records;
                core->trail_waiting_since_ms = ret->since_ms;
        }
        return r;
}

struct whom {
        struct id tenants[NOTED_MAX];
        size_t count;
};

static int find_whom(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct whom *whom = context;
        int r;

        whom->count = 0;
        r = db_find_all(tx,
                        "SELECT id FROM tenant WHERE state <> 'deleting' AND (is_operators = 1 OR NOT EXISTS"
                        " (SELECT 1 FROM tenant WHERE is_operators = 1)) ORDER BY id LIMIT ?1",
                        DB_VALUES(db_integer(NOTED_MAX)), &rows);
        if (r)
                return fold(r);
        while (whom->count < NOTED_MAX && db_rows_next(&rows, &r))
                whom->tenants[whom->count++] = db_rows_id(&rows, 0);
        return fold(r);
}

int trail_push_note(struct core *core, const char *kind, const char *words)
{
        struct whom whom;
        int r = db_read(core->db, find_whom, &whom);

        for (size_t i = 0; r == 0 && i < whom.count; i++)
                r = event_note(core, whom.tenants[i], NULL, kind, (struct id){ 0 }, words);
        return r;
}
