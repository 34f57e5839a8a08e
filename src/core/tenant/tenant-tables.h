// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The tables that hold tenants' rows, in an order in which they can be deleted (core/tenant/tenant-delete.c).
 */

#include <stddef.h>

struct tenant_table {
        const char *name;
        const char *count_sql;
        const char *delete_sql; /* some of ?1's rows; NULL: it takes more than one statement */
};

extern const struct tenant_table tenant_tables[];
extern const size_t tenant_tables_count;
