// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * A traitor: what a converter is after somebody's document has taken it over. It stands in the place of gs,
 * pdftoppm, soffice.bin … inside of the cell, tries whatever leads out of there, and says what it got:
 *
 *      got: NAME       an attack that succeeded
 *      tried: N        all of them were tried
 *
 * What there is to be reached outside stands in facts[], which whoever puts it in place writes into the
 * program's octets: a file, a process, ports of TCP and UDP on 127.0.0.1, a socket in a folder, one without;
 * then what a cell may have: processes besides this one, MiB of memory, and of files in /tmp.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB         1048576
#define PROCESSES   200
#define DESCRIPTORS 4096

volatile char facts[512] = "IMPRIMATUR-TRAITOR-FACTS";

static struct {
        char file[100], folder_socket[100], other_socket[50];
        int process, tcp, udp, processes, memory_mib, files_mib;
} outside;

static bool opens(const char *path, int flags)
{
        int fd = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);

        if (fd >= 0)
                close(fd);
        return fd >= 0;
}

static bool opens_any(const char *const *paths, int flags)
{
        for (; *paths; paths++)
                if (opens(*paths, flags))
                        return true;
        return false;
}

static bool reads_files(void)
{
        static const char *const paths[] = { "/etc/passwd",
                                             "/etc/shadow",
                                             "/etc/machine-id",
                                             "/root",
                                             "/home",
                                             "/var/log",
                                             "/var/lib/imprimatur",
                                             "/run",
                                             "/sys",
                                             "/boot",
                                             "/srv",
                                             "/etc/imprimatur",
                                             "/etc/ssl/private",
                                             "/etc/hostname",
                                             "/mnt",
                                             "/proc/1/root/etc/passwd",
                                             "/proc/self/root/etc/passwd",
                                             "/tmp/../etc/passwd",
                                             NULL };

        return opens_any(paths, O_RDONLY) || opens(outside.file, O_RDONLY);
}

static bool writes_files(void)
{
        static const char *const made[] = { "/x",      "/usr/x",   "/usr/bin/x", "/etc/x",     "/var/x",
                                            "/lib/x",  "/bin/x",   "/dev/x",     "/dev/shm/x", "/var/tmp/x",
                                            "/proc/x", "/alone/x", NULL };

        return opens_any(made, O_WRONLY | O_CREAT) || opens(outside.file, O_WRONLY | O_CREAT) ||
               mkdir("/y", 0700) == 0 || mkdir("/usr/y", 0700) == 0;
}

static bool changes_programs(void)
{
        static const char *const paths[] = { "/proc/self/exe",        "/usr/bin/gs",
                                             "/usr/bin/bwrap",        "/usr/bin/prlimit",
                                             "/imprimatur-render",    "/document",
                                             "/document.heic",        "/alone/document.svg",
                                             "/etc/ld.so.cache",      "/lib64/ld-linux-x86-64.so.2",
                                             "/etc/fonts/fonts.conf", NULL };

        return opens_any(paths, O_RDWR) || opens_any(paths, O_WRONLY | O_TRUNC) ||
               rename("/usr/bin/gs", "/tmp/gs") == 0 || unlink("/usr/bin/gs") == 0 ||
               chmod("/usr/bin/gs", 06777) == 0;
}

static bool finds_devices(void)
{
        static const char *const paths[] = { "/dev/mem",         "/dev/kmsg",
                                             "/dev/kvm",         "/dev/tty",
                                             "/dev/ptmx",        "/dev/sda",
                                             "/dev/vda",         "/dev/fuse",
                                             "/dev/net/tun",     "/dev/loop-control",
                                             "/dev/userfaultfd", "/dev/console",
                                             "/dev/null",        NULL };

        return opens_any(paths, O_RDONLY) || opens_any(paths, O_WRONLY) ||
               mknod("/tmp/device", S_IFBLK | 0600, 0x800) == 0;
}

static bool writes(const char *path, const char *word)
{
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        bool is_written = fd >= 0 && write(fd, word, strlen(word)) > 0;

        if (fd >= 0)
                close(fd);
        return is_written;
}

