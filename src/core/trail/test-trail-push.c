// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/trail/trail-push.h"

#include "core/test-world.h"
#include "core/trail/trail.h"

static struct core_world world;
static struct trail_push page;

static void happen(size_t count)
{
        for (size_t i = 0; i < count; i++)
                assert(event_note(world.core, world.tenant.id, &world.admin, "test", world.admin.id, "") ==
                       0);
}

/* Sends all there is; the number of the last record, and *ret_first that of the first. */
static uint64_t push_all(const char *tenants, uint64_t *ret_first)
{
        uint64_t last = 0;

        *ret_first = 0;
        for (;;) {
                assert(trail_push_next(world.core, TRAIL_RECORDS, tenants, (struct id){ 0 }, &page) == 0);
                if (page.count == 0)
                        return last;
                assert(id_equal(page.tenant, world.tenant.id));
                for (size_t i = 0; i < page.count; i++) {
                        assert(last == 0 || page.events[i].number == last + 1);
                        last = page.events[i].number;
                        if (*ret_first == 0)
                                *ret_first = last;
                }
                assert(trail_push_sent(world.core, &page) == 0);
        }
}

static void nothing_is_left_out(void)
{
        struct trail_waiting waiting;
        uint64_t first, last;

        happen(2 * TRAIL_PUSH_MAX + 1);
        assert(trail_push_measure(world.core, NULL, &waiting) == 0);
        assert(waiting.records > 2 * TRAIL_PUSH_MAX && waiting.since_ms > 0);
        last = push_all(NULL, &first);
        assert(first == 1 && last == waiting.records);
        assert(trail_push_measure(world.core, NULL, &waiting) == 0);
        assert(waiting.records == 0 && waiting.since_ms == 0);
}

/* What was not settled comes again on the next connection, and nothing else. */
static void what_is_not_settled_is_sent_again(void)
{
        uint64_t first, last, once, twice;

        assert(trail_push_begin(world.core) == 0);
        once = push_all(NULL, &first);
        assert(first == 1);
        assert(trail_push_settle(world.core) == 0);
        happen(3);
        twice = push_all(NULL, &first);
        assert(first == once + 1 && twice == once + 3);
        assert(trail_push_settle(world.core) == 0); /* the first ones have lived through it */
        assert(trail_push_begin(world.core) == 0);
        last = push_all(NULL, &first);
        assert(first == once + 1 && last == twice);
        assert(trail_push_settle(world.core) == 0);
        assert(trail_push_settle(world.core) == 0);
        assert(trail_push_begin(world.core) == 0);
        assert(push_all(NULL, &first) == 0);
}

static void only_those_that_were_chosen_are_sent(void)
{
        struct trail_waiting waiting;
        uint64_t first;

        happen(1);
        assert(push_all("other, another", &first) == 0);
        assert(trail_push_measure(world.core, "other", &waiting) == 0 && waiting.records == 0);
        assert(push_all("other, demo", &first) > 0);
        happen(1);
        assert(push_all("", &first) == 0);
        assert(push_all(NULL, &first) > 0);
}

static void checkpoints_have_a_way_of_their_own(void)
{
        assert(trail_sign(world.core, world.tenant.id) == 0);
        assert(trail_push_next(world.core, TRAIL_CHECKPOINTS, NULL, (struct id){ 0 }, &page) == 0);
        assert(page.count == 1 && page.checkpoints[0].sequence == 1);
        assert(trail_push_next(world.core, TRAIL_CHECKPOINTS, NULL, page.tenant, &page) == 0);
        assert(page.count == 0);
        assert(trail_push_next(world.core, TRAIL_CHECKPOINTS, NULL, (struct id){ 0 }, &page) == 0);
        assert(trail_push_sent(world.core, &page) == 0);
        assert(trail_push_next(world.core, TRAIL_CHECKPOINTS, NULL, (struct id){ 0 }, &page) == 0);
        assert(page.count == 0);
}

/* Without operators every tenant is told. */
static void whoever_operates_the_service_is_told(void)
{
        uint64_t first;

        push_all(NULL, &first);
        assert(trail_push_note(world.core, "audit-collector-lost", "reason=cut") == 0);
        assert(trail_push_next(world.core, TRAIL_RECORDS, NULL, (struct id){ 0 }, &page) == 0);
        assert(page.count == 1 && strcmp(page.events[0].kind, "audit-collector-lost") == 0);
}

int main(void)
{
        core_world_open(&world);
        nothing_is_left_out();
        what_is_not_settled_is_sent_again();
        only_those_that_were_chosen_are_sent();
        checkpoints_have_a_way_of_their_own();
        whoever_operates_the_service_is_told();
        core_world_close(&world);
        return 0;
}
