// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How much was printed: to read, as a table and as a sheet; and what the tenant wants of its reports. */

#include "core/report/report-pages.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/order.h"
#include "core/report/report-schedule.h"
#include "core/site/site.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"
#include "door/report-format.h"

#define TABLE_OCTETS ((size_t)1024 * 1024)
#define HTML_OCTETS  ((size_t)2 * 1024 * 1024)
#define PDF_OCTETS   ((size_t)8 * 1024 * 1024)
#define USUAL_DAYS   30

enum form_of {
        FORM_JSON,
        FORM_CSV,
        FORM_PDF,
};
static const char *const form_names[] = { "json", "csv", "pdf", NULL };

static const struct problem problem_no_sheet = {
        503, "no-renderer", "Pages cannot be drawn here at the moment",
        "Take the report as a table (?format=csv), and have the service's operator look at its renderer: imprimatur doctor.",
        10
};

/* ---- asked ---- */

static bool query_day(struct request *request, const char *name, int64_t *to, int *ret_r)
{
        char string[11], again[25];
        struct tm tm = { 0 };
        struct text word;
        int64_t day;

        if (!http_query(request->x, name, &word) || word.len == 0)
                return true;
        if (text_copy(word, string, sizeof(string)) && strlen(string) == 10 &&
            sscanf(string, "%4d-%2d-%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) == 3) {
                tm.tm_year -= 1900;
                tm.tm_mon--;
                day = (int64_t)timegm(&tm) / 86400;
                clock_format(day * 86400000, again);
                /* What is no day of the calendar comes out as another one. */
                if (strncmp(string, again, 10) == 0) {
                        *to = day;
                        return true;
                }
        }
        *ret_r = request_bad(request, "Days are written as 2026-01-31.");
        return false;
}

/* One of some words. False after a complaint was answered. */
static bool query_word(struct request *request, const char *name, const char *const *words, int *to,
                       int *ret_r)
{
        struct text word;
        char detail[200];
        int length;

        if (!http_query(request->x, name, &word) || word.len == 0)
                return true;
        for (int i = 0; words[i]; i++)
                if (text_equal_string(word, words[i])) {
                        *to = i;
                        return true;
                }
        length = snprintf(detail, sizeof(detail), "\"%s\" is one of", name);
        for (int i = 0; words[i] && length < (int)sizeof(detail); i++)
                length += snprintf(detail + length, sizeof(detail) - (size_t)length, "%s %s", i ? "," : "",
                                   words[i]);
        *ret_r = request_bad(request, detail);
        return false;
}

/* Core's refusals. */
static int find_subject(struct request *request, struct report_order *order)
{
        struct printer printer;
        struct site site;
        struct text word;
        int r = 0;

        if (http_query(request->x, "site", &word) && word.len && !id_parse(word, &order->site)) {
                r = site_find_by_name(request->core, request->actor.tenant, word, &site);
                order->site = site.id;
        }
        if (r == 0 && http_query(request->x, "person", &word) && word.len) {
                order->of = REPORT_PERSON;
                r = request_find_person(request, word, &order->subject);
        }
        if (r == 0 && http_query(request->x, "printer", &word) && word.len) {
                order->of = REPORT_PRINTER;
                r = request_find_printer(request, word, &printer);
                order->subject = printer.id;
        }
        if (r == 0 && http_query(request->x, "queue", &word) && word.len) {
                order->of = REPORT_QUEUE;
                if (!id_parse(word, &order->subject))
                        r = CORE_NOT_FOUND;
        }
        return r;
}

/* The last thirty days, where nothing else is asked for. False after an answer. */
static bool read_order(struct request *request, struct report_order *order, int *form, int *language,
                       int *ret_r)
{
        int by = REPORT_BY_DAY, r;

        if (!query_word(request, "by", report_by_names, &by, ret_r) ||
            !query_word(request, "format", form_names, form, ret_r) ||
            !query_word(request, "language", language_names, language, ret_r))
                return false;
        order->by = (enum report_by)by;
        r = report_today(request->core, &request->actor, &order->until_day);
        order->until_day++;
        if (r == 0 && !query_day(request, "until", &order->until_day, ret_r))
                return false;
        order->since_day = order->until_day - USUAL_DAYS;
        if (r == 0 && !query_day(request, "since", &order->since_day, ret_r))
                return false;
        if (r == 0)
                r = find_subject(request, order);
        if (r == 0)
                return true;
        *ret_r = request_refuse(request, r);
        return false;
}

/* ---- answered ---- */

static json_t *sums_json(const struct report_sums *s)
{
        json_t *cost = s->priced_jobs ? json_integer((json_int_t)s->cost) : json_null();

        return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:I, s:I, s:I, s:I}", "jobs",
                         (json_int_t)s->jobs, "pages", (json_int_t)s->pages, "colour_pages",
                         (json_int_t)s->colour_pages, "two_sided_pages", (json_int_t)s->two_sided_pages,
                         "sheets", (json_int_t)s->sheets, "cost", cost, "priced_jobs",
                         (json_int_t)s->priced_jobs, "unknown_jobs", (json_int_t)s->unknown_jobs,
                         "saved_jobs", (json_int_t)s->saved_jobs, "saved_pages", (json_int_t)s->saved_pages,
                         "saved_sheets", (json_int_t)s->saved_sheets);
}

