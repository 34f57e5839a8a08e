// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* What it has got already; a sanitizer's share of it is larger than any limit. */
static int address_space(uint64_t *ret)
{
        SCOPED(closep) int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
        char line[128];
        ssize_t len;

        if (fd < 0)
                return fault(-errno);
        len = read(fd, line, sizeof(line) - 1);
        if (len < 0)
                return fault(-errno);
        line[len] = 0;
        *ret = strtoull(line, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
        return 0;
}

static int limit_memory(uint64_t octets)
{
        struct rlimit limit;
        uint64_t used = 0;
        int r;

        r = address_space(&used);
        if (r < 0)
                return r;
        limit = (struct rlimit){ used + octets, used + octets };
        return setrlimit(RLIMIT_AS, &limit) < 0 ? fault(-errno) : 0;
}

static int confine(const struct order_limits *limits)
{
        struct rlimit cpu = { limits->cpu_s, limits->cpu_s };
        int r;

        if (setrlimit(RLIMIT_CPU, &cpu) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
                return fault(-errno);
        r = limit_memory(limits->memory_octets);
        return r < 0 ? r : process_allow_calls(calls);
}

static _Noreturn void child(const struct order_limits *limits, int (*work)(void *), void *context)
{
        int r;

        r = confine(limits);
        if (r == 0)
                r = work(context);
        if (r == -ENOMEM)
                r = RENDER_LIMIT;
        _exit(r < 0 ? EXIT_FAULT : r);
}

int confine_run(const struct order_limits *limits, int (*work)(void *context), void *context)
{
        pid_t pid = fork();
        int status;

        if (pid < 0)
                return fault(-errno);
        if (pid == 0)
                child(limits, work, context);
        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return fault(-errno);
        if (WIFSIGNALED(status)) {
                char number[16];

                snprintf(number, sizeof(number), "%d", WTERMSIG(status));
                log_write(LOG_NOTICE, "reader-ended", "signal", number, NULL);
                return RENDER_LIMIT;
        }
        return WEXITSTATUS(status) == EXIT_FAULT ? fault(-EIO) : WEXITSTATUS(status);
}
