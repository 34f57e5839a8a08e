// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* What tickets are made of beside what was sent: defaults and policies. */
/* clang-format off */
const char db_schema_ticket[] =
        "CREATE TABLE ticket_default ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  kind INTEGER NOT NULL," /* whose: core/job/ticket-default.h */
        "  owner_id BLOB NOT NULL,"
        "  ticket TEXT NOT NULL,"
        "  PRIMARY KEY (tenant_id, kind, owner_id)"
        ") WITHOUT ROWID;"

        "CREATE TABLE policy ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  title TEXT NOT NULL,"
        "  group_id BLOB," /* NULL: any, as the next four */
        "  queue_id BLOB,"
        "  printer_id BLOB,"
        "  site_id BLOB,"
        "  printer_group_id BLOB,"
        "  sides TEXT NOT NULL,"
        "  monochrome INTEGER NOT NULL,"
        "  job_password INTEGER NOT NULL,"
        "  copies_max INTEGER NOT NULL," /* 0: none, as the next */
        "  pages_max INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id)"
        ") WITHOUT ROWID;";
/* clang-format on */
