// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/deposit-box.h"

#include <errno.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

struct box {
        struct id tenant;
        uint8_t key[BOX_KEY_OCTETS];
        uint32_t version;
        struct wrapped_key wrapped;
};

static int find_newest(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct box *box = context;
        int r;

        r = db_one(tx, box->tenant,
                   "SELECT key FROM deposit_box WHERE tenant_id = ?1 ORDER BY created_ms DESC LIMIT 1",
                   DB_NONE, &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return db_rows_octets(&rows, 0, box->key, sizeof(box->key)) ? 0 : fault(-EBADMSG);
}

static int find_by_key(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct box *box = context;
        int r;

        r = db_one(tx, box->tenant,
                   "SELECT key_version, wrapped FROM deposit_box WHERE tenant_id = ?1 AND key = ?2",
                   DB_VALUES(db_octets(box->key, sizeof(box->key))), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        box->version = (uint32_t)db_rows_integer(&rows, 0);
        return db_rows_octets(&rows, 1, box->wrapped.octets, sizeof(box->wrapped.octets)) ? 0
                                                                                          : fault(-EBADMSG);
}

/* The first of those who come at once makes it. */
static int insert(struct db_tx *tx, void *context)
{
        struct box *box = context;
        struct box found = { .tenant = box->tenant };
        int r;

        r = find_newest(tx, &found);
        if (r == 0)
                *box = found;
        if (r != CORE_NOT_FOUND)
                return r;
        return fold(db_run(tx, box->tenant,
                           "INSERT INTO deposit_box (tenant_id, key, key_version, wrapped, created_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)",
                           DB_VALUES(db_octets(box->key, sizeof(box->key)), db_integer(box->version),
                                     db_octets(box->wrapped.octets, sizeof(box->wrapped.octets)),
                                     db_integer(clock_unix_ms())),
                           NULL));
}

static int make(struct core *core, struct box *box)
{
        const struct tenant_entry *entry;
        const struct keys_tenant *newest;
        int r;

        r = tenant_entry_get(core, box->tenant, &entry);
        if (r)
                return r;
        newest = keys_newest(entry);
        r = keys_box_make(core->keys, newest, box->key, &box->wrapped);
        if (r)
                return r > 0 ? CORE_BUSY : r;
        box->version = newest->version;
        return db_write(core->db, insert, box);
}

int deposit_box_key(struct core *core, struct id tenant, uint8_t ret[BOX_KEY_OCTETS])
{
        struct box box = { .tenant = tenant };
        int r;

        r = db_read(core->db, find_newest, &box);
        if (r == CORE_NOT_FOUND)
                r = make(core, &box);
        if (r)
                return r;
        memcpy(ret, box.key, BOX_KEY_OCTETS);
        return 0;
}

static int open_in(struct core *core, const struct box *box, struct id deposit,
                   const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret)
{
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;
        int r;

        r = tenant_entry_get(core, box->tenant, &entry);
        if (r == 0)
                r = keys_of_version(core, entry, box->version, &keys);
        if (r)
                return r;
        r = keys_box_open(core->keys, keys, &box->wrapped, deposit, sealed, ret);
        switch (r) {
        case KEYS_WRONG: return CORE_BAD_VALUE;
        case KEYS_DESTROYED: return CORE_DESTROYED;
        case KEYS_LIMITED:
        case KEYS_PAST: return CORE_BUSY;
        default: return r;
        }
}

int deposit_box_open(struct core *core, struct id tenant, const uint8_t key[BOX_KEY_OCTETS],
                     struct id deposit, const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret)
{
        struct box box = { .tenant = tenant };
        int r;

        memcpy(box.key, key, BOX_KEY_OCTETS);
        r = db_read(core->db, find_by_key, &box);
        return r ? r : open_in(core, &box, deposit, sealed, ret);
}

int deposit_box_keys(struct core *core, struct id tenant, struct keys_offline *ret)
{
        struct box box = { .tenant = tenant };
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;
        int r;

        r = deposit_box_key(core, tenant, box.key);
        if (r == 0)
                r = db_read(core->db, find_by_key, &box);
        if (r == 0)
                r = tenant_entry_get(core, tenant, &entry);
        if (r == 0)
                r = keys_of_version(core, entry, box.version, &keys);
        if (r)
                return r > 0 ? CORE_BUSY : r;
        *ret = (struct keys_offline){ *keys, box.wrapped };
        return 0;
}
