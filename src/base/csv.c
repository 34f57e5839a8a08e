// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/csv.h"

#include <string.h>

static const unsigned char mark[3] = { 0xef, 0xbb, 0xbf };

void csv_init(struct csv *csv)
{
        *csv = (struct csv){ .at_line = 1, .is_new = true };
}

static int add(struct csv *csv, char c)
{
        if (csv->len == CSV_RECORD_MAX)
                return CSV_TOO_LONG;
        csv->record[csv->len++] = c;
        return 0;
}

static int end_field(struct csv *csv)
{
        if (csv->field_count == CSV_FIELDS_MAX)
                return CSV_TOO_MANY;
        csv->fields[csv->field_count++] =
                text_from_octets(csv->record + csv->field_start, csv->len - csv->field_start);
        csv->field_start = csv->len;
        csv->state = CSV_AT_START;
        return 0;
}

static int end_record(struct csv *csv, bool *ret_is_whole)
{
        int r = end_field(csv);

        csv->is_new = r == 0;
        *ret_is_whole = r == 0;
        return r;
}

static bool is_control(char c)
{
        return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* Outside of quotes, what stands between fields. */
static int take_between(struct csv *csv, char c, bool *ret_is_whole)
{
        if (c == ',')
                return end_field(csv);
        if (c == '\n')
                return end_record(csv, ret_is_whole);
        if (c == '\r') {
                csv->state = CSV_AFTER_CR;
                return 0;
        }
        return CSV_BAD_OCTET;
}

/*
 *      record = field *(COMMA field)
 *      field  = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE / *TEXTDATA        (section 2)
 */
static int take_one(struct csv *csv, char c, bool *ret_is_whole)
{
        bool is_between = c == ',' || c == '\n' || c == '\r';

        switch (csv->state) {
        case CSV_AT_START:
                if (c == '"') {
                        csv->state = CSV_QUOTED;
                        return 0;
                }
                csv->state = CSV_PLAIN;
                __attribute__((fallthrough));
        case CSV_PLAIN:
                if (is_between)
                        return take_between(csv, c, ret_is_whole);
                if (c == '"')
                        return CSV_BAD_QUOTE;
                return is_control(c) ? CSV_BAD_OCTET : add(csv, c);
        case CSV_QUOTED:
                if (c == '"') {
                        csv->state = CSV_AFTER_QUOTE;
                        return 0;
                }
                return is_control(c) && c != '\n' && c != '\r' ? CSV_BAD_OCTET : add(csv, c);
        case CSV_AFTER_QUOTE:
                if (c == '"') {
                        csv->state = CSV_QUOTED;
                        return add(csv, c);
                }
                return is_between ? take_between(csv, c, ret_is_whole) : CSV_BAD_QUOTE;
        case CSV_AFTER_CR: return c == '\n' ? end_record(csv, ret_is_whole) : CSV_BAD_OCTET;
        }
        return CSV_BAD_OCTET;
}

static void begin_record(struct csv *csv)
{
        csv->is_new = false;
        csv->line = csv->at_line;
        csv->field_count = 0;
        csv->len = csv->field_start = 0;
        csv->state = CSV_AT_START;
}

int csv_take(struct csv *csv, struct text *octets, bool *ret_is_whole)
{
        *ret_is_whole = false;
        while (octets->len && !csv->refusal && !*ret_is_whole) {
                char c = *octets->at;

                *octets = text_from_octets(octets->at + 1, octets->len - 1);
                if (csv->is_new)
                        begin_record(csv);
                csv->refusal = take_one(csv, c, ret_is_whole);
                csv->at_line += c == '\n';
                /* The mark is text like any other until all three of it are here. */
                if (++csv->at_octet == sizeof(mark) && csv->len == sizeof(mark) &&
                    memcmp(csv->record, mark, sizeof(mark)) == 0) {
                        csv->is_new = true;
                }
        }
        return csv->refusal;
}

int csv_end(struct csv *csv, bool *ret_is_whole)
{
        *ret_is_whole = false;
        if (csv->refusal || csv->is_new)
                return csv->refusal;
        if (csv->state == CSV_QUOTED)
                csv->refusal = CSV_CUT;
        else if (csv->state == CSV_AFTER_CR)
                csv->refusal = CSV_BAD_OCTET;
        else
                csv->refusal = end_record(csv, ret_is_whole);
        return csv->refusal;
}

void csv_format_field(struct text field, struct buffer *to)
{
        bool quoted = false;

        for (size_t i = 0; i < field.len; i++)
                quoted = quoted || field.at[i] == '"' || field.at[i] == ',' || field.at[i] == '\r' ||
                         field.at[i] == '\n';
        if (!quoted) {
                buffer_add_text(to, field);
                return;
        }
        buffer_add_octet(to, '"');
        for (size_t i = 0; i < field.len; i++) {
                if (field.at[i] == '"')
                        buffer_add_octet(to, '"');
                buffer_add_octet(to, (uint8_t)field.at[i]);
        }
        buffer_add_octet(to, '"');
}
