// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/trail/watch.h"

#include "base/clock.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/test-world.h"

static struct core_world world;

static size_t count_of(const char *kind)
{
        SCOPED(freep) struct event *events = calloc(2000, sizeof(*events));
        size_t count, found = 0;

        assert(events && event_list(world.core, &world.admin, NULL, 0, events, 2000, &count) == 0);
        for (size_t i = 0; i < count; i++)
                found += strcmp(events[i].kind, kind) == 0;
        return found;
}

static void the_same_is_written_once_in_a_while(void)
{
        struct actor actor = world.admin;
        struct id other = id_new();

        actor_came(&actor, VIA_API, TEXT_OF("192.0.2.1"));
        for (int i = 0; i < 50; i++)
                assert(watch_sign_in(world.core, &actor, "api-token") == 0);
        assert(count_of("signed-in") == 1);
        /* Another way, another place, another secret is another sign-in. */
        actor.via = VIA_IPP;
        assert(watch_sign_in(world.core, &actor, "api-token") == 0);
        actor_came(&actor, VIA_IPP, TEXT_OF("192.0.2.2"));
        assert(watch_sign_in(world.core, &actor, "api-token") == 0);
        assert(watch_sign_in(world.core, &actor, "password") == 0);
        assert(count_of("signed-in") == 4);
        /* What was written in a transaction of somebody else's is not written again. */
        watch_signed_in(world.core, &actor, "pin");
        assert(watch_sign_in(world.core, &actor, "pin") == 0 && count_of("signed-in") == 4);

        for (int i = 0; i < 50; i++)
                assert(watch_look(world.core, &actor, "job-viewed", "", other) == 0);
        assert(watch_look(world.core, &actor, "job-viewed", "", id_new()) == 0);
        assert(count_of("job-viewed") == 2);
}

/* So many that old ones give way: at worst an event is written once more, and memory stays what it is. */
static void many_are_no_more_than_a_few(void)
{
        struct actor actor = world.admin;

        for (int i = 0; i < 20000; i++)
                watch_signed_in(world.core, &(struct actor){ .id = id_new() }, "api-token");
        assert(watch_sign_in(world.core, &actor, "api-token") == 0);
}

static void refusals_are_counted_when_they_are_many(void)
{
        struct actor actor = world.admin;
        int64_t now = clock_monotonic_ms();
        size_t written;

        actor_came(&actor, VIA_API, TEXT_OF("192.0.2.7"));
        for (int i = 0; i < 1000; i++)
                assert(watch_refusal(world.core, &actor, "people-change", "forbidden") == 0);
        assert(count_of("refused") == 10 && count_of("refusals-counted") == 0);
        /* Somebody else's refusals are still seen, until there are too many of all. */
        for (int i = 0; i < 1000; i++) {
                char source[32];

                snprintf(source, sizeof(source), "2001:db8::%x", i);
                actor_came(&actor, VIA_API, text_from(source));
                assert(watch_refusal(world.core, &actor, "people-change", "forbidden") == 0);
        }
        written = count_of("refused");
        assert(written > 10 && written <= 100);
        assert(watch_sweep(world.core, now) == 0 && count_of("refusals-counted") == 0);
        assert(watch_sweep(world.core, now + 61000) == 0 && count_of("refusals-counted") == 1);
        assert(watch_sweep(world.core, now + 61000) == 0 && count_of("refusals-counted") == 1);
}

/* Of nobody's tenant: the log, while there are no operators. */
static void nobody_has_no_trail(void)
{
        struct actor nobody = { .kind = ACTOR_NOBODY };
        size_t before = count_of("refused");

        actor_came(&nobody, VIA_API, TEXT_OF("192.0.2.9"));
        assert(watch_refusal(world.core, &nobody, "sign-in", "token-unknown") == 0);
        assert(count_of("refused") == before);
}

int main(void)
{
        core_world_open(&world);
        the_same_is_written_once_in_a_while();
        many_are_no_more_than_a_few();
        refusals_are_counted_when_they_are_many();
        nobody_has_no_trail();
        core_world_close(&world);
        return 0;
}
