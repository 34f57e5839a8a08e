// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/cell.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
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

#define NOBODY        "65534"
#define ARGUMENTS_MAX 128
#define LINE_OCTETS   512
#define PIECE_OCTETS  65536
#define PIECE_SMALL   16384
#define PIPE_OCTETS   (1 << 20)
#define NAP_NS        1000000
#define SIGNAL_STATUS 128 /* what bubblewrap adds to the number of the signal that ended the program */

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

static const char *const walls[] = {
        "/usr/bin/bwrap",
        "--unshare-all",
        "--as-pid-1",
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
        NULL,
};

static void add_profile(struct command *command, const struct cell_profile *profile)
{
        for (const char *const *folder = profile->folders; *folder; folder++) {
                add(command, "--ro-bind-try");
                add(command, *folder);
                add(command, *folder);
        }
        for (const char *const *variable = profile->environment; *variable; variable += 2) {
                add(command, "--setenv");
                add(command, variable[0]);
                add(command, variable[1]);
        }
}

static void add_links(struct command *command, const struct cell_profile *profile)
{
        if (profile->has_proc) {
                add(command, "--proc");
                add(command, "/proc");
        }
        if (profile->has_random) {
                add(command, "--dev-bind");
                add(command, "/dev/urandom");
                add(command, "/dev/urandom");
        }
        for (const char *const *link = profile->links; link && *link; link += 2) {
                add(command, "--symlink");
                add(command, link[0]);
                add(command, link[1]);
        }
}

/* A size counts for the next tmpfs only. The root is made read-only at last, when all of it is there. */
static void add_cell(struct command *command, const struct cell_order *order, int filter, int renderer)
{
        add_all(command, walls);
        add_profile(command, order->profile);
        if (order->document >= 0) {
                add(command, "--perms");
                add(command, "0444");
                add(command, "--ro-bind-data");
                add_number(command, "", (uint64_t)order->document);
                add(command, order->name);
        }
        if (renderer >= 0) {
                add(command, "--perms");
                add(command, "0555");
                add(command, "--ro-bind-data");
                add_number(command, "", (uint64_t)renderer);
                add(command, order->profile->has_typeset ? CELL_TYPESET : CELL_RENDERER);
        }
        add(command, "--size");
        add_number(command, "", order->profile->tmp_octets);
        add(command, "--tmpfs");
        add(command, "/tmp");
        add_links(command, order->profile);
        add(command, "--remount-ro");
        add(command, "/");
        add(command, "--chdir");
        add(command, "/tmp");
        add(command, "--seccomp");
        add_number(command, "", (uint64_t)filter);
        add(command, "--");
}

/* Set inside the cell, where processes are counted for it alone. */
static void add_limits(struct command *command, const struct cell_order *order)
{
        add(command, "/usr/bin/prlimit");
        add_number(command, "--as=", order->limits->memory_octets);
        add_number(command, "--cpu=", order->limits->cpu_s);
        add_number(command, "--fsize=", order->profile->tmp_octets);
        add_number(command, "--nofile=", order->profile->files);
        add_number(command, "--nproc=", order->profile->processes);
        add_number(command, "--core=", 0);
        add(command, "--");
}

/* A run of the cell: two pipes out of it, and what came through them. */
struct run {
        const struct cell_order *order;
        uint64_t octets;
        bool walls_failed;
        char line[LINE_OCTETS];
        size_t line_len;
};

static int line_end(struct run *run)
{
        struct text line = { run->line, run->line_len };

        run->line_len = 0;
        if (!text_starts_with(line, "bwrap: ") && !text_starts_with(line, "prlimit: "))
                return run->order->listen(run->order->context, line);
        run->walls_failed = true;
        run->line[line.len < LINE_OCTETS - 1 ? line.len : LINE_OCTETS - 1] = 0;
        log_write(LOG_ERROR, "cell-not-built", "reason", run->line, NULL);
        return 0;
}

/* The rest of a line that is too long is not looked at. */
static int take_words(struct run *run, const char *octets, size_t len)
{
        for (size_t i = 0; i < len; i++) {
                int r = octets[i] == '\n' ? line_end(run) : 0;

                if (r)
                        return r;
                if (octets[i] != '\n' && run->line_len < LINE_OCTETS)
                        run->line[run->line_len++] = octets[i];
        }
        return 0;
}

