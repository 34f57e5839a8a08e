// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/report-schedule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/notice/alarm.h"
#include "core/person/email.h"
#include "core/notice/mail.h"
#include "core/person/person.h"
#include "core/state.h"

#define DAY_MS     86400000LL
#define MORNING_MS (6 * 3600000LL)
#define AGAIN_MS   3600000LL
#define ROWS_TOLD  40
#define TEXT_MAX   (MAIL_TEXT_MAX - 1)
#define FILE_MAX   MAIL_FILES_OCTETS

const char *const report_period_names[] = { "daily", "weekly", "monthly", NULL };
const char *const report_file_names[] = { "csv", "pdf", NULL };

struct context {
        struct core *core;
        const struct actor *actor;
        struct report_schedule *schedule;
        struct id id, tenant, after;
        struct report_schedule *to;
        size_t max, count;
        char to_email[CORE_EMAIL];
        struct report_schedule *to_one;
        /* Of one that is sent. */
        struct person person;
        int64_t now, next_day;
        struct mail *mail;
        const char *outcome;
};

/* ---- periods ---- */

static int64_t begin_of(enum report_period period, int64_t day)
{
        return period == REPORT_DAILY    ? day
               : period == REPORT_WEEKLY ? report_week_of(day)
                                         : report_month_of(day);
}

/* When the period after the one that this day is in begins. */
static int64_t next_of(enum report_period period, int64_t day)
{
        return period == REPORT_DAILY    ? day + 1
               : period == REPORT_WEEKLY ? report_week_of(day) + 7
                                         : report_month_of(report_month_of(day) + 31);
}

static int set_due(struct db_tx *tx, struct id tenant, int64_t now_ms, enum report_period period,
                   int64_t *ret_day, int64_t *ret_due_ms)
{
        struct report_setting setting;
        const struct time_zone *zone;
        int r = report_setting_find(tx, tenant, &setting);

        if (r == 0)
                r = report_setting_zone(&setting, &zone);
        if (r)
                return r;
        *ret_day = next_of(period, time_zone_day(zone, now_ms));
        *ret_due_ms =
                *ret_day * DAY_MS - time_zone_offset_s(zone, *ret_day * DAY_MS / 1000) * 1000 + MORNING_MS;
        return 0;
}

/* ---- made, listed, deleted ---- */

static int count_of(struct db_tx *tx, const struct actor *actor, int64_t *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, actor->tenant,
                       "SELECT count(*) FROM report_schedule WHERE tenant_id = ?1 AND asked_id = ?2",
                       DB_VALUES(db_id(&actor->id)), &rows);

        if (r == 0)
                *ret = db_rows_integer(&rows, 0);
        return fold(r);
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct report_schedule *s = c->schedule;
        int64_t day, count = 0;
        int r = count_of(tx, c->actor, &count);

        if (r == 0 && count >= REPORT_SCHEDULES_MAX)
                return CORE_LIMIT_REACHED;
        if (r == 0)
                r = set_due(tx, c->actor->tenant, s->created_ms, s->period, &day, &s->due_ms);
        if (r)
                return r;
        r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO report_schedule (tenant_id, id, person_id, subject, period, language, next_day,"
                " due_ms, outcome, outcome_ms, created_ms, asked_id, attach)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', 0, ?9, ?10, ?11)",
                DB_VALUES(db_id(&s->id), db_id(&s->person), db_integer(s->by), db_integer(s->period),
                          db_integer(s->language), db_integer(day), db_integer(s->due_ms),
                          db_integer(s->created_ms), db_id(&s->asked), db_integer(s->attach)),
                NULL);
        return r ? fold(r)
                 : event_add(tx, c->actor->tenant, c->actor, "report-schedule-made", s->id,
                             report_by_names[s->by]);
}

/* As the report itself is asked for. */
static int ask(struct core *core, const struct actor *actor, enum report_by by, int64_t since, int64_t until,
               struct report_pages *ret)
{
        const struct report_order order = { .by = by, .since_day = since, .until_day = until };

        return report_pages(core, actor, &order, ret);
}

/* Whether this one may see it. */
static int check_seen(struct core *core, const struct actor *actor, enum report_by by)
{
        SCOPED(freep) struct report_pages *pages = calloc(1, sizeof(*pages));

        return pages ? ask(core, actor, by, 0, 1, pages) : fault(-ENOMEM);
}

