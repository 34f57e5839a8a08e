// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"
#include "conversion/charset.h"

static const struct {
        const char *name;
        struct text octets;
        bool is_whole;
        enum charset charset;
} rows[] = {
        { "ASCII", TEXT("Let it be printed.\r\n\f"), true, CHARSET_UTF_8 },
        { "UTF-8 with a mark", TEXT("\xef\xbb\xbfx"), true, CHARSET_UTF_8 },
        { "UTF-16LE", TEXT("\xff\xfex\0"), true, CHARSET_UTF_16LE },
        { "UTF-16BE", TEXT("\xfe\xff\0x"), true, CHARSET_UTF_16BE },
        { "UTF-32LE", TEXT("\xff\xfe\0\0x\0\0\0"), true, CHARSET_UTF_32LE },
        { "UTF-32BE", TEXT("\0\0\xfe\xff\0\0\0x"), true, CHARSET_UTF_32BE },
        { "colours of a terminal", TEXT("\x1b[1mbold\x1b[0m"), true, CHARSET_UTF_8 },
        { "German in windows-1252", TEXT("\x47\x72\xfc\xdf\x65\x20\x66\xfc\x72\x20\x41\x64\x61"), true,
          CHARSET_WINDOWS_1252 },
        { "Japanese in Shift JIS",
          TEXT("\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x95\xb6\x8f\x91\x82\xc5\x82\xb7\x81\x42\x82\xb1\x82\xea\x82\xf0\x88\xf3\x8d\xfc\x82\xb5\x82\xc4\x82\xad\x82\xbe\x82\xb3\x82\xa2\x81\x42"),
          true, CHARSET_SHIFT_JIS },
        { "Chinese in GB 18030",
          TEXT("\xc7\xeb\xb4\xf2\xd3\xa1\xd5\xe2\xb7\xdd\xce\xc4\xbc\xfe\xa1\xa3\xd5\xe2\xca\xc7\xd2\xbb\xb8\xf6\xbc\xf2\xb5\xa5\xb5\xc4\xb2\xe2\xca\xd4\x2c\xd0\xbb\xd0\xbb\xa1\xa3"),
          true, CHARSET_GB18030 },
        { "Russian in KOI8-R",
          TEXT("\xf0\xcf\xd6\xc1\xcc\xd5\xca\xd3\xd4\xc1\x2c\x20\xce\xc1\xd0\xc5\xde\xc1\xd4\xc1\xca\xd4\xc5\x20\xdc\xd4\xcf\xd4\x20\xc4\xcf\xcb\xd5\xcd\xc5\xce\xd4\x20\xd3\xc5\xc7\xcf\xc4\xce\xd1\x2e"),
          true, CHARSET_KOI8_R },
        { "Russian in windows-1251",
          TEXT("\xcf\xee\xe6\xe0\xeb\xf3\xe9\xf1\xf2\xe0\x2c\x20\xed\xe0\xef\xe5\xf7\xe0\xf2\xe0\xe9\xf2\xe5\x20\xfd\xf2\xee\xf2\x20\xe4\xee\xea\xf3\xec\xe5\xed\xf2\x20\xf1\xe5\xe3\xee\xe4\xed\xff\x2e"),
          true, CHARSET_WINDOWS_1251 },
        { "UTF-16 without a mark",
          TEXT("\x70\x00\x6c\x00\x61\x00\x69\x00\x6e\x00\x20\x00\x74\x00\x65\x00\x78\x00\x74\x00"), true,
          CHARSET_UTF_16LE },
        { "UTF-16, big end first, without a mark",
          TEXT("\x00\x70\x00\x6c\x00\x61\x00\x69\x00\x6e\x00\x20\x00\x74\x00\x65\x00\x78\x00\x74"), true,
          CHARSET_UTF_16BE },
        { "UTF-8 that is cut", TEXT("\x66\xc3\xbc\x72\x20\xe2\x82"), false, CHARSET_UTF_8 },
        { "UTF-8 that ends so", TEXT("The paper costs ten \xe2\x82"), true, CHARSET_WINDOWS_1252 },
        { "numbers", TEXT("\1\2\3\0\0\0\4"), true, CHARSET_NONE },
        { "nothing but high octets, and few", TEXT("\xc1\xc2\xb0\x99"), true, CHARSET_NONE },
        { "nothing", TEXT(""), true, CHARSET_NONE },
};

static const struct {
        const char *media_type;
        const char *charset;
} types[] = {
        { "text/plain", "" },
        { "text/plain; charset=koi8-r", "koi8-r" },
        { "text/plain;format=flowed; Charset=\"utf-8\"", "utf-8" },
        { "text/plain; charset=a b", "" },
        { "text/plain; charset=", "" },
        { "charset=koi8-r", "" },
        { "", "" },
};

static const struct {
        const char *name;
        struct text octets;
        uint32_t code; /* 0: none, and nothing is read */
        size_t len;
} characters[] = {
        { "ASCII", TEXT("ab"), 'a', 1 },
        { "two octets", TEXT("\xc3\xa4"), 0xe4, 2 },
        { "three", TEXT("\xe2\x82\xac"), 0x20ac, 3 },
        { "four", TEXT("\xf0\x9f\x96\xa8"), 0x1f5a8, 4 },
        { "NUL", TEXT("\0"), 0, 0 },
        { "NUL before others", TEXT("\0a"), 0, 0 },
        { "cut", TEXT("\xe2\x82"), 0, 0 },
        { "broken", TEXT("\xe2\x82z"), 0, 0 },
        { "longer than it need be", TEXT("\xc0\xaf"), 0, 0 },
        { "NUL, longer than it need be", TEXT("\xc0\x80"), 0, 0 },
        { "half of a pair", TEXT("\xed\xa0\x80"), 0, 0 },
        { "beyond Unicode", TEXT("\xf4\x90\x80\x80"), 0, 0 },
};

static void read_characters(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(characters); i++) {
                size_t at = 0;

                printf("%s\n", characters[i].name);
                fflush(stdout);
                assert(utf8_next(characters[i].octets, &at) == characters[i].code);
                assert(at == characters[i].len);
        }
}

int main(void)
{
        read_characters();
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                enum charset charset = charset_guess(rows[i].octets, rows[i].is_whole);

                printf("%s: %s\n", rows[i].name, charset_name(charset));
                fflush(stdout);
                assert(charset == rows[i].charset);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
                assert(text_equal_string(charset_of_media_type(text_from(types[i].media_type)),
                                         types[i].charset));
        assert(charset_name_is_valid(TEXT_OF("ISO-8859-15")) && !charset_name_is_valid(TEXT_OF("")));
        assert(!charset_name_is_valid(TEXT_OF("UTF-8//TRANSLIT")));
        return 0;
}
