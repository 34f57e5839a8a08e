// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/meter.h"

#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/sighting-row.h"

/* ---- kept ---- */

static int is_on(struct db_tx *tx, struct id tenant, struct id subject, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, "SELECT 1 FROM device_usage WHERE tenant_id = ?1 AND subject_id = ?2",
                       DB_VALUES(db_id(&subject)), &rows);

        *ret = r == 0;
        return r == DB_NO_ROW ? 0 : fold(r);
}

static int count_of_day(struct db_tx *tx, struct id tenant, struct id printer, int64_t day, int64_t *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant,
                       "SELECT count(*) FROM meter WHERE tenant_id = ?1 AND printer_id = ?2 AND day = ?3",
                       DB_VALUES(db_id(&printer), db_integer(day)), &rows);

        if (r)
                return fold(r);
        *ret = db_rows_integer(&rows, 0);
        return 0;
}

struct reading {
        struct id printer, discovered;
        int64_t day, seen_ms;
        bool is_usage;
};

static int keep(struct db_tx *tx, const struct teller *teller, const struct reading *reading,
                const struct sighting_meter *meters, size_t count)
{
        int64_t there = 0;
        int r = count_of_day(tx, teller->agent->tenant, reading->printer, reading->day, &there);

        for (size_t i = 0; r == 0 && i < count; i++) {
                int64_t changed;

                r = fold(db_run(tx, teller->agent->tenant,
                                "UPDATE meter SET value = ?6, unit = ?7, seen_ms = ?8 WHERE tenant_id = ?1"
                                " AND printer_id = ?2 AND day = ?3 AND name = ?4 AND discovered_id = ?5",
                                DB_VALUES(db_id(&reading->printer), db_integer(reading->day),
                                          db_string(meters[i].name), db_id(&reading->discovered),
                                          db_integer(meters[i].value), db_string(meters[i].unit),
                                          db_integer(reading->seen_ms)),
                                &changed));
                if (r || changed || there >= METERS_OF_DAY)
                        continue;
                there++;
                r = fold(db_run(
                        tx, teller->agent->tenant,
                        "INSERT INTO meter (tenant_id, printer_id, day, name, discovered_id, is_usage, unit, value,"
                        " seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                        DB_VALUES(db_id(&reading->printer), db_integer(reading->day),
                                  db_string(meters[i].name), db_id(&reading->discovered),
                                  db_integer(reading->is_usage), db_string(meters[i].unit),
                                  db_integer(meters[i].value), db_integer(reading->seen_ms)),
                        NULL));
        }
        return r;
}

int meters_keep(struct db_tx *tx, const struct teller *teller, struct id printer, struct id discovered,
                const struct sighting *s)
{
        struct reading reading = { .printer = printer,
                                   .discovered = discovered,
                                   .seen_ms = teller->now - s->age_s * 1000 };
        bool of_tenant = false, of_printer = false;
        int r = 0;

        reading.day = clock_day(reading.seen_ms);
        if (s->meter_count)
                r = keep(tx, teller, &reading, s->meters, s->meter_count);
        if (r || !s->counter_count)
                return r;
        r = is_on(tx, teller->agent->tenant, teller->agent->tenant, &of_tenant);
        if (r == 0)
                r = is_on(tx, teller->agent->tenant, printer, &of_printer);
        reading.is_usage = true;
        return r || !of_tenant || !of_printer ? r : keep(tx, teller, &reading, s->counters, s->counter_count);
}

/* ---- shown ---- */

struct context {
        const struct actor *actor;
        struct id printer;
        int64_t since, until;
        struct meter *to;
        struct usage *usage;
        size_t max, count;
        bool on;
};

/* The reading before, of the same device. */
#define COLUMNS                                                                                                        \
        "SELECT m.day, m.name, m.unit, m.value, m.value - (SELECT b.value FROM meter b WHERE b.tenant_id = ?1"         \
        " AND b.printer_id = m.printer_id AND b.name = m.name AND b.discovered_id = m.discovered_id AND b.day < m.day" \
        " ORDER BY b.day DESC LIMIT 1), m.is_usage, m.seen_ms, m.printer_id FROM meter m WHERE m.tenant_id = ?1"

static void read_meter(struct db_rows *rows, struct meter *ret)
{
        *ret = (struct meter){ .day = db_rows_integer(rows, 0),
                               .value = db_rows_integer(rows, 3),
                               .used = -1 };
        db_rows_string(rows, 1, ret->name, sizeof(ret->name));
        db_rows_string(rows, 2, ret->unit, sizeof(ret->unit));
        if (!db_rows_is_null(rows, 4) && db_rows_integer(rows, 4) >= 0)
                ret->used = db_rows_integer(rows, 4);
        ret->is_usage = db_rows_integer(rows, 5);
        ret->seen_ms = db_rows_integer(rows, 6);
        ret->printer = db_rows_id(rows, 7);
}

static int may(struct db_tx *tx, const struct context *c, enum right right)
{
        struct printer printer;
        int r = printer_find_in(tx, c->actor->tenant, c->printer, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = right_at_site(tx, c->actor, right, printer.site);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = may(tx, c, RIGHT_PRINTERS_INSPECT);

        c->count = 0;
        if (r)
                return r;
        r = db_find(
                tx, c->actor->tenant,
                COLUMNS
                " AND m.printer_id = ?2 AND m.day >= ?3 AND m.is_usage = 0 ORDER BY m.day, m.name LIMIT ?4",
                DB_VALUES(db_id(&c->printer), db_integer(c->since), db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r))
                read_meter(&rows, &c->to[c->count++]);
        return fold(r);
}

int meter_list(struct core *core, const struct actor *actor, struct id printer, int64_t since_day,
               struct meter *ret, size_t max, size_t *ret_count)
{
        struct context c = { .actor = actor, .printer = printer, .since = since_day, .to = ret, .max = max };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, list_in, &c);
        if (r == 0)
                *ret_count = c.count;
        return r;
}

