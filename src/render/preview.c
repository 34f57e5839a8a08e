// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/preview.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "render/answer.h"
#include "render/outcome.h"
#include "render/poppler.h"

int preview(const struct order *order, const struct source *source)
{
        SCOPED(buffer_done) struct buffer image = BUFFER(POPPLER_IMAGE_OCTETS_MAX);
        SCOPED(closep) int pdf = -1;
        bool is_ready = false;
        int r;

        if (order->to != FORMAT_JPEG)
                return RENDER_UNSUPPORTED;
        r = source_to_pdf(order, source, &pdf, &is_ready);
        if (r)
                return r;
        r = poppler_draw(order, pdf, source->deadline_ms, &image);
        return r ? r : answer_write(FRAME_IMAGE, buffer_text(&image));
}
