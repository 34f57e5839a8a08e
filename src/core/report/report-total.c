// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/report-total.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/report-paper.h"
#include "core/report/report-setting.h"
#include "core/state.h"

#define PRUNE_ROWS 1000

/* What is added, and to whom. */
struct addition {
        struct id person, printer, queue, site; /* printer and site may be zero: none */
        int64_t day;
        char currency[PRICE_CURRENCY];
        struct report_sums sums;
};

/* In which the row's cost is; where this one's is in another, it takes the place of that. */
#define SAME "report_total.currency = ?17"

static int add_one(struct db_tx *tx, struct id tenant, enum report_kind kind, struct id subject,
                   const struct addition *a)
{
        const struct report_sums *s = &a->sums;

        return fold(db_run(
                tx, tenant,
                "INSERT INTO report_total (tenant_id, kind, subject_id, day, site_id, jobs, pages, colour_pages,"
                " two_sided_pages, sheets, cost, unknown_jobs, saved_jobs, saved_pages, saved_sheets, priced_jobs, currency)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
                " ON CONFLICT (tenant_id, kind, subject_id, day, site_id) DO UPDATE SET"
                " jobs = report_total.jobs + ?6, pages = report_total.pages + ?7,"
                " colour_pages = report_total.colour_pages + ?8,"
                " two_sided_pages = report_total.two_sided_pages + ?9, sheets = report_total.sheets + ?10,"
                " cost = CASE WHEN ?16 = 0 OR " SAME " THEN report_total.cost ELSE 0 END + ?11,"
                " priced_jobs = CASE WHEN ?16 = 0 OR " SAME " THEN report_total.priced_jobs ELSE 0 END + ?16,"
                " currency = CASE WHEN ?16 = 0 THEN report_total.currency ELSE ?17 END, unknown_jobs = report_total.unknown_jobs + ?12,"
                " saved_jobs = report_total.saved_jobs + ?13, saved_pages = report_total.saved_pages + ?14,"
                " saved_sheets = report_total.saved_sheets + ?15",
                DB_VALUES(db_integer(kind), db_octets(subject.octets, ID_OCTETS), db_integer(a->day),
                          db_octets(a->site.octets, ID_OCTETS), db_integer(s->jobs), db_integer(s->pages),
                          db_integer(s->colour_pages), db_integer(s->two_sided_pages), db_integer(s->sheets),
                          db_integer(s->cost), db_integer(s->unknown_jobs), db_integer(s->saved_jobs),
                          db_integer(s->saved_pages), db_integer(s->saved_sheets), db_integer(s->priced_jobs),
                          db_string(a->currency)),
                NULL));
}

static int add(struct db_tx *tx, struct id tenant, const struct addition *a)
{
        int r = add_one(tx, tenant, REPORT_ALL, (struct id){ 0 }, a);

        if (r == 0)
                r = add_one(tx, tenant, REPORT_PERSON, a->person, a);
        if (r == 0 && !id_is_zero(a->printer))
                r = add_one(tx, tenant, REPORT_PRINTER, a->printer, a);
        return r ? r : add_one(tx, tenant, REPORT_QUEUE, a->queue, a);
}

/* Columns from this one on: the inspection's pages and colour_pages. */
static void read_document(struct db_rows *rows, int column, struct report_paper *ret)
{
        ret->document_pages = (uint32_t)db_rows_integer(rows, column);
        ret->has_colour_pages = !db_rows_is_null(rows, column + 1);
        ret->colour_pages = (uint32_t)db_rows_integer(rows, column + 1);
}

static int find_day(struct db_tx *tx, struct id tenant, struct report_setting *setting, int64_t *ret)
{
        const struct time_zone *zone;
        int r = report_setting_find(tx, tenant, setting);

        if (r == 0)
                r = report_setting_zone(setting, &zone);
        if (r == 0)
                *ret = time_zone_day(zone, clock_unix_ms());
        return r;
}

static void count_printed(const struct report_use *use, const struct cost *cost, struct addition *ret)
{
        ret->sums = (struct report_sums){ .jobs = 1,
                                          .pages = use->pages,
                                          .colour_pages = use->colour_pages,
                                          .two_sided_pages = use->two_sided_pages,
                                          .sheets = use->sheets,
                                          .priced_jobs = cost->currency[0] != 0,
                                          .cost = cost->amount,
                                          .unknown_jobs = use->is_unknown };
        memcpy(ret->currency, cost->currency, sizeof(ret->currency));
}

/* From now on this is what it did cost, whatever prices become. */
static int keep_cost(struct db_tx *tx, struct id tenant, struct id delivery, const struct cost *cost)
{
        if (!cost->currency[0])
                return 0;
        return fold(db_run(
                tx, tenant, "UPDATE delivery SET cost = ?3, currency = ?4 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&delivery), db_integer(cost->amount), db_string(cost->currency)), NULL));
}

int report_add_printed(struct db_tx *tx, struct id tenant, const struct delivery_row *delivery)
{
        struct addition a = { .printer = delivery->printer };
        struct report_setting setting;
        struct price_list prices;
        struct ticket ticket;
        struct report_paper paper = { .ticket = &ticket };
        struct report_use use;
        struct cost cost;
        int r = find_day(tx, tenant, &setting, &a.day);

        if (r == 0)
                r = price_list_find(tx, tenant, delivery->printer, &prices);
        if (r)
                return r;
        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, tenant,
                           "SELECT j.owner_id, j.queue_id, p.site_id, p.colour, d.ticket, d.pages, i.pages,"
                           " i.colour_pages FROM delivery d"
                           " JOIN job j ON j.tenant_id = ?1 AND j.id = d.job_id"
                           " LEFT JOIN printer p ON p.tenant_id = ?1 AND p.id = d.printer_id"
                           " LEFT JOIN inspection i ON i.tenant_id = ?1 AND i.job_id = d.job_id"
                           " WHERE d.tenant_id = ?1 AND d.id = ?2",
                           DB_VALUES(db_id(&delivery->id)), &rows);
                if (r)
                        return fold(r);
                a.person = db_rows_id(&rows, 0);
                a.queue = db_rows_id(&rows, 1);
                a.site = db_rows_id(&rows, 2);
                paper.has_colour = db_rows_integer(&rows, 3);
                paper.told_pages = (uint32_t)db_rows_integer(&rows, 5);
                read_document(&rows, 6, &paper);
                if (ticket_parse(db_rows_text(&rows, 4), &ticket))
                        return fault(-EBADMSG);
        }
        report_measure(&paper, &use);
        cost = price_use(&prices, &use);
        count_printed(&use, &cost, &a);
        r = keep_cost(tx, tenant, delivery->id, &cost);
        return r ? r : add(tx, tenant, &a);
}

