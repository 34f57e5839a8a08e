// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Reports by mail: once a day, week or month somebody is sent what was printed in the one before, as he would
 * see it himself at that moment (core/report-pages.h), in words.
 *
 *   1. Exactly one mail a period: it is written in the transaction that puts the schedule on to the next
 * period, which only one can. After a time in which nobody ran, the last period alone is sent.
 *   2. It goes to whose schedule it is, at the address he has then. Who may not see the report any more, or
 * is disabled, is sent none; the schedule says so and stays.
 */

#include "core/report-pages.h"
#include "core/mail-words.h"

#define REPORT_SCHEDULES_MAX 20 /* of one person */

enum report_period {
        REPORT_DAILY,
        REPORT_WEEKLY,
        REPORT_MONTHLY,
};
extern const char *const report_period_names[]; /* ended by NULL */

struct report_schedule {
        struct id id;
        struct id person;
        enum report_by by;
        enum report_period period;
        enum language language;
        int64_t due_ms;          /* when the next one is sent: at six in the morning there */
        char outcome[CORE_NAME]; /* of the last one: "sent", or why not; empty: there was none */
        int64_t outcome_ms, created_ms;
};

/* Fills id, person, due_ms, created_ms. CORE_FORBIDDEN (also a report that he may not see), CORE_NO_MAIL,
 * CORE_LIMIT_REACHED. */
int report_schedule_make(struct core *core, const struct actor *actor, struct report_schedule *schedule);
/* The actor's own. */
int report_schedule_list(struct core *core, const struct actor *actor, struct id after,
                         struct report_schedule *ret, size_t max, size_t *ret_count);
/* CORE_NOT_FOUND. */
int report_schedule_delete(struct core *core, const struct actor *actor, struct id id);

/* Sends one that is due. */
int report_schedules_step(struct core *core, int64_t now_ms, bool *ret_more);
