// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Documents that stay at their sites. */

/* clang-format off */
const char db_schema_stay[] =
        "CREATE TABLE stay ("
        "  tenant_id BLOB NOT NULL,"
        "  deposit_id BLOB NOT NULL,"     /* by which its agent knows it */
        "  job_id BLOB NOT NULL,"
        "  agent_id BLOB NOT NULL,"
        "  tenant_key BLOB,"              /* of the tenant's box; NULL: the job is over, and the agent is to remove it */
        "  box BLOB,"                     /* in which the document's key lies; likewise */
        "  format TEXT NOT NULL,"
        "  size_octets INTEGER NOT NULL,"
        "  sealed_octets INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, deposit_id)"
        ") WITHOUT ROWID;"
        "CREATE UNIQUE INDEX stay_job ON stay (tenant_id, job_id);"
        "CREATE INDEX stay_agent ON stay (tenant_id, agent_id, deposit_id);";
/* clang-format on */
