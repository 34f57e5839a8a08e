// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/wrap.h"

#include "base/scope.h"
#include "render/confine.h"
#include "render/outcome.h"

static int wrap_with(const struct order *order, struct text document, struct pdf *pdf)
{
        switch (order->from) {
        case FORMAT_JPEG: return wrap_jpeg(order, document, pdf);
        case FORMAT_PNG: return wrap_png(order, document, pdf);
        case FORMAT_TIFF: return wrap_tiff(order, document, pdf);
        case FORMAT_GIF: return wrap_gif(order, document, pdf);
        case FORMAT_WEBP: return wrap_webp(order, document, pdf);
        case FORMAT_TEXT: return wrap_text(order, document, pdf);
        case FORMAT_PWG_RASTER:
        case FORMAT_APPLE_RASTER: return wrap_raster(order, document, pdf);
        default: return RENDER_UNSUPPORTED;
        }
}

struct wrapping {
        const struct order *order;
        struct text document;
        int output;
};

static int wrap(void *context)
{
        const struct wrapping *wrapping = context;
        const struct order *order = wrapping->order;
        SCOPED(pdf_done) struct pdf pdf;
        int r;

        r = pdf_init(&pdf, wrapping->output, order->limits.output_octets, order->limits.pages);
        if (r < 0)
                return r;
        r = wrap_with(order, wrapping->document, &pdf);
        return r ? r : pdf_finish(&pdf);
}

int wrap_document(const struct order *order, struct text document, int output)
{
        struct wrapping wrapping = { order, document, output };

        return confine_run(&order->limits, output, wrap, &wrapping);
}
