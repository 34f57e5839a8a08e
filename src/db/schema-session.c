// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/*
 * How people sign in: the methods of a tenant, sessions, second factors, one-time codes, and the sources from
 * which somebody has signed in before. Secrets of others are sealed with the tenant's field key; what only
 * has to be recognised is a hash.
 */
const char db_schema_session[] =
        "CREATE TABLE method ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  kind TEXT NOT NULL,"
        "  title TEXT NOT NULL,"
        "  enabled INTEGER NOT NULL,"
        "  position INTEGER NOT NULL,"
        "  settings TEXT NOT NULL,"
        "  secret BLOB,"                      /* sealed */
        "  finding TEXT NOT NULL DEFAULT ''," /* the driver's, found out by itself */
        "  found_ms INTEGER NOT NULL DEFAULT 0,"
        "  changed_ms INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE UNIQUE INDEX method_id ON method (id);" /* who comes from a provider says no tenant */
        "CREATE UNIQUE INDEX method_built_in ON method (tenant_id, kind) WHERE kind IN ('password', 'pin', 'code',"
        " 'passkey');"

        /* A tenant without a row has the defaults. */
        "CREATE TABLE sign_in_policy ("
        "  tenant_id BLOB PRIMARY KEY REFERENCES tenant (id),"
        "  second_factor INTEGER NOT NULL,"
        "  pin_for_web INTEGER NOT NULL,"
        "  password_least INTEGER NOT NULL"
        ") WITHOUT ROWID;"

        "CREATE TABLE session ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  second_factor INTEGER NOT NULL,"
        "  hash BLOB NOT NULL UNIQUE,"
        "  method TEXT NOT NULL,"
        "  method_id BLOB,"
        "  outside TEXT NOT NULL," /* what an outside provider calls this session; '': nothing */
        "  source TEXT NOT NULL,"
        "  label TEXT NOT NULL,"
        "  challenge BLOB," /* of a passkey, while one is asked for */
        "  challenge_ms INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL," /* up to a minute old */
        "  fresh_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX session_person ON session (tenant_id, person_id, id);"
        "CREATE INDEX session_outside ON session (tenant_id, method_id, outside) WHERE outside <> '';"
        "CREATE INDEX session_expiry ON session (expires_ms);"

        /* What a provider gave along with a sign-in, while a session or a grant stands on it. */
        "CREATE TABLE outside_session ("
        "  tenant_id BLOB NOT NULL,"
        "  method_id BLOB NOT NULL,"
        "  name TEXT NOT NULL," /* session.outside */
        "  person_id BLOB NOT NULL,"
        "  issuer TEXT NOT NULL,"
        "  subject TEXT NOT NULL,"
        "  refresh BLOB," /* sealed, as is the next */
        "  id_token BLOB,"
        "  created_ms INTEGER NOT NULL,"
        "  checked_ms INTEGER NOT NULL,"
        "  due_ms INTEGER NOT NULL," /* to be looked at again */
        "  PRIMARY KEY (tenant_id, method_id, name),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"
        "CREATE INDEX outside_session_person ON outside_session (tenant_id, person_id);"
        "CREATE INDEX outside_session_due ON outside_session (due_ms);"

        "CREATE TABLE totp ("
        "  tenant_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  secret BLOB NOT NULL,"          /* sealed */
        "  confirmed_ms INTEGER NOT NULL," /* 0: shown, but never used yet */
        "  step INTEGER NOT NULL,"         /* the last one that was used */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, person_id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"

        "CREATE TABLE recovery_code ("
        "  tenant_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  mac BLOB NOT NULL,"
        "  key_version INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, person_id, mac),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"

        "CREATE TABLE passkey ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  credential BLOB NOT NULL,"
        "  public_key BLOB NOT NULL," /* COSE_Key */
        "  counter INTEGER NOT NULL,"
        "  label TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  used_ms INTEGER NOT NULL,"
        "  asked_ms INTEGER NOT NULL," /* when the challenge of its last sign-in was made */
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, credential),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX passkey_person ON passkey (tenant_id, person_id, id);"

        "CREATE TABLE one_time_code ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  mac BLOB NOT NULL,"
        "  key_version INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  release_id BLOB," /* which used it up: kept for a day, so that the same request finds it again */
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, mac),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX one_time_code_person ON one_time_code (tenant_id, person_id, id);"
        "CREATE INDEX one_time_code_expiry ON one_time_code (expires_ms);"

        /* From where an account has been signed in to, by a hash of both: guesses from elsewhere do not lock
           it there. */
        "CREATE TABLE known_source ("
        "  tenant_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  source BLOB NOT NULL,"
        "  used_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, person_id, source),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX known_source_used ON known_source (used_ms);";
