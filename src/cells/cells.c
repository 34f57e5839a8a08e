// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cells/cells.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "cells/cell.h"

#define LOOK_EVERY_S  5 /* also without being woken */
#define AFTER_FAULT_S 2

struct cells {
        struct cells_settings settings;
        const struct errand_source *source;
        pthread_mutex_t lock;
        pthread_cond_t woken;
        uint64_t wakes;
        atomic_bool stop;
        pthread_t threads[CELLS_CELLS_MAX];
        unsigned int thread_count;
        atomic_uint threads_begun;
};

int cells_new(const struct cells_settings *settings, struct cells **ret)
{
        struct cells *cells = calloc(1, sizeof(*cells));

        if (!cells)
                return fault(-ENOMEM);
        cells->settings = *settings;
        if (settings->program == settings->own_program)
                cells->settings.program = cells->settings.own_program;
        pthread_mutex_init(&cells->lock, NULL);
        pthread_cond_init(&cells->woken, NULL);
        *ret = cells;
        return 0;
}

void cells_wake(struct cells *cells)
{
        pthread_mutex_lock(&cells->lock);
        cells->wakes++;
        pthread_cond_broadcast(&cells->woken);
        pthread_mutex_unlock(&cells->lock);
}

/* Until somebody woke us since *seen, or for some seconds. */
static void wait_for_work(struct cells *cells, uint64_t *seen, int seconds)
{
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += seconds;
        pthread_mutex_lock(&cells->lock);
        while (cells->wakes == *seen && !atomic_load(&cells->stop))
                if (pthread_cond_timedwait(&cells->woken, &cells->lock, &until) == ETIMEDOUT)
                        break;
        *seen = cells->wakes;
        pthread_mutex_unlock(&cells->lock);
}

static void log_refusal(const char *what, const struct errand *errand)
{
        char id[ID_STRING];

        id_format(errand->id, id);
        log_write(LOG_NOTICE, what, "work", id, "kind", work_kind_name(errand->kind), "from",
                  format_media_type(errand->order.from), NULL);
}

static int finish(struct cells *cells, struct errand *errand, int r)
{
        if (r == 0) {
                r = cells->source->commit(errand);
                if (r > 0)
                        log_refusal("work-not-taken", errand);
                return r < 0 ? r : 0;
        }
        if (r == CELL_STOPPED || r == CELL_LOST) {
                if (r == CELL_LOST)
                        log_refusal("work-lost", errand);
                cells->source->abandon(errand);
                return 0;
        }
        /* A document that cannot even be read would stand before all others for ever. */
        if (r < 0) {
                log_fault("rendering", r);
                r = CELL_FAILED;
        } else {
                log_refusal(cell_refusal_word(r), errand);
        }
        r = cells->source->fail(errand, text_from(cell_refusal_word(r)));
        return r < 0 ? r : 0;
}

/* One errand, or why there is none. */
static int render_one(struct cells *cells, enum work_kind least_urgent, struct errand *errand)
{
        int r = cells->source->begin(cells->source->context, least_urgent, errand);

        if (r)
                return r;
        r = cell_run(&cells->settings, cells->source, errand, &cells->stop);
        return finish(cells, errand, r);
}

/* Where there are several cells, one is always kept for those who wait at a printer or before a page. */
static enum work_kind kinds_for(struct cells *cells)
{
        bool is_first = atomic_fetch_add(&cells->threads_begun, 1) == 0;

        return is_first && cells->settings.cells > 1 ? WORK_PREVIEW : WORK_INSPECTION;
}

static void *run(void *context)
{
        SCOPED(freep) struct errand *errand = calloc(1, sizeof(*errand));
        struct cells *cells = context;
        enum work_kind least_urgent = kinds_for(cells);
        uint64_t seen = 0;

        while (errand && !atomic_load(&cells->stop)) {
                int r = render_one(cells, least_urgent, errand);

                if (r < 0) {
                        log_fault("rendering", r);
                        wait_for_work(cells, &seen, AFTER_FAULT_S);
                } else if (r == ERRAND_LATER) {
                        wait_for_work(cells, &seen, AFTER_FAULT_S);
                } else if (r == ERRAND_NONE) {
                        wait_for_work(cells, &seen, LOOK_EVERY_S);
                }
        }
        return NULL;
}

int cells_start(struct cells *cells, const struct errand_source *source)
{
        cells->source = source;
        for (unsigned int i = 0; i < cells->settings.cells; i++) {
                int error = pthread_create(&cells->threads[i], NULL, run, cells);

                if (error)
                        return fault(-error);
                cells->thread_count++;
        }
        return 0;
}

void cells_stop(struct cells *cells)
{
        atomic_store(&cells->stop, true);
        cells_wake(cells);
        for (unsigned int i = 0; i < cells->thread_count; i++)
                pthread_join(cells->threads[i], NULL);
        cells->thread_count = 0;
}

void cells_free(struct cells *cells)
{
        if (!cells)
                return;
        cells_stop(cells);
        pthread_cond_destroy(&cells->woken);
        pthread_mutex_destroy(&cells->lock);
        free(cells);
}
