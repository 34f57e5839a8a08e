// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "core/trail/trail.h"

#define PAGE 100

struct trail_export {
        struct core *core;
        struct id tenant;
        uint64_t after; /* as asked for */
        struct audit_checkpoint through;
        bool has_base;
        struct audit_checkpoint base;
        enum trail_piece last;

        uint64_t number;   /* of the last record read */
        uint64_t sequence; /* of the last checkpoint given */
        struct event page[PAGE];
        size_t count, at;
        bool has_checkpoint; /* the next one is here */
        struct audit_checkpoint checkpoint;
};

/* The row that comes first in the order; DB_NO_ROW. */
static int find_one(struct db_tx *tx, struct id tenant, const char *sql, uint64_t number,
                    struct audit_checkpoint *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant, sql, DB_VALUES(db_integer((int64_t)number)), &rows);
        if (r)
                return r;
        return audit_checkpoint_parse(db_rows_text(&rows, 0), ret) ? 0 : fault(-EBADMSG);
}

static int find_pruned(struct db_tx *tx, struct id tenant, struct audit_checkpoint *ret)
{
        return find_one(tx, tenant,
                        "SELECT octets FROM audit_checkpoint WHERE tenant_id = ?1 AND is_base = ?2"
                        " ORDER BY sequence DESC LIMIT 1",
                        1, ret);
}

/* Where it begins, and where it ends. CORE_BUSY. */
static int begin(struct db_tx *tx, void *context)
{
        struct trail_export *exported = context;
        struct audit_checkpoint asked;
        int r;

        r = trail_last_checkpoint(tx, exported->tenant, &exported->through);
        if (r)
                return r == DB_NO_ROW ? CORE_BUSY : r;
        r = find_pruned(tx, exported->tenant, &exported->base);
        if (r < 0)
                return r;
        exported->has_base = r == 0;
        if (exported->after == 0)
                return 0;
        r = find_one(tx, exported->tenant,
                     "SELECT octets FROM audit_checkpoint WHERE tenant_id = ?1 AND record <= ?2"
                     " ORDER BY sequence DESC LIMIT 1",
                     exported->after, &asked);
        if (r)
                return r == DB_NO_ROW ? 0 : r;
        exported->has_base = true;
        exported->base = asked;
        return 0;
}

/*
 * The next records, and the next checkpoint. What is missing in between is given as it is, for whoever
 * verifies to find; but what was pruned since the beginning would look like a forgery.
 */
static int turn_page(struct db_tx *tx, void *context)
{
        struct trail_export *exported = context;
        struct audit_checkpoint pruned;
        int r;

        r = find_pruned(tx, exported->tenant, &pruned);
        if (r < 0)
                return r;
        if (r == 0 && pruned.sequence > exported->sequence)
                return fault(-ESTALE);
        r = event_list_in(tx, exported->tenant, NULL, exported->number, exported->page, PAGE,
                          &exported->count);
        exported->at = 0;
        return r;
}

static int next_checkpoint(struct db_tx *tx, void *context)
{
        struct trail_export *exported = context;
        int r;

        r = find_one(tx, exported->tenant,
                     "SELECT octets FROM audit_checkpoint WHERE tenant_id = ?1 AND sequence > ?2"
                     " ORDER BY sequence LIMIT 1",
                     exported->sequence, &exported->checkpoint);
        if (r < 0)
                return r;
        exported->has_checkpoint = r == 0 && exported->checkpoint.sequence <= exported->through.sequence;
        return 0;
}

/* Without the keeper, what was signed until now is all there is. */
static int sign(struct core *core, struct id tenant)
{
        int r = trail_sign(core, tenant);

        if (r < 0)
                log_fault("audit-not-signed", r);
        return 0;
}

static void export_closep(struct trail_export **exported)
{
        trail_export_close(*exported);
}

int trail_export_open(struct core *core, const struct actor *actor, uint64_t after, struct trail_export **ret)
{
        SCOPED(export_closep) struct trail_export *exported = NULL;
        int r;

        if (!actor_may(actor, RIGHT_AUDIT_EXPORT, whose_tenant()))
                return CORE_FORBIDDEN;
        r = event_note(core, actor->tenant, actor, "audit-exported", (struct id){ 0 }, "");
        if (r == 0)
                r = sign(core, actor->tenant);
        if (r)
                return r;
        exported = calloc(1, sizeof(*exported));
        if (!exported)
                return fault(-ENOMEM);
        exported->core = core;
        exported->tenant = actor->tenant;
        exported->after = after;
        r = db_read(core->db, begin, exported);
        if (r)
                return r;
        if (exported->has_base) {
                exported->number = exported->base.record;
                exported->sequence = exported->base.sequence;
        }
        *ret = take(exported);
        return 0;
}

void trail_export_close(struct trail_export *exported)
{
        free(exported);
}

struct id trail_export_tenant(const struct trail_export *exported)
{
        return exported->tenant;
}

static int fill(struct trail_export *exported)
{
        int r = 0;

        if (!exported->has_checkpoint)
                r = db_read(exported->core->db, next_checkpoint, exported);
        if (r == 0 && exported->at == exported->count)
                r = db_read(exported->core->db, turn_page, exported);
        return r;
}

/* A checkpoint stands before the first record that it does not cover. */
static int next_of_chain(struct trail_export *exported, enum trail_piece *ret, const struct event **ret_event,
                         const struct audit_checkpoint **ret_checkpoint)
{
        const struct event *event;
        int r;

        r = fill(exported);
        if (r)
                return r;
        event = exported->at < exported->count ? &exported->page[exported->at] : NULL;
        if (exported->has_checkpoint && (!event || event->number > exported->checkpoint.record)) {
                exported->has_checkpoint = false;
                exported->sequence = exported->checkpoint.sequence;
                *ret_checkpoint = &exported->checkpoint;
                *ret = TRAIL_CHECKPOINT;
                return 0;
        }
        if (!event || !exported->has_checkpoint) {
                *ret = TRAIL_END;
                return 0;
        }
        exported->number = event->number;
        exported->at++;
        *ret_event = event;
        *ret = TRAIL_RECORD;
        return 0;
}

int trail_export_next(struct trail_export *exported, enum trail_piece *ret, const struct event **ret_event,
                      const struct audit_checkpoint **ret_checkpoint)
{
        if (exported->last == TRAIL_END) {
                *ret_checkpoint = &exported->through;
                *ret = exported->last = TRAIL_THROUGH;
                return 0;
        }
        if (exported->last == TRAIL_THROUGH && exported->has_base) {
                *ret_checkpoint = &exported->base;
                *ret = exported->last = TRAIL_BASE;
                return 0;
        }
        exported->last = TRAIL_CHECKPOINT;
        return next_of_chain(exported, ret, ret_event, ret_checkpoint);
}
