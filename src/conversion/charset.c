// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/charset.h"

#include <string.h>

#include "base/scope.h"

#define LEGACY_LEAST 64 /* octets of a text in which hardly any letter is ASCII */

static const char *const names[CHARSET_COUNT] = {
        [CHARSET_NONE] = "",
        [CHARSET_UTF_8] = "UTF-8",
        [CHARSET_UTF_16LE] = "UTF-16LE",
        [CHARSET_UTF_16BE] = "UTF-16BE",
        [CHARSET_UTF_32LE] = "UTF-32LE",
        [CHARSET_UTF_32BE] = "UTF-32BE",
        [CHARSET_WINDOWS_1252] = "CP1252",
        [CHARSET_WINDOWS_1251] = "CP1251",
        [CHARSET_SHIFT_JIS] = "CP932",
        [CHARSET_GB18030] = "GB18030",
        [CHARSET_KOI8_R] = "KOI8-R",
};

/* The longer ones first: a mark of UTF-32LE begins with one of UTF-16LE. */
static const struct {
        struct text mark;
        enum charset charset;
} marks[] = {
        { TEXT("\xef\xbb\xbf"), CHARSET_UTF_8 },    { TEXT("\xff\xfe\0\0"), CHARSET_UTF_32LE },
        { TEXT("\0\0\xfe\xff"), CHARSET_UTF_32BE }, { TEXT("\xff\xfe"), CHARSET_UTF_16LE },
        { TEXT("\xfe\xff"), CHARSET_UTF_16BE },
};

uint32_t utf8_next(struct text text, size_t *at)
{
        static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
        uint8_t first = (uint8_t)text.at[*at];
        size_t len = first == 0     ? 0
                     : first < 0x80 ? 1
                     : first < 0xc2 ? 0
                     : first < 0xe0 ? 2
                     : first < 0xf0 ? 3
                     : first < 0xf5 ? 4
                                    : 0;
        uint32_t code = len == 1 ? first : first & (0xffu >> (len + 1));

        if (!len || len > text.len - *at)
                return 0;
        for (size_t i = 1; i < len; i++) {
                uint8_t next = (uint8_t)text.at[*at + i];

                if ((next & 0xc0) != 0x80)
                        return 0;
                code = code << 6 | (next & 0x3f);
        }
        if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
                return 0;
        *at += len;
        return code;
}

/* Control characters that stand in texts: backspace to carriage return, and those of terminals. */
static bool may_stand_in_text(uint8_t octet)
{
        return octet >= 0x20 ? octet != 0x7f : (octet >= 8 && octet <= 13) || octet == 0x1b || octet == 0x1a;
}

static bool is_clean(struct text octets)
{
        for (size_t i = 0; i < octets.len; i++)
                if (!may_stand_in_text((uint8_t)octets.at[i]))
                        return false;
        return true;
}

/* The sample may end inside of a character, so up to three octets at its end are not judged. */
static bool is_utf8(struct text octets, bool is_whole)
{
        for (size_t at = 0; at < octets.len;)
                if (!utf8_next(octets, &at))
                        return !is_whole && octets.len - at <= 3 && (octets.at[at] & 0x80);
        return true;
}

/* UTF-16 of a language whose letters have a high octet of zero, without a mark: nearly every second octet is
 * zero, and none of the others. */
static enum charset bare_utf16(struct text octets)
{
        size_t zeros[2] = { 0, 0 };

        if (octets.len < 8)
                return CHARSET_NONE;
        for (size_t i = 0; i < octets.len; i++) {
                zeros[i & 1] += octets.at[i] == 0;
                if (octets.at[i] && !may_stand_in_text((uint8_t)octets.at[i]))
                        return CHARSET_NONE;
        }
        if (zeros[0] == 0 && zeros[1] > octets.len * 3 / 8)
                return CHARSET_UTF_16LE;
        if (zeros[1] == 0 && zeros[0] > octets.len * 3 / 8)
                return CHARSET_UTF_16BE;
        return CHARSET_NONE;
}

/* What a text would be in an encoding of one and two octets a character. */
struct reading {
        size_t wrong;  /* octets that no character begins with or goes on with */
        size_t likely; /* characters of the kind that such texts mostly consist of */
        size_t others;
};

static bool within(uint8_t octet, uint8_t least, uint8_t most)
{
        return octet >= least && octet <= most;
}

/* Kana and the first level of kanji are what Japanese is mostly written with. */
static struct reading read_shift_jis(struct text octets)
{
        struct reading reading = { 0, 0, 0 };

        for (size_t i = 0; i < octets.len; i++) {
                uint8_t first = (uint8_t)octets.at[i], next;

                if (first < 0x80)
                        continue;
                if (within(first, 0xa1, 0xdf)) {
                        reading.others++;
                        continue;
                }
                if (i + 1 == octets.len)
                        break;
                next = (uint8_t)octets.at[++i];
                if (!(within(first, 0x81, 0x9f) || within(first, 0xe0, 0xfc)) || !within(next, 0x40, 0xfc) ||
                    next == 0x7f)
                        reading.wrong++;
                else if (within(first, 0x81, 0x83) || within(first, 0x88, 0x98))
                        reading.likely++;
                else
                        reading.others++;
        }
        return reading;
}

