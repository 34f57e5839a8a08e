// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Counters and states agree with each other whatever happens; with a real keeper, database and vault. */
#include <ftw.h>
#include <sys/stat.h>

#include "core/test-printing.h"

static uint64_t octets_in_files;

static int add_octets(const char *path, const struct stat *stat, int kind, struct FTW *at)
{
        (void)path, (void)at;
        octets_in_files += kind == FTW_F ? (uint64_t)stat->st_size : 0;
        return 0;
}

static uint64_t vault_octets(struct world *world)
{
        octets_in_files = 0;
        assert(nftw(world->base.vault_path, add_octets, 8, FTW_PHYS) == 0);
        return octets_in_files;
}

/* Counters are kept by each change of state; here they are compared with what there is. */
static int count_again(struct db_tx *tx, void *context)
{
        static const char *const drifted[] = {
                "SELECT 1 FROM person p WHERE tenant_id = ?1 AND jobs_waiting <> (SELECT count(*) FROM job j"
                " WHERE j.tenant_id = ?1 AND j.owner_id = p.id AND j.state IN ('receiving', 'held'))",
                "SELECT 1 FROM queue q WHERE tenant_id = ?1 AND jobs_waiting <> (SELECT count(*) FROM job j"
                " WHERE j.tenant_id = ?1 AND j.queue_id = q.id AND j.state IN ('receiving', 'held', 'releasing'))",
                "SELECT 1 FROM tenant t WHERE id = ?1 AND (jobs_held <> (SELECT count(*) FROM job j"
                " WHERE j.tenant_id = ?1 AND j.state IN ('receiving', 'held')) OR octets_kept <> (SELECT"
                " coalesce(sum(d.sealed_octets), 0) FROM document d WHERE d.tenant_id = ?1))",
                "SELECT 1 FROM job j WHERE tenant_id = ?1 AND state = 'releasing' AND NOT EXISTS"
                " (SELECT 1 FROM delivery d WHERE d.tenant_id = ?1 AND d.id = j.delivery_id"
                " AND d.state IN ('requested', 'offered', 'armed', 'uncertain'))",
                "SELECT 1 FROM delivery d WHERE tenant_id = ?1 AND state IN ('requested', 'offered', 'armed')"
                " AND NOT EXISTS (SELECT 1 FROM job j WHERE j.tenant_id = ?1 AND j.delivery_id = d.id"
                " AND j.state = 'releasing')",
                "SELECT 1 FROM document d WHERE tenant_id = ?1 AND NOT EXISTS (SELECT 1 FROM job j"
                " WHERE j.tenant_id = ?1 AND j.id = d.job_id AND j.state IN ('held', 'releasing', 'done'))",
                "SELECT 1 FROM job j WHERE tenant_id = ?1 AND state = 'held' AND NOT EXISTS"
                " (SELECT 1 FROM document d WHERE d.tenant_id = ?1 AND d.job_id = j.id)",
        };
        struct world *world = context;

        for (size_t i = 0; i < ARRAY_LENGTH(drifted); i++) {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                assert(db_one(tx, world->base.tenant.id, drifted[i], DB_NONE, &rows) == DB_NO_ROW);
        }
        return 0;
}

static void one_turn(struct world *world, struct job *job, struct arena *arena, unsigned int *seed)
{
        static const enum delivery_state outcomes[] = { DELIVERY_PRINTED, DELIVERY_SENT, DELIVERY_NOT_PRINTED,
                                                        DELIVERY_UNCERTAIN, DELIVERY_CANCELLED };
        struct release_order again = { .printer = world->lobby.id,
                                       .selection = RELEASE_LISTED,
                                       .jobs = &job->id,
                                       .job_count = 1,
                                       .again = true };
        struct delivery_offer offers[8];
        struct release done;
        struct unwritten_secret password;
        struct secret key;
        size_t count;

        switch (rand_r(seed) % 9) {
        case 0: *job = submit_as(world, &world->ada, &world->pull, 10); break;
        case 1: *job = submit_as(world, &world->ada, &world->direct, 10); break;
        case 2: (void)release_all(world, &world->ada, world->lobby.id, arena, &done); break;
        case 3: (void)job_delete(world->base.core, &world->ada, job->id); break;
        case 4: (void)job_settle(world->base.core, &world->ada, job->id); break;
        case 5: (void)release(world->base.core, &world->ada, &again, arena, &done); break;
        case 6: sweep_aged(world, job); break;
        case 7:
                assert(set_incarnation(world, 2, NULL, 0) == 0);
                assert(set_incarnation(world, 1, NULL, 0) == 0);
                break;
        default:
                count = lease(world, arena, offers);
                for (size_t i = 0; i < count; i++) {
                        enum delivery_state outcome =
                                outcomes[(unsigned int)rand_r(seed) % ARRAY_LENGTH(outcomes)];

                        if (delivery_arm(world->base.core, &world->agent, offers[i].delivery, offers[i].epoch,
                                         1, &key, &password) == 0)
                                assert(report(world, &offers[i], outcome, rand_r(seed) % 2) == 0);
                }
        }
}

static void the_books_agree_whatever_happens(struct world *world)
{
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        unsigned int seed = 20261121;

        for (int i = 0; i < 300; i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);

                one_turn(world, &job, arena, &seed);
                assert(db_read(world->base.db, count_again, world) == 0);
        }
}

static void who_is_deleted_leaves_nothing(struct world *world)
{
        struct actor leaver = make_person(world, "leaver@demo.example", ROLE_PERSON, false);
        uint64_t before = vault_octets(world);

        for (int i = 0; i < 20; i++)
                submit_as(world, &leaver, &world->pull, 300000);
        assert(vault_octets(world) > before + 20 * 300000ULL);
        assert(person_delete(world->base.core, &leaver, leaver.id) == CORE_FORBIDDEN);
        assert(person_delete(world->base.core, &world->base.admin, leaver.id) == 0);
        assert(vault_octets(world) <= before);
        assert(db_read(world->base.db, count_again, world) == 0);
}

int main(void)
{
        static struct world world;

        log_init("test-books", LOG_ERROR);
        make_world(&world);
        who_is_deleted_leaves_nothing(&world);
        the_books_agree_whatever_happens(&world);
        core_world_close(&world.base);
        return 0;
}
