// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The walls around every converter, with a traitor inside (traitor.c): in each of the cells that there are,
 * with its own list of calls and folders, nothing of what it tries succeeds. And the same of the process in
 * which readers of ours work (render/confine.h), where every call there is in the kernel is tried.
 */
#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "os/file.h"
#include "os/process.h"
#include "render/cell.h"
#include "render/confine.h"
#include "render/ghostscript.h"
#include "render/outcome.h"
#include "render/poppler.h"
#include "render/source-office.h"
#include "render/tool.h"

#define SKIPPED     77
#define MEMORY_MIB  256
#define FACTS       "IMPRIMATUR-TRAITOR-FACTS"
#define FACTS_SIZE  512
#define IN_PLACE_OF "--in-place-of-the-office"
#define CALLS       600

/* What a traitor could reach, and does not. */
static struct {
        char folder[64], file[80], folder_socket[80], other_socket[40];
        int tcp, udp, in_folder, other;
        int tcp_port, udp_port;
} outside = { .folder = "/tmp/imprimatur-traitor-XXXXXX" };

static int listen_at(int family, int type, const void *at, size_t size)
{
        int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

        assert(fd >= 0 && bind(fd, at, (socklen_t)size) == 0);
        assert(type != SOCK_STREAM || listen(fd, 8) == 0);
        return fd;
}

static int listen_at_port(int type, int *ret_port)
{
        struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t size = sizeof(at);
        int fd = listen_at(AF_INET, type, &at, sizeof(at));

        assert(getsockname(fd, (struct sockaddr *)&at, &size) == 0);
        *ret_port = ntohs(at.sin_port);
        return fd;
}

