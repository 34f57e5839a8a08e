// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/site-offline.h"

#include <stdio.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct id tenant;
        struct id site;
        struct id agent;
        struct site_offline offline;
};

struct site_offline site_offline_default(void)
{
        return (struct site_offline){ .hours = OFFLINE_HOURS,
                                      .jobs = OFFLINE_JOBS,
                                      .megabytes = OFFLINE_MEGABYTES };
}

static int check_site(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->tenant, "SELECT 1 FROM site WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->site)), &rows);
        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int read_queues(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct site_offline *to = &c->offline;
        int r;

        r = db_find(tx, c->tenant,
                    "SELECT queue_id FROM home_queue WHERE tenant_id = ?1 AND site_id = ?2 ORDER BY queue_id"
                    " LIMIT ?3",
                    DB_VALUES(db_id(&c->site), db_integer(OFFLINE_QUEUES_MAX)), &rows);
        if (r)
                return fold(r);
        while (to->queue_count < OFFLINE_QUEUES_MAX && db_rows_next(&rows, &r))
                to->queues[to->queue_count++] = db_rows_id(&rows, 0);
        return fold(r);
}

static int read_site(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        c->offline = site_offline_default();
        r = db_one(
                tx, c->tenant,
                "SELECT enabled, hours, jobs, megabytes FROM site_offline WHERE tenant_id = ?1 AND site_id = ?2",
                DB_VALUES(db_id(&c->site)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        c->offline.enabled = db_rows_integer(&rows, 0);
        c->offline.hours = (uint32_t)db_rows_integer(&rows, 1);
        c->offline.jobs = (uint32_t)db_rows_integer(&rows, 2);
        c->offline.megabytes = (uint32_t)db_rows_integer(&rows, 3);
        db_rows_done(&rows);
        return read_queues(tx, c);
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = check_site(tx, c);
        return r ? r : read_site(tx, c);
}

static int of_agent_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->offline = site_offline_default();
        r = db_one(tx, c->tenant,
                   "SELECT site_id FROM agent WHERE tenant_id = ?1 AND id = ?2 AND site_id IS NOT NULL",
                   DB_VALUES(db_id(&c->agent)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        c->site = db_rows_id(&rows, 0);
        db_rows_done(&rows);
        return read_site(tx, c);
}

int site_offline_find(struct core *core, const struct actor *actor, struct id site, struct site_offline *ret)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .site = site };
        int r;

        if (!actor_may(actor, RIGHT_SITES_READ, whose_tenant()) &&
            actor_reach(actor, RIGHT_SITES_READ) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.offline;
        return r;
}

int site_offline_of_agent(struct core *core, struct id tenant, struct id agent, struct id *ret_site,
                          struct site_offline *ret)
{
        struct context c = { .tenant = tenant, .agent = agent };
        int r;

        r = db_read(core->db, of_agent_in, &c);
        if (r == 0) {
                *ret = c.offline;
                *ret_site = c.site;
        }
        return r;
}

static int add_queue(struct db_tx *tx, const struct context *c, struct id queue)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->tenant, "SELECT 1 FROM queue WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&queue)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        db_rows_done(&rows);
        r = db_run(tx, c->tenant, "INSERT INTO home_queue (tenant_id, queue_id, site_id) VALUES (?1, ?2, ?3)",
                   DB_VALUES(db_id(&queue), db_id(&c->site)), NULL);
        return r == DB_TAKEN ? CORE_TAKEN : fold(r);
}

static int set_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        const struct site_offline *o = &c->offline;
        char detail[CORE_WORDS];
        int r;

        r = check_site(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->tenant,
                   "INSERT INTO site_offline (tenant_id, site_id, enabled, hours, jobs, megabytes)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, site_id)"
                   " DO UPDATE SET enabled = ?3, hours = ?4, jobs = ?5, megabytes = ?6",
                   DB_VALUES(db_id(&c->site), db_integer(o->enabled), db_integer(o->hours),
                             db_integer(o->jobs), db_integer(o->megabytes)),
                   NULL);
        if (r == 0)
                r = db_run(tx, c->tenant, "DELETE FROM home_queue WHERE tenant_id = ?1 AND site_id = ?2",
                           DB_VALUES(db_id(&c->site)), NULL);
        r = fold(r);
        for (size_t i = 0; r == 0 && i < o->queue_count; i++)
                r = add_queue(tx, c, o->queues[i]);
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "enabled=%s hours=%u queues=%zu", o->enabled ? "yes" : "no",
                 o->hours, o->queue_count);
        return event_add(tx, c->tenant, c->actor, "site-offline-changed", c->site, detail);
}

int site_offline_set(struct core *core, const struct actor *actor, struct id site,
                     const struct site_offline *offline)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .site = site, .offline = *offline };
        int r;

        if (!actor_may(actor, RIGHT_SITES_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        if (offline->hours < OFFLINE_HOURS_MIN || offline->hours > OFFLINE_HOURS_MAX ||
            offline->jobs > OFFLINE_JOBS_MAX || offline->megabytes > OFFLINE_MEGABYTES_MAX ||
            offline->queue_count > OFFLINE_QUEUES_MAX)
                return CORE_BAD_VALUE;
        r = db_write(core->db, set_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, (struct id){ 0 }, "configuration");
        return r;
}
