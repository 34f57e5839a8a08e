// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cells/cell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/frame.h"
#include "os/child.h"

#define PIECE_OCTETS (64 * 1024)
#define STOP_POLL_MS 200
#define GRACE_S      2

struct cell {
        const struct errand_source *source;
        struct errand *errand;
        int to;   /* the program's standard input; -1: all is fed */
        int from; /* its standard output; -1: it has ended */
        char piece[PIECE_OCTETS];
        size_t fed; /* of the piece */
        size_t length;
        char made[PIECE_OCTETS];
        struct frame_reader reader;
};

static void cell_done(struct cell **cell)
{
        if (!*cell)
                return;
        closep(&(*cell)->to);
        closep(&(*cell)->from);
        explicit_bzero(*cell, sizeof(**cell));
        free(*cell);
}

const char *cell_refusal_word(int refusal)
{
        switch (refusal) {
        case CELL_TIMED_OUT: return "conversion-timed-out";
        case CELL_NO_PROGRAM: return "conversion-not-installed";
        case CELL_TOO_LARGE: return "conversion-too-large";
        case CELL_STORAGE_FULL: return "storage-full";
        case CELL_UNSUPPORTED: return "document-format-error";
        case CELL_DAMAGED: return "document-unprintable-error";
        case CELL_PASSWORD: return "document-password-error";
        default: return "conversion-failed";
        }
}

/* Our ends do not block; the program's do. */
static int make_pipes(int ret_input[2], int ret_output[2])
{
        if (pipe2(ret_input, O_CLOEXEC) < 0 || pipe2(ret_output, O_CLOEXEC) < 0)
                return fault(-errno);
        if (fcntl(ret_input[1], F_SETFL, O_NONBLOCK) < 0 || fcntl(ret_output[0], F_SETFL, O_NONBLOCK) < 0)
                return fault(-errno);
        return 0;
}

static int64_t time_for(const struct cells_settings *settings, const struct errand *errand)
{
        return errand->kind == WORK_RENDITION ? settings->wall_ms : settings->look_ms;
}

/* What takes too long is ended here, which is known as that; the program would say that it met a limit. */
static void limit(const struct cells_settings *settings, const struct errand *errand, struct order *ret)
{
        *ret = errand->order;
        ret->limits = settings->limits;
        ret->limits.wall_s = (uint32_t)(time_for(settings, errand) / 1000) + GRACE_S;
}

static int start(const struct cells_settings *settings, const struct errand *errand, struct cell *cell,
                 struct child *child)
{
        SCOPED(closep) int their_input = -1;
        SCOPED(closep) int their_output = -1;
        int input[2] = { -1, -1 }, output[2] = { -1, -1 };
        const char *argv[ORDER_WORDS_MAX + 2];
        struct child_options options = { .path = settings->program, .argv = argv, .errors = 2 };
        struct order_words words;
        struct order limited;
        int r = make_pipes(input, output);

        their_input = input[0];
        cell->to = input[1];
        cell->from = output[0];
        their_output = output[1];
        if (r)
                return r;
        limit(settings, errand, &limited);
        order_format(&limited, &words);
        argv[0] = settings->program;
        memcpy(argv + 1, words.at, (words.count + 1) * sizeof(*argv));
        options.input = their_input;
        options.output = their_output;
        options.is_idle = errand->kind == WORK_INSPECTION;
        r = child_start(child, &options);
        return r == CHILD_NO_PROGRAM ? CELL_NO_PROGRAM : fold(r);
}

static int refusal_of_errand(int r)
{
        switch (r) {
        case ERRAND_LOST: return CELL_LOST;
        case ERRAND_TOO_LARGE: return CELL_TOO_LARGE;
        case ERRAND_STORAGE_FULL: return CELL_STORAGE_FULL;
        case ERRAND_BAD_FRAME: return CELL_FAILED;
        default: return fold(r);
        }
}

