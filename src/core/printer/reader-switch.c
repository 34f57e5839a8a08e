// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Which models of badge readers are listened for: a row of the tenant (its agent is the zero id), a row of an
 * agent in its place. */

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/printer/reader.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        enum right right;
        struct id agent;
        struct reader_switch switches[READER_MODELS];
};

/* An agent's own is nobody's else's business; the tenant's is for whoever reaches all of it. */
static int right_to_switches(struct db_tx *tx, const struct context *c)
{
        if (c->actor->kind == ACTOR_AGENT)
                return id_equal(c->actor->id, c->agent) ? 0 : CORE_NOT_FOUND;
        if (!id_is_zero(c->agent))
                return right_to_agent(tx, c->actor, c->right, c->agent);
        /* Whoever minds a site sees what it begins with. */
        return c->right == RIGHT_READERS_READ || actor_may(c->actor, c->right, whose_tenant())
                       ? 0
                       : CORE_FORBIDDEN;
}

static int read_level(struct db_tx *tx, struct context *c, struct id agent, bool is_own)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_find(tx, c->actor->tenant,
                        "SELECT model, is_on, port FROM reader_switch WHERE tenant_id = ?1 AND agent_id = ?2",
                        DB_VALUES(db_octets(agent.octets, ID_OCTETS)), &rows);

        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                int64_t model = db_rows_integer(&rows, 0);

                if (model >= 0 && model < READER_MODELS)
                        c->switches[model] =
                                (struct reader_switch){ db_rows_integer(&rows, 1),
                                                        (uint16_t)db_rows_integer(&rows, 2), is_own };
        }
        return fold(r);
}

static int find_in(struct db_tx *tx, void *context)
{
        static const struct id tenant;
        struct context *c = context;
        int r = right_to_switches(tx, c);

        if (r)
                return r;
        for (int model = 0; model < READER_MODELS; model++)
                c->switches[model] = (struct reader_switch){ .is_on = model != READER_LINE };
        r = read_level(tx, c, tenant, id_is_zero(c->agent));
        return r || id_is_zero(c->agent) ? r : read_level(tx, c, c->agent, true);
}

int reader_switches_find(struct core *core, const struct actor *actor, struct id agent,
                         struct reader_switch ret[READER_MODELS])
{
        struct context c = { .actor = actor, .right = RIGHT_READERS_READ, .agent = agent };
        int r;

        if (actor_reach(actor, RIGHT_READERS_READ) < (actor->kind == ACTOR_AGENT ? REACH_OWN : REACH_SITE))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                memcpy(ret, c.switches, sizeof(c.switches));
        return r == CORE_FORBIDDEN && !id_is_zero(agent) ? CORE_NOT_FOUND : r;
}

static int say(struct db_tx *tx, const struct context *c, int model)
{
        const struct reader_switch *s = &c->switches[model];

        return fold(db_run(tx, c->actor->tenant,
                           "INSERT INTO reader_switch (tenant_id, agent_id, model, is_on, port)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)",
                           DB_VALUES(db_octets(c->agent.octets, ID_OCTETS), db_integer(model),
                                     db_integer(s->is_on), db_integer(s->port)),
                           NULL));
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = right_to_switches(tx, c);

        if (r)
                return r;
        r = fold(db_run(tx, c->actor->tenant,
                        "DELETE FROM reader_switch WHERE tenant_id = ?1 AND agent_id = ?2",
                        DB_VALUES(db_octets(c->agent.octets, ID_OCTETS)), NULL));
        for (int model = 0; r == 0 && model < READER_MODELS; model++)
                if (c->switches[model].is_own)
                        r = say(tx, c, model);
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "reader-models-changed", c->agent, "");
}

int reader_switches_change(struct core *core, const struct actor *actor, struct id agent,
                           const struct reader_switch switches[READER_MODELS])
{
        struct context c = { .actor = actor, .right = RIGHT_READERS_CHANGE, .agent = agent };
        int r;

        if (actor_reach(actor, RIGHT_READERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        memcpy(c.switches, switches, sizeof(c.switches));
        r = db_write(core->db, change_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, agent, "configuration");
        return r == CORE_FORBIDDEN && !id_is_zero(agent) ? CORE_NOT_FOUND : r;
}
