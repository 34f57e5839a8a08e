// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/scope.h"
#include "door/report-format.h"

void report_format_day(enum report_by by, int64_t day, char ret[REPORT_DAY_STRING])
{
        char string[25];

        clock_format(day * 86400000, string);
        snprintf(ret, REPORT_DAY_STRING, "%.*s", by == REPORT_BY_MONTH ? 7 : 10, string);
}

const char *report_row_name(enum report_by by, const struct report_pages_row *row,
                            char day[REPORT_DAY_STRING])
{
        if (by > REPORT_BY_MONTH)
                return row->label;
        report_format_day(by, row->day, day);
        return day;
}

/* A cell that begins like this is a formula to spreadsheets, quoted or not; with the sign before it, it is
 * text. */
void report_add_words(struct buffer *to, const char *words)
{
        char cell[REPORT_LABEL + 1];

        snprintf(cell, sizeof(cell), "%s%s", words[0] && strchr("=+-@\t\r", words[0]) ? "'" : "", words);
        csv_format_field(text_from(cell), to);
}

/* Of what nobody knows the cell is empty, and not 0. */
static void add_cost(struct buffer *to, const struct report_sums *s)
{
        buffer_add_octet(to, ',');
        if (s->priced_jobs)
                buffer_format(to, "%lld.%03lld", (long long)(s->cost / 1000), (long long)(s->cost % 1000));
}

static void add_row(struct buffer *to, const struct report_sheet *sheet, const struct report_pages_row *row)
{
        const struct report_sums *s = &row->sums;
        char day[REPORT_DAY_STRING], id[ID_STRING] = "";

        report_add_words(to, report_row_name(sheet->order->by, row, day));
        if (!id_is_zero(row->id))
                id_format(row->id, id);
        buffer_format(to, ",%s,%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld", id, (long long)s->jobs,
                      (long long)s->pages, (long long)s->colour_pages, (long long)s->two_sided_pages,
                      (long long)s->sheets, (long long)s->unknown_jobs, (long long)s->saved_jobs,
                      (long long)s->saved_pages, (long long)s->saved_sheets);
        add_cost(to, s);
        buffer_add_string(to, "\r\n");
}

int report_format_table(const struct report_sheet *sheet, struct buffer *to)
{
        buffer_format(to,
                      "%s,id,jobs,pages,colour_pages,two_sided_pages,sheets,unknown_jobs,saved_jobs,"
                      "saved_pages,saved_sheets,cost\r\n",
                      report_by_names[sheet->order->by]);
        for (size_t i = 0; i < sheet->pages->count; i++)
                add_row(to, sheet, &sheet->pages->rows[i]);
        return to->failure;
}
