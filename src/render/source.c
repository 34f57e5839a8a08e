// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/outcome.h"
#include "render/wrap.h"

#define HEADER_PDF 1024 /* within how many octets "%PDF-" must begin (ISO 32000-1, Annex H.3.4.1) */

/* Printers and drivers put a few octets in front of a PDF; but what begins as PostScript is PostScript,
 * whatever it says further on. */
static bool is_pdf(struct text head)
{
        const char *pdf = memmem(head.at, head.len, "%PDF-", 5);

        return pdf && !memmem(head.at, (size_t)(pdf - head.at), "%!", 2);
}

bool source_is_what_it_says(enum format from, struct text octets)
{
        struct text head = { octets.at, octets.len < HEADER_PDF ? octets.len : HEADER_PDF };

        switch (from) {
        case FORMAT_PDF: return is_pdf(head);
        case FORMAT_JPEG: return text_starts_with(octets, "\xff\xd8\xff");
        case FORMAT_PWG_RASTER: return text_starts_with(octets, "RaS2");
        case FORMAT_APPLE_RASTER: return text_starts_with(octets, "UNIRAST");
        default: return true;
        }
}

static int duplicate(int fd, int *ret)
{
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

        if (copy < 0)
                return fault(-errno);
        *ret = copy;
        return 0;
}

/* By a reader of ours: images are put on pages as they are, texts are laid out. */
static int wrap(const struct order *order, const struct source *source, int *ret)
{
        SCOPED(closep) int pdf = memfd_create("pdf", MFD_CLOEXEC);
        struct order wrapping = *order;
        int r;

        if (pdf < 0)
                return fault(-errno);
        if (!wrapping.media.name[0])
                media_parse("iso_a4_210x297mm", &wrapping.media);
        r = wrap_document(&wrapping, source->octets, pdf);
        if (r == 0)
                *ret = take_fd(&pdf);
        return r;
}

int source_to_pdf(const struct order *order, const struct source *source, int *ret, bool *ret_is_ready)
{
        switch (order->from) {
        case FORMAT_PDF: *ret_is_ready = false; return duplicate(source->document, ret);
        case FORMAT_TEXT: *ret_is_ready = false; return wrap(order, source, ret); /* without its font */
        case FORMAT_JPEG:
        case FORMAT_PWG_RASTER:
        case FORMAT_APPLE_RASTER: *ret_is_ready = true; return wrap(order, source, ret);
        default: return RENDER_UNSUPPORTED;
        }
}
