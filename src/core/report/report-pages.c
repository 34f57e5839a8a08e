// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/report-pages.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

const char *const report_by_names[] = { "day",     "week", "month", "person", "group",
                                        "printer", "site", "queue", NULL };

struct context {
        struct core *core;
        const struct actor *actor;
        struct report_order order;
        struct id reader; /* a site administrator, whose sites alone count; zero: all do */
        struct secret key;
        bool has_names;
        struct report_pages *ret;
        int64_t today;
};

static void context_done(struct context *c)
{
        secret_done(&c->key);
}

/* What is said in a currency that is no more has no cost. */
#define TODAYS "o.currency = (SELECT s.currency FROM report_setting s WHERE s.tenant_id = ?1)"

#define SUMS                                                                                     \
        "sum(o.jobs), sum(o.pages), sum(o.colour_pages), sum(o.two_sided_pages), sum(o.sheets)," \
        " sum(CASE WHEN " TODAYS " THEN o.cost ELSE 0 END),"                                     \
        " sum(o.unknown_jobs), sum(o.saved_jobs), sum(o.saved_pages), sum(o.saved_sheets),"      \
        " sum(CASE WHEN " TODAYS " THEN o.priced_jobs ELSE 0 END)"

/* ?2 and ?3 the days, ?4 the site, ?5 the site administrator. */
#define WITHIN                                                                                                   \
        " o.tenant_id = ?1 AND o.day >= ?2 AND o.day < ?3 AND (?4 IS NULL OR o.site_id = ?4) AND (?5 IS NULL OR" \
        " EXISTS (SELECT 1 FROM site_administrator a WHERE a.tenant_id = ?1 AND a.site_id = o.site_id"           \
        " AND a.person_id = ?5))"

#define VALUES(c)                                                                                    \
        db_integer((c)->order.since_day), db_integer((c)->order.until_day), db_id(&(c)->order.site), \
                db_id(&(c)->reader)

static void read_sums(struct db_rows *rows, int column, struct report_sums *ret)
{
        *ret = (struct report_sums){ .jobs = db_rows_integer(rows, column),
                                     .pages = db_rows_integer(rows, column + 1),
                                     .colour_pages = db_rows_integer(rows, column + 2),
                                     .two_sided_pages = db_rows_integer(rows, column + 3),
                                     .sheets = db_rows_integer(rows, column + 4),
                                     .cost = db_rows_integer(rows, column + 5),
                                     .unknown_jobs = db_rows_integer(rows, column + 6),
                                     .saved_jobs = db_rows_integer(rows, column + 7),
                                     .saved_pages = db_rows_integer(rows, column + 8),
                                     .saved_sheets = db_rows_integer(rows, column + 9),
                                     .priced_jobs = db_rows_integer(rows, column + 10) };
}

static void add_sums(struct report_sums *to, const struct report_sums *sums)
{
        to->jobs += sums->jobs;
        to->pages += sums->pages;
        to->colour_pages += sums->colour_pages;
        to->two_sided_pages += sums->two_sided_pages;
        to->sheets += sums->sheets;
        to->priced_jobs += sums->priced_jobs;
        to->cost += sums->cost;
        to->unknown_jobs += sums->unknown_jobs;
        to->saved_jobs += sums->saved_jobs;
        to->saved_pages += sums->saved_pages;
        to->saved_sheets += sums->saved_sheets;
}

/* ---- by time ---- */

/* The first day of its month (the proleptic Gregorian calendar). */
int64_t report_month_of(int64_t day)
{
        char string[25];

        clock_format(day * 86400000, string);
        return day - ((string[8] - '0') * 10 + string[9] - '0') + 1;
}

int64_t report_week_of(int64_t day)
{
        return day - (day + 3) % 7; /* 1 January 1970 was a Thursday */
}

static int64_t period_of(enum report_by by, int64_t day)
{
        return by == REPORT_BY_DAY ? day : by == REPORT_BY_MONTH ? report_month_of(day) : report_week_of(day);
}

