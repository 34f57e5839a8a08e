// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Sites that go on while their line is down. */

/* clang-format off */
const char db_schema_offline[] =
        "CREATE TABLE site_offline ("
        "  tenant_id BLOB NOT NULL,"
        "  site_id BLOB NOT NULL,"
        "  enabled INTEGER NOT NULL,"
        "  hours INTEGER NOT NULL," /* without contact, after which nothing is released there */
        "  jobs INTEGER NOT NULL,"  /* at most, of an agent, as is the next */
        "  megabytes INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, site_id)"
        ") WITHOUT ROWID;"

        /* Queues whose jobs' home is a site. */
        "CREATE TABLE home_queue ("
        "  tenant_id BLOB NOT NULL,"
        "  queue_id BLOB NOT NULL,"
        "  site_id BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, queue_id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX home_queue_site ON home_queue (tenant_id, site_id);"

        /* The home of a job; without a row it is the service, which it has always been. */
        "CREATE TABLE home ("
        "  tenant_id BLOB NOT NULL,"
        "  job_id BLOB NOT NULL,"
        "  agent_id BLOB," /* whose the home is; NULL: the service's */
        "  giving INTEGER NOT NULL," /* raised by each taking and giving back */
        "  nonce INTEGER NOT NULL,"  /* of the taking, by which it is known when it is repeated */
        "  incarnation INTEGER NOT NULL," /* of the agent's journal when it took it */
        "  unfit INTEGER NOT NULL,"  /* 1: no printer of the site takes it as it is */
        "  changed_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, job_id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX home_agent ON home (tenant_id, agent_id) WHERE agent_id IS NOT NULL;";
/* clang-format on */
