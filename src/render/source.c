// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/sniff.h"
#include "os/file.h"
#include "render/outcome.h"
#include "render/source-office.h"
#include "render/source-text.h"
#include "render/tool.h"
#include "render/wrap.h"

bool source_is_what_it_says(enum format from, struct text octets)
{
        return sniff(octets, true, from).format == from;
}

bool source_is_readable(enum format from)
{
        switch (from) {
        case FORMAT_POSTSCRIPT: return tool_is_there(&tool_postscript);
        case FORMAT_HTML:
        case FORMAT_MARKDOWN: return tool_is_there(&tool_html);
        case FORMAT_SVG: return tool_is_there(&tool_svg);
        case FORMAT_HEIC: return tool_is_there(&tool_heif);
        case FORMAT_CSV:
        case FORMAT_RTF:
        case FORMAT_DOC:
        case FORMAT_DOCX:
        case FORMAT_XLS:
        case FORMAT_XLSX:
        case FORMAT_PPT:
        case FORMAT_PPTX:
        case FORMAT_ODT:
        case FORMAT_ODS:
        case FORMAT_ODP: return source_office_is_there(from);
        default: return format_is_source(from);
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
static int wrap(const struct order *order, struct text octets, int *ret)
{
        SCOPED(closep) int pdf = memfd_create("pdf", MFD_CLOEXEC);
        int r;

        if (pdf < 0)
                return fault(-errno);
        r = wrap_document(order, octets, pdf);
        if (r == 0)
                *ret = take_fd(&pdf);
        return r;
}

static int by_tool(const struct tool *tool, const struct order *order, const struct source *source, int *ret)
{
        return tool_run(tool, order, source->document, source->deadline_ms, ret);
}

static int map(int fd, struct text *ret)
{
        struct stat stat;
        void *at;

        if (fstat(fd, &stat) < 0)
                return fault(-errno);
        at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED)
                return fault(-errno);
        *ret = text_from_octets(at, (size_t)stat.st_size);
        return 0;
}

static int heic_to_pdf(const struct order *order, const struct source *source, int *ret)
{
        struct order wrapping = *order;
        SCOPED(closep) int jpeg = -1;
        struct text octets;
        int r;

        r = by_tool(&tool_heif, order, source, &jpeg);
        if (r)
                return r;
        r = map(jpeg, &octets);
        if (r < 0)
                return r;
        wrapping.from = FORMAT_JPEG;
        r = wrap(&wrapping, octets, ret);
        munmap((void *)(uintptr_t)octets.at, octets.len);
        return r;
}

/* A document without what a driver put around it; a descriptor of its own where there was something. */
static int take_out(const struct source *source, enum format format, int *ret)
{
        struct text body = sniff_body(source->octets, format);
        SCOPED(closep) int fd = -1;
        int r;

        if (body.len == source->octets.len)
                return duplicate(source->document, ret);
        fd = memfd_create("body", MFD_CLOEXEC);
        if (fd < 0)
                return fault(-errno);
        r = file_write(fd, body.at, body.len);
        if (r == 0)
                *ret = take_fd(&fd);
        return r;
}

static int postscript_to_pdf(const struct order *order, const struct source *source, int *ret)
{
        SCOPED(closep) int body = -1;
        int r;

        r = take_out(source, FORMAT_POSTSCRIPT, &body);
        return r ? r : tool_run(&tool_postscript, order, body, source->deadline_ms, ret);
}

static void turn(struct media *media)
{
        double width = media->width;

        media->width = media->height;
        media->height = width;
}

int source_to_pdf(const struct order *order, const struct source *source, int *ret, bool *ret_is_ready)
{
        struct order sized = *order;

        if (!sized.media.name[0])
                media_parse("iso_a4_210x297mm", &sized.media);
        /* What has no pages yet is laid out on paper as it will be read. */
        if (order->orientation == ORDER_LANDSCAPE || order->orientation == ORDER_REVERSE_LANDSCAPE)
                turn(&sized.media);
        *ret_is_ready = false;
        switch (order->from) {
        case FORMAT_PDF: return take_out(source, FORMAT_PDF, ret);
        case FORMAT_POSTSCRIPT: return postscript_to_pdf(&sized, source, ret);
        case FORMAT_TEXT: return source_text(&sized, source, ret);
        case FORMAT_MARKDOWN: return source_markdown(&sized, source, ret);
        case FORMAT_HTML: return source_html(&sized, source, ret);
        case FORMAT_SVG: return by_tool(&tool_svg, &sized, source, ret);
        case FORMAT_HEIC: *ret_is_ready = true; return heic_to_pdf(&sized, source, ret);
        case FORMAT_JPEG:
        case FORMAT_PNG:
        case FORMAT_TIFF:
        case FORMAT_GIF:
        case FORMAT_WEBP:
        case FORMAT_PWG_RASTER:
        case FORMAT_APPLE_RASTER: *ret_is_ready = true; return wrap(&sized, source->octets, ret);
        case FORMAT_CSV:
        case FORMAT_RTF:
        case FORMAT_DOC:
        case FORMAT_DOCX:
        case FORMAT_XLS:
        case FORMAT_XLSX:
        case FORMAT_PPT:
        case FORMAT_PPTX:
        case FORMAT_ODT:
        case FORMAT_ODS:
        case FORMAT_ODP: return source_office(&sized, source, ret);
        default: return RENDER_UNSUPPORTED;
        }
}
