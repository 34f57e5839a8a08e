// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

#include <stddef.h>

static const char *const first[] = { db_migration_1, db_schema_group, db_schema_mail, db_schema_session,
                                     NULL };

/* One row a migration. */
const struct db_migration db_migrations[] = {
        { 1, first },
};

const size_t db_migrations_count = sizeof(db_migrations) / sizeof(db_migrations[0]);
