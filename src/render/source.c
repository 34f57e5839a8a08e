// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/sniff.h"
#include "render/outcome.h"
#include "render/wrap.h"

bool source_is_what_it_says(enum format from, struct text octets)
{
        return sniff(octets, true, from).format == from;
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
        case FORMAT_PNG:
        case FORMAT_TIFF:
        case FORMAT_GIF:
        case FORMAT_WEBP:
        case FORMAT_PWG_RASTER:
        case FORMAT_APPLE_RASTER: *ret_is_ready = true; return wrap(order, source, ret);
        default: return RENDER_UNSUPPORTED;
        }
}
