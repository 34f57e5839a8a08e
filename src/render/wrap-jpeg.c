// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>

#include "render/jpeg.h"
#include "render/outcome.h"
#include "render/picture.h"
#include "render/wrap.h"

static const char *colour_space(const struct jpeg *jpeg)
{
        switch (jpeg->components) {
        case 1: return "/DeviceGray";
        case 3: return "/DeviceRGB";
        default: return "/DeviceCMYK";
        }
}

static void add_image(struct pdf *pdf, uint32_t object, const struct jpeg *jpeg, struct text document)
{
        char dictionary[256];

        snprintf(dictionary, sizeof(dictionary),
                 "/Type /XObject /Subtype /Image /Width %u /Height %u /BitsPerComponent 8 /ColorSpace %s"
                 " /Filter /DCTDecode%s",
                 jpeg->width, jpeg->height, colour_space(jpeg),
                 jpeg->components == 4 && jpeg->inverted ? " /Decode [1 0 1 0 1 0 1 0]" : "");
        pdf_stream_begin(pdf, object, dictionary);
        pdf_add(pdf, document.at, document.len);
        pdf_stream_end(pdf);
}

int wrap_jpeg(const struct order *order, struct text document, struct pdf *pdf)
{
        uint32_t image = pdf_reserve(pdf);
        struct picture picture;
        struct jpeg jpeg;
        int r;

        r = jpeg_parse(document, &jpeg);
        if (r)
                return r == JPEG_UNSUPPORTED ? RENDER_UNSUPPORTED : RENDER_DAMAGED;
        picture = (struct picture){ .width = jpeg.width,
                                    .height = jpeg.height,
                                    .orientation = jpeg.orientation,
                                    .dpi_x = jpeg.dpi_x,
                                    .dpi_y = jpeg.dpi_y };
        r = picture_check(&picture);
        if (r)
                return r;
        add_image(pdf, image, &jpeg, document);
        return picture_page(&picture, order, pdf, image);
}
