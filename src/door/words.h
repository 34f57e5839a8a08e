// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The words of the plain pages, out of web/words/ (one file a language, all with the same keys, which
 * web/words.py sees to as it makes the table). A word may hold values, {{name}}, and come in two numbers,
 * key_one and key_other. Pure.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "core/notice/mail-words.h"
#include "door/html.h"

struct words {
        const char *key;
        const char *in[LANGUAGES];
};
/* Ascending by key. */
extern const struct words page_words[];
extern const size_t page_words_count;

/* What a browser asks for (RFC 9110, section 12.5.4): the first language that we have, English otherwise.
 * What it weighs with 0 is left out; for the rest the order counts, which is how browsers write it. */
enum language language_wanted(struct text accept_language);

/* The word itself. A key that there is none of comes back as it is, and a test looks for those. */
const char *say(enum language language, const char *key);
/* With one value in its place, which is its name's and stands in <bdi>. */
void say_with(struct html *html, enum language language, const char *key, const char *value);
/* The number in words: key_one or key_other, with {{count}}. */
void say_count(struct html *html, enum language language, const char *key, uint64_t count);
