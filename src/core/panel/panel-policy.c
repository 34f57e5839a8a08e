// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a tenant wants of its panels (core/panel/panel.h). */

#include "base/outcome.h"
#include "base/scope.h"
#include "core/panel/panel.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct id tenant;
        const struct panel_policy *policy;
        struct panel_policy found;
};

static int policy_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one(tx, c->tenant,
                       "SELECT unbound, prints_at_once, presence, hides_titles, words FROM panel_policy"
                       " WHERE tenant_id = ?1",
                       DB_NONE, &rows);

        c->found = (struct panel_policy){ .unbound = false };
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        c->found.unbound = db_rows_integer(&rows, 0);
        c->found.prints_at_once = db_rows_integer(&rows, 1);
        c->found.presence = db_rows_integer(&rows, 2);
        c->found.hides_titles = db_rows_integer(&rows, 3);
        db_rows_string(&rows, 4, c->found.words, sizeof(c->found.words));
        return 0;
}

int panel_policy_look(struct core *core, struct id tenant, struct panel_policy *ret)
{
        struct context c = { .tenant = tenant };
        int r = db_read(core->db, policy_in, &c);

        *ret = c.found;
        return r;
}

static int policy_set_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct panel_policy *p = c->policy;
        int r = fold(db_run(
                tx, c->tenant,
                "INSERT INTO panel_policy (tenant_id, unbound, prints_at_once, presence, hides_titles,"
                " words) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id) DO UPDATE SET unbound = ?2,"
                " prints_at_once = ?3, presence = ?4, hides_titles = ?5, words = ?6",
                DB_VALUES(db_integer(p->unbound), db_integer(p->prints_at_once), db_integer(p->presence),
                          db_integer(p->hides_titles), db_string(p->words)),
                NULL));

        return r ? r
                 : event_add(tx, c->tenant, c->actor, "panel-policy-changed", c->tenant,
                             p->presence ? "presence=yes" : "presence=no");
}

int panel_policy_set(struct core *core, const struct actor *actor, const struct panel_policy *policy)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .policy = policy };

        if (!actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!text_is_printable(text_from(policy->words)))
                return CORE_BAD_VALUE;
        return db_write(core->db, policy_set_in, &c);
}

/* ---- one panel's own ---- */

struct words {
        const struct panel_place *place;
        char *ret;
};

static int words_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct words *w = context;
        int r = db_one(tx, w->place->tenant, "SELECT words FROM panel WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&w->place->panel)), &rows);

        w->ret[0] = 0;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        db_rows_string(&rows, 0, w->ret, PANEL_WORDS);
        return 0;
}

int panel_words_look(struct core *core, const struct panel_place *place, char ret[PANEL_WORDS])
{
        struct words words = { place, ret };

        return db_read(core->db, words_in, &words);
}
