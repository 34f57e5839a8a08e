// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/process.h"

static void filter_freep(scmp_filter_ctx *filter)
{
        if (*filter)
                seccomp_release(*filter);
}

static int add_threads(scmp_filter_ctx filter, uint32_t action)
{
        int r = seccomp_rule_add(filter, action, SCMP_SYS(clone), 1,
                                 SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));

        return r < 0 ? r : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static int add_rule(scmp_filter_ctx filter, uint32_t action, const char *name)
{
        int call;

        if (strcmp(name, PROCESS_SOCKET_UNIX) == 0)
                return seccomp_rule_add(filter, action, SCMP_SYS(socket), 1,
                                        SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0));
        if (strcmp(name, PROCESS_CLONE_THREAD) == 0)
                return add_threads(filter, action);
        call = seccomp_syscall_resolve_name(name);
        return call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, action, call, 0);
}

/* A call this machine's library does not know cannot be made by it either, and is passed over. */
static int add_rules(scmp_filter_ctx filter, uint32_t action, const char *const *names)
{
        for (; *names; names++) {
                int r = add_rule(filter, action, *names);

                if (r < 0)
                        return fault(r);
        }
        return 0;
}

static int load(uint32_t otherwise, uint32_t named, const char *const *names)
{
        SCOPED(filter_freep) scmp_filter_ctx filter = seccomp_init(otherwise);
        int r;

        if (!filter)
                return fault(-ENOMEM);
        r = add_rules(filter, named, names);
        if (r < 0)
                return r;
        r = seccomp_load(filter);
        return r < 0 ? fault(r) : 0;
}

int process_filter_open(const char *const *names, int *ret_fd)
{
        SCOPED(filter_freep) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
        SCOPED(closep) int fd = memfd_create("filter", MFD_CLOEXEC);
        int r;

        if (!filter)
                return fault(-ENOMEM);
        if (fd < 0)
                return fault(-errno);
        r = add_rules(filter, SCMP_ACT_ALLOW, names);
        if (r < 0)
                return r;
        r = seccomp_export_bpf(filter, fd);
        if (r < 0)
                return fault(r);
        if (lseek(fd, 0, SEEK_SET) < 0)
                return fault(-errno);
        *ret_fd = take_fd(&fd);
        return 0;
}

int process_allow_calls(const char *const *names)
{
        return load(SCMP_ACT_ERRNO(EPERM), SCMP_ACT_ALLOW, names);
}

int process_deny_calls(const char *const *names)
{
        return load(SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(EPERM), names);
}

int process_deny_processes(void)
{
        SCOPED(filter_freep) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        const char *const names[] = { "fork", "vfork", NULL };
        int r;

        if (!filter)
                return fault(-ENOMEM);
        r = add_rules(filter, SCMP_ACT_ERRNO(EPERM), names);
        if (r < 0)
                return r;
        r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                             SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
        if (r == 0)
                r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
        if (r == 0)
                r = seccomp_load(filter);
        return r < 0 ? fault(r) : 0;
}

/* Of the first version of Landlock, so that every kernel which has it at all (5.13) takes them. */
#define TO_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define TO_WRITE                                                                   \
        (TO_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
         LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG)
#define TO_HANDLE                                                                                      \
        (TO_WRITE | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |                        \
         LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
         LANDLOCK_ACCESS_FS_MAKE_SYM)

static int allow_beneath(int rules, const char *const *paths, uint64_t access)
{
        for (; paths && *paths; paths++) {
                SCOPED(closep) int fd = open(*paths, O_PATH | O_CLOEXEC);
                struct landlock_path_beneath_attr beneath = { .allowed_access = access, .parent_fd = fd };

                if (fd < 0)
                        return fault(-errno);
                if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0)
                        return fault(-errno);
        }
        return 0;
}

int process_allow_paths(const char *const *to_read, const char *const *to_write)
{
        struct landlock_ruleset_attr handled = { .handled_access_fs = TO_HANDLE };
        SCOPED(closep) int rules = -1;
        int r;

        rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
        if (rules < 0 && (errno == ENOSYS || errno == EOPNOTSUPP)) {
                log_write(LOG_WARNING, "paths-not-confined", "reason", "this kernel has no Landlock", NULL);
                return 0;
        }
        if (rules < 0)
                return fault(-errno);
        r = allow_beneath(rules, to_read, TO_READ);
        if (r < 0)
                return r;
        r = allow_beneath(rules, to_write, TO_WRITE);
        if (r < 0)
                return r;
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(SYS_landlock_restrict_self, rules, 0) < 0)
                return fault(-errno);
        return 0;
}
