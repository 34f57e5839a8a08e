// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cells/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/format.h"
#include "os/child.h"

#define ANSWER_OCTETS 4096
#define WAIT_MS       10000

/* It closes its output when it has said all; a program that does not is ended by its deadline. */
static int read_answer(int from, char *ret, size_t size, size_t *ret_len)
{
        size_t len = 0;

        while (len < size) {
                ssize_t n = read(from, ret + len, size - len);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return fault(-errno);
                if (n == 0)
                        break;
                len += (size_t)n;
        }
        *ret_len = len;
        return 0;
}

/* CHILD_*, or a fault. */
static int ask(const struct cells_settings *settings, char *ret, size_t size, size_t *ret_len)
{
        SCOPED(child_done) struct child child = { .pid = -1, .pidfd = -1 };
        const char *const argv[] = { settings->program, "--formats", NULL };
        struct child_options options = { .path = settings->program, .argv = argv, .input = -1, .errors = -1 };
        SCOPED(closep) int from = -1;
        int output[2], status, r;

        if (pipe2(output, O_CLOEXEC) < 0)
                return fault(-errno);
        from = output[0];
        options.output = output[1];
        r = child_start(&child, &options);
        close(output[1]);
        if (r)
                return r;
        r = read_answer(from, ret, size, ret_len);
        return r ? r : child_wait(&child, clock_monotonic_ms() + WAIT_MS, &status);
}

static bool has_line(struct text answer, const char *line)
{
        while (answer.len) {
                struct text head;

                text_cut(answer, '\n', &head, &answer);
                if (text_equal_string(head, line))
                        return true;
        }
        return false;
}

int cells_learn_formats(const struct cells_settings *settings, struct format_set *ret)
{
        char answer[ANSWER_OCTETS];
        size_t len = 0;
        int r;

        *ret = (struct format_set){ 0 };
        r = ask(settings, answer, sizeof(answer), &len);
        if (r < 0)
                return r;
        if (r || len == 0) {
                log_write(LOG_WARNING, "renderer-does-not-answer", "program", settings->program, NULL);
                return CELLS_NO_ANSWER;
        }
        for (int format = FORMAT_UNKNOWN + 1; format < FORMAT_COUNT; format++) {
                const char *type = format_media_type((enum format)format);

                if (!format_is_ever_source((enum format)format))
                        continue;
                if (has_line(text_from_octets(answer, len), type))
                        format_set_add(ret, (enum format)format);
                else
                        log_write(LOG_NOTICE, "format-not-readable", "format", type, NULL);
        }
        return 0;
}
