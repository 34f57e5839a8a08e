// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/job/home.h"
#include "core/site/site-offline.h"
#include "core/test-printing.h"

static struct site site;

/* The agent and the lobby's printer stand at a site whose home the queue's jobs have. */
static void make_site(struct world *world)
{
        struct site_offline offline = site_offline_default();
        struct badge badge;
        struct agent agent;

        assert(badge_add(world->base.core, &world->base.admin, world->grace.id,
                         &(struct badge_order){ TEXT_OF("04B1B2C3D4"), TEXT_OF(""), BADGE_CARD },
                         &badge) == 0);
        strcpy(site.name, "berlin");
        assert(site_make(world->base.core, &world->base.admin, &site) == 0);
        assert(agent_find(world->base.core, &world->base.admin, world->agent.id, &agent) == 0);
        agent.site = site.id;
        assert(agent_change(world->base.core, &world->base.admin, &agent) == 0);
        offline.hours = 721;
        assert(site_offline_set(world->base.core, &world->base.admin, site.id, &offline) == CORE_BAD_VALUE);
        offline.hours = 2;
        offline.enabled = true;
        offline.queues[offline.queue_count++] = world->pull.id;
        assert(site_offline_set(world->base.core, &world->ada, site.id, &offline) == CORE_FORBIDDEN);
        assert(site_offline_set(world->base.core, &world->base.admin, site.id, &offline) == 0);
        offline = (struct site_offline){ 0 };
        assert(site_offline_find(world->base.core, &world->base.admin, site.id, &offline) == 0);
        assert(offline.enabled && offline.hours == 2 && offline.queue_count == 1);
}

static struct home_list list(struct world *world)
{
        struct home_list ret;

        assert(home_list(world->base.core, &world->agent, 2, &ret) == CORE_STALE);
        assert(home_list(world->base.core, &world->agent, 1, &ret) == 0);
        return ret;
}

static uint64_t take_home(struct world *world, struct arena *arena, const struct job *job, uint64_t nonce)
{
        struct home_list home = list(world);
        struct home_taking taking = { job->id, 0, 1, nonce };
        struct home_taken taken, again;

        for (size_t i = 0; i < home.give_count; i++)
                if (id_equal(home.give[i].job, job->id))
                        taking.giving = home.give[i].giving;
        assert(taking.giving > 0);
        assert(home_take(world->base.core, &world->agent, &taking, arena, &taken) == 0);
        assert(taken.giving == taking.giving + 1 && taken.offer_count == 1);
        assert(id_equal(taken.offers[0].printer.id, world->lobby.id));
        /* Its answer got lost: it is the same. */
        assert(home_take(world->base.core, &world->agent, &taking, arena, &again) == 0);
        assert(again.giving == taken.giving);
        /* Somebody else's is not to be had. */
        taking.nonce++;
        assert(home_take(world->base.core, &world->agent, &taking, arena, &again) == CORE_STALE);
        return taken.giving;
}

static int give_back(struct world *world, const struct job *job, uint64_t giving, uint64_t incarnation)
{
        struct home_back back = { job->id, giving, incarnation, false };

        return home_give_back(world->base.core, &world->agent, &back);
}

static void a_job_at_home_elsewhere_waits_until_it_is_back(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 3000);
        uint64_t giving = take_home(world, arena, &job, 11);
        struct delivery_offer offer;
        struct vault_reader *reader;
        struct release done;
        uint64_t size;

        assert(home_open_document(world->base.core, &world->agent, job.id, giving - 1, &reader, &size) ==
               CORE_STALE);
        assert(home_open_document(world->base.core, &world->agent, job.id, giving, &reader, &size) == 0);
        vault_close_reader(reader);
        assert(list(world).asked_count == 0);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(strcmp(look(world, &world->ada, job.id).reason, HOME_REASON) == 0);
        assert(lease(world, arena, &offer) == 0);
        assert(list(world).asked_count == 1);
        /* What is said of another giving, or by another journal, is about nothing. */
        assert(give_back(world, &job, giving - 1, 1) == 0);
        assert(give_back(world, &job, giving, 2) == CORE_STALE);
        assert(lease(world, arena, &offer) == 0);
        assert(give_back(world, &job, giving, 1) == 0);
        assert(give_back(world, &job, giving, 1) == 0);
        assert(look(world, &world->ada, job.id).reason[0] == 0);
        assert(list(world).asked_count == 0);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DONE);
}

static struct home_release released_of(struct world *world, const struct job *job, uint64_t giving)
{
        return (struct home_release){ .job = job->id,
                                      .giving = giving,
                                      .incarnation = 1,
                                      .delivery = id_new(),
                                      .release = id_new(),
                                      .printer = world->lobby.id,
                                      .at_ms = 1000 };
}

static int tell_outcome(struct world *world, struct id delivery, enum delivery_state outcome)
{
        struct delivery_offer offer = { .delivery = delivery, .epoch = 1 };

        return report(world, &offer, outcome, false);
}

