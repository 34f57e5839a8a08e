// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Whose home a job is, as its row has it: for the files about it. */

#include "db/db.h"

struct home_row {
        struct id agent; /* zero: the service's */
        uint64_t giving;
        uint64_t nonce;
        uint64_t incarnation;
        bool is_unfit;
};

/* Of a job that never was given away: the service's, and its first giving. */
int home_row_find(struct db_tx *tx, struct id tenant, struct id job, struct home_row *ret);
int home_row_store(struct db_tx *tx, struct id tenant, struct id job, const struct home_row *row);
/* The service's again: what was said of this giving is about nothing any more. */
int home_row_return(struct db_tx *tx, struct id tenant, struct id job, struct home_row *row);
