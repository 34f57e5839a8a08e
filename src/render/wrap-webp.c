// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/exif.h"
#include "render/outcome.h"
#include "render/picture.h"
#include "render/wrap.h"

#define SAMPLES 4

struct reading {
        WebPDemuxer *demuxer;
        WebPIterator frame;
        struct picture picture;
        uint8_t *dots;
        uint8_t *line;
};

static void reading_done(struct reading *reading)
{
        free(reading->dots);
        free(reading->line);
        WebPDemuxReleaseIterator(&reading->frame);
        WebPDemuxDelete(reading->demuxer);
}

static uint8_t orientation_of(WebPDemuxer *demuxer)
{
        WebPChunkIterator chunk;
        uint8_t orientation = 1;

        if (WebPDemuxGetChunk(demuxer, "EXIF", 1, &chunk))
                orientation = exif_orientation(text_from_octets(chunk.chunk.bytes, chunk.chunk.size));
        WebPDemuxReleaseChunkIterator(&chunk);
        return orientation;
}

/* libwebp wants all dots in memory at once; how many, its header says before. */
static int decode(struct reading *reading)
{
        size_t stride = (size_t)reading->picture.width * SAMPLES;

        reading->dots = malloc(stride * reading->picture.height);
        reading->line = malloc(picture_line_octets(&reading->picture));
        if (!reading->dots || !reading->line)
                return fault(-ENOMEM);
        return WebPDecodeRGBAInto(reading->frame.fragment.bytes, reading->frame.fragment.size, reading->dots,
                                  stride * reading->picture.height, (int)stride)
                       ? 0
                       : RENDER_DAMAGED;
}

static void put_on_white(struct reading *reading, const uint8_t *dots)
{
        for (uint32_t x = 0; x < reading->picture.width; x++)
                for (int i = 0; i < 3; i++)
                        reading->line[3 * (size_t)x + (size_t)i] = picture_on_white(
                                dots[SAMPLES * (size_t)x + (size_t)i], dots[SAMPLES * (size_t)x + 3]);
}

static int write_picture(struct reading *reading, const struct order *order, struct pdf *pdf)
{
        SCOPED(picture_freep) struct picture_writer *writer = NULL;
        int r;

        r = picture_begin(&reading->picture, pdf, &writer);
        for (uint32_t y = 0; r == 0 && y < reading->picture.height; y++) {
                put_on_white(reading, reading->dots + SAMPLES * (size_t)reading->picture.width * y);
                r = picture_line(writer, reading->line);
        }
        return r ? r : picture_end(take(writer), order);
}

int wrap_webp(const struct order *order, struct text document, struct pdf *pdf)
{
        SCOPED(reading_done) struct reading reading = { .dots = NULL };
        WebPData data = { (const uint8_t *)document.at, document.len };
        WebPBitstreamFeatures features;
        int r;

        reading.demuxer = WebPDemux(&data);
        if (!reading.demuxer || !WebPDemuxGetFrame(reading.demuxer, 1, &reading.frame) ||
            WebPGetFeatures(reading.frame.fragment.bytes, reading.frame.fragment.size, &features) !=
                    VP8_STATUS_OK)
                return RENDER_DAMAGED;
        reading.picture = (struct picture){ .width = (uint32_t)features.width,
                                            .height = (uint32_t)features.height,
                                            .channels = 3,
                                            .bits = 8,
                                            .orientation = orientation_of(reading.demuxer) };
        r = picture_check(&reading.picture);
        if (r == 0)
                r = decode(&reading);
        return r ? r : write_picture(&reading, order, pdf);
}
