// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/listing.h"

#include <assert.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

static int find_owner(struct db_tx *tx, const struct listing *listing)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = 0;

        if (listing->owner_sql)
                r = db_one(tx, listing->tenant, listing->owner_sql, DB_VALUES(db_id(&listing->owner)), &rows);
        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int find_items(struct db_tx *tx, struct listing *listing)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct db_value values[2 + LISTING_VALUES_MAX] = {
                db_octets(listing->after.octets, ID_OCTETS), /* at first zeros, which are not NULL here */
                db_integer((int64_t)listing->max),
        };
        int r;

        assert(listing->value_count <= LISTING_VALUES_MAX);
        for (size_t i = 0; i < listing->value_count; i++)
                values[2 + i] = listing->values[i];
        listing->count = 0;
        r = db_find(tx, listing->tenant, listing->sql, values, 2 + listing->value_count, &rows);
        if (r)
                return fold(r);
        while (listing->count < listing->max && db_rows_next(&rows, &r))
                listing->read(&rows, (char *)listing->items + listing->item_size * listing->count++);
        return fold(r);
}

int listing_find_in(struct db_tx *tx, void *listing)
{
        int r = find_owner(tx, listing);

        return r ? r : find_items(tx, listing);
}

int listing_find(struct core *core, struct listing *listing, size_t *ret_count)
{
        int r = db_read(core->db, listing_find_in, listing);

        if (r == 0)
                *ret_count = listing->count;
        return r;
}
