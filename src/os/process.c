// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "os/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "base/text.h"

int process_harden(void)
{
        struct rlimit none = { 0, 0 };

        if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
            setrlimit(RLIMIT_CORE, &none) < 0)
                return fault(-errno);
        umask(077);
        if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
                return fault(-errno);
        return 0;
}

static int find_user(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
        struct passwd found, *entry = NULL;
        char strings[4096];
        uint64_t number;

        if (text_number(text_from(name), UINT32_MAX - 1, &number)) {
                getpwuid_r((uid_t)number, &found, strings, sizeof(strings), &entry);
                *ret_uid = (uid_t)number;
                *ret_gid = entry ? entry->pw_gid : (gid_t)number;
                return 0;
        }
        getpwnam_r(name, &found, strings, sizeof(strings), &entry);
        if (!entry)
                return PROCESS_NO_USER;
        *ret_uid = entry->pw_uid;
        *ret_gid = entry->pw_gid;
        return 0;
}

int process_find_user(const char *name, uid_t *ret)
{
        gid_t gid;

        return find_user(name, ret, &gid);
}

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

int process_limit_memory(uint64_t octets)
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

int process_become(const char *name)
{
        uid_t uid;
        gid_t gid;
        int r;

        if (!name)
                return 0;
        r = find_user(name, &uid, &gid);
        if (r)
                return r;
        if (uid == geteuid())
                return 0;
        if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
                return fault(-errno);
        return 0;
}

void process_raise_locked(void)
{
        struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

        setrlimit(RLIMIT_MEMLOCK, &all); /* without the right to it, the limit stays as it is */
}

bool process_lock_memory(void)
{
        struct rlimit limit = { 0, 0 };
        char words[128];
        bool unlimited;

        unlimited =
                geteuid() == 0 || (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY);
        if (mlockall(unlimited ? MCL_CURRENT | MCL_FUTURE : MCL_CURRENT) == 0)
                return true;
        log_write(LOG_WARNING, "memory-not-locked", "fault", strerror_r(errno, words, sizeof(words)), NULL);
        return false;
}

bool process_lock_region(void *at, size_t octets)
{
        madvise(at, octets, MADV_DONTDUMP);
        return mlock(at, octets) == 0;
}

size_t process_raise_files(size_t wanted)
{
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return 0;
        if (limit.rlim_cur < wanted) {
                rlim_t before = limit.rlim_cur;

                limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
                if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
                        limit.rlim_cur = before;
        }
        return limit.rlim_cur;
}

int process_stop_open(int *ret_fd)
{
        sigset_t set;
        int fd;

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
                return fault(-errno);
        fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (fd < 0)
                return fault(-errno);
        *ret_fd = fd;
        return 0;
}

int process_stop_take(int fd)
{
        struct signalfd_siginfo info;

        if (read(fd, &info, sizeof(info)) != sizeof(info))
                return 0;
        return (int)info.ssi_signo;
}
