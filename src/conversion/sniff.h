// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a document is, by its octets.
 *
 *   1. The type comes from the octets. What was declared (a media type, the ending of a name) only chooses
 * among those that the octets can be: a text may be Markdown, CSV or HTML, and is if that is what it is
 * called.
 *   2. Where the octets say something else than was declared, they are believed: a PDF that is called
 *      text/plain is a PDF.
 *   3. Only a beginning of the document is looked at, and of a whole one its end: bounded work for any
 * length.
 *
 * Pure; nothing is allocated.
 */

#include <stdbool.h>

#include "base/text.h"
#include "conversion/format.h"

#define SNIFF_OCTETS     4096  /* of a document tell what it is, but for some containers */
#define SNIFF_OCTETS_MAX 65536 /* more than so many are of no further use, but all of them */

struct sniffed {
        enum format format; /* FORMAT_UNKNOWN where it is none we know */
        bool wants_more;    /* more of its beginning, up to SNIFF_OCTETS_MAX, could tell more */
};

/* octets: the document's beginning, or with is_whole all of it. declared: FORMAT_UNKNOWN where nothing was.
 */
struct sniffed sniff(struct text octets, bool is_whole, enum format declared);

/* The document without what drivers put around it for a printer (PJL, Control-D): a part of octets. */
struct text sniff_body(struct text octets, enum format format);
