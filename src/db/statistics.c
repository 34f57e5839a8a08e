// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/statistics.h"

#include <string.h>

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "db/sqlite.h"

#define ROWS          100000 /* of a table, all in one tenant */
#define ROWS_PARTIAL  1000
#define NARROWS       1000 /* rows for each that a column leaves */
#define NARROWS_FEW   100
#define ROWS_LEAST    2 /* that an index leaves which is not unique */
#define FORMAT_OCTETS 512

struct index {
        struct text table, name;
        bool is_unique, is_primary, is_partial;
};

/* The line for an index: its rows, and how many each further column leaves
 * (https://sqlite.org/fileformat2.html, 2.6.3). */
static int describe(struct db_tx *tx, const struct index *index, struct buffer *to)
{
        SCOPED(db_rows_done) struct db_rows columns = { 0 };
        int64_t left = index->is_partial ? ROWS_PARTIAL : ROWS, count = 0, at = 0;
        int r;

        r = db_one_all(tx, "SELECT count(*) FROM pragma_index_info(?1)", DB_VALUES(db_text(index->name)),
                       &columns);
        if (r)
                return fold(r);
        count = db_rows_integer(&columns, 0);
        db_rows_done(&columns);

        buffer_format(to, "%lld", (long long)left);
        r = db_find_all(tx, "SELECT name FROM pragma_index_info(?1) ORDER BY seqno",
                        DB_VALUES(db_text(index->name)), &columns);
        if (r)
                return fold(r);
        while (db_rows_next(&columns, &r)) {
                if (++at == count && index->is_unique)
                        left = 1;
                else if (!text_equal_string(db_rows_text(&columns, 0), "tenant_id"))
                        left /= index->is_partial ? NARROWS_FEW : NARROWS;
                if (left < ROWS_LEAST && !(at == count && index->is_unique))
                        left = ROWS_LEAST;
                buffer_format(to, " %lld", (long long)left);
        }
        buffer_add_string(to, " noskipscan");
        return r ? fold(r) : to->failure;
}

/* The primary key of a table WITHOUT ROWID goes by the table's name. */
static int write_one(struct db_tx *tx, const struct index *index)
{
        SCOPED(buffer_done) struct buffer line = BUFFER(FORMAT_OCTETS);
        int r;

        r = describe(tx, index, &line);
        if (r < 0)
                return r;
        return fold(db_run_all(tx, "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)",
                               DB_VALUES(db_text(index->table),
                                         db_text(index->is_primary ? index->table : index->name),
                                         db_text(buffer_text(&line))),
                               NULL));
}

static int write_all(struct db_tx *tx)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_run_all(tx, "DELETE FROM sqlite_stat1", DB_NONE, NULL);
        if (r)
                return fold(r);
        r = db_find_all(
                tx,
                "SELECT t.name, i.name, i.\"unique\", i.origin = 'pk', i.partial FROM sqlite_schema t"
                " JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
                DB_NONE, &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                const struct index index = { .table = db_rows_text(&rows, 0),
                                             .name = db_rows_text(&rows, 1),
                                             .is_unique = db_rows_integer(&rows, 2),
                                             .is_primary = db_rows_integer(&rows, 3),
                                             .is_partial = db_rows_integer(&rows, 4) };

                r = write_one(tx, &index);
                if (r < 0)
                        return r;
        }
        return fold(r);
}

int statistics_write(struct sqlite *sqlite)
{
        int r;

        r = sqlite_script(sqlite, "BEGIN IMMEDIATE; ANALYZE schema_version"); /* makes the table */
        if (r == 0)
                r = write_all(&(struct db_tx){ sqlite, NULL });
        if (r == 0)
                r = sqlite_script(sqlite, "COMMIT; ANALYZE sqlite_schema"); /* reads it */
        if (!sqlite3_get_autocommit(sqlite->handle))
                sqlite3_exec(sqlite->handle, "ROLLBACK", NULL, NULL, NULL);
        return r;
}
