// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/facts.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/charset.h"

#define TOLERANCE 100 /* of a side, in hundredths of a millimetre */

/* Controls, and what would turn the direction of the words around them (UAX 9). */
static bool is_shown(uint32_t code)
{
        if (code < 0x20 || (code >= 0x7f && code < 0xa0))
                return false;
        return !(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069) && code != 0x200e &&
               code != 0x200f && code != 0x61c && code != 0xfeff;
}

static bool words_are_valid(struct text words)
{
        for (size_t at = 0; at < words.len;) {
                uint32_t code = utf8_next(words, &at);

                if (!code || !is_shown(code))
                        return false;
        }
        return words.len > 0;
}

static bool is_font_octet(char octet)
{
        return octet > ' ' && octet < 0x7f && octet != ',';
}

static bool font_is_valid(struct text name)
{
        for (size_t i = 0; i < name.len; i++)
                if (!is_font_octet(name.at[i]))
                        return false;
        return name.len > 0 && name.len < FACTS_NAME;
}

static bool number_parse(struct text value, uint32_t least, uint32_t most, uint32_t *ret)
{
        uint64_t number;

        if (!text_number(value, most, &number) || number < least)
                return false;
        *ret = (uint32_t)number;
        return true;
}

static bool pages_parse(struct text value, struct facts *facts)
{
        return number_parse(value, 1, FACTS_PAGES_MAX, &facts->pages);
}

static bool colour_pages_parse(struct text value, struct facts *facts)
{
        facts->has_colour_pages = true;
        return number_parse(value, 0, FACTS_PAGES_MAX, &facts->colour_pages);
}

/* The next element of a list; *rest is empty where there are no more. False: one is missing at the end. */
static bool list_take(struct text *rest, struct text *ret)
{
        return !text_cut(*rest, ',', ret, rest) || rest->len > 0;
}

static bool size_parse(struct text value, struct facts_size *ret)
{
        struct text width, height, pages;

        return text_cut(value, 'x', &width, &value) && text_cut(value, ':', &height, &pages) &&
               number_parse(width, 1, FACTS_SIDE_MAX, &ret->width) &&
               number_parse(height, 1, FACTS_SIDE_MAX, &ret->height) &&
               number_parse(pages, 1, FACTS_PAGES_MAX, &ret->pages);
}

static bool sizes_parse(struct text value, struct facts *facts)
{
        struct text element;

        do {
                if (facts->size_count == FACTS_SIZES || !list_take(&value, &element) ||
                    !size_parse(element, &facts->sizes[facts->size_count++]))
                        return false;
        } while (value.len > 0);
        return true;
}

static bool fonts_parse(struct text value, struct facts *facts)
{
        struct text element;

        do {
                if (facts->font_count == FACTS_FONTS || !list_take(&value, &element) ||
                    !font_is_valid(element) ||
                    !text_copy(element, facts->fonts[facts->font_count++], FACTS_NAME))
                        return false;
        } while (value.len > 0);
        return true;
}

static bool encrypted_parse(struct text value, struct facts *facts)
{
        facts->is_encrypted = true;
        return text_equal_string(value, "yes");
}

static bool title_parse(struct text value, struct facts *facts)
{
        return words_are_valid(value) && text_copy(value, facts->title, sizeof(facts->title));
}

static bool application_parse(struct text value, struct facts *facts)
{
        return words_are_valid(value) && text_copy(value, facts->application, sizeof(facts->application));
}

static const struct line {
        const char *name;
        bool (*parse)(struct text value, struct facts *facts);
} lines_known[] = {
        { "pages", pages_parse }, { "colour-pages", colour_pages_parse },
        { "sizes", sizes_parse }, { "encrypted", encrypted_parse },
        { "title", title_parse }, { "application", application_parse },
        { "fonts", fonts_parse },
};

static bool line_parse(struct text line, struct facts *facts, bool seen[])
{
        struct text name, value;

        if (!text_cut(line, '=', &name, &value))
                return false;
        for (size_t i = 0; i < ARRAY_LENGTH(lines_known); i++) {
                if (!text_equal_string(name, lines_known[i].name))
                        continue;
                if (seen[i])
                        return false;
                seen[i] = true;
                return lines_known[i].parse(value, facts);
        }
        return false;
}