static json_t *day_json(int64_t day)
{
        char string[REPORT_DAY_STRING];

        report_format_day(REPORT_BY_DAY, day, string);
        return json_string(string);
}

static json_t *row_json(enum report_by by, const struct report_pages_row *row)
{
        char day[REPORT_DAY_STRING];

        return json_pack("{s:o, s:o, s:o}", "name", json_words_or_null(report_row_name(by, row, day)), "id",
                         json_of_id(row->id), "sums", sums_json(&row->sums));
}

static json_t *pages_json(const struct report_order *order, const struct report_pages *pages)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < pages->count; i++)
                json_array_append_new(array, row_json(order->by, &pages->rows[i]));
        return json_pack("{s:s, s:o, s:o, s:s, s:o, s:b, s:b, s:o, s:o}", "by", report_by_names[order->by],
                         "since", day_json(order->since_day), "until", day_json(order->until_day),
                         "time_zone", pages->setting.time_zone, "currency",
                         json_words_or_null(pages->setting.prices.currency), "names", pages->has_names,
                         "is_cut", pages->is_cut, "items", array, "total", sums_json(&pages->total));
}

static int answer_octets(struct request *request, const char *kind, const char *name,
                         const struct buffer *octets)
{
        char disposition[96];
        int r;

        snprintf(disposition, sizeof(disposition), "attachment; filename=\"%s\"", name);
        r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r == 0)
                r = http_add_header(request->x, "Content-Disposition", disposition);
        return r ? r : http_respond(request->x, 200, kind, buffer_text(octets));
}

static int answer_table(struct request *request, const struct report_sheet *sheet)
{
        SCOPED(buffer_done) struct buffer table = BUFFER(TABLE_OCTETS);
        int r = report_format_table(sheet, &table);

        return r ? r : answer_octets(request, "text/csv; charset=utf-8; header=present", "pages.csv", &table);
}

/* CORE_BUSY, CORE_UNREACHABLE. */
static int draw(const struct door *door, const struct report_sheet *sheet, struct buffer *pdf)
{
        SCOPED(buffer_done) struct buffer html = BUFFER(HTML_OCTETS);
        struct order order;
        int r = report_format_sheet(sheet, &html);

        if (r)
                return r;
        order_init(&order);
        order_set_source(&order, TEXT_OF("text/html"));
        order.to = FORMAT_PDF;
        return door->draw ? door->draw(door->draw_context, &order, buffer_text(&html), pdf)
                          : CORE_UNREACHABLE;
}

int door_report_file(void *context, const struct report_file_order *order, struct buffer *to)
{
        struct door *door = context;
        struct report_sheet sheet = { .order = order->order,
                                      .pages = order->pages,
                                      .language = order->language };
        struct tenant tenant;
        int r = tenant_find_by_id(door->core, order->tenant, &tenant);

        if (r)
                return r;
        sheet.organisation = tenant.title[0] ? tenant.title : tenant.name;
        return order->file == REPORT_FILE_CSV ? report_format_table(&sheet, to) : draw(door, &sheet, to);
}

