// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Audit: what happened. The rules are in migrations.h. */
/* clang-format off */
const char db_schema_audit[] =
        /* A record of the tenant's audit trail (audit/record.h); hash is over all other columns and the hash of
         * the record before it. */
        "CREATE TABLE event ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  number INTEGER NOT NULL," /* from 1, without a gap */
        "  at_ms INTEGER NOT NULL,"
        "  kind TEXT NOT NULL,"
        "  actor_kind TEXT NOT NULL,"
        "  actor_id BLOB,"
        "  subject_id BLOB,"
        "  detail TEXT NOT NULL,"
        "  via TEXT NOT NULL," /* how the actor came, and from where */
        "  source TEXT NOT NULL,"
        "  hash BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, number)"
        ") WITHOUT ROWID;"
        "CREATE INDEX event_subject ON event (tenant_id, subject_id, number);"

        /* What the keeper signed (audit/checkpoint.h). The first one of a trail whose beginning was pruned is
         * its base: what it covers is gone, or about to go. */
        "CREATE TABLE audit_checkpoint ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  sequence INTEGER NOT NULL,"
        "  record INTEGER NOT NULL,"
        "  at_ms INTEGER NOT NULL,"
        "  octets BLOB NOT NULL," /* all of it, with the signature */
        "  is_base INTEGER NOT NULL,"
        "  told INTEGER NOT NULL," /* written to the file where it is kept besides */
        "  PRIMARY KEY (tenant_id, sequence)"
        ") WITHOUT ROWID;"
        "CREATE INDEX audit_checkpoint_untold ON audit_checkpoint (tenant_id, sequence) WHERE told = 0;"

        /* Tenants with events that no checkpoint covers yet: the first of them. Written with it (core/trail/event.c),
         * gone with the signature, so that whoever looks for what is due sees nobody else. */
        "CREATE TABLE audit_unsigned ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  number INTEGER NOT NULL,"
        "  since_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id)"
        ") WITHOUT ROWID;"

        /* How far a tenant's trail has gone to the collector (core/trail/trail-push.h). */
        "CREATE TABLE audit_push ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  stream TEXT NOT NULL," /* 'record' or 'checkpoint' */
        "  sent INTEGER NOT NULL," /* the last number, or sequence */
        "  earlier INTEGER NOT NULL,"
        "  settled INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, stream)"
        ") WITHOUT ROWID;";
/* clang-format on */
