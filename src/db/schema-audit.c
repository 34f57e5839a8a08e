// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Audit: what happened. The rules are in migrations.h. */
/* clang-format off */
const char db_schema_audit[] =
        "CREATE TABLE event ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  at_ms INTEGER NOT NULL,"
        "  kind TEXT NOT NULL,"
        "  actor_kind TEXT NOT NULL,"
        "  actor_id BLOB,"
        "  subject_id BLOB,"
        "  detail TEXT NOT NULL,"
        "  via TEXT NOT NULL," /* how the actor came, and from where */
        "  source TEXT NOT NULL,"
        "  PRIMARY KEY (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX event_subject ON event (tenant_id, subject_id, id);";
/* clang-format on */
