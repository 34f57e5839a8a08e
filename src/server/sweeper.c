// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/sweeper.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/core.h"

#define SECOND_US 1000000

struct sweeper {
        struct core *core;
        pthread_t thread, chores;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool stop;
};

/* False when it is time to stop. */
static bool wait_for(struct sweeper *sweeper, int64_t us)
{
        struct timespec until;
        bool stop;

        clock_gettime(CLOCK_REALTIME, &until);
        us += until.tv_nsec / 1000;
        until.tv_sec += us / SECOND_US;
        until.tv_nsec = us % SECOND_US * 1000;
        pthread_mutex_lock(&sweeper->lock);
        while (!sweeper->stop)
                if (pthread_cond_timedwait(&sweeper->changed, &sweeper->lock, &until) == ETIMEDOUT)
                        break;
        stop = sweeper->stop;
        pthread_mutex_unlock(&sweeper->lock);
        return !stop;
}

static void *run(void *context)
{
        struct sweeper *sweeper = context;
        int last = 0;

        while (wait_for(sweeper, SECOND_US)) {
                int r = core_sweep(sweeper->core);

                /* What fails each second would fill the log. */
                if (r < 0 && r != last)
                        log_fault("sweep", r);
                last = r;
        }
        return NULL;
}

/* Half of the time is left to others, whatever there is to do. */
static void *run_chores(void *context)
{
        struct sweeper *sweeper = context;
        int64_t pause_us = SECOND_US;
        int last = 0;

        while (wait_for(sweeper, pause_us)) {
                int64_t began_us = clock_monotonic_us();
                bool more = false;
                int r = core_chore(sweeper->core, &more);

                if (r < 0 && r != last)
                        log_fault("chore", r);
                last = r;
                pause_us = r == 0 && more ? clock_monotonic_us() - began_us : SECOND_US;
        }
        return NULL;
}

static void stop(struct sweeper *sweeper, bool has_chores)
{
        pthread_mutex_lock(&sweeper->lock);
        sweeper->stop = true;
        pthread_cond_broadcast(&sweeper->changed);
        pthread_mutex_unlock(&sweeper->lock);
        pthread_join(sweeper->thread, NULL);
        if (has_chores)
                pthread_join(sweeper->chores, NULL);
        pthread_cond_destroy(&sweeper->changed);
        pthread_mutex_destroy(&sweeper->lock);
        free(sweeper);
}

int sweeper_start(struct core *core, struct sweeper **ret)
{
        struct sweeper *sweeper = calloc(1, sizeof(*sweeper));
        int error;

        if (!sweeper)
                return fault(-ENOMEM);
        sweeper->core = core;
        pthread_mutex_init(&sweeper->lock, NULL);
        pthread_cond_init(&sweeper->changed, NULL);
        error = pthread_create(&sweeper->thread, NULL, run, sweeper);
        if (error) {
                free(sweeper);
                return fault(-error);
        }
        error = pthread_create(&sweeper->chores, NULL, run_chores, sweeper);
        if (error) {
                stop(sweeper, false);
                return fault(-error);
        }
        *ret = sweeper;
        return 0;
}

void sweeper_stopp(struct sweeper **at)
{
        struct sweeper *sweeper = *at;

        if (!sweeper)
                return;
        stop(sweeper, true);
        *at = NULL;
}
