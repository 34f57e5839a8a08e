// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/event.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

int event_add(struct db_tx *tx, struct id tenant, const struct actor *actor, const char *kind,
              struct id subject, const char *detail)
{
        struct id id = id_new();
        struct id actor_id = actor ? actor->id : (struct id){ 0 };
        int r;

        r = db_run(
                tx, tenant,
                "INSERT INTO event (tenant_id, id, at_ms, kind, actor_kind, actor_id, subject_id, detail, via, source)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                DB_VALUES(db_id(&id), db_integer(clock_unix_ms()), db_string(kind),
                          db_string(actor ? actor_kind_name(actor->kind) : "service"), db_id(&actor_id),
                          db_id(&subject), db_string(detail),
                          db_string(via_name(actor ? actor->via : VIA_SERVICE)),
                          db_string(actor ? actor->source : "")),
                NULL);
        return fold(r);
}

struct note {
        struct id tenant;
        const struct actor *actor;
        const char *kind;
        struct id subject;
        const char *detail;
};

static int note(struct db_tx *tx, void *context)
{
        struct note *n = context;

        return event_add(tx, n->tenant, n->actor, n->kind, n->subject, n->detail);
}

int event_note(struct core *core, struct id tenant, const struct actor *actor, const char *kind,
               struct id subject, const char *detail)
{
        struct note context = { tenant, actor, kind, subject, detail };

        return db_write(core->db, note, &context);
}

struct list {
        struct id tenant;
        const struct id *subject;
        struct id after;
        struct event *to;
        size_t max;
        size_t count;
};

static int list(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct list *l = context;
        int r;

        l->count = 0;
        if (l->subject)
                r = db_find(
                        tx, l->tenant,
                        "SELECT id, at_ms, kind, actor_kind, actor_id, subject_id, detail, via, source FROM event"
                        " WHERE tenant_id = ?1 AND subject_id = ?4 AND id > ?2 ORDER BY id LIMIT ?3",
                        DB_VALUES(db_octets(l->after.octets, ID_OCTETS), db_integer((int64_t)l->max),
                                  db_id(l->subject)),
                        &rows);
        else
                r = db_find(
                        tx, l->tenant,
                        "SELECT id, at_ms, kind, actor_kind, actor_id, subject_id, detail, via, source FROM event"
                        " WHERE tenant_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
                        DB_VALUES(db_octets(l->after.octets, ID_OCTETS), db_integer((int64_t)l->max)), &rows);
        if (r)
                return fold(r);
        while (l->count < l->max && db_rows_next(&rows, &r)) {
                struct event *event = &l->to[l->count++];

                event->id = db_rows_id(&rows, 0);
                event->at_ms = db_rows_integer(&rows, 1);
                db_rows_string(&rows, 2, event->kind, sizeof(event->kind));
                db_rows_string(&rows, 3, event->actor_kind, sizeof(event->actor_kind));
                event->actor = db_rows_id(&rows, 4);
                event->subject = db_rows_id(&rows, 5);
                db_rows_string(&rows, 6, event->detail, sizeof(event->detail));
                db_rows_string(&rows, 7, event->via, sizeof(event->via));
                db_rows_string(&rows, 8, event->source, sizeof(event->source));
        }
        return fold(r);
}

int event_list(struct core *core, const struct actor *actor, const struct id *subject, struct id after,
               struct event *ret, size_t max, size_t *ret_count)
{
        struct list context = { actor->tenant, subject, after, ret, max, 0 };
        int r;

        if (!actor_may(actor, RIGHT_EVENTS_READ, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, list, &context);
        if (r)
                return r;
        *ret_count = context.count;
        return 0;
}
