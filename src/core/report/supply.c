// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/supply.h"

#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/printer/sighting-row.h"

/* ---- kept ---- */

struct row {
        struct id tenant, id, printer, discovered;
        int64_t day, seen_ms;
        const struct sighting_level *told;
        bool is_new, is_other, is_same; /* of its place; another supply than before; nothing changed today */
};

static int find_place(struct db_tx *tx, struct row *row)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, row->tenant,
                       "SELECT id, discovered_id, name, day, level FROM supply"
                       " WHERE tenant_id = ?1 AND printer_id = ?2 AND place = ?3",
                       DB_VALUES(db_id(&row->printer), db_integer(row->told->index)), &rows);

        row->is_new = r == DB_NO_ROW;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        row->id = db_rows_id(&rows, 0);
        row->is_other = !id_equal(db_rows_id(&rows, 1), row->discovered) ||
                        !text_equal_string(db_rows_text(&rows, 2), row->told->name);
        row->is_same = !row->is_other && db_rows_integer(&rows, 3) == row->day &&
                       db_rows_integer(&rows, 4) == row->told->level;
        return 0;
}

static int begin(struct db_tx *tx, struct row *row, bool *ret_is_kept)
{
        int64_t changed;
        int r;

        row->id = id_new();
        r = db_run(tx, row->tenant,
                   "INSERT INTO supply (tenant_id, id, printer_id, place, discovered_id, name, type, colour,"
                   " level, day, seen_ms, empty_day) SELECT ?1, ?2, ?3, ?4, ?5, '', '', '', 0, 0, 0, ?6 WHERE"
                   " (SELECT count(*) FROM supply k WHERE k.tenant_id = ?1 AND k.printer_id = ?3) < ?7",
                   DB_VALUES(db_id(&row->id), db_id(&row->printer), db_integer(row->told->index),
                             db_id(&row->discovered), db_integer(SUPPLY_NO_DAY),
                             db_integer(SUPPLIES_OF_PRINTER)),
                   &changed);
        *ret_is_kept = changed;
        return fold(r);
}

static int find_readings(struct db_tx *tx, const struct row *row, struct supply_reading ret[SUPPLY_READINGS],
                         size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        size_t count = 0;
        int r = db_find(tx, row->tenant,
                        "SELECT day, level FROM supply_level WHERE tenant_id = ?1 AND supply_id = ?2"
                        " ORDER BY day DESC LIMIT ?3",
                        DB_VALUES(db_id(&row->id), db_integer(SUPPLY_READINGS)), &rows);

        if (r)
                return fold(r);
        while (count < SUPPLY_READINGS && db_rows_next(&rows, &r))
                ret[count++] = (struct supply_reading){ db_rows_integer(&rows, 0),
                                                        (int32_t)db_rows_integer(&rows, 1) };
        for (size_t i = 0; i < count / 2; i++) {
                struct supply_reading later = ret[i];

                ret[i] = ret[count - 1 - i];
                ret[count - 1 - i] = later;
        }
        *ret_count = count;
        return fold(r);
}

static int put_level(struct db_tx *tx, const struct row *row)
{
        return fold(
                db_run(tx, row->tenant,
                       "INSERT INTO supply_level (tenant_id, supply_id, day, level) VALUES (?1, ?2, ?3, ?4)"
                       " ON CONFLICT (tenant_id, supply_id, day) DO UPDATE SET level = ?4",
                       DB_VALUES(db_id(&row->id), db_integer(row->day), db_integer(row->told->level)), NULL));
}

static int forget_levels(struct db_tx *tx, const struct row *row)
{
        return fold(db_run(tx, row->tenant,
                           "DELETE FROM supply_level WHERE tenant_id = ?1 AND supply_id = ?2",
                           DB_VALUES(db_id(&row->id)), NULL));
}

