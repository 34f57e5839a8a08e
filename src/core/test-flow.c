// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The whole product without its doors: a real keeper, database and vault in a temporary folder, and every
 * turn a job can take from intake to paper.
 */
#include <ftw.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/scope.h"
#include "core/agent.h"
#include "core/authenticate.h"
#include "core/badge.h"
#include "core/event.h"
#include "core/idempotency.h"
#include "core/intake.h"
#include "core/release.h"
#include "core/test-world.h"
#include "core/work.h"
#include "core/token.h"
#include "crypt/hash.h"
#include "crypt/seal.h"

struct world {
        struct core_world base;
        struct actor ada, grace, agent;
        struct queue pull, direct;
        struct printer lobby, lab;
        struct reader reader;
        int wakes;
};

static void on_wake(void *context, struct id tenant, struct id agent, const char *event)
{
        struct world *world = context;

        (void)tenant, (void)agent, (void)event;
        __atomic_add_fetch(&world->wakes, 1, __ATOMIC_SEQ_CST);
}

static struct actor make_person(struct world *world, const char *email, enum role role, bool with_password)
{
        struct actor actor = core_world_make_actor(&world->base, email, role);

        if (with_password)
                assert(person_set_password(world->base.core, &world->base.admin, world->base.tenant.id,
                                           actor.id, TEXT_OF("let-it-be-printed")) == 0);
        return actor;
}

static void make_printer(struct world *world, struct printer *printer, const char *name, const char *format)
{
        *printer = (struct printer){
                .accepting = true, .address_count = 1, .format_count = 1, .agent = world->agent.id
        };
        strcpy(printer->name, name);
        snprintf(printer->addresses[0], PRINTER_ADDRESS, "ipps://localhost:1/%s", name);
        strcpy(printer->formats[0], format);
        assert(printer_make(world->base.core, &world->base.admin, printer) == 0);
}

/* As an agent does it: read how often it told, then tell. */
static int set_incarnation(struct world *world, uint64_t incarnation, const struct id *journal, size_t count)
{
        struct agent agent;

        assert(agent_find(world->base.core, &world->agent, world->agent.id, &agent) == 0);
        return agent_set_incarnation(world->base.core, &world->agent, incarnation, agent.starts, journal,
                                     count);
}

static void make_agent(struct world *world)
{
        uint8_t fingerprint[32] = { 7 };
        char code[AGENT_CODE];
        struct agent agent;

        assert(agent_make(world->base.core, &world->base.admin, world->base.tenant.id, TEXT_OF("site-a"),
                          (struct id){ 0 }, &agent, code) == 0);
        assert(agent_enrol(world->base.core, TEXT_OF("WRONG"), fingerprint, TEXT_OF("::1"), &world->agent) ==
               CORE_WRONG_CREDENTIALS);
        assert(agent_enrol(world->base.core, text_from(code), fingerprint, TEXT_OF("::1"), &world->agent) ==
               0);
        assert(agent_enrol(world->base.core, text_from(code), fingerprint, TEXT_OF("::1"), &world->agent) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_agent(world->base.core, fingerprint, &world->agent) == 0 &&
               world->agent.kind == ACTOR_AGENT);
        assert(set_incarnation(world, 1, NULL, 0) == 0);
}

static void make_world(struct world *world)
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

static struct intake_order order_of(struct world *world, const struct actor *actor, const struct queue *queue)
{
        return (struct intake_order){ .queue = queue,
                                      .actor = actor,
                                      .title = TEXT_OF("A title"),
                                      .format = TEXT_OF("application/pdf") };
        (void)world;
}

static int submit(struct world *world, const struct intake_order *order, size_t size, struct job *ret)
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

static struct job submit_as(struct world *world, const struct actor *actor, const struct queue *queue,
                            size_t size)
{
        struct intake_order order = order_of(world, actor, queue);
        struct job job;

        assert(submit(world, &order, size, &job) == 0);
        return job;
}

static struct job look(struct world *world, const struct actor *actor, struct id id)
{
        struct job job;

