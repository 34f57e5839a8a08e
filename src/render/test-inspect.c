// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The program, asked what is in documents and what their pages look like: such as people send, and hostile
 * ones. */
#include <qpdf/qpdf-c.h>
#include <zlib.h>

#include "conversion/facts.h"
#include "render/jpeg.h"
#include "render/test-render.h"

#define WORDS 10

/* What the program answered. */
struct answer {
        struct facts facts;
        struct buffer base, image;
};

static void answer_init(struct answer *answer)
{
        *answer = (struct answer){ .base = BUFFER(OUTPUT_MOST), .image = BUFFER(OUTPUT_MOST) };
}

static void answer_done(struct answer *answer)
{
        buffer_done(&answer->base);
        buffer_done(&answer->image);
}

static void take_frames(struct text octets, struct answer *ret)
{
        SCOPED(buffer_done) struct buffer lines = BUFFER(FACTS_OCTETS_MAX);
        struct frame_reader reader = { .left = 0 };
        struct frame frame;
        int r;

        while ((r = frame_take(&reader, &octets, &frame)) == 0) {
                assert(frame.type != FRAME_DOCUMENT);
                if (frame.type == FRAME_FACTS)
                        buffer_add_text(&lines, frame.octets);
                if (frame.type == FRAME_BASE)
                        buffer_add_text(&ret->base, frame.octets);
                if (frame.type == FRAME_IMAGE)
                        buffer_add_text(&ret->image, frame.octets);
        }
        assert(r == FRAME_MORE && frame_has_ended(&reader));
        assert(facts_parse(buffer_text(&lines), &ret->facts) == 0);
}

/* words: the options after --act and its word, NULL-terminated. */
static int ask(const char *act, const char *const *words, struct text document, struct answer *ret)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(OUTPUT_MOST);
        const char *argv[WORDS + 16] = { program, "--act", act };
        int status;

        for (size_t i = 0; words[i]; i++) {
                assert(i < WORDS);
                argv[3 + i] = words[i];
        }
        answer_done(ret);
        answer_init(ret);
        status = run(program, argv, document, &octets);
        if (status == 0)
                take_frames(buffer_text(&octets), ret);
        return status;
}

static const char *const from_pdf[] = { "--from", "application/pdf", NULL };

static int inspect(struct text document, struct answer *ret)
{
        return ask("inspect", from_pdf, document, ret);
}

/* A PDF of these objects, the first of which is number 1 and its catalogue. */
struct writer {
        struct buffer octets;
        size_t places[64];
        size_t count;
};

static void writer_init(struct writer *writer)
{
        *writer = (struct writer){ .octets = BUFFER(OUTPUT_MOST) };
        buffer_add_string(&writer->octets, "%PDF-1.7\n");
}

static void writer_done(struct writer *writer)
{
        buffer_done(&writer->octets);
}

static void object_begin(struct writer *writer)
{
        assert(writer->count < ARRAY_LENGTH(writer->places));
        writer->places[writer->count++] = writer->octets.len;
        buffer_format(&writer->octets, "%zu 0 obj\n", writer->count);
}

static void object(struct writer *writer, const char *words)
{
        object_begin(writer);
        buffer_add_string(&writer->octets, words);
        buffer_add_string(&writer->octets, "\nendobj\n");
}

static void stream(struct writer *writer, const char *words, struct text octets)
{
        object_begin(writer);
        buffer_format(&writer->octets, "<< /Length %zu %s >>\nstream\n", octets.len, words);
        buffer_add_text(&writer->octets, octets);
        buffer_add_string(&writer->octets, "\nendstream\nendobj\n");
}

static struct text finish(struct writer *writer, const char *trailer)
{
        size_t at = writer->octets.len;

        buffer_format(&writer->octets, "xref\n0 %zu\n0000000000 65535 f \n", writer->count + 1);
        for (size_t i = 0; i < writer->count; i++)
                buffer_format(&writer->octets, "%010zu 00000 n \n", writer->places[i]);
        buffer_format(&writer->octets, "trailer << /Size %zu /Root 1 0 R %s >>\nstartxref\n%zu\n%%%%EOF\n",
                      writer->count + 1, trailer, at);
        assert(!writer->octets.failure);
        return buffer_text(&writer->octets);
}

/* A document of four pages: shades of grey given as three colours; red, turned and larger; text in a font
 * that is not there; grey. */
