// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Tenants: their settings and keys. The rules are in migrations.h. */
/* clang-format off */
const char db_schema_tenant[] =
        "CREATE TABLE tenant ("
        "  id BLOB PRIMARY KEY,"
        "  name TEXT NOT NULL UNIQUE,"
        "  title TEXT NOT NULL,"
        "  company_code TEXT NOT NULL UNIQUE,"
        "  mail_domain TEXT NOT NULL UNIQUE,"
        "  held_ms INTEGER NOT NULL,"
        "  printed_ms INTEGER NOT NULL,"
        "  next_job INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL"
        ") WITHOUT ROWID;"

        "CREATE TABLE tenant_key ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  version INTEGER NOT NULL,"
        "  wrapped BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, version)"
        ") WITHOUT ROWID;"

        /* Days for which a bucket key was made and is not destroyed yet. */
        "CREATE TABLE key_day ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  day INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, day)"
        ") WITHOUT ROWID;";
/* clang-format on */
