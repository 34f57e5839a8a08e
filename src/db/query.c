// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Queries and their rows, on the connection of a transaction. */

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/outcome.h"
#include "db/sqlite.h"

struct db_value db_id(const struct id *id)
{
        return id_is_zero(*id) ? db_null() : db_octets(id->octets, ID_OCTETS);
}

static int bind_one(sqlite3_stmt *handle, int at, const struct db_value *value, sqlite3_destructor_type life)
{
        const char *octets = value->text.at ? value->text.at : "";

        switch (value->kind) {
        case DB_NULL: return sqlite3_bind_null(handle, at);
        case DB_INTEGER: return sqlite3_bind_int64(handle, at, value->integer);
        case DB_TEXT: return sqlite3_bind_text64(handle, at, octets, value->text.len, life, SQLITE_UTF8);
        case DB_OCTETS: return sqlite3_bind_blob64(handle, at, octets, value->text.len, life);
        }
        return SQLITE_MISUSE;
}

/* What a query is given: its tenant or none, and its values, which follow it. */
struct query {
        const struct id *tenant;
        const char *sql;
        const struct db_value *values;
        size_t count;
        sqlite3_destructor_type life; /* of the values: until the call returns, or copied */
};

/*
 * A statement that is given a tenant must look at it, and every parameter must be given a value: one that was
 * forgotten would be NULL and quietly find nothing.
 */
static bool fits(sqlite3_stmt *handle, const struct query *query)
{
        size_t count = query->count + (query->tenant ? 1 : 0);

        if ((size_t)sqlite3_bind_parameter_count(handle) != count)
                return false;
        return !query->tenant || sqlite3_bind_parameter_name(handle, 1);
}

static int bind_all(struct sqlite *sqlite, sqlite3_stmt *handle, const struct query *query)
{
        int code = SQLITE_OK, at = 1;

        if (query->tenant) {
                struct db_value tenant = db_id(query->tenant);

                code = bind_one(handle, at++, &tenant, SQLITE_TRANSIENT);
        }
        for (size_t i = 0; code == SQLITE_OK && i < query->count; i++)
                code = bind_one(handle, at++, &query->values[i], query->life);
        return fold(sqlite_outcome(sqlite, code, query->sql));
}

static int misfit(const struct query *query)
{
        log_write(LOG_ERROR, "database-query-misfit", "sql", query->sql, NULL);
        return fault(-EINVAL);
}

static _Thread_local uint64_t thread_queries;

uint64_t db_thread_queries(void)
{
        return thread_queries;
}

static int start(struct sqlite *sqlite, const struct query *query, struct sqlite_statement **ret)
{
        struct sqlite_statement *statement;
        int r;

        thread_queries++;
        r = sqlite_prepare(sqlite, query->sql, &statement);
        if (r < 0)
                return r;
        r = fits(statement->handle, query) ? bind_all(sqlite, statement->handle, query) : misfit(query);
        if (r < 0) {
                sqlite_release(sqlite, statement);
                return r;
        }
        *ret = statement;
        return 0;
}

static int run(struct db_tx *tx, const struct query *query, int64_t *ret_changed)
{
        struct sqlite *sqlite = tx->sqlite;
        struct sqlite_statement *statement;
        int code, r;

        r = start(sqlite, query, &statement);
        if (r < 0)
                return r;
        do
                code = sqlite3_step(statement->handle);
        while (code == SQLITE_ROW);
        r = sqlite_outcome(sqlite, code, query->sql);
        if (r == 0 && ret_changed)
                *ret_changed =
                        sqlite3_stmt_readonly(statement->handle) ? 0 : sqlite3_changes64(sqlite->handle);
        sqlite_release(sqlite, statement);
        return r;
}

static int find(struct db_tx *tx, const struct query *query, struct db_rows *ret)
{
        struct sqlite_statement *statement;
        int r;

        *ret = (struct db_rows){ 0 };
        r = start(tx->sqlite, query, &statement);
        if (r < 0)
                return r;
        *ret = (struct db_rows){ .statement = statement, .tx = tx };
        return 0;
}

