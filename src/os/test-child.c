// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "os/child.h"

static int64_t in_ms(int64_t ms)
{
        return clock_monotonic_ms() + ms;
}

static int run(const char *script, char *ret_output, size_t size, int64_t limit_ms, int *ret_status)
{
        const char *const argv[] = { "sh", "-c", script, NULL };
        const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };
        SCOPED(child_done) struct child child = { .pid = -1, .pidfd = -1 };
        struct child_options options = {
                .path = "/bin/sh", .argv = argv, .environment = environment, .input = -1, .errors = -1
        };
        size_t len = 0;
        ssize_t got;
        int ends[2];
        int r;

        assert(pipe2(ends, O_CLOEXEC) == 0);
        options.output = ends[1];
        r = child_start(&child, &options);
        close(ends[1]);
        if (r == 0)
                r = child_wait(&child, in_ms(limit_ms), ret_status);
        while ((got = read(ends[0], ret_output + len, size - 1 - len)) > 0)
                len += (size_t)got;
        ret_output[len] = 0;
        close(ends[0]);
        return r;
}

static const struct {
        const char *name;
        const char *script;
        int64_t limit_ms;
        int outcome;
        int status;
        const char *output;
} rows[] = {
        { "ends well", "echo hello", 20000, 0, 0, "hello\n" },
        { "fails", "exit 3", 20000, CHILD_FAILED, 3, "" },
        { "kills itself", "kill -9 $$", 20000, CHILD_KILLED, SIGKILL, "" },
        { "its environment is ours", "echo $HOME $PATH", 20000, 0, 0, "/usr/bin:/bin\n" },
        { "its input is empty", "cat; echo end", 20000, 0, 0, "end\n" },
        { "runs too long, with its children", "cat /dev/zero >/dev/null & wait", 100, CHILD_TIMED_OUT, -1,
          "" },
        { "leaves a child behind", "cat /dev/zero >/dev/null & exit 0", 20000, 0, 0, "" },
};

/* An ordinary descriptor of ours without close-on-exec must not reach a program that has no business with it.
 */
static void only_named_descriptors_are_inherited(void)
{
        SCOPED(closep) int stray = open("/dev/null", O_RDONLY);
        char output[256];
        int status;

        assert(stray >= 3);
        assert(run("exec ls /proc/self/fd", output, sizeof(output), 20000, &status) == 0);
        /* The last is its view of the directory. */
        assert(strcmp(output, "0\n1\n2\n3\n") == 0);
}

/* Nor where one with a higher number has. */
static void those_between_are_not_inherited(void)
{
        SCOPED(closep) int stray = open("/dev/null", O_RDONLY);
        SCOPED(closep) int named = fcntl(stray, F_DUPFD_CLOEXEC, 50);
        const int inherit[] = { named, -1 };
        char numbers[2][16];
        const char *const argv[] = {
                "/bin/sh",  "-c",       "test ! -e /proc/self/fd/$0 && test -e /proc/self/fd/$1",
                numbers[0], numbers[1], NULL
        };
        struct child_options options = {
                .path = argv[0], .argv = argv, .input = -1, .output = -1, .errors = -1, .inherit = inherit
        };
        SCOPED(child_done) struct child child;

        assert(stray >= 3 && stray < named);
        snprintf(numbers[0], sizeof(numbers[0]), "%d", stray);
        snprintf(numbers[1], sizeof(numbers[1]), "%d", named);
        assert(child_start(&child, &options) == 0);
        assert(child_wait(&child, clock_monotonic_ms() + 20000, NULL) == 0);
}

int main(void)
{
        const char *const argv[] = { "none", NULL };
        struct child_options none = {
                .path = "/usr/bin/no-such-program", .argv = argv, .input = -1, .output = -1, .errors = -1
        };
        SCOPED(child_done) struct child child;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                char output[64];
                int status = -1;

                printf("%s\n", rows[i].name);
                assert(run(rows[i].script, output, sizeof(output), rows[i].limit_ms, &status) ==
                       rows[i].outcome);
                assert(status == rows[i].status);
                assert(strcmp(output, rows[i].output) == 0);
        }
        only_named_descriptors_are_inherited();
        those_between_are_not_inherited();
        assert(child_start(&child, &none) == CHILD_NO_PROGRAM);
        return 0;
}
