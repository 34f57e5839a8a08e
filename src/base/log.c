// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/outcome.h"

#define LINE_MAX_OCTETS 8192

static const char *program_name = "imprimatur";
static enum log_level level_most = LOG_NOTICE;

static const char *const level_names[] = {
        [LOG_ERROR] = "error",
        [LOG_WARNING] = "warning",
        [LOG_NOTICE] = "notice",
        [LOG_DEBUG] = "debug",
};

void log_init(const char *program, enum log_level most)
{
        program_name = program;
        level_most = most;
}

static void add_string(struct buffer *line, const char *string)
{
        buffer_add_octet(line, '"');
        for (const unsigned char *at = (const unsigned char *)string; *at; at++) {
                if (*at == '"' || *at == '\\')
                        buffer_format(line, "\\%c", *at);
                else if (*at < 0x20 || *at == 0x7f)
                        buffer_format(line, "\\u%04x", *at);
                else
                        buffer_add_octet(line, *at);
        }
        buffer_add_octet(line, '"');
}

static void add_pair(struct buffer *line, const char *name, const char *value)
{
        buffer_add_octet(line, ',');
        add_string(line, name);
        buffer_add_octet(line, ':');
        add_string(line, value);
}

static void start_line(struct buffer *line, enum log_level level, const char *event)
{
        char now[25];

        clock_format(clock_unix_ms(), now);
        buffer_format(line, "{\"at\":\"%s\",\"program\":\"%s\",\"level\":\"%s\",\"event\":", now,
                      program_name, level_names[level]);
        add_string(line, event);
}

static void end_line(struct buffer *line)
{
        ssize_t r;

        /* Too long is cut, but stays a line: what matters stands at its front. */
        if (line->failure)
                line->failure = 0;
        buffer_add_string(line, "}\n");
        r = write(STDERR_FILENO, line->at, line->len);
        (void)r; /* A log that cannot be written must not stop printing. */
        buffer_done(line);
}

void log_write(enum log_level level, const char *event, ...)
{
        struct buffer line = BUFFER(LINE_MAX_OCTETS);
        const char *name;
        va_list args;

        if (level > level_most)
                return;
        start_line(&line, level, event);
        va_start(args, event);
        while ((name = va_arg(args, const char *))) {
                const char *value = va_arg(args, const char *);

                if (value && line.len + strlen(name) + 6 * strlen(value) + 16 < LINE_MAX_OCTETS)
                        add_pair(&line, name, value);
        }
        va_end(args);
        end_line(&line);
}

void log_fault(const char *event, int r)
{
        char words[128];

        log_write(LOG_ERROR, event, "fault", strerror_r(-r, words, sizeof(words)), "born", fault_birthplace(),
                  NULL);
}
