// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the service answered, for people: aligned tables of many, and one below the other for one. Columns
 * name where in the JSON object their value stands. */

#include <jansson.h>
#include <stdio.h>

struct column {
        const char *title;
        const char *path; /* "delivery.state" */
        enum column_kind {
                COLUMN_TEXT, /* strings and numbers; arrays with commas between; null is "-" */
                COLUMN_FLAG, /* yes or no */
                COLUMN_TIME, /* of this machine's zone, to the minute */
                COLUMN_OCTETS,
                COLUMN_KNOWN, /* a number; 0 says that it is not known: "-" */
        } kind;
        const char *list; /* the value is an id of this list, "/v1/sites" (cli/names.h); NULL: it is none */
};

/* Columns end with a NULL title. Says so where there are no items. */
void table_print(FILE *to, const struct column *columns, const json_t *items, const char *none);
void table_print_one(FILE *to, const struct column *columns, const json_t *item);

/* How many columns of a terminal the UTF-8 string takes. */
size_t table_width(const char *string);