int facts_parse(struct text lines, struct facts *ret)
{
        bool seen[ARRAY_LENGTH(lines_known)] = { false };
        struct facts facts = { 0 };

        if (lines.len >= FACTS_OCTETS_MAX)
                return FACTS_BAD;
        while (lines.len > 0) {
                struct text line;

                if (!text_cut(lines, '\n', &line, &lines) || !line_parse(line, &facts, seen))
                        return FACTS_BAD;
        }
        *ret = facts;
        return 0;
}

struct writer {
        char *to;
        size_t size;
        size_t len;
};

/* All facts at their longest fit; test-facts.c has such ones. */
static void add(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct writer *writer, const char *format, ...)
{
        va_list args;
        int len;

        va_start(args, format);
        len = vsnprintf(writer->to + writer->len, writer->size - writer->len, format, args);
        va_end(args);
        assert(len >= 0 && (size_t)len < writer->size - writer->len);
        writer->len += (size_t)len;
}

static void add_sizes(struct writer *writer, const struct facts *facts)
{
        for (size_t i = 0; i < facts->size_count; i++) {
                const struct facts_size *size = &facts->sizes[i];

                add(writer, "%s%ux%u:%u", i ? "," : "sizes=", size->width, size->height, size->pages);
        }
        if (facts->size_count)
                add(writer, "\n");
}

static void add_fonts(struct writer *writer, const struct facts *facts)
{
        for (size_t i = 0; i < facts->font_count; i++)
                add(writer, "%s%s", i ? "," : "fonts=", facts->fonts[i]);
        if (facts->font_count)
                add(writer, "\n");
}

void facts_format(const struct facts *facts, char *ret, size_t size)
{
        struct writer writer = { ret, size, 0 };

        ret[0] = 0;
        if (facts->pages)
                add(&writer, "pages=%u\n", facts->pages);
        if (facts->has_colour_pages)
                add(&writer, "colour-pages=%u\n", facts->colour_pages);
        add_sizes(&writer, facts);
        if (facts->is_encrypted)
                add(&writer, "encrypted=yes\n");
        if (facts->title[0])
                add(&writer, "title=%s\n", facts->title);
        if (facts->application[0])
                add(&writer, "application=%s\n", facts->application);
        add_fonts(&writer, facts);
}

static uint32_t side_from(double points)
{
        double side = points * 2540 / 72 + 0.5;

        return side >= 1 && side <= FACTS_SIDE_MAX ? (uint32_t)side : 0;
}

static bool is_about(uint32_t a, uint32_t b)
{
        return (a > b ? a - b : b - a) <= TOLERANCE;
}

void facts_add_page(struct facts *facts, double width, double height)
{
        struct facts_size size = { side_from(width), side_from(height), 1 };

        if (!size.width || !size.height)
                return;
        for (size_t i = 0; i < facts->size_count; i++) {
                if (!is_about(facts->sizes[i].width, size.width) ||
                    !is_about(facts->sizes[i].height, size.height))
                        continue;
                if (facts->sizes[i].pages < FACTS_PAGES_MAX)
                        facts->sizes[i].pages++;
                return;
        }
        if (facts->size_count < FACTS_SIZES)
                facts->sizes[facts->size_count++] = size;
}

void facts_add_font(struct facts *facts, struct text name)
{
        char font[FACTS_NAME];
        size_t len = name.len < FACTS_NAME ? name.len : FACTS_NAME - 1;

        for (size_t i = 0; i < len; i++)
                font[i] = is_font_octet(name.at[i]) ? name.at[i] : '_';
        font[len] = 0;
        for (size_t i = 0; i < facts->font_count; i++)
                if (strcmp(facts->fonts[i], font) == 0)
                        return;
        if (len > 0 && facts->font_count < FACTS_FONTS)
                memcpy(facts->fonts[facts->font_count++], font, len + 1);
}

void facts_set_words(char to[FACTS_WORDS], struct text words)
{
        size_t len = 0;

        for (size_t at = 0, from = 0; at < words.len; from = at) {
                uint32_t code = utf8_next(words, &at);

                if (!code && words.at[from])
                        break;
                at += !code;
                if (len + (at - from) >= FACTS_WORDS)
                        break;
                if (!code || !is_shown(code))
                        continue;
                memcpy(to + len, words.at + from, at - from);
                len += at - from;
        }
        to[len] = 0;
}
