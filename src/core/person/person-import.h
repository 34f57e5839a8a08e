// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * People as a table (base/csv.h), in and out.
 *
 * The first record names the columns: "email" must be there, "name", "department", "groups", "badge" and
 * "pin" may be. "role", "disabled" and "badges", which an export has, are left out of account: a table gives
 * nobody rights. Groups (and several badges) stand in one cell with ";" between, ";;" for a ";" in a name. An
 * apostrophe before
 * "=", "+", "-", "@" or a tab at the start of a cell keeps spreadsheets from calculating; it is not part of
 * it.
 *
 * An address that is not known becomes a person; one that is, is changed. An empty cell leaves what is there.
 * Groups are the local ones, all of them. A badge is added, never taken from anybody; a PIN is set where
 * there is none. So the same table again changes nothing, and one that was cut off can be sent again.
 *
 * Octets are taken as they come: some lines at a time are written in one transaction, each line whole or not
 * at all. A PIN costs as much as a password; PERSON_IMPORT_PINS_MAX are set, the next time the others.
 */

#include "core/actor.h"

#define PERSON_IMPORT_PINS_MAX  200
#define PERSON_IMPORT_LINES_MAX 10000 /* of the report */

enum person_import_outcome {
        PERSON_IMPORT_UNCHANGED,
        PERSON_IMPORT_MADE,
        PERSON_IMPORT_CHANGED,
        PERSON_IMPORT_REFUSED,
};
const char *person_import_outcome_name(enum person_import_outcome outcome);

/* What a line, or the table from that line on, is refused for: "bad-email", …; static. */
struct person_import_line {
        uint64_t line;
        enum person_import_outcome outcome;
        const char *reason; /* NULL: none */
};

struct person_import_report {
        uint64_t made, changed, unchanged, refused;
        uint64_t pins_left;                     /* lines whose PIN was not set yet */
        const struct person_import_line *lines; /* those that are not unchanged, in order */
        size_t line_count;
        bool lines_cut;
        struct person_import_line stopped; /* .reason NULL: the table was read to its end */
};

struct person_import;

/* Dry: everything is looked at as if it were written, and nothing is. CORE_FORBIDDEN. */
int person_import_open(struct core *core, const struct actor *actor, bool dry, struct person_import **ret);
/* CORE_BAD_VALUE from the first record on that is no record, or where the first one names no good columns:
 * the report has stopped; what follows is not looked at. */
int person_import_write(struct person_import *import, struct text octets);
/* The end of the table. The report is borrowed from import. */
int person_import_finish(struct person_import *import, struct person_import_report *ret);
void person_import_close(struct person_import *import);
void person_import_closep(struct person_import **import);

/*
 * The other way: the next part of the table of everybody, in order of id; *after begins as the zero id and is
 * where to go on. Adds nothing where nobody follows. The first part begins with the names of the columns.
 * CORE_FORBIDDEN.
 */
struct buffer;
int person_export_part(struct core *core, const struct actor *actor, struct id *after, struct buffer *to);
