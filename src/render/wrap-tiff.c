// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/outcome.h"
#include "render/picture.h"
#include "render/wrap.h"

#define ALLOCATION_MAX (512 << 20) /* at once, by libtiff */
#define SAMPLES        4

/* The document as libtiff reads it. */
struct memory {
        struct text octets;
        uint64_t at;
};

static tmsize_t memory_read(thandle_t handle, void *to, tmsize_t len)
{
        struct memory *memory = handle;
        uint64_t left = memory->at < memory->octets.len ? memory->octets.len - memory->at : 0;
        size_t part = (uint64_t)len < left ? (size_t)len : (size_t)left;

        memcpy(to, memory->octets.at + (left ? memory->at : 0), part);
        memory->at += part;
        return (tmsize_t)part;
}

static tmsize_t memory_write(thandle_t handle, void *from, tmsize_t len)
{
        (void)handle;
        (void)from;
        (void)len;
        return 0;
}

static toff_t memory_seek(thandle_t handle, toff_t offset, int whence)
{
        struct memory *memory = handle;

        if (whence == SEEK_CUR)
                offset += memory->at;
        else if (whence == SEEK_END)
                offset += memory->octets.len;
        memory->at = offset;
        return offset;
}

static toff_t memory_size(thandle_t handle)
{
        return ((const struct memory *)handle)->octets.len;
}

static int memory_close(thandle_t handle)
{
        (void)handle;
        return 0;
}

static int be_silent(TIFF *tiff, void *context, const char *module, const char *format, va_list args)
{
        (void)tiff;
        (void)context;
        (void)module;
        (void)format;
        (void)args;
        return 1;
}

static TIFF *open_memory(struct memory *memory)
{
        TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
        TIFF *tiff;

        if (!options)
                return NULL;
        TIFFOpenOptionsSetMaxSingleMemAlloc(options, ALLOCATION_MAX);
        TIFFOpenOptionsSetErrorHandlerExtR(options, be_silent, NULL);
        TIFFOpenOptionsSetWarningHandlerExtR(options, be_silent, NULL);
        tiff = TIFFClientOpenExt("document", "rm", memory, memory_read, memory_write, memory_seek,
                                 memory_close, memory_size, NULL, NULL, options);
        TIFFOpenOptionsFree(options);
        return tiff;
}

static void tiff_closep(TIFF **tiff)
{
        if (*tiff)
                TIFFClose(*tiff);
}

/* What of a page's fields decides how it is read. */
struct page {
        struct picture picture;
        uint16_t bits, samples, photometric, planar, compression;
};

static void look(TIFF *tiff, struct page *page)
{
        uint16_t orientation = 1, unit = RESUNIT_INCH;
        float x = 0, y = 0;

        TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page->picture.width);
        TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page->picture.height);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &page->bits);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &page->samples);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &page->planar);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &page->compression);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
        if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &page->photometric))
                page->photometric = PHOTOMETRIC_MINISWHITE;
        page->picture.orientation = (uint8_t)(orientation <= 8 ? orientation : 1);
        if (TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) && TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y) &&
            unit != RESUNIT_NONE && x > 0 && x < 100000 && y > 0 && y < 100000) {
                double inch = unit == RESUNIT_CENTIMETER ? 2.54 : 1;

                page->picture.dpi_x = x * inch;
                page->picture.dpi_y = y * inch;
        }
}

/* Faxes, scans and plain colours go line by line, as they are. */
static bool is_plain(TIFF *tiff, const struct page *page)
{
        bool grey =
                page->samples == 1 && (page->bits == 1 || page->bits == 8) &&
                (page->photometric == PHOTOMETRIC_MINISWHITE || page->photometric == PHOTOMETRIC_MINISBLACK);
        bool colour = page->samples == 3 && page->bits == 8 && page->photometric == PHOTOMETRIC_RGB &&
                      page->planar == PLANARCONFIG_CONTIG;

        return (grey || colour) && !TIFFIsTiled(tiff) && page->compression != COMPRESSION_OJPEG;
}

