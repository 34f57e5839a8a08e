// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/discovery-run.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/printer/sighting-row.h"

#define COLUMNS                                                                                                \
        "SELECT id, agent_id, purpose, state, addresses, asked, answered, found, packets, octets, created_ms," \
        " told_ms, ended_ms FROM discovery_run WHERE tenant_id = ?1"
#define SILENT_MS (15 * 60000LL) /* then another one may be wanted */

static void read_run(struct db_rows *rows, void *item)
{
        struct discovery_run *ret = item;

        *ret = (struct discovery_run){ .id = db_rows_id(rows, 0), .agent = db_rows_id(rows, 1) };
        ret->purpose = (enum discovery_purpose)db_rows_integer(rows, 2);
        ret->state = (enum discovery_outcome)db_rows_integer(rows, 3);
        ret->progress = (struct discovery_progress){ db_rows_integer(rows, 4), db_rows_integer(rows, 5),
                                                     db_rows_integer(rows, 6), db_rows_integer(rows, 7),
                                                     db_rows_integer(rows, 8), db_rows_integer(rows, 9) };
        ret->created_ms = db_rows_integer(rows, 10);
        ret->told_ms = db_rows_integer(rows, 11);
        ret->ended_ms = db_rows_integer(rows, 12);
}

struct context {
        const struct actor *actor;
        struct id agent;
        struct discovery_run run;
        struct discovery_run *to;
        size_t max, count;
        int64_t now;
};

static int find_in(struct db_tx *tx, struct id tenant, struct id id, struct discovery_run *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, COLUMNS " AND id = ?2", DB_VALUES(db_id(&id)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_run(&rows, ret);
        return 0;
}

static int insert(struct db_tx *tx, struct id tenant, const struct discovery_run *run)
{
        int r = fold(db_run(
                tx, tenant,
                "INSERT INTO discovery_run (tenant_id, id, agent_id, purpose, state, addresses, asked,"
                " answered, found, packets, octets, created_ms, told_ms, ended_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, 0, 0, 0, ?6, ?7, 0)",
                DB_VALUES(db_id(&run->id), db_id(&run->agent), db_integer(run->purpose),
                          db_integer(run->state), db_integer(run->created_ms), db_integer(run->told_ms)),
                NULL));

        if (r)
                return r;
        return fold(db_run(
                tx, tenant,
                "DELETE FROM discovery_run WHERE tenant_id = ?1 AND agent_id = ?2 AND id <> ?4 AND id NOT IN"
                " (SELECT k.id FROM discovery_run k WHERE k.tenant_id = ?1 AND k.agent_id = ?2"
                " ORDER BY k.created_ms DESC LIMIT ?3)",
                DB_VALUES(db_id(&run->agent), db_integer(DISCOVERY_RUNS_KEPT), db_id(&run->id)), NULL));
}

/* ---- the agent ---- */

int discovery_run_told(struct db_tx *tx, const struct teller *teller, const struct sightings *s)
{
        const struct discovery_progress *p = &s->progress;
        struct discovery_run run;
        bool ends = s->outcome != DISCOVERY_GOING;
        int r;

        if (id_is_zero(s->run))
                return 0;
        r = find_in(tx, teller->agent->tenant, s->run, &run);
        if (r == CORE_NOT_FOUND) {
                run = (struct discovery_run){ .id = s->run,
                                              .agent = teller->agent->id,
                                              .purpose = s->purpose,
                                              .state = DISCOVERY_GOING,
                                              .created_ms = teller->now,
                                              .told_ms = teller->now };
                r = insert(tx, teller->agent->tenant, &run);
        }
        if (r)
                return r;
        if (!id_equal(run.agent, teller->agent->id) || run.state > DISCOVERY_GOING)
                return CORE_STALE;
        return fold(db_run(
                tx, teller->agent->tenant,
                "UPDATE discovery_run SET state = ?3, addresses = ?4, asked = ?5, answered = ?6, found = ?7,"
                " packets = ?8, octets = ?9, told_ms = ?10, ended_ms = ?11 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&s->run), db_integer(s->outcome), db_integer(p->addresses),
                          db_integer(p->asked), db_integer(p->answered), db_integer(p->found),
                          db_integer(p->packets), db_integer(p->octets), db_integer(teller->now),
                          db_integer(ends ? teller->now : 0)),
                NULL));
}

