// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/panel/panel-notice.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

struct context {
        struct id tenant, printer;
        const struct panel_place *place;
        struct panel_notice notice;
        struct id panels[PANELS_MAX];
        size_t count;
        int64_t now;
};

static int put_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run(tx, c->tenant,
                           "UPDATE panel SET notice = ?3, notice_tail = ?4, notice_ms = ?5"
                           " WHERE tenant_id = ?1 AND printer_id = ?2",
                           DB_VALUES(db_id(&c->printer), db_integer(c->notice.kind),
                                     db_string(c->notice.tail), db_integer(c->now)),
                           NULL));
}

/* Those whose browser is there. */
static int find_alive_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_find(tx, c->tenant,
                        "SELECT id FROM panel WHERE tenant_id = ?1 AND printer_id = ?2 AND seen_ms > ?3",
                        DB_VALUES(db_id(&c->printer), db_integer(c->now - PANEL_LIVE_MS)), &rows);

        c->count = 0;
        while (r == 0 && c->count < PANELS_MAX && db_rows_next(&rows, &r))
                c->panels[c->count++] = db_rows_id(&rows, 0);
        return fold(r);
}

int panel_notice_put(struct core *core, struct id tenant, struct id printer,
                     const struct panel_notice *notice)
{
        struct context c = {
                .tenant = tenant, .printer = printer, .notice = *notice, .now = clock_unix_ms()
        };
        int r = db_read(core->db, find_alive_in, &c);

        /* Most printers have none. */
        if (r || !c.count)
                return r;
        r = db_write(core->db, put_in, &c);
        for (size_t i = 0; r == 0 && core->parts.wake_panel && i < c.count; i++)
                core->parts.wake_panel(core->parts.wake_context, tenant, c.panels[i]);
        return r;
}

static int look_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one(tx, c->place->tenant,
                       "SELECT notice, notice_tail FROM panel WHERE tenant_id = ?1 AND id = ?2"
                       " AND notice_ms > ?3",
                       DB_VALUES(db_id(&c->place->panel), db_integer(c->now - PANEL_NOTICE_MS)), &rows);

        c->notice = (struct panel_notice){ .kind = PANEL_NOTICE_NONE };
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        c->notice.kind = (enum panel_notice_kind)db_rows_integer(&rows, 0);
        db_rows_string(&rows, 1, c->notice.tail, sizeof(c->notice.tail));
        return 0;
}

int panel_notice_look(struct core *core, const struct panel_place *place, struct panel_notice *ret)
{
        struct context c = { .place = place, .now = clock_unix_ms() };
        int r = db_read(core->db, look_in, &c);

        *ret = c.notice;
        return r;
}

static int clear_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run(tx, c->place->tenant,
                           "UPDATE panel SET notice_ms = 0 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->place->panel)), NULL));
}

int panel_notice_clear(struct core *core, const struct panel_place *place)
{
        struct context c = { .place = place };

        return db_write(core->db, clear_in, &c);
}
