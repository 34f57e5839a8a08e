// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/ghostscript.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "render/bare.h"
#include "render/outcome.h"

#define DOCUMENT "/document"

/* What Ghostscript, prlimit and the first process in the cell (wait4) were seen to use for all devices, and
 * what the C library may use instead. */
static const char *const calls[] = {
        "access",
        "arch_prctl",
        "brk",
        "clock_gettime",
        "close",
        "dup",
        "execve",
        "exit",
        "exit_group",
        "faccessat2",
        "fcntl",
        "fstat",
        "ftruncate",
        "futex",
        "getcwd",
        "getdents64",
        "getegid",
        "geteuid",
        "getgid",
        "getpid",
        "getrandom",
        "gettid",
        "gettimeofday",
        "getuid",
        "lseek",
        "madvise",
        "mkdir",
        "mmap",
        "mprotect",
        "mremap",
        "munmap",
        "newfstatat",
        "openat",
        "pread64",
        "prlimit64",
        "pwrite64",
        "read",
        "readlink",
        "rename",
        "rseq",
        "rt_sigaction",
        "rt_sigprocmask",
        "rt_sigreturn",
        "sched_getaffinity",
        "sched_yield",
        "set_robust_list",
        "set_tid_address",
        "sigaltstack",
        "stat",
        "statfs",
        "sysinfo",
        "tgkill",
        "times",
        "uname",
        "unlink",
        "unlinkat",
        "wait4",
        "write",
        "writev",
        NULL,
};

static const char *const folders[] = { "/etc/ghostscript", "/etc/fonts", "/var/lib/ghostscript", NULL };
static const char *const environment[] = { NULL };

const struct cell_profile ghostscript_profile = {
        .folders = folders,
        .environment = environment,
        .calls = calls,
        .tmp_octets = UINT64_C(512) << 20,
        .files = 64,
        .processes = 64,
};

static void add(struct ghostscript_arguments *to, const char *argument)
{
        /* One place is kept for the NULL; there are fewer arguments in this file than places. */
        if (to->count < GHOSTSCRIPT_ARGUMENTS_MAX - 1)
                to->argv[to->count++] = argument;
}

