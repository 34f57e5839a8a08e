// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Who may use a printer, who likes it, and groups of printers. */
const char db_schema_printer[] =
        /* The groups of people whose it is alone; none: everybody's. */
        "CREATE TABLE printer_allowed ("
        "  tenant_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  group_id BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, printer_id, group_id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, group_id) REFERENCES \"group\" (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX printer_allowed_group ON printer_allowed (tenant_id, group_id);"

        /* Printers that people marked (core/person/favourite.h). */
        "CREATE TABLE favourite ("
        "  tenant_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, person_id, printer_id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX favourite_printer ON favourite (tenant_id, printer_id);"

        "CREATE TABLE printer_group ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name)"
        ") WITHOUT ROWID;"
        "CREATE TABLE printer_grouping ("
        "  tenant_id BLOB NOT NULL,"
        "  group_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, group_id, printer_id),"
        "  FOREIGN KEY (tenant_id, group_id) REFERENCES printer_group (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX printer_grouping_printer ON printer_grouping (tenant_id, printer_id);";
