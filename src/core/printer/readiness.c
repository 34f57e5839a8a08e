// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/readiness.h"

#include "base/clock.h"
#include "base/crew.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer-desk.h"
#include "core/printer/printer-state.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct id printer;
        struct printer found;
        struct readiness *readiness;
        struct text checks;
        int64_t now;
};

static int find_printer(struct db_tx *tx, struct context *c)
{
        int r = printer_find_in(tx, c->actor->tenant, c->printer, &c->found);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int see_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = find_printer(tx, c);

        if (r == 0)
                r = right_at_site(tx, c->actor, RIGHT_PRINTERS_INSPECT, c->found.site);
        if (r)
                return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
        buffer_clear(&c->readiness->checks);
        c->readiness->seen_ms = 0;
        r = db_one(tx, c->actor->tenant,
                   "SELECT seen_ms, checks FROM readiness WHERE tenant_id = ?1 AND printer_id = ?2",
                   DB_VALUES(db_id(&c->printer)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        c->readiness->seen_ms = db_rows_integer(&rows, 0);
        buffer_add_text(&c->readiness->checks, db_rows_text(&rows, 1));
        return c->readiness->checks.failure ? fault(c->readiness->checks.failure) : 0;
}

int readiness_ask(struct core *core, const struct actor *actor, struct id printer, int64_t wait_ms,
                  struct readiness *ret)
{
        struct context c = { .actor = actor, .printer = printer, .readiness = ret };
        int64_t until_ms = clock_monotonic_ms() + wait_ms, began_ms = clock_unix_ms();
        struct printer_wish wish;
        int r;

        ret->is_new = false;
        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, see_in, &c);
        if (r)
                return r;
        wish = (struct printer_wish){ actor->tenant, printer, c.found.agent };
        if (printer_desk_want(core->readiness_desk, &wish))
                wake_agent(core, actor->tenant, c.found.agent, "readiness");
        if (wait_ms <= 0 || !crew_wait_begin(CREW_PRINTERS))
                return 0;
        if (printer_desk_wait(core->readiness_desk, actor->tenant, printer, until_ms)) {
                r = db_read(core->db, see_in, &c);
                ret->is_new = ret->seen_ms >= began_ms;
        }
        crew_wait_end(CREW_PRINTERS);
        return r;
}

static bool may_tell(const struct context *c)
{
        return id_is_zero(c->found.agent) || id_equal(c->found.agent, c->actor->id);
}

int readiness_take(struct core *core, const struct actor *agent, struct printer *ret, size_t max,
                   size_t *ret_count)
{
        return printer_desk_give(core, core->readiness_desk, agent, ret, max, ret_count);
}

static int keep_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = find_printer(tx, c);

        if (r || !may_tell(c))
                return r ? r : CORE_NOT_FOUND;
        return fold(db_run(
                tx, c->actor->tenant,
                "INSERT INTO readiness (tenant_id, printer_id, seen_ms, checks) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (tenant_id, printer_id) DO UPDATE SET seen_ms = excluded.seen_ms,"
                " checks = excluded.checks",
                DB_VALUES(db_id(&c->printer), db_integer(c->now), db_text(c->checks)), NULL));
}

int readiness_keep(struct core *core, const struct actor *agent, struct id printer, struct text checks)
{
        struct context c = { .actor = agent, .printer = printer, .checks = checks, .now = clock_unix_ms() };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (checks.len > READINESS_OCTETS)
                return CORE_BAD_VALUE;
        r = db_write(core->db, keep_in, &c);
        if (r == 0)
                printer_desk_answer(core->readiness_desk, agent->tenant, printer, true);
        return r;
}
