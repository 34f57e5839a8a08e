// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The program itself: documents of every kind in, every kind out, and what it answers to bad ones. */
#include "render/test-render.h"

static const char text[] = "Let it be printed.\n\fThe second page, in W\xc3\xb6rtern.\n";

static const struct {
        const char *type;
        const char *begins;
} targets[] = {
        { "application/pdf", "%PDF-" },
        { "application/vnd.hp-PCLXL", ") HP-PCL XL;" },
        { "application/postscript", "%!PS-Adobe" },
        { "image/pwg-raster", "RaS2" },
        { "image/urf", "UNIRAST" },
        { "application/PCLm", "%PDF-1.3\n%PCLm" },
        { "application/vnd.hp-PCL", "\x1b"
                                    "E" },
};

static void everything_becomes_everything(struct text pdf, struct text pwg)
{
        SCOPED(buffer_done) struct buffer out = BUFFER(OUTPUT_MOST);

        for (size_t i = 0; i < ARRAY_LENGTH(targets); i++) {
                printf("%s\n", targets[i].type);
                assert(convert("application/pdf", targets[i].type, NULL, NULL, pdf, &out) == 0);
                assert(text_starts_with(buffer_text(&out), targets[i].begins));
                assert(convert("application/pdf", targets[i].type, "--grey", "yes", pdf, &out) == 0);
                assert(text_starts_with(buffer_text(&out), targets[i].begins));
                assert(convert("text/plain", targets[i].type, "--sides", "one-sided", text_from(text),
                               &out) == 0);
                assert(text_starts_with(buffer_text(&out), targets[i].begins));
                assert(convert("image/pwg-raster", targets[i].type, NULL, NULL, pwg, &out) == 0);
                assert(text_starts_with(buffer_text(&out), targets[i].begins));
        }
}

static void a_raster_has_the_pages_and_the_size_of_its_medium(struct text pwg)
{
        struct raster_page page;
        struct raster raster;
        uint8_t *line;
        int pages = 0;

        assert(raster_begin(pwg, &raster) == 0);
        while (raster_page(&raster, &page) == 0) {
                assert(page.width == 2480 && page.height == 3508 && page.resolution_x == 300);
                assert(page.colour == RASTER_RGB && page.bits_per_colour == 8);
                line = malloc(page.line_octets);
                assert(line);
                for (uint32_t i = 0; i < page.height; i++)
                        assert(raster_line(&raster, line) == 0);
                free(line);
                pages++;
        }
        assert(pages == 2);
}

static void bad_documents_are_refused_by_name(struct text pdf, struct text locked)
{
        const struct {
                const char *name;
                const char *from, *to, *more, *value;
                struct text document;
                int status;
        } rows[] = {
                { "empty", "application/pdf", "application/pdf", NULL, NULL, TEXT_OF(""), RENDER_DAMAGED },
                { "garbage", "application/pdf", "application/pdf", NULL, NULL, TEXT_OF("%PDF-1.7 garbage"),
                  RENDER_DAMAGED },
                { "PostScript that says it is PDF", "application/pdf", "application/pdf", NULL, NULL,
                  TEXT_OF("%!PS %PDF-1.4\nshowpage"), RENDER_DAMAGED },
                { "PostScript that hides before it", "application/pdf", "application/pdf", NULL, NULL,
                  TEXT_OF("\x04\n%!PS-Adobe-3.0\n%PDF-1.4\nshowpage"), RENDER_DAMAGED },
                { "from a format we cannot read", "application/vnd.hp-PCL", "application/pdf", NULL, NULL,
                  TEXT_OF("\x1b"
                          "E"),
                  RENDER_UNSUPPORTED },
                { "password", "application/pdf", "application/pdf", NULL, NULL, locked, RENDER_PASSWORD },
                { "to a format we cannot make", "application/pdf", "image/jpeg", NULL, NULL, pdf,
                  RENDER_UNSUPPORTED },
                { "no JPEG", "image/jpeg", "application/pdf", NULL, NULL, TEXT_OF("GIF89a"), RENDER_DAMAGED },
                { "cut raster", "image/pwg-raster", "application/pdf", NULL, NULL, TEXT_OF("RaS2"),
                  RENDER_DAMAGED },
                { "cut Apple raster", "image/urf", "application/pdf", NULL, NULL,
                  TEXT_OF("UNIRAST\0\0\0\0\1\x08"), RENDER_DAMAGED },
                { "too large", "application/pdf", "application/pdf", "--input-octets", "100", pdf,
                  RENDER_LIMIT },
                { "too much comes out", "application/pdf", "image/pwg-raster", "--output-octets", "1000", pdf,
                  RENDER_LIMIT },
                { "too many pages", "application/pdf", "application/pdf", "--pages-max", "1", pdf,
                  RENDER_LIMIT },
                { "too many pages of text", "text/plain", "application/pdf", "--pages-max", "1",
                  text_from(text), RENDER_LIMIT },
                { "usage", "application/pdf", "image/x", NULL, NULL, pdf, 2 },
        };
        SCOPED(buffer_done) struct buffer out = BUFFER(OUTPUT_MOST);

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                fflush(stdout);
                assert(convert(rows[i].from, rows[i].to, rows[i].more, rows[i].value, rows[i].document,
                               &out) == rows[i].status);
        }
}

static void lock(struct text pdf, struct buffer *ret)
{
        const char *const argv[] = { "/usr/bin/gs",
                                     "-q",
                                     "-dSAFER",
                                     "-dBATCH",
                                     "-dNOPAUSE",
                                     "-sDEVICE=pdfwrite",
                                     "-sOwnerPassword=o",
                                     "-sUserPassword=u",
                                     "-dEncryptionR=3",
                                     "-dKeyLength=128",
                                     "-sOutputFile=%stdout",
                                     "-",
                                     NULL };

        assert(run(argv[0], argv, pdf, ret) == 0);
}

int main(void)
{
        SCOPED(buffer_done) struct buffer pdf = BUFFER(OUTPUT_MOST);
        SCOPED(buffer_done) struct buffer pwg = BUFFER(OUTPUT_MOST);
        SCOPED(buffer_done) struct buffer locked = BUFFER(OUTPUT_MOST);

        if (access("/usr/bin/bwrap", X_OK) < 0 || access("/usr/bin/gs", X_OK) < 0)
                return SKIPPED;
        find_program();
        assert(convert("text/plain", "application/pdf", "--media", "iso_a4_210x297mm", text_from(text),
                       &pdf) == 0);
        assert(memmem(pdf.at, pdf.len, "/FontFile", 9));
        assert(convert("application/pdf", "image/pwg-raster", "--media", "iso_a4_210x297mm",
                       buffer_text(&pdf), &pwg) == 0);
        a_raster_has_the_pages_and_the_size_of_its_medium(buffer_text(&pwg));
        everything_becomes_everything(buffer_text(&pdf), buffer_text(&pwg));
        lock(buffer_text(&pdf), &locked);
        bad_documents_are_refused_by_name(buffer_text(&pdf), buffer_text(&locked));
        return 0;
}
