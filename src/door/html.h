// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Writing HTML, the one place where text is escaped.
 *
 * A page is written element by element. Names of elements and attributes come from the program; words and
 * attributes' values may come from anybody and are escaped here, so that nothing anybody wrote can become
 * markup. Three things are always true:
 *
 *   1. What is not UTF-8, control characters, and characters that turn the direction of writing (they make a
 *      name read like another one) come out as U+FFFD.
 *   2. A link, a form's target or an image leads to a path of this service: html_path() takes nothing else.
 *   3. Every element that was opened is closed: html_finish() closes what is left.
 *
 *      html_begin(&html, &buffer);
 *      html_open(&html, "p");
 *      html_attribute(&html, "class", "hint");
 *      html_words(&html, "5 < 6");
 *      html_close(&html);
 *
 * A failure is the buffer's, sticky, and asked for once at the end.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

#define HTML_DEPTH_MAX 24

struct html {
        struct buffer *to;
        const char *open[HTML_DEPTH_MAX];
        size_t depth;
        bool in_tag; /* attributes may still come */
};

/* With the document's first line. Borrows the buffer. */
void html_begin(struct html *html, struct buffer *to);
void html_open(struct html *html, const char *element);
/* An element that has no content: input, meta, link, img, hr. */
void html_empty(struct html *html, const char *element);
/* Of the element just opened. */
void html_attribute(struct html *html, const char *name, const char *value);
void html_attribute_text(struct html *html, const char *name, struct text value);
/* An attribute without a value: required, autofocus. */
void html_flag(struct html *html, const char *name);
/* For href, src and action: value begins with one "/" (asserted; it comes from the program). */
void html_path(struct html *html, const char *name, const char *value);
void html_words(struct html *html, const char *words);
void html_text(struct html *html, struct text words);
void html_close(struct html *html);
/* <element>words</element>. */
void html_element(struct html *html, const char *element, const char *words);
/* Closes what is open. 0, or the buffer's failure. */
int html_finish(struct html *html);
