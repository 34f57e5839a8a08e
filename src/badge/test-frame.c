// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "badge/frame.h"
#include "base/scope.h"

/* Frames are shown joined by '|'; a pause comes at the end. */
static const struct {
        const char *name;
        struct text octets;
        const char *frames;
} rows[] = {
        { "LF", TEXT("04A1B2C3D4\n"), "04A1B2C3D4|" },
        { "CR", TEXT("04A1B2C3D4\r"), "04A1B2C3D4|" },
        { "CRLF", TEXT("04A1B2C3D4\r\n"), "04A1B2C3D4|" },
        { "NUL", TEXT("04A1B2C3D4\0"), "04A1B2C3D4|" },
        { "a pause", TEXT("04A1B2C3D4"), "04A1B2C3D4|" },
        { "two swipes in one segment", TEXT("0401\r\n0402\r\n"), "0401|0402|" },
        { "only ends", TEXT("\r\n\r\n\0\0"), "" },
        { "junk is dropped",
          TEXT("\xff\x01"
               "04\x80"
               "01\x7f\n"),
          "0401|" },
        { "only junk", TEXT("\xff\xfe\x01\n"), "" },
        { "nothing", TEXT(""), "" },
};

static void run(struct text octets, size_t step, char *ret, size_t size)
{
        SCOPED(badge_splitter_done) struct badge_splitter splitter;
        struct text frame;
        size_t used = 0;

        badge_splitter_init(&splitter);
        ret[0] = 0;
        while (octets.len > 0) {
                struct text part = { octets.at, octets.len < step ? octets.len : step };

                octets.at += part.len;
                octets.len -= part.len;
                while (badge_splitter_next(&splitter, &part, &frame))
                        used += (size_t)snprintf(ret + used, size - used, "%.*s|", TEXT_ARGS(frame));
        }
        if (badge_splitter_flush(&splitter, &frame))
                snprintf(ret + used, size - used, "%.*s|", TEXT_ARGS(frame));
        assert(!badge_splitter_is_open(&splitter));
}

/* 64 KB without an end, then one good swipe: the flood costs nothing but itself. */
static void test_flood(void)
{
        static char flood[65536];
        char frames[512];

        memset(flood, 'A', sizeof(flood));
        memcpy(flood + sizeof(flood) - 6, "\n0401\n", 6);
        run(text_from_octets(flood, sizeof(flood)), 1500, frames, sizeof(frames));
        assert(strcmp(frames, "0401|") == 0);

        run(text_from_octets(flood, BADGE_FRAME_MAX), 7, frames, sizeof(frames));
        assert(strlen(frames) == BADGE_FRAME_MAX + 1);
        run(text_from_octets(flood, BADGE_FRAME_MAX + 1), 7, frames, sizeof(frames));
        assert(strcmp(frames, "") == 0);
}

int main(void)
{
        char frames[512];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                for (size_t step = 1; step <= 13; step++) {
                        printf("%s, %zu at a time\n", rows[i].name, step);
                        run(rows[i].octets, step, frames, sizeof(frames));
                        assert(strcmp(frames, rows[i].frames) == 0);
                }
        test_flood();
        return 0;
}
