// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* What directories say of everybody: whom one of them took away (an administrator's disabling is none of
 * these), and the synchronisations. */
const char db_schema_roster[] = "CREATE TABLE roster_absence ("
                                "  tenant_id BLOB NOT NULL,"
                                "  person_id BLOB NOT NULL,"
                                "  method_id BLOB NOT NULL,"
                                "  at_ms INTEGER NOT NULL,"
                                "  PRIMARY KEY (tenant_id, person_id, method_id),"
                                "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
                                ") WITHOUT ROWID;"

                                "CREATE TABLE roster_run ("
                                "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
                                "  id BLOB NOT NULL,"
                                "  method_id BLOB NOT NULL,"
                                "  dry INTEGER NOT NULL,"
                                "  outcome TEXT NOT NULL," /* '': under way */
                                "  words TEXT NOT NULL,"
                                "  seen INTEGER NOT NULL,"
                                "  made INTEGER NOT NULL,"
                                "  changed INTEGER NOT NULL,"
                                "  badges INTEGER NOT NULL,"
                                "  disabled INTEGER NOT NULL,"
                                "  enabled INTEGER NOT NULL,"
                                "  refused INTEGER NOT NULL,"
                                "  lines TEXT NOT NULL," /* the first changes, one a line */
                                "  started_ms INTEGER NOT NULL,"
                                "  ended_ms INTEGER NOT NULL,"
                                "  PRIMARY KEY (tenant_id, id)"
                                ") WITHOUT ROWID;"
                                "CREATE INDEX roster_run_method ON roster_run (tenant_id, method_id, id);";
