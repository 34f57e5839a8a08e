// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* How people come to be known by themselves: registration, for whom, and badges that nobody knows yet. */
const char db_schema_admission[] =
        /* A tenant without a row has the defaults. */
        "CREATE TABLE admission ("
        "  tenant_id BLOB PRIMARY KEY REFERENCES tenant (id),"
        "  registration INTEGER NOT NULL,"
        "  approval INTEGER NOT NULL,"
        "  directory_only INTEGER NOT NULL,"
        "  badge_enrolment INTEGER NOT NULL,"
        "  guests INTEGER NOT NULL DEFAULT 0,"
        "  guest_ms INTEGER NOT NULL DEFAULT 0" /* how long a guest's account lasts */
        ") WITHOUT ROWID;"

        "CREATE TABLE address_rule ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  blocks INTEGER NOT NULL,"
        "  pattern TEXT NOT NULL,"
        "  note TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, pattern)"
        ") WITHOUT ROWID;"

        "CREATE TABLE registration ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  email TEXT NOT NULL,"
        "  name TEXT NOT NULL,"
        "  code_hash BLOB UNIQUE,"
        "  state INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL," /* of the code; who waits for approval waits on */
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, email)"
        ") WITHOUT ROWID;"
        "CREATE INDEX registration_expiry ON registration (expires_ms) WHERE state = 0;"

        /* A badge that nobody knows, just shown at a reader. */
        "CREATE TABLE enrolment ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  reader_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  mac BLOB NOT NULL,"
        "  key_version INTEGER NOT NULL,"
        "  tail TEXT NOT NULL,"
        "  state INTEGER NOT NULL,"
        "  person_id BLOB," /* who claims it */
        "  shown_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX enrolment_printer ON enrolment (tenant_id, printer_id, expires_ms);"
        "CREATE INDEX enrolment_reader ON enrolment (tenant_id, reader_id);"
        "CREATE INDEX enrolment_expiry ON enrolment (expires_ms);";
