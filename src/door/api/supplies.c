// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What printers use up, and when it will be empty: to read, and as a table. */

#include "core/report/supply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer.h"
#include "core/site/site.h"
#include "door/api/api.h"
#include "door/report-format.h"

#define TABLE_ROWS   1000
#define TABLE_OCTETS ((size_t)1024 * 1024)

static json_t *empty_json(const struct supply *s)
{
        char day[REPORT_DAY_STRING];

        if (s->empty_day == SUPPLY_NO_DAY)
                return json_null();
        report_format_day(REPORT_BY_DAY, s->empty_day, day);
        return json_string(day);
}

static json_t *supply_json(const void *item, void *context)
{
        const struct supply *s = item;

        (void)context;
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "id", json_of_id(s->id), "printer",
                         json_of_id(s->printer), "printer_name", json_words_or_null(s->printer_name), "name",
                         json_words_or_null(s->name), "type", json_words_or_null(s->type), "colour",
                         json_words_or_null(s->colour), "level", (json_int_t)s->level, "seen",
                         json_of_time(s->seen_ms), "empty", empty_json(s));
}

static void add_row(struct buffer *to, const struct supply *s)
{
        char day[REPORT_DAY_STRING] = "", id[ID_STRING];

        if (s->empty_day != SUPPLY_NO_DAY)
                report_format_day(REPORT_BY_DAY, s->empty_day, day);
        id_format(s->printer, id);
        report_add_words(to, s->printer_name);
        buffer_format(to, ",%s,", id);
        report_add_words(to, s->name);
        buffer_add_octet(to, ',');
        report_add_words(to, s->type);
        buffer_add_octet(to, ',');
        report_add_words(to, s->colour);
        buffer_format(to, ",%d.%d,%s\r\n", s->level / 10, s->level % 10, day);
}

static int answer_table(struct request *request, const struct supply_filter *filter)
{
        SCOPED(freep) struct supply *supplies = calloc(TABLE_ROWS, sizeof(*supplies));
        SCOPED(buffer_done) struct buffer table = BUFFER(TABLE_OCTETS);
        size_t count = 0;
        int r = supplies ? supply_list(request->core, &request->actor, filter, (struct id){ 0 }, supplies,
                                       TABLE_ROWS, &count)
                         : fault(-ENOMEM);

        if (r)
                return request_refuse(request, r);
        buffer_add_string(&table, "printer,id,name,type,colour,percent,empty\r\n");
        for (size_t i = 0; i < count; i++)
                add_row(&table, &supplies[i]);
        if (table.failure)
                return fault(table.failure);
        r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r == 0)
                r = http_add_header(request->x, "Content-Disposition",
                                    "attachment; filename=\"supplies.csv\"");
        return r ? r
                 : http_respond(request->x, 200, "text/csv; charset=utf-8; header=present",
                                buffer_text(&table));
}

/* Core's refusals. */
static int read_filter(struct request *request, struct supply_filter *filter)
{
        struct printer printer;
        struct site site;
        struct text word;
        int r = 0;

        if (http_query(request->x, "printer", &word) && word.len) {
                r = request_find_printer(request, word, &printer);
                filter->printer = printer.id;
        }
        if (r == 0 && http_query(request->x, "site", &word) && word.len && !id_parse(word, &filter->site)) {
                r = site_find_by_name(request->core, request->actor.tenant, word, &site);
                filter->site = site.id;
        }
        return r;
}

int report_supplies_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct supply_filter filter = { 0 };
        struct text format;
        int r = read_filter(request, &filter);

        if (r)
                return request_refuse(request, r);
        if (http_query(request->x, "format", &format) && format.len && !text_equal_string(format, "json"))
                return text_equal_string(format, "csv") ? answer_table(request, &filter)
                                                        : request_bad(request, "\"format\" is json or csv.");
        if (!request_page(request, sizeof(struct supply), &page, &r))
                return r;
        r = supply_list(request->core, &request->actor, &filter, page.after, page.items, page.max,
                        &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, supply_json, NULL);
}