        assert(job_find(world->base.core, actor, id, &job) == 0);
        return job;
}

/* What an agent does up to the key, and that the key opens the octets. */
static void print(struct world *world, const struct delivery_offer *offer)
{
        SCOPED(secret_done) struct secret key;
        struct vault_reader *reader;
        struct unseal unseal;
        uint8_t sealed[5000];
        uint64_t size, at = 0, plain_octets = 0;
        size_t length, taken;
        struct text plain;

        assert(delivery_open_document(world->base.core, &world->agent, offer->delivery, offer->epoch, &reader,
                                      &size) == 0);
        assert(size == offer->sealed_octets);
        assert(delivery_arm(world->base.core, &world->agent, offer->delivery, offer->epoch, 2, &key) ==
               CORE_STALE);
        assert(delivery_arm(world->base.core, &world->agent, offer->delivery, offer->epoch + 1, 1, &key) ==
               CORE_STALE);
        assert(delivery_arm(world->base.core, &world->agent, offer->delivery, offer->epoch, 1, &key) == 0);
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

static int report(struct world *world, const struct delivery_offer *offer, enum delivery_state outcome,
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

static size_t lease(struct world *world, struct arena *arena, struct delivery_offer *ret)
{
        struct delivery_offer *offers;
        size_t count;

        assert(delivery_lease(world->base.core, &world->agent, 1, 8, arena, &offers, &count) == 0);
        if (count)
                *ret = offers[0];
        return count;
}

static int release_all(struct world *world, const struct actor *actor, struct id printer, struct arena *arena,
                       struct release *ret)
{
        struct release_order order = { .printer = printer, .method = RELEASE_API, .selection = RELEASE_ALL };

        return release(world->base.core, actor, &order, arena, ret);
}

static void a_released_job_prints_once(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 100000);
        struct delivery_offer offer;
        struct release first;
        int wakes = world->wakes;

        assert(job.state == JOB_HELD && strcmp(job.title, "A title") == 0 && job.size_octets == 100000);
        assert(look(world, &world->base.admin, job.id).title[0] == 0);
        assert(job_find(world->base.core, &world->grace, job.id, &job) == CORE_NOT_FOUND);
        assert(lease(world, arena, &offer) == 0);
        assert(release_all(world, &world->grace, world->lobby.id, arena, &first) == CORE_NOTHING_HELD);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &first) == 0 && first.item_count == 1);
        assert(world->wakes > wakes);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &first) == CORE_NOTHING_HELD);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_ARMED);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        job = look(world, &world->ada, job.id);
        assert(job.state == JOB_DONE && job.delivery_state == DELIVERY_PRINTED && job.pages == 1);
        assert(job.expires_ms == 0);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &first) == CORE_NOTHING_HELD);
}

static void the_same_button_releases_once(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct release_order order = { .id = id_new(), .printer = world->lobby.id, .selection = RELEASE_ALL };
        struct delivery_offer offer;
        struct release one, two;

        assert(release(world->base.core, &world->ada, &order, arena, &one) == 0 && one.item_count == 1);
        assert(release(world->base.core, &world->ada, &order, arena, &two) == 0 && two.item_count == 1);
        assert(id_equal(one.items[0].delivery, two.items[0].delivery));
        assert(release(world->base.core, &world->grace, &order, arena, &two) == CORE_KEY_REUSED);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_SENT, false) == 0);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_SENT);

        /* Sent, not confirmed: the owner may say that nothing came out, and only the owner. */
        order = (struct release_order){
                .printer = world->lobby.id, .selection = RELEASE_LISTED, .jobs = &job.id, .job_count = 1
        };
        assert(release(world->base.core, &world->ada, &order, arena, &one) == CORE_NOT_HELD);
        order.again = true;
        assert(release(world->base.core, &world->grace, &order, arena, &one) == CORE_NOT_FOUND);
        assert(release(world->base.core, &world->ada, &order, arena, &one) == 0);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
}

