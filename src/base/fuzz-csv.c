// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/csv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is formatted reads back as the same fields. */
static void check_round_trip(const struct csv *csv)
{
        static struct csv again;
        struct buffer octets = BUFFER(4 * CSV_RECORD_MAX);
        struct text rest;
        bool is_whole;

        for (size_t i = 0; i < csv->field_count; i++) {
                if (i)
                        buffer_add_octet(&octets, ',');
                csv_format_field(csv->fields[i], &octets);
        }
        buffer_add_string(&octets, "\r\n");
        assert(!octets.failure);
        csv_init(&again);
        again.at_octet = 3; /* not the start of a file, where a mark is left out */
        rest = buffer_text(&octets);
        assert(csv_take(&again, &rest, &is_whole) == 0 && is_whole && rest.len == 0);
        assert(again.field_count == csv->field_count);
        for (size_t i = 0; i < csv->field_count; i++)
                assert(text_equal(again.fields[i], csv->fields[i]));
        buffer_done(&octets);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct csv csv;
        struct text octets = text_from_octets(data, size);
        uint64_t line = 0;
        bool is_whole;

        csv_init(&csv);
        while (octets.len) {
                if (csv_take(&csv, &octets, &is_whole))
                        return 0;
                if (is_whole) {
                        assert(csv.line > line && csv.field_count > 0);
                        line = csv.line;
                        check_round_trip(&csv);
                }
        }
        if (csv_end(&csv, &is_whole) == 0 && is_whole)
                check_round_trip(&csv);
        return 0;
}