static int answer_sheet(struct request *request, const struct report_sheet *sheet)
{
        SCOPED(buffer_done) struct buffer pdf = BUFFER(PDF_OCTETS);
        int r = draw(request->door, sheet, &pdf);

        if (r == CORE_UNREACHABLE)
                return request_problem(request, &problem_no_sheet, NULL);
        return r ? request_refuse(request, r) : answer_octets(request, "application/pdf", "pages.pdf", &pdf);
}

int report_pages_answer(struct request *request)
{
        SCOPED(freep) struct report_pages *pages = calloc(1, sizeof(*pages));
        struct report_order order = { 0 };
        int form = FORM_JSON, language = -1, r;
        struct report_sheet sheet = { .order = &order, .pages = pages };
        struct tenant tenant;

        if (!pages)
                return fault(-ENOMEM);
        if (!read_order(request, &order, &form, &language, &r))
                return r;
        r = report_pages(request->core, &request->actor, &order, pages);
        if (r == 0)
                r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        if (r)
                return request_refuse(request, r);
        sheet.organisation = tenant.title[0] ? tenant.title : tenant.name;
        sheet.language = language < 0 ? tenant.language : (enum language)language;
        if (form == FORM_CSV)
                return answer_table(request, &sheet);
        return form == FORM_PDF ? answer_sheet(request, &sheet)
                                : request_answer(request, 200, pages_json(&order, pages));
}

/* ---- settings ---- */

static json_t *setting_json(const struct report_setting *s)
{
        return json_pack("{s:b, s:I, s:I, s:s, s:o, s:I, s:I, s:I}", "names", s->names, "job_days",
                         (json_int_t)s->job_days, "total_days", (json_int_t)s->total_days, "time_zone",
                         s->time_zone, "currency", json_words_or_null(s->prices.currency), "price_grey",
                         (json_int_t)s->prices.grey, "price_colour", (json_int_t)s->prices.colour,
                         "price_sheet", (json_int_t)s->prices.sheet);
}

int report_setting_answer(struct request *request)
{
        struct report_setting setting;
        int r = report_setting_get(request->core, &request->actor, &setting);

        return r ? request_refuse(request, r) : request_answer(request, 200, setting_json(&setting));
}

static void take_number(struct members *members, const char *name, int64_t most, uint32_t *to)
{
        int64_t number;

        if (members_number(members, name, MEMBER_OPTIONAL, 0, most, &number))
                *to = (uint32_t)number;
}

static bool read_setting(struct request *request, struct report_setting *setting, int *ret_r)
{
        struct members members;
        const char *word;

        if (!request_members(request, &members, ret_r))
                return false;
        members_flag(&members, "names", MEMBER_OPTIONAL, &setting->names);
        take_number(&members, "job_days", REPORT_DAYS_MAX, &setting->job_days);
        take_number(&members, "total_days", REPORT_DAYS_MAX, &setting->total_days);
        take_number(&members, "price_grey", PRICE_MAX, &setting->prices.grey);
        take_number(&members, "price_colour", PRICE_MAX, &setting->prices.colour);
        take_number(&members, "price_sheet", PRICE_MAX, &setting->prices.sheet);
        word = members_string(&members, "time_zone", MEMBER_OPTIONAL, TIME_ZONE_NAME - 1);
        if (word)
                text_copy(text_from(word), setting->time_zone, sizeof(setting->time_zone));
        members_words(&members, "currency", MEMBER_OPTIONAL, setting->prices.currency,
                      sizeof(setting->prices.currency));
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int report_setting_change_answer(struct request *request)
{
        struct report_setting setting;
        int r = report_setting_get(request->core, &request->actor, &setting);

        if (r)
                return request_refuse(request, r);
        if (!read_setting(request, &setting, &r))
                return r;
        r = report_setting_change(request->core, &request->actor, &setting);
        return r ? request_refuse(request, r) : report_setting_answer(request);
}
