// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/outcome.h"
#include "render/picture.h"
#include "render/wrap.h"

#define EXTENSIONS_MAX 4096
#define NONE           (-1)

/* The first frame of an animation, on its canvas. */
struct reading {
        GifFileType *gif;
        struct text left;
        struct picture picture;
        struct picture_writer *writer;
        uint8_t *dots; /* of the frame, one octet each */
        uint8_t *line;
        int transparent;
};

static void reading_done(struct reading *reading)
{
        picture_freep(&reading->writer);
        free(reading->dots);
        free(reading->line);
        if (reading->gif)
                DGifCloseFile(reading->gif, NULL);
}

static int read_octets(GifFileType *gif, GifByteType *to, int len)
{
        struct reading *reading = gif->UserData;
        size_t part = (size_t)len < reading->left.len ? (size_t)len : reading->left.len;

        memcpy(to, reading->left.at, part);
        reading->left.at += part;
        reading->left.len -= part;
        return (int)part;
}

/* GIF89a, section 23: the graphic control extension names the colour that is none. */
static bool read_extension(struct reading *reading)
{
        GraphicsControlBlock control;
        GifByteType *block;
        int code;

        if (DGifGetExtension(reading->gif, &code, &block) == GIF_ERROR)
                return false;
        while (block) {
                if (code == GRAPHICS_EXT_FUNC_CODE &&
                    DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
                        reading->transparent = control.TransparentColor;
                if (DGifGetExtensionNext(reading->gif, &block) == GIF_ERROR)
                        return false;
        }
        return true;
}

/* To the first frame; false where there is none. */
static bool find_frame(struct reading *reading)
{
        GifRecordType record;

        for (int i = 0; i < EXTENSIONS_MAX; i++) {
                if (DGifGetRecordType(reading->gif, &record) == GIF_ERROR)
                        return false;
                if (record == IMAGE_DESC_RECORD_TYPE)
                        return DGifGetImageDesc(reading->gif) == GIF_OK;
                if (record != EXTENSION_RECORD_TYPE || !read_extension(reading))
                        return false;
        }
        return false;
}

/* The canvas; a frame that lies beyond it makes it larger, for some have none. */
static int measure(struct reading *reading)
{
        const GifImageDesc *frame = &reading->gif->Image;
        int width = frame->Left + frame->Width, height = frame->Top + frame->Height;

        if (frame->Width <= 0 || frame->Height <= 0)
                return RENDER_DAMAGED;
        if (width < reading->gif->SWidth)
                width = reading->gif->SWidth;
        if (height < reading->gif->SHeight)
                height = reading->gif->SHeight;
        reading->picture = (struct picture){
                .width = (uint32_t)width, .height = (uint32_t)height, .channels = 3, .bits = 8
        };
        return picture_check(&reading->picture);
}

/* GIF89a, Appendix E. A frame that is cut is white where it ends. */
static void read_frame(struct reading *reading)
{
        static const int first[] = { 0, 4, 2, 1 }, step[] = { 8, 8, 4, 2 };
        const GifImageDesc *frame = &reading->gif->Image;
        int passes = frame->Interlace ? 4 : 1;

        for (int pass = 0; pass < passes; pass++)
                for (int y = frame->Interlace ? first[pass] : 0; y < frame->Height;
                     y += frame->Interlace ? step[pass] : 1)
                        if (DGifGetLine(reading->gif, reading->dots + (size_t)y * (size_t)frame->Width,
                                        frame->Width) == GIF_ERROR)
                                return;
}

static void paint(struct reading *reading, const ColorMapObject *colours, int y)
{
        const GifImageDesc *frame = &reading->gif->Image;
        const uint8_t *dots;

        memset(reading->line, 0xff, picture_line_octets(&reading->picture));
        if (y < frame->Top || y >= frame->Top + frame->Height)
                return;
        dots = reading->dots + (size_t)(y - frame->Top) * (size_t)frame->Width;
        for (int x = 0; x < frame->Width; x++) {
                uint8_t *to = reading->line + 3 * (size_t)(frame->Left + x);

                if (dots[x] == reading->transparent || dots[x] >= colours->ColorCount)
                        continue;
                to[0] = colours->Colors[dots[x]].Red;
                to[1] = colours->Colors[dots[x]].Green;
                to[2] = colours->Colors[dots[x]].Blue;
        }
}

static int write_lines(struct reading *reading)
{
        const ColorMapObject *colours =
                reading->gif->Image.ColorMap ? reading->gif->Image.ColorMap : reading->gif->SColorMap;
        int r = 0;

        if (!colours)
                return RENDER_DAMAGED;
        for (uint32_t y = 0; r == 0 && y < reading->picture.height; y++) {
                paint(reading, colours, (int)y);
                r = picture_line(reading->writer, reading->line);
        }
        return r;
}

static int allocate(struct reading *reading)
{
        const GifImageDesc *frame = &reading->gif->Image;

        reading->dots = calloc((size_t)frame->Width, (size_t)frame->Height);
        reading->line = malloc(picture_line_octets(&reading->picture));
        return reading->dots && reading->line ? 0 : fault(-ENOMEM);
}

int wrap_gif(const struct order *order, struct text document, struct pdf *pdf)
{
        SCOPED(reading_done) struct reading reading = { .left = document, .transparent = NONE };
        int r;

        reading.gif = DGifOpen(&reading, read_octets, NULL);
        if (!reading.gif || !find_frame(&reading))
                return RENDER_DAMAGED;
        r = measure(&reading);
        if (r == 0)
                r = allocate(&reading);
        if (r == 0)
                r = picture_begin(&reading.picture, pdf, &reading.writer);
        if (r)
                return r;
        read_frame(&reading);
        r = write_lines(&reading);
        return r ? r : picture_end(take(reading.writer), order);
}
