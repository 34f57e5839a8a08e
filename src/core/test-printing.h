// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* For tests of core that print: people, printers, queues and an agent of the tenant "demo", and what an agent
 * does from the lease to its report. */

#include "base/clock.h"
#include "base/log.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/printer/reader.h"
#include "core/sign-in/authenticate.h"
#include "core/person/badge.h"
#include "core/job/intake.h"
#include "core/release/release.h"
#include "core/test-world.h"
#include "crypt/seal.h"

struct world {
        struct core_world base;
        struct actor ada, grace, agent;
        struct queue pull, direct;
        struct printer lobby, lab;
        struct reader reader;
        int wakes;
};

static inline void on_wake(void *context, struct id tenant, struct id agent, const char *event)
{
        struct world *world = context;

        (void)tenant, (void)agent, (void)event;
        __atomic_add_fetch(&world->wakes, 1, __ATOMIC_SEQ_CST);
}

static inline struct actor make_person(struct world *world, const char *email, enum role role,
                                       bool with_password)
{
        struct actor actor = core_world_make_actor(&world->base, email, role);

        if (with_password)
                assert(person_set_password(world->base.core, &world->base.admin, world->base.tenant.id,
                                           actor.id, TEXT_OF("let-it-be-printed")) == 0);
        return actor;
}

static inline void make_printer(struct world *world, struct printer *printer, const char *name,
                                const char *format)
{
        *printer = (struct printer){ .badges = true,
                                     .accepting = true,
                                     .address_count = 1,
                                     .format_count = 1,
                                     .agent = world->agent.id };
        strcpy(printer->name, name);
        snprintf(printer->addresses[0], PRINTER_ADDRESS, "ipps://localhost:1/%s", name);
        strcpy(printer->formats[0], format);
        assert(printer_make(world->base.core, &world->base.admin, printer) == 0);
}

/* As an agent does it: read how often it told, then tell. */
static inline int set_incarnation(struct world *world, uint64_t incarnation, const struct id *journal,
                                  size_t count)
{
        struct agent agent;

        assert(agent_find(world->base.core, &world->agent, world->agent.id, &agent) == 0);
        return agent_set_incarnation(world->base.core, &world->agent, incarnation, agent.starts, journal,
                                     count);
}

static inline void make_agent(struct world *world)
{
        uint8_t fingerprint[32] = { 7 };
        char code[OUTPOST_CODE];
        struct agent agent;

        assert(agent_make(world->base.core, &world->base.admin, world->base.tenant.id, TEXT_OF("site-a"),
                          (struct id){ 0 }, &agent, code) == 0);
        assert(agent_enrol(world->base.core, TEXT_OF("WRONG"), fingerprint, TEXT_OF("::1"), &world->agent) ==
               CORE_WRONG_CREDENTIALS);
        assert(agent_enrol(world->base.core, text_from(code), fingerprint, TEXT_OF("::1"), &world->agent) ==
               0);
        assert(agent_enrol(world->base.core, text_from(code), fingerprint, TEXT_OF("::1"), &world->agent) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_outpost(world->base.core, ACTOR_AGENT, fingerprint, &world->agent) == 0 &&
               world->agent.kind == ACTOR_AGENT);
        assert(set_incarnation(world, 1, NULL, 0) == 0);
}

static inline void make_world(struct world *world)
{
        struct badge badge;

        world->base.settings = core_world_settings();
        world->base.settings.retry_ms = 0;
        world->base.wake_agent = on_wake;
        world->base.wake_context = world;
        core_world_open(&world->base);
        world->ada = make_person(world, "ada@demo.example", ROLE_PERSON, true);
        world->grace = make_person(world, "grace@demo.example", ROLE_PERSON, false);
        assert(person_set_pin(world->base.core, &world->ada, world->ada.id, TEXT_OF("314159")) == 0);
        assert(badge_add(world->base.core, &world->base.admin, world->ada.id,
                         &(struct badge_order){ TEXT_OF("04A1B2C3D4"), TEXT_OF("card"), BADGE_CARD },
                         &badge) == 0);
        assert(badge_add(world->base.core, &world->base.admin, world->grace.id,
                         &(struct badge_order){ TEXT_OF("04a1b2c3d4"), TEXT_OF(""), BADGE_CARD },
                         &badge) == CORE_TAKEN);
        make_agent(world);
        make_printer(world, &world->lobby, "lobby", "application/pdf");
        make_printer(world, &world->lab, "lab", "application/vnd.hp-PCLXL");

        world->pull = (struct queue){ .kind = QUEUE_PULL, .accepting = true };
        strcpy(world->pull.name, "pull");
        assert(queue_make(world->base.core, &world->base.admin, world->base.tenant.id, &world->pull) == 0);
        world->direct = (struct queue){ .kind = QUEUE_DIRECT, .accepting = true, .printer = world->lobby.id };
        strcpy(world->direct.name, "lobby");
        assert(queue_make(world->base.core, &world->base.admin, world->base.tenant.id, &world->direct) == 0);

        world->reader = (struct reader){ .agent = world->agent.id, .printer = world->lobby.id };
        strcpy(world->reader.name, "lobby");
        assert(reader_make(world->base.core, &world->base.admin, &world->reader) == 0);
}

