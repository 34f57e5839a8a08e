// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Tenants: their settings, limits, mail domains and keys. The rules are in migrations.h. */
/* clang-format off */
const char db_schema_tenant[] =
        "CREATE TABLE tenant ("
        "  id BLOB PRIMARY KEY,"
        "  name TEXT NOT NULL UNIQUE,"
        "  title TEXT NOT NULL,"
        "  company_code TEXT NOT NULL,"
        "  company_code_folded TEXT NOT NULL UNIQUE,"
        "  state TEXT NOT NULL,"
        "  is_operators INTEGER NOT NULL,"
        "  plan TEXT NOT NULL,"
        "  is_over_plan INTEGER NOT NULL," /* its administrators were told */
        "  inside TEXT NOT NULL,"          /* networks, with spaces between; empty: the private ones */
        "  outside TEXT NOT NULL,"         /* what may be done from elsewhere */
        "  language TEXT NOT NULL DEFAULT 'en'," /* of its mails */
        "  held_ms INTEGER NOT NULL,"
        "  holds_unsupported INTEGER NOT NULL DEFAULT 0,"
        "  encrypted_only INTEGER NOT NULL DEFAULT 0,"
        "  refuses_two_sites INTEGER NOT NULL DEFAULT 0,"
        "  substitution INTEGER NOT NULL DEFAULT 1,"
        "  printed_ms INTEGER NOT NULL,"
        "  next_job INTEGER NOT NULL,"
        "  jobs_held INTEGER NOT NULL,"   /* RECEIVING and HELD; kept by the ledger's changes of state */
        "  octets_kept INTEGER NOT NULL," /* of its documents' rows, sealed */
        "  hour INTEGER NOT NULL,"        /* since 1970; and how many jobs were submitted in it */
        "  hour_jobs INTEGER NOT NULL,"
        "  rows_deleting INTEGER NOT NULL DEFAULT 0," /* while it is deleted: all its rows, 0 until counted */
        "  rows_deleted INTEGER NOT NULL DEFAULT 0,"
        "  created_ms INTEGER NOT NULL"
        ") WITHOUT ROWID;"
        "CREATE UNIQUE INDEX tenant_operators ON tenant (is_operators) WHERE is_operators = 1;"
        "CREATE INDEX tenant_deleting ON tenant (id) WHERE state = 'deleting';"

        "CREATE TABLE tenant_key ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  version INTEGER NOT NULL,"
        "  wrapped BLOB NOT NULL,"
        "  master BLOB NOT NULL," /* which master key it is wrapped by */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, version)"
        ") WITHOUT ROWID;"
        "CREATE INDEX tenant_key_master ON tenant_key (master);"

        /* The box that agents put keys of deposits into (core/site/deposit-box.h). */
        "CREATE TABLE deposit_box ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  key BLOB NOT NULL," /* public */
        "  key_version INTEGER NOT NULL,"
        "  wrapped BLOB NOT NULL," /* what it was made of */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, key)"
        ") WITHOUT ROWID;"

        /* The tenant's authority for certificates (core/site/authority.h). */
        "CREATE TABLE authority ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  key BLOB NOT NULL," /* names the row */
        "  key_version INTEGER NOT NULL,"
        "  wrapped BLOB NOT NULL," /* what its private key is made of */
        "  public BLOB NOT NULL,"
        "  root BLOB NOT NULL," /* its certificate */
        "  created_ms INTEGER NOT NULL,"
        "  from_ms INTEGER NOT NULL,"
        "  until_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id)"
        ") WITHOUT ROWID;"
        /* What it has issued (core/site/certificate.h). */
        "CREATE TABLE certificate ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  kind INTEGER NOT NULL," /* enum certificate_kind */
        "  subject_id BLOB NOT NULL," /* printer or agent, which may be gone */
        "  serial BLOB NOT NULL,"
        "  spki TEXT NOT NULL,"
        "  names TEXT NOT NULL,"
        "  from_ms INTEGER NOT NULL,"
        "  until_ms INTEGER NOT NULL,"
        "  revoked_ms INTEGER NOT NULL," /* 0: it is not */
        "  PRIMARY KEY (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX certificate_subject ON certificate (tenant_id, subject_id);"
        "CREATE INDEX certificate_spki ON certificate (spki, tenant_id);"
        /* With which a printer enrols, once. */
        "CREATE TABLE certificate_code ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  printer_id BLOB NOT NULL,"
        "  hash BLOB NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, printer_id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX certificate_code_hash ON certificate_code (hash);"

        /* An exchange of the tenant's key that is under way (core/tenant/key-exchange.h). */
        "CREATE TABLE key_exchange ("
        "  tenant_id BLOB PRIMARY KEY REFERENCES tenant (id),"
        "  version INTEGER NOT NULL," /* the new one */
        "  step INTEGER NOT NULL,"    /* which kind of rows is at its turn, and after which of them */
        "  after BLOB NOT NULL,"
        "  carried INTEGER NOT NULL," /* rows in this round, and in all of them */
        "  done INTEGER NOT NULL,"
        "  total INTEGER NOT NULL," /* 0 until counted */
        "  due_ms INTEGER NOT NULL,"
        "  started_ms INTEGER NOT NULL"
        ") WITHOUT ROWID;"
        "CREATE INDEX key_exchange_due ON key_exchange (due_ms);"

        "CREATE TABLE tenant_limit ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  name TEXT NOT NULL,"
        "  value INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, name)"
        ") WITHOUT ROWID;"

        /* Mail domains. Many may claim one; it belongs to the one who proved it. */
        "CREATE TABLE tenant_domain ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  challenge TEXT NOT NULL,"
        "  proof TEXT NOT NULL," /* '': none yet */
        "  created_ms INTEGER NOT NULL,"
        "  proved_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name)"
        ") WITHOUT ROWID;"
        "CREATE UNIQUE INDEX tenant_domain_proved ON tenant_domain (name) WHERE proved_ms > 0;"

        /* Days for which a bucket key was made and is not destroyed yet. */
        "CREATE TABLE key_day ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  day INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, day)"
        ") WITHOUT ROWID;";
/* clang-format on */
