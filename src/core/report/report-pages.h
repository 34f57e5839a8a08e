// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Reports of pages: how much was printed and how much was not collected, by time or by thing, out of the
 * totals (core/report/report-total.h). No job is read for them.
 *
 * Who may see what (RIGHT_PAGE_REPORTS): administrators and analysts everything of their tenant, site
 * administrators what was printed at their sites, everybody what he printed himself. People stand there under
 * a pseudonym (core/report/report.h), which is another one in the report of another month, unless the
 * tenant's settings say that they have names, and whoever asks may list people anyhow. Without names, groups
 * of fewer than REPORT_GROUP_LEAST people stand together in one row.
 */

#include "core/report/report-setting.h"
#include "core/report/report-total.h"
#include "core/report/report.h"

#define REPORT_ROWS_MAX    1000
#define REPORT_GROUP_LEAST 5
#define REPORT_LABEL       CORE_TITLE

enum report_by {
        REPORT_BY_DAY,
        REPORT_BY_WEEK, /* from Monday on (ISO 8601) */
        REPORT_BY_MONTH,
        REPORT_BY_PERSON,
        REPORT_BY_GROUP, /* as people are in them today, each person in all of his */
        REPORT_BY_PRINTER,
        REPORT_BY_SITE,
        REPORT_BY_QUEUE,
};
extern const char *const report_by_names[]; /* ended by NULL */

struct report_order {
        enum report_by by;
        int64_t since_day, until_day; /* the first one, and the one after the last */
        struct id site;               /* zero: all */
        /* By time alone: of one person, printer or queue. */
        enum report_kind of;
        struct id subject;
};

struct report_pages_row {
        struct id id;             /* of the thing; zero: by time, under a pseudonym, of nothing */
        int64_t day;              /* by time: the first of it */
        char label[REPORT_LABEL]; /* its name; empty: by time, or what has none (any more) */
        struct report_sums sums;
};

struct report_pages {
        struct report_setting setting;
        bool has_names;
        bool is_cut; /* there are more rows than REPORT_ROWS_MAX; those with most pages are there */
        struct report_sums total;
        size_t count;
        struct report_pages_row rows[REPORT_ROWS_MAX];
};

struct time_zone;
/* The first day of the month, and of the week (ISO 8601) that a day is in. */
int64_t report_month_of(int64_t day);
int64_t report_week_of(int64_t day);

/* Of that day by the tenant's calendar; how a report without dates begins and ends. */
int report_today(struct core *core, const struct actor *actor, int64_t *ret);

/* CORE_FORBIDDEN; CORE_BAD_VALUE for no days, more than REPORT_DAYS_MAX + 1, or a subject that is not by
 * time. */
int report_pages(struct core *core, const struct actor *actor, const struct report_order *order,
                 struct report_pages *ret);
