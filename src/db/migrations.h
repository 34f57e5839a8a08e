// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The schema's history: numbered scripts, each run once and in one transaction with the note of its number in
 * table schema_version. A migration that has been released is never changed; a correction is a further one.
 * Scripts use no DEFERRABLE constraint: one that fails at the commit would take the whole batch with it.
 */

#include <stddef.h>

struct sqlite;

struct db_migration {
        int number;                /* ascending, from 1 */
        const char *const *pieces; /* of SQL, run in turn; NULL ends them */
};

extern const struct db_migration db_migrations[];
extern const size_t db_migrations_count;

extern const char db_migration_1[];
/* Pieces of migration 1, by area. */
extern const char db_schema_group[];
extern const char db_schema_mail[];
extern const char db_schema_session[];

/* Carries the database to the last of the migrations given. DB_NEWER where it is past it already. */
int migrations_run(struct sqlite *sqlite, const struct db_migration *migrations, size_t count);