int report_add_saved(struct db_tx *tx, struct id tenant, const struct job_row *job)
{
        struct addition a = { .person = job->owner, .printer = job->printer, .queue = job->queue };
        struct report_paper paper = { .ticket = &job->ticket, .has_colour = true };
        struct report_setting setting;
        struct report_use use;
        int r = find_day(tx, tenant, &setting, &a.day);

        if (r)
                return r;
        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, tenant,
                           "SELECT p.site_id, i.pages, i.colour_pages FROM job j"
                           " LEFT JOIN printer p ON p.tenant_id = ?1 AND p.id = j.printer_id"
                           " LEFT JOIN inspection i ON i.tenant_id = ?1 AND i.job_id = j.id"
                           " WHERE j.tenant_id = ?1 AND j.id = ?2",
                           DB_VALUES(db_id(&job->id)), &rows);
                if (r)
                        return fold(r);
                a.site = db_rows_id(&rows, 0);
                read_document(&rows, 1, &paper);
        }
        report_measure(&paper, &use);
        a.sums =
                (struct report_sums){ .saved_jobs = 1, .saved_pages = use.pages, .saved_sheets = use.sheets };
        return add(tx, tenant, &a);
}

struct prune {
        struct core *core;
        int64_t day;
        int64_t changed;
};

/* By the service's calendar: a day sooner or later does not matter after so many. */
static int prune_in(struct db_tx *tx, void *context)
{
        struct prune *prune = context;
        int64_t people_days = prune->core->settings.event_keep_ms / 86400000;
        int64_t changed;
        int r;

        prune->changed = 0;
        if (people_days > REPORT_DAYS_MAX)
                people_days = REPORT_DAYS_MAX;
        r = db_run_all(tx,
                       "DELETE FROM report_total WHERE (tenant_id, kind, subject_id, day, site_id) IN"
                       " (SELECT o.tenant_id, o.kind, o.subject_id, o.day, o.site_id FROM tenant t"
                       " LEFT JOIN report_setting s ON s.tenant_id = t.id"
                       " JOIN report_total o ON o.tenant_id = t.id AND o.kind = 1"
                       " AND o.day < ?1 - CASE WHEN s.job_days > 0 THEN s.job_days ELSE ?2 END LIMIT ?3)",
                       DB_VALUES(db_integer(prune->day), db_integer(people_days), db_integer(PRUNE_ROWS)),
                       &changed);
        if (r)
                return fold(r);
        prune->changed += changed;
        r = db_run_all(tx,
                       "DELETE FROM report_total WHERE (tenant_id, kind, subject_id, day, site_id) IN"
                       " (SELECT o.tenant_id, o.kind, o.subject_id, o.day, o.site_id FROM tenant t"
                       " LEFT JOIN report_setting s ON s.tenant_id = t.id"
                       " JOIN report_total o ON o.tenant_id = t.id AND o.kind IN (0, 1, 2, 3)"
                       " AND o.day < ?1 - coalesce(s.total_days, ?2) LIMIT ?3)",
                       DB_VALUES(db_integer(prune->day), db_integer(REPORT_DAYS_MAX), db_integer(PRUNE_ROWS)),
                       &changed);
        if (r)
                return fold(r);
        prune->changed += changed;
        /* How full supplies were is of the same kind. */
        r = db_run_all(tx,
                       "DELETE FROM supply_level WHERE (tenant_id, supply_id, day) IN"
                       " (SELECT l.tenant_id, l.supply_id, l.day FROM tenant t"
                       " LEFT JOIN report_setting s ON s.tenant_id = t.id"
                       " JOIN supply_level l ON l.tenant_id = t.id"
                       " AND l.day < ?1 - coalesce(s.total_days, ?2) LIMIT ?3)",
                       DB_VALUES(db_integer(prune->day), db_integer(REPORT_DAYS_MAX), db_integer(PRUNE_ROWS)),
                       &changed);
        if (r)
                return fold(r);
        prune->changed += changed;
        return fold(db_run_all(
                tx,
                "DELETE FROM supply WHERE (tenant_id, id) IN (SELECT s.tenant_id, s.id FROM supply s"
                " WHERE s.day < ?1 AND NOT EXISTS (SELECT 1 FROM supply_level l"
                " WHERE l.tenant_id = s.tenant_id AND l.supply_id = s.id) LIMIT ?2)",
                DB_VALUES(db_integer(prune->day - REPORT_DAYS_MAX), db_integer(PRUNE_ROWS)), NULL));
}

int report_totals_prune(struct core *core, int64_t now_ms, bool *ret_more)
{
        struct prune prune = { .core = core, .day = clock_day(now_ms) };
        int r = db_write(core->db, prune_in, &prune);

        *ret_more = r == 0 && prune.changed >= PRUNE_ROWS;
        return r;
}