static bool turns_kernel_knobs(void)
{
        static const char *const paths[] = { "/proc/sys/kernel/core_pattern",
                                             "/proc/sys/kernel/hostname",
                                             "/proc/sys/vm/overcommit_memory",
                                             "/proc/sys/net/ipv4/ip_forward",
                                             "/proc/sysrq-trigger",
                                             "/proc/self/uid_map",
                                             "/proc/self/setgroups",
                                             "/sys/fs/cgroup/cgroup.procs",
                                             NULL };

        for (const char *const *path = paths; *path; path++)
                if (writes(*path, "0"))
                        return true;
        return writes("/proc/self/oom_score_adj", "-1000") || opens("/proc/kcore", O_RDONLY) ||
               opens("/proc/kmsg", O_RDONLY) || opens("/proc/keys", O_WRONLY);
}

/* Through which limits that are set for us alone could be got around. */
static bool writes_to_processes(void)
{
        DIR *folder = opendir("/proc");
        const struct dirent *entry;
        bool is_got = false;

        while (folder && (entry = readdir(folder))) {
                char path[300];

                if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || atoi(entry->d_name) == getpid())
                        continue;
                snprintf(path, sizeof(path), "/proc/%s/mem", entry->d_name);
                is_got |= opens(path, O_RDWR) || opens(path, O_RDONLY);
                snprintf(path, sizeof(path), "/proc/%s/environ", entry->d_name);
                is_got |= opens(path, O_RDONLY);
        }
        if (folder)
                closedir(folder);
        return is_got;
}

/* Its own two or three at most (bubblewrap's first one, the renderer in there); none with words of a host. */
static bool sees_processes(void)
{
        char path[64];
        DIR *folder = opendir("/proc");
        const struct dirent *entry;
        int count = 0;

        snprintf(path, sizeof(path), "/proc/%d/stat", outside.process);
        while (folder && (entry = readdir(folder)))
                count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
        if (folder)
                closedir(folder);
        return count > 4 || (outside.process > 16 && opens(path, O_RDONLY));
}

static bool sees_environment(void)
{
        static const char *const usual[] = { "PATH=",
                                             "TMPDIR=/tmp",
                                             "HOME=/tmp",
                                             "PWD=",
                                             "LC_ALL=C.UTF-8",
                                             "PYTHONDONTWRITEBYTECODE=1",
                                             "MALLOC_ARENA_MAX=2",
                                             NULL };

        for (char **at = environ; at && *at; at++) {
                bool is_usual = false;

                for (const char *const *word = usual; *word; word++)
                        is_usual |= strncmp(*at, *word, strlen(*word)) == 0;
                if (!is_usual)
                        return true;
        }
        return false;
}

static bool has_descriptors(void)
{
        for (int fd = 3; fd < DESCRIPTORS; fd++)
                if (fcntl(fd, F_GETFD) >= 0)
                        return true;
        return false;
}

static bool signals(void)
{
        return kill(outside.process, 0) == 0 || syscall(SYS_tkill, outside.process, 0) == 0 ||
               syscall(SYS_tgkill, outside.process, outside.process, 0) == 0 || kill(1, 0) == 0 ||
               syscall(SYS_pidfd_open, outside.process, 0) >= 0;
}

static bool reads_processes(void)
{
        char octets[16];
        struct {
                void *at;
                size_t len;
        } here = { octets, sizeof(octets) }, there = { octets, sizeof(octets) };

        return syscall(SYS_ptrace, 16, outside.process, 0, 0) == 0 || syscall(SYS_ptrace, 0, 0, 0, 0) == 0 ||
               syscall(SYS_process_vm_readv, outside.process, &here, 1, &there, 1, 0) > 0 ||
               syscall(SYS_process_vm_writev, getppid(), &here, 1, &there, 1, 0) > 0 ||
               syscall(SYS_kcmp, getpid(), outside.process, 0, 0, 0) >= 0;
}

static bool connects(int family, int type, int protocol)
{
        int fd = socket(family, type | SOCK_CLOEXEC, protocol);

        if (fd >= 0)
                close(fd);
        return fd >= 0;
}

