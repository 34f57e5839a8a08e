// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Prepared statements, kept by the address of their text.
 *
 * The texts are literals, so an address is a name, and finding one costs a shift and at most four
 * comparisons. Should an address come back with another text all the same (it was no literal), the text is
 * what counts: it is compared before the statement is used. A full set gives up the one that was used longest
 * ago.
 */

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "db/sqlite.h"

static struct sqlite_statement *set_of(struct sqlite *sqlite, const char *sql)
{
        uint64_t hash = (uint64_t)(uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15);

        return sqlite->statements[hash >> 58];
}

static bool has_text(const struct sqlite_statement *statement, const char *sql)
{
        return statement->sql == sql && strcmp(sqlite3_sql(statement->handle), sql) == 0;
}

/* The kept statement for sql, or the place for it: free, or the one used longest ago; NULL if all are busy.
 */
static struct sqlite_statement *find_place(struct sqlite *sqlite, const char *sql)
{
        struct sqlite_statement *set = set_of(sqlite, sql), *oldest = NULL;

        for (size_t way = 0; way < SQLITE_STATEMENT_WAYS; way++) {
                if (set[way].is_busy)
                        continue;
                if (set[way].handle && has_text(&set[way], sql))
                        return &set[way];
                if (!oldest || set[way].used_at < oldest->used_at)
                        oldest = &set[way];
        }
        return oldest;
}

static int compile(struct sqlite *sqlite, const char *sql, unsigned int flags, sqlite3_stmt **ret)
{
        sqlite3_stmt *handle = NULL;
        const char *tail = "";
        int r;

        r = sqlite_outcome(sqlite, sqlite3_prepare_v3(sqlite->handle, sql, -1, flags, &handle, &tail), sql);
        if (r)
                return fold(r);
        /* A second statement in the text would silently not be run. */
        if (!handle || tail[strspn(tail, "; \n\t")] != '\0') {
                sqlite3_finalize(handle);
                return fault(-EINVAL);
        }
        *ret = handle;
        return 0;
}

static int keep(struct sqlite *sqlite, const char *sql, struct sqlite_statement *place)
{
        sqlite3_stmt *handle;
        int r;

        r = compile(sqlite, sql, SQLITE_PREPARE_PERSISTENT, &handle);
        if (r < 0)
                return r;
        sqlite3_finalize(place->handle);
        *place = (struct sqlite_statement){ .handle = handle, .sql = sql, .is_kept = true };
        return 0;
}

/* Every place is busy: a statement for this one use. */
static int make(struct sqlite *sqlite, const char *sql, struct sqlite_statement **ret)
{
        SCOPED(freep) struct sqlite_statement *statement = calloc(1, sizeof(*statement));
        int r;

        if (!statement)
                return fault(-ENOMEM);
        r = compile(sqlite, sql, 0, &statement->handle);
        if (r < 0)
                return r;
        statement->sql = sql;
        *ret = take(statement);
        return 0;
}

int sqlite_prepare(struct sqlite *sqlite, const char *sql, struct sqlite_statement **ret)
{
        struct sqlite_statement *statement = find_place(sqlite, sql);
        int r = 0;

        if (!statement)
                r = make(sqlite, sql, &statement);
        else if (!statement->handle || !has_text(statement, sql))
                r = keep(sqlite, sql, statement);
        if (r < 0)
                return r;
        statement->used_at = ++sqlite->tick;
        statement->is_busy = true;
        sqlite->busy++;
        *ret = statement;
        return 0;
}

void sqlite_release(struct sqlite *sqlite, struct sqlite_statement *statement)
{
        if (!statement || !statement->is_busy)
                return;
        statement->is_busy = false;
        sqlite->busy--;
        if (statement->is_kept) {
                sqlite3_reset(statement->handle);
                sqlite3_clear_bindings(statement->handle);
                return;
        }
        sqlite3_finalize(statement->handle);
        free(statement);
}

void sqlite_release_all(struct sqlite *sqlite)
{
        sqlite3_stmt *handle = NULL;

        for (size_t set = 0; sqlite->busy && set < SQLITE_STATEMENT_SETS; set++)
                for (size_t way = 0; way < SQLITE_STATEMENT_WAYS; way++)
                        sqlite_release(sqlite, &sqlite->statements[set][way]);
        while (sqlite->busy && (handle = sqlite3_next_stmt(sqlite->handle, handle)))
                sqlite3_reset(handle);
        sqlite->busy = 0;
}

int sqlite_step(struct sqlite *sqlite, const char *sql)
{
        struct sqlite_statement *statement;
        int r;

        r = sqlite_prepare(sqlite, sql, &statement);
        if (r < 0)
                return r;
        r = sqlite_outcome(sqlite, sqlite3_step(statement->handle), sql);
        sqlite_release(sqlite, statement);
        return fold(r);
}

/*
 * A write that failed has left no whole commit record in the log. Other errors may come when one is there
 * already (the index of the log could not grow, say): reported as not committed, the transaction would be
 * found committed after a crash.
 */
static bool is_known_to_fail(int code)
{
        return code == SQLITE_FULL || code == SQLITE_IOERR_WRITE || (code & 0xff) == SQLITE_BUSY ||
               (code & 0xff) == SQLITE_CONSTRAINT;
}

int sqlite_commit(struct sqlite *sqlite)
{
        struct sqlite_statement *statement;
        int code, r;

        r = sqlite_prepare(sqlite, "COMMIT", &statement);
        if (r < 0)
                return r;
        code = sqlite3_step(statement->handle);
        if (code != SQLITE_DONE && !is_known_to_fail(code))
                sqlite_give_up("commit in doubt", code);
        if (code != SQLITE_DONE)
                sqlite->wal_dirty = INT_MAX;
        r = sqlite_outcome(sqlite, code, "COMMIT");
        sqlite_release(sqlite, statement);
        return fold(r);
}
