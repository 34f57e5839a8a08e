// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "os/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

#define INHERITED_MAX 8

static void actions_done(posix_spawn_file_actions_t *actions)
{
        posix_spawn_file_actions_destroy(actions);
}

static void attributes_done(posix_spawnattr_t *attributes)
{
        posix_spawnattr_destroy(attributes);
}

static int add_standard(posix_spawn_file_actions_t *actions, int fd, int as)
{
        if (fd < 0)
                return posix_spawn_file_actions_addopen(actions, as, "/dev/null",
                                                        as == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
        return posix_spawn_file_actions_adddup2(actions, fd, as);
}

static bool is_named(const int *fds, int fd)
{
        for (; fds && *fds >= 0; fds++)
                if (*fds == fd)
                        return true;
        return false;
}

/* dup2 onto itself clears close-on-exec. Everything else is closed, whatever whoever started us left open. */
static int add_descriptors(posix_spawn_file_actions_t *actions, const struct child_options *options)
{
        int highest = STDERR_FILENO;
        int r;

        r = add_standard(actions, options->input, STDIN_FILENO);
        if (r == 0)
                r = add_standard(actions, options->output, STDOUT_FILENO);
        if (r == 0)
                r = add_standard(actions, options->errors, STDERR_FILENO);
        for (const int *fd = options->inherit; fd && *fd >= 0 && r == 0; fd++) {
                r = posix_spawn_file_actions_adddup2(actions, *fd, *fd);
                highest = *fd > highest ? *fd : highest;
        }
        for (int fd = STDERR_FILENO + 1; fd < highest && r == 0; fd++)
                if (!is_named(options->inherit, fd))
                        r = posix_spawn_file_actions_addclose(actions, fd);
        if (r == 0)
                r = posix_spawn_file_actions_addclosefrom_np(actions, highest + 1);
        return r ? fault(-r) : 0;
}

/* Signals as a new program expects them: none blocked, the ignored ones back to their default. */
static int set_attributes(posix_spawnattr_t *attributes)
{
        sigset_t none, all;
        int r;

        sigemptyset(&none);
        sigfillset(&all);
        r = posix_spawnattr_setflags(attributes,
                                     POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        if (r == 0)
                r = posix_spawnattr_setpgroup(attributes, 0);
        if (r == 0)
                r = posix_spawnattr_setsigmask(attributes, &none);
        if (r == 0)
                r = posix_spawnattr_setsigdefault(attributes, &all);
        return r ? fault(-r) : 0;
}

int child_start(struct child *child, const struct child_options *options)
{
        SCOPED(actions_done) posix_spawn_file_actions_t actions;
        SCOPED(attributes_done) posix_spawnattr_t attributes;
        const char *const nothing[] = { NULL };
        const char *const *environment = options->environment ? options->environment : nothing;
        pid_t pid;
        int r;

        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        *child = (struct child){ .pid = -1, .pidfd = -1 };

        r = add_descriptors(&actions, options);
        if (r < 0)
                return r;
        r = set_attributes(&attributes);
        if (r < 0)
                return r;

        /* It does not change them; its type is older than const. */
        r = posix_spawn(&pid, options->path, &actions, &attributes, (char *const *)options->argv,
                        (char *const *)environment);
        if (r == ENOENT || r == EACCES || r == ENOTDIR)
                return CHILD_NO_PROGRAM;
        if (r)
                return fault(-r);

        child->pid = pid;
        /* Where it is not allowed, it merely runs like everybody. */
        if (options->is_idle)
                sched_setscheduler(pid, SCHED_IDLE, &(struct sched_param){ .sched_priority = 0 });
        child->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
        if (child->pidfd < 0) {
                r = fault(-errno);
                child_done(child);
                return r;
        }
        return 0;
}

static int reap(struct child *child)
{
        int status = 0;

        while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
                ;
        child->pid = -1;
        return status;
}

void child_done(struct child *child)
{
        if (child->pid > 0) {
                kill(-child->pid, SIGKILL);
                reap(child);
        }
        if (child->pidfd >= 0)
                close(take_fd(&child->pidfd));
}

int child_descriptor(const struct child *child)
{
        return child->pidfd;
}

static int wait_until(const struct child *child, int64_t deadline_ms)
{
        for (;;) {
                struct pollfd ended = { .fd = child->pidfd, .events = POLLIN };
                int64_t left_ms = deadline_ms - clock_monotonic_ms();
                int r;

                if (left_ms < 0)
                        left_ms = 0;
                r = poll(&ended, 1, left_ms > 60000 ? 60000 : (int)left_ms);
                if (r > 0)
                        return 0;
                if (r < 0 && errno != EINTR)
                        return fault(-errno);
                if (clock_monotonic_ms() >= deadline_ms)
                        return CHILD_TIMED_OUT;
        }
}

int child_wait(struct child *child, int64_t deadline_ms, int *ret_status)
{
        int status;
        int r;

        r = wait_until(child, deadline_ms);
        if (r) {
                child_done(child);
                return r;
        }
        /* What it may have left behind in its group does not outlive it. */
        kill(-child->pid, SIGKILL);
        status = reap(child);
        if (ret_status)
                *ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
        if (WIFSIGNALED(status))
                return CHILD_KILLED;
        return WEXITSTATUS(status) ? CHILD_FAILED : 0;
}