static void proof_of_nothing_goes_back(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct delivery_offer offer, stale;
        struct release done;

        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &stale) == 1);
        print(world, &stale);
        assert(report(world, &stale, DELIVERY_NOT_PRINTED, true) == 0);
        assert(report(world, &stale, DELIVERY_NOT_PRINTED, true) == 0);
        assert(lease(world, arena, &offer) == 1 && offer.epoch > stale.epoch);
        assert(report(world, &stale, DELIVERY_PRINTED, false) == CORE_STALE);
        assert(report(world, &offer, DELIVERY_NOT_PRINTED, true) == 0);
        assert(lease(world, arena, &offer) == 1);
        assert(report(world, &offer, DELIVERY_NOT_PRINTED, true) == 0);
        job = look(world, &world->ada, job.id);
        assert(job.state == JOB_HELD && strcmp(job.reason, "tested") == 0);
        assert(job_delete(world->base.core, &world->grace, job.id) == CORE_NOT_FOUND);
        assert(job_delete(world->base.core, &world->ada, job.id) == 0);
        assert(job_delete(world->base.core, &world->ada, job.id) == CORE_NOT_HELD);
        assert(look(world, &world->ada, job.id).state == JOB_DELETED);
}

static void what_is_uncertain_stays_so(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct delivery_offer offer;
        struct release done;

        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        /* The agent lost its journal: nobody can tell any more. */
        assert(set_incarnation(world, 5, NULL, 0) == 0);
        job = look(world, &world->ada, job.id);
        assert(job.state == JOB_RELEASING && job.delivery_state == DELIVERY_UNCERTAIN);
        assert(set_incarnation(world, 1, NULL, 0) == 0);
        assert(lease(world, arena, &offer) == 0);
        assert(job_delete(world->base.core, &world->ada, job.id) == CORE_NOT_HELD);
        assert(job_settle(world->base.core, &world->ada, job.id) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DONE);
}

/* Started again with its journal: what the journal does not name was never begun. */
static void an_agent_that_starts_again(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct delivery_offer offer, again;
        struct release done;
        struct agent agent;

        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        assert(set_incarnation(world, 1, NULL, 0) == 0);
        assert(set_incarnation(world, 1, &offer.delivery, 1) == 0);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_ARMED);
        assert(set_incarnation(world, 1, &job.id, 0) == 0);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_REQUESTED);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == CORE_STALE);
        assert(report(world, &offer, DELIVERY_NOT_PRINTED, true) == 0);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_REQUESTED);
        assert(lease(world, arena, &again) == 1);
        print(world, &again);
        /* The same message, delayed on its way until something else is at the printer. */
        assert(agent_find(world->base.core, &world->agent, world->agent.id, &agent) == 0);
        assert(agent_set_incarnation(world->base.core, &world->agent, 1, agent.starts - 1, &job.id, 0) ==
               CORE_STALE);
        assert(agent_set_incarnation(world->base.core, &world->agent, 9, agent.starts - 1, NULL, 0) ==
               CORE_STALE);
        assert(look(world, &world->ada, job.id).delivery_state == DELIVERY_ARMED);
        assert(report(world, &again, DELIVERY_PRINTED, false) == 0);
}

static void a_swipe_leases_at_once(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct swipe_order order = { .swipe = id_new(),
                                     .reader = world->reader.id,
                                     .badge = TEXT_OF("04a1B2c3d4"),
                                     .incarnation = 1,
                                     .offers_max = 8 };
        struct delivery_offer offer;
        struct swipe swipe;
        struct job job;

        assert(release_by_badge(world->base.core, &world->agent, &order, arena, &swipe) == 0);
        assert(swipe.result == SWIPE_NOTHING_HELD);
        job = submit_as(world, &world->ada, &world->pull, 10);
        submit_as(world, &world->ada, &world->pull, 10);
        order.swipe = id_new();
        order.badge = TEXT_OF("0bad0bad");
        assert(release_by_badge(world->base.core, &world->agent, &order, arena, &swipe) == 0);
        assert(swipe.result == SWIPE_UNKNOWN_BADGE && look(world, &world->ada, job.id).state == JOB_HELD);
        order.badge = TEXT_OF("04A1B2C3D4");
        assert(release_by_badge(world->base.core, &world->agent, &order, arena, &swipe) == 0);
        assert(swipe.result == SWIPE_RELEASED && swipe.released == 2 && swipe.offer_count == 1);
        /* Printers take one at a time; the second comes when the first is over. */
        assert(lease(world, arena, &offer) == 0);
        print(world, &swipe.offers[0]);
        assert(report(world, &swipe.offers[0], DELIVERY_PRINTED, false) == 0);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        /* The same swipe told again, because its answer was lost. */
        assert(release_by_badge(world->base.core, &world->agent, &order, arena, &swipe) == 0);
        assert(swipe.result == SWIPE_RELEASED && swipe.offer_count == 0);
}