static struct actor actor_of(struct id tenant, const struct person *person)
{
        return (struct actor){
                .kind = ACTOR_PERSON, .tenant = tenant, .id = person->id, .role = person->role
        };
}

static int find_recipient(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = person_row_find_by_email(tx, c->actor->tenant, c->to_email, &c->person);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return c->person.disabled ? CORE_NOT_FOUND : 0;
}

static int take_recipient(struct core *core, struct context *c, struct text to)
{
        struct actor recipient;
        int r;

        c->schedule->person = c->actor->id;
        if (!to.len)
                return 0;
        if (!email_fold(to, c->to_email))
                return CORE_NOT_FOUND;
        r = db_read(core->db, find_recipient, c);
        if (r)
                return r;
        c->schedule->person = c->person.id;
        if (id_equal(c->person.id, c->actor->id))
                return 0;
        if (actor_reach(c->actor, RIGHT_PAGE_REPORTS) < REACH_SITE)
                return CORE_FORBIDDEN;
        recipient = actor_of(c->actor->tenant, &c->person);
        return check_seen(core, &recipient, c->schedule->by);
}

int report_schedule_make(struct core *core, const struct actor *actor, struct text to,
                         struct report_schedule *schedule)
{
        struct context c = { .actor = actor, .schedule = schedule };
        int r;

        if (!mail_is_on(core))
                return CORE_NO_MAIL;
        r = check_seen(core, actor, schedule->by);
        if (r == 0)
                r = take_recipient(core, &c, to);
        if (r)
                return r;
        schedule->id = id_new();
        schedule->asked = actor->id;
        schedule->created_ms = clock_unix_ms();
        return db_write(core->db, make_in, &c);
}

static void read_row(struct db_rows *rows, struct report_schedule *ret)
{
        *ret = (struct report_schedule){ .id = db_rows_id(rows, 0),
                                         .person = db_rows_id(rows, 1),
                                         .by = (enum report_by)db_rows_integer(rows, 2),
                                         .period = (enum report_period)db_rows_integer(rows, 3),
                                         .language = (enum language)db_rows_integer(rows, 4),
                                         .due_ms = db_rows_integer(rows, 5),
                                         .outcome_ms = db_rows_integer(rows, 7),
                                         .created_ms = db_rows_integer(rows, 8),
                                         .asked = db_rows_id(rows, 9),
                                         .attach = (uint32_t)db_rows_integer(rows, 10) };
        db_rows_string(rows, 6, ret->outcome, sizeof(ret->outcome));
        db_rows_string(rows, 11, ret->email, sizeof(ret->email));
}

#define COLUMNS                                                                                         \
        "SELECT s.id, s.person_id, s.subject, s.period, s.language, s.due_ms, s.outcome, s.outcome_ms," \
        " s.created_ms, s.asked_id, s.attach, p.email FROM report_schedule s"                           \
        " JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id"                            \
        " WHERE s.tenant_id = ?1"

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_find(tx, c->actor->tenant,
                        COLUMNS
                        " AND (s.person_id = ?2 OR s.asked_id = ?2) AND s.id > ?3 ORDER BY s.id LIMIT ?4",
                        DB_VALUES(db_id(&c->actor->id), db_octets(c->after.octets, ID_OCTETS),
                                  db_integer((int64_t)c->max)),
                        &rows);

        c->count = 0;
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r))
                read_row(&rows, &c->to[c->count++]);
        return fold(r);
}

int report_schedule_list(struct core *core, const struct actor *actor, struct id after,
                         struct report_schedule *ret, size_t max, size_t *ret_count)
{
        struct context c = { .actor = actor, .after = after, .to = ret, .max = max };
        int r = db_read(core->db, list_in, &c);

        if (r == 0)
                *ret_count = c.count;
        return r;
}