static int take_document(struct run *run, const char *octets, size_t len)
{
        run->octets += len;
        if (run->octets > run->order->limits->output_octets)
                return RENDER_LIMIT;
        return run->order->collect(run->order->context, text_from_octets(octets, len));
}

/* Ghostscript writes rasters in pieces of a line: whoever took each at once would have the two of them wake
 * each other up a thousand times a page. The pipe holds more than comes meanwhile. */
static void let_it_write(size_t len)
{
        static const struct timespec nap = { .tv_nsec = NAP_NS };

        if (len < PIECE_SMALL)
                nanosleep(&nap, NULL);
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
        if (!is_document)
                return take_words(run, piece, (size_t)len);
        let_it_write((size_t)len);
        return take_document(run, piece, (size_t)len);
}

static int pump(struct run *run, int *document, int *words)
{
        while (*document >= 0 || *words >= 0) {
                struct pollfd polled[] = { { .fd = *document, .events = POLLIN },
                                           { .fd = *words, .events = POLLIN } };
                int64_t left_ms = run->order->deadline_ms - clock_monotonic_ms();
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

/* Which signal it was tells which limit it met, or what it did that it may not. */
static void log_ended(const struct run *run, int signal)
{
        char number[16];

        snprintf(number, sizeof(number), "%d", signal);
        log_write(LOG_NOTICE, "cell-ended", "program", run->order->argv[0], "signal", number, NULL);
}

static int judge(const struct run *run, int outcome, int status)
{
        if (run->walls_failed)
                return fault(-EIO);
        if (outcome == CHILD_TIMED_OUT || outcome == CHILD_KILLED) {
                log_ended(run, status);
                return RENDER_LIMIT;
        }
        if (outcome == CHILD_FAILED && status > SIGNAL_STATUS) {
                log_ended(run, status - SIGNAL_STATUS);
                return RENDER_LIMIT;
        }
        return outcome == CHILD_FAILED ? RENDER_DAMAGED : outcome;
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
        fcntl(document[0], F_SETPIPE_SZ, PIPE_OCTETS); /* as it is, where that is more than we may have */
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
        r = child_wait(&child, run->order->deadline_ms, &status);
        return judge(run, r, status);
}

int cell_open_typeset(int *ret)
{
        char path[PATH_MAX];
        ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
        char *name;
        int fd;

        if (len < 0)
                return -errno;
        path[len] = 0;
        name = strrchr(path, '/');
        if (!name || (size_t)(name - path) + sizeof(CELL_TYPESET) > sizeof(path))
                return -ENAMETOOLONG;
        memcpy(name, CELL_TYPESET, sizeof(CELL_TYPESET));
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        *ret = fd;
        return 0;
}

static int open_program(const struct cell_profile *profile, int *ret)
{
        int r;

        if (profile->has_typeset) {
                r = cell_open_typeset(ret);
                return r < 0 ? fault(r) : 0;
        }
        if (!profile->has_renderer)
                return 0;
        *ret = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        return *ret < 0 ? fault(-errno) : 0;
}

int cell_run(const struct cell_order *order)
{
        SCOPED(closep) int filter = -1;
        SCOPED(closep) int renderer = -1;
        struct command command = { .count = 0 };
        struct run run = { .order = order };
        int inherit[4];
        int r;

        /* The owner of what lies in the cell's /proc/sys would be ours. */
        if (geteuid() == 0)
                return fault(-EPERM);
        r = open_program(order->profile, &renderer);
        if (r < 0)
                return r;
        r = process_filter_open(order->profile->calls, &filter);
        if (r < 0)
                return r;
        if (order->document >= 0 && lseek(order->document, 0, SEEK_SET) < 0)
                return fault(-errno);
        add_cell(&command, order, filter, renderer);
        add_limits(&command, order);
        add_all(&command, order->argv);

        inherit[0] = filter;
        inherit[1] = order->document >= 0 ? order->document : renderer;
        inherit[2] = order->document >= 0 ? renderer : -1;
        inherit[3] = -1;
        return run_command(&run, &command, inherit);
}

int cell_collect_to(void *context, struct text octets)
{
        return file_write(*(const int *)context, octets.at, octets.len);
}
