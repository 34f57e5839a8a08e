// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/notice/alert.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/live.h"
#include "core/printer/sighting-row.h"

/* ---- what a sighting has ---- */

struct open_alert {
        struct id id;
        int64_t place, closed_ms;
        char concerns[CORE_NAME], code[CORE_NAME];
        bool is_seen;
};

static int find_open(struct db_tx *tx, const struct teller *teller, struct id printer,
                     struct open_alert ret[2 * ALERTS_OF_PRINTER], size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_find(
                tx, teller->agent->tenant,
                "SELECT id, place, concerns, code, closed_ms FROM alert WHERE tenant_id = ?1 AND printer_id = ?2"
                " AND place >= 0 AND (closed_ms = 0 OR closed_ms > ?3) ORDER BY closed_ms LIMIT 128",
                DB_VALUES(db_id(&printer), db_integer(teller->now - teller->core->settings.alert_settle_ms)),
                &rows);

        *ret_count = 0;
        if (r)
                return fold(r);
        while (*ret_count < 2 * ALERTS_OF_PRINTER && db_rows_next(&rows, &r)) {
                struct open_alert *open = &ret[(*ret_count)++];

                *open = (struct open_alert){ .id = db_rows_id(&rows, 0), .place = db_rows_integer(&rows, 1) };
                db_rows_string(&rows, 2, open->concerns, sizeof(open->concerns));
                db_rows_string(&rows, 3, open->code, sizeof(open->code));
                open->closed_ms = db_rows_integer(&rows, 4);
        }
        return fold(r);
}

/* Devices number them anew: another place is the same alert, once each. */
static struct open_alert *same(struct open_alert *open, size_t count, const struct sighting_alert *alert)
{
        struct open_alert *found = NULL;

        for (size_t i = 0; i < count; i++) {
                if (open[i].is_seen || strcmp(open[i].concerns, alert->group) != 0 ||
                    strcmp(open[i].code, alert->code) != 0)
                        continue;
                if (open[i].place == alert->index)
                        return &open[i];
                if (!found)
                        found = &open[i];
        }
        return found;
}

static int tell(struct db_tx *tx, const struct teller *teller, struct id alert, struct id printer,
                const char *what)
{
        return live_alert(tx, teller->agent->tenant, alert, printer, teller->agent->id, what);
}

static int go_on(struct db_tx *tx, const struct teller *teller, struct id printer,
                 const struct open_alert *open, const struct sighting_alert *alert)
{
        int r = db_run(tx, teller->agent->tenant,
                       "UPDATE alert SET seen_ms = ?3, closed_ms = 0, severity = ?4, description = ?5"
                       " WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&open->id), db_integer(teller->now), db_integer(alert->severity),
                                 db_string(alert->description)),
                       NULL);

        if (r)
                return fold(r);
        return open->closed_ms ? tell(tx, teller, open->id, printer, "alert-opened") : 0;
}

static int end(struct db_tx *tx, const struct teller *teller, struct id printer,
               const struct open_alert *open)
{
        int r = db_run(tx, teller->agent->tenant,
                       "UPDATE alert SET closed_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&open->id), db_integer(teller->now)), NULL);

        return r ? fold(r) : tell(tx, teller, open->id, printer, "alert-closed");
}

static int begin(struct db_tx *tx, const struct teller *teller, struct id printer,
                 const struct sighting_alert *alert)
{
        struct id id = id_new();
        int r;

        r = db_run(
                tx, teller->agent->tenant,
                "INSERT INTO alert (tenant_id, id, printer_id, place, severity, concerns, code, description,"
                " opened_ms, seen_ms, closed_ms, told) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 0, 0"
                " WHERE (SELECT count(*) FROM alert k WHERE k.tenant_id = ?1 AND k.printer_id = ?3) < ?10",
                DB_VALUES(db_id(&id), db_id(&printer), db_integer(alert->index), db_integer(alert->severity),
                          db_string(alert->group), db_string(alert->code), db_string(alert->description),
                          db_integer(teller->now), db_integer(ALERTS_KEPT)),
                NULL);
        return r ? fold(r) : tell(tx, teller, id, printer, "alert-opened");
}

int alerts_take(struct db_tx *tx, const struct teller *teller, struct id printer,
                const struct sighting *sighting)
{
        struct open_alert open[2 * ALERTS_OF_PRINTER], *found;
        size_t count, room = ALERTS_OF_PRINTER;
        int r;

        if (!sighting->has_alerts)
                return 0;
        r = find_open(tx, teller, printer, open, &count);
        for (size_t i = 0; r == 0 && i < sighting->alert_count && room; i++, room--) {
                found = same(open, count, &sighting->alerts[i]);
                if (found)
                        found->is_seen = true;
                r = found ? go_on(tx, teller, printer, found, &sighting->alerts[i])
                          : begin(tx, teller, printer, &sighting->alerts[i]);
        }
        for (size_t i = 0; r == 0 && i < count; i++)
                if (!open[i].is_seen && !open[i].closed_ms)
                        r = end(tx, teller, printer, &open[i]);
        return r;
}

/* ---- shown ---- */

static void read_alert(struct db_rows *rows, void *item)
{
        struct alert *ret = item;

        *ret = (struct alert){ .id = db_rows_id(rows, 0), .printer = db_rows_id(rows, 1) };
        db_rows_string(rows, 2, ret->printer_name, sizeof(ret->printer_name));
        ret->severity = (enum alert_severity)db_rows_integer(rows, 3);
        db_rows_string(rows, 4, ret->concerns, sizeof(ret->concerns));
        db_rows_string(rows, 5, ret->code, sizeof(ret->code));
        db_rows_string(rows, 6, ret->description, sizeof(ret->description));
        ret->opened_ms = db_rows_integer(rows, 7);
        ret->seen_ms = db_rows_integer(rows, 8);
        ret->closed_ms = db_rows_integer(rows, 9);
        ret->agent = db_rows_id(rows, 10);
        db_rows_string(rows, 11, ret->agent_name, sizeof(ret->agent_name));
}

int alert_list(struct core *core, const struct actor *actor, bool only_open, struct id printer,
               struct id after, struct alert *ret, size_t max, size_t *ret_count)
{
        bool is_of_sites = !actor_may(actor, RIGHT_PRINTERS_INSPECT, whose_tenant());
        struct listing alerts = {
                .tenant = actor->tenant,
                .sql = "SELECT a.id, a.printer_id, p.name, a.severity, a.concerns, a.code, a.description, a.opened_ms,"
                       " a.seen_ms, a.closed_ms, a.agent_id, g.name FROM alert a LEFT JOIN printer p ON p.tenant_id = a.tenant_id"
                       " AND p.id = a.printer_id LEFT JOIN agent g ON g.tenant_id = a.tenant_id AND g.id = a.agent_id"
                       " WHERE a.tenant_id = ?1 AND a.id > ?2 AND (?4 IS NULL OR COALESCE(p.site_id, g.site_id) IN"
                       " (SELECT site_id FROM site_administrator WHERE tenant_id = ?1 AND person_id = ?4))"
                       " AND (?5 = 0 OR a.closed_ms = 0) AND (?6 IS NULL OR a.printer_id = ?6) ORDER BY a.id LIMIT ?3",
                .values = DB_VALUES(is_of_sites ? db_id(&actor->id) : db_null(), db_integer(only_open),
                                    db_id(&printer)),
                .after = after,
                .read = read_alert,
                LISTING_INTO(ret, max)
        };

        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        return listing_find(core, &alerts, ret_count);
}
