// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What time does to jobs, and how long a document stays; with a real keeper, database and vault. */
#include "core/test-printing.h"

static void time_does_its_work(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct intake_order order = order_of(world, &world->ada, &world->pull);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct delivery_offer offer, again;
        struct release done;

        sweep_aged(world, &job);
        assert(look(world, &world->ada, job.id).state == JOB_EXPIRED);

        assert(job_create(world->base.core, &order, &job) == 0);
        sweep_aged(world, &job);
        assert(look(world, &world->ada, job.id).state == JOB_REJECTED);
        /* Long after, its row goes too. */
        sweep_aged(world, &job);
        assert(job_find(world->base.core, &world->ada, job.id, &job) == CORE_NOT_FOUND);

        job = submit_as(world, &world->ada, &world->pull, 10);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1 && lease(world, arena, &again) == 0);
        sweep_aged(world, &job);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_REQUESTED);
        assert(lease(world, arena, &again) == 1 && again.epoch > offer.epoch);
        print(world, &again);
        sweep_aged(world, &job);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_UNCERTAIN);
        /* Late proof settles it. */
        assert(report(world, &offer, DELIVERY_PRINTED, false) == CORE_STALE);
        assert(report(world, &again, DELIVERY_PRINTED, false) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DONE);
}

/* Released on its last day and still not printed when the day's key goes: it moves on to the next. */
static void what_outlives_its_day_keeps_its_key(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        int64_t now = clock_unix_ms(), day = clock_day(now + 86400000);
        struct delivery_offer offer;
        struct release done;

        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(documents_move_on(world->base.core, now + 2 * 86400000LL) == 0);
        assert(keys_day_destroy(world->base.keys, world->base.tenant.id, day) == 0);
        assert(lease(world, arena, &offer) == 1 && id_equal(offer.job, job.id));
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
}

/* A backup is restored: in the time that is forgotten, all of it may have been printed. */
static void what_a_backup_forgot_is_not_printed_again(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job armed = submit_as(world, &world->ada, &world->pull, 10), waiting, held;
        struct delivery_offer offer, other;
        struct release done;
        uint64_t count;

        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        waiting = submit_as(world, &world->ada, &world->pull, 10);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        held = submit_as(world, &world->ada, &world->pull, 10);

        assert(core_recover(world->base.core, &count) == 0 && count == 2);
        core_world_restart(&world->base);
        assert(look(world, &world->ada, armed.id).delivery_state == DELIVERY_UNCERTAIN);
        assert(look(world, &world->ada, waiting.id).delivery_state == DELIVERY_UNCERTAIN);
        assert(look(world, &world->ada, held.id).state == JOB_HELD);
        /* Whatever comes from before is of no use: neither an old grant nor an old report. */
        assert(report(world, &offer, DELIVERY_NOT_PRINTED, true) == CORE_STALE);
        assert(delivery_lease(world->base.core, &world->agent, 1, 64, arena,
                              &(struct delivery_offer *){ NULL }, &(size_t){ 0 }) == CORE_STALE);
        assert(set_incarnation(world, 1, NULL, 0) == 0);
        assert(lease(world, arena, &other) == 0);
        assert(job_settle(world->base.core, &world->ada, armed.id) == 0);
        assert(job_settle(world->base.core, &world->ada, waiting.id) == 0);
        assert(job_delete(world->base.core, &world->ada, held.id) == 0);
}

/* Its agent was away for hours: it does not come out when nobody is there any more. */
static void what_waits_too_long_is_held_again(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct job direct = submit_as(world, &world->ada, &world->direct, 10);
        struct delivery_offer offers[8];
        struct release done;

        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        world->base.settings.waiting_ms = -1000;
        core_world_restart(&world->base);
        assert(core_sweep(world->base.core) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_HELD);
        assert(look(world, &world->ada, direct.id).state == JOB_RELEASING);
        world->base.settings.waiting_ms = core_settings_default().waiting_ms;
        core_world_restart(&world->base);
        assert(job_delete(world->base.core, &world->ada, job.id) == 0);
        assert(lease(world, arena, offers) == 1 && id_equal(offers[0].job, direct.id));
        print(world, &offers[0]);
        assert(report(world, &offers[0], DELIVERY_PRINTED, false) == 0);
}

static void a_printed_document_is_kept_for_the_policy(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct release_order order = { .printer = world->lobby.id,
                                       .selection = RELEASE_LISTED,
                                       .jobs = &job.id,
                                       .job_count = 1,
                                       .again = true };
        struct delivery_offer offer;
        const int64_t week_ms = 7 * 86400000LL, nothing_ms = 0;
        struct release done;

        assert(tenant_change(world->base.core, &world->base.admin, world->base.tenant.id,
                             &(struct tenant_change){ .printed_ms = &week_ms }) == 0);
        for (int i = 0; i < 2; i++) {
                assert(release(world->base.core, &world->ada, &order, arena, &done) == 0);
                assert(lease(world, arena, &offer) == 1);
                print(world, &offer);
                assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
                assert(look(world, &world->ada, job.id).state == JOB_DONE);
        }
        sweep_aged(world, &job);
        assert(release(world->base.core, &world->ada, &order, arena, &done) == CORE_NOT_HELD);
        assert(tenant_change(world->base.core, &world->base.admin, world->base.tenant.id,
                             &(struct tenant_change){ .printed_ms = &nothing_ms }) == 0);
}

static void a_held_job_waits_longer_at_its_owners_word(struct world *world)
{
        struct job job = submit_as(world, &world->ada, &world->pull, 10), later;
        const int64_t hour_ms = 3600000, day_ms = 24 * hour_ms, two_days_ms = 2 * day_ms;

        assert(tenant_change(world->base.core, &world->base.admin, world->base.tenant.id,
                             &(struct tenant_change){ .held_ms = &two_days_ms }) == 0);
        assert(job_keep(world->base.core, &world->grace, job.id) == CORE_NOT_FOUND);
        assert(job_keep(world->base.core, &world->ada, job.id) == 0);
        later = look(world, &world->ada, job.id);
        assert(later.expires_ms >= job.created_ms + two_days_ms &&
               later.expires_ms < job.created_ms + 3 * day_ms);
        /* A shorter time than it has takes nothing away. */
        assert(tenant_change(world->base.core, &world->base.admin, world->base.tenant.id,
                             &(struct tenant_change){ .held_ms = &hour_ms }) == 0);
        assert(job_keep(world->base.core, &world->ada, job.id) == 0);
        assert(look(world, &world->ada, job.id).expires_ms == later.expires_ms);
        assert(job_delete(world->base.core, &world->ada, job.id) == 0);
        assert(job_keep(world->base.core, &world->ada, job.id) == CORE_NOT_HELD);
        assert(tenant_change(world->base.core, &world->base.admin, world->base.tenant.id,
                             &(struct tenant_change){ .held_ms = &day_ms }) == 0);
}

int main(void)
{
        static struct world world;

        log_init("test-retention", LOG_ERROR);
        make_world(&world);
        time_does_its_work(&world);
        a_printed_document_is_kept_for_the_policy(&world);
        what_waits_too_long_is_held_again(&world);
        what_a_backup_forgot_is_not_printed_again(&world);
        what_outlives_its_day_keeps_its_key(&world);
        a_held_job_waits_longer_at_its_owners_word(&world);
        core_world_close(&world.base);
        return 0;
}
