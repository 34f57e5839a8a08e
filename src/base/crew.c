// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/crew.h"

static _Thread_local struct crew *crew_of_this_thread;
static _Thread_local uint32_t depth; /* of its waits */

void crew_init(struct crew *crew, uint32_t threads)
{
        *crew = (struct crew){ .most = threads < 4 ? 1 : threads / 2 };
        pthread_mutex_init(&crew->lock, NULL);
}

void crew_done(struct crew *crew)
{
        pthread_mutex_destroy(&crew->lock);
}

void crew_join(struct crew *crew)
{
        crew_of_this_thread = crew;
        depth = 0;
}

static uint32_t free_places(const struct crew *crew)
{
        uint32_t all = 0;

        for (unsigned i = 0; i < CREW_WAITS; i++)
                all += crew->waiting[i];
        return crew->most - all;
}

bool crew_wait_begin(enum crew_wait kind)
{
        struct crew *crew = crew_of_this_thread;
        bool may = true;

        if (!crew)
                return true;
        if (depth == 0) {
                pthread_mutex_lock(&crew->lock);
                may = crew->waiting[kind] < free_places(crew);
                crew->waiting[kind] += may;
                pthread_mutex_unlock(&crew->lock);
        }
        depth += may;
        return may;
}

void crew_wait_end(enum crew_wait kind)
{
        struct crew *crew = crew_of_this_thread;

        if (!crew || --depth > 0)
                return;
        pthread_mutex_lock(&crew->lock);
        crew->waiting[kind]--;
        pthread_mutex_unlock(&crew->lock);
}