static struct text write_sample(struct writer *writer)
{
        object(writer, "<< /Type /Catalog /Pages 2 0 R >>");
        object(writer,
               "<< /Type /Pages /Count 4 /Kids [ 3 0 R 4 0 R 5 0 R 6 0 R ]"
               "   /MediaBox [ 0 0 595.276 841.89 ] /Resources << /Font << /A 11 0 R /B 12 0 R >> >> >>");
        object(writer, "<< /Type /Page /Parent 2 0 R /Contents 7 0 R >>");
        object(writer, "<< /Type /Page /Parent 2 0 R /Contents 8 0 R /MediaBox [ 0 0 1000 2000 ] /Rotate 90"
                       "   /CropBox [ -5 0 841.89 1190.55 ] >>");
        object(writer, "<< /Type /Page /Parent 2 0 R /Contents 9 0 R >>");
        object(writer, "<< /Type /Page /Parent 2 0 R /Contents 10 0 R >>");
        stream(writer, "", TEXT_OF("0.5 0.5 0.5 rg 100 100 300 300 re f 0 0 0 RG 50 50 m 500 600 l S"));
        stream(writer, "", TEXT_OF("1 0 0 rg 100 100 10 10 re f"));
        stream(writer, "", TEXT_OF("BT /A 12 Tf 72 700 Td (Foreign) Tj /B 12 Tf (known) Tj ET"));
        stream(writer, "", TEXT_OF("0.3 g 0 0 300 300 re f"));
        object(writer, "<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Gara#20mond /FirstChar 32"
                       "   /LastChar 32 /Widths [ 250 ] /FontDescriptor << /Type /FontDescriptor"
                       "   /FontName /ABCDEF+Garamond /Flags 32 /ItalicAngle 0 /Ascent 800 /Descent -200"
                       "   /CapHeight 700 /StemV 80 /FontBBox [ 0 0 1000 1000 ] >> >>");
        object(writer, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        object(writer, "<< /Title <FEFF00C400720067006500720020202E00210020000A20AC> /Creator (Writer) >>");
        return finish(writer, "/Info 13 0 R");
}

static void a_document_is_told_of(struct text sample)
{
        SCOPED(answer_done) struct answer answer;
        struct jpeg jpeg;

        answer_init(&answer);
        assert(inspect(sample, &answer) == 0);
        assert(answer.facts.pages == 4 && !answer.facts.is_encrypted);
        assert(answer.facts.has_colour_pages && answer.facts.colour_pages == 1);
        assert(answer.facts.size_count == 2);
        assert(answer.facts.sizes[0].width == 21000 && answer.facts.sizes[0].height == 29700);
        assert(answer.facts.sizes[0].pages == 3);
        assert(answer.facts.sizes[1].width == 42000 && answer.facts.sizes[1].height == 29700);
        assert(strcmp(answer.facts.title, "\xc3\x84rger ! \xe2\x82\xac") == 0);
        assert(strcmp(answer.facts.application, "Writer") == 0);
        assert(answer.facts.font_count == 1 && strcmp(answer.facts.fonts[0], "Gara_mond") == 0);
        assert(answer.base.len == 0);
        assert(jpeg_parse(buffer_text(&answer.image), &jpeg) == 0 && jpeg.width == 240);
        assert(jpeg.height == 339 || jpeg.height == 340);
}

static void what_is_no_pdf_becomes_one(void)
{
        static const char *const words[] = { "--from", "text/plain", NULL };
        SCOPED(answer_done) struct answer answer, again;

        answer_init(&answer);
        answer_init(&again);
        assert(ask("inspect", words, TEXT_OF("One.\n\fTwo.\n"), &answer) == 0);
        assert(answer.facts.pages == 2 && answer.facts.colour_pages == 0 && answer.facts.has_colour_pages);
        assert(text_starts_with(buffer_text(&answer.base), "%PDF-"));
        assert(answer.image.len > 0);
        assert(inspect(buffer_text(&answer.base), &again) == 0 && again.facts.pages == 2);
}

static void colours_of_long_documents_stay_unknown(struct text sample)
{
        static const char *const words[] = { "--from", "application/pdf", "--colour-pages-max", "3", NULL };
        SCOPED(answer_done) struct answer answer;

        answer_init(&answer);
        assert(ask("inspect", words, sample, &answer) == 0);
        assert(answer.facts.pages == 4 && !answer.facts.has_colour_pages && answer.image.len > 0);
}

static void a_page_is_looked_at(struct text sample)
{
        const struct {
                const char *page, *width, *from;
                struct text document;
                int status;
        } rows[] = {
                { "1", "240", "application/pdf", sample, 0 },
                { "4", "800", "application/pdf", sample, 0 },
                { "2", "1600", "application/pdf", sample, 0 },
                { "2", "240", "text/plain", TEXT_OF("One.\n\fTwo.\n"), 0 },
                { "5", "240", "application/pdf", sample, RENDER_DAMAGED },
                { "1000000", "240", "application/pdf", sample, RENDER_DAMAGED },
                { "1", "240", "application/pdf", TEXT_OF("%PDF-1.7 garbage"), RENDER_DAMAGED },
        };
        SCOPED(answer_done) struct answer answer;

        answer_init(&answer);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                const char *const words[] = { "--from",     rows[i].from,  "--to",
                                              "image/jpeg", "--page",      rows[i].page,
                                              "--width",    rows[i].width, NULL };
                struct jpeg jpeg;

                printf("page %s of %s\n", rows[i].page, rows[i].from);
                fflush(stdout);
                assert(ask("preview", words, rows[i].document, &answer) == rows[i].status);
                if (rows[i].status)
                        continue;
                assert(jpeg_parse(buffer_text(&answer.image), &jpeg) == 0);
                assert(jpeg.width == strtoul(rows[i].width, NULL, 10));
                assert(answer.base.len == 0 && answer.facts.pages == 0);
        }
}