static int put(struct db_tx *tx, const struct row *row)
{
        struct supply_reading readings[SUPPLY_READINGS];
        size_t count;
        int r = put_level(tx, row);

        if (r == 0)
                r = find_readings(tx, row, readings, &count);
        if (r)
                return r;
        return fold(
                db_run(tx, row->tenant,
                       "UPDATE supply SET discovered_id = ?3, name = ?4, type = ?5, colour = ?6, level = ?7,"
                       " day = ?8, seen_ms = ?9, empty_day = ?10 WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&row->id), db_id(&row->discovered), db_string(row->told->name),
                                 db_string(row->told->type), db_string(row->told->colour),
                                 db_integer(row->told->level), db_integer(row->day), db_integer(row->seen_ms),
                                 db_integer(supply_forecast(readings, count))),
                       NULL));
}

static int keep_one(struct db_tx *tx, struct row *row)
{
        bool is_kept = true;
        int r = find_place(tx, row);

        if (r || row->is_same)
                return r;
        if (row->is_new)
                r = begin(tx, row, &is_kept);
        else if (row->is_other)
                r = forget_levels(tx, row);
        return r || !is_kept ? r : put(tx, row);
}

int supplies_keep(struct db_tx *tx, const struct teller *teller, struct id printer, struct id discovered,
                  const struct sighting *s)
{
        int64_t seen_ms = teller->now - s->age_s * 1000;
        int r = 0;

        for (size_t i = 0; r == 0 && i < s->level_count; i++) {
                struct row row = { .tenant = teller->agent->tenant,
                                   .printer = printer,
                                   .discovered = discovered,
                                   .day = clock_day(seen_ms),
                                   .seen_ms = seen_ms,
                                   .told = &s->levels[i] };

                r = keep_one(tx, &row);
        }
        return r;
}

/* ---- shown ---- */

static void read_supply(struct db_rows *rows, void *item)
{
        struct supply *ret = item;

        *ret = (struct supply){ .id = db_rows_id(rows, 0), .printer = db_rows_id(rows, 1) };
        db_rows_string(rows, 2, ret->printer_name, sizeof(ret->printer_name));
        db_rows_string(rows, 3, ret->name, sizeof(ret->name));
        db_rows_string(rows, 4, ret->type, sizeof(ret->type));
        db_rows_string(rows, 5, ret->colour, sizeof(ret->colour));
        ret->level = (int32_t)db_rows_integer(rows, 6);
        ret->seen_ms = db_rows_integer(rows, 7);
        ret->empty_day = db_rows_integer(rows, 8);
}

/* The place of the one after which it goes on. */
#define LAST(column) "coalesce((SELECT l." column " FROM supply l WHERE l.tenant_id = ?1 AND l.id = ?2), -1)"

int supply_list(struct core *core, const struct actor *actor, const struct supply_filter *filter,
                struct id after, struct supply *ret, size_t max, size_t *ret_count)
{
        bool is_of_sites = !actor_may(actor, RIGHT_PRINTERS_INSPECT, whose_tenant());
        struct listing supplies = {
                .tenant = actor->tenant,
                .sql = "SELECT s.id, s.printer_id, CASE WHEN p.title <> '' THEN p.title ELSE p.name END, s.name,"
                       " s.type, s.colour, s.level, s.seen_ms, s.empty_day FROM supply s"
                       " JOIN printer p ON p.tenant_id = s.tenant_id AND p.id = s.printer_id"
                       " WHERE s.tenant_id = ?1 AND (s.empty_day, s.level, s.id) > (" LAST("empty_day") ", " LAST(
                               "level") ", ?2)"
                                        " AND (?4 IS NULL OR p.site_id IN (SELECT a.site_id FROM site_administrator a"
                                        " WHERE a.tenant_id = ?1 AND a.person_id = ?4))"
                                        " AND s.day >= ?5 AND (?6 IS NULL OR s.printer_id = ?6) AND (?7 IS NULL OR p.site_id = ?7)"
                                        " ORDER BY s.empty_day, s.level, s.id LIMIT ?3",
                .values = DB_VALUES(is_of_sites ? db_id(&actor->id) : db_null(),
                                    db_integer(clock_day(clock_unix_ms()) - SUPPLY_QUIET_DAYS),
                                    db_id(&filter->printer), db_id(&filter->site)),
                .after = after,
                .read = read_supply,
                LISTING_INTO(ret, max)
        };

        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        return listing_find(core, &supplies, ret_count);
}
