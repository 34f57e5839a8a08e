// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* People: who they are, and what belongs to a person. The rules are in migrations.h. */
/* clang-format off */
const char db_schema_people[] =
        "CREATE TABLE person ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  email TEXT NOT NULL,"
        "  name TEXT NOT NULL,"
        "  department TEXT NOT NULL,"
        "  role INTEGER NOT NULL,"
        "  role_by_hand INTEGER NOT NULL DEFAULT 0," /* somebody gave it: groups outside do not change it */
        "  role_method_id BLOB," /* groups of this method gave it; NULL: none did */
        "  disabled INTEGER NOT NULL,"
        "  asks_company INTEGER NOT NULL DEFAULT 0," /* his browsers always ask for the company code */
        "  guest_until_ms INTEGER NOT NULL DEFAULT 0," /* then his account is erased; 0: no guest */
        "  password TEXT," /* a verifier (core/mark.h), as is the next */
        "  password_until_ms INTEGER NOT NULL DEFAULT 0," /* somebody else set it: good until then; 0: his own */
        "  pin TEXT,"
        "  pin_given INTEGER NOT NULL DEFAULT 0," /* somebody else set it */
        "  secrets_version INTEGER NOT NULL,"
        "  jobs_waiting INTEGER NOT NULL," /* RECEIVING and HELD; kept by the ledger's changes of state */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, email)"
        ") WITHOUT ROWID;"

        "CREATE INDEX person_guest ON person (guest_until_ms) WHERE guest_until_ms > 0;"

        "CREATE TABLE badge ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  mac BLOB NOT NULL," /* a mark (keys/keys.h), under this version of the tenant's key */
        "  key_version INTEGER NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  label TEXT NOT NULL,"
        "  tail TEXT NOT NULL," /* the number's last four digits */
        "  created_ms INTEGER NOT NULL,"
        "  used_ms INTEGER NOT NULL,"
        "  seen_site BLOB," /* where it was shown last, and when */
        "  seen_ms INTEGER NOT NULL DEFAULT 0,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, mac),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX badge_person ON badge (tenant_id, person_id);"

        /* Who may act for whom. */
        "CREATE TABLE delegate ("
        "  tenant_id BLOB NOT NULL,"
        "  owner_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  titles INTEGER NOT NULL,"
        "  until_ms INTEGER NOT NULL," /* 0: without end */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, owner_id, person_id),"
        "  FOREIGN KEY (tenant_id, owner_id) REFERENCES person (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX delegate_person ON delegate (tenant_id, person_id, owner_id)";
/* clang-format on */
