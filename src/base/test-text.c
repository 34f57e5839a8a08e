// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct {
        const char *name;
        struct text text;
        bool printable;
        bool is_name;
} rows[] = {
        { "empty", TEXT(""), true, false },
        { "word", TEXT("lobby"), true, true },
        { "two words", TEXT("the lobby"), true, false },
        { "umlaut", TEXT("B\xc3\xbcro"), true, false },
        { "overlong", TEXT("\xc0\xaf"), false, false },
        { "surrogate", TEXT("\xed\xa0\x80"), false, false },
        { "cut", TEXT("\xe2\x82"), false, false },
        { "beyond", TEXT("\xf5\x80\x80\x80"), false, false },
        { "escape", TEXT("\x1b%-1"), false, false },
        { "NUL", TEXT("a\0b"), false, false },
        { "leaves the folder", TEXT("../etc"), true, false },
        { "upper case", TEXT("Lobby"), true, false },
};

int main(void)
{
        struct text head, tail;
        uint64_t number;
        char small[4];

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                printf("%s\n", rows[i].name);
                assert(text_is_printable(rows[i].text) == rows[i].printable);
                assert(text_is_name(rows[i].text) == rows[i].is_name);
        }

        assert(text_cut(TEXT_OF("a=b=c"), '=', &head, &tail));
        assert(text_equal_string(head, "a") && text_equal_string(tail, "b=c"));
        assert(!text_cut(TEXT_OF("abc"), '=', &head, &tail) && tail.len == 0);
        assert(!text_cut((struct text){ NULL, 0 }, '=', &head, &tail) && !tail.at && tail.len == 0);
        assert(text_number(TEXT_OF("18446744073709551615"), UINT64_MAX, &number) && number == UINT64_MAX);
        assert(!text_number(TEXT_OF("18446744073709551616"), UINT64_MAX, &number));
        assert(!text_number(TEXT_OF("-1"), 10, &number) && !text_number(TEXT_OF(""), 10, &number));
        assert(!text_number(TEXT_OF("11"), 10, &number));
        assert(text_equal_string(text_trim(TEXT_OF(" \t a b\r\n")), "a b"));
        assert(text_copy(TEXT_OF("abc"), small, sizeof(small)) &&
               !text_copy(TEXT_OF("abcd"), small, sizeof(small)));
        assert(text_equal_nocase(TEXT_OF("IPPS"), TEXT_OF("ipps")));
        assert(text_compare(TEXT_OF("a"), TEXT_OF("ab")) < 0);
        return 0;
}
