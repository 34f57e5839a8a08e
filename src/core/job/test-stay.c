// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/site/deposit-box.h"
#include "core/job/stay.h"
#include "core/test-printing.h"
#include "crypt/random.h"

static struct queue papers;
static struct actor elsewhere; /* another agent */
static struct secret key;

static void make_queue(struct world *world)
{
        uint8_t fingerprint[32] = { 8 };
        char code[OUTPOST_CODE];
        struct agent agent;

        papers = (struct queue){ .kind = QUEUE_PULL, .accepting = true, .documents = DOCUMENTS_SITE };
        strcpy(papers.name, "papers");
        assert(queue_make(world->base.core, &world->base.admin, world->base.tenant.id, &papers) == 0);
        assert(agent_make(world->base.core, &world->base.admin, world->base.tenant.id, TEXT_OF("site-b"),
                          (struct id){ 0 }, &agent, code) == 0);
        assert(agent_enrol(world->base.core, text_from(code), fingerprint, TEXT_OF("::1"), &elsewhere) == 0);
        assert(authenticate_outpost(world->base.core, ACTOR_AGENT, fingerprint, &elsewhere) == 0);
}

static struct stay_order tell(struct world *world, const char *format)
{
        struct stay_order stay = {
                .agent = world->agent.id, .deposit = id_new(), .size_octets = 4711, .sealed_octets = 4800
        };

        random_octets(stay.contents, sizeof(stay.contents));
        random_secret(&key);
        strcpy(stay.format, format);
        assert(deposit_box_key(world->base.core, world->base.tenant.id, stay.tenant_key) == 0);
        assert(box_put(stay.tenant_key, &key, stay.box) == 0);
        return stay;
}

static int submit_staying(struct world *world, const struct stay_order *stay, const struct queue *queue,
                          struct job *ret)
{
        struct intake_order order = order_of(world, &world->ada, queue);
        struct intake *intake;
        int r;

        order.stay = stay;
        order.key = text_from_octets(stay->deposit.octets, ID_OCTETS);
        r = intake_open(world->base.core, &order, &intake);
        return r ? r : intake_commit(intake, ret);
}

static struct job stay_one(struct world *world, struct stay_order *ret)
{
        struct job job;

        *ret = tell(world, "application/pdf");
        assert(submit_staying(world, ret, &papers, &job) == 0);
        assert(job.state == JOB_HELD && id_equal(job.stays_at, world->agent.id) && job.size_octets == 4711);
        return job;
}

/* What the agent is to have: 1 where it stays, 2 where it is over, 0 where it is not named. */
static int named(struct world *world, struct id deposit)
{
        struct stay_item items[STAYS_ONCE];
        size_t count;

        assert(stay_list(world->base.core, &world->agent, (struct id){ 0 }, items, STAYS_ONCE, &count) == 0);
        for (size_t i = 0; i < count; i++)
                if (id_equal(items[i].deposit, deposit))
                        return items[i].is_over ? 2 : 1;
        return 0;
}

static void its_queue_takes_nothing_else(struct world *world)
{
        struct intake_order order = order_of(world, &world->ada, &papers);
        struct stay_order stay = tell(world, "image/jpeg");
        struct job job;

        assert(submit(world, &order, 100, &job) == CORE_SITE_ONLY);
        assert(job_create(world->base.core, &order, &job) == CORE_SITE_ONLY);
        order.is_at_site = true;
        assert(submit(world, &order, 100, &job) == CORE_SITE_ONLY);
        assert(job_create(world->base.core, &order, &job) == 0);
        assert(job_delete(world->base.core, &world->ada, job.id) == 0);
        assert(submit_staying(world, &stay, &papers, &job) == CORE_AS_IT_IS);
        stay = tell(world, "application/pdf");
        stay.agent = elsewhere.id;
        assert(submit_staying(world, &stay, &papers, &job) == CORE_AT_SITE);
        stay.size_octets = 0;
        assert(submit_staying(world, &stay, &papers, &job) == CORE_EMPTY);
}

