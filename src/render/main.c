// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "render/cell.h"
#include "render/options.h"
#include "render/outcome.h"
#include "render/wrap.h"

#define EXIT_FAULT   1
#define PIECE_OCTETS 65536
#define HEADER_PDF   1024 /* within how many octets "%PDF-" must begin (ISO 32000-1, Annex H.3.4.1) */

/* In memory, since the plain text of a document is never on a disk. */
static int memory_open(const char *name, int *ret_fd)
{
        int fd = memfd_create(name, MFD_CLOEXEC);

        if (fd < 0)
                return fault(-errno);
        *ret_fd = fd;
        return 0;
}

static int read_input(uint64_t octets_max, int to, uint64_t *ret_octets)
{
        char piece[PIECE_OCTETS];
        uint64_t octets = 0;

        for (;;) {
                ssize_t len = read(STDIN_FILENO, piece, sizeof(piece));
                int r;

                if (len < 0 && errno == EINTR)
                        continue;
                if (len < 0)
                        return fault(-errno);
                if (len == 0)
                        break;
                octets += (uint64_t)len;
                if (octets > octets_max)
                        return RENDER_LIMIT;
                r = file_write(to, piece, (size_t)len);
                if (r < 0)
                        return r;
        }
        *ret_octets = octets;
        return 0;
}

static int map(int fd, uint64_t octets, struct text *ret)
{
        void *at = mmap(NULL, octets, PROT_READ, MAP_PRIVATE, fd, 0);

        if (at == MAP_FAILED)
                return fault(-errno);
        *ret = text_from_octets(at, octets);
        return 0;
}

/* Printers and drivers put a few octets in front of a PDF; but what begins as PostScript is PostScript,
 * whatever it says further on. */
static bool is_pdf(struct text head)
{
        const char *pdf = memmem(head.at, head.len, "%PDF-", 5);

        return pdf && !memmem(head.at, (size_t)(pdf - head.at), "%!", 2);
}

static bool is_what_it_says(enum render_format from, struct text document)
{
        struct text head = { document.at, document.len < HEADER_PDF ? document.len : HEADER_PDF };

        switch (from) {
        case RENDER_PDF: return is_pdf(head);
        case RENDER_JPEG: return text_starts_with(document, "\xff\xd8\xff");
        case RENDER_PWG_RASTER: return text_starts_with(document, "RaS2");
        case RENDER_APPLE_RASTER: return text_starts_with(document, "UNIRAST");
        default: return true;
        }
}

static int copy(int from, int to, uint64_t octets_max)
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
                r = file_write(to, piece, (size_t)len);
                if (r < 0)
                        return r;
        }
}

/* A wrapped image is a good PDF as it is. A text is not: its font must be in it. */
static bool is_ready(const struct render_options *options)
{
        return options->to == RENDER_PDF && options->from != RENDER_PDF && options->from != RENDER_TEXT &&
               !options->grey && !options->pages[0];
}

static int convert_wrapped(const struct render_options *options, struct text document,
                           unsigned int *ret_pages)
{
        struct render_options wrapping = *options;
        SCOPED(closep) int pdf = -1;
        int r;

        if (!wrapping.media.name)
                media_parse("iso_a4_210x297mm", &wrapping.media);
        r = memory_open("pdf", &pdf);
        if (r < 0)
                return r;
        r = wrap_document(&wrapping, document, pdf);
        if (r)
                return r;
        if (is_ready(options))
                return copy(pdf, STDOUT_FILENO, options->limits.output_octets);
        return cell_run(options, pdf, STDOUT_FILENO, ret_pages);
}

static int convert(const struct render_options *options, unsigned int *ret_pages)
{
        SCOPED(closep) int input = -1;
        struct text document;
        uint64_t octets = 0;
        int r;

        if (options->from == RENDER_PCL_XL || options->from == RENDER_POSTSCRIPT)
                return RENDER_UNSUPPORTED;
        if (options->to == RENDER_JPEG || options->to == RENDER_TEXT || options->to == RENDER_APPLE_RASTER)
                return RENDER_UNSUPPORTED;
        r = memory_open("document", &input);
        if (r < 0)
                return r;
        r = read_input(options->limits.input_octets, input, &octets);
        if (r)
                return r;
        if (octets == 0)
                return RENDER_DAMAGED;
        r = map(input, octets, &document);
        if (r < 0)
                return r;
        if (!is_what_it_says(options->from, document))
                return RENDER_DAMAGED;
        if (options->from == RENDER_PDF)
                return cell_run(options, input, STDOUT_FILENO, ret_pages);
        return convert_wrapped(options, document, ret_pages);
}

/* Whoever breaks out of the cell should be nobody outside of it, too. */
static int give_up_rights(void)
{
        int r;

        if (geteuid() == 0) {
                r = process_become("nobody");
                if (r)
                        return fold(r);
        }
        return process_harden();
}

int main(int argc, char **argv)
{
        struct render_options options;
        unsigned int pages = 0;
        char number[16];
        int r;

        r = options_parse(argc, argv, &options);
        if (r >= 0)
                return r;
        log_init("imprimatur-render", LOG_NOTICE);
        r = give_up_rights();
        if (r == 0)
                r = convert(&options, &pages);
        if (r < 0) {
                log_fault("not-converted", r);
                return EXIT_FAULT;
        }
        if (r > 0) {
                log_write(LOG_NOTICE, "not-converted", "reason", render_refusal_name(r), NULL);
                return r;
        }
        snprintf(number, sizeof(number), "%u", pages);
        log_write(LOG_NOTICE, "converted", "pages", pages ? number : NULL, NULL);
        return 0;
}
