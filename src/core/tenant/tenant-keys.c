// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/tenant/tenant-keys.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/key-exchange.h"
#include "core/state.h"

#define REWRAP_BATCH 1000

void key_ring_free(struct key_ring *ring)
{
        while (ring) {
                struct key_ring *before = ring->before;

                free(ring);
                ring = before;
        }
}

static void ring_freep(struct key_ring **ring)
{
        key_ring_free(*ring);
}

const struct keys_tenant *keys_newest(const struct tenant_entry *entry)
{
        return &atomic_load(&entry->ring)->versions[0];
}

int key_ring_load(struct db_tx *tx, struct id tenant, struct key_ring **ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        SCOPED(ring_freep) struct key_ring *ring = NULL;
        int r;

        ring = calloc(1, sizeof(*ring) + KEY_VERSIONS_MAX * sizeof(ring->versions[0]));
        if (!ring)
                return fault(-ENOMEM);
        r = db_find(tx, tenant,
                    "SELECT version, wrapped FROM tenant_key WHERE tenant_id = ?1 ORDER BY version DESC",
                    DB_NONE, &rows);
        if (r)
                return fold(r);
        while (ring->count < KEY_VERSIONS_MAX && db_rows_next(&rows, &r)) {
                struct keys_tenant *keys = &ring->versions[ring->count++];

                keys->tenant = tenant;
                keys->version = (uint32_t)db_rows_integer(&rows, 0);
                if (!db_rows_octets(&rows, 1, keys->wrapped.octets, sizeof(keys->wrapped.octets)))
                        return fault(-EBADMSG);
        }
        if (r)
                return fold(r);
        if (ring->count == 0)
                return fault(-EBADMSG);
        *ret = take(ring);
        return 0;
}

struct load {
        struct id tenant;
        struct key_ring *ring;
};

static void field_keys_wipep(struct field_key (*keys)[FIELD_KEYS])
{
        field_keys_wipe(*keys);
}

static int load(struct db_tx *tx, void *context)
{
        struct load *load = context;

        return key_ring_load(tx, load->tenant, &load->ring);
}

/* Puts what the database has now in place of what is in memory. */
int key_ring_reload(struct core *core, const struct tenant_entry *entry)
{
        struct tenant_entry *changed = (struct tenant_entry *)entry;
        struct load context = { .tenant = entry->tenant.id };
        SCOPED(field_keys_wipep) struct field_key keys[FIELD_KEYS] = { 0 };
        int r;

        r = db_read(core->db, load, &context);
        if (r)
                return r;
        r = field_keys_load(core, context.ring, keys);
        if (r) {
                key_ring_free(context.ring);
                return r;
        }
        pthread_rwlock_wrlock(&core->tenants_lock);
        if (entry->tenant.state != TENANT_DELETING)
                memcpy(changed->field_keys, keys, sizeof(keys));
        context.ring->before = atomic_load(&changed->ring);
        atomic_store(&changed->ring, context.ring);
        pthread_rwlock_unlock(&core->tenants_lock);
        return 0;
}

static const struct keys_tenant *find_version(const struct tenant_entry *entry, uint32_t version)
{
        const struct key_ring *ring = atomic_load(&entry->ring);

        for (size_t i = 0; i < ring->count; i++)
                if (ring->versions[i].version == version)
                        return &ring->versions[i];
        return NULL;
}

int keys_of_version(struct core *core, const struct tenant_entry *entry, uint32_t version,
                    const struct keys_tenant **ret)
{
        const struct keys_tenant *found = find_version(entry, version);
        int r;

        if (!found) {
                /* Another process may have made it. */
                r = key_ring_reload(core, entry);
                if (r)
                        return r;
                found = find_version(entry, version);
        }
        if (!found)
                return fault(-ENOKEY);
        *ret = found;
        return 0;
}

struct list {
        struct id tenant;
        struct key_state *to;
};

