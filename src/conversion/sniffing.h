// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a document is (conversion/sniff.h), while it comes in piece by piece: its beginning is kept until it
 * tells, SNIFF_OCTETS_MAX octets of it at most and mostly SNIFF_OCTETS.
 *
 * Media types that the product does not know (a vendor's, which some printer takes) stay what they are
 * called, unless the octets are those of something it knows.
 */

#include "base/buffer.h"
#include "conversion/sniff.h"

#define MEDIA_TYPE_UNSAID   "application/octet-stream" /* RFC 8011, section 5.1.10.1: it is left to us */

#define SNIFFING_MEDIA_TYPE 64
#define SNIFFING_CHARSET    32 /* as an order has it */

struct sniffing {
        enum format declared;
        bool is_foreign;
        bool is_settled;
        enum format format;
        char charset[SNIFFING_CHARSET]; /* of a text, as declared; empty: not said, or UTF-8 */
        char media_type[SNIFFING_MEDIA_TYPE];
        struct buffer beginning;
};

/* media_type: as declared, empty where it was not; name: of the document, for where its type is left to us.
 */
void sniffing_init(struct sniffing *sniffing, struct text media_type, struct text name);
void sniffing_done(struct sniffing *sniffing);

/* A piece of it; once it is settled, nothing more is kept. -ENOMEM. */
int sniffing_push(struct sniffing *sniffing, struct text octets);
/* That was all of the document. */
void sniffing_finish(struct sniffing *sniffing);

/* Of a settled one: NULL where it is nothing we know; "" where it is what it was called. A text keeps the
 * charset that was declared, as a parameter. Borrowed. */
const char *sniffing_media_type(struct sniffing *sniffing);