static int one(struct db_tx *tx, const struct query *query, struct db_rows *ret)
{
        int r;

        r = find(tx, query, ret);
        if (r < 0)
                return r;
        if (db_rows_next(ret, &r)) {
                ret->stepped = true;
                return 0;
        }
        db_rows_done(ret);
        return r ? r : DB_NO_ROW;
}

bool db_rows_next(struct db_rows *rows, int *ret_r)
{
        struct sqlite_statement *statement = rows->statement;
        int code;

        *ret_r = 0;
        if (!statement)
                return false;
        if (rows->stepped) {
                rows->stepped = false;
                return true;
        }
        code = sqlite3_step(statement->handle);
        if (code == SQLITE_ROW)
                return true;
        *ret_r = sqlite_outcome(rows->tx->sqlite, code, statement->sql);
        db_rows_done(rows); /* a further step would start it again */
        return false;
}

void db_rows_done(struct db_rows *rows)
{
        if (rows->statement)
                sqlite_release(rows->tx->sqlite, rows->statement);
        rows->statement = NULL;
}

static sqlite3_stmt *handle_of(struct db_rows *rows)
{
        struct sqlite_statement *statement = rows->statement;

        return statement ? statement->handle : NULL; /* whose columns are all NULL */
}

int64_t db_rows_integer(struct db_rows *rows, int column)
{
        return sqlite3_column_int64(handle_of(rows), column);
}

struct text db_rows_text(struct db_rows *rows, int column)
{
        sqlite3_stmt *handle = handle_of(rows);
        const void *at;

        /* The pointer first: asking for it may convert, and only then is the length right. */
        if (sqlite3_column_type(handle, column) == SQLITE_BLOB)
                at = sqlite3_column_blob(handle, column);
        else
                at = sqlite3_column_text(handle, column);
        if (!at)
                return TEXT_OF("");
        return text_from_octets(at, (size_t)sqlite3_column_bytes(handle, column));
}

bool db_rows_octets(struct db_rows *rows, int column, void *to, size_t size)
{
        struct text octets = db_rows_text(rows, column);

        if (octets.len != size)
                return false;
        memcpy(to, octets.at, size);
        return true;
}

struct id db_rows_id(struct db_rows *rows, int column)
{
        struct id id = { 0 };

        return db_rows_octets(rows, column, id.octets, ID_OCTETS) ? id : (struct id){ 0 };
}

bool db_rows_is_null(struct db_rows *rows, int column)
{
        return sqlite3_column_type(handle_of(rows), column) == SQLITE_NULL;
}

void db_rows_string(struct db_rows *rows, int column, char *to, size_t size)
{
        struct text text = db_rows_text(rows, column);
        size_t len = text.len < size ? text.len : size - 1;

        memcpy(to, text.at, len);
        to[len] = '\0';
}

int db_run(struct db_tx *tx, struct id tenant, const char *sql, const struct db_value *values, size_t count,
           int64_t *ret_changed)
{
        return run(tx, &(struct query){ &tenant, sql, values, count, SQLITE_STATIC }, ret_changed);
}

int db_find(struct db_tx *tx, struct id tenant, const char *sql, const struct db_value *values, size_t count,
            struct db_rows *ret)
{
        return find(tx, &(struct query){ &tenant, sql, values, count, SQLITE_TRANSIENT }, ret);
}

int db_one(struct db_tx *tx, struct id tenant, const char *sql, const struct db_value *values, size_t count,
           struct db_rows *ret)
{
        return one(tx, &(struct query){ &tenant, sql, values, count, SQLITE_TRANSIENT }, ret);
}

int db_run_all(struct db_tx *tx, const char *sql, const struct db_value *values, size_t count,
               int64_t *ret_changed)
{
        return run(tx, &(struct query){ NULL, sql, values, count, SQLITE_STATIC }, ret_changed);
}

int db_find_all(struct db_tx *tx, const char *sql, const struct db_value *values, size_t count,
                struct db_rows *ret)
{
        return find(tx, &(struct query){ NULL, sql, values, count, SQLITE_TRANSIENT }, ret);
}

int db_one_all(struct db_tx *tx, const char *sql, const struct db_value *values, size_t count,
               struct db_rows *ret)
{
        return one(tx, &(struct query){ NULL, sql, values, count, SQLITE_TRANSIENT }, ret);
}