/* For whom it is, for who asked for it, and for who may see the reports of that one anyhow. */
static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one(tx, c->actor->tenant, COLUMNS " AND s.id = ?2", DB_VALUES(db_id(&c->id)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_row(&rows, c->to_one);
        return id_equal(c->to_one->asked, c->actor->id) ||
                               actor_may(c->actor, RIGHT_PAGE_REPORTS, whose_person(c->to_one->person))
                       ? 0
                       : CORE_NOT_FOUND;
}

int report_schedule_find(struct core *core, const struct actor *actor, struct id id,
                         struct report_schedule *ret)
{
        struct report_schedule found;
        struct context c = { .actor = actor, .id = id, .to_one = &found };
        int r = db_read(core->db, find_in, &c);

        if (r == 0)
                *ret = found;
        return r;
}

static int find_again(struct db_tx *tx, const struct context *c)
{
        struct report_schedule found;
        struct context again = { .actor = c->actor, .id = c->id, .to_one = &found };

        return find_in(tx, &again);
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct report_schedule *s = c->schedule;
        int64_t day;
        int r = find_again(tx, c);

        if (r == 0)
                r = set_due(tx, c->actor->tenant, c->now, s->period, &day, &s->due_ms);
        if (r)
                return r;
        r = db_run(
                tx, c->actor->tenant,
                "UPDATE report_schedule SET subject = ?3, period = ?4, language = ?5, attach = ?6, next_day = ?7,"
                " due_ms = ?8 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&c->id), db_integer(s->by), db_integer(s->period), db_integer(s->language),
                          db_integer(s->attach), db_integer(day), db_integer(s->due_ms)),
                NULL);
        return r ? fold(r)
                 : event_add(tx, c->actor->tenant, c->actor, "report-schedule-changed", c->id,
                             report_by_names[s->by]);
}

int report_schedule_change(struct core *core, const struct actor *actor, struct report_schedule *schedule)
{
        struct context c = {
                .actor = actor, .id = schedule->id, .schedule = schedule, .now = clock_unix_ms()
        };
        int r = check_seen(core, actor, schedule->by);

        return r ? r : db_write(core->db, change_in, &c);
}

static int send_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        int r = find_again(tx, c);

        if (r == 0 && !mail_is_on(c->core))
                r = CORE_NO_MAIL;
        if (r)
                return r;
        r = db_run(tx, c->actor->tenant,
                   "UPDATE report_schedule SET due_ms = ?3 WHERE tenant_id = ?1 AND id = ?2 AND due_ms > ?3",
                   DB_VALUES(db_id(&c->id), db_integer(c->now)), NULL);
        return r ? fold(r) : event_add(tx, c->actor->tenant, c->actor, "report-wanted", c->id, "");
}

int report_schedule_send(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .core = core, .actor = actor, .id = id, .now = clock_unix_ms() };

        return db_write(core->db, send_in, &c);
}

static int delete_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        int r = find_again(tx, c);

        if (r)
                return r;
        r = db_run(tx, c->actor->tenant, "DELETE FROM report_schedule WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        return r ? fold(r) : event_add(tx, c->actor->tenant, c->actor, "report-schedule-deleted", c->id, "");
}

int report_schedule_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .id = id };

        return db_write(core->db, delete_in, &c);
}

/* ---- sent ---- */

enum word {
        WORD_SUBJECT,
        WORD_SUMS,
        WORD_SAVED,
        WORD_ROW,
        WORD_MORE,
        WORD_NONE,
        WORD_WHY,
        WORDS
};
/* clang-format off */
static const char *const words[WORDS][LANGUAGES] = {
        [WORD_SUBJECT] = { "Printed pages", "Gedruckte Seiten" },
        [WORD_SUMS] = { "pages in colour, two-sided, on sheets, in prints:", "Seiten, davon in Farbe, beidseitig, auf Blatt, in Drucken:" },
        [WORD_SAVED] = { "Not collected, in prints and sheets:", "Nicht abgeholt, in Drucken und Blatt:" },
        [WORD_ROW] = { "pages", "Seiten" },
        [WORD_MORE] = { "There is more in the pages, under Reports.", "Mehr steht auf den Seiten unter Berichte." },
        [WORD_NONE] = { "Nothing was printed in this time.", "In dieser Zeit wurde nichts gedruckt." },
        [WORD_WHY] = { "This mail comes because you asked for it; under Reports it can be ended.",
                       "Diese Mail kommt, weil sie so bestellt ist; unter Berichte l\u00e4sst sie sich abbestellen." },
};
/* clang-format on */

static void format_day(int64_t day, char ret[11])
{
        char string[25];

        clock_format(day * DAY_MS, string);
        snprintf(ret, 11, "%.10s", string);
}

