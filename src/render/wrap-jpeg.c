// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>

#include "render/jpeg.h"
#include "render/outcome.h"
#include "render/wrap.h"

#define MARGIN 18.0 /* a quarter of an inch: what most printers cannot print on */

static const char *colour_space(const struct jpeg *jpeg)
{
        switch (jpeg->components) {
        case 1: return "/DeviceGray";
        case 3: return "/DeviceRGB";
        default: return "/DeviceCMYK";
        }
}

/* The unit square, turned and mirrored as the camera says: a b c d e f of the matrix, for orientations 1
 * to 8. */
static const int turns[8][6] = {
        { 1, 0, 0, 1, 0, 0 },   { -1, 0, 0, 1, 1, 0 }, { -1, 0, 0, -1, 1, 1 }, { 1, 0, 0, -1, 0, 1 },
        { 0, -1, -1, 0, 1, 1 }, { 0, -1, 1, 0, 0, 1 }, { 0, 1, 1, 0, 0, 0 },   { 0, 1, -1, 0, 1, 0 },
};

struct place {
        double x, y, width, height;
};

/* As large as fits, in the middle. */
static struct place fit(double width, double height, double page_width, double page_height)
{
        double room_width = page_width - 2 * MARGIN, room_height = page_height - 2 * MARGIN;
        double scale = room_width / width < room_height / height ? room_width / width : room_height / height;
        struct place place = { .width = width * scale, .height = height * scale };

        place.x = (page_width - place.width) / 2;
        place.y = (page_height - place.height) / 2;
        return place;
}

static void add_content(struct pdf *pdf, uint32_t object, const struct place *place, const int turn[6])
{
        pdf_stream_begin(pdf, object, "");
        pdf_format(pdf, "q %d 0 0 %d %d %d cm ", (int)place->width, (int)place->height, (int)place->x,
                   (int)place->y);
        pdf_format(pdf, "%d %d %d %d %d %d cm /I Do Q", turn[0], turn[1], turn[2], turn[3], turn[4], turn[5]);
        pdf_stream_end(pdf);
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
        double width, height, page_width = order->media.width, page_height = order->media.height;
        uint32_t image = pdf_reserve(pdf), content = pdf_reserve(pdf);
        char resources[64];
        struct place place;
        struct jpeg jpeg;
        int r;

        r = jpeg_parse(document, &jpeg);
        if (r)
                return r == JPEG_UNSUPPORTED ? RENDER_UNSUPPORTED : RENDER_DAMAGED;
        width = jpeg.orientation >= 5 ? jpeg.height : jpeg.width;
        height = jpeg.orientation >= 5 ? jpeg.width : jpeg.height;
        if ((width > height) != (page_width > page_height)) {
                page_width = order->media.height;
                page_height = order->media.width;
        }
        place = fit(width, height, page_width, page_height);

        add_image(pdf, image, &jpeg, document);
        add_content(pdf, content, &place, turns[jpeg.orientation - 1]);
        snprintf(resources, sizeof(resources), "<< /XObject << /I %u 0 R >> >>", image);
        pdf_page(pdf, page_width, page_height, content, resources);
        return 0;
}
