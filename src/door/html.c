// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/html.h"

#include <assert.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* The length of the character that t begins with, and its number; 0 where it is not well-formed UTF-8. */
static size_t character(struct text t, uint32_t *ret)
{
        unsigned char first = (unsigned char)t.at[0];
        size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
        uint32_t value = length == 1 ? first : first & (0xffu >> (length + 1));

        if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || length > t.len)
                return 0;
        for (size_t i = 1; i < length; i++) {
                if (((unsigned char)t.at[i] & 0xc0) != 0x80)
                        return 0;
                value = value << 6 | ((unsigned char)t.at[i] & 0x3f);
        }
        if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
                return 0;
        *ret = value;
        return length;
}

static bool may_be_shown(uint32_t c)
{
        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
                return c == '\n' || c == '\t';
        /* What turns the direction of writing: U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. */
        return c != 0x61c && c != 0x200e && c != 0x200f && !(c >= 0x202a && c <= 0x202e) &&
               !(c >= 0x2066 && c <= 0x2069);
}

static const char *escape_of(uint32_t c)
{
        switch (c) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '"': return "&quot;";
        case '\'': return "&#39;";
        }
        return NULL;
}

static void escape(struct buffer *to, struct text words)
{
        while (words.len) {
                uint32_t c = 0;
                size_t length = character(words, &c);

                if (!length || !may_be_shown(c))
                        buffer_add_string(to, REPLACEMENT);
                else if (escape_of(c))
                        buffer_add_string(to, escape_of(c));
                else
                        buffer_add(to, words.at, length);
                words.at += length ? length : 1;
                words.len -= length ? length : 1;
        }
}

static void end_tag(struct html *html)
{
        if (html->in_tag)
                buffer_add_string(html->to, ">");
        html->in_tag = false;
}

void html_begin(struct html *html, struct buffer *to)
{
        *html = (struct html){ .to = to };
        buffer_add_string(to, "<!doctype html>\n");
}

void html_empty(struct html *html, const char *element)
{
        end_tag(html);
        buffer_add_string(html->to, "<");
        buffer_add_string(html->to, element);
        html->in_tag = true;
}

void html_open(struct html *html, const char *element)
{
        assert(html->depth < HTML_DEPTH_MAX);
        html_empty(html, element);
        html->open[html->depth++] = element;
}

void html_attribute_text(struct html *html, const char *name, struct text value)
{
        assert(html->in_tag);
        buffer_add_string(html->to, " ");
        buffer_add_string(html->to, name);
        buffer_add_string(html->to, "=\"");
        escape(html->to, value);
        buffer_add_string(html->to, "\"");
}

void html_attribute(struct html *html, const char *name, const char *value)
{
        html_attribute_text(html, name, text_from(value));
}

void html_flag(struct html *html, const char *name)
{
        assert(html->in_tag);
        buffer_add_string(html->to, " ");
        buffer_add_string(html->to, name);
}

void html_path(struct html *html, const char *name, const char *value)
{
        assert(value[0] == '/' && value[1] != '/' && value[1] != '\\');
        html_attribute(html, name, value);
}

void html_text(struct html *html, struct text words)
{
        end_tag(html);
        escape(html->to, words);
}

void html_words(struct html *html, const char *words)
{
        html_text(html, text_from(words));
}

void html_close(struct html *html)
{
        const char *element;

        assert(html->depth);
        end_tag(html);
        element = html->open[--html->depth];
        buffer_add_string(html->to, "</");
        buffer_add_string(html->to, element);
        /* In the middle of a sentence nothing is put. */
        buffer_add_string(html->to, strcmp(element, "bdi") == 0 ? ">" : ">\n");
}

void html_element(struct html *html, const char *element, const char *words)
{
        html_open(html, element);
        html_words(html, words);
        html_close(html);
}

int html_finish(struct html *html)
{
        while (html->depth)
                html_close(html);
        return html->to->failure;
}
