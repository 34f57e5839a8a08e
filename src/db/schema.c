// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

#include <stddef.h>

/* Pieces may refer to those before them. */
/* clang-format off */
static const char *const first[] = {
        db_schema_tenant,
        db_schema_people,
        db_schema_group,
        db_schema_mail,
        db_schema_admission,
        db_schema_sign_in,
        db_schema_session,
        db_schema_oauth,
        db_schema_printing,
        db_schema_printer,
        db_schema_ticket,
        db_schema_door,
        db_schema_report,
        db_schema_roster,
        db_schema_site,
        db_schema_offline,
        db_schema_stay,
        db_schema_panel,
        db_schema_audit,
        NULL,
};
/* clang-format on */

/* One row a migration. */
const struct db_migration db_migrations[] = {
        { 1, first },
};

const size_t db_migrations_count = sizeof(db_migrations) / sizeof(db_migrations[0]);