static int by_time(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct report_pages *ret = c->ret;
        int r = db_find(
                tx, c->actor->tenant,
                "SELECT o.day, " SUMS " FROM report_total o WHERE" WITHIN
                " AND o.kind = ?6 AND o.subject_id = ?7 GROUP BY o.day ORDER BY o.day",
                DB_VALUES(VALUES(c), db_integer(c->order.of), db_octets(c->order.subject.octets, ID_OCTETS)),
                &rows);

        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                int64_t day = period_of(c->order.by, db_rows_integer(&rows, 0));
                struct report_sums sums;

                read_sums(&rows, 1, &sums);
                if (ret->count == 0 || ret->rows[ret->count - 1].day != day) {
                        if (ret->count == REPORT_ROWS_MAX)
                                break; /* days are fewer */
                        ret->rows[ret->count++] = (struct report_pages_row){ .day = day };
                }
                add_sums(&ret->rows[ret->count - 1].sums, &sums);
        }
        return fold(r);
}

/* ---- by thing ---- */

static const char *sql_by(enum report_by by)
{
        switch (by) {
        case REPORT_BY_PERSON:
                return "SELECT o.subject_id, (SELECT p.email FROM person p WHERE p.tenant_id = ?1"
                       " AND p.id = o.subject_id), 0, " SUMS " FROM report_total o WHERE" WITHIN
                       " AND o.kind = 1 GROUP BY o.subject_id ORDER BY sum(o.pages) DESC, o.subject_id LIMIT ?6";
        case REPORT_BY_PRINTER:
                return "SELECT o.subject_id, (SELECT CASE WHEN p.title <> '' THEN p.title ELSE p.name END"
                       " FROM printer p WHERE p.tenant_id = ?1 AND p.id = o.subject_id), 0, " SUMS
                       " FROM report_total o WHERE" WITHIN
                       " AND o.kind = 2 GROUP BY o.subject_id ORDER BY sum(o.pages) DESC, o.subject_id LIMIT ?6";
        case REPORT_BY_QUEUE:
                return "SELECT o.subject_id, (SELECT CASE WHEN q.title <> '' THEN q.title ELSE q.name END"
                       " FROM queue q WHERE q.tenant_id = ?1 AND q.id = o.subject_id), 0, " SUMS
                       " FROM report_total o WHERE" WITHIN
                       " AND o.kind = 3 GROUP BY o.subject_id ORDER BY sum(o.pages) DESC, o.subject_id LIMIT ?6";
        case REPORT_BY_SITE:
                return "SELECT o.site_id, (SELECT CASE WHEN s.title <> '' THEN s.title ELSE s.name END"
                       " FROM site s WHERE s.tenant_id = ?1 AND s.id = o.site_id), 0, " SUMS
                       " FROM report_total o WHERE" WITHIN
                       " AND o.kind = 0 GROUP BY o.site_id ORDER BY sum(o.pages) DESC, o.site_id LIMIT ?6";
        default:
                return "SELECT g.id, g.name, (SELECT count(DISTINCT n.person_id) FROM membership n"
                       " WHERE n.tenant_id = ?1 AND n.group_id = g.id), " SUMS " FROM report_total o"
                       " JOIN (SELECT DISTINCT tenant_id, person_id, group_id FROM membership WHERE tenant_id = ?1) m"
                       " ON m.tenant_id = ?1 AND m.person_id = o.subject_id"
                       " JOIN \"group\" g ON g.tenant_id = ?1 AND g.id = m.group_id WHERE" WITHIN
                       " AND o.kind = 1 GROUP BY g.id ORDER BY sum(o.pages) DESC, g.id LIMIT ?6";
        }
}

/* Without names: a person under his pseudonym of the month in which the report begins. */
static void hide_person(const struct context *c, struct report_pages_row *row)
{
        char pseudonym[REPORT_PSEUDONYM];

        report_pseudonym(&c->key, row->id, report_month_of(c->order.since_day), pseudonym);
        snprintf(row->label, sizeof(row->label), "%.12s", pseudonym);
        if (!id_equal(row->id, c->actor->id))
                row->id = (struct id){ 0 };
}

/* The row in which small groups stand together. */
static struct report_pages_row *small_groups(struct report_pages *pages)
{
        for (size_t i = 0; i < pages->count; i++)
                if (id_is_zero(pages->rows[i].id))
                        return &pages->rows[i];
        pages->rows[pages->count] = (struct report_pages_row){ 0 };
        return &pages->rows[pages->count++];
}

