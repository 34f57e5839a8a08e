// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/*
 * Programs that act for people, and what they were given. Secrets, codes and tokens are there as their
 * SHA-256 only. What a grant gave dies with its row.
 *
 * The codes of devices have no tenant: it is known only when somebody has typed the code.
 */
const char db_schema_oauth[] =
        "CREATE TABLE client ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  title TEXT NOT NULL,"
        "  redirects TEXT NOT NULL," /* separated by spaces */
        "  scopes INTEGER NOT NULL,"
        "  account_id BLOB," /* of a machine: the person it acts as */
        "  created_ms INTEGER NOT NULL,"
        "  used_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (id)," /* a client says its id before its tenant is known */
        "  FOREIGN KEY (tenant_id, account_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX client_account ON client (tenant_id, account_id);"

        "CREATE TABLE client_secret ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  client_id BLOB NOT NULL,"
        "  hash BLOB NOT NULL UNIQUE,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL," /* 0: never */
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, client_id) REFERENCES client (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"
        "CREATE INDEX client_secret_client ON client_secret (tenant_id, client_id);"

        "CREATE TABLE client_grant ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  client TEXT NOT NULL," /* as it calls itself: the name of a built-in one, else the id */
        "  scopes INTEGER NOT NULL,"
        "  label TEXT NOT NULL,"
        "  source TEXT NOT NULL,"
        "  method_id BLOB," /* of the session in which it was allowed: where an outside provider ends that */
        "  outside TEXT NOT NULL," /* session, the grant ends too */
        "  code_hash BLOB UNIQUE," /* of the authorization code it came from: to know that one again */
        "  fresh_ms INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  used_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL," /* 0: with its client */
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX client_grant_person ON client_grant (tenant_id, person_id, id);"
        "CREATE INDEX client_grant_client ON client_grant (tenant_id, client);"
        "CREATE INDEX client_grant_outside ON client_grant (tenant_id, method_id) WHERE method_id IS NOT NULL;"
        "CREATE INDEX client_grant_expires ON client_grant (expires_ms) WHERE expires_ms > 0;"

        "CREATE TABLE grant_access ("
        "  tenant_id BLOB NOT NULL,"
        "  hash BLOB NOT NULL UNIQUE,"
        "  grant_id BLOB NOT NULL,"
        "  scopes INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, hash),"
        "  FOREIGN KEY (tenant_id, grant_id) REFERENCES client_grant (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"
        "CREATE INDEX grant_access_grant ON grant_access (tenant_id, grant_id, created_ms);"
        "CREATE INDEX grant_access_expires ON grant_access (expires_ms);"

        "CREATE TABLE grant_refresh ("
        "  tenant_id BLOB NOT NULL,"
        "  hash BLOB NOT NULL UNIQUE,"
        "  grant_id BLOB NOT NULL,"
        "  salt BLOB NOT NULL," /* what its successor is made with, of the token itself */
        "  created_ms INTEGER NOT NULL,"
        "  spent_ms INTEGER NOT NULL," /* 0: not yet */
        "  PRIMARY KEY (tenant_id, hash),"
        "  FOREIGN KEY (tenant_id, grant_id) REFERENCES client_grant (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"
        "CREATE INDEX grant_refresh_grant ON grant_refresh (tenant_id, grant_id, created_ms);"

        "CREATE TABLE grant_code ("
        "  tenant_id BLOB NOT NULL,"
        "  hash BLOB NOT NULL UNIQUE,"
        "  person_id BLOB NOT NULL,"
        "  client TEXT NOT NULL,"
        "  redirect TEXT NOT NULL,"
        "  challenge TEXT NOT NULL,"
        "  scopes INTEGER NOT NULL,"
        "  method_id BLOB,"
        "  outside TEXT NOT NULL,"
        "  fresh_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, hash),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"
        "CREATE INDEX grant_code_person ON grant_code (tenant_id, person_id);"
        "CREATE INDEX grant_code_expires ON grant_code (expires_ms);"

        "CREATE TABLE device_code ("
        "  hash BLOB PRIMARY KEY,"
        "  user_hash BLOB NOT NULL UNIQUE,"
        "  client TEXT NOT NULL,"
        "  scopes INTEGER NOT NULL,"
        "  label TEXT NOT NULL,"
        "  source TEXT NOT NULL,"
        "  network TEXT NOT NULL," /* by which the open ones are counted */
        "  state INTEGER NOT NULL,"
        "  interval_ms INTEGER NOT NULL,"
        "  polled_ms INTEGER NOT NULL,"
        "  tenant_id BLOB," /* from here on: of whoever said yes */
        "  person_id BLOB,"
        "  method_id BLOB,"
        "  outside TEXT NOT NULL,"
        "  fresh_ms INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"
        "CREATE INDEX device_code_expires ON device_code (expires_ms);"
        "CREATE INDEX device_code_network ON device_code (network, expires_ms);"
        "CREATE INDEX device_code_person ON device_code (tenant_id, person_id);"

        /* Devices on their way to another tenant. */
        "CREATE TABLE device_move ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  token_id BLOB,"           /* the device is one of these: a print token, */
        "  grant_id BLOB,"           /* or what a program was allowed */
        "  to_tenant BLOB NOT NULL," /* no reference leads from one tenant to another */
        "  to_person BLOB,"          /* NULL: nobody's address; no code ends it */
        "  code_hash BLOB NOT NULL,"
        "  wrong INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, token_id),"
        "  UNIQUE (tenant_id, grant_id),"
        "  CHECK ((token_id IS NULL) <> (grant_id IS NULL)),"
        "  FOREIGN KEY (tenant_id, token_id) REFERENCES token (tenant_id, id) ON DELETE CASCADE,"
        "  FOREIGN KEY (tenant_id, grant_id) REFERENCES client_grant (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"
        "CREATE INDEX device_move_expiry ON device_move (expires_ms);";
