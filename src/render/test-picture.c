// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Pictures of every kind, made here by the libraries' own writers: upright, in their colours, on white; and
 * those that are made to eat memory. */
#include <gif_lib.h>
#include <png.h>
#include <tiffio.h>
#include <webp/encode.h>

#include "render/test-render.h"

#define WIDTH  600
#define HEIGHT 400
#define RED    0xff0000
#define BLUE   0x0000ff
#define WHITE  0xffffff

/* Red above left, blue below right, and nothing in the other quarters. */
static void paint(uint8_t *rgba)
{
        for (int y = 0; y < HEIGHT; y++)
                for (int x = 0; x < WIDTH; x++) {
                        uint8_t *dot = rgba + 4 * (y * WIDTH + x);
                        bool left = x < WIDTH / 2, above = y < HEIGHT / 2;

                        dot[0] = left && above ? 255 : 0;
                        dot[1] = 0;
                        dot[2] = !left && !above ? 255 : 0;
                        dot[3] = left == above ? 255 : 0;
                }
}

static void make_png(const uint8_t *rgba, struct buffer *ret)
{
        png_image image = {
                .version = PNG_IMAGE_VERSION, .width = WIDTH, .height = HEIGHT, .format = PNG_FORMAT_RGBA
        };
        png_alloc_size_t len = 1 << 20;
        char *at = buffer_extend(ret, len);

        assert(png_image_write_to_memory(&image, at, &len, 0, rgba, 0, NULL));
        ret->len = len;
}

static void make_webp(const uint8_t *rgba, struct buffer *ret)
{
        uint8_t *octets;
        size_t len = WebPEncodeLosslessRGBA(rgba, WIDTH, HEIGHT, 4 * WIDTH, &octets);

        assert(len);
        buffer_add(ret, octets, len);
        WebPFree(octets);
}

static int write_gif(GifFileType *gif, const GifByteType *octets, int len)
{
        buffer_add(gif->UserData, octets, (size_t)len);
        return len;
}

static void make_gif(const uint8_t *rgba, struct buffer *ret)
{
        static const GifColorType colours[] = { { 0, 0, 0 }, { 255, 0, 0 }, { 0, 0, 255 }, { 0, 255, 0 } };
        static const uint8_t transparent[] = { 1, 0, 0, 3 };
        ColorMapObject *map = GifMakeMapObject(4, colours);
        GifFileType *gif = EGifOpen(ret, write_gif, NULL);
        uint8_t line[WIDTH];

        assert(map && gif);
        EGifSetGifVersion(gif, true);
        assert(EGifPutScreenDesc(gif, WIDTH, HEIGHT, 2, 0, map) == GIF_OK);
        assert(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, transparent) == GIF_OK);
        assert(EGifPutImageDesc(gif, 0, 0, WIDTH, HEIGHT, true, NULL) == GIF_OK);
        for (int pass = 0; pass < 4; pass++)
                for (int y = (int[]){ 0, 4, 2, 1 }[pass]; y < HEIGHT; y += (int[]){ 8, 8, 4, 2 }[pass]) {
                        for (int x = 0; x < WIDTH; x++) {
                                const uint8_t *dot = rgba + 4 * (y * WIDTH + x);

                                line[x] = !dot[3] ? 3 : dot[0] ? 1 : 2;
                        }
                        assert(EGifPutLine(gif, line, WIDTH) == GIF_OK);
                }
        assert(EGifCloseFile(gif, NULL) == GIF_OK);
        GifFreeMapObject(map);
}

static void write_tiff_page(TIFF *tiff, const uint8_t *rgba, uint16_t compression, bool is_tiled)
{
        static const uint16_t extra[] = { EXTRASAMPLE_UNASSALPHA };
        uint8_t tile[4 * 64 * 64];

        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 4);
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, extra);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
        TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
        if (!is_tiled) {
                TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
                for (uint32_t y = 0; y < HEIGHT; y++)
                        assert(TIFFWriteScanline(tiff, (void *)(uintptr_t)(rgba + 4 * WIDTH * y), y, 0) == 1);
                assert(TIFFWriteDirectory(tiff));
                return;
        }
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 64);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, 64);
        for (uint32_t top = 0; top < HEIGHT; top += 64)
                for (uint32_t left = 0; left < WIDTH; left += 64) {
                        memset(tile, 0, sizeof(tile));
                        for (uint32_t y = 0; y < 64 && top + y < HEIGHT; y++)
                                for (uint32_t x = 0; x < 64 && left + x < WIDTH; x++)
                                        memcpy(tile + 4 * (64 * y + x),
                                               rgba + 4 * ((top + y) * WIDTH + left + x), 4);
                        assert(TIFFWriteTile(tiff, tile, left, top, 0, 0) > 0);
                }
        assert(TIFFWriteDirectory(tiff));
}