#define TREE                                 \
        "<< /Type /Catalog /Pages 2 0 R >>", \
                "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] /MediaBox [ 0 0 600 800 ] >>"

/* One page with this dictionary and this content. */
static struct text write_page(struct writer *writer, const char *page, struct text content)
{
        static const char *const objects[] = { TREE };
        char words[512];

        for (size_t i = 0; i < ARRAY_LENGTH(objects); i++)
                object(writer, objects[i]);
        snprintf(words, sizeof(words), "<< /Type /Page /Parent 2 0 R /Contents 4 0 R %s >>", page);
        object(writer, words);
        stream(writer, "", content);
        return finish(writer, "");
}

static int inspect_page(const char *page, struct text content, struct answer *ret)
{
        SCOPED(writer_done) struct writer writer;

        writer_init(&writer);
        return inspect(write_page(&writer, page, content), ret);
}

static void pages_of_no_size_are_drawn_within_limits(void)
{
        static const char *const boxes[] = {
                "/MediaBox [ 0 0 1000000000 1000000000 ]",
                "/MediaBox [ 0 0 1 1000000000 ]",
                "/MediaBox [ 0 0 1000000000 1 ]",
                "/MediaBox [ 0 0 0 0 ]",
                "/MediaBox [ 0 0 1e308 -1e308 ]",
                "/MediaBox [ 0 0 nan 2 ]",
                "/MediaBox (no box) /Rotate /Left /UserUnit [ 7 ]",
                "/MediaBox [ 0 0 200 300 ] /UserUnit 1e300",
        };
        SCOPED(answer_done) struct answer answer;

        answer_init(&answer);
        for (size_t i = 0; i < ARRAY_LENGTH(boxes); i++) {
                int status = inspect_page(boxes[i], TEXT_OF("0 0 1 rg 0 0 100 100 re f"), &answer);

                printf("%s: %d\n", boxes[i], status);
                fflush(stdout);
                assert(status == 0 || status == RENDER_LIMIT || status == RENDER_DAMAGED);
                assert(status || answer.facts.pages == 1);
        }
}

