// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Keys that are exchanged while documents are read: nobody waits, and no read fails. */

#include "core/tenant-keys.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/scope.h"
#include "core/test-world.h"

#define READERS   3
#define ROTATIONS 12
#define TENANTS   10000

/* A document as its row has it. */
struct sealed {
        struct keys_document document;
        uint32_t version;
        struct wrapped_key wrapped;
        struct secret key;
};

struct reading {
        struct core_world *world;
        pthread_mutex_t lock;
        struct sealed sealed[ROTATIONS + 1];
        size_t count;
        bool is_over;
        uint64_t reads;
};

static void seal_one(struct core_world *world, struct sealed *ret)
{
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;

        assert(tenant_entry_get(world->core, world->tenant.id, &entry) == 0);
        keys = keys_newest(entry);
        ret->document = (struct keys_document){ id_new(), KEYS_ORIGINAL, clock_day(clock_unix_ms()) + 1 };
        ret->version = keys->version;
        assert(keys_document_make(world->keys, keys, &ret->document, &ret->key, &ret->wrapped) == 0);
}

static void read_one(struct core_world *world, const struct sealed *sealed)
{
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;
        struct secret key;

        assert(tenant_entry_get(world->core, world->tenant.id, &entry) == 0);
        assert(keys_of_version(world->core, entry, sealed->version, &keys) == 0);
        assert(keys_document_open(world->keys, keys, &sealed->document, &sealed->wrapped, KEYS_FOR_ARM,
                                  &key) == 0);
        assert(memcmp(&key, &sealed->key, sizeof(key)) == 0);
}

static void *read_on(void *context)
{
        struct reading *reading = context;
        size_t at = 0;

        for (;;) {
                struct sealed sealed;
                bool is_over;

                pthread_mutex_lock(&reading->lock);
                sealed = reading->sealed[at++ % reading->count];
                is_over = reading->is_over;
                reading->reads++;
                pthread_mutex_unlock(&reading->lock);
                if (is_over)
                        return NULL;
                read_one(reading->world, &sealed);
        }
}

static void keeper_runs(struct core_world *world, const char *option, int expected)
{
        int status;

        assert(waitpid(core_world_run_keeper(world, option), &status, 0) > 0);
        assert(WIFEXITED(status) && WEXITSTATUS(status) == expected);
}

static void rotate_all(struct reading *reading, uint32_t i)
{
        struct core_world *world = reading->world;
        struct sealed sealed;
        uint64_t count;

        assert(keys_rotate(world->core, &world->admin) == 0);
        seal_one(world, &sealed);
        assert(sealed.version == i + 2);
        pthread_mutex_lock(&reading->lock);
        reading->sealed[reading->count++] = sealed;
        pthread_mutex_unlock(&reading->lock);

        keeper_runs(world, "--rotate-master", 0);
        keeper_runs(world, "--rotate-master", 1); /* one at a time */
        assert(keys_follow_master(world->core, &count) == 0);
        assert(count == i + 2);
        assert(keys_follow_master(world->core, &count) == 0 && count == 0);
        keeper_runs(world, "--forget-old-master", 0);
        keeper_runs(world, "--forget-old-master", 1);
}

static void nobody_notices_that_keys_are_exchanged(struct core_world *world)
{
        static struct reading reading = { .lock = PTHREAD_MUTEX_INITIALIZER };
        pthread_t threads[READERS];

        reading.world = world;
        seal_one(world, &reading.sealed[reading.count++]);
        for (size_t i = 0; i < READERS; i++)
                assert(pthread_create(&threads[i], NULL, read_on, &reading) == 0);
        for (uint32_t i = 0; i < ROTATIONS; i++)
                rotate_all(&reading, i);
        pthread_mutex_lock(&reading.lock);
        reading.is_over = true;
        pthread_mutex_unlock(&reading.lock);
        for (size_t i = 0; i < READERS; i++)
                pthread_join(threads[i], NULL);
        printf("%llu reads while %d tenant and master keys were exchanged, none failed\n",
               (unsigned long long)reading.reads, ROTATIONS);
        assert(reading.reads > 100);
}