static void outside_init(void)
{
        struct sockaddr_un at = { .sun_family = AF_UNIX };
        size_t head = offsetof(struct sockaddr_un, sun_path);
        int fd;

        assert(mkdtemp(outside.folder) && chmod(outside.folder, 0777) == 0);
        snprintf(outside.file, sizeof(outside.file), "%s/secret", outside.folder);
        fd = open(outside.file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        assert(fd >= 0 && fchmod(fd, 0666) == 0);
        close(fd);

        outside.tcp = listen_at_port(SOCK_STREAM, &outside.tcp_port);
        outside.udp = listen_at_port(SOCK_DGRAM, &outside.udp_port);
        snprintf(outside.folder_socket, sizeof(outside.folder_socket), "%s/socket", outside.folder);
        memcpy(at.sun_path, outside.folder_socket, strlen(outside.folder_socket) + 1);
        outside.in_folder = listen_at(AF_UNIX, SOCK_STREAM, &at, sizeof(at));
        assert(chmod(outside.folder_socket, 0777) == 0);
        snprintf(outside.other_socket, sizeof(outside.other_socket), "imprimatur-traitor-%d", (int)getpid());
        memset(at.sun_path, 0, sizeof(at.sun_path));
        memcpy(at.sun_path + 1, outside.other_socket, strlen(outside.other_socket));
        outside.other = listen_at(AF_UNIX, SOCK_STREAM, &at, head + 1 + strlen(outside.other_socket));
}

static void nobody_came_out(void)
{
        struct stat stat;
        char octet;

        assert(accept(outside.tcp, NULL, NULL) < 0 && accept(outside.in_folder, NULL, NULL) < 0);
        assert(accept(outside.other, NULL, NULL) < 0 && recv(outside.udp, &octet, 1, 0) < 0);
        assert(lstat(outside.file, &stat) == 0 && stat.st_size == 0);
        /* All processes of the cell have ended with it. */
        assert(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static void outside_done(void)
{
        unlink(outside.file);
        unlink(outside.folder_socket);
        rmdir(outside.folder);
}

/* The traitor as it is, with what it is told written into it. */
static struct {
        char *octets;
        size_t len;
        const char *loader; /* the program that starts it, where it may not be executed itself */
} traitor;

static void traitor_read(const char *path)
{
        SCOPED(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        const ElfW(Phdr) * header;
        ElfW(Ehdr) head;
        struct stat stat;

        assert(fd >= 0 && fstat(fd, &stat) == 0);
        traitor.len = (size_t)stat.st_size;
        traitor.octets = malloc(traitor.len);
        assert(traitor.octets && file_read_exactly_at(fd, traitor.octets, traitor.len, 0) == 0);
        memcpy(&head, traitor.octets, sizeof(head));
        header = (const void *)(traitor.octets + head.e_phoff);
        for (size_t i = 0; i < head.e_phnum; i++)
                if (header[i].p_type == PT_INTERP)
                        traitor.loader = traitor.octets + header[i].p_offset;
        assert(traitor.loader);
}

static int traitor_told(const struct cell_profile *profile)
{
        int fd = memfd_create("traitor", MFD_CLOEXEC);
        char *copy = malloc(traitor.len), *facts;

        assert(copy && fd >= 0);
        memcpy(copy, traitor.octets, traitor.len);
        facts = memmem(copy, traitor.len, FACTS, strlen(FACTS));
        assert(facts);
        snprintf(facts, FACTS_SIZE, "%s %s %s %d %d %d %d %d %d", outside.file, outside.folder_socket,
                 outside.other_socket, (int)getpid(), outside.tcp_port, outside.udp_port, 0, MEMORY_MIB,
                 (int)(profile->tmp_octets >> 20));
        assert(file_write(fd, copy, traitor.len) == 0);
        free(copy);
        return fd;
}

static int listen_to_nothing(void *context, struct text line)
{
        (void)context;
        (void)line;
        return 0;
}

static int run(const struct cell_profile *profile, bool is_office, const char *word, char *ret, size_t size)
{
        SCOPED(closep) int document = traitor_told(profile);
        SCOPED(closep) int output = memfd_create("output", MFD_CLOEXEC);
        const char *const argv[] = { traitor.loader, "/document", word, NULL };
        const char *const office_argv[] = { CELL_RENDERER, IN_PLACE_OF, traitor.loader,
                                            "/document",   word,        NULL };
        struct order_limits limits = { .output_octets = 1 << 20,
                                       .memory_octets = is_office ? CELL_NO_LIMIT : MEMORY_MIB << 20,
                                       .cpu_s = 30,
                                       .wall_s = 60,
                                       .pages = 10 };
        struct cell_order order = {
                .profile = profile,
                .argv = is_office ? office_argv : argv,
                .document = document,
                .name = "/document",
                .limits = &limits,
                .deadline_ms = clock_monotonic_ms() + 60000,
                .collect = cell_collect_to,
                .listen = listen_to_nothing,
                .context = &output,
        };
        ssize_t len;
        int r;

        r = cell_run(&order);
        len = pread(output, ret, size - 1, 0);
        assert(len >= 0);
        ret[len] = 0;
        return r;
}

static void tries_in(const char *name, const struct cell_profile *profile, bool is_office)
{
        char said[4096];
        int r;

        printf("in the cell of %s\n", name);
        fflush(stdout);
        r = run(profile, is_office, NULL, said, sizeof(said));
        if (!strstr(said, "tried: ") || strstr(said, "got: "))
                fprintf(stderr, "%d %s\n", r, said);
        assert(strstr(said, "tried: ") && !strstr(said, "got: "));
        assert(run(profile, is_office, "flood", said, sizeof(said)) == RENDER_LIMIT);
        nobody_came_out();
}

/* As office-inside.c starts LibreOffice, and waits for it. */
static int in_place_of_the_office(char **argv)
{
        struct rlimit memory = { (rlim_t)MEMORY_MIB << 20, (rlim_t)MEMORY_MIB << 20 };
        int status = 0;
        pid_t pid;

        if (prctl(PR_SET_DUMPABLE, 0) < 0)
                return 2;
        pid = fork();
        if (pid == 0 && process_deny_processes() == 0 && setrlimit(RLIMIT_AS, &memory) == 0)
                execv(argv[0], argv);
        if (pid <= 0)
                return 3;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
}

/* Whoever is root outside of a cell could turn the kernel's knobs in its /proc, whatever he is called there.
 */
static void never_as_root(void)
{
        const char *const argv[] = { "/usr/bin/true", NULL };
        struct cell_order order = { .profile = &poppler_profile, .argv = argv, .document = -1 };

        if (geteuid() != 0)
                return;
        assert(cell_run(&order) == -EPERM);
        assert(process_become("nobody") == 0);
}

/* ---- readers of ours
 * ---------------------------------------------------------------------------------------- */

struct trying {
        int to;
        int (*attack)(const struct trying *trying);
};

/* Those that confine.c lets in. */
static const long let_in[] = {
        SYS_brk,          SYS_clock_gettime, SYS_exit,        SYS_exit_group,   SYS_futex,
        SYS_getpid,       SYS_getrandom,     SYS_gettid,      SYS_madvise,      SYS_mmap,
        SYS_mprotect,     SYS_mremap,        SYS_munmap,      SYS_rt_sigaction, SYS_rt_sigprocmask,
        SYS_rt_sigreturn, SYS_sched_yield,   SYS_sigaltstack, SYS_write,
};

/* Besides those, 335 and 336 are of the kernel's probes, pass all filters, and end whoever calls them. */
static bool is_let_in(long call)
{
        if (call == 335 || call == 336)
                return true;
        for (size_t i = 0; i < ARRAY_LENGTH(let_in); i++)
                if (let_in[i] == call)
                        return true;
        return false;
}

/* Whatever answers something else than "not permitted" is an attack that succeeded. */
static int makes_every_call(const struct trying *trying)
{
        (void)trying;
        for (long call = 0; call < CALLS; call++)
                if (!is_let_in(call) && (syscall(call, -1L, -1L, -1L, -1L, -1L, -1L) != -1 || errno != EPERM))
                        return RENDER_PASSWORD;
        return 0;
}

static int writes_elsewhere(const struct trying *trying)
{
        for (int fd = 0; fd < 4096; fd++)
                if (fd != trying->to && write(fd, "got", 3) >= 0)
                        return RENDER_PASSWORD;
        return 0;
}

static int writes_without_end(const struct trying *trying)
{
        static char octets[65536];

        while (write(trying->to, octets, sizeof(octets)) > 0)
                ;
        return RENDER_PASSWORD;
}

static int sleeps(const struct trying *trying)
{
        uint32_t word = 0;

        (void)trying;
        while (word == 0)
                syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
        return RENDER_PASSWORD;
}

static int spins(const struct trying *trying)
{
        (void)trying;
        while (sched_yield() == 0)
                ;
        return RENDER_PASSWORD;
}

static int eats(const struct trying *trying)
{
        (void)trying;
        for (size_t got = 0; got < (size_t)2 * MEMORY_MIB; got++) {
                char *at = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

                if (at == MAP_FAILED)
                        return 0;
                memset(at, 1, 1 << 20);
        }
        return RENDER_PASSWORD;
}

static const struct {
        const char *name;
        int (*attack)(const struct trying *trying);
        int outcome;
} attacks[] = {
        { "every call there is", makes_every_call, 0 },
        { "the answer and the log", writes_elsewhere, 0 },
        { "octets without end", writes_without_end, RENDER_LIMIT },
        { "sleep without end", sleeps, RENDER_LIMIT },
        { "time without end", spins, RENDER_LIMIT },
        { "memory without end", eats, 0 },
};

static int attack(void *context)
{
        const struct trying *trying = context;

        return trying->attack(trying);
}

static void tries_as_a_reader(void)
{
        struct order_limits limits = { .output_octets = 1 << 20,
                                       .memory_octets = MEMORY_MIB << 20,
                                       .cpu_s = 1,
                                       .wall_s = 2,
                                       .pages = 10 };

        for (size_t i = 0; i < ARRAY_LENGTH(attacks); i++) {
                SCOPED(closep) int to = memfd_create("to", MFD_CLOEXEC);
                SCOPED(closep) int other = memfd_create("other", MFD_CLOEXEC);
                struct trying trying = { to, attacks[i].attack };

                printf("as a reader: %s\n", attacks[i].name);
                fflush(stdout);
                assert(to >= 0 && other >= 0);
                assert(confine_run(&limits, to, attack, &trying) == attacks[i].outcome);
                assert(lseek(to, 0, SEEK_END) <= 1 << 20 && lseek(other, 0, SEEK_END) == 0);
                nobody_came_out();
        }
}

int main(int argc, char **argv)
{
        struct office_profile office;

        if (argc > 3 && strcmp(argv[1], IN_PLACE_OF) == 0)
                return in_place_of_the_office(argv + 2);
        if (access("/usr/bin/bwrap", X_OK) < 0)
                return SKIPPED;
        assert(argc == 2);
        traitor_read(argv[1]);
        never_as_root();
        outside_init();
        source_office_profile(&office);
        tries_in("Ghostscript", &ghostscript_profile, false);
        tries_in("Poppler", &poppler_profile, false);
        tries_in("WeasyPrint", tool_html.profile, false);
        tries_in("librsvg", tool_svg.profile, false);
        tries_in("libheif", tool_heif.profile, false);
        tries_in("LibreOffice", &office.profile, true);
        tries_as_a_reader();
        outside_done();
        free(traitor.octets);
        return 0;
}
