// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/terminal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/command.h"

#define PROGRESS_LINES 10000

void secret_line_done(struct secret_line *line)
{
        explicit_bzero(line, sizeof(*line));
}

/* Octet by octet, so that nothing of the next line is taken and no copy stays in a buffer of stdio. */
static bool read_line(char *ret, size_t size)
{
        size_t length = 0;

        for (;;) {
                ssize_t n = read(STDIN_FILENO, ret + length, 1);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0 && length == 0)
                        return false;
                if (n <= 0 || ret[length] == '\n')
                        break;
                if (++length == size)
                        return false;
        }
        if (length && ret[length - 1] == '\r')
                length--;
        ret[length] = '\0';
        return true;
}

static void say(const char *words)
{
        if (isatty(STDIN_FILENO)) {
                fputs(words, stderr);
                fflush(stderr);
        }
}

static bool read_without_echo(char *ret, size_t size)
{
        struct termios before, quiet;
        bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
        bool is_read;

        if (is_terminal) {
                quiet = before;
                quiet.c_lflag &= ~(tcflag_t)ECHO;
                tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
        }
        is_read = read_line(ret, size);
        if (is_terminal) {
                tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
                fputc('\n', stderr);
        }
        return is_read;
}

bool terminal_secret(const char *prompt, struct secret_line *ret)
{
        say(prompt);
        if (read_without_echo(ret->octets, sizeof(ret->octets)) && ret->octets[0])
                return true;
        complain("%s nothing was typed, or too much.", prompt);
        return false;
}

bool terminal_new_secret(const char *prompt, struct secret_line *ret)
{
        struct secret_line again;
        bool is_same;

        if (!terminal_secret(prompt, ret))
                return false;
        if (!isatty(STDIN_FILENO))
                return true;
        if (!terminal_secret("Once more: ", &again))
                return false;
        is_same = strcmp(ret->octets, again.octets) == 0;
        secret_line_done(&again);
        if (!is_same)
                complain("the two are not the same; nothing was changed.");
        return is_same;
}

bool terminal_ask(const char *prompt, char *ret, size_t size)
{
        char line[512];

        if (!isatty(STDIN_FILENO))
                return ret[0] != '\0';
        fputs(prompt, stderr);
        if (ret[0])
                fprintf(stderr, " [%s]", ret);
        fputs(": ", stderr);
        if (!read_line(line, sizeof(line)))
                return false;
        if (line[0])
                snprintf(ret, size, "%s", line);
        return ret[0] != '\0';
}

bool terminal_confirm(const char *question)
{
        char line[32];

        if (!isatty(STDIN_FILENO)) {
                complain("%s Say so with --yes.", question);
                return false;
        }
        fprintf(stderr, "%s [y/N] ", question);
        return read_line(line, sizeof(line)) && (line[0] == 'y' || line[0] == 'Y');
}

void terminal_progress(uint64_t lines, bool is_over)
{
        if (!isatty(STDERR_FILENO) || (lines % PROGRESS_LINES && !is_over))
                return;
        fprintf(stderr, "\r%" PRIu64 " lines", lines);
        if (is_over)
                fputc('\n', stderr);
}