/* More pages are said than are there; a tree that is its own child; one page a hundred thousand times. */
static void pages_are_counted_not_believed(void)
{
        SCOPED(writer_done) struct writer said, circle, repeated;
        SCOPED(buffer_done) struct buffer kids = BUFFER(OUTPUT_MOST);
        SCOPED(answer_done) struct answer answer;
        int status;

        answer_init(&answer);
        writer_init(&said);
        object(&said, "<< /Type /Catalog /Pages 2 0 R >>");
        object(&said, "<< /Type /Pages /Count 1000000 /Kids [ 3 0 R ] >>");
        object(&said, "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 300 300 ] >>");
        status = inspect(finish(&said, ""), &answer);
        printf("said: %d\n", status);
        assert(status == RENDER_DAMAGED || (status == 0 && answer.facts.pages == 1));

        writer_init(&circle);
        object(&circle, "<< /Type /Catalog /Pages 2 0 R >>");
        object(&circle, "<< /Type /Pages /Count 2 /Kids [ 3 0 R 2 0 R ] /Parent 2 0 R >>");
        object(&circle, "<< /Type /Page /Parent 2 0 R >>");
        status = inspect(finish(&circle, ""), &answer);
        printf("circle: %d\n", status);
        assert(status == RENDER_DAMAGED || status == RENDER_LIMIT || answer.facts.pages <= 2);

        writer_init(&repeated);
        object(&repeated, "<< /Type /Catalog /Pages 2 0 R >>");
        buffer_add_string(&kids, "<< /Type /Pages /Count 100000 /Kids [ ");
        for (int i = 0; i < 100000; i++)
                buffer_add_string(&kids, "3 0 R ");
        buffer_add_string(&kids, "] >>");
        object(&repeated, buffer_string(&kids));
        object(&repeated, "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 300 300 ] >>");
        status = inspect(finish(&repeated, ""), &answer);
        printf("repeated: %d\n", status);
        assert(status == RENDER_LIMIT || status == RENDER_DAMAGED ||
               (status == 0 && answer.facts.pages == 100000));
}

/* Of what can be packed well. */
static void pack(struct text octets, struct buffer *ret)
{
        uLongf len = octets.len / 50 + 1024;
        char *at = buffer_extend(ret, len);

        assert(at && compress2((Bytef *)at, &len, (const Bytef *)octets.at, octets.len, 9) == Z_OK);
        ret->len = len;
}

#define BOMB_OCTETS (256 << 20)

/* A quarter of a gigabyte in a quarter of a megabyte; packed again, in a kilobyte. */
static void make_bomb(struct buffer *ret)
{
        SCOPED(buffer_done) struct buffer once = BUFFER(OUTPUT_MOST);
        char *zeros = calloc(1, BOMB_OCTETS);

        assert(zeros);
        pack(text_from_octets(zeros, BOMB_OCTETS), &once);
        free(zeros);
        pack(buffer_text(&once), ret);
}

static const char *const in_haste[] = { "--from", "application/pdf", "--cpu-s",   "3", "--wall-s",
                                        "20",     "--memory-octets", "268435456", NULL };

static void bombs_end_within_limits(void)
{
        static const char jbig2[] = "\0\0\0\0\x30\0\1\0\0\0\x13\x7f\xff\xff\xff\x7f\xff\xff\xff"
                                    "\0\0\0\0\0\0\0\0\0\0\0";
        SCOPED(writer_done) struct writer image, layer, table;
        SCOPED(buffer_done) struct buffer bomb = BUFFER(OUTPUT_MOST);
        SCOPED(answer_done) struct answer answer;
        int status;

        answer_init(&answer);
        make_bomb(&bomb);
        writer_init(&image);
        object(&image, "<< /Type /Catalog /Pages 2 0 R >>");
        object(&image, "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] /MediaBox [ 0 0 600 800 ] >>");
        object(&image,
               "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>");
        stream(&image, "", TEXT_OF("q 600 0 0 800 0 0 cm /I Do Q"));
        stream(&image,
               "/Type /XObject /Subtype /Image /Width 1000000 /Height 1000000 /BitsPerComponent 8"
               " /ColorSpace /DeviceRGB /Filter [ /FlateDecode /FlateDecode ]",
               buffer_text(&bomb));
        status = ask("inspect", in_haste, finish(&image, ""), &answer);
        printf("image: %d\n", status);
        assert(status == RENDER_LIMIT || status == RENDER_DAMAGED || status == 0);

        writer_init(&layer);
        object(&layer, "<< /Type /Catalog /Pages 2 0 R >>");
        object(&layer, "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] /MediaBox [ 0 0 600 800 ] >>");
        object(&layer,
               "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>");
        stream(&layer, "", TEXT_OF("q 600 0 0 800 0 0 cm /I Do Q"));
        stream(&layer,
               "/Type /XObject /Subtype /Image /Width 2147483647 /Height 2147483647 /BitsPerComponent 1"
               " /ColorSpace /DeviceGray /Filter /JBIG2Decode",
               text_from_octets(jbig2, sizeof(jbig2) - 1));
        status = ask("inspect", in_haste, finish(&layer, ""), &answer);
        printf("jbig2: %d\n", status);
        assert(status == RENDER_LIMIT || status == RENDER_DAMAGED || status == 0);

        /* What says where the objects lie is unpacked before anything else. */
        writer_init(&table);
        object(&table, "<< /Type /Catalog /Pages 2 0 R >>");
        object(&table, "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] /MediaBox [ 0 0 600 800 ] >>");
        object(&table, "<< /Type /Page /Parent 2 0 R >>");
        stream(&table, "/Type /XRef /Size 5 /Root 1 0 R /W [ 1 2 1 ] /Filter [ /FlateDecode /FlateDecode ]",
               buffer_text(&bomb));
        buffer_format(&table.octets, "startxref\n%zu\n%%%%EOF\n", table.places[3]);
        status = ask("inspect", in_haste, buffer_text(&table.octets), &answer);
        printf("table: %d\n", status);
        assert(status == RENDER_LIMIT || status == RENDER_DAMAGED || status == 1 || /* a sanitizer's end */
               (status == 0 && answer.facts.pages == 1));
}

