// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Lives of an agent: which journal it has, which of its machines is the one, and what becomes of what it
 * carried when a life is over. */

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/release/delivery.h"
#include "core/job/home.h"
#include "core/state.h"

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant, agent;
        uint64_t incarnation, starts;
        const struct id *journal;
        size_t journal_count;
        int64_t now;
        struct {
                uint64_t incarnation, starts;
        } known; /* its row's */
};

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant, "SELECT incarnation, starts FROM agent WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        c->known.incarnation = (uint64_t)db_rows_integer(&rows, 0);
        c->known.starts = (uint64_t)db_rows_integer(&rows, 1);
        return 0;
}

#define OPEN_MAX 64

/* The agent's deliveries under way, at most OPEN_MAX of them after the given one. */
static int find_open(struct db_tx *tx, struct id tenant, struct id agent, struct id after, struct id *ret,
                     size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find(
                tx, tenant,
                "SELECT id FROM delivery WHERE tenant_id = ?1 AND agent_id = ?2 AND state IN ('offered', 'armed')"
                " AND id > ?3 ORDER BY id LIMIT ?4",
                DB_VALUES(db_id(&agent), db_octets(after.octets, ID_OCTETS), db_integer(OPEN_MAX)), &rows);
        if (r)
                return fold(r);
        while (*ret_count < OPEN_MAX && db_rows_next(&rows, &r))
                ret[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

/* Its offer goes back; what it armed may have been printed, and nobody will tell. */
static int void_grant(struct core *core, struct db_tx *tx, struct id tenant, struct delivery_row *delivery,
                      const char *cause)
{
        int r;

        if (delivery->state == DELIVERY_OFFERED)
                return delivery_row_become(core, tx, tenant, delivery, DELIVERY_REQUESTED, cause, 0);
        r = delivery_row_become(core, tx, tenant, delivery, DELIVERY_UNCERTAIN, cause, 0);
        if (r)
                return r;
        r = db_run(tx, tenant, "UPDATE job SET expires_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&delivery->job),
                             db_integer(clock_unix_ms() + core->settings.uncertain_keep_ms)),
                   NULL);
        if (r)
                return fold(r);
        return event_add(tx, tenant, NULL, "delivery-uncertain", delivery->job, cause);
}

static bool journal_names(const struct context *c, struct id delivery)
{
        for (size_t i = 0; i < c->journal_count; i++)
                if (id_equal(c->journal[i], delivery))
                        return true;
        return false;
}

/* Every open delivery of the agent, in bounded steps: of a lost journal, of a revoked agent, or of one that
 * started again. */
static int settle_open(struct db_tx *tx, const struct context *c, bool journal_kept, const char *cause)
{
        struct id open[OPEN_MAX], after = { 0 };
        size_t count;

        do {
                int r = find_open(tx, c->tenant, c->agent, after, open, &count);

                for (size_t i = 0; r == 0 && i < count; i++) {
                        struct delivery_row delivery;

                        after = open[i];
                        if (journal_kept && journal_names(c, open[i]))
                                continue;
                        r = delivery_row_find(tx, c->tenant, open[i], &delivery);
                        if (r)
                                return fold(r);
                        r = journal_kept ? delivery_row_become(c->core, tx, c->tenant, &delivery,
                                                               DELIVERY_REQUESTED, cause, 0)
                                         : void_grant(c->core, tx, c->tenant, &delivery, cause);
                }
                if (r)
                        return r;
        } while (count == OPEN_MAX);
        return 0;
}

int agent_void_grants(struct core *core, struct db_tx *tx, struct id tenant, struct id agent,
                      const char *cause)
{
        struct context c = { .core = core, .tenant = tenant, .agent = agent };

        return settle_open(tx, &c, false, cause);
}

#define CLONE_LEAST_MS 300 /* between two words of the one whose place was taken */
#define CLONE_MOST_MS  600000

/*
 * One that has started before, and says so again after another has started: two machines have this key. Once
 * may be a message that was under way when its sender ended; twice is not.
 */
static int note_clone_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int64_t stale_ms, cloned_ms;
        bool is_clone;
        int r;

        r = db_one(tx, c->tenant, "SELECT stale_ms, cloned_ms FROM agent WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent)), &rows);
        if (r)
                return fold(r);
        stale_ms = db_rows_integer(&rows, 0);
        cloned_ms = db_rows_integer(&rows, 1);
        db_rows_done(&rows);
        if (stale_ms && c->now < stale_ms + CLONE_LEAST_MS)
                return 0;
        is_clone = c->now < stale_ms + CLONE_MOST_MS;
        r = db_run(tx, c->tenant,
                   "UPDATE agent SET stale_ms = ?3, cloned_ms = CASE WHEN ?4 THEN ?3 ELSE cloned_ms END"
                   " WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent), db_integer(c->now), db_integer(is_clone)), NULL);
        if (r || !is_clone || c->now < cloned_ms + CLONE_MOST_MS)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "agent-cloned", c->agent, "");
}

static int set_incarnation_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        bool is_new;
        int r;

        r = find_in(tx, c);
        if (r)
                return r;
        is_new = c->known.incarnation != c->incarnation;
        if (c->known.starts != c->starts)
                return CORE_STALE;
        if (!is_new && !c->journal)
                return 0;
        r = settle_open(tx, c, !is_new, is_new ? "agent-journal-lost" : "agent-restarted");
        if (r == 0)
                r = homes_lose(c->core, tx, c->tenant, c->agent, c->incarnation, "home-lost");
        if (r)
                return r;
        r = db_run(tx, c->tenant,
                   "UPDATE agent SET incarnation = ?3, starts = starts + 1 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent), db_integer((int64_t)c->incarnation)), NULL);
        if (r || !is_new)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "agent-journal-new", c->agent, "");
}