static void a_direct_queue_prints_at_once(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->grace, &world->direct, 3000000);
        struct delivery_offer offer;

        assert(job.state == JOB_RELEASING);
        assert(lease(world, arena, &offer) == 1 && id_equal(offer.job, job.id));
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
}

static void a_printer_that_needs_another_format(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct job job = submit_as(world, &world->ada, &world->pull, 200000);
        struct work_order order;
        struct work *work;
        struct frame made = { FRAME_DOCUMENT, TEXT("not really PCL XL") };
        struct delivery_offer offer;
        struct release done;
        char piece[3000];
        size_t length, total = 0;

        assert(release_all(world, &world->ada, world->lab.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 0);
        assert(work_begin(world->base.core, WORK_INSPECTION, &order, &work) == 0);
        assert(order.kind == WORK_RENDITION && order.order.to == FORMAT_PCL_XL);
        work_abandon(work);
        assert(work_begin(world->base.core, WORK_INSPECTION, &order, &work) == 0);
        do {
                assert(work_read(work, piece, sizeof(piece), &length) == 0);
                total += length;
        } while (length);
        assert(total == 200000);
        assert(work_write(work, &made) == 0);
        assert(work_commit(work) == 0);
        assert(work_begin(world->base.core, WORK_INSPECTION, &order, &work) == CORE_NOTHING_HELD);
        assert(lease(world, arena, &offer) == 1 && offer.size_octets == 17);
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DONE);
}

static void one_that_cannot_be_converted(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct intake_order sent = order_of(world, &world->ada, &world->pull);
        struct job job = submit_as(world, &world->ada, &world->pull, 10), foreign;
        struct work_order order;
        struct work *work;
        struct release done;

        assert(release_all(world, &world->ada, world->lab.id, arena, &done) == 0);
        assert(work_begin(world->base.core, WORK_INSPECTION, &order, &work) == 0);
        assert(work_fail(work, TEXT_OF("damaged")) == 0);
        job = look(world, &world->ada, job.id);
        assert(job.state == JOB_HELD && strcmp(job.reason, "damaged") == 0);
        assert(job_delete(world->base.core, &world->base.admin, job.id) == 0);
        sent.format = TEXT_OF("image/x-foreign");
        assert(submit(world, &sent, 10, &foreign) == 0);
        assert(release_all(world, &world->ada, world->lab.id, arena, &done) == CORE_BAD_FORMAT);
        assert(look(world, &world->ada, foreign.id).state == JOB_HELD);
        assert(job_delete(world->base.core, &world->ada, foreign.id) == 0);
}

static void a_submission_told_twice_is_one(struct world *world)
{
        struct intake_order order = order_of(world, &world->grace, &world->pull);
        struct job one, two;

        order.key = TEXT_OF("key-1");
        assert(submit(world, &order, 10, &one) == 0);
        assert(submit(world, &order, 10, &two) == 0 && id_equal(one.id, two.id));
        assert(submit(world, &order, 11, &two) == CORE_KEY_REUSED);
        assert(job_delete(world->base.core, &world->grace, one.id) == 0);

        /* Without a key: the same contents are the same submission until its answer is known to have arrived.
         */
        order.key = TEXT_OF("");
        order.is_same_by_contents = true;
        assert(submit(world, &order, 12, &one) == 0);
        assert(submit(world, &order, 12, &two) == 0 && id_equal(one.id, two.id));
        intake_answered(world->base.core, two.id);
        assert(submit(world, &order, 12, &two) == 0 && !id_equal(one.id, two.id));
        assert(job_delete(world->base.core, &world->grace, one.id) == 0);
        assert(job_delete(world->base.core, &world->grace, two.id) == 0);
}