static int list_days(struct db_tx *tx, struct list *list)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct key_state *to = list->to;
        int r;

        to->day_count = 0;
        r = db_find(
                tx, list->tenant,
                "SELECT k.day, (SELECT count(*) FROM document d WHERE d.tenant_id = ?1"
                " AND d.expiry_day = k.day) FROM key_day k WHERE k.tenant_id = ?1 ORDER BY k.day LIMIT ?2",
                DB_VALUES(db_integer(KEY_DAYS_MAX)), &rows);
        if (r)
                return fold(r);
        while (to->day_count < KEY_DAYS_MAX && db_rows_next(&rows, &r))
                to->days[to->day_count++] =
                        (struct key_day){ db_rows_integer(&rows, 0), db_rows_integer(&rows, 1) };
        return fold(r);
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct list *list = context;
        struct key_state *to = list->to;
        int r;

        to->version_count = 0;
        r = db_find(tx, list->tenant,
                    "SELECT k.version, k.created_ms, (SELECT count(*) FROM document d WHERE d.tenant_id = ?1"
                    " AND d.key_version = k.version) FROM tenant_key k WHERE k.tenant_id = ?1"
                    " ORDER BY k.version DESC LIMIT ?2",
                    DB_VALUES(db_integer(KEY_VERSIONS_MAX)), &rows);
        if (r)
                return fold(r);
        while (to->version_count < KEY_VERSIONS_MAX && db_rows_next(&rows, &r))
                to->versions[to->version_count++] =
                        (struct key_version){ (uint32_t)db_rows_integer(&rows, 0), db_rows_integer(&rows, 1),
                                              db_rows_integer(&rows, 2) };
        if (r == 0)
                r = list_days(tx, list);
        return r ? fold(r) : key_exchange_read(tx, list->tenant, &to->exchange);
}

