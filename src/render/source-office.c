// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/source-office.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/charset.h"
#include "os/file.h"
#include "os/process.h"
#include "render/cell.h"
#include "render/office-inside.h"
#include "render/outcome.h"
#include "render/tool.h"

#define MIB (UINT64_C(1) << 20)

/* It maps 0.4 GiB to start, and has 0.2 GiB in memory then. */
#define MEMORY_LEAST (768 * MIB)

/* Of a table as text: the octets in which its separator is looked for. */
#define LINE_MAX_OCTETS 4096

static const char *const folders[] = { "/etc/libreoffice", "/var/lib/libreoffice", "/etc/fonts",
                                       "/var/cache/fontconfig", NULL };
static const char *const environment[] = { "LC_ALL", "C.UTF-8", NULL };

/* Besides those of other tools: the socket by which LibreOffice finds out whether it runs already, which no
 * network is needed for, and those that put files in their place. Of clone() the renderer alone makes use in
 * there, and LibreOffice may not (office-inside.c). */
static const char *const calls[] = {
        "accept",     "bind",     "chmod",   "chown",  "connect",
        "fchmod",     "fsync",    "getppid", "listen", PROCESS_SOCKET_UNIX,
        "socketpair", "shutdown", "clone",   NULL,
};

static const struct {
        enum format format;
        const char *part;
} parts[] = {
        { FORMAT_CSV, "libsclo.so" },  { FORMAT_RTF, "libswlo.so" },  { FORMAT_DOC, "libswlo.so" },
        { FORMAT_DOCX, "libswlo.so" }, { FORMAT_XLS, "libsclo.so" },  { FORMAT_XLSX, "libsclo.so" },
        { FORMAT_PPT, "libsdlo.so" },  { FORMAT_PPTX, "libsdlo.so" }, { FORMAT_ODT, "libswlo.so" },
        { FORMAT_ODS, "libsclo.so" },  { FORMAT_ODP, "libsdlo.so" },
};

bool source_office_is_there(enum format format)
{
        char path[128];

        if (access(OFFICE_PROGRAM, X_OK) < 0)
                return false;
        for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
                if (parts[i].format != format)
                        continue;
                snprintf(path, sizeof(path), "/usr/lib/libreoffice/program/%s", parts[i].part);
                return access(path, R_OK) == 0;
        }
        return false;
}

struct run {
        int made;
        bool is_locked;
};

static int collect(void *context, struct text octets)
{
        const struct run *run = context;

        return file_write(run->made, octets.at, octets.len);
}

static int listen_to(void *context, struct text line)
{
        struct run *run = context;

        if (text_equal(line, text_from(OFFICE_LOCKED)))
                run->is_locked = true;
        return 0;
}

/* What separates the cells of a table: what its first line has most of. */
static char separator(struct text octets)
{
        static const char candidates[] = { ',', ';', '\t' };
        size_t counts[sizeof(candidates)] = { 0 };
        size_t best = 0;

        for (size_t i = 0; i < octets.len && i < LINE_MAX_OCTETS && octets.at[i] != '\n'; i++)
                for (size_t c = 0; c < sizeof(candidates); c++)
                        counts[c] += octets.at[i] == candidates[c];
        for (size_t c = 1; c < sizeof(candidates); c++)
                if (counts[c] > counts[best])
                        best = c;
        return candidates[best];
}

/* LibreOffice's filter for a table as text: separator, quote, and encoding (76: UTF-8, 1: windows-1252). */
static void name_filter(struct text octets, char *ret, size_t size)
{
        snprintf(ret, size, "--infilter=CSV:%d,34,%s,1", separator(octets),
                 charset_guess(octets, true) == CHARSET_UTF_8 ? "76" : "1");
}

void source_office_profile(struct office_profile *ret)
{
        size_t count = 0;

        while (tool_calls[count] && count < ARRAY_LENGTH(ret->calls) - ARRAY_LENGTH(calls)) {
                ret->calls[count] = tool_calls[count];
                count++;
        }
        memcpy(ret->calls + count, calls, sizeof(calls));
        ret->profile = (struct cell_profile){
                .folders = folders,
                .environment = environment,
                .calls = ret->calls,
                .has_proc = true,
                .has_random = true,
                .has_renderer = true,
                .tmp_octets = 512 * MIB,
                .files = 512,
                .processes = 64,
        };
}

static int run_cell(struct run *run, const struct order *order, const struct source *source)
{
        struct office_profile office;
        struct order_limits limits = order->limits;
        uint64_t memory = limits.memory_octets > MEMORY_LEAST ? limits.memory_octets : MEMORY_LEAST;
        char name[64], words[48], filter[64];
        const char *argv[] = { CELL_RENDERER, OFFICE_INSIDE, words, name, NULL, NULL };
        struct cell_order cell = {
                .profile = &office.profile,
                .argv = argv,
                .document = source->document,
                .name = name,
                .limits = &limits,
                .deadline_ms = source->deadline_ms,
                .collect = collect,
                .listen = listen_to,
                .context = run,
        };

        source_office_profile(&office);
        snprintf(name, sizeof(name), "/alone/document.%s", format_extension(order->from));
        snprintf(words, sizeof(words), "--as=%" PRIu64, memory);
        if (order->from == FORMAT_CSV) {
                name_filter(source->octets, filter, sizeof(filter));
                argv[4] = filter;
        }
        limits.memory_octets = CELL_NO_LIMIT; /* for the renderer, which limits LibreOffice */
        return cell_run(&cell);
}

int source_office(const struct order *order, const struct source *source, int *ret)
{
        SCOPED(closep) int made = memfd_create("made", MFD_CLOEXEC);
        struct run run = { .made = made };
        int r;

        if (!source_office_is_there(order->from))
                return RENDER_UNSUPPORTED;
        if (made < 0)
                return fault(-errno);
        r = run_cell(&run, order, source);
        if (r > 0 && run.is_locked)
                return RENDER_PASSWORD;
        if (r == 0)
                *ret = take_fd(&made);
        return r;
}
