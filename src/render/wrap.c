// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/wrap.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "os/process.h"
#include "render/outcome.h"

#define EXIT_FAULT 1

/* Memory, the one file that is already open, and the way out (of the sanitizers, too). */
static const char *const calls[] = {
        "brk",          "clock_gettime",  "exit",         "exit_group",  "futex",       "getpid",
        "gettid",       "madvise",        "mmap",         "mprotect",    "mremap",      "munmap",
        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sched_yield", "sigaltstack", "write",
        NULL,
};

static int wrap_with(const struct order *order, struct text document, struct pdf *pdf)
{
        switch (order->from) {
        case FORMAT_JPEG: return wrap_jpeg(order, document, pdf);
        case FORMAT_TEXT: return wrap_text(order, document, pdf);
        case FORMAT_PWG_RASTER:
        case FORMAT_APPLE_RASTER: return wrap_raster(order, document, pdf);
        default: return RENDER_UNSUPPORTED;
        }
}

static int wrap(const struct order *order, struct text document, int output)
{
        SCOPED(pdf_done) struct pdf pdf;
        int r;

        r = pdf_init(&pdf, output, order->limits.output_octets, order->limits.pages);
        if (r < 0)
                return r;
        r = wrap_with(order, document, &pdf);
        return r ? r : pdf_finish(&pdf);
}

static int confine(const struct order *order)
{
        struct rlimit cpu = { order->limits.cpu_s, order->limits.cpu_s };

        if (setrlimit(RLIMIT_CPU, &cpu) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
                return fault(-errno);
        return process_allow_calls(calls);
}

static _Noreturn void child(const struct order *order, struct text document, int output)
{
        int r;

        r = confine(order);
        if (r == 0)
                r = wrap(order, document, output);
        _exit(r < 0 ? EXIT_FAULT : r);
}

int wrap_document(const struct order *order, struct text document, int output)
{
        pid_t pid = fork();
        int status;

        if (pid < 0)
                return fault(-errno);
        if (pid == 0)
                child(order, document, output);
        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return fault(-errno);
        if (WIFSIGNALED(status))
                return RENDER_LIMIT; /* its time was up, or it met what no reader of ours should */
        return WEXITSTATUS(status) == EXIT_FAULT ? fault(-EIO) : WEXITSTATUS(status);
}
