// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/renderer.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "core/rendering/work.h"
#include "base/buffer.h"
#include "base/log.h"
#include "cells/cell.h"
#include "cells/cells.h"

struct renderer {
        const struct cells_settings *settings;
        atomic_bool is_drawing, stops;
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
        renderer->settings = settings;
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

/* A document that is in memory, and what becomes of it. */
struct drawing {
        struct text document;
        struct buffer *to;
};

static int drawing_read(struct errand *errand, void *to, size_t size, size_t *ret_length)
{
        struct drawing *drawing = errand->work;
        size_t length = drawing->document.len < size ? drawing->document.len : size;

        memcpy(to, drawing->document.at, length);
        drawing->document.at += length;
        drawing->document.len -= length;
        *ret_length = length;
        return 0;
}

static int drawing_write(struct errand *errand, const struct frame *frame)
{
        struct drawing *drawing = errand->work;

        if (frame->type != FRAME_DOCUMENT)
                return frame->type == FRAME_END || frame->type == FRAME_FACTS ? 0 : ERRAND_BAD_FRAME;
        buffer_add_text(drawing->to, frame->octets);
        return drawing->to->failure ? ERRAND_TOO_LARGE : 0;
}

int renderer_draw(void *context, const struct order *order, struct text document, struct buffer *to)
{
        static const struct errand_source source = { .read = drawing_read, .write = drawing_write };
        struct renderer *renderer = context;
        struct drawing drawing = { document, to };
        struct errand errand = { .id = id_new(),
                                 .kind = WORK_PREVIEW,
                                 .order = *order,
                                 .size_octets = document.len,
                                 .work = &drawing };
        int r;

        if (renderer->settings->cells == 0)
                return CORE_UNREACHABLE;
        if (atomic_exchange(&renderer->is_drawing, true))
                return CORE_BUSY;
        r = cell_run(renderer->settings, &source, &errand, &renderer->stops);
        atomic_store(&renderer->is_drawing, false);
        if (r > 0)
                log_write(LOG_WARNING, "page-not-drawn", "reason", cell_refusal_word(r), NULL);
        return r > 0 ? CORE_UNREACHABLE : r;
}

void renderer_stop(struct renderer *renderer)
{
        atomic_store(&renderer->stops, true);
        cells_stop(renderer->cells);
}

void renderer_free(struct renderer *renderer)
{
        if (!renderer)
                return;
        cells_free(renderer->cells);
        free(renderer);
}
