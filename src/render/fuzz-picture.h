// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/scope.h"
#include "render/outcome.h"
#include "render/wrap.h"

/* Whatever the octets, what comes out is a PDF within its limits, or a reason. */
static inline int fuzz_picture(enum format from, int (*wrap)(const struct order *, struct text, struct pdf *),
                               const uint8_t *data, size_t size)
{
        struct order order = { .from = from, .to = FORMAT_PDF };
        SCOPED(closep) int fd = memfd_create("fuzz", MFD_CLOEXEC);
        SCOPED(pdf_done) struct pdf pdf;
        int r;

        assert(fd >= 0 && media_parse("iso_a7_74x105mm", &order.media));
        assert(pdf_init(&pdf, fd, 1 << 20, 50) == 0);
        r = wrap(&order, text_from_octets(data, size), &pdf);
        if (r == 0)
                r = pdf_finish(&pdf);
        assert(r == 0 || r == RENDER_DAMAGED || r == RENDER_LIMIT || r == -ENOMEM);
        assert(lseek(fd, 0, SEEK_END) <= 1 << 20);
        return 0;
}
