// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "os/process.h"
#include "render/outcome.h"

#define WORDS_MAX   64
#define WORD_OCTETS 64

/* What they were seen to use, and what the C library may use instead. They have threads, and no processes:
 * each of those would have its own limit of memory. With restart_syscall the kernel itself goes on after it
 * has interrupted a wait for a time; without it LibreOffice ends at some waits, and not at others. */
const char *const tool_calls[] = {
        "access",
        "arch_prctl",
        "brk",
        "clock_getres",
        "clock_gettime",
        "clock_nanosleep",
        PROCESS_CLONE_THREAD,
        "close",
        "dup",
        "dup2",
        "epoll_create1",
        "epoll_ctl",
        "epoll_wait",
        "eventfd2",
        "execve",
        "exit",
        "exit_group",
        "faccessat2",
        "fadvise64",
        "fcntl",
        "fstat",
        "fstatfs",
        "ftruncate",
        "futex",
        "get_mempolicy",
        "getcwd",
        "getdents64",
        "getegid",
        "geteuid",
        "getgid",
        "getpid",
        "getrandom",
        "getrusage",
        "gettid",
        "gettimeofday",
        "getuid",
        "ioctl",
        "lseek",
        "madvise",
        "mkdir",
        "mmap",
        "mprotect",
        "mremap",
        "munmap",
        "nanosleep",
        "newfstatat",
        "openat",
        "pipe2",
        "poll",
        "prctl",
        "pread64",
        "prlimit64",
        "pwrite64",
        "read",
        "readlink",
        "readlinkat",
        "rename",
        "restart_syscall",
        "rmdir",
        "rseq",
        "rt_sigaction",
        "rt_sigprocmask",
        "rt_sigreturn",
        "sched_getaffinity",
        "sched_yield",
        "set_mempolicy",
        "set_robust_list",
        "set_tid_address",
        "sigaltstack",
        "stat",
        "statfs",
        "statx",
        "sysinfo",
        "tgkill",
        "uname",
        "unlink",
        "unlinkat",
        "wait4",
        "write",
        "writev",
        NULL,
};

bool tool_is_there(const struct tool *tool)
{
        return access(tool->program, X_OK) == 0;
}

/* One run: where what it makes goes, and whether it ran out of memory, as Ghostscript and Python say it. */
struct run {
        int made;
        bool is_out_of_memory;
};

static int collect(void *context, struct text octets)
{
        const struct run *run = context;

        return file_write(run->made, octets.at, octets.len);
}

static int listen_to(void *context, struct text line)
{
        static const char *const words[] = { "VMerror", "MemoryError" };
        struct run *run = context;

        for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
                if (memmem(line.at, line.len, words[i], strlen(words[i])))
                        run->is_out_of_memory = true;
        return 0;
}

/* Its words, with those of the medium in them. */
struct words {
        const char *at[WORDS_MAX];
        char texts[4][WORD_OCTETS];
        size_t texts_count;
};

static const char *fill_in(struct words *words, const char *word, const char *place, double points)
{
        struct text text = text_from(word);
        char *to;

        if (!text_ends_with(text, place) || words->texts_count == ARRAY_LENGTH(words->texts))
                return NULL;
        to = words->texts[words->texts_count++];
        snprintf(to, WORD_OCTETS, "%.*s%.0f", (int)(text.len - strlen(place)), word, points);
        return to;
}

static void compose(const struct tool *tool, const struct media *media, struct words *ret)
{
        *ret = (struct words){ .texts_count = 0 };
        for (size_t i = 0; tool->argv[i] && i < WORDS_MAX - 1; i++) {
                const char *word = fill_in(ret, tool->argv[i], TOOL_WIDTH, media->width);

                if (!word)
                        word = fill_in(ret, tool->argv[i], TOOL_HEIGHT, media->height);
                ret->at[i] = word ? word : tool->argv[i];
        }
}

int tool_run(const struct tool *tool, const struct order *order, int document, int64_t deadline_ms, int *ret)
{
        SCOPED(closep) int made = memfd_create("made", MFD_CLOEXEC);
        struct run run = { .made = made };
        struct words words;
        struct cell_order cell = {
                .profile = tool->profile,
                .argv = words.at,
                .document = document,
                .name = tool->name,
                .limits = &order->limits,
                .deadline_ms = deadline_ms,
                .collect = collect,
                .listen = listen_to,
                .context = &run,
        };
        struct stat stat;
        int r;

        if (!tool_is_there(tool))
                return RENDER_UNSUPPORTED;
        if (made < 0)
                return fault(-errno);
        compose(tool, &order->media, &words);
        r = cell_run(&cell);
        if (r > 0 && run.is_out_of_memory)
                return RENDER_LIMIT;
        if (r)
                return r;
        if (fstat(made, &stat) < 0)
                return fault(-errno);
        if (stat.st_size == 0)
                return RENDER_DAMAGED;
        *ret = take_fd(&made);
        return 0;
}
