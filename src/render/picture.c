// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/outcome.h"

#define MARGIN       18.0 /* a quarter of an inch: what most printers cannot print on */
#define DPI_LEAST    72.0 /* a small picture is not blown up further */
#define OWN_LEAST    0.80 /* of the medium, and at most so much: its own size is what was meant */
#define OWN_MOST     1.03 /* a fax is 215 mm wide */
#define LEVEL        3
#define PIECE_OCTETS 32768

struct picture_writer {
        struct picture picture;
        struct pdf *pdf;
        uint32_t image;
        uint32_t lines;
        z_stream deflate;
        uint8_t *line; /* room for one, where some are missing */
        uint8_t piece[PIECE_OCTETS];
};

int picture_check(const struct picture *picture)
{
        if (!picture->width || !picture->height)
                return RENDER_DAMAGED;
        if (picture->width > PICTURE_SIDE_MAX || picture->height > PICTURE_SIDE_MAX ||
            (uint64_t)picture->width * picture->height > PICTURE_PIXELS_MAX)
                return RENDER_LIMIT;
        return 0;
}

size_t picture_line_octets(const struct picture *picture)
{
        return ((size_t)picture->width * picture->channels * picture->bits + 7) / 8;
}

static void write_dictionary(const struct picture *picture, char *ret, size_t size)
{
        snprintf(ret, size,
                 "/Type /XObject /Subtype /Image /Width %u /Height %u /BitsPerComponent %u /ColorSpace %s"
                 " /Filter /FlateDecode%s",
                 picture->width, picture->height, picture->bits,
                 picture->channels == 1 ? "/DeviceGray" : "/DeviceRGB",
                 picture->zero_is_white ? " /Decode [1 0]" : "");
}

void picture_freep(struct picture_writer **writer)
{
        if (!*writer)
                return;
        deflateEnd(&(*writer)->deflate);
        free((*writer)->line);
        free(*writer);
        *writer = NULL;
}

int picture_begin(const struct picture *picture, struct pdf *pdf, struct picture_writer **ret)
{
        SCOPED(picture_freep) struct picture_writer *writer = NULL;
        char dictionary[256];
        int r;

        r = picture_check(picture);
        if (r)
                return r;
        writer = calloc(1, sizeof(*writer));
        if (!writer)
                return fault(-ENOMEM);
        writer->picture = *picture;
        writer->pdf = pdf;
        writer->line = malloc(picture_line_octets(picture));
        if (!writer->line || deflateInit(&writer->deflate, LEVEL) != Z_OK)
                return fault(-ENOMEM);
        writer->image = pdf_reserve(pdf);
        write_dictionary(picture, dictionary, sizeof(dictionary));
        pdf_stream_begin(pdf, writer->image, dictionary);
        *ret = take(writer);
        return 0;
}

static int add(struct picture_writer *writer, const uint8_t *octets, size_t len, int flush)
{
        z_stream *z = &writer->deflate;
        int r;

        z->next_in = (Bytef *)(uintptr_t)octets;
        z->avail_in = (uInt)len;
        do {
                z->next_out = writer->piece;
                z->avail_out = sizeof(writer->piece);
                r = deflate(z, flush);
                if (r == Z_STREAM_ERROR)
                        return fault(-EIO);
                pdf_add(writer->pdf, writer->piece, sizeof(writer->piece) - z->avail_out);
        } while (z->avail_out == 0);
        return writer->pdf->failure;
}

int picture_line(struct picture_writer *writer, const uint8_t *line)
{
        if (writer->lines == writer->picture.height)
                return 0;
        writer->lines++;
        return add(writer, line, picture_line_octets(&writer->picture), Z_NO_FLUSH);
}

int picture_end(struct picture_writer *writer, const struct order *order)
{
        SCOPED(picture_freep) struct picture_writer *ending = writer;
        int r = 0;

        memset(ending->line, ending->picture.zero_is_white ? 0 : 0xff, picture_line_octets(&ending->picture));
        while (r == 0 && ending->lines < ending->picture.height)
                r = picture_line(ending, ending->line);
        if (r == 0)
                r = add(ending, NULL, 0, Z_FINISH);
        if (r)
                return r;
        pdf_stream_end(ending->pdf);
        return picture_page(&ending->picture, order, ending->pdf, ending->image);
}

