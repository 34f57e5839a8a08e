// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* The doors that agents keep open on their sites, and which queues they lead to. */
const char db_schema_door[] =
        "CREATE TABLE agent_door ("
        "  tenant_id BLOB NOT NULL,"
        "  agent_id BLOB NOT NULL,"
        "  kind INTEGER NOT NULL," /* enum agent_door_kind */
        "  enabled INTEGER NOT NULL,"
        "  port INTEGER NOT NULL,"
        "  plain INTEGER NOT NULL,"  /* also without TLS */
        "  dns_sd INTEGER NOT NULL," /* announced by multicast */
        "  host TEXT NOT NULL,"      /* by which clients know it; empty: the machine's own name */
        "  networks TEXT NOT NULL,"  /* who may come in, with spaces between */
        "  reserved_ports INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, agent_id, kind),"
        "  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"

        "CREATE TABLE agent_door_queue ("
        "  tenant_id BLOB NOT NULL,"
        "  agent_id BLOB NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  queue_id BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, agent_id, kind, queue_id),"
        "  FOREIGN KEY (tenant_id, agent_id, kind) REFERENCES agent_door (tenant_id, agent_id, kind)"
        "   ON DELETE CASCADE,"
        "  FOREIGN KEY (tenant_id, queue_id) REFERENCES queue (tenant_id, id) ON DELETE CASCADE"
        ") WITHOUT ROWID;"
        "CREATE INDEX agent_door_queue_queue ON agent_door_queue (tenant_id, queue_id);";