int keys_state(struct core *core, const struct actor *actor, struct key_state *ret)
{
        struct list list = { actor->tenant, ret };

        if (!actor_may(actor, RIGHT_KEYS, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_read(core->db, list_in, &list);
}

struct rotate {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct keys_tenant keys;
        uint64_t master;
};

static int count_versions(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct rotate *rotate = context;
        int r;

        r = db_one(tx, rotate->tenant, "SELECT max(version), count(*) FROM tenant_key WHERE tenant_id = ?1",
                   DB_NONE, &rows);
        if (r)
                return fold(r);
        rotate->keys.version = (uint32_t)db_rows_integer(&rows, 0) + 1;
        return db_rows_integer(&rows, 1) < KEY_VERSIONS_MAX ? 0 : CORE_TAKEN;
}

int tenant_key_insert(struct db_tx *tx, const struct keys_tenant *keys, uint64_t master)
{
        int r;

        r = db_run(tx, keys->tenant,
                   "INSERT INTO tenant_key (tenant_id, version, wrapped, master, created_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)",
                   DB_VALUES(db_integer(keys->version),
                             db_octets(keys->wrapped.octets, sizeof(keys->wrapped.octets)),
                             db_octets(&master, sizeof(master)), db_integer(clock_unix_ms())),
                   NULL);
        return r == DB_TAKEN ? CORE_TAKEN : fold(r);
}

static int rotate_in(struct db_tx *tx, void *context)
{
        struct rotate *rotate = context;
        char detail[CORE_WORDS];
        int r;

        r = tenant_key_insert(tx, &rotate->keys, rotate->master);
        if (r == 0)
                r = key_exchange_begin(tx, rotate->tenant, rotate->keys.version,
                                       clock_unix_ms() + rotate->core->settings.key_settle_ms);
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "version=%" PRIu32, rotate->keys.version);
        return event_add(tx, rotate->tenant, rotate->actor, "tenant-key-rotated", rotate->tenant, detail);
}

int keys_rotate(struct core *core, const struct actor *actor)
{
        struct rotate rotate = { .core = core, .actor = actor, .tenant = actor->tenant };
        const struct tenant_entry *entry;
        int r;

        if (!actor_may(actor, RIGHT_KEYS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = tenant_entry_get(core, rotate.tenant, &entry);
        if (r == 0)
                r = db_read(core->db, count_versions, &rotate);
        if (r == 0)
                r = fold(keys_tenant_make(core->keys, rotate.tenant, rotate.keys.version, &rotate.keys,
                                          &rotate.master));
        if (r == 0)
                r = db_write(core->db, rotate_in, &rotate);
        return r ? r : key_ring_reload(core, entry);
}

/* One batch of tenant keys on their way from one master key to another. */
struct rewrap {
        uint64_t master; /* the newest */
        size_t count;
        struct keys_tenant keys[REWRAP_BATCH];
};

static int find_old(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct rewrap *rewrap = context;
        int r;

        rewrap->count = 0;
        r = db_find_all(
                tx,
                "SELECT tenant_id, version, wrapped FROM tenant_key WHERE master < ?1 OR master > ?1"
                " LIMIT ?2",
                DB_VALUES(db_octets(&rewrap->master, sizeof(rewrap->master)), db_integer(REWRAP_BATCH)),
                &rows);
        if (r)
                return fold(r);
        while (rewrap->count < REWRAP_BATCH && db_rows_next(&rows, &r)) {
                struct keys_tenant *keys = &rewrap->keys[rewrap->count++];

                keys->tenant = db_rows_id(&rows, 0);
                keys->version = (uint32_t)db_rows_integer(&rows, 1);
                if (!db_rows_octets(&rows, 2, keys->wrapped.octets, sizeof(keys->wrapped.octets)))
                        return fault(-EBADMSG);
        }
        return fold(r);
}

static int store_new(struct db_tx *tx, void *context)
{
        struct rewrap *rewrap = context;
        int r = 0;

        for (size_t i = 0; r == 0 && i < rewrap->count; i++) {
                const struct keys_tenant *keys = &rewrap->keys[i];

                r = db_run(
                        tx, keys->tenant,
                        "UPDATE tenant_key SET wrapped = ?3, master = ?4 WHERE tenant_id = ?1 AND version = ?2",
                        DB_VALUES(db_integer(keys->version),
                                  db_octets(keys->wrapped.octets, sizeof(keys->wrapped.octets)),
                                  db_octets(&rewrap->master, sizeof(rewrap->master))),
                        NULL);
        }
        return fold(r);
}

static int rewrap_batch(struct core *core, struct rewrap *rewrap)
{
        int r;

        for (size_t i = 0; i < rewrap->count; i++) {
                r = keys_tenant_rewrap(core->keys, &rewrap->keys[i], &rewrap->keys[i].wrapped);
                if (r)
                        return fold(r);
        }
        return db_write(core->db, store_new, rewrap);
}

static int reload_all(struct core *core)
{
        struct tenant_entry *entry;
        int r = 0;

        pthread_rwlock_rdlock(&core->tenants_lock);
        entry = core->tenants;
        pthread_rwlock_unlock(&core->tenants_lock);
        for (; r == 0 && entry; entry = entry->next)
                if (entry->tenant.state != TENANT_DELETING)
                        r = key_ring_reload(core, entry);
        return r;
}

int keys_follow_master(struct core *core, uint64_t *ret_count)
{
        SCOPED(freep) struct rewrap *rewrap = calloc(1, sizeof(*rewrap));
        int r;

        if (!rewrap)
                return fault(-ENOMEM);
        *ret_count = 0;
        r = keys_master(core->keys, &rewrap->master);
        if (r)
                return fold(r);
        for (;;) {
                r = db_read(core->db, find_old, rewrap);
                if (r || rewrap->count == 0)
                        break;
                r = rewrap_batch(core, rewrap);
                if (r)
                        break;
                *ret_count += rewrap->count;
        }
        return r == 0 && *ret_count ? reload_all(core) : r;
}
