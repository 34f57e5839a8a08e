// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-glance.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

_Static_assert(PRINTER_STOPPED == 3 && ALERT_CRITICAL == 2, "PRINTER_WANTS_ATTENTION names them");

struct context {
        struct id tenant, printer;
        struct printer_glance *glance;
};

static int read_state(struct db_tx *tx, struct context *c)
{
        struct printer_state state;
        int r = printer_state_find_in(tx, c->tenant, c->printer, &state);

        if (r)
                return r;
        c->glance->condition = state.condition;
        c->glance->seen_ms = state.seen_ms;
        c->glance->reason_count = state.reason_count;
        memcpy(c->glance->reasons, state.reasons, sizeof(state.reasons));
        return 0;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = read_state(tx, c);

        if (r)
                return r;
        r = db_one(tx, c->tenant,
                   "SELECT count(*), coalesce(max(l.severity), 0), coalesce((SELECT w.swapped_ms"
                   " FROM printer_watch w WHERE w.tenant_id = ?1 AND w.printer_id = ?2), 0) FROM alert l"
                   " WHERE l.tenant_id = ?1 AND l.printer_id = ?2 AND l.closed_ms = 0",
                   DB_VALUES(db_id(&c->printer)), &rows);
        if (r)
                return fold(r);
        c->glance->alerts = (uint32_t)db_rows_integer(&rows, 0);
        c->glance->worst = (enum alert_severity)db_rows_integer(&rows, 1);
        c->glance->swapped_ms = db_rows_integer(&rows, 2);
        return 0;
}

int printer_glance_find(struct core *core, struct id tenant, struct id printer, struct printer_glance *ret)
{
        struct context c = { .tenant = tenant, .printer = printer, .glance = ret };

        *ret = (struct printer_glance){ .seen_ms = 0 };
        return db_read(core->db, find_in, &c);
}
