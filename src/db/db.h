// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The database
 *
 * One interface, behind it SQLite (db/sqlite.c) and later PostgreSQL. Three things are always true:
 *
 *   1. What db_write() says is done is on the disk: it returns 0 only after a commit with sync. Many writes
 * of many threads are committed together, each in its own savepoint, so that one flush serves all of them.
 *   2. A query names its tenant. The tenant is the first argument of every call and is bound as ?1 (SQL
 * writes "tenant_id = ?1"); db_run_all() and db_find_all(), which have none, are for the few that serve all
 * tenants.
 *   3. A write's work may run again from the start (a lost race, a busy database): it changes nothing but the
 *      transaction and what it was given as context, and sets the latter afresh each time.
 *
 * SQL is written in the dialect both databases share: numbered parameters, ON CONFLICT, RETURNING, BLOB
 * columns through db values, times as integers (milliseconds since 1970), no functions of the database's own.
 *
 * Safe from every thread. A struct db_tx belongs to the work it was given to and to its thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"

struct db;
struct db_tx;

enum db_refusal {
        DB_NO_ROW = 1, /* db_one(): nothing was found */
        DB_TAKEN,      /* a unique or foreign key stands against it; the savepoint is still usable */
        DB_NEWER,      /* db_open(): the database was written by a newer version of this program */
};

struct db_settings {
        const char *path;       /* of the SQLite file; its folder exists and belongs to us */
        unsigned int readers;   /* connections for reading; 0 means 8 */
        unsigned int batch_max; /* writes in one commit; 0 means 256 */
        int64_t cache_octets;   /* page cache of each connection; 0 means 16 MiB */
        int64_t wal_octets;     /* the length at which the write-ahead log is kept; 0 means 32 MiB */
};

/*
 * Opens or creates the database and carries it to the newest schema (db/migrations.c: numbered, each in one
 * transaction). Refuses to run with weaker durability than WAL with synchronous=FULL. Secure delete is on:
 * what is deleted is overwritten.
 */
int db_open(const struct db_settings *settings, struct db **ret);
/* Waits for the writes under way. db_close(NULL) is nothing. */
void db_close(struct db *db);
void db_closep(struct db **db);

/*
 * Work returns 0, a refusal of its caller's own enum, or a fault; anything but 0 rolls its savepoint back,
 * and is what db_write() and db_read() return. -EBUSY, -EIO and -ENOSPC of the database itself come back as
 * faults, and then nothing of the work is in the database, nor will it be after a crash. Where that cannot be
 * known, and where a flush failed (nothing after it could be believed), the process ends.
 */
typedef int (*db_work)(struct db_tx *tx, void *context);

/*
 * Runs work on the writer's thread, with other writes in one commit; returns after the commit has reached the
 * disk. Work calls neither db_write() (-EDEADLK) nor anything that takes long: everybody's writes wait for
 * it.
 */
int db_write(struct db *db, db_work work, void *context);
/*
 * What is to be told of a work only once it is true: tell is called with a copy of octets on the writer's
 * thread, after the commit that holds the work has reached the disk and before its db_write() returns, in the
 * order of the works and of the calls. Never where the work is rolled back. tell takes no time, for
 * everybody's writes wait for it. For db_write() alone: -EINVAL in a read.
 */
typedef void (*db_tell)(const void *octets, size_t len);
int db_after_commit(struct db_tx *tx, db_tell tell, const void *octets, size_t len);
/* Hangs something of the owner's on the database, for the works of db_write() to find again; before the first
 * of them, and NULL again after the last. NULL in a read. */
void db_set_owner(struct db *db, void *owner);
void *db_owner(const struct db_tx *tx);
/* Runs work on the calling thread in a read-only snapshot; waits for a free connection, -EBUSY after half a
 * minute. */
int db_read(struct db *db, db_work work, void *context);

/* Values: what a query is given and what a row holds. Text and octets are borrowed. */
enum db_kind {
        DB_NULL,
        DB_INTEGER,
        DB_TEXT,
        DB_OCTETS,
};

struct db_value {
        enum db_kind kind;
        int64_t integer;
        struct text text;
};

