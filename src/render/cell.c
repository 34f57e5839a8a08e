// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/cell.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/child.h"
#include "os/file.h"
#include "os/process.h"
#include "render/ghostscript.h"
#include "render/outcome.h"

#define DOCUMENT      "/document"
#define NOBODY        "65534"
#define ARGUMENTS_MAX 128
#define TMP_OCTETS    (UINT64_C(512) << 20)
#define FILES_MAX     64
#define PROCESSES_MAX 64
#define LINE_OCTETS   512
#define PIECE_OCTETS  65536
#define SIGNAL_STATUS 128 /* what bubblewrap adds to the number of the signal that ended the program */

/* What Ghostscript, prlimit and the first process in the cell (wait4) were seen to use for all devices, and
 * what the C library may use instead. */
static const char *const calls[] = {
        "access",
        "arch_prctl",
        "brk",
        "clock_gettime",
        "close",
        "dup",
        "execve",
        "exit",
        "exit_group",
        "faccessat2",
        "fcntl",
        "fstat",
        "ftruncate",
        "futex",
        "getcwd",
        "getdents64",
        "getegid",
        "geteuid",
        "getgid",
        "getpid",
        "getrandom",
        "gettid",
        "gettimeofday",
        "getuid",
        "lseek",
        "madvise",
        "mkdir",
        "mmap",
        "mprotect",
        "mremap",
        "munmap",
        "newfstatat",
        "openat",
        "pread64",
        "prlimit64",
        "pwrite64",
        "read",
        "readlink",
        "rename",
        "rseq",
        "rt_sigaction",
        "rt_sigprocmask",
        "rt_sigreturn",
        "sched_getaffinity",
        "sched_yield",
        "set_robust_list",
        "set_tid_address",
        "sigaltstack",
        "stat",
        "statfs",
        "sysinfo",
        "tgkill",
        "times",
        "uname",
        "unlink",
        "unlinkat",
        "wait4",
        "write",
        "writev",
        NULL,
};

struct command {
        const char *argv[ARGUMENTS_MAX];
        size_t count;
        char texts[512];
        size_t texts_len;
};

static void add(struct command *command, const char *argument)
{
        if (command->count < ARGUMENTS_MAX - 1)
                command->argv[command->count++] = argument;
}

static void add_all(struct command *command, const char *const *arguments)
{
        while (*arguments)
                add(command, *arguments++);
}

static void add_number(struct command *command, const char *before, uint64_t number)
{
        char *at = command->texts + command->texts_len;
        int len = snprintf(at, sizeof(command->texts) - command->texts_len, "%s%" PRIu64, before, number);

        if (len < 0 || (size_t)len >= sizeof(command->texts) - command->texts_len)
                return;
        command->texts_len += (size_t)len + 1;
        add(command, at);
}

/* A size counts for the next tmpfs only. The root is made read-only at last, when all of it is there. */
static void add_cell(struct command *command, int document, int filter)
{
        static const char *const walls[] = {
                "/usr/bin/bwrap",
                "--unshare-all",
                "--new-session",
                "--die-with-parent",
                "--clearenv",
                "--setenv",
                "PATH",
                "/usr/bin",
                "--setenv",
                "TMPDIR",
                "/tmp",
                "--setenv",
                "HOME",
                "/tmp",
                "--uid",
                NOBODY,
                "--gid",
                NOBODY,
                "--cap-drop",
                "ALL",
                "--ro-bind",
                "/usr",
                "/usr",
                "--symlink",
                "usr/bin",
                "/bin",
                "--symlink",
                "usr/lib",
                "/lib",
                "--symlink",
                "usr/lib64",
                "/lib64",
                "--ro-bind-try",
                "/etc/ld.so.cache",
                "/etc/ld.so.cache",
                "--ro-bind-try",
                "/etc/alternatives",
                "/etc/alternatives",
                "--ro-bind-try",
                "/etc/ghostscript",
                "/etc/ghostscript",
                "--ro-bind-try",
                "/etc/fonts",
                "/etc/fonts",
                "--ro-bind-try",
                "/var/lib/ghostscript",
                "/var/lib/ghostscript",
                NULL,
        };

        add_all(command, walls);
        add(command, "--perms");
        add(command, "0444");
        add(command, "--ro-bind-data");
        add_number(command, "", (uint64_t)document);
        add(command, DOCUMENT);
        add(command, "--size");
        add_number(command, "", TMP_OCTETS);
        add(command, "--tmpfs");
        add(command, "/tmp");
        add(command, "--remount-ro");
        add(command, "/");
        add(command, "--chdir");
        add(command, "/tmp");
        add(command, "--seccomp");
        add_number(command, "", (uint64_t)filter);
        add(command, "--");
}

/* Set inside the cell, where processes are counted for it alone. */
static void add_limits(struct command *command, const struct render_limits *limits)
{
        add(command, "/usr/bin/prlimit");
        add_number(command, "--as=", limits->memory_octets);
        add_number(command, "--cpu=", limits->cpu_s);
        add_number(command, "--fsize=", TMP_OCTETS);
        add_number(command, "--nofile=", FILES_MAX);
        add_number(command, "--nproc=", PROCESSES_MAX);
        add_number(command, "--core=", 0);
        add(command, "--");
}

/* A run of the cell: two pipes out of it, and what came through them. */
struct run {
        const struct render_options *options;
        int output;
        int64_t deadline_ms;
        uint64_t octets;
        struct ghostscript_report report;
        bool walls_failed;
        char line[LINE_OCTETS];
        size_t line_len;
};

