// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * An order to the renderer: what is to be made of one document. The service writes it as the command line of
 * imprimatur-render and the program reads it, both here, so that they cannot differ. Words of ours and
 * numbers only; nothing of a document stands in it. Pure.
 */

#include <stddef.h>
#include <stdint.h>

#include "conversion/format.h"
#include "conversion/media.h"

#define ORDER_PAGES   256
#define ORDER_CHARSET 32

enum order_act {
        ORDER_CONVERT, /* the document becomes another one */
        ORDER_INSPECT, /* facts, a PDF of what is none, and an image of the first page */
        ORDER_PREVIEW, /* an image of one page */
};

enum order_sides {
        ORDER_SIDES_UNSAID,
        ORDER_ONE_SIDED,
        ORDER_TWO_SIDED_LONG_EDGE,
        ORDER_TWO_SIDED_SHORT_EDGE,
};

enum order_collate {
        ORDER_COLLATED, /* 1 2 3 1 2 3 */
        ORDER_UNCOLLATED,
};

/* How pages follow each other on a side (presentation-direction-number-up): the first word is the way within
 * a row or column. */
enum order_direction {
        ORDER_TORIGHT_TOBOTTOM,
        ORDER_TOBOTTOM_TORIGHT,
        ORDER_TOLEFT_TOBOTTOM,
        ORDER_TOBOTTOM_TOLEFT,
        ORDER_TORIGHT_TOTOP,
        ORDER_TOTOP_TORIGHT,
        ORDER_TOLEFT_TOTOP,
        ORDER_TOTOP_TOLEFT,
};

/* orientation-requested (RFC 8011, section 5.2.10). */
enum order_orientation {
        ORDER_AS_PAGES_ARE,
        ORDER_PORTRAIT,
        ORDER_LANDSCAPE, /* turned by 90 degrees against the clock */
        ORDER_REVERSE_LANDSCAPE,
        ORDER_REVERSE_PORTRAIT,
};

/* print-scaling (PWG 5100.13). */
enum order_scaling {
        ORDER_SCALE_AUTO,
        ORDER_SCALE_AUTO_FIT,
        ORDER_SCALE_FILL,
        ORDER_SCALE_FIT,
        ORDER_SCALE_NONE,
};

/* In which way a printer wants the back of a sheet (pwg-raster-document-sheet-back, PWG 5102.4). */
enum order_back {
        ORDER_BACK_NORMAL,
        ORDER_BACK_FLIPPED,
        ORDER_BACK_MANUAL_TUMBLE,
        ORDER_BACK_ROTATED,
};

#define ORDER_INPUT_MAX (UINT64_C(1) << 32) /* octets of a document, whatever a limit says */

struct order_limits {
        uint64_t input_octets;
        uint64_t output_octets;
        uint64_t memory_octets; /* of each process in the cell */
        uint32_t cpu_s;
        uint32_t wall_s;
        uint32_t pages;
        uint32_t colour_pages; /* of longer documents, colours are not looked for */
};

struct order {
        enum order_act act;
        enum format from;
        enum format to;              /* unset where the document is inspected */
        char charset[ORDER_CHARSET]; /* of a text, as it was declared; empty: to be guessed */
        uint32_t page;               /* of a preview; from 1 */
        uint32_t width;              /* of an image of a page, in pixels */
        uint32_t resolution;         /* dots per inch */
        bool grey;
        enum order_sides sides;
        struct media media;
        char pages[ORDER_PAGES]; /* "1-3,5", or empty: all */
        /* How the pages lie on paper. What the printer does itself is not said here. */
        uint32_t copies;
        enum order_collate collate;
        uint32_t number_up; /* 1, 2, 4, 6, 9 or 16 pages on a side */
        enum order_direction direction;
        enum order_orientation orientation;
        enum order_scaling scaling;
        bool booklet; /* two pages on a side, in the order of a folded quire; not with number_up */
        bool reverse; /* the last sheet first */
        enum order_back back;
        bool has_secret; /* the document's password stands before it */
        struct order_limits limits;
};

/* An order with the defaults that order_options() names, and neither from nor to. */
void order_init(struct order *ret);

/* from and charset, as a media type says them. */
void order_set_source(struct order *order, struct text media_type);

enum order_refusal {
        ORDER_UNKNOWN = 1, /* no option of that name, or a value missing */
        ORDER_BAD_VALUE,
        ORDER_INCOMPLETE, /* from or to is missing, or a preview's page */
};

/* The words after the program's name, as "--option value". *ret_word (borrowed): the one that was refused. */
int order_parse(char *const *words, size_t count, struct order *ret, const char **ret_word);

/* One option by its name, as there: 0, ORDER_UNKNOWN, ORDER_BAD_VALUE. */
int order_set(struct order *order, const char *option, const char *word);

#define ORDER_WORDS_MAX  64
#define ORDER_TEXTS_SIZE 2048

/* The same words of an order, NULL at the end; those that are as order_init() has them are left out. */
struct order_words {
        const char *at[ORDER_WORDS_MAX];
        size_t count;
        char texts[ORDER_TEXTS_SIZE];
        size_t texts_len;
};
void order_format(const struct order *order, struct order_words *ret);

/* The same in one line, without the limits: what tells one thing made of a document from another. */
#define ORDER_LINE 1024
void order_line_format(const struct order *order, char ret[ORDER_LINE]);
/* As order_parse(). */
int order_line_parse(struct text line, struct order *ret);

/* One line of help for each option, for --help. Static. */
const char *order_options(void);
