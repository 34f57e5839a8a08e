// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/exif.h"
#include "render/outcome.h"
#include "render/picture.h"
#include "render/wrap.h"

/* What stands beside the picture may take so much: texts and profiles, which nobody prints. */
#define CHUNKS_MAX       128
#define CHUNK_OCTETS_MAX (8u << 20)

/*
 * libpng leaves by longjmp() where it meets damage; so what it was at is kept here, out of the way of the
 * registers, and freed by whoever called.
 */
struct reading {
        png_structp png;
        png_infop info;
        struct text left;
        struct picture picture;
        struct picture_writer *writer;
        uint8_t *dots; /* a line, or all of an interlaced picture */
        uint8_t *line; /* as it is printed */
        uint8_t samples;
        bool is_interlaced;
};

static void reading_done(struct reading *reading)
{
        picture_freep(&reading->writer);
        free(reading->dots);
        free(reading->line);
        if (reading->png)
                png_destroy_read_struct(&reading->png, &reading->info, NULL);
}

static void be_silent(png_structp png, png_const_charp words)
{
        (void)png;
        (void)words;
}

static _Noreturn void give_up(png_structp png, png_const_charp words)
{
        (void)words;
        png_longjmp(png, 1);
}

/* Some chunks take what they say they are long, before an octet of them was seen; lines are shorter. */
static png_voidp allocate_some(png_structp png, png_alloc_size_t octets)
{
        (void)png;
        return octets <= CHUNK_OCTETS_MAX ? malloc(octets) : NULL;
}

static void free_some(png_structp png, png_voidp octets)
{
        (void)png;
        free(octets);
}

static void read_octets(png_structp png, png_bytep to, size_t len)
{
        struct reading *reading = png_get_io_ptr(png);

        if (len > reading->left.len)
                png_error(png, "cut");
        memcpy(to, reading->left.at, len);
        reading->left.at += len;
        reading->left.len -= len;
}

static void look_beside(struct reading *reading)
{
        png_uint_32 x, y, exif_len;
        png_bytep exif;
        int unit;

        if (png_get_pHYs(reading->png, reading->info, &x, &y, &unit) && unit == PNG_RESOLUTION_METER) {
                reading->picture.dpi_x = x * 0.0254;
                reading->picture.dpi_y = y * 0.0254;
        }
        if (png_get_eXIf_1(reading->png, reading->info, &exif_len, &exif))
                reading->picture.orientation = exif_orientation(text_from_octets(exif, exif_len));
}

/* Grey or colour of eight bits, perhaps with opacity, whatever it was. */
static void unify(struct reading *reading)
{
        png_byte colour = png_get_color_type(reading->png, reading->info);

        png_set_expand(reading->png);
        png_set_scale_16(reading->png);
        reading->is_interlaced = png_set_interlace_handling(reading->png) > 1;
        png_read_update_info(reading->png, reading->info);
        reading->samples = png_get_channels(reading->png, reading->info);
        reading->picture.channels = colour & PNG_COLOR_MASK_COLOR ? 3 : 1;
        reading->picture.bits = 8;
}

static int allocate(struct reading *reading)
{
        size_t line = png_get_rowbytes(reading->png, reading->info);

        reading->dots = malloc(reading->is_interlaced ? line * reading->picture.height : line);
        reading->line = malloc(picture_line_octets(&reading->picture));
        return reading->dots && reading->line ? 0 : fault(-ENOMEM);
}

static void put_on_white(const struct reading *reading, const uint8_t *dots)
{
        uint8_t channels = reading->picture.channels;

        for (uint32_t x = 0; x < reading->picture.width; x++) {
                const uint8_t *dot = dots + (size_t)x * reading->samples;
                uint8_t opacity = reading->samples > channels ? dot[channels] : 255;

                for (uint8_t i = 0; i < channels; i++)
                        reading->line[(size_t)x * channels + i] = picture_on_white(dot[i], opacity);
        }
}

static int write_line(struct reading *reading, const uint8_t *dots)
{
        put_on_white(reading, dots);
        return picture_line(reading->writer, reading->line);
}

static int read_lines(struct reading *reading)
{
        size_t octets = png_get_rowbytes(reading->png, reading->info);
        uint32_t height = reading->picture.height;
        int r = 0;

        /* Each pass fills further dots of all lines; the last one those that are left. */
        for (int pass = 0; reading->is_interlaced && pass < PNG_INTERLACE_ADAM7_PASSES; pass++)
                for (uint32_t y = 0; y < height; y++)
                        png_read_row(reading->png, reading->dots + y * octets, NULL);
        for (uint32_t y = 0; r == 0 && y < height; y++) {
                if (!reading->is_interlaced)
                        png_read_row(reading->png, reading->dots, NULL);
                r = write_line(reading, reading->dots + (reading->is_interlaced ? y * octets : 0));
        }
        return r;
}

static int begin(struct reading *reading, struct pdf *pdf)
{
        int r;

        png_read_info(reading->png, reading->info);
        reading->picture.width = png_get_image_width(reading->png, reading->info);
        reading->picture.height = png_get_image_height(reading->png, reading->info);
        r = picture_check(&reading->picture);
        if (r)
                return r;
        look_beside(reading);
        unify(reading);
        r = allocate(reading);
        return r ? r : picture_begin(&reading->picture, pdf, &reading->writer);
}

static int prepare(struct reading *reading)
{
        reading->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, NULL, give_up, be_silent, NULL,
                                                allocate_some, free_some);
        reading->info = reading->png ? png_create_info_struct(reading->png) : NULL;
        if (!reading->info)
                return fault(-ENOMEM);
        png_set_read_fn(reading->png, reading, read_octets);
        png_set_user_limits(reading->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
        png_set_chunk_cache_max(reading->png, CHUNKS_MAX);
        png_set_chunk_malloc_max(reading->png, CHUNK_OCTETS_MAX);
        return 0;
}

/* A picture that is cut is printed as far as it goes, as viewers show it; one without a line is damaged. */
static int read_picture(struct reading *reading, struct pdf *pdf)
{
        int r;

        if (setjmp(png_jmpbuf(reading->png)))
                return reading->writer && pdf->failure == 0 ? 0 : RENDER_DAMAGED;
        r = begin(reading, pdf);
        return r ? r : read_lines(reading);
}

int wrap_png(const struct order *order, struct text document, struct pdf *pdf)
{
        SCOPED(reading_done) struct reading reading = { .left = document };
        int r;

        r = prepare(&reading);
        if (r == 0)
                r = read_picture(&reading, pdf);
        return r ? r : picture_end(take(reading.writer), order);
}