static void line_end(struct run *run)
{
        struct text line = { run->line, run->line_len };

        run->line_len = 0;
        ghostscript_line(line, &run->report);
        if (!text_starts_with(line, "bwrap: ") && !text_starts_with(line, "prlimit: "))
                return;
        run->walls_failed = true;
        run->line[line.len < LINE_OCTETS - 1 ? line.len : LINE_OCTETS - 1] = 0;
        log_write(LOG_ERROR, "cell-not-built", "reason", run->line, NULL);
}

/* The rest of a line that is too long is not looked at. */
static void take_words(struct run *run, const char *octets, size_t len)
{
        for (size_t i = 0; i < len; i++)
                if (octets[i] == '\n')
                        line_end(run);
                else if (run->line_len < LINE_OCTETS)
                        run->line[run->line_len++] = octets[i];
}

static int take_document(struct run *run, const char *octets, size_t len)
{
        run->octets += len;
        if (run->octets > run->options->limits.output_octets)
                return RENDER_LIMIT;
        return file_write(run->output, octets, len);
}

/* *fd is -1 at its end. */
static int take_piece(struct run *run, int *fd, bool is_document)
{
        char piece[PIECE_OCTETS];
        ssize_t len = read(*fd, piece, sizeof(piece));

        if (len < 0)
                return errno == EINTR ? 0 : fault(-errno);
        if (len == 0) {
                close(take_fd(fd));
                return 0;
        }
        if (is_document)
                return take_document(run, piece, (size_t)len);
        take_words(run, piece, (size_t)len);
        return run->report.pages > run->options->limits.pages ? RENDER_LIMIT : 0;
}

static int pump(struct run *run, int *document, int *words)
{
        while (*document >= 0 || *words >= 0) {
                struct pollfd polled[] = { { .fd = *document, .events = POLLIN },
                                           { .fd = *words, .events = POLLIN } };
                int64_t left_ms = run->deadline_ms - clock_monotonic_ms();
                int r;

                if (left_ms <= 0)
                        return RENDER_LIMIT;
                r = poll(polled, 2, left_ms > 60000 ? 60000 : (int)left_ms);
                if (r < 0 && errno != EINTR)
                        return fault(-errno);
                if (r <= 0)
                        continue;
                r = polled[1].revents ? take_piece(run, words, false) : 0;
                if (r == 0 && polled[0].revents)
                        r = take_piece(run, document, true);
                if (r)
                        return r;
        }
        return 0;
}

static int judge(const struct run *run, int outcome, int status)
{
        if (run->walls_failed)
                return fault(-EIO);
        if (outcome == CHILD_TIMED_OUT || outcome == CHILD_KILLED)
                return RENDER_LIMIT;
        if (outcome == CHILD_FAILED)
                return status > SIGNAL_STATUS ? RENDER_LIMIT : RENDER_DAMAGED;
        return outcome;
}

static int run_command(struct run *run, const struct command *command, const int *inherit)
{
        SCOPED(child_done) struct child child = { .pid = -1, .pidfd = -1 };
        int document[2] = { -1, -1 }, words[2] = { -1, -1 };
        SCOPED(closep) int from_document = -1;
        SCOPED(closep) int from_words = -1;
        struct child_options options = {
                .path = command->argv[0], .argv = command->argv, .input = -1, .inherit = inherit
        };
        int status = 0;
        int r;

        if (pipe2(document, O_CLOEXEC) < 0)
                return fault(-errno);
        from_document = document[0];
        options.output = document[1];
        if (pipe2(words, O_CLOEXEC) < 0) {
                close(document[1]);
                return fault(-errno);
        }
        from_words = words[0];
        options.errors = words[1];

        r = child_start(&child, &options);
        close(document[1]);
        close(words[1]);
        if (r)
                return r == CHILD_NO_PROGRAM ? fault(-ENOENT) : r;
        r = pump(run, &from_document, &from_words);
        if (r)
                return r;
        r = child_wait(&child, run->deadline_ms, &status);
        return judge(run, r, status);
}

int cell_run_program(const struct render_options *options, const char *const *argv, int document, int output,
                     struct ghostscript_report *ret)
{
        SCOPED(closep) int filter = -1;
        struct command command = { .count = 0 };
        struct run run = {
                .options = options,
                .output = output,
                .deadline_ms = clock_monotonic_ms() + (int64_t)options->limits.wall_s * 1000,
        };
        int inherit[3];
        int r;

        r = process_filter_open(calls, &filter);
        if (r < 0)
                return r;
        if (lseek(document, 0, SEEK_SET) < 0)
                return fault(-errno);
        add_cell(&command, document, filter);
        add_limits(&command, &options->limits);
        add_all(&command, argv);

        inherit[0] = document;
        inherit[1] = filter;
        inherit[2] = -1;
        r = run_command(&run, &command, inherit);
        *ret = run.report;
        return r;
}

/* Ghostscript ends well after documents that it could make nothing of, so what it said counts as well. */
int cell_run(const struct render_options *options, int document, int output, unsigned int *ret_pages)
{
        struct ghostscript_arguments arguments;
        struct ghostscript_report report;
        int r;

        r = ghostscript_arguments(options, DOCUMENT, &arguments);
        if (r)
                return r;
        r = cell_run_program(options, arguments.argv, document, output, &report);
        if (r < 0)
                return r;
        if (report.password)
                return RENDER_PASSWORD;
        if (report.memory)
                return RENDER_LIMIT;
        if (r == 0 && !report.pages)
                return RENDER_DAMAGED;
        *ret_pages = report.pages;
        return r;
}