/* The first level of hanzi and the punctuation of GB 2312. */
static struct reading read_gb18030(struct text octets)
{
        struct reading reading = { 0, 0, 0 };

        for (size_t i = 0; i < octets.len; i++) {
                uint8_t first = (uint8_t)octets.at[i], next;

                if (first < 0x80)
                        continue;
                if (i + 1 == octets.len)
                        break;
                next = (uint8_t)octets.at[++i];
                if (!within(first, 0x81, 0xfe) || next == 0x7f || next == 0xff ||
                    (next < 0x40 && !within(next, 0x30, 0x39)))
                        reading.wrong++;
                else if ((within(first, 0xb0, 0xd7) || first == 0xa1 || first == 0xa3) && next >= 0xa1)
                        reading.likely++;
                else
                        reading.others++;
        }
        return reading;
}

static bool is_convincing(struct reading reading)
{
        return reading.wrong == 0 && reading.likely >= 4 && reading.likely >= 3 * reading.others;
}

/* Words of Cyrillic letters from 0xc0 on, most of them small; marks: what else such texts are seen to have.
 */
static struct reading read_cyrillic(struct text octets, uint8_t small, struct text marks_of_it)
{
        struct reading reading = { 0, 0, 0 };
        size_t run = 0;

        for (size_t i = 0; i < octets.len; i++) {
                uint8_t octet = (uint8_t)octets.at[i];

                if (octet < 0x80) {
                        run = 0;
                        continue;
                }
                run++;
                if (octet < 0xc0)
                        reading.wrong += !memchr(marks_of_it.at, octet, marks_of_it.len);
                else if (run > 1 && within(octet, small, (uint8_t)(small + 0x1f)))
                        reading.likely++;
                else
                        reading.others++;
        }
        return reading;
}

static bool is_koi8(struct text octets)
{
        return is_convincing(read_cyrillic(octets, 0xc0, TEXT_OF("\xa3\xb3")));
}

static bool is_windows_1251(struct text octets)
{
        return is_convincing(
                read_cyrillic(octets, 0xe0, TEXT_OF("\xa8\xb8\x85\x93\x94\x96\x97\xa0\xab\xbb\xb9")));
}

static size_t count_high(struct text octets)
{
        size_t count = 0;

        for (size_t i = 0; i < octets.len; i++)
                count += (octets.at[i] & 0x80) != 0;
        return count;
}

/* A language of Latin letters has a few others among many of ASCII; where it is the other way round, it is
 * one of the rest, or, where nothing convinces, none. */
static enum charset legacy(struct text octets)
{
        size_t high = count_high(octets);

        if (3 * high > octets.len) {
                if (is_koi8(octets))
                        return CHARSET_KOI8_R;
                if (is_windows_1251(octets))
                        return CHARSET_WINDOWS_1251;
                if (is_convincing(read_gb18030(octets)))
                        return CHARSET_GB18030;
                if (is_convincing(read_shift_jis(octets)))
                        return CHARSET_SHIFT_JIS;
        }
        if (2 * high > octets.len && octets.len < LEGACY_LEAST)
                return CHARSET_NONE;
        return CHARSET_WINDOWS_1252;
}

enum charset charset_guess(struct text octets, bool is_whole)
{
        for (size_t i = 0; i < ARRAY_LENGTH(marks); i++)
                if (octets.len >= marks[i].mark.len &&
                    text_equal((struct text){ octets.at, marks[i].mark.len }, marks[i].mark))
                        return marks[i].charset;
        if (octets.len == 0)
                return CHARSET_NONE;
        if (!is_clean(octets))
                return bare_utf16(octets);
        return is_utf8(octets, is_whole) ? CHARSET_UTF_8 : legacy(octets);
}

const char *charset_name(enum charset charset)
{
        return names[charset];
}

/* RFC 9110, section 5.6.6: parameters, whose values may stand in quotes. */
struct text charset_of_media_type(struct text media_type)
{
        struct text rest = media_type, name, parameter, value;

        text_cut(rest, ';', &parameter, &rest);
        while (rest.len) {
                text_cut(rest, ';', &parameter, &rest);
                text_cut(text_trim(parameter), '=', &name, &value);
                if (!text_equal_nocase(name, TEXT_OF("charset")))
                        continue;
                if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
                        value = (struct text){ value.at + 1, value.len - 2 };
                return charset_name_is_valid(value) ? value : TEXT_OF("");
        }
        return TEXT_OF("");
}

bool charset_name_is_valid(struct text name)
{
        for (size_t i = 0; i < name.len; i++) {
                char c = name.at[i];

                if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
                    c != '-' && c != '_' && c != ':' && c != '.')
                        return false;
        }
        return name.len > 0 && name.len < 32;
}