static void take_row(struct context *c, struct db_rows *rows)
{
        struct report_pages *ret = c->ret;
        struct report_pages_row row = { .id = db_rows_id(rows, 0) };

        db_rows_string(rows, 1, row.label, sizeof(row.label));
        read_sums(rows, 3, &row.sums);
        if (!c->has_names && c->order.by == REPORT_BY_GROUP &&
            db_rows_integer(rows, 2) < REPORT_GROUP_LEAST) {
                add_sums(&small_groups(ret)->sums, &row.sums);
                return;
        }
        if (!c->has_names && c->order.by == REPORT_BY_PERSON)
                hide_person(c, &row);
        ret->rows[ret->count++] = row;
}

static int by_thing(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_find(tx, c->actor->tenant, sql_by(c->order.by),
                        DB_VALUES(VALUES(c), db_integer(REPORT_ROWS_MAX + 1)), &rows);

        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                if (c->ret->count == REPORT_ROWS_MAX) {
                        c->ret->is_cut = true;
                        break;
                }
                take_row(c, &rows);
        }
        return fold(r);
}

/* Groups overlap, and rows may be cut: what there is in all stands by itself. */
static int add_up(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, c->actor->tenant,
                "SELECT " SUMS " FROM report_total o WHERE" WITHIN " AND o.kind = ?6 AND o.subject_id = ?7",
                DB_VALUES(VALUES(c), db_integer(c->order.of), db_octets(c->order.subject.octets, ID_OCTETS)),
                &rows);

        if (r == 0)
                read_sums(&rows, 0, &c->ret->total);
        return fold(r);
}

static int report_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = report_setting_find(tx, c->actor->tenant, &c->ret->setting);

        c->ret->count = 0;
        c->ret->is_cut = false;
        if (r)
                return r;
        c->has_names = c->ret->setting.names && actor_may(c->actor, RIGHT_PEOPLE_LIST, whose_tenant());
        c->ret->has_names = c->has_names;
        if (c->order.of == REPORT_PERSON && !c->has_names && !id_equal(c->order.subject, c->actor->id))
                return CORE_FORBIDDEN;
        r = add_up(tx, c);
        if (r)
                return r;
        return c->order.by <= REPORT_BY_MONTH ? by_time(tx, c) : by_thing(tx, c);
}

/* Whoever reaches only himself sees what he printed, and nothing by others or by things. */
static int narrow(struct context *c)
{
        enum reach reach = actor_reach(c->actor, RIGHT_PAGE_REPORTS);
        bool is_own = c->order.of == REPORT_PERSON && id_equal(c->order.subject, c->actor->id);

        if (reach == REACH_NONE || c->actor->kind != ACTOR_PERSON)
                return CORE_FORBIDDEN;
        if (reach >= REACH_TENANT || is_own)
                return 0;
        if (reach == REACH_SITE) {
                c->reader = c->actor->id;
                return 0;
        }
        if (c->order.by > REPORT_BY_MONTH || c->order.of != REPORT_ALL)
                return CORE_FORBIDDEN;
        c->order.of = REPORT_PERSON;
        c->order.subject = c->actor->id;
        return 0;
}

int report_pages(struct core *core, const struct actor *actor, const struct report_order *order,
                 struct report_pages *ret)
{
        SCOPED(context_done) struct context c = { .core = core, .actor = actor, .order = *order, .ret = ret };
        int64_t days = order->until_day - order->since_day;
        int r = narrow(&c);

        if (r)
                return r;
        if (days < 1 || days > REPORT_DAYS_MAX + 1 ||
            (order->of != REPORT_ALL && order->by > REPORT_BY_MONTH))
                return CORE_BAD_VALUE;
        r = report_pseudonym_key(core, actor->tenant, &c.key);
        return r ? r : db_read(core->db, report_in, &c);
}

static int today_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct report_setting setting;
        const struct time_zone *zone;
        int r = report_setting_find(tx, c->actor->tenant, &setting);

        if (r == 0)
                r = report_setting_zone(&setting, &zone);
        if (r == 0)
                c->today = time_zone_day(zone, clock_unix_ms());
        return r;
}

int report_today(struct core *core, const struct actor *actor, int64_t *ret)
{
        struct context c = { .actor = actor };
        int r = db_read(core->db, today_in, &c);

        if (r == 0)
                *ret = c.today;
        return r;
}
