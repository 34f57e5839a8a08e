// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/csv.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

/* What was read, as "field|field;field;" with the line in front of each record. */
static const struct {
        const char *octets;
        const char *read;
        int outcome;
} rows[] = {
        { "", "", 0 },
        { "a,b\r\nc,d\r\n", "1:a|b;2:c|d;", 0 },
        { "a,b\nc,d", "1:a|b;2:c|d;", 0 },
        { "a\r\n\r\nb", "1:a;2:;3:b;", 0 },
        { ",\r\n", "1:|;", 0 },
        { "\"a\",\"b,c\",\"d\"\"e\"\r\n", "1:a|b,c|d\"e;", 0 },
        { "\"a\r\nb\",c\r\nd\r\n", "1:a\r\nb|c;3:d;", 0 },
        { "\"\"", "1:;", 0 },
        { "\"\"\"\"", "1:\";", 0 },
        { "\xef\xbb\xbf"
          "a,b\n",
          "1:a|b;", 0 },
        { "\xef\xbb\xbf"
          "\"a\",b\n",
          "1:a|b;", 0 },
        { "a\n\xef\xbb\xbf"
          "b\n",
          "1:a;2:\xef\xbb\xbf"
          "b;",
          0 },
        { "\xef\xbb\xbf", "", 0 },
        { "a\tb", "1:a\tb;", 0 },
        { " a , b ", "1: a | b ;", 0 },
        { "a\"b\n", "", CSV_BAD_QUOTE },
        { "\"a\"b\n", "", CSV_BAD_QUOTE },
        { "\"a\" ,b\n", "", CSV_BAD_QUOTE },
        { "a\rb\n", "", CSV_BAD_OCTET },
        { "a\n\"b\"\r", "1:a;", CSV_BAD_OCTET },
        { "a\x01", "", CSV_BAD_OCTET },
        { "a\n\"b", "1:a;", CSV_CUT },
        { "\"a\x1b\"", "", CSV_BAD_OCTET },
};

static void note(const struct csv *csv, char *ret)
{
        char *at = ret + strlen(ret);

        at += sprintf(at, "%llu:", (unsigned long long)csv->line);
        for (size_t i = 0; i < csv->field_count; i++)
                at += sprintf(at, "%s%.*s", i ? "|" : "", TEXT_ARGS(csv->fields[i]));
        strcpy(at, ";");
}

/* In pieces of that many octets: each way of cutting reads the same. */
static int read_all(struct text octets, size_t piece, char *ret)
{
        static struct csv csv;
        bool is_whole;
        int r;

        ret[0] = '\0';
        csv_init(&csv);
        while (octets.len) {
                struct text part = text_from_octets(octets.at, octets.len < piece ? octets.len : piece);

                octets = text_from_octets(octets.at + part.len, octets.len - part.len);
                do {
                        r = csv_take(&csv, &part, &is_whole);
                        if (r)
                                return r;
                        if (is_whole)
                                note(&csv, ret);
                } while (part.len);
        }
        r = csv_end(&csv, &is_whole);
        if (is_whole)
                note(&csv, ret);
        return r;
}

static void limits(void)
{
        static struct csv csv;
        static char octets[CSV_RECORD_MAX + 2];
        struct text text;
        bool is_whole;

        memset(octets, 'a', sizeof(octets));
        octets[CSV_RECORD_MAX] = '\n';
        csv_init(&csv);
        text = text_from_octets(octets, CSV_RECORD_MAX + 1);
        assert(csv_take(&csv, &text, &is_whole) == 0 && is_whole && csv.fields[0].len == CSV_RECORD_MAX);
        octets[CSV_RECORD_MAX] = 'a';
        csv_init(&csv);
        text = text_from_octets(octets, CSV_RECORD_MAX + 1);
        assert(csv_take(&csv, &text, &is_whole) == CSV_TOO_LONG);
        text = text_from("b\n");
        assert(csv_take(&csv, &text, &is_whole) == CSV_TOO_LONG);
        memset(octets, ',', CSV_FIELDS_MAX);
        csv_init(&csv);
        text = text_from_octets(octets, CSV_FIELDS_MAX - 1);
        assert(csv_take(&csv, &text, &is_whole) == 0 && csv_end(&csv, &is_whole) == 0);
        assert(csv.field_count == CSV_FIELDS_MAX);
        csv_init(&csv);
        text = text_from_octets(octets, CSV_FIELDS_MAX);
        assert(csv_take(&csv, &text, &is_whole) == 0 && csv_end(&csv, &is_whole) == CSV_TOO_MANY);
}

int main(void)
{
        char read[256];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                for (size_t piece = 1; piece < 5; piece++) {
                        int r = read_all(text_from(rows[i].octets), piece, read);

                        if (r != rows[i].outcome || strcmp(read, rows[i].read) != 0)
                                fprintf(stderr, "row %zu in pieces of %zu: %d %s\n", i, piece, r, read);
                        assert(r == rows[i].outcome);
                        assert(strcmp(read, rows[i].read) == 0);
                }
        assert(read_all(text_from_octets("a\0b", 3), 3, read) == CSV_BAD_OCTET);
        limits();
        return 0;
}
