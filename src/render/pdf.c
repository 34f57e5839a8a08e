// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/pdf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "os/file.h"
#include "render/outcome.h"

#define PENDING_OCTETS   65536
#define OBJECTS_PER_PAGE 8
#define CATALOG          1
#define PAGES            2

int pdf_init(struct pdf *pdf, int fd, uint64_t octets_max, uint32_t pages_max)
{
        *pdf = (struct pdf){ .fd = fd, .offset_max = octets_max, .pages_max = pages_max };
        pdf->objects_size = pages_max * OBJECTS_PER_PAGE + 16;
        pdf->objects = calloc(pdf->objects_size, sizeof(*pdf->objects));
        pdf->pages = calloc(pages_max, sizeof(*pdf->pages));
        pdf->pending = malloc(PENDING_OCTETS);
        if (!pdf->objects || !pdf->pages || !pdf->pending) {
                pdf_done(pdf);
                return fault(-ENOMEM);
        }
        pdf->objects_count = PAGES + 1;
        pdf_format(pdf, "%%PDF-1.4\n%%\xe2\xe3\xcf\xd3\n");
        return 0;
}

void pdf_done(struct pdf *pdf)
{
        free(pdf->objects);
        free(pdf->pages);
        free(pdf->pending);
        *pdf = (struct pdf){ .fd = -1, .failure = -EINVAL };
}

static void fail(struct pdf *pdf, int r)
{
        if (!pdf->failure)
                pdf->failure = r;
}

static void flush(struct pdf *pdf)
{
        int r;

        if (pdf->failure || !pdf->pending_len)
                return;
        r = file_write(pdf->fd, pdf->pending, pdf->pending_len);
        if (r < 0)
                fail(pdf, r);
        pdf->pending_len = 0;
}

void pdf_add(struct pdf *pdf, const void *octets, size_t len)
{
        const char *at = octets;

        if (len > pdf->offset_max - pdf->offset)
                fail(pdf, RENDER_LIMIT);
        if (pdf->failure)
                return;
        pdf->offset += len;
        while (len) {
                size_t room = PENDING_OCTETS - pdf->pending_len;
                size_t part = len < room ? len : room;

                memcpy(pdf->pending + pdf->pending_len, at, part);
                pdf->pending_len += part;
                at += part;
                len -= part;
                if (pdf->pending_len == PENDING_OCTETS)
                        flush(pdf);
        }
}

void pdf_format(struct pdf *pdf, const char *format, ...)
{
        char string[512];
        va_list args;
        int len;

        va_start(args, format);
        len = vsnprintf(string, sizeof(string), format, args);
        va_end(args);
        if (len < 0 || (size_t)len >= sizeof(string))
                fail(pdf, fault(-EMSGSIZE));
        else
                pdf_add(pdf, string, (size_t)len);
}

uint32_t pdf_reserve(struct pdf *pdf)
{
        if (pdf->objects_count == pdf->objects_size) {
                fail(pdf, RENDER_LIMIT);
                return 0;
        }
        return pdf->objects_count++;
}

void pdf_object_begin(struct pdf *pdf, uint32_t object)
{
        pdf->objects[object] = pdf->offset;
        pdf_format(pdf, "%" PRIu32 " 0 obj\n", object);
}

void pdf_object_end(struct pdf *pdf)
{
        pdf_format(pdf, "\nendobj\n");
}

void pdf_stream_begin(struct pdf *pdf, uint32_t object, const char *dictionary)
{
        pdf->stream_length = pdf_reserve(pdf);
        pdf_object_begin(pdf, object);
        pdf_format(pdf, "<< %s /Length %" PRIu32 " 0 R >>\nstream\n", dictionary, pdf->stream_length);
        pdf->stream_start = pdf->offset;
}

void pdf_stream_end(struct pdf *pdf)
{
        uint64_t length = pdf->offset - pdf->stream_start;

        pdf_format(pdf, "\nendstream");
        pdf_object_end(pdf);
        pdf_object_begin(pdf, pdf->stream_length);
        pdf_format(pdf, "%" PRIu64, length);
        pdf_object_end(pdf);
}

/* "595.28", in whatever language the machine speaks. */
static void add_number(struct pdf *pdf, double number)
{
        int64_t hundredths = (int64_t)(number * 100 + (number < 0 ? -0.5 : 0.5));

        pdf_format(pdf, "%s%" PRId64 ".%02d ", hundredths < 0 ? "-" : "",
                   hundredths < 0 ? -hundredths / 100 : hundredths / 100, abs((int)(hundredths % 100)));
}

void pdf_page(struct pdf *pdf, double width, double height, uint32_t content, const char *resources)
{
        uint32_t object;

        if (pdf->pages_count == pdf->pages_max) {
                fail(pdf, RENDER_LIMIT);
                return;
        }
        object = pdf_reserve(pdf);
        pdf->pages[pdf->pages_count++] = object;
        pdf_object_begin(pdf, object);
        pdf_format(pdf, "<< /Type /Page /Parent %d 0 R /MediaBox [0 0 ", PAGES);
        add_number(pdf, width);
        add_number(pdf, height);
        pdf_format(pdf, "] /Contents %" PRIu32 " 0 R /Resources %s >>", content, resources);
        pdf_object_end(pdf);
}

static void add_tree(struct pdf *pdf)
{
        pdf_object_begin(pdf, CATALOG);
        pdf_format(pdf, "<< /Type /Catalog /Pages %d 0 R >>", PAGES);
        pdf_object_end(pdf);
        pdf_object_begin(pdf, PAGES);
        pdf_format(pdf, "<< /Type /Pages /Count %" PRIu32 " /Kids [\n", pdf->pages_count);
        for (uint32_t i = 0; i < pdf->pages_count; i++)
                pdf_format(pdf, "%" PRIu32 " 0 R\n", pdf->pages[i]);
        pdf_format(pdf, "] >>");
        pdf_object_end(pdf);
}

int pdf_finish(struct pdf *pdf)
{
        uint64_t start;

        add_tree(pdf);
        start = pdf->offset;
        pdf_format(pdf, "xref\n0 %" PRIu32 "\n0000000000 65535 f \n", pdf->objects_count);
        for (uint32_t i = 1; i < pdf->objects_count; i++)
                pdf_format(pdf, "%010" PRIu64 " 00000 n \n", pdf->objects[i]);
        pdf_format(pdf, "trailer\n<< /Size %" PRIu32 " /Root %d 0 R >>\nstartxref\n%" PRIu64 "\n%%%%EOF\n",
                   pdf->objects_count, CATALOG, start);
        flush(pdf);
        return pdf->failure;
}