static void limits_are_kept(struct world *world)
{
        struct intake_order order = order_of(world, &world->grace, &world->pull);
        struct job job, other;

        assert(submit(world, &order, 0, &job) == CORE_EMPTY);
        order.title = (struct text){ "\xff", 1 };
        assert(submit(world, &order, 1, &job) == 0 && strcmp(job.title, "untitled") == 0);
        assert(job_delete(world->base.core, &world->grace, job.id) == 0);
        strcpy(order.ticket.media, "a b");
        assert(submit(world, &order, 1, &job) == CORE_BAD_VALUE);
        order.ticket.media[0] = 0;

        assert(job_create(world->base.core, &order, &job) == 0 && job.state == JOB_RECEIVING);
        order.job = job.id;
        assert(submit(world, &order, 70000, &other) == 0 && other.state == JOB_HELD &&
               id_equal(job.id, other.id));
        assert(submit(world, &order, 1, &other) == CORE_NOT_HELD);
        assert(job_delete(world->base.core, &world->grace, job.id) == 0);
}

static size_t count_jobs(struct world *world, const struct actor *actor, bool everyone)
{
        static const enum job_state held[] = { JOB_HELD };
        struct job_filter filter = { .states = held, .state_count = 1, .everyone = everyone };
        static struct job jobs[100];
        size_t count;

        assert(job_list(world->base.core, actor, &filter, jobs, 100, &count) == 0);
        return count;
}

static void lists_show_one_s_own(struct world *world)
{
        struct job_filter filter = { .newest_first = true, .everyone = true };
        struct job jobs[2];
        struct job mine = submit_as(world, &world->ada, &world->pull, 10);
        size_t count;

        assert(count_jobs(world, &world->ada, false) == 1 && count_jobs(world, &world->grace, false) == 0);
        assert(count_jobs(world, &world->base.admin, true) == 1);
        assert(job_list(world->base.core, &world->ada, &filter, jobs, 2, &count) == CORE_FORBIDDEN);
        filter.everyone = false;
        assert(job_list(world->base.core, &world->ada, &filter, jobs, 2, &count) == 0 && count == 2);
        assert(id_equal(jobs[0].id, mine.id) && jobs[0].number > jobs[1].number);
        assert(job_delete(world->base.core, &world->ada, mine.id) == 0);
}

