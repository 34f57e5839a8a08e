// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp-document.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/intake.h"

#define PIECE_OCTETS 32768

/* Raw deflate, and gzip's header and trailer, in zlib's manner of asking for them. */
#define WINDOW_DEFLATE (-15)
#define WINDOW_GZIP    (15 + 16)

bool ipp_compression_parse(struct text keyword, enum ipp_compression *ret)
{
        static const char *const keywords[] = { "none", "gzip", "deflate" };

        for (size_t i = 0; i < ARRAY_LENGTH(keywords); i++)
                if (text_equal_string(keyword, keywords[i])) {
                        *ret = (enum ipp_compression)i;
                        return true;
                }

        return false;
}

static int keep(struct ipp_document *document, struct text octets)
{
        int r = octets.len ? intake_write(document->intake, octets) : 0;

        if (r <= 0)
                return r;
        document->core_refusal = r;
        return IPP_DOCUMENT_REFUSED;
}

/* Once it is known what it is. */
static int judge(struct ipp_document *document)
{
        const char *format = sniffing_media_type(&document->sniffing);

        document->is_judged = true;
        if (!format)
                return IPP_DOCUMENT_UNKNOWN_FORMAT;
        if (!format[0])
                return 0;
        if (!document->may_be(document->context, text_from(format)))
                return IPP_DOCUMENT_UNKNOWN_FORMAT;
        intake_set_format(document->intake, text_from(format));
        return 0;
}

/* Octets of the document itself. */
static int pass(struct ipp_document *document, struct text octets)
{
        int r;

        if (!document->is_judged) {
                r = sniffing_push(&document->sniffing, octets);
                if (r < 0)
                        return r;
                r = document->sniffing.is_settled ? judge(document) : 0;
                if (r)
                        return r;
        }
        return keep(document, octets);
}

static int inflate_begin(struct ipp_document *document)
{
        int window = document->compression == IPP_COMPRESSION_GZIP ? WINDOW_GZIP : WINDOW_DEFLATE;

        if (inflateInit2(&document->z, window) != Z_OK)
                return fault(-ENOMEM);
        document->is_inflating = true;
        return 0;
}

static bool is_bomb(const struct ipp_document *document)
{
        return document->octets_out > document->expansion_free_octets &&
               document->octets_out / document->expansion_max > document->octets_in;
}

static int inflate_piece(struct ipp_document *document, struct text octets)
{
        uint8_t piece[PIECE_OCTETS];
        size_t length;
        int r, z;

        if (!document->is_inflating) {
                r = inflate_begin(document);
                if (r < 0)
                        return r;
        }
        document->octets_in += octets.len;
        document->z.next_in = (Bytef *)(uintptr_t)octets.at;
        document->z.avail_in = (uInt)octets.len;

        do {
                if (document->is_inflated)
                        return document->z.avail_in ? IPP_DOCUMENT_BAD_COMPRESSION : 0;
                document->z.next_out = piece;
                document->z.avail_out = sizeof(piece);
                z = inflate(&document->z, Z_NO_FLUSH);
                if (z == Z_MEM_ERROR)
                        return fault(-ENOMEM);
                if (z != Z_OK && z != Z_STREAM_END && z != Z_BUF_ERROR)
                        return IPP_DOCUMENT_BAD_COMPRESSION;
                document->is_inflated = z == Z_STREAM_END;

                length = sizeof(piece) - document->z.avail_out;
                document->octets_out += length;
                if (is_bomb(document))
                        return IPP_DOCUMENT_EXPANDS;
                r = pass(document, text_from_octets(piece, length));
                if (r)
                        return r;
        } while (document->z.avail_in || document->z.avail_out == 0);

        return 0;
}

int ipp_document_write(struct ipp_document *document, struct text octets)
{
        if (document->compression != IPP_COMPRESSION_NONE)
                return inflate_piece(document, octets);

        document->octets_in += octets.len;
        return pass(document, octets);
}

int ipp_document_finish(struct ipp_document *document)
{
        if (document->is_inflating && !document->is_inflated)
                return IPP_DOCUMENT_BAD_COMPRESSION;
        /* What core thinks of an empty document, it says itself. */
        if (document->is_judged || document->octets_in == 0)
                return 0;
        sniffing_finish(&document->sniffing);
        return judge(document);
}

void ipp_document_done(struct ipp_document *document)
{
        if (document->is_inflating)
                inflateEnd(&document->z);
        document->is_inflating = false;
        sniffing_done(&document->sniffing);
        if (document->intake)
                intake_abort(take(document->intake));
}
