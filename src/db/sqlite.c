// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/sqlite.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

#define VALUE_OCTETS_MAX (16 * 1024 * 1024)
#define EXIT_GIVEN_UP    74 /* EX_IOERR of sysexits.h */

/*
 * After a failed fsync the kernel has forgotten which pages were not written, and a second fsync would say
 * that all is well. Nothing this process holds about the database can be believed any more; what the disk has
 * is read at the next start. No abort(): a core dump would hold keys.
 */
void sqlite_give_up(const char *what, int code)
{
        log_write(LOG_ERROR, "database-given-up", "what", what, "sqlite", sqlite3_errstr(code), NULL);
        _exit(EXIT_GIVEN_UP);
}

static int errno_of(int code)
{
        switch (code & 0xff) {
        case SQLITE_NOMEM: return ENOMEM;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return EBUSY;
        case SQLITE_FULL: return ENOSPC;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH: return EROFS;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return EBADMSG;
        case SQLITE_TOOBIG: return EMSGSIZE;
        case SQLITE_CONSTRAINT: return ERANGE;
        case SQLITE_ERROR:
        case SQLITE_MISUSE:
        case SQLITE_RANGE:
        case SQLITE_MISMATCH: return EINVAL;
        default: return EIO;
        }
}

int sqlite_outcome(struct sqlite *sqlite, int code, const char *sql)
{
        switch (code) {
        case SQLITE_OK:
        case SQLITE_ROW:
        case SQLITE_DONE: return 0;
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
        case SQLITE_CONSTRAINT_FOREIGNKEY: return DB_TAKEN;
        case SQLITE_IOERR_FSYNC:
        case SQLITE_IOERR_DIR_FSYNC: sqlite_give_up("flush failed", code);
        }
        log_write(LOG_ERROR, "database-fault", "sqlite",
                  sqlite->handle ? sqlite3_errmsg(sqlite->handle) : sqlite3_errstr(code), "sql", sql, NULL);
        return fault(-errno_of(code));
}

int sqlite_script(struct sqlite *sqlite, const char *sql)
{
        return fold(sqlite_outcome(sqlite, sqlite3_exec(sqlite->handle, sql, NULL, NULL, NULL), sql));
}

int sqlite_number(struct sqlite *sqlite, const char *sql, int64_t *ret)
{
        sqlite3_stmt *statement = NULL;
        int code;

        code = sqlite3_prepare_v2(sqlite->handle, sql, -1, &statement, NULL);
        if (code == SQLITE_OK)
                code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
                *ret = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        if (code == SQLITE_DONE)
                return fault(-ENODATA);
        return fold(sqlite_outcome(sqlite, code, sql));
}

/* Sets and asks back; the answer decides, not the return code. */
static int demand(struct sqlite *sqlite, const char *pragma, int64_t value)
{
        char sql[96];
        int64_t now = -1;
        int r;

        snprintf(sql, sizeof(sql), "PRAGMA %s = %lld", pragma, (long long)value);
        r = sqlite_script(sqlite, sql);
        if (r < 0)
                return r;
        snprintf(sql, sizeof(sql), "PRAGMA %s", pragma);
        r = sqlite_number(sqlite, sql, &now);
        if (r < 0)
                return r;
        if (now == value)
                return 0;
        log_write(LOG_ERROR, "database-setting-refused", "pragma", pragma, NULL);
        return fault(-ENOTSUP);
}

/* Writing sets the mode; a reader finds it set, as the writer was there before it. */
static int demand_wal(struct sqlite *sqlite)
{
        const char *sql = sqlite->may_write ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode";
        sqlite3_stmt *statement = NULL;
        bool is_wal = false;
        int code;

        code = sqlite3_prepare_v2(sqlite->handle, sql, -1, &statement, NULL);
        if (code == SQLITE_OK)
                code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
                is_wal = strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
        sqlite3_finalize(statement);
        if (code != SQLITE_ROW)
                return fold(sqlite_outcome(sqlite, code, sql));
        return is_wal ? 0 : fault(-ENOTSUP);
}

static int demand_flag(struct sqlite *sqlite, int flag, int value)
{
        int now = -1;

        sqlite3_db_config(sqlite->handle, flag, value, &now);
        return now == value ? 0 : fault(-ENOTSUP);
}