static void who_is_who(struct world *world)
{
        struct actor actor = { 0 };
        struct token token;
        char secret[TOKEN_STRING];
        struct text name = TEXT_OF("Ada@demo.example");

        assert(authenticate_basic(world->base.core, NULL, name, TEXT_OF("let-it-be-printed"), TEXT_OF("::1"),
                                  &actor) == 0);
        assert(id_equal(actor.id, world->ada.id) && actor.role == ROLE_PERSON);
        assert(authenticate_basic(world->base.core, NULL, name, TEXT_OF("wrong"), TEXT_OF("::1"), &actor) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_basic(world->base.core, NULL, name, TEXT_OF(""), TEXT_OF("::1"), &actor) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_basic(world->base.core, NULL, TEXT_OF("nobody@demo.example"), TEXT_OF("x"),
                                  TEXT_OF("::1"), &actor) == CORE_WRONG_CREDENTIALS);
        assert(authenticate_basic(world->base.core, NULL, TEXT_OF("a@b"), TEXT_OF("x"), TEXT_OF("::1"),
                                  &actor) == CORE_WRONG_CREDENTIALS);
        for (int i = 0; i < 8; i++)
                authenticate_basic(world->base.core, NULL, TEXT_OF("grace@demo.example"), TEXT_OF("x"),
                                   TEXT_OF("::2"), &actor);
        authenticate_basic(world->base.core, NULL, TEXT_OF("grace@demo.example"), TEXT_OF("x"),
                           TEXT_OF("::2"), &actor);
        authenticate_basic(world->base.core, NULL, TEXT_OF("grace@demo.example"), TEXT_OF("x"),
                           TEXT_OF("::2"), &actor);
        assert(authenticate_basic(world->base.core, NULL, TEXT_OF("grace@demo.example"), TEXT_OF("x"),
                                  TEXT_OF("::2"), &actor) == CORE_LOCKED);

        assert(token_make(world->base.core, &world->ada, TOKEN_PRINT, TEXT_OF("laptop"), 0, &token, secret) ==
               0);
        assert(authenticate_basic(world->base.core, &world->base.tenant.id, TEXT_OF("x"), text_from(secret),
                                  TEXT_OF("::1"), &actor) == 0);
        assert(actor.prints_only && !actor_may(&actor, RIGHT_TOKENS, whose_some()));
        assert(token_make(world->base.core, &actor, TOKEN_API, TEXT_OF(""), 0, &token, secret) ==
               CORE_FORBIDDEN);
        assert(token_delete(world->base.core, &world->grace, token.id) == CORE_NOT_FOUND);
        assert(token_delete(world->base.core, &world->ada, token.id) == 0);
        assert(authenticate_token(world->base.core, text_from(secret), TEXT_OF("::1"), &actor) ==
               CORE_WRONG_CREDENTIALS);

        assert(authenticate_pin(world->base.core, name, TEXT_OF("314159"), TEXT_OF("::1"), &actor) == 0);
        for (int i = 0; i < 5; i++)
                assert(authenticate_pin(world->base.core, name, TEXT_OF("000000"), TEXT_OF("::1"), &actor) ==
                       CORE_WRONG_CREDENTIALS);
        assert(authenticate_pin(world->base.core, name, TEXT_OF("314159"), TEXT_OF("::1"), &actor) ==
               CORE_LOCKED);
        assert(person_set_pin(world->base.core, &world->ada, world->ada.id, TEXT_OF("314159")) == 0);
        assert(authenticate_pin(world->base.core, name, TEXT_OF("314159"), TEXT_OF("::1"), &actor) == 0);
}

struct guesser {
        struct world *world;
        const char *email;
        int wrong, locked;
};

static void *guess_pins(void *context)
{
        struct guesser *guesser = context;
        struct actor actor = { 0 };

        for (int i = 0; i < 2; i++) {
                int r = authenticate_pin(guesser->world->base.core, text_from(guesser->email),
                                         TEXT_OF("000000"), TEXT_OF(""), &actor);

                assert(r == CORE_WRONG_CREDENTIALS || r == CORE_LOCKED);
                guesser->wrong += r == CORE_WRONG_CREDENTIALS;
                guesser->locked += r == CORE_LOCKED;
        }
        return NULL;
}

#define GUESSERS 8

/* How many of many guesses at once are answered with anything but "locked". */
static int attack(struct world *world, const char *email)
{
        struct guesser guessers[GUESSERS];
        pthread_t threads[GUESSERS];
        int wrong = 0;

        for (int i = 0; i < GUESSERS; i++) {
                guessers[i] = (struct guesser){ world, email, 0, 0 };
                assert(pthread_create(&threads[i], NULL, guess_pins, &guessers[i]) == 0);
        }
        for (int i = 0; i < GUESSERS; i++) {
                pthread_join(threads[i], NULL);
                wrong += guessers[i].wrong;
        }
        return wrong;
}

/* A quarter of an hour goes by, and so does what is counted of sources. */
static int wait_out(struct db_tx *tx, void *context)
{
        struct text source = TEXT_OF("");
        uint8_t subject[32];

        (void)context;
        hash_hmac("source", 6, source, subject);
        assert(db_run_all(tx, "DELETE FROM guess WHERE subject = ?1",
                          DB_VALUES(db_octets(subject, sizeof(subject))), NULL) == 0);
        return db_run_all(
                tx, "UPDATE guess SET until_ms = until_ms - 900001 WHERE until_ms < 9000000000000000000",
                DB_NONE, NULL);
}

