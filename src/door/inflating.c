// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/inflating.h"

#include <errno.h>

#include "base/config.h"
#include "base/outcome.h"

#define PIECE_OCTETS 32768

/* Raw deflate, and gzip's header and trailer, in zlib's manner of asking for them. */
#define WINDOW_DEFLATE (-15)
#define WINDOW_GZIP    (15 + 16)

struct inflating_limits inflating_limits_default(void)
{
        return (struct inflating_limits){
                .expansion_max = 200,
                .expansion_free_octets = UINT64_C(64) * 1024 * 1024,
        };
}

struct inflating_limits inflating_limits_read(struct config *config)
{
        struct inflating_limits limits = inflating_limits_default();

        limits.expansion_max =
                (uint32_t)config_number(config, "ipp", "expansion_max", limits.expansion_max, 1, 100000);
        limits.expansion_free_octets = (uint64_t)config_number(
                config, "ipp", "expansion_free_octets", (int64_t)limits.expansion_free_octets, 0, INT64_MAX);
        return limits;
}

static int begin(struct inflating *inflating)
{
        int window = inflating->format == INFLATING_GZIP ? WINDOW_GZIP : WINDOW_DEFLATE;

        if (inflateInit2(&inflating->z, window) != Z_OK)
                return fault(-ENOMEM);
        inflating->has_begun = true;
        return 0;
}

static bool is_bomb(const struct inflating *inflating)
{
        return inflating->octets_out > inflating->limits.expansion_free_octets &&
               inflating->octets_out / inflating->limits.expansion_max > inflating->octets_in;
}

static int pass(struct inflating *inflating, const uint8_t *octets, size_t len)
{
        int r;

        inflating->octets_out += len;
        if (is_bomb(inflating))
                return INFLATING_EXPANDS;
        r = len ? inflating->to(inflating->context, text_from_octets(octets, len)) : 0;
        if (r <= 0)
                return r;
        inflating->refusal = r;
        return INFLATING_REFUSED;
}

int inflating_write(struct inflating *inflating, struct text octets)
{
        z_stream *z = &inflating->z;
        uint8_t piece[PIECE_OCTETS];
        int r = inflating->has_begun ? 0 : begin(inflating);

        if (r < 0)
                return r;
        inflating->octets_in += octets.len;
        z->next_in = (Bytef *)(uintptr_t)octets.at;
        z->avail_in = (uInt)octets.len;
        do {
                int outcome;

                if (inflating->has_ended)
                        return z->avail_in ? INFLATING_BAD : 0;
                z->next_out = piece;
                z->avail_out = sizeof(piece);
                outcome = inflate(z, Z_NO_FLUSH);
                if (outcome == Z_MEM_ERROR)
                        return fault(-ENOMEM);
                if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR)
                        return INFLATING_BAD;
                inflating->has_ended = outcome == Z_STREAM_END;
                r = pass(inflating, piece, sizeof(piece) - z->avail_out);
                if (r)
                        return r;
        } while (z->avail_in || z->avail_out == 0);
        return 0;
}

int inflating_finish(const struct inflating *inflating)
{
        return inflating->has_begun && !inflating->has_ended ? INFLATING_BAD : 0;
}

void inflating_done(struct inflating *inflating)
{
        if (inflating->has_begun)
                inflateEnd(&inflating->z);
        inflating->has_begun = false;
}
