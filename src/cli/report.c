// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"
#include "cli/save.h"

#define PATH_SIZE 2048

static const struct column rows[] = {
        { "", "name", COLUMN_TEXT },
        { "JOBS", "jobs", COLUMN_TEXT },
        { "PAGES", "pages", COLUMN_TEXT },
        { "COLOUR", "colour_pages", COLUMN_TEXT },
        { "TWO-SIDED", "two_sided_pages", COLUMN_TEXT },
        { "SHEETS", "sheets", COLUMN_TEXT },
        { "NOT COLLECTED", "saved_sheets", COLUMN_TEXT },
        { "COST", "cost", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column settings[] = {
        { "names", "names", COLUMN_TEXT },
        { "job days", "job_days", COLUMN_TEXT },
        { "total days", "total_days", COLUMN_TEXT },
        { "time zone", "time_zone", COLUMN_TEXT },
        { "currency", "currency", COLUMN_TEXT },
        { "price grey", "price_grey", COLUMN_TEXT },
        { "price colour", "price_colour", COLUMN_TEXT },
        { "price sheet", "price_sheet", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

/* "?by=day&since=…": each option that is given. False (after a complaint) where it does not fit. */
static bool make_path(const struct invocation *invocation, const char *format, char path[PATH_SIZE])
{
        static const char *const names[] = { "by",     "since",   "until", "site",
                                             "person", "printer", "queue", "language" };
        char part[512], pattern[32];
        size_t length = (size_t)snprintf(path, PATH_SIZE, "/v1/reports/pages?format=%s", format);

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                const char *value = option_value(invocation, names[i]);

                if (!value)
                        continue;
                snprintf(pattern, sizeof(pattern), "&%s=%%", names[i]);
                if (!path_make(part, sizeof(part), pattern, value, ""))
                        return false;
                length += (size_t)snprintf(path + length, PATH_SIZE - length, "%s", part);
                if (length >= PATH_SIZE)
                        return complain("That is too long.") == EXIT_DONE;
        }
        return true;
}

/* Thousandths as words. */
static void show_cost(json_t *row)
{
        json_t *cost = json_object_get(row, "cost");
        char words[32];

        if (!json_is_integer(cost))
                return;
        snprintf(words, sizeof(words), "%lld.%03lld", (long long)(json_integer_value(cost) / 1000),
                 (long long)(json_integer_value(cost) % 1000));
        json_object_set_new(row, "cost", json_string(words));
}

/* Each row with its sums beside its name, and the total as the last one. */
static json_t *flat(json_t *report)
{
        json_t *array = json_array(), *item, *total = json_deep_copy(json_object_get(report, "total"));
        size_t i;

        json_array_foreach(json_object_get(report, "items"), i, item)
        {
                json_t *row = json_deep_copy(json_object_get(item, "sums"));
                json_t *name = json_object_get(item, "name");

                show_cost(row);
                json_object_set_new(row, "name", json_is_string(name) ? json_incref(name) : json_string("-"));
                json_array_append_new(array, row);
        }
        show_cost(total);
        json_object_set_new(total, "name", json_string("in all"));
        json_array_append_new(array, total);
        return array;
}

struct sheet {
        struct session *session;
        const char *path;
};

static int sheet_to(void *context, FILE *file)
{
        const struct sheet *sheet = context;

        return session_copy(sheet->session, sheet->path, file);
}

static bool ends_with(const char *name, const char *end)
{
        size_t length = strlen(name), end_length = strlen(end);

        return length > end_length && strcmp(name + length - end_length, end) == 0;
}

static int save_report(struct session *session, const struct invocation *invocation, const char *output)
{
        const char *format = ends_with(output, ".pdf") ? "pdf" : ends_with(output, ".csv") ? "csv" : NULL;
        char path[PATH_SIZE];

        if (!format)
                return complain_of_usage(invocation, "--output is a file that ends in .csv or .pdf.");
        if (!make_path(invocation, format, path))
                return EXIT_REFUSED;
        return save_file(output, sheet_to, &(struct sheet){ session, path });
}

int report_pages_command(struct invocation *invocation)
{
        const char *output = option_value(invocation, "output");
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *report = NULL;
        SCOPED(json_decrefp) json_t *array = NULL;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status)
                return status;
        if (output)
                return save_report(&session, invocation, output);
        if (!make_path(invocation, "json", path))
                return EXIT_REFUSED;
        status = session_call(&session, "GET", path, NULL, &report);
        if (status || session_print_json(&session, report))
                return status;
        array = flat(report);
        table_print(stdout, rows, array, "Nothing.");
        return EXIT_DONE;
}

static bool add_number(const struct invocation *invocation, const char *option, const char *member,
                       json_t *body)
{
        const char *value = option_value(invocation, option);
        struct text text = text_from(value ? value : "0");
        uint64_t number;

        if (!value)
                return true;
        if (!text_number(text, 1000000, &number)) {
                complain_of_usage(invocation, "--%s is a number.", option);
                return false;
        }
        json_object_set_new(body, member, json_integer((json_int_t)number));
        return true;
}

int report_settings_command(struct invocation *invocation)
{
        const char *names = option_value(invocation, "names"), *zone = option_value(invocation, "time-zone"),
                   *currency = option_value(invocation, "currency");
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *body = json_object();
        int status = session_open(&session, invocation);

        if (status)
                return status;
        if (names)
                json_object_set_new(body, "names", json_boolean(strcmp(names, "yes") == 0));
        if (zone)
                json_object_set_new(body, "time_zone", json_string(zone));
        if (currency)
                json_object_set_new(body, "currency", currency[0] ? json_string(currency) : json_null());
        if (!add_number(invocation, "job-days", "job_days", body) ||
            !add_number(invocation, "total-days", "total_days", body) ||
            !add_number(invocation, "price-grey", "price_grey", body) ||
            !add_number(invocation, "price-colour", "price_colour", body) ||
            !add_number(invocation, "price-sheet", "price_sheet", body))
                return EXIT_USAGE;
        if (json_object_size(body) == 0)
                return change_run(&session, "GET", "/v1/reports/settings", NULL, settings);
        return change_run(&session, "PATCH", "/v1/reports/settings", take(body), settings);
}

static const struct column supplies[] = {
        { "PRINTER", "printer_name", COLUMN_TEXT }, { "SUPPLY", "name", COLUMN_TEXT },
        { "COLOUR", "colour", COLUMN_TEXT },        { "OF 1000", "level", COLUMN_TEXT },
        { "EMPTY", "empty", COLUMN_TEXT },          { NULL, NULL, 0 },
};

int report_supplies_command(struct invocation *invocation)
{
        const char *printer = option_value(invocation, "printer"), *site = option_value(invocation, "site");
        char path[PATH_SIZE];

        if (!path_make(path, sizeof(path), "/v1/reports/supplies?printer=%&site=%", printer ? printer : "",
                       site ? site : ""))
                return EXIT_REFUSED;
        return list_run(invocation, path, supplies, "Nothing is known of supplies.");
}

static const struct column prices[] = {
        { "currency", "currency", COLUMN_TEXT },
        { "price grey", "price_grey", COLUMN_TEXT },
        { "price colour", "price_colour", COLUMN_TEXT },
        { "price sheet", "price_sheet", COLUMN_TEXT },
        { "of its own", "own", COLUMN_FLAG },
        { NULL, NULL, 0 },
};

static bool prices_path(const struct invocation *invocation, char path[PATH_SIZE])
{
        return path_make(path, PATH_SIZE, "/v1/printers/%/prices", invocation->operands[0], "");
}

int price_show_command(struct invocation *invocation)
{
        char path[PATH_SIZE];

        return prices_path(invocation, path) ? show_run(invocation, path, prices) : EXIT_REFUSED;
}

int price_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *body = json_object();
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status)
                return status;
        if (!prices_path(invocation, path))
                return EXIT_REFUSED;
        if (!option_value(invocation, "grey") || !option_value(invocation, "colour") ||
            !option_value(invocation, "sheet"))
                return complain_of_usage(invocation,
                                         "Say --grey, --colour and --sheet, each in thousandths.");
        if (!add_number(invocation, "grey", "price_grey", body) ||
            !add_number(invocation, "colour", "price_colour", body) ||
            !add_number(invocation, "sheet", "price_sheet", body))
                return EXIT_USAGE;
        return change_run(&session, "PUT", path, take(body), prices);
}

