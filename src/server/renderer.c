// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/renderer.h"

#include <errno.h>
#include <stdlib.h>

#include "base/outcome.h"
#include "core/work.h"
#include "cells/cells.h"

struct renderer {
        struct cells *cells;
        struct core *core;
        struct errand_source source;
};

static int refusal_of_core(int r)
{
        switch (r) {
        case CORE_NOTHING_HELD: return ERRAND_NONE;
        case CORE_DESTROYED: return ERRAND_ANOTHER;
        case CORE_BUSY: return ERRAND_LATER;
        case CORE_TOO_LARGE: return ERRAND_TOO_LARGE;
        case CORE_STORAGE_FULL: return ERRAND_STORAGE_FULL;
        case CORE_BAD_VALUE: return ERRAND_BAD_FRAME;
        default: return fold(r);
        }
}

static int begin(void *context, enum work_kind least_urgent, struct errand *ret)
{
        struct renderer *renderer = context;
        struct work_order order;
        struct work *work;
        int r;

        r = work_begin(renderer->core, least_urgent, core_settings(renderer->core)->own_formats, &order,
                       &work);
        if (r)
                return r == CORE_STORAGE_FULL ? ERRAND_LATER : refusal_of_core(r);
        *ret = (struct errand){ order.id, order.kind, order.order, order.size_octets, work };
        return 0;
}

static int read_piece(struct errand *errand, void *to, size_t size, size_t *ret_length)
{
        return refusal_of_core(work_read(errand->work, to, size, ret_length));
}

static int write_piece(struct errand *errand, const struct frame *frame)
{
        return refusal_of_core(work_write(errand->work, frame));
}

static int commit(struct errand *errand)
{
        return refusal_of_core(work_commit(errand->work));
}

static int fail(struct errand *errand, struct text reason)
{
        return refusal_of_core(work_fail(errand->work, reason));
}

static void abandon(struct errand *errand)
{
        work_abandon(errand->work);
}

int renderer_new(const struct cells_settings *settings, struct renderer **ret)
{
        struct renderer *renderer = calloc(1, sizeof(*renderer));
        int r;

        if (!renderer)
                return fault(-ENOMEM);
        renderer->source = (struct errand_source){ .begin = begin,
                                                   .read = read_piece,
                                                   .write = write_piece,
                                                   .commit = commit,
                                                   .fail = fail,
                                                   .abandon = abandon,
                                                   .context = renderer };
        r = cells_new(settings, &renderer->cells);
        if (r) {
                free(renderer);
                return r;
        }
        *ret = renderer;
        return 0;
}

int renderer_start(struct renderer *renderer, struct core *core)
{
        renderer->core = core;
        return cells_start(renderer->cells, &renderer->source);
}

void renderer_wake(struct renderer *renderer)
{
        cells_wake(renderer->cells);
}

void renderer_stop(struct renderer *renderer)
{
        cells_stop(renderer->cells);
}

void renderer_free(struct renderer *renderer)
{
        if (!renderer)
                return;
        cells_free(renderer->cells);
        free(renderer);
}
