// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/trail/trail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/verify.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

#define TENANTS     500  /* looked at in one sweep */
#define RECORDS_MAX 5000 /* taken away in one sweep of a tenant */
#define PRUNED_MAX  2000 /* checkpoints taken away at once */
#define PRUNE_SLACK 365  /* what is older than this part of trail_keep_ms too long is worth a pruning */
#define PRUNE_MOST  50   /* tenants in one sweep */

static int read_checkpoint(struct db_rows *rows, int column, struct audit_checkpoint *ret)
{
        return audit_checkpoint_parse(db_rows_text(rows, column), ret) ? 0 : fault(-EBADMSG);
}

int trail_last_checkpoint(struct db_tx *tx, struct id tenant, struct audit_checkpoint *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant,
                   "SELECT octets FROM audit_checkpoint WHERE tenant_id = ?1 ORDER BY sequence DESC LIMIT 1",
                   DB_NONE, &rows);
        return r ? r : read_checkpoint(&rows, 0, ret);
}

static int next_tenants(struct db_tx *tx, struct id after, size_t max, struct id *ret, size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find_all(tx,
                        "SELECT id FROM tenant WHERE id > ?1 AND state <> 'deleting' ORDER BY id LIMIT ?2",
                        DB_VALUES(db_octets(after.octets, ID_OCTETS), db_integer((int64_t)max)), &rows);
        if (r)
                return fold(r);
        while (*ret_count < max && db_rows_next(&rows, &r))
                ret[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

struct prune {
        struct core *core;
        int64_t before_ms;
        struct id tenant;
        uint64_t base; /* 0: none yet */
};

static int find_base(struct db_tx *tx, struct id tenant, uint64_t *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret = 0;
        r = db_one(tx, tenant,
                   "SELECT record FROM audit_checkpoint WHERE tenant_id = ?1 AND is_base = 1"
                   " ORDER BY sequence DESC LIMIT 1",
                   DB_NONE, &rows);
        if (r == 0)
                *ret = (uint64_t)db_rows_integer(&rows, 0);
        return r == DB_NO_ROW ? 0 : fold(r);
}

/* The last checkpoint that is old enough; DB_NO_ROW. */
static int find_next_base(struct db_tx *tx, const struct prune *prune, struct audit_checkpoint *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, prune->tenant,
                   "SELECT octets FROM (SELECT sequence, at_ms, octets FROM audit_checkpoint"
                   " WHERE tenant_id = ?1 ORDER BY sequence LIMIT ?3) old"
                   " WHERE at_ms < ?2 ORDER BY sequence DESC LIMIT 1",
                   DB_VALUES(db_integer(prune->before_ms), db_integer(PRUNED_MAX)), &rows);
        return r ? r : read_checkpoint(&rows, 0, ret);
}

static int delete_records(struct db_tx *tx, const struct prune *prune)
{
        return fold(db_run(tx, prune->tenant,
                           "DELETE FROM event WHERE tenant_id = ?1 AND number <= ?2 AND number <"
                           " (SELECT min(number) FROM event WHERE tenant_id = ?1) + ?3",
                           DB_VALUES(db_integer((int64_t)prune->base), db_integer(RECORDS_MAX)), NULL));
}

static int set_base(struct db_tx *tx, struct prune *prune, const struct audit_checkpoint *base)
{
        char words[AUDIT_PRUNED_WORDS];
        int r;

        r = db_run(tx, prune->tenant, "DELETE FROM audit_checkpoint WHERE tenant_id = ?1 AND sequence < ?2",
                   DB_VALUES(db_integer((int64_t)base->sequence)), NULL);
        if (r)
                return fold(r);
        r = db_run(tx, prune->tenant,
                   "UPDATE audit_checkpoint SET is_base = 1 WHERE tenant_id = ?1 AND sequence = ?2",
                   DB_VALUES(db_integer((int64_t)base->sequence)), NULL);
        if (r)
                return fold(r);
        prune->base = base->record;
        audit_pruned_words(base->record, base->hash, words);
        return event_add(tx, prune->tenant, NULL, AUDIT_PRUNED, (struct id){ 0 }, words);
}

static int prune(struct db_tx *tx, void *context)
{
        struct prune *prune = context;
        struct audit_checkpoint next;
        int r;

        r = find_base(tx, prune->tenant, &prune->base);
        if (r)
                return r;
        r = find_next_base(tx, prune, &next);
        if (r < 0)
                return r;
        if (r == 0 && next.record > prune->base) {
                r = set_base(tx, prune, &next);
                if (r)
                        return r;
        }
        return prune->base ? delete_records(tx, prune) : 0;
}

struct prunable {
        struct core *core;
        int64_t before_ms;
        struct id after;
        size_t seen;
        struct id tenants[PRUNE_MOST];
        size_t count;
};

/* What a pruning left over, or what has become too old by more than the slack, so that not every minute has
 * its pruning. */
static int is_prunable(struct db_tx *tx, const struct prunable *prunable, struct id tenant, bool *ret)
{
        int64_t slack_ms = prunable->core->settings.trail_keep_ms / PRUNE_SLACK;
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        uint64_t base;
        int r;

        *ret = false;
        r = find_base(tx, tenant, &base);
        if (r)
                return r;
        r = db_one(tx, tenant, "SELECT number, at_ms FROM event WHERE tenant_id = ?1 ORDER BY number LIMIT 1",
                   DB_NONE, &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        *ret = (uint64_t)db_rows_integer(&rows, 0) <= base ||
               db_rows_integer(&rows, 1) < prunable->before_ms - slack_ms;
        return 0;
}

static int find_prunable(struct db_tx *tx, void *context)
{
        struct prunable *prunable = context;
        struct id tenants[TENANTS];
        int r;

        prunable->count = 0;
        r = next_tenants(tx, prunable->after, TENANTS, tenants, &prunable->seen);
        for (size_t i = 0; r == 0 && i < prunable->seen && prunable->count < PRUNE_MOST; i++) {
                bool is_one = false;

                r = is_prunable(tx, prunable, tenants[i], &is_one);
                if (is_one)
                        prunable->tenants[prunable->count++] = tenants[i];
                prunable->after = tenants[i];
        }
        return r;
}

int trail_prune(struct core *core, int64_t now)
{
        struct prunable prunable = { .core = core,
                                     .before_ms = now - core->settings.trail_keep_ms,
                                     .after = core->trail_pruned };
        int r;

        r = db_read(core->db, find_prunable, &prunable);
        if (r)
                return r;
        core->trail_pruned =
                prunable.seen < TENANTS && prunable.count < PRUNE_MOST ? (struct id){ 0 } : prunable.after;
        for (size_t i = 0; r == 0 && i < prunable.count; i++) {
                struct prune context = { core, prunable.before_ms, prunable.tenants[i], 0 };

                r = db_write(core->db, prune, &context);
        }
        return r;
}

struct checkpoints {
        struct id tenant;
        uint64_t after;
        bool newest;
        struct audit_checkpoint *to;
        size_t max, count;
};

static int list(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct checkpoints *list = context;
        int r;

        list->count = 0;
        r = db_find(
                tx, list->tenant,
                list->newest
                        ? "SELECT octets FROM audit_checkpoint WHERE tenant_id = ?1 AND (?2 = 0 OR sequence < ?2)"
                          " ORDER BY sequence DESC LIMIT ?3"
                        : "SELECT octets FROM audit_checkpoint WHERE tenant_id = ?1 AND sequence > ?2"
                          " ORDER BY sequence LIMIT ?3",
                DB_VALUES(db_integer((int64_t)list->after), db_integer((int64_t)list->max)), &rows);
        if (r)
                return fold(r);
        while (list->count < list->max && db_rows_next(&rows, &r)) {
                r = read_checkpoint(&rows, 0, &list->to[list->count]);
                if (r)
                        return r;
                list->count++;
        }
        return fold(r);
}

int trail_checkpoints(struct core *core, const struct actor *actor, uint64_t after, bool newest,
                      struct audit_checkpoint *ret, size_t max, size_t *ret_count)
{
        struct checkpoints context = { actor->tenant, after, newest, ret, max, 0 };
        int r;

        if (!actor_may(actor, RIGHT_AUDIT_VERIFY, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, list, &context);
        if (r == 0)
                *ret_count = context.count;
        return r;
}

static int list_untold(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct checkpoints *list = context;
        int r;

        list->count = 0;
        r = db_find_all(tx,
                        "SELECT octets FROM audit_checkpoint WHERE told = 0 ORDER BY tenant_id, sequence"
                        " LIMIT ?1",
                        DB_VALUES(db_integer((int64_t)list->max)), &rows);
        if (r)
                return fold(r);
        while (list->count < list->max && db_rows_next(&rows, &r)) {
                r = read_checkpoint(&rows, 0, &list->to[list->count]);
                if (r)
                        return r;
                list->count++;
        }
        return fold(r);
}

int trail_untold(struct core *core, struct audit_checkpoint *ret, size_t max, size_t *ret_count)
{
        struct checkpoints context = { .to = ret, .max = max };
        int r = db_read(core->db, list_untold, &context);

        if (r == 0)
                *ret_count = context.count;
        return r;
}

struct told {
        const struct audit_checkpoint *checkpoints;
        size_t count;
};

static int mark_told(struct db_tx *tx, void *context)
{
        struct told *told = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < told->count; i++)
                r = db_run(tx, told->checkpoints[i].tenant,
                           "UPDATE audit_checkpoint SET told = 1 WHERE tenant_id = ?1 AND sequence = ?2",
                           DB_VALUES(db_integer((int64_t)told->checkpoints[i].sequence)), NULL);
        return fold(r);
}

int trail_told(struct core *core, const struct audit_checkpoint *checkpoints, size_t count)
{
        struct told context = { checkpoints, count };

        return count ? db_write(core->db, mark_told, &context) : 0;
}