static int set_flags(struct sqlite *sqlite)
{
        static const struct {
                int flag;
                int value;
        } flags[] = {
                { SQLITE_DBCONFIG_DEFENSIVE, 1 },
                { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
                { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
                { SQLITE_DBCONFIG_DQS_DML, 0 },
                { SQLITE_DBCONFIG_DQS_DDL, 0 },
                { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
                /* Its faults would be nobody's; db_close() does it where they are seen. */
                { SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },
        };
        int r;

        for (size_t i = 0; i < ARRAY_LENGTH(flags); i++) {
                r = demand_flag(sqlite, flags[i].flag, flags[i].value);
                if (r < 0)
                        return r;
        }
        sqlite3_limit(sqlite->handle, SQLITE_LIMIT_LENGTH, VALUE_OCTETS_MAX);
        sqlite3_limit(sqlite->handle, SQLITE_LIMIT_ATTACHED, 0);
        return 0;
}

static int set_pragmas(struct sqlite *sqlite, int64_t cache_octets)
{
        const struct {
                const char *pragma;
                int64_t value;
        } pragmas[] = {
                { "synchronous", 2 }, /* FULL: every commit flushes the write-ahead log */
                { "foreign_keys", 1 },
                { "secure_delete", 1 }, /* what is deleted is overwritten with zeros */
                { "trusted_schema", 0 },
                { "cell_size_check", 1 },
                { "temp_store", 2 }, /* memory: nothing of a query reaches another file */
                { "cache_size", -(cache_octets / 1024) },
                { "cache_spill", 0 }, /* only what is committed reaches the log */
                { "journal_size_limit",
                  -1 },                      /* the log keeps its size: overwriting is cheaper than growing */
                { "wal_autocheckpoint", 0 }, /* the writer does it between batches, when nobody waits */
                { "query_only", !sqlite->may_write },
        };
        int r;

        r = demand_wal(sqlite);
        if (r < 0)
                return r;
        for (size_t i = 0; i < ARRAY_LENGTH(pragmas); i++) {
                r = demand(sqlite, pragmas[i].pragma, pragmas[i].value);
                if (r < 0)
                        return r;
        }
        /* Without mapped memory an error of the disk is a fault and not a SIGBUS; no answer means no support.
         */
        return sqlite_script(sqlite, "PRAGMA mmap_size = 0");
}

/* A log that the last connection deletes would leave its octets on the disk and cost the next first pass. */
static int keep_log(struct sqlite *sqlite)
{
        int keep = 1;

        return fold(sqlite_outcome(
                sqlite, sqlite3_file_control(sqlite->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep),
                "persist wal"));
}

static int note_wal_frames(void *context, sqlite3 *handle, const char *name, int frames)
{
        struct sqlite *sqlite = context;

        sqlite->wal_frames = frames;
        if (sqlite->wal_dirty < frames)
                sqlite->wal_dirty = frames;
        return SQLITE_OK;
}

static void initialise(void)
{
        /* Counting all memory would put one lock around every allocation of every thread. */
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_initialize();
}

static int connect_file(struct sqlite *sqlite, const char *path)
{
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;

        pthread_once(&once, initialise);
        if (!sqlite3_threadsafe())
                return fault(-ENOTSUP);
        flags |= sqlite->may_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
        return fold(sqlite_outcome(sqlite, sqlite3_open_v2(path, &sqlite->handle, flags, NULL), "open"));
}

/* Made by us and not by SQLite, so that it and the files beside it are for our user alone. */
static int make_file(const char *path)
{
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (fd < 0)
                return fault(-errno);
        close(fd);
        return 0;
}

int sqlite_open(const struct sqlite_settings *settings, struct sqlite **ret)
{
        SCOPED(sqlite_closep) struct sqlite *sqlite = calloc(1, sizeof(*sqlite));
        int r;

        if (!sqlite)
                return fault(-ENOMEM);
        sqlite->may_write = settings->may_write;
        sqlite->wal_dirty = INT_MAX;
        r = settings->may_write ? make_file(settings->path) : 0;
        if (r < 0)
                return r;
        r = connect_file(sqlite, settings->path);
        if (r < 0)
                return r;
        sqlite3_busy_timeout(sqlite->handle, SQLITE_BUSY_TIMEOUT_MS);
        r = set_flags(sqlite);
        if (r < 0)
                return r;
        r = set_pragmas(sqlite, settings->cache_octets);
        if (r < 0)
                return r;
        r = keep_log(sqlite);
        if (r < 0)
                return r;
        sqlite3_wal_hook(sqlite->handle, note_wal_frames, sqlite);
        *ret = take(sqlite);
        return 0;
}

void sqlite_close(struct sqlite *sqlite)
{
        sqlite3_stmt *handle;
        int code;

        if (!sqlite)
                return;
        sqlite_release_all(sqlite);
        for (size_t set = 0; set < SQLITE_STATEMENT_SETS; set++)
                for (size_t way = 0; way < SQLITE_STATEMENT_WAYS; way++)
                        sqlite3_finalize(sqlite->statements[set][way].handle);
        while ((handle = sqlite3_next_stmt(sqlite->handle, NULL)))
                sqlite3_finalize(handle);
        code = sqlite3_close(sqlite->handle);
        assert(code == SQLITE_OK);
        (void)code;
        free(sqlite);
}

void sqlite_closep(struct sqlite **sqlite)
{
        sqlite_close(*sqlite);
}
