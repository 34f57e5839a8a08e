// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <string.h>

#include "base/scope.h"
#include "conversion/charset.h"
#include "conversion/sniff-parts.h"

#define SKIPS_MAX 64 /* comments and declarations before the first element */

static void drop(struct text *text, size_t len)
{
        len = len < text->len ? len : text->len;
        text->at += len;
        text->len -= len;
}

static bool starts_with_nocase(struct text text, const char *word)
{
        size_t len = strlen(word);

        return text.len >= len && text_equal_nocase((struct text){ text.at, len }, text_from(word));
}

static void drop_space(struct text *text)
{
        while (text->len && strchr(" \t\r\n\f", *text->at) && *text->at)
                drop(text, 1);
}

static bool drop_through(struct text *text, const char *end)
{
        const char *at = memmem(text->at, text->len, end, strlen(end));

        if (!at)
                return false;
        drop(text, (size_t)(at - text->at) + strlen(end));
        return true;
}

/* The prolog of XML 1.0 (section 2.8), as far as HTML has one, too; to the first element, or to the type of
 * an HTML document. */
static struct text first_element(struct text text)
{
        for (int i = 0; i < SKIPS_MAX; i++) {
                drop_space(&text);
                if (text_starts_with(text, "<!--")) {
                        if (!drop_through(&text, "-->"))
                                break;
                } else if (text_starts_with(text, "<?")) {
                        if (!drop_through(&text, "?>"))
                                break;
                } else if (starts_with_nocase(text, "<!doctype") &&
                           !starts_with_nocase(text, "<!doctype html")) {
                        const char *bracket = memchr(text.at, '[', text.len);
                        const char *end = memchr(text.at, '>', text.len);

                        if (!drop_through(&text, bracket && end && bracket < end ? "]>" : ">"))
                                break;
                } else {
                        return text;
                }
        }
        return TEXT_OF("");
}

static bool is_element(struct text text, const char *name)
{
        size_t len = strlen(name);

        return starts_with_nocase(text, name) &&
               (text.len == len || memchr(" \t\r\n\f/>", text.at[len], 7) != NULL);
}

static enum format by_markup(struct text octets)
{
        static const char *const html[] = { "<!doctype html", "<html", "<head", "<body" };
        struct text text = octets;

        if (text_starts_with(text, "\xef\xbb\xbf"))
                drop(&text, 3);
        if (text_starts_with(text, "{\\rtf"))
                return FORMAT_RTF;
        text = first_element(text);
        if (is_element(text, "<svg") || is_element(text, "<svg:svg"))
                return FORMAT_SVG;
        for (size_t i = 0; i < ARRAY_LENGTH(html); i++)
                if (is_element(text, html[i]))
                        return FORMAT_HTML;
        return FORMAT_UNKNOWN;
}

/* Any text is one of these, if it is called so: none of them demands a word at its beginning. */
static bool is_any_text(enum format format)
{
        return format == FORMAT_TEXT || format == FORMAT_MARKDOWN || format == FORMAT_CSV ||
               format == FORMAT_HTML;
}

struct sniffed sniff_text(struct text octets, bool is_whole, enum format declared)
{
        struct text head = sniff_head(octets);
        enum format seen;

        if (charset_guess(head, is_whole && head.len == octets.len) == CHARSET_NONE)
                return (struct sniffed){ .format = FORMAT_UNKNOWN };
        seen = by_markup(head);
        if (is_any_text(declared) && seen != FORMAT_RTF)
                return (struct sniffed){ .format = declared };
        return (struct sniffed){ .format = seen ? seen : FORMAT_TEXT };
}