/* Gives the program what its pipe takes. A program that reads no further has its reasons: what it makes
 * counts. */
static int feed(struct cell *cell)
{
        ssize_t n;
        int r;

        if (cell->fed == cell->length) {
                cell->fed = cell->length = 0;
                r = cell->source->read(cell->errand, cell->piece, sizeof(cell->piece), &cell->length);
                if (r)
                        return refusal_of_errand(r);
                if (cell->length == 0) {
                        closep(&cell->to);
                        cell->to = -1;
                        return 0;
                }
        }
        n = write(cell->to, cell->piece + cell->fed, cell->length - cell->fed);
        if (n >= 0) {
                cell->fed += (size_t)n;
        } else if (errno == EPIPE) {
                closep(&cell->to);
                cell->to = -1;
        } else if (errno != EAGAIN && errno != EINTR) {
                return fault(-errno);
        }
        return 0;
}

static int collect(struct cell *cell)
{
        ssize_t n = read(cell->from, cell->made, sizeof(cell->made));
        struct text octets = text_from_octets(cell->made, n < 0 ? 0 : (size_t)n);
        struct frame frame;
        int r;

        if (n < 0)
                return errno == EAGAIN || errno == EINTR ? 0 : fault(-errno);
        if (n == 0) {
                closep(&cell->from);
                cell->from = -1;
                return 0;
        }
        while ((r = frame_take(&cell->reader, &octets, &frame)) == 0) {
                r = cell->source->write(cell->errand, &frame);
                if (r)
                        return refusal_of_errand(r);
        }
        return r == FRAME_MORE ? 0 : CELL_FAILED;
}

/* Until the program has closed its output. */
static int carry(struct cell *cell, int64_t deadline_ms, const atomic_bool *stop)
{
        while (cell->from >= 0) {
                struct pollfd fds[2] = { { cell->from, POLLIN, 0 }, { cell->to, POLLOUT, 0 } };
                int r = 0;

                if (atomic_load(stop))
                        return CELL_STOPPED;
                if (clock_monotonic_ms() >= deadline_ms)
                        return CELL_TIMED_OUT;
                if (cell->source->keep)
                        r = refusal_of_errand(cell->source->keep(cell->errand));
                if (r)
                        return r;
                if (poll(fds, 2, STOP_POLL_MS) < 0 && errno != EINTR)
                        return fault(-errno);
                if (fds[0].revents)
                        r = collect(cell);
                if (r == 0 && cell->to >= 0 && fds[1].revents)
                        r = feed(cell);
                if (r)
                        return r;
        }
        return 0;
}

/* The program's exit status, as its --help has it. */
static int refusal_from(int status)
{
        switch (status) {
        case 3: return CELL_UNSUPPORTED;
        case 4: return CELL_DAMAGED;
        case 5: return CELL_PASSWORD;
        case 6: return CELL_TOO_LARGE;
        default: return CELL_FAILED;
        }
}

int cell_run(const struct cells_settings *settings, const struct errand_source *source, struct errand *errand,
             const atomic_bool *stop)
{
        int64_t deadline_ms = clock_monotonic_ms() + time_for(settings, errand);
        SCOPED(child_done) struct child child = { .pidfd = -1 };
        SCOPED(cell_done) struct cell *cell = calloc(1, sizeof(*cell));
        int status = 0;
        int r;

        if (!cell)
                return fault(-ENOMEM);
        cell->source = source;
        cell->errand = errand;
        cell->to = cell->from = -1;
        r = start(settings, errand, cell, &child);
        if (r == 0)
                r = carry(cell, deadline_ms, stop);
        if (r)
                return r;
        r = child_wait(&child, deadline_ms, &status);
        if (r == CHILD_TIMED_OUT)
                return CELL_TIMED_OUT;
        if (r)
                return r == CHILD_FAILED ? refusal_from(status) : r > 0 ? CELL_FAILED : r;
        return frame_has_ended(&cell->reader) ? 0 : CELL_FAILED;
}