static void nobody_guesses_more_than_ten_pins(struct world *world)
{
        const char *const emails[] = { "grace@demo.example", "nobody@demo.example",
                                       "nobody@nowhere.example" };
        struct actor actor = { 0 };

        assert(person_set_pin(world->base.core, &world->grace, world->grace.id, TEXT_OF("271828")) == 0);
        for (size_t i = 0; i < ARRAY_LENGTH(emails); i++) {
                int wrong = attack(world, emails[i]);

                assert(wrong == 5);
                for (int pause = 0; pause < 20; pause++) {
                        assert(db_write(world->base.db, wait_out, NULL) == 0);
                        wrong += attack(world, emails[i]);
                }
                assert(wrong == 10);
        }
        assert(authenticate_pin(world->base.core, text_from(emails[0]), TEXT_OF("271828"), TEXT_OF("::9"),
                                &actor) == CORE_LOCKED);
        assert(person_set_pin(world->base.core, &world->grace, world->grace.id, TEXT_OF("271828")) == 0);
        assert(authenticate_pin(world->base.core, text_from(emails[0]), TEXT_OF("271828"), TEXT_OF("::9"),
                                &actor) == 0);
}

static void the_last_administrator_stays(struct world *world)
{
        enum role person = ROLE_PERSON;
        struct person_change change = { .role = &person };
        struct person changed;

        assert(person_change(world->base.core, &world->base.admin, world->base.admin.id, &change, &changed) ==
               CORE_BAD_VALUE);
        assert(person_delete(world->base.core, &world->base.admin, world->base.admin.id) == CORE_BAD_VALUE);
        assert(person_change(world->base.core, &world->ada, world->ada.id, &change, &changed) ==
               CORE_FORBIDDEN);
}

static void a_key_is_answered_once(struct world *world)
{
        uint8_t hash[32] = { 1 }, other[32] = { 2 };
        struct text key = TEXT_OF("abc");
        char body[100];
        size_t length;
        int status;

        assert(idempotency_begin(world->base.core, &world->ada, key, hash, &status, body, sizeof(body),
                                 &length) == 0);
        assert(idempotency_begin(world->base.core, &world->ada, key, hash, &status, body, sizeof(body),
                                 &length) == CORE_BUSY);
        assert(idempotency_end(world->base.core, &world->ada, key, 201, TEXT_OF("{}")) == 0);
        assert(idempotency_begin(world->base.core, &world->ada, key, hash, &status, body, sizeof(body),
                                 &length) == CORE_TAKEN);
        assert(status == 201 && length == 2 && memcmp(body, "{}", 2) == 0);
        assert(idempotency_begin(world->base.core, &world->ada, key, other, &status, body, sizeof(body),
                                 &length) == CORE_KEY_REUSED);
        assert(idempotency_begin(world->base.core, &world->grace, key, other, &status, body, sizeof(body),
                                 &length) == 0);
}

static int age(struct db_tx *tx, void *context)
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
static void sweep_aged(struct world *world, const struct job *job)
{
        struct job aged = { .id = job->id, .queue = world->base.tenant.id };

        assert(db_write(world->base.db, age, &aged) == 0);
        assert(core_sweep(world->base.core) == 0);
}

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
                                         1, &key) == 0)
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

static int late_for_printer(struct db_tx *tx, void *context)
{
        const struct delivery_offer *offer = context;

        return db_run(tx, offer->printer.id,
                      "UPDATE delivery SET due_ms = 1 WHERE tenant_id = ?1 AND id = ?2",
                      DB_VALUES(db_id(&offer->delivery)), NULL);
}

static int lose_document(struct db_tx *tx, void *context)
{
        const struct job *job = context;

        int r = db_run(
                tx, job->queue,
                "UPDATE tenant SET octets_kept = octets_kept - (SELECT sum(sealed_octets) FROM document"
                " WHERE tenant_id = ?1 AND job_id = ?2) WHERE id = ?1",
                DB_VALUES(db_id(&job->id)), NULL);

        assert(r == 0);
        return db_run(tx, job->queue, "DELETE FROM document WHERE tenant_id = ?1 AND job_id = ?2",
                      DB_VALUES(db_id(&job->id)), NULL);
}

