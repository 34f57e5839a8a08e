// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/strangers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "outpost/thread.h"

struct known {
        struct stranger stranger;
        int64_t told_ms; /* monotonic; 0: not yet */
        bool is_due;
};

struct strangers {
        const struct agent_settings *settings;
        struct service *service;
        pthread_mutex_t lock;
        pthread_cond_t due;
        struct known all[STRANGERS_MAX]; /* the latest first */
        size_t count;
        uint64_t noted; /* others, since the start */
};

/* Under the lock. False where none is due. */
static bool take_due(struct strangers *strangers, struct stranger *ret)
{
        for (size_t i = 0; i < strangers->count; i++)
                if (strangers->all[i].is_due) {
                        strangers->all[i].is_due = false;
                        *ret = strangers->all[i].stranger;
                        return true;
                }
        return false;
}

static void *run(void *context)
{
        struct strangers *strangers = context;

        for (;;) {
                struct stranger stranger;
                int r;

                pthread_mutex_lock(&strangers->lock);
                while (!take_due(strangers, &stranger))
                        pthread_cond_wait(&strangers->due, &strangers->lock);
                pthread_mutex_unlock(&strangers->lock);
                /* Not tried again: it calls again. */
                r = service_appliance(strangers->service, reader_model_name(stranger.model),
                                      stranger.address);
                if (r < 0)
                        log_fault("appliance-not-told", r);
        }
        return NULL;
}

int strangers_start(const struct agent_settings *settings, struct service *service, struct strangers **ret)
{
        struct strangers *strangers = calloc(1, sizeof(*strangers));
        int r;

        if (!strangers)
                return fault(-ENOMEM);
        strangers->settings = settings;
        strangers->service = service;
        pthread_mutex_init(&strangers->lock, NULL);
        pthread_cond_init(&strangers->due, NULL);
        r = thread_start(run, strangers);
        if (r)
                free(strangers);
        else
                *ret = strangers;
        return r;
}

/* Under the lock: takes the one of that name to the front; a new one takes the place of the oldest. */
static struct known *to_front(struct strangers *strangers, enum reader_model model, const char *address)
{
        struct known found = { .stranger.model = model };
        size_t at = 0;

        (void)text_copy(text_from(address), found.stranger.address, sizeof(found.stranger.address));
        while (at < strangers->count && (strangers->all[at].stranger.model != model ||
                                         strcmp(strangers->all[at].stranger.address, address) != 0))
                at++;
        if (at < strangers->count)
                found = strangers->all[at];
        else if (strangers->count < strangers->settings->strangers)
                strangers->count++;
        else
                at = strangers->count - 1;
        memmove(strangers->all + 1, strangers->all, at * sizeof(strangers->all[0]));
        strangers->all[0] = found;
        return &strangers->all[0];
}

void strangers_note(struct strangers *strangers, enum reader_model model, const char *address)
{
        int64_t now_ms = clock_monotonic_ms();
        struct known *known;

        pthread_mutex_lock(&strangers->lock);
        known = to_front(strangers, model, address);
        if (!known->told_ms)
                strangers->noted++;
        known->stranger.at_ms = clock_unix_ms();
        if (!known->told_ms || now_ms - known->told_ms >= strangers->settings->strangers_again_ms) {
                known->told_ms = now_ms;
                known->is_due = true;
                pthread_cond_signal(&strangers->due);
        }
        pthread_mutex_unlock(&strangers->lock);
}

uint64_t strangers_count(struct strangers *strangers)
{
        uint64_t noted;

        pthread_mutex_lock(&strangers->lock);
        noted = strangers->noted;
        pthread_mutex_unlock(&strangers->lock);
        return noted;
}

size_t strangers_list(struct strangers *strangers, struct stranger ret[STRANGERS_MAX])
{
        size_t count;

        pthread_mutex_lock(&strangers->lock);
        count = strangers->count;
        for (size_t i = 0; i < count; i++)
                ret[i] = strangers->all[i].stranger;
        pthread_mutex_unlock(&strangers->lock);
        return count;
}
