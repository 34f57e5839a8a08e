// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Groups, and who is in them by whose word (method_id; 16 zero octets: an administrator's). */
const char db_schema_group[] =
        "CREATE TABLE \"group\" ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name)"
        ") WITHOUT ROWID;"

        "CREATE TABLE membership ("
        "  tenant_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  group_id BLOB NOT NULL,"
        "  method_id BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, person_id, group_id, method_id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, group_id) REFERENCES \"group\" (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX membership_group ON membership (tenant_id, group_id, person_id);";
