// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/renderer.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/rendition.h"
#include "server/cell.h"

#define CELLS_MAX     64
#define LOOK_EVERY_S  5 /* also without being woken */
#define AFTER_FAULT_S 2

struct renderer {
        struct renderer_settings settings;
        struct core *core;
        pthread_mutex_t lock;
        pthread_cond_t woken;
        uint64_t wakes;
        atomic_bool stop;
        pthread_t threads[CELLS_MAX];
        unsigned int thread_count;
};

int renderer_new(const struct renderer_settings *settings, struct renderer **ret)
{
        struct renderer *renderer = calloc(1, sizeof(*renderer));

        if (!renderer)
                return fault(-ENOMEM);
        renderer->settings = *settings;
        pthread_mutex_init(&renderer->lock, NULL);
        pthread_cond_init(&renderer->woken, NULL);
        *ret = renderer;
        return 0;
}

void renderer_wake(struct renderer *renderer)
{
        pthread_mutex_lock(&renderer->lock);
        renderer->wakes++;
        pthread_cond_broadcast(&renderer->woken);
        pthread_mutex_unlock(&renderer->lock);
}

/* Until somebody woke us since *seen, or for some seconds. */
static void wait_for_work(struct renderer *renderer, uint64_t *seen, int seconds)
{
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += seconds;
        pthread_mutex_lock(&renderer->lock);
        while (renderer->wakes == *seen && !atomic_load(&renderer->stop))
                if (pthread_cond_timedwait(&renderer->woken, &renderer->lock, &until) == ETIMEDOUT)
                        break;
        *seen = renderer->wakes;
        pthread_mutex_unlock(&renderer->lock);
}

static int finish(struct rendition *rendition, const struct rendition_order *order, int r)
{
        char delivery[ID_STRING];

        if (r == 0)
                return rendition_commit(rendition);
        if (r == CELL_STOPPED) {
                rendition_abandon(rendition);
                return 0;
        }
        /* A document that cannot even be read would stand before all others for ever. */
        if (r < 0) {
                log_fault("rendering", r);
                return rendition_fail(rendition, TEXT_OF("cannot-be-converted"));
        }
        id_format(order->delivery, delivery);
        log_write(LOG_WARNING, cell_refusal_word(r), "delivery", delivery, "from",
                  format_media_type(order->order.from), "to", format_media_type(order->order.to), NULL);
        return rendition_fail(rendition, text_from(cell_refusal_word(r)));
}

/* One rendition; CORE_NOTHING_HELD where none is wanted. */
static int render_one(struct renderer *renderer, struct rendition_order *order)
{
        struct rendition *rendition;
        int r = rendition_begin(renderer->core, order, &rendition);

        if (r)
                return r;
        r = cell_run(&renderer->settings, order, rendition, &renderer->stop);
        return finish(rendition, order, r);
}

static void *run(void *context)
{
        SCOPED(freep) struct rendition_order *order = calloc(1, sizeof(*order));
        struct renderer *renderer = context;
        uint64_t seen = 0;

        while (order && !atomic_load(&renderer->stop)) {
                int r = render_one(renderer, order);

                if (r < 0) {
                        log_fault("rendering", r);
                        wait_for_work(renderer, &seen, AFTER_FAULT_S);
                } else if (r == CORE_STORAGE_FULL || r == CORE_BUSY) {
                        wait_for_work(renderer, &seen, AFTER_FAULT_S);
                } else if (r == CORE_NOTHING_HELD) {
                        wait_for_work(renderer, &seen, LOOK_EVERY_S);
                }
        }
        return NULL;
}

int renderer_start(struct renderer *renderer, struct core *core)
{
        renderer->core = core;
        for (unsigned int i = 0; i < renderer->settings.cells && i < CELLS_MAX; i++) {
                int error = pthread_create(&renderer->threads[i], NULL, run, renderer);

                if (error)
                        return fault(-error);
                renderer->thread_count++;
        }
        return 0;
}

void renderer_stop(struct renderer *renderer)
{
        atomic_store(&renderer->stop, true);
        renderer_wake(renderer);
        for (unsigned int i = 0; i < renderer->thread_count; i++)
                pthread_join(renderer->threads[i], NULL);
        renderer->thread_count = 0;
}

void renderer_free(struct renderer *renderer)
{
        if (!renderer)
                return;
        renderer_stop(renderer);
        pthread_cond_destroy(&renderer->woken);
        pthread_mutex_destroy(&renderer->lock);
        free(renderer);
}
