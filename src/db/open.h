// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* db_open() with a schema of the caller's: for the tests of this folder. */

#include "db/db.h"
#include "db/migrations.h"

int db_open_schema(const struct db_settings *settings, const struct db_migration *migrations, size_t count,
                   struct db **ret);
