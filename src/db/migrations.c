// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "db/sqlite.h"

static int note(struct sqlite *sqlite, int number)
{
        const struct db_value values[] = { db_integer(number), db_integer(clock_unix_ms()) };

        return fold(db_run_all(&(struct db_tx){ sqlite, NULL },
                               "INSERT INTO schema_version (number, applied_at) VALUES (?1, ?2)", values, 2,
                               NULL));
}

static int run_one(struct sqlite *sqlite, const struct db_migration *migration)
{
        char number[16];
        int r;

        for (const char *const *piece = migration->pieces; *piece; piece++) {
                r = sqlite_script(sqlite, *piece);
                if (r < 0)
                        return r;
        }
        r = note(sqlite, migration->number);
        if (r < 0)
                return r;
        r = sqlite_script(sqlite, "COMMIT");
        if (r < 0)
                return r;
        snprintf(number, sizeof(number), "%d", migration->number);
        log_write(LOG_NOTICE, "database-migrated", "number", number, NULL);
        return 0;
}

/* Under the write lock, so that two programs started at once do not both run it. */
static int run_if_missing(struct sqlite *sqlite, const struct db_migration *migration)
{
        int64_t now = 0;
        int r;

        r = sqlite_script(sqlite, "BEGIN IMMEDIATE");
        if (r < 0)
                return r;
        r = sqlite_number(sqlite, "SELECT coalesce(max(number), 0) FROM schema_version", &now);
        if (r == 0 && now < migration->number)
                r = run_one(sqlite, migration);
        if (!sqlite3_get_autocommit(sqlite->handle))
                sqlite3_exec(sqlite->handle, "ROLLBACK", NULL, NULL, NULL);
        return r;
}

int migrations_run(struct sqlite *sqlite, const struct db_migration *migrations, size_t count)
{
        int64_t now = 0;
        int r;

        r = sqlite_script(sqlite, "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY,"
                                  " applied_at INTEGER NOT NULL)");
        if (r < 0)
                return r;
        r = sqlite_number(sqlite, "SELECT coalesce(max(number), 0) FROM schema_version", &now);
        if (r < 0)
                return r;
        if (now > (count ? migrations[count - 1].number : 0))
                return DB_NEWER;
        for (size_t i = 0; r == 0 && i < count; i++)
                if (migrations[i].number > now)
                        r = run_if_missing(sqlite, &migrations[i]);
        return r;
}
