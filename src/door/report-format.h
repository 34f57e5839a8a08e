// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A report of pages in the forms that people take away: a table (CSV), and a sheet to look at, which is HTML
 * for the renderer's cell, with a plot above the same table. Names in it may be anybody's: in the table
 * nothing begins as a formula of a spreadsheet does, in the sheet nothing is markup. Pure.
 */

#include "base/buffer.h"
#include "core/notice/mail-words.h"
#include "core/report/report-pages.h"

struct report_sheet {
        const struct report_order *order;
        const struct report_pages *pages;
        enum language language;
        const char *organisation;
};

/* RFC 4180, UTF-8, with a line of English keywords first, which are those of the API. */
int report_format_table(const struct report_sheet *sheet, struct buffer *to);
int report_format_sheet(const struct report_sheet *sheet, struct buffer *html);

/* A cell of a table with what anybody may have written. */
void report_add_words(struct buffer *to, const char *words);

/* "2026-01-31"; of a month "2026-01" */
#define REPORT_DAY_STRING 11
void report_format_day(enum report_by by, int64_t day, char ret[REPORT_DAY_STRING]);
/* What a row stands for: its day or its name; "" where it has none. */
const char *report_row_name(enum report_by by, const struct report_pages_row *row,
                            char day[REPORT_DAY_STRING]);
