// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The lists of a printer's row: each stands in one column, separated by spaces, which none of their values
 * can hold. */

#include "base/buffer.h"
#include "core/printer/printer.h"

enum printer_list {
        PRINTER_LIST_ADDRESSES,
        PRINTER_LIST_FORMATS,
        PRINTER_LIST_MEDIA,
        PRINTER_LIST_BINS,
        PRINTER_LIST_TYPES,
        PRINTER_LIST_SOURCES,
        PRINTER_LIST_FINISHINGS,
        PRINTER_LIST_COUNT,
};

struct printer_columns {
        struct buffer at[PRINTER_LIST_COUNT];
};

/* Whether bins, types, sources and sheet_back are IPP's keywords, and finishings its enums. */
bool printer_abilities_are_valid(const struct printer *printer);

/* False where a value is empty, not printable, holds a space, or all are too long together. The caller ends
 * *ret in every case. */
bool printer_columns_format(const struct printer *printer, struct printer_columns *ret);
void printer_columns_done(struct printer_columns *columns);

/* One column, as far as there is room for its values. */
void printer_column_read(enum printer_list list, struct text column, struct printer *ret);

/* Adds those bins, types, sources and finishings that to does not have yet, as far as there is room. */
void printer_columns_unite(const struct printer *from, struct printer *to);
