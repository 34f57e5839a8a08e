// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/db.h"

#include <errno.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "db/open.h"
#include "db/readers.h"
#include "db/sqlite.h"
#include "db/statistics.h"
#include "db/wal.h"
#include "db/writer.h"

#define READERS_DEFAULT      8
#define BATCH_MAX_DEFAULT    256
#define CACHE_OCTETS_DEFAULT (16 * 1024 * 1024)
#define WAL_OCTETS_DEFAULT   (32 * 1024 * 1024)

struct db {
        struct writer *writer;
        struct readers *readers;
};

static struct db_settings with_defaults(const struct db_settings *settings)
{
        struct db_settings full = *settings;

        full.readers = full.readers ? full.readers : READERS_DEFAULT;
        full.batch_max = full.batch_max ? full.batch_max : BATCH_MAX_DEFAULT;
        full.cache_octets = full.cache_octets ? full.cache_octets : CACHE_OCTETS_DEFAULT;
        full.wal_octets = full.wal_octets ? full.wal_octets : WAL_OCTETS_DEFAULT;
        return full;
}

/* The log is folded at half its length, so that a reader's patience and the last batch fit into the rest. */
static int open_writer(const struct db_settings *settings, const struct db_migration *migrations,
                       size_t count, struct writer **ret)
{
        SCOPED(sqlite_closep) struct sqlite *sqlite = NULL;
        int r;

        r = sqlite_open(&(struct sqlite_settings){ settings->path, settings->cache_octets, true }, &sqlite);
        if (r < 0)
                return r;
        r = migrations_run(sqlite, migrations, count);
        if (r)
                return r;
        r = statistics_write(sqlite);
        if (r < 0)
                return r;
        r = wal_extend(sqlite, settings->path, settings->wal_octets);
        if (r < 0)
                return r;
        return writer_new(
                &(struct writer_settings){ settings->path, settings->batch_max, settings->wal_octets / 2 },
                take(sqlite), ret);
}

int db_open_schema(const struct db_settings *settings, const struct db_migration *migrations, size_t count,
                   struct db **ret)
{
        SCOPED(db_closep) struct db *db = calloc(1, sizeof(*db));
        struct db_settings full = with_defaults(settings);
        int r;

        if (!db)
                return fault(-ENOMEM);
        r = open_writer(&full, migrations, count, &db->writer);
        if (r)
                return r;
        r = readers_new(&(struct sqlite_settings){ full.path, full.cache_octets, false }, full.readers,
                        &db->readers);
        if (r < 0)
                return r;
        *ret = take(db);
        return 0;
}

int db_open(const struct db_settings *settings, struct db **ret)
{
        return db_open_schema(settings, db_migrations, db_migrations_count, ret);
}

/* What was deleted shall not lie in the log of a database at rest. */
void db_close(struct db *db)
{
        int r;

        if (!db)
                return;
        readers_free(db->readers);
        r = db->writer ? writer_wipe(db->writer) : 0;
        if (r < 0)
                log_fault("database-wipe-failed", r);
        writer_free(db->writer);
        free(db);
}

void db_closep(struct db **db)
{
        db_close(*db);
}

void db_set_owner(struct db *db, void *owner)
{
        writer_set_owner(db->writer, owner);
}

int db_write(struct db *db, db_work work, void *context)
{
        return writer_run(db->writer, work, context);
}

int db_read(struct db *db, db_work work, void *context)
{
        return readers_run(db->readers, work, context);
}

int db_checkpoint(struct db *db)
{
        return writer_wipe(db->writer);
}

void db_read_figures(struct db *db, struct db_figures *ret)
{
        writer_read_figures(db->writer, ret);
}