int price_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status)
                return status;
        return prices_path(invocation, path) ? change_run(&session, "DELETE", path, NULL, prices)
                                             : EXIT_REFUSED;
}

static const struct column schedules[] = {
        { "ID", "id", COLUMN_TEXT },
        { "BY", "by", COLUMN_TEXT },
        { "PERIOD", "period", COLUMN_TEXT },
        { "TO", "to", COLUMN_TEXT },
        { "WITH", "attach", COLUMN_TEXT },
        { "NEXT", "due", COLUMN_TIME },
        { "LAST", "outcome", COLUMN_TEXT },
        { "AT", "outcome_at", COLUMN_TIME },
        { NULL, NULL, 0 },
};

int report_schedule_list_command(struct invocation *invocation)
{
        return list_run(invocation, "/v1/report-schedules", schedules,
                        "None. Have one sent: imprimatur report-schedule add monthly --by printer");
}

/* "csv,pdf"; NULL where nothing is said, [] where that is empty. */
static json_t *attach_member(const struct invocation *invocation)
{
        const char *value = option_value(invocation, "attach");
        struct text rest = text_from(value ? value : ""), word;
        json_t *array = value ? json_array() : NULL;

        while (array && rest.len) {
                text_cut(rest, ',', &word, &rest);
                json_array_append_new(array, json_stringn(word.at, word.len));
        }
        return array;
}

int report_schedule_add_command(struct invocation *invocation)
{
        const char *by = option_value(invocation, "by"), *language = option_value(invocation, "language"),
                   *to = option_value(invocation, "to");
        SCOPED(session_done) struct session session = { 0 };
        int status = session_open(&session, invocation);

        return status ? status
                      : change_run(&session, "POST", "/v1/report-schedules",
                                   json_pack("{s:s, s:s*, s:s*, s:s*, s:o*}", "period",
                                             invocation->operands[0], "by", by, "language", language, "to",
                                             to, "attach", attach_member(invocation)),
                                   schedules);
}

int report_schedule_change_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open(&session, invocation);

        if (status)
                return status;
        if (!path_make(path, sizeof(path), "/v1/report-schedules/%", invocation->operands[0], ""))
                return EXIT_REFUSED;
        return change_run(&session, "PATCH", path,
                          json_pack("{s:s*, s:s*, s:s*, s:o*}", "period", option_value(invocation, "period"),
                                    "by", option_value(invocation, "by"), "language",
                                    option_value(invocation, "language"), "attach",
                                    attach_member(invocation)),
                          schedules);
}

int report_schedule_send_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open(&session, invocation);

        if (status)
                return status;
        return path_make(path, sizeof(path), "/v1/report-schedules/%/sending", invocation->operands[0], "")
                       ? session_call(&session, "PUT", path, NULL, NULL)
                       : EXIT_REFUSED;
}

int report_schedule_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/report-schedules/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Send no more reports of", "?");
}