static bool has_network(void)
{
        struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);

        at.sin_port = htons((uint16_t)outside.tcp);
        if (tcp >= 0)
                connect(tcp, (struct sockaddr *)&at, sizeof(at));
        at.sin_port = htons((uint16_t)outside.udp);
        if (udp >= 0)
                sendto(udp, "x", 1, 0, (struct sockaddr *)&at, sizeof(at));
        return tcp >= 0 || udp >= 0;
}

static bool has_other_networks(void)
{
        static const int families[] = { AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_ALG, AF_BLUETOOTH,
                                        AF_CAN,   AF_TIPC,    AF_XDP,    AF_KEY,   AF_RDS, AF_NFC };

        for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
                if (connects(families[i], SOCK_DGRAM, 0) || connects(families[i], SOCK_RAW, 0) ||
                    connects(families[i], SOCK_STREAM, 0) || connects(families[i], SOCK_SEQPACKET, 0))
                        return true;
        return connects(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static bool reaches_socket(const char *name, bool is_abstract)
{
        struct sockaddr_un at = { .sun_family = AF_UNIX };
        size_t len = strlen(name);
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        bool is_there;

        memcpy(at.sun_path + is_abstract, name, len < 100 ? len : 100);
        is_there = fd >= 0 &&
                   connect(fd, (struct sockaddr *)&at,
                           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + is_abstract + len)) == 0;
        if (fd >= 0)
                close(fd);
        return is_there;
}

static bool reaches_services(void)
{
        return reaches_socket(outside.folder_socket, false) || reaches_socket(outside.other_socket, true) ||
               reaches_socket("/run/systemd/notify", false) ||
               reaches_socket("/run/dbus/system_bus_socket", false) ||
               reaches_socket("/tmp/.X11-unix/X0", false);
}

static bool becomes_somebody(void)
{
        struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
        struct __user_cap_data_struct data[2] = { { ~0u, ~0u, ~0u }, { ~0u, ~0u, ~0u } };

        return getuid() == 0 || geteuid() == 0 || setuid(0) == 0 || setgid(0) == 0 || setreuid(0, 0) == 0 ||
               setresuid(0, 0, 0) == 0 || setgroups(0, NULL) == 0 ||
               syscall(SYS_capset, &header, data) == 0 || syscall(SYS_setfsuid, 0) == 0 ||
               prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0) == 0 ||
               prctl(PR_SET_SECUREBITS, 1, 0, 0, 0) == 0;
}

/* A program with the set-user-id bit would make root of us, were it not for this. */
static bool could_become_by_programs(void)
{
        return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

static bool makes_namespaces(void)
{
        static const int flags[] = { CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWNET,   CLONE_NEWPID,
                                     CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP };

        for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
                long pid;

                if (unshare(flags[i]) == 0)
                        return true;
                pid = syscall(SYS_clone, (unsigned long)flags[i] | SIGCHLD, 0, 0, 0, 0);
                if (pid == 0)
                        _exit(0);
                if (pid > 0)
                        return true;
        }
        return opens("/proc/1/ns/net", O_RDONLY) && setns(open("/proc/1/ns/net", O_RDONLY), 0) == 0;
}

/* Arguments that no call would take: whatever is not answered with EPERM or ENOSYS was not stopped by the
 * walls. */
static bool any_is_let_in(const long *calls, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (syscall((long)calls[i], -1L, -1L, -1L, -1L, -1L, -1L) >= 0 ||
                    (errno != EPERM && errno != ENOSYS))
                        return true;
        return false;
}

static bool mounts(void)
{
        static const long calls[] = { SYS_mount,     SYS_umount2,    SYS_pivot_root,    SYS_chroot,
                                      SYS_fsopen,    SYS_fsconfig,   SYS_fsmount,       SYS_fspick,
                                      SYS_open_tree, SYS_move_mount, SYS_mount_setattr, SYS_swapon,
                                      SYS_swapoff };

        return any_is_let_in(calls, sizeof(calls) / sizeof(*calls));
}

