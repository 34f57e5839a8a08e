// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/document.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/intake.h"

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

static int pass_inflated(void *context, struct text octets)
{
        return pass(context, octets);
}

static int inflate_piece(struct ipp_document *document, struct text octets)
{
        struct inflating *inflating = &document->inflating;
        int r;

        inflating->format =
                document->compression == IPP_COMPRESSION_GZIP ? INFLATING_GZIP : INFLATING_DEFLATE;
        inflating->to = pass_inflated;
        inflating->context = document;
        r = inflating_write(inflating, octets);
        switch (r) {
        case INFLATING_BAD: return IPP_DOCUMENT_BAD_COMPRESSION;
        case INFLATING_EXPANDS: return IPP_DOCUMENT_EXPANDS;
        case INFLATING_REFUSED: return inflating->refusal;
        default: return r;
        }
}

int ipp_document_write(struct ipp_document *document, struct text octets)
{
        document->octets_in += octets.len;
        return document->compression == IPP_COMPRESSION_NONE ? pass(document, octets)
                                                             : inflate_piece(document, octets);
}

int ipp_document_finish(struct ipp_document *document)
{
        if (inflating_finish(&document->inflating))
                return IPP_DOCUMENT_BAD_COMPRESSION;
        /* What core thinks of an empty document, it says itself. */
        if (document->is_judged || document->octets_in == 0)
                return 0;
        sniffing_finish(&document->sniffing);
        return judge(document);
}

void ipp_document_done(struct ipp_document *document)
{
        inflating_done(&document->inflating);
        sniffing_done(&document->sniffing);
        if (document->intake)
                intake_abort(take(document->intake));
}
