// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/poppler.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/cell.h"
#include "render/colour.h"
#include "render/jpeg.h"
#include "render/outcome.h"

#define PROGRAM  "/usr/bin/pdftoppm"
#define DOCUMENT "/document"
/* The longer side of a page whose colours are looked for: A4 at 36 dots an inch. */
#define COLOUR_DOTS 421

/* What pdftoppm, prlimit and the first process in the cell (wait4) were seen to use, and what the C library
 * may use instead. */
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
        "fadvise64",
        "fcntl",
        "fstat",
        "fstatfs",
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
        "mmap",
        "mprotect",
        "mremap",
        "munmap",
        "newfstatat",
        "openat",
        "pread64",
        "prlimit64",
        "read",
        "readlink",
        "readlinkat",
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
        "statx",
        "sysinfo",
        "tgkill",
        "uname",
        "wait4",
        "write",
        "writev",
        NULL,
};

/* Fonts that a document names and does not bring along are looked for with fontconfig. */
static const char *const folders[] = { "/etc/fonts", "/var/cache/fontconfig", NULL };
static const char *const environment[] = { "LC_ALL", "C.UTF-8", NULL };

const struct cell_profile poppler_profile = {
        .folders = folders,
        .environment = environment,
        .calls = calls,
        .tmp_octets = UINT64_C(64) << 20,
        .files = 64,
        .processes = 64,
};

/* One run: what it says. */
struct run {
        struct buffer *image;
        struct colour_scan scan;
        bool wants_password;
        bool is_out_of_memory;
};

static bool contains(struct text line, const char *words)
{
        return memmem(line.at, line.len, words, strlen(words)) != NULL;
}

static int listen_to(void *context, struct text line)
{
        struct run *run = context;

        run->wants_password |= contains(line, "Incorrect password");
        run->is_out_of_memory |= contains(line, "memory allocation") || contains(line, "ut of memory") ||
                                 contains(line, "bad_alloc");
        return 0;
}

static int run_cell(struct run *run, const char *const *argv, const struct order_limits *limits, int pdf,
                    int64_t deadline_ms, int (*collect)(void *context, struct text octets))
{
        const struct cell_order cell = {
                .profile = &poppler_profile,
                .argv = argv,
                .document = pdf,
                .name = DOCUMENT,
                .limits = limits,
                .deadline_ms = deadline_ms,
                .collect = collect,
                .listen = listen_to,
                .context = run,
        };
        int r;

        if (access(PROGRAM, X_OK) < 0)
                return RENDER_UNSUPPORTED;
        r = cell_run(&cell);
        if (r >= 0 && run->wants_password)
                return RENDER_PASSWORD;
        return r > 0 && run->is_out_of_memory ? RENDER_LIMIT : r;
}

static int collect_image(void *context, struct text octets)
{
        struct run *run = context;

        buffer_add_text(run->image, octets);
        return run->image->failure ? RENDER_LIMIT : 0;
}

static int draw(const struct order *order, int pdf, bool is_turned, int64_t deadline_ms, struct buffer *ret)
{
        struct run run = { .image = ret };
        char page[16], dots[16];
        const char *const argv[] = {
                PROGRAM, "-cropbox",
                "-jpeg", "-f",
                page,    "-l",
                page,    is_turned ? "-scale-to-y" : "-scale-to-x",
                dots,    is_turned ? "-scale-to-x" : "-scale-to-y",
                "-1",    DOCUMENT,
                NULL,
        };

        snprintf(page, sizeof(page), "%" PRIu32, order->page);
        snprintf(dots, sizeof(dots), "%" PRIu32, order->width);
        return run_cell(&run, argv, &order->limits, pdf, deadline_ms, collect_image);
}

/* It goes to people as what it is called. */
static bool is_image(struct text octets, uint32_t width)
{
        struct jpeg jpeg;

        return jpeg_parse(octets, &jpeg) == 0 && jpeg.width == width;
}

/* It scales before it turns: of a page that is turned, the width is the other side. */
int poppler_draw(const struct order *order, int pdf, int64_t deadline_ms, struct buffer *ret)
{
        int r;

        r = draw(order, pdf, false, deadline_ms, ret);
        if (r || is_image(buffer_text(ret), order->width))
                return r;
        buffer_clear(ret);
        r = draw(order, pdf, true, deadline_ms, ret);
        if (r)
                return r;
        return is_image(buffer_text(ret), order->width) ? 0 : RENDER_DAMAGED;
}

static int collect_colours(void *context, struct text octets)
{
        struct run *run = context;

        return colour_scan_take(&run->scan, octets) ? RENDER_DAMAGED : 0;
}

int poppler_count_colours(const struct order_limits *limits, int pdf, uint32_t pages, int64_t deadline_ms,
                          uint32_t *ret)
{
        struct order_limits wide = *limits;
        struct run run = { .image = NULL };
        char pages_word[16], dots_word[16];
        const char *const argv[] = { PROGRAM,    "-cropbox",  "-q",      "-f",     "1", "-l",
                                     pages_word, "-scale-to", dots_word, DOCUMENT, NULL };
        int r;

        /* The dots of pages are looked at and forgotten. */
        wide.output_octets = (uint64_t)pages * (3 * COLOUR_DOTS * COLOUR_DOTS + COLOUR_HEADER_OCTETS);
        snprintf(pages_word, sizeof(pages_word), "%" PRIu32, pages);
        snprintf(dots_word, sizeof(dots_word), "%d", COLOUR_DOTS);
        r = run_cell(&run, argv, &wide, pdf, deadline_ms, collect_colours);
        if (r)
                return r;
        if (run.scan.pages != pages || !colour_scan_has_ended(&run.scan))
                return RENDER_DAMAGED;
        *ret = run.scan.colour_pages;
        return 0;
}
