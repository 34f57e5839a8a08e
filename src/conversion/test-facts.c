// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/facts.h"

static const struct {
        const char *lines;
        int outcome;
        uint32_t pages;
} rows[] = {
        { "", 0, 0 },
        { "pages=12\n", 0, 12 },
        { "pages=1000000\n", 0, 1000000 },
        { "pages=1000001\n", FACTS_BAD, 0 },
        { "pages=0\n", FACTS_BAD, 0 },
        { "pages=12", FACTS_BAD, 0 },
        { "pages=-1\n", FACTS_BAD, 0 },
        { "pages=1\npages=2\n", FACTS_BAD, 0 },
        { "pages\n", FACTS_BAD, 0 },
        { "colour=1\n", FACTS_BAD, 0 },
        { "\n", FACTS_BAD, 0 },
        { "pages=3\ncolour-pages=0\n", 0, 3 },
        { "colour-pages=1\ncolour-pages=1\n", FACTS_BAD, 0 },
        { "sizes=21000x29700:11,29700x42000:1\n", 0, 0 },
        { "sizes=\n", FACTS_BAD, 0 },
        { "sizes=21000x29700:11,\n", FACTS_BAD, 0 },
        { "sizes=21000x29700\n", FACTS_BAD, 0 },
        { "sizes=21000:29700x1\n", FACTS_BAD, 0 },
        { "sizes=21000x0:1\n", FACTS_BAD, 0 },
        { "sizes=21000x10000001:1\n", FACTS_BAD, 0 },
        { "sizes=1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,1x1:1,"
          "1x1:1,1x1:1\n",
          FACTS_BAD, 0 },
        { "encrypted=yes\n", 0, 0 },
        { "encrypted=no\n", FACTS_BAD, 0 },
        { "title=a=b, c\n", 0, 0 },
        { "title=\n", FACTS_BAD, 0 },
        { "title=\xc3\x84rger \xe2\x82\xac\n", 0, 0 },
        { "title=\xc3\n", FACTS_BAD, 0 },
        { "title=a\tb\n", FACTS_BAD, 0 },
        { "title=a\xe2\x80\xae"
          "b\n",
          FACTS_BAD, 0 },
        { "application=Writer\n", 0, 0 },
        { "fonts=Garamond,Frutiger-Bold\n", 0, 0 },
        { "fonts=Gara mond\n", FACTS_BAD, 0 },
        { "fonts=,\n", FACTS_BAD, 0 },
};

static void all_facts_at_their_longest_fit(void)
{
        struct facts facts = { .pages = FACTS_PAGES_MAX,
                               .has_colour_pages = true,
                               .colour_pages = FACTS_PAGES_MAX,
                               .is_encrypted = true };
        char lines[FACTS_OCTETS_MAX], again[FACTS_OCTETS_MAX], name[FACTS_NAME];

        for (uint32_t i = 0; i < FACTS_SIZES; i++)
                facts.sizes[i] = (struct facts_size){ FACTS_SIDE_MAX, FACTS_SIDE_MAX - i, FACTS_PAGES_MAX };
        facts.size_count = FACTS_SIZES;
        memset(facts.title, 'x', FACTS_WORDS - 1);
        memset(facts.application, 'x', FACTS_WORDS - 1);
        for (int i = 0; i < FACTS_FONTS; i++) {
                snprintf(name, sizeof(name), "%063d", i);
                facts_add_font(&facts, text_from(name));
        }
        assert(facts.font_count == FACTS_FONTS);
        facts_format(&facts, lines, sizeof(lines));
        assert(facts_parse(text_from(lines), &facts) == 0);
        facts_format(&facts, again, sizeof(again));
        assert(strcmp(lines, again) == 0);
}

static void facts_are_gathered(void)
{
        struct facts facts = { 0 };
        char lines[FACTS_OCTETS_MAX], words[300];

        facts_add_page(&facts, 595.276, 841.89);
        facts_add_page(&facts, 595, 842);
        facts_add_page(&facts, 841.89, 595.276);
        facts_add_page(&facts, 0, 842);
        facts_add_page(&facts, -595, 842);
        facts_add_page(&facts, 1e300, 842);
        facts_add_page(&facts, 0.0 / 1e-300 * 1e308 - 1, 842);
        for (int i = 0; i < 100; i++)
                facts_add_page(&facts, 100 + 10 * i, 100);
        assert(facts.size_count == FACTS_SIZES);
        facts.size_count = 2;
        facts_add_font(&facts, TEXT_OF("Gara mond,\xc3"));
        facts_add_font(&facts, TEXT_OF("Gara_mond__"));
        facts_add_font(&facts, TEXT_OF(""));
        facts_set_words(facts.title, TEXT_OF("One\n\0Two\xe2\x80\xaeThree\xc3\x84\xff!"));
        facts_format(&facts, lines, sizeof(lines));
        assert(strcmp(lines, "sizes=21000x29700:2,29700x21000:1\ntitle=OneTwoThree\xc3\x84\n"
                             "fonts=Gara_mond__\n") == 0);

        memset(words, 'x', sizeof(words));
        memcpy(words + 254, "\xc3\x84", 2);
        facts_set_words(facts.title, text_from_octets(words, sizeof(words)));
        assert(strlen(facts.title) == 254);
}

int main(void)
{
        char lines[FACTS_OCTETS_MAX];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct facts facts;

                printf("%s\n", rows[i].lines);
                assert(facts_parse(text_from(rows[i].lines), &facts) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                assert(facts.pages == rows[i].pages);
                facts_format(&facts, lines, sizeof(lines));
                assert(strcmp(lines, rows[i].lines) == 0);
        }
        all_facts_at_their_longest_fit();
        facts_are_gathered();
        return 0;
}
