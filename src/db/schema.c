// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* One row for each file migration-<number>.c. */
const struct db_migration db_migrations[] = {
        { 1, db_migration_1 },
};

const size_t db_migrations_count = sizeof(db_migrations) / sizeof(db_migrations[0]);
