// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "base/crew.h"

#define MANY 64

static struct crew crew;

/* A thread that tries once, and waits until it may go. */
struct one {
        pthread_t thread;
        pthread_barrier_t tried, go;
        enum crew_wait kind;
        bool may;
};

static void *wait_once(void *context)
{
        struct one *one = context;

        crew_join(&crew);
        one->may = crew_wait_begin(one->kind);
        pthread_barrier_wait(&one->tried);
        pthread_barrier_wait(&one->go);
        if (one->may)
                crew_wait_end(one->kind);
        return NULL;
}

static bool start(struct one *one, enum crew_wait kind)
{
        one->kind = kind;
        pthread_barrier_init(&one->tried, NULL, 2);
        pthread_barrier_init(&one->go, NULL, 2);
        assert(pthread_create(&one->thread, NULL, wait_once, one) == 0);
        pthread_barrier_wait(&one->tried);
        return one->may;
}

static void finish(struct one *one)
{
        pthread_barrier_wait(&one->go);
        assert(pthread_join(one->thread, NULL) == 0);
        pthread_barrier_destroy(&one->tried);
        pthread_barrier_destroy(&one->go);
}

static uint32_t flood(struct one *ones, uint32_t count, enum crew_wait kind)
{
        uint32_t in = 0;

        for (uint32_t i = 0; i < count; i++)
                in += start(&ones[i], kind);
        return in;
}

static void half_waits_and_each_kind_leaves_room(void)
{
        struct one ones[CREW_WAITS][MANY];
        uint32_t in[CREW_WAITS], all = 0;

        crew_init(&crew, 64);
        for (unsigned kind = 0; kind < CREW_WAITS; kind++) {
                in[kind] = flood(ones[kind], MANY, kind);
                all += in[kind];
                assert(in[kind] > 0);
        }
        assert(in[0] == 16 && in[1] == 8 && all <= 32);
        for (unsigned kind = 0; kind < CREW_WAITS; kind++)
                for (unsigned i = 0; i < MANY; i++)
                        finish(&ones[kind][i]);
        for (unsigned kind = 0; kind < CREW_WAITS; kind++)
                assert(crew.waiting[kind] == 0);
        crew_done(&crew);
}

static void one_may_always(void)
{
        for (uint32_t threads = 1; threads < 6; threads++) {
                struct one ones[8];

                crew_init(&crew, threads);
                assert(flood(ones, 8, CREW_PASSWORDS) == 1);
                for (unsigned i = 0; i < 8; i++)
                        finish(&ones[i]);
                crew_done(&crew);
        }
}

static void a_wait_in_a_wait_is_one(void)
{
        crew_init(&crew, 1);
        crew_join(&crew);
        assert(crew_wait_begin(CREW_DIRECTORIES));
        assert(crew_wait_begin(CREW_NAMES));
        crew_wait_end(CREW_NAMES);
        assert(crew.waiting[CREW_DIRECTORIES] == 1 && crew.waiting[CREW_NAMES] == 0);
        crew_wait_end(CREW_DIRECTORIES);
        assert(crew.waiting[CREW_DIRECTORIES] == 0);
        crew_done(&crew);
}

static void strangers_wait_as_they_like(void)
{
        crew_join(NULL);
        for (unsigned i = 0; i < MANY; i++)
                assert(crew_wait_begin(CREW_PASSWORDS));
        for (unsigned i = 0; i < MANY; i++)
                crew_wait_end(CREW_PASSWORDS);
}

int main(void)
{
        half_waits_and_each_kind_leaves_room();
        one_may_always();
        a_wait_in_a_wait_is_one();
        strangers_wait_as_they_like();
        return 0;
}
