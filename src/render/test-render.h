// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The program, run by tests as the service runs it: files in memory stand for the pipes. */

#include <assert.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/scope.h"
#include "conversion/frame.h"
#include "os/child.h"
#include "os/file.h"
#include "render/outcome.h"
#include "render/raster.h"

#define SKIPPED     77
#define OUTPUT_MOST (64 << 20)

static char program[PATH_MAX + 32];

static inline void find_program(void)
{
        char self[PATH_MAX] = "";

        assert(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
        snprintf(program, sizeof(program), "%s/imprimatur-render", dirname(self));
}

/* Files in memory stand for the caller's pipes: it reads all before it writes. */
static inline int run(const char *path, const char *const *argv, struct text document, struct buffer *ret)
{
        SCOPED(child_done) struct child child = { .pid = -1, .pidfd = -1 };
        SCOPED(closep) int input = memfd_create("in", MFD_CLOEXEC);
        SCOPED(closep) int output = memfd_create("out", MFD_CLOEXEC);
        struct child_options options = {
                .path = path, .argv = argv, .input = input, .output = output, .errors = STDERR_FILENO
        };
        int status = -1;
        off_t len;
        char *at;
        int r;

        assert(input >= 0 && output >= 0);
        assert(file_write(input, document.at, document.len) == 0 && lseek(input, 0, SEEK_SET) == 0);
        assert(child_start(&child, &options) == 0);
        r = child_wait(&child, clock_monotonic_ms() + 100000, &status);
        assert(r == 0 || r == CHILD_FAILED);

        len = lseek(output, 0, SEEK_END);
        buffer_clear(ret);
        at = buffer_extend(ret, (size_t)len);
        assert(at && file_read_exactly_at(output, at, (size_t)len, 0) == 0);
        return status;
}

/* The document in an answer; where it was refused, what there is of it is worth nothing. */
static inline void take_document(struct text answer, struct buffer *ret, bool is_whole)
{
        struct frame_reader reader = { .left = 0 };
        struct frame frame;
        int r;

        buffer_clear(ret);
        while ((r = frame_take(&reader, &answer, &frame)) == 0)
                if (frame.type == FRAME_DOCUMENT)
                        buffer_add_text(ret, frame.octets);
        assert(r == FRAME_MORE && frame_has_ended(&reader) == is_whole);
}

/* more: an option and its value, or NULL. */
static inline int convert(const char *from, const char *to, const char *more, const char *value,
                          struct text document, struct buffer *ret)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER(OUTPUT_MOST);
        const char *const argv[] = { program, "--from", from, "--to", to, more, value, NULL };
        int status = run(program, argv, document, &answer);

        take_document(buffer_text(&answer), ret, status == 0);
        return status;
}

/* The colour of a dot of the first page, on A4 at 72 dots an inch, as 0xrrggbb. */
static inline uint32_t dot_of(struct text pwg, uint32_t x, uint32_t y)
{
        struct raster_page page;
        struct raster raster;
        uint32_t colour;
        uint8_t *line;

        assert(raster_begin(pwg, &raster) == 0 && raster_page(&raster, &page) == 0);
        assert(page.colour == RASTER_RGB && x < page.width && y < page.height);
        line = malloc(page.line_octets);
        assert(line);
        for (uint32_t i = 0; i <= y; i++)
                assert(raster_line(&raster, line) == 0);
        colour = (uint32_t)line[3 * x] << 16 | (uint32_t)line[3 * x + 1] << 8 | line[3 * x + 2];
        free(line);
        return colour;
}

static inline uint32_t count_pages(struct text pwg)
{
        struct raster_page page;
        struct raster raster;
        uint32_t pages = 0;
        uint8_t *line;

        assert(raster_begin(pwg, &raster) == 0);
        for (; raster_page(&raster, &page) == 0; pages++) {
                line = malloc(page.line_octets);
                assert(line);
                for (uint32_t i = 0; i < page.height; i++)
                        assert(raster_line(&raster, line) == 0);
                free(line);
        }
        return pages;
}
