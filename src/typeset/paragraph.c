// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "typeset/paragraph.h"

#include <stdint.h>

#include "conversion/charset.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define MARK        0xfeff
#define LONGEST     4 /* octets of a character */

static bool is_control(uint32_t code)
{
        return (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0) || code == MARK;
}

/* NUL is a character of UTF-8 to some, and none of a text. */
static void add_character(struct text text, size_t *at, struct buffer *ret)
{
        size_t from = *at;
        uint32_t code = utf8_next(text, at);

        if (!code) {
                (*at)++;
                if (text.at[from])
                        buffer_add_string(ret, REPLACEMENT);
        } else if (!is_control(code)) {
                buffer_add_text(ret, text_from_octets(text.at + from, *at - from));
        }
}

bool paragraph_next(struct text *text, struct buffer *ret, enum paragraph_end *ret_end)
{
        size_t at = 0;

        buffer_clear(ret);
        if (text->len == 0)
                return false;
        *ret_end = PARAGRAPH_LINE;
        while (at < text->len && text->at[at] != '\n' && text->at[at] != '\f' &&
               ret->len + LONGEST <= PARAGRAPH_OCTETS)
                add_character(*text, &at, ret);
        if (at < text->len) {
                if (text->at[at] == '\f')
                        *ret_end = PARAGRAPH_PAGE;
                else if (text->at[at] != '\n')
                        *ret_end = PARAGRAPH_CUT;
                at += *ret_end != PARAGRAPH_CUT;
        }
        *text = text_from_octets(text->at + at, text->len - at);
        return true;
}