/* Forms that draw themselves, and ever more of others. */
static void circles_end(void)
{
        SCOPED(writer_done) struct writer writer;
        SCOPED(answer_done) struct answer answer;
        int status;

        answer_init(&answer);
        writer_init(&writer);
        object(&writer, "<< /Type /Catalog /Pages 2 0 R >>");
        object(&writer, "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] /MediaBox [ 0 0 600 800 ] >>");
        object(&writer, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources 6 0 R >>");
        stream(&writer, "", TEXT_OF("/A Do"));
        stream(&writer, "/Type /XObject /Subtype /Form /BBox [ 0 0 600 800 ] /Resources 6 0 R",
               TEXT_OF("/A Do /A Do"));
        object(&writer, "<< /XObject << /A 5 0 R /B << >> /C 6 0 R >> /Font << /F 6 0 R /G 7 0 R >> >>");
        object(&writer, "<< /Type /Font /Subtype /Type0 /DescendantFonts [ 7 0 R ] /BaseFont /Circle >>");
        status = ask("inspect", in_haste, finish(&writer, ""), &answer);
        printf("forms: %d\n", status);
        assert(status == RENDER_LIMIT || (status == 0 && answer.facts.pages == 1));
        assert(status || (answer.facts.font_count == 1 && strcmp(answer.facts.fonts[0], "Circle") == 0));
}

static void what_is_cut_is_mended_or_refused(struct text sample)
{
        SCOPED(answer_done) struct answer answer;

        answer_init(&answer);
        for (size_t len = 9; len < sample.len; len += sample.len / 12) {
                int status = inspect(text_from_octets(sample.at, len), &answer);

                printf("%zu of %zu octets: %d\n", len, sample.len, status);
                fflush(stdout);
                assert(status == RENDER_DAMAGED || (status == 0 && answer.facts.pages <= 4));
        }
}

/* Of one user and of one owner; as PDF 2.0 does it (passwords are UTF-8), or as PDF 1.4 did. */
static void lock(struct text pdf, const char *user, const char *owner, bool is_modern, struct buffer *ret)
{
        qpdf_data qpdf = qpdf_init();

        assert(qpdf_read_memory(qpdf, "sample", pdf.at, pdf.len, NULL) == QPDF_SUCCESS);
        qpdf_init_write_memory(qpdf);
        if (is_modern)
                qpdf_set_r6_encryption_parameters2(qpdf, user, owner, 1, 1, 1, 1, 1, 1, qpdf_r3p_full, 1);
        else
                qpdf_set_r3_encryption_parameters_insecure(qpdf, user, owner, 1, 1, 1, 1, 1, 1,
                                                           qpdf_r3p_full);
        assert(qpdf_write(qpdf) == QPDF_SUCCESS);
        buffer_clear(ret);
        buffer_add(ret, qpdf_get_buffer(qpdf), qpdf_get_buffer_length(qpdf));
        qpdf_cleanup(&qpdf);
}

static const char *const with_secret[] = { "--from", "application/pdf", "--secret", "yes", NULL };

static int inspect_with(const char *const *words, struct text password, struct text document,
                        struct answer *ret)
{
        SCOPED(buffer_done) struct buffer sent = BUFFER(OUTPUT_MOST);

        buffer_add_text(&sent, password);
        buffer_add_text(&sent, document);
        return ask("inspect", words, buffer_text(&sent), ret);
}

static void locked_ones_want_their_password(struct text sample)
{
        static const char *const page[] = { "--from", "application/pdf", "--to", "image/jpeg", "--page", "1",
                                            NULL };
        static const char *const of_text[] = { "--from", "text/plain", "--secret", "yes", NULL };
        const struct {
                const char *name;
                const char *const *words;
                struct text password;
                int status;
        } rows[] = {
                { "none", from_pdf, TEXT(""), RENDER_PASSWORD },
                { "an empty one", with_secret, TEXT("\0\0"), RENDER_PASSWORD },
                { "another", with_secret, TEXT("\0\3abc"), RENDER_PASSWORD },
                { "its own", with_secret, TEXT("\0\6\xc3\xa4pfel"), 0 },
                { "its own, as it is spelt there", with_secret, TEXT("\0\5\xe4pfel"), 0 },
                { "its owner's", with_secret, TEXT("\0\1o"), 0 },
                { "with a NUL", with_secret, TEXT("\0\3o\0o"), RENDER_PASSWORD },
                { "too long", with_secret, TEXT("\377\377"), RENDER_PASSWORD },
                { "of a text", of_text, TEXT("\0\1o"), RENDER_UNSUPPORTED },
        };
        SCOPED(buffer_done) struct buffer locked = BUFFER(OUTPUT_MOST);
        SCOPED(answer_done) struct answer answer, again;

        answer_init(&answer);
        answer_init(&again);
        lock(sample, "\xe4pfel", "o", false, &locked);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("password: %s\n", rows[i].name);
                fflush(stdout);
                assert(inspect_with(rows[i].words, rows[i].password, buffer_text(&locked), &answer) ==
                       rows[i].status);
                if (rows[i].status)
                        continue;
                assert(answer.facts.pages == 4 && answer.facts.colour_pages == 1 &&
                       answer.facts.is_encrypted);
                assert(inspect(buffer_text(&answer.base), &again) == 0);
                assert(again.facts.pages == 4 && !again.facts.is_encrypted);
        }
        assert(ask("preview", page, buffer_text(&locked), &answer) == RENDER_PASSWORD);
        lock(sample, "\xc3\xa4pfel", "o", true, &locked);
        assert(inspect_with(with_secret, TEXT_OF("\0\6\xc3\xa4pfel"), buffer_text(&locked), &answer) == 0);
        assert(inspect_with(with_secret, TEXT_OF("\0\1x"), buffer_text(&locked), &answer) == RENDER_PASSWORD);
        assert(ask("inspect", with_secret, TEXT_OF("\0"), &answer) == RENDER_DAMAGED);
        assert(ask("inspect", with_secret, TEXT_OF("\0\1o"), &answer) == RENDER_DAMAGED);
}

