// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Checkpoints of a thousand tenants: how much is done for them, not how long it takes. */

#include "base/clock.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/test-world.h"
#include "core/trail/trail.h"

#define TENANTS 1000

static struct core_world world;
static struct id tenants[TENANTS];
static int64_t later; /* a time at which everything is due */

static void make_tenants(void)
{
        for (int i = 0; i < TENANTS; i++) {
                struct tenant tenant = { 0 };

                snprintf(tenant.name, sizeof(tenant.name), "tenant-%d", i);
                assert(tenant_make(world.core, NULL, &tenant, NULL) == 0);
                tenants[i] = tenant.id;
        }
}

static int count_in(struct db_tx *tx, void *context)
{
        struct db_rows rows = { 0 };
        int r = db_one_all(
                tx, "SELECT (SELECT count(*) FROM audit_unsigned), (SELECT count(*) FROM audit_checkpoint)",
                DB_NONE, &rows);

        assert(r == 0);
        ((int64_t *)context)[0] = db_rows_integer(&rows, 0);
        ((int64_t *)context)[1] = db_rows_integer(&rows, 1);
        db_rows_done(&rows);
        return 0;
}

static int64_t unsigned_tenants(void)
{
        int64_t counts[2];

        assert(db_read(world.db, count_in, counts) == 0);
        return counts[0];
}

/* One more is one message to the keeper. */
static int64_t checkpoints(void)
{
        int64_t counts[2];

        assert(db_read(world.db, count_in, counts) == 0);
        return counts[1];
}

static uint64_t commits(void)
{
        struct db_figures figures;

        db_read_figures(world.db, &figures);
        return figures.commits;
}

static void add_event(struct id tenant)
{
        assert(event_note(world.core, tenant, NULL, "test", (struct id){ 0 }, "") == 0);
}

/* Sweeps until nobody waits; how many it took. */
static unsigned int sweep(void)
{
        unsigned int sweeps = 0;

        while (unsigned_tenants()) {
                assert(trail_sign_due(world.core, later) == 0);
                assert(++sweeps <= 60);
        }
        return sweeps;
}

static void everybody_at_once_is_done_within_a_minute_of_sweeps(void)
{
        int64_t before = checkpoints();
        uint64_t commits_before = commits();
        unsigned int sweeps;

        /* That they were made is an event of each. */
        assert(unsigned_tenants() == TENANTS);
        sweeps = sweep();
        printf("%d tenants: %u sweeps, %llu commits\n", TENANTS, sweeps,
               (unsigned long long)(commits() - commits_before));
        assert(commits() - commits_before <= sweeps);
        assert(checkpoints() - before == TENANTS);
}

static void idle_ones_cost_nothing(void)
{
        uint64_t queries, commits_before = commits();

        assert(unsigned_tenants() == 0);
        queries = db_thread_queries();
        assert(trail_sign_due(world.core, later) == 0);
        assert(db_thread_queries() - queries == 1 && commits() == commits_before);
}

static void one_busy_one_costs_what_one_costs(void)
{
        int64_t before = checkpoints();
        uint64_t queries, commits_before;

        add_event(tenants[TENANTS / 2]);
        commits_before = commits();
        queries = db_thread_queries();
        /* Not due yet: nothing but the look. */
        assert(trail_sign_due(world.core, clock_unix_ms()) == 0);
        assert(db_thread_queries() - queries == 1 && checkpoints() == before);
        queries = db_thread_queries();
        assert(trail_sign_due(world.core, later) == 0);
        assert(db_thread_queries() - queries <= 4 && commits() - commits_before == 1);
        assert(checkpoints() - before == 1 && unsigned_tenants() == 0);
}

static void what_comes_after_the_signature_waits_for_the_next(void)
{
        int64_t before = checkpoints();

        add_event(tenants[7]);
        assert(trail_sign(world.core, tenants[7]) == 0);
        assert(checkpoints() - before == 1 && unsigned_tenants() == 0);
        add_event(tenants[7]);
        assert(unsigned_tenants() == 1);
        assert(trail_sign_due(world.core, later) == 0);
        assert(checkpoints() - before == 2 && unsigned_tenants() == 0);
}

/* One whose signature fails keeps nobody else from his. */
static void a_broken_one_stops_nobody(void)
{
        char path[160], string[ID_STRING];
        int64_t before = checkpoints();
        FILE *file;

        id_format(tenants[0], string);
        snprintf(path, sizeof(path), "%s/days/trails/%s", world.folder, string);
        file = fopen(path, "w");
        assert(file && fputs("broken", file) >= 0 && fclose(file) == 0);
        for (int i = 0; i < TENANTS; i += 10)
                add_event(tenants[i]);
        for (int i = 0; i < 3; i++)
                (void)trail_sign_due(world.core, later);
        assert(checkpoints() - before == TENANTS / 10 - 1 && unsigned_tenants() == 1);
}

int main(void)
{
        core_world_open(&world);
        make_tenants();
        later = clock_unix_ms() + 3600000;
        assert(trail_sign(world.core, world.tenant.id) == 0);
        everybody_at_once_is_done_within_a_minute_of_sweeps();
        idle_ones_cost_nothing();
        one_busy_one_costs_what_one_costs();
        what_comes_after_the_signature_waits_for_the_next();
        a_broken_one_stops_nobody();
        core_world_close(&world);
        return 0;
}
