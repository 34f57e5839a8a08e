// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/person-import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/badge.h"
#include "core/person/group.h"
#include "core/person/person.h"
#include "core/state.h"

#define ROWS_ONCE  64 /* in one transaction */
#define GROUPS_ROW 32
#define BADGES_ROW 8
#define PIN_MAX    13
#define DRY        CORE_LAST /* what a dry run's transaction ends with, so that it is rolled back */

enum column {
        COLUMN_EMAIL,
        COLUMN_NAME,
        COLUMN_DEPARTMENT,
        COLUMN_GROUPS,
        COLUMN_BADGE,
        COLUMN_PIN,
        COLUMN_IGNORED,
        COLUMN_ROLE = COLUMN_IGNORED,
        COLUMN_DISABLED,
        COLUMN_BADGES,
        COLUMNS_KNOWN,
};
static const char *const column_names[] = {
        [COLUMN_EMAIL] = "email",   [COLUMN_NAME] = "name",         [COLUMN_DEPARTMENT] = "department",
        [COLUMN_GROUPS] = "groups", [COLUMN_BADGE] = "badge",       [COLUMN_PIN] = "pin",
        [COLUMN_ROLE] = "role",     [COLUMN_DISABLED] = "disabled", [COLUMN_BADGES] = "badges",
};

struct row {
        uint64_t line;
        const char *reason; /* NULL: to be written */
        enum person_import_outcome outcome;

        char email[CORE_EMAIL];
        char name[CORE_TITLE];
        char department[CORE_TITLE];
        char groups[GROUPS_ROW][CORE_TITLE];
        size_t group_count;
        struct badge_number badges[BADGES_ROW];
        size_t badge_count;
        char pin[PIN_MAX];

        struct id person;
        bool has_pin;
};

struct person_import {
        struct core *core;
        struct actor actor;
        bool dry;
        struct csv csv;
        enum column columns[CSV_FIELDS_MAX];
        size_t column_count; /* 0: not known yet */
        struct row *rows;
        size_t row_count;
        uint32_t pins;
        struct person_import_line *lines;
        struct person_import_report report;
};

const char *person_import_outcome_name(enum person_import_outcome outcome)
{
        static const char *const names[] = {
                [PERSON_IMPORT_UNCHANGED] = "unchanged",
                [PERSON_IMPORT_MADE] = "made",
                [PERSON_IMPORT_CHANGED] = "changed",
                [PERSON_IMPORT_REFUSED] = "refused",
        };

        return names[outcome];
}