/* One line a row; what does not fit is in the pages. */
static void add_rows(struct buffer *to, const struct report_schedule *s, const struct report_pages *pages)
{
        for (size_t i = 0; i < pages->count && i < ROWS_TOLD; i++) {
                const struct report_pages_row *row = &pages->rows[i];
                char day[11];

                format_day(row->day, day);
                buffer_format(to, "%.200s: %lld %s\n",
                              s->by <= REPORT_BY_MONTH ? day
                              : row->label[0]          ? row->label
                                                       : "-",
                              (long long)row->sums.pages, words[WORD_ROW][s->language]);
        }
        buffer_format(to, "\n%s\n", words[pages->count > ROWS_TOLD ? WORD_MORE : WORD_WHY][s->language]);
}

static int format_text(const struct report_schedule *s, const struct report_pages *pages, struct buffer *to)
{
        const struct report_sums *sums = &pages->total;

        if (pages->count == 0)
                buffer_format(to, "%s\n\n", words[WORD_NONE][s->language]);
        else
                buffer_format(to, "%lld %s\n%lld, %lld, %lld, %lld\n%s %lld, %lld\n\n",
                              (long long)sums->pages, words[WORD_SUMS][s->language],
                              (long long)sums->colour_pages, (long long)sums->two_sided_pages,
                              (long long)sums->sheets, (long long)sums->jobs, words[WORD_SAVED][s->language],
                              (long long)sums->saved_jobs, (long long)sums->saved_sheets);
        add_rows(to, s, pages);
        buffer_add_octet(to, '\0');
        return to->failure;
}

/* What stands beside the words. */
struct files {
        struct buffer octets[REPORT_FILES];
        struct mail_attachment at[REPORT_FILES];
        size_t count;
};

static void files_done(struct files *files)
{
        for (size_t i = 0; i < REPORT_FILES; i++)
                buffer_done(&files->octets[i]);
}

static int make_files(const struct context *c, const struct report_order *order,
                      const struct report_pages *pages, struct files *files)
{
        static const char *const names[] = { "pages.csv", "pages.pdf" };
        static const char *const types[] = { "text/csv; charset=utf-8; header=present", "application/pdf" };
        struct report_file_order wanted = {
                .tenant = c->tenant, .language = c->schedule->language, .order = order, .pages = pages
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < REPORT_FILES; i++) {
                if (!(c->schedule->attach & 1U << i))
                        continue;
                wanted.file = (enum report_file)i;
                buffer_init(&files->octets[i], FILE_MAX);
                r = c->core->make_report_file ? c->core->make_report_file(c->core->report_file_context,
                                                                          &wanted, &files->octets[i])
                                              : CORE_UNREACHABLE;
                files->at[files->count++] =
                        (struct mail_attachment){ names[i], types[i], buffer_text(&files->octets[i]) };
        }
        return r;
}

void report_files_made_by(struct core *core, report_file_make *make, void *context)
{
        core->make_report_file = make;
        core->report_file_context = context;
}

static int prepare(struct context *c, struct mail *ret)
{
        SCOPED(files_done) struct files files = { .count = 0 };
        struct report_order report = { 0 };
        SCOPED(freep) struct report_pages *pages = calloc(1, sizeof(*pages));
        SCOPED(buffer_done) struct buffer text = BUFFER(TEXT_MAX);
        const struct report_schedule *s = c->schedule;
        struct actor actor = {
                .kind = ACTOR_PERSON, .tenant = c->tenant, .id = s->person, .role = c->person.role
        };
        int64_t today, until, since;
        struct mail_order order = {
                .to = c->person.email, .about = s->person, .keep_ms = DAY_MS, .report = s->id
        };
        char subject[MAIL_SUBJECT_MAX], first[11], last[11];
        int r = pages ? report_today(c->core, &actor, &today) : fault(-ENOMEM);

        if (r)
                return r;
        if (c->person.disabled)
                return CORE_FORBIDDEN;
        until = begin_of(s->period, today);
        since = begin_of(s->period, until - 1);
        r = ask(c->core, &actor, s->by, since, until, pages);
        if (r == 0)
                r = format_text(s, pages, &text);
        report = (struct report_order){ .by = s->by, .since_day = since, .until_day = until };
        if (r == 0)
                r = make_files(c, &report, pages, &files);
        if (r)
                return r;
        order.files = files.at;
        order.file_count = files.count;
        format_day(since, first);
        format_day(until - 1, last);
        snprintf(subject, sizeof(subject), "%s: %s - %s", words[WORD_SUBJECT][s->language], first, last);
        order.subject = subject;
        order.text = text.at;
        return mail_prepare(c->core, c->tenant, &order, ret);
}

