// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Facts: what the renderer tells of a document, or of what it made. Lines of "name=value", each name at most
 * once; what is not known is not said.
 *
 *      pages=12
 *      colour-pages=3
 *      sizes=21000x29700:11,29700x42000:1
 *      encrypted=yes
 *      title=Minutes of the meeting
 *      application=Writer
 *      fonts=Frutiger-Bold,Garamond
 *
 * Parsed as strictly as any other input, for it comes out of a cell. Pure.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define FACTS_OCTETS_MAX 4096
#define FACTS_PAGES_MAX  1000000
#define FACTS_SIDE_MAX   10000000 /* 100 metres */
#define FACTS_SIZES      16
#define FACTS_FONTS      16
#define FACTS_NAME       64 /* with its NUL, as all of these */
#define FACTS_WORDS      256

/* Pages of one size, as they are read: turned where the document turns them. */
struct facts_size {
        uint32_t width; /* hundredths of a millimetre, as in media-size */
        uint32_t height;
        uint32_t pages;
};

struct facts {
        uint32_t pages; /* 0: not known */
        bool has_colour_pages;
        uint32_t colour_pages; /* that are more than shades of grey */
        struct facts_size sizes[FACTS_SIZES];
        size_t size_count;             /* there may be more sizes */
        bool is_encrypted;             /* as it was sent */
        char title[FACTS_WORDS];       /* UTF-8, of the document's own; empty: none */
        char application[FACTS_WORDS]; /* that it was made with, likewise */
        char fonts[FACTS_FONTS][FACTS_NAME];
        size_t font_count; /* that it uses and does not bring along; there may be more */
};

enum facts_refusal {
        FACTS_BAD = 1,
};

/* FACTS_BAD. */
int facts_parse(struct text lines, struct facts *ret);
/* The lines, NUL-terminated; size FACTS_OCTETS_MAX is always enough. */
void facts_format(const struct facts *facts, char *ret, size_t size);

/* A page of this size, in points: counted among those of about the same size (1 mm). Sizes that no page has
 * are left out. */
void facts_add_page(struct facts *facts, double width, double height);
/* A font by its name: once, and without characters that a list cannot have. */
void facts_add_font(struct facts *facts, struct text name);
/* Words of a document's author as they may be shown: without control characters, and cut where they are long
 * or no longer well-formed UTF-8. */
void facts_set_words(char to[FACTS_WORDS], struct text words);
