// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/convert.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/answer.h"
#include "render/ghostscript.h"
#include "render/impose.h"
#include "render/outcome.h"

#define PIECE_OCTETS 65536

static int answer_copy(int from, uint64_t octets_max)
{
        char piece[PIECE_OCTETS];
        uint64_t offset = 0;

        for (;;) {
                ssize_t len = pread(from, piece, sizeof(piece), (off_t)offset);
                int r;

                if (len < 0 && errno == EINTR)
                        continue;
                if (len < 0)
                        return fault(-errno);
                if (len == 0)
                        return 0;
                offset += (uint64_t)len;
                if (offset > octets_max)
                        return RENDER_LIMIT;
                r = answer_document(NULL, text_from_octets(piece, (size_t)len));
                if (r < 0)
                        return r;
        }
}

static int map(int fd, struct text *ret)
{
        struct stat stat;
        void *at;

        if (fstat(fd, &stat) < 0)
                return fault(-errno);
        if (stat.st_size == 0)
                return RENDER_DAMAGED;
        at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED)
                return fault(-errno);
        *ret = text_from_octets(at, (size_t)stat.st_size);
        return 0;
}

/* The PDF in *pdf becomes the one whose pages are the sides of paper. */
static int impose_on(const struct order *order, int *pdf, uint32_t *ret_pages)
{
        SCOPED(closep) int imposed = memfd_create("imposed", MFD_CLOEXEC);
        struct text octets;
        int r;

        if (imposed < 0)
                return fault(-errno);
        r = map(*pdf, &octets);
        if (r)
                return r;
        r = impose(order, octets, imposed, ret_pages);
        munmap((void *)(uintptr_t)octets.at, octets.len);
        if (r || !impose_is_needed(order))
                return r;
        close(*pdf);
        *pdf = take_fd(&imposed);
        return 0;
}

int convert(const struct order *order, const struct source *source)
{
        SCOPED(closep) int pdf = -1;
        struct facts facts = { 0 };
        bool is_ready = false;
        int r;

        if (!format_is_target(order->to))
                return RENDER_UNSUPPORTED;
        r = source_to_pdf(order, source, &pdf, &is_ready);
        if (r)
                return r;
        r = impose_on(order, &pdf, &facts.pages);
        if (r)
                return r;
        if (order->to == FORMAT_PDF && !order->grey && (is_ready || order->from == FORMAT_PDF))
                r = answer_copy(pdf, order->limits.output_octets);
        else
                r = ghostscript_run(order, pdf, facts.pages, source->deadline_ms, answer_document, NULL);
        return r ? r : answer_facts(&facts);
}