static void what_opens_without_a_password_needs_none(struct text sample)
{
        SCOPED(buffer_done) struct buffer locked = BUFFER(OUTPUT_MOST);
        SCOPED(answer_done) struct answer answer;

        answer_init(&answer);
        lock(sample, "", "o", false, &locked);
        assert(inspect(buffer_text(&locked), &answer) == 0);
        assert(answer.facts.is_encrypted && answer.base.len == 0);
        assert(inspect_with(with_secret, TEXT_OF("\0\1x"), sample, &answer) == 0);
        assert(!answer.facts.is_encrypted && answer.base.len == 0);
}

int main(void)
{
        SCOPED(writer_done) struct writer writer;
        struct text sample;

        if (access("/usr/bin/bwrap", X_OK) < 0 || access("/usr/bin/pdftoppm", X_OK) < 0)
                return SKIPPED;
        find_program();
        writer_init(&writer);
        sample = write_sample(&writer);
        a_document_is_told_of(sample);
        what_is_no_pdf_becomes_one();
        colours_of_long_documents_stay_unknown(sample);
        a_page_is_looked_at(sample);
        locked_ones_want_their_password(sample);
        what_opens_without_a_password_needs_none(sample);
        what_is_cut_is_mended_or_refused(sample);
        pages_of_no_size_are_drawn_within_limits();
        pages_are_counted_not_believed();
        circles_end();
        bombs_end_within_limits();
        return 0;
}
