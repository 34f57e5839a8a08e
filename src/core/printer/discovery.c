// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/discovery.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/sealed.h"
#include "core/printer/sighting-row.h"

#define BINDING (9 + ID_OCTETS)

struct context {
        struct core *core;
        const struct actor *actor;
        struct id agent;
        struct text set, sealed;
        bool has_sealed, writes;
        struct buffer *settings;
        struct buffer found; /* sealed */
};

static void context_done(struct context *c)
{
        buffer_done(&c->found);
}

static struct text binding(struct id agent, char room[BINDING])
{
        memcpy(room, "discovery", 9);
        memcpy(room + 9, agent.octets, ID_OCTETS);
        return text_from_octets(room, BINDING);
}

static int check(struct db_tx *tx, const struct context *c, enum right right)
{
        int r = right_to_agent(tx, c->actor, right, c->agent);

        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

static int read_in(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant,
                       "SELECT settings, sealed FROM discovery WHERE tenant_id = ?1 AND agent_id = ?2",
                       DB_VALUES(db_id(&c->agent)), &rows);

        buffer_clear(&c->found);
        if (c->settings)
                buffer_clear(c->settings);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        if (c->settings)
                buffer_add_text(c->settings, db_rows_text(&rows, 0));
        buffer_add_text(&c->found, db_rows_text(&rows, 1));
        return c->found.failure ? fault(c->found.failure) : 0;
}

static int see_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = c->actor->kind == ACTOR_AGENT ? 0 : check(tx, c, RIGHT_AGENTS_READ);

        return r ? r : read_in(tx, c);
}

static int find(struct context *c, struct buffer *credentials)
{
        char room[BINDING];
        int r = db_read(c->core->db, see_in, c);

        if (r || !credentials || !c->found.len)
                return r;
        return sealed_read(c->core, c->actor->tenant, binding(c->agent, room), buffer_text(&c->found),
                           credentials);
}

int discovery_find(struct core *core, const struct actor *actor, struct id agent, struct buffer *settings,
                   struct buffer *credentials)
{
        SCOPED(context_done)
        struct context c = { .core = core,
                             .actor = actor,
                             .agent = agent,
                             .settings = settings,
                             .found = BUFFER(2 * DISCOVERY_CREDENTIALS_OCTETS) };

        if (actor_reach(actor, RIGHT_AGENTS_READ) < REACH_SITE &&
            !actor_may(actor, RIGHT_AGENTS_READ, whose_person(agent)))
                return CORE_FORBIDDEN;
        return find(&c, credentials);
}

int discovery_of_agent(struct core *core, const struct actor *agent, struct buffer *settings,
                       struct buffer *credentials)
{
        SCOPED(context_done)
        struct context c = { .core = core,
                             .actor = agent,
                             .agent = agent->id,
                             .settings = settings,
                             .found = BUFFER(2 * DISCOVERY_CREDENTIALS_OCTETS) };

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        return fold(find(&c, credentials));
}

static int set_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = check(tx, c, RIGHT_AGENTS_CHANGE);

        if (r)
                return r;
        r = fold(db_run(
                tx, c->actor->tenant,
                "INSERT INTO discovery (tenant_id, agent_id, settings, sealed, writes) VALUES (?1, ?2, ?3, ?4, ?6)"
                " ON CONFLICT (tenant_id, agent_id) DO UPDATE SET settings = excluded.settings,"
                " sealed = CASE ?5 WHEN 1 THEN excluded.sealed ELSE discovery.sealed END,"
                " writes = CASE ?5 WHEN 1 THEN excluded.writes ELSE discovery.writes END",
                DB_VALUES(db_id(&c->agent), db_text(c->set),
                          c->sealed.len ? db_octets(c->sealed.at, c->sealed.len) : db_null(),
                          db_integer(c->has_sealed), db_integer(c->writes)),
                NULL));
        return r ? r
                 : event_add(tx, c->actor->tenant, c->actor, "discovery-changed", c->agent,
                             c->has_sealed ? "credentials=changed" : "credentials=kept");
}

int discovery_set(struct core *core, const struct actor *actor, struct id agent, struct text settings,
                  struct text credentials, bool writes)
{
        SCOPED(buffer_done) struct buffer sealed = BUFFER(2 * DISCOVERY_CREDENTIALS_OCTETS);
        struct context c = { .core = core, .actor = actor, .agent = agent, .set = settings };
        char room[BINDING];
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        if (settings.len > DISCOVERY_SETTINGS_OCTETS || credentials.len > DISCOVERY_CREDENTIALS_OCTETS)
                return CORE_BAD_VALUE;
        c.has_sealed = credentials.at;
        c.writes = writes;
        if (credentials.len) {
                r = sealed_write(core, actor->tenant, binding(agent, room), credentials, &sealed);
                if (r)
                        return r;
                c.sealed = buffer_text(&sealed);
        }
        r = db_write(core->db, set_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, agent, "configuration");
        return r;
}

/* ---- whom it looks at ---- */

struct targets {
        const struct actor *agent;
        struct id site;
        struct discovery_target *to;
        size_t max, count;
        struct discovery_run *run;
};

static void read_target(struct db_rows *rows, struct discovery_target *ret)
{
        *ret = (struct discovery_target){ .printer = db_rows_id(rows, 0) };
        db_rows_string(rows, 1, ret->address, sizeof(ret->address));
        db_rows_string(rows, 2, ret->uuid, sizeof(ret->uuid));
        db_rows_string(rows, 3, ret->spki, sizeof(ret->spki));
        ret->counts = db_rows_integer(rows, 4);
}

static int targets_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct targets *t = context;
        int r = discovery_run_next(tx, t->agent->tenant, t->agent->id, t->run);

        t->count = 0;
        if (r)
                return r;
        /* Of what several agents of a site could look at, each looks at what it saw last. */
        r = db_find(
                tx, t->agent->tenant,
                "SELECT d.printer_id, d.address, d.uuid, d.spki, EXISTS (SELECT 1 FROM device_usage u"
                " WHERE u.tenant_id = ?1 AND u.subject_id = d.printer_id) AND EXISTS (SELECT 1 FROM device_usage t"
                " WHERE t.tenant_id = ?1 AND t.subject_id = ?1) FROM discovered_printer d WHERE d.tenant_id = ?1"
                " AND d.agent_id = ?2 AND d.printer_id IS NOT NULL ORDER BY d.id LIMIT ?3",
                DB_VALUES(db_id(&t->agent->id), db_integer((int64_t)t->max)), &rows);
        if (r)
                return fold(r);
        while (t->count < t->max && db_rows_next(&rows, &r))
                read_target(&rows, &t->to[t->count++]);
        return fold(r);
}

int discovery_targets(struct core *core, const struct actor *agent, struct discovery_target *ret, size_t max,
                      size_t *ret_count, struct discovery_run *ret_run)
{
        struct targets t = { .agent = agent, .to = ret, .max = max, .run = ret_run };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, targets_in, &t);
        if (r == 0)
                *ret_count = t.count;
        return r;
}