/* What cannot be printed, or is never fetched, does not keep others from its printer. */
static void nobody_waits_for_what_is_gone(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        int64_t day = clock_day(clock_unix_ms()) + 3;
        struct job gone = submit_as(world, &world->ada, &world->pull, 10), other;
        struct delivery_offer offer, late;
        struct printer hall;
        struct secret key;
        struct release done;

        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(documents_move_on(world->base.core, clock_unix_ms() + 2 * 86400000LL) == 0);
        assert(keys_day_destroy(world->base.keys, world->base.tenant.id, day) == 0);
        other = submit_as(world, &world->grace, &world->pull, 10);
        assert(release_all(world, &world->grace, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1 && id_equal(offer.job, gone.id));
        assert(delivery_arm(world->base.core, &world->agent, offer.delivery, offer.epoch, 1, &key) ==
               CORE_DESTROYED);
        assert(look(world, &world->ada, gone.id).state == JOB_HELD);
        assert(job_delete(world->base.core, &world->ada, gone.id) == 0);
        assert(lease(world, arena, &offer) == 1 && id_equal(offer.job, other.id));

        /* Its row is gone, too, when it is to be offered. */
        make_printer(world, &hall, "hall", "application/pdf");
        gone = submit_as(world, &world->ada, &world->pull, 10);
        assert(release_all(world, &world->ada, hall.id, arena, &done) == 0);
        assert(db_write(world->base.db, lose_document,
                        &(struct job){ .id = gone.id, .queue = world->base.tenant.id }) == 0);
        assert(lease(world, arena, &late) == 0);
        assert(look(world, &world->ada, gone.id).state == JOB_HELD);
        assert(job_delete(world->base.core, &world->ada, gone.id) == 0);

        /* Twice it is offered and not fetched; then the next one has its turn. */
        world->base.core->settings.retry_ms = 5000;
        gone = submit_as(world, &world->ada, &world->pull, 10);
        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        for (int i = 0; i < 2; i++) {
                late = offer;
                late.printer.id = world->base.tenant.id;
                assert(db_write(world->base.db, late_for_printer, &late) == 0);
                assert(core_sweep(world->base.core) == 0);
                assert(lease(world, arena, &offer) == 1);
                assert(id_equal(offer.job, i ? gone.id : other.id));
        }
        world->base.core->settings.retry_ms = 0;
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        assert(job_delete(world->base.core, &world->grace, other.id) == 0);
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

int main(void)
{
        static struct world world;

        log_init("test-flow", LOG_ERROR);
        make_world(&world);
        a_released_job_prints_once(&world);
        the_same_button_releases_once(&world);
        proof_of_nothing_goes_back(&world);
        what_is_uncertain_stays_so(&world);
        an_agent_that_starts_again(&world);
        a_swipe_leases_at_once(&world);
        a_direct_queue_prints_at_once(&world);
        a_printer_that_needs_another_format(&world);
        one_that_cannot_be_converted(&world);
        a_submission_told_twice_is_one(&world);
        limits_are_kept(&world);
        lists_show_one_s_own(&world);
        who_is_who(&world);
        nobody_guesses_more_than_ten_pins(&world);
        the_last_administrator_stays(&world);
        a_key_is_answered_once(&world);
        core_world_restart(&world.base);
        a_released_job_prints_once(&world);
        time_does_its_work(&world);
        a_printed_document_is_kept_for_the_policy(&world);
        what_waits_too_long_is_held_again(&world);
        what_a_backup_forgot_is_not_printed_again(&world);
        what_outlives_its_day_keeps_its_key(&world);
        nobody_waits_for_what_is_gone(&world);
        who_is_deleted_leaves_nothing(&world);
        the_books_agree_whatever_happens(&world);
        core_world_close(&world.base);
        return 0;
}
