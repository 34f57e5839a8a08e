// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/sweeper.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/core.h"

struct sweeper {
        struct core *core;
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool stop;
};

/* False when it is time to stop. */
static bool wait_a_second(struct sweeper *sweeper)
{
        struct timespec until;
        bool stop;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
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

        while (wait_a_second(sweeper)) {
                int r = core_sweep(sweeper->core);

                /* What fails each second would fill the log. */
                if (r < 0 && r != last)
                        log_fault("sweep", r);
                last = r;
        }
        return NULL;
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
        *ret = sweeper;
        return 0;
}

void sweeper_stopp(struct sweeper **at)
{
        struct sweeper *sweeper = *at;

        if (!sweeper)
                return;
        pthread_mutex_lock(&sweeper->lock);
        sweeper->stop = true;
        pthread_cond_signal(&sweeper->changed);
        pthread_mutex_unlock(&sweeper->lock);
        pthread_join(sweeper->thread, NULL);
        pthread_cond_destroy(&sweeper->changed);
        pthread_mutex_destroy(&sweeper->lock);
        free(sweeper);
        *at = NULL;
}