int agent_set_incarnation(struct core *core, const struct actor *agent, uint64_t incarnation, uint64_t starts,
                          const struct id *journal, size_t journal_count)
{
        struct context c = { .core = core,
                             .actor = agent,
                             .tenant = agent->tenant,
                             .agent = agent->id,
                             .incarnation = incarnation,
                             .starts = starts,
                             .journal = journal,
                             .journal_count = journal_count };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (incarnation == 0)
                return CORE_BAD_VALUE;
        r = db_write(core->db, set_incarnation_in, &c);
        if (r != CORE_STALE || journal || c.known.starts <= starts)
                return r;
        c.now = clock_unix_ms();
        r = db_write(core->db, note_clone_in, &c);
        return r ? r : CORE_STALE;
}

int agent_is_there(struct core *core, const struct actor *agent, uint64_t incarnation)
{
        struct context c = { .tenant = agent->tenant, .agent = agent->id };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        return r ? r : c.known.incarnation == incarnation ? 0 : CORE_STALE;
}

#define GONE_MAX 256

struct gone {
        struct core *core;
        struct id tenants[GONE_MAX], agents[GONE_MAX];
        size_t count;
};

/* Those that carry something. */
static int find_carrying(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct gone *gone = context;
        int r;

        r = db_find_all(tx,
                        "SELECT DISTINCT tenant_id, agent_id FROM delivery"
                        " WHERE state IN ('offered', 'armed')",
                        DB_NONE, &rows);
        if (r)
                return fold(r);
        while (gone->count < GONE_MAX && db_rows_next(&rows, &r)) {
                struct id agent = db_rows_id(&rows, 1);

                if (outpost_silent_ms(gone->core, agent) < gone->core->settings.agent_gone_ms)
                        continue;
                gone->tenants[gone->count] = db_rows_id(&rows, 0);
                gone->agents[gone->count++] = agent;
        }
        return fold(r);
}

static int settle_gone_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;

        return agent_void_grants(c->core, tx, c->tenant, c->agent, "agent-gone");
}

int agents_settle_gone(struct core *core)
{
        struct gone gone = { .core = core };
        int r = db_read(core->db, find_carrying, &gone);

        for (size_t i = 0; r == 0 && i < gone.count; i++) {
                struct context c = { .core = core, .tenant = gone.tenants[i], .agent = gone.agents[i] };
                char id[ID_STRING];

                id_format(gone.agents[i], id);
                log_write(LOG_NOTICE, "agent-gone", "agent", id, NULL);
                r = db_write(core->db, settle_gone_in, &c);
                if (r == 0)
                        wake_agent(core, gone.tenants[i], (struct id){ 0 }, "delivery");
        }
        return r;
}
