// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/process.h"
#include "render/outcome.h"

#define EXIT_FAULT 1

/* Memory, random octets (for what libqpdf decrypts with), the files that are already open, and the way out
 * (of the sanitizers, too). */
static const char *const calls[] = {
        "brk",          "clock_gettime", "exit",        "exit_group",   "futex",
        "getpid",       "getrandom",     "gettid",      "madvise",      "mmap",
        "mprotect",     "mremap",        "munmap",      "rt_sigaction", "rt_sigprocmask",
        "rt_sigreturn", "sched_yield",   "sigaltstack", "write",        NULL,
};

/* What a reader that was taken over would write to instead: the frames of the answer, the log. */
static int close_all_but(int fd)
{
        unsigned int kept = (unsigned int)fd;

        if (fd < 0)
                return close_range(0, UINT_MAX, 0) < 0 ? fault(-errno) : 0;
        if (fd > 0 && close_range(0, kept - 1, 0) < 0)
                return fault(-errno);
        return close_range(kept + 1, UINT_MAX, 0) < 0 ? fault(-errno) : 0;
}

static int confine(const struct order_limits *limits, int to)
{
        struct rlimit cpu = { limits->cpu_s, limits->cpu_s };
        struct rlimit file = { limits->output_octets, limits->output_octets };
        int r;

        if (setrlimit(RLIMIT_CPU, &cpu) < 0 || setrlimit(RLIMIT_FSIZE, &file) < 0 ||
            prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
                return fault(-errno);
        r = process_limit_memory(limits->memory_octets);
        if (r == 0)
                r = close_all_but(to);
        return r < 0 ? r : process_allow_calls(calls);
}

static _Noreturn void child(const struct order_limits *limits, int to, int (*work)(void *), void *context)
{
        int r;

        r = confine(limits, to);
        if (r == 0)
                r = work(context);
        if (r == -ENOMEM)
                r = RENDER_LIMIT;
        _exit(r < 0 ? EXIT_FAULT : r);
}

/* It may sleep, which costs it no time of the processor. */
static void end_late(int pidfd, pid_t pid, uint32_t wall_s)
{
        int64_t deadline_ms = clock_monotonic_ms() + (int64_t)wall_s * 1000;
        struct pollfd ended = { .fd = pidfd, .events = POLLIN };

        for (;;) {
                int64_t left_ms = deadline_ms - clock_monotonic_ms();
                int r = poll(&ended, 1, left_ms < 0 ? 0 : left_ms > 60000 ? 60000 : (int)left_ms);

                if (r > 0)
                        return;
                if (left_ms <= 0 || (r < 0 && errno != EINTR))
                        break;
        }
        kill(pid, SIGKILL);
}

static int wait_for(pid_t pid, uint32_t wall_s, int *ret)
{
        SCOPED(closep) int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

        end_late(pidfd, pid, wall_s);
        while (waitpid(pid, ret, 0) < 0)
                if (errno != EINTR)
                        return fault(-errno);
        return 0;
}

int confine_run(const struct order_limits *limits, int to, int (*work)(void *context), void *context)
{
        pid_t pid = fork();
        int status = 0;
        int r;

        if (pid < 0)
                return fault(-errno);
        if (pid == 0)
                child(limits, to, work, context);
        r = wait_for(pid, limits->wall_s, &status);
        if (r < 0)
                return r;
        if (WIFSIGNALED(status)) {
                char number[16];

                snprintf(number, sizeof(number), "%d", WTERMSIG(status));
                log_write(LOG_NOTICE, "reader-ended", "signal", number, NULL);
                return RENDER_LIMIT;
        }
        return WEXITSTATUS(status) == EXIT_FAULT ? fault(-EIO) : WEXITSTATUS(status);
}
