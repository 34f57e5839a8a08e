// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* OAuth: programs, machines, and what they were given. The rules are in migrations.h. */
const char db_schema_oauth[] = "";
