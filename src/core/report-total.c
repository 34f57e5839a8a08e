// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report-total.h"

#include <errno.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/report-paper.h"
#include "core/report-setting.h"
#include "core/state.h"

#define PRUNE_ROWS 1000

/* What is added, and to whom. */
struct addition {
        struct id person, printer, queue, site; /* printer and site may be zero: none */
        int64_t day;
        struct report_sums sums;
};

static int add_one(struct db_tx *tx, struct id tenant, enum report_kind kind, struct id subject,
                   const struct addition *a)
{
        const struct report_sums *s = &a->sums;

        return fold(db_run(
                tx, tenant,
                "INSERT INTO report_total (tenant_id, kind, subject_id, day, site_id, jobs, pages, colour_pages,"
                " two_sided_pages, sheets, cost, unknown_jobs, saved_jobs, saved_pages, saved_sheets)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
                " ON CONFLICT (tenant_id, kind, subject_id, day, site_id) DO UPDATE SET"
                " jobs = report_total.jobs + ?6, pages = report_total.pages + ?7,"
                " colour_pages = report_total.colour_pages + ?8,"
                " two_sided_pages = report_total.two_sided_pages + ?9, sheets = report_total.sheets + ?10,"
                " cost = report_total.cost + ?11, unknown_jobs = report_total.unknown_jobs + ?12,"
                " saved_jobs = report_total.saved_jobs + ?13, saved_pages = report_total.saved_pages + ?14,"
                " saved_sheets = report_total.saved_sheets + ?15",
                DB_VALUES(db_integer(kind), db_octets(subject.octets, ID_OCTETS), db_integer(a->day),
                          db_octets(a->site.octets, ID_OCTETS), db_integer(s->jobs), db_integer(s->pages),
                          db_integer(s->colour_pages), db_integer(s->two_sided_pages), db_integer(s->sheets),
                          db_integer(s->cost), db_integer(s->unknown_jobs), db_integer(s->saved_jobs),
                          db_integer(s->saved_pages), db_integer(s->saved_sheets)),
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

static void count_printed(const struct report_setting *setting, const struct report_paper *paper,
                          struct report_sums *ret)
{
        struct report_use use;

        report_measure(paper, &use);
        *ret = (struct report_sums){ .jobs = 1,
                                     .pages = use.pages,
                                     .colour_pages = use.colour_pages,
                                     .two_sided_pages = use.two_sided_pages,
                                     .sheets = use.sheets,
                                     .unknown_jobs = use.is_unknown };
        if (setting->currency[0])
                ret->cost = (int64_t)(use.pages - use.colour_pages) * setting->price_grey +
                            (int64_t)use.colour_pages * setting->price_colour +
                            (int64_t)use.sheets * setting->price_sheet;
}

int report_add_printed(struct db_tx *tx, struct id tenant, const struct delivery_row *delivery)
{
        struct addition a = { .printer = delivery->printer };
        struct report_setting setting;
        struct ticket ticket;
        struct report_paper paper = { .ticket = &ticket };
        int r = find_day(tx, tenant, &setting, &a.day);

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
        count_printed(&setting, &paper, &a.sums);
        return add(tx, tenant, &a);
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
        prune->changed += changed;
        return fold(r);
}

int report_totals_prune(struct core *core, int64_t now_ms, bool *ret_more)
{
        struct prune prune = { .core = core, .day = clock_day(now_ms) };
        int r = db_write(core->db, prune_in, &prune);

        *ret_more = r == 0 && prune.changed >= PRUNE_ROWS;
        return r;
}