/* A page that is cut is printed as far as it goes. */
static int write_lines(TIFF *tiff, struct picture_writer *writer, const struct picture *picture)
{
        size_t octets = picture_line_octets(picture);
        SCOPED(freep) uint8_t *line = NULL;
        int r = 0;

        if (TIFFScanlineSize(tiff) <= 0 || (size_t)TIFFScanlineSize(tiff) < octets)
                return RENDER_DAMAGED;
        line = malloc((size_t)TIFFScanlineSize(tiff));
        if (!line)
                return fault(-ENOMEM);
        for (uint32_t y = 0; r == 0 && y < picture->height; y++) {
                if (TIFFReadScanline(tiff, line, y, 0) != 1)
                        return y ? 0 : RENDER_DAMAGED;
                r = picture_line(writer, line);
        }
        return r;
}

/* libtiff gives dots as numbers, red lowest, with the colours multiplied by the opacity. */
static void put_on_white(const uint32_t *dots, uint32_t width, uint8_t *line)
{
        for (uint32_t x = 0; x < width; x++) {
                uint8_t white = (uint8_t)(255 - TIFFGetA(dots[x]));
                uint32_t colours[] = { TIFFGetR(dots[x]), TIFFGetG(dots[x]), TIFFGetB(dots[x]) };

                for (size_t i = 0; i < 3; i++)
                        line[3 * (size_t)x + i] =
                                (uint8_t)(colours[i] + white > 255 ? 255 : colours[i] + white);
        }
}

/* Everything else by libtiff's own way to red, green and blue, all dots of a page at once. */
static int write_dots(TIFF *tiff, struct picture_writer *writer, const struct picture *picture)
{
        SCOPED(freep) uint32_t *dots = malloc((size_t)picture->width * picture->height * SAMPLES);
        SCOPED(freep) uint8_t *line = malloc(picture_line_octets(picture));
        int r = 0;

        if (!dots || !line)
                return fault(-ENOMEM);
        memset(dots, 0xff, (size_t)picture->width * picture->height * SAMPLES);
        /* It is turned by the page's matrix, so not here. */
        if (!TIFFReadRGBAImageOriented(tiff, picture->width, picture->height, dots,
                                       picture->orientation ? picture->orientation : ORIENTATION_TOPLEFT, 0))
                return RENDER_DAMAGED;
        for (uint32_t y = 0; r == 0 && y < picture->height; y++) {
                put_on_white(dots + (size_t)y * picture->width, picture->width, line);
                r = picture_line(writer, line);
        }
        return r;
}

static int write_page(TIFF *tiff, const struct order *order, struct pdf *pdf)
{
        SCOPED(picture_freep) struct picture_writer *writer = NULL;
        struct page page = { .samples = 1 };
        bool plain;
        int r;

        look(tiff, &page);
        plain = is_plain(tiff, &page);
        page.picture.channels = plain ? (uint8_t)page.samples : 3;
        page.picture.bits = plain ? (uint8_t)page.bits : 8;
        page.picture.zero_is_white = plain && page.photometric == PHOTOMETRIC_MINISWHITE;
        r = picture_begin(&page.picture, pdf, &writer);
        if (r == 0)
                r = plain ? write_lines(tiff, writer, &page.picture)
                          : write_dots(tiff, writer, &page.picture);
        return r ? r : picture_end(take(writer), order);
}

/* Files of cameras and editors have small copies of a page beside it, which say so. */
static bool is_copy(TIFF *tiff)
{
        uint32_t kind = 0;

        return TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind) && (kind & FILETYPE_REDUCEDIMAGE);
}

int wrap_tiff(const struct order *order, struct text document, struct pdf *pdf)
{
        struct memory memory = { .octets = document };
        SCOPED(tiff_closep) TIFF *tiff = open_memory(&memory);
        int r = 0;

        if (!tiff)
                return RENDER_DAMAGED;
        do {
                if (pdf->pages_count && is_copy(tiff))
                        continue;
                r = write_page(tiff, order, pdf);
        } while (r == 0 && TIFFReadDirectory(tiff));
        return r;
}