static void what_was_released_at_home_is_never_released_again(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        uint64_t giving = take_home(world, arena, &job, 12);
        struct home_release told = released_of(world, &job, giving);
        struct delivery_offer offer;
        struct release done;

        /* Meanwhile he stood somewhere else, too, and was told to wait. */
        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(home_released(world->base.core, &world->agent, &told) == 0);
        assert(home_released(world->base.core, &world->agent, &told) == 0);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_ARMED);
        assert(lease(world, arena, &offer) == 0);
        assert(give_back(world, &job, giving, 1) == 0);
        assert(lease(world, arena, &offer) == 0);
        assert(tell_outcome(world, told.delivery, DELIVERY_PRINTED) == 0);
        assert(tell_outcome(world, told.delivery, DELIVERY_PRINTED) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DONE);
        /* Another release of the same giving is about nothing. */
        told.delivery = id_new();
        assert(home_released(world->base.core, &world->agent, &told) == CORE_STALE);
}

static void nothing_printed_at_home_is_held_again(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct home_release told = released_of(world, &job, take_home(world, arena, &job, 13));

        assert(home_released(world->base.core, &world->agent, &told) == 0);
        assert(tell_outcome(world, told.delivery, DELIVERY_NOT_PRINTED) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_HELD);
        /* And may be taken again, as another giving. */
        assert(take_home(world, arena, &job, 14) > told.giving);
        assert(job_delete(world->base.core, &world->ada, job.id) == 0);
        assert(list(world).asked_count == 1);
        assert(give_back(world, &job, list(world).asked[0].giving, 1) == 0);
}

static void what_a_lost_journal_had_is_uncertain(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job held = submit_as(world, &world->ada, &world->pull, 10);
        struct job wanted = submit_as(world, &world->grace, &world->pull, 10);
        struct home_release told = released_of(world, &held, take_home(world, arena, &held, 15));
        struct delivery_offer offer;
        struct release done;

        take_home(world, arena, &wanted, 16);
        assert(release_all(world, &world->grace, world->lobby.id, arena, &done) == 0);
        assert(set_incarnation(world, 5, NULL, 0) == 0);
        assert(look(world, &world->ada, held.id).delivery_state == DELIVERY_UNCERTAIN);
        assert(look(world, &world->grace, wanted.id).delivery_state == DELIVERY_UNCERTAIN);
        assert(set_incarnation(world, 1, NULL, 0) == 0);
        assert(lease(world, arena, &offer) == 0);
        assert(home_released(world->base.core, &world->agent, &told) == CORE_STALE);
        assert(job_settle(world->base.core, &world->ada, held.id) == 0);
        assert(job_settle(world->base.core, &world->grace, wanted.id) == 0);
}

/* What no printer there takes as it is stays where it was, and is not offered again. */
static void what_no_printer_there_takes_stays(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct intake_order order = order_of(world, &world->ada, &world->pull);
        struct home_taking taking = { .incarnation = 1, .nonce = 17 };
        struct home_taken taken;
        struct home_list home;
        struct job job;

        order.format = TEXT_OF("image/jpeg");
        assert(submit(world, &order, 10, &job) == 0);
        home = list(world);
        assert(home.give_count == 1 && id_equal(home.give[0].job, job.id));
        taking.job = job.id;
        taking.giving = home.give[0].giving;
        assert(home_take(world->base.core, &world->agent, &taking, arena, &taken) == CORE_BAD_FORMAT);
        assert(list(world).give_count == 0);
        assert(job_delete(world->base.core, &world->ada, job.id) == 0);
}

static void what_is_at_home_elsewhere_when_a_backup_is_restored_is_uncertain(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        uint64_t uncertain;

        take_home(world, arena, &job, 18);
        assert(core_recover(world->base.core, &uncertain) == 0);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_UNCERTAIN);
        assert(job_settle(world->base.core, &world->ada, job.id) == 0);
}

static void a_site_that_is_switched_off_has_everything_asked_back(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct site_offline offline;

        assert(set_incarnation(world, 1, NULL, 0) == 0);
        take_home(world, arena, &job, 19);
        assert(site_offline_find(world->base.core, &world->base.admin, site.id, &offline) == 0);
        offline.enabled = false;
        assert(site_offline_set(world->base.core, &world->base.admin, site.id, &offline) == 0);
        assert(list(world).asked_count == 1 && list(world).give_count == 0);
}

int main(void)
{
        static struct world world;

        log_init("test-home", LOG_ERROR);
        make_world(&world);
        make_site(&world);
        a_job_at_home_elsewhere_waits_until_it_is_back(&world);
        what_was_released_at_home_is_never_released_again(&world);
        nothing_printed_at_home_is_held_again(&world);
        what_a_lost_journal_had_is_uncertain(&world);
        what_no_printer_there_takes_stays(&world);
        what_is_at_home_elsewhere_when_a_backup_is_restored_is_uncertain(&world);
        a_site_that_is_switched_off_has_everything_asked_back(&world);
        core_world_close(&world.base);
        return 0;
}