int person_import_open(struct core *core, const struct actor *actor, bool dry, struct person_import **ret)
{
        SCOPED(person_import_closep) struct person_import *import = NULL;

        if (!actor_may(actor, RIGHT_PEOPLE_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        import = calloc(1, sizeof(*import));
        if (!import)
                return fault(-ENOMEM);
        import->core = core;
        import->actor = *actor;
        import->dry = dry;
        csv_init(&import->csv);
        import->rows = calloc(ROWS_ONCE, sizeof(*import->rows));
        import->lines = calloc(PERSON_IMPORT_LINES_MAX, sizeof(*import->lines));
        if (!import->rows || !import->lines)
                return fault(-ENOMEM);
        *ret = take(import);
        return 0;
}

void person_import_close(struct person_import *import)
{
        if (!import)
                return;
        if (import->rows) /* it holds PINs */
                explicit_bzero(import->rows, ROWS_ONCE * sizeof(*import->rows));
        explicit_bzero(&import->csv, sizeof(import->csv));
        free(import->rows);
        free(import->lines);
        free(import);
}

void person_import_closep(struct person_import **import)
{
        person_import_close(*import);
}

static int stop(struct person_import *import, uint64_t line, const char *reason)
{
        import->report.stopped = (struct person_import_line){ line, PERSON_IMPORT_REFUSED, reason };
        return CORE_BAD_VALUE;
}

static int read_columns(struct person_import *import)
{
        const struct csv *csv = &import->csv;
        bool seen[COLUMNS_KNOWN] = { false };

        for (size_t i = 0; i < csv->field_count; i++) {
                enum column column = 0;

                while (column < COLUMNS_KNOWN && !text_equal_string(csv->fields[i], column_names[column]))
                        column++;
                if (column == COLUMNS_KNOWN)
                        return stop(import, csv->line, "unknown-column");
                if (seen[column])
                        return stop(import, csv->line, "column-twice");
                seen[column] = true;
                import->columns[i] = column;
        }
        if (!seen[COLUMN_EMAIL])
                return stop(import, csv->line, "no-email-column");
        import->column_count = csv->field_count;
        return 0;
}

static struct text without_guard(struct text cell)
{
        if (cell.len > 1 && cell.at[0] == '\'' && strchr("=+-@\t", cell.at[1]))
                return text_from_octets(cell.at + 1, cell.len - 1);
        return cell;
}

/* The next name of a cell, with ";;" as ";"; false at the end. An empty name is not counted. */
static bool next_name(struct text *cell, char *ret, size_t size, bool *ret_fits)
{
        size_t len = 0, at = 0;

        *ret_fits = true;
        for (; at < cell->len; at++) {
                if (cell->at[at] == ';') {
                        if (at + 1 == cell->len || cell->at[at + 1] != ';')
                                break;
                        at++;
                }
                if (len + 1 >= size || cell->at[at] == '\0')
                        *ret_fits = false;
                else
                        ret[len++] = cell->at[at];
        }
        if (cell->len == 0)
                return false;
        ret[len] = '\0';
        at += at < cell->len;
        *cell = text_from_octets(cell->at + at, cell->len - at);
        return true;
}

static const char *read_groups(struct row *row, struct text cell)
{
        char name[CORE_TITLE];
        bool fits;

        while (next_name(&cell, name, sizeof(name), &fits)) {
                struct text text = text_trim(text_from(name));

                if (!fits || !text_is_printable(text))
                        return "bad-group";
                if (text.len == 0)
                        continue;
                if (row->group_count == GROUPS_ROW)
                        return "too-many-groups";
                text_copy(text, row->groups[row->group_count++], CORE_TITLE);
        }
        return NULL;
}

static int read_badges(struct person_import *import, struct row *row, struct text cell)
{
        char number[KEYS_CARD_MAX + 2];
        bool fits;

        while (next_name(&cell, number, sizeof(number), &fits)) {
                struct text text = text_trim(text_from(number));
                int r;

                if (text.len == 0)
                        continue;
                if (!fits || row->badge_count == BADGES_ROW) {
                        row->reason = fits ? "too-many-badges" : "bad-badge";
                        return 0;
                }
                r = badge_number_read(import->core, import->actor.tenant, text,
                                      &row->badges[row->badge_count++]);
                if (r == CORE_BAD_VALUE)
                        row->reason = "bad-badge";
                if (r)
                        return r < 0 ? r : 0;
        }
        return 0;
}

static const char *read_pin(struct row *row, struct text cell)
{
        return cell.len == 0 || (person_pin_is_good(cell) && text_copy(cell, row->pin, sizeof(row->pin)))
                       ? NULL
                       : "bad-pin";
}

static const char *read_words(struct text cell, char ret[CORE_TITLE], const char *complaint)
{
        return text_is_printable(cell) && text_copy(cell, ret, CORE_TITLE) ? NULL : complaint;
}

static int read_cell(struct person_import *import, struct row *row, enum column column, struct text cell)
{
        switch (column) {
        case COLUMN_EMAIL: row->reason = email_fold(cell, row->email) ? NULL : "bad-email"; return 0;
        case COLUMN_NAME: row->reason = read_words(cell, row->name, "bad-name"); return 0;
        case COLUMN_DEPARTMENT: row->reason = read_words(cell, row->department, "bad-department"); return 0;
        case COLUMN_GROUPS: row->reason = read_groups(row, cell); return 0;
        case COLUMN_BADGE: return read_badges(import, row, cell);
        case COLUMN_PIN: row->reason = read_pin(row, cell); return 0;
        default: return 0;
        }
}

static int read_row(struct person_import *import, struct row *row)
{
        const struct csv *csv = &import->csv;
        int r = 0;

        *row = (struct row){ .line = csv->line };
        if (csv->field_count != import->column_count) {
                row->reason =
                        csv->field_count == 1 && csv->fields[0].len == 0 ? "empty-line" : "wrong-fields";
                return 0;
        }
        for (size_t i = 0; r == 0 && !row->reason && i < csv->field_count; i++)
                r = read_cell(import, row, import->columns[i], text_trim(without_guard(csv->fields[i])));
        return r;
}

/* What the database knows of the row's address; CORE_NOT_FOUND. */
struct known {
        char name[CORE_TITLE];
        char department[CORE_TITLE];
        enum role role;
};

static int find_known(struct db_tx *tx, const struct person_import *import, struct row *row,
                      struct known *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, import->actor.tenant,
                   "SELECT id, name, department, role, pin IS NOT NULL FROM person"
                   " WHERE tenant_id = ?1 AND email = ?2",
                   DB_VALUES(db_string(row->email)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        row->person = db_rows_id(&rows, 0);
        db_rows_string(&rows, 1, ret->name, sizeof(ret->name));
        db_rows_string(&rows, 2, ret->department, sizeof(ret->department));
        ret->role = (enum role)db_rows_integer(&rows, 3);
        row->has_pin = db_rows_integer(&rows, 4);
        return 0;
}

static int make_person(struct db_tx *tx, const struct person_import *import, struct row *row)
{
        struct person person = { .id = id_new(), .role = ROLE_PERSON, .created_ms = clock_unix_ms() };

        memcpy(person.email, row->email, sizeof(person.email));
        memcpy(person.name, row->name, sizeof(person.name));
        memcpy(person.department, row->department, sizeof(person.department));
        row->person = person.id;
        row->has_pin = false;
        row->outcome = PERSON_IMPORT_MADE;
        return fold(person_insert(tx, import->actor.tenant, &import->actor, &person, "by=import"));
}

static int change_person(struct db_tx *tx, const struct person_import *import, struct row *row,
                         const struct known *known)
{
        const char *name = row->name[0] ? row->name : known->name;
        const char *department = row->department[0] ? row->department : known->department;
        int r;

        if (strcmp(name, known->name) == 0 && strcmp(department, known->department) == 0)
                return 0;
        row->outcome = PERSON_IMPORT_CHANGED;
        r = db_run(tx, import->actor.tenant,
                   "UPDATE person SET name = ?3, department = ?4 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&row->person), db_string(name), db_string(department)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, import->actor.tenant, &import->actor, "person-changed", row->person,
                         "by=import");
}

static int set_groups(struct db_tx *tx, const struct person_import *import, struct row *row)
{
        const char *names[GROUPS_ROW];
        bool changed = false;
        int r;

        for (size_t i = 0; i < row->group_count; i++)
                names[i] = row->groups[i];
        r = membership_set(tx, import->actor.tenant, &import->actor, row->person, (struct id){ 0 }, names,
                           row->group_count, &changed);
        if (changed && row->outcome == PERSON_IMPORT_UNCHANGED)
                row->outcome = PERSON_IMPORT_CHANGED;
        return r;
}

/* *ret_missing: those of the row that nobody has yet. Someone else's is a reason. */
static int look_at_badges(struct db_tx *tx, const struct person_import *import, struct row *row,
                          bool ret_missing[BADGES_ROW])
{
        for (size_t i = 0; i < row->badge_count; i++) {
                struct id holder;
                int r = badge_holder(tx, import->actor.tenant, &row->badges[i], &holder);

                if (r < 0)
                        return r;
                ret_missing[i] = r == CORE_NOT_FOUND;
                if (r == 0 && !id_equal(holder, row->person))
                        row->reason = "badge-taken";
        }
        return 0;
}

static int add_badges(struct db_tx *tx, const struct person_import *import, struct row *row,
                      const bool missing[BADGES_ROW])
{
        for (size_t i = 0; i < row->badge_count; i++) {
                const struct badge badge = { .id = id_new(),
                                             .person = row->person,
                                             .kind = BADGE_CARD,
                                             .created_ms = clock_unix_ms() };
                int r;

                if (!missing[i])
                        continue;
                r = badge_insert(tx, import->actor.tenant, &import->actor, &badge, &row->badges[i]);
                if (r && r != CORE_TAKEN) /* twice in one cell */
                        return r;
                if (row->outcome == PERSON_IMPORT_UNCHANGED)
                        row->outcome = PERSON_IMPORT_CHANGED;
        }
        return 0;
}

/* Everything that could refuse the row comes before anything is written of it. */
static int write_row(struct db_tx *tx, const struct person_import *import, struct row *row)
{
        bool missing[BADGES_ROW];
        struct known known;
        int r, found;

        row->outcome = PERSON_IMPORT_UNCHANGED;
        row->person = (struct id){ 0 };
        found = find_known(tx, import, row, &known);
        if (found < 0)
                return found;
        if (found == 0 && known.role == ROLE_OPERATOR &&
            !actor_may(&import->actor, RIGHT_OPERATORS, whose_service())) {
                row->reason = "operator";
                return 0;
        }
        r = look_at_badges(tx, import, row, missing);
        if (r || row->reason)
                return r;
        r = found == 0 ? change_person(tx, import, row, &known) : make_person(tx, import, row);
        if (r == 0 && row->group_count)
                r = set_groups(tx, import, row);
        return r ? r : add_badges(tx, import, row, missing);
}

static int write_rows_in(struct db_tx *tx, void *context)
{
        struct person_import *import = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < import->row_count; i++) {
                struct row *row = &import->rows[i];

                if (!row->email[0])
                        continue;
                row->reason = NULL;
                r = write_row(tx, import, row);
                if (row->reason)
                        row->outcome = PERSON_IMPORT_REFUSED;
        }
        return r ? r : import->dry ? DRY : 0;
}

/* Slow ones, one after another, on this thread. */
static int set_pin(struct person_import *import, struct row *row)
{
        int r = 0;

        if (row->reason || !row->pin[0] || row->has_pin)
                return 0;
        if (import->pins == PERSON_IMPORT_PINS_MAX) {
                import->report.pins_left++;
                row->reason = "pin-later";
                return 0;
        }
        import->pins++;
        if (!import->dry)
                r = person_set_pin(import->core, &import->actor, row->person, text_from(row->pin));
        if (r > 0)
                row->reason = r == CORE_BUSY ? "pin-later" : "pin-refused";
        if (row->outcome == PERSON_IMPORT_UNCHANGED)
                row->outcome = PERSON_IMPORT_CHANGED;
        return r < 0 ? r : 0;
}

static void count(struct person_import *import, const struct row *row)
{
        struct person_import_report *report = &import->report;

        report->made += row->outcome == PERSON_IMPORT_MADE;
        report->changed += row->outcome == PERSON_IMPORT_CHANGED;
        report->unchanged += row->outcome == PERSON_IMPORT_UNCHANGED;
        report->refused += row->outcome == PERSON_IMPORT_REFUSED;
        if (row->outcome == PERSON_IMPORT_UNCHANGED && !row->reason)
                return;
        if (report->line_count < PERSON_IMPORT_LINES_MAX)
                import->lines[report->line_count++] =
                        (struct person_import_line){ row->line, row->outcome, row->reason };
        else
                report->lines_cut = true;
}

static int write_rows(struct person_import *import)
{
        int r = import->row_count ? db_write(import->core->db, write_rows_in, import) : 0;

        if (r && r != DRY)
                return r;
        r = 0;
        for (size_t i = 0; r == 0 && i < import->row_count; i++) {
                r = set_pin(import, &import->rows[i]);
                count(import, &import->rows[i]);
        }
        import->row_count = 0;
        return r;
}

static int take_record(struct person_import *import)
{
        struct row *row;
        int r;

        if (!import->column_count)
                return read_columns(import);
        row = &import->rows[import->row_count++];
        r = read_row(import, row);
        if (r == 0 && row->reason) {
                row->outcome = PERSON_IMPORT_REFUSED;
                row->email[0] = '\0'; /* not to be written */
        }
        if (r == 0 && import->row_count == ROWS_ONCE)
                r = write_rows(import);
        return r;
}

static int stop_at(struct person_import *import, int refusal)
{
        static const char *const reasons[] = {
                [CSV_BAD_QUOTE] = "bad-quote", [CSV_BAD_OCTET] = "bad-octet",
                [CSV_TOO_LONG] = "too-long",   [CSV_TOO_MANY] = "too-many-fields",
                [CSV_CUT] = "cut-off",
        };

        return stop(import, import->csv.line, reasons[refusal]);
}

int person_import_write(struct person_import *import, struct text octets)
{
        while (octets.len && !import->report.stopped.reason) {
                bool is_whole;
                int r = csv_take(&import->csv, &octets, &is_whole);

                r = r ? stop_at(import, r) : is_whole ? take_record(import) : 0;
                if (r < 0)
                        return r;
        }
        return import->report.stopped.reason ? CORE_BAD_VALUE : 0;
}

int person_import_finish(struct person_import *import, struct person_import_report *ret)
{
        bool is_whole = false;
        int r = 0;

        if (!import->report.stopped.reason) {
                r = csv_end(&import->csv, &is_whole);
                r = r ? stop_at(import, r) : is_whole ? take_record(import) : 0;
        }
        if (r >= 0)
                r = write_rows(import);
        if (r < 0)
                return r;
        if (!import->report.stopped.reason && !import->column_count)
                stop(import, 1, "no-email-column");
        import->report.lines = import->lines;
        *ret = import->report;
        return 0;
}
