// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/outcome.h"
#include "render/raster.h"
#include "render/wrap.h"

#define PIECE_OCTETS 32768
#define LEVEL        3 /* pages of text shrink well at any; more costs time */

/* The lines of a page on their way into an image stream. */
struct image {
        struct pdf *pdf;
        z_stream deflate;
        uint8_t *line;
};

static void image_done(struct image *image)
{
        deflateEnd(&image->deflate);
        free(image->line);
}

static int deflate_all(struct image *image, const uint8_t *octets, size_t len, int how)
{
        uint8_t piece[PIECE_OCTETS];

        image->deflate.next_in = (uint8_t *)octets;
        image->deflate.avail_in = (unsigned int)len;
        do {
                image->deflate.next_out = piece;
                image->deflate.avail_out = sizeof(piece);
                if (deflate(&image->deflate, how) == Z_STREAM_ERROR)
                        return fault(-EIO);
                pdf_add(image->pdf, piece, sizeof(piece) - image->deflate.avail_out);
        } while (image->deflate.avail_out == 0 && !image->pdf->failure);
        return 0;
}

static void write_dictionary(const struct raster_page *page, char *ret, size_t size)
{
        static const char *const spaces[] = {
                [RASTER_GREY] = "/DeviceGray",
                [RASTER_RGB] = "/DeviceRGB",
                [RASTER_BLACK] = "/DeviceGray",
                [RASTER_CMYK] = "/DeviceCMYK",
        };

        snprintf(ret, size,
                 "/Type /XObject /Subtype /Image /Width %u /Height %u /BitsPerComponent %u /ColorSpace %s"
                 " /Filter /FlateDecode%s",
                 page->width, page->height, page->bits_per_colour, spaces[page->colour],
                 page->colour == RASTER_BLACK ? " /Decode [1 0]" : "");
}

static int add_lines(struct raster *raster, const struct raster_page *page, struct image *image)
{
        int r;

        for (uint32_t i = 0; i < page->height && !image->pdf->failure; i++) {
                r = raster_line(raster, image->line);
                if (r)
                        return RENDER_DAMAGED;
                r = deflate_all(image, image->line, page->line_octets, Z_NO_FLUSH);
                if (r < 0)
                        return r;
        }
        return deflate_all(image, NULL, 0, Z_FINISH);
}

static int add_image(struct raster *raster, const struct raster_page *page, struct pdf *pdf, uint32_t object)
{
        SCOPED(image_done) struct image image = { .pdf = pdf };
        char dictionary[256];
        int r;

        image.line = malloc(page->line_octets);
        if (!image.line || deflateInit(&image.deflate, LEVEL) != Z_OK)
                return fault(-ENOMEM);
        write_dictionary(page, dictionary, sizeof(dictionary));
        pdf_stream_begin(pdf, object, dictionary);
        r = add_lines(raster, page, &image);
        pdf_stream_end(pdf);
        return r;
}

static int add_page(struct raster *raster, const struct raster_page *page, struct pdf *pdf)
{
        uint32_t image = pdf_reserve(pdf), content = pdf_reserve(pdf);
        double width = page->width * 72.0 / page->resolution_x;
        double height = page->height * 72.0 / page->resolution_y;
        char resources[64];
        int r;

        if (pdf->failure)
                return pdf->failure;
        r = add_image(raster, page, pdf, image);
        if (r)
                return r;
        pdf_stream_begin(pdf, content, "");
        pdf_format(pdf, "q %u.%02u 0 0 %u.%02u 0 0 cm /I Do Q", (unsigned int)width,
                   (unsigned int)(width * 100) % 100, (unsigned int)height,
                   (unsigned int)(height * 100) % 100);
        pdf_stream_end(pdf);
        snprintf(resources, sizeof(resources), "<< /XObject << /I %u 0 R >> >>", image);
        pdf_page(pdf, width, height, content, resources);
        return pdf->failure;
}

int wrap_raster(const struct order *order, struct text document, struct pdf *pdf)
{
        struct raster_page page;
        struct raster raster;
        int r;

        r = raster_begin(document, &raster);
        if (r || raster.is_apple != (order->from == FORMAT_APPLE_RASTER))
                return RENDER_DAMAGED;
        while ((r = raster_page(&raster, &page)) == 0) {
                r = add_page(&raster, &page, pdf);
                if (r)
                        return r;
        }
        if (r == RASTER_UNSUPPORTED)
                return RENDER_UNSUPPORTED;
        return r == RASTER_END && pdf->pages_count ? 0 : RENDER_DAMAGED;
}