static void take_file(int fd, struct buffer *ret)
{
        off_t len = lseek(fd, 0, SEEK_END);
        char *at = buffer_extend(ret, (size_t)len);

        assert(len > 0 && at && file_read_exactly_at(fd, at, (size_t)len, 0) == 0);
}

static void make_tiff(const uint8_t *rgba, struct buffer *ret)
{
        int fd = memfd_create("tiff", MFD_CLOEXEC);
        SCOPED(closep) int kept = dup(fd);
        TIFF *tiff = TIFFFdOpen(fd, "tiff", "w");

        assert(tiff);
        write_tiff_page(tiff, rgba, COMPRESSION_LZW, false);
        write_tiff_page(tiff, rgba, COMPRESSION_ADOBE_DEFLATE, true);
        write_tiff_page(tiff, rgba, COMPRESSION_NONE, false);
        TIFFClose(tiff);
        take_file(kept, ret);
}

/* Black and white, white first; faxes of so many pages. */
static void make_fax(int pages, struct buffer *ret)
{
        int fd = memfd_create("fax", MFD_CLOEXEC);
        SCOPED(closep) int kept = dup(fd);
        TIFF *tiff = TIFFFdOpen(fd, "fax", "w");
        uint8_t line[1728 / 8];

        assert(tiff);
        for (int page = 0; page < pages; page++) {
                TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 1728);
                TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1145);
                TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
                TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
                TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
                TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
                TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 204.0);
                TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 98.0);
                for (uint32_t y = 0; y < 1145; y++) {
                        memset(line, y < 572 ? 0xff : 0, sizeof(line));
                        assert(TIFFWriteScanline(tiff, line, y, 0) == 1);
                }
                assert(TIFFWriteDirectory(tiff));
        }
        TIFFClose(tiff);
        take_file(kept, ret);
}

static const struct {
        const char *type;
        void (*make)(const uint8_t *rgba, struct buffer *ret);
        uint32_t pages;
} kinds[] = {
        { "image/png", make_png, 1 },
        { "image/webp", make_webp, 1 },
        { "image/gif", make_gif, 1 },
        { "image/tiff", make_tiff, 3 },
};

/* At 72 dots an inch, on an A4 page of 595 by 842, that is turned for a wide picture: no sheet is asked for.
 */
static int to_raster(const char *type, struct text document, struct buffer *ret)
{
        SCOPED(buffer_done) struct buffer pdf = BUFFER(OUTPUT_MOST);
        int status = convert(type, "application/pdf", NULL, NULL, document, &pdf);

        if (status == 0)
                assert(convert("application/pdf", "image/pwg-raster", "--resolution", "72", buffer_text(&pdf),
                               ret) == 0);
        return status;
}

static void pictures_are_upright_and_in_their_colours(const uint8_t *rgba)
{
        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
                SCOPED(buffer_done) struct buffer document = BUFFER(8 << 20), pwg = BUFFER(OUTPUT_MOST);
                struct text page;

                printf("%s\n", kinds[i].type);
                fflush(stdout);
                kinds[i].make(rgba, &document);
                assert(to_raster(kinds[i].type, buffer_text(&document), &pwg) == 0);
                page = buffer_text(&pwg);
                assert(count_pages(page) == kinds[i].pages);
                /* 842 by 595, and the picture in its middle. */
                assert(dot_of(page, 421 - 100, 297 - 60) == RED);
                assert(dot_of(page, 421 + 100, 297 + 60) == BLUE);
                assert(dot_of(page, 421 + 100, 297 - 60) == WHITE);
                assert(dot_of(page, 421 - 100, 297 + 60) == WHITE);
                assert(dot_of(page, 5, 5) == WHITE);

                /* A part of it is printed as far as it goes, or refused. */
                document.len = document.len * 9 / 10;
                buffer_clear(&pwg);
                assert(to_raster(kinds[i].type, buffer_text(&document), &pwg) % RENDER_DAMAGED == 0);
                document.len = 24;
                assert(to_raster(kinds[i].type, buffer_text(&document), &pwg) == RENDER_DAMAGED);
        }
}

/* Made by libheif from the same picture: what is no loss, is near. */
static void heic_is_read_by_its_own_program(void)
{
        SCOPED(buffer_done) struct buffer document = BUFFER(8 << 20), pwg = BUFFER(OUTPUT_MOST);
        SCOPED(closep) int fd = -1;
        char path[PATH_MAX];

        assert(getenv("IMPRIMATUR_SOURCE"));
        snprintf(path, sizeof(path), "%s/tests/samples/quarters.heic", getenv("IMPRIMATUR_SOURCE"));
        fd = open(path, O_RDONLY | O_CLOEXEC);
        assert(fd >= 0);
        take_file(fd, &document);
        if (access("/usr/bin/heif-convert", X_OK) < 0)
                return;
        assert(to_raster("image/heic", buffer_text(&document), &pwg) == 0);
        assert((dot_of(buffer_text(&pwg), 421 - 100, 297 - 60) & 0xf0f0f0) == 0xf00000);
        assert((dot_of(buffer_text(&pwg), 421 + 100, 297 + 60) & 0xf0f0f0) == 0x0000f0);
        assert((dot_of(buffer_text(&pwg), 421 + 100, 297 - 60) & 0xf0f0f0) == 0xf0f0f0);
}

