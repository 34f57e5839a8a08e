// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The walls of the cell, tried from inside by programs that are allowed to do what they like: what a
 * published or unpublished escape from Ghostscript's own -dSAFER would begin with. Whatever they can print,
 * they got.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "os/file.h"
#include "os/process.h"
#include "render/cell.h"
#include "render/ghostscript.h"
#include "render/outcome.h"

#define SKIPPED 77
#define ANY     (-1000)

static const struct {
        const char *name;
        const char *script; /* Perl, which every Debian has; it has descriptor 3 open itself, to read this */
        int outcome;        /* ANY: what counts is what it printed */
        const char *output;
} rows[] = {
        { "it runs at all", "print 'hello'", 0, "hello" },
        { "it is nobody", "print \"$> $<\"", 0, "65534 65534" },
        { "it sees little", "opendir(D, '/'); print join(' ', sort grep {!/^\\.{1,2}$/} readdir(D))", 0,
          "bin document etc lib lib64 tmp usr var" },
        { "no users", "print 'got' if open(F, '<', '/etc/passwd')", 0, "" },
        { "no processes",
          "print 'got' if open(F, '<', '/proc/self/status') || open(F, '<', '/proc/1/environ')", 0, "" },
        { "no devices", "print 'got' if open(F, '<', '/dev/null') || open(F, '<', '/dev/mem')", 0, "" },
        { "nothing is written",
          "for ('/usr/x', '/x', '/document', '/etc/x', '/var/x') { print 'got' if open(F, '>', $_) }", 0,
          "" },
        { "but to its own folder", "open(F, '>', '/tmp/x') and print 'got'", 0, "got" },
        { "no environment of ours", "print join(' ', sort keys %ENV)", 0, "HOME PATH PWD TMPDIR" },
        { "no descriptors of ours", "for (4..63) { print $_ if open(F, \"<&=$_\") }", ANY, "" },
        { "no network", "use Socket; print 'got' if socket(S, AF_INET, SOCK_STREAM, 0)", 0, "" },
        { "no sockets at all", "use Socket; print 'got' if socket(S, AF_UNIX, SOCK_STREAM, 0)", 0, "" },
        { "no children", "$p = fork(); print 'got' if defined $p", 0, "" },
        { "no other programs by pipe", "print 'got' if open(F, '-|', '/usr/bin/id') && <F>", ANY, "" },
        { "no signals", "print 'got' if kill(0, 1) || kill(9, -1)", 0, "" },
        { "no more rights", "$> = 0; $< = 0; print 'got' if $> == 0 || $< == 0", 0, "" },
        /* ptrace mount unshare keyctl bpf userfaultfd io_uring_setup setns pivot_root process_vm_readv
           kexec_load */
        { "no calls of administrators",
          "for (101, 165, 272, 250, 321, 323, 425, 308, 155, 310, 246) { print $_ if syscall($_, 0, 0, 0, 0, 0, 0) >= 0 }",
          0, "" },
        { "no end of memory", "$x = 'a' x 200_000_000; $x .= $x for 1..5; print 'got'", ANY, "" },
        { "no end of space",
          "open(F, '>', '/tmp/x'); open(G, '>', '/tmp/y'); for $h (*F, *G) { for (1..600) { syswrite($h, 'a' x 1048576) } }"
          " print 'got' if -s '/tmp/x' + -s '/tmp/y' > 600 * 1048576",
          ANY, "" },
        { "no end of time", "1 while 1", RENDER_LIMIT, "" },
};

static int memory(const char *name, const void *octets, size_t len)
{
        int fd = memfd_create(name, MFD_CLOEXEC);

        assert(fd >= 0 && file_write(fd, octets, len) == 0);
        return fd;
}

static struct order_limits limits_new(void)
{
        return (struct order_limits){
                .output_octets = 1 << 20, .memory_octets = 1 << 29, .cpu_s = 10, .wall_s = 20, .pages = 10
        };
}

static int listen_to_nothing(void *context, struct text line)
{
        (void)context;
        (void)line;
        return 0;
}

static int run(const struct order_limits *limits, const char *const *argv, const char *document, char *ret,
               size_t size)
{
        SCOPED(closep) int input = memory("document", document, strlen(document));
        SCOPED(closep) int output = memory("output", "", 0);
        struct cell_order order = {
                .profile = &ghostscript_profile,
                .argv = argv,
                .document = input,
                .name = "/document",
                .limits = limits,
                .deadline_ms = clock_monotonic_ms() + (int64_t)limits->wall_s * 1000,
                .collect = cell_collect_to,
                .listen = listen_to_nothing,
        };
        ssize_t len;
        int r;

        order.context = &output;
        r = cell_run(&order);
        len = pread(output, ret, size - 1, 0);
        assert(len >= 0);
        ret[len] = 0;
        return r;
}

static void try_perl(size_t i)
{
        const char *const argv[] = { "/usr/bin/perl", "/document", NULL };
        struct order_limits limits = limits_new();
        char output[4096];
        int r;

        printf("%s\n", rows[i].name);
        fflush(stdout);
        if (rows[i].outcome == RENDER_LIMIT)
                limits.cpu_s = 1;
        r = run(&limits, argv, rows[i].script, output, sizeof(output));
        if (strcmp(output, rows[i].output) != 0)
                printf("  got: %s\n", output);
        assert(strcmp(output, rows[i].output) == 0);
        assert(rows[i].outcome == ANY ? r >= 0 : r == rows[i].outcome);
}

static void time_on_the_wall_is_limited(void)
{
        const char *const argv[] = { "/usr/bin/perl", "/document", NULL };
        struct order_limits limits = limits_new();
        char output[16];

        limits.wall_s = 1;
        assert(run(&limits, argv, "1 while 1", output, sizeof(output)) == RENDER_LIMIT);
}

static void what_comes_out_is_limited(void)
{
        const char *const argv[] = { "/usr/bin/perl", "/document", NULL };
        struct order_limits limits = limits_new();
        char output[16];

        assert(run(&limits, argv, "print 'a' x 65536 while 1", output, sizeof(output)) == RENDER_LIMIT);
}

/* With Ghostscript's own guard switched off, as after an escape. */
static void ghostscript_without_its_guard_is_still_inside(void)
{
        static const char *const documents[] = {
                "%!PS\n(%pipe%/usr/bin/id) (r) file 100 string readstring pop (%stdout) (w) file exch writestring\n",
                "%!PS\n(/etc/passwd) (r) file 100 string readstring pop (%stdout) (w) file exch writestring\n",
                "%!PS\n(/usr/bin/x) (w) file (%stdout) (w) file (got) writestring\n",
                "%!PS\n(%pipe%cat >/tmp/x) (w) file (%stdout) (w) file (got) writestring\n",
        };
        const char *const argv[] = {
                "/usr/bin/gs",      "-q", "-dNOSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=nullpage",
                "-sstdout=%stderr", "-f", "/document", NULL
        };
        struct order_limits limits = limits_new();
        char output[4096];

        for (size_t i = 0; i < ARRAY_LENGTH(documents); i++) {
                assert(run(&limits, argv, documents[i], output, sizeof(output)) >= 0);
                assert(strcmp(output, "") == 0);
        }
}

int main(void)
{
        if (access("/usr/bin/bwrap", X_OK) < 0 || access("/usr/bin/gs", X_OK) < 0)
                return SKIPPED;
        if (geteuid() == 0)
                assert(process_become("nobody") == 0);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                try_perl(i);
        time_on_the_wall_is_limited();
        what_comes_out_is_limited();
        ghostscript_without_its_guard_is_still_inside();
        return 0;
}
