// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *key, const void *row)
{
        return strcmp(key, ((const struct words *)row)->key);
}

const char *say(enum language language, const char *key)
{
        const struct words *row = bsearch(key, page_words, page_words_count, sizeof(page_words[0]), compare);

        return row ? row->in[language] : key;
}

void say_with(struct html *html, enum language language, const char *key, const char *value)
{
        const char *words = say(language, key), *begin = strstr(words, "{{"),
                   *end = begin ? strstr(begin, "}}") : NULL;

        if (!end) {
                html_words(html, words);
                return;
        }
        html_text(html, text_from_octets(words, (size_t)(begin - words)));
        html_element(html, "bdi", value);
        html_words(html, end + 2);
}

void say_count(struct html *html, enum language language, const char *key, uint64_t count)
{
        char whole[64], number[24];

        snprintf(whole, sizeof(whole), "%s_%s", key, count == 1 ? "one" : "other");
        snprintf(number, sizeof(number), "%llu", (unsigned long long)count);
        say_with(html, language, whole, number);
}

/* "de-AT;q=0.8": a primary tag that is ours. */
static bool is_language(struct text range, enum language language)
{
        struct text tag, primary, rest;

        text_cut(range, ';', &tag, &rest);
        text_cut(text_trim(tag), '-', &primary, &rest);
        return text_equal_nocase(primary, text_from(language_names[language]));
}

static bool weighs_nothing(struct text range)
{
        struct text name, weight;

        return text_cut(range, ';', &name, &weight) && (text_equal_string(text_trim(weight), "q=0") ||
                                                        text_starts_with(text_trim(weight), "q=0.000"));
}

enum language language_wanted(struct text accept_language)
{
        struct text range;
        bool more = accept_language.len > 0;

        while (more) {
                more = text_cut(accept_language, ',', &range, &accept_language);
                range = text_trim(range);
                for (int language = 0; language < LANGUAGES; language++)
                        if (is_language(range, (enum language)language) && !weighs_nothing(range))
                                return (enum language)language;
        }
        return LANGUAGE_ENGLISH;
}
