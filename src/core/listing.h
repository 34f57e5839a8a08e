// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A list on its way out of the database, for core's own files: the rows of one query, each read into an item.
 *
 * The query names its tenant as every query does (?1), goes on after an id (?2), which is the cursor, and
 * stops after so many rows (?3). Whatever else it asks for follows from ?4. Where it is a list of what
 * belongs to somebody or something, that must be there: else CORE_NOT_FOUND.
 */

#include <stddef.h>

#include "base/id.h"
#include "db/db.h"

struct core;

struct listing {
        struct id tenant;
        const char *sql; /* a literal (db/db.h) */
        struct id after;
        void (*read)(struct db_rows *rows, void *item);
        void *items; /* LISTING_INTO() fills these three */
        size_t item_size;
        size_t max;
        const struct db_value *values; /* ?4 and onward: DB_VALUES(…) fills both */
        size_t value_count;
        const char *owner_sql; /* a literal: finds the owner by ?2; NULL: it is the tenant's */
        struct id owner;
        size_t count; /* how many were found */
};

#define LISTING_VALUES_MAX 9
#define LISTING_OF_PERSON  "SELECT 1 FROM person WHERE tenant_id = ?1 AND id = ?2"

/* Room for so many items, as members of the listing. */
#define LISTING_INTO(room, room_for) .items = (room), .item_size = sizeof(*(room)), .max = (room_for)

/* In a transaction under way; listing is a struct listing, so that this is a db_work, too. */
int listing_find_in(struct db_tx *tx, void *listing);
/* In a transaction of its own. Writes *ret_count on 0 only. */
int listing_find(struct core *core, struct listing *listing, size_t *ret_count);