static inline struct db_value db_null(void)
{
        return (struct db_value){ .kind = DB_NULL };
}
static inline struct db_value db_integer(int64_t integer)
{
        return (struct db_value){ .kind = DB_INTEGER, .integer = integer };
}
static inline struct db_value db_text(struct text text)
{
        return (struct db_value){ .kind = DB_TEXT, .text = text };
}
static inline struct db_value db_string(const char *string)
{
        return string ? db_text(text_from(string)) : db_null();
}
static inline struct db_value db_octets(const void *octets, size_t len)
{
        return (struct db_value){ .kind = DB_OCTETS, .text = text_from_octets(octets, len) };
}
/* A pointer, so that the id outlives the call. The zero id is NULL in the database. */
struct db_value db_id(const struct id *id);

/* The values of a query, ?2 and onward (?1 is the tenant): DB_VALUES(db_integer(1), db_string("a")) or
 * DB_NONE. */
#define DB_VALUES(...)                            \
        (const struct db_value[]){ __VA_ARGS__ }, \
                sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value)
#define DB_NONE NULL, 0

/*
 * Runs an INSERT, UPDATE or DELETE. On 0 *ret_changed (may be NULL) is the number of rows changed. Statements
 * are prepared once per connection and kept by the address of sql, which therefore is a literal.
 */
int db_run(struct db_tx *tx, struct id tenant, const char *sql, const struct db_value *values, size_t count,
           int64_t *ret_changed);

/* Rows, one at a time: while (db_rows_next(&rows, &r)) …; the scope ends with SCOPED(db_rows_done). */
struct db_rows {
        void *statement;
        struct db_tx *tx;
        bool stepped; /* db_one() has already stepped to the first row */
};

/* Also for INSERT … RETURNING and UPDATE … RETURNING: then rows must be read to the end or be done. */
int db_find(struct db_tx *tx, struct id tenant, const char *sql, const struct db_value *values, size_t count,
            struct db_rows *ret);
/* True with a row; false at the end (*ret_r 0) or after a fault (*ret_r < 0) or DB_TAKEN. */
bool db_rows_next(struct db_rows *rows, int *ret_r);
void db_rows_done(struct db_rows *rows);

/* The first row, or DB_NO_ROW; further ones are not looked at. The columns can be read at once. */
int db_one(struct db_tx *tx, struct id tenant, const char *sql, const struct db_value *values, size_t count,
           struct db_rows *ret);

/* Columns count from 0. Text and octets are borrowed until the next row; NULL reads as 0, empty and the zero
 * id. */
int64_t db_rows_integer(struct db_rows *rows, int column);
struct text db_rows_text(struct db_rows *rows, int column);
struct id db_rows_id(struct db_rows *rows, int column);
bool db_rows_is_null(struct db_rows *rows, int column);
/* Exactly size octets into to; false where the column holds another number. */
bool db_rows_octets(struct db_rows *rows, int column, void *to, size_t size);
/* NUL-terminated into to; cut where it is longer (columns are written with the same limits). */
void db_rows_string(struct db_rows *rows, int column, char *to, size_t size);

/* For the few that serve all tenants (sweepers, sign-in by token, migrations): the same without a tenant;
 * values from ?1. */
int db_run_all(struct db_tx *tx, const char *sql, const struct db_value *values, size_t count,
               int64_t *ret_changed);
int db_find_all(struct db_tx *tx, const char *sql, const struct db_value *values, size_t count,
                struct db_rows *ret);
int db_one_all(struct db_tx *tx, const char *sql, const struct db_value *values, size_t count,
               struct db_rows *ret);

/*
 * Folds the write-ahead log into the database and overwrites it with zeros, so that deleted key material
 * leaves it too. All writes wait for it meanwhile; -EBUSY where a read that needs the log goes on for a
 * second: ask again later.
 */
int db_checkpoint(struct db *db);

/* How many statements of core this thread has begun in its reads: for tests that count work. */
uint64_t db_thread_queries(void);

struct db_figures {
        uint64_t writes;  /* works committed */
        uint64_t commits; /* flushes: writes / commits is how many shared one */
};
void db_read_figures(struct db *db, struct db_figures *ret);
