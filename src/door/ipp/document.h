// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A document on its way from the client into an intake: decompressed, and looked at for what it is, piece by
 * piece with bounded memory.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "door/inflating.h"
#include "conversion/sniffing.h"

struct intake;

enum ipp_compression {
        IPP_COMPRESSION_NONE,
        IPP_COMPRESSION_GZIP,    /* RFC 1952 */
        IPP_COMPRESSION_DEFLATE, /* RFC 1951, without a wrapper (PWG 5100.7, section 6.9.5) */
};

/* False where it is none of ours. */
bool ipp_compression_parse(struct text keyword, enum ipp_compression *ret);

enum ipp_document_refusal {
        IPP_DOCUMENT_BAD_COMPRESSION = 1, /* no such data, cut, or something behind its end */
        IPP_DOCUMENT_EXPANDS,             /* beyond what is allowed: a bomb */
        IPP_DOCUMENT_UNKNOWN_FORMAT,      /* its octets are nothing that may_be() */
        IPP_DOCUMENT_REFUSED,             /* by core; document->core_refusal */
};

struct ipp_document {
        struct intake *intake; /* owned until it is committed */
        enum ipp_compression compression;
        struct inflating inflating;                        /* its limits are the caller's; the rest its own */
        struct sniffing sniffing;                          /* begun by whoever begins this */
        bool (*may_be)(void *context, struct text format); /* whether the queue takes what it is */
        void *context;

        /* Its own. */
        int core_refusal;
        uint64_t octets_in;
        bool is_judged; /* its format was found, and is the intake's */
};

/* A piece of the request's body. 0, ipp_document_refusal, or a fault; after either of the latter only done().
 */
int ipp_document_write(struct ipp_document *document, struct text octets);
/* The body is complete: what was held back goes on. Likewise. */
int ipp_document_finish(struct ipp_document *document);
/* Ends it; an intake that was not taken over is aborted. */
void ipp_document_done(struct ipp_document *document);