static bool calls_of_administrators(void)
{
        static const long calls[] = {
                SYS_bpf,           SYS_perf_event_open, SYS_kexec_load,    SYS_kexec_file_load,
                SYS_init_module,   SYS_finit_module,    SYS_delete_module, SYS_syslog,
                SYS_acct,          SYS_quotactl,        SYS_sethostname,   SYS_setdomainname,
                SYS_settimeofday,  SYS_clock_settime,   SYS_adjtimex,      SYS_reboot,
                SYS_fanotify_init, SYS_vhangup,         SYS_nfsservctl,    SYS_lookup_dcookie
        };

        return any_is_let_in(calls, sizeof(calls) / sizeof(*calls));
}

static bool calls_that_were_holes(void)
{
        static const long calls[] = { SYS_io_uring_setup,
                                      SYS_io_uring_enter,
                                      SYS_io_uring_register,
                                      SYS_userfaultfd,
                                      SYS_keyctl,
                                      SYS_add_key,
                                      SYS_request_key,
                                      SYS_setns,
                                      SYS_splice,
                                      SYS_vmsplice,
                                      SYS_tee,
                                      SYS_pidfd_getfd,
                                      SYS_process_madvise,
                                      SYS_move_pages,
                                      SYS_migrate_pages,
                                      SYS_mbind,
                                      SYS_personality,
                                      SYS_remap_file_pages,
                                      SYS_timer_create,
                                      SYS_waitid,
                                      SYS_sendmsg,
                                      SYS_sendmmsg,
                                      SYS_recvmsg,
                                      SYS_msgget,
                                      SYS_semget,
                                      SYS_shmget,
                                      SYS_shmat,
                                      SYS_mq_open,
                                      SYS_inotify_init1,
                                      SYS_memfd_create,
                                      SYS_execveat };

        return any_is_let_in(calls, sizeof(calls) / sizeof(*calls));
}

static bool opens_by_handle(void)
{
        static const long calls[] = { SYS_open_by_handle_at, SYS_name_to_handle_at };

        return any_is_let_in(calls, 2);
}

static bool links(void)
{
        return link("/usr/bin/gs", "/tmp/gs") == 0 || symlink("/etc/passwd", "/tmp/passwd") == 0 ||
               mkfifo("/tmp/fifo", 0600) == 0 || chown("/tmp", 0, 0) == 0;
}

/* Characters typed on behalf of whoever started the service. */
static bool types_at_a_terminal(void)
{
        return ioctl(0, TIOCSTI, "x") == 0 || ioctl(1, TIOCSTI, "x") == 0 || ioctl(2, TIOCSTI, "x") == 0 ||
               isatty(0) || isatty(1) || isatty(2);
}

/* A child that sleeps for as long as it is let. */
static long child_start(int how)
{
        uint64_t clone3[11] = { [4] = SIGCHLD };
        long pid = how == 0   ? syscall(SYS_clone, (unsigned long)SIGCHLD, 0, 0, 0, 0)
                   : how == 1 ? syscall(SYS_clone3, clone3, sizeof(clone3))
                              : syscall(SYS_fork);

        if (pid == 0)
                for (;;)
                        sched_yield();
        return pid;
}

static bool multiplies(void)
{
        long pids[PROCESSES];
        int count = 0;

        for (int how = 0; how < 3; how++)
                while (count < PROCESSES && (pids[count] = child_start(how)) > 0)
                        count++;
        /* Where it may not be asked to end, it ends with the cell. */
        for (int i = 0; i < count; i++)
                syscall(SYS_tgkill, pids[i], pids[i], SIGKILL);
        return count > outside.processes;
}

/* In pieces, each of them touched. */
static bool eats_memory(void)
{
        long piece = 16 * MIB, got = 0;

        for (int shared = 0; shared < 2; shared++)
                for (;;) {
                        char *at = mmap(NULL, (size_t)piece, PROT_READ | PROT_WRITE,
                                        MAP_ANONYMOUS | (shared ? MAP_SHARED : MAP_PRIVATE), -1, 0);

                        if (at == MAP_FAILED || got / MIB > outside.memory_mib)
                                break;
                        memset(at, 1, (size_t)piece);
                        got += piece;
                }
        return got / MIB > outside.memory_mib;
}

