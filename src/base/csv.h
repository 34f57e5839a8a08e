// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Tables as text (RFC 4180), record by record, from octets that arrive in pieces.
 *
 * Strict, so that no other reader sees another table than we do: a record ends with CRLF or LF; a field with
 * a quote, comma or line end is quoted as a whole, with quotes inside doubled; a quote elsewhere, a CR
 * without LF, NUL and other control characters (but tab) are refused. One byte order mark at the very start
 * is left out. That all records have as many fields as the first is for the reader to ask.
 *
 * A value: no allocation; a record has at most CSV_RECORD_MAX octets and CSV_FIELDS_MAX fields. After a
 * refusal nothing more is taken, for what follows could be anything.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

#define CSV_RECORD_MAX 16384
#define CSV_FIELDS_MAX 64

enum csv_refusal {
        CSV_BAD_QUOTE = 1, /* a quote in a field that is not quoted, or something behind the closing one */
        CSV_BAD_OCTET,     /* a control character */
        CSV_TOO_LONG,
        CSV_TOO_MANY,
        CSV_CUT, /* the end, within quotes */
};

struct csv {
        uint64_t line; /* of the record's first octet, from 1 */
        struct text fields[CSV_FIELDS_MAX];
        size_t field_count;

        /* Its own. */
        enum {
                CSV_AT_START,
                CSV_PLAIN,
                CSV_QUOTED,
                CSV_AFTER_QUOTE,
                CSV_AFTER_CR
        } state;
        int refusal;
        uint64_t at_line, at_octet;
        bool is_new; /* the next octet begins a record */
        char record[CSV_RECORD_MAX];
        size_t len, field_start;
};

void csv_init(struct csv *csv);

/*
 * Takes octets up to the end of a record, and makes *octets what is left. *ret_is_whole: fields are that
 * record's, borrowed until the next call; else all octets were taken, and more are needed.
 */
int csv_take(struct csv *csv, struct text *octets, bool *ret_is_whole);
/* There are no more octets. *ret_is_whole: the last record had no line end. */
int csv_end(struct csv *csv, bool *ret_is_whole);

/* The other way: a field, quoted where it must be; the caller writes the commas and CRLF. */
void csv_format_field(struct text field, struct buffer *to);