static int find_due(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one_all(tx,
                           "SELECT s.tenant_id, s.id, s.person_id, s.subject, s.period, s.language, s.due_ms,"
                           " s.next_day, s.attach FROM report_schedule s JOIN tenant t ON t.id = s.tenant_id"
                           " AND t.state <> 'deleting' WHERE s.due_ms <= ?1 ORDER BY s.due_ms LIMIT 1",
                           DB_VALUES(db_integer(c->now)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        c->tenant = db_rows_id(&rows, 0);
        *c->schedule = (struct report_schedule){ .id = db_rows_id(&rows, 1),
                                                 .person = db_rows_id(&rows, 2),
                                                 .by = (enum report_by)db_rows_integer(&rows, 3),
                                                 .period = (enum report_period)db_rows_integer(&rows, 4),
                                                 .language = (enum language)db_rows_integer(&rows, 5),
                                                 .due_ms = db_rows_integer(&rows, 6),
                                                 .attach = (uint32_t)db_rows_integer(&rows, 8) };
        c->next_day = db_rows_integer(&rows, 7);
        return fold(person_row_find(tx, c->tenant, c->schedule->person, &c->person));
}

static int raise_alarm(struct db_tx *tx, struct id tenant, const char *why, int64_t now)
{
        const struct alarm alarm = {
                .severity = ALERT_WARNING, .concerns = "report", .code = "report-not-sent", .description = why
        };

        return alarm_raise_in(tx, tenant, &alarm, now);
}

int report_schedule_lost(struct db_tx *tx, struct id tenant, struct id id, const char *event)
{
        int64_t now = clock_unix_ms();
        int r = db_run(
                tx, tenant,
                "UPDATE report_schedule SET outcome = ?3, outcome_ms = ?4 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&id), db_string(event), db_integer(now)), NULL);

        return r ? fold(r) : raise_alarm(tx, tenant, event, now);
}

/* Whoever is first puts it on; nobody else's mail is written. Without one it is tried again in an hour. */
static int put_on(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t day = c->next_day, due_ms = c->now + AGAIN_MS, changed;
        int r = c->mail ? set_due(tx, c->tenant, c->now, c->schedule->period, &day, &due_ms) : 0;

        if (r)
                return r;
        r = db_run(tx, c->tenant,
                   "UPDATE report_schedule SET next_day = ?3, due_ms = ?4, outcome = ?5, outcome_ms = ?6"
                   " WHERE tenant_id = ?1 AND id = ?2 AND due_ms = ?7",
                   DB_VALUES(db_id(&c->schedule->id), db_integer(day), db_integer(due_ms),
                             db_string(c->outcome), db_integer(c->now), db_integer(c->schedule->due_ms)),
                   &changed);
        if (r || !changed)
                return r ? fold(r) : CORE_STALE;
        if (c->mail)
                r = mail_add(tx, c->mail);
        else if (strcmp(c->outcome, "forbidden") != 0)
                r = raise_alarm(tx, c->tenant, c->outcome, c->now);
        return r ? r
                 : event_add(tx, c->tenant, NULL, c->mail ? "report-sent" : "report-not-sent",
                             c->schedule->id, c->outcome);
}

static const char *outcome_of(int r)
{
        switch (r) {
        case CORE_FORBIDDEN: return "forbidden";
        case CORE_NO_MAIL: return "no-mail";
        case CORE_UNREACHABLE: return "no-renderer";
        case CORE_BAD_VALUE: return "too-large";
        default: return "failed";
        }
}

int report_schedules_step(struct core *core, int64_t now_ms, bool *ret_more)
{
        SCOPED(mail_done) struct mail mail = { 0 };
        struct report_schedule schedule;
        struct context c = { .core = core, .schedule = &schedule, .now = now_ms, .outcome = "sent" };
        int r = db_read(core->db, find_due, &c);

        if (r)
                return r == CORE_NOT_FOUND ? 0 : r;
        r = prepare(&c, &mail);
        if (r < 0)
                return r;
        if (r == CORE_BUSY) /* something else is being drawn */
                return 0;
        *ret_more = true;
        c.mail = r ? NULL : &mail;
        if (r)
                c.outcome = outcome_of(r);
        r = db_write(core->db, put_on, &c);
        if (r == CORE_BUSY) { /* too many mails wait */
                c.mail = NULL;
                c.outcome = "too-much-mail";
                r = db_write(core->db, put_on, &c);
        }
        return r > 0 ? 0 : r;
}
