// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scope.h"
#include "os/process.h"

/* What cannot be undone is done in a child. */
static void in_child(void (*body)(void))
{
        int status;
        pid_t pid = fork();

        assert(pid >= 0);
        if (pid == 0) {
                body();
                _exit(0);
        }
        assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void hardened(void)
{
        struct rlimit core;

        assert(process_harden() == 0);
        assert(prctl(PR_GET_DUMPABLE) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
        assert(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0);
        assert(umask(0) == 077);
        process_lock_memory();
        assert(process_raise_files(16) >= 16);
}

static void stopped(void)
{
        SCOPED(closep) int fd = -1;

        assert(process_stop_open(&fd) == 0 && process_stop_take(fd) == 0);
        assert(kill(getpid(), SIGTERM) == 0);
        assert(process_stop_take(fd) == SIGTERM && process_stop_take(fd) == 0);
}

static void denied(void)
{
        const char *const names[] = { "socket", "execve", "no_such_call", NULL };

        assert(process_deny_calls(names) == 0);
        assert(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM);
        assert(execl("/bin/true", "true", (char *)NULL) < 0 && errno == EPERM);
}

static void allowed(void)
{
        const char *const names[] = { "write", "exit_group", "getpid", "rt_sigprocmask", "mmap", "munmap",
                                      "brk",   "madvise",    NULL };

        assert(process_allow_calls(names) == 0);
        assert(getpid() > 0);
        assert(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM);
        assert(open("/dev/null", O_RDONLY) < 0 && errno == EPERM);
}

static void confined(void)
{
        char path[] = "/tmp/imprimatur-process-XXXXXX", inner[64];
        const char *const to_read[] = { "/usr", NULL };
        const char *to_write[] = { path, NULL };
        int fd;

        assert(mkdtemp(path));
        snprintf(inner, sizeof(inner), "%s/file", path);
        assert(process_allow_paths(to_read, to_write) == 0);

        fd = open(inner, O_WRONLY | O_CREAT, 0600);
        assert(fd >= 0 && unlink(inner) == 0);
        close(fd);
        fd = open("/usr/bin/env", O_RDONLY);
        assert(fd >= 0);
        close(fd);
        /* Without Landlock the second half has nothing to show. */
        fd = open("/etc/hostname", O_RDONLY);
        assert(fd >= 0 || errno == EACCES || errno == ENOENT);
        if (fd < 0)
                assert(open("/tmp/imprimatur-elsewhere", O_WRONLY | O_CREAT, 0600) < 0 && errno == EACCES);
        if (fd < 0)
                assert(execl("/usr/bin/true", "true", (char *)NULL) < 0 && errno == EACCES);
}

/* The folders that confined children could not remove themselves. */
static void clean(void)
{
        pid_t pid = fork();

        if (pid == 0) {
                execl("/usr/bin/find", "find", "/tmp", "-maxdepth", "1", "-name", "imprimatur-process-*",
                      "-empty", "-delete", (char *)NULL);
                _exit(1);
        }
        waitpid(pid, NULL, 0);
}

/* A sanitizer makes calls of its own at the end of a process, which a list of what is allowed cannot name. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#else
#define SANITIZED false
#endif

int main(void)
{
        in_child(hardened);
        in_child(stopped);
        in_child(denied);
        if (!SANITIZED)
                in_child(allowed);
        in_child(confined);
        clean();
        return 0;
}