static bool fills_disks(void)
{
        static char octets[MIB];
        long got = 0;

        for (int i = 0; i < 4; i++) {
                char name[32];
                int fd;

                snprintf(name, sizeof(name), "/tmp/large-%d", i);
                fd = open(name, O_WRONLY | O_CREAT, 0600);
                while (fd >= 0 && got / MIB <= outside.files_mib && write(fd, octets, sizeof(octets)) > 0)
                        got += MIB;
                if (fd >= 0)
                        close(fd);
        }
        for (int i = 0; i < 4; i++) {
                char name[32];

                snprintf(name, sizeof(name), "/tmp/large-%d", i);
                unlink(name);
        }
        return got / MIB > outside.files_mib;
}

static bool raises_limits(void)
{
        static const int which[] = { RLIMIT_AS,    RLIMIT_CPU,    RLIMIT_FSIZE,
                                     RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_CORE };

        for (size_t i = 0; i < sizeof(which) / sizeof(*which); i++) {
                struct rlimit limit;

                if (getrlimit(which[i], &limit) || limit.rlim_max == RLIM_INFINITY)
                        return true;
                limit.rlim_cur = limit.rlim_max + 1;
                limit.rlim_max++;
                if (setrlimit(which[i], &limit) == 0)
                        return true;
        }
        return false;
}

static const struct {
        const char *name;
        bool (*succeeds)(void);
} attacks[] = {
        { "files of the host", reads_files },
        { "files outside of /tmp", writes_files },
        { "programs and the document", changes_programs },
        { "devices", finds_devices },
        { "knobs of the kernel", turns_kernel_knobs },
        { "other processes in /proc", sees_processes },
        { "memory of processes in /proc", writes_to_processes },
        { "the service's environment", sees_environment },
        { "descriptors of others", has_descriptors },
        { "signals to others", signals },
        { "memory of other processes", reads_processes },
        { "the network", has_network },
        { "other networks", has_other_networks },
        { "sockets of services", reaches_services },
        { "another user", becomes_somebody },
        { "programs of root", could_become_by_programs },
        { "namespaces", makes_namespaces },
        { "mounts", mounts },
        { "calls of administrators", calls_of_administrators },
        { "calls that were holes before", calls_that_were_holes },
        { "files by their handle", opens_by_handle },
        { "links", links },
        { "a terminal", types_at_a_terminal },
        { "limits", raises_limits },
        { "processes without end", multiplies },
        { "files without end", fills_disks },
        { "memory without end", eats_memory },
};

static void say(const char *what, const char *name)
{
        char line[100];
        int len = snprintf(line, sizeof(line), "%s: %s\n", what, name);

        if (write(STDOUT_FILENO, line, (size_t)len) != len)
                _exit(3);
}

/* So that what was said does not stay with whoever gathers octets. */
static int push_through(void)
{
        static const char octets[65536];

        for (int i = 0; i < 4; i++)
                if (write(STDOUT_FILENO, octets, sizeof(octets)) < 0)
                        return 3;
        return 0;
}

/* Writes without end, where that is what is asked for: the one thing that leads out of here. */
static void flood(void)
{
        static char octets[65536];

        for (;;)
                if (write(STDOUT_FILENO, octets, sizeof(octets)) < 0)
                        _exit(4);
}

int main(int argc, char **argv)
{
        size_t count = sizeof(attacks) / sizeof(*attacks);
        char copy[sizeof(facts)], number[16];

        if (argc > 1 && strcmp(argv[1], "flood") == 0)
                flood();
        /* With it comes what a limit does: nothing ends before all was tried. */
        signal(SIGXFSZ, SIG_IGN);
        for (size_t i = 0; i < sizeof(facts); i++)
                copy[i] = facts[i];
        if (sscanf(copy, "%99s %99s %49s %d %d %d %d %d %d", outside.file, outside.folder_socket,
                   outside.other_socket, &outside.process, &outside.tcp, &outside.udp, &outside.processes,
                   &outside.memory_mib, &outside.files_mib) != 9)
                return 2;
        for (size_t i = 0; i < count; i++)
                if (attacks[i].succeeds())
                        say("got", attacks[i].name);
        snprintf(number, sizeof(number), "%zu", count);
        say("tried", number);
        return push_through();
}