/* What is found by a MAC or read by the field key is still so, after a restart, too. */
static void what_lasts_is_as_it_was(struct core_world *world)
{
        const struct tenant_entry *entry;
        struct secret field_key;

        assert(tenant_entry_get(world->core, world->tenant.id, &entry) == 0);
        assert(keys_lasting(entry)->version == 1);
        assert(keys_field_key(world->keys, keys_lasting(entry), &field_key) == 0);
        assert(memcmp(&field_key, &entry->field_keys[0].key, sizeof(field_key)) == 0);
}

static void an_administrator_sees_versions_and_days(struct core_world *world)
{
        static struct key_state state;
        struct actor ada = core_world_make_actor(world, "ada@demo.example", ROLE_PERSON);

        assert(keys_state(world->core, &ada, &state) == CORE_FORBIDDEN);
        assert(keys_rotate(world->core, &ada) == CORE_FORBIDDEN);
        assert(keys_state(world->core, &world->admin, &state) == 0);
        assert(state.version_count == ROTATIONS + 1);
        assert(state.versions[0].version == ROTATIONS + 1 && state.versions[ROTATIONS].version == 1);

        /* Nothing is wrapped by those in the middle, and they are old enough: they go. */
        assert(keys_drop_unused(world->core) == 0);
        assert(keys_state(world->core, &world->admin, &state) == 0 && state.version_count == ROTATIONS + 1);
        core_world_run(world, "UPDATE tenant_key SET created_ms = 1 WHERE tenant_id = ?1");
        assert(keys_drop_unused(world->core) == 0);
        assert(keys_state(world->core, &world->admin, &state) == 0 && state.version_count == 2);
        assert(state.versions[0].version == ROTATIONS + 1 && state.versions[1].version == 1);
}

static int insert_many(struct db_tx *tx, void *context)
{
        struct core_world *world = context;

        for (int i = 0; i < TENANTS; i++) {
                struct keys_tenant keys;
                struct id id = id_new();
                char name[32];
                uint64_t master;

                snprintf(name, sizeof(name), "tenant-%d", i);
                assert(keys_tenant_make(world->keys, id, 1, &keys, &master) == 0);
                assert(db_run(tx, id,
                              "INSERT INTO tenant (id, name, title, company_code, company_code_folded, state,"
                              " is_operators, plan, is_over_plan, inside, outside, held_ms, printed_ms, next_job,"
                              " jobs_held, octets_kept, hour, hour_jobs, created_ms) VALUES (?1, ?2, '', ?2, ?2,"
                              " 'active', 0, '', 0, '', 'nothing', 1000, 0, 1, 0, 0, 0, 0, 1)",
                              DB_VALUES(db_string(name)), NULL) == 0);
                assert(tenant_key_insert(tx, &keys, master) == 0);
        }
        return 0;
}

static void ten_thousand_tenants_follow_in_a_second(struct core_world *world)
{
        int64_t from_ms, took_ms;
        uint64_t count;

        assert(db_write(world->db, insert_many, world) == 0);
        keeper_runs(world, "--rotate-master", 0);
        from_ms = clock_monotonic_ms();
        assert(keys_follow_master(world->core, &count) == 0);
        took_ms = clock_monotonic_ms() - from_ms;
        printf("%llu tenant keys wrapped by another master key in %lld ms\n", (unsigned long long)count,
               (long long)took_ms);
        assert(count == TENANTS + 2);
        /* A second on an idle machine; tests share theirs. */
        assert(took_ms < 10000);
        keeper_runs(world, "--forget-old-master", 0);
}

int main(void)
{
        static struct core_world world;

        log_init("test-tenant-keys", LOG_ERROR);
        core_world_open(&world);
        nobody_notices_that_keys_are_exchanged(&world);
        what_lasts_is_as_it_was(&world);
        an_administrator_sees_versions_and_days(&world);
        ten_thousand_tenants_follow_in_a_second(&world);
        core_world_close(&world);
        return 0;
}