/* Dots twice as high as wide, and as large as the page they were scanned from. */
static void faxes_have_their_own_size(void)
{
        SCOPED(buffer_done) struct buffer document = BUFFER(8 << 20), pwg = BUFFER(OUTPUT_MOST);

        make_fax(2, &document);
        assert(to_raster("image/tiff", buffer_text(&document), &pwg) == 0);
        assert(count_pages(buffer_text(&pwg)) == 2);
        assert(dot_of(buffer_text(&pwg), 2, 200) == 0 && dot_of(buffer_text(&pwg), 300, 410) == 0);
        assert(dot_of(buffer_text(&pwg), 300, 440) == WHITE && dot_of(buffer_text(&pwg), 300, 2) != 0x00ff00);
}

/* Sides of 65,535 dots, in a few octets. */
static void giants_are_refused_before_memory_is_taken(void)
{
        static const struct {
                const char *type;
                struct text octets;
        } rows[] = {
                { "image/png",
                  TEXT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\6\0\0\0\xb6\x05\xd9\x50\0\0\0\x08IDAT") },
                { "image/png",
                  TEXT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\6\0\0\0\x14\xc9\x0b\x66\0\0\0\x08IDAT") },
                { "image/gif", TEXT("GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\2") },
                { "image/tiff",
                  TEXT("II*\0\x08\0\0\0\4\0\0\1\3\0\1\0\0\0\xff\xff\0\0\1\1\3\0\1\0\0\0\xff\xff\0\0"
                       "\2\1\3\0\1\0\0\0\x08\0\0\0\x11\1\4\0\1\0\0\0\0\0\0\0\0\0\0\0") },
        };
        SCOPED(buffer_done) struct buffer out = BUFFER(OUTPUT_MOST);

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                int64_t began_ms = clock_monotonic_ms();
                int status = convert(rows[i].type, "application/pdf", NULL, NULL, rows[i].octets, &out);

                printf("%s: %d\n", rows[i].type, status);
                fflush(stdout);
                assert(status == RENDER_LIMIT);
                assert(clock_monotonic_ms() - began_ms < 5000);
        }
}

/* More pages than are allowed, and a directory that is its own successor. */
static void pages_without_end_are_refused(void)
{
        SCOPED(buffer_done) struct buffer document = BUFFER(8 << 20), out = BUFFER(OUTPUT_MOST);

        make_fax(12, &document);
        assert(convert("image/tiff", "application/pdf", "--pages-max", "10", buffer_text(&document), &out) ==
               RENDER_LIMIT);
        assert(convert("image/tiff", "application/pdf", "--pages-max", "12", buffer_text(&document), &out) ==
               0);
}

/* Within the number of dots that are allowed, but too much for the memory of the order. */
static void memory_is_limited(void)
{
        enum {
                SIDE = 4500
        };
        SCOPED(freep) uint8_t *rgba = malloc(4 * SIDE * SIDE);
        SCOPED(buffer_done) struct buffer out = BUFFER(OUTPUT_MOST);
        uint8_t *octets;
        size_t len;
        int status;

        assert(rgba);
        memset(rgba, 0xff, 4 * SIDE * SIDE);
        len = WebPEncodeLosslessRGBA(rgba, SIDE, SIDE, 4 * SIDE, &octets);
        assert(len && len < 100000);
        status = convert("image/webp", "application/pdf", "--memory-octets", "67108864",
                         text_from_octets(octets, len), &out);
        assert(status == RENDER_LIMIT || status == 1); /* a sanitizer ends it in its own way */
        assert(convert("image/webp", "application/pdf", NULL, NULL, text_from_octets(octets, len), &out) ==
               0);
        WebPFree(octets);
}

int main(void)
{
        static uint8_t rgba[4 * WIDTH * HEIGHT];

        if (access("/usr/bin/bwrap", X_OK) < 0 || access("/usr/bin/gs", X_OK) < 0)
                return SKIPPED;
        find_program();
        paint(rgba);
        pictures_are_upright_and_in_their_colours(rgba);
        heic_is_read_by_its_own_program();
        faxes_have_their_own_size();
        giants_are_refused_before_memory_is_taken();
        pages_without_end_are_refused();
        memory_is_limited();
        return 0;
}
