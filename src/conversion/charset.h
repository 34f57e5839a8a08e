// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * In which encoding a text is: by its byte order mark, by being well-formed UTF-8, and else by a careful
 * guess among the encodings that are still met. Pure.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum charset {
        CHARSET_NONE, /* this is no text */
        CHARSET_UTF_8,
        CHARSET_UTF_16LE,
        CHARSET_UTF_16BE,
        CHARSET_UTF_32LE,
        CHARSET_UTF_32BE,
        CHARSET_WINDOWS_1252,
        CHARSET_WINDOWS_1251,
        CHARSET_SHIFT_JIS,
        CHARSET_GB18030,
        CHARSET_KOI8_R,
        CHARSET_COUNT,
};

/* octets: its beginning (which may end inside of a character), or all of it. */
enum charset charset_guess(struct text octets, bool is_whole);

/* How iconv(3) calls it. Static. */
const char *charset_name(enum charset charset);

/* The parameter of a media type: "text/plain; charset=koi8-r"; empty where it has none that could be one. */
struct text charset_of_media_type(struct text media_type);

/* Whether it is the name of an encoding, as far as its characters go: "iso-8859-15". */
bool charset_name_is_valid(struct text name);

/* One character of well-formed UTF-8 (RFC 3629) and *at behind it, or 0 and *at as it was: NUL is no
 * character of a text, and the caller steps over it as over what is broken. */
uint32_t utf8_next(struct text text, size_t *at);
