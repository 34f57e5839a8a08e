// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/disposition.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/encoding.h"
#include "base/scope.h"
#include "conversion/charset.h"

#define CHARACTERS_MAX 80
#define NAME_OCTETS    (4 * CHARACTERS_MAX + 16)
#define UNNAMED        "document"

static bool turns_direction(uint32_t code)
{
        return code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
               (code >= 0x2066 && code <= 0x2069);
}

/* What no file system takes, or takes for something else. */
static bool is_unsafe(uint32_t code)
{
        return code < 0x20 || (code >= 0x7f && code < 0xa0) || turns_direction(code) ||
               (code < 0x80 && strchr("/\\:*?\"<>|", (int)code));
}

static bool ends_in(const struct buffer *name, const char *extension)
{
        size_t len = strlen(extension);
        struct text end;

        if (name->len <= len + 1)
                return false;
        end = text_from_octets(name->at + name->len - len, len);
        return name->at[name->len - len - 1] == '.' && text_equal_nocase(end, text_from(extension));
}

static void make_name(struct text title, const char *extension, struct buffer *ret)
{
        size_t at = 0;

        for (unsigned int i = 0; at < title.len && i < CHARACTERS_MAX; i++) {
                size_t from = at;
                uint32_t code = utf8_next(title, &at);

                if (!code)
                        at++;
                if (!code || is_unsafe(code) || (code == '.' && ret->len == 0))
                        buffer_add_string(ret, "_");
                else
                        buffer_add_text(ret, text_from_octets(title.at + from, at - from));
        }
        if (ret->len == 0)
                buffer_add_string(ret, UNNAMED);
        if (extension && !ends_in(ret, extension)) {
                buffer_add_string(ret, ".");
                buffer_add_string(ret, extension);
        }
}

/* For readers that know no other: a percent sign would be taken for an escape by some. */
static void add_plain(struct text name, struct buffer *to)
{
        for (size_t at = 0; at < name.len;) {
                uint32_t code = utf8_next(name, &at);
                char character = code < 0x7f && code != '%' ? (char)code : '_';

                buffer_add_text(to, text_from_octets(&character, 1));
        }
}

void disposition_format(struct text title, const char *extension, char ret[DISPOSITION_OCTETS])
{
        SCOPED(buffer_done) struct buffer name = BUFFER(NAME_OCTETS);
        SCOPED(buffer_done) struct buffer whole = BUFFER(DISPOSITION_OCTETS);

        make_name(title, extension, &name);
        buffer_add_string(&whole, "attachment; filename=\"");
        add_plain(buffer_text(&name), &whole);
        buffer_add_string(&whole, "\"; filename*=UTF-8''");
        percent_format(buffer_text(&name), &whole);
        snprintf(ret, DISPOSITION_OCTETS, "%s",
                 name.failure || whole.failure ? "attachment" : buffer_string(&whole));
}
