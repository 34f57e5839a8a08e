// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Totals: how much was printed on each day, and how much was not, kept as it happens.
 *
 *   1. A delivery is added in the transaction in which it becomes PRINTED or SENT, a job that nobody
 * collected in the one in which it becomes EXPIRED or DELETED: each once, whatever falls over. What is
 * UNCERTAIN is added when proof comes, or never.
 *   2. Each is added once for everything (REPORT_ALL), and once for its person, its printer and its queue. A
 * report reads days and things, never jobs.
 *   3. Days are the tenant's (its time zone at that moment), prices those of that day. Neither is counted
 * anew when the settings change. What was counted in another currency has no cost any more.
 *   4. Who printed how much goes with the jobs (report_setting.job_days) and with the person; that it was
 * printed stays for total_days.
 */

#include "core/actor.h"

struct db_tx;
struct delivery_row;
struct job_row;

enum report_kind {
        REPORT_ALL,
        REPORT_PERSON,
        REPORT_PRINTER,
        REPORT_QUEUE,
};

struct report_sums {
        int64_t jobs, pages, colour_pages, two_sided_pages, sheets;
        int64_t priced_jobs; /* whose cost is known, */
        int64_t cost;        /* and their cost, in thousandths (core/report/price.h) */
        int64_t unknown_jobs;
        int64_t saved_jobs, saved_pages, saved_sheets; /* not collected */
};

/* In the transaction that changes the state. */
int report_add_printed(struct db_tx *tx, struct id tenant, const struct delivery_row *delivery);
int report_add_saved(struct db_tx *tx, struct id tenant, const struct job_row *job);

/* The sweeper's: takes away what is kept no longer, so many rows at a time. */
int report_totals_prune(struct core *core, int64_t now_ms, bool *ret_more);
