// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Documents on their way in: whatever the pieces they come in, the same octets reach the intake, in the
 * format their first octets say; damaged and hostile compression ends with a refusal.
 */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "core/job/intake.h"
#include "core/refusal.h"
#include "door/ipp/document.h"

/* An intake that remembers; it stands in for core's. */
struct intake {
        struct buffer octets;
        char format[64];
        size_t writes_left;
        bool is_aborted;
};

int intake_write(struct intake *intake, struct text octets)
{
        assert(octets.len > 0);
        if (intake->writes_left == 0)
                return CORE_TOO_LARGE;
        intake->writes_left--;
        buffer_add_text(&intake->octets, octets);
        return 0;
}

void intake_set_format(struct intake *intake, struct text format)
{
        assert(text_copy(format, intake->format, sizeof(intake->format)));
}

void intake_abort(struct intake *intake)
{
        intake->is_aborted = true;
}

/* All but Apple raster. */
static bool may_be(void *context, struct text format)
{
        return !text_equal_string(format, "image/urf");
}

static void squeeze(int window, struct text octets, struct buffer *ret)
{
        z_stream z = { 0 };
        size_t room = octets.len + 1024;

        assert(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
        z.next_in = (Bytef *)(uintptr_t)octets.at;
        z.avail_in = (uInt)octets.len;
        z.next_out = (Bytef *)buffer_extend(ret, room);
        z.avail_out = (uInt)room;
        assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
        ret->len -= z.avail_out;
        deflateEnd(&z);
}

struct trial {
        enum ipp_compression compression;
        const char *declared; /* a media type */
        size_t piece;
        size_t writes;
        struct text sent;
};

/* Gives what is sent in pieces; the outcome of the first piece that was refused, or of the end. */
static int send(const struct trial *trial, struct intake *intake, struct ipp_document *document)
{
        int r = 0;

        *intake = (struct intake){ .octets = BUFFER(256 * 1024 * 1024), .writes_left = trial->writes };
        *document = (struct ipp_document){ .intake = intake,
                                           .compression = trial->compression,
                                           .inflating.limits.expansion_max = 10,
                                           .inflating.limits.expansion_free_octets = 100000,
                                           .may_be = may_be };
        sniffing_init(&document->sniffing, text_from(trial->declared), TEXT_OF(""));
        for (size_t at = 0; r == 0 && at < trial->sent.len; at += trial->piece) {
                size_t left = trial->sent.len - at;

                r = ipp_document_write(document, (struct text){ trial->sent.at + at,
                                                                left < trial->piece ? left : trial->piece });
        }
        return r ? r : ipp_document_finish(document);
}

static void finish(struct intake *intake, struct ipp_document *document)
{
        ipp_document_done(document);
        assert(intake->is_aborted && !document->intake);
        buffer_done(&intake->octets);
}

static bool has_known_format(struct text octets)
{
        return sniff(octets, true, FORMAT_UNKNOWN).format != FORMAT_UNKNOWN;
}

static void test_pieces(struct text octets, const char *format)
{
        static const size_t pieces[] = { 1, 7, 4095, 4096, 4097, 100000 };
        SCOPED(buffer_done) struct buffer gzip = BUFFER(1024 * 1024), deflated = BUFFER(1024 * 1024);
        struct ipp_document document;
        struct intake intake;

        squeeze(15 + 16, octets, &gzip);
        squeeze(-15, octets, &deflated);
        for (size_t i = 0; i < ARRAY_LENGTH(pieces); i++)
                for (int compression = IPP_COMPRESSION_NONE; compression <= IPP_COMPRESSION_DEFLATE;
                     compression++) {
                        struct text sent[] = { octets, buffer_text(&gzip), buffer_text(&deflated) };
                        struct trial trial = { compression, "", pieces[i], SIZE_MAX, sent[compression] };
                        int r = send(&trial, &intake, &document);

                        assert(r == (format ? 0 : IPP_DOCUMENT_UNKNOWN_FORMAT));
                        if (format) {
                                assert(strcmp(intake.format, format) == 0);
                                assert(text_equal(buffer_text(&intake.octets), octets));
                        }
                        finish(&intake, &document);

                        /* Of a kind that only its printer knows. */
                        trial.declared = "application/vnd.acme";
                        r = send(&trial, &intake, &document);
                        assert(r == (format || !has_known_format(octets) ? 0 : IPP_DOCUMENT_UNKNOWN_FORMAT));
                        assert(r || strcmp(intake.format, format ? format : "") == 0);
                        assert(r || text_equal(buffer_text(&intake.octets), octets));
                        finish(&intake, &document);
                }
}

static void test_damage(void)
{
        SCOPED(buffer_done) struct buffer gzip = BUFFER(1024 * 1024);
        struct ipp_document document;
        struct intake intake;
        struct trial trial = { IPP_COMPRESSION_GZIP, "application/vnd.acme", 16, SIZE_MAX, TEXT("") };

        squeeze(15 + 16, TEXT_OF("%PDF-1.4 a short document of a few words"), &gzip);

        trial.sent = (struct text){ gzip.at, gzip.len - 1 };
        assert(send(&trial, &intake, &document) == IPP_DOCUMENT_BAD_COMPRESSION);
        finish(&intake, &document);

        buffer_add_string(&gzip, "more");
        trial.sent = buffer_text(&gzip);
        assert(send(&trial, &intake, &document) == IPP_DOCUMENT_BAD_COMPRESSION);
        finish(&intake, &document);

        gzip.at[20] ^= 0x55;
        assert(send(&trial, &intake, &document) == IPP_DOCUMENT_BAD_COMPRESSION);
        finish(&intake, &document);

        trial.sent = TEXT_OF("%PDF-1.4 that is not compressed at all");
        assert(send(&trial, &intake, &document) == IPP_DOCUMENT_BAD_COMPRESSION);
        finish(&intake, &document);
}

/* Ten octets of each are allowed, after the first hundred thousand. */
static void test_bomb(void)
{
        SCOPED(buffer_done) struct buffer zeros = BUFFER(16 * 1024 * 1024), gzip = BUFFER(17 * 1024 * 1024);
        struct ipp_document document;
        struct intake intake;
        struct trial trial = { IPP_COMPRESSION_GZIP, "application/vnd.acme", 4096, SIZE_MAX, TEXT("") };

        memset(buffer_extend(&zeros, 90000), 0, 90000);
        squeeze(15 + 16, buffer_text(&zeros), &gzip);
        trial.sent = buffer_text(&gzip);
        assert(send(&trial, &intake, &document) == 0);
        finish(&intake, &document);

        memset(buffer_extend(&zeros, 8000000), 0, 8000000);
        buffer_clear(&gzip);
        squeeze(15 + 16, buffer_text(&zeros), &gzip);
        trial.sent = buffer_text(&gzip);
        assert(send(&trial, &intake, &document) == IPP_DOCUMENT_EXPANDS);
        assert(intake.octets.len < 200000);
        finish(&intake, &document);
}

/* Every write refused, once. */
static void test_refusals(void)
{
        SCOPED(buffer_done) struct buffer pdf = BUFFER(10000);
        struct ipp_document document;
        struct intake intake;
        struct trial trial = { IPP_COMPRESSION_NONE, "application/pdf", 300, 0, TEXT("") };
        int r;

        buffer_add_string(&pdf, "%PDF-");
        memset(buffer_extend(&pdf, 2000), 'x', 2000);
        trial.sent = buffer_text(&pdf);
        for (;; trial.writes++) {
                r = send(&trial, &intake, &document);
                if (r)
                        assert(r == IPP_DOCUMENT_REFUSED && document.core_refusal == CORE_TOO_LARGE);
                finish(&intake, &document);
                if (r == 0)
                        break;
        }
        assert(trial.writes > 3);
}

/* Whatever it is called, it is what its octets are; and what is called otherwise is judged by them. */
static void test_false_names(void)
{
        static const struct {
                const char *declared;
                struct text octets;
                const char *format; /* NULL: refused */
        } rows[] = {
                { "text/plain", TEXT("%PDF-1.4 short"), "application/pdf" },
                { "application/pdf", TEXT("\x89PNG\r\n\x1a\n"), "image/png" },
                { "application/pdf", TEXT("UNIRAST\0\0\0\0\1"), NULL },
                { "application/pdf", TEXT("\1\2\3"), NULL },
                { "text/markdown", TEXT("# Title"), "text/markdown" },
                { "text/plain; charset=koi8-r", TEXT("\xf0\xd2 text"), "text/plain; charset=koi8-r" },
                { "application/pdf; charset=koi8-r", TEXT("%PDF-1.4"), "application/pdf" },
                { "text/markdown; charset=utf-8", TEXT("# Title"), "text/markdown" },
                { "application/pdf", TEXT("# Title"), "text/plain" },
                { "application/vnd.acme", TEXT("\1\2\3"), "" },
                { "application/vnd.acme", TEXT("commands"), "" },
                { "application/vnd.acme", TEXT("\x1b%-12345X@PJL ENTER LANGUAGE=PCL"),
                  "application/vnd.hp-PCL" },
        };
        struct ipp_document document;
        struct intake intake;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct trial trial = { IPP_COMPRESSION_NONE, rows[i].declared, 2, SIZE_MAX, rows[i].octets };
                int r = send(&trial, &intake, &document);

                printf("%s: %s\n", rows[i].declared, intake.format);
                fflush(stdout);
                assert(r == (rows[i].format ? 0 : IPP_DOCUMENT_UNKNOWN_FORMAT));
                assert(r || strcmp(intake.format, rows[i].format) == 0);
                finish(&intake, &document);
        }
}

int main(void)
{
        SCOPED(buffer_done) struct buffer pdf = BUFFER(200000);

        test_pieces(TEXT_OF("%PDF-1.4 short"), "application/pdf");
        test_pieces(TEXT_OF("UNIRAST\0\0\0\0\1"), NULL);
        test_pieces(TEXT_OF("\x7f"
                            "ELF\2\1\1\0\0"),
                    NULL);
        buffer_add_string(&pdf, "%PDF-1.7\n");
        for (int i = 0; i < 20000; i++)
                buffer_format(&pdf, "%d ", i * 7919 % 10007);
        test_pieces(buffer_text(&pdf), "application/pdf");
        test_false_names();
        test_damage();
        test_bomb();
        test_refusals();
        return 0;
}
