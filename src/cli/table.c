// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/table.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define COLUMNS_MAX 24
#define CELL_SIZE   400

/* Locale or not: what the service sends is UTF-8. Wide characters of East Asia take two columns. */
size_t table_width(const char *string)
{
        size_t width = 0;

        for (const unsigned char *at = (const unsigned char *)string; *at;) {
                unsigned int c = *at++;
                int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;

                c &= more == 3 ? 0x07 : more == 2 ? 0x0f : more == 1 ? 0x1f : 0x7f;
                while (more-- && (*at & 0xc0) == 0x80)
                        c = c << 6 | (*at++ & 0x3fu);
                if (c >= 0x300 && c < 0x370)
                        continue; /* combining accents */
                width += (c >= 0x1100 && c < 0x1160) || (c >= 0x2e80 && c < 0xa4d0) ||
                                         (c >= 0xac00 && c < 0xd7a4) || (c >= 0xf900 && c < 0xfb00) ||
                                         (c >= 0xfe30 && c < 0xfe70) || (c >= 0xff00 && c < 0xff61) ||
                                         (c >= 0x1f300 && c < 0x1fa00)
                                 ? 2
                                 : 1;
        }
        return width;
}

static json_t *value_at(const json_t *item, const char *path)
{
        char names[96];
        char *rest = NULL;
        const json_t *value = item;

        snprintf(names, sizeof(names), "%s", path);
        for (char *name = strtok_r(names, ".", &rest); name; name = strtok_r(NULL, ".", &rest))
                value = json_object_get(value, name);
        return (json_t *)value;
}

static void format_octets(json_int_t octets, char *ret, size_t size)
{
        static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };
        double value = (double)octets;
        size_t unit = 0;

        while (value >= 1000 && unit < 4) {
                value /= 1000;
                unit++;
        }
        snprintf(ret, size, unit && value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

/* "2026-01-31T12:00:00.000Z" as this machine's people write it. */
static void format_time(const char *string, char *ret, size_t size)
{
        struct tm broken = { 0 }, local;
        time_t seconds;

        if (!strptime(string, "%Y-%m-%dT%H:%M:%S", &broken)) {
                snprintf(ret, size, "%s", string);
                return;
        }
        seconds = timegm(&broken);
        localtime_r(&seconds, &local);
        strftime(ret, size, "%Y-%m-%d %H:%M", &local);
}

static void format_value(const json_t *value, enum column_kind kind, char *ret, size_t size);

static void format_array(const json_t *array, char *ret, size_t size)
{
        size_t length = 0;

        ret[0] = '\0';
        for (size_t i = 0; i < json_array_size(array) && length < size - 1; i++) {
                char cell[CELL_SIZE];

                format_value(json_array_get(array, i), COLUMN_TEXT, cell, sizeof(cell));
                length += (size_t)snprintf(ret + length, size - length, "%s%s", i ? ", " : "", cell);
        }
}

static void format_object(json_t *object, char *ret, size_t size)
{
        const char *name;
        json_t *value;
        size_t length = 0;

        ret[0] = '\0';
        json_object_foreach(object, name, value)
        {
                char cell[CELL_SIZE];

                if (json_is_null(value) || length >= size - 1)
                        continue;
                format_value(value, COLUMN_TEXT, cell, sizeof(cell));
                length += (size_t)snprintf(ret + length, size - length, "%s%s=%s", length ? " " : "", name,
                                           cell);
        }
}

static void format_value(const json_t *value, enum column_kind kind, char *ret, size_t size)
{
        ret[0] = '\0';
        if (json_is_boolean(value))
                snprintf(ret, size, "%s", json_is_true(value) ? "yes" : "no");
        else if (json_is_integer(value) && kind == COLUMN_OCTETS)
                format_octets(json_integer_value(value), ret, size);
        else if (json_is_integer(value) && kind == COLUMN_KNOWN && json_integer_value(value) == 0)
                snprintf(ret, size, "-");
        else if (json_is_integer(value))
                snprintf(ret, size, "%lld", (long long)json_integer_value(value));
        else if (json_is_string(value) && kind == COLUMN_TIME)
                format_time(json_string_value(value), ret, size);
        else if (json_is_string(value))
                snprintf(ret, size, "%s", json_string_value(value));
        else if (json_is_array(value))
                format_array(value, ret, size);
        else if (json_is_object(value))
                format_object((json_t *)value, ret, size);
        if (!ret[0])
                snprintf(ret, size, "-");
        /* Nothing that others wrote steers this terminal. */
        for (char *at = ret; *at; at++)
                if ((unsigned char)*at < 0x20 || *at == 0x7f)
                        *at = '?';
}

static void format_cell(const json_t *item, const struct column *column, char ret[CELL_SIZE])
{
        format_value(value_at(item, column->path), column->kind, ret, CELL_SIZE);
}

static void print_padded(FILE *to, const char *cell, size_t width, int is_last)
{
        fputs(cell, to);
        if (is_last)
                return;
        for (size_t i = table_width(cell); i < width + 2; i++)
                fputc(' ', to);
}

void table_print(FILE *to, const struct column *columns, const json_t *items, const char *none)
{
        size_t widths[COLUMNS_MAX] = { 0 };
        char cell[CELL_SIZE];
        json_t *item;
        size_t i;

        if (json_array_size(items) == 0) {
                fprintf(to, "%s\n", none);
                return;
        }
        for (size_t c = 0; columns[c].title; c++) {
                widths[c] = table_width(columns[c].title);
                json_array_foreach(items, i, item)
                {
                        format_cell(item, &columns[c], cell);
                        if (table_width(cell) > widths[c])
                                widths[c] = table_width(cell);
                }
        }
        for (size_t c = 0; columns[c].title; c++)
                print_padded(to, columns[c].title, widths[c], !columns[c + 1].title);
        fputc('\n', to);
        json_array_foreach(items, i, item)
        {
                for (size_t c = 0; columns[c].title; c++) {
                        format_cell(item, &columns[c], cell);
                        print_padded(to, cell, widths[c], !columns[c + 1].title);
                }
                fputc('\n', to);
        }
}

void table_print_one(FILE *to, const struct column *columns, const json_t *item)
{
        char cell[CELL_SIZE];
        size_t width = 0;

        for (size_t c = 0; columns[c].title; c++)
                if (table_width(columns[c].title) > width)
                        width = table_width(columns[c].title);
        for (size_t c = 0; columns[c].title; c++) {
                format_cell(item, &columns[c], cell);
                print_padded(to, columns[c].title, width, 0);
                fprintf(to, "%s\n", cell);
        }
}
