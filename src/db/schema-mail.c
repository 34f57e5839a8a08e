// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Mail that waits to be sent: to whom and what is sealed with the tenant's field key. */
const char db_schema_mail[] =
        "CREATE TABLE mail_out ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  about_id BLOB," /* whom or what it is about; it goes where that goes */
        "  sealed BLOB NOT NULL,"
        "  attempts INTEGER NOT NULL,"
        "  due_ms INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  report_id BLOB," /* the schedule that it is sent for */
        "  PRIMARY KEY (tenant_id, id)"
        ") WITHOUT ROWID;"
        /* The files of a mail, in pieces. */
        "CREATE TABLE mail_part ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  mail_id BLOB NOT NULL,"
        "  number INTEGER NOT NULL," /* from 0 on */
        "  sealed BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, mail_id) REFERENCES mail_out (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE UNIQUE INDEX mail_part_number ON mail_part (tenant_id, mail_id, number);"
        "CREATE INDEX mail_out_due ON mail_out (due_ms);"
        "CREATE INDEX mail_out_about ON mail_out (tenant_id, about_id) WHERE about_id IS NOT NULL;";
