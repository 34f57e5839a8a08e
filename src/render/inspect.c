// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/inspect.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "render/answer.h"
#include "render/outcome.h"
#include "render/poppler.h"
#include "render/structure.h"
#include "render/view.h"

/* Looking for colours is worth so much of somebody's waiting. */
#define COLOURS_MS 10000

/* The first page, drawn at once; none where there is no Poppler. */
static int answer_image(const struct order *order, int pdf, int64_t deadline_ms)
{
        SCOPED(buffer_done) struct buffer image = BUFFER(POPPLER_IMAGE_OCTETS_MAX);
        struct order first = *order;
        int r;

        first.page = 1;
        r = poppler_draw(&first, pdf, deadline_ms, &image);
        if (r == RENDER_UNSUPPORTED)
                return 0;
        return r ? r : answer_write(FRAME_IMAGE, buffer_text(&image));
}

/* Of a long document, or where it takes too long, it stays unknown. */
static int count_colours(const struct order *order, int pdf, int64_t deadline_ms, struct facts *facts)
{
        int64_t soon_ms = clock_monotonic_ms() + COLOURS_MS;
        int r;

        if (facts->pages > order->limits.colour_pages)
                return 0;
        r = poppler_count_colours(&order->limits, pdf, facts->pages,
                                  soon_ms < deadline_ms ? soon_ms : deadline_ms, &facts->colour_pages);
        facts->has_colour_pages = r == 0;
        return r < 0 ? r : 0;
}

int inspect(const struct order *order, const struct source *source)
{
        SCOPED(view_done) struct view view = { .octets = { NULL, 0 } };
        SCOPED(closep) int pdf = -1;
        struct facts facts = { 0 };
        bool is_ready = false;
        int r;

        r = source_to_pdf(order, source, &pdf, &is_ready);
        if (r)
                return r;
        r = view_init(&view, pdf);
        if (r)
                return r;
        r = structure_read(&order->limits, view.octets, &facts);
        if (r)
                return r;
        facts.is_encrypted = facts.is_encrypted || source->is_unlocked;
        if (order->from != FORMAT_PDF || source->is_unlocked)
                r = answer_write(FRAME_BASE, view.octets);
        if (r == 0)
                r = answer_image(order, pdf, source->deadline_ms);
        if (r == 0)
                r = count_colours(order, pdf, source->deadline_ms, &facts);
        return r ? r : answer_facts(&facts);
}
