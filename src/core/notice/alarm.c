// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/notice/alarm.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/live.h"
#include "core/state.h"

struct context {
        struct id tenant;
        const struct alarm *alarm;
        int64_t now;
};

/* It stands in no device's table. */
#define NO_PLACE (-1)

static int go_on(struct db_tx *tx, struct context *c, int64_t *ret_changed)
{
        const struct alarm *a = c->alarm;

        return fold(db_run(
                tx, c->tenant,
                "UPDATE alert SET seen_ms = ?7 WHERE tenant_id = ?1 AND (agent_id = ?2 OR (?2 IS NULL AND agent_id IS NULL)) AND place = ?8 AND closed_ms = 0"
                " AND concerns = ?3 AND code = ?4 AND description = ?5"
                " AND (printer_id = ?6 OR (?6 IS NULL AND printer_id IS NULL))",
                DB_VALUES(db_id(&a->agent), db_string(a->concerns), db_string(a->code),
                          db_string(a->description), db_id(&a->printer), db_integer(c->now),
                          db_integer(NO_PLACE)),
                ret_changed));
}

static int begin(struct db_tx *tx, struct context *c)
{
        const struct alarm *a = c->alarm;
        struct id id = id_new();
        int r;

        r = db_run(
                tx, c->tenant,
                "INSERT INTO alert (tenant_id, id, agent_id, printer_id, place, severity, concerns, code,"
                " description, opened_ms, seen_ms, closed_ms, told)"
                " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, 0, 0 WHERE"
                " (SELECT count(*) FROM alert k WHERE k.tenant_id = ?1 AND (k.agent_id = ?3 OR (?3 IS NULL AND k.agent_id IS NULL AND k.place < 0)) AND k.closed_ms = 0) < ?11"
                " AND (SELECT count(*) FROM alert k WHERE k.tenant_id = ?1 AND (k.agent_id = ?3 OR (?3 IS NULL AND k.agent_id IS NULL AND k.place < 0))) < ?12",
                DB_VALUES(db_id(&id), db_id(&a->agent), db_id(&a->printer), db_integer(NO_PLACE),
                          db_integer(a->severity), db_string(a->concerns), db_string(a->code),
                          db_string(a->description), db_integer(c->now), db_integer(ALARMS_OF_AGENT),
                          db_integer(ALERTS_KEPT)),
                NULL);
        return r ? fold(r) : live_alert(tx, c->tenant, id, a->printer, a->agent, "alert-opened");
}

static int raise_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r = go_on(tx, c, &changed);

        return r || changed ? r : begin(tx, c);
}

int alarm_raise_in(struct db_tx *tx, struct id tenant, const struct alarm *alarm, int64_t now_ms)
{
        struct context c = { tenant, alarm, now_ms };

        return raise_in(tx, &c);
}

int alarm_raise(struct core *core, struct id tenant, const struct alarm *alarm)
{
        struct context c = { tenant, alarm, clock_unix_ms() };

        return db_write(core->db, raise_in, &c);
}

int alarms_forget_agent(struct db_tx *tx, struct id tenant, struct id agent)
{
        static const char *const statements[] = {
                ("DELETE FROM alert_message WHERE tenant_id = ?1 AND alert_id IN (SELECT id FROM alert"
                 " WHERE tenant_id = ?1 AND agent_id = ?2 AND printer_id IS NULL)"),
                "DELETE FROM alert WHERE tenant_id = ?1 AND agent_id = ?2 AND printer_id IS NULL",
                "UPDATE alert SET agent_id = NULL WHERE tenant_id = ?1 AND agent_id = ?2",
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = db_run(tx, tenant, statements[i], DB_VALUES(db_id(&agent)), NULL);
        return fold(r);
}