static inline struct intake_order order_of(struct world *world, const struct actor *actor,
                                           const struct queue *queue)
{
        return (struct intake_order){ .queue = queue,
                                      .actor = actor,
                                      .title = TEXT_OF("A title"),
                                      .format = TEXT_OF("application/pdf") };
        (void)world;
}

static inline int submit(struct world *world, const struct intake_order *order, size_t size, struct job *ret)
{
        char piece[1000];
        struct intake *intake;
        int r;

        memset(piece, 'x', sizeof(piece));
        r = intake_open(world->base.core, order, &intake);
        if (r)
                return r;
        for (size_t at = 0; at < size; at += sizeof(piece)) {
                size_t len = size - at < sizeof(piece) ? size - at : sizeof(piece);

                r = intake_write(intake, (struct text){ piece, len });
                if (r) {
                        intake_abort(intake);
                        return r;
                }
        }
        return intake_commit(intake, ret);
}

static inline struct job submit_as(struct world *world, const struct actor *actor, const struct queue *queue,
                                   size_t size)
{
        struct intake_order order = order_of(world, actor, queue);
        struct job job;

        assert(submit(world, &order, size, &job) == 0);
        return job;
}

static inline struct job look(struct world *world, const struct actor *actor, struct id id)
{
        struct job job;

        assert(job_find(world->base.core, actor, id, &job) == 0);
        return job;
}

/* What an agent does up to the key, and that the key opens the octets. */
static inline void print(struct world *world, const struct delivery_offer *offer)
{
        SCOPED(secret_done) struct secret key;
        struct unwritten_secret password;
        struct vault_reader *reader;
        struct unseal unseal;
        uint8_t sealed[5000];
        uint64_t size, at = 0, plain_octets = 0;
        size_t length, taken;
        struct text plain;

        assert(delivery_open_document(world->base.core, &world->agent, offer->delivery, offer->epoch, &reader,
                                      &size) == 0);
        assert(size == offer->sealed_octets);
        assert(delivery_arm(world->base.core, &world->agent, offer->delivery, offer->epoch, 2, &key,
                            &password) == CORE_STALE);
        assert(delivery_arm(world->base.core, &world->agent, offer->delivery, offer->epoch + 1, 1, &key,
                            &password) == CORE_STALE);
        assert(delivery_arm(world->base.core, &world->agent, offer->delivery, offer->epoch, 1, &key,
                            &password) == 0);
        assert(unseal_init(&unseal, &key, text_from_octets(offer->seal_id, offer->seal_id_length)) == 0);
        for (;;) {
                assert(vault_read(reader, at, sealed, sizeof(sealed), &length) == 0);
                if (!length)
                        break;
                at += length;
                for (size_t done = 0; done < length; done += taken) {
                        assert(unseal_add(&unseal, sealed + done, length - done, &taken, &plain) == 0);
                        plain_octets += plain.len;
                }
        }
        assert(unseal_finish(&unseal, &plain) == 0);
        assert(plain_octets + plain.len == offer->size_octets);
        unseal_done(&unseal);
        vault_close_reader(reader);
}

static inline int report(struct world *world, const struct delivery_offer *offer, enum delivery_state outcome,
                         bool may_retry)
{
        struct delivery_report told = { .delivery = offer->delivery,
                                        .epoch = offer->epoch,
                                        .incarnation = 1,
                                        .outcome = outcome,
                                        .may_retry = may_retry,
                                        .pages = 1,
                                        .reason = TEXT_OF("tested") };

        return delivery_report(world->base.core, &world->agent, &told);
}

static inline size_t lease(struct world *world, struct arena *arena, struct delivery_offer *ret)
{
        struct delivery_offer *offers;
        size_t count;

        assert(delivery_lease(world->base.core, &world->agent, 1, 8, arena, &offers, &count) == 0);
        if (count)
                *ret = offers[0];
        return count;
}

static inline int release_all(struct world *world, const struct actor *actor, struct id printer,
                              struct arena *arena, struct release *ret)
{
        struct release_order order = { .printer = printer, .method = RELEASE_API, .selection = RELEASE_ALL };

        return release(world->base.core, actor, &order, arena, ret);
}

static inline int age(struct db_tx *tx, void *context)
{
        const struct job *job = context;
        const struct id tenant = job->queue;
        int r;

        r = db_run(tx, tenant, "UPDATE job SET expires_ms = 1 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&job->id)), NULL);
        if (r)
                return r;
        return db_run(tx, tenant, "UPDATE delivery SET due_ms = 1 WHERE tenant_id = ?1 AND job_id = ?2",
                      DB_VALUES(db_id(&job->id)), NULL);
}

/* Lets a job's time be over, instead of waiting for it. */
static inline void sweep_aged(struct world *world, const struct job *job)
{
        struct job aged = { .id = job->id, .queue = world->base.tenant.id };

        assert(db_write(world->base.db, age, &aged) == 0);
        assert(core_sweep(world->base.core) == 0);
}