/* ---- usage ---- */

/* The row of that day and printer; NULL where there is no room for another. */
static struct usage *row_of(struct context *c, int64_t day, struct id printer)
{
        for (size_t i = c->count; i-- > 0;)
                if (c->usage[i].day == day && id_equal(c->usage[i].printer, printer))
                        return &c->usage[i];
        if (c->count == c->max)
                return NULL;
        c->usage[c->count] = (struct usage){ .day = day, .printer = printer };
        return &c->usage[c->count++];
}

static int counted(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct meter meter;
        int r = db_find(
                tx, c->actor->tenant,
                COLUMNS
                " AND m.day >= ?2 AND m.day < ?3 AND m.is_usage = 1 ORDER BY m.day, m.printer_id, m.name"
                " LIMIT ?4",
                DB_VALUES(db_integer(c->since), db_integer(c->until),
                          db_integer((int64_t)c->max * USAGE_COUNTERS)),
                &rows);

        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                struct usage *row;

                read_meter(&rows, &meter);
                row = row_of(c, meter.day, meter.printer);
                if (row && row->counter_count < USAGE_COUNTERS)
                        row->counters[row->counter_count++] = meter;
        }
        return fold(r);
}

static int printed(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_find(
                tx, c->actor->tenant,
                "SELECT d.ended_ms / 86400000 AS day, d.printer_id, count(*), sum(d.pages) FROM delivery d"
                " WHERE d.tenant_id = ?1 AND d.state IN ('printed', 'sent') AND d.ended_ms >= ?2"
                " AND d.ended_ms < ?3 GROUP BY d.ended_ms / 86400000, d.printer_id ORDER BY 1, 2 LIMIT ?4",
                DB_VALUES(db_integer(c->since * 86400000), db_integer(c->until * 86400000),
                          db_integer((int64_t)c->max)),
                &rows);

        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                struct usage *row = row_of(c, db_rows_integer(&rows, 0), db_rows_id(&rows, 1));

                if (!row)
                        continue;
                row->deliveries = (uint32_t)db_rows_integer(&rows, 2);
                row->pages = (uint64_t)db_rows_integer(&rows, 3);
        }
        return fold(r);
}

static int report_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        c->count = 0;
        r = printed(tx, c);
        return r ? r : counted(tx, c);
}

int usage_report(struct core *core, const struct actor *actor, int64_t since_day, int64_t until_day,
                 struct usage *ret, size_t max, size_t *ret_count)
{
        struct context c = {
                .actor = actor, .since = since_day, .until = until_day, .usage = ret, .max = max
        };
        int r;

        if (!actor_may(actor, RIGHT_REPORTS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, report_in, &c);
        if (r == 0)
                *ret_count = c.count;
        return r;
}

static int look_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = id_is_zero(c->printer) ? 0 : may(tx, c, RIGHT_PRINTERS_INSPECT);

        return r ? r
                 : is_on(tx, c->actor->tenant, id_is_zero(c->printer) ? c->actor->tenant : c->printer,
                         &c->on);
}

int usage_is_on(struct core *core, const struct actor *actor, struct id printer, bool *ret)
{
        struct context c = { .actor = actor, .printer = printer };
        int r;

        if (id_is_zero(printer) ? !actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant())
                                : actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, look_in, &c);
        if (r == 0)
                *ret = c.on;
        return r;
}

static int switch_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct id subject = id_is_zero(c->printer) ? c->actor->tenant : c->printer;
        int r = id_is_zero(c->printer) ? 0 : may(tx, c, RIGHT_PRINTERS_CHANGE);

        if (r == 0 && c->on)
                r = fold(db_run(tx, c->actor->tenant,
                                "INSERT INTO device_usage (tenant_id, subject_id) VALUES (?1, ?2)"
                                " ON CONFLICT (tenant_id, subject_id) DO NOTHING",
                                DB_VALUES(db_id(&subject)), NULL));
        if (r == 0 && !c->on)
                r = fold(db_run(tx, c->actor->tenant,
                                "DELETE FROM device_usage WHERE tenant_id = ?1 AND subject_id = ?2",
                                DB_VALUES(db_id(&subject)), NULL));
        /* Nobody wants to know any more: what was counted is not there any more, either. */
        if (r == 0 && !c->on)
                r = fold(db_run(
                        tx, c->actor->tenant,
                        "DELETE FROM meter WHERE tenant_id = ?1 AND is_usage = 1 AND (?2 IS NULL OR printer_id = ?2)",
                        DB_VALUES(db_id(&c->printer)), NULL));
        return r ? r
                 : event_add(tx, c->actor->tenant, c->actor, "device-usage-changed", subject,
                             c->on ? "counted=yes" : "counted=no");
}

int usage_switch(struct core *core, const struct actor *actor, struct id printer, bool on)
{
        struct context c = { .actor = actor, .printer = printer, .on = on };
        int r;

        if (id_is_zero(printer) ? !actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant())
                                : actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_write(core->db, switch_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, (struct id){ 0 }, "discovery");
        return r;
}