int discovery_run_next(struct db_tx *tx, struct id tenant, struct id agent, struct discovery_run *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, COLUMNS " AND agent_id = ?2 AND state = 0 ORDER BY created_ms LIMIT 1",
                       DB_VALUES(db_id(&agent)), &rows);

        *ret = (struct discovery_run){ .id = { .octets = { 0 } } };
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        read_run(&rows, ret);
        return 0;
}

/* ---- administrators ---- */

/* What is at another's site does not exist for him. */
static int check(struct db_tx *tx, const struct context *c, enum right right)
{
        int r = c->actor->kind == ACTOR_AGENT ? 0 : right_to_agent(tx, c->actor, right, c->agent);

        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

/* One that its agent has not told of for long was lost with it. */
static int check_other(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, c->actor->tenant,
                "SELECT 1 FROM discovery_run WHERE tenant_id = ?1 AND agent_id = ?2 AND purpose = ?3"
                " AND (state = 0 OR (state = 1 AND told_ms > ?4)) LIMIT 1",
                DB_VALUES(db_id(&c->agent), db_integer(c->run.purpose), db_integer(c->now - SILENT_MS)),
                &rows);

        return r == DB_NO_ROW ? 0 : r ? fold(r) : CORE_TAKEN;
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = check(tx, c, RIGHT_AGENTS_CHANGE);

        if (r == 0)
                r = check_other(tx, c);
        if (r == 0)
                r = insert(tx, c->actor->tenant, &c->run);
        return r ? r
                 : event_add(tx, c->actor->tenant, c->actor, "discovery-wanted", c->agent,
                             discovery_purpose_names[c->run.purpose]);
}

int discovery_run_make(struct core *core, const struct actor *actor, struct id agent,
                       enum discovery_purpose purpose, struct discovery_run *ret)
{
        struct context c = { .actor = actor, .agent = agent, .now = clock_unix_ms() };
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        c.run = (struct discovery_run){
                .id = id_new(), .agent = agent, .purpose = purpose, .created_ms = c.now
        };
        r = db_write(core->db, make_in, &c);
        if (r)
                return r;
        wake_agent(core, actor->tenant, agent, "discovery");
        *ret = c.run;
        return 0;
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = check(tx, c, RIGHT_AGENTS_READ);

        c->count = 0;
        if (r)
                return r;
        r = db_find(tx, c->actor->tenant,
                    COLUMNS " AND agent_id = ?2 ORDER BY created_ms DESC, id DESC LIMIT ?3",
                    DB_VALUES(db_id(&c->agent), db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r))
                read_run(&rows, &c->to[c->count++]);
        return fold(r);
}

int discovery_run_list(struct core *core, const struct actor *actor, struct id agent,
                       struct discovery_run *ret, size_t max, size_t *ret_count)
{
        struct context c = { .actor = actor, .agent = agent, .to = ret, .max = max };
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_READ) < REACH_SITE &&
            !actor_may(actor, RIGHT_AGENTS_READ, whose_person(agent)))
                return CORE_FORBIDDEN;
        r = db_read(core->db, list_in, &c);
        if (r == 0)
                *ret_count = c.count;
        return r;
}

static int stop_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = find_in(tx, c->actor->tenant, c->run.id, &c->run);

        c->agent = c->run.agent;
        if (r == 0)
                r = check(tx, c, RIGHT_AGENTS_CHANGE);
        if (r || c->run.state > DISCOVERY_GOING)
                return r ? r : CORE_NOT_FOUND;
        r = fold(db_run(tx, c->actor->tenant,
                        "UPDATE discovery_run SET state = 3, ended_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                        DB_VALUES(db_id(&c->run.id), db_integer(c->now)), NULL));
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "discovery-stopped", c->agent, "");
}

int discovery_run_stop(struct core *core, const struct actor *actor, struct id run)
{
        struct context c = { .actor = actor, .run.id = run, .now = clock_unix_ms() };
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_write(core->db, stop_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, c.agent, "discovery");
        return r;
}