static void add_format(struct ghostscript_arguments *to, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

static void add_format(struct ghostscript_arguments *to, const char *format, ...)
{
        char *at = to->texts + to->texts_len;
        size_t room = sizeof(to->texts) - to->texts_len;
        va_list args;
        int len;

        va_start(args, format);
        len = vsnprintf(at, room, format, args);
        va_end(args);
        if (len < 0 || (size_t)len >= room)
                return;
        to->texts_len += (size_t)len + 1;
        add(to, at);
}

static const char *device(const struct order *order)
{
        switch (order->to) {
        case FORMAT_PDF: return "-sDEVICE=pdfwrite";
        case FORMAT_POSTSCRIPT: return "-sDEVICE=ps2write";
        case FORMAT_PCL_XL: return order->grey ? "-sDEVICE=pxlmono" : "-sDEVICE=pxlcolor";
        case FORMAT_PWG_RASTER: return "-sDEVICE=pwgraster";
        case FORMAT_APPLE_RASTER: return "-sDEVICE=appleraster";
        case FORMAT_PCLM: return order->grey ? "-sDEVICE=pclm8" : "-sDEVICE=pclm";
        case FORMAT_PCL: return order->grey ? "-sDEVICE=ljet4" : "-sDEVICE=cljet5c";
        default: return NULL;
        }
}

static bool is_raster(const struct order *order)
{
        return order->to == FORMAT_PWG_RASTER || order->to == FORMAT_APPLE_RASTER;
}

static bool writes_fonts(const struct order *order)
{
        return order->to == FORMAT_PDF || order->to == FORMAT_POSTSCRIPT;
}

static void add_colour(const struct order *order, struct ghostscript_arguments *to)
{
        if (is_raster(order)) {
                /* Without these it writes one bit of black, which no AirPrint printer takes. */
                add(to, order->grey ? "-dcupsColorSpace=18" : "-dcupsColorSpace=19");
                add(to, "-dcupsBitsPerColor=8");
        } else if (order->grey && writes_fonts(order)) {
                add(to, "-sColorConversionStrategy=Gray");
                add(to, "-dProcessColorModel=/DeviceGray");
        }
}

static void add_sides(const struct order *order, struct ghostscript_arguments *to)
{
        bool two = order->sides != ORDER_ONE_SIDED;
        bool tumble = order->sides == ORDER_TWO_SIDED_SHORT_EDGE;

        /* In PCL 5 they are said by us (render/bare.h); PCLm has no word for them. */
        if (order->sides == ORDER_SIDES_UNSAID || writes_fonts(order) || order->to == FORMAT_PCL ||
            order->to == FORMAT_PCLM)
                return;
        add(to, two ? "-dDuplex=true" : "-dDuplex=false");
        add(to, tumble ? "-dTumble=true" : "-dTumble=false");
}

/* Also the fonts that every printer should have are embedded, for not every one has them; and the sides stand
 * in the PostScript itself. */
static void add_distiller(const struct order *order, struct ghostscript_arguments *to)
{
        if (!writes_fonts(order))
                return;
        add(to, "-dEmbedAllFonts=true");
        /* It would turn pages back so that most words stand upright. */
        add(to, "-dAutoRotatePages=/None");
        add(to, "-c");
        if (order->to == FORMAT_PDF || order->sides == ORDER_SIDES_UNSAID)
                add(to, "<< /NeverEmbed [ ] >> setdistillerparams");
        else
                add_format(to,
                           "<< /NeverEmbed [ ] /PSDocOptions (<< /Duplex %s /Tumble %s >> setpagedevice) >>"
                           " setdistillerparams",
                           order->sides == ORDER_ONE_SIDED ? "false" : "true",
                           order->sides == ORDER_TWO_SIDED_SHORT_EDGE ? "true" : "false");
}

/* cljet5c moves each page up and to the left, by margins of the one printer that it was written for: twelve
 * points, which it then cuts off. The grey one does not. */
static void add_margins(const struct order *order, struct ghostscript_arguments *to)
{
        if (order->to != FORMAT_PCL || order->grey)
                return;
        add(to, "-c");
        add(to, "<< /Margins [0 0] /.HWMargins [0 0 0 0] >> setpagedevice");
}

static void add_media(const struct order *order, struct ghostscript_arguments *to)
{
        if (!order->media.name[0] || writes_fonts(order))
                return;
        /* In dots: whole points would make A4 one dot too narrow. */
        add_format(to, "-g%.0fx%.0f", order->media.width * order->resolution / 72,
                   order->media.height * order->resolution / 72);
        add(to, "-dFIXEDMEDIA");
        if (order->to == FORMAT_PWG_RASTER)
                add_format(to, "-scupsPageSizeName=%s", order->media.name);
}

int ghostscript_arguments(const struct order *order, const char *document, struct ghostscript_arguments *ret)
{
        if (!device(order))
                return RENDER_UNSUPPORTED;
        *ret = (struct ghostscript_arguments){ .count = 0 };
        add(ret, "/usr/bin/gs");
        add(ret, "-dSAFER");
        add(ret, "-dBATCH");
        add(ret, "-dNOPAUSE");
        add(ret, "-dNOPROMPT");
        /* What it has to say must not end up in the document. */
        add(ret, "-sstdout=%stderr");
        add(ret, device(order));
        add_format(ret, "-r%u", order->resolution);
        add_colour(order, ret);
        add_sides(order, ret);
        add_media(order, ret);
        add(ret, "-sOutputFile=%stdout");
        add_distiller(order, ret);
        add_margins(order, ret);
        add(ret, "-f");
        add(ret, document);
        ret->argv[ret->count] = NULL;
        return 0;
}

static bool contains(struct text line, const char *words)
{
        return memmem(line.at, line.len, words, strlen(words)) != NULL;
}

void ghostscript_line(struct text line, struct ghostscript_report *report)
{
        struct text number = line;

        if (text_starts_with(line, "Page ")) {
                uint64_t page;

                number.at += 5;
                number.len -= 5;
                if (text_number(text_trim(number), 1000000, &page))
                        report->pages++;
        }
        if (contains(line, "requires a password") || contains(line, "assword did not work"))
                report->password = true;
        if (contains(line, "VMerror") || contains(line, "memory allocation"))
                report->memory = true;
}

/* One run: where what it makes goes, and what it says. */
struct run {
        uint32_t pages;
        struct bare bare;
        struct ghostscript_report report;
};

static int collect(void *context, struct text octets)
{
        struct run *run = context;

        return bare_add(&run->bare, octets);
}

static int listen_to(void *context, struct text line)
{
        struct run *run = context;

        ghostscript_line(line, &run->report);
        return run->report.pages > run->pages ? RENDER_LIMIT : 0;
}

/* It ends well after documents that it could make nothing of, so what it said counts as well. */
static int judge(int r, uint32_t pages, const struct ghostscript_report *report)
{
        if (r < 0)
                return r;
        if (report->password)
                return RENDER_PASSWORD;
        if (report->memory)
                return RENDER_LIMIT;
        return r == 0 && report->pages != pages ? RENDER_DAMAGED : r;
}

int ghostscript_run(const struct order *order, int document, uint32_t pages, int64_t deadline_ms,
                    int (*to)(void *context, struct text octets), void *context)
{
        struct run run = { .pages = pages,
                           .bare = { .order = order, .pages = pages, .to = to, .context = context } };
        struct ghostscript_arguments arguments;
        struct cell_order cell = {
                .profile = &ghostscript_profile,
                .argv = arguments.argv,
                .document = document,
                .name = DOCUMENT,
                .limits = &order->limits,
                .deadline_ms = deadline_ms,
                .collect = collect,
                .listen = listen_to,
                .context = &run,
        };
        int r;

        r = ghostscript_arguments(order, DOCUMENT, &arguments);
        if (r)
                return r;
        r = judge(cell_run(&cell), pages, &run.report);
        return r ? r : bare_finish(&run.bare);
}