/* The unit square, turned and mirrored as the camera says: a b c d e f of the matrix, for orientations 1
 * to 8. */
static const int turns[8][6] = {
        { 1, 0, 0, 1, 0, 0 },   { -1, 0, 0, 1, 1, 0 }, { -1, 0, 0, -1, 1, 1 }, { 1, 0, 0, -1, 0, 1 },
        { 0, -1, -1, 0, 1, 1 }, { 0, -1, 1, 0, 0, 1 }, { 0, 1, 1, 0, 0, 0 },   { 0, 1, -1, 0, 1, 0 },
};

struct size {
        double width, height;
};

static bool is_own_size(struct size own, struct size page)
{
        return own.width <= page.width * OWN_MOST && own.height <= page.height * OWN_MOST &&
               own.width >= page.width * OWN_LEAST && own.height >= page.height * OWN_LEAST;
}

/* own: zero where the picture does not say. */
static struct size size_on(struct size dots, struct size own, struct size page)
{
        struct size room = { page.width - 2 * MARGIN, page.height - 2 * MARGIN };
        double scale = room.width / dots.width < room.height / dots.height ? room.width / dots.width
                                                                           : room.height / dots.height;

        if (own.width > 0 && is_own_size(own, page))
                return own;
        if (scale > 72 / DPI_LEAST)
                scale = 72 / DPI_LEAST;
        return (struct size){ dots.width * scale, dots.height * scale };
}

static long hundredths(double points)
{
        return (long)(points * 100 + (points < 0 ? -0.5 : 0.5));
}

/* "12.34 ", in whatever language the machine speaks. */
static void add_number(struct pdf *pdf, double points)
{
        long number = hundredths(points);

        pdf_format(pdf, "%s%ld.%02ld ", number < 0 ? "-" : "", labs(number) / 100, labs(number) % 100);
}

static void add_content(struct pdf *pdf, uint32_t object, struct size size, struct size page,
                        const int turn[6])
{
        pdf_stream_begin(pdf, object, "");
        pdf_format(pdf, "q ");
        add_number(pdf, size.width);
        pdf_format(pdf, "0 0 ");
        add_number(pdf, size.height);
        add_number(pdf, (page.width - size.width) / 2);
        add_number(pdf, (page.height - size.height) / 2);
        pdf_format(pdf, "cm %d %d %d %d %d %d cm /I Do Q", turn[0], turn[1], turn[2], turn[3], turn[4],
                   turn[5]);
        pdf_stream_end(pdf);
}

static struct size turned(struct size size, bool is_turned)
{
        return is_turned ? (struct size){ size.height, size.width } : size;
}

int picture_page(const struct picture *picture, const struct order *order, struct pdf *pdf, uint32_t image)
{
        unsigned int orientation =
                picture->orientation >= 1 && picture->orientation <= 8 ? picture->orientation : 1;
        struct size page = { order->media.width, order->media.height };
        struct size dots = { picture->width, picture->height }, own = { 0, 0 }, size;
        uint32_t content = pdf_reserve(pdf);
        char resources[64];

        /* Whoever wrote "1 dot an inch", wrote nothing. */
        if (picture->dpi_x >= 36 && picture->dpi_y >= 36)
                own = (struct size){ dots.width / picture->dpi_x * 72, dots.height / picture->dpi_y * 72 };
        /* Dots that are not square, as in faxes of normal resolution. */
        if (own.width > 0)
                dots.height *= picture->dpi_x / picture->dpi_y;
        dots = turned(dots, orientation >= 5);
        own = turned(own, orientation >= 5);
        page = turned(page, (dots.width > dots.height) != (page.width > page.height));
        size = size_on(dots, own, page);

        add_content(pdf, content, size, page, turns[orientation - 1]);
        snprintf(resources, sizeof(resources), "<< /XObject << /I %u 0 R >> >>", image);
        pdf_page(pdf, page.width, page.height, content, resources);
        return pdf->failure;
}
