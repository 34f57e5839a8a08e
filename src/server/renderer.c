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
#include "core/work.h"
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
        atomic_uint threads_begun;
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

static int finish(struct work *work, const struct work_order *order, int r)
{
        char id[ID_STRING];

        if (r == 0)
                return work_commit(work);
        if (r == CELL_STOPPED) {
                work_abandon(work);
                return 0;
        }
        /* A document that cannot even be read would stand before all others for ever. */
        if (r < 0) {
                log_fault("rendering", r);
                return work_fail(work, TEXT_OF("conversion-failed"));
        }
        id_format(order->id, id);
        log_write(LOG_NOTICE, cell_refusal_word(r), "work", id, "kind", work_kind_name(order->kind), "from",
                  format_media_type(order->order.from), NULL);
        return work_fail(work, text_from(cell_refusal_word(r)));
}

/* One work; CORE_NOTHING_HELD where there is none. */
static int render_one(struct renderer *renderer, enum work_kind least_urgent, struct work_order *order)
{
        struct work *work;
        int r = work_begin(renderer->core, least_urgent, order, &work);

        if (r)
                return r;
        r = cell_run(&renderer->settings, order, work, &renderer->stop);
        return finish(work, order, r);
}

/* Where there are several cells, one is always kept for those who wait at a printer or before a page. */
static enum work_kind kinds_for(struct renderer *renderer)
{
        bool is_first = atomic_fetch_add(&renderer->threads_begun, 1) == 0;

        return is_first && renderer->settings.cells > 1 ? WORK_PREVIEW : WORK_INSPECTION;
}

static void *run(void *context)
{
        SCOPED(freep) struct work_order *order = calloc(1, sizeof(*order));
        struct renderer *renderer = context;
        enum work_kind least_urgent = kinds_for(renderer);
        uint64_t seen = 0;

        while (order && !atomic_load(&renderer->stop)) {
                int r = render_one(renderer, least_urgent, order);

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
