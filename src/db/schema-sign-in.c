// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Sign-in: what somebody shows, and what is remembered of it. The rules are in migrations.h. */
/* clang-format off */
const char db_schema_sign_in[] =
        /* Who somebody is for a provider of sign-in outside: never found by his address. */
        "CREATE TABLE outside_identity ("
        "  tenant_id BLOB NOT NULL,"
        "  method_id BLOB NOT NULL,"
        "  issuer TEXT NOT NULL,"
        "  subject TEXT NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, method_id, issuer, subject),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX outside_person ON outside_identity (tenant_id, person_id);"

        "CREATE TABLE token ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  hash BLOB NOT NULL UNIQUE,"
        "  label TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  used_ms INTEGER NOT NULL,"
        "  used_from TEXT NOT NULL DEFAULT ''," /* the address it came from then */
        "  queue_id BLOB,"                      /* that it stands in the address of */
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX token_person ON token (tenant_id, person_id, id);"

        /* Wrong guesses, by a hash of whom or from where: an account that does not exist counts like one that
           does. */
        "CREATE TABLE guess ("
        "  subject BLOB PRIMARY KEY,"
        "  failures INTEGER NOT NULL,"
        "  since_ms INTEGER NOT NULL,"
        "  until_ms INTEGER NOT NULL"
        ") WITHOUT ROWID;"
        "CREATE INDEX guess_since ON guess (since_ms);"

        "CREATE TABLE idempotency ("
        "  tenant_id BLOB NOT NULL,"
        "  actor_id BLOB NOT NULL,"
        "  key BLOB NOT NULL,"
        "  request_hash BLOB NOT NULL,"
        "  status INTEGER NOT NULL," /* 0: under way */
        "  body BLOB NOT NULL,"      /* sealed with the tenant's field key */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, actor_id, key)"
        ") WITHOUT ROWID;"
        "CREATE INDEX idempotency_created ON idempotency (created_ms);";
/* clang-format on */
