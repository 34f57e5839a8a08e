// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * One connection to an SQLite database, with the statements it has prepared.
 *
 * Used by one thread at a time. A connection that could not be given every one of our settings is not opened:
 * each is asked back after it was set, because SQLite answers an unknown or impossible pragma with silence.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "db/db.h"

#define SQLITE_STATEMENT_SETS  64
#define SQLITE_STATEMENT_WAYS  4
#define SQLITE_BUSY_TIMEOUT_MS 10000 /* for another process that holds the database's locks */

/* A prepared statement. Kept ones live in their connection, the others on the heap and for one use. */
struct sqlite_statement {
        sqlite3_stmt *handle;
        const char *sql;
        uint64_t used_at; /* the connection's tick of its last use */
        bool is_kept;
        bool is_busy;
};

struct sqlite {
        sqlite3 *handle;
        bool may_write;
        unsigned int busy; /* statements in use */
        uint64_t tick;
        int wal_frames; /* length of the write-ahead log after the last commit of this connection */
        void *owner;    /* db_set_owner(), on the writer's */
        int wal_dirty;  /* frames of the log in which something may stand that was not wiped */
        struct sqlite_statement statements[SQLITE_STATEMENT_SETS][SQLITE_STATEMENT_WAYS];
};

struct db_note;

struct db_tx {
        struct sqlite *sqlite;
        struct db_note ***notes; /* where the next one goes; NULL: nothing can be told after a commit */
};

struct sqlite_settings {
        const char *path;
        int64_t cache_octets;
        bool may_write; /* else the connection refuses to change anything */
};

int sqlite_open(const struct sqlite_settings *settings, struct sqlite **ret);
void sqlite_close(struct sqlite *sqlite);
void sqlite_closep(struct sqlite **sqlite);

/*
 * The outcome for a result code of SQLite: 0, DB_TAKEN, or a fault, which is logged with SQLite's words. A
 * flush that failed ends the process here.
 */
int sqlite_outcome(struct sqlite *sqlite, int code, const char *sql);
/* Ends the process, with a line in the log. */
_Noreturn void sqlite_give_up(const char *what, int code);

/* Runs a script of several statements that return nothing of interest. */
int sqlite_script(struct sqlite *sqlite, const char *sql);
/* A number that a pragma or another one-row query answers. */
int sqlite_number(struct sqlite *sqlite, const char *sql, int64_t *ret);

/*
 * A statement for sql, prepared or found by the address of sql; ended with sqlite_release(). One that is in
 * use already (a query inside its own loop) is prepared a second time.
 */
int sqlite_prepare(struct sqlite *sqlite, const char *sql, struct sqlite_statement **ret);
void sqlite_release(struct sqlite *sqlite, struct sqlite_statement *statement);
/* Ends statements that a work left open, so that its transaction can end. */
void sqlite_release_all(struct sqlite *sqlite);

/* Prepares, steps once and releases: for BEGIN and its like. */
int sqlite_step(struct sqlite *sqlite, const char *sql);

/*
 * COMMIT. After a fault nothing of the transaction is in the database, nor will it be after a crash; where
 * that cannot be known, the process ends.
 */
int sqlite_commit(struct sqlite *sqlite);