static void it_is_carried_by_its_agent_alone_and_removed_when_it_is_over(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        SCOPED(secret_done) struct secret got;
        struct unwritten_secret password;
        struct delivery_offer offer;
        struct vault_reader *reader;
        struct release done;
        struct stay_order stay;
        struct job job = stay_one(world, &stay), again;
        uint64_t size;

        /* Told once more it is the same job. */
        assert(submit_staying(world, &stay, &papers, &again) == 0 && id_equal(again.id, job.id));
        assert(named(world, stay.deposit) == 1);
        assert(stay_removed(world->base.core, &world->agent, stay.deposit) == CORE_NOT_HELD);
        assert(stay_removed(world->base.core, &elsewhere, stay.deposit) == CORE_NOT_FOUND);
        assert(stay_lost(world->base.core, &elsewhere, stay.deposit) == CORE_NOT_FOUND);
        assert(release_all(world, &world->ada, world->lab.id, arena, &done) == CORE_AS_IT_IS);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1);
        assert(id_equal(offer.stay, stay.deposit) && offer.sealed_octets == 4800);
        assert(delivery_open_document(world->base.core, &world->agent, offer.delivery, offer.epoch, &reader,
                                      &size) == CORE_NOT_FOUND);
        assert(delivery_arm(world->base.core, &world->agent, offer.delivery, offer.epoch, 1, &got,
                            &password) == 0);
        assert(memcmp(got.octets, key.octets, SECRET_OCTETS) == 0);
        /* What is armed is told of first. */
        assert(stay_lost(world->base.core, &world->agent, stay.deposit) == CORE_NOT_HELD);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DONE);
        assert(named(world, stay.deposit) == 2);
        assert(id_is_zero(look(world, &world->ada, job.id).stays_at));
        assert(stay_removed(world->base.core, &world->agent, stay.deposit) == 0);
        assert(stay_removed(world->base.core, &world->agent, stay.deposit) == CORE_NOT_FOUND);
        assert(named(world, stay.deposit) == 0);
}

/* At a printer that both of them serve. */
static void another_agent_is_not_offered_it(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct printer shared = { .accepting = true, .badges = true, .address_count = 1, .format_count = 1 };
        struct delivery_offer offer, *offers;
        struct release done;
        struct stay_order stay;
        struct agent agent;
        struct job job;
        size_t count;

        strcpy(shared.name, "shared");
        strcpy(shared.addresses[0], "ipps://localhost:1/shared");
        strcpy(shared.formats[0], "application/pdf");
        assert(printer_make(world->base.core, &world->base.admin, &shared) == 0);
        assert(agent_find(world->base.core, &elsewhere, elsewhere.id, &agent) == 0);
        assert(agent_set_incarnation(world->base.core, &elsewhere, 5, agent.starts, NULL, 0) == 0);
        job = stay_one(world, &stay);
        assert(release_all(world, &world->ada, shared.id, arena, &done) == 0);
        assert(delivery_lease(world->base.core, &elsewhere, 5, 8, arena, &offers, &count) == 0 && count == 0);
        assert(lease(world, arena, &offer) == 1 && id_equal(offer.stay, stay.deposit));
        assert(job_delete(world->base.core, &world->ada, job.id) == 0);
}

static void what_is_lost_ends_its_job_wherever_it_is(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct delivery_offer offer;
        struct release done;
        struct stay_order stay;
        struct job job = stay_one(world, &stay);

        assert(stay_lost(world->base.core, &world->agent, stay.deposit) == 0);
        assert(stay_lost(world->base.core, &world->agent, stay.deposit) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DELETED);
        assert(strcmp(look(world, &world->ada, job.id).reason, "document-lost") == 0);
        assert(stay_removed(world->base.core, &world->agent, stay.deposit) == 0);

        job = stay_one(world, &stay);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1);
        assert(stay_lost(world->base.core, &world->agent, stay.deposit) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DELETED);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_CANCELLED);

        /* An uncertain one is its owner's to answer, and is not printed again. */
        job = stay_one(world, &stay);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1);
        assert(delivery_arm(world->base.core, &world->agent, offer.delivery, offer.epoch, 1,
                            &(struct secret){ 0 }, &(struct unwritten_secret){ .length = 0 }) == 0);
        assert(report(world, &offer, DELIVERY_UNCERTAIN, false) == 0);
        assert(stay_lost(world->base.core, &world->agent, stay.deposit) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_RELEASING);
        assert(job_settle(world->base.core, &world->ada, job.id) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DONE);
}

static void what_expires_or_is_deleted_is_over(struct world *world)
{
        struct stay_order expired, deleted;
        struct job job = stay_one(world, &expired), other = stay_one(world, &deleted);
        int before;

        sweep_aged(world, &job);
        assert(look(world, &world->ada, job.id).state == JOB_EXPIRED && named(world, expired.deposit) == 2);
        before = world->wakes;
        assert(job_delete(world->base.core, &world->ada, other.id) == 0);
        assert(named(world, deleted.deposit) == 2 && world->wakes > before);
}

static void an_agent_that_is_no_more_has_lost_what_it_had(struct world *world)
{
        struct stay_order stay;
        struct job job = stay_one(world, &stay);

        assert(agent_delete(world->base.core, &world->base.admin, world->agent.id) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DELETED);
}

int main(void)
{
        static struct world world;

        log_init("test-stay", LOG_ERROR);
        make_world(&world);
        make_queue(&world);
        its_queue_takes_nothing_else(&world);
        it_is_carried_by_its_agent_alone_and_removed_when_it_is_over(&world);
        another_agent_is_not_offered_it(&world);
        what_is_lost_ends_its_job_wherever_it_is(&world);
        what_expires_or_is_deleted_is_over(&world);
        an_agent_that_is_no_more_has_lost_what_it_had(&world);
        core_world_close(&world.base);
        return 0;
}
