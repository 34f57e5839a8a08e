// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/inquirer.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/core.h"
#include "identity/identity.h"

struct inquirer {
        struct identity *identity;
        struct core *core;
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool stop;
};

/* False when it is time to stop. */
static bool wait_a_second(struct inquirer *inquirer)
{
        struct timespec until;
        bool stop;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_mutex_lock(&inquirer->lock);
        while (!inquirer->stop)
                if (pthread_cond_timedwait(&inquirer->changed, &inquirer->lock, &until) == ETIMEDOUT)
                        break;
        stop = inquirer->stop;
        pthread_mutex_unlock(&inquirer->lock);
        return !stop;
}

static void *run(void *context)
{
        struct inquirer *inquirer = context;
        int last = 0;

        while (wait_a_second(inquirer)) {
                int r = identity_check(inquirer->identity, inquirer->core);

                /* What fails each second would fill the log. */
                if (r < 0 && r != last)
                        log_fault("inquire", r);
                last = r;
        }
        return NULL;
}

int inquirer_start(struct identity *identity, struct core *core, struct inquirer **ret)
{
        struct inquirer *inquirer = calloc(1, sizeof(*inquirer));
        int error;

        if (!inquirer)
                return fault(-ENOMEM);
        inquirer->identity = identity;
        inquirer->core = core;
        pthread_mutex_init(&inquirer->lock, NULL);
        pthread_cond_init(&inquirer->changed, NULL);
        error = pthread_create(&inquirer->thread, NULL, run, inquirer);
        if (error) {
                free(inquirer);
                return fault(-error);
        }
        *ret = inquirer;
        return 0;
}

void inquirer_stopp(struct inquirer **at)
{
        struct inquirer *inquirer = *at;

        if (!inquirer)
                return;
        identity_stop(inquirer->identity);
        pthread_mutex_lock(&inquirer->lock);
        inquirer->stop = true;
        pthread_cond_signal(&inquirer->changed);
        pthread_mutex_unlock(&inquirer->lock);
        pthread_join(inquirer->thread, NULL);
        pthread_cond_destroy(&inquirer->changed);
        pthread_mutex_destroy(&inquirer->lock);
        free(inquirer);
        *at = NULL;
}
