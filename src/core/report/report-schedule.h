// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Reports by mail: once a day, week or month somebody is sent what was printed in the one before, as he would
 * see it himself at that moment (core/report/report-pages.h), in words, and as the files that he wants beside
 * them.
 *
 *   1. Exactly one mail a period: it is written in the transaction that puts the schedule on to the next
 * period, which only one can. After a time in which nobody ran, the last period alone is sent.
 *   2. It goes to whose schedule it is, at the address he has then. Who may not see the report any more, or
 * is disabled, is sent none; the schedule says so and stays.
 *   3. Who minds reports of others (REACH_SITE and beyond) may have one sent to somebody else who may see it,
 * and that one may end it.
 *   4. What could not be sent is told by the schedule, and by an alert (core/notice/alarm.h); it is tried
 * again in an hour. What waited at the relay and was lost is told likewise, and not sent again.
 */

#include "base/buffer.h"
#include "core/report/report-pages.h"
#include "core/notice/mail-words.h"

#define REPORT_SCHEDULES_MAX 20 /* of one person */

enum report_period {
        REPORT_DAILY,
        REPORT_WEEKLY,
        REPORT_MONTHLY,
};
extern const char *const report_period_names[]; /* ended by NULL */

enum report_file {
        REPORT_FILE_CSV,
        REPORT_FILE_PDF,
};
#define REPORT_FILES 2
extern const char *const report_file_names[]; /* ended by NULL */

struct report_schedule {
        struct id id;
        struct id person, asked; /* to whom it goes, and who wants that */
        char email[CORE_EMAIL];  /* of the person; listed ones alone */
        uint32_t attach;         /* of enum report_file, a bit each */
        enum report_by by;
        enum report_period period;
        enum language language;
        int64_t due_ms;          /* when the next one is sent: at six in the morning there */
        char outcome[CORE_NAME]; /* of the last one: "sent", or why not; empty: there was none */
        int64_t outcome_ms, created_ms;
};

/* To somebody's address; empty: to the actor. Fills id, person, asked, due_ms, created_ms. CORE_FORBIDDEN
 * (also a report that he, or that one, may not see), CORE_NOT_FOUND (nobody has that address), CORE_NO_MAIL,
 * CORE_LIMIT_REACHED. */
int report_schedule_make(struct core *core, const struct actor *actor, struct text to,
                         struct report_schedule *schedule);
/* Those that come to the actor, and those that he has sent. */
int report_schedule_list(struct core *core, const struct actor *actor, struct id after,
                         struct report_schedule *ret, size_t max, size_t *ret_count);
/* Also another's, for who may see his reports anyhow. CORE_NOT_FOUND. */
int report_schedule_find(struct core *core, const struct actor *actor, struct id id,
                         struct report_schedule *ret);
/* by, period, language and attach of what was found; the next one comes when that says. CORE_NOT_FOUND,
 * CORE_FORBIDDEN. */
int report_schedule_change(struct core *core, const struct actor *actor, struct report_schedule *schedule);
/* The last period's, within seconds; the next one comes when it would have come. CORE_NOT_FOUND. */
int report_schedule_send(struct core *core, const struct actor *actor, struct id id);
/* CORE_NOT_FOUND. */
int report_schedule_delete(struct core *core, const struct actor *actor, struct id id);

/* A file of what is in the report, made by others: CORE_BUSY (in a moment), CORE_UNREACHABLE (it cannot be
 * drawn). Said once, before anything is sent; until then none can be made. */
struct report_file_order {
        struct id tenant;
        enum report_file file;
        enum language language;
        const struct report_order *order;
        const struct report_pages *pages;
};
typedef int report_file_make(void *context, const struct report_file_order *order, struct buffer *to);
void report_files_made_by(struct core *core, report_file_make *make, void *context);

struct db_tx;
/* A mail of it was refused for good, or waited too long: event is the keyword. */
int report_schedule_lost(struct db_tx *tx, struct id tenant, struct id id, const char *event);

/* Sends one that is due. */
int report_schedules_step(struct core *core, int64_t now_ms, bool *ret_more);
