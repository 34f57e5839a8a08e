// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The whole product without its doors: a real keeper, database and vault in a temporary folder, and every
 * turn a job can take from intake to paper.
 */
#include "core/trail/event.h"
#include "core/test-printing.h"
#include "core/rendering/work.h"

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

static struct release_order with_first_copy(struct world *world, const struct id *job,
                                            const struct ticket *ticket)
{
        return (struct release_order){ .printer = world->lobby.id,
                                       .selection = RELEASE_LISTED,
                                       .jobs = job,
                                       .job_count = 1,
                                       .ticket = ticket,
                                       .first_copy = true };
}

static bool tells(struct world *world, struct id job, const char *kind, const char *detail)
{
        struct job_event events[64];
        size_t count;

        assert(job_timeline(world->base.core, &world->ada, job, events, 64, &count) == 0);
        for (size_t i = 0; i < count; i++)
                if (strcmp(events[i].kind, kind) == 0 && strstr(events[i].detail, detail))
                        return true;
        return false;
}

/* One is out, and the rest is held: once, however often its agent says so, and whoever falls over. */
static void the_first_copy_comes_first(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 22);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct ticket four = { .copies = 4, .sides = "one-sided" };
        struct release_order order = with_first_copy(world, &job.id, &four);
        struct delivery_offer offer, late;
        struct release done;

        assert(release(world->base.core, &world->ada, &order, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1 && offer.ticket.copies == 1);
        print(world, &offer);
        /* It did not come out: nothing is less than before. */
        assert(report(world, &offer, DELIVERY_NOT_PRINTED, false) == 0);
        job = look(world, &world->ada, job.id);
        assert(job.state == JOB_HELD && job.ticket.copies == 4);

        assert(release(world->base.core, &world->ada, &order, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1);
        print(world, &offer);
        core_world_restart(&world->base);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        core_world_restart(&world->base);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        job = look(world, &world->ada, job.id);
        assert(job.state == JOB_HELD && job.ticket.copies == 3 && strcmp(job.reason, "first-copy") == 0);
        assert(strcmp(job.ticket.sides, "one-sided") == 0);
        assert(tells(world, job.id, "job-held-again", "copies=3"));

        /* The next one gets lost on the way; its owner says it did come out. */
        order.ticket = NULL;
        assert(release(world->base.core, &world->ada, &order, arena, &done) == 0);
        assert(lease(world, arena, &late) == 1 && late.ticket.copies == 1);
        print(world, &late);
        assert(report(world, &late, DELIVERY_UNCERTAIN, false) == 0);
        assert(job_settle(world->base.core, &world->ada, job.id) == 0);
        job = look(world, &world->ada, job.id);
        assert(job.state == JOB_HELD && job.ticket.copies == 2);
        assert(report(world, &late, DELIVERY_PRINTED, false) == 0);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        assert(look(world, &world->ada, job.id).ticket.copies == 2);

        order.first_copy = false;
        assert(release(world->base.core, &world->ada, &order, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1 && offer.ticket.copies == 2);
        print(world, &offer);
        assert(report(world, &offer, DELIVERY_PRINTED, false) == 0);
        assert(look(world, &world->ada, job.id).state == JOB_DONE);
}

static void what_the_printer_cannot_is_asked_about(struct world *world)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 22);
        struct job job = submit_as(world, &world->ada, &world->pull, 10);
        struct ticket both = { .sides = "two-sided-long-edge" };
        struct release_order order = with_first_copy(world, &job.id, &both);
        struct delivery_offer offer;
        struct release done;
        struct settled settled;
        struct cost cost;

        assert(settle_look(world->base.core, &world->ada, job.id, world->lobby.id, &both, &settled, &cost) ==
               0);
        assert(settled_conflicts(&settled) && strcmp(settled.ticket.sides, "one-sided") == 0);
        assert(settle_look(world->base.core, &world->grace, job.id, world->lobby.id, &both, &settled,
                           &cost) == CORE_NOT_FOUND);
        assert(release(world->base.core, &world->ada, &order, arena, &done) == CORE_UNSUPPORTED);
        assert(done.left_count == 1 && id_equal(done.left[0].job, job.id));
        assert(strcmp(done.left[0].note.option->name, "sides") == 0);
        assert(strcmp(done.left[0].note.choices, "one-sided") == 0);
        assert(look(world, &world->ada, job.id).state == JOB_HELD);
        order.adapts = true;
        assert(release(world->base.core, &world->ada, &order, arena, &done) == 0 && done.left_count == 0);
        assert(tells(world, job.id, "job-ticket-adapted",
                     "option=sides asked=two-sided-long-edge value=one-sided"));
        assert(lease(world, arena, &offer) == 1 && strcmp(offer.ticket.sides, "one-sided") == 0);
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
        assert(work_begin(world->base.core, WORK_INSPECTION, all_formats, &order, &work) == 0);
        assert(order.kind == WORK_RENDITION && order.order.to == FORMAT_PCL_XL);
        work_abandon(work);
        assert(work_begin(world->base.core, WORK_INSPECTION, all_formats, &order, &work) == 0);
        do {
                assert(work_read(work, piece, sizeof(piece), &length) == 0);
                total += length;
        } while (length);
        assert(total == 200000);
        assert(work_write(work, &made) == 0);
        assert(work_commit(work) == 0);
        assert(work_begin(world->base.core, WORK_INSPECTION, all_formats, &order, &work) ==
               CORE_NOTHING_HELD);
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
        assert(work_begin(world->base.core, WORK_INSPECTION, all_formats, &order, &work) == 0);
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

        /* Kept by an agent for a client whom nobody answered, it is what came without a key before, unless
         * that was long before; two that were kept are two. */
        assert(submit(world, &order, 13, &one) == 0);
        order.key = TEXT_OF("deposit 1");
        order.sent_ms = clock_unix_ms();
        assert(submit(world, &order, 13, &two) == 0 && id_equal(one.id, two.id));
        order.key = TEXT_OF("deposit 2");
        order.sent_ms += INT64_C(3600000);
        assert(submit(world, &order, 13, &two) == 0 && !id_equal(one.id, two.id));
        assert(job_delete(world->base.core, &world->grace, one.id) == 0);
        order.key = TEXT_OF("deposit 3");
        assert(submit(world, &order, 13, &one) == 0 && !id_equal(one.id, two.id));
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
        struct unwritten_secret password;
        struct secret key;
        struct release done;

        assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
        assert(documents_move_on(world->base.core, clock_unix_ms() + 2 * 86400000LL) == 0);
        assert(keys_day_destroy(world->base.keys, world->base.tenant.id, day) == 0);
        other = submit_as(world, &world->grace, &world->pull, 10);
        assert(release_all(world, &world->grace, world->lobby.id, arena, &done) == 0);
        assert(lease(world, arena, &offer) == 1 && id_equal(offer.job, gone.id));
        assert(delivery_arm(world->base.core, &world->agent, offer.delivery, offer.epoch, 1, &key,
                            &password) == CORE_DESTROYED);
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

int main(void)
{
        static struct world world;

        log_init("test-flow", LOG_ERROR);
        make_world(&world);
        a_released_job_prints_once(&world);
        the_same_button_releases_once(&world);
        the_first_copy_comes_first(&world);
        what_the_printer_cannot_is_asked_about(&world);
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
        core_world_restart(&world.base);
        a_released_job_prints_once(&world);
        nobody_waits_for_what_is_gone(&world);
        core_world_close(&world.base);
        return 0;
}
