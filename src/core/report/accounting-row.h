// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Rows of the table accounting: one for each thing about which something is said, by its id
 * (core/report/accounting.h); a tenant's own has the tenant's id. For the files of core alone. */

#include "core/report/accounting.h"
#include "core/state.h"

struct accounting_row {
        struct id owner; /* the person whose it is; zero: nobody's */
        enum accounting_needs needs;
        bool may_save;
        struct accounting values;
};

/* DB_NO_ROW, and *ret untouched. */
int accounting_row_find(struct core *core, struct db_tx *tx, struct id tenant, struct id subject,
                        struct accounting_row *ret);
/* Of several, by one question; those that are not there stay as they are. */
#define ACCOUNTING_ROWS 5
int accounting_rows_find(struct core *core, struct db_tx *tx, struct id tenant,
                         const struct id subjects[ACCOUNTING_ROWS],
                         struct accounting_row ret[ACCOUNTING_ROWS]);
/* A sealed value as it stands in a row; core/person/person-data.c and core/report/report.c read it so, too.
 */
int accounting_row_open(struct core *core, struct id tenant, struct id subject, struct text sealed,
                        struct accounting *ret);
int accounting_row_put(struct core *core, struct db_tx *tx, struct id tenant, struct id subject,
                       const struct accounting_row *row);
/* Nothing where there is none. */
int accounting_row_delete(struct db_tx *tx, struct id tenant, struct id subject);
